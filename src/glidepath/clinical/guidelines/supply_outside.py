"""SUP-1, SUP-2: supply while the person lives at home."""

from __future__ import annotations

from collections.abc import Collection

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.predicates import Condition, assessed, either, no, yes

AVOIDED = "alprazolam"  # the medicine SUP-2 names


def check_supply_outside(
    facts: PersonFacts, *, setting: Setting | None, tapers: bool | None, medicines: Collection[str] | None
) -> tuple[Finding, ...]:
    """Both. `tapers`: planned or under way. `medicines`: names of what is taken, None where not known."""
    dispensed = assessed(
        "SUP-1",
        Condition(None if setting is None else setting is Setting.OUTPATIENT, ("setting",)),
        Condition(tapers, ("taper_active",)),
        no(facts, "supply_arranged"),
        message="A taper at home, without staged dispensing, a pharmacist in the plan and one prescriber.",
        do="Arrange daily or staged dispensing, tell the pharmacist the plan, and name one prescriber.",
    )
    alprazolam = bool(medicines) and AVOIDED in (medicines or ())
    why = "it is alprazolam" if alprazolam else "there is no written agreement with frequent review"
    bridge = assessed(
        "SUP-2",
        yes(facts, "bridging_script"),
        either(Condition(alprazolam), no(facts, "bridging_agreement")),
        message=f"A bridging prescription, and {why}.",
        do="Keep it short, with frequent review and a written agreement, and avoid alprazolam.",
    )
    return (*dispensed, *bridge)
