"""Amounts of the register: whole base units, read from what somebody typed and said in whole and part units (L3).

A base unit is a quarter of a piece, or a microlitre. No float ever stands between the two.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.dosing.plan import Made
from glidepath.record.errors import BadInput

QUARTERS, MICROLITRES = 4, 1000
MOST = 10**9  # base units of one entry: a slip of the keyboard, and no stock, is larger
PARTS = {0: "", 1: "¼", 2: "½", 3: "¾"}
_TYPED = re.compile(r"(?P<whole>\d{0,9})(?:[.,](?P<decimals>\d{1,6}))?\s*(?P<part>[¼½¾]|1/4|1/2|3/4)?")
_OF_PART = {"¼": 1, "½": 2, "¾": 3, "1/4": 1, "1/2": 2, "3/4": 3}


def per_unit(is_liquid: bool) -> int:
    """Base units in one piece, or in one mL."""
    return MICROLITRES if is_liquid else QUARTERS


def read(text: str, *, is_liquid: bool, field: str = "quantity") -> int:
    """Base units from "23", "23.5", "23 1/2", "½" or "120.5". Raises BadInput (the field) for anything else.

    Commas are decimal points too. Pieces go to quarters, millilitres to thousandths.
    """
    given = text.strip()
    found = _TYPED.fullmatch(given) if given.isascii() or any(sign in given for sign in "¼½¾") else None
    if found is None or not any(found.groups()) or (found["decimals"] and found["part"]):
        kind = "millilitres, such as 120 or 120.5" if is_liquid else "pieces, such as 23 or 23.5 or 23 1/2"
        raise BadInput(f"“{given[:40]}” is no amount. Write {kind}.", field=field)
    if found["part"] and is_liquid:
        raise BadInput("A liquid is written in millilitres with a decimal point.", field=field)
    number = Fraction(Decimal(f"{found['whole'] or 0}.{found['decimals'] or 0}")) * per_unit(is_liquid)
    number += _OF_PART.get(found["part"] or "", 0)
    if number.denominator != 1:
        least = "a thousandth of a millilitre" if is_liquid else "a quarter of a piece"
        raise BadInput(f"{given}: the register counts down to {least}.", field=field)
    if number > MOST:
        raise BadInput(f"{given} is more than any stock. Look at what you typed.", field=field)
    return int(number)


def in_words(quantity: int, product: StockedProduct) -> str:
    """ "23 ½ tablets", "1 tablet", "½ tablet", "120.5 mL"; a minus where something is missing."""
    return words_of(quantity, is_liquid=product.is_liquid, form=product.form)


def words_of(quantity: int, *, is_liquid: bool, form: str = "piece") -> str:
    sign, size = ("−" if quantity < 0 else ""), abs(quantity)
    if is_liquid:
        return f"{sign}{figure(size, is_liquid=True)} mL"
    name = form if size <= QUARTERS and size > 0 else _plural(form)
    return f"{sign}{figure(size, is_liquid=False)} {name}"


def figure(quantity: int, *, is_liquid: bool) -> str:
    """The number alone: "23 ½", "120.5". Not below nought."""
    if is_liquid:
        whole, rest = divmod(quantity, MICROLITRES)
        return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(whole)
    whole, part = divmod(quantity, QUARTERS)
    return " ".join(text for text in (str(whole) if whole or not part else "", PARTS[part]) if text)


def plain_figure(quantity: int, *, is_liquid: bool) -> str:
    """As a machine reads it: "23.5", "-0.25", "120.5"."""
    exact = Decimal(quantity) / per_unit(is_liquid)
    return f"{exact:f}"


def of_made(made: Made, *, is_liquid: bool) -> int:
    """Base units of so much of a product. Raises ValueError for what the register cannot hold exactly."""
    units = made.count * per_unit(is_liquid)
    if units.denominator != 1:
        raise ValueError(f"{made.count} of {made.product.name} is no whole number of base units")
    return int(units)


def _plural(form: str) -> str:
    """ "tablets", "capsules", "modified-release tablets"; the form's last word where it has several before a comma."""
    head, comma, rest = form.partition(",")
    return f"{head}s{comma}{rest}" if not head.endswith("s") else form
