"""JCG-27, OLD-1: a taper, and a switch, for someone of 65 or older."""

from __future__ import annotations

from fractions import Fraction

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts, exact
from glidepath.clinical.guidelines.missing import not_assessed
from glidepath.clinical.guidelines.wording import number

LONG_ACTING_SWITCH = "diazepam"  # the medicine OLD-1 names


def check_older_person(facts: PersonFacts, *, tapers_to_zero: bool) -> tuple[Finding, ...]:
    """JCG-27: generally taper, unless a compelling reason to continue is recorded. Answered by a taper to zero."""
    age = exact(facts.age)
    if age is None:
        return (not_assessed("JCG-27", ("age",)),)
    if age < Fraction(rule("JCG-27").value("age")):
        return ()
    finding = rule("JCG-27").finding(
        message=f"The person is {number(age)}: falls and confusion weigh more with every year.",
        do="Taper, unless there is a compelling reason to go on; record that reason.",
    )
    return (finding.answered("the plan tapers to zero"),) if tapers_to_zero else (finding,)


def check_older_person_switch(facts: PersonFacts, *, switch_to: str | None) -> tuple[Finding, ...]:
    """OLD-1: a switch to diazepam at 65 or older. `switch_to`: the medicine's name, None without a switch."""
    if switch_to != LONG_ACTING_SWITCH:
        return ()
    age = exact(facts.age)
    if age is None:
        return (not_assessed("OLD-1", ("age",)),)
    if age < Fraction(rule("OLD-1").value("age")):
        return ()
    return (
        rule("OLD-1").finding(
            message=f"The person is {number(age)} and the plan switches to {switch_to}, which builds up over days: "
            "drowsiness the next day, and falls.",
            do="Consider staying on the present medicine. If you switch, watch walking and alertness every day.",
        ),
    )
