"""Doses made exactly from the stocked products, and the day's dose divided over the day.

What counts as a piece, and which of two equal ways is taken, stands in bench.py.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.bench import Bench, bench
from glidepath.clinical.dosing.errors import CannotBeMade, PlanError
from glidepath.clinical.dosing.plan import Made, PlannedDose, Product
from glidepath.clinical.dosing.troughs import lowest_trough

__all__ = ["CannotBeMade", "made_dose", "make", "makeable", "pieces_of", "split_day"]


def make(dose: Dose, products: Sequence[Product]) -> tuple[Made, ...]:
    """The products that make `dose` exactly, fewest pieces first (see the module). A dose of zero is made of nothing.

    Raises CannotBeMade with the nearest makeable doses; it never rounds.
    """
    return bench(dose.medicine, tuple(products)).make(dose)


def makeable(products: Sequence[Product], medicine: str, *, up_to: Dose) -> tuple[Dose, ...]:
    """Every dose of `medicine` from zero to `up_to` that the products make exactly, rising."""
    laid_out = bench(medicine, tuple(products))
    if not laid_out.products:
        return (Dose.from_ng(0, medicine),)
    return tuple(laid_out.dose(units) for units in laid_out.reachable(int(up_to.ng / laid_out.unit_ng)))


def pieces_of(made: Sequence[Made]) -> int:
    """Pieces to be handled: every started tablet and every started millilitre counts one."""
    return sum(ceil(part.count) for part in made)


def made_dose(time: dt.time, dose: Dose, products: Sequence[Product]) -> PlannedDose:
    """A dose at a time of day with the products that make it. Raises CannotBeMade."""
    return PlannedDose(time, dose, make(dose, products))


def split_day(
    daily: Dose,
    times: Sequence[dt.time],
    products: Sequence[Product],
    *,
    like: Mapping[dt.time, Dose] | None = None,
    before: Mapping[dt.time, Dose] | None = None,
    half_life_h: float | None = None,
) -> tuple[PlannedDose, ...]:
    """A daily dose divided over times of day, each part made exactly, summing exactly to `daily`.

    like: the doses whose distribution over the day is kept as closely as can be made (else even parts): the sum of
    the distances from it is least; then the lowest trough is highest, so that the hours before a dose that are hardest
    lose least; then fewest pieces; then the larger doses last. A time may stay without a dose.
    before: the doses of the day before. No time gets more than it had, unless no division without that exists.
    half_life_h: the medicine's, for the troughs; None where none is known.
    Raises CannotBeMade when the daily dose itself cannot be made, PlanError without a time.
    """
    if not times:
        raise PlanError(f"{daily} a day needs at least one time of day")
    ordered = sorted(set(times))
    made = bench(daily.medicine, tuple(products))
    if daily.mg == 0:
        return ()
    made.make(daily)
    total = made.units(daily)
    assert total is not None  # it was just made
    shares = _shares(ordered, like)
    tops = [_top(made, time, total, before) for time in ordered]
    trough = lowest_trough(ordered, shares, half_life_h)
    parts = _closest(made, total, shares, tops, trough) or _closest(made, total, shares, [total] * len(ordered), trough)
    assert parts is not None  # the whole dose at one time is always a division
    doses = [(time, made.dose(units)) for time, units in zip(ordered, parts, strict=True) if units]
    return tuple(PlannedDose(time, dose, made.make(dose)) for time, dose in doses)


def _shares(times: Sequence[dt.time], like: Mapping[dt.time, Dose] | None) -> list[int]:
    """What each time has of the day, as whole parts: those of `like`, else equal ones."""
    weights = [like[time].ng if like and time in like else 0 for time in times]
    return weights if any(weights) else [1] * len(times)


def _top(made: Bench, time: dt.time, total: int, before: Mapping[dt.time, Dose] | None) -> int:
    if before is None:
        return total
    return int(before[time].ng / made.unit_ng) if time in before else 0


def _closest(
    made: Bench, total: int, shares: Sequence[int], tops: Sequence[int], trough: Callable[[Sequence[int]], float]
) -> tuple[int, ...] | None:
    """The division closest to the shares, no part above its top; None where there is none.

    Every division no farther than `reach` from the shares is looked at before a wider one: the first found is best.
    Distances are counted in units times the sum of the shares, so that they stay whole numbers.
    """
    if sum(tops) < total:
        return None
    scale = sum(shares)
    targets = [total * share for share in shares]
    reach = scale
    while True:
        found = min(
            _divisions(made, total, targets, tops, reach, scale),
            key=lambda one: (-one[0], -trough(one[1]), sum(made.pieces(part) for part in one[1]), one[1]),
            default=None,
        )
        if found is not None:
            return found[1]
        if reach > 2 * total * scale:
            return None
        reach *= 2


def _divisions(
    made: Bench, total: int, targets: Sequence[int], tops: Sequence[int], reach: int, scale: int
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Every division into makeable parts whose distances from the targets sum to at most `reach`, beside what they
    leave of it."""
    can, target = made.reachable(total), targets[0]
    if len(targets) == 1:
        left = reach - abs(total * scale - target)
        if left >= 0 and 0 <= total <= tops[0] and bisect_right(can, total) > bisect_left(can, total):
            yield left, (total,)
        return
    least, most = max(0, -((reach - target) // scale)), min((target + reach) // scale, tops[0], total)
    for part in can[bisect_left(can, least) : bisect_right(can, most)]:
        left = reach - abs(part * scale - target)
        for still_left, others in _divisions(made, total - part, targets[1:], tops[1:], left, scale):
            yield still_left, (part, *others)
