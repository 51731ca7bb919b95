"""An answer that calls for somebody calls when it is given, and only a named clinician closes the call."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import history, open_alarms, pauses
from glidepath.care.alarms.services import close
from glidepath.care.assessment import queries, services
from glidepath.care.assessment.models import PersonFact
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import Cast, admitted_person, client_for, enquiring_person, make_centre, proof


@pytest.fixture
def cast(frozen_clock) -> Cast:
    return make_centre()


@pytest.fixture
def person(cast):
    return admitted_person(cast, preferred_name="Danilo")


def answer(person, value, by, once=""):
    return services.record_facts(person=person, answers={"suicidality_voiced": value}, by=by, once=once)


def alarms(person):
    return [one.alarm for one in open_alarms([person]) if one.alarm.cause == "SUI-1"]


def test_a_yes_calls_at_the_moment_it_is_answered(cast, person):
    answer(person, "yes", cast.counsellor)
    (alarm,) = alarms(person)
    assert (alarm.rank, alarm.opened_by, alarm.prescriber_closes) == ("now", cast.counsellor, True)
    assert alarm.message == "Speaks of suicide or of harming themselves."
    assert alarm.do.startswith("A clinician goes to the person now and stays.")


def test_a_new_hallucination_calls_somebody_too(cast, person):
    services.record_facts(person=person, answers={"new_hallucination": "yes"}, by=cast.nurse)
    (alarm,) = [one.alarm for one in open_alarms([person])]
    assert (alarm.cause, alarm.rank, alarm.prescriber_closes) == ("PSY-1", "now", True)
    assert "no reason to end treatment" in alarm.do


def test_before_the_admission_it_calls_too_and_whoever_is_on_shift_sees_it(cast):
    caller = enquiring_person(cast, preferred_name="Nadia")
    answer(caller, "yes", cast.admissions)
    assert len(alarms(caller)) == 1
    home = html.unescape(client_for(cast.nurse).get(reverse("ward:home")).content.decode())
    assert "Nadia: Speaks of suicide" in home


@pytest.mark.parametrize("value", ["no", "unknown"])
def test_no_and_could_not_be_asked_call_nobody_and_are_kept_apart(cast, person, value):
    answer(person, value, cast.nurse)
    assert alarms(person) == []
    assert queries.answers([person])[person.pk]["suicidality_voiced"].value == value


def test_a_later_no_keeps_both_answers_and_the_call_stays(cast, person, frozen_clock):
    answer(person, "yes", cast.nurse)
    frozen_clock.tick(minutes=20)
    answer(person, "no", cast.second_nurse)
    rows = PersonFact.objects.filter(person=person, name="suicidality_voiced").order_by("pk")
    assert [(row.value, row.recorded_by) for row in rows] == [("yes", cast.nurse), ("no", cast.second_nurse)]
    assert len(alarms(person)) == 1


def test_a_second_yes_makes_it_louder_and_does_not_double_it(cast, person):
    for _ in range(2):
        answer(person, "yes", cast.nurse)
    assert [one.triggers for one in open_alarms([person])] == [2]


def test_a_double_submit_calls_once(cast, person):
    for _ in range(2):
        answer(person, "yes", cast.nurse, once="k")
    assert [act.kind for act in history(alarms(person)[0])] == ["triggered"]


def test_while_it_stands_no_cut_begins(cast, person):
    answer(person, "yes", cast.nurse)
    assert [until for _, until in pauses(person)] == [None]


def test_only_a_physician_or_a_psychologist_closes_it_and_with_words(cast, person):
    answer(person, "yes", cast.nurse)
    (alarm,) = alarms(person)
    for by in (cast.nurse, cast.counsellor, cast.pharmacist):
        with pytest.raises(NotAllowed):
            close(alarm=alarm, words="Feels better.", by=by, once="n", proof=proof(by))
    with pytest.raises(BadInput, match="outcome"):
        close(alarm=alarm, words=" ", by=cast.physician, once="e", proof=proof(cast.physician))
    close(alarm=alarm, words="Seen with Dr Nwosu; safety plan made.", by=cast.physician, once="c",
          proof=proof(cast.physician))  # fmt: skip
    assert alarms(person) == []


def test_an_answer_that_cannot_be_keeps_nothing_and_calls_nobody(cast, person):
    with pytest.raises(BadInput):
        services.record_facts(
            person=person, answers={"suicidality_voiced": "yes", "past_seizure": "perhaps"}, by=cast.nurse
        )
    assert (alarms(person), PersonFact.objects.count()) == ([], 0)


def test_the_call_and_the_answer_are_kept_together_or_not_at_all(cast, person, monkeypatch):
    def fails(**_):
        raise RuntimeError

    monkeypatch.setattr(services, "raise_alarm", fails)
    with pytest.raises(RuntimeError):
        answer(person, "yes", cast.nurse)
    assert not PersonFact.objects.exists()


def test_the_page_of_facts_asks_it_and_says_to_stay(cast, person):
    client = client_for(cast.nurse)
    address = reverse("assessment:facts", args=[person.public_id])
    page = html.unescape(client.get(address).content.decode())
    assert "Does the person speak of suicide, or of harming themselves, now?" in page
    assert "could not be asked" in page
    client.post(address, {"once": "k", "suicidality_voiced": "yes"})
    said = html.unescape(client.get(address).content.decode())
    assert "A clinician is called to Danilo now. Stay with Danilo until somebody is there." in said
