"""JCG-6e: short use of a low dose."""

from __future__ import annotations

from fractions import Fraction

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed
from glidepath.clinical.guidelines.wording import mg, months, number


def check_short_use(facts: PersonFacts, *, dde: Fraction | None) -> tuple[Finding, ...]:
    """JCG-6e. `dde`: daily diazepam equivalent by the named table, else by the highest; None where unknown."""
    found, usual = rule("JCG-6e"), rule("JCG-6")
    below, most = found.value("months_below"), Fraction(found.value("diazepam_mg_at_most"))
    used = facts.use_months
    seen = "" if used is None or dde is None else f"{months(used)} at {mg(dde)} of diazepam equivalent a day"
    pace = f"{number(usual.value('cut_percent_low'))} to {number(usual.value('cut_percent_high'))} %"
    return assessed(
        "JCG-6e",
        Condition(None if used is None else used < below, ("use_months",)),
        Condition(None if dde is None else dde <= most, ("diazepam_equivalent",)),
        message=f"Taken for {seen}: short, and a low dose.",
        do=f"Cuts larger than {pace} may be tolerated. Ask how each one was before the next.",
    )
