"""Doses not taken are a cut nobody decided: late is shown, and the prescriber is told by an answer or by time alone."""

from __future__ import annotations

import pytest

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.alarms.services import close
from glidepath.care.medication import queries, services
from glidepath.care.medication.models import YesNoUnknown
from glidepath.care.medication.queries import State
from glidepath.care.medication.tests import story
from glidepath.care.medication.tests.story import at, decline, give, wanted
from tests.cast import Cast, make_centre, proof
from tests.scenarios import ward


@pytest.fixture
def cast(frozen_clock) -> Cast:
    frozen_clock.set(at("07:00"))
    made = make_centre()
    ward.stock_shelf(made)
    return made


@pytest.fixture
def person(cast):
    return ward.person_with_history(cast, preferred_name="Danilo")


def alarms(person):
    return [one.alarm for one in open_alarms([person]) if one.alarm.cause == "doses_not_taken"]


# --- Late is shown, and turns into nothing by itself ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("07:00", State.DUE),
        ("08:00", State.DUE),
        ("08:59", State.DUE),
        ("09:00", State.LATE),
        ("09:59", State.LATE),
        ("10:00", State.OVERDUE),
        ("21:00", State.OVERDUE),
    ],
)
def test_a_dose_is_due_then_late_after_an_hour_then_overdue_after_two(cast, person, frozen_clock, moment, state):
    ward.order(cast, person, "diazepam", "10", "08:00")
    frozen_clock.set(at(moment))
    (row,) = queries.due([person], at("08:00"), at("08:01"))
    assert (row.state, row.answer) == (state, None)


def test_an_unanswered_dose_stays_on_the_round_until_somebody_answers_it(cast, person, frozen_clock):
    ward.order(cast, person, "diazepam", "10", "08:00")
    frozen_clock.set(at("07:30", 18))
    assert [row.due.due_at for row in queries.for_round([person])] == [at("08:00"), at("08:00", 18)]


# --- By an answer -----------------------------------------------------------------------------------------------------


def test_two_declined_in_a_row_call_the_prescriber(cast, person, frozen_clock):
    order = ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    frozen_clock.set(at("08:00"))
    decline(cast, wanted(person, order, at("08:00")))
    assert alarms(person) == []
    frozen_clock.set(at("22:00"))
    decline(cast, wanted(person, order, at("22:00")))
    (alarm,) = alarms(person)
    assert (alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("now", True, True)
    assert "2 doses in a row were not taken, the first due 17 Nov at 08:00" in alarm.message


def test_a_dose_declined_before_its_time_calls_once_and_not_again_until_that_time(cast, person, frozen_clock):
    order = ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    frozen_clock.set(at("08:00"))
    decline(cast, wanted(person, order, at("08:00")))
    frozen_clock.set(at("21:30"))
    decline(cast, wanted(person, order, at("22:00")))
    assert len(alarms(person)) == 1
    for moment in ("21:31", "21:45", "22:00", "23:59"):
        frozen_clock.set(at(moment))
        assert services.alarm_doses_not_taken(cast.centre) == 0


def test_one_given_between_breaks_the_row(cast, person, frozen_clock):
    order = ward.order(cast, person, "diazepam", "10", "08:00", "14:00", "22:00")
    for moment, act in (("08:00", decline), ("14:00", give), ("22:00", decline)):
        frozen_clock.set(at(moment))
        act(cast, wanted(person, order, at(moment)))
    assert alarms(person) == []


def test_held_and_missed_count_whatever_the_reason(cast, person, frozen_clock):
    order = ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    frozen_clock.set(at("08:00"))
    decline(cast, wanted(person, order, at("08:00")), outcome="held", reason="prescriber")
    frozen_clock.set(at("22:00"))
    decline(cast, wanted(person, order, at("22:00")), outcome="missed", reason="not_recorded")
    assert len(alarms(person)) == 1


def test_medicines_that_are_no_benzodiazepine_do_not_count(cast, person, frozen_clock):
    order = story.outside(cast, person, YesNoUnknown.NO, "08:00", "22:00")
    for moment in ("08:00", "22:00"):
        frozen_clock.set(at(moment))
        decline(cast, wanted(person, order, at(moment)))
    assert alarms(person) == []


# --- By time alone ----------------------------------------------------------------------------------------------------


def test_24_hours_after_a_dose_nobody_gave_the_alarm_comes_by_time_alone(cast, person, frozen_clock):
    """One dose a day, at 08:00: the second is not yet missed when the 24 hours of the first are over."""
    ward.order(cast, person, "diazepam", "10", "08:00")
    frozen_clock.set(at("07:59", 18))
    assert services.alarm_doses_not_taken(cast.centre) == 0
    frozen_clock.set(at("08:00", 18))
    assert services.alarm_doses_not_taken(cast.centre) == 1
    assert "none taken since one was due 17 Nov at 08:00" in alarms(person)[0].message
    assert services.alarm_doses_not_taken(cast.centre) == 0, "asked again, it says nothing new"


def test_two_that_nobody_recorded_count_once_the_second_is_overdue(cast, person, frozen_clock):
    """08:00 and 14:00: the second is overdue, and so not taken, two hours after its time."""
    ward.order(cast, person, "diazepam", "10", "08:00", "14:00")
    frozen_clock.set(at("15:59"))
    assert services.alarm_doses_not_taken(cast.centre) == 0
    frozen_clock.set(at("16:00"))
    assert services.alarm_doses_not_taken(cast.centre) == 1


def test_after_a_prescriber_closed_it_only_something_new_calls_again(cast, person, frozen_clock):
    order = ward.order(cast, person, "diazepam", "10", "08:00", "14:00", "22:00")
    for moment in ("08:00", "14:00"):
        frozen_clock.set(at(moment))
        decline(cast, wanted(person, order, at(moment)))
    frozen_clock.set(at("15:00"))
    (alarm,) = alarms(person)
    close(
        alarm=alarm, words="He slept badly; seen, goes on tonight.", by=cast.physician, proof=proof(cast.physician),
        once=story.once(), seen=alarm.acts.latest("pk").pk,
    )  # fmt: skip
    assert services.alarm_doses_not_taken(cast.centre) == 0
    frozen_clock.set(at("22:00"))
    decline(cast, wanted(person, order, at("22:00")))
    assert len(alarms(person)) == 1


def test_a_dose_on_its_way_raises_nothing(cast, person, frozen_clock):
    order = ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    frozen_clock.set(at("08:00"))
    give(cast, wanted(person, order, at("08:00")))
    frozen_clock.set(at("21:59"))
    assert services.alarm_doses_not_taken(cast.centre) == 0
