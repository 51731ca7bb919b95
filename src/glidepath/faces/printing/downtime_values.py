"""The downtime pack of a unit, as values and as the sentences that are printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from glidepath.faces.shell import words

LOOK_FIRST = (
    "Before a sedative look first: RASS and breathing. Nothing that sedates is given to somebody hard to rouse, or "
    "whose sedatives are held. Write every dose down, given or not; enter it when the record is back."
)
NOT_PRINTED = "(letters that cannot be printed)"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """One person of the unit. doses: due, medicine, dose and what it is made of, each; the last cell is left to write
    in. who, warnings, scores, as_needed: lines."""

    name: str
    who: tuple[str, ...]
    warnings: tuple[str, ...]
    scores: tuple[str, ...]
    doses: tuple[tuple[str, str, str], ...]
    as_needed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """The pack. made_at, until: on the centre's clock. numbers: whom to call; alarms: those that stood open."""

    centre_name: str
    unit_name: str
    made_at: dt.datetime
    until: dt.datetime
    numbers: tuple[str, ...]
    alarms: tuple[str, ...]
    people: tuple[OnPaper, ...]


def downtime_sheet(pack: Pack) -> dict[str, Any]:
    """Everything that stands on the pages, as plain text in plain lists."""
    day = pack.made_at.date()
    made = f"{words.day(day)} at {pack.made_at:%H:%M}"
    return {
        "title": f"Downtime pack, {pack.unit_name}",
        "date": [day.year, day.month, day.day],
        "made": [
            f"{pack.centre_name}. As it stood {made}. It holds what is due up to {_until(pack)}.",
            LOOK_FIRST,
        ],
        "numbers": list(pack.numbers),
        "alarms": list(pack.alarms),
        "people": [
            {
                "name": one.name,
                "who": list(one.who),
                "warnings": list(one.warnings),
                "scores": list(one.scores),
                "doses": [[*dose, ""] for dose in one.doses],
                "as_needed": list(one.as_needed),
            }
            for one in pack.people
        ],
        "foot": f"{pack.unit_name}, as it stood {made}",
    }


def _until(pack: Pack) -> str:
    return f"{words.day(pack.until.date())} at {pack.until:%H:%M}"


def printable(pack: Pack, can: Callable[[str], bool]) -> Pack:
    """The pack with each text that the print letters lack replaced by words that say so; no dose is left out."""

    def safe(text: str) -> str:
        return text if can(text) else NOT_PRINTED

    def lines(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(safe(text) for text in texts)

    return replace(
        pack,
        centre_name=safe(pack.centre_name),
        unit_name=safe(pack.unit_name),
        numbers=lines(pack.numbers),
        alarms=lines(pack.alarms),
        people=tuple(
            replace(
                one,
                name=safe(one.name),
                who=lines(one.who),
                warnings=lines(one.warnings),
                scores=lines(one.scores),
                doses=tuple((safe(due), safe(what), safe(made)) for due, what, made in one.doses),
                as_needed=lines(one.as_needed),
            )
            for one in pack.people
        ),
    )
