"""Stock against what the doses will take: days of cover, what to order, and whether what left was what was due."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from glidepath.care.supply import amounts, cover, ports
from glidepath.care.supply.choosing_lots import why_not
from glidepath.care.supply.models import Balance, Location, Movement, StockedProduct
from glidepath.care.supply.movements import ISSUES
from glidepath.care.supply.places import GIVES_DOSES
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.centres.queries import clinical_settings_of

DRIFT_DAYS = 7  # ours: whole days looked back at


@dataclass(frozen=True, slots=True)
class Covered:
    """One product of one unit. Amounts in base units. `days` None: lasts beyond the horizon."""

    product: StockedProduct
    held: int
    elsewhere: int  # in the pharmacy: a transfer, no order
    a_day: int  # the most that one of the next days takes
    days: int | None
    to_transfer: int
    to_order: int
    issued: int
    expected: int
    is_kept: bool
    settings: ClinicalSettings

    @property
    def name(self) -> str:
        return self.product.as_clinical().name

    @property
    def is_soon(self) -> bool:
        return self.is_kept and self.days is not None and self.days < self.settings.cover_soon_days

    @property
    def drifts(self) -> bool:
        is_liquid = self.product.is_liquid
        return self.is_kept and cover.drifts(self.issued, self.expected, self.settings, is_liquid=is_liquid)

    def words(self, quantity: int) -> str:
        return amounts.in_words(quantity, self.product)

    @property
    def held_words(self) -> str:
        return self.words(self.held)

    @property
    def a_day_words(self) -> str:
        return self.words(self.a_day)

    @property
    def transfer_words(self) -> str:
        return self.words(self.to_transfer)

    @property
    def order_words(self) -> str:
        return self.words(self.to_order)

    @property
    def drift_words(self) -> str:
        apart = self.issued - self.expected
        said = self.words(abs(apart))
        return f"{said} {'more' if apart > 0 else 'less'} than was due" if apart else "as due"


def covered(unit: Unit) -> list[Covered] | None:
    """Every product that this unit's doses take or that it keeps, the shortest cover first; None where nobody can say
    what is due."""
    today = clock.today(unit.centre)
    settings = clinical_settings_of(unit.centre)
    ahead = ports.use_of(unit, today, settings.cover_horizon_days)
    past_from = today - dt.timedelta(days=DRIFT_DAYS)
    past = ports.use_of(unit, past_from, DRIFT_DAYS)
    if ahead is None or past is None:
        return None
    lots, stored, kept, containers, opened = _stock(unit, today)
    issued = _issued(unit, past_from, today)
    products = StockedProduct.objects.filter(pk__in={*ahead, *kept})
    found = []
    for product in products:
        use = list(ahead.get(product.pk, [0] * settings.cover_horizon_days))
        target = use[: settings.cover_order_up_to_days]
        container = containers.get(product.pk, amounts.per_unit(product.is_liquid))
        own = lots.get(product.pk, [])
        short = cover.to_order(own, target, today, 1)
        in_pharmacy = sum(lot.quantity for lot in stored.get(product.pk, []))
        # Days before the register was opened have nothing to compare with.
        since = opened.get(product.pk)
        due = sum(
            quantity
            for offset, quantity in enumerate(past.get(product.pk, []))
            if since is not None and past_from + dt.timedelta(days=offset) > since
        )
        found.append(
            Covered(
                product=product,
                held=sum(lot.quantity for lot in own),
                elsewhere=in_pharmacy,
                a_day=max(use, default=0),
                days=cover.days_of_cover(own, use, today),
                to_transfer=min(short, in_pharmacy),
                to_order=cover.to_order([*own, *stored.get(product.pk, [])], target, today, container),
                issued=issued.get(product.pk, 0) if due or since else 0,
                expected=due,
                is_kept=product.pk in kept,
                settings=settings,
            )
        )
    return sorted(found, key=lambda one: (not one.is_kept, one.days is None, one.days or 0, one.name))


def lots_to_give(units: Collection[int]) -> dict[tuple[int, int], list[cover.Lot]]:
    """What each of these units may give now, by unit and product id, in one query. A product of which a unit keeps
    nothing any more stands with no lot; one that it keeps no register for is left out."""
    found: dict[tuple[int, int], list[cover.Lot]] = {}
    rows = Balance.objects.filter(location__unit__in=units, location__kind__in=GIVES_DOSES)
    for row in rows.select_related("batch__recall", "location__centre").order_by("batch_id", "location_id"):
        unit, product = row.location.unit_id, row.batch.product_id
        assert unit is not None
        lots = found.setdefault((unit, product), [])
        if row.quantity and why_not(row.batch, clock.today(row.location.centre)) == "":
            lots.append(cover.Lot(row.quantity, row.batch.expires_on))
    return found


def _stock(
    unit: Unit, today: dt.date
) -> tuple[dict[int, list[cover.Lot]], dict[int, list[cover.Lot]], set[int], dict[int, int], dict[int, dt.date]]:
    """By product: what the unit may give, what the pharmacy keeps, what is kept at all, the container, opened when."""
    lots: dict[int, list[cover.Lot]] = defaultdict(list)
    stored: dict[int, list[cover.Lot]] = defaultdict(list)
    kept: set[int] = set()
    containers: dict[int, int] = {}
    opened: dict[int, dt.date] = {}
    rows = Balance.objects.filter(location__centre=unit.centre).select_related("batch__recall", "location")
    for row in rows.order_by("batch_id"):
        product = row.batch.product_id
        containers[product] = row.batch.container_units
        is_own = row.location.kind in GIVES_DOSES and row.location.unit_id == unit.pk
        if is_own:
            kept.add(product)
            day = clock.local(unit.centre, row.opened_at).date()
            opened[product] = min(opened.get(product, day), day)
        if row.quantity and why_not(row.batch, today) == "":
            place = lots if is_own else stored if row.location.kind == Location.Kind.PHARMACY else None
            if place is not None:
                place[product].append(cover.Lot(row.quantity, row.batch.expires_on))
    return lots, stored, kept, containers, opened


def _issued(unit: Unit, first: dt.date, until: dt.date) -> dict[int, int]:
    """Base units that left this unit's stock for doses and leaves on these days, less what came back or was undone."""
    since, to = _midnight(unit.centre, first), _midnight(unit.centre, until)
    rows = Movement.objects.filter(
        centre=unit.centre, dose__isnull=False, happened_at__gte=since, happened_at__lt=to
    ).values_list("batch__product_id", "kind", "quantity", "source__unit_id", "target__unit_id")
    found: dict[int, int] = defaultdict(int)
    for product, kind, quantity, source, target in rows:
        if kind in ISSUES and source == unit.pk:
            found[product] += quantity
        elif target == unit.pk:
            found[product] -= quantity
    return found


def _midnight(centre: Centre, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, centre.zone)
