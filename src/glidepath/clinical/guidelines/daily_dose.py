"""The daily diazepam equivalent as the rules name it: `dde` by the named table, `dde_max` over all tables."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import Equivalents, equivalents
from glidepath.clinical.facts.formulary import Formulary


def dde(found: Equivalents, table: str | None) -> Fraction | None:
    """mg of diazepam a day by the named table (the larger figure of a range), else by the highest; None without one.

    table: an equivalence table's key, None where the prescriber has named none.
    """
    if table is not None and table in found.by_table:
        return found.by_table[table].high
    return found.highest


def dde_max(daily: Mapping[str, Dose], *, formulary: Formulary) -> Fraction | None:
    """mg of diazepam a day by the highest table: for rating risk. None where no table covers every medicine."""
    return equivalents(daily, formulary=formulary).highest
