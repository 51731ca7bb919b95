"""To sign a taper and to turn it: hold, resume, slow, step back. Each is a new signed version; nothing given changes.

The symptom review and the release of a step stand in releasing.py and are called from here too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace

from django.db import IntegrityError, transaction

from glidepath.care.alarms.services import close_answered
from glidepath.care.taper import protocols, queries
from glidepath.care.taper.batches import sign_batch
from glidepath.care.taper.day_reviews import record_day_review
from glidepath.care.taper.models import Plan, Version
from glidepath.care.taper.planning import Draft, propose
from glidepath.care.taper.proposals import findings_on_plan
from glidepath.care.taper.queries import Tapers
from glidepath.care.taper.releasing import answered, lock, newest_seen, record_review, release_step
from glidepath.care.taper.requests import by_shares, request_of
from glidepath.care.taper.rows import Chosen, chosen_of, save_version
from glidepath.care.taper.signed import as_plan
from glidepath.care.taper.turning import (
    REASONS,
    From,
    Reason,
    Turn,
    next_dose_moment,
    once_each,
    refuse_blocked,
    standing,
)
from glidepath.clinical.dosing import plan as core, revise
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity, Status, in_the_way
from glidepath.clinical.guidelines.reported_dose import NOTHING_ORDERED
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

__all__ = [
    "REASONS",
    "Draft",
    "From",
    "Reason",
    "Turn",
    "change",
    "preview",
    "record_day_review",
    "record_review",
    "release_step",
    "sign_batch",
    "sign_plan",
]


@transaction.atomic
def sign_plan(
    *,
    person: Person,
    draft: Draft,
    by: Staff,
    proof: Proof,
    overrides: Mapping[str, str] | None = None,
    acknowledged: str = "",
    second: Proof | None = None,
    once: str = "",
) -> Version:
    """The first version of a taper. Step 1, the present dose, is released by signing; every later step is projected.

    overrides: a reason by code for the hard stops that a prescriber may answer. acknowledged: the reason for going on
    although warnings stand. second: who signs beside `by`, where the plan names a rapid protocol. Raises HardStop,
    BadInput (a plan that does not reach its goal is not signed).
    """
    earlier = submits.found(once, "taper.signed")
    if earlier is not None:
        return Version.objects.get(pk=earlier)
    require(by, "taper.sign")
    require_proof(by, proof)
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=person.pk)
    episode = current_episode(person)
    if episode is None:
        raise BadInput("There is no episode of care: open an enquiry or admit the person first.")
    signers = protocols.two_signers(by, second) if draft.chosen.protocol else ()
    proposal = propose(person, draft, signed_by=signers)
    if proposal.plan.blocked is not None:
        raise BadInput(f"{proposal.plan.blocked.message} {proposal.plan.blocked.do}")
    findings = answered(proposal.findings, overrides or {})
    refuse_unanswered(findings, acknowledged)
    plan = _open(person, episode.pk)
    version = save_version(
        plan=plan,
        proposed=proposal.plan,
        chosen=proposal.draft.chosen,
        kind=Version.Kind.FIRST,
        effective_at=next_dose_moment(person, proposal.plan.steps[0], not_before=draft.start),
        findings=findings,
        by=by,
        reason=acknowledged.strip() or draft.reason,
        agreed=draft.agreed.strip(),
        second_by=signers[1] if signers else None,
    )
    if version.effective_at <= clock.now() + dt.timedelta(hours=24):
        close_answered(person=person, cause=NOTHING_ORDERED, words="A taper was signed.", by=by)
    submits.remember(once, "taper.signed", version.pk)
    note_signed(version, by)
    return version


@transaction.atomic
def change(
    *,
    plan: Plan,
    kind: str,
    reason: Reason,
    by: Staff,
    proof: Proof,
    seen: int,
    pace: revise.Pace | None = None,
    to_step: int | None = None,
    begins: From | None = None,
    overrides: Mapping[str, str] | None = None,
    once: str = "",
) -> Version:
    """Hold, resume, slow or step back, from the next dose on or from a later one that `begins` names. A hold and a
    step back are never kept from anybody who needs them: their findings are said and stand in the version, and none is
    in the way.

    seen: the newest version the page showed. pace: of slow and resume. to_step: of a step back. Raises HardStop,
    ChangedMeanwhile.
    """
    earlier = submits.found(once, f"taper.{kind}")
    if earlier is not None:
        return Version.objects.get(pk=earlier)
    require(by, "taper.change")
    require_proof(by, proof)
    locked = lock(plan, by)
    before = newest_seen(locked, seen)
    if reason.code not in REASONS:
        raise BadInput("Choose the reason: one tap.", field="reason_code")
    turn = _turn(locked, before, kind, reason, pace, to_step, begins, queries.tapers([locked.person]))
    findings = answered(turn.findings, overrides or {})
    if kind not in (Version.Kind.HOLD, Version.Kind.STEP_BACK) and in_the_way(findings):
        raise HardStop("The change is not signed: see what stands in the way.", findings)
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


@transaction.atomic
def end(*, person: Person, by: Staff) -> None:
    """Our part of the taper ends: another prescriber carries it on. Nothing more is due from it; it stays readable."""
    plan = Plan.objects.select_for_update().filter(person=person, ended_at__isnull=True).first()
    if plan is None:
        return
    plan.ended_at = clock.now()
    plan.save(update_fields=["ended_at"])
    audit.write("plan.ended", by=by, centre=plan.centre, person=person, about=plan)


def preview(
    plan: Plan,
    kind: str,
    *,
    pace: revise.Pace | None = None,
    to_step: int | None = None,
    begins: From | None = None,
    reason: Reason | None = None,
    known: Tapers | None = None,
) -> Turn:
    """The change as it would be signed now; nothing is written. known: the person's tapers, where they were read."""
    read = known or queries.tapers([plan.person])
    return _turn(plan, read.newest(plan.person_id), kind, reason or Reason(""), pace, to_step, begins, read)


def _turn(
    plan: Plan,
    before: Version,
    kind: str,
    reason: Reason,
    pace: revise.Pace | None,
    to_step: int | None,
    begins: From | None,
    known: Tapers,
) -> Turn:
    person = plan.person
    now = standing(person, before, known, begins)
    chosen = chosen_of(before)
    if chosen.protocol and kind != Version.Kind.HOLD:  # it ends with its version: the ceiling holds again
        chosen, pace = protocols.without(chosen), pace or revise.Pace(*protocols.usual_pace(settings_of(person.centre)))
    make = _makers(now.plan, now.on, now.at, _request(person, before, chosen), pace, to_step)
    if kind not in make:
        raise BadInput("Choose hold, resume, slow or step back.", field="kind")
    try:
        revision = make[kind]()
    except PlanError as wrong:
        raise BadInput(str(wrong)) from wrong
    refuse_blocked(person, revision)
    new = _chosen_after(chosen, kind, pace)
    findings = (
        *revision.findings,
        *findings_on_plan(
            person,
            revision.plan,
            protocols.without(new),
            agreed=bool(reason.agreed.strip()),
            reason=reason.words,
            before=before,
            known=known,
        ),
    )
    return Turn(kind, revision, new, now.effective_at, _answer_what_began(plan, now.plan, once_each(findings), known))


def _answer_what_began(
    plan: Plan, present: core.TaperPlan, findings: tuple[Finding, ...], known: Tapers
) -> tuple[Finding, ...]:
    """Steps that began by a rapid protocol stand in the plan; what its signatures answered is not asked again."""
    key = queries.protocol_of(plan, known)
    if not key:
        return findings
    begun = {step.number for step in present.steps if step.state is core.StepState.RELEASED}
    return protocols.answer_begun(findings, begun, protocols.name_of(key))


def _makers(
    present: core.TaperPlan,
    on: dt.date,
    at: dt.time,
    request: TaperRequest,
    pace: revise.Pace | None,
    to_step: int | None,
) -> dict[str, Callable[[], revise.Revision]]:
    known = formulary()
    slower = pace or revise.slower(revise.Pace(request.cut, request.interval_days))
    return {
        Version.Kind.HOLD: lambda: revise.hold(present, on=on, at=at),
        Version.Kind.RESUME: lambda: revise.resume(present, on=on, at=at, request=request, formulary=known, pace=pace),
        Version.Kind.SLOW: lambda: revise.slow(present, on=on, at=at, request=request, formulary=known, pace=slower),
        Version.Kind.STEP_BACK: lambda: revise.step_back(
            present, on=on, at=at, request=request, formulary=known, to=to_step, pace=pace
        ),
    }


def _chosen_after(chosen: Chosen, kind: str, pace: revise.Pace | None) -> Chosen:
    if kind == Version.Kind.HOLD:
        return chosen
    after = pace or revise.slower(revise.Pace(chosen.cut, chosen.interval_days))
    return replace(by_shares(chosen), cut=after.cut, interval_days=after.interval_days)


def _request(person: Person, version: Version, chosen: Chosen) -> TaperRequest:
    plan = as_plan(version)
    return request_of(person, by_shares(chosen), Regimen(plan.steps[0].doses), plan.start)


def refuse_unanswered(findings: tuple[Finding, ...], acknowledged: str, *, field: str = "acknowledged") -> None:
    """Raises HardStop for what stands in the way, BadInput while warnings stand and nobody wrote why they go on."""
    if in_the_way(findings):
        raise HardStop("The plan is not signed: see what stands in the way.", findings)
    warned = [
        one
        for one in findings
        if one.severity is Severity.WARNING and one.status is Status.FIRES and one.answered_by is None
    ]
    if warned and not acknowledged.strip():
        codes = ", ".join(dict.fromkeys(one.code for one in warned))
        raise BadInput(f"Warnings stand ({codes}): write why you go on.", field=field)


def _open(person: Person, episode_id: int) -> Plan:
    try:
        with transaction.atomic():
            return Plan.objects.create(
                centre_id=person.centre_id, person=person, episode_id=episode_id, opened_at=clock.now()
            )
    except IntegrityError:
        newest = queries.newest(person)
        who = newest.recorded_by.name if newest else "somebody"
        raise ChangedMeanwhile(
            f"{who} signed a taper for {person.preferred_name} already. Change that one: a person has one taper.",
            by=who,
            at=newest.recorded_at if newest else clock.now(),
        ) from None


def note_signed(version: Version, by: Staff) -> None:
    audit.write(
        "taper.signed",
        by=by,
        centre=version.centre,
        kind="sign",
        person=version.plan.person,
        about=version,
        code=version.kind,
        digest=version.digest,
    )
