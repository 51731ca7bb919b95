"""A slow, plain oracle for the planner: write down every sequence of doses and compare them one by one.

Nothing of the planner is used. The ceiling is checked day by day on the calendar, as guideline section 3 words it:
the highest dose in force at any moment in the 14 calendar days that end with the day of the change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise, product as every_combination
from math import ceil


@dataclass(frozen=True)
class Shelf:
    """Solids as (mg, parts of a piece allowed); liquids as (mg/mL, graduations of one mL)."""

    pieces: tuple[tuple[Decimal, int], ...]

    @cache  # noqa: B019 - a handful of shelves in one test run
    def fewest(self, amount: Fraction) -> tuple[int, int] | None:
        """The fewest pieces, then products, that make an amount; None when nothing does."""
        ranges = [range(int(amount / (Fraction(strength) / parts)) + 1) for strength, parts in self.pieces]
        best = None
        for counts in every_combination(*ranges):
            made = sum(
                (
                    Fraction(strength) * count / parts
                    for (strength, parts), count in zip(self.pieces, counts, strict=True)
                ),
                Fraction(0),
            )
            if made == amount:
                pieces = sum(
                    ceil(Fraction(count, parts)) for (_, parts), count in zip(self.pieces, counts, strict=True)
                )
                found = pieces, sum(count > 0 for count in counts)
                best = found if best is None else min(best, found)
        return best


@dataclass(frozen=True)
class Asked:
    doses: tuple[Fraction, ...]  # makeable, falling, from the present dose to the goal
    cut: Fraction
    linear: bool
    every: int
    ceiling: Fraction
    small: Fraction
    shelf: Shelf
    stays: Fraction = Fraction(0)  # of other medicines, in the same mg
    earlier: tuple[tuple[int, Fraction], ...] = ()  # doses replaced so many days before the first change
    drawn: tuple[Fraction, ...] | None = None  # the least dose after each change, the goal after the last
    waived: tuple[tuple[Fraction, Fraction], ...] = ()  # changes that a prescriber lets pass over the ceiling


def best(asked: Asked, longest: int) -> tuple[Fraction, ...] | None:
    """The best sequence of at most `longest` intervals; None when no sequence keeps the limits."""
    ranked = [(_rank(asked, way), way) for way in _ways(asked, longest) if _within_limits(asked, way)]
    return min(ranked)[1] if ranked else None


def _ways(asked: Asked, longest: int) -> Iterator[tuple[Fraction, ...]]:
    """Every sequence that never rises and ends when it first reaches the goal."""
    start, goal = asked.doses[0], asked.doses[-1]

    def onward(way: tuple[Fraction, ...], dose: Fraction) -> Iterator[tuple[Fraction, ...]]:
        if dose == goal:
            yield way
        elif len(way) < longest:
            for following in asked.doses:
                if following <= dose and (dose == following or _may_step(asked, dose, following)):
                    yield from onward((*way, following), following)

    return onward((), start)


def _may_step(asked: Asked, dose: Fraction, following: Fraction) -> bool:
    """The ceiling for this cut alone, to keep the list short; the window is looked at afterwards."""
    return (
        (dose, following) in asked.waived
        or (following == 0 and dose <= asked.small)
        or dose - following <= asked.ceiling * dose
    )


def _within_limits(asked: Asked, way: Sequence[Fraction]) -> bool:
    doses = [asked.doses[0], *way]
    for number in range(1, len(doses)):
        if asked.drawn is not None and doses[number] < _curve(asked, number):
            return False
        if doses[number] == doses[number - 1] or (doses[number - 1], doses[number]) in asked.waived:
            continue
        highest = max(_in_window(asked, doses, number))
        total_cut = (highest - doses[number]) / (highest + asked.stays)
        free = doses[number] == 0 and doses[number - 1] <= asked.small
        if not free and highest - doses[number] > asked.ceiling * highest:
            return False
        if total_cut > asked.ceiling and not (free and asked.stays == 0):
            return False
    return True


def _in_window(asked: Asked, doses: Sequence[Fraction], number: int) -> Iterator[Fraction]:
    """Every dose in force on some day of the 14 that end with the day of the change."""
    every, day = asked.every, number * asked.every
    yield from (dose for ago, dose in asked.earlier if every - ago >= day - 13)
    for earlier in range(number):
        first, last = (earlier * every if earlier else -1000), (earlier + 1) * every
        if any(first <= that <= last for that in range(day - 13, day + 1)):
            yield doses[earlier]


def _rank(asked: Asked, way: Sequence[Fraction]) -> tuple[object, ...]:
    doses = [asked.doses[0], *way]
    excesses = [_excess(asked, before, after) for before, after in pairwise(doses)]
    curve = [_curve(asked, number) for number in range(1, len(way))]
    apart = sum((abs(dose - point) for dose, point in zip(way, curve, strict=False)), Fraction(0))
    weighed = [asked.shelf.fewest(dose) or (0, 0) for dose in way]
    return (
        max(excesses),
        sum(excesses),
        len(way),
        apart,
        sum(pieces for pieces, _ in weighed),
        sum(products for _, products in weighed),
        [-dose for dose in way],
    )


def _excess(asked: Asked, before: Fraction, after: Fraction) -> Fraction:
    if asked.drawn is not None:
        return Fraction(0)
    if after == 0 and before <= asked.small and asked.stays == 0:
        return Fraction(0)
    if after == 0 and before <= asked.small and before <= asked.ceiling * (before + asked.stays):
        return Fraction(0)
    pace = asked.cut * (asked.doses[0] if asked.linear else before)
    return max(Fraction(0), before - after - pace) / before


def _curve(asked: Asked, number: int) -> Fraction:
    start, goal = asked.doses[0], asked.doses[-1]
    if asked.drawn is not None:
        return max(asked.drawn[number - 1], goal) if number <= len(asked.drawn) else goal
    drawn = start - number * asked.cut * start if asked.linear else start * (1 - asked.cut) ** number
    return max(drawn, goal)
