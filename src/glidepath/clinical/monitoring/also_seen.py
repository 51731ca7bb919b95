"""Signs seen beside vital signs that a rule asks for and NEWS2 does not: of somebody awake. Not said is not "no"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class AlsoSeen(StrEnum):
    """By the name the core's checks take each under."""

    UNSTEADY = "unsteady"
    RIGID = "rigid"
    NEW_TREMOR = "new_tremor"
    NEW_SWEATING = "new_sweating"

    @property
    def words(self) -> str:
        """As it is tapped and read: "slurred or unsteady after a dose"."""
        return _WORDS[self]

    @property
    def rule(self) -> str:
        """The code of the rule that asks for it."""
        return _RULES[self]


_WORDS: Mapping[AlsoSeen, str] = {
    AlsoSeen.UNSTEADY: "slurred or unsteady after a dose",
    AlsoSeen.RIGID: "rigid",
    AlsoSeen.NEW_TREMOR: "new tremor",
    AlsoSeen.NEW_SWEATING: "new sweating",
}
_RULES: Mapping[AlsoSeen, str] = {
    AlsoSeen.UNSTEADY: "INP-13",
    AlsoSeen.RIGID: "INP-11",
    AlsoSeen.NEW_TREMOR: "INP-9",
    AlsoSeen.NEW_SWEATING: "INP-9",
}


def for_the_core(seen: Iterable[AlsoSeen]) -> dict[str, bool | None]:
    """What was seen as the checks take it: True where it was, None where nobody said so."""
    there = frozenset(seen)
    return {sign.value: True if sign in there else None for sign in AlsoSeen}
