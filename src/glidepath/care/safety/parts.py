"""The six parts of a safety plan, as the facts word them, and the lines a person wrote into each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from glidepath.clinical.facts.load import instrument
from glidepath.record.errors import BadInput

LONGEST_LINE = 200  # characters: a line is one thing to do, one person, one number
MOST_LINES = 12  # of one part: more is not read in a bad hour
Content = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the plan. number: 1 to 6. label: its heading, in our own words."""

    key: str
    number: int
    label: str


@lru_cache(maxsize=1)
def parts() -> tuple[Part, ...]:
    """In their order: the own-worded form of the facts is the one place for the headings."""
    return tuple(Part(one.key, number, one.label) for number, one in enumerate(instrument("safety_plan").items, 1))


def lines_of(text: str) -> tuple[str, ...]:
    """What was typed as lines: blanks go, empty lines too."""
    return tuple(line for line in (" ".join(one.split()) for one in text.splitlines()) if line)


def checked_lines(text: str, key: str, name: str) -> tuple[str, ...]:
    """The lines of one part. Raises BadInput (field: the part) for none, too many, or one that is too long."""
    lines = lines_of(text)
    if not lines:
        raise BadInput(f"Write at least one line in {name}’s words, or that there is nothing yet.", field=key)
    if len(lines) > MOST_LINES:
        raise BadInput(f"These are {len(lines)} lines; {MOST_LINES} are what one reads in a bad hour.", field=key)
    longest = max(lines, key=len)
    if len(longest) > LONGEST_LINE:
        raise BadInput(
            f"A line has {len(longest)} letters; {LONGEST_LINE} fit. Break it: “{longest[:40]}…”.", field=key
        )
    return lines


def difference(before: Content, after: Content) -> tuple[tuple[str, str, str], ...]:
    """What changed between two versions: heading, before, after; a part that stayed is left out."""
    pairs = ((one, before.get(one.key, ()), after.get(one.key, ())) for one in parts())
    return tuple(
        (f"{one.number} {one.label}", "; ".join(old), "; ".join(new))
        for one, old, new in pairs
        if tuple(old) != tuple(new)
    )
