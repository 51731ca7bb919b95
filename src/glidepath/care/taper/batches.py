"""Daily cuts by a rapid protocol: the batch that two people sign. Alone it lets no step begin (see day_reviews.py)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import transaction

from glidepath.care.taper import batch_queries, protocols, queries
from glidepath.care.taper.models import Batch, Plan, Version
from glidepath.care.taper.proposals import findings_on_release
from glidepath.care.taper.queries import Running
from glidepath.care.taper.releasing import answered, lock, newest_seen
from glidepath.care.taper.rows import kept_finding
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing.schedule import StepInForce
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding, in_the_way
from glidepath.clinical.guidelines.day_review import StopConditions, too_loose
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, HardStop
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def sign_batch(
    *,
    plan: Plan,
    last_step: int,
    conditions: StopConditions,
    by: Staff,
    proof: Proof,
    second: Proof | None,
    seen: int,
    overrides: Mapping[str, str] | None = None,
    once: str = "",
) -> Batch:
    """The next steps up to `last_step` as one batch, with its stop conditions. No step begins by it.

    seen: the newest version the page showed. overrides: as of a release, for every step of the batch. Raises HardStop,
    BadInput by field, ChangedMeanwhile, NotAllowed.
    """
    earlier = submits.found(once, "taper.batch_signed")
    if earlier is not None:
        return Batch.objects.get(pk=earlier)
    require(by, "taper.release")
    require_proof(by, proof)
    locked = lock(plan, by)
    version = newest_seen(locked, seen)
    first = _first_of_batch(locked.person, version)
    signers = protocols.two_signers(by, second)
    _refuse_conditions(conditions, clinical_settings_of(locked.person.centre))
    last = next((step for step in as_plan(version).steps if step.number == last_step), None)
    if last is None or last.number < first.number:
        raise BadInput(f"The batch ends with one of the steps from {first.number} on.", field="last_step")
    findings = answered(findings_on_batch(locked, version, first.number), overrides or {})
    if in_the_way(findings):
        raise HardStop("The batch is not signed: see what stands against it.", findings)
    row = _keep_batch(version, first.number, last.number, conditions, signers, findings)
    submits.remember(once, "taper.batch_signed", row.pk)
    audit.write(
        "taper.batch_signed", by=by, centre=locked.centre, kind="sign", person=locked.person, about=row,
        code=f"{first.number}-{last.number}", digest=row.digest,
    )  # fmt: skip
    return row


def findings_on_batch(plan: Plan, version: Version, first: int) -> tuple[Finding, ...]:
    """What stands against the batch's first release today, without what each day's review asks anew."""
    found = findings_on_release(plan, version, first, review=None, contact_on=None)
    return tuple(one for one in found if one.code != "JCG-9")


def why_not_batch(person: Person, version: Version, running: Running | None) -> str:
    """Why no batch can be signed now; empty where one can."""
    if not version.protocol or version.on_hold:
        return "This plan does not go by a rapid protocol: release its steps one by one."
    if running is None:
        return "The plan begins with its first dose: sign the batch then."
    if running.following is None:
        return "There is no step left."
    if any(end is None for _, end in queries.standing(person)):
        return "A freeze or an alarm that pauses the taper stands: it is lifted first."
    now = batch_queries.batch_now(person, running)
    if now is not None and now.goes_on:
        return f"A batch up to step {now.batch.last_step} goes on already."
    return ""


def _first_of_batch(person: Person, version: Version) -> StepInForce:
    running = queries.running([person]).get(person.pk)
    why = why_not_batch(person, version, running)
    if why:
        raise BadInput(why)
    protocols.refuse_elsewhere(person)
    assert running is not None
    assert running.following is not None
    return running.following


def _refuse_conditions(conditions: StopConditions, settings: ClinicalSettings) -> None:
    for name, why in too_loose(conditions, settings=settings).items():
        raise BadInput(why, field=name)


def _keep_batch(
    version: Version,
    first: int,
    last: int,
    conditions: StopConditions,
    signers: tuple[Staff, Staff],
    findings: Sequence[Finding],
) -> Batch:
    now = clock.now()
    by, second = signers
    return Batch.objects.create(
        centre_id=version.centre_id,
        version=version,
        first_step=first,
        last_step=last,
        conditions=conditions.as_data(),
        signed_by=by,
        second_by=second,
        signed_at=now,
        findings=[kept_finding(one) for one in findings],
        digest=digest(version, first, last, conditions),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )


def digest(version: Version, first: int, last: int, conditions: StopConditions) -> str:
    """What was shown and signed: the version, its steps and the conditions, as one hash."""
    content = [version.digest, first, last, dict(conditions.as_data())]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
