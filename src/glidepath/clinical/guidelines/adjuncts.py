"""ADJ-1, ADJ-2, ADJ-3: medicines given beside a taper."""

from __future__ import annotations

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.phenobarbital import PHENOBARBITAL
from glidepath.clinical.guidelines.predicates import Condition, assessed, yes

NOT_SUPPORTED = frozenset({"carbamazepine", "pregabalin"})  # the two that ADJ-1 names


def check_adjunct(
    medicine: str, *, for_taper: bool | None, setting: Setting | None, formulary: Formulary
) -> tuple[Finding, ...]:
    """ADJ-1 and ADJ-2 for `medicine` beside the one that is tapered. `for_taper`: whether it is given for the taper."""
    name = medicine.strip().lower()
    asked = Condition(for_taper, ("for_taper",))
    unsupported = assessed(
        "ADJ-1",
        Condition(name in NOT_SUPPORTED),
        asked,
        message=f"{name.capitalize()} is given for the taper: the evidence does not support it.",
        do="First pause or slow the taper. Where it stays, record why.",
    )
    second = assessed(
        "ADJ-2",
        Condition(_acts_alike(name, formulary)),
        asked,
        Condition(None if setting is None else setting is Setting.OUTPATIENT, ("setting",)),
        message=f"{name.capitalize()} would be added to the taper, and acts as the benzodiazepine does.",
        do="Avoid it: the person would depend on a second one. First pause or slow the taper.",
    )
    return (*unsupported, *second)


def check_new_ssri(facts: PersonFacts, *, tapers: bool | None) -> tuple[Finding, ...]:
    """ADJ-3: a new SSRI treats its own condition and is no reason to go faster. `tapers`: planned or under way."""
    return assessed(
        "ADJ-3",
        Condition(tapers, ("taper_active",)),
        yes(facts, "ssri_started"),
        message="An SSRI was started during the taper.",
        do="Treat the condition by its own guideline, and keep the pace of the taper.",
    )


def _acts_alike(name: str, formulary: Formulary) -> bool:
    """Whether it is a benzodiazepine, a Z-drug or the barbiturate the facts know."""
    try:
        formulary.find(name)
    except UnknownMedicine:
        return name == PHENOBARBITAL
    return True
