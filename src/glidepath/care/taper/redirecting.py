"""To send a running taper another way: a switch to a longer-acting medicine, or other choices for what remains.

Each is a new signed version with its difference. The present dose goes on, and every step of the new way waits for its
review and its release like any other; only a rise, with the prescriber's reason, begins with the signature (TPR-7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

from glidepath.care.taper import queries
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.planning import products, read_regimen
from glidepath.care.taper.proposals import findings_on_plan, limits_of
from glidepath.care.taper.releasing import answered, lock, newest_seen
from glidepath.care.taper.rows import Chosen, digest, save_version
from glidepath.care.taper.services import note_signed, refuse_unanswered
from glidepath.care.taper.turning import REASONS, From, Reason, Standing, Turn, once_each, standing
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.redirect import redirect as redirected
from glidepath.clinical.dosing.redirect import switch as switched
from glidepath.clinical.dosing.request import TaperRequest, TypedStep
from glidepath.clinical.dosing.revise import Revision, exchanged_every
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import Regimen
from glidepath.record.audit import once as submits
from glidepath.record.centres.queries import settings_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

KINDS = (Version.Kind.SWITCH, Version.Kind.AMEND)


@dataclass(frozen=True, slots=True)
class Way:
    """What a prescriber chose for what remains.

    first_cut: None for the day that was planned, or later where the new interval asks for it. every_days: between two
    exchanged doses of a switch. times: of the doses from the first cut on; none: as now. typed: (day, regimen) of each
    step. regimen: other doses from the moment the change counts on; empty: as now. products: keys of those to use;
    none: every one stocked.
    """

    chosen: Chosen
    first_cut: dt.date | None = None
    every_days: int | None = None
    times: tuple[dt.time, ...] = ()
    typed: tuple[tuple[dt.date, str], ...] = ()
    regimen: str = ""
    products: tuple[str, ...] = ()


@transaction.atomic
def redirect(
    *,
    plan: Plan,
    kind: str,
    way: Way,
    reason: Reason,
    by: Staff,
    proof: Proof,
    seen: int,
    shown: str,
    begins: From | None = None,
    overrides: Mapping[str, str] | None = None,
    once: str = "",
) -> Version:
    """Switch or amend, from the next dose on or from a later one that `begins` names.

    seen: the newest version the page showed. shown: the digest of the plan it showed. Hard stops stand as for a first
    plan; warnings ask for the reason in words. Raises HardStop, BadInput by field, ChangedMeanwhile.
    """
    earlier = submits.found(once, f"taper.{kind}")
    if earlier is not None:
        return queries.signed_version(earlier)
    require(by, "taper.change")
    require_proof(by, proof)
    locked = lock(plan, by)
    before = newest_seen(locked, seen)
    if reason.code not in REASONS:
        raise BadInput("Choose the reason: one tap.", field="reason_code")
    turn = _turn(locked, before, kind, way, reason, begins)
    if digest_of(turn) != shown:
        raise BadInput("The change is another than the page showed. Look at it again, then sign it.")
    findings = answered(turn.findings, overrides or {})
    refuse_unanswered(findings, reason.words, field="words")
    version = save_version(
        plan=locked,
        proposed=turn.revision.plan,
        chosen=turn.chosen,
        kind=kind,
        effective_at=turn.effective_at,
        findings=findings,
        by=by,
        reason_code=reason.code,
        reason=reason.words.strip(),
        agreed=reason.agreed.strip(),
    )
    submits.remember(once, f"taper.{kind}", version.pk)
    note_signed(version, by)
    return version


def preview(plan: Plan, kind: str, way: Way, *, reason: Reason | None = None, begins: From | None = None) -> Turn:
    """The change as it would be signed now; nothing is written."""
    return _turn(plan, queries.newest_version(plan), kind, way, reason or Reason(""), begins)


def digest_of(turn: Turn) -> str:
    """What the page shows and the signature freezes."""
    return digest(turn.revision.plan, turn.chosen)


def _turn(plan: Plan, before: Version, kind: str, way: Way, reason: Reason, begins: From | None) -> Turn:
    person = plan.person
    now = standing(person, before, begins)
    try:
        revision = _revised(person, kind, way, now)
    except (PlanError, KeyError) as wrong:
        raise BadInput(str(wrong.args[0])) from wrong
    if revision.plan.blocked is not None:
        raise BadInput(f"{revision.plan.blocked.message} {revision.plan.blocked.do}")
    chosen = replace(way.chosen, table=way.chosen.table or revision.plan.table or "")
    findings = findings_on_plan(
        person,
        _ahead(revision.plan, now),
        way.chosen,
        agreed=bool(reason.agreed.strip()),
        reason=reason.words,
        before=before,
    )
    coming = tuple(one for one in findings if one.step is None or one.step > now.step.number)
    return Turn(kind, revision, chosen, now.effective_at, once_each(coming))


def _revised(person: Person, kind: str, way: Way, now: Standing) -> Revision:
    request, known = _request(person, kind, way, now), formulary()
    if kind == Version.Kind.SWITCH:
        if not way.chosen.switch_to:
            raise BadInput("Choose the medicine to switch to.", field="switch_to")
        return switched(now.plan, on=now.on, at=now.at, to=way.chosen.switch_to, request=request, formulary=known)
    if kind == Version.Kind.AMEND:
        doses = read_regimen(way.regimen, person).doses if way.regimen.strip() else None
        return redirected(now.plan, on=now.on, at=now.at, request=request, formulary=known, doses=doses)
    raise BadInput("Choose to switch or to amend.", field="kind")


def _request(person: Person, kind: str, way: Way, now: Standing) -> TaperRequest:
    chosen = way.chosen
    going_on = exchanged_every(now.plan.steps) if kind == Version.Kind.AMEND else None
    shelf = products(person)
    return TaperRequest(
        regimen=Regimen(now.step.doses),
        start=now.plan.start,
        products=tuple(one for one in shelf if one.key in way.products) if way.products else shelf,
        cut=chosen.cut,
        interval_days=chosen.interval_days,
        limits=limits_of(settings_of(person.centre)),
        goal=chosen.goal,
        shape=chosen.shape,
        setting=chosen.setting,
        first_cut=way.first_cut,
        times=way.times,
        table=chosen.table or None,
        switch_to=chosen.switch_to or None,
        switch_every_days=way.every_days or going_on,
        typed=_typed(person, way),
    )


def _typed(person: Person, way: Way) -> tuple[TypedStep, ...]:
    if way.chosen.shape is not core.Shape.TYPED:
        return ()
    return tuple(
        TypedStep(day, read_regimen(text, person, field="typed").doses if text.strip() else ())
        for day, text in way.typed
    )


def _ahead(plan: core.TaperPlan, now: Standing) -> core.TaperPlan:
    """From the step in force on: what lies before it was judged when it was signed, and counts as earlier doses."""
    steps = tuple(step for step in plan.steps if step.number >= now.step.number)
    return replace(plan, start=steps[0].start, steps=steps)
