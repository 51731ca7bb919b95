"""How much of each product the doses of a plan need over some days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction

from glidepath.clinical.dosing.plan import PlannedDose, Product, Step, StepState, TaperPlan

_DAY = dt.timedelta(days=1)


def supply_needed(
    plan: TaperPlan, since: dt.date, days: int, *, released_only: bool = False
) -> Mapping[Product, Fraction]:
    """Pieces (or mL) of each product for the doses due on `days` calendar days from `since` on, both ends counted.

    released_only: no projected step begins, the present dose goes on. Else every step begins on its day. Days before
    the plan starts need nothing. Raises ValueError when a dose does not say what it is made of.
    """
    steps = [step for step in plan.steps if not released_only or step.state is StepState.RELEASED]
    needed: dict[Product, Fraction] = {}
    for offset in range(days):
        for planned in doses_on(steps, since + offset * _DAY):
            if not planned.made:
                raise ValueError(f"which products make {planned.dose} at {planned.time:%H:%M} is not known")
            for part in planned.made:
                needed[part.product] = needed.get(part.product, Fraction(0)) + part.count
    return {product: needed[product] for product in sorted(needed)}


def doses_on(steps: Sequence[Step], day: dt.date) -> tuple[PlannedDose, ...]:
    """The doses of one calendar day: where a step begins at a time of that day, earlier doses are the old step's."""
    doses: list[PlannedDose] = []
    begun = [step for step in steps if step.start <= day]
    for index, step in enumerate(begun):
        since = step.from_time if step.start == day and step.from_time is not None else dt.time.min
        later = begun[index + 1] if index + 1 < len(begun) else None
        if later is not None and (later.start < day or later.from_time is None):
            continue
        until = later.from_time if later is not None else None
        doses += [dose for dose in step.doses if since <= dose.time and (until is None or dose.time < until)]
    return tuple(sorted(doses, key=lambda planned: (planned.time, planned.dose.medicine)))
