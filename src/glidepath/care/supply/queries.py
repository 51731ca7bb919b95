"""What stands on the shelf, as rows for a page and as the core's products."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import QuerySet

from glidepath.care.supply.counted import Standing, lines_to_count, open_count, standing
from glidepath.care.supply.covering import Covered, covered
from glidepath.care.supply.holdings import (
    LedgerLine,
    OpenDifference,
    batch_at,
    closed_differences,
    count_at,
    counts_of,
    difference_at,
    dose_movements,
    held,
    held_by_location,
    issues_of,
    last_counts,
    last_movements,
    location_at,
    locations,
    movement_at,
    movements_between,
    open_differences,
    own_bag_at,
    own_bags,
    products_in_register,
    was_moved_for,
)
from glidepath.care.supply.inventory import NextInventory, inventory, next_biennial
from glidepath.care.supply.leave_stock import Planned, issued_for_leave, leave_movements, planned_for_leave
from glidepath.care.supply.models import StockedProduct
from glidepath.care.supply.reconciling import Fault, Reconciled, Whole, reconcile, verify
from glidepath.care.supply.shelf_warnings import ShelfWarnings, shelf_warnings
from glidepath.clinical.amounts import NANOGRAMS_PER_MG, plain
from glidepath.clinical.dosing.plan import Kind, Product
from glidepath.clinical.facts.load import MarketedForm, formulary
from glidepath.record.centres.models import Centre
from glidepath.record.prepared import prepared

__all__ = [  # the reads of the register, which stand in files of their own, with those of the shelf
    "Covered",
    "Fault",
    "LedgerLine",
    "NextInventory",
    "OpenDifference",
    "Planned",
    "Reconciled",
    "ShelfWarnings",
    "Standing",
    "Whole",
    "batch_at",
    "closed_differences",
    "count_at",
    "counts_of",
    "covered",
    "difference_at",
    "dose_movements",
    "held",
    "held_by_location",
    "inventory",
    "issued_for_leave",
    "issues_of",
    "last_counts",
    "last_movements",
    "leave_movements",
    "lines_to_count",
    "location_at",
    "locations",
    "movement_at",
    "movements_between",
    "next_biennial",
    "open_count",
    "open_differences",
    "own_bag_at",
    "own_bags",
    "planned_for_leave",
    "products_in_register",
    "reconcile",
    "shelf_warnings",
    "standing",
    "verify",
    "was_moved_for",
]

_SOURCE_KEY = re.compile(r" \([a-z]+(?:_[a-z0-9]+)+\)")  # " (dzp_uk_leaf2)"


@dataclass(frozen=True, slots=True)
class Line:
    """One stocked product beside what the facts say of it. `form` is None where they no longer know it."""

    row: StockedProduct
    product: Product
    form: MarketedForm | None

    @property
    def note(self) -> str:
        """What the facts note about its pieces, without the keys of the sources."""
        return _SOURCE_KEY.sub("", self.form.note or "") if self.form is not None else ""

    @property
    def may_be_finer(self) -> bool:
        """Whether a pharmacist could allow a smaller part: not of a liquid, nor of what the label gives whole."""
        if self.row.is_liquid or self.row.smallest_quarters == 1:
            return False
        return self.form is None or (self.form.smallest != 1 and self.form.release is None)


@dataclass(frozen=True, slots=True)
class Offered:
    """One strength of one marketed form that the centre could stock."""

    form: MarketedForm
    strength_mg: Decimal

    @property
    def key(self) -> str:
        """Its value in a form's list; read back by `offered`."""
        return f"{self.form.key}|{plain(self.strength_mg)}"

    @property
    def name(self) -> str:
        per = "mg/mL" if self.form.kind is Kind.LIQUID else "mg"
        medicine = formulary().medicines[self.form.medicine].name
        return f"{medicine} {plain(self.strength_mg)} {per} {self.form.form}"


def stock(centre: Centre) -> tuple[tuple[StockedProduct, Product], ...]:
    """Every product the centre stocks now, with the core's value of it, by medicine and strength."""
    return tuple((row, row.as_clinical()) for row in _stocked(centre) if _known(row))


def products_of(centre: Centre, medicine: str) -> tuple[tuple[StockedProduct, Product], ...]:
    """The stocked products of one medicine (its key in the facts)."""
    return tuple((row, product) for row, product in stock(centre) if row.medicine == medicine)


def lines(centre: Centre, *, retired: bool = False) -> tuple[Line, ...]:
    """The products as the settings page lists them; `retired`: those no longer stocked."""
    rows = _rows(centre).filter(active=not retired).select_related("allowed_by")
    return tuple(Line(row, row.as_clinical(), form_of(row)) for row in rows if _known(row))


def product_of(centre: Centre, public_id: UUID | str) -> StockedProduct | None:
    """The line under this address in this centre."""
    return StockedProduct.objects.filter(centre=centre, public_id=public_id).first()


def offers(centre: Centre) -> dict[str, tuple[Offered, ...]]:
    """What is marketed in the centre's region and not stocked yet, by the medicine's name."""
    here = set(_rows(centre).filter(active=True).values_list("medicine", "form", "strength_ng"))
    found: dict[str, tuple[Offered, ...]] = {}
    for medicine in sorted(formulary().medicines.values(), key=lambda each: each.name):
        free = tuple(
            Offered(form, strength)
            for form in medicine.marketed_in(centre.region)
            if not form.counted_in_drops
            for strength in form.strengths_mg
            if (form.medicine, form.form, int(strength * NANOGRAMS_PER_MG)) not in here
        )
        if free:
            found[medicine.name] = free
    return found


def offered(centre: Centre, key: str) -> Offered | None:
    """The offer a form's list sent back."""
    return next((offer for group in offers(centre).values() for offer in group if offer.key == key), None)


def form_of(row: StockedProduct) -> MarketedForm | None:
    """What the facts say of a stocked product: its marketed form with this strength."""
    medicine = formulary().medicines.get(row.medicine)
    forms = medicine.marketed_in(row.market) if medicine else ()
    return next((form for form in forms if form.form == row.form and row.strength_mg in form.strengths_mg), None)


def known_step(form: MarketedForm | None) -> Fraction:
    """The smallest part of a piece that the facts know of; not known is whole only."""
    return form.smallest if form is not None and form.smallest is not None else Fraction(1)


def _rows(centre: Centre) -> QuerySet[StockedProduct]:
    return StockedProduct.objects.filter(centre=centre).order_by("medicine", "is_liquid", "strength_ng", "form")


@prepared
def _stocked(centre: Centre) -> QuerySet[StockedProduct]:
    return _rows(centre).filter(active=True)


def _known(row: StockedProduct) -> bool:
    return row.medicine in formulary().medicines
