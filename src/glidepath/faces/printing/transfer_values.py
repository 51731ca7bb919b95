"""The letter that goes with somebody to hospital, as values and as the lines that are printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from glidepath.faces.printing.plan_values import NOT_PRINTABLE
from glidepath.faces.shell import words

NOTHING = "none recorded"
ACCEPTS = "Received by (name, time): ______________________________"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines; without a line it says that nothing is recorded, which is not "none"."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TransferLetter:
    """made_at: on the centre's clock. what: the emergency in a sentence. sections: in the order of the page."""

    name: str
    identity: str
    centre_name: str
    centre_phone: str
    made_at: dt.datetime
    made_by: str
    what: str
    sections: tuple[Section, ...]


def transfer_sheet(letter: TransferLetter) -> dict[str, Any]:
    """Everything that stands on the page, as plain text in plain lists."""
    made = letter.made_at
    at = f"{words.day(made.date())} {words.clock(made)}"
    whom = ": ".join(text for text in (letter.centre_name, letter.centre_phone) if text)
    return {
        "title": f"Transfer letter: {letter.name}",
        "identity": letter.identity,
        "what": letter.what,
        "date": [made.year, made.month, made.day],
        "sections": [[one.heading, list(one.lines) or [NOTHING]] for one in letter.sections],
        "from": f"Written {at} by {letter.made_by}. {whom}",
        "why": "Given in a medical emergency, without consent. The centre writes down who has it, when and why.",
        "accepts": ACCEPTS,
        "foot": f"{letter.centre_name}, {at}",
    }


def printable(letter: TransferLetter, is_printable: Callable[[str], bool]) -> TransferLetter:
    """The letter with each line that the print letters lack replaced by one that says so, never left out."""

    def safe(text: str) -> str:
        return text if is_printable(text) else NOT_PRINTABLE

    sections = tuple(Section(one.heading, tuple(safe(line) for line in one.lines)) for one in letter.sections)
    return replace(
        letter,
        sections=sections,
        name=safe(letter.name),
        identity=safe(letter.identity),
        centre_name=safe(letter.centre_name),
        centre_phone=safe(letter.centre_phone),
        made_by=safe(letter.made_by),
        what=safe(letter.what),
    )
