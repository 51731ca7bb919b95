"""A plan with everything that was said about it and everything it was made by, as one file holds it.

The file alone is enough to look up what is due and to turn the plan: products with the parts that may be given, limits,
pace, table and the facts of the person stand in its settings.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.alternatives import Alternative
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Product, Setting, Shape, TaperPlan
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.dosing.request import Milestone, TaperRequest
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.regimen import Regimen

FORMAT = "glidepath.plan/1"


class Region(StrEnum):
    """Whose marketed products a plan is made of."""

    US = "us"
    UK = "uk"


class Split(StrEnum):
    """The finest part of a piece that may be given; it only limits what the facts allow."""

    NONE = "none"
    HALF = "half"
    QUARTER = "quarter"

    @property
    def part(self) -> Fraction:
        return {Split.NONE: Fraction(1), Split.HALF: Fraction(1, 2), Split.QUARTER: Fraction(1, 4)}[self]


class Turned(StrEnum):
    """How a plan was turned."""

    RELEASE = "release"
    HOLD = "hold"
    RESUME = "resume"
    SLOW = "slow"
    STEP_BACK = "step-back"


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """What a plan was made by, and can be made on from.

    cut, interval_days: the pace now. table: the one the prescriber named. milestones: of a drawn shape. over_ceiling:
    daily doses from which a prescriber lets the next step go over the ceiling. before: doses in force before the start,
    in order of time. region, split and liquids say how `products` were found, where nobody listed them.
    """

    products: tuple[Product, ...]
    limits: Limits
    cut: Fraction
    interval_days: int
    shape: Shape = Shape.PROPORTIONAL
    setting: Setting = Setting.OUTPATIENT
    region: Region = Region.US
    split: Split = Split.HALF
    liquids: bool = False
    first_cut: dt.date | None = None
    times: tuple[dt.time, ...] = ()
    table: str | None = None
    switch_to: str | None = None
    switch_every_days: int | None = None
    exchange: tuple[str, ...] = ()
    cut_order: tuple[str, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    over_ceiling: tuple[Dose, ...] = ()
    before: tuple[InForce, ...] = ()
    facts: PersonFacts = field(default_factory=PersonFacts)


@dataclass(frozen=True, slots=True)
class Change:
    """One turn of the plan: which version it made, when it counts from, and what held until then.

    time: None means with the first dose of that day. in_force: number of the step that held. cut, interval_days: the
    pace before it.
    """

    version: int
    kind: Turned
    on: dt.date
    reason: str
    in_force: int
    cut: Fraction
    interval_days: int
    time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class OtherWay:
    """An alternative as a file keeps it. What the rules would say of its plan is worked out when it is chosen."""

    kind: str
    what: str
    plan: TaperPlan


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan, what it was made by, and how it was turned since. `version` counts up with each turn."""

    plan: TaperPlan
    regimen: Regimen
    settings: PlanSettings
    facts_version: str
    version: int = 1
    history: tuple[Change, ...] = ()
    alternatives: tuple[OtherWay, ...] = ()

    def reasons(self, *kinds: Turned) -> str:
        """The reasons that were given for turns of these kinds; of every kind where none is named."""
        return "; ".join(change.reason for change in self.history if not kinds or change.kind in kinds)


def other_ways(alternatives: Sequence[Alternative]) -> tuple[OtherWay, ...]:
    """Alternatives without what was said of each of their plans."""
    return tuple(OtherWay(one.kind.value, one.what, replace(one.plan, findings=())) for one in alternatives)


def request_of(file: PlanFile) -> TaperRequest:
    """The request that the plan was made by, at the pace it has now."""
    settings = file.settings
    return TaperRequest(
        regimen=file.regimen,
        start=file.plan.start,
        products=settings.products,
        cut=settings.cut,
        interval_days=settings.interval_days,
        limits=settings.limits,
        goal=file.plan.goal,
        shape=settings.shape,
        setting=settings.setting,
        first_cut=settings.first_cut,
        times=settings.times,
        table=settings.table,
        switch_to=settings.switch_to,
        switch_every_days=settings.switch_every_days,
        exchange=settings.exchange,
        cut_order=settings.cut_order,
        milestones=settings.milestones,
        over_ceiling=settings.over_ceiling,
        history=settings.before,
    )
