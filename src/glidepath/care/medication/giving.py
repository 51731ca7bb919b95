"""To answer a due dose: given, declined, unable, held or missed. One answer a dose, whoever is first.

A constraint decides between two nurses; the second is told who was first. What was recorded is never changed: a
correction is the next revision, and both can be read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer, Order, PrnRecheck, YesNoUnknown
from glidepath.care.medication.watching import watch_person
from glidepath.care.monitoring.bedside import Bedside
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.services import record_observation
from glidepath.clinical.facts.load import clinical_settings
from glidepath.record import clock
from glidepath.record.audit import once as submits
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

NOT_GIVEN = (
    DoseAnswer.Outcome.DECLINED,
    DoseAnswer.Outcome.UNABLE,
    DoseAnswer.Outcome.HELD,
    DoseAnswer.Outcome.MISSED,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which due dose of whom: the key and the moment the page showed."""

    person: Person
    key: str
    due_at: dt.datetime


@transaction.atomic
def give(
    *, wanted: Wanted, by: Staff, rass: int | None = None, words: str = "", once: str = "", witness: Staff | None = None
) -> DoseAnswer:
    """The due dose, given now, exactly as ordered. Before a sedative somebody looked: RASS.

    RASS at or below the hold: nothing is given; the dose is answered as held, the over-sedation is opened and the
    physician called. Raises BadInput for a held sedative or one not yet due, ChangedMeanwhile when it was answered.
    """
    earlier = submits.found(once, "dose.given")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    row = _locked(wanted, by)
    _refuse_witness(by, witness)
    _refuse_untimely(row)
    if row.needs_rass:
        if row.sedative is YesNoUnknown.UNKNOWN and row.held_by is not None:
            raise BadInput(
                f"Sedatives are held, and nobody has said whether {row.due.medicine} is one. Ask the prescriber's word."
            )
        _refuse_without_look(rass, words)
    with audit.together():
        if rass is not None and rass <= clinical_settings().hold_rass_at_most and row.needs_rass:
            answer = _hold_for(row, by, rass, once)
        else:
            if row.is_held:
                raise BadInput(
                    f"{row.due.medicine} is held for safety: RASS, breathing or oxygen was too low. A prescriber looks "
                    "again, then it can go on."
                )
            answer = _write(
                row, by, DoseAnswer.Outcome.GIVEN, given_ng=row.due.dose.ng, rass=rass, words=words, witness=witness
            )
        submits.remember(once, "dose.given", answer.pk)
        watch_person(row.person)
        audit.write(
            "dose.answered", by=by, centre=row.person.centre, person=row.person, about=answer, code=answer.outcome
        )
    return answer


@transaction.atomic
def answer_dose(*, wanted: Wanted, outcome: str, reason: str, by: Staff, words: str = "", once: str = "") -> DoseAnswer:
    """Why a due dose was not given: declined, unable, held or missed, with a coded reason."""
    earlier = submits.found(once, "dose.not_given")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.answer")
    if outcome not in NOT_GIVEN:
        raise BadInput("Choose declined, unable, held or missed.", field="outcome")
    if not reason or reason not in DoseAnswer.Reason.values:
        raise BadInput("Choose the reason: one tap.", field="reason")
    if reason == DoseAnswer.Reason.OTHER and not words.strip():
        raise BadInput("Say in a few words what the other reason is.", field="words")
    row = _locked(wanted, by)
    if row.due.due_at > row.now + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it cannot be answered before.")
    with audit.together():
        answer = _write(row, by, DoseAnswer.Outcome(outcome), reason=reason, words=words)
        submits.remember(once, "dose.not_given", answer.pk)
        watch_person(row.person)
        audit.write("dose.answered", by=by, centre=row.person.centre, person=row.person, about=answer, code=outcome)
    return answer


@transaction.atomic
def give_prn(*, order: Order, by: Staff, rass: int | None = None, words: str = "", once: str = "") -> DoseAnswer:
    """One as-needed dose, within its interval and ceiling. Its re-check falls due by itself."""
    earlier = submits.found(once, "dose.prn")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    _same_centre(order.person, by)
    Person.objects.select_for_update().get(pk=order.person_id)
    row = next((one for one in queries.prn([order.person]) if one.order.pk == order.pk), None)
    if row is None:
        raise BadInput("This as-needed order does not stand any more.")
    if row.why_not:
        raise BadInput(row.why_not)
    if row.sedative is not YesNoUnknown.NO:
        _refuse_without_look(rass, words)
        if rass is not None and rass <= clinical_settings().hold_rass_at_most:
            raise BadInput(
                f"RASS {rass}: nothing that sedates is given. Record the observation now; it calls the physician.",
                field="rass",
            )
    now = clock.now()
    with audit.together():
        answer = _create(
            order.person, by, due_key=order.key, due_at=now, order=order, ng=order.ng, given_ng=order.ng,
            medicine=order.medicine, medicine_name=order.medicine_name, outcome=DoseAnswer.Outcome.GIVEN,
            rass=rass, words=words.strip(),
        )  # fmt: skip
        submits.remember(once, "dose.prn", answer.pk)
        audit.write("dose.answered", by=by, centre=order.centre, person=order.person, about=answer, code="prn")
    return answer


@transaction.atomic
def record_recheck(*, answer: DoseAnswer, helped: str, by: Staff, words: str = "", once: str = "") -> PrnRecheck:
    """How it was after an as-needed dose."""
    earlier = submits.found(once, "dose.recheck")
    if earlier is not None:
        return PrnRecheck.objects.get(pk=earlier)
    require(by, "dose.answer")
    _same_centre(answer.person, by)
    if helped not in ("yes", "some", "no"):
        raise BadInput("Choose: helped, helped some, did not help.", field="helped")
    now = clock.now()
    try:
        with transaction.atomic():
            row = PrnRecheck.objects.create(
                centre_id=answer.centre_id, answer=answer, helped=helped, words=words.strip(), happened_at=now,
                recorded_at=now, recorded_by=by,
            )  # fmt: skip
    except IntegrityError:
        first = PrnRecheck.objects.select_related("recorded_by").get(answer=answer)
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} recorded this re-check first.", by=first.recorded_by.name, at=first.recorded_at
        ) from None
    submits.remember(once, "dose.recheck", row.pk)
    audit.write("dose.recheck", by=by, centre=answer.centre, person=answer.person, about=row, code=helped)
    return row


@transaction.atomic
def correct(
    *, answer: DoseAnswer, outcome: str, why: str, by: Staff, reason: str = "", words: str = "", once: str = ""
) -> DoseAnswer:
    """The next revision of an answer that was wrong; the first stays to be read."""
    earlier = submits.found(once, "dose.corrected")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.correct")
    _same_centre(answer.person, by)
    if not why.strip():
        raise BadInput("Say what was wrong with the first entry.", field="why")
    if outcome not in DoseAnswer.Outcome.values:
        raise BadInput("Choose what became of the dose.", field="outcome")
    was_given = outcome == DoseAnswer.Outcome.GIVEN
    if not was_given and reason not in [one for one in DoseAnswer.Reason.values if one]:
        raise BadInput("Choose the reason: one tap.", field="reason")
    Person.objects.select_for_update().get(pk=answer.person_id)
    with audit.together():
        row = _create(
            answer.person, by, due_key=answer.due_key, due_at=answer.due_at, revision=answer.revision + 1,
            order=answer.order, version=answer.version, step_number=answer.step_number, medicine=answer.medicine,
            medicine_name=answer.medicine_name, ng=answer.ng, given_ng=answer.ng if was_given else 0,
            outcome=outcome, reason="" if was_given else reason, words=words.strip(), rass=answer.rass,
            supersedes=answer, correction_reason=why.strip(), happened_at=answer.happened_at,
        )  # fmt: skip
        submits.remember(once, "dose.corrected", row.pk)
        watch_person(answer.person)
        audit.write("dose.corrected", by=by, centre=answer.centre, person=answer.person, about=row, code=outcome)
    return row


def _locked(wanted: Wanted, by: Staff) -> queries.DueRow:
    """The dose as it is due now, under the person's lock. Raises ChangedMeanwhile when somebody answered it."""
    _same_centre(wanted.person, by)
    Person.objects.select_for_update().get(pk=wanted.person.pk)
    row = queries.due_one(wanted.person, wanted.key, wanted.due_at)
    if row is None:
        raise BadInput(
            "This dose is not due any more: an order or the taper changed meanwhile. Open the round again and look."
        )
    if row.answer is not None:
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


def _refuse_untimely(row: queries.DueRow) -> None:
    """Not before its window; and not once the next dose of the same is due, which would double it."""
    if row.due.due_at > row.now + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it is given at most {_minutes(row.window)} min before.")
    source = row.due.key.rpartition("@")[0] or row.due.key
    later = queries.due([row.person], row.due.due_at + dt.timedelta(seconds=1), row.now + row.window)
    if any((one.due.key.rpartition("@")[0] or one.due.key) == source for one in later):
        raise BadInput(
            f"The next dose of {row.due.medicine} is due already. Record this one as missed and give the next: a "
            "missed dose is never doubled."
        )


def _refuse_without_look(rass: int | None, words: str) -> None:
    if rass is None:
        raise BadInput("Look first: RASS before a sedative.", field="rass")
    if rass == clinical_settings().review_rass and not words.strip():
        raise BadInput(
            f"RASS {rass}: hold this dose and ask the prescriber to look at the conversion, or say why it is given.",
            field="words",
        )


def _refuse_witness(by: Staff, witness: Staff | None) -> None:
    if witness is not None and (witness.pk == by.pk or witness.centre_id != by.centre_id):
        raise BadInput("A witness is somebody else who is here.", field="witness")


def _hold_for(row: queries.DueRow, by: Staff, rass: int, once: str) -> DoseAnswer:
    record_observation(
        person=row.person,
        bedside=Bedside(state=Observation.State.AWAKE, rass=rass),
        by=by,
        once=f"{once[:58]}-rass" if once else "",
    )
    return _write(row, by, DoseAnswer.Outcome.HELD, reason=DoseAnswer.Reason.SEDATION, rass=rass)


def _write(
    row: queries.DueRow,
    by: Staff,
    outcome: DoseAnswer.Outcome,
    *,
    given_ng: int = 0,
    reason: str = "",
    rass: int | None = None,
    words: str = "",
    witness: Staff | None = None,
) -> DoseAnswer:
    try:
        with transaction.atomic():
            return _create(
                row.person, by, due_key=row.due.key, due_at=row.due.due_at, order=row.order,
                version_id=row.due.version_id, step_number=row.due.step_number,
                medicine=row.order.medicine if row.order else queries.key_of(row.due.medicine),
                medicine_name=row.due.medicine, ng=row.due.dose.ng, given_ng=given_ng, outcome=outcome,
                reason=reason, words=words.strip(), rass=rass, witness=witness,
            )  # fmt: skip
    except IntegrityError:
        first = queries.due_one(row.person, row.due.key, row.due.due_at)
        if first is None or first.answer is None:
            raise
        _was_answered(first.answer)
        raise


def _create(person: Person, by: Staff, **fields: object) -> DoseAnswer:
    now = clock.now()
    common = {"centre_id": person.centre_id, "person": person, "happened_at": now, "recorded_at": now}
    return DoseAnswer.objects.create(**{**common, "recorded_by": by, **fields})


def _same_centre(person: Person, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")


def _local(row: queries.DueRow) -> str:
    return f"{clock.local(row.person.centre, row.due.due_at):%H:%M}"


def _minutes(length: dt.timedelta) -> int:
    return int(length.total_seconds() // 60)
