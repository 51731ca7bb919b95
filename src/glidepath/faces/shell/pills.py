"""One dose as a hand sees it: whole, half and quarter pieces with their strength, and drops with their volume."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import exact_decimal, plain
from glidepath.clinical.dosing.plan import Kind, Made
from glidepath.faces.shell.words import NBSP

PARTS = {Fraction(1, 2): "half", Fraction(1, 4): "quarter"}
AT_MOST_DRAWN = 8  # more than a hand takes in at a glance: then one piece and a number stand for them


@dataclass(frozen=True, slots=True)
class Pill:
    """One drawn piece. `shape`: whole, half, quarter, or drop. `label`: the strength in it, or the volume."""

    shape: str
    label: str
    times: int = 1  # above 1: drawn once, with "× times" beside it


def drawn(made: Iterable[Made]) -> tuple[Pill, ...]:
    """The pieces in order, larger products first as they come."""
    return tuple(pill for part in made for pill in _pieces(part))


def in_words(made: Iterable[Made]) -> str:
    """The same for ears and for print: "1 × 10 mg tablet and half a 5 mg tablet"."""
    said = [phrase for part in made for phrase in _phrases(part)]
    return " and ".join(said) if said else "nothing"


def _pieces(part: Made) -> list[Pill]:
    if part.product.kind is Kind.LIQUID:
        return [Pill("drop", f"{plain(exact_decimal(part.count))}{NBSP}mL")]
    whole, rest = divmod(part.count, 1)
    strength = plain(part.product.strength_mg)
    pieces = [Pill("whole", strength, int(whole))] if whole > AT_MOST_DRAWN else [Pill("whole", strength)] * int(whole)
    return pieces + [Pill(shape, strength) for shape in _parts(rest)]


def _parts(rest: Fraction) -> list[str]:
    """A half, a quarter, or both for three quarters."""
    if rest == Fraction(3, 4):
        return ["half", "quarter"]
    return [PARTS[rest]] if rest else []


def _phrases(part: Made) -> list[str]:
    product = part.product
    strength = f"{plain(product.strength_mg)}{NBSP}mg"
    if product.kind is Kind.LIQUID:
        return [f"{plain(exact_decimal(part.count))}{NBSP}mL of {product.form} {strength}/mL"]
    whole, rest = divmod(part.count, 1)
    said = [f"{whole} × {strength} {product.form}"] if whole else []
    return said + [_part_of(shape, strength, product.form) for shape in _parts(rest)]


def _part_of(shape: str, strength: str, form: str) -> str:
    return f"half a {strength} {form}" if shape == "half" else f"a quarter of a {strength} {form}"
