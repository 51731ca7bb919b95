"""What would let a plan that is blocked reach its goal: each way by itself, with the best plan it gives.

Ways that need somebody's word (a pharmacist's for a division, a prescriber's for an override) are only proposed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing.blocking import HALF, OVER_THE_CEILING
from glidepath.clinical.dosing.errors import NoPublishedFigure, PlanError
from glidepath.clinical.dosing.plan import QUARTER, Goal, Kind, Product, TaperPlan
from glidepath.clinical.dosing.ratios import exchanged
from glidepath.clinical.dosing.request import TaperRequest, kept
from glidepath.clinical.dosing.revise import Revision
from glidepath.clinical.dosing.taper import plan as plan_taper
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Acting, Group


class Way(StrEnum):
    LIQUID = "liquid"
    STRENGTH = "strength"  # another tablet or capsule
    HALVES = "halves"
    QUARTERS = "quarters"
    SWITCH = "switch"
    KEPT_DOSE = "kept_dose"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way on. `what` says what would have to be done; `request` is what `plan` was made from."""

    kind: Way
    what: str
    request: TaperRequest
    plan: TaperPlan


def alternatives(
    request: TaperRequest, plan: TaperPlan, *, formulary: Formulary, marketed: Sequence[Product] = ()
) -> tuple[Alternative, ...]:
    """The ways on from a plan that `plan` could not complete, at most one of a kind: its best; none for other plans.

    marketed: products that could be had beside those of the request, as the facts allow them to be divided. Of several
    products that would do, the one whose plan is complete, cuts least at its largest cut and ends first is named.
    """
    if plan.blocked is None or request.typed:
        return ()
    medicine = plan.blocked.at[0].medicine
    of_each = (
        _with(marketed, medicine, Kind.LIQUID, request),
        _with(marketed, medicine, Kind.SOLID, request),
        _divided(request, medicine, HALF),
        _divided(request, medicine, QUARTER),
        _switched(request, medicine, marketed, formulary),
        _kept(request, plan),
        _overridden(request, plan, formulary),
    )
    found = (_best(asked, plan, formulary) for asked in of_each)
    return tuple(one for one in found if one is not None)


def ways_on(revision: Revision, *, formulary: Formulary, marketed: Sequence[Product] = ()) -> tuple[Alternative, ...]:
    """The ways on from a turned plan that is blocked, as `alternatives` of what remains: their first step is the
    present dose. None for a plan that reaches its goal."""
    if revision.plan.blocked is None or revision.asked is None:
        return ()
    remains = plan_taper(revision.asked, formulary=formulary)
    return alternatives(revision.asked, remains, formulary=formulary, marketed=marketed)


Asked = tuple[Way, str, TaperRequest]


def _best(asked: Iterable[Asked], blocked: TaperPlan, formulary: Formulary) -> Alternative | None:
    """The best of a kind that leads further than the blocked plan does."""
    found = []
    for kind, what, request in asked:
        try:
            other = plan_taper(request, formulary=formulary)
        except (PlanError, NoPublishedFigure):
            continue  # this way contradicts what was asked: it is none
        if other.complete or _leads_further(other, blocked):
            found.append(Alternative(kind, what, request, other))
    return min(found, key=_rank, default=None)


def _rank(one: Alternative) -> tuple[object, ...]:
    steps = one.plan.steps
    return not one.plan.complete, _largest_cut(one.plan), steps[-1].start, len(steps), one.what


def _largest_cut(plan: TaperPlan) -> Fraction:
    """The largest share that one step takes of a medicine that is not exchanged there; the last step is left out."""
    shares = [Fraction(0)]
    for earlier, later in zip(plan.steps, plan.steps[1:-1], strict=False):
        before, after = earlier.daily(), later.daily()
        swapped = exchanged(before, after)
        shares += [
            1 - after[name].exact / before[name].exact for name in before if name in after and name not in swapped
        ]
    return max(shares)


def _leads_further(other: TaperPlan, blocked: TaperPlan) -> bool:
    if not other.steps or not blocked.steps:
        return bool(other.steps)
    name = blocked.blocked.at[0].medicine if blocked.blocked else ""
    was, now = blocked.steps[-1].daily().get(name), other.steps[-1].daily().get(name)
    return was is not None and (now is None or now < was)


def _with(marketed: Sequence[Product], medicine: str, kind: Kind, request: TaperRequest) -> Iterator[Asked]:
    """One more product of the medicine."""
    stocked = {(one.strength_mg, one.form) for one in request.products if one.medicine == medicine}
    way = Way.LIQUID if kind is Kind.LIQUID else Way.STRENGTH
    for product in marketed:
        if product.medicine == medicine and product.kind is kind and (product.strength_mg, product.form) not in stocked:
            yield way, f"Stock {product.name}.", replace(request, products=(*request.products, product))


def _divided(request: TaperRequest, medicine: str, share: Fraction) -> Iterator[Asked]:
    """One stocked solid, divided more finely than it is allowed to be now."""
    way, word = (Way.HALVES, "halves") if share == HALF else (Way.QUARTERS, "quarters")
    for product in request.products:
        if product.medicine == medicine and product.kind is Kind.SOLID and share < product.step:
            finer = tuple(replace(one, step=share) if one == product else one for one in request.products)
            yield way, f"The pharmacist allows {word} of the {product.name} by name.", replace(request, products=finer)


def _switched(
    request: TaperRequest, medicine: str, marketed: Sequence[Product], formulary: Formulary
) -> Iterator[Asked]:
    """A longer-acting benzodiazepine in its place. A Z-drug is exchanged only where somebody chose that."""
    known = formulary.find(medicine)
    if request.switch_to is not None or known.group is not Group.BENZODIAZEPINE or known.acting is Acting.LONG:
        return
    at_hand = {one.medicine for one in request.products}
    for name in sorted({one.medicine for one in (*request.products, *marketed)}):
        other = formulary.find(name)
        if other.group is Group.BENZODIAZEPINE and other.acting is Acting.LONG:
            more = () if name in at_hand else tuple(one for one in marketed if one.medicine == name)
            what = f"Switch to {name}, one dose of the day at a time{', and stock it' if more else ''}."
            yield Way.SWITCH, what, replace(request, switch_to=name, products=(*request.products, *more))


def _kept(request: TaperRequest, plan: TaperPlan) -> Iterator[Asked]:
    """The dose at which the plan ends becomes the goal: a lower dose that stays is a success too."""
    if not plan.steps or plan.blocked is None:
        return
    medicine = plan.blocked.at[0].medicine
    ends = plan.steps[-1].daily().get(medicine)
    if ends is None or ends == plan.steps[0].daily().get(medicine) or ends == kept(request.goal, medicine):
        return
    others = tuple(dose for dose in request.goal.kept if dose.medicine != medicine)
    goal = Goal((*others, ends))
    names = tuple(dict.fromkeys((*request.cut_order, medicine))) if request.cut_order else ()
    yield Way.KEPT_DOSE, f"Keep {ends} a day as the goal.", replace(request, goal=goal, cut_order=names)


def _overridden(request: TaperRequest, plan: TaperPlan, formulary: Formulary) -> Iterator[Asked]:
    """The ceiling waived for just those steps that nothing makeable divides."""
    waived: tuple[Dose, ...] = ()
    found = plan
    while found.blocked is not None and found.blocked.code == OVER_THE_CEILING:
        if found.blocked.at[0] in waived:
            return  # something else binds there: the total beside another medicine
        waived = (*waived, *found.blocked.at)
        found = plan_taper(replace(request, over_ceiling=(*request.over_ceiling, *waived)), formulary=formulary)
    if waived:
        steps = " and ".join(f"from {dose.medicine} {plain(dose.mg)} mg" for dose in waived)
        what = f"A prescriber overrides the ceiling for the step {steps}, with a reason."
        yield Way.OVERRIDE, what, replace(request, over_ceiling=(*request.over_ceiling, *waived))
