"""JCG-18, 20, 22, 23, POL-9: what else is owed to somebody with an opioid, a use disorder or supply from outside."""

from __future__ import annotations

from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.dependence import SUPPLY_TO_CONFIRM
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, no, one_of, yes


def check_lowest_doses(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-18: with an opioid, the lowest effective doses of both."""
    return assessed(
        "JCG-18",
        Condition(takes_opioid(facts), ("opioid_active",)),
        message="The person takes an opioid beside the benzodiazepine.",
        do="Keep both at the lowest dose that works, and strengthen care that needs no opioid.",
    )


def check_use_disorder_treated(facts: PersonFacts, *, tapers: bool | None) -> tuple[Finding, ...]:
    """JCG-20: a substance use disorder is treated beside the taper. `tapers`: planned or under way."""
    return assessed(
        "JCG-20",
        yes(facts, "sud_any"),
        Condition(tapers, ("taper_active",)),
        no(facts, "sud_treatment_plan"),
        message="The person lives with a substance use disorder, and it is not treated beside the taper.",
        do="Treat it beside the taper, or refer to somebody who does.",
    )


def check_care_afterwards(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-22: with a substance use disorder, treatment goes on after the taper."""
    return assessed(
        "JCG-22",
        yes(facts, "sud_any"),
        yes(facts, "taper_finished"),
        no(facts, "continuing_care"),
        message="The taper is finished, and no further treatment of the substance use disorder is arranged.",
        do="Go on with follow-up and treatment, or refer by name and date before the person leaves.",
    )


def check_harm_reduction(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-23: harm reduction with a use disorder, or with supply from outside a pharmacy."""
    seen = "The person lives with a substance use disorder" if facts.sud_any else "The supply is not all prescribed"
    return assessed(
        "JCG-23",
        either(yes(facts, "sud_any"), _from_outside(facts)),
        no(facts, "harm_reduction_offered"),
        message=f"{seen}, and harm reduction has not been offered.",
        do="Offer harm-reduction services, or refer to them.",
    )


def check_naloxone_outside(facts: PersonFacts) -> tuple[Finding, ...]:
    """POL-9: pills from outside a pharmacy may hold fentanyl."""
    return assessed(
        "POL-9",
        _from_outside(facts),
        no(facts, "naloxone_offered"),
        message="Pills come from outside a pharmacy and may hold fentanyl; naloxone has not been offered.",
        do="Offer naloxone, warn of fentanyl, and say where pills can be checked.",
    )


def _from_outside(facts: PersonFacts) -> Condition:
    return one_of(facts, "use_source", *sorted(SUPPLY_TO_CONFIRM))
