"""Where a fact comes from and how well it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Seen(StrEnum):
    """How a figure was seen. An unverified one is kept but never shown as guidance."""

    ORIGINAL = "original"
    SECOND_HAND = "second_hand"  # in another document that quotes the source
    UNVERIFIED = "unverified"  # background knowledge, a doubtful copy or an assumption
    OURS = "ours"  # no source says it: a centre setting of ours, labelled "our reading"


@dataclass(frozen=True, slots=True)
class Source:
    """One reference, kept once under its key."""

    key: str
    title: str
    organisation: str | None
    year: int | None
    locator: str | None
    note: str | None = None
