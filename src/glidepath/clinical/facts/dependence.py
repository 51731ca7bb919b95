"""Joint guideline Table 2: the risk of clinically significant withdrawal, from frequency, duration and dose."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from glidepath.clinical.facts.provenance import Seen


class DependenceRisk(StrEnum):
    RARE = "rare"
    LOWER_POSSIBLE = "lower_possible"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class DependenceCell:
    """One row. Bounds are None where open; `*_above` is exclusive, `*_below` exclusive, the others inclusive."""

    days_per_week_at_least: Decimal | None
    days_per_week_at_most: Decimal | None
    months_at_least: Decimal | None
    months_below: Decimal | None
    diazepam_mg_at_most: Decimal | None
    diazepam_mg_above: Decimal | None
    risk: DependenceRisk

    def holds(self, *, days_per_week: Decimal, months: Decimal, diazepam_mg: Decimal) -> bool:
        return (
            _at_least(days_per_week, self.days_per_week_at_least)
            and _at_most(days_per_week, self.days_per_week_at_most)
            and _at_least(months, self.months_at_least)
            and (self.months_below is None or months < self.months_below)
            and _at_most(diazepam_mg, self.diazepam_mg_at_most)
            and (self.diazepam_mg_above is None or diazepam_mg > self.diazepam_mg_above)
        )


@dataclass(frozen=True, slots=True)
class DependenceTable:
    """The rows, and the dose tiers: low up to `low_at_most`, moderate up to `moderate_at_most`, high above (mg/day)."""

    cells: tuple[DependenceCell, ...]
    low_at_most_mg: Decimal
    moderate_at_most_mg: Decimal
    source: str
    where: str
    seen: Seen
    notes: tuple[str, ...]

    def risk(self, *, days_per_week: Decimal, months: Decimal, diazepam_mg: Decimal) -> DependenceRisk:
        """The cell that holds. `diazepam_mg`: daily diazepam-equivalent by the highest table. One cell always holds."""
        for cell in self.cells:
            if cell.holds(days_per_week=days_per_week, months=months, diazepam_mg=diazepam_mg):
                return cell.risk
        raise ValueError(f"no row of the table holds {days_per_week} days/week, {months} months, {diazepam_mg} mg")

    def tier(self, diazepam_mg: Decimal) -> str:
        """ "low", "moderate" or "high" daily dose."""
        if diazepam_mg <= self.low_at_most_mg:
            return "low"
        return "moderate" if diazepam_mg <= self.moderate_at_most_mg else "high"


def _at_least(value: Decimal, bound: Decimal | None) -> bool:
    return bound is None or value >= bound


def _at_most(value: Decimal, bound: Decimal | None) -> bool:
    return bound is None or value <= bound
