"""Diazepam equivalents: every published table side by side, ranges kept, nothing averaged, nothing chained.

A conversion is a starting estimate, never a dose order. Sources: the tables of the facts, each by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import NoPublishedFigure
from glidepath.clinical.facts.equivalences import Equivalent
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.facts.provenance import Seen

MEASURE = "diazepam"
DIAZEPAM_MG = 10  # every table says how much equals diazepam 10 mg by mouth


@dataclass(frozen=True, slots=True)
class DiazepamEquivalent:
    """mg of diazepam a day by one table; `low` and `high` differ where the table prints a range."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Equivalents:
    """A day's doses in diazepam, by each usable table that has a figure for all of them.

    `without_figure` names the tables left out, each with the medicines it says nothing of. No number stands for what
    is not known: `lowest`, `highest` and `differ_ratio` are None when no table covers all of the medicines.
    """

    by_table: Mapping[str, DiazepamEquivalent]
    without_figure: Mapping[str, tuple[str, ...]]

    @property
    def lowest(self) -> Fraction | None:
        """`dde_min`: for the start of a substitution."""
        return min((found.low for found in self.by_table.values()), default=None)

    @property
    def highest(self) -> Fraction | None:
        """`dde_max`: for rating risk and choosing a setting."""
        return max((found.high for found in self.by_table.values()), default=None)

    @property
    def differ_ratio(self) -> Fraction | None:
        """How far the tables lie apart, 1 where they agree (EQ-1)."""
        low, high = self.lowest, self.highest
        return None if low is None or high is None or low == 0 else high / low


@dataclass(frozen=True, slots=True)
class Conversion:
    """What `table` equates `dose` to: `low` to `high` mg of `to_medicine`. It is a range of fractions and no dose, so
    that it cannot be converted on (a chain of conversions multiplies their errors)."""

    dose: Dose
    to_medicine: str
    table: str
    low: Fraction
    high: Fraction


def equivalents(daily: Mapping[str, Dose], *, formulary: Formulary, tables: Iterable[str] | None = None) -> Equivalents:
    """The doses of one day in diazepam, by every usable table, or by `tables` alone.

    daily: mg per calendar day by medicine. Raises KeyError for a table that the facts do not have.
    """
    if tables is not None:
        return _equivalents(daily, [*tables], formulary)
    asked = tuple(sorted((dose.medicine, dose.mg) for dose in daily.values()))
    found: Equivalents | None = formulary.worked_out.get(asked)
    if found is None:
        found = _equivalents(daily, [table.key for table in formulary.usable_tables()], formulary)
        formulary.keep(asked, found)
    return found


def _equivalents(daily: Mapping[str, Dose], named: Iterable[str], formulary: Formulary) -> Equivalents:
    medicines = [(formulary.find(dose.medicine), dose) for dose in daily.values() if dose.mg > 0]
    by_table: dict[str, DiazepamEquivalent] = {}
    without: dict[str, tuple[str, ...]] = {}
    for key in (formulary.table(name).key for name in named):
        figures = [(figure(medicine, key), dose) for medicine, dose in medicines]
        silent = tuple(sorted(dose.medicine for found, dose in figures if found is None))
        if silent:
            without[key] = silent
            continue
        by_table[key] = _sum(_of_one(found.low, found.high, dose.mg) for found, dose in figures if found)
    return Equivalents(by_table, without)


def convert(
    dose: Dose, to_medicine: str, *, table: str, formulary: Formulary, z_drug_chosen: bool = False
) -> Conversion:
    """`dose` in mg of `to_medicine` by one named table.

    Where the table prints a range, the smallest and the largest result are kept. A Z-drug, on either side, is
    converted only when somebody has chosen that (`z_drug_chosen`, EQ-3).
    Raises NoPublishedFigure for a designer product and where the table is silent; KeyError for an unknown table.
    """
    named, (source, target) = formulary.table(table), (formulary.find(dose.medicine), formulary.find(to_medicine))
    for medicine in (source, target):
        _refuse(medicine, z_drug_chosen=z_drug_chosen)
    from_figure = required_figure(source, named.key, formulary=formulary)
    to_figure = required_figure(target, named.key, formulary=formulary)
    return Conversion(
        dose=dose,
        to_medicine=target.name,
        table=named.key,
        low=dose.exact * Fraction(to_figure.low) / Fraction(from_figure.high),
        high=dose.exact * Fraction(to_figure.high) / Fraction(from_figure.low),
    )


def figure(medicine: Medicine, table: str) -> Equivalent | None:
    """What `table` says of a medicine, or None. Diazepam is the measure of every table."""
    if medicine.is_designer:
        return None
    if medicine.key == MEASURE:
        own = Decimal(DIAZEPAM_MG)
        return Equivalent(table=table, low=own, high=own, seen=Seen.ORIGINAL, source=table, usable=True)
    found = medicine.equivalents.get(table)
    return found if found is not None and found.usable else None


def required_figure(medicine: Medicine, table: str, *, formulary: Formulary) -> Equivalent:
    """What `table` says of a medicine. Raises NoPublishedFigure naming the tables that do have one."""
    found = figure(medicine, table)
    if found is not None:
        return found
    others = [other.name for other in formulary.usable_tables() if figure(medicine, other.key) is not None]
    do = f"Tables that do have one: {', '.join(others)}." if others else "Taper it directly, or titrate under watch."
    raise NoPublishedFigure(medicine.name, f"{formulary.table(table).name} has no figure for it", do)


def highest_per_mg(medicine: Medicine) -> Fraction | None:
    """mg of diazepam that 1 mg of the medicine equals by the highest table; None where no table has a figure."""
    if medicine.is_designer:
        return None
    if medicine.key == MEASURE:
        return Fraction(1)
    figures = [Fraction(found.low) for found in medicine.usable_equivalents().values()]
    return DIAZEPAM_MG / min(figures) if figures else None


def _refuse(medicine: Medicine, *, z_drug_chosen: bool) -> None:
    if medicine.is_designer:
        raise NoPublishedFigure(
            medicine.name,
            "what an unapproved or illicit product holds is not known",
            "Titrate under supervision to the lowest dose that controls withdrawal, and taper from there.",
        )
    if medicine.is_z_drug and not z_drug_chosen:
        raise NoPublishedFigure(
            medicine.name,
            "the figures for Z-drugs compare sleep only, and some sources leave them out on purpose",
            "Taper it directly, or let a specialist choose the conversion expressly.",
        )


def _sum(parts: Iterable[DiazepamEquivalent]) -> DiazepamEquivalent:
    total = DiazepamEquivalent(Fraction(0), Fraction(0))
    for index, part in enumerate(parts):
        total = part if index == 0 else DiazepamEquivalent(total.low + part.low, total.high + part.high)
    return total


@lru_cache(maxsize=8192)
def _of_one(figure_low: Decimal, figure_high: Decimal, mg: Decimal) -> DiazepamEquivalent:
    """mg of a medicine of which so much equals diazepam 10 mg; kept, because one plan asks for the same many times."""
    per_ten = Fraction(mg) * DIAZEPAM_MG
    return DiazepamEquivalent(per_ten / Fraction(figure_high), per_ten / Fraction(figure_low))
