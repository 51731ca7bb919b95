"""What was seen of one person over time: for drawings, and every entry as it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.db.models import QuerySet

from glidepath.care.monitoring.event_rows import with_reviews
from glidepath.care.monitoring.models import CiwaB, Event, Observation, Sleep
from glidepath.care.monitoring.standing_rows import Row, observations, standing, whole_scores
from glidepath.record.people.models import Person
from glidepath.record.prepared import prepared


@dataclass(frozen=True, slots=True)
class Series:
    """Everything of one person between two moments, oldest first."""

    observations: tuple[Observation, ...]
    ciwa_b: tuple[CiwaB, ...]
    sleep: tuple[Sleep, ...]
    events: tuple[Event, ...]

    def since(self, moment: dt.datetime, zone: dt.tzinfo) -> Series:
        """What of it was seen from `moment` on; sleep by the night's day."""
        night = moment.astimezone(zone).date()
        return Series(
            tuple(one for one in self.observations if one.happened_at >= moment),
            tuple(one for one in self.ciwa_b if one.happened_at >= moment),
            tuple(one for one in self.sleep if one.night_of >= night),
            tuple(one for one in self.events if one.happened_at >= moment),
        )


def series(
    person: Person, since: dt.datetime, until: dt.datetime, *, observations_since: dt.datetime | None = None
) -> Series:
    """What was seen from `since` to before `until`; sleep by the night's day.

    observations_since: the observations from then on only, where that is later.
    """
    zone = person.centre.zone
    nights = _nights(person, since.astimezone(zone).date(), until.astimezone(zone).date())
    return Series(
        observations=observed(person, max(since, observations_since or since), until),
        ciwa_b=scored(person, since, until),
        sleep=tuple(nights),
        events=tuple(_events(person, since, until)),
    )


def observed(person: Person, since: dt.datetime, until: dt.datetime) -> tuple[Observation, ...]:
    """The observations of `series`."""
    return tuple(_observed(person, since, until))


def scored(person: Person, since: dt.datetime, until: dt.datetime) -> tuple[CiwaB, ...]:
    """The scores of `series`."""
    return tuple(_scored(person, since, until))


@prepared
def _nights(person: Person, first: dt.date, last: dt.date) -> QuerySet[Sleep]:
    return standing(Sleep).filter(person=person, night_of__gte=first, night_of__lte=last).order_by("night_of")


@prepared
def _events(person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[Event]:
    return _between(with_reviews(standing(Event)), person, since, until)


@prepared
def _observed(person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[Observation]:
    return _between(observations(), person, since, until)


@prepared
def _scored(person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[CiwaB]:
    return _between(whole_scores(), person, since, until)


def _between(rows: QuerySet[Row], person: Person, since: dt.datetime, until: dt.datetime) -> QuerySet[Row]:
    return rows.filter(person=person, happened_at__gte=since, happened_at__lt=until).order_by("happened_at", "id")


def entries(person: Person, limit: int = 40) -> tuple[Observation, ...]:
    """The newest entries, corrected and corrections alike, newest first: what was written can always be read."""
    return tuple(_newest(Observation, limit)(person))


def scores(person: Person, limit: int = 40) -> tuple[CiwaB, ...]:
    """The newest CIWA-B entries, corrected and corrections alike, newest first."""
    return tuple(_newest(CiwaB, limit)(person))


def nights(person: Person, limit: int = 14) -> tuple[Sleep, ...]:
    """The newest answers about sleep, corrected and corrections alike, the last night first."""
    return tuple(_newest(Sleep, limit)(person))


def every(model: type[Row], person: Person) -> QuerySet[Row]:
    """Every entry of one kind, corrected and corrections alike, newest first: as many as a page asks for."""
    by = "-night_of" if model is Sleep else "-happened_at"
    rows = model._default_manager.filter(person=person)
    return rows.select_related("recorded_by", "superseded_by__recorded_by").order_by(by, "-id")


@cache
def _newest(model: type[Row], limit: int) -> Callable[[Person], list[Row]]:
    @prepared
    def rows(person: Person) -> QuerySet[Row]:
        return every(model, person)[:limit]

    return rows
