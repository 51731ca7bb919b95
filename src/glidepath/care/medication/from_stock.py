"""Doses and the register: a given dose leaves the unit's stock in the same act, and a correction undoes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Batch
from glidepath.clinical.dosing.plan import Made
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import bed_of
from glidepath.record.errors import BadInput
from glidepath.record.staff.models import Staff


def refuse_batch(batch: Batch | None, made: Sequence[Made], centre: Centre, at: dt.datetime) -> None:
    """A pack whose label was read is of what the dose is made of, not expired and not recalled; with or without a
    register. Raises BadInput."""
    if batch is None:
        return
    parts = supply.parts_of(centre, made)
    part = next((one for one in parts if one.product.pk == batch.product_id), None)
    if batch.centre_id != centre.pk or part is None:
        raise BadInput(f"Lot {batch.lot} of {batch.product.as_clinical().name} is not what this dose is made of.")
    supply.refuse_barred(batch, clock.local(centre, at).date())


def settle(answer: DoseAnswer, by: Staff, made: Sequence[Made] | None = None, batch: Batch | None = None) -> None:
    """Moves what the answer just written means for the stock: given is issued, given no more is taken back.

    made: what the dose is made of, where it is known; else it is looked up as it was due. batch: whose label was read;
    it is taken first. Called inside the answer's
    transaction, before its audit line. Where the register holds too little the dose is given all the same, and a
    difference is opened that the pharmacist has to settle: bookkeeping keeps no dose from anybody at night. Raises
    NotEnough where what it holds is expired or recalled.
    """
    if not supply.keeps_a_register(answer.person.centre):
        return
    earlier = chain_of(answer)
    was_given = any(one.was_given for one in earlier[:1])
    if answer.was_given and not was_given:
        _issue_or_say(answer, by, made_of(answer) if made is None else made, batch)
    elif was_given and not answer.was_given:
        doses: list[UUID] = [one.public_id for one in earlier]
        supply.take_back(doses=doses, by=by, reason=answer.correction_reason)


def _issue_or_say(answer: DoseAnswer, by: Staff, made: Sequence[Made], batch: Batch | None) -> None:
    try:
        with transaction.atomic():
            _issue(answer, by, made, batch)
    except supply.NotHeld as short:
        supply.open_discrepancy(
            location=short.location,
            batch=short.batch,
            words=f"A dose was given all the same. {short.message}",
            by=by,
            happened_at=answer.happened_at,
        )


def _issue(answer: DoseAnswer, by: Staff, made: Sequence[Made], batch: Batch | None) -> None:
    parts = supply.parts_of(answer.person.centre, made)
    in_bed = bed_of(answer.person)
    supply.issue_for_dose(
        parts=[replace(one, batch=batch) if batch and one.product.pk == batch.product_id else one for one in parts],
        unit=in_bed.bed.room.unit if in_bed else None,
        person=answer.person,
        dose=answer.public_id,
        by=by,
        at=answer.happened_at,
        witness=answer.witness,
    )


def chain_of(answer: DoseAnswer) -> list[DoseAnswer]:
    """The answers this one stands in the place of, the newest first."""
    found: list[DoseAnswer] = []
    earlier = answer.supersedes_id
    while earlier is not None:
        one = DoseAnswer.objects.get(pk=earlier)
        found.append(one)
        earlier = one.supersedes_id
    return found


def made_of(answer: DoseAnswer) -> Sequence[Made]:
    """What the dose is made of by the version or order that was in force when it was due."""
    row = queries.due_one(answer.person, answer.due_key, answer.due_at)
    if row is not None:
        return row.due.made
    return answer.order.made if answer.order is not None else ()
