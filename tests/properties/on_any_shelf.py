"""Any medicine of the facts, any of its marketed strengths, any division, any regimen that can be made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from glidepath.clinical.amounts import Dose, exact_decimal
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Kind, PlannedDose, Product, Setting, Shape
from glidepath.clinical.dosing.taper import TaperRequest
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.regimen import regimen_of

START = dt.date(2026, 2, 20)  # a spring clock change lies ahead, and the end of a short month
PARTS = [Fraction(1), Fraction(1, 2), Fraction(1, 4)]
GRADUATIONS = [Fraction(1, 10), Fraction(1, 5), Fraction(1, 2), Fraction(1)]
MARKETED = sorted(
    (m for m in formulary().medicines.values() if any(form.strengths_mg for form in m.forms)), key=lambda m: m.key
)
MOST_UNITS = 400  # of the smallest amount in one day: enough to be real, few enough to be quick


@st.composite
def shelves(draw: st.DrawFn, medicine: Medicine) -> tuple[Product, ...]:
    """One to four products that some maker sells, solids divided as a pharmacist may allow."""
    strengths = sorted({(form.kind, form.form, mg) for form in medicine.forms for mg in form.strengths_mg})
    chosen = draw(st.lists(st.sampled_from(strengths), min_size=1, max_size=4, unique=True))
    return tuple(
        Product(medicine.name, mg, form, kind, draw(st.sampled_from(PARTS if kind is Kind.SOLID else GRADUATIONS)))
        for kind, form, mg in chosen
    )


@st.composite
def doses_of(draw: st.DrawFn, products: Sequence[Product]) -> list[PlannedDose]:
    """One to three doses a day, each a few parts of one product."""
    hours = draw(st.lists(st.sampled_from([0, 7, 12, 18, 22]), min_size=1, max_size=3, unique=True))
    made = []
    for hour in hours:
        product = draw(st.sampled_from(list(products)))
        parts = draw(st.integers(1, 12 if product.kind is Kind.SOLID else 60))
        amount = exact_decimal(Fraction(product.strength_mg) * product.step * parts)
        made.append(PlannedDose(dt.time(hour), Dose(amount, product.medicine)))
    return made


@st.composite
def requests(draw: st.DrawFn, *, several: bool = False) -> TaperRequest:
    """A taper of one medicine, or of one with others beside it, at any pace."""
    count = draw(st.integers(2, 3)) if several else 1
    medicines = draw(st.lists(st.sampled_from(MARKETED), min_size=count, max_size=count, unique_by=lambda m: m.key))
    shelf = [product for medicine in medicines for product in draw(shelves(medicine))]
    doses = [
        dose
        for medicine in medicines
        for dose in draw(doses_of([product for product in shelf if product.medicine == medicine.name]))
    ]
    names = [medicine.name for medicine in medicines]
    return TaperRequest(
        regimen=regimen_of(doses),
        start=START,
        products=tuple(shelf),
        cut=draw(st.sampled_from([Fraction(n, 100) for n in (3, 5, 10, 15, 25, 40)])),
        interval_days=draw(st.sampled_from([1, 5, 7, 10, 13, 14, 21, 28]))
        if not several
        else draw(st.sampled_from([7, 14])),
        limits=Limits.of(),
        goal=draw(goals(names[0], shelf)),
        shape=draw(st.sampled_from([Shape.PROPORTIONAL, Shape.LINEAR])),
        setting=draw(st.sampled_from([Setting.OUTPATIENT, Setting.RESIDENTIAL])),
        cut_order=tuple(draw(st.permutations(names))) if several and draw(st.booleans()) else (),
    )


@st.composite
def goals(draw: st.DrawFn, medicine: str, shelf: Sequence[Product]) -> Goal:
    """Zero, or mostly an amount small enough to lie below the dose."""
    if draw(st.booleans()):
        return Goal()
    product = draw(st.sampled_from([product for product in shelf if product.medicine == medicine]))
    amount = Fraction(product.strength_mg) * product.step * draw(st.integers(1, 3))
    return Goal((Dose(exact_decimal(amount), medicine),))
