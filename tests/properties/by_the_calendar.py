"""Plain checks of a plan that use nothing of the planner: day by day, and by writing down what can be made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from math import gcd

from glidepath.clinical.dosing.plan import Product, Step

DAY = dt.timedelta(days=1)


def daily_mg(step: Step, medicine: str) -> Fraction:
    return sum((Fraction(dose.dose.mg) for dose in step.doses if dose.dose.medicine == medicine), Fraction(0))


def highest_in_fortnight(steps: Sequence[Step], number: int, medicine: str) -> Fraction:
    """The highest daily dose in force at any moment of the 14 calendar days that end with the day a step begins."""
    day = steps[number].start
    window = {day - back * DAY for back in range(14)}
    highest = Fraction(0)
    for index in range(number):
        last = steps[index + 1].start  # in force until some moment of that day
        first = steps[index].start if index else dt.date.min
        if any(first <= that <= last for that in window):
            highest = max(highest, daily_mg(steps[index], medicine))
    return highest


def makeable_up_to(products: Sequence[Product], most: Fraction) -> set[Fraction]:
    """Every amount up to `most` mg that parts of the products add up to, found by adding parts."""
    parts = [Fraction(product.strength_mg) * product.step for product in products]
    unit = Fraction(gcd(*(int(part * 10**7) for part in parts)), 10**7)
    size = int(most / unit)
    can = [True] + [False] * size
    for amount in range(1, size + 1):
        can[amount] = any(part <= amount * unit and can[amount - int(part / unit)] for part in parts)
    return {amount * unit for amount in range(size + 1) if can[amount]}
