"""How people differ in their kinetics: the published spread of each medicine, and what age and liver disease change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read


class Who(StrEnum):
    """In whom the kinetics were found to differ."""

    OLDER = "older"
    LIVER = "liver"  # cirrhosis or impaired function, as the source says


@dataclass(frozen=True, slots=True)
class Variation:
    """A published coefficient of variation between people, and its source."""

    percent: Decimal
    source: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class MedicineSpread:
    """What is published of one medicine; None where nothing was found."""

    clearance: Variation | None = None
    half_life: Variation | None = None


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a source found in older people or in liver disease: ratios theirs to the others', or a half-life in h.

    A ratio of 1 is a finding too: nothing changes. What is None was not reported.
    """

    medicine: str  # key
    who: Who
    clearance: Fraction | None
    volume: Fraction | None
    half_life: Fraction | None
    half_life_h: Decimal | None
    metabolite_half_life_h: Mapping[str, Decimal]
    printed: str
    note: str | None
    source: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Populations:
    """Spreads by medicine key, and every adjustment in the order of the file."""

    spreads: Mapping[str, MedicineSpread]
    adjustments: tuple[Adjustment, ...]

    def spread(self, medicine: str) -> MedicineSpread:
        """By medicine key; nothing is known of one that is not listed."""
        return self.spreads.get(medicine, MedicineSpread())

    def adjustment(self, medicine: str, who: Who) -> Adjustment | None:
        """By medicine key; None where no figure was found."""
        return next((one for one in self.adjustments if (one.medicine, one.who) == (medicine, who)), None)


def read_populations(path: Path, sources: Collection[str], medicines: Collection[str]) -> Populations:
    """The file, proved: known medicines and sources, ratios above zero, one adjustment for each medicine and group."""
    file = read(path)
    spreads = file.table("spread")
    for key in spreads.content:
        _prove_known(spreads, key, key, medicines)
    adjustments = tuple(_adjustment(entry, sources, medicines) for entry in file.tables("adjustment"))
    if len({(one.medicine, one.who) for one in adjustments}) < len(adjustments):
        raise file.broken("adjustment", "names one medicine twice for one group: keep one consistent set")
    return Populations({key: _spread(spreads.table(key), sources) for key in spreads.content}, adjustments)


def _spread(table: Table, sources: Collection[str]) -> MedicineSpread:
    return MedicineSpread(_variation(table, "clearance", sources), _variation(table, "half_life", sources))


def _variation(table: Table, key: str, sources: Collection[str]) -> Variation | None:
    entry = table.maybe_table(key)
    if entry is None:
        return None
    entry.positive("value")
    return Variation(entry.number("value"), entry.source(sources), entry.seen())


def _adjustment(entry: Table, sources: Collection[str], medicines: Collection[str]) -> Adjustment:
    medicine = entry.text("medicine")
    _prove_known(entry, "medicine", medicine, medicines)
    seen = entry.seen()
    if seen is Seen.UNVERIFIED:
        raise entry.broken("seen", "an unverified figure changes no curve: leave the entry out")
    metabolites = entry.maybe_table("metabolite_half_life_h")
    return Adjustment(
        medicine=medicine,
        who=entry.word("who", Who),
        clearance=_ratio(entry, "clearance"),
        volume=_ratio(entry, "volume"),
        half_life=_ratio(entry, "half_life"),
        half_life_h=entry.positive("half_life_h"),
        metabolite_half_life_h={key: metabolites.number(key) for key in metabolites.content} if metabolites else {},
        printed=entry.text("printed"),
        note=entry.maybe_text("note"),
        source=entry.source(sources),
        seen=seen,
    )


def _ratio(entry: Table, key: str) -> Fraction | None:
    """Theirs to the others', exact, from the two printed figures."""
    pair = entry.content.get(key)
    if pair is None:
        return None
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, int | Decimal) for one in pair):
        raise entry.broken(key, "needs two numbers: theirs, then the others'")
    if min(pair) <= 0:
        raise entry.broken(key, f"{min(pair)} is not above zero")
    return Fraction(pair[0]) / Fraction(pair[1])


def _prove_known(table: Table, key: str, medicine: str, medicines: Collection[str]) -> None:
    if medicine not in medicines:
        raise table.broken(key, f"“{medicine}” is not a medicine the facts have")
