"""To give an as-needed dose within its limits, and to look again afterwards."""

from __future__ import annotations

from django.db import transaction

from glidepath.care.medication import queries
from glidepath.care.medication.answering import create, record_look, same_centre, too_sedated
from glidepath.care.medication.models import DoseAnswer, Order, PrnRecheck, YesNoUnknown
from glidepath.care.monitoring.models import Observation
from glidepath.clinical.monitoring.sedation import signed
from glidepath.record import clock
from glidepath.record.audit import once as submits
from glidepath.record.audit import services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require


def give_prn(*, order: Order, by: Staff, rass: int | None = None, words: str = "", once: str = "") -> DoseAnswer:
    """One as-needed dose, within its interval and ceiling. Its re-check falls due by itself.

    RASS at or below the hold: nothing is given; the look is recorded, which opens the over-sedation and calls the
    physician, and BadInput says so.
    """
    try:
        return _give_prn(order, by, rass, words, once)
    except TooSedated as found:
        with transaction.atomic():
            record_look(order.person, by, found.rass, clock.now(), once)
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
    same_centre(answer.person, by)
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
def _give_prn(order: Order, by: Staff, rass: int | None, words: str, once: str) -> DoseAnswer:
    earlier = submits.found(once, "dose.prn")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    same_centre(order.person, by)
    Person.objects.select_for_update().get(pk=order.person_id)
    row = queries.prn_one(order)
    if row is None:
        raise BadInput("This as-needed order does not stand any more.")
    if row.why_not:
        raise BadInput(row.why_not)
    if row.sedative is not YesNoUnknown.NO and too_sedated(rass, words):
        assert rass is not None
        raise TooSedated(rass)
    now = clock.now()
    answer = create(
        order.person, by, due_key=order.key, due_at=now, order=order, ng=order.ng, given_ng=order.ng,
        medicine=order.medicine, medicine_name=order.medicine_name, outcome=DoseAnswer.Outcome.GIVEN,
        rass=rass, words=words.strip(),
    )  # fmt: skip
    submits.remember(once, "dose.prn", answer.pk)
    audit.write("dose.answered", by=by, centre=order.centre, person=order.person, about=answer, code="prn")
    return answer
