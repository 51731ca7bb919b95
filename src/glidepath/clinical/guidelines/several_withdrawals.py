"""POL-2, 3, 4, 5, 7: withdrawal from alcohol, opioids or stimulants beside the benzodiazepine's."""

from __future__ import annotations

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, one_of, yes
from glidepath.clinical.guidelines.wording import listed, number

IN_WITHDRAWAL = ("mild", "moderate", "severe", "complicated")
BENZODIAZEPINE = "wd_level"

# The withdrawals POL-4 weighs, the deadliest first, and how a finding names them.
WITHDRAWALS = {
    "alcohol_withdrawal": "alcohol",
    BENZODIAZEPINE: "benzodiazepine",
    "opioid_withdrawal": "opioid",
    "stimulant_withdrawal": "stimulant",
}
FIRST = "Treat alcohol and benzodiazepine withdrawal first: they can kill. Then opioids and stimulants."


def check_other_withdrawals(
    facts: PersonFacts, *, setting: Setting | None, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """Everything about other withdrawals. `setting`: where care is given, None while unset."""
    return (
        *_pol_2(facts),
        *_pol_3(facts),
        *_pol_4(facts),
        *_pol_5(facts, setting),
        *_pol_7(facts, settings or clinical_settings()),
    )


def _pol_2(facts: PersonFacts) -> tuple[Finding, ...]:
    if facts.ciwa_ar is None:
        return ()  # no score that could mislead
    return assessed(
        "POL-2",
        either(yes(facts, "opioid_withdrawal"), _in_benzodiazepine_withdrawal(facts)),
        message=f"CIWA-Ar {number(facts.ciwa_ar)} beside another withdrawal: the score may be too high.",
        do="Read it with care. If it rises in spite of treatment, look at the diagnosis again.",
    )


def _pol_3(facts: PersonFacts) -> tuple[Finding, ...]:
    return assessed(
        "POL-3",
        yes(facts, "alcohol_withdrawal"),
        message=_alcohol_in_words(facts),
        do=_how_often(facts),
    )


def _pol_4(facts: PersonFacts) -> tuple[Finding, ...]:
    conditions = {name: _present(facts, name) for name in WITHDRAWALS}
    present = [words for name, words in WITHDRAWALS.items() if conditions[name].holds]
    unknown = tuple(name for name, one in conditions.items() if one.holds is None)
    if len(present) >= 2:
        return (rule("POL-4").finding(message=f"{listed(present).capitalize()} withdrawal at once.", do=FIRST),)
    return (not_assessed("POL-4", unknown),) if len(present) + len(unknown) >= 2 else ()


def _pol_5(facts: PersonFacts, setting: Setting | None) -> tuple[Finding, ...]:
    last = "" if facts.cows is None else f"; the last COWS was {number(facts.cows)}"
    return assessed(
        "POL-5",
        Condition(setting is Setting.INPATIENT_MEDICAL),
        yes(facts, "opioid_withdrawal"),
        message=f"Opioid withdrawal in inpatient care{last}.",
        do=f"Score COWS every {number(rule('POL-5').value('every_hours'))} hours.",
    )


def _pol_7(facts: PersonFacts, limits: ClinicalSettings) -> tuple[Finding, ...]:
    drowsy = Condition(None if facts.rass is None else facts.rass <= limits.review_rass, ("rass",))
    seen = f"RASS is {number(facts.rass)}" if drowsy.holds and facts.rass is not None else "The person is intoxicated"
    return assessed(
        "POL-7",
        yes(facts, "buprenorphine_starting"),
        either(drowsy, yes(facts, "intoxicated")),
        message=f"{seen}, and buprenorphine is about to be started." + of_the_centre(limits, "review_rass"),
        do="Wait until the person is awake and clear, then start it. A benzodiazepine is no reason to withhold it.",
    )


def _present(facts: PersonFacts, name: str) -> Condition:
    return _in_benzodiazepine_withdrawal(facts) if name == BENZODIAZEPINE else yes(facts, name)


def _in_benzodiazepine_withdrawal(facts: PersonFacts) -> Condition:
    return one_of(facts, BENZODIAZEPINE, *IN_WITHDRAWAL)


def _alcohol_in_words(facts: PersonFacts) -> str:
    score, value = facts.ciwa_ar, rule("POL-3").value
    if score is None:
        return "Alcohol withdrawal, and CIWA-Ar has not been scored."
    severe = score >= value("severe_from")
    band = "severe" if severe else "moderate" if score >= value("moderate_from") else "mild"
    complicated = severe and (facts.wd_level == "complicated" or facts.new_hallucination)
    return f"Alcohol withdrawal, CIWA-Ar {number(score)}: {'complicated' if complicated else band}."


def _how_often(facts: PersonFacts) -> str:
    score, value = facts.ciwa_ar, rule("POL-3").value
    if score is None:
        return "Score it now; the score says how often to repeat it."
    if score > value("hourly_above"):
        return f"Score CIWA-Ar every {number(value('severe_hours'))} hour."
    often = "often" if score >= value("often_from") else "mild"
    low, high = value(f"{often}_hours_low"), value(f"{often}_hours_high")
    return f"Score CIWA-Ar every {number(low)} to {number(high)} hours."
