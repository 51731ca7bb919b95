"""Reads of the register: what lies where, the lines of the ledger, what is open. Values of one centre only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from glidepath.care.supply import amounts
from glidepath.care.supply.choosing_lots import why_not
from glidepath.care.supply.models import (
    Balance,
    Batch,
    Count,
    CountDone,
    Discrepancy,
    Location,
    Movement,
    MovementKind,
    OwnBag,
    StockedProduct,
)
from glidepath.care.supply.places import GIVES_DOSES, VIRTUAL
from glidepath.clinical.monitoring.centre_times import with_manager_from
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.people.models import Person
from glidepath.record.prepared import prepared
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Held:
    """One batch at one location: how much, and why it may not be given, where it may not."""

    balance: Balance
    barred: str

    @property
    def batch(self) -> Batch:
        return self.balance.batch

    @property
    def words(self) -> str:
        return amounts.in_words(self.balance.quantity, self.batch.product)


@dataclass(frozen=True, slots=True)
class HeldProduct:
    """One product at one location, the earliest expiry first."""

    product: StockedProduct
    lines: tuple[Held, ...]

    @property
    def quantity(self) -> int:
        return sum(line.balance.quantity for line in self.lines)

    @property
    def words(self) -> str:
        return amounts.in_words(self.quantity, self.product)

    @property
    def name(self) -> str:
        return self.product.as_clinical().name


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One movement as seen from one location: more here, or less."""

    movement: Movement
    is_in: bool

    @property
    def words(self) -> str:
        sign = "+" if self.is_in else "−"
        return f"{sign}{amounts.in_words(self.movement.quantity, self.movement.batch.product)}"

    @property
    def other_end(self) -> Location:
        return self.movement.source if self.is_in else self.movement.target

    @property
    def is_reversed(self) -> bool:
        return hasattr(self.movement, "reversed_by")

    @property
    def may_be_reversed(self) -> bool:
        fixed = (MovementKind.REVERSAL, MovementKind.ADJUSTMENT)
        return not self.is_reversed and self.movement.dose is None and self.movement.kind not in fixed


@dataclass(frozen=True, slots=True)
class OpenDifference:
    """An open difference with who has it now and how long it stands."""

    row: Discrepancy
    owner: Staff
    now: dt.datetime

    @property
    def words(self) -> str:
        if self.row.difference is None:
            return "not counted yet"
        size = amounts.in_words(abs(self.row.difference), self.row.batch.product)
        return f"{size} {'found beyond the register' if self.row.difference > 0 else 'missing'}"

    @property
    def is_with_manager(self) -> bool:
        return self.now > with_manager_from(self.row.recorded_at, clinical_settings_of(self.row.centre))

    @property
    def tell_by(self) -> dt.datetime | None:
        """Until when the authority is told, where a loss is suspected."""
        return self.row.suspected_loss.tell_by if hasattr(self.row, "suspected_loss") else None

    @property
    def is_told_late(self) -> bool:
        return self.tell_by is not None and self.now > self.tell_by


def locations(centre: Centre, *, retired: bool = False) -> list[Location]:
    """The real locations, the units' first."""
    rows = Location.objects.filter(centre=centre, active=not retired).exclude(kind__in=VIRTUAL)
    return sorted(rows.select_related("unit"), key=lambda one: (not one.gives_doses, one.name))


def location_at(centre: Centre, public_id: UUID | str) -> Location | None:
    rows = Location.objects.filter(centre=centre, public_id=public_id).exclude(kind__in=VIRTUAL)
    return rows.select_related("unit", "centre").first()


def batch_at(centre: Centre, public_id: UUID | str) -> Batch | None:
    return Batch.objects.filter(centre=centre, public_id=public_id).select_related("product", "centre").first()


def movement_at(centre: Centre, public_id: UUID | str) -> Movement | None:
    rows = Movement.objects.filter(centre=centre, public_id=public_id)
    return rows.select_related("batch__product", "source", "target", "recorded_by", "person", "centre").first()


def held(location: Location, *, empty: bool = False) -> list[HeldProduct]:
    """What lies here by product, the earliest expiry first. empty: batches used up too."""
    return _by_product(_balances(Q(location=location), empty=empty))


def held_by_location(centre: Centre) -> dict[int, list[HeldProduct]]:
    """The same for every location of the centre, by its id, in one query."""
    rows: dict[int, list[Balance]] = {}
    for row in _balances(Q(location__centre=centre), empty=False):
        rows.setdefault(row.location_id, []).append(row)
    return {pk: _by_product(those) for pk, those in rows.items()}


def last_movements(location: Location, *, limit: int = 25, before: int | None = None) -> list[LedgerLine]:
    """The ledger's newest lines of this location. before: only those with a smaller number."""
    rows = _lines(Movement.objects.filter(Q(source=location) | Q(target=location)))
    rows = rows.filter(seq__lt=before) if before else rows
    return [LedgerLine(row, row.target_id == location.pk) for row in rows.order_by("-seq")[:limit]]


def movements_between(centre: Centre, since: dt.datetime, until: dt.datetime) -> list[Movement]:
    """Every movement that happened from `since` to before `until`, in the order of writing."""
    rows = Movement.objects.filter(centre=centre, happened_at__gte=since, happened_at__lt=until)
    return list(_lines(rows).order_by("seq"))


def dose_movements(centre: Centre, since: dt.datetime, until: dt.datetime) -> list[Movement]:
    """Everything that moved for the doses that left a stock in this time, what came back or was undone later too."""
    doses = Movement.objects.filter(
        centre=centre, kind=MovementKind.ISSUE, happened_at__gte=since, happened_at__lt=until
    ).values("dose")
    return list(_lines(Movement.objects.filter(centre=centre, dose__in=doses)).order_by("seq"))


def issues_of(dose: UUID) -> list[Movement]:
    """What was issued for one dose."""
    return list(_lines(Movement.objects.filter(dose=dose, kind=MovementKind.ISSUE)).order_by("seq"))


def was_moved_for(doses: Iterable[UUID]) -> bool:
    """Whether the register moved anything for one of these answers."""
    return Movement.objects.filter(dose__in=list(doses)).exists()


def open_differences(centre: Centre, *, location: Location | None = None) -> list[OpenDifference]:
    """What two have not closed yet, the oldest first."""
    rows = _open_differences(centre)
    for row in rows:
        row.centre = centre
    found = [_opened(row) for row in rows]
    return [one for one in found if location is None or one.row.location_id == location.pk]


@prepared
def _open_differences(centre: Centre) -> QuerySet[Discrepancy]:
    rows = Discrepancy.objects.filter(centre=centre, closing__isnull=True)
    return _differences(rows).order_by("recorded_at", "pk")


def difference_at(centre: Centre, public_id: UUID | str) -> OpenDifference | None:
    """One difference, open or closed."""
    row = _differences(Discrepancy.objects.filter(centre=centre, public_id=public_id)).first()
    return _opened(row) if row else None


def closed_differences(centre: Centre, *, limit: int = 20) -> list[Discrepancy]:
    rows = Discrepancy.objects.filter(centre=centre, closing__isnull=False)
    return list(_differences(rows).order_by("-closing__recorded_at")[:limit])


def last_counts(centre: Centre) -> dict[int, CountDone]:
    """The newest finished count of each location, by its id."""
    rows = CountDone.objects.filter(count__centre=centre).select_related("count__begun_by", "second")
    return {row.count.location_id: row for row in rows.order_by("at", "pk")}


def count_at(centre: Centre, public_id: UUID | str) -> Count | None:
    return Count.objects.filter(centre=centre, public_id=public_id).select_related("location__centre").first()


def counts_of(location: Location, *, limit: int = 10) -> list[Count]:
    rows = Count.objects.filter(location=location).select_related("begun_by", "done__second")
    return list(rows.order_by("-begun_at", "-pk")[:limit])


def products_in_register(centre: Centre) -> set[int]:
    """Ids of the products that some unit keeps a register for."""
    rows = Balance.objects.filter(location__centre=centre, location__kind__in=GIVES_DOSES)
    return set(rows.values_list("batch__product_id", flat=True))


def own_bags(person: Person) -> list[OwnBag]:
    """Everything this person brought along, the newest first."""
    rows = OwnBag.objects.filter(person=person).select_related(
        "recorded_by", "witness", "left__recorded_by", "left__witness", "destroyed__recorded_by", "destroyed__witness"
    )
    return list(rows.prefetch_related("items").order_by("-happened_at", "-pk"))


def own_bag_at(person: Person, public_id: UUID | str) -> OwnBag | None:
    return OwnBag.objects.filter(person=person, public_id=public_id).select_related("person", "centre").first()


def _balances(wanted: Q, *, empty: bool) -> QuerySet[Balance]:
    rows = Balance.objects.filter(wanted) if empty else Balance.objects.filter(wanted, quantity__gt=0)
    return rows.select_related("batch__product", "batch__recall", "location__centre").order_by(
        "batch__product__medicine", "batch__product__is_liquid", "batch__product__strength_ng", "batch__expires_on",
        "batch__lot",
    )  # fmt: skip


def _by_product(rows: Iterable[Balance]) -> list[HeldProduct]:
    found: dict[StockedProduct, list[Held]] = {}
    for row in rows:
        today = clock.today(row.location.centre)
        found.setdefault(row.batch.product, []).append(Held(row, why_not(row.batch, today)))
    return [HeldProduct(product, tuple(lines)) for product, lines in found.items()]


def _lines(rows: QuerySet[Movement]) -> QuerySet[Movement]:
    return rows.select_related(
        "batch__product", "source", "target", "recorded_by", "witness", "person", "reverses", "reversed_by"
    )


def _differences(rows: QuerySet[Discrepancy]) -> QuerySet[Discrepancy]:
    return rows.select_related(
        "batch__product", "location__centre", "owner", "recorded_by", "suspected_loss", "line__count",
        "closing__recorded_by", "closing__manager", "closing__adjustment", "centre",
    ).prefetch_related("notes__owner", "notes__recorded_by")  # fmt: skip


def _opened(row: Discrepancy) -> OpenDifference:
    notes = sorted(row.notes.all(), key=lambda note: note.pk)
    taken_over = [note.owner for note in notes if note.owner is not None]
    return OpenDifference(row, taken_over[-1] if taken_over else row.owner, clock.now())
