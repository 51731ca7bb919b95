"""How a finding shows its numbers: rounded only here, and never so that the rounded number contradicts the finding."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from glidepath.clinical.amounts import Dose, plain, rounded

MAX_PLACES = 6


def number(value: Fraction | Decimal | int, *, against: Fraction | Decimal | int | None = None, places: int = 1) -> str:
    """`value` with at most `places` decimals; with more where rounding would make it look equal to `against`.

    25.04 against 25 is shown as "25.04", not as "25": a ceiling that is passed must look passed.
    """
    exact = Fraction(value)
    while places < MAX_PLACES and against is not None and _hides(exact, Fraction(against), places):
        places += 1
    return plain(rounded(exact, places))


def percent(share: Fraction, *, against: Fraction | None = None) -> str:
    """A share as "15 %" or "11.1 %"."""
    return f"{number(share * 100, against=None if against is None else against * 100)} %"


def mg(value: Fraction | Decimal | int, *, against: Fraction | Decimal | None = None) -> str:
    """Milligrams for showing, to three decimals: "17 mg", "0.125 mg"."""
    return f"{number(value, against=against, places=3)} mg"


def doses(daily: Sequence[Dose]) -> str:
    """Daily doses side by side: "diazepam 10 mg + zopiclone 7.5 mg"; "no doses" when there are none."""
    return " + ".join(str(dose) for dose in daily) if daily else "no doses"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def months(count: Fraction | Decimal | int) -> str:
    return "1 month" if count == 1 else f"{number(count)} months"


def hours(count: Decimal | int) -> str:
    return "1 hour" if count == 1 else f"{number(count)} hours"


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Words as a sentence lists them: "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _hides(value: Fraction, limit: Fraction, places: int) -> bool:
    return value != limit and Fraction(rounded(value, places)) == limit
