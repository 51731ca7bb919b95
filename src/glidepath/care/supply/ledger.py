"""The one door into the ledger: every movement is written here, under the centre's lock, or not at all.

The head of the centre's chain is locked first: who moves stock waits for whoever is moving it (L16). Then each entry is
held against the balance of its source, at its own moment and at every later one (L1), chained (L17) and summed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from glidepath.care.supply import amounts
from glidepath.care.supply.chain import movement_hash
from glidepath.care.supply.models import Balance, Batch, Discrepancy, LedgerHead, Location, Movement, MovementKind
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.prepared import prepared
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement to write. `at`: when it happened, not after now (L18). `quantity`: base units, more than nought."""

    kind: MovementKind
    batch: Batch
    source: Location
    target: Location
    quantity: int
    by: Staff
    at: dt.datetime | None = None
    witness: Staff | None = None
    reason: str = ""
    document: str = ""
    party: str = ""
    person: Person | None = None
    dose: UUID | None = None
    discrepancy: Discrepancy | None = None
    reverses: Movement | None = None


class NotEnough(BadInput):
    """The register does not hold so much, at that moment or at a later one."""


class NotHeld(NotEnough):
    """A dose takes more than the register holds, and nothing is expired or recalled: the shelf may hold what nobody
    wrote down. location, batch: where it should have come from."""

    def __init__(self, message: str, *, location: Location, batch: Batch) -> None:
        super().__init__(message)
        self.location = location
        self.batch = batch


def lock(centre: Centre) -> LedgerHead:
    """Takes the centre's ledger until the end of the transaction. A centre without one gets its head here."""
    if not connection.in_atomic_block:
        raise RuntimeError("the ledger is locked inside the act's transaction")
    head = next(iter(_locked_head(centre)), None)
    if head is None:
        LedgerHead.objects.bulk_create([LedgerHead(centre=centre)], ignore_conflicts=True)  # two may open at once
        (head,) = _locked_head(centre)
    return head


@prepared
def _locked_head(centre: Centre) -> QuerySet[LedgerHead]:
    return LedgerHead.objects.select_for_update().filter(centre=centre)


def write(entries: Sequence[Entry], *, head: LedgerHead, known: Iterable[Balance] = ()) -> list[Movement]:
    """Writes them in this order, all or none. `head`: from `lock`, in this transaction. `known`: balances that were
    read and locked under it.

    Raises NotEnough, which names what the register holds; BadInput for a time to come.
    """
    balances = _balances(entries, known)
    return [_write(entry, head, balances) for entry in entries]


def _balances(entries: Iterable[Entry], known: Iterable[Balance]) -> dict[tuple[int, int], Balance]:
    """The balance rows of every real end, locked; missing ones are made."""
    now = clock.now()
    wanted = {
        (end.pk, entry.batch.pk): min(entry.at or now, now)
        for entry in entries
        for end in (entry.source, entry.target)
        if not end.is_virtual
    }
    found = {(row.location_id, row.batch_id): row for row in known}
    query = Q()
    for location, batch in wanted.keys() - found.keys():
        query |= Q(location=location, batch=batch)
    found |= {(row.location_id, row.batch_id): row for row in _locked(query)}
    missing = [
        Balance(location_id=location, batch_id=batch, opened_at=at, latest_at=at)
        for (location, batch), at in sorted(wanted.items())
        if (location, batch) not in found
    ]
    if missing:
        for row in Balance.objects.bulk_create(missing):
            found[row.location_id, row.batch_id] = row
    return found


def _locked(query: Q) -> list[Balance]:
    return list(Balance.objects.select_for_update().filter(query).order_by("pk")) if query else []


def _write(entry: Entry, head: LedgerHead, balances: dict[tuple[int, int], Balance]) -> Movement:
    now = clock.now()
    at = now if entry.at is None else entry.at
    if at > now:
        raise BadInput("This time lies ahead. Give the time it happened, or now.", field="happened_at")
    source = balances.get((entry.source.pk, entry.batch.pk))
    target = balances.get((entry.target.pk, entry.batch.pk))
    if source is not None:
        _refuse_below_nought(source, entry, at)
    row = Movement(
        centre_id=head.centre_id, seq=head.count + 1, kind=entry.kind, batch=entry.batch, source=entry.source,
        target=entry.target, quantity=entry.quantity, reason=entry.reason.strip(), document=entry.document.strip(),
        party=entry.party.strip(), person=entry.person, dose=entry.dose, discrepancy=entry.discrepancy,
        reverses=entry.reverses, happened_at=at, recorded_at=now, recorded_by=entry.by, witness=entry.witness,
        previous=head.hash,
    )  # fmt: skip
    row.hash = movement_hash(row)
    row.save(force_insert=True)
    for balance, change in ((source, -entry.quantity), (target, entry.quantity)):
        if balance is not None:
            _move(balance, change, at)
    head.count, head.hash = row.seq, row.hash
    head.save(update_fields=["count", "hash"])
    return row


def _move(balance: Balance, change: int, at: dt.datetime) -> None:
    balance.quantity += change
    balance.latest_at, balance.opened_at = max(balance.latest_at, at), min(balance.opened_at, at)
    balance.save(update_fields=["quantity", "latest_at", "opened_at"])


def _refuse_below_nought(balance: Balance, entry: Entry, at: dt.datetime) -> None:
    """L1: neither now nor, for an entry dated back, at any moment since."""
    left, when = balance.quantity, ""
    if at < balance.latest_at:
        left, moment = lowest_since(balance.location_id, balance.batch_id, at)
        when = f" at {clock.local(entry.source.centre, moment):%-d %b %H:%M}"
    if left < entry.quantity:
        product = entry.batch.product
        raise NotEnough(
            f"The register holds {amounts.in_words(left, product)} of {product.as_clinical().name}, lot "
            f"{entry.batch.lot}, in {entry.source.name}{when}; {amounts.in_words(entry.quantity, product)} cannot "
            "leave it. Receive or transfer first, or count again.",
            field="quantity",
        )


def lowest_since(location: int, batch: int, at: dt.datetime) -> tuple[int, dt.datetime]:
    """The lowest balance of this batch here from `at` on, and the first moment it was so low."""
    running, lowest, when = 0, 0, at
    for moment, change in _changes(location, batch):
        running += change
        if moment <= at or running < lowest:
            lowest, when = running, max(moment, at)
    return lowest, when


def _changes(location: int, batch: int) -> list[tuple[dt.datetime, int]]:
    rows = Movement.objects.filter(Q(source=location) | Q(target=location), batch=batch).order_by("happened_at", "seq")
    return [
        (moment, quantity if target == location else -quantity)
        for moment, quantity, target in rows.values_list("happened_at", "quantity", "target_id")
    ]
