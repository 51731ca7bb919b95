"""A call, as an act: what is told is kept once where it belongs, and a red flag calls somebody at once."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.assessment import queries as assessment, services as assessing
from glidepath.care.assessment.models import Mouth
from glidepath.care.flow import queries, services
from glidepath.care.flow.models import Enquiry
from glidepath.care.flow.next_dose import next_doses
from glidepath.care.flow.screen import red_flags_of
from glidepath.care.flow.tests.screens import NO_FLAGS, call, lorazepam
from glidepath.clinical.guidelines.first_call import RED_FLAGS
from glidepath.record import clock
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from tests.cast import enquiring_person, episode_of

pytestmark = pytest.mark.django_db


def further(cast, person, **told):
    return services.enquire(
        person=person, caller="herself", told_not_to_stop=True, by=cast.nurse, told=services.Told(**told)
    )


def known(person):
    return {name: (one.value, one.words) for name, one in assessment.answers([person]).get(person.pk, {}).items()}


def test_what_is_told_in_a_call_is_kept_once_under_its_name(cast):
    person = call(cast, facts={"alcohol_dependent": "no", "pregnant": "declined", "opioid_active": "unknown"},
                  place="at home", agrees="yes", handed_to="Marta Lindqvist")  # fmt: skip
    (row,) = queries.enquiries(episode_of(person))
    assert (row.place, row.agrees, row.handed_to) == ("at home", "yes", "Marta Lindqvist")
    assert row.red_flags == NO_FLAGS
    assert row.advice == ["no_skipping", "emergency"]
    assert known(person) == {
        "alcohol_dependent": ("no", "as told on the call"),
        "opioid_active": ("unknown", "as told on the call"),
        "pregnant": ("declined", "as told on the call"),
    }
    (said,) = assessment.heard([person])[person.pk]["pregnant"].standing
    assert said.mouth == "family"  # her sister called, and says that Nadia agrees
    assert [use.mouth for use in assessment.uses(person)] == ["family"]


@pytest.mark.parametrize(("told", "mouth"), [
    ({}, "person"), ({"agrees": "self"}, "person"), ({"agrees": "yes"}, "family"), ({"agrees": "unknown"}, "family"),
    ({"agrees": "no", "mouth": Mouth.CLINICIAN}, "clinician"), ({"agrees": "self", "mouth": Mouth.LETTER}, "letter"),
])  # fmt: skip
def test_whose_word_it_is_follows_who_calls(cast, told, mouth):
    person = call(cast, facts={"pregnant": "no"}, **told)
    (said,) = assessment.heard([person])[person.pk]["pregnant"].standing
    assert said.mouth == mouth


def test_what_a_sister_told_is_not_replaced_by_what_the_person_says_and_both_are_shown(cast):
    person = call(cast, facts={"alcohol_dependent": "no"}, agrees="yes")
    assessing.record_facts(person=person, answers={"alcohol_dependent": "yes"}, by=cast.nurse)
    heard = assessment.heard([person])[person.pk]["alcohol_dependent"]
    assert heard.disagrees
    assert heard.answer.value == "yes"  # what warns counts meanwhile
    assert [use.regimen for use in assessment.uses(person)] == ["lorazepam 1 mg at 08:00, 20:00"]


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_each_red_flag_calls_somebody_in_the_same_act(cast, flag):
    person = call(cast, red_flags=NO_FLAGS | {flag: "yes"})
    (alarm,) = [one for one in open_alarms([person]) if one.alarm.cause == "CALL-1"]
    assert "emergency services" in alarm.alarm.do


def test_no_red_flag_calls_nobody(cast):
    assert open_alarms([call(cast)]) == ()


def test_a_plan_to_die_is_the_same_fact_as_thoughts_of_suicide(cast):
    person = call(cast, red_flags=NO_FLAGS | {"suicide_plan": "yes"})
    assert known(person)["suicidality_voiced"][0] == "yes"
    assert {one.alarm.cause for one in open_alarms([person])} == {"CALL-1", "SUI-1"}


def test_a_later_call_that_asks_less_takes_no_red_flag_back(cast):
    person = call(cast, red_flags={"confusion": "yes", "seizure": "no"})
    further(cast, person, red_flags={"seizure": "unknown"})
    assert red_flags_of(queries.enquiries(episode_of(person))) == {"confusion": "yes", "seizure": "unknown"}


@pytest.mark.parametrize(("told", "field"), [
    ({"red_flags": {"seizure": "perhaps"}}, "seizure"),
    ({"red_flags": {"fainting": "yes"}}, "fainting"),
    ({"advice": ("drink_tea",)}, "advice"),
    ({"agrees": "maybe"}, "agrees"),
    ({"facts": {"pregnant": "perhaps"}}, "pregnant"),
    ({"use": lorazepam}, "medicine_name"),
])  # fmt: skip
def test_what_cannot_be_leaves_nothing_behind(cast, told, field):
    if "use" in told:
        told = {"use": lorazepam(medicine_name=" ")}
    with pytest.raises(BadInput) as refused:
        call(cast, **told)
    assert refused.value.field == field
    assert (Person.objects.count(), Enquiry.objects.count()) == (0, 0)


def test_the_same_medicine_is_not_entered_twice_in_a_further_call(cast):
    person = call(cast)
    with pytest.raises(BadInput, match="recorded already"):
        further(cast, person, use=lorazepam())
    assert len(assessment.uses(person)) == 1


def test_another_centre_records_no_call_here(cast):
    person = enquiring_person(cast)
    with pytest.raises(NotAllowed):
        services.enquire(person=person, caller="x", told_not_to_stop=True, by=cast.stranger)


# --- The clock of the next dose ---------------------------------------------------------------------------------------


def due(person):
    return next_doses([person], clock.now())[person.pk]


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_the_next_dose_is_the_first_named_time_after_the_last_one(cast):
    """It is 10:00 on 17 November; taken at 08:10, by 08:00 and 20:00: due at 20:00."""
    found = due(call(cast))
    assert (found.due_at, found.medicine, found.open) == (at("2026-11-17T20:00"), "lorazepam", "")
    assert not found.is_past(clock.now())


def test_a_dose_taken_a_little_before_its_hour_is_that_one(cast):
    early = lorazepam(last_dose_at=at("2026-11-17T07:40"))
    assert due(call(cast, use=early)).due_at == at("2026-11-17T20:00")


def test_a_dose_not_heard_of_is_past_from_its_minute_on(cast, frozen_clock):
    person = call(cast)
    for moment, past in (("2026-11-17T19:59", False), ("2026-11-17T20:00", True), ("2026-11-18T09:00", True)):
        frozen_clock.set(moment)
        assert due(person).is_past(clock.now()) is past
        assert due(person).due_at == at("2026-11-17T20:00")


def test_nobody_is_asked_about_a_dose_before_a_day_has_passed_over_it(cast, frozen_clock):
    person = call(cast)
    for moment, silent in (("2026-11-18T19:59", False), ("2026-11-18T20:00", True)):
        frozen_clock.set(moment)
        assert due(person).is_silent(clock.now()) is silent


@pytest.mark.parametrize(("changed", "said"), [
    ({"last_dose_at": None}, "when lorazepam was last taken is not known"),
    ({"regimen": ""}, "how much lorazepam, and when, is not known"),
    ({"days_per_week": 3}, "lorazepam is not taken every day"),
])  # fmt: skip
def test_what_is_not_known_gives_no_hour_and_says_so(cast, changed, said):
    found = due(call(cast, use=lorazepam(**changed)))
    assert (found.due_at, found.open) == (None, said)
    assert found.comes_before(dt.date(2026, 11, 20), cast.centre) is None


def test_of_two_medicines_the_earlier_dose_counts_and_what_is_open_is_named(cast):
    person = call(cast)
    further(cast, person, use=lorazepam(medicine_name="diazepam", regimen="diazepam 5 mg 14:00"))
    further(cast, person, use=lorazepam(medicine_name="bromazolam", regimen=""))
    found = due(person)
    assert (found.due_at, found.medicine) == (at("2026-11-17T14:00"), "diazepam")
    assert "bromazolam" in found.open


def test_a_later_dose_told_moves_the_clock_and_both_entries_stay(cast, frozen_clock):
    person = call(cast)
    frozen_clock.set("2026-11-18T09:00")
    (use,) = assessment.uses(person)
    row = services.last_dose_told(person=person, use=use, last_dose_at=at("2026-11-18T08:05"), by=cast.nurse)
    assert due(person).due_at == at("2026-11-18T20:00")
    assert (row.supersedes_id, row.days_per_week, row.regimen) == (use.pk, 7, use.regimen)


def test_an_older_dose_than_the_known_one_is_refused(cast):
    person = call(cast)
    (use,) = assessment.uses(person)
    with pytest.raises(BadInput, match="A later dose is known already"):
        services.last_dose_told(person=person, use=use, last_dose_at=at("2026-11-17T07:00"), by=cast.nurse)
