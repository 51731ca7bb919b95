"""JCG-2, JCG-3, JCG-3a, OP-2: may a benzodiazepine be stopped without a taper?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import Dependence, check_dependence, dependence
from glidepath.clinical.guidelines.facts import PersonFacts, exact
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.predicates import assessed, yes
from glidepath.clinical.guidelines.wording import doses, number


def check_stop(
    daily: Mapping[str, Dose], *, facts: PersonFacts, formulary: Formulary, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """Everything to say before `daily` (mg of each medicine a calendar day) is stopped without a taper.

    Gathers JCG-T2, OP-1, OP-3, JCG-2, JCG-3 and OP-2.
    """
    highest = dde_max(daily, formulary=formulary)
    stopping = check_stopping(daily, facts=facts, dde_max=highest, settings=settings)
    return (*check_dependence(facts, dde_max=highest), *stopping)


def check_stopping(
    daily: Mapping[str, Dose], *, facts: PersonFacts, dde_max: Fraction | None, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """JCG-2, JCG-3 and OP-2 alone. `dde_max`: daily diazepam equivalent by the highest table, None where unknown."""
    found = dependence(facts, dde_max=dde_max)
    return (*_jcg_2(daily, found), *_jcg_3(facts, found), *_op_2(facts, found, settings or clinical_settings()))


def check_after_a_stop(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-3a: significant symptoms after a stop without a taper."""
    return assessed(
        "JCG-3a",
        yes(facts, "stopped_without_taper"),
        yes(facts, "symptoms_significant"),
        message="The benzodiazepine was stopped without a taper, and there are significant symptoms.",
        do="Offer medicines for the symptoms, or start it again and taper.",
    )


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


def _op_2(facts: PersonFacts, found: Dependence, limits: ClinicalSettings) -> tuple[Finding, ...]:
    """Where the table is calmer than regular use; on so few days that it says "rare" only by a centre's own number."""
    days, months = exact(facts.use_days_per_week), exact(facts.use_months)
    if found.risk in (None, DependenceRisk.YES) or days is None or months is None:
        return ()
    if days < limits.regular_use_days_per_week or months <= Fraction(limits.regular_use_over_months):
        return ()
    return (
        rule("OP-2").finding(
            message=f"Taken on {number(days)} days a week for {number(months)} months: the table says "
            f"{'rare' if found.risk is DependenceRisk.RARE else 'less likely'}, yet "
            "nearly everyone who takes it regularly for more than a month becomes physically dependent."
            + of_the_centre(limits, "regular_use_days_per_week", "regular_use_over_months"),
            do="Prefer a short taper to stopping at once.",
        ),
    )
