"""To answer a due dose: given, declined, unable, held or missed. One answer a dose, whoever is first.

A constraint decides between two nurses; the second is told who was first. What was recorded is never changed: a
correction, and a dose taken after all, is the next revision, and both can be read.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer, Order, PrnRecheck, YesNoUnknown
from glidepath.care.medication.watching import watch_person
from glidepath.care.monitoring.bedside import RASS_RANGE, Bedside
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.services import record_observation
from glidepath.clinical.facts.load import clinical_settings
from glidepath.clinical.monitoring.sedation import signed
from glidepath.record import clock
from glidepath.record.audit import once as submits
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
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
    row = _locked(wanted, by, seen)
    _refuse_untimely(row, at)
    with audit.together():
        if row.needs_rass and _too_sedated(rass, words):
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
    row = _locked(wanted, by, seen)
    if row.due.due_at > row.now + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it cannot be answered before.")
    with audit.together():
        answer = _write(row, by, DoseAnswer.Outcome(outcome), reason=reason, words=words, at=row.now)
        _finish(answer, "dose.not_given", by, once)
    return answer


def give_prn(*, order: Order, by: Staff, rass: int | None = None, words: str = "", once: str = "") -> DoseAnswer:
    """One as-needed dose, within its interval and ceiling. Its re-check falls due by itself.

    RASS at or below the hold: nothing is given; the look is recorded, which opens the over-sedation and calls the
    physician, and BadInput says so.
    """
    try:
        return _give_prn(order, by, rass, words, once)
    except TooSedated as found:
        with transaction.atomic():
            _record_look(order.person, by, found.rass, clock.now(), once)
        raise


class TooSedated(BadInput):
    """Nothing that sedates is given: the look that says so is recorded apart from the act it stopped."""

    def __init__(self, rass: int) -> None:
        super().__init__(
            f"RASS {signed(rass)}: nothing that sedates is given. It is recorded and the physician is called.",
            field="rass",
        )
        self.rass = rass


@transaction.atomic
def record_recheck(
    *,
    answer: DoseAnswer,
    helped: str,
    by: Staff,
    words: str = "",
    observation: Observation | None = None,
    once: str = "",
) -> PrnRecheck:
    """How it was after an as-needed dose."""
    earlier = submits.found(once, "dose.recheck")
    if earlier is not None:
        return PrnRecheck.objects.get(pk=earlier)
    require(by, "dose.answer")
    _same_centre(answer.person, by)
    if not answer.was_given or answer.order is None or answer.order.kind != Order.Kind.PRN:
        raise BadInput("Only an as-needed dose that was given is re-checked.")
    if helped not in ("yes", "some", "no"):
        raise BadInput("Choose: helped, helped some, did not help.", field="helped")
    Person.objects.select_for_update().get(pk=answer.person_id)
    first = PrnRecheck.objects.select_related("recorded_by").filter(answer=answer).first()
    if first is not None:
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} recorded this re-check first.", by=first.recorded_by.name, at=first.recorded_at
        )
    now = clock.now()
    row = PrnRecheck.objects.create(
        centre_id=answer.centre_id, answer=answer, helped=helped, words=words.strip(), observation=observation,
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "dose.recheck", row.pk)
    audit.write("dose.recheck", by=by, centre=answer.centre, person=answer.person, about=row, code=helped)
    return row


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
    _same_centre(answer.person, by)
    if not why.strip():
        raise BadInput("Say what was wrong with the first entry.", field="why")
    if outcome not in DoseAnswer.Outcome.values:
        raise BadInput("Choose what became of the dose.", field="outcome")
    was_given = outcome == DoseAnswer.Outcome.GIVEN
    if was_given:
        rass = rass if rass is not None else answer.rass
        if rass is None and queries.is_sedative_answer(answer):
            raise BadInput("Before a sedative somebody looked: write the RASS of then.", field="rass")
        _refuse_no_rass(rass)
    else:
        _refuse_uncoded(outcome, reason, words)
    Person.objects.select_for_update().get(pk=answer.person_id)
    _refuse_corrected(answer)
    with audit.together():
        row = _create(
            answer.person, by, due_key=answer.due_key, due_at=answer.due_at, revision=answer.revision + 1,
            order=answer.order, version=answer.version, step_number=answer.step_number, medicine=answer.medicine,
            medicine_name=answer.medicine_name, ng=answer.ng, given_ng=answer.ng if was_given else 0,
            outcome=outcome, reason="" if was_given else reason, words=words.strip(), rass=rass,
            supersedes=answer, correction_reason=why.strip(), happened_at=answer.happened_at,
        )  # fmt: skip
        _finish(row, "dose.corrected", by, once)
    return row


@transaction.atomic
def _give_prn(order: Order, by: Staff, rass: int | None, words: str, once: str) -> DoseAnswer:
    earlier = submits.found(once, "dose.prn")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    _same_centre(order.person, by)
    Person.objects.select_for_update().get(pk=order.person_id)
    row = queries.prn_one(order)
    if row is None:
        raise BadInput("This as-needed order does not stand any more.")
    if row.why_not:
        raise BadInput(row.why_not)
    if row.sedative is not YesNoUnknown.NO and _too_sedated(rass, words):
        assert rass is not None
        raise TooSedated(rass)
    now = clock.now()
    answer = _create(
        order.person, by, due_key=order.key, due_at=now, order=order, ng=order.ng, given_ng=order.ng,
        medicine=order.medicine, medicine_name=order.medicine_name, outcome=DoseAnswer.Outcome.GIVEN,
        rass=rass, words=words.strip(),
    )  # fmt: skip
    submits.remember(once, "dose.prn", answer.pk)
    audit.write("dose.answered", by=by, centre=order.centre, person=order.person, about=answer, code="prn")
    return answer


def _finish(answer: DoseAnswer, action: str, by: Staff, once: str) -> None:
    """What every answer ends with: its key, the watch over doses not taken, and its line."""
    submits.remember(once, action, answer.pk)
    watch_person(answer.person)
    said = "dose.corrected" if action == "dose.corrected" else "dose.answered"
    audit.write(said, by=by, centre=answer.person.centre, person=answer.person, about=answer, code=answer.outcome)


def _locked(wanted: Wanted, by: Staff, seen: int | None) -> queries.DueRow:
    """The dose as it is due now, under the person's lock. Raises ChangedMeanwhile when somebody answered it; a dose
    that was not given may be answered again by whoever has `seen` that answer."""
    _same_centre(wanted.person, by)
    Person.objects.select_for_update().get(pk=wanted.person.pk)
    row = queries.due_one(wanted.person, wanted.key, wanted.due_at)
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


def _refuse_untimely(row: queries.DueRow, at: dt.datetime) -> None:
    """Not before its window, and not so late that the next one would come too soon after it."""
    if row.due.due_at > at + row.window:
        raise BadInput(f"This dose is due {_local(row)}: it is given at most {_minutes(row.window)} min before.")
    last = queries.last_moment(row)
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


def _too_sedated(rass: int | None, words: str) -> bool:
    """Whether the look before a sedative forbids it. Raises BadInput without a look, and at the value at which the
    next dose is held back unless somebody says why not (INP-13)."""
    if rass is None:
        raise BadInput("Look first: RASS before a sedative.", field="rass")
    _refuse_no_rass(rass)
    limits = clinical_settings()
    if rass <= limits.hold_rass_at_most:
        return True
    if rass == limits.review_rass and not words.strip():
        raise BadInput(
            f"RASS {signed(rass)}: hold this dose and ask the prescriber to look at the conversion, or say why it is "
            "given.",
            field="words",
        )
    return False


def _refuse_no_rass(rass: int | None) -> None:
    if rass is not None and rass not in RASS_RANGE:
        raise BadInput(f"RASS {rass}: it runs from {RASS_RANGE[0]} to +{RASS_RANGE[-1]}.", field="rass")


def _hold_for(row: queries.DueRow, by: Staff, rass: int | None, at: dt.datetime, once: str) -> DoseAnswer:
    assert rass is not None
    _record_look(row.person, by, rass, at, once)
    return _write(row, by, DoseAnswer.Outcome.HELD, reason=DoseAnswer.Reason.SEDATION, rass=rass, at=at)


def _record_look(person: Person, by: Staff, rass: int, at: dt.datetime, once: str) -> None:
    """The look as an observation: it opens the over-sedation and raises the alarm."""
    record_observation(
        person=person,
        bedside=Bedside(state=Observation.State.AWAKE, rass=rass),
        by=by,
        happened_at=at,
        once=f"{once[:58]}-rass" if once else "",
    )


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
            return _create(
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
