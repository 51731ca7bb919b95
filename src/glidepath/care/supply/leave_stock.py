"""Doses to take along and the register: what a leave takes leaves the unit's stock in the act that hands it out.

Issued as a dose is: the earliest expiry first, never from an expired or recalled lot, and from none that expires before
the last of these doses is taken (L12). It has a kind of its own, so that no act on a dose can put any of it back into
the stock: what somebody brings back is their own, and kept apart (L15).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from glidepath.care.supply import amounts, ledger, stocking
from glidepath.care.supply.choosing_lots import Part, keeps_any, lines_of, taken_from
from glidepath.care.supply.models import Balance, Location, Movement, MovementKind, StockedProduct
from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

TAKES = "these doses take"


@dataclass(frozen=True, slots=True)
class Planned:
    """What a leave would take of one product: from which lots, or why it cannot be booked."""

    product: StockedProduct
    lots: tuple[tuple[Balance, int], ...]
    why_not: str = ""

    @property
    def name(self) -> str:
        return self.product.as_clinical().name

    @property
    def words(self) -> list[str]:
        """Lot by lot: "3 tablets from lot A1, Willow cupboard"."""
        return [
            f"{amounts.in_words(size, self.product)} from lot {line.batch.lot}, {line.location.name}"
            for line, size in self.lots
        ]


def issue_for_leave(
    *, parts: Sequence[Part], unit: Unit | None, person: Person, pack: UUID, by: Staff, witness: Staff, last: dt.date
) -> list[ledger.NotHeld]:  # fmt: skip
    """Takes what somebody takes along out of the unit's stock, now; called inside the packing's transaction, which has
    asked whether `by` may and whose audit line stands for both. pack: its public id. last: the day of the last dose.

    A product that the unit keeps no register for is left out. One of which the register holds too little is not booked
    and comes back, for a difference to be opened, as at a dose. Raises NotEnough where what it holds is expired,
    recalled, or expires too soon.
    """
    if unit is None or not parts or not keeps_any(unit, parts):
        return []
    head = ledger.lock(person.centre)
    at = clock.now()
    lines, person_end = lines_of(unit, parts, at), stocking.end(person.centre, Location.Kind.PERSON)
    short: list[ledger.NotHeld] = []
    entries: list[ledger.Entry] = []
    for part in parts:
        try:
            taken = taken_from(part, lines, last, unit, takes=TAKES)
        except ledger.NotHeld as too_little:
            short.append(too_little)
            continue
        entries += [
            ledger.Entry(
                MovementKind.LEAVE, line.batch, line.location, person_end, quantity, by, at=at, witness=witness,
                person=person, dose=pack,
            )
            for line, quantity in taken
        ]  # fmt: skip
    ledger.write(entries, head=head, known=lines)
    return short


def planned_for_leave(parts: Sequence[Part], unit: Unit | None, last: dt.date) -> list[Planned]:
    """What `issue_for_leave` would take now, for a page; nothing is locked and nothing written."""
    if unit is None or not parts:
        return []
    lines = lines_of(unit, parts, clock.now(), locked=False)
    return [one for part in parts if (one := _planned(part, lines, unit, last)) is not None]


def _planned(part: Part, lines: Sequence[Balance], unit: Unit, last: dt.date) -> Planned | None:
    try:
        lots = tuple(taken_from(part, lines, last, unit, takes=TAKES))
    except ledger.NotEnough as refused:
        return Planned(part.product, (), refused.message)
    return Planned(part.product, lots) if lots else None


def issued_for_leave(pack: UUID) -> list[Movement]:
    """What left the stock for this leave."""
    rows = Movement.objects.filter(dose=pack, kind=MovementKind.LEAVE).order_by("seq")
    return list(rows.select_related("batch__product", "source"))


def leave_movements(centre: Centre, since: dt.datetime, until: dt.datetime) -> list[Movement]:
    """What left any stock for leaves in this time."""
    rows = Movement.objects.filter(
        centre=centre, kind=MovementKind.LEAVE, happened_at__gte=since, happened_at__lt=until
    )
    return list(rows.select_related("batch__product").order_by("seq"))
