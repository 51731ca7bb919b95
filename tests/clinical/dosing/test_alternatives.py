"""What is offered where a plan is blocked: each way on, its own best plan, and nothing that leads no further."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from glidepath.clinical.dosing.alternatives import Alternative, Way, alternatives
from glidepath.clinical.dosing.plan import Goal, Product, TaperPlan
from glidepath.clinical.dosing.taper import plan
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import HALF, WHOLE, liquid, mg, request, tablet, totals

WHOLE_TABLETS = (tablet("10"), tablet("5"), tablet("2"))
LORAZEPAM = (tablet("1", HALF, "lorazepam"), tablet("2", WHOLE, "lorazepam"))


def ways(text: str, *products: Product, marketed: tuple[Product, ...] = (), **more: object) -> dict[Way, Alternative]:
    asked = request(text, *products, **more)
    blocked = plan(asked, formulary=formulary())
    found = alternatives(asked, blocked, formulary=formulary(), marketed=marketed)
    assert len({one.kind for one in found}) == len(found), "one of a kind"
    return {one.kind: one for one in found}


def doses(found: TaperPlan, medicine: str = "diazepam") -> list[float]:
    return [float(one) for one in totals(found, medicine)]


def test_whole_tablets_end_at_4_mg_and_five_ways_lead_on() -> None:
    # By hand: 10, 5 and 2 mg make 2, 4, 5, 6, 7, 8 ... mg; from 4 to 2 mg is half the dose.
    found = ways("diazepam 10 mg x2", *WHOLE_TABLETS, marketed=(liquid("1"), tablet("1")))
    assert set(found) == {Way.LIQUID, Way.STRENGTH, Way.HALVES, Way.QUARTERS, Way.KEPT_DOSE, Way.OVERRIDE}
    assert found[Way.LIQUID].plan.complete
    assert found[Way.LIQUID].what == "Stock diazepam 1 mg/mL oral solution."
    assert doses(found[Way.KEPT_DOSE].plan)[-1] == 4
    assert found[Way.KEPT_DOSE].plan.complete
    # With a 1 mg tablet, or halves of the 2 mg one, 3 mg can be made and 2 mg is a third less: still over a quarter.
    assert doses(found[Way.STRENGTH].plan)[-1] == 3
    assert doses(found[Way.HALVES].plan)[-1] == 3
    # Quarters of 2 mg: 0.5 mg at a time, down to 2; from 2 to 1.5 mg is just a quarter, from 1.5 to 1 mg is more.
    assert doses(found[Way.QUARTERS].plan)[-1] == 1.5
    assert not any(found[way].plan.complete for way in (Way.STRENGTH, Way.HALVES, Way.QUARTERS))


def test_an_override_lets_just_the_steps_pass_that_nothing_divides() -> None:
    # 4 to 2 and 2 to 0 are over a quarter (2 mg is over the small last step); every other cut keeps the ceiling.
    found = ways("diazepam 10 mg x2", *WHOLE_TABLETS)[Way.OVERRIDE]
    assert found.what == (
        "A prescriber overrides the ceiling for the step from diazepam 4 mg and from diazepam 2 mg, with a reason."
    )
    assert found.plan.complete
    over = [(before, after) for before, after in pairwise(doses(found.plan)) if before - after > before / 4]
    assert over == [(4, 2), (2, 0)]


def test_a_short_acting_medicine_may_be_switched_and_the_longer_one_is_stocked_for_it() -> None:
    found = ways("lorazepam 1 mg x2", *LORAZEPAM, marketed=(tablet("5", HALF), tablet("2", HALF), liquid("1")))
    assert found[Way.SWITCH].what == "Switch to diazepam, one dose of the day at a time, and stock it."
    assert found[Way.SWITCH].plan.complete
    assert doses(found[Way.SWITCH].plan, "lorazepam")[-1] == 0


def test_a_long_acting_medicine_and_a_z_drug_are_not_switched() -> None:
    marketed = (tablet("5", HALF), liquid("1"))
    assert Way.SWITCH not in ways("diazepam 10 mg x2", *WHOLE_TABLETS, marketed=marketed)
    zopiclone = tablet("7.5", WHOLE, "zopiclone")
    assert Way.SWITCH not in ways("zopiclone 7.5 mg x1", zopiclone, marketed=marketed)


def test_the_present_dose_is_no_lower_dose_to_keep() -> None:
    found = ways("zopiclone 7.5 mg x1", tablet("7.5", WHOLE, "zopiclone"))
    assert Way.KEPT_DOSE not in found
    assert set(found) == {Way.QUARTERS, Way.OVERRIDE}, "half of it is half the dose: that leads no further"


def test_a_present_dose_that_cannot_be_made_is_freed_by_a_product_that_makes_it() -> None:
    found = ways("diazepam 7.5 mg x1", *WHOLE_TABLETS, marketed=(liquid("1"),))
    assert found[Way.LIQUID].plan.complete
    assert doses(found[Way.LIQUID].plan)[0] == 7.5
    assert Way.OVERRIDE not in found


@pytest.mark.parametrize("goal", [Goal(), Goal((mg("8"),))])
def test_a_complete_plan_needs_no_way_on(goal: Goal) -> None:
    asked = request("diazepam 10 mg x2", *WHOLE_TABLETS, liquid("1", Fraction(1, 10)), goal=goal)
    assert alternatives(asked, plan(asked, formulary=formulary()), formulary=formulary()) == ()
