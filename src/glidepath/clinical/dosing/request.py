"""What a prescriber asks of a taper, checked before anything is planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, PlannedDose, Product, Setting, Shape
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Acting, Group
from glidepath.clinical.regimen import Regimen

ZERO = Goal()
# Ours: where nobody says which medicine is cut first, the one that acts for the shortest time is.
_FIRST_CUT = {Acting.SHORT: 0, Acting.INTERMEDIATE: 1, Acting.UNKNOWN: 2, Acting.LONG: 3}


@dataclass(frozen=True, slots=True)
class TypedStep:
    """One step as a prescriber typed it: from `start` these doses a day, none for zero."""

    start: dt.date
    doses: tuple[PlannedDose, ...]
    from_time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point of a drawn way down: on this day so much a day of one medicine, and not less before it."""

    on: dt.date
    daily: Dose


@dataclass(frozen=True, slots=True)
class TaperRequest:
    """The present regimen and how it is to come down.

    cut: share of the present dose for each interval; of a linear shape the first cut's share, then the same amount.
    first_cut: the day of the first cut (default: one interval after `start`, or after the last exchange of a switch).
    times: the times of day from the first cut on (default: the regimen's). table: the equivalence table the prescriber
    named. switch_to: the longer-acting medicine, exchanged one dose of the day every `switch_every_days`, for the
    medicines of `exchange` (default: every other benzodiazepine; a Z-drug only where it is named).
    cut_order: which medicines are cut, one after the other; those not named stay as they are (default: the
    benzodiazepines, or what the goal names; a Z-drug only where it is named or is the only medicine).
    typed: the steps after the first, as typed; then shape, cut and interval are not used.
    milestones: of the shape drawn, the points of each medicine that is cut, the last at its goal; between two of them
    the curve is straight, and no dose lies below it. over_ceiling: daily doses from which a prescriber lets the next
    step go over the ceiling, because nothing between can be made.
    history: doses in force before `start`, in order of time: they count for the ceiling.
    """

    regimen: Regimen
    start: dt.date
    products: tuple[Product, ...]
    cut: Fraction
    interval_days: int
    limits: Limits
    goal: Goal = ZERO
    shape: Shape = Shape.PROPORTIONAL
    setting: Setting = Setting.OUTPATIENT
    first_cut: dt.date | None = None
    times: tuple[dt.time, ...] = ()
    table: str | None = None
    switch_to: str | None = None
    switch_every_days: int | None = None
    exchange: tuple[str, ...] = ()
    cut_order: tuple[str, ...] = ()
    typed: tuple[TypedStep, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    over_ceiling: tuple[Dose, ...] = ()
    history: tuple[InForce, ...] = ()


def checked(request: TaperRequest, *, formulary: Formulary) -> TaperRequest:
    """The request with every medicine under the facts' name and the order of cuts filled in.

    Raises PlanError saying what was given, what is wrong and what to do; UnknownMedicine for an unknown name; KeyError
    for an unknown table.
    """
    if not request.regimen.doses:
        raise PlanError("There is no dose to taper. Write what is taken now.")
    if not 0 < request.cut < 1:
        raise PlanError(
            f"A cut of {float(request.cut):.4g} of the dose is not possible. Write more than 0 and less than 100 %."
        )
    if request.interval_days < 1:
        raise PlanError(f"An interval of {request.interval_days} days is not possible. Write one day or more.")
    if request.first_cut is not None and request.first_cut <= request.start:
        raise PlanError(
            f"The first cut on {request.first_cut:%d %b %Y} is not after the start on {request.start:%d %b %Y}. The "
            "first step is the present dose without a cut: choose a later day."
        )
    if request.switch_every_days is not None and request.switch_every_days < 1:
        raise PlanError("The doses of a switch are exchanged on different days. Write one day or more between them.")
    named = replace(
        request,
        table=None if request.table is None else formulary.table(request.table).key,
        switch_to=None if request.switch_to is None else formulary.find(request.switch_to).name,
        goal=Goal(tuple(_named(dose, formulary) for dose in request.goal.kept)),
        cut_order=tuple(formulary.find(name).name for name in request.cut_order),
        exchange=tuple(formulary.find(name).name for name in request.exchange),
        milestones=tuple(replace(one, daily=_named(one.daily, formulary)) for one in request.milestones),
        over_ceiling=tuple(_named(dose, formulary) for dose in request.over_ceiling),
    )
    _check_goal(named, formulary)
    return replace(named, cut_order=_order(named, formulary))


def kept(goal: Goal, medicine: str) -> Dose:
    """The daily dose of a medicine that the goal keeps: zero when it names none."""
    return next((dose for dose in goal.kept if dose.medicine == medicine), Dose.from_ng(0, medicine))


def switched(daily: Mapping[str, Dose], request: TaperRequest, formulary: Formulary) -> tuple[str, ...]:
    """The medicines that a switch exchanges: those named for it, else every other benzodiazepine."""
    if request.switch_to is None:
        return ()
    chosen = request.exchange or [name for name in daily if _is_benzodiazepine(name, formulary)]
    return tuple(sorted(name for name in chosen if name in daily and name != request.switch_to))


def _named(dose: Dose, formulary: Formulary) -> Dose:
    return Dose(dose.mg, formulary.find(dose.medicine).name)


def _check_goal(request: TaperRequest, formulary: Formulary) -> None:
    daily = request.regimen.daily()
    taken = {*daily, *([request.switch_to] if request.switch_to else [])}
    for name in (*request.cut_order, *request.exchange, *(dose.medicine for dose in request.goal.kept)):
        if name not in taken:
            raise PlanError(f"{name} is not taken now. Name one of {', '.join(sorted(taken))}.")
    gone = switched(daily, request, formulary)
    for dose in request.goal.kept:
        if dose.medicine in gone:
            raise PlanError(
                f"{dose.medicine} is exchanged, so none of it can be kept. Write the goal in {request.switch_to}."
            )
        if dose.medicine != request.switch_to and dose.mg > daily[dose.medicine].mg:
            raise PlanError(
                f"The goal of {dose} a day is more than is taken now ({daily[dose.medicine]}). A taper never raises a "
                "dose."
            )


def _order(request: TaperRequest, formulary: Formulary) -> tuple[str, ...]:
    """Which medicines are cut, in order. After a switch the new medicine takes the place of those it replaced."""
    daily = request.regimen.daily()
    gone = switched(daily, request, formulary)
    names = list(request.cut_order) or _default_order(daily, request, formulary)
    if request.switch_to is not None:
        names = [request.switch_to if name in gone else name for name in names]
        if gone or request.switch_to in daily:
            names = [request.switch_to, *names]
    return tuple(dict.fromkeys(names))


def _default_order(daily: Mapping[str, Dose], request: TaperRequest, formulary: Formulary) -> list[str]:
    of_goal = {dose.medicine for dose in request.goal.kept}
    chosen = [name for name in daily if name in of_goal or _is_benzodiazepine(name, formulary)] or list(daily)
    return sorted(chosen, key=lambda name: (_FIRST_CUT[formulary.find(name).acting], name))


def _is_benzodiazepine(name: str, formulary: Formulary) -> bool:
    return formulary.find(name).group is not Group.Z_DRUG
