"""What changes pace or choice for one person: each factor with its reason, its source and what to do.

Some are rules of the guideline, some figures of the medicines' own files. No source gives a pace for a factor but those
of pace_proposals.py, so none is invented here: the symptom review sets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import Caution, Seen, clinical_settings, rule, source
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.breathing import check_breathing
from glidepath.clinical.guidelines.case import Case, Known, OtherMedicine, known_of
from glidepath.clinical.guidelines.co_use import check_alcohol, takes_opioid
from glidepath.clinical.guidelines.liver import check_liver
from glidepath.clinical.guidelines.older_people import check_older_person_switch
from glidepath.clinical.guidelines.other_medicines import check_other_medicines, raises_level
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, yes
from glidepath.clinical.guidelines.pregnancy import check_pregnancy, check_third_trimester
from glidepath.clinical.guidelines.seizures import check_epilepsy_medicine
from glidepath.clinical.guidelines.severe_withdrawal import seizure_risks
from glidepath.clinical.guidelines.short_use import check_short_use
from glidepath.clinical.guidelines.substance_use import check_lowest_doses
from glidepath.clinical.guidelines.wording import listed, months, number

NO_PACE = "No source gives a pace for it: let the symptom review set it."


class Factor(StrEnum):
    AGE = "age"
    LIVER = "liver"
    KIDNEY = "kidney"
    BREATHING = "breathing"
    PREGNANCY = "pregnancy"
    EPILEPSY = "epilepsy"
    OPIOIDS = "opioids"
    ALCOHOL = "alcohol"
    OTHER_MEDICINES = "other medicines"
    SEIZURE = "earlier seizure"
    SHORT_USE = "short use"
    LONG_USE = "very long use"
    SWITCH = "a switch"


@dataclass(frozen=True, slots=True)
class PersonFactor:
    """One factor and one finding about it; a finding may say that a fact is missing."""

    factor: Factor
    finding: Finding


def person_factors(
    case: Case, *, formulary: Formulary, settings: ClinicalSettings | None = None
) -> tuple[PersonFactor, ...]:
    """Every factor of this person. Raises UnknownMedicine for a medicine that the formulary does not have."""
    known = known_of(case, formulary=formulary)
    facts = known.facts
    found = {
        Factor.AGE: (*check_older_person_switch(facts, switch_to=known.switch_to), *_age(known, formulary)),
        Factor.LIVER: (*check_liver(facts, daily=known.daily, switch_to=known.switch_to), *_liver(known, formulary)),
        Factor.KIDNEY: _kidney(known, formulary),
        Factor.BREATHING: check_breathing(facts),
        Factor.PREGNANCY: (*check_pregnancy(facts), *check_third_trimester(facts)),
        Factor.EPILEPSY: check_epilepsy_medicine(facts, tuple(known.daily or ())),
        Factor.OPIOIDS: check_lowest_doses(facts),
        Factor.ALCOHOL: check_alcohol(facts, known.dependence),
        Factor.SEIZURE: _seizure(known),
        Factor.SHORT_USE: check_short_use(facts, dde=known.dde),
        Factor.LONG_USE: _long_use(known, settings or clinical_settings()),
        Factor.OTHER_MEDICINES: _other_medicines(known, formulary),
        Factor.SWITCH: _start_of_a_switch(known, formulary),
    }
    return tuple(PersonFactor(factor, finding) for factor, findings in found.items() for finding in findings)


def check_factors(case: Case, *, formulary: Formulary, settings: ClinicalSettings | None = None) -> tuple[Finding, ...]:
    """The findings of our own alone (FAC), for use beside the guideline's. Raises as `person_factors`."""
    return tuple(
        one.finding
        for one in person_factors(case, formulary=formulary, settings=settings)
        if one.finding.code.startswith("FAC-")
    )


def _age(known: Known, formulary: Formulary) -> tuple[Finding, ...]:
    age, limit = known.facts.age, rule("FAC-AGE").value("age")
    years = "" if age is None else number(age)
    findings = assessed(
        "FAC-AGE",
        _takes(known),
        Condition(None if age is None else age >= limit, ("age",)),
        message=f"The person is {years}. {_figures(known.daily, 'older adult', formulary)}",
        do=f"Where a half-life is longer, each cut arrives later: look at falls and alertness. {NO_PACE}",
    )
    return _with_sources(findings, known, "older adult", formulary)


def _liver(known: Known, formulary: Formulary) -> tuple[Finding, ...]:
    findings = assessed(
        "FAC-LIVER",
        _takes(known),
        yes(known.facts, "liver_severe"),
        message=f"The person has severe liver disease. {_figures(known.daily, 'hepatic', formulary)}",
        do=f"Choose the medicine with a specialist. {NO_PACE}",
    )
    return _with_sources(findings, known, "hepatic", formulary)


def _kidney(known: Known, formulary: Formulary) -> tuple[Finding, ...]:
    findings = assessed(
        "FAC-KIDNEY",
        _takes(known),
        yes(known.facts, "kidney_severe"),
        message=f"The person has severe kidney disease. {_figures(known.daily, 'renal', formulary)}",
        do=f"Ask the pharmacist about the medicine. {NO_PACE}",
    )
    return _with_sources(findings, known, "renal", formulary)


def _seizure(known: Known) -> tuple[Finding, ...]:
    risks = seizure_risks(known.facts, dde_max=known.highest)
    return assessed(
        "FAC-SEIZURE",
        _takes(known),
        yes(known.facts, "past_seizure", "past_withdrawal_complicated", "alcohol_dependent"),
        message=f"A seizure in withdrawal is more likely with {listed(risks)}.",
        do=f"Assess the risk before each cut, and choose the place of care by it. {NO_PACE}",
    )


def _long_use(known: Known, limits: ClinicalSettings) -> tuple[Finding, ...]:
    used, found = known.facts.use_months, rule("FAC-LONG")
    low, high = number(found.value("lasting_percent_low")), number(found.value("lasting_percent_high"))
    return assessed(
        "FAC-LONG",
        _takes(known),
        Condition(None if used is None else used >= limits.very_long_use_months, ("use_months",)),
        message=f"Taken for {'' if used is None else months(used)}. After long use a seizure in withdrawal is more "
        f"likely, and perhaps {low} to {high} % have symptoms for months or years after the last dose."
        + of_the_centre(limits, "very_long_use_months"),
        do=f"Say beforehand that symptoms can outlast the taper. {NO_PACE}",
    )


def _other_medicines(known: Known, formulary: Formulary) -> tuple[Finding, ...]:
    return check_other_medicines(_others(known), daily=known.daily, formulary=formulary)


def _start_of_a_switch(known: Known, formulary: Formulary) -> tuple[Finding, ...]:
    """Where tables give a lower start, these go lower still; how much is a clinical judgement."""
    facts, limit = known.facts, rule("FAC-AGE").value("age")
    older = Condition(None if facts.age is None else facts.age >= limit, ("age",))
    opioid = Condition(takes_opioid(facts), ("opioid_active",))
    medicines = (*(known.daily or ()), *(() if known.switch_to is None else (known.switch_to,)))
    inhibited = raises_level(_others(known), of=medicines, formulary=formulary)
    reasons = {
        f"an age of {number(limit)} or more": older.holds,
        "severe liver disease": facts.liver_severe,
        "an opioid": opioid.holds,
        "dependence on alcohol": facts.alcohol_dependent,
        "a medicine that raises its level": inhibited,
    }
    present = listed([words for words, is_so in reasons.items() if is_so])
    return assessed(
        "FAC-START",
        Condition(known.switch_to is not None),
        either(Condition(inhibited), older, opioid, yes(facts, "liver_severe", "alcohol_dependent")),
        message=f"The plan switches to {known.switch_to}, with {present}.",
        do="Begin lower than the lower figure of the tables, and look at the person before each next part. No "
        "published factor says how much lower.",
    )


def _others(known: Known) -> tuple[OtherMedicine, ...]:
    """The other medicines, and alcohol where the person depends on it and some file names it."""
    alcohol = (OtherMedicine("alcohol"),) if known.facts.alcohol_dependent and "clobazam" in (known.daily or ()) else ()
    return (*known.case.others, *alcohol)


def _takes(known: Known) -> Condition:
    return Condition(known.takes, ("daily_dose",))


def _figures(daily: Mapping[str, Dose] | None, about: str, formulary: Formulary) -> str:
    """What the medicines' files say of such people, side by side, never averaged."""
    said = []
    for medicine in daily or ():
        found = ". Another source: ".join(caution.text for caution in _cautions(medicine, about, formulary))
        said.append(f"{medicine.capitalize()}: {found or 'no figure found'}.")
    return " ".join(said)


def _cautions(medicine: str, about: str, formulary: Formulary) -> Iterator[Caution]:
    for caution in formulary.find(medicine).cautions:
        if caution.about == about and caution.source and caution.text and caution.seen is not Seen.UNVERIFIED:
            yield caution


def _with_sources(findings: tuple[Finding, ...], known: Known, about: str, formulary: Formulary) -> tuple[Finding, ...]:
    """The findings with the references of the figures they show."""
    keys = [caution.source for one in known.daily or () for caution in _cautions(one, about, formulary)]
    titles = "; ".join(source(key).title for key in dict.fromkeys(keys) if key)
    return tuple(replace(one, source=f"{one.source}: {titles}") if titles else one for one in findings)
