"""The demo's controlled-drug register: opened two weeks ago, counted at every morning's change of shift, topped up, and
with one difference that nobody has closed yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import transaction

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Count, Location
from glidepath.care.supply.own_medicines import Brought
from glidepath.centre.demo import days
from glidepath.centre.demo.centre import House
from glidepath.record import clock
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

KEPT_DAYS = 14  # how long the demo's register has been kept
MISSED_ON = 2  # days ago a tablet was first missing
MISSING = ("diazepam", 5_000_000, -4)  # one whole 5 mg tablet
OPENS = dt.time(5, 30)
LOW_PIECES, LOW_ML = 60, 300  # below it more is received
SUPPLIER = "Northbridge Medical Supply, 4 Canal Row, Leeds; registration 0071-445"
PIECES, ML = 4, 1000


def open_register(house: House, day: dt.date, people: Sequence[Person]) -> None:
    """The cupboard, the pharmacy and their opening stock, counted by pharmacist and nurse; two bags people brought."""
    with clock.at(days.at(house, day, OPENS)):
        days.start_shifts(house)
        cupboard = _location(house, "Birch cupboard", Location.Kind.CUPBOARD)
        pharmacy = _location(house, "Pharmacy", Location.Kind.PHARMACY)
        _location(house, "Quarantine", Location.Kind.QUARANTINE)
        for number, (product, _) in enumerate(queries.stock(house.centre)):
            container = 100 * ML if product.is_liquid else 28 * PIECES
            size = 6 if product.is_liquid else 4 + 3 * (number % 3)
            for place, lot, containers, lasts in (
                (cupboard, f"GP{number:02d}4A", size, 140 + 30 * number), (pharmacy, f"GP{number:02d}7C", 12, 500)
            ):  # fmt: skip
                services.open_stock(
                    location=place, by=house.pharmacist, second=days.proof(house.nurse),
                    delivery=services.Delivery(product, lot, day + dt.timedelta(days=lasts), container, containers),
                    once=days.key("opening", place.name, lot),
                )  # fmt: skip
        for number, person in enumerate(people[-2:]):
            services.take_in(
                person=person, items=[Brought("diazepam 5 mg tablets, own pharmacy", 18 * PIECES + 2 * number)],
                seal=f"LB-{2041 + number}", kept_where="Safe 2, lower shelf", by=house.nurse,
                second=days.proof(house.night_nurse), once=days.key("bag", person.number),
            )  # fmt: skip


def live(house: House, ago: int) -> None:
    """The morning's change of shift: what runs low is received, and the cupboard is counted blind by two. Nothing where
    the demo was loaded before it kept a register. ago: how many days before the newest day of the demo this is."""
    cupboard = next((one for one in queries.locations(house.centre) if one.gives_doses), None)
    if cupboard is None:
        return
    for act in (_top_up, partial(_count, missed=ago == MISSED_ON)):
        try:
            with transaction.atomic():
                act(house, cupboard)
        except ServiceError as refused:
            if house.left is None:
                raise
            house.left.append(f"Register: {refused.message}")  # you changed it meanwhile: yours to see to


def _count(house: House, cupboard: Location, *, missed: bool) -> None:
    """Both find what the register holds and what is known to be missing; on one morning a tablet more."""
    today = clock.today(house.centre)
    count = services.begin_count(
        location=cupboard, kind=Count.Kind.SHIFT, by=house.night_nurse, once=days.key("count", today)
    )
    found = _found(house, cupboard)
    if missed:
        medicine, strength, size = MISSING
        lines = queries.standing(count).lines
        batch = next(
            one.batch for one in lines
            if (one.batch.product.medicine, one.batch.product.strength_ng) == (medicine, strength)
        )  # fmt: skip
        found[batch.public_id] += size
    for by in (house.night_nurse, house.nurse):
        services.enter_count(count=count, counted=found, by=by, once=days.key("counted", by.username, today))


def _found(house: House, cupboard: Location) -> dict[UUID, int]:
    """By batch: the register and what open differences say."""
    found = {
        line.batch.public_id: line.balance.quantity
        for product in queries.held(cupboard, empty=True)
        for line in product.lines
    }
    for one in queries.open_differences(house.centre, location=cupboard):
        found[one.row.batch.public_id] += one.row.difference or 0
    return found


def _top_up(house: House, cupboard: Location) -> None:
    """Six containers of what runs low, from the supplier."""
    today = clock.today(house.centre)
    for held in queries.held(cupboard, empty=True):
        product = held.product
        low = LOW_ML * ML if product.is_liquid else LOW_PIECES * PIECES
        if held.quantity < low:
            batch = held.lines[-1].batch
            services.receive(
                location=cupboard, by=house.pharmacist, second=days.proof(house.nurse), supplier=SUPPLIER,
                document=f"DN {today:%y%m%d}-{product.pk}", once=days.key("receipt", product.pk, today),
                delivery=services.Delivery(
                    product, f"{batch.lot[:4]}{today:%m%d}", today + dt.timedelta(days=420), batch.container_units, 6
                ),
            )  # fmt: skip


def _location(house: House, name: str, kind: Location.Kind) -> Location:
    unit = house.unit if Location(kind=kind).gives_doses else None
    by: Staff = house.pharmacist
    return services.add_location(
        centre=house.centre, name=name, kind=kind, unit=unit, by=by, once=days.key("location", name)
    )
