"""A way down that a prescriber drew: straight lines between milestones, from the present dose to the goal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.plan import Shape
from glidepath.clinical.dosing.request import Milestone, TaperRequest, kept


def check_milestones(request: TaperRequest) -> None:
    """Raises PlanError where the milestones do not lead from the present doses down to the goal, day by day."""
    if (request.shape is Shape.DRAWN) != bool(request.milestones):
        raise PlanError("A drawn way down needs its milestones, and only that shape has them. Give both, or neither.")
    if request.shape is not Shape.DRAWN:
        return
    daily = request.regimen.daily()
    for medicine in request.cut_order:
        own = milestones_of(request, medicine)
        goal = kept(request.goal, medicine)
        if not own or own[-1].daily != goal:
            raise PlanError(f"The curve of {medicine} ends at the goal: its last milestone is {goal} a day.")
        if own[0].on <= request.start:
            raise PlanError(f"The milestone on {own[0].on:%d %b %Y} does not lie after the start: choose a later day.")
        for earlier, later in pairwise(own):
            if later.on == earlier.on or later.daily > earlier.daily:
                raise PlanError(
                    f"From {earlier.daily} on {earlier.on:%d %b %Y} to {later.daily} on {later.on:%d %b %Y} the curve "
                    "does not fall: each milestone lies on a later day and not above the one before."
                )
        if medicine in daily and own[0].daily > daily[medicine]:
            raise PlanError(f"The milestone of {own[0].daily} lies above the present {daily[medicine]} a day.")


def milestones_of(request: TaperRequest, medicine: str) -> tuple[Milestone, ...]:
    """Those of one medicine, in order of time."""
    own = [one for one in request.milestones if one.daily.medicine == medicine]
    return tuple(sorted(own, key=lambda one: one.on))


def curve(
    milestones: Sequence[Milestone], *, present: Dose, since: dt.date, first: dt.date, interval_days: int
) -> tuple[Fraction, ...]:
    """mg a day that the curve asks for at each change, up to the last milestone.

    present: the dose from which it falls, on the day `since`. first: the day of the first change.
    """
    points = [(since, present.exact), *((one.on, one.daily.exact) for one in milestones if one.on > since)]
    asked: list[Fraction] = []
    day = first
    while day < points[-1][0]:
        asked.append(_between(points, day))
        day += dt.timedelta(days=interval_days)
    return tuple(asked)


def _between(points: Sequence[tuple[dt.date, Fraction]], day: dt.date) -> Fraction:
    for (before, high), (after, low) in pairwise(points):
        if before <= day < after:
            return high - (high - low) * Fraction((day - before).days, (after - before).days)
    return points[0][1]
