"""What the pages say of forms that wait: their names, how many days a missed one is over, how often it was missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from glidepath.care.instruments.catalogue import IN_A_BED
from glidepath.care.instruments.waiting import Waiting, waiting, waiting_for
from glidepath.clinical.facts.load import instruments
from glidepath.clinical.instruments.schedule import Due
from glidepath.record import clock
from glidepath.record.episodes.queries import beds_of
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """A form to fill in. key: of the usual instrument; others: the names of those that would do as well."""

    key: str
    name: str
    others: tuple[str, ...]
    why: str
    until: dt.date
    on_the_round: bool = False  # of somebody in a bed it is taken there


@dataclass(frozen=True, slots=True)
class MissedForm:
    """A form nobody filled in in its days. times: how often; last: the newest of those days."""

    key: str
    name: str
    why: str
    last: dt.date
    times: int
    on_the_round: bool = False

    @property
    def said(self) -> str:
        return "missed" if self.times == 1 else f"missed {self.times} times"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    person: Person
    now: tuple[WaitingForm, ...]
    missed: tuple[MissedForm, ...]

    @property
    def missed_words(self) -> str:
        return f"{len(self.missed)} {'form' if len(self.missed) == 1 else 'forms'}"


def waiting_rows(people: Sequence[Person]) -> tuple[WaitingRow, ...]:
    """Those for whom something waits: who has something due today first, then by name."""
    found = waiting(people)
    in_bed = beds_of([one.person for one in found if _asks_the_round(one)])
    rows = [_row(one, in_bed) for one in found]
    return tuple(sorted(rows, key=lambda row: (not row.now, row.person.preferred_name)))


def waiting_row(person: Person) -> WaitingRow:
    found = waiting_for(person)
    return _row(found, beds_of([person]) if _asks_the_round(found) else {})


def _asks_the_round(found: Waiting) -> bool:
    return any(one.instruments[0] in IN_A_BED for one in found.forms)


def _row(found: Waiting, in_bed: Collection[int]) -> WaitingRow:
    today = clock.today(found.person.centre)
    there = frozenset(IN_A_BED) if found.person.pk in in_bed else frozenset[str]()
    now = tuple(_now(one, there) for one in _unique(found.now))
    return WaitingRow(found.person, now, _missed(found.missed, today, there))


def _unique(due: Sequence[Due]) -> list[Due]:
    """A form that two entries of the schedule ask for today is filled in once; the one that ends first is named."""
    first: dict[str, Due] = {}
    for one in sorted(due, key=lambda one: one.last_day):
        first.setdefault(one.instruments[0], one)
    return list(first.values())


def _now(one: Due, there: Collection[str]) -> WaitingForm:
    name, *others = (name_of(key) for key in one.instruments)
    key = one.instruments[0]
    return WaitingForm(key, name, tuple(others), one.words, one.last_day, key in there)


def _missed(due: Sequence[Due], today: dt.date, there: Collection[str]) -> tuple[MissedForm, ...]:
    """Each instrument once, the longest missed first; what ended on a day that is not over was not missed."""
    by_key: dict[str, list[Due]] = {}
    for one in due:
        if one.last_day < today:
            by_key.setdefault(one.instruments[0], []).append(one)
    return tuple(
        MissedForm(key, name_of(key), some[-1].words, max(one.last_day for one in some), len(some), key in there)
        for key, some in by_key.items()
    )


def name_of(key: str) -> str:
    """The name of the facts; of an instrument the centre defined, its key: the schedule names none of those."""
    known = instruments().get(key)
    return known.name if known else key
