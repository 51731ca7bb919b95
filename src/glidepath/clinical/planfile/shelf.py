"""The products a plan is made of: what is marketed in a region, or only what somebody lists.

Of the marketed forms, an extended-release or sublingual one never stands in for a plain one. An orally disintegrating
tablet is taken where it makes a smaller amount than every plain piece. Of several liquids only the weakest is taken,
because two strengths side by side are mixed up, up to five-fold. Unverified forms, and drops, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import AmountError, exact_decimal, parse_mg
from glidepath.clinical.dosing.plan import Kind, Product
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings
from glidepath.clinical.facts.medicines import MarketedForm, Medicine
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.values import Region, Split

EXAMPLE = "“diazepam 2 mg tablet (half); diazepam 10 mg tablet; diazepam 0.4 mg/mL liquid (0.1 mL)”"
DISINTEGRATING = "orally disintegrating"
WHOLE = Fraction(1)
_LONGEST = 200  # characters of one product
_PARTS = {
    "whole": WHOLE,
    "half": Fraction(1, 2),
    "halves": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    "quarters": Fraction(1, 4),
}
_ENTRY = re.compile(
    r"(?P<name>.*?)\s*(?P<amount>(?<![\w.,])[\d.,]*\d[\d.,]*)\s*(?P<unit>mg|mcg|µg|μg|micrograms?)\b"
    r"(?:\s*/\s*(?P<volume>[\d.,]*)\s*(?P<ml>ml))?\s*(?P<form>[^()]*?)\s*(?:\((?P<part>[^()]*)\))?",
    re.IGNORECASE,
)
_GRADUATION = re.compile(r"(?P<ml>[\d.,]+)\s*ml", re.IGNORECASE)


def marketed(
    names: Iterable[str], *, region: Region, split: Split, liquids: bool, formulary: Formulary
) -> tuple[Product, ...]:
    """The products of these medicines on a market. split: no part of a piece is finer, whatever the facts allow.

    Raises UnknownMedicine.
    """
    medicines = dict.fromkeys(formulary.find(name).key for name in names)
    return tuple(
        product for key in medicines for product in _of(formulary.medicines[key], region, split, liquids=liquids)
    )


def parse_stock(text: str, *, formulary: Formulary) -> tuple[Product, ...]:
    """The products somebody lists, joined by ";": name, strength, form, and in brackets the part that may be given.

    Without brackets a piece is given whole, a liquid to the syringe's graduation. "(half)" is the allowance of this
    product by name. Raises PlanFileError: given, wrong, what to write.
    """
    entries = [entry.strip() for entry in re.split(r"[;\n]", text) if entry.strip()]
    if not entries:
        raise PlanFileError(f"No product was given. Write them like {EXAMPLE}.")
    found: dict[str, Product] = {}
    for entry in entries:
        product = _entry(entry, formulary)
        if product.name in found:
            raise PlanFileError(f"“{product.name}” stands twice. Write each product once.")
        found[product.name] = product
    return tuple(found.values())


def _of(medicine: Medicine, region: Region, split: Split, *, liquids: bool) -> Iterator[Product]:
    forms = [form for form in medicine.marketed_in(region.value) if form.seen is not Seen.UNVERIFIED]
    solids = [form for form in forms if form.kind is Kind.SOLID]
    plain = [form for form in solids if form.release is None]
    pieces = [product for form in plain or solids for product in _products(medicine, form, split)]
    yield from pieces
    smallest = min((_part(product) for product in pieces), default=None)
    for form in solids if plain else ():
        if form.release == DISINTEGRATING:
            for product in _products(medicine, form, split):
                if smallest is not None and _part(product) < smallest:
                    yield product
    measured = [form for form in forms if form.kind is Kind.LIQUID and not form.counted_in_drops]
    if liquids and measured:
        yield from _products(medicine, min(measured, key=lambda form: (form.strengths_mg, form.form)), split)


def _products(medicine: Medicine, form: MarketedForm, split: Split) -> Iterator[Product]:
    for strength in form.strengths_mg:
        yield Product(medicine.name, strength, form.form, form.kind, _step(form, split))


def _step(form: MarketedForm, split: Split) -> Fraction:
    if form.kind is Kind.LIQUID:
        return Fraction(clinical_settings().syringe_graduation_ml)
    return max(form.smallest or WHOLE, split.part)


def _part(product: Product) -> Fraction:
    """mg of the smallest part of it that may be given."""
    return Fraction(product.strength_mg) * product.step


def _entry(entry: str, formulary: Formulary) -> Product:
    found = _ENTRY.fullmatch(entry) if len(entry) <= _LONGEST else None
    if not found or not found["name"].strip():
        raise PlanFileError(f"“{_short(entry)}” is not a product. Write it like {EXAMPLE}.")
    try:
        medicine = formulary.find(found["name"])
        strength = _strength(found)
        kind = Kind.LIQUID if found["ml"] else Kind.SOLID
        form = " ".join(found["form"].split()).lower() or ("liquid" if kind is Kind.LIQUID else "tablet")
        step = _liquid_step(entry, found["part"]) if kind is Kind.LIQUID else _solid_step(entry, found["part"], form)
        return Product(medicine.name, strength, form, kind, step)
    except UnknownMedicine as wrong:
        raise PlanFileError(str(wrong)) from None
    except AmountError as wrong:
        raise PlanFileError(f"“{_short(entry)}” is not a product: {wrong}.") from None


def _strength(found: re.Match[str]) -> Decimal:
    per_mg = 1 if found["unit"].lower() == "mg" else 1000
    volume = parse_mg(found["volume"], what="volume") if found["volume"] else Decimal(1)
    if volume == 0:
        raise AmountError("a volume of 0 mL holds nothing")
    return exact_decimal(Fraction(parse_mg(found["amount"], what="strength")) / per_mg / Fraction(volume))


def _solid_step(entry: str, part: str | None, form: str) -> Fraction:
    if part is None:
        return WHOLE
    step = _PARTS.get(part.strip().lower())
    if step is None:
        raise PlanFileError(
            f"“({_short(part)})” in “{_short(entry)}” is no part of a piece. Write (half) or (quarter), or "
            "nothing where it is given whole."
        )
    if step < WHOLE and "capsule" in form:
        raise PlanFileError(f"“{_short(entry)}”: a capsule is given whole. Leave out “({part.strip()})”.")
    return step


def _liquid_step(entry: str, part: str | None) -> Fraction:
    if part is None:
        return Fraction(clinical_settings().syringe_graduation_ml)
    found = _GRADUATION.fullmatch(part.strip())
    graduation = parse_mg(found["ml"], what="graduation of the syringe") if found else Decimal(0)
    if graduation == 0:
        raise PlanFileError(
            f"“({_short(part)})” in “{_short(entry)}” is no graduation of a syringe. Write it like (0.1 mL)."
        )
    return Fraction(graduation)


def _short(text: str) -> str:
    return text.strip() if len(text) <= 80 else f"{text.strip()[:80]}…"
