"""The day's review of a batch: inside its stop conditions it lets exactly the next step begin.

It writes the ordinary symptom review and the ordinary release, so that what is due follows as ever. Outside the
conditions nothing is released, and the prescriber is called.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.taper import batch_queries, protocols, queries
from glidepath.care.taper.batch_queries import CAUSE, BatchNow
from glidepath.care.taper.models import Batch, DayReview, Plan, Release, SymptomReview, Version
from glidepath.care.taper.proposals import findings_on_release
from glidepath.care.taper.queries import Running
from glidepath.care.taper.releasing import answered, keep_release, lock, moved_on, newest_seen
from glidepath.care.taper.rows import findings_of, kept_finding
from glidepath.clinical.dosing.schedule import StepInForce, moment
from glidepath.clinical.findings import Finding, Status, in_the_way
from glidepath.clinical.guidelines.day_review import DayValues, StopConditions, check_day
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

EACH_DAY = ("JCG-9", "JCG-11", "SEI-3")  # asked anew by each day's review, and answered by no batch
A_DAY = dt.timedelta(days=1)


@transaction.atomic
def record_day_review(
    *,
    plan: Plan,
    step_number: int,
    interference: str,
    by: Staff,
    proof: Proof,
    seen: int,
    sleep_disturbed: bool | None = None,
    words: str = "",
    once: str = "",
) -> DayReview:
    """Today's review. Inside the batch's stop conditions it releases exactly the next step; outside, it calls.

    What is missing or too old is refused, so that it is measured first. Raises BadInput, ChangedMeanwhile, NotAllowed.
    """
    earlier = submits.found(once, "taper.day_reviewed")
    if earlier is not None:
        return DayReview.objects.get(pk=earlier)
    require(by, "taper.day_review")
    require_proof(by, proof)
    locked = lock(plan, by)
    version = newest_seen(locked, seen)
    if interference not in SymptomReview.Interference.values:
        raise BadInput("Say whether symptoms interfere with the person's life.", field="interference")
    running = queries.running([locked.person]).get(locked.person_id)
    now = batch_queries.batch_now(locked.person, running)
    batch = _open_for(locked.person, now, running, step_number)
    review = _review_of(locked, interference, sleep_disturbed, words, by)
    values = batch_queries.day_values(locked.person, batch_queries.last_change_at(locked.person))
    findings = findings_of_day(locked, version, batch, step_number, review, values)
    _refuse_unmeasured(findings)
    against = in_the_way(findings)
    with audit.together():
        release = None if against else _release(locked, version, batch, step_number, review, by)
        row = _keep_day(batch, release, step_number, review, values, against, by)
        if against:
            _call(locked.person, step_number, against, by)
        submits.remember(once, "taper.day_reviewed", row.pk)
        audit.write(
            "taper.day_reviewed", by=by, centre=locked.centre, kind="sign", person=locked.person, about=row,
            code="inside" if release else "outside",
        )  # fmt: skip
    return row


def why_not_today(person: Person, now: BatchNow | None, running: Running | None) -> str:
    """Why no day's review can be recorded now; empty where one can."""
    if now is None or running is None:
        return "No batch is signed: two people sign one before a day's review can let a cut begin."
    if now.ended:
        return f"The batch has ended: {now.ended}. The present dose goes on."
    if now.alarms:
        cause = now.alarms[0].alarm.cause
        return f"The prescriber was called ({cause}) and has not closed the alarm yet. The present dose goes on."
    if not protocols.is_inpatient(person):
        return "No bed on a unit of inpatient medical care: the batch waits. The present dose goes on."
    assert now.following is not None  # else it has ended
    if now.following.start > now.today:
        return f"Step {now.following.number} is planned for {now.following.start:%d %b %Y}: its review is that day's."
    return _too_soon(person, running)


def findings_of_day(
    plan: Plan, version: Version, batch: Batch, step_number: int, review: SymptomReview, values: DayValues
) -> tuple[Finding, ...]:
    """What the day's values and the review say of the next step; what the signers answered stays answered."""
    on_release = findings_on_release(plan, version, step_number, review=review, contact_on=None)
    kept = {one.code: one.answered_by for one in findings_of(batch.findings) if one.answered_by}
    given = {code: words for code, words in kept.items() if code not in EACH_DAY}
    settings = clinical_settings_of(plan.person.centre)
    of_day = check_day(StopConditions(**batch.conditions), values, settings=settings)
    return (*of_day, *answered(on_release, given))


def _open_for(person: Person, now: BatchNow | None, running: Running | None, step_number: int) -> Batch:
    """The batch, if a review of this step can be recorded now. Raises BadInput saying why not."""
    why = why_not_today(person, now, running)
    if why:
        raise BadInput(why)
    assert now is not None
    assert now.following is not None
    if now.following.number != step_number:
        raise BadInput(f"The next step is {now.following.number}, not {step_number}: look at the page again.")
    return now.batch


def _too_soon(person: Person, running: Running) -> str:
    """Each dose time has had the present dose once before the next cut: never two cuts within a day."""
    changed = batch_queries.last_change_at(person)
    if changed is None:
        return ""
    zone = person.centre.zone
    began, would = (_first_dose(running.step, at, zone) for at in (changed, clock.now()))
    if would >= began + A_DAY:
        return ""
    return (
        f"The last cut began with the {began:%H:%M} dose of {began:%d %b}: the next begins with that of the day after "
        "at the earliest. Record the review after the dose before it."
    )


def _first_dose(step: StepInForce, at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The first dose time of a step from a moment on, as the clock on the wall shows it."""
    times = sorted({planned.time for planned in step.doses}) or [dt.time.min]
    day = at.astimezone(zone).date()
    walls = [dt.datetime.combine(day + later * A_DAY, time) for later in range(3) for time in times]
    return next(wall for wall in walls if moment(wall.date(), wall.time(), zone) >= at)


def _refuse_unmeasured(findings: Sequence[Finding]) -> None:
    missing = [one for one in findings if one.code == "INP-14" and one.status is Status.CANNOT_BE_ASSESSED]
    if missing:
        raise BadInput(" ".join(f"{one.message} {one.do}" for one in missing))


def _review_of(plan: Plan, interference: str, sleep_disturbed: bool | None, words: str, by: Staff) -> SymptomReview:
    """The review as it would be written; it is written only with a release."""
    now = clock.now()
    return SymptomReview(
        centre_id=plan.centre_id,
        plan=plan,
        decision=SymptomReview.Decision.GO_ON,
        interference=interference,
        sleep_disturbed=sleep_disturbed,
        words=words.strip(),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )


def _release(plan: Plan, version: Version, batch: Batch, step_number: int, review: SymptomReview, by: Staff) -> Release:
    """The review and the release of exactly this step; after its day, the rest moves and the batch with it."""
    moved = moved_on(plan, version, step_number, by)
    if moved.pk != version.pk:
        _carry_on(batch, moved, by)
    review.save(force_insert=True)
    return keep_release(moved, step_number, review, None, (), by)


def _carry_on(batch: Batch, version: Version, by: Staff) -> Batch:
    """The same steps under the same signatures, later: nothing comes sooner or falls further than was signed."""
    now = clock.now()
    return Batch.objects.create(
        centre_id=batch.centre_id,
        version=version,
        first_step=batch.first_step,
        last_step=batch.last_step,
        conditions=batch.conditions,
        signed_by=batch.signed_by,
        second_by=batch.second_by,
        signed_at=batch.signed_at,
        findings=batch.findings,
        digest=batch.digest,
        supersedes=batch,
        correction_reason="A late review: the same steps come later.",
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )


def _keep_day(
    batch: Batch,
    release: Release | None,
    step_number: int,
    review: SymptomReview,
    values: DayValues,
    against: Sequence[Finding],
    by: Staff,
) -> DayReview:
    return DayReview.objects.create(
        centre_id=batch.centre_id,
        plan=review.plan,
        batch=batch,
        step_number=step_number,
        day=clock.today(batch.centre),
        interference=review.interference,
        sleep_disturbed=review.sleep_disturbed,
        words=review.words,
        seen=_as_seen(values),
        findings=[kept_finding(one) for one in against],
        release=release,
        happened_at=review.happened_at,
        recorded_at=review.recorded_at,
        recorded_by=by,
    )


def _as_seen(values: DayValues) -> dict[str, object]:
    """The newest values with their moments, as they were looked at."""
    scored = values.ciwa_b[-1] if values.ciwa_b else None
    found = {
        "ciwa_b": (scored.total, scored.at) if scored else None,
        "rass": (values.rass.rass, values.rass.at) if values.rass else None,
        "news2": (values.news2.total, values.news2.at) if values.news2 else None,
    }
    return {name: {"value": one[0], "at": one[1].isoformat()} for name, one in found.items() if one is not None}


def _call(person: Person, step_number: int, against: Sequence[Finding], by: Staff) -> None:
    said = " ".join(one.message for one in against)
    raise_alarm(
        person=person,
        cause=CAUSE,
        rank=Rank.SOON,
        message=f"No cut today, step {step_number} waits. {said}"[:600],
        do="A prescriber sees the person and decides: wait, hold, slow, step back. The dose of the day before goes on.",
        by=by,
        prescriber_closes=True,
    )
