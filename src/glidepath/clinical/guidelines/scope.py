"""ADO-1, PAL-1: is the guideline meant for this person at all?"""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, yes
from glidepath.clinical.guidelines.wording import number


def check_scope(facts: PersonFacts) -> tuple[Finding, ...]:
    """ADO-1 (adults only) and PAL-1 (not meant for palliative care)."""
    adult = rule("ADO-1").value("age")
    years = "" if facts.age is None else number(facts.age)
    young = assessed(
        "ADO-1",
        Condition(None if facts.age is None else facts.age < adult, ("age",)),
        message=f"The person is {years}: the guideline is for adults, from {number(adult)}.",
        do="Refer to a specialist service for young people; keep the present dose until they have taken over.",
    )
    palliative = assessed(
        "PAL-1",
        yes(facts, "palliative"),
        message="The person is in palliative care or near the end of life: the guideline is not meant for that.",
        do="Do not decide by these findings: ask the palliative team.",
    )
    return (*young, *palliative)
