"""JCG-7, EQ-1 to EQ-7: exchanging one medicine for another. A conversion is a starting estimate, never a dose order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import Equivalents, equivalents
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.medicines import Acting
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.daily_dose import dde
from glidepath.clinical.guidelines.facts import PersonFacts, exact
from glidepath.clinical.guidelines.missing import any_of, not_assessed
from glidepath.clinical.guidelines.older_people import check_older_person_switch
from glidepath.clinical.guidelines.wording import listed, mg, number

DIAZEPAM = "diazepam"  # the medicine EQ-4, EQ-5 and EQ-7 name
CAUTION_ALWAYS = "clonazepam"  # EQ-2
CAUTION_FROM_A_DOSE = "lorazepam"  # EQ-2


@dataclass(frozen=True, slots=True)
class ConversionProposal:
    """Exchange `daily` (mg of each medicine a calendar day) for `to_medicine`.

    table: the equivalence table the prescriber named; None = none yet. to_daily: the daily dose of the new medicine to
    begin with, None while it is not yet chosen. first_dose: the first single converted dose is part of the proposal.
    """

    daily: Mapping[str, Dose]
    to_medicine: str
    table: str | None = None
    to_daily: Dose | None = None
    first_dose: bool = False


def check_conversion(
    proposal: ConversionProposal,
    *,
    facts: PersonFacts,
    formulary: Formulary,
    settings: ClinicalSettings | None = None,
) -> tuple[Finding, ...]:
    """EQ-1 to EQ-6 and OLD-1 for an exchange."""
    found, limits = equivalents(_others(proposal), formulary=formulary), settings or clinical_settings()
    return (
        *_eq_1(proposal, found, formulary, limits),
        *_eq_2(proposal, limits),
        *_eq_3(proposal, formulary),
        *_eq_4(proposal, facts),
        *check_starting_diazepam(proposal.to_daily),
        *_eq_6(proposal, found),
        *check_older_person_switch(facts, switch_to=proposal.to_medicine),
    )


def check_choice_of_medicine(
    daily: Mapping[str, Dose], *, table: str | None, switch_to: str | None, facts: PersonFacts, formulary: Formulary
) -> tuple[Finding, ...]:
    """JCG-7 and EQ-7: whether a longer-acting medicine is worth a thought. Advice only, and on benzodiazepines alone:
    a Z-drug is exchanged only by a specialist's choice (EQ-3), and the NSW figures leave Z-drugs out."""
    daily = {name: dose for name, dose in daily.items() if not formulary.find(name).is_z_drug}
    return (
        *_jcg_7(daily, switch_to=switch_to, facts=facts, formulary=formulary),
        *_eq_7(daily, table=table, formulary=formulary),
    )


def _others(proposal: ConversionProposal) -> Mapping[str, Dose]:
    """What is exchanged: everything but the new medicine itself."""
    return {name: dose for name, dose in proposal.daily.items() if name != proposal.to_medicine}


def _eq_1(
    proposal: ConversionProposal, found: Equivalents, formulary: Formulary, limits: ClinicalSettings
) -> tuple[Finding, ...]:
    ratio = found.differ_ratio
    if ratio is None:
        return (not_assessed("EQ-1", ("diazepam_equivalent",)),) if _others(proposal) else ()
    limit = Fraction(limits.tables_differ_ratio)
    if ratio < limit:
        return ()
    figures = _figures(found, formulary)
    finding = rule("EQ-1").finding(
        message=f"{listed([str(dose) for dose in _others(proposal).values()])} a day is {'; '.join(figures)}: the "
        f"tables differ by {number(ratio, against=limit)} times." + of_the_centre(limits, "tables_differ_ratio"),
        do=f"Name the table you use. Begin at the lower figure ({mg(found.lowest or 0)}), watch, and adjust.",
    )
    if proposal.table is None:
        return (finding,)
    return (finding.answered(f"table named: {formulary.table(proposal.table).name}"),)


def _eq_2(proposal: ConversionProposal, limits: ClinicalSettings) -> tuple[Finding, ...]:
    limit = Fraction(limits.lorazepam_caution_mg)
    lorazepam = proposal.daily.get(CAUTION_FROM_A_DOSE)
    concerned = [str(proposal.daily[CAUTION_ALWAYS])] if CAUTION_ALWAYS in _others(proposal) else []
    if lorazepam is not None and CAUTION_FROM_A_DOSE in _others(proposal) and lorazepam.exact >= limit:
        concerned.append(str(lorazepam))
    if not concerned:
        return ()
    return (
        rule("EQ-2").finding(
            message=f"{listed(concerned)} a day is exchanged: the figures are least certain here."
            + of_the_centre(limits, "lorazepam_caution_mg"),
            do="Go in small parts, one dose of the day at a time, and look at the person before each next part.",
        ),
    )


def _eq_3(proposal: ConversionProposal, formulary: Formulary) -> tuple[Finding, ...]:
    names = [name for name in _others(proposal) if formulary.find(name).is_z_drug]
    if not names:
        return ()
    return (
        rule("EQ-3").finding(
            message=f"{listed(names).capitalize()} would be converted: some sources leave Z-drugs out on purpose.",
            do="A specialist decides; nothing is converted by itself. Tapering the Z-drug directly is a choice too.",
        ),
    )


def _eq_4(proposal: ConversionProposal, facts: PersonFacts) -> tuple[Finding, ...]:
    if proposal.to_medicine != DIAZEPAM or facts.liver_severe is False:
        return ()
    if facts.liver_severe is None:
        return (not_assessed("EQ-4", ("liver_severe",)),)
    return (
        rule("EQ-4").finding(
            message="The person has severe liver disease, and diazepam would build up.",
            do="Ask a specialist; oxazepam may be preferred.",
        ),
    )


def check_starting_diazepam(daily: Dose | None) -> tuple[Finding, ...]:
    """EQ-5: diazepam that stabilises or replaces begins with no more than the usual ceiling. `daily`: mg a day."""
    if daily is None or daily.medicine != DIAZEPAM:
        return ()
    limit = Fraction(rule("EQ-5").value("diazepam_mg_per_day"))
    if daily.exact <= limit:
        return ()
    return (
        rule("EQ-5").finding(
            message=f"It would begin with {daily} a day; the usual ceiling is {mg(limit)}.",
            do=f"Begin with {mg(limit)} or less, divided over the day, and adjust to what is seen.",
        ),
    )


def _eq_6(proposal: ConversionProposal, found: Equivalents) -> tuple[Finding, ...]:
    if not proposal.first_dose:
        return ()
    equivalent = dde(found, proposal.table)
    if equivalent is None:
        return (not_assessed("EQ-6", ("diazepam_equivalent",)),)
    limit = Fraction(rule("EQ-6").value("diazepam_mg_per_day"))
    if equivalent <= limit:
        return ()
    hours = number(rule("EQ-6").value("repeat_after_hours"))
    return (
        rule("EQ-6").finding(
            message=f"The first converted dose of {mg(equivalent, against=limit)} of diazepam equivalent a day.",
            do=f"Give half the calculated first dose, and the other half after {hours} hours if there is no sedation.",
        ),
    )


def _jcg_7(
    daily: Mapping[str, Dose], *, switch_to: str | None, facts: PersonFacts, formulary: Formulary
) -> tuple[Finding, ...]:
    short = [name for name in daily if formulary.find(name).acting is Acting.SHORT]
    if not short or switch_to is not None:
        return ()
    age = exact(facts.age)
    older = None if age is None else age >= Fraction(rule("OLD-1").value("age"))
    speaks_against = any_of(older, facts.liver_severe, facts.resp_severe, facts.dx_osa)
    if speaks_against:
        return ()
    if speaks_against is None:
        return (not_assessed("JCG-7", facts.unknown("age", "liver_severe", "resp_severe", "dx_osa")),)
    weeks = rule("JCG-7").value
    return (
        rule("JCG-7").finding(
            message=f"{listed(short).capitalize()} acts for a short time.",
            do="Consider a comparable dose of a longer-acting benzodiazepine, changing over within "
            f"{number(weeks('weeks_low'))} to {number(weeks('weeks_high'))} weeks.",
        ),
    )


def _eq_7(daily: Mapping[str, Dose], *, table: str | None, formulary: Formulary) -> tuple[Finding, ...]:
    if set(daily) <= {DIAZEPAM} or any(formulary.find(name).is_designer for name in daily):
        return ()
    found = equivalents(daily, formulary=formulary)
    limit = Fraction(rule("EQ-7").value("diazepam_mg_per_day"))
    equivalent = dde(found, table)
    if equivalent is None:
        return (not_assessed("EQ-7", ("diazepam_equivalent",)),)
    shown = f"{mg(equivalent, against=limit)} of diazepam equivalent a day"
    if equivalent <= limit:
        do = "The present medicine may be tapered directly."
        return (rule("EQ-7").finding(message=f"{shown}: {mg(limit)} or less.", do=do),)
    do = "For most people the NSW guidance switches to diazepam; the joint guideline leaves it open."
    return (rule("EQ-7").finding(message=f"{shown}: more than {mg(limit)}.", do=do),)


def _figures(found: Equivalents, formulary: Formulary) -> list[str]:
    """Each figure once with the tables that give it, the lowest first: "20 mg of diazepam by va-dod-2021"."""
    tables: dict[tuple[Fraction, Fraction], list[str]] = {}
    for key, by in found.by_table.items():
        tables.setdefault((by.low, by.high), []).append(formulary.table(key).name)
    return [f"{_figure(low, high)} by {listed(names)}" for (low, high), names in sorted(tables.items())]


def _figure(low: Fraction, high: Fraction) -> str:
    return f"{mg(low)} of diazepam" if low == high else f"{number(low)} to {mg(high)} of diazepam"
