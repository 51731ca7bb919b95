"""EQ-DIP: how far the level falls in the first days of a switch, because a long-acting medicine builds up slowly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from glidepath.clinical.dosing.plan import TaperPlan
from glidepath.clinical.dosing.ratios import diazepam_per_mg, exchanged
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.wording import number
from glidepath.clinical.pharmacokinetics.exposure import DailyDoses, DiazepamPerMg, sustained_on_averages
from glidepath.clinical.pharmacokinetics.from_facts import models_of

HOURS_A_DAY = 24.0
DAYS_AFTER = 14.0  # after the last exchanged dose: by then the level is level again
AS_LOW = 0.005  # as low as the lowest, where a second exchange repeats the first


@dataclass(frozen=True, slots=True)
class Dip:
    """The lowest level of a switch as a share of the level before it, and how many days after its first exchange."""

    share: float
    day: int


def lowest_level(plan: TaperPlan, *, table: str, formulary: Formulary) -> Dip | None:
    """The dip on daily averages, by one table. None without an exchange, and where a medicine cannot be drawn."""
    numbers = [index for index in range(1, len(plan.steps)) if _exchanges(plan, index)]
    if not numbers:
        return None
    known = [formulary.find(name) for name in {name for step in plan.steps for name in step.daily()}]
    figures = {one.name: diazepam_per_mg(one.name, table, formulary) for one in known}
    if None in figures.values():
        return None
    per_mg = {name: DiazepamPerMg(float(figure), float(figure)) for name, figure in figures.items() if figure}
    first, last = plan.steps[numbers[0]].start, plan.steps[numbers[-1]].start
    days = np.arange(0.0, (last - first).days + DAYS_AFTER, 0.25)
    doses = {one.name: _daily(plan, one.name) for one in known}
    since = (first - plan.start).days
    band = sustained_on_averages(doses, [*((since + days) * HOURS_A_DAY)], models_of(known), per_mg)
    if band.left_out or not band.low[0] > 0:
        return None
    shares = band.low / band.low[0]
    first_low = int(np.argmax(shares <= shares.min() + AS_LOW))
    return Dip(float(shares.min()), ceil(days[first_low]))


def check_dip(
    plan: TaperPlan, *, table: str | None, formulary: Formulary, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """EQ-DIP for a plan that exchanges one medicine for another by a table."""
    named, limits = table or plan.table, settings or clinical_settings()
    dip = lowest_level(plan, table=named, formulary=formulary) if named else None
    if dip is None or dip.share >= 1 - Fraction(limits.dip_worth_saying_percent) / 100:
        return ()
    share = number(Fraction(round(dip.share * 100)))
    return (
        rule("EQ-DIP").finding(
            message=f"While the new medicine builds up, the averaged level falls to about {share} % of what it was, on "
            f"day {dip.day} after the first dose is exchanged." + of_the_centre(limits, "dip_worth_saying_percent"),
            do="The doses not yet exchanged cover these days: leave them as they are, and see the person before the "
            "next one is exchanged.",
        ),
    )


def _exchanges(plan: TaperPlan, index: int) -> bool:
    return bool(exchanged(plan.steps[index - 1].daily(), plan.steps[index].daily()))


def _daily(plan: TaperPlan, name: str) -> DailyDoses:
    amounts = [float(step.daily()[name].mg) if name in step.daily() else 0.0 for step in plan.steps]
    starts = [(step.start - plan.start).days * HOURS_A_DAY for step in plan.steps]
    return DailyDoses(amounts[0], tuple(zip(starts[1:], amounts[1:], strict=True)))
