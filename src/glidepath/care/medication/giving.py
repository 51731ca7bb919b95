"""To answer a due dose: given, declined, unable, held or missed. One answer a dose, whoever is first.

A constraint decides between two nurses; the second is told who was first. What was recorded is never changed: a
correction, and a dose taken after all, is the next revision, and both can be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction

from glidepath.care.medication import looks, queries
from glidepath.care.medication.answering import create, record_look, same_centre
from glidepath.care.medication.from_stock import refuse_batch, settle
from glidepath.care.medication.looks import Look
from glidepath.care.medication.models import DoseAnswer, YesNoUnknown
from glidepath.care.medication.watching import watch_person
from glidepath.care.monitoring.queries import newest_awake, sedation_holds
from glidepath.care.supply.models import Batch
from glidepath.clinical.dosing.plan import Made
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people import locking
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, second_signer
from glidepath.record.times import when

NOT_GIVEN = (
    DoseAnswer.Outcome.DECLINED,
    DoseAnswer.Outcome.UNABLE,
    DoseAnswer.Outcome.HELD,
    DoseAnswer.Outcome.MISSED,
    DoseAnswer.Outcome.ELSEWHERE,
)
AFTER_ALL = "given after all"
HAD = (DoseAnswer.Reason.ON_LEAVE, DoseAnswer.Reason.BY_OTHERS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which due dose of whom: the key and the moment the page showed."""

    person: Person
    key: str
    due_at: dt.datetime

    @property
    def mark(self) -> str:
        """How a page names the dose that a pack was read for."""
        return f"{self.key}|{self.due_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class ReadCodes:
    """What a scanner read before the dose: the wristband, the pack or its shelf label; of a pack with the label of its
    batch, that batch."""

    person: bool = False
    pack: bool = False
    batch: Batch | None = None


UNREAD = ReadCodes()
NO_LOOK = Look()


@transaction.atomic
def give(
    *,
    wanted: Wanted,
    by: Staff,
    rass: int | None = None,
    breathing: int | None = None,
    words: str = "",
    seen: int | None = None,
    happened_at: dt.datetime | None = None,
    witness: Proof | None = None,
    read: ReadCodes = UNREAD,
    once: str = "",
    under: queries.Standing | None = None,
) -> DoseAnswer:
    """The due dose, given exactly as ordered. Before a sedative somebody looked: RASS, and breathing (breaths a minute)
    unless it was counted in the last hour.

    RASS or breathing at the hold: nothing is given; the dose is answered as held, the over-sedation is opened and the
    physician called. A limit of the order itself holds the dose too, and calls nobody. witness: who saw it, where a
    witness is due. seen: id of the answer the page showed, where a dose that was declined or held is taken after all.
    happened_at: for a late entry. under: what `lock_people` read in this very transaction. Raises BadInput for a held
    sedative, one not yet due or one too late, and ChangedMeanwhile when it was answered.
    """
    earlier = submits.found(once, "dose.given")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    at, _ = when(happened_at)
    standing = _lock(wanted, by, under)
    row = _due_now(wanted, standing, seen)
    _refuse_untimely(row, at, standing)
    look = Look(rass, breathing)
    looks.refuse_nonsense(look)
    known = queries.readings(row.person, at) if row.needs_rass or (row.order and row.order.limits) else {}
    if row.needs_rass:
        looks.refuse_no_look(look, known, at, clinical_settings_of(row.person.centre))
    with audit.together():
        if row.needs_rass and looks.too_sedated(look, words, clinical_settings_of(row.person.centre)):
            answer = _hold_for(row, by, look, at, once)
        else:
            _refuse_held(row, at)
            if row.needs_rass:
                looks.refuse_unsteady(newest_awake([row.person])[row.person.pk], words, at, row.person.centre.zone)
            refuse_batch(read.batch, row.due.made, row.person.centre, at)
            answer = _give_or_hold(row, by, look, known, words=words, at=at, witness=witness, read=read)
        _finish(answer, "dose.given", by, once, row.due.made, read.batch)
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
    happened_at: dt.datetime | None = None,
    once: str = "",
    under: queries.Standing | None = None,
) -> DoseAnswer:
    """Why a due dose was not given here: declined, unable, held, missed or had elsewhere, with a coded reason.

    happened_at: for an answer that waited for the network. under: as in `give`."""
    earlier = submits.found(once, "dose.not_given")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.answer")
    _refuse_uncoded(outcome, reason, words)
    at, _ = when(happened_at)
    row = _due_now(wanted, _lock(wanted, by, under), seen)
    if row.due.due_at > row.now + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it cannot be answered before.")
    with audit.together():
        answer = _write(row, by, DoseAnswer.Outcome(outcome), reason=reason, words=words, at=at)
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
    breathing: int | None = None,
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
        breathing = breathing if breathing is not None else answer.breathing
        looks.refuse_nonsense(Look(rass, breathing))
    else:
        _refuse_uncoded(outcome, reason, words)
    Person.objects.select_for_update().get(pk=answer.person_id)
    refuse_corrected(answer)
    with audit.together():
        row = create(
            answer.person, by, due_key=answer.due_key, due_at=answer.due_at, revision=answer.revision + 1,
            order=answer.order, version=answer.version, step_number=answer.step_number, medicine=answer.medicine,
            medicine_name=answer.medicine_name, ng=answer.ng, given_ng=_given(answer) if was_given else 0,
            outcome=outcome, reason="" if was_given else reason, words=words.strip(), rass=rass, breathing=breathing,
            witness=answer.witness, person_read=answer.person_read, pack_read=answer.pack_read,
            supersedes=answer, correction_reason=why.strip(), happened_at=answer.happened_at,
        )  # fmt: skip
        _finish(row, "dose.corrected", by, once)
    return row


def _given(answer: DoseAnswer) -> int:
    """What was given, in ng: of a dose of which only a part was taken, that part."""
    return answer.given_ng if answer.was_given else answer.ng


def _finish(
    answer: DoseAnswer,
    action: str,
    by: Staff,
    once: str,
    made: Sequence[Made] | None = None,
    batch: Batch | None = None,
) -> None:
    """What every answer ends with: its key, the register, the watch over doses not taken, and its line.

    A dose given makes nothing missed; what time alone made so is the worker's to find.
    """
    submits.remember(once, action, answer.pk)
    settle(answer, by, made, batch)
    if not answer.was_taken:
        watch_person(answer.person)
    said = "dose.corrected" if action == "dose.corrected" else "dose.answered"
    audit.write(said, by=by, centre=answer.person.centre, person=answer.person, about=answer, code=answer.outcome)


def lock_people(people: Sequence[Person]) -> queries.Standing:
    """Many doses in one transaction: these people locked, and what their doses follow from, read once for all of them.

    It holds until that transaction ends or changes an order, a taper or a leave itself, which an answer to a dose never
    does. Whether sedatives are held is read anew for each dose. Called inside the transaction.
    """
    locking.lock_people(one.pk for one in people)
    return queries.standing_now(people)


def _lock(wanted: Wanted, by: Staff, under: queries.Standing | None) -> queries.Standing:
    """The person locked, and what their doses follow from: under the lock nobody changes it. A look before the dose
    given last may have opened a hold."""
    same_centre(wanted.person, by)
    if under is not None and wanted.person.pk in under.tapers.plans:
        return replace(under, holds=sedation_holds([wanted.person]))
    return lock_people([wanted.person])


def _due_now(wanted: Wanted, standing: queries.Standing, seen: int | None) -> queries.DueRow:
    """The dose as it is due now. Raises ChangedMeanwhile when somebody answered it; a dose that was not given may be
    answered again by whoever has `seen` that answer."""
    row = queries.due_one(wanted.person, wanted.key, wanted.due_at, standing=standing)
    if row is None:
        raise BadInput(
            "This dose is not due any more: an order or the taper changed meanwhile. Open the round again and look."
        )
    if row.on_leave:
        raise BadInput("This dose was taken along on leave: count back what they bring, then answer it.")
    if row.answer is not None and (row.answer.was_taken or row.answer.pk != seen):
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
        raise BadInput("Choose declined, unable, held, missed or had elsewhere.", field="outcome")
    if not reason or reason not in DoseAnswer.Reason.values:
        raise BadInput("Choose the reason: one tap.", field="reason")
    if reason == DoseAnswer.Reason.OTHER and not words.strip():
        raise BadInput("Say in a few words what the other reason is.", field="words")
    if outcome == DoseAnswer.Outcome.ELSEWHERE and reason not in HAD:
        raise BadInput("Choose how it was had: taken on leave, or given by others.", field="reason")
    if reason == DoseAnswer.Reason.BY_OTHERS and not words.strip():
        raise BadInput("Say who gave it, and when: it counts as a dose.", field="words")


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


def _hold_for(row: queries.DueRow, by: Staff, look: Look, at: dt.datetime, once: str) -> DoseAnswer:
    record_look(row.person, by, look, at, once)
    return _write(row, by, DoseAnswer.Outcome.HELD, reason=DoseAnswer.Reason.SEDATION, look=look, at=at)


def _give_or_hold(
    row: queries.DueRow, by: Staff, look: Look, known: looks.Readings, *, words: str, at: dt.datetime,
    witness: Proof | None, read: ReadCodes,
) -> DoseAnswer:  # fmt: skip
    """Given, or held by a limit of the order itself. A limit whose sign nobody measured lately is measured first."""
    here = clinical_settings_of(row.person.centre)
    held = looks.limits_held(row.order.limits if row.order else (), known, look, at, here)
    looks.refuse_unknown(held)
    if held:
        reason, said = DoseAnswer.Reason.ORDER_LIMIT, looks.found(held)
        return _write(row, by, DoseAnswer.Outcome.HELD, reason=reason, look=look, words=said, at=at)
    due = row.needs_witness
    seen_by = second_signer(by, witness, action="dose.witness") if due or witness is not None else None
    return _write(
        row, by, DoseAnswer.Outcome.GIVEN, given_ng=row.due.dose.ng, look=look, words=words, at=at, witness=seen_by,
        read=read,
    )  # fmt: skip


def refuse_corrected(answer: DoseAnswer) -> None:
    """Raises ChangedMeanwhile where somebody has set this entry right already."""
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
    look: Look = NO_LOOK,
    words: str = "",
    witness: Staff | None = None,
    read: ReadCodes = UNREAD,
) -> DoseAnswer:
    before = row.answer
    try:
        with transaction.atomic():
            return create(
                row.person, by, due_key=row.due.key, due_at=row.due.due_at, order=row.order,
                version_id=row.due.version_id, step_number=row.due.step_number,
                medicine=row.order.medicine if row.order else queries.key_of(row.due.medicine),
                medicine_name=row.due.medicine, ng=row.due.dose.ng, given_ng=given_ng, outcome=outcome,
                reason=reason, words=words.strip(), rass=look.rass, breathing=look.breathing, witness=witness,
                person_read=read.person, pack_read=read.pack, happened_at=at,
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
