"""JCG-17, JCG-21, POL-1, POL-8: opioids, alcohol and other sedatives beside a benzodiazepine."""

from __future__ import annotations

import re

from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.dependence import Dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of, not_assessed, not_assessed_for

OPIOID_OUD_MEDICINES = frozenset({"buprenorphine", "methadone"})
OUD_MEDICINES = frozenset({"buprenorphine", "methadone", "naltrexone"})


def takes_opioid(facts: PersonFacts) -> bool | None:
    """Whether an opioid is taken: said so, or methadone or buprenorphine for opioid use disorder; None = unknown."""
    if facts.oud_med in OPIOID_OUD_MEDICINES:
        return True
    return facts.opioid_active


def check_naloxone(facts: PersonFacts) -> tuple[Finding, ...]:
    """JCG-17: an opioid beside a benzodiazepine, and naloxone not offered."""
    opioid = takes_opioid(facts)
    not_offered = None if facts.naloxone_offered is None else not facts.naloxone_offered
    fires = all_of(opioid, not_offered)
    if fires is None:
        missing = ("opioid_active",) if opioid is None else ("naloxone_offered",)
        return (not_assessed("JCG-17", missing),)
    if not fires:
        return ()
    what = facts.oud_med if facts.oud_med in OPIOID_OUD_MEDICINES else "an opioid"
    return (
        rule("JCG-17").finding(
            message=f"The person takes {what} beside the benzodiazepine, and naloxone has not been offered.",
            do="Give or offer naloxone and show the person, and those who live with them, how to use it.",
        ),
    )


def check_oud_medicine(medicine: str, *, stops: bool, because_of_benzodiazepine: bool | None) -> tuple[Finding, ...]:
    """JCG-21: treatment for opioid use disorder is not stopped or interrupted because of a benzodiazepine.

    `medicine`: as it was typed, the generic name with whatever stands beside it, such as "buprenorphine/naloxone".
    `stops`: the proposal stops, pauses or lowers it. `because_of_benzodiazepine`: whether that is the reason.
    """
    name = medicine.strip().lower()
    if not OUD_MEDICINES & {*re.findall(r"\w+", name)} or not stops or because_of_benzodiazepine is False:
        return ()
    if because_of_benzodiazepine is None:
        return (not_assessed("JCG-21", ("because_of_benzodiazepine",)),)
    return (
        rule("JCG-21").finding(
            message=f"{name.capitalize()} would be stopped or interrupted because of a benzodiazepine.",
            do=f"Go on with {name}. Lower the risk by other means: naloxone, the benzodiazepine's taper, "
            "supervised doses.",
        ),
    )


def check_alcohol(facts: PersonFacts, found: Dependence) -> tuple[Finding, ...]:
    """POL-1: alcohol and benzodiazepine dependence together, and a plan for one of them alone."""
    unplanned = None if facts.alcohol_plan is None else not facts.alcohol_plan
    fires = all_of(facts.alcohol_dependent, found.likely, unplanned)
    if fires is None:
        missing = [*facts.unknown("alcohol_dependent")]
        if facts.alcohol_dependent:
            missing += [*found.missing, *facts.unknown("alcohol_plan")]
        return (not_assessed("POL-1", tuple(missing)),)
    if not fires:
        return ()
    return (
        rule("POL-1").finding(
            message="The person is dependent on alcohol as well, and this plan covers the benzodiazepine alone.",
            do="Plan both withdrawals together: they add up, run longer and are harder. Record the alcohol plan.",
        ),
    )


def check_sedative_load(facts: PersonFacts, *, others: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """POL-8: other sedatives count in the load, and none of them stops at once. `others`: those known by name."""
    if not others and facts.other_sedatives is None:
        return (not_assessed_for("POL-8", facts, "other_sedatives"),)
    if not others and not facts.other_sedatives:
        return ()
    named = ", ".join(others) if others else "another sedative"
    return (
        rule("POL-8").finding(
            message=f"The person takes {named} as well: the sedation adds up.",
            do="Count it in the sedative load, watch breathing and alertness, and stop none of them at once.",
        ),
    )
