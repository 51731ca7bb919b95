"""From what a prescriber chose to a plan with everything there is to say about it: what the page previews and signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from glidepath.care.taper import protocols, queries
from glidepath.care.taper.proposals import findings_on_plan, settings_here
from glidepath.care.taper.queries import Tapers
from glidepath.care.taper.requests import read_regimen, request_of, typed_steps, with_milestones
from glidepath.care.taper.rows import Chosen
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.alternatives import Alternative, alternatives
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.ratios import InForce, exchanged
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.planfile.shelf import marketed
from glidepath.clinical.planfile.values import Region, Split
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

SUPPLY_DAYS = 30
USUAL_SWITCH = "diazepam"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a prescriber typed and chose. regimen: the present dose, in the regimen grammar. typed: of a plan typed step
    by step, (start day, regimen) of each step after the first; an empty regimen is zero."""

    regimen: str
    start: dt.date
    chosen: Chosen
    first_cut: dt.date | None = None
    typed: tuple[tuple[dt.date, str], ...] = ()
    milestones: str = ""  # of a drawn way, as typed
    agreed: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan as it would be signed, and everything there is to say about it."""

    draft: Draft
    request: TaperRequest  # what the plan was made from
    plan: core.TaperPlan
    findings: tuple[Finding, ...]
    supply: tuple[tuple[core.Product, Fraction], ...]  # for the next month, if all goes on
    largest_cut: Fraction | None
    ways_on: tuple[Alternative, ...] = ()  # what would let a blocked plan reach its goal

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
    known = queries.tapers([person])
    return of(person, draft, _request(person, draft, known), known, signed_by=signed_by)


def _made(request: TaperRequest) -> core.TaperPlan:
    try:
        return plan(request, formulary=formulary())
    except (PlanError, KeyError) as wrong:
        raise BadInput(str(wrong.args[0])) from wrong


def of(
    person: Person, draft: Draft, request: TaperRequest, known: Tapers, *, signed_by: Sequence[Staff] = ()
) -> Proposal:
    made = _made(request)
    table = draft.chosen.table or made.table or ""
    chosen = replace(draft.chosen, table=table, milestones=request.milestones)
    findings = findings_on_plan(
        person,
        made,
        draft.chosen,
        agreed=bool(draft.agreed.strip()),
        reason=draft.reason,
        signed_by=signed_by,
        known=known,
    )
    needed = supply_needed(made, made.steps[0].start, SUPPLY_DAYS)
    return Proposal(
        draft=replace(draft, chosen=chosen),
        request=request,
        plan=made,
        findings=findings,
        supply=tuple(sorted(needed.items())),
        largest_cut=largest_cut(made.steps),
        ways_on=alternatives(request, made, formulary=formulary(), marketed=could_be_had(person, made)),
    )


def could_be_had(person: Person, made: core.TaperPlan) -> tuple[core.Product, ...]:
    """What is sold here of the medicine that binds a plan, and of the one most often switched to."""
    if made.blocked is None:
        return ()
    names = [*(dose.medicine for dose in made.blocked.at), USUAL_SWITCH]
    region = Region(person.centre.region)
    return marketed(names, region=region, split=Split.HALF, liquids=True, formulary=formulary())


def paces(person: Person, known: Proposal) -> tuple[tuple[str, Proposal], ...]:
    """Gentle, steady and usual, each with its own steps, end and largest cut; none where one cannot be. What there is
    to say about one is said when it is chosen: the rules take longer than the plan.

    known: the proposal of the draft itself, which is not made a second time.
    """
    draft = known.draft
    settings = settings_here(person)
    usual, days = Fraction(settings.usual_cut_percent, 100), settings.interval_days
    found = []
    for name, share, longer in PACES:
        chosen = replace(draft.chosen, cut=usual * share, interval_days=int(days * longer))
        if chosen == draft.chosen:
            found.append((name, known))
            continue
        request = replace(known.request, cut=chosen.cut, interval_days=chosen.interval_days)
        try:
            made = _made(request)
        except BadInput:
            return ()  # the draft itself cannot be: the page says so where it was typed
        other = replace(draft, chosen=chosen)
        found.append((name, Proposal(other, request, made, (), (), largest_cut(made.steps))))
    return tuple(found)


def history_of(person: Person, known: Tapers) -> tuple[InForce, ...]:
    """What was in force before, day by day it began: it counts for the ceiling."""
    begun = [one for one in known.course(person).segments if one.begins_at <= clock.now()]
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


def _request(person: Person, draft: Draft, known: Tapers) -> TaperRequest:
    if draft.start < clock.today(person.centre) - dt.timedelta(days=1):
        raise BadInput(f"{draft.start:%d %b %Y} lies behind: a plan begins today or later.", field="start")
    asked = request_of(person, draft.chosen, read_regimen(draft.regimen, person), draft.start)
    return replace(
        with_milestones(asked, draft.milestones, draft.start),
        first_cut=draft.first_cut,
        limits=replace(asked.limits, ceiling_holds=not draft.chosen.protocol),
        typed=typed_steps(person, draft.chosen, draft.typed),
        history=history_of(person, known),
    )
