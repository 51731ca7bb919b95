"""Whether the register holds together: every balance against its movements, every last count against what came since
(L1, L17, L19). Everything is summed anew from the rows; nothing is taken from a balance that was kept."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glidepath.care.supply.chain import movement_hash
from glidepath.care.supply.models import (
    Balance,
    Batch,
    CountDone,
    CountEntry,
    Discrepancy,
    LedgerHead,
    Location,
    Movement,
    MovementKind,
)
from glidepath.care.supply.places import VIRTUAL

if TYPE_CHECKING:
    from glidepath.record.centres.models import Centre

PROGRESS_EVERY = 10_000


@dataclass(frozen=True, slots=True)
class Whole:
    """The register is whole. Keep `count` and `hash` elsewhere: they show a chain rewritten to its end."""

    count: int
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """`seq` is the first bad movement; 0 where the fault is in a balance or the head."""

    seq: int
    says: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """One batch at one location: the last count, what moved since, and what is left over between them (L19).

    All in base units. `apart`: counted and moved since, less the balance; nought where all is explained. `open`: what
    open differences say is wrong. `counted` None: never counted, so nothing can be said.
    """

    location: Location
    batch: Batch
    balance: int
    counted: int | None
    counted_at: dt.datetime | None
    since: int
    open: int

    @property
    def apart(self) -> int:
        return 0 if self.counted is None else self.counted + self.since - self.balance

    @property
    def is_explained(self) -> bool:
        """Nothing is left over, or an open difference says so."""
        return self.apart in (0, self.open)


def verify(
    centre: Centre, *, kept: tuple[int, str] | None = None, progress: Callable[[int], None] | None = None
) -> Whole | Fault:
    """Every movement by its hash, then every balance by its movements, at every moment. kept: count and hash that an
    earlier run printed."""
    head = LedgerHead.objects.filter(centre=centre).first()
    expected, previous = 1, ""
    for row in Movement.objects.filter(centre=centre).order_by("seq").iterator(chunk_size=2000):
        if row.seq != expected:
            return Fault(expected, f"Movement {expected} is gone.")
        if row.previous != previous or row.hash != movement_hash(row):
            return Fault(row.seq, f"Movement {row.seq} is not as it was written.")
        if kept and kept[0] == row.seq and kept[1] != row.hash:
            return Fault(row.seq, f"Movement {row.seq} no longer carries the hash that was kept.")
        expected, previous = expected + 1, row.hash
        if progress and row.seq % PROGRESS_EVERY == 0:
            progress(row.seq)
    count = expected - 1
    if (head.count if head else 0) != count or (head.hash if head else "") != previous:
        return Fault(expected, f"The ledger ends after movement {count}; its head knows {head.count if head else 0}.")
    if kept and kept[0] > count:
        return Fault(expected, f"The ledger ends after movement {count}; {kept[0]} were kept on record.")
    fault = next(_faulty_balances(centre), None)
    return fault or Whole(count, previous)


def reconcile(centre: Centre) -> list[Reconciled]:
    """Every batch at every location, by location and product. In five queries whatever the number of lines."""
    counted = _last_counted(centre)
    since = _since(centre, {key: entry.seq for key, entry in counted.items()})
    open_by = _open(centre)
    rows = Balance.objects.filter(location__centre=centre).select_related("location", "batch__product")
    return [
        Reconciled(
            location=row.location,
            batch=row.batch,
            balance=row.quantity,
            counted=entry.counted if entry else None,
            counted_at=entry.at if entry else None,
            since=since.get(key, 0),
            open=open_by.get(key, 0),
        )
        for row in rows.order_by(
            "location__name", "batch__product__medicine", "batch__product__strength_ng", "batch_id"
        )
        for key in [(row.location_id, row.batch_id)]
        for entry in [counted.get(key)]
    ]


def _faulty_balances(centre: Centre) -> Iterator[Fault]:
    """Balances that are not the sum of their movements, and sums that were below nought at some moment."""
    virtual = set(Location.objects.filter(centre=centre, kind__in=VIRTUAL).values_list("pk", flat=True))
    sums: dict[tuple[int, int], int] = defaultdict(int)
    rows = Movement.objects.filter(centre=centre).order_by("happened_at", "seq")
    for seq, batch, source, target, quantity in rows.values_list(
        "seq", "batch_id", "source_id", "target_id", "quantity"
    ).iterator(chunk_size=5000):
        for location, change in ((source, -quantity), (target, quantity)):
            if location not in virtual:
                sums[location, batch] += change
                if sums[location, batch] < 0:
                    yield Fault(seq, f"With movement {seq} a balance lies below nought.")
    kept = {(row.location_id, row.batch_id): row for row in Balance.objects.filter(location__centre=centre)}
    for key, total in sums.items():
        held = kept[key].quantity if key in kept else 0
        if held != total:
            yield Fault(0, f"Batch {key[1]} at location {key[0]} has {held} kept; its movements sum to {total}.")
    for key in kept.keys() - sums.keys():
        if kept[key].quantity:
            yield Fault(0, f"The balance of batch {key[1]} at location {key[0]} has no movement.")


def _last_counted(centre: Centre) -> dict[tuple[int, int], CountEntry]:
    """The agreed entry of the newest finished count of each line: that of who came in."""
    done = CountDone.objects.filter(count__centre=centre).values("count_id")
    rows = CountEntry.objects.filter(line__count__in=done, place=2).select_related("line__count")
    ordered = rows.order_by("line__count__done__at", "line__count_id", "turn")
    return {(row.line.count.location_id, row.line.batch_id): row for row in ordered}


def _since(centre: Centre, seqs: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """What moved after each of these numbers. An adjustment answers a difference of that count or an earlier one: it
    books what was counted already, and is left out."""
    if not seqs:
        return {}
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = Movement.objects.filter(centre=centre, seq__gt=min(seqs.values())).exclude(kind=MovementKind.ADJUSTMENT)
    for seq, batch, source, target, quantity in rows.values_list(
        "seq", "batch_id", "source_id", "target_id", "quantity"
    ):
        for location, change in ((source, -quantity), (target, quantity)):
            if seq > seqs.get((location, batch), seq):
                found[location, batch] += change
    return found


def _open(centre: Centre) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = defaultdict(int)
    rows = Discrepancy.objects.filter(centre=centre, closing__isnull=True, difference__isnull=False)
    for location, batch, difference in rows.values_list("location_id", "batch_id", "difference"):
        found[location, batch] += difference or 0
    return found
