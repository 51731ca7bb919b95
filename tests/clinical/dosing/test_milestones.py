"""Milestones as a prescriber types them: what is understood, and that each refusal names its line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.milestones import read_milestones, typed_milestones
from glidepath.clinical.dosing.plan import Goal
from glidepath.clinical.dosing.request import Milestone
from glidepath.clinical.facts.load import formulary

START = dt.date(2026, 12, 1)
DIAZEPAM = {"diazepam": Dose(Decimal(20), "diazepam")}
BOTH = DIAZEPAM | {"lorazepam": Dose(Decimal(2), "lorazepam")}


def mg(amount: str, medicine: str = "diazepam") -> Dose:
    return Dose(Decimal(amount), medicine)


def read(text: str, goal: Goal | None = None, daily: dict[str, Dose] = DIAZEPAM) -> tuple[Milestone, ...]:
    return read_milestones(text, start=START, daily=daily, cut=tuple(daily), goal=goal or Goal(), formulary=formulary())


def test_days_and_weeks_count_from_the_start_and_come_in_order_of_time() -> None:
    found = read("week 6: 12 mg\n\n2026-12-15: Valium 16 mg\nWeek 20, zero\n")
    assert found == (
        Milestone(dt.date(2026, 12, 15), mg("16")),
        Milestone(dt.date(2027, 1, 12), mg("12")),  # 1 December and 42 days
        Milestone(dt.date(2027, 4, 20), mg("0")),  # and 140 days
    )


def test_what_is_written_back_is_read_the_same() -> None:
    found = read("week 6: 12.5 mg\nweek 7: 12.5\u00a0mg\nweek 20: 2 mg", Goal((mg("2"),)))
    assert read(typed_milestones(found), Goal((mg("2"),))) == found


def test_each_of_two_medicines_has_its_own_line() -> None:
    found = read("week 4: lorazepam 0\nweek 4: diazepam 18 mg\nweek 30: diazepam 0 mg", daily=BOTH)
    assert [str(one.daily) for one in found] == ["diazepam 18 mg", "lorazepam 0 mg", "diazepam 0 mg"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "No milestone was given"),
        ("week 4: 16 mg\nsoon: 3 mg", "Line 2, “soon: 3 mg”, begins with no day and no week"),
        ("week 4: 16 mg\n\n2026-02-31: 8 mg", "Line 3: “2026-02-31” is no day"),
        ("week 99999999999999: 8 mg", "Line 1: week 99999999999999 lies beyond any calendar"),
        ("week 400: 0", "Line 1, “week 400: 0”, lies more than 260 weeks ahead"),
        ("week 0: 16 mg", "Line 1, “week 0: 16 mg”, does not lie after 01 Dec 2026"),
        ("2026-11-30: 16 mg", "does not lie after 01 Dec 2026"),
        ("week 4:", "Line 1, “week 4:”, has no dose"),
        ("week 4: 16 ml", "Line 1: “16 ml”"),
        ("week 4: -3 mg", "Line 1: “-3”"),
        ("week 4: diazepan 8 mg", "Did you mean diazepam"),
        ("week 4: lorazepam 1 mg", "Line 1: lorazepam does not come down"),
        ("week 4: diazepam 8 mg + lorazepam 1 mg", "Line 1: “diazepam 8 mg + lorazepam 1 mg” names more than one"),
        ("week 4: 21 mg\nweek 9: 0", "Line 1, 21 mg on 29 Dec 2026, lies above the present 20 mg"),
        ("week 4: 8 mg\nweek 8: 9 mg\nweek 9: 0", "Line 2, 9 mg on 26 Jan 2027, lies above line 1"),
        ("week 4: 8 mg\nweek 4: 7 mg\nweek 9: 0", "Lines 1 and 2 are both for 29 Dec 2026"),
        ("week 4: 8 mg\nweek 9: 2 mg", "Line 2, 2 mg on 02 Feb 2027, is the last, and the goal is 0 mg"),
    ],
)
def test_a_line_that_cannot_be_is_named_with_what_to_do(text: str, said: str) -> None:
    with pytest.raises(PlanError) as refused:
        read(text)
    assert said in str(refused.value)


def test_where_two_medicines_come_down_a_dose_without_a_name_is_refused() -> None:
    with pytest.raises(PlanError, match="Line 1: “1 mg” names no medicine, and diazepam and lorazepam come down"):
        read("week 4: 1 mg", daily=BOTH)
    with pytest.raises(PlanError, match="lorazepam comes down too and has no milestone"):
        read("week 4: diazepam 0 mg", daily=BOTH)
