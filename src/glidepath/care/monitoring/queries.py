"""Reads of what was seen at the bedside. Superseded and taken-back rows are left out unless a name says otherwise.

A query over people costs the same number of queries for 3 and for 30. The people are already those the viewer may see.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from glidepath.care.monitoring import frequency, ports
from glidepath.care.monitoring.frequency import Due, Known
from glidepath.care.monitoring.models import CiwaB, Event, EventReview, Observation, OxygenTarget, Sleep
from glidepath.clinical.facts.load import clinical_settings, instrument, rule
from glidepath.record import clock
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episodes
from glidepath.record.people.models import Person
from glidepath.record.rows import ClinicalRow

_UNSETTLING = (Event.Kind.SEIZURE, Event.Kind.DELIRIUM, Event.Kind.OVER_SEDATION)
Interval = tuple[dt.datetime, dt.datetime | None]
Row = TypeVar("Row", bound=ClinicalRow)

SIGNS = ("rr", "spo2", "sbp", "dbp", "pulse", "temperature_tenths", "rass")
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
_MEASURED = Q(*((f"{name}__isnull", False) for name in SIGNS), _connector=Q.OR)
_SOMETHING = _MEASURED | ~Q(mind="") | ~Q(breathing="") | Q(state=Observation.State.HARD_TO_ROUSE)
_ASLEEP_WHOLE = Q(state=Observation.State.ASLEEP, rr__isnull=False) & ~Q(breathing="")
_AWAKE_WHOLE = Q(news2__isnull=False) & (Q(rass__isnull=False) | Q(state=Observation.State.HARD_TO_ROUSE))
_WHOLE = _AWAKE_WHOLE | _ASLEEP_WHOLE  # what counts as done: a partial set never does


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


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest values of some people, their open events, and their newest seizure and fall, by person id: read once
    for one page."""

    latest: Mapping[int, Latest]
    events: Mapping[int, tuple[Event, ...]]
    happened: Mapping[int, Mapping[str, Event]]  # lifted or not, by kind


def seen(people: Sequence[Person]) -> Seen:
    """The same queries for 3 and for 30."""
    return Seen(latest(people), open_events(people), newest_events(people, (Event.Kind.SEIZURE, Event.Kind.FALL)))


def latest(people: Sequence[Person]) -> Mapping[int, Latest]:
    """The newest values of each person, by person id."""
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).annotate(
        observation=_newest(_observations()),
        whole=_newest(_observations().filter(_WHOLE)),
        awake=_newest(_observations().exclude(state=Observation.State.ASLEEP)),
        scored=_newest(_observations().filter(news2__isnull=False)),
        absent=_newest(_standing(Observation).filter(state=Observation.State.ABSENT)),
        ciwa_b_complete=_newest(_standing(CiwaB).filter(total__isnull=False)),
        ciwa_b_newest=_newest(_scores()),
        sleep_newest=_newest(_standing(Sleep), "-night_of"),
    )
    ids = {row["pk"]: row for row in rows.values(*_LATEST)}
    seen = _fetch(Observation, ids, ("observation", "whole", "awake", "scored", "absent"))
    scores = _fetch(CiwaB, ids, ("ciwa_b_complete", "ciwa_b_newest"))
    nights = _fetch(Sleep, ids, ("sleep_newest",))
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


def newest_observation(person: Person) -> Observation | None:
    """The newest in which something was measured."""
    return _observations().filter(person=person).select_related("recorded_by").order_by("-happened_at", "-id").first()


def observation_of(person: Person, public_id: UUID) -> Observation:
    """This person's observation under this address. Raises Observation.DoesNotExist."""
    return Observation.objects.select_related("person__centre", "recorded_by").get(person=person, public_id=public_id)


def saved_observation(people: Sequence[Person], public_id: UUID) -> Observation | None:
    """The observation under this address, if it is of one of these people."""
    rows = Observation.objects.filter(public_id=public_id, person__in=[person.pk for person in people])
    return rows.select_related("person__centre", "recorded_by").first()


def ciwa_b_of(person: Person, public_id: UUID) -> CiwaB:
    """This person's score under this address. Raises CiwaB.DoesNotExist."""
    rows = CiwaB.objects.select_related("person__centre", "recorded_by", "observation__recorded_by")
    return rows.get(person=person, public_id=public_id)


def event_of(person: Person, public_id: UUID) -> Event:
    """This person's event under this address. Raises Event.DoesNotExist."""
    return Event.objects.select_related("person__centre", "recorded_by").get(person=person, public_id=public_id)


def series(
    person: Person, since: dt.datetime, until: dt.datetime, *, observations_since: dt.datetime | None = None
) -> Series:
    """What was seen from `since` to before `until`; sleep by the night's day.

    observations_since: the observations from then on only, where that is later.
    """
    window = {"person": person, "happened_at__gte": since, "happened_at__lt": until}
    zone = person.centre.zone
    nights = _standing(Sleep).filter(
        person=person, night_of__gte=since.astimezone(zone).date(), night_of__lte=until.astimezone(zone).date()
    )
    return Series(
        observations=tuple(
            _observations()
            .filter(**window | {"happened_at__gte": max(since, observations_since or since)})
            .order_by("happened_at", "id")
        ),
        ciwa_b=tuple(_scores().filter(**window).order_by("happened_at", "id")),
        sleep=tuple(nights.order_by("night_of")),
        events=tuple(_with_reviews(_standing(Event).filter(**window)).order_by("happened_at", "id")),
    )


def entries(person: Person, limit: int = 40) -> tuple[Observation, ...]:
    """The newest entries, corrected and corrections alike, newest first: what was written can always be read."""
    rows = Observation.objects.filter(person=person).select_related("recorded_by", "superseded_by__recorded_by")
    return tuple(rows.order_by("-happened_at", "-id")[:limit])


def scores(person: Person, limit: int = 40) -> tuple[CiwaB, ...]:
    """The newest CIWA-B entries, corrected and corrections alike, newest first."""
    rows = CiwaB.objects.filter(person=person).select_related("recorded_by", "superseded_by__recorded_by")
    return tuple(rows.order_by("-happened_at", "-id")[:limit])


# --- Events -----------------------------------------------------------------------------------------------------------


def events(person: Person) -> tuple[Event, ...]:
    """Everything that happened, newest first, with its reviews."""
    rows = _with_reviews(Event.objects.filter(person=person)).select_related("superseded_by__recorded_by")
    return tuple(rows.order_by("-happened_at", "-id"))


def open_events(people: Sequence[Person]) -> Mapping[int, tuple[Event, ...]]:
    """The events nobody has lifted, oldest first, by person id."""
    by_person: dict[int, list[Event]] = {person.pk: [] for person in people}
    rows = _with_reviews(_unlifted().filter(person__in=list(by_person)))
    for event in rows.order_by("happened_at", "id"):
        by_person[event.person_id].append(event)
    return {pk: tuple(found) for pk, found in by_person.items()}


def newest_events(people: Sequence[Person], kinds: Sequence[Event.Kind]) -> Mapping[int, Mapping[str, Event]]:
    """The newest event of each kind, lifted or not, by person id."""
    found: dict[int, dict[str, Event]] = {person.pk: {} for person in people}
    rows = _standing(Event).filter(person__in=list(found), kind__in=kinds)
    for event in rows.order_by("happened_at", "id"):
        found[event.person_id][event.kind] = event
    return found


def sedation_holds(people: Sequence[Person]) -> Mapping[int, Event]:
    """Whose sedatives are held now, with the open event that holds them. Only those who have one."""
    holding: dict[int, Event] = {}
    rows = _unlifted().filter(person__in=[person.pk for person in people], kind=Event.Kind.OVER_SEDATION)
    for event in rows.order_by("happened_at", "id"):
        holding.setdefault(event.person_id, event)
    return holding


def freezes(person: Person) -> tuple[Interval, ...]:
    """When a seizure froze the taper, by recorded time: from its entry to its lifting, None while it stands. A
    corrected entry froze until its correction was written, which freezes from there."""
    return freezes_for([person])[person.pk]


def freezes_for(people: Sequence[Person]) -> Mapping[int, tuple[Interval, ...]]:
    """`freezes` of many at once, in one query."""
    by_person: dict[int, list[Interval]] = {person.pk: [] for person in people}
    lifted = EventReview.objects.filter(event=OuterRef("pk"), lifted=True).values("recorded_at")[:1]
    rows = Event.objects.filter(person__in=list(by_person), kind=Event.Kind.SEIZURE).annotate(
        lifted_at=Coalesce(Subquery(lifted), F("superseded_by__recorded_at"))
    )
    for person_id, since, until in rows.order_by("recorded_at", "id").values_list(
        "person_id", "recorded_at", "lifted_at"
    ):
        by_person[person_id].append((since, until))
    return {pk: tuple(found) for pk, found in by_person.items()}


def events_of_kind(person: Person, kind: Event.Kind) -> tuple[Event, ...]:
    """All of one kind that stand, lifted or not, in the order they were written."""
    return tuple(_standing(Event).filter(person=person, kind=kind).select_related("recorded_by").order_by("id"))


def reviews_of(event: Event) -> tuple[EventReview, ...]:
    """Every look at it, oldest first."""
    rows = EventReview.objects.filter(event=event).select_related("recorded_by", "observation")
    return tuple(rows.order_by("recorded_at", "id"))


def lift_of(event: Event) -> EventReview | None:
    """The review that lifted it, if one did."""
    return EventReview.objects.filter(event=event, lifted=True).select_related("recorded_by").first()


# --- How often, and how late ------------------------------------------------------------------------------------------


def due(
    people: Sequence[Person],
    now: dt.datetime | None = None,
    *,
    values: Seen | None = None,
    changes: Mapping[int, dt.datetime] | None = None,
) -> Mapping[int, Due]:
    """When the next set of each admitted person is due, by person id. Who is not admitted is left out.

    values, changes: the newest values and the last changes of dose of all of them, where they were read already.
    """
    moment = now or clock.now()
    found = _known(people, moment, values, changes)
    return {known.person_id: frequency.due(known, moment) for known in found}


def overdue(people: Sequence[Person], now: dt.datetime | None = None) -> tuple[Due, ...]:
    """Whose set is more than the rule's hour late (INP-3), the longest first: each calls the nurse in charge."""
    late = [one for one in due(people, now).values() if one.alerts]
    return tuple(sorted(late, key=lambda one: one.due_at))


def interval(person: Person, now: dt.datetime) -> dt.timedelta:
    """How old an observation may be to be fresh: this person's interval, or the closest one where none is in force."""
    known = due([person], now).get(person.pk)
    return known.frequency.interval if known else dt.timedelta(hours=clinical_settings().observe_awake_hours)


def _known(
    people: Sequence[Person], now: dt.datetime, values: Seen | None, changes: Mapping[int, dt.datetime] | None
) -> list[Known]:
    episodes = {pk: one for pk, one in current_episodes(people).items() if one.stage == Stage.ADMITTED}
    staying = [person for person in people if person.pk in episodes]
    values, unsettled = values or seen(staying), _unsettled(staying)
    changes = changes if changes is not None else ports.dose_changes(staying, now)
    found = []
    for person in staying:
        episode, newest = episodes[person.pk], values.latest[person.pk]
        admitted_at = episode.admitted_at or episode.opened_at
        zone = person.centre.zone
        found.append(
            Known(
                person_id=person.pk,
                admitted_at=admitted_at,
                day_of_stay=(now.astimezone(zone).date() - admitted_at.astimezone(zone).date()).days,
                whole=_of_this_stay(newest.whole, episode),
                scored=_of_this_stay(newest.scored, episode),
                newest=_of_this_stay(newest.observation, episode),
                ciwa_b=_of_this_stay(newest.ciwa_b, episode),
                open_events=tuple(event for event in values.events[person.pk] if event.kind in _UNSETTLING),
                unsettled_at=max((at for at in unsettled[person.pk] if at and at >= admitted_at), default=None),
                changed_at=changes.get(person.pk) if changes is not None else None,
                change_known=changes is not None,
            )
        )
    return found


def _unsettled(people: Sequence[Person]) -> Mapping[int, tuple[dt.datetime | None, ...]]:
    """When withdrawal was last more than mild, when a value last called for a review, and the last grave event."""
    limits, scale = clinical_settings(), instrument("ciwa_b")
    mild = next(band for band in scale.bands if band.key == "mild")
    calls = Q(single_three=True) | Q(news2__gte=rule("INP-7").value("news2")) | Q(rass__lte=limits.review_rass)
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).annotate(
        scored_high=_newest(_standing(CiwaB).filter(total__gt=mild.high), value="happened_at"),
        called=_newest(_observations().filter(calls), value="happened_at"),
        happened=_newest(_standing(Event).filter(kind__in=_UNSETTLING), value="happened_at"),
    )
    return {row[0]: row[1:] for row in rows.values_list("pk", "scored_high", "called", "happened")}


def _of_this_stay(row: Row | None, episode: Episode) -> Row | None:
    return row if row is not None and row.happened_at >= episode.opened_at else None


# --- For the services -------------------------------------------------------------------------------------------------


def oxygen_scale(person: Person) -> int:
    """2 where a prescriber's 88-92 % target stands, else 1."""
    return oxygen_scales([person])[person.pk]


def oxygen_scales(people: Sequence[Person]) -> Mapping[int, int]:
    """`oxygen_scale` of many, in one query."""
    newest = _standing(OxygenTarget).filter(person=OuterRef("pk")).order_by("-happened_at", "-id")
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).annotate(
        scale_two=Subquery(newest.values("scale_two")[:1])
    )
    return {pk: 2 if scale_two else 1 for pk, scale_two in rows.values_list("pk", "scale_two")}


def companion(person: Person, at: dt.datetime) -> Observation | None:
    """The newest set of vital signs near enough to `at` to stand beside a score: within the centre's round."""
    window = dt.timedelta(minutes=person.centre.settings.round_window_minutes)
    rows = _observations().filter(person=person, happened_at__gte=at - window, happened_at__lte=at + window)
    return rows.exclude(state=Observation.State.ASLEEP).order_by("-happened_at", "-id").first()


def standing_observation(observation: Observation) -> Observation:
    """The newest correction of it, or itself."""
    newest: Observation | None = observation
    while newest is not None:
        observation = newest
        newest = Observation.objects.filter(supersedes=observation).first()
    return observation


def ciwa_b_before(person: Person, at: dt.datetime, *, but: CiwaB | None = None) -> tuple[CiwaB, ...]:
    """The complete scores of the hours a rise is counted over, oldest first, without the one being corrected."""
    since = at - dt.timedelta(hours=clinical_settings().ciwa_b_rise_hours)
    rows = _standing(CiwaB).filter(person=person, total__isnull=False, happened_at__gte=since, happened_at__lt=at)
    return tuple((rows.exclude(pk=but.pk) if but else rows).order_by("happened_at", "id"))


def nights(person: Person, limit: int = 14) -> tuple[Sleep, ...]:
    """The newest answers about sleep, corrected and corrections alike, the last night first."""
    rows = Sleep.objects.filter(person=person).select_related("recorded_by", "superseded_by__recorded_by")
    return tuple(rows.order_by("-night_of", "-id")[:limit])


def sleep_of(person: Person, night_of: dt.date) -> Sleep | None:
    return _standing(Sleep).filter(person=person, night_of=night_of).select_related("recorded_by").first()


def correction_of(row: Row) -> Row | None:
    """The row that supersedes this one, if there is one."""
    return type(row)._default_manager.filter(supersedes=row).select_related("recorded_by").first()


# --- Building blocks --------------------------------------------------------------------------------------------------


def _standing(model: type[Row]) -> QuerySet[Row]:
    return model._default_manager.filter(superseded_by__isnull=True)


def _observations() -> QuerySet[Observation]:
    return _standing(Observation).filter(_SOMETHING)


def _scores() -> QuerySet[CiwaB]:
    """Without those taken back: a correction that holds no answer."""
    nothing = [None] * len(instrument("ciwa_b").items)
    return _standing(CiwaB).exclude(supersedes__isnull=False, oriented=True, items=nothing)


def _newest(rows: QuerySet[Row], order: str = "-happened_at", value: str = "pk") -> Subquery:
    return Subquery(rows.filter(person=OuterRef("pk")).order_by(order, "-id").values(value)[:1])


def _fetch(
    model: type[Row], ids: Mapping[int, Mapping[str, int | None]], names: Sequence[str]
) -> dict[int | None, Row]:
    wanted = {row[name] for row in ids.values() for name in names} - {None}
    rows = model._default_manager.filter(pk__in=wanted).select_related("recorded_by")
    return {row.pk: row for row in rows}


def _unlifted() -> QuerySet[Event]:
    lifted = EventReview.objects.filter(event=OuterRef("pk"), lifted=True)
    return _standing(Event).filter(~Exists(lifted))


def _with_reviews(rows: QuerySet[Event]) -> QuerySet[Event]:
    reviews = EventReview.objects.select_related("recorded_by").order_by("recorded_at", "id")
    return rows.select_related("recorded_by", "observation").prefetch_related(Prefetch("reviews", queryset=reviews))
