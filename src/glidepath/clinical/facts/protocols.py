"""Rapid inpatient protocols as the facts know them: each with its source and its own daily limit, and no others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read


@dataclass(frozen=True, slots=True)
class InpatientProtocol:
    """One protocol. mg are diazepam a day, or its equivalent; None: its source gives no figure.

    cut_percent_of_start, cut_mg: the largest lowering in a day, one of the two. stabilise_days: on the starting dose
    before the first cut, from and to. start_at_most_mg: the largest starting dose; dose_at_most_mg: of it, at one time.
    discharge_at_most_mg: down to this dose goes the protocol, and no further cut is by it.
    """

    key: str
    name: str
    title: str
    source: str
    where: str
    seen: Seen
    cut_percent_of_start: Decimal | None
    cut_mg: Decimal | None
    stabilise_days: tuple[int, int] | None
    start_at_most_mg: Decimal | None
    dose_at_most_mg: Decimal | None
    discharge_at_most_mg: Decimal | None

    @property
    def described(self) -> str:
        """As it is offered: name, what it does, and whether nobody of ours has seen the original."""
        unseen = "" if self.seen is Seen.ORIGINAL else f" ({self.seen.replace('_', '-')})"
        return f"{self.name}: {self.title}{unseen}"

    def most_a_day(self, start: Fraction) -> Fraction:
        """The largest lowering in one day, in mg, of somebody who starts with `start` mg a day."""
        if self.cut_mg is not None:
            return Fraction(self.cut_mg)
        assert self.cut_percent_of_start is not None  # proved when it was read
        return start * Fraction(self.cut_percent_of_start) / 100


def read_protocols(path: Path, sources: Collection[str]) -> dict[str, InpatientProtocol]:
    """Every protocol by its key. Raises BrokenFact for one without a source, or without exactly one daily limit."""
    file = read(path)
    return {key: _protocol(file.table(key), key, sources) for key in file.content}


def _protocol(table: Table, key: str, sources: Collection[str]) -> InpatientProtocol:
    share, amount = _maybe(table, "cut_percent_of_start"), _maybe(table, "cut_mg")
    if (share is None) == (amount is None):
        raise table.broken("cut_mg", "needs one daily limit: a share of the start, or an amount")
    return InpatientProtocol(
        key=key,
        name=table.text("name"),
        title=table.text("title"),
        source=table.source(sources),
        where=table.text("where"),
        seen=table.seen(),
        cut_percent_of_start=share,
        cut_mg=amount,
        stabilise_days=_stabilise(table),
        start_at_most_mg=_maybe(table, "start_at_most_mg"),
        dose_at_most_mg=_maybe(table, "dose_at_most_mg"),
        discharge_at_most_mg=_maybe(table, "discharge_at_most_mg"),
    )


def _maybe(table: Table, key: str) -> Decimal | None:
    return table.quantity(key) if key in table.content else None


def _stabilise(table: Table) -> tuple[int, int] | None:
    low, high = _maybe(table, "stabilise_days_low"), _maybe(table, "stabilise_days_high")
    if low is None or high is None:
        return None
    if low > high:
        raise table.broken("stabilise_days_low", f"runs from {low} down to {high}")
    return int(low), int(high)
