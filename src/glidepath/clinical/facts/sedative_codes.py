"""Codes for a sedative use disorder and for withdrawal, as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read

BANDS = ("none", "mild", "moderate", "severe")  # of the count of criteria


class Course(StrEnum):
    """What comes with withdrawal."""

    UNCOMPLICATED = "uncomplicated"
    DELIRIUM = "delirium"
    PERCEPTUAL = "perceptual"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class Code:
    """One ICD-10-CM code, or the start of one."""

    code: str
    words: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class SedativeCodes:
    """Codes by band of the count, and the last sign of a withdrawal code by its course."""

    disorder: Mapping[str, Code]
    remission: Mapping[str, Code]
    withdrawal: Mapping[str, Code]
    course: Mapping[Course, Code]


def read_sedative_codes(path: Path) -> SedativeCodes:
    """The codes. Raises BrokenFact for a band or a course without one."""
    file = read(path)
    course = file.table("course")
    return SedativeCodes(
        disorder={band: _code(file.table("disorder").table(band)) for band in BANDS[1:]},
        remission={band: _code(file.table("remission").table(band)) for band in BANDS[1:]},
        withdrawal={band: _code(file.table("withdrawal").table(band)) for band in BANDS},
        course={one: _digit(course.table(one)) for one in Course},
    )


def _code(entry: Table) -> Code:
    return Code(entry.text("code"), entry.text("words"), entry.seen())


def _digit(entry: Table) -> Code:
    return Code(str(entry.whole("digit")), entry.text("words"), entry.seen())
