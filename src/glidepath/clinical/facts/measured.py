"""What is measured beside the vital signs, in which units, and what can be meant in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from glidepath.clinical.facts.reading import Table, read


@dataclass(frozen=True, slots=True)
class MeantRange:
    """What can be meant in one unit: ours, against slips, no clinical limit."""

    unit: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class MeasuredKind:
    """kind: the group it belongs to ("ecg"). name: as it is read ("QTc"). ranges: one a unit, the usual first."""

    kind: str
    name: str
    ranges: tuple[MeantRange, ...]

    def problem_with(self, value: Decimal, unit: str) -> str:
        """Why it cannot be, in words; empty where it can."""
        known = {one.unit: one for one in self.ranges}
        if unit not in known:
            return f"{self.name.capitalize()} is given in {' or '.join(known)}, not in {unit or 'no unit'}."
        meant = known[unit]
        if meant.low <= value <= meant.high:
            return ""
        return f"{self.name.capitalize()} {value:f} {unit} cannot be meant: {meant.low} to {meant.high}. Look again."


def read_measured(path: Path) -> tuple[MeasuredKind, ...]:
    """The kinds in their order. Raises BrokenFact for a kind without a unit, or a name that stands twice."""
    file = read(path)
    found = tuple(_kind(entry) for entry in file.list_of_tables("measured"))
    names = [one.name for one in found]
    if not names or len(names) != len(set(names)):
        raise file.broken("measured", "needs kinds, each with a name of its own")
    return found


def _kind(entry: Table) -> MeasuredKind:
    ranges = [_range(one) for one in entry.list_of_tables("units")]
    if not ranges:
        raise entry.broken("units", "needs a unit with its low and high")
    return MeasuredKind(entry.text("kind"), entry.text("name"), tuple(ranges))


def _range(entry: Table) -> MeantRange:
    low, high = entry.number("low"), entry.number("high")
    if low >= high:
        raise entry.broken("high", f"{high} is not above low, {low}")
    return MeantRange(entry.text("unit"), low, high)


def by_name(kinds: Sequence[MeasuredKind]) -> dict[str, MeasuredKind]:
    return {one.name: one for one in kinds}
