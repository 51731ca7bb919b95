"""To answer a due dose: given, declined, unable, held or missed. One answer a dose, whoever is first.

A constraint decides between two nurses; the second is told who was first. What was recorded is never changed: a
correction, and a dose taken after all, is the next revision, and both can be read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from glidepath.care.medication import queries
from glidepath.care.medication.answering import create, record_look, refuse_no_rass, same_centre, too_sedated
from glidepath.care.medication.models import DoseAnswer, YesNoUnknown
from glidepath.care.medication.watching import watch_person
from glidepath.record import clock
from glidepath.record.audit import once as submits
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.times import when

NOT_GIVEN = (
    DoseAnswer.Outcome.DECLINED,
    DoseAnswer.Outcome.UNABLE,
    DoseAnswer.Outcome.HELD,
    DoseAnswer.Outcome.MISSED,
)
AFTER_ALL = "given after all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which due dose of whom: the key and the moment the page showed."""

    person: Person
    key: str
    due_at: dt.datetime


@transaction.atomic
def give(
    *,
    wanted: Wanted,
    by: Staff,
    rass: int | None = None,
    words: str = "",
    seen: int | None = None,
    happened_at: dt.datetime | None = None,
    once: str = "",
) -> DoseAnswer:
    """The due dose, given exactly as ordered. Before a sedative somebody looked: RASS.

    RASS at or below the hold: nothing is given; the dose is answered as held, the over-sedation is opened and the
    physician called. seen: id of the answer the page showed, where a dose that was declined or held is taken after all.
    happened_at: for a late entry. Raises BadInput for a held sedative, one not yet due or one too late, and
    ChangedMeanwhile when it was answered.
    """
    earlier = submits.found(once, "dose.given")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    at, _ = when(happened_at)
    standing = _lock(wanted, by)
    row = _due_now(wanted, standing, seen)
    _refuse_untimely(row, at, standing)
    with audit.together():
        if row.needs_rass and too_sedated(rass, words):
            answer = _hold_for(row, by, rass, at, once)
        else:
            _refuse_held(row, at)
            answer = _write(row, by, DoseAnswer.Outcome.GIVEN, given_ng=row.due.dose.ng, rass=rass, words=words, at=at)
        _finish(answer, "dose.given", by, once)
    return answer


@transaction.atomic
def answer_dose(
    *,
    wanted: Wanted,
    outcome: str,
    reason: str,
    by: Staff,
    words: str = "",
    seen: int | None = None,
    once: str = "",
) -> DoseAnswer:
    """Why a due dose was not given: declined, unable, held or missed, with a coded reason."""
    earlier = submits.found(once, "dose.not_given")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.answer")
    _refuse_uncoded(outcome, reason, words)
    row = _due_now(wanted, _lock(wanted, by), seen)
    if row.due.due_at > row.now + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it cannot be answered before.")
    with audit.together():
        answer = _write(row, by, DoseAnswer.Outcome(outcome), reason=reason, words=words, at=row.now)
        _finish(answer, "dose.not_given", by, once)
    return answer


@transaction.atomic
def correct(
    *,
    answer: DoseAnswer,
    outcome: str,
    why: str,
    by: Staff,
    reason: str = "",
    words: str = "",
    rass: int | None = None,
    once: str = "",
) -> DoseAnswer:
    """The next revision of an answer that was wrong; the first stays to be read. It says what really happened then.

    rass: of a sedative that was in fact given and whose look nobody had written down.
    """
    earlier = submits.found(once, "dose.corrected")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.correct")
    same_centre(answer.person, by)
    if not why.strip():
        raise BadInput("Say what was wrong with the first entry.", field="why")
    if outcome not in DoseAnswer.Outcome.values:
        raise BadInput("Choose what became of the dose.", field="outcome")
    was_given = outcome == DoseAnswer.Outcome.GIVEN
    if was_given:
        rass = rass if rass is not None else answer.rass
        if rass is None and queries.is_sedative_answer(answer):
            raise BadInput("Before a sedative somebody looked: write the RASS of then.", field="rass")
        refuse_no_rass(rass)
    else:
        _refuse_uncoded(outcome, reason, words)
    Person.objects.select_for_update().get(pk=answer.person_id)
    _refuse_corrected(answer)
    with audit.together():
        row = create(
            answer.person, by, due_key=answer.due_key, due_at=answer.due_at, revision=answer.revision + 1,
            order=answer.order, version=answer.version, step_number=answer.step_number, medicine=answer.medicine,
            medicine_name=answer.medicine_name, ng=answer.ng, given_ng=answer.ng if was_given else 0,
            outcome=outcome, reason="" if was_given else reason, words=words.strip(), rass=rass,
            supersedes=answer, correction_reason=why.strip(), happened_at=answer.happened_at,
        )  # fmt: skip
        _finish(row, "dose.corrected", by, once)
    return row


def _finish(answer: DoseAnswer, action: str, by: Staff, once: str) -> None:
    """What every answer ends with: its key, the watch over doses not taken, and its line.

    A dose given makes nothing missed; what time alone made so is the worker's to find.
    """
    submits.remember(once, action, answer.pk)
    if not answer.was_given:
        watch_person(answer.person)
    said = "dose.corrected" if action == "dose.corrected" else "dose.answered"
    audit.write(said, by=by, centre=answer.person.centre, person=answer.person, about=answer, code=answer.outcome)


def _lock(wanted: Wanted, by: Staff) -> queries.Standing:
    """The person locked, and what their doses follow from: under the lock nobody changes it."""
    same_centre(wanted.person, by)
    Person.objects.select_for_update().get(pk=wanted.person.pk)
    return queries.standing_now([wanted.person])


def _due_now(wanted: Wanted, standing: queries.Standing, seen: int | None) -> queries.DueRow:
    """The dose as it is due now. Raises ChangedMeanwhile when somebody answered it; a dose that was not given may be
    answered again by whoever has `seen` that answer."""
    row = queries.due_one(wanted.person, wanted.key, wanted.due_at, standing=standing)
    if row is None:
        raise BadInput(
            "This dose is not due any more: an order or the taper changed meanwhile. Open the round again and look."
        )
    if row.answer is not None and (row.answer.was_given or row.answer.pk != seen):
        _was_answered(row.answer)
    return row


def _was_answered(answer: DoseAnswer) -> None:
    local = clock.local(answer.person.centre, answer.recorded_at)
    raise ChangedMeanwhile(
        f"{answer.recorded_by.name} answered this dose at {local:%H:%M}: {answer.get_outcome_display()}. Nothing was "
        "recorded twice.",
        by=answer.recorded_by.name,
        at=answer.recorded_at,
    )


def _refuse_uncoded(outcome: str, reason: str, words: str) -> None:
    if outcome not in NOT_GIVEN:
        raise BadInput("Choose declined, unable, held or missed.", field="outcome")
    if not reason or reason not in DoseAnswer.Reason.values:
        raise BadInput("Choose the reason: one tap.", field="reason")
    if reason == DoseAnswer.Reason.OTHER and not words.strip():
        raise BadInput("Say in a few words what the other reason is.", field="words")


def _refuse_untimely(row: queries.DueRow, at: dt.datetime, standing: queries.Standing) -> None:
    """Not before its window, and not so late that the next one would come too soon after it."""
    if row.due.due_at > at + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it is given at most {_minutes(row.window)} min before.")
    last = queries.last_moment(row, standing)
    if at > last:
        local = clock.local(row.person.centre, last)
        raise BadInput(
            f"Too late for the {row.due.local_time:%H:%M} dose of {row.due.medicine}: it could be given up to "
            f"{local:%H:%M}, half-way to the next. Record it as missed. A missed dose is never doubled; a prescriber "
            "may order one for now."
        )


def _refuse_held(row: queries.DueRow, at: dt.datetime) -> None:
    if not row.is_held or (row.held_by is not None and at < row.held_by.happened_at):
        return
    if row.sedative is YesNoUnknown.UNKNOWN:
        raise BadInput(
            f"Sedatives are held, and nobody has said whether {row.due.medicine} is one. Ask for the prescriber's word."
        )
    raise BadInput(
        f"{row.due.medicine} is held for safety: RASS, breathing or oxygen was too low. A prescriber looks again, "
        "then it can go on."
    )


def _hold_for(row: queries.DueRow, by: Staff, rass: int | None, at: dt.datetime, once: str) -> DoseAnswer:
    assert rass is not None
    record_look(row.person, by, rass, at, once)
    return _write(row, by, DoseAnswer.Outcome.HELD, reason=DoseAnswer.Reason.SEDATION, rass=rass, at=at)


def _refuse_corrected(answer: DoseAnswer) -> None:
    newer = queries.correction_of(answer)
    if newer is not None:
        raise ChangedMeanwhile(
            f"{newer.recorded_by.name} has set this entry right already. Open the newer one.",
            by=newer.recorded_by.name,
            at=newer.recorded_at,
        )


def _write(
    row: queries.DueRow,
    by: Staff,
    outcome: DoseAnswer.Outcome,
    *,
    at: dt.datetime,
    given_ng: int = 0,
    reason: str = "",
    rass: int | None = None,
    words: str = "",
) -> DoseAnswer:
    before = row.answer
    try:
        with transaction.atomic():
            return create(
                row.person, by, due_key=row.due.key, due_at=row.due.due_at, order=row.order,
                version_id=row.due.version_id, step_number=row.due.step_number,
                medicine=row.order.medicine if row.order else queries.key_of(row.due.medicine),
                medicine_name=row.due.medicine, ng=row.due.dose.ng, given_ng=given_ng, outcome=outcome,
                reason=reason, words=words.strip(), rass=rass, happened_at=at,
                revision=before.revision + 1 if before else 0, supersedes=before,
                correction_reason=(AFTER_ALL if given_ng else "asked again") if before else "",
            )  # fmt: skip
    except IntegrityError:
        first = queries.due_one(row.person, row.due.key, row.due.due_at)
        if first is None or first.answer is None:
            raise
        _was_answered(first.answer)
        raise


def _local(row: queries.DueRow) -> str:
    return f"{clock.local(row.person.centre, row.due.due_at):%H:%M}"


def _minutes(length: dt.timedelta) -> int:
    return int(length.total_seconds() // 60)
