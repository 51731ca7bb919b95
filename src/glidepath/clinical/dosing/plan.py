"""The values a taper is made of: products as the centre stocks them, doses as they are made, steps and plans.

Only values and their invariants live here. How a dose is made stands in tablets.py, how a plan is found in taper.py,
how it is changed in revise.py, what is due from it in schedule.py.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

from glidepath.clinical.amounts import AmountError, Dose, exact_decimal, plain
from glidepath.clinical.findings import Finding

QUARTER = Fraction(1, 4)


class Kind(StrEnum):
    SOLID = "solid"
    LIQUID = "liquid"


@dataclass(frozen=True, slots=True, order=True)
class Product:
    """One product the centre stocks. `strength_mg`: mg per piece, or per mL of a liquid.

    `step`: the smallest part that may be given: of a solid, a fraction of a piece (1, 1/2 or 1/4); of a liquid,
    the syringe's graduation in mL.
    """

    medicine: str
    strength_mg: Decimal
    form: str  # "tablet", "capsule", "oral solution" ... as the facts name it
    kind: Kind
    step: Fraction
    key: str = ""  # the facts' or the centre's own id of this product

    def __post_init__(self) -> None:
        if self.strength_mg <= 0 or self.step <= 0:
            raise AmountError(f"{self.medicine}: strength and step are more than zero")
        if self.kind is Kind.SOLID and self.step not in (Fraction(1), Fraction(1, 2), QUARTER):
            raise AmountError(f"{self.medicine}: a solid is given whole, in halves or in quarters, not in {self.step}")

    def __hash__(self) -> int:
        """Of what tells products apart: the exact parts of equal ones are equal too."""
        return hash((self.medicine, self.strength_mg, self.form, self.key))

    @property
    def name(self) -> str:
        """How staff name it: "diazepam 5 mg tablet", "diazepam 1 mg/mL oral solution"."""
        per = " mg/mL" if self.kind is Kind.LIQUID else " mg"
        return f"{self.medicine} {plain(self.strength_mg)}{per} {self.form}"


@dataclass(frozen=True)  # no slots, so that the dose can be kept with it
class Made:
    """So much of one product: `count` pieces of a solid (quarters allowed by the product), or mL of a liquid."""

    product: Product
    count: Fraction

    def __post_init__(self) -> None:
        if self.count <= 0 or (self.count / self.product.step).denominator != 1:
            raise AmountError(f"{self.count} of {self.product.name} cannot be given")

    @cached_property
    def dose(self) -> Dose:
        """Exactly what this much of the product contains: worked out once, and the same pieces serve many steps."""
        return Dose(exact_decimal(Fraction(self.product.strength_mg) * self.count), self.product.medicine)


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """One dose at one named time of day. When `made` is given, its products sum exactly to `dose` (DESIGN 5.2)."""

    time: dt.time
    dose: Dose
    made: tuple[Made, ...] = ()

    def __post_init__(self) -> None:
        if self.made and sum(part.dose.ng for part in self.made) != self.dose.ng:
            raise AmountError(f"the products of the {self.time:%H:%M} dose do not sum to {self.dose}")
        if any(part.product.medicine != self.dose.medicine for part in self.made):
            raise AmountError(f"the {self.time:%H:%M} dose of {self.dose.medicine} holds another medicine's product")


class StepState(StrEnum):
    RELEASED = "released"  # a prescriber decided it after a symptom review (step 1: by signing the plan)
    PROJECTED = "projected"  # nobody has released it; it never begins by itself


@dataclass(frozen=True)  # no slots, so that the day's totals can be kept with it
class Step:
    """From `start` (at `from_time`, else from the first dose of that day) these doses, until another step begins.

    No doses at all is the last step to zero. `start` is a calendar day of the centre.
    """

    number: int
    start: dt.date
    doses: tuple[PlannedDose, ...]
    state: StepState = StepState.PROJECTED
    from_time: dt.time | None = None

    def daily(self) -> Mapping[str, Dose]:
        """Total of each medicine per calendar day."""
        return self._totals

    @cached_property
    def _totals(self) -> Mapping[str, Dose]:
        """Summed once: a check asks each step some twenty times."""
        totals: dict[str, Dose] = {}
        for planned in self.doses:
            dose = planned.dose
            totals[dose.medicine] = totals[dose.medicine] + dose if dose.medicine in totals else dose
        return MappingProxyType(totals)


class Shape(StrEnum):
    PROPORTIONAL = "proportional"  # the same percentage of the current dose
    LINEAR = "linear"  # the same amount each step
    DRAWN = "drawn"  # along a curve through the milestones that a prescriber set
    TYPED = "typed"  # step by step, as a prescriber typed it


class Setting(StrEnum):
    OUTPATIENT = "outpatient"
    RESIDENTIAL = "residential"
    INPATIENT_MEDICAL = "inpatient_medical"


@dataclass(frozen=True, slots=True)
class Goal:
    """Zero (no doses), or a lower dose that stays. Both are success."""

    kept: tuple[Dose, ...] = ()

    @property
    def is_zero(self) -> bool:
        return not self.kept


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why a plan cannot be complete: the limit that binds, at which dose, and what would free it."""

    code: str  # the rule: JCG-6c, TPR-3 ...
    at: tuple[Dose, ...]  # the daily doses at which it binds
    message: str
    do: str


@dataclass(frozen=True, slots=True)
class TaperPlan:
    """A taper: step 1 is the present dose without a cut, the last is the zero or the kept dose, when `complete`.

    A plan on hold has only the steps that have begun: the last of them goes on, and nothing is cut until it resumes.
    `table`: the equivalence table that set the exchange of a switch (the one named, else the one with the lower start).
    """

    start: dt.date
    goal: Goal
    steps: tuple[Step, ...]
    blocked: Blocked | None = None
    findings: tuple[Finding, ...] = field(default=())
    on_hold: bool = False
    table: str | None = None

    @property
    def complete(self) -> bool:
        """Whether the steps lead to the goal."""
        return self.blocked is None and not self.on_hold
