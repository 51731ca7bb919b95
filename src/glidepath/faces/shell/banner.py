"""The banner of one person: what it holds, and who knows how to fill it.

Pages of every room carry the banner, and only the ward's face can see all that goes into it (bed, taper, flags). So the
shell asks whoever put themselves forward: the ward does so when it starts (`fills`). Alone, the shell shows the name,
and draws each flag as not asked, because unknown is not no.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from glidepath.faces.shell import words
from glidepath.record import clock
from glidepath.record.people.models import Person
from glidepath.record.people.queries import age_on

FLAG_ICONS = {"seizure": "seizure", "fall": "fall", "suicide": "life", "sedation": "sedation"}
FLAG_ORDER = ("seizure", "fall", "suicide", "sedation", "alcohol", "opioids")
STATES = ("active", "watch", "clear", "unknown")


@dataclass(frozen=True, slots=True)
class Flag:
    """One danger. `state`: active (risk now), watch, clear (asked, with its date in `words`) or unknown (not asked)."""

    name: str  # one of FLAG_ORDER
    state: str
    words: str = ""
    address: str = ""  # where more about it stands, for a viewer who may go there

    def __post_init__(self) -> None:
        if self.state not in STATES:
            raise ValueError(f"a flag is {', '.join(STATES)}, not {self.state!r}")

    @property
    def icon(self) -> str:
        return FLAG_ICONS.get(self.name, "")

    @property
    def label(self) -> str:
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Banner:
    """Everything the banner shows. `allergies`: one line each; None where nobody asked, empty where none is known."""

    preferred_name: str
    legal_name: str
    pronouns: str
    age: int
    birth_date: str
    number: int
    facts: tuple[Fact, ...] = ()
    allergies: tuple[str, ...] | None = None
    flags: tuple[Flag, ...] = field(default_factory=lambda: tuple(Flag(name, "unknown") for name in FLAG_ORDER))

    @property
    def initials(self) -> str:
        return words.initials(self.legal_name)


Filler = Callable[[HttpRequest, Person, Mapping[str, Any]], Banner]
_fillers: list[Filler] = []


def fills(filler: Filler) -> Filler:
    """Puts `filler` forward as the one who knows what stands in the banner."""
    _fillers[:] = [filler]
    return filler


def banner_for(request: HttpRequest, person: Person, read: Mapping[str, Any]) -> Banner:
    """The person's banner, from whoever fills it; else what the person's own row says.

    read: what the page has read of this person already, by name (`running`, `episode`, `values`), so that nobody reads
    it twice.
    """
    return _fillers[0](request, person, read) if _fillers else bare(person)


def bare(person: Person, **more: Any) -> Banner:
    """The identity part of the banner. `more`: the rest, from whoever knows it."""
    return Banner(
        preferred_name=person.preferred_name,
        legal_name=person.legal_name,
        pronouns=person.pronouns,
        age=age_on(person.birth_date, clock.today(person.centre)),
        birth_date=words.birth_date(person.birth_date),
        number=person.number,
        **more,
    )
