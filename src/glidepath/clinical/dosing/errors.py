"""What a prescriber is told when a request cannot be planned at all: what was given, what is wrong, what to do."""

from __future__ import annotations

from glidepath.clinical.amounts import Dose


class PlanError(ValueError):
    """A request that contradicts itself: a date before the start, a goal above the dose, a medicine not taken."""


class NoPublishedFigure(PlanError):
    """A medicine that the named table, or every table, has no figure for: nothing is converted."""

    def __init__(self, medicine: str, why: str, do: str) -> None:
        self.medicine = medicine
        super().__init__(f"{medicine} cannot be converted: {why}. {do}")


class RevisionError(PlanError):
    """A change that would touch what has been given, or that does not fit the plan it is made to."""


class CannotBeMade(PlanError):
    """No combination of the products makes this dose exactly. `below` and `above`: the nearest that can be made."""

    def __init__(self, dose: Dose, below: Dose | None, above: Dose | None) -> None:
        self.dose, self.below, self.above = dose, below, above
        near = " or ".join(str(found) for found in (above, below) if found is not None)
        choose = f"Choose {near}, or stock" if near else "Stock"
        super().__init__(
            f"{dose} cannot be made exactly from the stocked products. {choose} a smaller strength or a liquid."
        )
