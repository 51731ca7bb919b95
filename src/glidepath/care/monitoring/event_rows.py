"""Events: what happened, what is open, what holds sedatives and what froze the taper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from glidepath.care.monitoring.models import Event, EventReview
from glidepath.care.monitoring.standing_rows import standing
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared

Interval = tuple[dt.datetime, dt.datetime | None]


def events(person: Person) -> tuple[Event, ...]:
    """Everything that happened, newest first, with its reviews."""
    return tuple(_every_event(person))


@prepared
def _every_event(person: Person) -> QuerySet[Event]:
    rows = with_reviews(Event.objects.filter(person=person))
    named = rows.select_related("recorded_by", "observation", "superseded_by__recorded_by")
    return named.order_by("-happened_at", "-id")


def event_of(person: Person, public_id: UUID) -> Event:
    """This person's event under this address. Raises Event.DoesNotExist."""
    return Event.objects.select_related("person__centre", "recorded_by").get(person=person, public_id=public_id)


def events_between(centre: Centre, since: dt.datetime, until: dt.datetime) -> tuple[Event, ...]:
    """Every event of a centre that stands, lifted or not, oldest first: for outcomes."""
    rows = standing(Event).filter(centre=centre, happened_at__gte=since, happened_at__lt=until)
    return tuple(rows.order_by("happened_at", "id"))


def open_events(people: Sequence[Person]) -> Mapping[int, tuple[Event, ...]]:
    """The events nobody has lifted, oldest first, by person id; a change of mood waits for a form instead."""
    by_person: dict[int, list[Event]] = {person.pk: [] for person in people}
    for event in _open_of(by_person):
        by_person[event.person_id].append(event)
    return {pk: tuple(found) for pk, found in by_person.items()}


@prepared
def _open_of(people: Many[int]) -> QuerySet[Event]:
    return with_reviews(unlifted().filter(person__in=people)).order_by("happened_at", "id")


def newest_events(people: Sequence[Person], kinds: Sequence[Event.Kind]) -> Mapping[int, Mapping[str, Event]]:
    """The newest event of each kind, lifted or not, by person id."""
    found: dict[int, dict[str, Event]] = {person.pk: {} for person in people}
    for event in _of_kinds(found, kinds):
        found[event.person_id][event.kind] = event
    return found


def sedation_holds(people: Sequence[Person]) -> Mapping[int, Event]:
    """Whose sedatives are held now, with the open event that holds them. Only those who have one."""
    return holds_among(_holding(people))


@prepared
def _of_kinds(people: Many[int], kinds: Many[str]) -> QuerySet[Event]:
    return standing(Event).filter(person__in=people, kind__in=kinds).order_by("happened_at", "id")


@prepared
def _holding(people: Many[Person]) -> QuerySet[Event]:
    rows = unlifted().filter(person__in=people, kind=Event.Kind.OVER_SEDATION)
    return rows.order_by("happened_at", "id")


def holds_among(events: Iterable[Event]) -> Mapping[int, Event]:
    """`sedation_holds` of open events that were read already, each person's oldest first."""
    holding: dict[int, Event] = {}
    for event in events:
        if event.kind == Event.Kind.OVER_SEDATION:
            holding.setdefault(event.person_id, event)
    return holding


def looked_at_again(events: Sequence[Event]) -> dict[int, dt.datetime]:
    """When a prescriber said that they look again, by the id of the open event; none where nobody has looked yet."""
    rows = EventReview.objects.filter(event__in=events, lifted=False, superseded_by__isnull=True).order_by("pk")
    return {row.event_id: row.again_at for row in rows if row.again_at is not None}


def freezes(person: Person) -> tuple[Interval, ...]:
    """When a seizure froze the taper, by recorded time: from its entry to its lifting, None while it stands. A
    corrected entry froze until its correction was written, which freezes from there."""
    return freezes_for([person])[person.pk]


def freezes_for(people: Sequence[Person]) -> Mapping[int, tuple[Interval, ...]]:
    """`freezes` of many at once, in one query."""
    by_person: dict[int, list[Interval]] = {person.pk: [] for person in people}
    for person_id, since, until in _seizures(by_person):
        by_person[person_id].append((since, until))
    return {pk: tuple(found) for pk, found in by_person.items()}


@prepared
def _seizures(people: Many[int]) -> QuerySet[Event, tuple[int, dt.datetime, dt.datetime | None]]:
    lifted = EventReview.objects.filter(event=OuterRef("pk"), lifted=True).values("recorded_at")[:1]
    rows = Event.objects.filter(person__in=people, kind=Event.Kind.SEIZURE).order_by("recorded_at", "id")
    ended = rows.annotate(lifted_at=Coalesce(Subquery(lifted), F("superseded_by__recorded_at")))
    return ended.values_list("person_id", "recorded_at", "lifted_at")


def mood_changes(people: Sequence[Person]) -> Sequence[tuple[Event, dt.datetime]]:
    """The changes of mood of the episodes that go on, each with when it was first written, in the order written.

    A corrected one keeps the time of its first entry: nobody asks anew because a word was mended.
    """
    episodes = [episode.pk for episode in current_episodes(people).values()]
    rows = Event.objects.filter(episode__in=episodes, kind=Event.Kind.MOOD).annotate(newer=F("superseded_by__id"))
    known, written = list(rows.order_by("id")), dict[int | None, dt.datetime]()
    for row in known:
        written[row.pk] = written.get(row.supersedes_id, row.recorded_at)
    return [(row, written[row.pk]) for row in known if row.newer is None]


def events_of_kind(person: Person, kind: Event.Kind) -> tuple[Event, ...]:
    """All of one kind that stand, lifted or not, in the order they were written."""
    return tuple(standing(Event).filter(person=person, kind=kind).select_related("recorded_by").order_by("id"))


def reviews_of(event: Event) -> tuple[EventReview, ...]:
    """Every look at it, oldest first."""
    rows = EventReview.objects.filter(event=event).select_related("recorded_by", "observation")
    return tuple(rows.order_by("recorded_at", "id"))


def lift_of(event: Event) -> EventReview | None:
    """The review that lifted it, if one did."""
    return EventReview.objects.filter(event=event, lifted=True).select_related("recorded_by").first()


@prebuilt
def unlifted() -> QuerySet[Event]:
    lifted = EventReview.objects.filter(event=OuterRef("pk"), lifted=True)
    return standing(Event).exclude(kind=Event.Kind.MOOD).filter(~Exists(lifted))


@prebuilt
def open_or_of(kinds: tuple[Event.Kind, ...]) -> QuerySet[Event]:
    """The events nobody has lifted, and every event of these kinds, with their reviews, the oldest first."""
    lifted = EventReview.objects.filter(event=OuterRef("pk"), lifted=True)
    rows = standing(Event).exclude(kind=Event.Kind.MOOD).filter(~Exists(lifted) | Q(kind__in=kinds))
    return with_reviews(rows).order_by("happened_at", "id")


def with_reviews(rows: QuerySet[Event]) -> QuerySet[Event]:
    reviews = EventReview.objects.select_related("recorded_by").order_by("recorded_at", "id")
    return rows.select_related("recorded_by", "observation").prefetch_related(Prefetch("reviews", queryset=reviews))
