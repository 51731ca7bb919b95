"""The planner finds the very sequence that comparing all of them finds, or proves with it that there is none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Kind, Product, Shape, TaperPlan
from tests.clinical.dosing.every_way_down import Asked, Shelf, best
from tests.clinical.dosing.shelf import HALF, QUARTER, each_interval, liquid, mg, planned, tablet, totals

SHELVES = {
    "2 mg halves": (tablet("2", HALF),),
    "2 mg quarters": (tablet("2", QUARTER),),
    "5 and 2 mg halves": (tablet("5", HALF), tablet("2", HALF)),
    "1 mg whole": (tablet("1"),),
    "10, 5, 2 mg whole": (tablet("10"), tablet("5"), tablet("2")),
    "liquid by 0.5 mL, 2 mg halves": (liquid("1", HALF), tablet("2", HALF)),
}
CASES = [
    # shelf, from, to, cut, days, linear, mg of diazepam that may go to zero at once
    ("2 mg halves", "8", "0", "1/10", 14, False, "3"),
    ("2 mg halves", "8", "0", "1/10", 14, False, "1"),
    ("2 mg halves", "8", "3", "1/10", 14, False, "1"),
    ("2 mg halves", "9", "4", "1/5", 7, False, "1"),
    ("2 mg halves", "8", "4", "1/4", 7, False, "1"),
    ("2 mg halves", "8", "0", "1/4", 7, False, "3"),
    ("2 mg halves", "6", "0", "1/20", 7, False, "3"),
    ("2 mg quarters", "3", "0", "1/10", 14, False, "1.5"),
    ("2 mg quarters", "4", "0", "1/5", 7, False, "1.5"),
    ("2 mg quarters", "4", "2", "1/8", 5, False, "1"),
    ("2 mg quarters", "3.5", "2", "1/4", 5, False, "1"),
    ("5 and 2 mg halves", "5", "0", "1/10", 14, False, "2"),
    ("5 and 2 mg halves", "5", "0", "1/5", 10, False, "2"),
    ("5 and 2 mg halves", "6", "3", "1/5", 14, True, "1"),
    ("1 mg whole", "10", "0", "1/10", 14, True, "3"),
    ("1 mg whole", "8", "0", "1/10", 14, False, "4"),
    ("1 mg whole", "8", "4", "1/4", 13, False, "1"),
    ("1 mg whole", "8", "4", "1/4", 15, True, "1"),
    ("1 mg whole", "7", "4", "1/100", 3, False, "1"),
    ("10, 5, 2 mg whole", "9", "0", "1/10", 14, False, "4"),
    ("10, 5, 2 mg whole", "12", "8", "1/10", 14, False, "1"),
    ("10, 5, 2 mg whole", "10", "5", "1/20", 7, False, "1"),
    ("liquid by 0.5 mL, 2 mg halves", "4", "0", "1/8", 14, False, "1.5"),
    ("liquid by 0.5 mL, 2 mg halves", "3", "0", "1/5", 7, True, "1"),
]


@pytest.mark.parametrize(("shelf", "start", "goal", "cut", "every", "linear", "small"), CASES)
def test_no_other_sequence_of_makeable_doses_is_better(
    shelf: str, start: str, goal: str, cut: str, every: int, linear: bool, small: str
) -> None:
    products = SHELVES[shelf]
    found = planned(
        f"diazepam {start} mg at 22:00",
        *products,
        cut=cut,
        every=every,
        goal=Goal() if goal == "0" else Goal((mg(goal),)),
        shape=Shape.LINEAR if linear else Shape.PROPORTIONAL,
        limits=replace(Limits.of(), last_step_max_diazepam=Decimal(small)),
    )
    asked = Asked(
        doses=makeable_between(products, Fraction(start), Fraction(goal)),
        cut=Fraction(cut),
        linear=linear,
        every=every,
        ceiling=Fraction(1, 4),
        small=Fraction(small),
        shelf=on(products),
    )
    agrees(found, asked, every, longest=11)


def agrees(found: TaperPlan, asked: Asked, every: int, *, longest: int) -> None:
    """Found and compared: the same sequence; or both say that the goal cannot be reached, from the same dose on."""
    expected = best(asked, longest)
    if found.complete:
        assert [Fraction(dose) for dose in each_interval(found, every)] == list(expected or ())
        return
    assert expected is None
    assert found.blocked is not None
    assert found.blocked.code == "JCG-6c"
    ends = Fraction(totals(found)[-1])
    lower = [dose for dose in asked.doses if dose < ends]
    assert all(best(replace(asked, doses=(*_from(asked, dose), dose)), longest) is None for dose in lower)
    if ends < asked.doses[0]:
        there = best(replace(asked, doses=(*_from(asked, ends), ends)), longest)
        assert [Fraction(dose) for dose in each_interval(found, every)] == list(there or ())


def _from(asked: Asked, goal: Fraction) -> tuple[Fraction, ...]:
    return tuple(dose for dose in asked.doses if dose > goal)


def makeable_between(products: tuple[Product, ...], start: Fraction, goal: Fraction) -> tuple[Fraction, ...]:
    """By trying every eighth of a milligram."""
    shelf = on(products)
    amounts = [Fraction(eighths, 8) for eighths in range(int(start * 8), -1, -1)]
    return tuple(amount for amount in amounts if goal <= amount and (amount == 0 or shelf.fewest(amount) is not None))


def on(products: tuple[Product, ...]) -> Shelf:
    return Shelf(tuple((product.strength_mg, int(1 / product.step)) for product in products if product.kind in Kind))
