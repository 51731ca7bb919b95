"""The beds of a unit on any day: as they were, as they are, as they are planned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.alarms.models import Alarm
from glidepath.care.alarms.queries import alarms_at
from glidepath.care.flow.queries import Waiting, waiting
from glidepath.faces.shell import words
from glidepath.faces.shell.banner import Flag
from glidepath.faces.ward.flags import flags_of
from glidepath.record import clock
from glidepath.record.centres.models import Bed, Unit
from glidepath.record.centres.queries import beds
from glidepath.record.episodes.models import PlannedMove
from glidepath.record.episodes.queries import InBed
from glidepath.record.episodes.services import bed_states_at, planned_moves, seen_by, stays_at
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

MIDDAY = dt.time(12)  # a day other than today is shown as at this hour


@dataclass(frozen=True, slots=True)
class Planned:
    """A move that is to come, or was to come and has not."""

    move: PlannedMove
    words: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One bed on that day. person: None where it is free, or where the viewer may not see whom (then `taken`)."""

    bed: Bed
    state: str
    person: Person | None = None
    since: dt.datetime | None = None
    taken: bool = False
    expected: bool = False  # by plan, not there yet
    flags: tuple[Flag, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    planned: tuple[Planned, ...] = ()

    @property
    def state_words(self) -> str:
        return dict(Bed.State.choices).get(self.state, "state not known")


@dataclass(frozen=True, slots=True)
class BedBoard:
    unit: Unit
    on: dt.date
    at: dt.datetime
    today: dt.date
    places: tuple[Place, ...]
    planned: tuple[Planned, ...]  # everything planned for this unit up to that day
    without_bed: tuple[Waiting, ...]  # accepted for a day up to this one, no bed planned yet
    people: tuple[Person, ...] = ()
    charts: frozenset[int] = frozenset()  # ids of those whose chart the viewer may open

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def is_past(self) -> bool:
        return self.on < self.today

    @property
    def before(self) -> dt.date:
        return self.on - dt.timedelta(days=1)

    @property
    def after(self) -> dt.date:
        return self.on + dt.timedelta(days=1)

    @property
    def taken(self) -> int:
        return sum(place.taken for place in self.places)


def moment(unit: Unit, on: dt.date, now: dt.datetime) -> dt.datetime:
    """Now for today, midday for another day of the centre."""
    if on == clock.local(unit.centre, now).date():
        return now
    return dt.datetime.combine(on, MIDDAY, unit.centre.zone).astimezone(dt.UTC)


def bed_board(viewer: Staff, unit: Unit, on: dt.date) -> BedBoard:
    """As many queries for 3 beds as for 30. Names for who decides on beds; risks and alarms for who opens the chart."""
    now = clock.now()
    today, at = clock.local(unit.centre, now).date(), moment(unit, on, now)
    lying = stays_at(unit, min(at, now))
    moves = planned_moves(unit.centre, until=on) if on >= today else []
    coming = [one.episode.person for one in moves]
    everybody = [*(one.person.pk for one in lying.values()), *(one.pk for one in coming)]
    charts = seen_by(viewer, everybody, action="person.read")
    seen = charts | seen_by(viewer, everybody, action="bed.move")
    all_beds = beds(unit.centre, unit=unit)
    states = bed_states_at(all_beds, min(at, now))
    people = _seen(lying, coming, seen)
    cared_for = [one for one in people if one.pk in charts]
    flags = flags_of(cared_for) if on >= today else {}
    rang = alarms_at(cared_for, at) if on < today else {}
    places = tuple(
        _place(bed, states.get(bed.pk, ""), lying.get(bed.pk), moves, seen, flags, rang, today, on) for bed in all_beds
    )
    here = [one for one in moves if _concerns(one, unit, lying)]
    promised = {one.episode_id for one in moves if one.bed is not None}
    without = tuple(one for one in _accepted(viewer, on, today) if one.episode.pk not in promised)
    shown = [*people, *(one.person for one in without if one.person not in people)]
    return BedBoard(
        unit, on, at, today, places, tuple(_planned(here, seen, today)), without, tuple(shown), frozenset(charts)
    )


def _accepted(viewer: Staff, on: dt.date, today: dt.date) -> list[Waiting]:
    """Who is accepted and to come by that day; of a day gone by nobody."""
    if on < today:
        return []
    decided = [one for one in waiting(viewer) if one.decision is not None and one.decision.planned_on is not None]
    return [one for one in decided if one.decision and one.decision.planned_on and one.decision.planned_on <= on]


def _seen(lying: Mapping[int, InBed], coming: Sequence[Person], seen: set[int]) -> list[Person]:
    found = {one.pk: one for one in (*(each.person for each in lying.values()), *coming)}
    return [person for pk, person in found.items() if pk in seen]


def _place(
    bed: Bed, state: str, lies: InBed | None, moves: Sequence[PlannedMove], seen: set[int],
    flags: Mapping[int, tuple[Flag, ...]], rang: Mapping[int, tuple[Alarm, ...]], today: dt.date, on: dt.date,
) -> Place:  # fmt: skip
    """On a day to come the last plan counts: whoever is to be elsewhere, or gone, is no longer expected here."""
    into = [one for one in moves if one.bed_id == bed.pk]
    own = [one for one in moves if lies is not None and one.episode_id == lies.episode.pk]
    stays = lies if lies is not None and not (on > today and own) else None
    last = {one.episode_id: one for one in moves}
    coming = [one for one in into if last[one.episode_id] is one]
    comes = coming[-1] if coming and stays is None and on > today else None
    about = tuple(_planned([*own, *(one for one in into if one not in own)], seen, today))
    person = stays.person if stays is not None else comes.episode.person if comes is not None else None
    if person is None:
        return Place(bed, state, planned=about)
    shown = person if person.pk in seen else None
    return Place(
        bed, state, shown, stays.since if stays is not None else None, True, stays is None,
        flags.get(person.pk, ()), rang.get(person.pk, ()), about,
    )  # fmt: skip


def _concerns(move: PlannedMove, unit: Unit, lying: Mapping[int, InBed]) -> bool:
    into_here = move.bed is not None and move.bed.room.unit_id == unit.pk
    return into_here or move.episode_id in {one.episode.pk for one in lying.values()}


def _planned(moves: Sequence[PlannedMove], seen: set[int], today: dt.date) -> Iterator[Planned]:
    for move in moves:
        who = move.episode.person.preferred_name if move.episode.person_id in seen else "somebody"
        what = f"{who} into {move.bed}" if move.bed is not None else f"{who} leaves"
        said = f": {move.words}" if move.words else ""
        yield Planned(move, f"{what}, {words.weekday(move.on)}{said}", move.on < today)
