"""The newest values of some people, read together: the same number of queries for 3 and for 30."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from glidepath.care.monitoring.event_rows import newest_events, open_or_of
from glidepath.care.monitoring.models import CiwaB, Event, Observation, Sleep
from glidepath.care.monitoring.standing_rows import WHOLE, fetch, newest_of, observations, standing, whole_scores
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

DANGERS = (Event.Kind.SEIZURE, Event.Kind.FALL)
_LATEST = (
    "pk",
    "observation",
    "whole",
    "awake",
    "scored",
    "absent",
    "ciwa_b_complete",
    "ciwa_b_newest",
    "sleep_newest",
)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest of each, or None where there is none: never asked is not normal."""

    observation: Observation | None  # of any kind in which something was measured
    whole: Observation | None  # the newest that counts as done: all of NEWS2 with RASS, or breathing asleep
    awake: Observation | None  # the newest not taken asleep: what a new set of values stands beside
    scored: Observation | None  # the newest with a NEWS2 total
    absent: Observation | None  # somebody looked and the person was not in bed
    ciwa_b: CiwaB | None  # the newest complete one
    ciwa_b_any: CiwaB | None  # complete or partial
    sleep: Sleep | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest values of some people, their open events, and their newest seizure and fall, by person id: read once
    for one page."""

    latest: Mapping[int, Latest]
    events: Mapping[int, tuple[Event, ...]]
    happened: Mapping[int, Mapping[str, Event]]  # lifted or not, by kind


def seen(people: Sequence[Person]) -> Seen:
    """The same queries for 3 and for 30."""
    unlifted: dict[int, list[Event]] = {person.pk: [] for person in people}
    happened: dict[int, dict[str, Event]] = {person.pk: {} for person in people}
    for event in _open_or_danger(unlifted):
        if event.kind in DANGERS:
            happened[event.person_id][event.kind] = event
        if not any(review.lifted for review in event.reviews.all()):
            unlifted[event.person_id].append(event)
    return Seen(latest(people), {pk: tuple(found) for pk, found in unlifted.items()}, happened)


def dangers(people: Sequence[Person]) -> Mapping[int, Mapping[str, Event]]:
    """The newest seizure and the newest fall of each, lifted or not, by person id and kind."""
    return newest_events(people, DANGERS)


def newest_awake(people: Sequence[Person]) -> Mapping[int, Observation | None]:
    """`Latest.awake` of each by person id, where nothing else of it is wanted."""
    found = {row.person_id: row for row in _newest_awake(person.pk for person in people)}
    return {person.pk: found.get(person.pk) for person in people}


@prepared
def _newest_awake(people: Many[int]) -> QuerySet[Observation]:
    awake = newest_of(observations().exclude(state=Observation.State.ASLEEP))
    rows = Person.objects.filter(pk__in=people).annotate(awake=awake)
    return Observation.objects.filter(pk__in=rows.values("awake"))


def taken_awake(people: Sequence[Person], since: dt.datetime) -> list[Observation]:
    """Every look at somebody awake, or hard to rouse, from `since` on, oldest first: what may stand as the check before
    a sedative. A set taken asleep never does."""
    return _taken_awake(people, since)


@prepared
def _taken_awake(people: Many[Person], since: dt.datetime) -> QuerySet[Observation]:
    rows = observations().filter(person__in=people, happened_at__gte=since).exclude(state=Observation.State.ASLEEP)
    return rows.order_by("happened_at", "pk")


def latest(people: Sequence[Person]) -> Mapping[int, Latest]:
    """The newest values of each person, by person id."""
    ids = {row["pk"]: row for row in _with_newest(person.pk for person in people)}
    seen = fetch(Observation, ids, ("observation", "whole", "awake", "scored", "absent"))
    scores = fetch(CiwaB, ids, ("ciwa_b_complete", "ciwa_b_newest"))
    nights = fetch(Sleep, ids, ("sleep_newest",))
    return {
        pk: Latest(
            observation=seen.get(row["observation"]),
            whole=seen.get(row["whole"]),
            awake=seen.get(row["awake"]),
            scored=seen.get(row["scored"]),
            absent=seen.get(row["absent"]),
            ciwa_b=scores.get(row["ciwa_b_complete"]),
            ciwa_b_any=scores.get(row["ciwa_b_newest"]),
            sleep=nights.get(row["sleep_newest"]),
        )
        for pk, row in ids.items()
    }


@prepared
def _open_or_danger(people: Many[int]) -> QuerySet[Event]:
    return open_or_of(DANGERS).filter(person__in=people)


@prepared
def _with_newest(people: Many[int]) -> QuerySet[Person, dict[str, Any]]:
    """Each person with the ids of `Latest`."""
    rows = Person.objects.filter(pk__in=people).annotate(
        observation=newest_of(observations()),
        whole=newest_of(observations().filter(WHOLE)),
        awake=newest_of(observations().exclude(state=Observation.State.ASLEEP)),
        scored=newest_of(observations().filter(news2__isnull=False)),
        absent=newest_of(standing(Observation).filter(state=Observation.State.ABSENT)),
        ciwa_b_complete=newest_of(standing(CiwaB).filter(total__isnull=False)),
        ciwa_b_newest=newest_of(whole_scores()),
        sleep_newest=newest_of(standing(Sleep), "-night_of"),
    )
    return rows.values(*_LATEST)


def newest_observation(person: Person) -> Observation | None:
    """The newest in which something was measured."""
    return observations().filter(person=person).select_related("recorded_by").order_by("-happened_at", "-id").first()
