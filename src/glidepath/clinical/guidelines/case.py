"""One person as the rules see them, and what follows from it before any rule is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import Equivalents, equivalents
from glidepath.clinical.dosing.plan import Setting, TaperPlan
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.guidelines.daily_dose import dde
from glidepath.clinical.guidelines.dependence import Dependence, dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.taper_check import TaperContext


@dataclass(frozen=True, slots=True)
class Planned:
    """A taper that is proposed or under way, and what its rules need beside it."""

    plan: TaperPlan
    context: TaperContext


class Change(StrEnum):
    """What happens to another medicine now."""

    TAKEN = "taken"  # as before
    STARTS = "starts"  # or goes up
    STOPS = "stops"  # or goes down


@dataclass(frozen=True, slots=True)
class OtherMedicine:
    """What is taken beside the benzodiazepines, by generic name; "smoking" and "alcohol" count as one.

    for_taper: given for the taper, None where that is not decided. experienced: somebody experienced with it prescribes
    or advises (phenobarbital), None where not known.
    """

    name: str
    change: Change = Change.TAKEN
    for_taper: bool | None = False
    experienced: bool | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One person as the rules see them.

    today: the centre's calendar day. daily: mg of each benzodiazepine and Z-drug a calendar day; empty where none is
    taken, None where not known. setting: None while nobody has decided where. table: key of the equivalence table the
    prescriber named. With a plan, its first step, its setting and its table count instead of these three.
    spo2_scale_two: a prescriber set the 88-92 % target of oxygen saturation.
    """

    facts: PersonFacts
    today: dt.date
    daily: Mapping[str, Dose] | None = None
    setting: Setting | None = None
    table: str | None = None
    planned: Planned | None = None
    others: tuple[OtherMedicine, ...] = ()
    spo2_scale_two: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A case with what follows from it. `dde`: mg of diazepam by the named table, else by the highest; None: unknown.

    tapers, to_zero: whether a taper is planned or under way, and to zero; None where nobody said.
    """

    case: Case
    daily: Mapping[str, Dose] | None
    setting: Setting | None
    switch_to: str | None
    equivalents: Equivalents
    dde: Fraction | None
    dependence: Dependence
    tapers: bool | None
    to_zero: bool | None

    @property
    def facts(self) -> PersonFacts:
        return self.case.facts

    @property
    def highest(self) -> Fraction | None:
        """mg of diazepam a day by the highest table; None where no dose is known or no table covers it."""
        return self.equivalents.highest if self.daily else None

    @property
    def takes(self) -> bool | None:
        """Whether a benzodiazepine or Z-drug is taken."""
        return None if self.daily is None else bool(self.daily)


def known_of(case: Case, *, formulary: Formulary) -> Known:
    """What follows from a case. Raises UnknownMedicine for a medicine in it that the formulary does not have."""
    planned, facts = case.planned, case.facts
    daily = planned.plan.steps[0].daily() if planned else case.daily
    table = planned.context.table if planned else case.table
    found = equivalents(daily or {}, formulary=formulary)
    return Known(
        case=case,
        daily=daily,
        setting=planned.context.setting if planned else case.setting,
        switch_to=planned.context.switch_to if planned else None,
        equivalents=found,
        dde=dde(found, table) if daily else None,
        dependence=dependence(facts, dde_max=found.highest if daily else None),
        tapers=True if planned else facts.taper_active,
        to_zero=planned.plan.goal.is_zero if planned else facts.goal_full_stop,
    )
