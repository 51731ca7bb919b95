"""Equivalence tables and the figures they print, always against diazepam 10 mg taken by mouth."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.provenance import Seen


@dataclass(frozen=True, slots=True)
class EquivalenceTable:
    """One published table. Only a `usable` table may be named for a conversion; the others are shown and explained."""

    key: str  # "va_dod_2021"
    name: str  # "va-dod-2021", as it is typed and shown
    title: str
    usable: bool
    source: str  # key in sources.toml
    seen: Seen
    why_not: str | None = None  # why it is not usable


@dataclass(frozen=True, slots=True)
class Equivalent:
    """What one table says of one medicine: `low` to `high` mg equal to diazepam 10 mg (equal for a single figure).

    `usable` is False where the table as a whole, or just this figure, may only be shown (unverified, an outlier).
    """

    table: str
    low: Decimal
    high: Decimal
    seen: Seen
    source: str
    usable: bool
    note: str | None = None
    as_printed: str | None = None
