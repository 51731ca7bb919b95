"""JCG-28, PRG-1: no plan for a pregnant person without obstetrics, and what the last months mean for the baby."""

from __future__ import annotations

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of, not_assessed_for
from glidepath.clinical.guidelines.predicates import assessed, yes


def check_pregnancy(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-28: a joint plan with obstetrics, weighing the risks for both; never a sudden stop."""
    without_plan = None if facts.obstetric_plan is None else not facts.obstetric_plan
    fires = all_of(facts.pregnant, without_plan)
    if fires is None:
        names = ("pregnant", "obstetric_plan") if facts.pregnant else ("pregnant",)
        return (not_assessed_for("JCG-28", facts, *names),)
    if not fires:
        return ()
    return (
        rule("JCG-28").finding(
            message="The person is pregnant and no plan has been agreed with obstetrics.",
            do="Call obstetrics, weigh the risks for the person and the baby together, and agree on one plan. Do not "
            "stop at once; keep the present dose until then.",
        ),
    )


def check_third_trimester(facts: PersonFacts) -> tuple[Finding, ...]:
    """PRG-1: what the baby may have after birth."""
    return assessed(
        "PRG-1",
        yes(facts, "pregnant"),
        yes(facts, "third_trimester"),
        message="The third trimester: the baby may be floppy at birth, and withdrawal may come days after it and last "
        "weeks to months.",
        do="Tell the person and whoever will care for the baby, and plan how the baby is watched.",
    )
