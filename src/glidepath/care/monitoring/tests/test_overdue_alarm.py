"""An overdue set calls by time alone, grows louder with each further hour, and ends with the set that was due."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.alarms.models import Alarm, AlarmAct
from glidepath.care.alarms.queries import history, open_alarms
from glidepath.care.alarms.services import acknowledge, close
from glidepath.care.monitoring import services
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.services import alarm_overdue_observations
from glidepath.care.monitoring.tests.looks import asleep, awake, only, seen
from glidepath.record import clock
from tests.cast import admitted_person, enquiring_person, make_centre


def alarms(person) -> list[Alarm]:
    return [one.alarm for one in open_alarms([person]) if one.alarm.cause == "INP-3"]


@pytest.fixture
def overdue(person, cast, frozen_clock):
    """Seen at 13:14 on the day of admission, due 17:14, and now 18:15: one hour and a minute late."""
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    alarm_overdue_observations(person.centre)
    return person


@pytest.mark.parametrize(("late", "calls"), [(60, 0), (61, 1)])
def test_more_than_an_hour_late_calls_by_time_alone(person, cast, frozen_clock, late, calls):
    """INP-3: more than one hour."""
    seen(person, cast.nurse)
    frozen_clock.tick(hours=4, minutes=late)
    assert alarm_overdue_observations(cast.centre) == calls
    assert len(alarms(person)) == calls


def test_it_says_what_was_due_when_how_late_and_whom_to_call(overdue):
    (alarm,) = alarms(overdue)
    assert alarm.message == "Vital signs, RASS and CIWA-B were due at 17:14. Observations are 1 h 01 min overdue."
    assert alarm.do.startswith("Alert the nurse in charge and take the set now.")
    assert (alarm.rank, alarm.opened_by) == ("now", None)
    assert not alarm.prescriber_closes, "it is over once the set has been taken"
    assert not alarm.pauses_taper


def test_from_the_day_before_it_names_the_day(person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.set("2026-11-18T06:00")
    alarm_overdue_observations(person.centre)
    assert alarms(person)[0].message.startswith("Vital signs, RASS and CIWA-B were due 17 Nov at 17:14.")


def test_it_does_not_double_and_is_louder_after_each_further_hour(overdue, cast, frozen_clock):
    for later, triggers in ((1, 1), (57, 1), (1, 2), (30, 2), (30, 3)):
        frozen_clock.tick(minutes=later)
        alarm_overdue_observations(overdue.centre)
        assert [one.triggers for one in open_alarms([overdue])] == [triggers], f"{clock.now():%H:%M}"
    assert "3 h 00 min overdue" in alarms(overdue)[0].message


def test_whoever_has_it_in_hand_is_called_again_after_a_further_hour(overdue, cast, frozen_clock):
    acknowledge(alarm=alarms(overdue)[0], by=cast.nurse, once="a")
    assert open_alarms([overdue])[0].rank == "held"
    frozen_clock.tick(hours=1)
    alarm_overdue_observations(overdue.centre)
    assert open_alarms([overdue])[0].rank == "now"


@pytest.mark.parametrize("look", [awake(), asleep()], ids=["a whole set", "breathing and breaths asleep"])
def test_the_set_that_was_due_closes_it_in_the_name_of_who_took_it(overdue, cast, frozen_clock, look):
    (alarm,) = alarms(overdue)
    seen(overdue, cast.second_nurse, look)
    assert alarms(overdue) == []
    last = history(alarm)[-1]
    assert (last.kind, last.words, last.recorded_by) == (AlarmAct.Kind.CLOSED, "Observed at 18:15.", cast.second_nurse)


@pytest.mark.parametrize(
    "look",
    [only(pulse=76), awake(rass=None), asleep(14, None), Bedside(State.ABSENT)],
    ids=["a pulse alone", "no RASS", "asleep, breaths counted and no look at the breathing", "not in bed"],
)
def test_a_partial_set_leaves_it_open(overdue, cast, look):
    seen(overdue, cast.nurse, look)
    assert len(alarms(overdue)) == 1


def test_a_partial_set_that_opens_an_over_sedation_leaves_it_open(overdue, cast):
    """The closer watch it begins moves the next set to now; the one that was overdue was still not taken."""
    seen(overdue, cast.nurse, only(rass=-3))
    assert [one.cause for one in alarms(overdue)] == ["INP-3"]


def test_a_late_entry_from_before_it_was_due_again_leaves_it_open(overdue, cast, frozen_clock):
    """Taken at 13:20 and written down now: the next was due at 17:20, and is still not there after 19:00."""
    frozen_clock.set("2026-11-17T19:00")
    services.record_observation(
        person=overdue, bedside=awake(), by=cast.nurse, once="late",
        happened_at=dt.datetime(2026, 11, 17, 13, 20, tzinfo=dt.UTC),
    )  # fmt: skip
    assert len(alarms(overdue)) == 1


def test_closed_by_name_without_a_set_it_comes_back_after_a_further_hour(overdue, cast, frozen_clock):
    (alarm,) = alarms(overdue)
    close(alarm=alarm, words="At the dentist, back at seven.", by=cast.nurse, once="c")
    alarm_overdue_observations(overdue.centre)
    assert alarms(overdue) == []
    frozen_clock.tick(minutes=59)
    alarm_overdue_observations(overdue.centre)
    assert len(alarms(overdue)) == 1


def test_a_double_submit_of_the_set_closes_it_once(overdue, cast):
    (alarm,) = alarms(overdue)
    for _ in range(2):
        services.record_observation(person=overdue, bedside=awake(), by=cast.nurse, once="k")
    assert [act.kind for act in history(alarm)] == ["triggered", "closed"]


def test_who_is_not_admitted_is_not_called_about(cast, frozen_clock):
    person = enquiring_person(cast)
    frozen_clock.tick(hours=9)
    alarm_overdue_observations(person.centre)
    assert alarms(person) == []


def test_the_look_takes_as_many_queries_for_30_who_are_not_late_as_for_3(cast, django_assert_num_queries):
    for _ in range(3):
        admitted_person(cast)
    with CaptureQueriesContext(connection) as few:
        alarm_overdue_observations(cast.centre)
    more = make_centre("Larger", beds=30)
    for _ in range(30):
        admitted_person(more)
    with django_assert_num_queries(len(few)):
        alarm_overdue_observations(more.centre)
