"""To give an as-needed dose within its limits, and to look again afterwards."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from glidepath.care.medication import looks, queries
from glidepath.care.medication.answering import create, record_look, same_centre
from glidepath.care.medication.from_stock import refuse_batch, settle
from glidepath.care.medication.giving import UNREAD, ReadCodes
from glidepath.care.medication.looks import Look
from glidepath.care.medication.models import DoseAnswer, Order, PrnRecheck, YesNoUnknown
from glidepath.care.monitoring.models import CiwaB, Observation, ScaleScore
from glidepath.care.monitoring.queries import newest_awake
from glidepath.clinical.monitoring.sedation import signed
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, second_signer
from glidepath.record.times import when


def give_prn(
    *,
    order: Order,
    by: Staff,
    rass: int | None = None,
    breathing: int | None = None,
    words: str = "",
    happened_at: dt.datetime | None = None,
    witness: Proof | None = None,
    read: ReadCodes = UNREAD,
    once: str = "",
) -> DoseAnswer:
    """One as-needed dose, within its interval and ceiling. Its re-check falls due by itself.

    RASS or breathing at the hold: nothing is given; the look is recorded, which opens the over-sedation and calls the
    physician, and BadInput says so. A limit of the order itself is said so too. happened_at: for a dose whose entry
    waited for the network.
    """
    at, _ = when(happened_at)
    try:
        return _give_prn(order, by, Look(rass, breathing), words, at, witness, read, once)
    except TooSedated as found:
        with transaction.atomic():
            record_look(order.person, by, found.look, at, once)
        raise


class TooSedated(BadInput):
    """Nothing that sedates is given: the look that says so is recorded apart from the act it stopped."""

    def __init__(self, look: Look) -> None:
        breaths = "" if look.breathing is None else f", {look.breathing} breaths a minute"
        super().__init__(
            f"RASS {signed(look.rass or 0)}{breaths}: nothing that sedates is given. It is recorded and the physician "
            "is called.",
            field="rass",
        )
        self.look = look


@transaction.atomic
def record_recheck(
    *,
    answer: DoseAnswer,
    helped: str,
    by: Staff,
    words: str = "",
    observation: Observation | None = None,
    score: CiwaB | ScaleScore | None = None,
    once: str = "",
) -> PrnRecheck:
    """How it was after an as-needed dose. Not named, the newest observation and score taken since the dose are linked:
    the re-score stands beside the score before it, by CIWA-B, CIWA-Ar or COWS. What is not there yet stays owed."""
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
    since = queries.since_dose(answer)
    rescore = score or (since.after.row if since.after else None)
    row = PrnRecheck.objects.create(
        centre_id=answer.centre_id, answer=answer, helped=helped, words=words.strip(),
        observation=observation or since.observation, ciwa_b=rescore if isinstance(rescore, CiwaB) else None,
        scale_score=rescore if isinstance(rescore, ScaleScore) else None, happened_at=now, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "dose.recheck", row.pk)
    audit.write("dose.recheck", by=by, centre=answer.centre, person=answer.person, about=row, code=helped)
    return row


@transaction.atomic
def _give_prn(
    order: Order, by: Staff, look: Look, words: str, at: dt.datetime, witness: Proof | None, read: ReadCodes, once: str
) -> DoseAnswer:
    earlier = submits.found(once, "dose.prn")
    if earlier is not None:
        return DoseAnswer.objects.get(pk=earlier)
    require(by, "dose.give")
    same_centre(order.person, by)
    Person.objects.select_for_update().get(pk=order.person_id)
    row = queries.prn_one(order, at)
    if row is None:
        raise BadInput("This as-needed order does not stand any more.")
    if row.why_not:
        raise BadInput(row.why_not)
    known, here = queries.readings(order.person, at), clinical_settings_of(order.person.centre)
    looks.refuse_nonsense(look)
    if row.sedative is not YesNoUnknown.NO:
        looks.refuse_no_look(look, known, at, here)
        if looks.too_sedated(look, words, here):
            raise TooSedated(look)
        looks.refuse_unsteady(newest_awake([order.person])[order.person.pk], words, at, order.person.centre.zone)
    held = looks.limits_held(order.limits, known, look, at, here)
    looks.refuse_unknown(held)
    if held:
        raise BadInput(f"{looks.found(held)}. It is not given; tell the prescriber.")
    refuse_batch(read.batch, order.made, order.person.centre, at)
    seen_by = second_signer(by, witness, action="dose.witness") if row.needs_witness or witness is not None else None
    answer = create(
        order.person, by, due_key=order.key, due_at=at, order=order, ng=order.ng, given_ng=order.ng,
        medicine=order.medicine, medicine_name=order.medicine_name, outcome=DoseAnswer.Outcome.GIVEN, happened_at=at,
        rass=look.rass, breathing=look.breathing, words=words.strip(), witness=seen_by, person_read=read.person,
        pack_read=read.pack,
    )  # fmt: skip
    settle(answer, by, order.made, read.batch)
    submits.remember(once, "dose.prn", answer.pk)
    audit.write("dose.answered", by=by, centre=order.centre, person=order.person, about=answer, code="prn")
    return answer
