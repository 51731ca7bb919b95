"""When how much would be taken by a plan or a regimen, hour by hour, for a curve of one person or of many.

Hours count from the midnight that begins the first day, in days of 24 h.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from glidepath.clinical.dosing.plan import PlannedDose, Step
from glidepath.clinical.dosing.supply import doses_on
from glidepath.clinical.pharmacokinetics.history import HOURS_PER_DAY, DoseHistory, assumed_steady


def histories_of_steps(steps: Sequence[Step], days: int, *, taken_before: bool) -> Mapping[str, DoseHistory]:
    """The doses of each medicine over `days` days, as if every step began on its day.

    taken_before: the doses of the first step were taken every day since long before; else nothing was.
    """
    first = steps[0].start
    by_day = [doses_on(steps, first + dt.timedelta(days=number)) for number in range(days)]
    return _histories(by_day, steps[0].doses if taken_before else ())


def histories_of_regimen(doses: Sequence[PlannedDose], days: int, *, taken_before: bool) -> Mapping[str, DoseHistory]:
    """The same doses every day for `days` days."""
    return _histories([tuple(doses)] * days, doses if taken_before else ())


def _histories(by_day: Sequence[Sequence[PlannedDose]], before: Sequence[PlannedDose]) -> Mapping[str, DoseHistory]:
    taken: dict[str, list[tuple[float, float]]] = {}
    for number, doses in enumerate(by_day):
        for planned in doses:
            pair = number * HOURS_PER_DAY + _hour(planned.time), float(planned.dose.mg)
            taken.setdefault(planned.dose.medicine, []).append(pair)
    earlier: dict[str, dict[float, float]] = {}
    for planned in before:
        earlier.setdefault(planned.dose.medicine, {})[_hour(planned.time)] = float(planned.dose.mg)
    return {
        name: DoseHistory.of(taken.get(name, ()), assumed_steady(earlier[name], 0.0) if name in earlier else None)
        for name in sorted(taken.keys() | earlier.keys())
    }


def _hour(at: dt.time) -> float:
    return at.hour + at.minute / 60
