"""Numbers as a file holds them: decimal strings, exact; a share that no decimal holds as "1/3"."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import plain, rounded

SHOWN_PLACES = 6
DECIMAL = r"-?\d{1,24}(\.\d{1,24})?"
_EXACT = re.compile(rf"{DECIMAL}|-?\d{{1,24}}/[1-9]\d{{0,24}}")


def exact_text(value: Fraction | Decimal) -> str:
    """The value without any rounding: a decimal where one holds it, else a fraction."""
    fraction = Fraction(value)
    places = _places(fraction.denominator)
    if places is None:
        return f"{fraction.numerator}/{fraction.denominator}"
    return plain(Decimal(int(fraction * 10**places)).scaleb(-places))


def shown_text(value: Fraction) -> str:
    """The value as a decimal of at most six places: exact where it has no more of them."""
    return plain(rounded(value, SHOWN_PLACES))


def is_exact(text: str) -> bool:
    """Whether `exact_number` reads the text."""
    return bool(_EXACT.fullmatch(text))


def exact_number(text: str) -> Fraction:
    """What `exact_text` wrote. Raises ValueError for anything else."""
    if not is_exact(text):
        raise ValueError(f"“{text}” is not a number written like 2.5 or 1/3")
    return Fraction(text)


def _places(denominator: int) -> int | None:
    """How many decimals a fraction of this denominator needs; None where no decimal holds it."""
    places = 0
    while (10**places) % denominator:
        places += 1
        if places > 24:
            return None
    return places
