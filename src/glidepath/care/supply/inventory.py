"""The inventory as the law and the centre want it: what was held at one moment, and when the next is due (L20)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Min

from glidepath.care.supply import amounts
from glidepath.care.supply.models import (
    Balance,
    Batch,
    Count,
    CountDone,
    Discrepancy,
    Location,
    Movement,
    MovementKind,
)
from glidepath.care.supply.places import VIRTUAL
from glidepath.record import clock
from glidepath.record.centres.models import Centre

EVERY = 24  # months at most between two inventories (21 CFR 1304.11, reference/privacy-security.md 5.1)
WARN_DAYS = (60, 30, 7)


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One batch at one location at that moment. Expired and recalled stock is listed too."""

    location: Location
    batch: Batch
    quantity: int
    opening: int
    came: int
    issued: int
    left: int  # whatever else went: transfer, waste, destruction, adjustments (net)

    @property
    def name(self) -> str:
        return self.batch.product.as_clinical().name

    @property
    def words(self) -> str:
        return amounts.in_words(self.quantity, self.batch.product)

    @property
    def containers(self) -> int:
        """Full containers."""
        return self.quantity // self.batch.container_units

    @property
    def container_words(self) -> str:
        return amounts.in_words(self.batch.container_units, self.batch.product)

    def figure(self, quantity: int) -> str:
        sign = "−" if quantity < 0 else ""
        return sign + amounts.figure(abs(quantity), is_liquid=self.batch.product.is_liquid)

    @property
    def opening_figure(self) -> str:
        return self.figure(self.opening)

    @property
    def came_figure(self) -> str:
        return self.figure(self.came)

    @property
    def issued_figure(self) -> str:
        return self.figure(self.issued)

    @property
    def left_figure(self) -> str:
        return self.figure(self.left)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What the register held at `until` (the close of `day`, or now), and how it came there since `since`."""

    centre: Centre
    day: dt.date
    since: dt.datetime
    until: dt.datetime
    lines: Sequence[InventoryLine]
    differences: Sequence[Discrepancy]
    counts: Sequence[CountDone]


@dataclass(frozen=True, slots=True)
class NextInventory:
    """When the next biennial inventory is due, and which warning that is now: 60, 30 or 7 days, or overdue."""

    due_on: dt.date
    days_left: int
    last: dt.date

    @property
    def warning(self) -> str:
        if self.days_left < 0:
            return f"overdue by {-self.days_left} days"
        for days in reversed(WARN_DAYS):
            if self.days_left <= days:
                return f"due in {self.days_left} days"
        return ""


def inventory(centre: Centre, day: dt.date) -> Inventory:
    """The inventory of a calendar day at its close, or as of now where the day is today. From the movements alone."""
    since = _midnight(centre, day)
    until = min(_midnight(centre, day + dt.timedelta(days=1)), clock.now() + dt.timedelta(seconds=1))
    return Inventory(
        centre,
        day,
        since,
        until,
        _lines(centre, since, until),
        _differences(centre, until),
        _counts(centre, since, until),
    )


def next_biennial(centre: Centre) -> NextInventory | None:
    """24 months after the last biennial count of the location whose count is the oldest; None without a register.

    Only where something lies is looked at: there is nothing to count elsewhere. A location that was never counted for
    it counts from its first entry, which is its opening.
    """
    held, ever = _opened(centre)
    counted = dict(
        CountDone.objects.filter(count__centre=centre, count__kind=Count.Kind.BIENNIAL)
        .order_by()
        .values_list("count__location")
        .annotate(last=Max("at"))
    )
    last = min((counted.get(place, opened) for place, opened in (held or ever).items()), default=None)
    if last is None:
        return None
    day = clock.local(centre, last).date()
    due = months_later(day, EVERY)
    return NextInventory(due, (due - clock.today(centre)).days, day)


def _opened(centre: Centre) -> tuple[dict[int, dt.datetime], dict[int, dt.datetime]]:
    """When the first entry of each location was, by its id: of those where something lies, and of all."""
    rows = Balance.objects.filter(location__centre=centre).order_by()
    found = rows.values_list("location").annotate(opened=Min("opened_at"), most=Max("quantity"))
    return {place: at for place, at, most in found if most}, {place: at for place, at, _ in found}


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month; the month's last day where it has none: never later than so many months."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return dt.date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def _lines(centre: Centre, since: dt.datetime, until: dt.datetime) -> list[InventoryLine]:
    sums: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    virtual = set(Location.objects.filter(centre=centre, kind__in=VIRTUAL).values_list("pk", flat=True))
    rows = Movement.objects.filter(centre=centre, happened_at__lt=until)
    for kind, happened_at, batch, source, target, quantity, dose in rows.values_list(
        "kind", "happened_at", "batch_id", "source_id", "target_id", "quantity", "dose"
    ).iterator(chunk_size=5000):
        for location, change in ((source, -quantity), (target, quantity)):
            if location in virtual:
                continue
            line = sums[location, batch]
            line["quantity"] += change
            line[_column(kind, happened_at >= since, dose is not None, change)] += change
    batches = Batch.objects.filter(centre=centre).select_related("product").in_bulk({batch for _, batch in sums})
    places = Location.objects.filter(centre=centre).in_bulk({location for location, _ in sums})
    found = [
        InventoryLine(
            places[location],
            batches[batch],
            line["quantity"],
            line["opening"],
            line["came"],
            -line["issued"],
            line["left"],
        )
        for (location, batch), line in sums.items()
        if line["quantity"] or line["came"] or line["issued"] or line["left"]
    ]
    return sorted(found, key=lambda one: (one.location.name, one.name, one.batch.expires_on, one.batch.lot))


def _column(kind: str, is_of_the_day: bool, is_dose: bool, change: int) -> str:
    if not is_of_the_day:
        return "opening"
    if is_dose:
        return "issued"
    if change > 0 and kind in (MovementKind.OPENING, MovementKind.RECEIPT, MovementKind.TRANSFER):
        return "came"
    return "left"


def _differences(centre: Centre, until: dt.datetime) -> list[Discrepancy]:
    """Open at that moment, or closed after it."""
    rows = Discrepancy.objects.filter(centre=centre, recorded_at__lt=until).select_related(
        "batch__product", "location", "closing", "owner"
    )
    return [
        row for row in rows.order_by("recorded_at") if not hasattr(row, "closing") or row.closing.recorded_at >= until
    ]


def _counts(centre: Centre, since: dt.datetime, until: dt.datetime) -> list[CountDone]:
    rows = CountDone.objects.filter(count__centre=centre, at__gte=since, at__lt=until)
    return list(rows.select_related("count__location", "count__begun_by", "second").order_by("at"))


def _midnight(centre: Centre, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, centre.zone)
