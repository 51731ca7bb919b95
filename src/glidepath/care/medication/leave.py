"""Leave with doses to take along: counted out by two and explained, under a prescriber's signature where one is due.

What the unit's register holds of it leaves the stock in the same act. While somebody is away their doses are no missed
doses; on the return each of them is answered as what it became (coming_back.py). Who is long overdue is looked for like
anybody whose doses nobody answered.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import astuple

from django.db import transaction

from glidepath.care.medication import queries
from glidepath.care.medication.answering import same_centre
from glidepath.care.medication.leave_orders import refuse_unsigned, refuse_until
from glidepath.care.medication.leave_rows import Piece
from glidepath.care.medication.models import LeavePack, YesNoUnknown
from glidepath.care.medication.queries import DueRow
from glidepath.care.supply import amounts, queries as register, services as supply
from glidepath.clinical.dosing.plan import Kind as ProductKind
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.queries import bed_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, second_signer

# Of one dose: whether a prescriber signs for it, and what it is made of.
Made = tuple[bool, list[Piece]]


def doses_to_take(person: Person, until: dt.datetime) -> list[DueRow]:
    """What falls due from now up to `until` and nobody answered yet."""
    now = clock.now()
    return [row for row in queries.due_here([person], now, until) if row.answer is None]


def made_of_each(person: Person, rows: Sequence[DueRow]) -> list[Made]:
    """Of each dose whether it is a benzodiazepine, an opioid or in the register, and its pieces; in two queries."""
    known = supply.known_products(person.centre)
    kept = register.products_in_register(person.centre)
    found: list[Made] = []
    for row in rows:
        pieces, in_register = [], False
        for one in row.due.made:
            (part,) = supply.parts_of(person.centre, [one], known=known) or (None,)
            liquid = one.product.kind is ProductKind.LIQUID
            address = str(part.product.public_id) if part else ""
            pieces.append(Piece(address, one.product.name, amounts.of_made(one, is_liquid=liquid), liquid))
            in_register = in_register or (part is not None and part.product.pk in kept)
        is_opioid = row.order is not None and row.order.is_opioid == YesNoUnknown.YES
        found.append((row.is_benzodiazepine or is_opioid or in_register, pieces))
    return found


def from_stock(person: Person, rows: Sequence[DueRow]) -> list[register.Planned]:
    """From which lots these doses would come now, for the page."""
    if not rows:
        return []
    return register.planned_for_leave(_parts(person, rows), _unit(person), _last_day(person, rows))


@transaction.atomic
def pack_leave(
    *, person: Person, until: dt.datetime, explained: str, by: Staff, second: Proof | None, once: str = ""
) -> LeavePack:
    """Counts out what falls due until then. explained: what was said about them, and understood. second: who counts
    with `by`. Raises BadInput while sedatives are held, while somebody is away already, where nothing falls due, and
    where a prescriber has not signed for so long; NotEnough where the register holds only what is expired, recalled or
    expires too soon. Where it holds too little the doses go along all the same, and a difference is opened, as at a
    dose."""
    earlier = submits.found(once, "leave.packed")
    if earlier is not None:
        return LeavePack.objects.get(pk=earlier)
    require(by, "leave.pack")
    same_centre(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    now = clock.now()
    refuse_until(person, until, now, field="until")
    if queries.leave_of(person) is not None:
        raise BadInput("Doses are out already: count them back first.")
    rows = doses_to_take(person, until)
    _refuse_rows(rows)
    if not explained.strip():
        raise BadInput("Explain the doses, and write what was said: when each is taken, where they are kept.",
                       field="explained")  # fmt: skip
    made = made_of_each(person, rows)
    wanting = [row.due.medicine for row, (wants, _) in zip(rows, made, strict=True) if wants]
    under = refuse_unsigned(person, until, wanting) if wanting else None
    counted_with = second_signer(by, second, action="dose.witness")
    with audit.together():
        row = LeavePack.objects.create(
            centre_id=person.centre_id, person=person, until_at=until, explained=explained.strip()[:300],
            doses=[[one.due.key, one.due.due_at.isoformat(), f"{one.due.dose}, {one.form}"] for one in rows],
            made=[[wants, [astuple(piece) for piece in pieces]] for wants, pieces in made], under=under,
            counted_with=counted_with, happened_at=now, recorded_at=now, recorded_by=by,
        )  # fmt: skip
        _issue(row, rows, by)
        submits.remember(once, "leave.packed", row.pk)
        audit.write("leave.packed", by=by, centre=person.centre, person=person, about=row, code=f"doses-{len(rows)}")
    return row


def _refuse_rows(rows: Sequence[DueRow]) -> None:
    if not rows:
        raise BadInput("No dose falls due until then: there is nothing to take along.", field="until")
    if any(row.is_held for row in rows):
        raise BadInput("Sedatives are held: nobody leaves with them. A prescriber looks again first.")


def _issue(pack: LeavePack, rows: Sequence[DueRow], by: Staff) -> None:
    """Out of the unit's stock, once; what the register holds too little of opens a difference."""
    person = pack.person
    short = supply.issue_for_leave(
        parts=_parts(person, rows), unit=_unit(person), person=person, pack=pack.public_id, by=by,
        witness=pack.counted_with, last=_last_day(person, rows),
    )  # fmt: skip
    for one in short:
        supply.open_discrepancy(
            location=one.location,
            batch=one.batch,
            words=f"Doses were handed out for a leave all the same. {one.message}",
            by=by,
        )


def _parts(person: Person, rows: Sequence[DueRow]) -> list[supply.Part]:
    return supply.parts_of(person.centre, [one for row in rows for one in row.due.made])


def _unit(person: Person) -> Unit | None:
    in_bed = bed_of(person)
    return in_bed.bed.room.unit if in_bed else None


def _last_day(person: Person, rows: Sequence[DueRow]) -> dt.date:
    return clock.local(person.centre, rows[-1].due.due_at).date()
