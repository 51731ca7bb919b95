"""Which alarms stand open, how loud each is now, and when alarms paused a taper. Nothing here is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, Prefetch

from glidepath.care.alarms.models import Alarm, AlarmAct, Rank, WatchLook
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.queries import person_for
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

Interval = tuple[dt.datetime, dt.datetime | None]
ANSWERS = (AlarmAct.Kind.ACKNOWLEDGED, AlarmAct.Kind.ATTENDED)


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An open alarm as it is drawn: answered since its last trigger or not, and for how long it has stood so."""

    alarm: Alarm
    acts: tuple[AlarmAct, ...]  # oldest first
    now: dt.datetime
    filled: bool = False  # the one filled alarm of a page

    @property
    def answer(self) -> AlarmAct | None:
        """Who has it: being with the person counts more than having read it. Only after the last trigger."""
        last_trigger = max((i for i, a in enumerate(self.acts) if a.kind == AlarmAct.Kind.TRIGGERED), default=-1)
        answers = [act for act in self.acts[last_trigger + 1 :] if act.kind in ANSWERS]
        attended = [act for act in answers if act.kind == AlarmAct.Kind.ATTENDED]
        found = attended or answers
        return found[-1] if found else None

    @property
    def rank(self) -> Rank:
        """How loud it is now: an alarm of the first rank that a named person has is outlined, not filled."""
        stored = Rank(self.alarm.rank)
        return Rank.HELD if stored is Rank.NOW and self.answer is not None else stored

    @property
    def standing(self) -> dt.timedelta:
        return self.now - self.alarm.opened_at

    @property
    def clock(self) -> str:
        """The running clock as the server sees it: "06:42" under an hour, then "74 min", then "5 h"."""
        seconds = int(self.standing.total_seconds())
        if seconds < 3600:
            return f"{seconds // 60:02d}:{seconds % 60:02d}"
        return f"{seconds // 60} min" if seconds < 3 * 3600 else f"{seconds // 3600} h"

    @property
    def triggers(self) -> int:
        return sum(1 for act in self.acts if act.kind == AlarmAct.Kind.TRIGGERED)


def open_alarms(people: Iterable[Person], *, now: dt.datetime | None = None) -> tuple[OpenAlarm, ...]:
    """The open alarms of these people (those the viewer may see), most urgent first; only the first is filled."""
    acts = AlarmAct.objects.select_related("recorded_by").order_by("recorded_at", "id")
    rows = (
        Alarm.objects.filter(person__in=[person.pk for person in people], closed_at__isnull=True)
        .select_related("person", "centre", "opened_by")
        .prefetch_related(Prefetch("acts", queryset=acts))
    )
    moment = now or clock.now()
    found = [OpenAlarm(alarm=row, acts=tuple(row.acts.all()), now=moment) for row in rows]
    found.sort(key=lambda each: (each.rank.order, each.alarm.opened_at, each.alarm.pk))
    return tuple(_with_one_filled(found))


def _with_one_filled(found: Sequence[OpenAlarm]) -> Iterable[OpenAlarm]:
    for index, each in enumerate(found):
        first = index == 0 and each.rank is Rank.NOW
        yield OpenAlarm(alarm=each.alarm, acts=each.acts, now=each.now, filled=first)


def open_alarm(person: Person, cause: str) -> Alarm | None:
    """The open alarm of this cause, if one stands."""
    return Alarm.objects.select_related("centre").filter(person=person, cause=cause, closed_at__isnull=True).first()


def standing(people: Sequence[Person], cause: str) -> set[int]:
    """The ids of those for whom an alarm of this cause stands open, in one query."""
    rows = Alarm.objects.filter(person__in=[person.pk for person in people], cause=cause, closed_at__isnull=True)
    return set(rows.values_list("person_id", flat=True))


def last_word(people: Sequence[Person], cause: str) -> Mapping[int, dt.datetime]:
    """When an alarm of this cause, open or closed, was last triggered or closed, by person id; none: left out."""
    acts = AlarmAct.objects.filter(
        alarm__person__in=[person.pk for person in people],
        alarm__cause=cause,
        kind__in=(AlarmAct.Kind.TRIGGERED, AlarmAct.Kind.CLOSED),
    )
    rows = acts.values_list("alarm__person_id").annotate(last=Max("recorded_at"))
    return dict(rows)


def alarm_for(viewer: Staff, public_id: UUID, *, action: str) -> tuple[Alarm, Person]:
    """The alarm with its person, if `viewer` may see that person. Raises what `person_for` raises, or DoesNotExist."""
    alarm = Alarm.objects.select_related("person", "centre").get(public_id=public_id, centre=viewer.centre)
    return alarm, person_for(viewer, alarm.person.public_id, action=action)


def history(alarm: Alarm) -> tuple[AlarmAct, ...]:
    """Every act on it, oldest first."""
    return tuple(AlarmAct.objects.filter(alarm=alarm).select_related("recorded_by").order_by("recorded_at", "id"))


@dataclass(frozen=True, slots=True)
class Silence:
    """The worker has not looked for longer than the centre allows: nothing calls by time alone. None: never."""

    since: dt.datetime | None


def silence(centre: Centre | None) -> Silence | None:
    """None while the worker looks in time, and for a viewer of no centre."""
    if centre is None:
        return None
    look = WatchLook.objects.filter(centre=centre).first()
    allowed = dt.timedelta(minutes=settings_of(centre).watch_silent_minutes)
    if look is not None and clock.now() - look.looked_at <= allowed:
        return None
    return Silence(look.looked_at if look else None)


def pauses(person: Person) -> tuple[Interval, ...]:
    """When an alarm that pauses the taper stood open, by recorded time; an open end is None."""
    return pauses_for([person])[person.pk]


def pauses_for(people: Sequence[Person]) -> Mapping[int, tuple[Interval, ...]]:
    """`pauses` of many at once, in one query."""
    rows = (
        Alarm.objects.filter(person__in=[person.pk for person in people], pauses_taper=True)
        .order_by("paused_at", "id")
        .values_list("person_id", "paused_at", "closed_at")
    )
    by_person: dict[int, list[Interval]] = {person.pk: [] for person in people}
    for person_id, paused_at, closed_at in rows:
        if paused_at is not None:  # the constraint holds it; the type does not know
            by_person[person_id].append((paused_at, closed_at))
    return {person_id: tuple(intervals) for person_id, intervals in by_person.items()}
