"""What a handover is made of: titled parts of short lines. As frozen JSON they can be read back as they were shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One thing. `at`: when it was or will be. `kind`: the shell's status word where it is marked, as "overdue"."""

    words: str
    at: dt.datetime | None = None
    kind: str = ""


OPEN, OVERDUE, CHANGED, NEXT, TO_DO = "Alarms open", "Overdue", "Changed", "Next 24 hours", "To do"
NOTES = "Notes for you"


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: tuple[Line, ...]

    @property
    def is_first(self) -> bool:
        """Whether it stands over the whole width, before everything else."""
        return self.title in (OPEN, OVERDUE)


def frozen(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """As JSON keeps it; times in UTC."""
    return [
        {
            "title": part.title,
            "lines": [
                {"words": line.words, "at": line.at.isoformat() if line.at else None, "kind": line.kind}
                for line in part.lines
            ],
        }
        for part in parts
    ]


def thawed(kept: Sequence[dict[str, Any]]) -> tuple[Part, ...]:
    """The parts as they were shown."""
    return tuple(Part(one["title"], tuple(_line(line) for line in one["lines"])) for one in kept)


def _line(kept: dict[str, Any]) -> Line:
    at = dt.datetime.fromisoformat(kept["at"]) if kept["at"] else None
    return Line(kept["words"], at, kept["kind"])
