"""SEI-1 to SEI-4: a seizure now, a seizure in this episode, and a taper of what treats epilepsy."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import all_of, not_assessed_for
from glidepath.clinical.guidelines.wording import listed, number

EPILEPSY_MEDICINES = frozenset({"clobazam", "clonazepam"})  # the two that SEI-4 names


def check_seizure(
    *, seen: bool = True, minutes: Decimal | None = None, without_recovery: bool | None = None
) -> tuple[Finding, ...]:
    """SEI-1 for a seizure, and SEI-2 when it lasts or repeats.

    seen: False for an event that was looked at and was no seizure. minutes: how long it has lasted so far.
    without_recovery: two seizures with no recovery between them.
    """
    if not seen:
        return ()
    emergency = rule("SEI-1").finding(
        message="A seizure.",
        do="Call for help. Airway, recovery position, blood glucose; a benzodiazepine is first-line. A physician comes "
        "now and looks for the cause. The taper is frozen.",
    )
    status = rule("SEI-2")
    long = minutes is not None and minutes >= status.value("minutes")
    if not long and not without_recovery:
        return (emergency,)
    found = (
        f"The seizure has lasted {number(minutes)} minutes."
        if long and minutes is not None
        else "Two seizures without recovery between them."
    )
    return (emergency, status.finding(message=found, do="Status epilepticus: emergency services, site protocol."))


def check_seizure_in_episode(*, open_seizure: bool, setting: Setting) -> tuple[Finding, ...]:
    """SEI-3: after a seizure no further cut until a prescriber has lifted the freeze."""
    if not open_seizure:
        return ()
    transfer = "" if setting is Setting.INPATIENT_MEDICAL else " Arrange transfer to inpatient medical care."
    return (
        rule("SEI-3").finding(
            message="There was a seizure in this episode, and nobody has lifted the freeze.",
            do="Go back to the last dose that held, and make no cut until addiction medicine or neurology has reviewed "
            f"it.{transfer}",
        ),
    )


def check_epilepsy_medicine(facts: PersonFacts, medicines: Collection[str]) -> tuple[Finding, ...]:
    """SEI-4: clobazam or clonazepam of a person with epilepsy, without the epilepsy's prescriber. By medicine key."""
    concerned = sorted(EPILEPSY_MEDICINES.intersection(medicines))
    if not concerned:
        return ()
    not_agreed = None if facts.epilepsy_prescriber_agreed is None else not facts.epilepsy_prescriber_agreed
    fires = all_of(facts.dx_epilepsy, not_agreed)
    if fires is None:
        names = ("dx_epilepsy", "epilepsy_prescriber_agreed") if facts.dx_epilepsy else ("dx_epilepsy",)
        return (not_assessed_for("SEI-4", facts, *names),)
    if not fires:
        return ()
    return (
        rule("SEI-4").finding(
            message=f"The person has epilepsy, and {listed(concerned)} may be what prevents seizures.",
            do="Do not taper it until the prescriber who treats the epilepsy has agreed; record the agreement.",
        ),
    )
