"""A taper that stops and turns: what has been given stays as it was, and what follows keeps the limits."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.errors import CannotBeMade, RevisionError
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import PlannedDose, StepState, TaperPlan
from glidepath.clinical.dosing.ratios import ratios
from glidepath.clinical.dosing.revise import Pace, amend, hold, release, resume, slow, slower, step_back
from glidepath.clinical.dosing.supply import doses_on
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import HALF, NIGHT, START, WHOLE, liquid, mg, request, tablet, totals

SHELF = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF), liquid("1"))
MORNING = dt.time(8)
ASKED = request("diazepam 10 mg x2", *SHELF)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def released(count: int, asked: TaperRequest = ASKED) -> TaperPlan:
    """The plan with its first so many steps released, each on its day."""
    found = plan(asked, formulary=formulary())
    for number in range(2, count + 1):
        found = release(found, number, on=found.steps[number - 1].start).plan
    return found


def starts(found: TaperPlan) -> list[int]:
    return [(step.start - START).days for step in found.steps]


def numbers(found: TaperPlan) -> list[str]:
    return [f"{dose.normalize():f}" for dose in totals(found)]


def test_the_plan_before_it_is_changed() -> None:
    assert numbers(released(2))[:5] == ["20", "18", "16.2", "14.6", "13.2"]
    assert starts(released(2))[:5] == [0, 14, 28, 42, 56]


def test_only_the_next_step_can_be_released() -> None:
    found = released(2)
    assert [step.state for step in found.steps[:3]] == [StepState.RELEASED, StepState.RELEASED, StepState.PROJECTED]
    for number in (1, 2, 4, 99):
        with pytest.raises(RevisionError, match="step 3 is next"):
            release(found, number, on=day(28))


def test_a_step_released_late_begins_that_day_and_moves_those_after_it() -> None:
    found = release(released(2), 3, on=day(33)).plan
    assert starts(found)[:5] == [0, 14, 33, 47, 61]


def test_a_step_released_early_still_begins_on_its_day() -> None:
    assert starts(release(released(2), 3, on=day(25)).plan)[:4] == [0, 14, 28, 42]


def test_a_hold_leaves_the_present_dose_and_takes_back_every_later_step() -> None:
    revision = hold(released(2), on=day(20), at=NIGHT)
    assert revision.plan.on_hold
    assert not revision.plan.complete
    assert revision.plan.steps == released(2).steps[:2]
    assert revision.difference.end_after is None
    assert all(change.after is None for change in revision.difference.steps)


def test_a_hold_also_takes_back_a_released_step_that_has_not_begun() -> None:
    assert numbers(hold(released(3), on=day(20), at=NIGHT).plan) == ["20", "18"]


def test_a_taper_resumes_more_slowly_one_interval_after_the_day_it_resumes() -> None:
    held = hold(released(2), on=day(20), at=NIGHT).plan
    revision = resume(held, on=day(50), at=MORNING, request=ASKED, formulary=formulary())
    assert revision.findings == ()
    assert revision.plan.steps[:2] == held.steps
    # Half of 10 %: 18 to 17.1 mg on day 64.
    assert numbers(revision.plan)[:4] == ["20", "18", "17.1", "16.3"]
    assert starts(revision.plan)[:4] == [0, 14, 64, 78]
    assert revision.plan.complete


def test_resuming_no_slower_than_before_is_said_with_its_rule() -> None:
    held = hold(released(2), on=day(20), at=NIGHT).plan
    again = resume(held, on=day(50), at=MORNING, request=ASKED, formulary=formulary(), pace=Pace(Fraction(1, 10), 14))
    assert [finding.code for finding in again.findings] == ["JCG-11p"]
    barely = resume(held, on=day(50), at=MORNING, request=ASKED, formulary=formulary(), pace=Pace(Fraction(1, 10), 15))
    assert barely.findings == ()


def test_only_a_taper_on_hold_resumes_and_a_held_one_is_not_slowed_or_released() -> None:
    held = hold(released(2), on=day(20), at=NIGHT).plan
    with pytest.raises(RevisionError, match="not on hold"):
        resume(released(2), on=day(20), at=NIGHT, request=ASKED, formulary=formulary())
    with pytest.raises(RevisionError, match="Resume it"):
        slow(held, on=day(30), at=NIGHT, request=ASKED, formulary=formulary(), pace=slower(Pace(Fraction(1, 10), 14)))
    with pytest.raises(RevisionError, match="on hold"):
        release(held, 3, on=day(30))


def test_slowing_keeps_what_has_begun_and_never_brings_the_next_cut_forward() -> None:
    pace = Pace(Fraction(1, 20), 21)
    revision = slow(released(2), on=day(20), at=NIGHT, request=ASKED, formulary=formulary(), pace=pace)
    assert revision.plan.steps[:2] == released(2).steps[:2]
    # The last cut was on day 14: three weeks later is day 35. A twentieth of 18 is 0.9.
    assert starts(revision.plan)[:4] == [0, 14, 35, 56]
    assert numbers(revision.plan)[:4] == ["20", "18", "17.1", "16.3"]
    assert revision.difference.end_after is not None
    assert revision.difference.end_before is not None
    assert revision.difference.end_after > revision.difference.end_before


def test_smaller_cuts_alone_leave_the_next_cut_on_the_day_it_was_planned() -> None:
    revision = slow(
        released(2), on=day(20), at=NIGHT, request=ASKED, formulary=formulary(), pace=Pace(Fraction(1, 20), 14)
    )
    assert starts(revision.plan)[:3] == [0, 14, 28]


def test_slowing_early_does_not_bring_forward_a_first_cut_that_was_planned_for_later() -> None:
    asked = replace(ASKED, first_cut=day(40))
    found = plan(asked, formulary=formulary())
    pace = Pace(Fraction(1, 20), 14)
    revision = slow(found, on=day(5), at=NIGHT, request=asked, formulary=formulary(), pace=pace)
    assert starts(revision.plan)[:3] == [0, 40, 54]


def test_slowing_leaves_a_released_step_that_has_not_begun() -> None:
    revision = slow(
        released(3), on=day(20), at=NIGHT, request=ASKED, formulary=formulary(), pace=Pace(Fraction(1, 20), 14)
    )
    assert revision.plan.steps[:3] == released(3).steps[:3]
    assert starts(revision.plan)[3] == 42


@pytest.mark.parametrize("pace", [Pace(Fraction(1, 10), 14), Pace(Fraction(1, 5), 28), Pace(Fraction(1, 20), 7)])
def test_a_pace_that_is_not_slower_is_refused(pace: Pace) -> None:
    with pytest.raises(RevisionError, match="is not slower than 10 % every 14 days"):
        slow(released(2), on=day(20), at=NIGHT, request=ASKED, formulary=formulary(), pace=pace)


def test_stepping_back_returns_to_the_last_dose_from_the_named_moment_and_goes_on_more_slowly() -> None:
    revision = step_back(released(3), on=day(30), at=NIGHT, request=ASKED, formulary=formulary())
    assert numbers(revision.plan)[:6] == ["20", "18", "16.2", "18", "17.1", "16.3"]
    assert starts(revision.plan)[:6] == [0, 14, 28, 30, 44, 58]
    back = revision.plan.steps[3]
    assert (back.state, back.from_time) == (StepState.RELEASED, NIGHT)
    assert [finding.code for finding in revision.findings] == ["TPR-7"]
    assert revision.plan.steps[:3] == released(3).steps[:3]


def test_earlier_doses_of_that_day_stay_with_the_old_step() -> None:
    found = step_back(released(3), on=day(30), at=NIGHT, request=ASKED, formulary=formulary()).plan
    on_the_day = [(dose.time, dose.dose) for dose in doses_on(found.steps, day(30))]
    assert on_the_day == [(MORNING, mg("8.1")), (NIGHT, mg("9"))]
    assert [dose.dose for dose in doses_on(found.steps, day(31))] == [mg("9"), mg("9")]


def test_a_second_step_back_goes_higher_and_never_to_the_dose_that_was_too_low() -> None:
    # 20, 18, 16.2, and back to 18. Another step back goes to the 20, not down to the 16.2 that was just left.
    back = step_back(released(3), on=day(30), at=NIGHT, request=ASKED, formulary=formulary()).plan
    again = step_back(back, on=day(35), at=NIGHT, request=ASKED, formulary=formulary()).plan
    assert numbers(again)[:5] == ["20", "18", "16.2", "18", "20"]
    with pytest.raises(RevisionError, match="earlier steps: 1"):
        step_back(back, on=day(35), at=NIGHT, request=ASKED, formulary=formulary(), to=3)


def test_there_is_nothing_to_step_back_to_before_the_first_cut() -> None:
    with pytest.raises(RevisionError, match="no such earlier step"):
        step_back(released(1), on=day(5), at=NIGHT, request=ASKED, formulary=formulary())
    with pytest.raises(RevisionError, match="earlier steps: 1, 2"):
        step_back(released(3), on=day(30), at=NIGHT, request=ASKED, formulary=formulary(), to=7)


def test_an_amendment_takes_effect_at_its_dose_time_and_the_way_down_starts_from_it() -> None:
    doses = (PlannedDose(MORNING, mg("8")), PlannedDose(NIGHT, mg("9")))
    revision = amend(released(2), on=day(21), at=NIGHT, doses=doses, request=ASKED, formulary=formulary())
    assert numbers(revision.plan)[:4] == ["20", "18", "17", "15.3"]
    assert starts(revision.plan)[:4] == [0, 14, 21, 35]
    assert [dose.dose for dose in doses_on(revision.plan.steps, day(21))] == [mg("9"), mg("9")]
    assert revision.findings == ()
    assert revision.plan.steps[0] == released(2).steps[0]


def test_an_amendment_that_the_shelf_cannot_make_is_refused_with_the_nearest_doses() -> None:
    with pytest.raises(CannotBeMade, match=r"diazepam 9\.05 mg cannot be made"):
        amend(
            released(2),
            on=day(21),
            at=NIGHT,
            doses=(PlannedDose(NIGHT, mg("9.05")),),
            request=ASKED,
            formulary=formulary(),
        )


def test_the_ceiling_looks_back_across_an_amendment() -> None:
    # 20 until day 14, 18 until day 20, then 15, and a quarter a week. On day 27 the 20 still counts (it was in force on
    # day 14, thirteen days before): a quarter of it is already gone. On day 34 only the 15 counts: 11.25 is 11.3.
    found = plan(replace(ASKED, cut=Fraction(1, 4), interval_days=7, first_cut=day(14)), formulary=formulary())
    begun = replace(found, steps=(found.steps[0], replace(released(2).steps[1]), *found.steps[2:]))
    doses = (PlannedDose(MORNING, mg("7")), PlannedDose(NIGHT, mg("8")))
    weekly = replace(ASKED, cut=Fraction(1, 4), interval_days=7)
    revision = amend(begun, on=day(20), at=MORNING, doses=doses, request=weekly, formulary=formulary())
    assert numbers(revision.plan)[:4] == ["20", "18", "15", "11.3"]
    assert starts(revision.plan)[:4] == [0, 14, 20, 34]


def test_nothing_can_be_changed_before_the_plan_began() -> None:
    with pytest.raises(RevisionError, match="The plan starts on"):
        hold(released(2), on=day(-1), at=NIGHT)


def test_a_change_at_the_first_dose_of_a_step_leaves_that_step_out_of_the_past() -> None:
    # Step 3 would begin with the first dose of day 28; a hold from that very dose keeps the 18 mg.
    assert numbers(hold(released(3), on=day(28), at=dt.time(0)).plan) == ["20", "18"]
    assert numbers(hold(released(3), on=day(28), at=NIGHT).plan) == ["20", "18", "16.2"]


def test_a_switch_held_half_way_goes_on_with_what_is_left_by_the_same_table() -> None:
    shelf = (*SHELF, tablet("1", HALF, "lorazepam"))
    asked = request("lorazepam 1 mg x2", *shelf, switch_to="diazepam", table="scot-2024")
    held = hold(released(2, asked), on=day(6), at=MORNING).plan
    found = resume(held, on=day(20), at=MORNING, request=asked, formulary=formulary()).plan
    assert found.steps[1].daily() == {"lorazepam": mg("1", "lorazepam"), "diazepam": mg("10")}
    assert found.steps[2].daily() == {"diazepam": mg("20")}
    assert found.table == "scot_2024"
    assert found.complete


def test_the_difference_counts_the_tablets_of_four_weeks_before_and_after() -> None:
    whole = (tablet("10", WHOLE), tablet("5", WHOLE))
    asked = request("diazepam 10 mg x2", *whole, cut="1/4")
    found = plan(asked, formulary=formulary())
    revision = hold(found, on=day(0), at=NIGHT)
    ten, five = whole
    # Planned: 14 days of two 10 mg tablets, then 14 days of 15 mg. Held: 28 days of two.
    assert revision.difference.needed_before == {ten: 14 * 2 + 14, five: 14}
    assert revision.difference.needed_after == {ten: 56}


def test_after_every_turn_the_ceiling_holds() -> None:
    limits, gentler = Limits.of(), replace(ASKED, cut=Fraction(1, 20))
    back = step_back(released(3), on=day(30), at=NIGHT, request=ASKED, formulary=formulary()).plan
    found = slow(
        back, on=day(33), at=NIGHT, request=gentler, formulary=formulary(), pace=Pace(Fraction(1, 25), 14)
    ).plan
    for change in ratios(found, formulary=formulary(), limits=limits)[3:]:
        lowering = change.by_medicine["diazepam"]
        assert lowering.share_over_window <= limits.ceiling or change.is_small_last_step("diazepam", limits)
