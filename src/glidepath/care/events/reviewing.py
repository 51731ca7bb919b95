"""After an emergency: those who were there talk it over, a manager and a prescriber sign its review, and it is closed.

Closed is nothing that is set: it follows from two signatures, of two people, on the newest version of the review.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from glidepath.care.events import queries
from glidepath.care.events.models import (
    Action,
    ActionDone,
    Cause,
    Debrief,
    Factor,
    Part,
    Review,
    ReviewSignature,
    Running,
)
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require, require_any
from glidepath.record.staff.signing import Proof, require_proof

MOST_ACTIONS = 20
ACTION_OF = {Part.MANAGER: "incident.review", Part.PRESCRIBER: "event.review"}


@dataclass(frozen=True, slots=True)
class ActionGiven:
    """One thing that follows, as it was typed."""

    what: str
    owner: Staff
    by_day: dt.date


@transaction.atomic
def debrief(
    *,
    running: Running,
    there: Sequence[Staff],
    went_well: str,
    missing: str,
    by: Staff,
    once: str,
    words: str = "",
    others: str = "",
) -> Debrief:
    """Who was there, what went well, what was missing. After the end, once. Raises BadInput by field."""
    earlier = submits.found(once, "event.debriefed")
    if earlier is not None:
        return Debrief.objects.get(pk=earlier)
    require(by, "incident.debrief")
    _lock(running, by)
    _refuse_running(running)
    talked = queries.debrief_of(running)
    if talked is not None:
        raise ChangedMeanwhile(
            f"{talked.recorded_by.name} has written the debrief already.", by=talked.recorded_by.name,
            at=talked.recorded_at,
        )  # fmt: skip
    if not there:
        raise BadInput("Choose who was there.", field="there")
    if any(one.centre_id != running.centre_id for one in there):
        raise BadInput("Choose among those who work here; others go into the box beside.", field="there")
    now = clock.now()
    row = Debrief.objects.create(
        centre_id=running.centre_id, running=running, there=sorted({one.pk for one in there}),
        others=others.strip(), went_well=_needed(went_well, "went_well", "Write what went well, or “nothing”."),
        missing=_needed(missing, "missing", "Write what was missing, or “nothing”."), words=words.strip(),
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "event.debriefed", row.pk)
    audit.write("event.debriefed", by=by, centre=running.person.centre, person=running.person, about=row)
    return row


@transaction.atomic
def write_review(
    *,
    running: Running,
    cause: str,
    factors: Sequence[str],
    words: str,
    actions: Sequence[ActionGiven],
    by: Staff,
    proof: Proof,
    once: str,
    seen: int = 0,
    reason: str = "",
) -> Review:
    """The review, signed by who wrote it: a manager or a prescriber; the other one signs it too. A further version says
    why, and both sign again.

    seen: the version the page was made from, 0 for none. Raises BadInput by field, ChangedMeanwhile for another one.
    """
    earlier = submits.found(once, "incident.written")
    if earlier is not None:
        return Review.objects.get(pk=earlier)
    part = part_of(by)
    require_proof(by, proof)
    _lock(running, by)
    _refuse_running(running)
    if queries.debrief_of(running) is None:
        raise BadInput("Those who were there talk it over first: write the debrief, then the review.")
    newest = queries.review_of(running)
    _refuse_other_version(newest, seen)
    _refuse_closed(newest)
    _refuse_impossible(cause, factors, actions, running)
    if newest is not None:
        reason = _needed(reason, "reason", "A further version says what changed and why.")
    now = clock.now()
    row = Review.objects.create(
        centre_id=running.centre_id, running=running, version=newest.version + 1 if newest else 1, cause=cause,
        factors=[one for one in Factor.values if one in factors],
        words=_needed(words, "words", "Write what happened and why, as far as you can say."),
        happened_at=now, recorded_at=now, recorded_by=by, supersedes=newest,
        correction_reason=reason.strip() if newest else "",
    )  # fmt: skip
    for one in actions:
        Action.objects.create(
            centre_id=running.centre_id, review=row, what=one.what.strip(), owner=one.owner, by_day=one.by_day,
            happened_at=now, recorded_at=now, recorded_by=by,
        )  # fmt: skip
    _sign(row, part, by)
    submits.remember(once, "incident.written", row.pk)
    audit.write(
        "incident.written", by=by, centre=running.person.centre, kind="sign", person=running.person, about=row,
        code=part.value, digest=digest(row),
    )  # fmt: skip
    return row


@transaction.atomic
def sign_review(*, review: Review, by: Staff, proof: Proof, once: str) -> ReviewSignature:
    """The second of the two signs what the first wrote; with that the emergency is closed."""
    earlier = submits.found(once, "incident.signed")
    if earlier is not None:
        return ReviewSignature.objects.get(pk=earlier)
    part, running = part_of(by), review.running
    require_proof(by, proof)
    _lock(running, by)
    newest = queries.review_of(running)
    _refuse_other_version(newest, review.version)
    signed = ReviewSignature.objects.filter(review=review, part=part).select_related("recorded_by").first()
    if signed is not None:
        raise ChangedMeanwhile(
            f"{signed.recorded_by.name} has signed it as {part.label} already.", by=signed.recorded_by.name,
            at=signed.recorded_at,
        )  # fmt: skip
    row = _sign(review, part, by)
    submits.remember(once, "incident.signed", row.pk)
    audit.write(
        "incident.signed", by=by, centre=running.person.centre, kind="sign", person=running.person, about=row,
        code=part.value, digest=row.digest,
    )  # fmt: skip
    return row


@transaction.atomic
def say_action_done(*, action: Action, words: str, by: Staff, once: str) -> ActionDone:
    """Its owner, or a manager, says what was done."""
    earlier = submits.found(once, "incident.action_done")
    if earlier is not None:
        return ActionDone.objects.get(pk=earlier)
    running = action.review.running
    if action.owner_id != by.pk:
        require(by, "incident.review")
    _lock(running, by)
    done = ActionDone.objects.filter(action=action).select_related("recorded_by").first()
    if done is not None:
        raise ChangedMeanwhile(
            f"{done.recorded_by.name} has said already that it is done.", by=done.recorded_by.name, at=done.recorded_at
        )
    now = clock.now()
    row = ActionDone.objects.create(
        centre_id=running.centre_id, action=action, words=_needed(words, "words", "Write what was done."),
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "incident.action_done", row.pk)
    audit.write("incident.action_done", by=by, centre=running.person.centre, person=running.person, about=row)
    return row


def part_of(by: Staff) -> Part:
    """As what somebody signs a review. Raises NotAllowed for who is neither a manager nor a prescriber."""
    require_any(by, *ACTION_OF.values())
    return next(part for part, action in ACTION_OF.items() if may(by, action))


def digest(review: Review) -> str:
    """Of everything a signature stands for."""
    actions = [[one.what, one.owner_id, one.by_day.isoformat()] for one in queries.actions_of(review)]
    content = [review.running_id, review.version, review.cause, review.factors, review.words, actions]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


# --- Parts ------------------------------------------------------------------------------------------------------------


def _sign(review: Review, part: Part, by: Staff) -> ReviewSignature:
    now = clock.now()
    return ReviewSignature.objects.create(
        centre_id=review.centre_id, review=review, part=part, digest=digest(review), happened_at=now, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip


def _lock(running: Running, by: Staff) -> None:
    if running.centre_id != by.centre_id:
        raise NotAllowed("This emergency belongs to another centre.")
    Person.objects.select_for_update().get(pk=running.person_id)


def _needed(text: str, field: str, message: str) -> str:
    if not text.strip():
        raise BadInput(message, field=field)
    return text.strip()


def _refuse_running(running: Running) -> None:
    if queries.course_of(running).end is None:
        raise BadInput("It is still running. End it with its outcome first.")


def _refuse_other_version(newest: Review | None, seen: int) -> None:
    version = newest.version if newest else 0
    if version == seen:
        return
    if newest is None:
        raise BadInput("This review is not there. Open the page again.")
    raise ChangedMeanwhile(
        f"{newest.recorded_by.name} has written version {version} meanwhile. Read it, then write or sign.",
        by=newest.recorded_by.name, at=newest.recorded_at,
    )  # fmt: skip


def _refuse_closed(newest: Review | None) -> None:
    closed = queries.closed_at(newest)
    if newest is not None and closed is not None:
        raise ChangedMeanwhile(
            "Both have signed this review: it is closed, and is not changed any more.", by=newest.recorded_by.name,
            at=closed,
        )  # fmt: skip


def _refuse_impossible(cause: str, factors: Sequence[str], actions: Sequence[ActionGiven], running: Running) -> None:
    if cause not in Cause.values:
        raise BadInput("Choose the cause; “not known” is one.", field="cause")
    if not factors or any(one not in Factor.values for one in factors):
        raise BadInput("Choose what let it happen; “none found” is an answer.", field="factors")
    if Factor.NONE in factors and len(factors) > 1:
        raise BadInput("“None found” stands alone: take it away, or the others.", field="factors")
    if len(actions) > MOST_ACTIONS:
        raise BadInput(f"At most {MOST_ACTIONS} actions: join some.", field="actions")
    today = clock.today(running.person.centre)
    for one in actions:
        _needed(one.what, "actions", "Each action says what is done.")
        if one.owner.centre_id != running.centre_id:
            raise BadInput("An action belongs to somebody who works here.", field="actions")
        if one.by_day < today:
            raise BadInput(f"{one.by_day:%-d %b %Y} lies in the past: give the day it is done by.", field="actions")
