"""JCG-4, JCG-10: was the plan decided with the person, and was psychological support offered?"""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import not_assessed


def check_shared_decision(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-4: no plan goes live before the shared decision is recorded."""
    if facts.shared_decision is None:
        return (not_assessed("JCG-4", ("shared_decision",)),)
    if facts.shared_decision:
        return ()
    return (
        rule("JCG-4").finding(
            message="The plan has not been decided together with the person.",
            do="Talk it through with the person (and their care partner, if they want that), then record what you "
            "agreed on.",
        ),
    )


def check_psychosocial_offer(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-10: psychological support beside the taper."""
    if facts.psychosocial_offered is None:
        return (not_assessed("JCG-10", ("psychosocial_offered",)),)
    if facts.psychosocial_offered:
        return ()
    return (
        rule("JCG-10").finding(
            message="No psychological support has been offered beside the taper.",
            do="Offer or refer: CBT for what the medicine was first taken for, CBT for insomnia where sleep was it.",
        ),
    )
