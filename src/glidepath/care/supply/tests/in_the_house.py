"""A register in the house whose pages are walked: stock, an open count, a difference, two bags."""

from __future__ import annotations

from datetime import date

from glidepath.care.supply import services
from glidepath.care.supply.models import Location, StockedProduct
from glidepath.care.supply.own_medicines import Brought
from glidepath.care.supply.tests.register import LATER, delivery, location, once
from glidepath.record.people.models import Person
from tests.cast import Cast, proof


def keep_a_register(cast: Cast, person: Person) -> None:
    """A cupboard with a difference, a trolley whose count has begun, a pharmacy, a bag here and one given up."""
    cupboard = location(cast, "Willow cupboard", Location.Kind.CUPBOARD, cast.unit)
    trolley = location(cast, "Willow trolley", Location.Kind.TROLLEY, cast.unit)
    location(cast, "Pharmacy", Location.Kind.PHARMACY)
    products = StockedProduct.objects.filter(centre=cast.centre).order_by("pk")
    lots = [
        services.open_stock(
            location=where, delivery=delivery(product, 50, f"W{number}", LATER if number else date(2026, 11, 16)),
            by=cast.pharmacist, second=proof(cast.nurse), once=once(),
        ).batch
        for where in (cupboard, trolley)
        for number, product in enumerate(products[:3])
    ]  # fmt: skip
    services.transfer(
        batch=lots[1], source=cupboard, target=trolley, quantity=8, by=cast.nurse, second=proof(cast.pharmacist),
        once=once(),
    )  # fmt: skip
    services.open_discrepancy(location=cupboard, batch=lots[0], words="the seal is torn", by=cast.nurse, once=once())
    services.begin_count(location=trolley, kind="shift", by=cast.nurse, once=once())
    for seal in ("LB-1", "LB-2"):
        bag = services.take_in(
            person=person, items=[Brought("lorazepam 1 mg", 30)], seal=seal, kept_where="safe", by=cast.nurse,
            second=proof(cast.second_nurse), once=once(),
        )  # fmt: skip
    services.let_bag_go(
        bag=bag, how="surrendered", seal_whole=True, by=cast.nurse, second=proof(cast.second_nurse), once=once()
    )
