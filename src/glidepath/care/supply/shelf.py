"""To stock a product, to allow a finer division of it by name, to retire it.

The facts say how far a piece may be divided; what they do not know is given whole. The centre may be stricter when it
stocks a product. It is finer only by a pharmacist's name and reason, and never where the label gives it whole.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db import transaction

from glidepath.care.supply import queries
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.amounts import NANOGRAMS_PER_MG, plain
from glidepath.clinical.dosing.plan import QUARTER, Kind
from glidepath.clinical.facts.load import MarketedForm, formulary
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import last_change, save_as
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

PARTS = {Fraction(1): "whole", Fraction(1, 2): "in halves", QUARTER: "in quarters"}


@transaction.atomic
def stock_product(
    *, centre: Centre, form_key: str, strength_mg: Decimal, by: Staff, once: str, smallest: Fraction | None = None
) -> StockedProduct:
    """Puts one strength of a marketed form on the shelf, or back on it.

    form_key: the facts' key of the form. smallest: the smallest part to give (1, 1/2, 1/4), no finer than the facts
    know; None: as they know, and whole where they do not. A liquid is given to the centre's syringe graduation.
    """
    earlier = submits.found(once, "product.stock")
    if earlier is not None:
        return StockedProduct.objects.get(pk=earlier)
    _may(by, "product.change", centre)
    form = _marketed(form_key, strength_mg)
    row = _shelve(centre, form, int(strength_mg * NANOGRAMS_PER_MG), _quarters(form, smallest), by)
    submits.remember(once, "product.stock", row.pk)
    audit.write("product.stocked", by=by, centre=centre, about=row)
    return row


@transaction.atomic
def allow_split(*, product: StockedProduct, smallest: Fraction, reason: str, by: Staff, once: str) -> StockedProduct:
    """A pharmacist allows, by name and with the reason, a part that the facts do not know of."""
    earlier = submits.found(once, "product.allow_split")
    if earlier is not None:
        return StockedProduct.objects.get(pk=earlier)
    _may(by, "product.allow_split", product.centre)
    row = _lock(product)
    quarters = _divisible(row, queries.form_of(row), smallest)
    if not reason.strip():
        raise BadInput("Say why: the tablet you looked at, its line, its maker.", field="reason")
    row.smallest_quarters, row.allowed_by, row.allowed_reason = quarters, by, reason.strip()
    save_as(row, by)
    submits.remember(once, "product.allow_split", row.pk)
    audit.write("product.split_allowed", by=by, centre=row.centre, about=row, code=f"quarters-{quarters}")
    return row


@transaction.atomic
def retire(*, product: StockedProduct, by: Staff, once: str) -> StockedProduct:
    """Takes a product off the shelf. Signed orders and plans keep what they were made of; new ones cannot use it."""
    earlier = submits.found(once, "product.retire")
    if earlier is not None:
        return StockedProduct.objects.get(pk=earlier)
    _may(by, "product.change", product.centre)
    row = _lock(product)
    row.active = False
    save_as(row, by)
    submits.remember(once, "product.retire", row.pk)
    audit.write("product.retired", by=by, centre=row.centre, about=row)
    return row


def _may(by: Staff, action: str, centre: Centre) -> None:
    require(by, action)
    if by.centre_id != centre.pk:
        raise NotAllowed("These are another centre's products.")


def _marketed(form_key: str, strength_mg: Decimal) -> MarketedForm:
    forms = (form for medicine in formulary().medicines.values() for form in medicine.forms if form.key == form_key)
    form = next(forms, None)
    if form is None:
        raise BadInput("This product is not in the formulary. Choose one from the list.", field="product")
    if strength_mg not in form.strengths_mg:
        known = ", ".join(plain(strength) for strength in form.strengths_mg)
        raise BadInput(
            f"{plain(strength_mg)} mg is not a strength of this {form.form}; there are {known}.", field="product"
        )
    if form.counted_in_drops:
        raise BadInput("This is counted in drops, which cannot be given exactly. Choose another.", field="product")
    return form


def _quarters(form: MarketedForm, smallest: Fraction | None) -> int:
    known = queries.known_step(form)
    wanted = known if smallest is None else smallest
    if wanted not in PARTS:
        raise BadInput("A piece is given whole, in halves or in quarters.", field="smallest")
    if wanted < known:
        raise BadInput(
            f"The facts know this product {PARTS[known]}. A finer part is allowed by a pharmacist, by name.",
            field="smallest",
        )
    return int(wanted * 4)


def _shelve(centre: Centre, form: MarketedForm, strength_ng: int, quarters: int, by: Staff) -> StockedProduct:
    """The line of this product, new or taken back; an allowance given before does not come back with it."""
    row = (
        StockedProduct.objects.select_for_update()
        .filter(centre=centre, medicine=form.medicine, form=form.form, strength_ng=strength_ng)
        .first()
    )
    if row is not None and row.active:
        raise BadInput("This product is on the shelf already.", field="product")
    if row is None:
        row = StockedProduct(centre=centre, medicine=form.medicine, form=form.form, strength_ng=strength_ng)
    row.market = form.market
    row.is_liquid = form.kind is Kind.LIQUID
    row.smallest_quarters = quarters
    row.step_microlitres = centre.settings.syringe_step_microlitres
    row.allowed_by, row.allowed_reason, row.active = None, "", True
    return save_as(row, by)


def _divisible(row: StockedProduct, form: MarketedForm | None, smallest: Fraction) -> int:
    if row.is_liquid:
        raise BadInput("A liquid is given to the syringe's graduation; there is nothing to divide.", field="smallest")
    if smallest not in (Fraction(1, 2), QUARTER):
        raise BadInput("Choose halves or quarters.", field="smallest")
    if form is not None and form.smallest == Fraction(1):
        raise BadInput("The label gives this product whole: it is not divided.", field="smallest")
    if form is not None and form.release is not None:
        raise BadInput(f"This is {form.release} release: dividing it changes how it acts.", field="smallest")
    if smallest >= row.step:
        raise BadInput(f"It is given {PARTS[row.step]} already.", field="smallest")
    return int(smallest * 4)


def _lock(product: StockedProduct) -> StockedProduct:
    row = StockedProduct.objects.select_for_update().select_related("centre").get(pk=product.pk)
    if not row.active:
        last = last_change(row)
        name = last.history_user.name if last.history_user else "Somebody"
        raise ChangedMeanwhile(f"{name} retired this product.", by=name, at=last.history_date)
    return row
