"""The taper planner: from a present regimen to zero or a kept dose, exactly, within the limits, in real products.

Step 1 is the present dose without a cut. The way down of each medicine is the exact optimum that descent.py
guarantees; of several medicines it holds for the one being cut, in the order asked. A plan that cannot be complete
keeps its steps up to the binding one and says which limit forbids the next, and what would free it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache
from math import ceil

from glidepath.clinical.amounts import NANOGRAMS_PER_MG, Dose
from glidepath.clinical.dosing.bench import Bench, bench
from glidepath.clinical.dosing.blocking import at_goal, at_impasse, not_made
from glidepath.clinical.dosing.course import Course
from glidepath.clinical.dosing.descent import Bound, Impasse, Slope, descend
from glidepath.clinical.dosing.drawn import check_milestones, curve, milestones_of
from glidepath.clinical.dosing.equivalence import highest_per_mg
from glidepath.clinical.dosing.errors import CannotBeMade
from glidepath.clinical.dosing.mixed_liquids import mixed_liquids
from glidepath.clinical.dosing.plan import Blocked, Shape, TaperPlan
from glidepath.clinical.dosing.ratios import InForce, diazepam_per_mg, since_exchange, total_at
from glidepath.clinical.dosing.request import TaperRequest, TypedStep, checked, kept, switched
from glidepath.clinical.dosing.switch import exchange, exchange_table
from glidepath.clinical.dosing.tablets import split_day
from glidepath.clinical.dosing.times_of_day import rises_of_single_doses
from glidepath.clinical.dosing.typed import follow
from glidepath.clinical.facts.formulary import Formulary

__all__ = ["TaperRequest", "TypedStep", "plan"]

KEPT_PLANS = 64


def plan(request: TaperRequest, *, formulary: Formulary) -> TaperPlan:
    """The plan a request asks for: complete, or with `blocked` set and the steps up to the one that binds.

    The same request gives the same plan, and the newest ones are kept: a preview, the paces beside it and the signature
    ask for the same one over and over. Step 1 is released (by signing), the others are projected.
    Raises PlanError for a request that contradicts itself, NoPublishedFigure where a switch has no figure.
    """
    return _planned(request, formulary)


@lru_cache(maxsize=KEPT_PLANS)  # of all it depends on: the request holds the products, the limits and the doses before
def _planned(request: TaperRequest, formulary: Formulary) -> TaperPlan:
    asked = checked(request, formulary=formulary)
    check_milestones(asked)
    table = exchange_table(asked, formulary=formulary) if asked.switch_to else asked.table
    course = Course(asked.products, asked.history)
    blocked = _plan(course, asked, table, formulary)
    findings = (*rises_of_single_doses(course.steps), *mixed_liquids(course.steps))
    return TaperPlan(asked.start, asked.goal, tuple(course.steps), blocked, findings, table=table)


def _plan(course: Course, request: TaperRequest, table: str | None, formulary: Formulary) -> Blocked | None:
    try:
        course.add(request.start, course.made(request.regimen.doses))
    except CannotBeMade as problem:
        return not_made(problem, step=1, formulary=formulary)
    if request.typed:
        return follow(course, request, formulary)
    if table is not None and switched(course.daily(), request, formulary):
        blocked = exchange(course, request, table=table, formulary=formulary)
        if blocked is not None:
            return blocked
    for medicine in request.cut_order:
        blocked = _taper(course, medicine, request, formulary)
        if blocked is not None:
            return blocked
    return None


def _taper(course: Course, medicine: str, request: TaperRequest, formulary: Formulary) -> Blocked | None:
    """Bring one medicine down to its goal, as far as the limits let it."""
    made = bench(medicine, course.products)
    present, goal = course.daily().get(medicine), kept(request.goal, medicine)
    if present is None or present.mg <= goal.mg:
        return None
    target, blocked = _target(made, goal)
    if target >= present.ng / made.unit_ng:
        return blocked
    slope = _slope(course, medicine, target, request, formulary)
    path = descend(slope)
    if isinstance(path, Impasse):
        blocked = at_impasse(made, path, slope, request, formulary)
        path = descend(_slope(course, medicine, path.at, request, formulary))
        assert not isinstance(path, Impasse)  # down to where it binds every gap passes
    _add_steps(course, medicine, path, request, formulary)
    return blocked


def _target(made: Bench, goal: Dose) -> tuple[int, Blocked | None]:
    """The goal in units; where it cannot be made, the next dose above it, and why the plan ends there."""
    units = made.units(goal)
    if units is not None and units in set(made.reachable(units)):
        return units, None
    below, above = made.near(goal)
    assert above is not None  # the present dose is above it and is made
    return int(above.ng / made.unit_ng), at_goal(goal, below, above)


def _add_steps(
    course: Course, medicine: str, path: tuple[int, ...], request: TaperRequest, formulary: Formulary
) -> None:
    made, like = bench(medicine, course.products), course.of(medicine)
    half_life_h = _half_life_h(medicine, formulary)
    times = request.times or tuple(like)
    first, last = _first_change(course, request), None
    for index, units in enumerate(path):
        if units == last or (last is None and made.dose(units) == course.daily().get(medicine)):
            continue
        last = units
        doses = split_day(
            made.dose(units), times, course.products, like=like, before=course.of(medicine), half_life_h=half_life_h
        )
        course.change(first + index * dt.timedelta(days=request.interval_days), medicine, doses)


def _half_life_h(medicine: str, formulary: Formulary) -> float | None:
    """The half-life that a curve is drawn with; where there is no curve, the shortest that is published."""
    known = formulary.find(medicine)
    found = known.pk.half_life_h if known.pk is not None else known.half_life_low_h
    return None if found is None else float(found)


def _first_change(course: Course, request: TaperRequest) -> dt.date:
    """The asked day of the first cut, where nothing has been changed yet; else one interval after the last change."""
    usual = course.day + dt.timedelta(days=request.interval_days)
    if request.first_cut is None:
        return usual
    return request.first_cut if len(course.steps) == 1 else max(usual, request.first_cut)


def _slope(course: Course, medicine: str, target: int, request: TaperRequest, formulary: Formulary) -> Slope:
    made, limits = bench(medicine, course.products), request.limits
    start = made.units(course.daily()[medicine])
    assert start is not None  # the present dose is made
    ceiling = limits.ceiling if limits.ceiling_holds else None
    beside = _Beside(course, medicine, request, formulary, made)
    return Slope(
        doses=tuple(made.reachable(start)),
        start=start,
        goal=target,
        cut=request.cut,
        linear=request.shape is Shape.LINEAR,
        ceiling=ceiling,
        small=_small(medicine, request, formulary) * NANOGRAMS_PER_MG / made.unit_ng,
        window=1 if ceiling is None else ceil(Fraction(limits.ceiling_days, request.interval_days)),
        weigh=lambda units: (made.pieces(units), len(made.make(made.dose(units)))),
        small_beside=None if ceiling is None else beside.small(ceiling),
        held=() if ceiling is None else beside.held(ceiling),
        curve=_curve(course, medicine, request, made),
        overridden=frozenset(_over_ceiling(medicine, request, made)),
    )


def _curve(course: Course, medicine: str, request: TaperRequest, made: Bench) -> tuple[Fraction, ...] | None:
    if request.shape is not Shape.DRAWN:
        return None
    asked = curve(
        milestones_of(request, medicine),
        present=course.daily()[medicine],
        since=course.day,
        first=_first_change(course, request),
        interval_days=request.interval_days,
    )
    return tuple(mg * NANOGRAMS_PER_MG / made.unit_ng for mg in asked)


def _over_ceiling(medicine: str, request: TaperRequest, made: Bench) -> Iterator[tuple[int, int]]:
    """From each dose named for it to the next lower one that can be made."""
    for dose in request.over_ceiling:
        units = made.units(dose) if dose.medicine == medicine else None
        can = made.reachable(units) if units else []
        if units and units in can and len(can) > 1:
            yield units, can[-2]


def _small(medicine: str, request: TaperRequest, formulary: Formulary) -> Fraction:
    """mg of the medicine that may go to zero in one step (TPR-10); nothing where no table has a figure for it."""
    per_mg = highest_per_mg(formulary.find(medicine))
    return Fraction(0) if per_mg is None else Fraction(request.limits.last_step_max_diazepam) / per_mg


class _Beside:
    """What the other medicines, and the doses before, mean for the one being cut, in its own units.

    Totals are held at the table named, else at every table with a figure for the medicine. A medicine that such a
    table is silent about is left out of its total, which makes every cut weigh more, never less.
    """

    def __init__(self, course: Course, medicine: str, request: TaperRequest, formulary: Formulary, made: Bench) -> None:
        self.course, self.medicine, self.request, self.formulary = course, medicine, request, formulary
        self.per_unit = made.unit_ng / NANOGRAMS_PER_MG  # mg
        self.others = {name: dose for name, dose in course.daily().items() if name != medicine}
        self.first = _first_change(course, request)
        tables = [request.table] if request.table else [table.key for table in formulary.usable_tables()]
        self.per_mg = {key: per_mg for key in tables if (per_mg := diazepam_per_mg(medicine, key, formulary))}

    def small(self, ceiling: Fraction) -> Fraction | None:
        """Units that may go to zero without the total falling by more than the ceiling; None with nothing beside."""
        stays = [self._total(self.others, key) / per_mg for key, per_mg in self.per_mg.items()]
        limits = [ceiling * mg / (1 - ceiling) / self.per_unit for mg in stays if mg > 0]
        return min(limits, default=None)

    def held(self, ceiling: Fraction) -> tuple[Bound, ...]:
        """What the doses before the present one ask of the first changes."""
        bounds = [self._bound(index, ceiling) for index in range(len(self.course.history) - 1)]
        return tuple(bound for bound in bounds if bound is not None)

    def _bound(self, index: int, ceiling: Fraction) -> Bound | None:
        history, days = self.course.history, self.request.limits.ceiling_days
        gone = (self.first - history[index + 1].since).days
        if gone >= days:
            return None
        until = 1 + ceil(Fraction(days - gone, self.request.interval_days))
        totals = [self._needed(history[index], key, ceiling) for key in self.per_mg]
        beside = any(
            units > 0 and self._total(self.others, key) > 0 for units, key in zip(totals, self.per_mg, strict=True)
        )
        return until, max([0, self._own(history[index], ceiling), *map(ceil, totals)]), beside

    def _own(self, entry: InForce, ceiling: Fraction) -> int:
        own = since_exchange(self.course.history, self.medicine)
        return ceil((1 - ceiling) * entry.mg(self.medicine) / self.per_unit) if entry in own else 0

    def _needed(self, entry: InForce, table: str, ceiling: Fraction) -> Fraction:
        """Units below which the total, by a table, would fall too far under what it was then."""
        least = (1 - ceiling) * self._total(entry.daily, table) - self._total(self.others, table)
        return least / self.per_mg[table] / self.per_unit

    def _total(self, daily: Mapping[str, Dose], table: str) -> Fraction:
        return total_at(daily, table, self.formulary)
