"""What this room cannot read itself: the medication room, which comes after, knows orders, given doses and answers.

It hands its readers in when it starts, in AppConfig.ready. Without them nothing can be said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from glidepath.care.taper.levels import Taken
from glidepath.clinical.guidelines.reported_dose import Before
from glidepath.record.people.models import Person

if TYPE_CHECKING:
    from glidepath.care.taper.queries import Tapers


@dataclass(frozen=True, slots=True)
class Absence:
    """Doses not given as the record has them. last_full: the newest day on which every due dose was given, None where
    none is known; not_given: how many due doses since then were not, whatever the reason."""

    last_full: dt.date | None
    not_given: int = 0


BeforePlan = Callable[[Person], Before]
AbsenceOf = Callable[[Person], Absence]

_reader: BeforePlan | None = None
_absence_reader: AbsenceOf | None = None


@dataclass(frozen=True, slots=True)
class DosesOf:
    """given: every dose from a moment on. due: those not answered yet, from now to another."""

    given: Sequence[Taken]
    due: Sequence[Taken]


ReadDoses = Callable[[Person, dt.datetime, dt.datetime, "Tapers"], DosesOf]

_doses: ReadDoses | None = None


def tell_before_plan(reader: BeforePlan) -> None:
    """Hands in who knows what is taken before a first plan."""
    global _reader
    _reader = reader


def before_plan(person: Person) -> Before:
    """What is taken until a first plan begins; nothing where nobody can say."""
    return Before({}) if _reader is None else _reader(person)


def tell_absence(reader: AbsenceOf) -> None:
    """Hands in who knows which doses were not given."""
    global _absence_reader
    _absence_reader = reader


def absence_of(person: Person) -> Absence:
    """The doses not given until now; nothing where nobody can say."""
    return Absence(None) if _absence_reader is None else _absence_reader(person)


def tell_doses(reader: ReadDoses) -> None:
    """Hands in who knows what was given."""
    global _doses
    _doses = reader


def doses_of(person: Person, since: dt.datetime, until: dt.datetime, known: Tapers) -> DosesOf:
    """What was given since a moment, and what is due from now to `until`; nothing where nobody can say.

    known: the person's tapers.
    """
    return DosesOf((), ()) if _doses is None else _doses(person, since, until, known)
