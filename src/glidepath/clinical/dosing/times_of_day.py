"""A single dose that rises while the day's dose falls: said, where no other division of the day could be made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from glidepath.clinical.amounts import plain
from glidepath.clinical.dosing.plan import Step
from glidepath.clinical.findings import Finding, Severity

RISES = "GP-SPLIT"  # ours


def rises_of_single_doses(steps: Sequence[Step]) -> tuple[Finding, ...]:
    """One finding for each time of day at which a medicine goes up in a step that lowers its daily dose."""
    return tuple(finding for before, after in pairwise(steps) for finding in _rises(before, after))


def _rises(before: Step, after: Step) -> list[Finding]:
    was, now = before.daily(), after.daily()
    had = {(planned.dose.medicine, planned.time): planned.dose for planned in before.doses}
    found = []
    for planned in after.doses:
        name, earlier = planned.dose.medicine, had.get((planned.dose.medicine, planned.time))
        if name in was and now[name] < was[name] and earlier is not None and earlier < planned.dose:
            found.append(
                Finding(
                    code=RISES,
                    severity=Severity.ADVICE,
                    message=f"Step {after.number}: the {planned.time:%H:%M} dose of {name} goes up from "
                    f"{plain(earlier.mg)} to {plain(planned.dose.mg)} mg while the day's dose falls: the "
                    "products allow no other division.",
                    do="Stock a smaller strength or a liquid, or tell the person why.",
                    source="our reading",
                    strength="n/g",
                    step=after.number,
                )
            )
    return found
