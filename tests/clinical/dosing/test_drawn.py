"""A way down through milestones: never below the curve, as low as the products and the limits let it."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.clinical.dosing.drawn import curve
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.plan import Goal, Shape
from glidepath.clinical.dosing.request import Milestone
from tests.clinical.dosing.shelf import HALF, START, liquid, mg, planned, tablet, totals
from tests.clinical.dosing.test_revise import day

FINE = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF), liquid("1"))


def drawn(*points: tuple[int, str], text: str = "diazepam 10 mg x2", **more: object) -> list[float]:
    stones = tuple(Milestone(day(on), mg(amount)) for on, amount in points)
    found = planned(text, *FINE, shape=Shape.DRAWN, milestones=stones, **more)
    assert found.complete
    return [float(one) for one in totals(found)]


def test_a_straight_line_to_the_goal_is_followed_at_each_change() -> None:
    # By hand: 20 mg on day 0 and 12 mg on day 56 is 2 mg a fortnight; then 12 to 10 mg in 28 days, 1 mg a fortnight.
    assert drawn((56, "12"), (84, "10"), goal=Goal((mg("10"),))) == [20, 18, 16, 14, 12, 11, 10]


def test_what_cannot_be_made_is_rounded_up_to_the_next_makeable_dose() -> None:
    # 20 to 19 mg in 42 days: 19 2/3 and 19 1/3 mg, measured to the tenth above.
    assert drawn((42, "19"), goal=Goal((mg("19"),))) == [20, 19.7, 19.4, 19]


def test_a_curve_steeper_than_the_ceiling_is_followed_as_fast_as_the_ceiling_lets_it() -> None:
    # A quarter in any fortnight: 20, 15, 11.25 made as 11.3, 8.475 as 8.5 ...
    assert drawn((14, "5"), goal=Goal((mg("5"),)))[:4] == [20, 15, 11.3, 8.5]


def test_a_plateau_is_kept_for_as_long_as_it_was_drawn() -> None:
    found = planned(
        "diazepam 10 mg x2",
        *FINE,
        shape=Shape.DRAWN,
        goal=Goal((mg("14"),)),
        milestones=(Milestone(day(14), mg("18")), Milestone(day(70), mg("18")), Milestone(day(84), mg("14"))),
    )
    assert [(step.start - START).days for step in found.steps] == [0, 14, 84]


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ((), "needs its milestones"),
        (((14, "8"),), "ends at the goal"),
        (((0, "18"), (14, "0")), "does not lie after the start"),
        (((14, "21"), (28, "0")), "lies above the present"),
        (((14, "10"), (28, "12"), (42, "0")), "does not fall"),
        (((14, "10"), (14, "8"), (42, "0")), "does not fall"),
    ],
)
def test_milestones_that_do_not_lead_down_are_refused(points: tuple[tuple[int, str], ...], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        drawn(*points)


def test_milestones_for_another_shape_are_refused() -> None:
    with pytest.raises(PlanError, match="only that shape"):
        planned("diazepam 10 mg x2", *FINE, milestones=(Milestone(day(14), mg("0")),))


def test_between_two_milestones_the_curve_is_straight() -> None:
    stones = (Milestone(day(10), mg("10")), Milestone(day(20), mg("4")))
    found = curve(stones, present=mg("20"), since=START, first=day(5), interval_days=5)
    assert found == (15, 10, 7)
    assert curve(stones, present=mg("20"), since=START, first=day(30), interval_days=5) == ()


def test_the_curve_counts_from_the_day_the_dose_it_falls_from_began() -> None:
    later = START + dt.timedelta(days=10)
    assert curve((Milestone(day(20), mg("4")),), present=mg("8"), since=later, first=day(15), interval_days=14) == (6,)
