"""A taper that is interrupted: doses missed, a return after absence, other products on the shelf, leaving early.

Doses not taken, for whatever reason, are a cut (DESIGN 3). So nothing here cuts: the next cut waits a whole interval
from the return, and after a longer absence a prescriber names the dose to go on with, because how far tolerance has
fallen is not known.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import RevisionError
from glidepath.clinical.dosing.plan import PlannedDose, Product, Shape, Step, StepState, TaperPlan
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.revise import Pace, Revision, begun, difference, hold, in_force, onward, slower
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.clinical.dosing.tablets import made_dose
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding

_DAY = dt.timedelta(days=1)
HOURS_A_DAY = 24


def returned(
    plan: TaperPlan,
    *,
    last_taken: dt.date,
    on: dt.date,
    at: dt.time,
    request: TaperRequest,
    formulary: Formulary,
    within_days: int | None = None,
    doses: Sequence[PlannedDose] | None = None,
    pace: Pace | None = None,
) -> Revision:
    """Back after doses that were not taken; the first cut one interval after the return.

    last_taken: the last day on which every dose was taken. within_days: the plan's own rule: so many days without
    doses, and it goes on with the present dose (default: the centre setting after which doses not taken are called
    about, in whole days; ours). After longer, `doses` are what a prescriber orders now, of a whole day, none of them
    above the present dose. pace: default the slower one after longer, else the same. A taper on hold stays on hold.
    Raises RevisionError saying what is missing; CannotBeMade for doses that the products do not make.
    """
    present = in_force(plan, on, at)
    if not present.doses:
        raise RevisionError("The taper has reached zero: nothing is taken any more, so nothing was missed.")
    missed = missed_days(last_taken, on)
    allowed = request.limits.settings.doses_not_taken_hours // HOURS_A_DAY if within_days is None else within_days
    if missed > allowed and doses is None:
        raise RevisionError(
            f"No full day's doses for {missed} days, more than the {allowed} after which the plan goes on by itself. "
            "How far tolerance has fallen is not known: see the person, and name the doses to go on with."
        )
    now = _ordered(present, doses, on, at, request) if doses is not None else present
    before = Pace(request.cut, request.interval_days)
    chosen = pace or (slower(before) if missed > allowed else before)
    kept = begun(plan, present) if now is present else (*begun(plan, present), now)
    again = _paced(request, chosen, first_cut=on + chosen.interval_days * _DAY, table=plan.table)
    if plan.on_hold:
        changed, asked = replace(plan, steps=kept), None
    else:
        changed, asked = onward(plan, kept, again, on, formulary)
    return Revision(changed, difference(plan, changed, on), _missed(missed), asked)


def missed_days(last_taken: dt.date, on: dt.date) -> int:
    """Whole days between the last one with every dose and the day of the return. Raises RevisionError below zero."""
    missed = (on - last_taken).days - 1
    if missed < 0:
        raise RevisionError(
            f"{last_taken:%d %b %Y}, the last day with every dose, does not lie before {on:%d %b %Y}, the day of the "
            "return. Write an earlier day."
        )
    return missed


def resupplied(
    plan: TaperPlan,
    *,
    on: dt.date,
    at: dt.time,
    products: Sequence[Product],
    request: TaperRequest,
    formulary: Formulary,
) -> Revision:
    """The same doses from other products, and the way on planned anew with them; the next cut on its planned day.

    Of a drawn way the milestones that lie ahead stay; what was typed goes on by shares of the present dose.
    Raises CannotBeMade, with the nearest doses, where the products do not make a present dose; RevisionError where
    nothing is taken any more.
    """
    present = in_force(plan, on, at)
    if not present.doses:
        raise RevisionError("The taper has reached zero: no product is needed for it.")
    asked = replace(request, products=tuple(products))
    now = _made(present, present.doses, on, at, asked)
    planned = next((step.start for step in plan.steps if step.number > present.number), None)
    first_cut = planned or on + request.interval_days * _DAY
    again = _paced(asked, Pace(request.cut, request.interval_days), first_cut=first_cut, table=plan.table)
    kept = begun(plan, present) if now.doses == present.doses else (*begun(plan, present), now)
    planned_from = None
    if plan.on_hold:
        changed = replace(plan, steps=kept)
    else:
        drawn = still_drawn(asked, now.daily(), on)
        again = replace(again, shape=drawn.shape, milestones=drawn.milestones, first_cut=max(first_cut, on + _DAY))
        changed, planned_from = onward(plan, kept, again, on, formulary)
    return Revision(changed, difference(plan, changed, on), asked=planned_from)


@dataclass(frozen=True, slots=True)
class Bridge:
    """Until somebody else prescribes: the present doses without a cut, and what they need. `until`: the last day."""

    revision: Revision
    until: dt.date
    supply: Mapping[Product, Fraction]


def bridged(plan: TaperPlan, *, on: dt.date, at: dt.time, first_visit: dt.date, spare_days: int) -> Bridge:
    """For somebody who leaves before the taper ends: the present dose goes on until the first visit and beyond it.

    spare_days: days of supply past the day of the visit, one or more, so that a late visit is no abrupt stop (DIS-2).
    Raises RevisionError for a visit that lies behind, or a supply that ends with it.
    """
    if first_visit < on:
        raise RevisionError(f"The first visit on {first_visit:%d %b %Y} lies before {on:%d %b %Y}. Book a later one.")
    if spare_days < 1:
        raise RevisionError("The supply has to last beyond the first visit. Write one spare day or more.")
    until = first_visit + spare_days * _DAY
    held = hold(plan, on=on, at=at)
    days = (until - on).days + 1
    return Bridge(held, until, supply_needed(held.plan, on, days, released_only=True))


def _ordered(present: Step, doses: Sequence[PlannedDose], on: dt.date, at: dt.time, request: TaperRequest) -> Step:
    now, was = _made(present, doses, on, at, request), present.daily()
    if not now.doses:
        raise RevisionError("No dose was named to go on with. To stop is another decision: end the taper.")
    above = [str(dose) for name, dose in now.daily().items() if name not in was or dose > was[name]]
    if above:
        raise RevisionError(
            f"{', '.join(above)} a day is more than was taken before the absence. Name doses that are not higher."
        )
    return now


def _made(present: Step, doses: Sequence[PlannedDose], on: dt.date, at: dt.time, request: TaperRequest) -> Step:
    """The step that the signature itself begins."""
    made = tuple(made_dose(planned.time, planned.dose, request.products) for planned in doses)
    return Step(present.number + 1, on, made, StepState.RELEASED, at)


def still_drawn(request: TaperRequest, daily: Mapping[str, Dose], on: dt.date) -> TaperRequest:
    """With the milestones of a drawn way that lie ahead; by shares where a medicine still taken has none left.

    daily: what is taken now, mg a day by medicine.
    """
    ahead = tuple(one for one in request.milestones if one.on > on)
    drawn = {one.daily.medicine for one in request.milestones if one.daily.medicine in daily}
    if request.shape is not Shape.DRAWN or not drawn or drawn - {one.daily.medicine for one in ahead}:
        return replace(request, shape=_by_shares(request.shape), milestones=())
    return replace(request, milestones=tuple(one for one in ahead if one.daily.medicine in daily))


def _by_shares(shape: Shape) -> Shape:
    """What was typed or drawn belonged to days that have passed: it goes on by shares of the present dose."""
    return Shape.LINEAR if shape is Shape.LINEAR else Shape.PROPORTIONAL


def _paced(request: TaperRequest, pace: Pace, *, first_cut: dt.date, table: str | None) -> TaperRequest:
    return replace(
        request,
        cut=pace.cut,
        interval_days=pace.interval_days,
        first_cut=first_cut,
        table=request.table or table,
        shape=_by_shares(request.shape),
        typed=(),
        milestones=(),
    )


def _missed(days: int) -> tuple[Finding, ...]:
    if days < 1:
        return ()
    return (
        rule("TPR-6").finding(
            message=f"No full day's doses for {days} {'day' if days == 1 else 'days'}: doses not taken are a cut.",
            do="Look for withdrawal and for sedation at the first doses; the next cut waits a whole interval.",
        ),
    )
