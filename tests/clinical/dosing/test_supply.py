"""How many tablets a plan needs."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.plan import PlannedDose, Step, StepState, TaperPlan
from glidepath.clinical.dosing.supply import doses_on, supply_needed
from tests.clinical.dosing.shelf import HALF, START, WHOLE, liquid, mg, planned, tablet

TEN, TWO, LIQUID = tablet("10", WHOLE), tablet("2", HALF), liquid("1")


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def test_the_pieces_of_each_day_are_added_up_across_a_cut() -> None:
    found = planned("diazepam 10 mg x1", TEN, TWO)
    # Day 0 to 13: one 10 mg tablet. From day 14: 9 mg, four and a half 2 mg tablets.
    assert supply_needed(found, day(0), 14) == {TEN: 14}
    assert supply_needed(found, day(12), 4) == {TEN: 2, TWO: 9}


def test_a_liquid_is_added_up_in_millilitres() -> None:
    found = planned("diazepam 2 mg x1", LIQUID)
    assert supply_needed(found, day(13), 2) == {LIQUID: Fraction(2) + Fraction(18, 10)}


def test_without_a_release_the_present_dose_and_its_supply_go_on() -> None:
    found = planned("diazepam 10 mg x1", TEN, TWO)
    assert supply_needed(found, day(0), 28, released_only=True) == {TEN: 28}


def test_before_the_start_and_after_zero_nothing_is_needed() -> None:
    found = planned("diazepam 1 mg x1", TWO)
    assert supply_needed(found, day(-3), 3) == {}
    assert supply_needed(found, day(12), 30) == {TWO: 1}  # two days of half a tablet, then zero


def test_a_dose_of_unknown_products_is_not_counted_as_nothing() -> None:
    step = Step(1, START, (PlannedDose(dt.time(22), mg("5")),), StepState.RELEASED)
    with pytest.raises(ValueError, match="not known"):
        supply_needed(TaperPlan(START, planned("diazepam 1 mg x1", TWO).goal, (step,)), START, 1)


def test_a_step_that_begins_at_noon_leaves_the_morning_to_the_old_one() -> None:
    morning, night = dt.time(8), dt.time(22)
    old = Step(1, START, (PlannedDose(morning, mg("5")), PlannedDose(night, mg("5"))))
    new = Step(2, day(3), (PlannedDose(morning, mg("4")), PlannedDose(night, mg("4"))), from_time=dt.time(12))
    assert [dose.dose for dose in doses_on((old, new), day(3))] == [mg("5"), mg("4")]
    assert [dose.dose for dose in doses_on((old, new), day(4))] == [mg("4"), mg("4")]
