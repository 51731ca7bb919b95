"""JCG-5, 5a, 5b, 5c, LOC-1, LOC-2: where a withdrawal can safely begin."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of, any_of, not_assessed
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, no, one_of, yes
from glidepath.clinical.guidelines.wording import listed, mg

SEVERE = ("severe", "complicated")

# What LOC-2 counts, and how a finding names it.
OUTPATIENT_RISKS: Mapping[str, str] = {
    "past_seizure": "an earlier seizure",
    "major_medical": "a major physical illness",
    "major_psych": "a major mental illness",
    "sud_any": "a substance use disorder",
    "alcohol_dependent": "dependence on alcohol",
    "other_sedatives": "another sedative",
    "oud_med_stabilising": "methadone or buprenorphine not yet stable",
}


def check_inpatient_start(facts: PersonFacts, *, dde_max: Fraction | None, setting: Setting) -> tuple[Finding, ...]:
    """LOC-1: a very high dose, or injecting, begins as an inpatient."""
    found = rule("LOC-1")
    limit = Fraction(found.value("diazepam_mg_per_day"))
    high = None if dde_max is None else dde_max > limit
    fires = all_of(setting is not Setting.INPATIENT_MEDICAL, any_of(high, facts.injects_bzd))
    if fires is None:
        missing = (*(("daily_dose",) if high is None else ()), *facts.unknown("injects_bzd"))
        return (not_assessed("LOC-1", missing),)
    if not fires:
        return ()
    dose = f"{mg(dde_max, against=limit)} of diazepam equivalent a day, over {mg(limit)}" if dde_max and high else ""
    seen = [said for said in (dose, "the person injects benzodiazepines" if facts.injects_bzd else "") if said]
    words = listed(seen)
    return (found.finding(message=f"{words[0].upper()}{words[1:]}.", do="Begin as an inpatient."),)


def check_outpatient_start(facts: PersonFacts, *, setting: Setting) -> tuple[Finding, ...]:
    """LOC-2: outpatient care with one of these risks only after senior review."""
    if setting is not Setting.OUTPATIENT or facts.senior_review:
        return ()
    present = [name for name in OUTPATIENT_RISKS if facts.get(name) is True]
    missing = facts.unknown(*OUTPATIENT_RISKS)
    if not present:
        return (not_assessed("LOC-2", missing),) if missing else ()
    if facts.senior_review is None:
        return (not_assessed("LOC-2", ("senior_review",)),)
    return (
        rule("LOC-2").finding(
            message=f"Outpatient care, with {listed([OUTPATIENT_RISKS[name] for name in present])}.",
            do="Ask a senior clinician before this goes on as outpatient care, and record the answer.",
        ),
    )


def check_setting(facts: PersonFacts, *, setting: Setting | None) -> tuple[Finding, ...]:
    """JCG-5, 5a, 5b and 5c: outpatient care unless something speaks against it. `setting`: None while unset."""
    return (
        *_unset(setting),
        *_harm_now(facts, setting),
        *_unsafe_outside(facts, setting),
        *_severe_outside(facts, setting),
    )


def _unset(setting: Setting | None) -> tuple[Finding, ...]:
    return assessed(
        "JCG-5",
        Condition(setting is None),
        message="Where care is to be given has not been decided.",
        do="Outpatient care is the rule. Look at harm that threatens now, other conditions and severe withdrawal.",
    )


def _harm_now(facts: PersonFacts, setting: Setting | None) -> tuple[Finding, ...]:
    return assessed(
        "JCG-5a",
        Condition(setting is not Setting.INPATIENT_MEDICAL),
        yes(facts, "imminent_harm"),
        no(facts, "harm_quickly_mitigated"),
        message="The benzodiazepine threatens harm now, and the first cut would not soon lessen it.",
        do="Consider inpatient care.",
    )


def _unsafe_outside(facts: PersonFacts, setting: Setting | None) -> tuple[Finding, ...]:
    return assessed(
        "JCG-5b",
        Condition(setting in (None, Setting.OUTPATIENT)),
        yes(facts, "comorbidity_unsafe_outpatient"),
        message="Another condition makes outpatient care unsafe.",
        do="Consider inpatient care.",
    )


def _severe_outside(facts: PersonFacts, setting: Setting | None) -> tuple[Finding, ...]:
    seen = f"Withdrawal is {facts.wd_level}" if is_severe(facts).holds else "Severe withdrawal is expected soon"
    return assessed(
        "JCG-5c",
        either(is_severe(facts), yes(facts, "severe_expected")),
        Condition(None if setting is None else setting is Setting.OUTPATIENT, ("setting",)),
        message=f"{seen}, and care is outpatient.",
        do="Arrange inpatient care, or a residential unit that is medically managed.",
    )


def is_severe(facts: PersonFacts) -> Condition:
    """Withdrawal is severe or complicated now."""
    return one_of(facts, "wd_level", *SEVERE)
