"""A small register for the tests of this room: a cupboard, a pharmacy, quarantine, and lots of two products."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

from glidepath.care.supply import services
from glidepath.care.supply.choosing_lots import Part
from glidepath.care.supply.models import Batch, Count, Location, Movement, StockedProduct
from glidepath.record import clock
from glidepath.record.staff.models import Staff
from tests.cast import Cast, proof

PIECE = 4  # quarters
ML = 1000  # microlitres
LATER = dt.date(2027, 6, 30)


@dataclass(frozen=True)
class Register:
    cast: Cast
    ten: StockedProduct  # diazepam 10 mg tablets, given in halves
    liquid: StockedProduct
    cupboard: Location
    other: Location  # the pharmacy
    quarantine: Location


def once() -> str:
    return uuid4().hex


def stock(cast: Cast, key: str, strength: str, **more: Any) -> StockedProduct:
    return services.stock_product(
        centre=cast.centre, form_key=key, strength_mg=Decimal(strength), by=cast.pharmacist, once=once(), **more
    )


def make(cast: Cast) -> Register:
    ten = stock(cast, "diazepam/uk/tablet/10", "10")
    if ten.smallest_quarters > 2:
        ten = services.allow_split(
            product=ten, smallest=Fraction(1, 2), reason="a line", by=cast.pharmacist, once=once()
        )
    kinds = Location.Kind
    return Register(
        cast=cast,
        ten=ten,
        liquid=stock(cast, "diazepam/uk/oral suspension, strong/1.0", "1.0"),
        cupboard=location(cast, "Willow cupboard", kinds.CUPBOARD, cast.unit),
        other=location(cast, "Pharmacy", kinds.PHARMACY),
        quarantine=location(cast, "Quarantine", kinds.QUARANTINE),
    )


def location(cast: Cast, name: str, kind: Location.Kind, unit: Any = None) -> Location:
    return services.add_location(centre=cast.centre, name=name, kind=kind, unit=unit, by=cast.pharmacist, once=once())


def delivery(product: StockedProduct, pieces: int = 100, lot: str = "A1", expires: dt.date = LATER, **more: Any):
    unit = ML if product.is_liquid else PIECE
    given = {"container_units": 28 * unit, "containers": 0, "loose": pieces * unit} | more
    return services.Delivery(product=product, lot=lot, expires_on=expires, **given)


def opened(
    register: Register, product: StockedProduct | None = None, pieces: int = 100, *, where: Location | None = None,
    lot: str = "A1", expires: dt.date = LATER, **more: Any,
) -> Batch:  # fmt: skip
    """An opening stock; its batch."""
    parcel = delivery(product or register.ten, pieces, lot, expires)
    return open_at(register.cast, where or register.cupboard, parcel, **more)


def open_at(cast: Cast, where: Location, parcel: services.Delivery, **more: Any) -> Batch:
    """An opening stock at a location of any centre; its batch."""
    row = services.open_stock(
        location=where, delivery=parcel, by=cast.pharmacist, second=proof(cast.nurse), once=once(), **more
    )
    return row.batch


def issue(
    register: Register, person: Any, pieces: str | int = 1, *, product: StockedProduct | None = None,
    dose: UUID | None = None, by: Staff | None = None, batch: Batch | None = None, at: dt.datetime | None = None,
) -> list[Movement]:  # fmt: skip
    product = product or register.ten
    quantity = int(Fraction(str(pieces)) * (ML if product.is_liquid else PIECE))
    return services.issue_for_dose(
        parts=[Part(product, quantity, batch)], unit=register.cast.unit, person=person, dose=dose or uuid4(),
        by=by or register.cast.nurse, at=at or clock.now(),
    )  # fmt: skip


def count(
    register: Register, found: dict[Batch, int], *, where: Location | None = None, first: Staff | None = None,
    second: Staff | None = None, second_found: dict[Batch, int] | None = None, kind: str = "shift",
) -> Count:  # fmt: skip
    """Both count; `found` in quarters or microlitres."""
    cast = register.cast
    begun = services.begin_count(
        location=where or register.cupboard, kind=Count.Kind(kind), by=first or cast.nurse, once=once()
    )
    for by, numbers in ((first or cast.nurse, found), (second or cast.second_nurse, second_found or found)):
        services.enter_count(
            count=begun, counted={batch.public_id: size for batch, size in numbers.items()}, by=by, once=once()
        )
    return begun
