"""Doses missed, a return after absence, other products, leaving early: nothing is cut, and nothing given changes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.errors import CannotBeMade, RevisionError
from glidepath.clinical.dosing.interrupted import Bridge, bridged, resupplied, returned
from glidepath.clinical.dosing.plan import Shape, StepState
from glidepath.clinical.dosing.request import Milestone
from glidepath.clinical.dosing.revise import Revision, hold
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import HALF, NIGHT, each_night, liquid, mg, planned, tablet
from tests.clinical.dosing.test_revise import ASKED, MORNING, SHELF, day, numbers, released, starts

# In force from day 14: step 2, 18 mg a day (10 and 8); step 3 was planned for day 28.


def back(last: int, on: int, **more: object) -> Revision:
    asked = dict(request=ASKED, formulary=formulary(), **more)
    return returned(released(2), last_taken=day(last), on=day(on), at=MORNING, **asked)  # type: ignore[arg-type]


def test_one_missed_day_goes_on_with_the_same_dose_and_the_next_cut_waits_a_whole_interval() -> None:
    found = back(18, 20)
    assert numbers(found.plan)[:3] == ["20", "18", "16.2"]
    assert starts(found.plan)[:3] == [0, 14, 34]
    assert [one.code for one in found.findings] == ["TPR-6"]
    assert "1 day:" in found.findings[0].message


def test_nothing_missed_says_nothing() -> None:
    assert back(19, 20).findings == ()


def test_after_a_longer_absence_a_prescriber_names_the_dose() -> None:
    with pytest.raises(RevisionError, match=r"for 3 days, more than the 1 .* name the doses"):
        back(16, 20)
    lower = planned("diazepam 12 mg at 22:00", *SHELF).steps[0].doses
    found = back(16, 20, doses=lower)
    assert numbers(found.plan)[:3] == ["20", "18", "12"]
    third = found.plan.steps[2]
    assert (third.start, third.from_time, third.state) == (day(20), MORNING, StepState.RELEASED)
    # Half the cut, as often as before: 12 mg less 5 % is 11.4 mg, a fortnight after the return.
    assert (numbers(found.plan)[3], starts(found.plan)[3]) == ("11.4", 34)


def test_the_plan_s_own_rule_may_be_longer() -> None:
    assert numbers(back(16, 20, within_days=3).plan)[:3] == ["20", "18", "16.2"]


@pytest.mark.parametrize("doses", [(), (each_night("19"),), (each_night("1", "lorazepam"),)])
def test_no_dose_and_no_higher_dose_is_taken_up_after_an_absence(doses: tuple[object, ...]) -> None:
    stock = (*SHELF, tablet("1", HALF, "lorazepam"))
    with pytest.raises(RevisionError):
        returned(
            released(2),
            last_taken=day(10),
            on=day(20),
            at=MORNING,
            request=replace(ASKED, products=stock),
            formulary=formulary(),
            doses=doses,  # type: ignore[arg-type]
        )


def test_a_last_day_that_does_not_lie_before_is_refused() -> None:
    with pytest.raises(RevisionError, match="does not lie before"):
        back(20, 20)


def test_the_same_doses_are_made_from_what_is_on_the_shelf_now() -> None:
    only = (tablet("2"), liquid("1"))
    found = resupplied(released(2), on=day(20), at=MORNING, products=only, request=ASKED, formulary=formulary())
    third = found.plan.steps[2]
    assert third.daily() == found.plan.steps[1].daily()
    assert {part.product for dose in third.doses for part in dose.made} <= set(only)
    assert starts(found.plan)[:4] == [0, 14, 20, 28], "the next cut stays on its planned day"
    assert {part.product for step in found.plan.steps[2:] for dose in step.doses for part in dose.made} <= set(only)
    assert found.plan.steps[:2] == released(2).steps[:2]


def test_products_that_do_not_make_the_present_dose_are_refused_with_the_nearest() -> None:
    with pytest.raises(CannotBeMade):
        resupplied(released(2), on=day(20), at=MORNING, products=(tablet("5"),), request=ASKED, formulary=formulary())


def test_a_plan_on_hold_stays_on_hold_with_the_other_products() -> None:
    held = hold(released(2), on=day(18), at=NIGHT).plan
    found = resupplied(held, on=day(20), at=MORNING, products=(liquid("1"),), request=ASKED, formulary=formulary())
    assert found.plan.on_hold
    assert numbers(found.plan) == ["20", "18", "18"]


def leaving(visit: int, spare: int) -> Bridge:
    return bridged(released(2), on=day(20), at=MORNING, first_visit=day(visit), spare_days=spare)


def test_a_bridge_keeps_the_dose_until_beyond_the_first_visit_and_says_what_it_needs() -> None:
    found = leaving(25, 3)
    assert found.revision.plan.on_hold
    assert found.until == day(28)
    # Days 20 to 28 are nine, each of 18 mg.
    needed = sum(Fraction(product.strength_mg) * count for product, count in found.supply.items())
    assert needed == 9 * 18


@pytest.mark.parametrize(("visit", "spare"), [(19, 3), (25, 0)])
def test_a_visit_that_lies_behind_or_a_supply_that_ends_with_it_is_refused(visit: int, spare: int) -> None:
    with pytest.raises(RevisionError):
        leaving(visit, spare)


# --- What a hold, zero and a drawn way mean for it -------------------------------------------------------------------
def test_a_return_during_a_hold_stays_on_hold() -> None:
    paused = hold(released(2), on=day(16), at=MORNING).plan
    found = returned(paused, last_taken=day(18), on=day(20), at=MORNING, request=ASKED, formulary=formulary())
    assert found.plan.on_hold
    assert numbers(found.plan) == ["20", "18"]
    assert [one.code for one in found.findings] == ["TPR-6"]


def test_nothing_was_missed_where_nothing_is_taken_any_more() -> None:
    plan = released(2)
    ended = replace(plan, steps=(plan.steps[0], replace(plan.steps[1], doses=())))
    with pytest.raises(RevisionError, match="reached zero"):
        returned(ended, last_taken=day(18), on=day(20), at=MORNING, request=ASKED, formulary=formulary())


DRAWN = replace(
    ASKED,
    shape=Shape.DRAWN,
    milestones=(Milestone(day(14), mg("18")), Milestone(day(48), mg("8")), Milestone(day(76), mg("0"))),
)


def test_a_return_from_a_drawn_way_goes_on_by_shares() -> None:
    found = returned(released(2), last_taken=day(18), on=day(20), at=MORNING, request=DRAWN, formulary=formulary())
    assert numbers(found.plan)[:3] == ["20", "18", "16.2"]


def test_other_products_keep_the_milestones_that_lie_ahead() -> None:
    found = resupplied(released(2), on=day(20), at=MORNING, products=SHELF, request=DRAWN, formulary=formulary())
    # The line from 18 mg on day 14 to 8 mg on day 48 asks for 18 - 10 x 14/34 = 13.88 mg on day 28, made above it; by
    # shares it would be 16.2 mg. A quarter of 18 mg within a fortnight is the ceiling: 13.5 mg.
    assert (numbers(found.plan)[2], starts(found.plan)[2]) == ("13.9", 28)


def test_once_every_milestone_lies_behind_other_products_go_on_by_shares() -> None:
    late = replace(DRAWN, milestones=(Milestone(day(14), mg("0")),))
    found = resupplied(released(2), on=day(20), at=MORNING, products=SHELF, request=late, formulary=formulary())
    assert (numbers(found.plan)[2], starts(found.plan)[2]) == ("16.2", 28)


def test_where_the_present_pieces_stay_the_same_no_step_is_added() -> None:
    found = resupplied(released(2), on=day(20), at=MORNING, products=SHELF, request=ASKED, formulary=formulary())
    assert numbers(found.plan)[:3] == ["20", "18", "16.2"]
    assert starts(found.plan)[:3] == [0, 14, 28]
