"""From what a prescriber chose to a plan with everything there is to say about it: what the page previews and signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from glidepath.care.supply.queries import stock
from glidepath.care.taper import protocols, queries
from glidepath.care.taper.proposals import findings_on_plan, limits_of
from glidepath.care.taper.rows import Chosen
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.ratios import InForce, exchanged
from glidepath.clinical.dosing.request import TypedStep
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.regimen import Regimen, RegimenError, parse_regimen
from glidepath.record import clock
from glidepath.record.centres.queries import dose_times, settings_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

SUPPLY_DAYS = 30


@dataclass(frozen=True, slots=True)
class Draft:
    """What a prescriber typed and chose. regimen: the present dose, in the regimen grammar. typed: of a plan typed step
    by step, (start day, regimen) of each step after the first; an empty regimen is zero."""

    regimen: str
    start: dt.date
    chosen: Chosen
    first_cut: dt.date | None = None
    typed: tuple[tuple[dt.date, str], ...] = ()
    agreed: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan as it would be signed, and everything there is to say about it."""

    draft: Draft
    plan: core.TaperPlan
    findings: tuple[Finding, ...]
    supply: tuple[tuple[core.Product, Fraction], ...]  # for the next month, if all goes on
    largest_cut: Fraction | None

    @property
    def end(self) -> dt.date | None:
        """When the goal is reached, if every step is released in time; None where the plan does not reach it."""
        return self.plan.steps[-1].start if self.plan.complete else None

    @property
    def awaits_signatures(self) -> bool:
        """Whether JCG-6d and INP-14 wait for the two signatures alone: nothing lies outside the protocol."""
        chosen = self.draft.chosen
        return bool(chosen.protocol) and not protocols.outside_of(chosen, self.plan)


# Three paces side by side for the shared decision: shares of the centre's usual cut and interval, ours.
PACES = (
    ("gentle", Fraction(1, 2), Fraction(3, 2)),
    ("steady", Fraction(1, 2), Fraction(1)),
    ("usual", Fraction(1), Fraction(1)),
)


def propose(person: Person, draft: Draft, *, signed_by: Sequence[Staff] = ()) -> Proposal:
    """The plan of a draft, as the person's record stands now. Raises BadInput by field for what cannot be.

    signed_by: the two who have signed for its rapid protocol; nobody yet while it is only looked at.
    """
    draft = _by_protocol(person, draft)
    return of(person, draft, _made(person, draft), signed_by=signed_by)


def _made(person: Person, draft: Draft) -> core.TaperPlan:
    request = _request(person, draft)
    try:
        return plan(request, formulary=formulary())
    except (PlanError, KeyError) as wrong:
        raise BadInput(str(wrong.args[0])) from wrong


def of(person: Person, draft: Draft, made: core.TaperPlan, *, signed_by: Sequence[Staff] = ()) -> Proposal:
    chosen = replace(draft.chosen, table=draft.chosen.table or made.table or "")
    findings = findings_on_plan(
        person, made, draft.chosen, agreed=bool(draft.agreed.strip()), reason=draft.reason, signed_by=signed_by
    )
    needed = supply_needed(made, made.steps[0].start, SUPPLY_DAYS)
    return Proposal(
        draft=replace(draft, chosen=chosen),
        plan=made,
        findings=findings,
        supply=tuple(sorted(needed.items())),
        largest_cut=largest_cut(made.steps),
    )


def paces(person: Person, draft: Draft, *, known: Proposal | None = None) -> tuple[tuple[str, Proposal], ...]:
    """Gentle, steady and usual, each with its own steps, end and largest cut; none where the draft cannot be. What
    there is to say about one is said when it is chosen: the rules take longer than the plan.

    known: the proposal of the draft itself, which is not made a second time.
    """
    settings = settings_of(person.centre)
    usual, days = Fraction(settings.usual_cut_percent, 100), settings.interval_days
    found = []
    for name, share, longer in PACES:
        chosen = replace(draft.chosen, cut=usual * share, interval_days=int(days * longer))
        if known is not None and chosen == draft.chosen:
            found.append((name, known))
            continue
        try:
            other = replace(draft, chosen=chosen)
            made = _made(person, other)
            found.append((name, Proposal(other, made, (), (), largest_cut(made.steps))))
        except BadInput:
            return ()  # the draft itself cannot be: the page says so where it was typed
    return tuple(found)


def read_regimen(text: str, person: Person, *, field: str = "regimen") -> Regimen:
    try:
        return parse_regimen(text, formulary=formulary(), default_times=dose_times(person.centre))
    except RegimenError as wrong:
        raise BadInput(str(wrong), field=field) from wrong


def products(person: Person) -> tuple[core.Product, ...]:
    """The centre's stocked products as the core knows them."""
    return tuple(product for _, product in stock(person.centre))


def history_of(person: Person) -> tuple[InForce, ...]:
    """What was in force before, day by day it began: it counts for the ceiling."""
    begun = [one for one in queries.course(person).segments if one.begins_at <= clock.now()]
    return tuple(
        InForce(clock.local(person.centre, one.begins_at).date(), Regimen(one.step.doses).daily()) for one in begun
    )


def largest_cut(steps: Sequence[core.Step]) -> Fraction | None:
    """The largest share of a step's dose that the next takes away, of one medicine; the last to zero is left out, and
    what is exchanged for another medicine is no cut."""
    shares = [
        1 - after.daily()[name].exact / dose.exact
        for before, after in pairwise(steps)
        if after.doses
        for name, dose in before.daily().items()
        if name in after.daily() and dose.exact and name not in exchanged(before.daily(), after.daily())
    ]
    return max((share for share in shares if share > 0), default=None)


def _by_protocol(person: Person, draft: Draft) -> Draft:
    """The draft at the pace of the rapid protocol it names, if it names one."""
    if not draft.chosen.protocol:
        return draft
    named = protocols.named(person, draft.chosen)
    daily = read_regimen(draft.regimen, person).daily()
    return replace(
        draft,
        chosen=protocols.paced(named, draft.chosen, daily),
        first_cut=draft.first_cut or protocols.first_cut(named, draft.start),
    )


def _request(person: Person, draft: Draft) -> TaperRequest:
    if draft.start < clock.today(person.centre) - dt.timedelta(days=1):
        raise BadInput(f"{draft.start:%d %b %Y} lies behind: a plan begins today or later.", field="start")
    settings = settings_of(person.centre)
    regimen = read_regimen(draft.regimen, person)
    chosen = draft.chosen
    return TaperRequest(
        regimen=regimen,
        start=draft.start,
        products=products(person),
        first_cut=draft.first_cut,
        shape=chosen.shape,
        cut=chosen.cut,
        interval_days=chosen.interval_days,
        goal=chosen.goal,
        setting=chosen.setting,
        table=chosen.table or None,
        switch_to=chosen.switch_to or None,
        limits=replace(limits_of(settings), ceiling_holds=not chosen.protocol),
        times=(),
        typed=_typed(person, draft),
        history=history_of(person),
    )


def _typed(person: Person, draft: Draft) -> tuple[TypedStep, ...]:
    if draft.chosen.shape is not core.Shape.TYPED:
        return ()
    steps = []
    for day, text in draft.typed:
        regimen = read_regimen(text, person, field="typed") if text.strip() else Regimen(())
        steps.append(TypedStep(day, regimen.doses))
    return tuple(steps)
