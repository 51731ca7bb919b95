"""RES-1: severe lung disease or sleep apnoea."""

from __future__ import annotations

from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import assessed, no, yes
from glidepath.clinical.guidelines.wording import listed

CONDITIONS = {"resp_severe": "severe lung disease", "dx_osa": "sleep apnoea"}


def check_breathing(facts: PersonFacts) -> tuple[Finding, ...]:
    """RES-1: no loading dose, a shorter-acting medicine, and breathing that is watched."""
    present = [words for name, words in CONDITIONS.items() if facts.get(name)]
    return assessed(
        "RES-1",
        yes(facts, *CONDITIONS),
        no(facts, "resp_precautions"),
        message=f"The person has {listed(present)}, and precautions for breathing are not in place.",
        do="Give no loading dose, prefer a short-acting medicine, and watch breathing.",
    )
