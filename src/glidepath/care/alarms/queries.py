"""Which alarms stand open, how loud each is now, and when alarms paused a taper. Nothing here is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Max, Prefetch, QuerySet

from glidepath.care.alarms.calling import Calling, callings
from glidepath.care.alarms.models import Alarm, AlarmAct, Rank, WatchLook
from glidepath.care.alarms.report import KindOfAlarm, kinds_of_alarm, title_of
from glidepath.care.alarms.since import acts_since
from glidepath.clinical.facts.escalation import Part
from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.centres.queries import units
from glidepath.record.episodes.queries import person_for
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.cover import Duty, is_any
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.queries import colleagues, cover

ALWAYS_WANTED = (Part.NURSE, Part.PRESCRIBER)  # without one of these a ladder has nobody to call
GIVES_ORDERS = (Part.PRESCRIBER, Part.PHYSICIAN, Part.PSYCHOLOGIST)
__all__ = [
    "ANSWERS",
    "GIVES_ORDERS",
    "Covered",
    "Interval",
    "KindOfAlarm",
    "OpenAlarm",
    "Silence",
    "acts_since",
    "alarm_for",
    "called_elsewhere",
    "covered",
    "failure_of",
    "gives_orders",
    "history",
    "kinds_of_alarm",
    "last_triggers",
    "last_word",
    "newest_of_cause",
    "of_cause",
    "open_alarm",
    "open_alarms",
    "pauses",
    "pauses_for",
    "ringing",
    "silence",
    "standing",
    "title_of",
]

Interval = tuple[dt.datetime, dt.datetime | None]
ANSWERS = (AlarmAct.Kind.ACKNOWLEDGED, AlarmAct.Kind.ATTENDED, AlarmAct.Kind.ORDERED)


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An open alarm as it is drawn: answered since its last trigger or not, and for how long it has stood so."""

    alarm: Alarm
    acts: tuple[AlarmAct, ...]  # oldest first
    now: dt.datetime
    calling: Calling  # how far its ladder has gone
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
        """How loud it is now: an alarm of the first rank that a named person has is outlined, not filled.

        Past the time by which somebody must be there it is loud again, whoever has it.
        """
        stored = Rank(self.alarm.rank)
        if self.calling.standing.is_late:
            return Rank.NOW if stored is Rank.NOW else Rank.HELD
        return Rank.HELD if stored is Rank.NOW and self.answer is not None else stored

    @property
    def not_sent(self) -> tuple[AlarmAct, ...]:
        """Of the present run, for each person and way whose newest message did not leave: that message."""
        since = self.calling.standing.since
        newest = {
            (act.whom_id, act.way): act for act in self.acts if since and act.called_at and act.called_at >= since
        }
        return tuple(act for act in newest.values() if failure_of(act))

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
    """The open alarms of these people (those the viewer may see), most urgent first; only the first is filled.

    Who is called for each is worked out here, so that no page can show an alarm without it. Six queries at most.
    """
    asked = {person.pk: person for person in people}
    rows = _open_of(asked)
    for row in rows:
        row.person = asked[row.person_id]
    return _opened(rows, now or clock.now())


def ringing(centre: Centre) -> tuple[OpenAlarm, ...]:
    """Every open alarm of the centre, for the worker that carries its messages; no viewer reads it."""
    return _opened(_open_at(centre), clock.now())


def called_elsewhere(viewer: Staff, shown: Iterable[OpenAlarm]) -> tuple[OpenAlarm, ...]:
    """The alarms that call `viewer` now about people they have no tie to: on call, or on shift on another unit.

    shown: those the page shows already. One query where nothing else rings.
    """
    if viewer.centre is None or not may(viewer, "call.own"):
        return ()
    elsewhere = {*_ids_open_at(viewer.centre)} - {each.alarm.pk for each in shown}
    if not elsewhere:
        return ()
    others = (each for each in ringing(viewer.centre) if each.alarm.pk in elsewhere and each.calling.goes_on)
    return tuple(each for each in others if any(duty.staff.pk == viewer.pk for duty in each.calling.called))


def failure_of(page: AlarmAct) -> str:
    """Why the message of a page could not be sent; empty: it was, or nobody knows yet."""
    return page.sent.failed if hasattr(page, "sent") else ""


def _opened(alarms: Iterable[Alarm], moment: dt.datetime) -> tuple[OpenAlarm, ...]:
    read = [(row, tuple(row.acts.all())) for row in alarms]
    ladders = callings(read, moment)
    found = [OpenAlarm(alarm=row, acts=acts, now=moment, calling=ladders[row.pk]) for row, acts in read]
    found.sort(key=lambda each: (each.rank.order, each.alarm.opened_at, each.alarm.pk))
    return tuple(_with_one_filled(found))


@prepared
def _open_of(people: Many[int]) -> QuerySet[Alarm]:
    return _open_with_acts().filter(person__in=people)


@prepared
def _open_at(centre: Centre) -> QuerySet[Alarm]:
    return _open_with_acts().select_related("person", "centre", "opened_by").filter(centre=centre)


@prepared
def _ids_open_at(centre: Centre) -> QuerySet[Alarm, int]:
    return Alarm.objects.filter(closed_at__isnull=True, centre=centre).values_list("pk", flat=True)


def _open_with_acts() -> QuerySet[Alarm]:
    acts = AlarmAct.objects.select_related("recorded_by", "whom", "sent").order_by("recorded_at", "id")
    rows = Alarm.objects.filter(closed_at__isnull=True).select_related("centre", "opened_by")
    return rows.prefetch_related(Prefetch("acts", queryset=acts))


def _with_one_filled(found: Sequence[OpenAlarm]) -> Iterable[OpenAlarm]:
    for index, each in enumerate(found):
        first = index == 0 and each.rank is Rank.NOW
        yield replace(each, filled=first)


def open_alarm(person: Person, cause: str) -> Alarm | None:
    """The open alarm of this cause, if one stands."""
    return next(iter(_open_of_cause(person, cause)), None)


@prepared
def _open_of_cause(person: Person, cause: str) -> QuerySet[Alarm]:
    rows = Alarm.objects.select_related("centre").filter(person=person, cause=cause, closed_at__isnull=True)
    return rows.order_by("pk")[:1]


def standing(people: Sequence[Person], cause: str) -> set[int]:
    """The ids of those for whom an alarm of this cause stands open, in one query."""
    rows = Alarm.objects.filter(person__in=[person.pk for person in people], cause=cause, closed_at__isnull=True)
    return set(rows.values_list("person_id", flat=True))


def of_cause(person: Person, cause: str) -> list[Alarm]:
    """Every alarm of this cause this person ever had, the newest first."""
    rows = Alarm.objects.select_related("centre", "person").filter(person=person, cause=cause)
    return list(rows.order_by("-opened_at", "-pk"))


def newest_of_cause(people: Sequence[Person], cause: str) -> Mapping[int, Alarm]:
    """The newest alarm of this cause, open or closed, by person id; none: left out. One query."""
    return {row.person_id: row for row in _all_of_cause(people, cause)}


@prepared
def _all_of_cause(people: Many[Person], cause: str) -> QuerySet[Alarm]:
    return Alarm.objects.filter(person__in=people, cause=cause).order_by("opened_at", "pk")


def last_triggers(people: Sequence[Person], cause: str) -> Mapping[int, dt.datetime]:
    """When an alarm of this cause was last triggered, by person id; never: left out. One query."""
    return dict(_last_acts(people, cause, [AlarmAct.Kind.TRIGGERED]))


@prepared
def _last_acts(people: Many[Person], cause: str, kinds: Many[str]) -> QuerySet[AlarmAct, tuple[int, dt.datetime]]:
    acts = AlarmAct.objects.filter(alarm__person__in=people, alarm__cause=cause, kind__in=kinds)
    return acts.values_list("alarm__person_id").annotate(last=Max("recorded_at"))


def last_word(people: Sequence[Person], cause: str) -> Mapping[int, dt.datetime]:
    """When an alarm of this cause, open or closed, was last triggered or closed, by person id; none: left out."""
    return dict(_last_acts(people, cause, [AlarmAct.Kind.TRIGGERED, AlarmAct.Kind.CLOSED]))


def said_of(people: Sequence[int], cause: str, *, since: dt.datetime) -> Mapping[int, list[str]]:
    """What alarms of this cause, open or closed, were triggered with since then, by person id; none: left out."""
    acts = AlarmAct.objects.filter(
        alarm__person__in=people, alarm__cause=cause, kind=AlarmAct.Kind.TRIGGERED, recorded_at__gte=since
    )
    found: dict[int, list[str]] = {}
    for person, words in acts.values_list("alarm__person_id", "words"):
        found.setdefault(person, []).append(words)
    return found


def alarm_for(viewer: Staff, public_id: UUID, *, action: str) -> tuple[Alarm, Person]:
    """The alarm with its person, if `viewer` may see that person. Raises what `person_for` raises, or DoesNotExist."""
    alarm = Alarm.objects.select_related("person", "centre").get(public_id=public_id, centre=viewer.centre)
    return alarm, person_for(viewer, alarm.person.public_id, action=action)


def history(alarm: Alarm) -> tuple[AlarmAct, ...]:
    """Every act on it, oldest first."""
    rows = AlarmAct.objects.filter(alarm=alarm).select_related("recorded_by", "whom", "sent")
    return tuple(rows.order_by("recorded_at", "id"))


def gives_orders(centre: Centre) -> list[Staff]:
    """Everybody here whose order about an alarm can be written down, by name."""
    return [one for one in colleagues(centre) if is_any(one, GIVES_ORDERS)]


@dataclass(frozen=True, slots=True)
class Covered:
    """Who would be called on a unit now, by part; `missing`: the parts nobody is there for."""

    unit: Unit
    rows: tuple[tuple[Part, tuple[Duty, ...]], ...]


def covered(centre: Centre) -> tuple[Covered, ...]:
    """For each unit who would be called at this moment. Three queries."""
    now, here = clock.now(), cover(centre.pk, clock.now())
    return tuple(
        Covered(unit, tuple((part, here.answering(unit.pk, (part,), now)) for part in ALWAYS_WANTED))
        for unit in units(centre)
    )


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A part that nobody has on a unit, on shift or on call: an alarm there would find nobody to call."""

    unit: Unit
    part: Part


def uncovered(units: Sequence[Unit]) -> tuple[Uncovered, ...]:
    """Of units where somebody lies, so that it is an alarm before one rings. Two queries, or none without a unit."""
    if not units:
        return ()
    now = clock.now()
    here = cover(units[0].centre_id, now)
    return tuple(
        Uncovered(unit, part) for unit in units for part in ALWAYS_WANTED if not here.answering(unit.pk, (part,), now)
    )


@dataclass(frozen=True, slots=True)
class Silence:
    """The worker has not looked for longer than the centre allows: nothing calls by time alone. None: never."""

    since: dt.datetime | None


def silence(centre: Centre | None) -> Silence | None:
    """None while the worker looks in time, and for a viewer of no centre."""
    if centre is None:
        return None
    look = next(iter(_looks(centre)), None)
    allowed = dt.timedelta(minutes=centre.settings.watch_silent_minutes)
    if look is not None and clock.now() - look.looked_at <= allowed:
        return None
    return Silence(look.looked_at if look else None)


@prepared
def _looks(centre: Centre) -> QuerySet[WatchLook]:
    return WatchLook.objects.filter(centre=centre)


def pauses(person: Person) -> tuple[Interval, ...]:
    """When an alarm that pauses the taper stood open, by recorded time; an open end is None."""
    return pauses_for([person])[person.pk]


@prepared
def _paused(people: Many[int]) -> QuerySet[Alarm, tuple[int, dt.datetime | None, dt.datetime | None]]:
    rows = Alarm.objects.filter(person__in=people, pauses_taper=True).order_by("paused_at", "id")
    return rows.values_list("person_id", "paused_at", "closed_at")


def pauses_for(people: Sequence[Person]) -> Mapping[int, tuple[Interval, ...]]:
    """`pauses` of many at once, in one query."""
    by_person: dict[int, list[Interval]] = {person.pk: [] for person in people}
    for person_id, paused_at, closed_at in _paused(by_person):
        if paused_at is not None:  # the constraint holds it; the type does not know
            by_person[person_id].append((paused_at, closed_at))
    return {person_id: tuple(intervals) for person_id, intervals in by_person.items()}


def alarms_at(people: Sequence[Person], at: dt.datetime) -> Mapping[int, tuple[Alarm, ...]]:
    """Which alarms stood open at a moment gone by, by person id; who had none is left out."""
    rows = Alarm.objects.filter(person__in=[one.pk for one in people], opened_at__lte=at).exclude(closed_at__lte=at)
    found: dict[int, list[Alarm]] = {}
    for row in rows.order_by("opened_at", "id"):
        found.setdefault(row.person_id, []).append(row)
    return {pk: tuple(alarms) for pk, alarms in found.items()}
