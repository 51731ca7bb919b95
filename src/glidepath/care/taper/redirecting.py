"""To send a running taper another way: a switch to a longer-acting medicine, or other choices for what remains.

Each is a new signed version with its difference. The present dose goes on, and every step of the new way waits for its
review and its release like any other; only a rise, with the prescriber's reason, begins with the signature (TPR-7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from glidepath.care.taper import queries
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.proposals import findings_on_plan
from glidepath.care.taper.requests import read_regimen, typed_steps, with_milestones
from glidepath.care.taper.rows import Chosen
from glidepath.care.taper.signing_turns import sign_turn
from glidepath.care.taper.turning import (
    From,
    Reason,
    Standing,
    Turn,
    ahead_of,
    coming,
    refuse_blocked,
    request_from,
    standing,
)
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.redirect import redirect as redirected, switch as switched
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.revise import Revision, exchanged_every
from glidepath.clinical.facts.load import formulary
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof

KINDS = (Version.Kind.SWITCH, Version.Kind.AMEND)


@dataclass(frozen=True, slots=True)
class Way:
    """What a prescriber chose for what remains.

    first_cut: None for the day that was planned, or later where the new interval asks for it. every_days: between two
    exchanged doses of a switch. times: of the doses from the first cut on; none: as now. typed: (day, regimen) of each
    step. regimen: other doses from the moment the change counts on; empty: as now. milestones: of a drawn way, as
    typed; its weeks count from the day of the change.
    """

    chosen: Chosen
    first_cut: dt.date | None = None
    every_days: int | None = None
    times: tuple[dt.time, ...] = ()
    typed: tuple[tuple[dt.date, str], ...] = ()
    regimen: str = ""
    milestones: str = ""


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
    return sign_turn(
        plan=plan,
        kind=kind,
        make=lambda locked, before: _turn(locked, before, kind, way, reason, begins),
        reason=reason,
        by=by,
        proof=proof,
        seen=seen,
        shown=shown,
        overrides=overrides or {},
        once=once,
    )


def preview(plan: Plan, kind: str, way: Way, *, reason: Reason | None = None, begins: From | None = None) -> Turn:
    """The change as it would be signed now; nothing is written."""
    return _turn(plan, queries.newest_version(plan), kind, way, reason or Reason(""), begins)


def _turn(plan: Plan, before: Version, kind: str, way: Way, reason: Reason, begins: From | None) -> Turn:
    person = plan.person
    known = queries.tapers([person])
    now = standing(person, before, known, begins)
    try:
        request = _request(person, kind, way, now)
        revision = _revised(person, kind, way, now, request)
    except (PlanError, KeyError) as wrong:
        raise BadInput(str(wrong.args[0])) from wrong
    refuse_blocked(person, revision)
    table = way.chosen.table or revision.plan.table or ""
    chosen = replace(way.chosen, table=table, milestones=request.milestones)
    findings = findings_on_plan(
        person,
        ahead_of(revision.plan, now),
        way.chosen,
        agreed=bool(reason.agreed.strip()),
        reason=reason.words,
        before=before,
        known=known,
    )
    return Turn(kind, revision, chosen, now.effective_at, coming(findings, now))


def _revised(person: Person, kind: str, way: Way, now: Standing, request: TaperRequest) -> Revision:
    known = formulary()
    if kind == Version.Kind.SWITCH:
        if not way.chosen.switch_to:
            raise BadInput("Choose the medicine to switch to.", field="switch_to")
        return switched(now.plan, on=now.on, at=now.at, to=way.chosen.switch_to, request=request, formulary=known)
    if kind == Version.Kind.AMEND:
        doses = read_regimen(way.regimen, person).doses if way.regimen.strip() else None
        return redirected(now.plan, on=now.on, at=now.at, request=request, formulary=known, doses=doses)
    raise BadInput("Choose to switch or to amend.", field="kind")


def _request(person: Person, kind: str, way: Way, now: Standing) -> TaperRequest:
    going_on = exchanged_every(now.plan.steps) if kind == Version.Kind.AMEND else None
    doses = read_regimen(way.regimen, person) if way.regimen.strip() else None
    asked = request_from(person, way.chosen, now, doses)
    return replace(
        with_milestones(asked, way.milestones, now.on),
        first_cut=way.first_cut,
        times=way.times,
        switch_every_days=way.every_days or going_on,
        typed=typed_steps(person, way.chosen, way.typed),
    )
