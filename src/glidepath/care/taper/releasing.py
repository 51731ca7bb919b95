"""A symptom review, and the release of the next step: a prescriber decides each cut, and nothing else decides it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.db import IntegrityError, transaction

from glidepath.care.taper import queries
from glidepath.care.taper.models import Plan, Release, SymptomReview, Version
from glidepath.care.taper.proposals import findings_on_release
from glidepath.care.taper.rows import chosen_of, kept_finding, save_version
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing import revise
from glidepath.clinical.dosing.plan import Step, StepState
from glidepath.clinical.findings import Finding, in_the_way
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def record_review(
    *,
    plan: Plan,
    decision: str,
    interference: str,
    by: Staff,
    sleep_disturbed: bool | None = None,
    words: str = "",
    ciwa_b_id: int | None = None,
    once: str = "",
) -> SymptomReview:
    """How the person is after the last change of dose, and what the prescriber decides from it."""
    earlier = submits.found(once, "taper.reviewed")
    if earlier is not None:
        return SymptomReview.objects.get(pk=earlier)
    require(by, "taper.review")
    locked = lock(plan, by)
    if decision not in SymptomReview.Decision.values:
        raise BadInput("Choose what follows: go on, hold, slow, step back or switch.", field="decision")
    if interference not in SymptomReview.Interference.values:
        raise BadInput("Say whether symptoms interfere with the person's life.", field="interference")
    now = clock.now()
    row = SymptomReview.objects.create(
        centre_id=locked.centre_id,
        plan=locked,
        decision=decision,
        interference=interference,
        sleep_disturbed=sleep_disturbed,
        ciwa_b_id=ciwa_b_id,
        words=words.strip(),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )
    submits.remember(once, "taper.reviewed", row.pk)
    audit.write("taper.reviewed", by=by, centre=locked.centre, person=locked.person, about=row, code=decision)
    return row


@transaction.atomic
def release_step(
    *,
    plan: Plan,
    step_number: int,
    by: Staff,
    proof: Proof,
    seen: int,
    contact_on: dt.date | None = None,
    overrides: Mapping[str, str] | None = None,
    once: str = "",
) -> Release:
    """The next step may begin on its day. Raises HardStop while a review is missing or something stands against it.

    seen: the newest version the page showed. overrides: a reason by finding code, for what may be answered.
    contact_on: of the last step to zero, the contact inside the watch window (TPR-10).
    """
    earlier = submits.found(once, "taper.released")
    if earlier is not None:
        return Release.objects.get(pk=earlier)
    require(by, "taper.release")
    require_proof(by, proof)
    locked = lock(plan, by)
    version = newest_seen(locked, seen)
    running = queries.running([locked.person]).get(locked.person_id)
    _refuse_other_than_next(version, running, step_number)
    assert running is not None
    findings = answered(
        findings_on_release(locked, version, step_number, review=running.review, contact_on=contact_on), overrides or {}
    )
    if running.review is None or in_the_way(findings):
        raise HardStop(f"Step {step_number} is not released: see what stands against it.", findings)
    if running.review.decision != SymptomReview.Decision.GO_ON:
        raise BadInput(
            f"The last review decided: {running.review.get_decision_display()}. Do that, or review again and decide to "
            "go on."
        )
    version = moved_on(locked, version, step_number, by)
    row = keep_release(version, step_number, running.review, contact_on, findings, by)
    submits.remember(once, "taper.released", row.pk)
    audit.write(
        "taper.released",
        by=by,
        centre=locked.centre,
        kind="sign",
        person=locked.person,
        about=row,
        code=str(step_number),
    )
    return row


def lock(plan: Plan, by: Staff) -> Plan:
    """Person, then plan, for the rest of the transaction. Raises NotAllowed elsewhere, BadInput once it has ended."""
    if plan.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=plan.person_id)
    locked = Plan.objects.select_for_update().get(pk=plan.pk)
    if locked.ended_at is not None:
        raise BadInput("This taper has ended. Begin a new one.")
    return locked


def newest_seen(plan: Plan, seen: int) -> Version:
    """The newest version, if it is the one the page showed. Raises ChangedMeanwhile naming who signed another."""
    newest = queries.newest_version(plan)
    if newest.number != seen:
        who = newest.recorded_by.name
        raise ChangedMeanwhile(
            f"{who} signed version {newest.number} meanwhile; this page showed version {seen}. Look at it first.",
            by=who,
            at=newest.recorded_at,
        )
    return newest


def answered(findings: tuple[Finding, ...], overrides: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings, those answered that a prescriber may answer and gave a reason for."""
    return tuple(
        one.answered(overrides[one.code].strip())
        if one.overridable and one.answered_by is None and overrides.get(one.code, "").strip()
        else one
        for one in findings
    )


def _refuse_other_than_next(version: Version, running: queries.Running | None, step_number: int) -> None:
    if version.protocol and not version.on_hold:
        raise BadInput(
            "This plan goes by a rapid protocol: two sign for a batch of its steps, and each day's review lets one "
            "begin."
        )
    if version.on_hold:
        raise BadInput("The taper is on hold: resume it before a step is released.")
    if running is None or running.following is None:
        raise BadInput("There is no step left to release.")
    if running.following_released:
        raise BadInput(f"Step {running.following.number} is released already and has not begun yet.")
    if running.following.number != step_number:
        raise BadInput(f"The next step is {running.following.number}, not {step_number}: steps are released in order.")


def moved_on(plan: Plan, version: Version, step_number: int, by: Staff) -> Version:
    """A step released after its day: it begins now, and the rest moves by as much, as a version of its own. Nothing
    comes sooner after a cut than was planned."""
    today = clock.today(plan.person.centre)
    proposed = as_plan(version, [one.step_number for one in version.releases.all()])
    step = next(one for one in proposed.steps if one.number == step_number)
    if step.start >= today:
        return version
    moved = revise.release(proposed, step_number, on=today).plan
    waiting = replace(moved, steps=tuple(_projected(one, step_number) for one in moved.steps))
    return save_version(
        plan=plan, proposed=waiting, chosen=chosen_of(version), kind=Version.Kind.AMEND, effective_at=clock.now(),
        findings=(), by=by, reason=f"Step {step_number} was released after its day; the rest moves with it.",
        second_by=version.second_by,
    )  # fmt: skip


def _projected(step: Step, number: int) -> Step:
    return replace(step, state=StepState.PROJECTED) if step.number == number else step


def keep_release(
    version: Version,
    step_number: int,
    review: SymptomReview,
    contact_on: dt.date | None,
    findings: tuple[Finding, ...],
    by: Staff,
) -> Release:
    now = clock.now()
    try:
        with transaction.atomic():
            return Release.objects.create(
                centre_id=version.centre_id,
                version=version,
                step_number=step_number,
                review=review,
                contact_on=contact_on,
                findings=[kept_finding(one) for one in findings],
                happened_at=now,
                recorded_at=now,
                recorded_by=by,
            )
    except IntegrityError:
        first = Release.objects.select_related("recorded_by").get(version=version, step_number=step_number)
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} released step {step_number} first.",
            by=first.recorded_by.name,
            at=first.recorded_at,
        ) from None
