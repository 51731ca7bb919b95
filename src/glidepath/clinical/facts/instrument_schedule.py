"""When which instrument is used, as facts: windows of days from the first day of a stage, or every so many days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from glidepath.clinical.facts.reading import Table, read


class Stage(StrEnum):
    """A stretch of care, or a day on which something happened."""

    ENQUIRY = "enquiry"
    ADMISSION = "admission"  # from the day of admission to that of discharge
    WITHDRAWAL = "withdrawal"
    TAPER = "taper"
    TAPER_STEP = "taper_step"  # each step that began
    MOOD_CHANGE = "mood_change"
    LEVEL_OF_CARE_CHANGE = "level_of_care_change"
    DISCHARGE = "discharge"
    RETEST = "retest"  # so long after the last dose that withdrawal no longer explains a screen


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """one_of: the instruments; of each group one is enough. first_day, last_day: from the first day of the stage, after
    `months` whole months. every_days: again and again while the stage lasts, None for once.

    if_on: only where the centre switched it on or holds its licence. if_indicated: only where a clinician says so.
    after_positive: only after a positive result of that instrument.
    """

    stage: Stage
    words: str
    one_of: tuple[tuple[str, ...], ...]
    months: int
    first_day: int
    last_day: int
    every_days: int | None
    if_on: bool
    if_indicated: bool
    after_positive: str | None


def read_schedule(path: Path, instruments: Collection[str]) -> tuple[ScheduleEntry, ...]:
    """The schedule. Raises BrokenFact for an instrument that is not there, or a window that ends before it begins."""
    return tuple(_entry(entry, instruments) for entry in read(path).list_of_tables("entries"))


def _entry(entry: Table, instruments: Collection[str]) -> ScheduleEntry:
    every = entry.maybe_whole("every_days")
    first, last = entry.maybe_whole("first_day") or 0, entry.maybe_whole("last_day") or 0
    if every is not None and every < 1:
        raise entry.broken("every_days", f"{every} is less than a day")
    if not 0 <= first <= last:
        raise entry.broken("last_day", f"runs from day {first} to day {last}")
    after = entry.maybe_words("after_positive")
    groups = _groups(entry)
    for key in [*(key for group in groups for key in group), *([after] if after else [])]:
        if key not in instruments:
            raise entry.broken("one_of", f"“{key}” is not an instrument of the facts")
    return ScheduleEntry(
        stage=entry.word("stage", Stage),
        words=entry.text("words"),
        one_of=groups,
        months=entry.maybe_whole("months") or 0,
        first_day=first,
        last_day=last,
        every_days=every,
        if_on=entry.yes("if_on", default=False),
        if_indicated=entry.yes("if_indicated", default=False),
        after_positive=after,
    )


def _groups(entry: Table) -> tuple[tuple[str, ...], ...]:
    found = entry.content.get("one_of")
    if not isinstance(found, list) or not found:
        raise entry.broken("one_of", "needs a list of lists of instruments")
    return tuple(Table(entry.file, entry.path, {"one_of": group}).names("one_of") for group in found)
