"""What is due from a plan's file on some days: by the clock of a place, as the released steps stand.

A projected step never begins by itself: until somebody releases it the present dose goes on past its planned end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from glidepath.clinical.dosing.plan import Step, StepState
from glidepath.clinical.dosing.schedule import DueDose, PlanInForce, StepInForce, due, moment
from glidepath.clinical.planfile.errors import PlanFileError

_DAY = dt.timedelta(days=1)


def due_doses(
    steps: Sequence[Step], *, first: dt.date, last: dt.date, zone: dt.tzinfo, as_projected: bool = False
) -> tuple[DueDose, ...]:
    """Every dose due on the calendar days from `first` to `last`, both counted, in order of time.

    as_projected: as if every step were released in time. Days before the plan begins have no dose. Raises PlanFileError
    for a plan without a step.
    """
    if not steps:
        raise PlanFileError("The plan has no step, so nothing is due from it. Plan again with other products.")
    since, until = moment(first, dt.time.min, zone), moment(last + _DAY, dt.time.min, zone)
    version = _in_force(steps, zone, as_projected=as_projected)
    return due([version], [], [], since=since, until=until, zone=zone)


def waiting(steps: Sequence[Step], last: dt.date) -> dt.date | None:
    """The planned day of the first step that nobody has released, where it lies on or before `last`."""
    found = next((step for step in steps if step.state is StepState.PROJECTED), None)
    return found.start if found is not None and found.start <= last else None


def _in_force(steps: Sequence[Step], zone: dt.tzinfo, *, as_projected: bool) -> PlanInForce:
    begins = moment(steps[0].start, steps[0].from_time or dt.time.min, zone)
    known = tuple(
        StepInForce(
            number=step.number,
            start=step.start,
            from_time=step.from_time,
            doses=step.doses,
            released_at=begins if as_projected or step.state is StepState.RELEASED else None,
        )
        for step in steps
    )
    return PlanInForce("plan", 1, 1, begins, on_hold=False, steps=known)
