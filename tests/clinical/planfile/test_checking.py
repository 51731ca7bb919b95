"""A schedule that somebody wrote is judged as it stands: what it lacks is worked out, what is wrong is all said."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from glidepath.clinical.dosing.plan import Goal, Shape
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.checking import Judged, check
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.read import read_written
from glidepath.clinical.planfile.saying import exit_code
from glidepath.clinical.planfile.values import PlanFile
from tests.clinical.dosing.shelf import mg
from tests.clinical.planfile.made import SHELF, START, TIMES, day, made, text_of


def schedule(*daily: str, every: int = 14, medicine: str = "diazepam") -> str:
    """A file with a night dose for each amount, one after another."""
    return json.dumps(
        {
            "start": START.isoformat(),
            "steps": [
                {"start": day(number * every).isoformat(), "doses": _night(amount, medicine)}
                for number, amount in enumerate(daily)
            ],
        }
    )


def _night(amount: str, medicine: str) -> list[dict[str, str]]:
    return [] if amount == "0" else [{"time": "22:00", "medicine": medicine, "mg": amount}]


def checked(text: str, *, goal: Goal | None = None, **settings: Any) -> PlanFile:
    written = read_written(text, formulary=formulary(), default_times=TIMES)
    own = written.file.settings if written.file is not None else replace(made().settings, shape=Shape.TYPED)
    judged = Judged(replace(own, **settings), goal or written.goal or Goal(), make_again=written.file is None)
    return check(written, judged, formulary=formulary())


def codes(file: PlanFile, *, fires_only: bool = True) -> set[str]:
    return {
        one.code
        for one in file.plan.findings
        if not fires_only or (one.status.value == "fires" and not one.answered_by)
    }


def test_a_plan_that_was_just_made_says_the_same_again() -> None:
    file = made()
    assert checked(text_of(file)).plan == file.plan


def test_the_products_are_worked_out() -> None:
    first = checked(schedule("4", "3", "2.3", "1.8", "1.4", "1.1", "0.9", "0")).plan.steps[0].doses[0]
    assert [(part.product.name, part.count) for part in first.made] == [("diazepam 2 mg tablet", 2)]


def test_a_cut_of_exactly_a_quarter_passes_the_ceiling_and_a_little_more_does_not() -> None:
    # guideline.md, taper oracles: 20 -> 15 on one day is 25.0 %, allowed; 20 -> 14.9 is 25.5 %, a hard stop.
    assert "JCG-6c" not in codes(checked(schedule("20", "15"), goal=Goal((mg("15"),))))
    over = checked(schedule("20", "14.9"), goal=Goal((mg("14.9"),)))
    assert "JCG-6c" in codes(over)
    assert exit_code(over) == 2


def test_the_oracle_of_three_cuts_within_two_weeks() -> None:
    # guideline.md: 40 -> 36 on day 0, 36 -> 32 on day 7 warns, 32 -> 29 on day 13 is 27.5 % below the 40: a hard stop.
    text = json.dumps(
        {
            "start": START.isoformat(),
            "steps": [
                {"start": day(number).isoformat(), "doses": _night(amount, "diazepam")}
                for number, amount in ((0, "40"), (10, "36"), (17, "32"), (23, "29"))
            ],
        }
    )
    found = checked(text, goal=Goal((mg("29"),)))
    by_step = {(one.code, one.step) for one in found.plan.findings}
    assert ("JCG-6c", 4) in by_step
    assert ("JCG-6c", 3) not in by_step
    assert {("JCG-6", 3), ("TPR-1", 3)} <= by_step


def test_a_dose_that_no_product_makes_stops_and_names_the_nearest() -> None:
    found = checked(schedule("4", "3.03", "0"))
    (stop,) = [one for one in found.plan.findings if one.code == "TPR-3"]
    assert (stop.step, stop.stops) == (2, True)
    assert "3.1 mg" in stop.do
    assert not found.plan.complete
    assert exit_code(found) == 2


def test_steps_that_end_above_the_goal_are_not_complete() -> None:
    found = checked(schedule("4", "3"))
    assert found.plan.blocked is not None
    assert found.plan.blocked.code == "GP-GOAL"
    assert checked(schedule("4", "3"), goal=Goal((mg("3"),))).plan.complete


def test_a_higher_dose_later_is_said() -> None:
    assert "TPR-7" in codes(checked(schedule("4", "3", "4"), goal=Goal((mg("4"),))))


def test_a_plan_with_a_dose_changed_by_hand_stops() -> None:
    plan = json.loads(text_of(made()))
    plan["steps"][4]["doses"][0]["mg"] = "9"
    found = checked(json.dumps(plan))
    assert "GP-FILE" in codes(found)
    assert exit_code(found) == 2


def test_a_blocked_plan_stays_blocked_for_the_same_reason() -> None:
    file = made("diazepam 10 mg x2", "diazepam 10 mg tablet; diazepam 5 mg tablet")
    found = checked(text_of(file))
    assert found.plan.blocked == file.plan.blocked
    assert exit_code(found) == 2


def test_only_what_the_prescriber_ordered_to_be_cut_has_to_reach_the_goal() -> None:
    """A second benzodiazepine that was not ordered stays as it is; a Z-drug that was ordered is brought down too."""
    stays = made("diazepam 10 mg x2 + lorazepam 1 mg x1", f"{SHELF}; lorazepam 1 mg tablet", cut_order=("diazepam",))
    assert stays.plan.complete
    assert checked(text_of(stays)).plan == stays.plan
    ordered = made(
        "alprazolam 0.5 mg 22:00 + zaleplon 5 mg 22:00",
        "alprazolam 0.5 mg tablet; zaleplon 5 mg capsule",
        cut_order=("alprazolam", "zaleplon"),
        goal=Goal((mg("0.5", "alprazolam"),)),
    )
    assert ordered.plan.blocked is not None
    assert ordered.plan.blocked.at == (mg("5", "zaleplon"),)
    assert checked(text_of(ordered)).plan == ordered.plan


def test_a_medicine_that_only_appears_later_is_a_switch_and_asks_for_a_table() -> None:
    text = json.dumps(
        {
            "start": START.isoformat(),
            "steps": [
                {"start": START.isoformat(), "doses": _night("1", "alprazolam")},
                {"start": day(7).isoformat(), "doses": _night("10", "diazepam")},
            ],
        }
    )
    found = checked(text, goal=Goal((mg("10"),)))
    assert found.settings.switch_to == "diazepam"
    assert "EQ-1" in codes(found)
    assert "EQ-1" not in codes(checked(text, goal=Goal((mg("10"),)), table="va_dod_2021"))


def test_a_first_step_of_zero_is_no_plan() -> None:
    with pytest.raises(PlanFileError, match="first step has no dose"):
        checked(schedule("0", "4"))
