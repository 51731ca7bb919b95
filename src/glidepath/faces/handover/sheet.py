"""The handover as it writes itself: each person of a unit in the same five parts, from the record and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.alarms.queries import OpenAlarm, acts_since, open_alarms
from glidepath.care.medication import queries as medication
from glidepath.care.monitoring.queries import seen_since
from glidepath.care.notes.queries import for_handover
from glidepath.care.taper.queries import decided_since
from glidepath.faces.handover import changed
from glidepath.faces.handover.lines import CHANGED, NEXT, NOTES, OPEN, OVERDUE, TO_DO, Line, Part
from glidepath.faces.shell import words
from glidepath.faces.shell.banner import Flag
from glidepath.faces.ward.banner import daily_in_words, step_in_words
from glidepath.faces.ward.board import AtHand, at_hand
from glidepath.faces.ward.flags import flags_of
from glidepath.record import clock
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.queries import InBed, in_beds
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

AHEAD = dt.timedelta(hours=24)
LATE = ("overdue", "late")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as they are handed over. Parts without a line are left out; nothing in them is typed by anybody."""

    person: Person
    bed: int
    head: str
    flags: tuple[Flag, ...]
    parts: tuple[Part, ...]

    @property
    def is_urgent(self) -> bool:
        """Whether something is open or overdue: such people are read back first."""
        return any(part.is_first for part in self.parts)


@dataclass(frozen=True, slots=True)
class Sheet:
    unit: Unit
    since: dt.datetime
    now: dt.datetime
    entries: tuple[Entry, ...]  # by bed

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(entry.person for entry in self.entries)


def sheet(viewer: Staff, unit: Unit, since: dt.datetime) -> Sheet:
    """Of everybody on the unit whom the viewer may see; as many queries for 3 people as for 30."""
    now = clock.now()
    lying = {one.person.pk: one for one in in_beds(viewer, unit)}
    people = [one.person for one in lying.values()]
    hand = at_hand(lying, now)
    ringing = open_alarms(people, now=now)
    flags = flags_of(people, seen=hand.seen, contacts=hand.contacts)
    happened, notes = _changed(people, since), for_handover(viewer, people, since)
    ahead = medication.due(people, now, now + AHEAD)
    entries = [
        Entry(
            one.person,
            one.bed.number,
            _head(one, hand, now),
            flags[pk],
            tuple(
                Part(title, tuple(lines))
                for title, lines in (
                    (OPEN, _open(pk, ringing)),
                    (OVERDUE, _late(pk, hand)),
                    (NOTES, [Line(f"{note.recorded_by.name}: {note.words}", note.recorded_at) for note in notes[pk]]),
                    (CHANGED, happened[pk]),
                    (NEXT, _ahead(pk, hand, ahead, one.person, now)),
                    (TO_DO, _to_do(pk, hand)),
                )
                if lines
            ),
        )
        for pk, one in lying.items()
    ]
    return Sheet(unit, since, now, tuple(entries))


def _head(here: InBed, hand: AtHand, now: dt.datetime) -> str:
    centre = here.person.centre
    came = clock.local(centre, here.episode.admitted_at or here.since).date()
    running = hand.running.get(here.person.pk)
    taper = f"{daily_in_words(running)}, step {step_in_words(running)}" if running else "no taper plan yet"
    return f"day {(clock.local(centre, now).date() - came).days}; {taper}"


def _open(pk: int, ringing: Sequence[OpenAlarm]) -> list[Line]:
    return [
        Line(f"{one.alarm.message} {_who_has(one)}", one.alarm.opened_at, "overdue")
        for one in ringing
        if one.alarm.person_id == pk
    ]


def _who_has(alarm: OpenAlarm) -> str:
    answer = alarm.answer
    if answer is None or answer.recorded_by is None:
        return "Nobody has it yet."
    return f"{answer.recorded_by.name}: {answer.get_kind_display()}."


def _late(pk: int, hand: AtHand) -> list[Line]:
    return [Line(one.words, one.at, one.late) for one in hand.following if one.person.pk == pk and one.late in LATE]


def _to_do(pk: int, hand: AtHand) -> list[Line]:
    """What waits for somebody and is not late; doses and observations to come stand under the next 24 hours."""
    asked = [
        Line(one.words, one.at)
        for one in hand.following
        if one.person.pk == pk and one.late not in LATE and one.kind not in ("dose", "observation")
    ]
    running = hand.running.get(pk)
    if running is not None and running.waits_for_review and not running.on_hold:
        asked.append(Line("symptom review before the next step"))
    if pk in hand.missing:
        asked.append(Line("first orders: nothing, or only a part, is ordered of what was told"))
    return asked


def _ahead(pk: int, hand: AtHand, doses: Sequence[medication.DueRow], person: Person, now: dt.datetime) -> list[Line]:
    lines = [Line(words_of, at) for at, words_of in _by_time(pk, doses)]
    due = hand.due.get(pk)
    if due is not None and now < due.due_at <= now + AHEAD:
        lines.append(Line(f"observation, {due.how_often.lower()}", due.due_at))
    running = hand.running.get(pk)
    tomorrow = clock.local(person.centre, now + AHEAD).date()
    if running is not None and running.following is not None and running.following.start <= tomorrow:
        step = running.following
        state = "released" if running.following_released else "not released: the present dose goes on"
        lines.append(Line(f"step {step.number} from {words.weekday(step.start)}, {state}"))
    contact = hand.contacts.get(pk)
    if contact is not None and now < contact.by <= now + AHEAD:
        lines.append(Line("caring contact: speak with them", contact.by))
    return sorted(lines, key=lambda line: line.at or now + AHEAD)


def _by_time(pk: int, doses: Sequence[medication.DueRow]) -> list[tuple[dt.datetime, str]]:
    """One line a time: "diazepam 5 mg, sertraline 50 mg"."""
    found: dict[dt.datetime, list[str]] = {}
    for row in doses:
        if row.person.pk == pk and row.answer is None:
            held = ", held until a prescriber has looked again" if row.is_held else ""
            found.setdefault(row.due.due_at, []).append(f"{row.due.dose}{held}")
    return [(at, ", ".join(each)) for at, each in sorted(found.items())]


def _changed(people: Sequence[Person], since: dt.datetime) -> Mapping[int, list[Line]]:
    alarms, seen = acts_since(people, since), seen_since(people, since)
    done, decided = medication.done_since(people, since), decided_since(people, since)
    return {
        one.pk: changed.lines(alarms[one.pk], seen[one.pk], done[one.pk], decided[one.pk], one.centre) for one in people
    }
