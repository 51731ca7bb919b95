"""LIV-1: severe liver disease. Where the plan switches to diazepam, EQ-4 says the same of the switch."""

from __future__ import annotations

from collections.abc import Mapping

from glidepath.clinical.amounts import Dose
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.conversion import DIAZEPAM
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, yes
from glidepath.clinical.guidelines.wording import doses


def check_liver(
    facts: PersonFacts, *, daily: Mapping[str, Dose] | None, switch_to: str | None = None
) -> tuple[Finding, ...]:
    """LIV-1. `daily`: mg of each medicine a calendar day, None where not known. `switch_to`: None without a switch."""
    taken = "a benzodiazepine" if daily is None else f"{doses(tuple(daily.values()))} a day"
    return assessed(
        "LIV-1",
        Condition(switch_to != DIAZEPAM),
        Condition(None if daily is None else bool(daily), ("daily_dose",)),
        yes(facts, "liver_severe"),
        message=f"The person has severe liver disease, and takes {taken}.",
        do="Ask a specialist; oxazepam may be preferred.",
    )
