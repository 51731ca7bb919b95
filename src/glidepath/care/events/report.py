"""Events by kind and month, what they ended with and what was done after: numbers that name nobody.

A month is the centre's calendar month. What is no number of events (somebody nobody counted on) is not guessed: who ran
no clock has no outcome here, and a rate without a day of care is none.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.events import queries
from glidepath.care.events.course import Course
from glidepath.care.events.models import Outcome, Running
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import events_between
from glidepath.record import clock
from glidepath.record.centres.models import Centre


@dataclass(frozen=True, slots=True)
class KindOfEvent:
    """One kind in the period. by_month: how many in each of the report's months, in their order.

    ran: of how many the clock was started; the numbers after it are of those alone. minutes: from the first tap to the
    end, each in whole minutes, the shortest first.
    """

    kind: str
    label: str
    by_month: tuple[int, ...]
    rate: queries.EventRate
    ran: int
    ended: tuple[tuple[str, int], ...]  # the outcome in words, how many
    still_runs: int
    minutes: tuple[int, ...]
    debriefed: int
    reviewed: int
    actions: int
    actions_done: int

    @property
    def count(self) -> int:
        return sum(self.by_month)

    @property
    def per_1000(self) -> str:
        """With one decimal; a dash where nobody was here."""
        return "–" if self.rate.per_1000 is None else f"{float(self.rate.per_1000):.1f}"

    @property
    def ended_in_words(self) -> str:
        told = [f"{label} {count}" for label, count in self.ended]
        return ", ".join([*told, *([f"running {self.still_runs}"] if self.still_runs else [])])

    @property
    def minutes_in_words(self) -> str:
        """Each value: these are few, and a median of three says little."""
        return ", ".join(map(str, self.minutes))


@dataclass(frozen=True, slots=True)
class EventReport:
    """months: the first day of each. outcomes: of the whole period, with its days of care and its rates."""

    months: tuple[dt.date, ...]
    kinds: tuple[KindOfEvent, ...]
    outcomes: queries.EventOutcomes

    @property
    def count(self) -> int:
        return sum(one.count for one in self.kinds)

    @property
    def most(self) -> int:
        """The largest number of one kind in one month."""
        return max((number for one in self.kinds for number in one.by_month), default=0)

    @property
    def by_month(self) -> tuple[int, ...]:
        return tuple(sum(one.by_month[place] for one in self.kinds) for place in range(len(self.months)))


def event_report(centre: Centre, first: dt.date, last: dt.date) -> EventReport:
    """The kinds that happened from `first` to `last`, both days included, the most frequent first.

    The same number of queries for one event and for a thousand.
    """
    since, until = _start_of(centre, first), _start_of(centre, last + dt.timedelta(days=1))
    months = tuple(_months(first, last))
    outcomes = queries.events_for_outcomes(centre, since, until)
    counted: dict[str, Counter[dt.date]] = {}
    for event in events_between(centre, since, until):
        day = clock.local(centre, event.happened_at).date()
        counted.setdefault(event.kind, Counter())[day.replace(day=1)] += 1
    ran: dict[str, list[Running]] = {}
    for running in queries.whole_between(centre, since, until):
        ran.setdefault(running.kind, []).append(running)
    kinds = [
        _kind(Event.Kind(kind), counted.get(kind, Counter()), ran.get(kind, ()), months, outcomes)
        for kind in {**counted, **ran}
    ]
    return EventReport(months, tuple(sorted(kinds, key=lambda one: (-one.count, one.label))), outcomes)


def _kind(
    kind: Event.Kind,
    counted: Mapping[dt.date, int],
    ran: Sequence[Running],
    months: Sequence[dt.date],
    outcomes: queries.EventOutcomes,
) -> KindOfEvent:
    courses = [Course(one, queries.steps_of(one), (), clock.now()) for one in ran]
    ends = Counter(one.outcome for one in courses if one.outcome is not None)
    reviews = [queries.last_review(one) for one in ran]
    actions = [action for review in reviews if review is not None for action in review.actions.all()]
    return KindOfEvent(
        kind=kind.value,
        label=kind.label,
        by_month=tuple(counted.get(month, 0) for month in months),
        rate=outcomes.rate(kind.value),
        ran=len(ran),
        ended=tuple((one.label, ends[one]) for one in Outcome if ends[one]),
        still_runs=sum(one.end is None for one in courses),
        minutes=tuple(sorted(int(_length(one).total_seconds() // 60) for one in courses if one.end is not None)),
        debriefed=sum(hasattr(one, "debrief") for one in ran),
        reviewed=sum(queries.closed_at(one) is not None for one in reviews),
        actions=len(actions),
        actions_done=sum(hasattr(one, "done") for one in actions),
    )


def _length(course: Course) -> dt.timedelta:
    return course.until - course.running.happened_at


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + dt.timedelta(days=32)).replace(day=1)


def _start_of(centre: Centre, day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=centre.zone)
