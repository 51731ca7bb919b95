"""UDT-1 to UDT-5: what a drug test says, and what it never decides."""

from __future__ import annotations

from collections.abc import Mapping

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.conversion import DIAZEPAM
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, no, yes
from glidepath.clinical.guidelines.wording import listed, number


def check_drug_tests(facts: PersonFacts, *, daily: Mapping[str, Dose] | None) -> tuple[Finding, ...]:
    """All five. `daily`: mg of each medicine a calendar day, None where not known."""
    return (
        *_udt_1(facts, daily),
        *_udt_2(facts, daily),
        *_udt_3(facts),
        *_udt_4(facts),
        *_udt_5(facts),
    )


def _udt_1(facts: PersonFacts, daily: Mapping[str, Dose] | None) -> tuple[Finding, ...]:
    value = rule("UDT-1").value
    missed = f"{number(value('missed_percent_low'))} to {number(value('missed_percent_high'))} %"
    taken = listed(tuple(daily)) if daily else "a benzodiazepine"
    return assessed(
        "UDT-1",
        yes(facts, "tested"),
        Condition(None if daily is None else bool(daily), ("daily_dose",)),
        yes(facts, "immunoassay_negative"),
        message=f"An immunoassay found no benzodiazepine in somebody who takes {taken}. Clonazepam, lorazepam and "
        f"others are often missed, {missed} by one count.",
        do="Do not conclude that it is not taken. Ask for LC-MS/MS before anything follows from it.",
        severity=_only_where(facts.result_used_against),
    )


def _udt_2(facts: PersonFacts, daily: Mapping[str, Dose] | None) -> tuple[Finding, ...]:
    return assessed(
        "UDT-2",
        yes(facts, "tested"),
        Condition(None if daily is None else DIAZEPAM in daily, ("daily_dose",)),
        yes(facts, "metabolites_found"),
        message="Temazepam, oxazepam or nordiazepam was found in somebody who takes diazepam.",
        do="Record it as expected: diazepam becomes all three. It is not extra use.",
        severity=_only_where(facts.result_called_illicit),
    )


def _udt_3(facts: PersonFacts) -> tuple[Finding, ...]:
    return assessed(
        "UDT-3",
        yes(facts, "tested"),
        yes(facts, "result_unexpected"),
        no(facts, "result_confirmed"),
        message="A test result is not what was expected, and has not been confirmed.",
        do="Order LC-MS/MS and talk it over with the person. Sertraline and oxaprozin can give a false positive.",
    )


def _udt_4(facts: PersonFacts) -> tuple[Finding, ...]:
    return assessed(
        "UDT-4",
        yes(facts, "tested"),
        yes(facts, "result_used_against"),
        message="A test result would be the reason for a discharge, or for stopping a dose.",
        do="Keep the person in care and the dose as it is. A test is for working together, not a punishment.",
    )


def _udt_5(facts: PersonFacts) -> tuple[Finding, ...]:
    return assessed(
        "UDT-5",
        yes(facts, "designer_suspected"),
        message="The person may have taken a designer benzodiazepine.",
        do="Ask the laboratory for it by name: etizolam and the like are reported only when asked for.",
    )


def _only_where(stands_in_the_way: bool | None) -> Severity:
    """A hard stop against what would follow from the result; else shown as advice (our reading)."""
    return Severity.HARD_STOP if stands_in_the_way else Severity.ADVICE
