"""JCG-2, JCG-3, OP-2: may a benzodiazepine be stopped without a taper?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import Dependence, check_dependence, dependence
from glidepath.clinical.guidelines.facts import PersonFacts, exact
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.wording import doses, number


def check_stop(daily: Mapping[str, Dose], *, facts: PersonFacts, formulary: Formulary) -> tuple[Finding, ...]:
    """Everything to say before `daily` (mg of each medicine a calendar day) is stopped without a taper.

    Gathers JCG-T2, OP-1, OP-3, JCG-2, JCG-3 and OP-2.
    """
    highest = dde_max(daily, formulary=formulary)
    return (*check_dependence(facts, dde_max=highest), *check_stopping(daily, facts=facts, dde_max=highest))


def check_stopping(daily: Mapping[str, Dose], *, facts: PersonFacts, dde_max: Fraction | None) -> tuple[Finding, ...]:
    """JCG-2, JCG-3 and OP-2 alone. `dde_max`: daily diazepam equivalent by the highest table, None where unknown."""
    found = dependence(facts, dde_max=dde_max)
    return (*_jcg_2(daily, found), *_jcg_3(facts, found), *_op_2(facts, found))


def _jcg_2(daily: Mapping[str, Dose], found: Dependence) -> tuple[Finding, ...]:
    if found.likely is None:
        return (not_assessed("JCG-2", found.missing),)
    if not found.likely:
        return ()
    return (
        rule("JCG-2").finding(
            message=f"{doses(tuple(daily.values()))} a day would stop at once, and withdrawal is to be expected.",
            do="Plan a taper. Stopping at once can cause seizures.",
        ),
    )


def _jcg_3(facts: PersonFacts, found: Dependence) -> tuple[Finding, ...]:
    if found.likely or facts.counselled:
        return ()
    if found.likely is None:
        return (not_assessed("JCG-3", (*found.missing, *facts.unknown("counselled"))),)
    if facts.counselled is None:
        return (not_assessed("JCG-3", ("counselled",)),)
    return (
        rule("JCG-3").finding(
            message="The person has not been told which symptoms to report after stopping.",
            do="Tell the person what withdrawal and rebound feel like and whom to call, and record that you did.",
        ),
    )


def _op_2(facts: PersonFacts, found: Dependence) -> tuple[Finding, ...]:
    found_rule = rule("OP-2")
    days, months = exact(facts.use_days_per_week), exact(facts.use_months)
    if found.risk is not DependenceRisk.LOWER_POSSIBLE or days is None or months is None:
        return ()
    if days < Fraction(found_rule.value("days_per_week")) or months <= Fraction(found_rule.value("months")):
        return ()
    return (
        found_rule.finding(
            message=f"Taken on {number(days)} days a week for {number(months)} months: the table says less likely, yet "
            "nearly everyone who takes it regularly for more than a month becomes physically dependent.",
            do="Prefer a short taper to stopping at once.",
        ),
    )
