"""The best way down: one medicine, in whole units, one dose for each interval, from the present dose to the goal.

The guarantee. Among all sequences of makeable daily doses, one for each asked interval, that never rise, `descend`
finds one that is best in this order:

1. no limit is broken: each dose keeps at least 1 - ceiling of every dose in force in the `ceiling_days` calendar days
   before the change to it, the tail included; the last step to zero is free of that from a `small` dose (TPR-10);
2. the worst excess of a cut over the asked pace, as a share of the present dose, is least;
3. the sum of all excesses is least (the small last step counts none);
4. the fewest days;
5. closest to the shape: the sum over the intervals of the distance, in mg, from the curve that the asked pace draws;
6. the fewest pieces, then the fewest products; what is still equal goes to the higher dose first.

Of a curve that somebody drew, the pace is the curve itself: no dose lies below its point, so there is no excess, and
the lowest allowed dose at every change is both the soonest at the goal and the closest to the curve.
Where a prescriber lets a dose go to the next lower one over the ceiling, that one change is free of (1), no other.

When there is no such sequence the first dose below which none exists is named, and no other choice could pass it.

Why it is exact. Every way down has to cross every gap between neighbouring makeable doses, and the cut that crosses a
gap is at least the gap. So the widest gap decides (2) and whether there is a way at all, and a way that takes every
dose, waiting wherever the window asks for it, attains it. When no gap exceeds the pace, no excess is needed: taking
the lowest allowed dose at every change stays lowest at every later change (all bounds rise with the earlier doses),
and no sequence without excess runs below the curve, so it is both fastest and closest. Otherwise (3) is a shortest
path over the doses, (4) one with the doses of the window as labels, (5) and (6) one through the intervals.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor, lcm

Bound = tuple[int, int, bool]  # (change, units, last): changes before that one keep so many units; last: none to zero
Label = tuple[int, tuple[Bound, ...]]  # the change at which a dose was reached, and what still stands
Cost = tuple[int, int, int]  # distance from the curve (scaled), pieces, products
Found = tuple[Cost, tuple[int, ...]]  # a cost, and the doses that led to it, negative: of equals the higher comes first
Way = tuple[Found, tuple[Bound, ...]]  # and what still stands after it
Arcs = dict[int, list[int]]  # from each dose the doses that may follow it

_NONE = Fraction(0)


@dataclass(frozen=True)
class Slope:
    """What is asked. All doses are whole units of one medicine.

    doses: every makeable dose from 0 to `start`, rising, both included when they can be made.
    cut: share of the present dose for each interval, or of the first dose where `linear` (then the same amount).
    ceiling: largest lowering within the window, None where none holds. small: doses up to it may go to zero at once.
    window: changes so many intervals after another no longer count it (1 for intervals as long as the ceiling's days).
    small_beside: the same limit at the total, where other medicines stay; None where none does.
    held: what doses before the start ask of the first changes.
    curve: the least dose asked for after each change, the goal after the last; then `cut` and `linear` are not used.
    overridden: changes between neighbouring doses that a prescriber lets pass over the ceiling.
    weigh: pieces and products of a day's dose.
    """

    doses: tuple[int, ...]
    start: int
    goal: int
    cut: Fraction
    linear: bool
    ceiling: Fraction | None
    small: Fraction
    window: int
    weigh: Callable[[int], tuple[int, int]]
    small_beside: Fraction | None = None
    held: tuple[Bound, ...] = ()
    curve: tuple[Fraction, ...] | None = None
    overridden: frozenset[tuple[int, int]] = frozenset()

    @cached_property
    def free_to_zero(self) -> int:
        """The largest dose that may go to zero in one step; with medicines that stay, the total counts too."""
        return floor(self.small if self.small_beside is None else min(self.small, self.small_beside))

    def is_free(self, dose: int, following: int) -> bool:
        return following == 0 and dose <= self.free_to_zero

    def asked(self, dose: int) -> int:
        """The cut that the pace asks at a dose, in parts of a unit: as many as the cut's share is written in."""
        return self.cut.numerator * (self.start if self.linear else dose)

    def excess(self, dose: int, following: int) -> Fraction:
        """How far a cut goes beyond the asked pace, as a share of the dose before it."""
        parts = self.cut.denominator
        beyond = parts * (dose - following) - self.asked(dose)
        return _NONE if beyond <= 0 or self.is_free(dose, following) else Fraction(beyond, parts * dose)

    @cached_property
    def keeps(self) -> dict[int, int]:
        """What each dose asks of those in its window: at least so many units."""
        if self.ceiling is None:
            return dict.fromkeys(self.doses, 0)
        kept, out_of = (1 - self.ceiling).as_integer_ratio()
        return {dose: -(-kept * dose // out_of) for dose in self.doses}

    @cached_property
    def stays_small(self) -> int | None:
        """The largest dose that may go to zero beside what stays, in whole units."""
        return None if self.small_beside is None else floor(self.small_beside)

    def bound(self, dose: int, change: int) -> Bound:
        """What a dose that was replaced at a change asks of later ones."""
        last = self.stays_small is not None and dose > self.stays_small
        return change + self.window, self.keeps[dose], last

    def may(self, dose: int, following: int) -> bool:
        """Whether the ceiling lets this single cut pass."""
        return following >= self.keeps[dose] or self.is_free(dose, following) or (dose, following) in self.overridden


@dataclass(frozen=True, slots=True)
class Impasse:
    """No dose below `at` can be reached from it or from any dose above it within the limits; `below` is the next."""

    at: int
    below: int


def descend(slope: Slope) -> tuple[int, ...] | Impasse:
    """The dose after each interval, the goal last; empty when the start is the goal. See the module's guarantee."""
    if slope.start == slope.goal:
        return ()
    gaps = tuple(_gaps(slope))
    blocked = next(((above, below) for above, below in gaps if not slope.may(above, below)), None)
    if blocked is not None:
        return Impasse(*blocked)
    if slope.curve is not None:
        return _along(slope, slope.curve)
    worst = max(slope.excess(above, below) for above, below in gaps)
    return _steepest(slope) if worst == 0 and not slope.overridden else _least_excess(slope, worst)


def _gaps(slope: Slope) -> Iterable[tuple[int, int]]:
    """Neighbouring makeable doses from the start down, as far as every way has to go step by step."""
    way = [dose for dose in slope.doses if slope.goal <= dose <= slope.start][::-1]
    for above, below in itertools.pairwise(way):
        if slope.goal == 0 and slope.is_free(above, 0):
            yield above, 0
            return
        yield above, below


def _steepest(slope: Slope) -> tuple[int, ...]:
    """No gap exceeds the pace: the lowest allowed dose at every change."""
    return _lowest_each_time(slope, _lowest_within_pace)


def _along(slope: Slope, curve: tuple[Fraction, ...]) -> tuple[int, ...]:
    """The lowest allowed dose at every change that is not below the curve."""
    points = [*map(ceil, curve)]

    def lowest(slope: Slope, dose: int, change: int, bounds: tuple[Bound, ...]) -> int:
        asked = max(slope.goal, points[change - 1] if change <= len(points) else slope.goal)
        can = slope.doses[bisect_left(slope.doses, asked) : bisect_left(slope.doses, dose)]
        may = (one for one in can if slope.may(dose, one) and _passes(slope, dose, one, change, bounds))
        return next(may, dose)

    return _lowest_each_time(slope, lowest)


def _lowest_each_time(slope: Slope, lowest: Callable[[Slope, int, int, tuple[Bound, ...]], int]) -> tuple[int, ...]:
    path: list[int] = []
    dose, bounds = slope.start, slope.held
    while dose != slope.goal:
        change = len(path) + 1
        following = lowest(slope, dose, change, bounds)
        if following != dose:
            bounds = _trim([*bounds, slope.bound(dose, change)], change)
        path.append(following)
        dose = following
    return tuple(path)


def _lowest_within_pace(slope: Slope, dose: int, change: int, bounds: tuple[Bound, ...]) -> int:
    if slope.goal == 0 and slope.is_free(dose, 0) and _passes(slope, dose, 0, change, bounds):
        return 0
    asked = dose - slope.asked(dose) // slope.cut.denominator
    floor = max([asked, slope.keeps[dose], slope.goal, *(units for until, units, _ in bounds if change < until)])
    return dose if floor >= dose else slope.doses[bisect_left(slope.doses, floor)]


def _least_excess(slope: Slope, worst: Fraction) -> tuple[int, ...]:
    arcs = _tight_arcs(slope, worst)
    intervals = _fewest_intervals(slope, arcs)
    return _closest_to_shape(slope, arcs, intervals)


def _tight_arcs(slope: Slope, worst: Fraction) -> Arcs:
    """From each dose the doses that follow on a way of least total excess, none of them above the worst; higher first.

    Excesses are whole numbers of one common unit, so sums are exact.
    """
    way = [dose for dose in slope.doses if slope.goal <= dose <= slope.start]
    out_of, (most, of_most) = slope.cut.denominator, worst.as_integer_ratio()
    common = lcm(*(dose for dose in way if dose))
    least = {slope.goal: 0}
    arcs: Arcs = {}
    for index, dose in enumerate(way):
        if dose == slope.goal:
            continue
        asked, per_unit = slope.asked(dose), common // dose
        deepest = dose - (asked * of_most + most * dose * out_of) // (out_of * of_most)
        lowest = max(slope.keeps[dose], deepest, slope.goal)
        steps: dict[int, int] = {}
        for following in way[bisect_left(way, lowest) : index]:
            if following in least:
                steps[following] = max(0, out_of * (dose - following) - asked) * per_unit + least[following]
        if slope.goal == 0 and slope.is_free(dose, 0):
            steps[0] = 0
        below = way[index - 1]
        if (dose, below) in slope.overridden and below in least:
            steps[below] = max(0, out_of * (dose - below) - asked) * per_unit + least[below]
        if steps:
            least[dose] = min(steps.values())
            arcs[dose] = [following for following in sorted(steps, reverse=True) if steps[following] == least[dose]]
    return arcs


def _fewest_intervals(slope: Slope, arcs: Arcs) -> int:
    """Labels from the start down: (change at which a dose was reached, bounds still standing); the earliest win."""
    labels: dict[int, list[Label]] = {slope.start: [(0, _trim(slope.held, 0))]}
    for dose in sorted(arcs, reverse=True):
        for change, bounds in labels.pop(dose, ()):
            for following in arcs[dose]:
                reached = change + 1
                while not _passes(slope, dose, following, reached, bounds):
                    reached += 1
                _keep(
                    labels.setdefault(following, []), (reached, _trim([*bounds, slope.bound(dose, reached)], reached))
                )
    return min(change for change, _ in labels[slope.goal])


def _passes(slope: Slope, dose: int, following: int, change: int, bounds: Iterable[Bound]) -> bool:
    """Whether the doses of the window let a change pass. The free last step looks only at the total beside others."""
    if (dose, following) in slope.overridden:
        return True
    if slope.is_free(dose, following):
        return not any(last for until, _, last in bounds if change < until)
    return all(following >= units for until, units, _ in bounds if change < until)


def _trim(bounds: Iterable[Bound], change: int) -> tuple[Bound, ...]:
    """The bounds that can still bind after a change, without those that another one covers; one form for each set."""
    standing = [bound for bound in bounds if bound[0] > change + 1]
    if len(standing) < 2:
        return tuple(standing)
    kept: list[Bound] = []
    for until, units, last in sorted(standing, reverse=True):
        if not any(units <= other[1] and last <= other[2] for other in kept):
            kept.append((until, units, last))
    return tuple(kept)


def _keep(labels: list[Label], new: Label) -> None:
    if any(_covers(old, new) for old in labels):
        return
    labels[:] = [old for old in labels if not _covers(new, old)]
    labels.append(new)


def _covers(one: Label, other: Label) -> bool:
    """Whether `one` is no later and binds nowhere more than `other`."""
    return one[0] <= other[0] and _weaker(one[1], other[1], other[0])


def _weaker(bounds: Iterable[Bound], others: Iterable[Bound], change: int) -> bool:
    """Whether some bounds, after a change, bind nowhere more than others do."""
    return all(
        until <= change + 1 or any(until <= theirs[0] and units <= theirs[1] and last <= theirs[2] for theirs in others)
        for until, units, last in bounds
    )


def _closest_to_shape(slope: Slope, arcs: Arcs, intervals: int) -> tuple[int, ...]:
    """Of the ways with so many intervals, waits included, the one nearest to the curve, then of fewest pieces."""
    left, reach, curve = _intervals_left(slope, arcs), _Reach(slope, arcs), _Curve(slope, intervals)
    layer: dict[int, list[Way]] = {slope.start: [(((0, 0, 0), ()), _trim(slope.held, 0))]}
    for change in range(1, intervals + 1):
        reached: dict[int, list[Way]] = {}
        for dose, ways in layer.items():
            for following in (dose, *arcs.get(dose, ())):
                if left[following] > intervals - change:
                    continue
                for (cost, path), bounds in ways:
                    if following != dose:
                        if not _passes(slope, dose, following, change, bounds):
                            continue
                        bounds = (*bounds, slope.bound(dose, change))
                    found = curve.add(cost, change, following), (*path, -following)
                    _keep_way(
                        reached.setdefault(following, []), (found, reach.binding(following, bounds, change)), change
                    )
        layer = reached
    _, best = min(found for found, _ in layer[slope.goal])
    return tuple(-units for units in best)


def _keep_way(ways: list[Way], new: Way, change: int) -> None:
    """Keep a way unless another is better and binds nowhere more: whatever follows it could follow the other."""
    if any(old[0] < new[0] and _weaker(old[1], new[1], change) for old in ways):
        return
    ways[:] = [old for old in ways if not (new[0] < old[0] and _weaker(new[1], old[1], change))]
    ways.append(new)


def _intervals_left(slope: Slope, arcs: Arcs) -> dict[int, int]:
    """Intervals from each dose to the goal, never more than are truly needed.

    There is one for each cut; and a whole window can at most lower a dose to what the ceiling keeps of it, where
    nobody lets a change pass over it.
    """
    left, windows = {slope.goal: 0}, {slope.goal: 0}
    for dose in sorted(arcs):
        kept = slope.doses[bisect_left(slope.doses, max(slope.keeps[dose], slope.goal))]
        free = bool(slope.overridden) or (0 in arcs[dose] and slope.is_free(dose, 0))
        windows[dose] = 0 if free or kept not in windows else 1 + windows[kept]
        fewest = (windows[dose] - 1) * slope.window + (2 if slope.goal == 0 else 1) if windows[dose] else 1
        left[dose] = max(1 + min(left[following] for following in arcs[dose]), fewest)
    return left


class _Reach:
    """How low each dose can go within so many changes, so that bounds below that are dropped: they never bind."""

    def __init__(self, slope: Slope, arcs: Arcs) -> None:
        self.goal = slope.goal
        self.lowest: list[dict[int, int]] = [{dose: dose for dose in (*arcs, slope.goal)}]
        for _ in range(slope.window - 1):
            before = self.lowest[-1]
            self.lowest.append(
                {slope.goal: slope.goal}
                | {
                    dose: min([dose, *(before[low] for low in following if not slope.is_free(dose, low))])
                    for dose, following in arcs.items()
                }
            )

    def binding(self, dose: int, bounds: Iterable[Bound], change: int) -> tuple[Bound, ...]:
        """The bounds that can still bind from a dose on, in one form for each set; from the goal on none does."""
        if dose == self.goal:
            return ()
        return tuple(
            bound
            for bound in _trim(bounds, change)
            if bound[2] or self.lowest[min(bound[0] - 1 - change, len(self.lowest) - 1)][dose] < bound[1]
        )


class _Curve:
    """The curve of the asked pace, scaled to whole numbers, and what a dose costs against it."""

    def __init__(self, slope: Slope, intervals: int) -> None:
        self.slope, self.last = slope, intervals
        self.scale = slope.cut.denominator**intervals
        self.points = [int(self._at(change) * self.scale) for change in range(intervals + 1)]
        self._weights: dict[int, tuple[int, int]] = {}

    def _at(self, change: int) -> Fraction:
        slope = self.slope
        drawn = slope.start * ((1 - slope.cut * change) if slope.linear else (1 - slope.cut) ** change)
        return max(drawn, Fraction(slope.goal))

    def add(self, cost: Cost, change: int, dose: int) -> Cost:
        if dose not in self._weights:
            self._weights[dose] = self.slope.weigh(dose)
        pieces, products = self._weights[dose]
        apart = 0 if change == self.last else abs(dose * self.scale - self.points[change])
        return cost[0] + apart, cost[1] + pieces, cost[2] + products
