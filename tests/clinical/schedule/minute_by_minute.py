"""A slow, plain oracle: walk through every minute and ask what is in force and which clock times it shows.

It knows nothing of intervals, segments or offsets: it looks at the wall clock of each minute and of the minute before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from glidepath.clinical.dosing.schedule import OrderInForce, OrderKind, PlanInForce, StepInForce

MINUTE = dt.timedelta(minutes=1)

Line = tuple[dt.datetime, str, dt.time, str]  # when, key, named time, dose


def due_minute_by_minute(
    plans: Sequence[PlanInForce],
    orders: Sequence[OrderInForce],
    standing: Sequence[tuple[dt.datetime, dt.datetime | None]],
    *,
    walk_from: dt.datetime,
    since: dt.datetime,
    until: dt.datetime,
    zone: ZoneInfo,
) -> list[Line]:
    """The doses due in [since, until), found by walking from `walk_from`, before anything in the history."""
    walk = _Walk(plans, orders, standing, zone)
    minute = walk_from
    while minute < until:
        walk.live_through(minute)
        minute += MINUTE
    return sorted(line for line in walk.lines if line[0] >= since)


class _Walk:
    def __init__(self, plans, orders, standing, zone):
        self.plans, self.orders, self.standing, self.zone = plans, orders, standing, zone
        self.governing = -1  # index of the version in force
        self.current: tuple[PlanInForce, StepInForce] | None = None
        self.ever = False
        self.stuck = False  # a step of this version did not begin: none after it does
        self.replaced: set[str] = set()  # bridges a plan has taken over from
        self.shown_up_to: dt.datetime | None = None  # the furthest the wall clock has come
        self.lines: list[Line] = []

    def live_through(self, minute: dt.datetime) -> None:
        self._take_versions(minute)
        self._take_steps(minute)
        named = self._named_times(minute)
        if self.current:
            plan, step = self.current
            for planned in step.doses:
                if planned.time in named:
                    key = f"{plan.key}:{planned.dose.medicine}@{planned.time:%H:%M}"
                    self.lines.append((minute, key, planned.time, str(planned.dose)))
        for order in self.orders:
            self._order(order, minute, named)

    def _take_versions(self, minute: dt.datetime) -> None:
        taking = [index for index, plan in enumerate(self.plans) if plan.effective_at == minute]
        if taking and taking[-1] > self.governing:
            self.governing, self.stuck = taking[-1], False
            plan = self.plans[self.governing]
            ready = [step for step in plan.steps if self._ready(step, minute)]
            if ready:
                self._begin(plan, max(ready, key=lambda step: step.number))
        if self.governing >= 0 and self._ended(self.plans[self.governing], minute):
            self.current = None

    def _take_steps(self, minute: dt.datetime) -> None:
        if self.governing < 0:
            return
        plan = self.plans[self.governing]
        if self._ended(plan, minute):
            return
        here = self.current[1].number if self.current and self.current[0] is plan else -1
        began_now = False
        for step in sorted(plan.steps, key=lambda step: step.number):
            if step.number <= here or self.stuck:
                continue
            if not self._its_moment(step, minute):
                return
            is_a_cut = self.ever
            stands = any(a <= minute and (b is None or minute < b) for a, b in self.standing)
            if step.released_at is None or began_now or (is_a_cut and (plan.on_hold or stands)):
                self.stuck = True
            else:
                self._begin(plan, step)
                began_now = True

    def _begin(self, plan: PlanInForce, step: StepInForce) -> None:
        self.current, self.ever = (plan, step), True

    def _ended(self, plan: PlanInForce, minute: dt.datetime) -> bool:
        return plan.ended_at is not None and plan.ended_at <= minute

    def _ready(self, step: StepInForce, minute: dt.datetime) -> bool:
        return step.released_at is not None and step.released_at <= minute and self._day_has_come(step, minute)

    def _its_moment(self, step: StepInForce, minute: dt.datetime) -> bool:
        """Its day has come, and it is released; of a step nobody releases, only that its day has come."""
        return self._day_has_come(step, minute) and (step.released_at is None or step.released_at <= minute)

    def _day_has_come(self, step: StepInForce, minute: dt.datetime) -> bool:
        wall = minute.astimezone(self.zone).replace(tzinfo=None)
        return wall >= dt.datetime.combine(step.start, step.from_time or dt.time.min)

    def _named_times(self, minute: dt.datetime) -> set[dt.time]:
        """The clock times that this minute is: every one the wall shows or has jumped over for the first time."""
        wall = minute.astimezone(self.zone).replace(tzinfo=None)
        named = set()
        showing = (self.shown_up_to or wall - MINUTE) + MINUTE
        while showing <= wall:
            named.add(showing.time())
            self.shown_up_to = showing
            showing += MINUTE
        return named

    def _order(self, order: OrderInForce, minute: dt.datetime, named: set[dt.time]) -> None:
        if minute < order.start_at:
            return
        if order.until_plan and self.current:
            self.replaced.add(order.key)
        if order.key in self.replaced:
            return
        if any(end is not None and minute >= end for end in (order.end_at, order.stopped_at)):
            return
        if order.kind is OrderKind.REGULAR:
            for clock in sorted(set(order.times) & named):
                self.lines.append((minute, f"{order.key}@{clock:%H:%M}", clock, str(order.dose)))
            return
        elapsed = int((minute - order.start_at).total_seconds())
        once = order.kind is OrderKind.ONCE and elapsed == 0
        if once or (order.kind is OrderKind.INTERVAL and elapsed % (order.every_hours * 3600) == 0):
            self.lines.append((minute, order.key, minute.astimezone(self.zone).time(), str(order.dose)))
