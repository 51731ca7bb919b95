"""A taper sent another way in the middle: switched to a longer-acting medicine, or other choices for what remains."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.errors import PlanError, RevisionError
from glidepath.clinical.dosing.plan import Goal, Kind, PlannedDose, Shape, StepState
from glidepath.clinical.dosing.redirect import redirect, switch
from glidepath.clinical.dosing.request import TaperRequest, TypedStep
from glidepath.clinical.dosing.revise import Pace, Revision, hold, resume, slow
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import HALF, each_night, liquid, mg, request, tablet
from tests.clinical.dosing.test_revise import ASKED, day, numbers, released, starts

LORAZEPAM = (tablet("1", HALF, "lorazepam"), tablet("0.5", HALF, "lorazepam"))
DIAZEPAM = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF), liquid("1"))
TWICE = request("lorazepam 2 mg x2", *LORAZEPAM, *DIAZEPAM)
MORNING, NIGHT = dt.time(8), dt.time(22)


def switched(on: int = 20, **more: object) -> Revision:
    """Lorazepam 2 mg twice a day, switched on a day while step 2 (3.5 mg) is in force, by the table with 1 mg = 10."""
    asked = replace(TWICE, table="ashton_2002", **more)  # type: ignore[arg-type]
    return switch(released(2, TWICE), on=day(on), at=MORNING, to="diazepam", request=asked, formulary=formulary())


def said(found: Revision) -> list[str]:
    return [" + ".join(str(dose) for dose in step.daily().values()) for step in found.plan.steps]


def other(asked: TaperRequest = ASKED, on: int = 20, **more: object) -> Revision:
    plan = released(2, ASKED)
    return redirect(plan, on=day(on), at=MORNING, request=asked, formulary=formulary(), **more)  # type: ignore[arg-type]


def test_a_switch_keeps_what_was_taken_and_exchanges_the_night_dose_first() -> None:
    before = released(2, TWICE)
    found = switched()
    assert found.plan.steps[:2] == before.steps[:2]
    present = before.steps[1].daily()["lorazepam"]
    night = next(dose.dose for dose in before.steps[1].doses if dose.time == NIGHT)
    third = found.plan.steps[2]
    assert third.daily()["lorazepam"].mg == present.mg - night.mg
    assert third.daily()["diazepam"].mg == night.mg * 10  # Ashton: lorazepam 1 mg equals diazepam 10 mg
    assert third.state is StepState.PROJECTED


def test_a_switch_is_spread_over_a_week_or_more_from_the_day_it_counts() -> None:
    # Two doses a day over a week: one every four days, from day 20.
    assert starts(switched().plan)[2:4] == [24, 28]
    assert starts(switched(switch_every_days=7).plan)[2:4] == [27, 34]


def test_a_slower_exchange_stays_slower_when_the_taper_is_slowed_half_way() -> None:
    turned = switched(switch_every_days=7).plan
    found = slow(
        turned,
        on=day(21),
        at=MORNING,
        request=replace(TWICE, switch_to="diazepam", table="ashton_2002"),
        formulary=formulary(),
        pace=Pace(Fraction(1, 20), 14),
    ).plan
    assert starts(found)[2:4] == [28, 35]


def test_where_nothing_else_is_taken_there_is_nothing_to_exchange() -> None:
    with pytest.raises(RevisionError, match="nothing to exchange"):
        switch(released(2), on=day(20), at=MORNING, to="diazepam", request=ASKED, formulary=formulary())


def test_a_kept_lower_dose_ends_the_way_there_and_leaves_the_past() -> None:
    found = other(replace(ASKED, goal=Goal((mg("10"),)))).plan
    assert found.steps[:2] == released(2).steps[:2]
    assert numbers(found)[-1] == "10"
    assert found.complete
    assert found.goal == Goal((mg("10"),))


def test_a_goal_above_the_present_dose_is_refused() -> None:
    with pytest.raises(PlanError, match="never raises"):
        other(replace(ASKED, goal=Goal((mg("19"),))))


def test_the_next_cut_does_not_come_sooner_than_it_was_planned_unless_its_day_is_named() -> None:
    # Step 3 was planned for day 28.
    assert starts(other().plan)[2] == 28
    assert starts(other(replace(ASKED, interval_days=21)).plan)[2] == 35
    assert starts(other(replace(ASKED, first_cut=day(22))).plan)[2] == 22
    with pytest.raises(RevisionError, match="does not lie after"):
        other(replace(ASKED, first_cut=day(20)))


def test_steps_typed_for_what_remains_come_out_as_typed() -> None:
    typed = (TypedStep(day(30), (each_night("16"),)), TypedStep(day(44), (each_night("15"),)))
    asked = replace(ASKED, shape=Shape.TYPED, typed=typed, goal=Goal((mg("15"),)))
    found = other(asked).plan
    assert numbers(found) == ["20", "18", "16", "15"]
    assert starts(found) == [0, 14, 30, 44]


def test_a_step_typed_for_a_day_that_lies_behind_is_refused() -> None:
    typed = (TypedStep(day(15), (each_night("16"),)),)
    with pytest.raises(PlanError, match="in order of their days"):
        other(replace(ASKED, shape=Shape.TYPED, typed=typed))


def test_a_rise_begins_with_the_signature_and_is_named() -> None:
    found = other(doses=[PlannedDose(MORNING, mg("10")), PlannedDose(NIGHT, mg("10"))])
    assert numbers(found.plan)[:3] == ["20", "18", "20"]
    assert found.plan.steps[2].state is StepState.RELEASED
    assert (found.plan.steps[2].start, found.plan.steps[2].from_time) == (day(20), MORNING)
    assert [one.code for one in found.findings] == ["TPR-7"]


def test_the_same_dose_at_other_times_is_no_rise() -> None:
    found = other(doses=[each_night("18")])
    assert numbers(found.plan)[:3] == ["20", "18", "18"]
    assert found.findings == ()


def test_a_lower_dose_is_a_step_that_waits_for_its_review() -> None:
    with pytest.raises(RevisionError, match="waits for its symptom review"):
        other(doses=[each_night("17")])


def test_a_taper_on_hold_goes_on_one_interval_after_the_change() -> None:
    held = hold(released(2), on=day(18), at=MORNING).plan
    found = redirect(held, on=day(40), at=MORNING, request=ASKED, formulary=formulary()).plan
    assert starts(found)[2] == 54
    assert not found.on_hold


def test_a_taper_at_zero_has_no_way_on() -> None:
    short = request("diazepam 1 mg x1", *DIAZEPAM)
    done = released(2, short)
    assert not done.steps[-1].doses
    with pytest.raises(RevisionError, match="reached zero"):
        redirect(done, on=day(60), at=MORNING, request=short, formulary=formulary())


def test_another_medicine_may_not_be_named_as_kept_once_it_is_exchanged() -> None:
    asked = replace(TWICE, table="ashton_2002", goal=Goal((mg("1", "lorazepam"),)))
    with pytest.raises(PlanError, match="Write the goal in diazepam"):
        switch(released(2, TWICE), on=day(20), at=MORNING, to="diazepam", request=asked, formulary=formulary())


def test_products_that_are_left_out_are_not_used_for_what_remains() -> None:
    tablets = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF))
    found = other(replace(ASKED, products=tablets)).plan
    made = {part.product.kind for step in found.steps[2:] for dose in step.doses for part in dose.made}
    assert made == {Kind.SOLID}


def test_a_switch_held_for_a_month_resumes_with_its_exchanges_ahead_and_none_behind() -> None:
    turned = switched().plan
    held = hold(turned, on=day(22), at=MORNING).plan
    asked = replace(TWICE, switch_to="diazepam", table="ashton_2002")
    found = resume(held, on=day(52), at=MORNING, request=asked, formulary=formulary()).plan
    assert all(start > 52 for start in starts(found)[2:])
    assert starts(found)[2:4] == [56, 60]  # two doses of the day, over a week from the day of resuming
