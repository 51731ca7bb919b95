"""INP-4: a CIWA-B never stands alone."""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import name_in_words
from glidepath.clinical.guidelines.wording import listed, number

BESIDE_CIWA_B = ("hr", "sbp", "temp_c", "rr", "spo2")


def check_beside_ciwa_b(facts: PersonFacts) -> tuple[Finding, ...]:
    """INP-4: the form asks for a chart of vital signs beside it. Silent where no CIWA-B was scored."""
    missing = facts.unknown(*BESIDE_CIWA_B)
    if facts.ciwa_b is None or not missing:
        return ()
    names = listed([name_in_words(name) for name in missing])
    return (
        rule("INP-4").finding(
            message=f"CIWA-B {number(facts.ciwa_b)} was scored, and vital signs beside it are missing: {names}.",
            do="Measure them now and record them with the score.",
        ),
    )
