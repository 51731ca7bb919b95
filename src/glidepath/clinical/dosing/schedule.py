"""What is due, and when: derived from plans, releases, holds and orders, never stored.

What was due at a moment is derived from the version in force at that moment, so a new version never changes the past:

- Of all versions whose `effective_at` has come, the last in order is in force. It opens with its last step that is
  released and whose moment has come; the signature that made the version put it there. A version without such a step
  leaves the dose as it is.
- The first step of all is the present dose without a cut: it begins at its moment.
- A later step begins at its planned moment, or when it is released if that comes later: unless the version is a hold
  or something (a freeze, an alarm that pauses the taper) stands at that moment. Then it does not begin in that
  version, and no step after it does. Without a release the present dose goes on past its planned end.
- A step, version or order holds from its first moment up to, not including, its last (half-open).

Clock changes, one policy for every clock time: each named time comes exactly once a calendar day. A local time that
is skipped comes at the first moment that exists after the gap; a local time that comes twice comes the first time. A
calendar day that a zone leaves out altogether has no doses. An order by interval counts elapsed hours and does not
look at the clock on the wall.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import count, zip_longest
from typing import TypeAlias

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Made, PlannedDose

Interval: TypeAlias = tuple[dt.datetime, dt.datetime | None]  # from, up to and not including; None: still standing

_DAY = dt.timedelta(days=1)
_SECOND = dt.timedelta(seconds=1)


class ScheduleError(ValueError):
    """A history that cannot be: says what was given, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class StepInForce:
    """One step of a signed version. `start` is a calendar day of the centre; without `from_time` it begins with that
    day. `released_at` is when a prescriber released it (of the steps a version was signed with: when it was signed)."""

    number: int
    start: dt.date
    from_time: dt.time | None
    doses: tuple[PlannedDose, ...]
    released_at: dt.datetime | None

    def __post_init__(self) -> None:
        named = [(planned.time, planned.dose.medicine) for planned in self.doses]
        if len(set(named)) != len(named):
            raise ScheduleError(
                f"step {self.number} has two doses of one medicine at one time: add them to one dose of that time"
            )


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """One signed version of a plan. `key` names the plan ("plan:3"); `ended_at` is when the plan was closed."""

    key: str
    version_id: int
    number: int
    effective_at: dt.datetime
    on_hold: bool
    steps: tuple[StepInForce, ...]
    ended_at: dt.datetime | None = None


class OrderKind(StrEnum):
    REGULAR = "regular"  # named clock times, each exactly once a calendar day
    INTERVAL = "interval"  # every so many elapsed hours from the first dose
    ONCE = "once"
    PRN = "prn"  # as needed: never due by itself


@dataclass(frozen=True, slots=True)
class OrderInForce:
    """One signed order. `until_plan`: a bridge that ends for good where a taper plan first has a dose in force."""

    key: str
    order_id: int
    kind: OrderKind
    dose: Dose
    start_at: dt.datetime
    made: tuple[Made, ...] = ()
    times: tuple[dt.time, ...] = ()
    every_hours: int | None = None
    end_at: dt.datetime | None = None
    stopped_at: dt.datetime | None = None
    until_plan: bool = False

    def __post_init__(self) -> None:
        if self.kind is OrderKind.REGULAR and not self.times:
            raise ScheduleError(f"{self.key}: a regular order names at least one time of day")
        if len(set(self.times)) != len(self.times):
            raise ScheduleError(f"{self.key}: a time of day is named twice: name each once")
        if self.kind is OrderKind.INTERVAL and not (self.every_hours and self.every_hours > 0):
            raise ScheduleError(
                f"{self.key}: an order by interval says how many hours lie between two doses, 1 or more"
            )


@dataclass(frozen=True, slots=True, order=True)
class DueDose:
    """One dose due at `due_at` (UTC). `key` with `due_at` names it for ever; `local_time` is the time as ordered (of
    an order by interval: the clock at that moment). From a plan (version, step) or from an order."""

    due_at: dt.datetime
    key: str
    local_time: dt.time
    dose: Dose
    made: tuple[Made, ...] = ()
    order_id: int | None = None
    version_id: int | None = None
    step_number: int | None = None

    @property
    def medicine(self) -> str:
        return self.dose.medicine


@dataclass(frozen=True, slots=True)
class Segment:
    """`step` of one version was in force from `begins_at` up to `ends_at` (None: still)."""

    begins_at: dt.datetime
    ends_at: dt.datetime | None
    plan_key: str
    version_id: int
    version_number: int
    step: StepInForce

    def holds(self, moment: dt.datetime) -> bool:
        return self.begins_at <= moment and (self.ends_at is None or moment < self.ends_at)


class Why(StrEnum):
    """Why a step did not begin at its moment."""

    NOT_RELEASED = "not_released"
    ON_HOLD = "on_hold"  # the version in force was a hold
    STANDING = "standing"  # a freeze or an alarm that pauses the taper stood at that moment
    STEP_BEFORE = "step_before"  # the step before it did not begin, or not before it


@dataclass(frozen=True, slots=True)
class NotBegun:
    """A step of a version that was in force at `at`, its moment, and did not begin."""

    version_id: int
    step_number: int
    at: dt.datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Course:
    """Which step was in force when, in order, and which steps did not begin at their moment."""

    segments: tuple[Segment, ...]
    not_begun: tuple[NotBegun, ...]

    def in_force(self, moment: dt.datetime) -> Segment | None:
        return next((segment for segment in self.segments if segment.holds(moment)), None)


def due(
    plans: Sequence[PlanInForce],
    orders: Sequence[OrderInForce],
    standing: Sequence[Interval],
    *,
    since: dt.datetime,
    until: dt.datetime,
    zone: dt.tzinfo,
) -> tuple[DueDose, ...]:
    """Every dose due from `since` up to, not including, `until`, in order of time.

    plans: all versions of a person's plans, in the order in which they were signed. orders: all orders, in any order.
    standing: when freezes and pausing alarms stood, by the time they were recorded. zone: the centre's.
    Moments carry a time zone. Raises ScheduleError for a moment without one.
    """
    return due_in(segments(plans, standing, zone=zone), orders, since=since, until=until, zone=zone)


def due_in(
    course: Course, orders: Sequence[OrderInForce], *, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo
) -> tuple[DueDose, ...]:
    """`due` of a course that is known already: what `segments` gave for the same plans and zone."""
    _aware(since, until)
    doses = [dose for segment in course.segments for dose in _from_segment(segment, since, until, zone)]
    for order in orders:
        doses += _from_order(order, course, since, until, zone)
    return tuple(sorted(doses, key=lambda dose: (dose.due_at, dose.local_time, dose.key)))


def segments(plans: Sequence[PlanInForce], standing: Sequence[Interval], *, zone: dt.tzinfo) -> Course:
    """Which step was in force when, over all versions in the order in which they were signed."""
    found: list[Segment] = []
    not_begun: list[NotBegun] = []
    for plan, begins, ends in _in_force(plans):
        begun, missed = _steps_begun(plan, begins, ends, standing, zone, is_first=not found)
        found += [_segment(plan, at, step) for at, step in begun]
        not_begun += missed
    endings = {plan.key: plan.ended_at for plan in plans}
    return Course(tuple(_closed(found, endings)), tuple(not_begun))


@lru_cache(maxsize=8192)  # the same few times of the same few days are asked for again and again
def moment(day: dt.date, clock: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """The moment (UTC) of a named time on a calendar day, by the policy at the top of this module."""
    wall = dt.datetime.combine(day, clock)
    first = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return _end_of_gap(wall, first, zone)


def _end_of_gap(wall: dt.datetime, late: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The first moment after the gap that `wall` lies in: the offset before it gives a moment in or after its end
    (`late`), the offset after it one before its end; the change lies between."""
    early = wall.replace(tzinfo=zone, fold=1).astimezone(dt.UTC)
    before = early.astimezone(zone).utcoffset()
    while late - early > _SECOND:
        middle = early + (late - early) // 2 // _SECOND * _SECOND
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def _in_force(plans: Sequence[PlanInForce]) -> Iterator[tuple[PlanInForce, dt.datetime, dt.datetime | None]]:
    """Each version that is ever in force, with its first moment and the moment another took over.

    A version signed later takes over from its `effective_at`, also from one that would only have begun after it.
    """
    for index, plan in enumerate(plans):
        _aware(plan.effective_at)
        overtaken = min((later.effective_at for later in plans[index + 1 :]), default=None)
        ends = min((end for end in (overtaken, plan.ended_at) if end), default=None)
        if ends is None or plan.effective_at < ends:
            yield plan, plan.effective_at, ends


def _steps_begun(
    plan: PlanInForce,
    begins: dt.datetime,
    ends: dt.datetime | None,
    standing: Sequence[Interval],
    zone: dt.tzinfo,
    *,
    is_first: bool,
) -> tuple[list[tuple[dt.datetime, StepInForce]], list[NotBegun]]:
    """The steps that began while `plan` was in force, with their moments, and those that did not begin at theirs."""
    steps = sorted(plan.steps, key=lambda step: step.number)
    opening = max((i for i, step in enumerate(steps) if _stands_ready(step, begins, zone)), default=-1)
    begun = [(begins, steps[opening])] if opening >= 0 else []
    not_begun: list[NotBegun] = []
    for step in steps[opening + 1 :]:
        if ends and step.released_at and step.released_at >= ends:
            step = replace(step, released_at=None)  # while this version was in force, nobody had
        at = _begins_at(step, zone)
        if ends and at >= ends:
            break
        out_of_turn = bool(not_begun) or (bool(begun) and at <= begun[-1][0])
        why = _why_not(plan, step, at, standing, out_of_turn=out_of_turn, is_a_change=bool(begun) or not is_first)
        if why is None:
            begun.append((at, step))
        else:
            not_begun.append(NotBegun(plan.version_id, step.number, at, why))
    return begun, not_begun


def _stands_ready(step: StepInForce, at: dt.datetime, zone: dt.tzinfo) -> bool:
    return step.released_at is not None and _begins_at(step, zone) <= at


def _begins_at(step: StepInForce, zone: dt.tzinfo) -> dt.datetime:
    """Its planned moment, or its release where that came later."""
    planned = moment(step.start, step.from_time or dt.time.min, zone)
    return planned if step.released_at is None else max(planned, step.released_at)


def _why_not(
    plan: PlanInForce,
    step: StepInForce,
    at: dt.datetime,
    standing: Sequence[Interval],
    *,
    out_of_turn: bool,
    is_a_change: bool,
) -> Why | None:
    if step.released_at is None:
        return Why.NOT_RELEASED
    if out_of_turn:
        return Why.STEP_BEFORE
    if plan.on_hold and is_a_change:
        return Why.ON_HOLD
    stands = any(_covers(interval, at) for interval in standing)
    return Why.STANDING if stands and is_a_change else None


def _covers(interval: Interval, at: dt.datetime) -> bool:
    begins, ends = interval
    return begins <= at and (ends is None or at < ends)


def _segment(plan: PlanInForce, at: dt.datetime, step: StepInForce) -> Segment:
    return Segment(at, None, plan.key, plan.version_id, plan.number, step)


def _closed(found: Sequence[Segment], endings: Mapping[str, dt.datetime | None]) -> Iterator[Segment]:
    """Each segment up to the next one, or up to the end of its plan."""
    ordered = sorted(found, key=lambda segment: segment.begins_at)
    for segment, follower in zip_longest(ordered, ordered[1:]):
        ends = [follower.begins_at if follower else None, endings[segment.plan_key]]
        yield replace(segment, ends_at=min((end for end in ends if end), default=None))


def _from_segment(segment: Segment, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo) -> Iterator[DueDose]:
    since, until = max(since, segment.begins_at), min(until, segment.ends_at or until)
    for planned in segment.step.doses:
        for at in _clock_moments(planned.time, since, until, zone):
            yield DueDose(
                due_at=at,
                key=f"{segment.plan_key}:{planned.dose.medicine}@{planned.time:%H:%M}",
                local_time=planned.time,
                dose=planned.dose,
                made=planned.made,
                version_id=segment.version_id,
                step_number=segment.step.number,
            )


def _from_order(
    order: OrderInForce, course: Course, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo
) -> Iterator[DueDose]:
    _aware(order.start_at)
    ends = [end for end in (order.end_at, order.stopped_at, _plan_takes_over(order, course)) if end]
    since, until = max(since, order.start_at), min([until, *ends])
    if order.kind is OrderKind.REGULAR:
        for clock in order.times:
            for at in _clock_moments(clock, since, until, zone):
                yield _ordered(order, at, clock, f"{order.key}@{clock:%H:%M}")
    else:
        for at in _counted_moments(order, since, until):
            yield _ordered(order, at, at.astimezone(zone).time(), order.key)


def _ordered(order: OrderInForce, at: dt.datetime, clock: dt.time, key: str) -> DueDose:
    return DueDose(at, key, clock, order.dose, order.made, order_id=order.order_id)


def _plan_takes_over(order: OrderInForce, course: Course) -> dt.datetime | None:
    """The first moment of an `until_plan` order at which a plan has a step in force."""
    if not order.until_plan:
        return None
    taken = (
        max(segment.begins_at, order.start_at)
        for segment in course.segments
        if segment.ends_at is None or segment.ends_at > order.start_at
    )
    return min(taken, default=None)


def _counted_moments(order: OrderInForce, since: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """The moments of an order by interval (elapsed hours), or the one of an order for once."""
    start = order.start_at.astimezone(dt.UTC)
    if order.kind is OrderKind.ONCE and since <= start < until:
        yield start
    if order.kind is OrderKind.INTERVAL and order.every_hours:
        every = dt.timedelta(hours=order.every_hours)
        for number in count(max(0, -((start - since) // every))):
            at = start + number * every
            if at >= until:
                return
            if at >= since:
                yield at


def _clock_moments(clock: dt.time, since: dt.datetime, until: dt.datetime, zone: dt.tzinfo) -> Iterator[dt.datetime]:
    """The moments of a named time from `since` up to `until`, once a calendar day."""
    if since >= until:
        return
    day = since.astimezone(zone).date() - _DAY  # a gap over midnight brings the evening before into this day
    last = until.astimezone(zone).date() + _DAY
    while day <= last:
        at = moment(day, clock, zone)
        if since <= at < until and _exists(day, zone):
            yield at
        day += _DAY


def _exists(day: dt.date, zone: dt.tzinfo) -> bool:
    return moment(day, dt.time.min, zone).astimezone(zone).date() == day


def _aware(*moments: dt.datetime) -> None:
    for given in moments:
        if given.tzinfo is None:
            raise ScheduleError(f"{given} has no time zone: give a moment with one")
