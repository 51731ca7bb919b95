"""Published taper schedules as data (the diazepam reductions that NICE CKS prints)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.provenance import Seen


@dataclass(frozen=True, slots=True)
class CutRow:
    """From `from_mg` down to `to_mg` of diazepam a day: cuts of `cut_low_mg` to `cut_high_mg`, every so many weeks."""

    from_mg: Decimal
    to_mg: Decimal
    cut_low_mg: Decimal
    cut_high_mg: Decimal
    weeks_low: Decimal
    weeks_high: Decimal

    def holds(self, diazepam_mg: Decimal) -> bool:
        return self.to_mg < diazepam_mg <= self.from_mg


@dataclass(frozen=True, slots=True)
class PublishedSchedule:
    """The rows, highest dose first, and the total weeks (low, high) expected from a starting daily dose in mg."""

    rows: tuple[CutRow, ...]
    total_weeks: Mapping[Decimal, tuple[Decimal, Decimal]]
    source: str
    seen: Seen

    def row(self, diazepam_mg: Decimal) -> CutRow | None:
        """The row that a daily dose falls in, or None above the table and at zero."""
        return next((row for row in self.rows if row.holds(diazepam_mg)), None)
