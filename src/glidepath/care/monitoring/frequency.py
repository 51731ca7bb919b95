"""How often this person is observed now, and whether a set is late: worked out whenever it is asked, never stored."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from glidepath.care.monitoring.models import CiwaB, Event, Observation
from glidepath.clinical.monitoring.observations import (
    Course,
    Frequency,
    Overdue,
    WithdrawalLevel,
    frequency,
    next_due,
    overdue,
)

COMPLICATED = (Event.Kind.SEIZURE, Event.Kind.DELIRIUM)
_LEVELS = {
    "none": WithdrawalLevel.NONE,
    "mild": WithdrawalLevel.MILD,
    "moderate": WithdrawalLevel.MODERATE,
    "severe": WithdrawalLevel.SEVERE,
    "very_severe": WithdrawalLevel.SEVERE,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one admitted person when the question is asked. None = unknown or none yet."""

    person_id: int
    admitted_at: dt.datetime
    day_of_stay: int
    whole: Observation | None  # the newest set that counts as done
    scored: Observation | None  # the newest with a NEWS2 total
    newest: Observation | None  # partial ones too
    ciwa_b: CiwaB | None  # the newest complete one
    open_events: tuple[Event, ...]
    unsettled_at: dt.datetime | None  # when a value or an event last called for a review
    changed_at: dt.datetime | None  # when the dose last changed
    change_known: bool  # whether anybody can say so


@dataclass(frozen=True, slots=True)
class Due:
    """When the next set of one person is due. Overdue is not normal, and a partial set does not move it."""

    person_id: int
    frequency: Frequency
    due_at: dt.datetime
    ciwa_b_due_at: dt.datetime
    last: Observation | None
    now: dt.datetime

    @property
    def how_often(self) -> str:
        """ "Continuous", "Hourly", "4-hourly"."""
        if self.frequency.continuous:
            return "Continuous"
        return "Hourly" if self.frequency.hours == 1 else f"{self.frequency.hours}-hourly"

    @property
    def overdue(self) -> Overdue | None:
        """None until it is due; INP-3 in it once its hour has passed."""
        return overdue(self.due_at, now=self.now)

    @property
    def is_due(self) -> bool:
        return self.due_at <= self.now

    @property
    def alerts(self) -> bool:
        late = self.overdue
        return late is not None and late.alerts

    @property
    def late_minutes(self) -> int:
        """Whole minutes past its time; 0 before it."""
        return max(0, int((self.now - self.due_at).total_seconds()) // 60)

    @property
    def ciwa_b_is_due(self) -> bool:
        return self.ciwa_b_due_at <= self.now


def due(known: Known, now: dt.datetime) -> Due:
    """The next set of one person, by INP-1, INP-2, INP-7 and INP-8."""
    every = how_often(known, now)
    last = known.whole
    due_at = next_due(last.happened_at if last else None, every, since=known.admitted_at)
    began = max((at for at in (known.changed_at, *(e.recorded_at for e in known.open_events)) if at), default=None)
    if last is not None and began is not None and last.happened_at < began:
        due_at = max(due_at, began)  # what made it closer cannot make an earlier set late
    scored = known.ciwa_b
    ciwa_b_due_at = next_due(scored.happened_at if scored else None, every, since=known.admitted_at)
    return Due(known.person_id, every, due_at, ciwa_b_due_at, last, now)


def how_often(known: Known, now: dt.datetime) -> Frequency:
    """The interval in force, with its rule and its reason."""
    course = Course(
        day_of_stay=known.day_of_stay,
        hours_since_change=_hours(known.changed_at, now),
        level=level(known),
        stable_hours=_stable_hours(known, now),
        news2=known.scored.news2 if known.scored else None,
        single_three=known.newest is not None and known.newest.single_three,
    )
    asleep = known.whole is not None and known.whole.state == Observation.State.ASLEEP
    every = frequency(course, asleep=asleep)
    if every.code == "INP-2" and not known.change_known:
        close = frequency(replace(course, hours_since_change=Decimal(0)), asleep=asleep)
        return replace(close, why="whether the dose has changed is not known")
    return every


def level(known: Known) -> WithdrawalLevel | None:
    """How strong the withdrawal is: complicated while a seizure or confusion stands, else by the last whole CIWA-B."""
    if any(event.kind in COMPLICATED for event in known.open_events):
        return WithdrawalLevel.COMPLICATED
    return None if known.ciwa_b is None else _LEVELS[known.ciwa_b.band]


def _stable_hours(known: Known, now: dt.datetime) -> Decimal | None:
    if known.open_events:
        return Decimal(0)
    return _hours(known.unsettled_at or known.admitted_at, now)


def _hours(since: dt.datetime | None, now: dt.datetime) -> Decimal | None:
    return None if since is None else Decimal(int((now - since).total_seconds())) / 3600
