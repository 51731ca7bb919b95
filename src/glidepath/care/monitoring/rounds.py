"""The observation round of a unit: who is due, who was seen, who is next. Worked out from times; no round is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from glidepath.care.monitoring import queries
from glidepath.care.monitoring.frequency import Due, ScaleDue
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.queries import Latest
from glidepath.care.monitoring.watching import UNSETTLING
from glidepath.record import clock
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.queries import InBed, in_beds
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


@dataclass(frozen=True, slots=True)
class OnRound:
    """One person in a bed: what was seen last, and when the next is due."""

    in_bed: InBed
    latest: Latest
    due: Due
    scale: int
    events: tuple[Event, ...]
    opened_at: dt.datetime  # of the round

    @property
    def person(self) -> Person:
        return self.in_bed.person

    @property
    def seen(self) -> Observation | None:
        """The whole set of this round, if there is one: a partial one leaves the person to be seen."""
        last = self.due.last
        return last if last is not None and last.happened_at >= self.opened_at and not self.due.is_due else None

    @property
    def owed(self) -> tuple[ScaleDue, ...]:
        """The scores that were due with the set of this round and are not there; nobody asleep owes one."""
        awake = self.seen is not None and self.seen.state != Observation.State.ASLEEP
        return self.due.scales_due if awake else ()

    @property
    def partial(self) -> Observation | None:
        """A partial set of this round, newer than the last whole one."""
        newest = self.latest.observation
        if newest is None or newest.happened_at < self.opened_at or (self.due.last and newest.pk == self.due.last.pk):
            return None
        return newest

    @property
    def absent(self) -> Observation | None:
        """Looked for in this round and not in bed."""
        row = self.latest.absent
        return row if row is not None and row.happened_at >= self.opened_at and self.seen is None else None

    @property
    def is_grave(self) -> bool:
        """An event of danger stands open, or the early warning asks for a continuous watch."""
        return self.due.frequency.continuous or any(event.kind in UNSETTLING for event in self.events)

    @property
    def is_wanted(self) -> bool:
        """Due before the round closes, and not yet seen."""
        return self.seen is None and self.due.due_at <= self.due.now + (self.due.now - self.opened_at)


@dataclass(frozen=True, slots=True)
class Round:
    unit: Unit
    people: tuple[OnRound, ...]  # by bed number
    now: dt.datetime
    open_until: dt.datetime

    @property
    def by_urgency(self) -> tuple[OnRound, ...]:
        """Open grave events and a continuous watch first, then whoever has waited longest."""
        return tuple(sorted(self.people, key=lambda one: (not one.is_grave, one.due.due_at, one.in_bed.bed.number)))

    @property
    def wanted(self) -> tuple[OnRound, ...]:
        return tuple(one for one in self.people if one.is_wanted)

    @property
    def seen(self) -> tuple[OnRound, ...]:
        return tuple(one for one in self.people if one.seen is not None)

    @property
    def owed(self) -> tuple[OnRound, ...]:
        """Seen, and still to be scored."""
        return tuple(one for one in self.people if one.owed)

    @property
    def later(self) -> tuple[OnRound, ...]:
        return tuple(one for one in self.people if one.seen is None and not one.is_wanted)

    @property
    def counted(self) -> int:
        """All whom this round is about: seen, and still to be seen."""
        return len(self.seen) + len(self.wanted)

    @property
    def overdue(self) -> tuple[OnRound, ...]:
        return tuple(one for one in self.people if one.due.alerts)

    @property
    def asleep(self) -> int:
        return sum(1 for one in self.seen if one.seen and one.seen.state == Observation.State.ASLEEP)

    @property
    def awake(self) -> int:
        return len(self.seen) - self.asleep

    def at(self, public_id: UUID | None) -> OnRound | None:
        """The person asked for, else the first who is wanted: the longest overdue first, then by bed."""
        asked = [one for one in self.people if one.person.public_id == public_id]
        if asked:
            return asked[0]
        return min(self.wanted, key=lambda one: (not one.due.alerts, one.in_bed.bed.number), default=None)

    def after(self, current: OnRound) -> OnRound | None:
        """Who comes next: the next bed that is wanted, then from the first bed again."""
        rest = [one for one in self.wanted if one.person.pk != current.person.pk]
        onward = [one for one in rest if one.in_bed.bed.number > current.in_bed.bed.number]
        found = onward or rest
        return found[0] if found else None


def round_of(viewer: Staff, unit: Unit) -> Round:
    """The round of this unit now, with those the viewer may see. The same number of queries for 3 people and for 30."""
    now = clock.now()
    beds = in_beds(viewer, unit, action="observe")
    people = [one.person for one in beds]
    window = dt.timedelta(minutes=unit.centre.settings.round_window_minutes)
    return Round(unit, _on_round(beds, people, now, now - window), now, now + window)


def _on_round(
    beds: Sequence[InBed], people: Sequence[Person], now: dt.datetime, opened_at: dt.datetime
) -> tuple[OnRound, ...]:
    seen = queries.seen(people)
    due = queries.due(people, now, values=seen)
    scales: Mapping[int, int] = queries.oxygen_scales(people)
    newest, events = seen.latest, seen.events
    return tuple(
        OnRound(one, newest[one.person.pk], due[one.person.pk], scales[one.person.pk], events[one.person.pk], opened_at)
        for one in beds
        if one.person.pk in due
    )
