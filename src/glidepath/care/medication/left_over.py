"""What of a dose was taken out and not taken: wasted before a witness, or put back sealed.

In one act the answer says what was really taken, and the register where the rest went (L5: issued = given + wasted +
returned). A dose that was declined after it was taken out leaves the stock for it and is wasted at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from glidepath.care.medication.answering import create, same_centre
from glidepath.care.medication.from_stock import chain_of, made_of
from glidepath.care.medication.giving import refuse_corrected
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.watching import watch_person
from glidepath.care.supply import amounts, queries as register, services as supply
from glidepath.care.supply.models import Movement, StockedProduct
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes.queries import bed_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, second_signer

NOT_TAKEN = (DoseAnswer.Outcome.DECLINED, DoseAnswer.Outcome.UNABLE)
OPEN_FOR = dt.timedelta(hours=12)  # ours: until then a page offers it; what is wasted is written within the hour


class Became(StrEnum):
    WASTED = "wasted"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class LeftOver:
    """One part of the dose that may be left over. issue: its movement; None where none was written. quantity: base
    units that are with the person by the register, or that the dose is made of."""

    product: StockedProduct
    quantity: int
    issue: Movement | None = None

    @property
    def key(self) -> UUID:
        return self.issue.public_id if self.issue is not None else self.product.public_id

    @property
    def words(self) -> str:
        lot = f", lot {self.issue.batch.lot}" if self.issue is not None else ""
        return f"{amounts.in_words(self.quantity, self.product)} of {self.product.as_clinical().name}{lot}"

    def ng(self, quantity: int) -> int:
        return quantity * self.product.strength_ng // amounts.per_unit(self.product.is_liquid)


@dataclass(frozen=True, slots=True)
class Rest:
    """What became of it: how much of each part, in base units by its key; wasted, or returned sealed."""

    quantities: Mapping[UUID, int]
    became: Became
    reason: str
    is_sealed: bool = False


def parts_left(answer: DoseAnswer) -> list[LeftOver]:
    """What of this dose can be left over, part by part."""
    issued = [
        LeftOver(one.batch.product, left, one)
        for earlier in (answer, *chain_of(answer))
        for one in register.issues_of(earlier.public_id)
        if not hasattr(one, "reversed_by") and (left := supply.with_the_person(one)) > 0
    ]
    if issued or register.was_moved_for([one.public_id for one in (answer, *chain_of(answer))]):
        return issued if answer.was_given else []
    parts = supply.parts_of(answer.person.centre, made_of(answer))
    return [LeftOver(one.product, one.quantity) for one in parts]


@transaction.atomic
def record_left_over(
    *, answer: DoseAnswer, rest: Rest, by: Staff, second: Proof | None, outcome: str = "", code: str = "",
    once: str = "",
) -> DoseAnswer:  # fmt: skip
    """The next revision of the answer, with what was really taken; and what became of the rest.

    second: the witness of a waste. outcome, code: why, where nothing of it was taken: declined or unable, and the coded
    reason. Raises BadInput by field, ChangedMeanwhile where the answer was set right meanwhile.
    """
    earlier = submits.found(once, "dose.left_over")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.correct")
    require(by, "register.write")
    same_centre(answer.person, by)
    Person.objects.select_for_update().get(pk=answer.person_id)
    refuse_corrected(answer)
    found = [(one, rest.quantities.get(one.key, 0)) for one in parts_left(answer)]
    _refuse_impossible(answer, found, rest)
    witness = second_signer(by, second, action="register.witness") if rest.became is Became.WASTED else None
    taken = max(answer.given_ng - sum(one.ng(quantity) for one, quantity in found), 0)
    if answer.was_given and not taken:
        _refuse_uncoded(outcome, code)
    with audit.together():
        row = _written(answer, by, taken, rest, outcome, code, witness)
        for one, quantity in found:
            if quantity:
                _move(row, one, quantity, rest, by, second, was_given=answer.was_given)
        submits.remember(once, "dose.left_over", row.pk)
        if not row.was_taken:
            watch_person(row.person)
        audit.write("dose.corrected", by=by, centre=row.person.centre, person=row.person, about=row, code=row.outcome)
    return row


def _refuse_impossible(answer: DoseAnswer, found: Sequence[tuple[LeftOver, int]], rest: Rest) -> None:
    if not any(quantity for _, quantity in found):
        raise BadInput("Write how much of it was not taken.", field="quantity")
    for one, quantity in found:
        if quantity > one.quantity:
            raise BadInput(f"At most {one.words} can be left over.", field="quantity")
        if rest.became is Became.RETURNED and quantity and _is_opened(one, quantity):
            raise BadInput(
                "Only what is sealed and whole goes back into the stock. A part of a piece, or a measured liquid, is "
                "wasted before a witness.",
                field="became",
            )
    if rest.became is Became.RETURNED and not rest.is_sealed:
        raise BadInput("Look at the pack: only what is still sealed goes back. Else waste it.", field="is_sealed")
    if rest.became is Became.RETURNED and not answer.was_given:
        raise BadInput("Nothing left the stock for this dose: put it back sealed, nothing is written.", field="became")
    if not rest.reason.strip():
        raise BadInput("Say why it was not taken.", field="reason")


def _is_opened(one: LeftOver, quantity: int) -> bool:
    return one.product.is_liquid or quantity % amounts.QUARTERS != 0


def _refuse_uncoded(outcome: str, code: str) -> None:
    if outcome not in NOT_TAKEN:
        raise BadInput("Nothing of it was taken: say whether it was declined or could not be.", field="outcome")
    if not code or code not in DoseAnswer.Reason.values:
        raise BadInput("Choose the reason: one tap.", field="code")


def _written(
    answer: DoseAnswer, by: Staff, taken: int, rest: Rest, outcome: str, code: str, witness: Staff | None
) -> DoseAnswer:
    """The next revision: given, with less; or as it was answered, where nothing was taken."""
    stays = not answer.was_given
    return create(
        answer.person, by, due_key=answer.due_key, due_at=answer.due_at, revision=answer.revision + 1,
        order=answer.order, version=answer.version, step_number=answer.step_number, medicine=answer.medicine,
        medicine_name=answer.medicine_name, ng=answer.ng, given_ng=taken,
        outcome=answer.outcome if stays or taken else outcome, reason=answer.reason if stays or taken else code,
        words=answer.words, rass=answer.rass, breathing=answer.breathing, witness=witness or answer.witness,
        person_read=answer.person_read, pack_read=answer.pack_read, supersedes=answer,
        correction_reason=f"{rest.became.value.capitalize()}: {rest.reason.strip()}"[:300],
        happened_at=answer.happened_at,
    )  # fmt: skip


def _move(
    row: DoseAnswer, one: LeftOver, quantity: int, rest: Rest, by: Staff, second: Proof | None, *, was_given: bool
) -> None:
    """The register's part. Where it holds no issue of a given dose, it has nothing to say."""
    issues = [(one.issue, quantity)] if one.issue is not None else []
    if one.issue is None and not was_given:
        issues = [(issue, issue.quantity) for issue in _taken_out(row, one, quantity, by)]
    for issue, size in issues:
        if rest.became is Became.WASTED:
            supply.waste_from_dose(issue=issue, quantity=size, reason=rest.reason, by=by, second=second)
        else:
            supply.return_from_dose(issue=issue, quantity=size, reason=rest.reason, by=by)


def _taken_out(row: DoseAnswer, one: LeftOver, quantity: int, by: Staff) -> list[Movement]:
    """Out of the unit's stock now, for a dose that was declined after it was taken out."""
    in_bed = bed_of(row.person)
    return supply.issue_for_dose(
        parts=[supply.Part(one.product, quantity)], unit=in_bed.bed.room.unit if in_bed else None, person=row.person,
        dose=row.public_id, by=by, at=clock.now(), witness=row.witness,
    )  # fmt: skip
