"""What this room must know and cannot look up, because the rooms that know it stand after this one.

The steps of a taper and its last dose, a change of mood, and what is known already of a fact that a form asks too are
handed in by reading functions when their rooms start (AppConfig.ready); nothing is copied and nothing is written here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from glidepath.clinical.instruments.schedule import Stay
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class LastDose:
    """The day from which none is taken any more. is_past: whether that is so now, or only planned."""

    day: dt.date
    is_past: bool


@dataclass(frozen=True, slots=True)
class Known:
    """An answer to a fact that was given elsewhere, as it is read: "yes, says the person; Amara Okafor, 17 Nov"."""

    fact: str
    words: str


@dataclass(frozen=True, slots=True)
class AtBedside:
    """A score of one of our instruments that was taken on the observation round. words: "12, mild"."""

    instrument: str
    words: str
    at: dt.datetime
    by: str
    whole: bool


AtBedsideOf = Callable[[Sequence[Person]], Mapping[int, Sequence[AtBedside]]]  # by person id, the oldest first

KnownOf = Callable[[Person, Collection[str]], Sequence[Known]]  # of these facts what is known, the newest last

StaysOf = Callable[[Sequence[Person]], Mapping[int, Sequence[Stay]]]  # by person id

LastDosesOf = Callable[[Sequence[Person]], Mapping[int, LastDose]]  # who has none in sight is left out

_readers: list[StaysOf] = []
_last_doses: LastDosesOf | None = None
_knowing: list[KnownOf] = []
_at_bedside: AtBedsideOf | None = None


def tell_stays(reader: StaysOf) -> None:
    """Hands in who knows of further stages of care."""
    _readers.append(reader)


def stays_elsewhere(people: Sequence[Person]) -> Mapping[int, list[Stay]]:
    """Stages of care that other rooms know, by person id."""
    found: dict[int, list[Stay]] = {}
    for reader in _readers:
        for person_id, stays in reader(people).items():
            found.setdefault(person_id, []).extend(stays)
    return found


def tell_last_doses(reader: LastDosesOf) -> None:
    """Hands in who knows when the last dose was, or is planned."""
    global _last_doses
    _last_doses = reader


def last_doses(people: Sequence[Person]) -> Mapping[int, LastDose]:
    """By person id; nothing where nobody can say."""
    return {} if _last_doses is None else _last_doses(people)


def tell_known(reader: KnownOf) -> None:
    """Hands in who knows answers to facts that forms ask too."""
    _knowing.append(reader)


def known_elsewhere(person: Person, facts: Collection[str]) -> list[Known]:
    """What other rooms know of these facts."""
    return [one for reader in _knowing for one in reader(person, facts)] if facts else []


def tell_at_bedside(reader: AtBedsideOf) -> None:
    """Hands in who knows what was scored on the observation round."""
    global _at_bedside
    _at_bedside = reader


def at_bedside(people: Sequence[Person]) -> Mapping[int, Sequence[AtBedside]]:
    """By person id; nothing where nobody can say."""
    return {} if _at_bedside is None else _at_bedside(people)
