"""The pre-admission screen: what is known, what is still open, and the level of care the rules suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.flow.models import Enquiry
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.facts import question_of
from glidepath.clinical.guidelines.first_call import RED_FLAGS
from glidepath.clinical.guidelines.seizure_list import Reported, SeizureRisk, seizure_list, seizure_risk_high
from glidepath.clinical.guidelines.suggested_level import Suggestion, suggest_level
from glidepath.clinical.guidelines.wording import listed
from glidepath.record.people.models import Person

# Each field of the call's form and the fact it is kept as. One fact has one name, wherever it is asked.
CALL_FACTS: Mapping[str, str] = {
    "alcohol_dependent": "alcohol_dependent",
    "opioid_active": "opioid_active",
    "pregnant": "pregnant",
    "suicidality_voiced": "suicidality_voiced",
    "new_hallucination": "new_hallucination",
}
# The same of the screen's form, in the order in which it asks.
SCREEN_FACTS: Mapping[str, str] = {
    name: name
    for name in (
        "past_seizure",
        "past_withdrawal_complicated",
        "stopped_without_taper",
        "wd_level",
        "severe_expected",
        "alcohol_dependent",
        "opioid_active",
        "oud_med",
        "oud_med_stabilising",
        "naloxone_offered",
        "other_sedatives",
        "sud_any",
        "injects_bzd",
        "flumazenil_given",
        "pregnant",
        "major_medical",
        "major_psych",
        "dx_epilepsy",
        "comorbidity_unsafe_outpatient",
        "suicidality_voiced",
        "new_hallucination",
        "imminent_harm",
        "harm_quickly_mitigated",
        "falls_risk",
        "declines_taper",
        "unplanned_admission",
        "dose_continued",
        "senior_review",
        "pdmp_checked",
    )
}
# Without an answer to these (not known is one) nobody is accepted: the seizure-risk list, and what is always asked.
BEFORE_ACCEPTING = (
    "past_seizure",
    "past_withdrawal_complicated",
    "stopped_without_taper",
    "alcohol_dependent",
    "other_sedatives",
    "flumazenil_given",
    "opioid_active",
    "suicidality_voiced",
)


@dataclass(frozen=True, slots=True)
class Screen:
    """seizure_high: None while a factor is not known. open: what is still to ask before anybody is accepted."""

    uses: tuple[BenzodiazepineUse, ...]
    suggestion: Suggestion
    seizure_risks: tuple[SeizureRisk, ...]
    seizure_high: bool | None
    red_flags: Mapping[str, str]
    open: tuple[str, ...]


def screen_of(person: Person, calls: Sequence[Enquiry]) -> Screen:
    """What follows from what is known. calls: of this stretch of care, the newest first."""
    told = tuple(assessment.uses(person))
    facts, flags = assessment.facts(person), red_flags_of(calls)
    reported = reported_of(told)
    risks = seizure_list(facts, reported, formulary=formulary())
    asked = assessment.answers([person], BEFORE_ACCEPTING).get(person.pk, {})
    return Screen(
        uses=told,
        suggestion=suggest_level(facts, reported, red_flags=flags, formulary=formulary()),
        seizure_risks=risks,
        seizure_high=seizure_risk_high(risks),
        red_flags=flags,
        open=_open(told, asked, flags, calls),
    )


def red_flags_of(calls: Sequence[Enquiry]) -> dict[str, str]:
    """The newest answer to each red flag; a call that did not ask takes none back."""
    found: dict[str, str] = {}
    for call in reversed(calls):
        found.update(call.red_flags)
    return found


def reported_of(told: Sequence[BenzodiazepineUse]) -> Reported:
    """What is taken, for the rules: the amounts that are known, and whether they are all."""
    return Reported(
        daily=assessment.reported_daily(told),
        names=tuple(dict.fromkeys(use.medicine or use.medicine_name for use in told)),
        complete=bool(told) and all(use.medicine and use.daily_ng is not None for use in told),
    )


def _open(
    told: Sequence[BenzodiazepineUse],
    asked: Mapping[str, assessment.Answer],
    flags: Mapping[str, str],
    calls: Sequence[Enquiry],
) -> tuple[str, ...]:
    found = [] if told else ["Record each benzodiazepine or Z-drug, with how much, how long and the last dose."]
    missing = [question_of(name).words for name in BEFORE_ACCEPTING if name not in asked]
    if missing:
        found.append(f"Ask about {listed(missing)}; “not known” is an answer.")
    unasked = [words.lower() for key, words in RED_FLAGS.items() if key not in flags]
    if calls and unasked:
        found.append(f"Call back about red flags: {listed(unasked)}.")
    return tuple(found)
