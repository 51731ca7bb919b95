"""The ways in, as acts: nobody is entered twice, nobody is admitted unasked, and who was first has the bed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse

from glidepath.care.assessment import services as assessing
from glidepath.care.flow import admission, queries, services
from glidepath.care.flow.models import Enquiry
from glidepath.care.flow.screen import BEFORE_ACCEPTING
from glidepath.care.flow.tests import doors, screens
from glidepath.care.flow.tests.doors import NADIA
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres import services as centres
from glidepath.record.consent import services as consent
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import BedStay, Episode, Stage
from glidepath.record.episodes.queries import bed_of
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from tests.cast import admitted_person, client_for, enquiring_person, episode_of

pytestmark = pytest.mark.django_db


def call(cast, who=NADIA, **changed):
    given = {"caller": "her sister", "told_not_to_stop": True, "words": "wants to stop on Monday"} | changed
    return services.take_call(who=who, by=given.pop("by", cast.nurse), once=given.pop("once", doors.once()), **given)


# --- A first call -----------------------------------------------------------------------------------------------------


def test_a_call_registers_the_person_opens_an_enquiry_and_keeps_the_advice_given(cast):
    person = call(cast)
    (row,) = queries.enquiries(episode_of(person))
    assert (row.caller, row.words, row.told_not_to_stop) == ("her sister", "wants to stop on Monday", True)
    assert (person.preferred_name, episode_of(person).stage) == ("Nadia", Stage.ENQUIRY)
    assert AuditLine.objects.filter(action="enquiry.taken", person_id=person.pk).count() == 1


def test_the_same_call_sent_twice_is_one_person_and_one_call(cast):
    key = doors.once()
    assert call(cast, once=key) == call(cast, once=key)
    assert (Person.objects.count(), Episode.objects.count(), Enquiry.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"caller": "  "}, "caller", "who called"),
        ({"told_not_to_stop": False}, "told_not_to_stop", "do not stop suddenly, keep taking the usual dose"),
    ],
)
def test_a_call_without_its_caller_or_its_advice_leaves_nothing_behind(cast, changed, field, said):
    with pytest.raises(BadInput, match=said) as refused:
        call(cast, **changed)
    assert refused.value.field == field
    assert not Person.objects.exists()


def test_a_second_call_about_somebody_stands_beside_the_first(cast):
    person = call(cast)
    services.enquire(person=person, caller="herself", told_not_to_stop=True, by=cast.nurse, once=doors.once())
    assert [one.caller for one in queries.enquiries(episode_of(person))] == ["herself", "her sister"]
    assert Episode.objects.count() == 1


@pytest.mark.parametrize("role", ["pharmacist", "counsellor", "peer_worker", "manager", "auditor", "administrator"])
def test_who_takes_no_calls_registers_nobody(cast, role):
    with pytest.raises(NotAllowed):
        call(cast, by=getattr(cast, role))
    assert not Person.objects.exists()


# --- A new person -----------------------------------------------------------------------------------------------------


def begin(cast, who=NADIA, **more):
    return services.begin_admission(who=who, by=more.pop("by", cast.admissions), once=more.pop("once", doors.once()))


def test_an_admission_sent_twice_begins_once(cast):
    key = doors.once()
    assert begin(cast, once=key) == begin(cast, once=key)
    assert (Person.objects.count(), Episode.objects.count()) == (1, 1)


def test_a_known_person_is_not_entered_again(cast):
    begin(cast)
    with pytest.raises(BadInput, match="is here already, number 1") as refused:
        begin(cast, replace(NADIA, legal_name="nadia OKONKWO"))
    assert refused.value.field == "legal_name"
    assert Person.objects.count() == 1


def test_another_person_of_the_same_name_and_birth_date_is_entered_once_somebody_looked(cast):
    begin(cast)
    begin(cast, replace(NADIA, not_the_same=True))
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "field", "said"),
    [
        ({"legal_name": "  "}, "legal_name", "Give the legal name"),
        ({"birth_date": dt.date(2026, 11, 18)}, "birth_date", "lies ahead"),
        ({"birth_date": dt.date(1884, 2, 29)}, "birth_date", "Check the year"),
        ({"legal_name": "N" * 161}, "legal_name", "161 letters"),
    ],
)
def test_who_cannot_be_is_refused_beside_the_box_and_no_episode_opens(cast, changed, field, said):
    with pytest.raises(BadInput, match=said) as refused:
        begin(cast, replace(NADIA, **changed))
    assert refused.value.field == field
    assert not Episode.objects.exists()


@pytest.mark.parametrize("role", ["case_manager", "pharmacist", "counsellor", "manager", "auditor", "administrator"])
def test_who_admits_nobody_begins_no_admission(cast, role):
    with pytest.raises(NotAllowed):
        begin(cast, by=getattr(cast, role))
    assert not Person.objects.exists()


def test_a_returning_person_keeps_their_history_and_gets_a_new_episode(cast):
    person = begin(cast)
    before = episode_of(person)
    episodes.change_stage(episode=before, stage=Stage.DISCHARGED, by=cast.nurse, reason="went to the city clinic")
    again = services.open_episode(person=person, by=cast.nurse)
    assert again != before
    assert services.open_episode(person=person, by=cast.nurse) == again


# --- Into a bed -------------------------------------------------------------------------------------------------------


def admit(cast, person, bed=None, **more):
    return services.admit(person=person, bed=bed or cast.beds[0], by=more.pop("by", cast.nurse), **more)


def test_alcohol_opioids_and_seizures_are_asked_of_everybody():
    assert {"alcohol_dependent", "opioid_active", "oud_med", "past_seizure"} <= set(admission.ALWAYS_ASKED)
    assert set(admission.MUST_BE_ASKED) == {
        "alcohol_dependent", "opioid_active", "past_seizure", "suicidality_voiced", "falls_risk",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("allergies", "Ask about allergies"),
        ("medicines", "Record each benzodiazepine"),
        ("questions", "Ask about alcohol, opioids, past seizures"),
        ("consent", "Ask for consent"),
    ],
)
def test_a_part_that_is_open_keeps_the_bed_closed_and_says_what_to_ask(cast, part, said):
    person = doors.answered_person(cast, without=part)
    with pytest.raises(BadInput, match=said):
        admit(cast, person)
    assert bed_of(person) is None
    assert [one.key for one in admission.still_open(person)] == [part]


def test_opioids_unasked_keep_the_bed_closed_though_alcohol_was_asked(cast):
    person = doors.answered_person(cast, without="questions")
    answers = {name: answer for name, answer in doors.MUST.items() if name != "opioid_active"}
    assessing.record_facts(person=person, answers=answers, by=cast.nurse)
    with pytest.raises(BadInput, match="Ask about opioids; “not known” and “could not be asked” are answers"):
        admit(cast, person)


def test_consent_declined_admits_nobody(cast):
    person = doors.answered_person(cast, without="consent")
    consent.record(episode=episode_of(person), kind="treatment", decision="declined", by=cast.nurse)
    with pytest.raises(BadInput, match="Without it nobody is admitted"):
        admit(cast, person)


def test_with_every_part_answered_the_person_lies_in_the_bed(cast):
    person = doors.answered_person(cast)
    assert admit(cast, person).stage == Stage.ADMITTED
    assert bed_of(person).bed == cast.beds[0]
    assert AuditLine.objects.filter(action="person.admitted", person_id=person.pk).count() == 1


def test_who_was_redirected_elsewhere_gets_a_bed_only_after_a_physician_decided_anew(cast):
    person = doors.answered_person(cast)
    screens.decide(cast, person, screens.BRIDGED)
    with pytest.raises(BadInput, match=r"redirected .* to Elm Street Practice on 17 Nov 2026.*decides anew"):
        services.admit(person=person, bed=cast.beds[0], by=cast.nurse)
    assert bed_of(person) is None
    page = client_for(cast.nurse).get(reverse("flow:admission", args=[person.public_id])).text
    assert "a physician decides anew on the screen" in page
    assert 'value="bed"' not in page
    facts = dict.fromkeys(BEFORE_ACCEPTING, "no")
    assessing.record_facts(person=person, answers=facts, by=cast.nurse)
    stands = queries.decision_of(episode_of(person))
    screens.decide(cast, person, screens.ACCEPTED, seen=stands.pk, correction_reason="came to the door")
    assert services.admit(person=person, bed=cast.beds[0], by=cast.nurse).stage == Stage.ADMITTED


def test_an_admission_into_a_bed_sent_twice_happens_once(cast):
    person, key = doors.answered_person(cast), doors.once()
    assert admit(cast, person, once=key) == admit(cast, person, once=key)
    assert BedStay.objects.count() == 1


def test_admitted_already_is_said_and_nobody_is_moved(cast):
    person = doors.answered_person(cast)
    admit(cast, person)
    with pytest.raises(BadInput, match="Move them on the bed board"):
        admit(cast, person, cast.beds[1])
    assert bed_of(person).bed == cast.beds[0]


def test_a_bed_taken_meanwhile_says_by_whom_and_the_person_stays_before_admission(cast):
    person = doors.answered_person(cast)
    admitted_person(cast, bed=cast.beds[0])
    with pytest.raises(ChangedMeanwhile, match="was taken by Marta Lindqvist meanwhile"):
        admit(cast, person)
    assert episode_of(person).stage == Stage.ENQUIRY


def test_a_bed_that_is_being_cleaned_takes_nobody(cast):
    centres.set_bed_state(bed=cast.beds[0], state="cleaning", by=cast.nurse)
    with pytest.raises(BadInput, match="Choose a bed that is ready"):
        admit(cast, doors.answered_person(cast))


def test_free_beds_are_those_ready_and_empty(cast):
    admitted_person(cast, bed=cast.beds[0])
    centres.set_bed_state(bed=cast.beds[1], state="cleaning", by=cast.nurse)
    assert set(queries.free_beds(cast.centre)) == {*cast.beds[2:], cast.other_bed}


@pytest.mark.parametrize("role", ["case_manager", "pharmacist", "counsellor", "manager", "administrator"])
def test_who_admits_nobody_puts_nobody_to_bed(cast, role):
    with pytest.raises(NotAllowed):
        admit(cast, doors.answered_person(cast), by=getattr(cast, role))


def test_a_physician_of_another_centre_admits_nobody_here(cast):
    with pytest.raises(NotAllowed, match="another centre"):
        admit(cast, enquiring_person(cast), by=cast.stranger)
