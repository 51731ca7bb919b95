"""The unit at a glance: who lies where, what could hurt them, and the one next thing for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from glidepath.care.alarms.queries import OpenAlarm, open_alarms
from glidepath.care.assessment.queries import Answer, answers, uses_of
from glidepath.care.medication import queries as medication
from glidepath.care.medication.last_taken import seizure_windows
from glidepath.care.medication.missing_order import Gap, gaps
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.frequency import Due
from glidepath.care.safety import queries as safety
from glidepath.care.safety.due import NextContact
from glidepath.care.taper import queries as taper
from glidepath.care.taper.queries import Running
from glidepath.faces.shell.banner import Flag
from glidepath.faces.ward.banner import daily_in_words, step_in_words
from glidepath.faces.ward.flags import NAMES, flags_of
from glidepath.record import clock
from glidepath.record.centres.models import Bed, Unit
from glidepath.record.centres.queries import beds
from glidepath.record.episodes.queries import InBed, in_beds, taken_beds
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

ASKED_ON_DAY_0 = {"suicidality_voiced": "ask about thoughts of suicide", "falls_risk": "falls check (INP-15)"}


@dataclass(frozen=True, slots=True)
class Foot:
    """The one next thing of a tile. `kind` is a status word of the shell."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Tile:
    bed: Bed
    here: InBed | None
    day: int | None = None
    taper: str = ""
    flags: tuple[Flag, ...] = ()
    foot: Foot | None = None
    urgency: int = 9
    taken: bool = False  # by somebody, whether the viewer may see whom or not

    @property
    def edge(self) -> str:
        """How the tile is edged: alarm, watch or nothing."""
        return {0: "bed--alarm", 1: "bed--alarm", 2: "bed--late"}.get(self.urgency, "")


@dataclass(frozen=True, slots=True)
class NextThing:
    """A line of "Next": what is due to whom, and where it is done."""

    at: dt.datetime
    person: Person
    bed: str
    words: str
    kind: str  # dose, observation, recheck, ask, contact
    late: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    unit: Unit
    tiles: tuple[Tile, ...]
    alarms: tuple[OpenAlarm, ...]
    following: tuple[NextThing, ...]
    people: tuple[Person, ...]

    @property
    def here(self) -> int:
        return sum(tile.taken for tile in self.tiles)


@dataclass(frozen=True, slots=True)
class AtHand:
    """What is due to people in beds, and what it was read from."""

    people: tuple[Person, ...]
    running: Mapping[int, Running]  # by person id; who has no step in force is left out
    due: Mapping[int, Due]
    doses: tuple[medication.DueRow, ...]
    missing: Mapping[int, Gap]  # by person id: who has no first order yet
    following: tuple[NextThing, ...]
    seen: monitoring.Seen
    contacts: Mapping[int, NextContact]  # by person id: who is to be spoken with again after an alert
    told: Mapping[int, Mapping[str, Answer]]  # by person id: the answers that flags need


def at_hand(
    lying: Mapping[int, InBed], now: dt.datetime, *, contacts: Mapping[int, NextContact] | None = None
) -> AtHand:
    """lying: who lies in a bed, by person id. contacts: those due after an alert, of these people or of more, where
    they were read already. The same number of queries for 3 people and for 30."""
    people = [one.person for one in lying.values()]
    episodes = {pk: one.episode for pk, one in lying.items()}
    read, seen = taper.tapers(people), monitoring.seen(people)
    running, changes = taper.running(people, now, known=read), taper.last_changes(people, now, known=read)
    held = monitoring.holds_among(event for events in seen.events.values() for event in events)
    standing = medication.standing_now(people, known=read, holds=held)
    rows, uses = medication.around(people, now, standing=standing, episodes=episodes), uses_of(people)
    windows = partial(seizure_windows, rows=rows, uses=uses, episodes=episodes)
    due = monitoring.due(people, now, values=seen, changes=changes, episodes=episodes, windows=windows)
    to_answer = medication.for_round(people, now, standing=standing, rows=rows)
    doses = tuple(row for row in to_answer if row.answer is None)
    missing = gaps(people, now, known=read, orders=standing.orders, episodes=episodes, uses=uses)
    rechecks = medication.rechecks_due(people, episodes=episodes)
    all_due = safety.contacts_due(people) if contacts is None else contacts
    contacts = {pk: one for pk, one in all_due.items() if pk in lying}
    told = answers(people, [*{*NAMES, *ASKED_ON_DAY_0}], episodes=episodes)
    more = [*_unasked(people, lying, told), *_contacts(contacts, lying, now)]
    following = _following(lying, doses, due, rechecks, more, now)
    return AtHand(tuple(people), running, due, doses, missing, following, seen, contacts, told)


def board(viewer: Staff, unit: Unit, *, by_need: bool = False) -> Board:
    """Everything of one unit, for those the viewer may see; the same number of queries for 3 people and for 30."""
    now = clock.now()
    here, taken = {one.bed.pk: one for one in in_beds(viewer, unit)}, taken_beds(unit.centre)
    hand = at_hand({one.person.pk: one for one in here.values()}, now)
    alarms = open_alarms(hand.people, now=now)
    flags = flags_of(hand.people, seen=hand.seen, contacts=hand.contacts, told=hand.told)
    tiles = [
        _tile(bed, here[bed.pk], hand, alarms, flags) if bed.pk in here else Tile(bed, None, taken=bed.pk in taken)
        for bed in beds(unit.centre, unit=unit)
    ]
    if by_need:
        tiles.sort(key=lambda tile: (tile.urgency, tile.bed.number))
    return Board(unit, tuple(tiles), alarms, hand.following, hand.people)


def _tile(
    bed: Bed, here: InBed, hand: AtHand, alarms: Sequence[OpenAlarm], flags: Mapping[int, tuple[Flag, ...]]
) -> Tile:
    person = here.person
    today = clock.today(person.centre)
    admitted = here.episode.admitted_at or here.since
    plan = hand.running.get(person.pk)
    without = _without_plan(person, hand.missing.get(person.pk))
    words = f"{daily_in_words(plan)}, step {step_in_words(plan)}" if plan else without
    doses = [row for row in hand.doses if row.person.pk == person.pk]
    foot, urgency = _foot(person, hand.due.get(person.pk), alarms, doses)
    day = (today - clock.local(person.centre, admitted).date()).days
    return Tile(bed, here, day, words, flags[person.pk], foot, urgency, taken=True)


def _without_plan(person: Person, gap: Gap | None) -> str:
    if gap is None:
        return "orders, no plan yet"
    what = "only a part is ordered" if gap.is_part else "nothing is ordered"
    return f"{what}; a dose by the report: {clock.local(person.centre, gap.due_at):%H:%M}"


def _foot(
    person: Person, due: Due | None, alarms: Sequence[OpenAlarm], doses: Sequence[medication.DueRow]
) -> tuple[Foot, int]:
    own = [one for one in alarms if one.alarm.person_id == person.pk]
    if own:
        return Foot("overdue", own[0].alarm.message), 0
    if due is not None and due.alerts:
        return Foot("overdue", f"observation {due.late_minutes} min over"), 1
    worst = next((row for row in doses if row.state is medication.State.OVERDUE), None)
    if worst is not None:
        return Foot("overdue", f"{worst.due.medicine} not answered"), 1
    held = next((row for row in doses if row.state is medication.State.HELD), None)
    if held is not None:
        return Foot("stop", "sedatives held"), 1
    late = next((row for row in doses if row.state is medication.State.LATE), None)
    if late is not None:
        return Foot("late", f"{late.due.medicine} late"), 2
    if due is not None and due.is_due:
        return Foot("due", "observation due"), 3
    if doses:
        return Foot("due", f"{doses[0].due.medicine} due"), 3
    if due is not None:
        return Foot("due", f"next observation {clock.local(person.centre, due.due_at):%H:%M}"), 8
    return Foot("done", "nothing due"), 8


def _following(
    lying: Mapping[int, InBed],
    doses: Sequence[medication.DueRow],
    due: Mapping[int, Due],
    rechecks: Sequence[medication.Recheck],
    more: Sequence[NextThing],
    now: dt.datetime,
) -> tuple[NextThing, ...]:
    """Doses, observations and re-checks that are due or nearly so, the longest waiting first."""
    soon = now + dt.timedelta(hours=1)
    things = [_dose(row, lying[row.person.pk]) for row in doses if row.person.pk in lying]
    things += [_observation(one, lying[person_id]) for person_id, one in due.items() if one.due_at <= soon]
    things += [_recheck(one, lying[pk]) for one in rechecks if (pk := one.answer.person_id) in lying]
    return tuple(sorted([*things, *more], key=lambda thing: thing.at))


def _unasked(
    people: Sequence[Person], lying: Mapping[int, InBed], told: Mapping[int, Mapping[str, Answer]]
) -> list[NextThing]:
    """What is asked on the day of admission and has no answer yet; “could not be asked” leaves it to be asked again."""
    return [
        _to_ask(person, lying[person.pk], words)
        for person in people
        for name, words in ASKED_ON_DAY_0.items()
        if (known := told.get(person.pk, {}).get(name)) is None or known.value == "unknown"
    ]


def _contacts(due: Mapping[int, NextContact], lying: Mapping[int, InBed], now: dt.datetime) -> list[NextThing]:
    """Who is to be spoken with again after an alert about suicide: soon, or missed."""
    soon = now + dt.timedelta(hours=1)
    return [
        NextThing(
            one.by, lying[key].person, str(lying[key].bed.number), "speak with them: caring contact", "contact",
            "overdue" if one.is_missed else "due",
        )
        for key, one in due.items()
        if one.by <= soon
    ]  # fmt: skip


def _to_ask(person: Person, here: InBed, words: str) -> NextThing:
    came = here.episode.admitted_at or here.since
    late = clock.local(person.centre, came).date() < clock.today(person.centre)
    return NextThing(came, person, str(here.bed.number), words, "ask", "overdue" if late else "due")


def _dose(row: medication.DueRow, here: InBed) -> NextThing:
    return NextThing(row.due.due_at, here.person, str(here.bed.number), str(row.due.dose), "dose", row.state.value)


def _observation(due: Due, here: InBed) -> NextThing:
    late = "overdue" if due.alerts else "due" if due.is_due else "ahead"
    return NextThing(due.due_at, here.person, str(here.bed.number), due.parts, "observation", late)


def _recheck(one: medication.Recheck, here: InBed) -> NextThing:
    late = "overdue" if one.is_late else "due"
    return NextThing(one.due_at, here.person, str(here.bed.number), one.words, "recheck", late)
