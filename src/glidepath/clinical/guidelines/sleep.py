"""JCG-26, JCG-26a: sleep where a mood or psychotic disorder is known."""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of, any_of, not_assessed, not_assessed_for

DIAGNOSES = ("dx_mood", "dx_bipolar", "dx_psychotic")


def watches_sleep(facts: PersonFacts) -> bool | None:
    """Whether the person lives with a mood (bipolar included) or psychotic disorder; None where it is not known."""
    return any_of(facts.dx_mood, facts.dx_bipolar, facts.dx_psychotic)


def check_sleep_watch(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-26: watch sleep closely at every step."""
    watches = watches_sleep(facts)
    if watches is None:
        return (not_assessed_for("JCG-26", facts, *DIAGNOSES),)
    if not watches:
        return ()
    why = ": lost sleep can bring on mania" if facts.dx_bipolar else ""
    return (
        rule("JCG-26").finding(
            message=f"The person lives with {_disorder(facts)}{why}.",
            do="Record sleep every night, and look at it before each step.",
        ),
    )


def check_sleep_pause(facts: PersonFacts, *, disturbed: bool | None) -> tuple[Finding, ...]:
    """JCG-26a: pause while sleep is badly disturbed. `disturbed`: as the last symptom review or the record says."""
    fires = all_of(watches_sleep(facts), disturbed)
    if fires is None:
        known = facts.unknown(*DIAGNOSES) if watches_sleep(facts) is None else ()
        missing = (*known, *(("sleep_disturbed",) if disturbed is None else ()))
        return (not_assessed("JCG-26a", missing),)
    if not fires:
        return ()
    return (
        rule("JCG-26a").finding(
            message=f"Sleep is badly disturbed, and the person lives with {_disorder(facts)}.",
            do="Pause the taper: keep the present dose until sleep is restored.",
        ),
    )


def _disorder(facts: PersonFacts) -> str:
    if facts.dx_bipolar:
        return "bipolar disorder"
    return "a psychotic disorder" if facts.dx_psychotic else "a mood disorder"
