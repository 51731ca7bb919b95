"""Amounts of medicine: a number, its unit and its medicine, never one without the others.

Doses are exact decimals of a milligram, down to the nanogram (a quarter of a 0.25 mg tablet is 62.5 micrograms).
Ratios between medicines are exact fractions until something is made or shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache

NANOGRAMS_PER_MG = 1_000_000
NANOGRAM = Decimal("0.000001")
_A_THOUSAND_OR_A_FRACTION = re.compile(r"[1-9]\d{0,2}(,\d{3})+")


class AmountError(ValueError):
    """An amount that cannot be: negative, not finite, finer than a nanogram, or of two medicines at once."""


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount of one medicine: `mg` milligrams, zero or more, exact to the nanogram.

    Adding or comparing doses of two medicines raises AmountError: that would be a conversion, and a conversion
    is a named function with a named table (dosing/equivalence.py).
    """

    mg: Decimal
    medicine: str

    def __post_init__(self) -> None:
        if not isinstance(self.mg, Decimal):
            raise AmountError(f"a dose is a Decimal of mg, not {self.mg!r}")
        if not self.mg.is_finite() or self.mg < 0:
            raise AmountError(f"a dose is zero or more mg, not {self.mg}")
        if self.mg != self.mg.quantize(NANOGRAM):
            raise AmountError(f"{self.mg} mg is finer than a nanogram")

    @classmethod
    def from_ng(cls, ng: int, medicine: str) -> Dose:
        """The dose of `ng` whole nanograms, as the record stores it."""
        return cls((Decimal(ng) / NANOGRAMS_PER_MG).normalize(), medicine)

    @property
    def ng(self) -> int:
        """Whole nanograms."""
        return int(self.mg * NANOGRAMS_PER_MG)

    @property
    def exact(self) -> Fraction:
        """The milligrams as an exact fraction, for ratios."""
        return _fraction(self.mg)

    def __add__(self, other: Dose) -> Dose:
        self._same_medicine(other)
        return Dose(self.mg + other.mg, self.medicine)

    def __sub__(self, other: Dose) -> Dose:
        self._same_medicine(other)
        return Dose(self.mg - other.mg, self.medicine)

    def __mul__(self, times: int | Fraction) -> Dose:
        return Dose(exact_decimal(self.exact * times), self.medicine)

    def __lt__(self, other: Dose) -> bool:
        self._same_medicine(other)
        return self.mg < other.mg

    def __le__(self, other: Dose) -> bool:
        self._same_medicine(other)
        return self.mg <= other.mg

    def __str__(self) -> str:
        return f"{self.medicine} {plain(self.mg)} mg"

    def _same_medicine(self, other: Dose) -> None:
        if self.medicine != other.medicine:
            raise AmountError(
                f"{self} and {other} are different medicines: convert one with a named table before you compare them"
            )


@lru_cache(maxsize=8192)
def _fraction(mg: Decimal) -> Fraction:
    """The same few hundred amounts are asked for over and over while a plan is checked."""
    return Fraction(mg)


def exact_decimal(value: Fraction) -> Decimal:
    """`value` as a decimal exact to the nanogram. Raises AmountError when it is not one (a third of a milligram)."""
    nanograms = value * NANOGRAMS_PER_MG
    if nanograms.denominator != 1:
        raise AmountError(f"{value} mg is not a whole number of nanograms")
    return Decimal(nanograms.numerator) / NANOGRAMS_PER_MG


def plain(mg: Decimal) -> str:
    """`mg` as it is printed: no trailing zero, always a leading one, never an exponent ("0.5", "10", "2.5")."""
    text = f"{mg:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: Fraction, places: int = 1) -> Decimal:
    """`value` rounded half-even to `places` decimals, for showing only; comparisons use the exact fraction."""
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    return scaled.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


A_KILOGRAM = Decimal(1_000_000)  # mg


def parse_mg(text: str, *, what: str = "dose") -> Decimal:
    """Milligrams typed by a person ("0.5", "2,5", " 10 "). Raises AmountError naming what was given and what to do.

    "1,000" is refused: one person writes a thousand so, another one milligram.
    """
    cleaned = text.strip()
    if _A_THOUSAND_OR_A_FRACTION.fullmatch(cleaned):
        plainly = cleaned.replace(",", "")
        raise AmountError(
            f"“{text}” can be read in two ways for the {what}: write {plainly} or {cleaned.replace(',', '.')} mg"
        )
    cleaned = cleaned.replace(",", ".")
    try:
        value = Decimal(cleaned)
    except InvalidOperation:
        raise AmountError(f"“{text}” is not a number of mg for the {what}: write it like 2.5") from None
    if not value.is_finite() or value < 0:
        raise AmountError(f"“{text}” is not possible for the {what}: write mg as zero or more, like 2.5")
    if value >= A_KILOGRAM:
        raise AmountError(f"“{text}” is not possible for the {what}: nobody takes a kilogram; write mg, like 2.5")
    if value != value.quantize(NANOGRAM):
        raise AmountError(f"“{text}” has more decimals than any product can make: write mg like 0.125")
    return value
