"""Which lots of a unit's stock give a dose: never an expired or a recalled one (L12), the earliest expiry first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from glidepath.care.supply import amounts, ledger
from glidepath.care.supply.models import Balance, Batch, StockedProduct
from glidepath.care.supply.places import GIVES_DOSES
from glidepath.record import clock
from glidepath.record.centres.models import Unit
from glidepath.record.errors import BadInput
from glidepath.record.prepared import Many, prepared


@dataclass(frozen=True, slots=True)
class Part:
    """So many base units of one product: one part of what a dose is made of. `batch`: where a pack was scanned."""

    product: StockedProduct
    quantity: int
    batch: Batch | None = None


def keeps_any(unit: Unit, parts: Sequence[Part]) -> bool:
    """Looked at before anything is locked: a unit without a register gives as ever."""
    products = {part.product.pk for part in parts}
    return bool(_any_of(unit, products))


@prepared
def _any_of(unit: Unit, products: Many[int]) -> QuerySet[Balance, int]:
    return Balance.objects.filter(_from(unit), batch__product__in=products).values_list("pk", flat=True)[:1]


def _from(unit: Unit) -> Q:
    return Q(location__unit=unit, location__kind__in=GIVES_DOSES)


def lines_of(unit: Unit, parts: Sequence[Part], at: dt.datetime, *, locked: bool = True) -> list[Balance]:
    """What the unit keeps of these products, the earliest expiry first; opened by then. locked: False to look."""
    products = {part.product.pk for part in parts}
    return (_lines_locked if locked else _lines)(unit, products, at)


@prepared
def _lines(unit: Unit, products: Many[int], at: dt.datetime) -> QuerySet[Balance]:
    return _in_order(unit, products, at)


@prepared
def _lines_locked(unit: Unit, products: Many[int], at: dt.datetime) -> QuerySet[Balance]:
    return _in_order(unit, products, at).select_for_update(of=("self",))


def _in_order(unit: Unit, products: Many[int], at: dt.datetime) -> QuerySet[Balance]:
    rows = Balance.objects.filter(_from(unit), batch__product__in=products, opened_at__lte=at)
    found = rows.select_related("batch__product", "batch__recall", "location__centre")
    return found.order_by("batch__expires_on", "batch_id", "location_id")


def taken_from(
    part: Part, lines: Sequence[Balance], day: dt.date, unit: Unit, *, takes: str = "this dose takes"
) -> list[tuple[Balance, int]]:
    """Which lines give this part, and how much each; empty where the unit keeps no register for the product.

    day: the last one on which it is taken; what expires before is left. Raises as `issue_for_dose`."""
    own = [line for line in lines if line.batch.product_id == part.product.pk]
    if not own:
        return []
    usable = [line for line in own if why_not(line.batch, day) == ""]
    if part.batch is not None:
        _refuse_batch(part, part.batch, day)
        usable = _scanned_first(part, part.batch, usable, own, unit)
    taken = _split(part, usable, whole_only=True) or _split(part, usable, whole_only=False)
    if not taken:
        _too_little(part, own, usable, day, unit, takes)
    return taken


def _split(part: Part, lines: Sequence[Balance], *, whole_only: bool) -> list[tuple[Balance, int]]:
    """The earliest batch first, whole pieces where it does not cover the rest; empty where all together do not."""
    rest, taken = part.quantity, []
    for line in lines:
        size = min(line.quantity, rest)
        if size < rest and whole_only and not part.product.is_liquid:
            size -= size % amounts.QUARTERS
        if size:
            taken.append((line, size))
            rest -= size
    return taken if rest == 0 else []


def why_not(batch: Batch, day: dt.date) -> str:
    """Why nothing of this batch is given on that day; empty when it may be (L12)."""
    if hasattr(batch, "recall"):
        return "recalled"
    return "expired" if batch.expires_on < day else ""


def _scanned_first(
    part: Part, batch: Batch, usable: Sequence[Balance], own: Sequence[Balance], unit: Unit
) -> list[Balance]:
    """The pack that was read is opened first; what it does not hold comes from the others. Raises NotHeld where the
    register holds nothing of it here: the pack is in somebody's hand, and no entry says how it came."""
    scanned = [line for line in usable if line.batch_id == batch.pk and line.quantity]
    if not scanned:
        name = part.product.as_clinical().name
        raise ledger.NotHeld(
            f"The register of {unit.name} holds nothing of lot {batch.lot} of {name}.", location=own[0].location,
            batch=batch,
        )  # fmt: skip
    return [*scanned, *(line for line in usable if line not in scanned)]


def _barred(batch: Batch, day: dt.date, today: dt.date) -> str:
    """Why it is not taken, in words; a lot that is good today may expire before its last dose is taken."""
    why = why_not(batch, day)
    return f"is {why}" if why_not(batch, today) else f"expires {batch.expires_on:%-d %b}, before the last dose"


def refuse_barred(batch: Batch, day: dt.date) -> None:
    """Raises BadInput where nothing of this batch is given on that day (L12)."""
    if reason := why_not(batch, day):
        name = batch.product.as_clinical().name
        raise BadInput(f"Lot {batch.lot} of {name} is {reason}: it is not given. Take it to quarantine.")


def _refuse_batch(part: Part, batch: Batch, day: dt.date) -> None:
    name = part.product.as_clinical().name
    if batch.product_id != part.product.pk:
        raise BadInput(
            f"This pack is {batch.product.as_clinical().name}; ordered is {name}. Nothing is exchanged for another "
            "strength or medicine by itself."
        )
    refuse_barred(batch, day)


def _too_little(
    part: Part, own: Sequence[Balance], usable: Sequence[Balance], day: dt.date, unit: Unit, takes: str
) -> None:
    name, today = part.product.as_clinical().name, clock.today(unit.centre)
    held = amounts.in_words(sum(line.quantity for line in usable), part.product)
    barred = [f"lot {line.batch.lot} {_barred(line.batch, day, today)}" for line in own if line not in usable]
    besides = f" ({'; '.join(barred)})" if barred else ""
    short = (
        f"The register of {unit.name} holds {held} of {name} to give{besides}; {takes} "
        f"{amounts.in_words(part.quantity, part.product)}."
    )
    if barred:
        raise ledger.NotEnough(f"{short} Receive or transfer it with a second person first, or count again.")
    raise ledger.NotHeld(short, location=own[0].location, batch=own[0].batch)
