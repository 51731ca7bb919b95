"""Which instruments are due for one person today, and which were missed. It asks; nothing is filled in by itself."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.facts.instrument_schedule import ScheduleEntry, Stage

LOOKS_BACK = 7  # windows of one instrument in one stay that are listed, ours: nobody mends a daily form of last month


class State(StrEnum):
    DUE = "due"
    MISSED = "missed"  # its last day is over and nobody filled it in


@dataclass(frozen=True, slots=True)
class Stay:
    """A stage of one person's care. end: the last day, None while it lasts; an event has one day.

    at: the moment of an event that its form must follow, where the day is not enough: what was filled in earlier on the
    same day does not answer it. It may lie before `start`, the day on which it became known.
    """

    stage: Stage
    start: dt.date
    end: dt.date | None = None
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An instrument that was filled in whole, by the day it speaks for. at: when it was finished, if known."""

    instrument: str
    on: dt.date
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """instruments: one of them is enough; the first is the usual one. words: why now."""

    instruments: tuple[str, ...]
    words: str
    first_day: dt.date
    last_day: dt.date
    state: State


def due(
    schedule: Sequence[ScheduleEntry],
    stays: Sequence[Stay],
    done: Collection[Done],
    today: dt.date,
    *,
    switched_on: Collection[str] = (),
    indicated: Collection[str] = (),
    positive: Collection[str] = (),
) -> tuple[Due, ...]:
    """What is due and what was missed, the longest missed first. Nothing lies in the future.

    switched_on: instruments the centre holds a licence for or switched on. indicated: those a clinician asked for.
    positive: instruments with a positive result. A once-only instrument filled in late is done; a repeated one is not.
    """
    found = [
        one
        for entry in schedule
        for stay in stays
        if stay.stage is entry.stage and (entry.after_positive is None or entry.after_positive in positive)
        for group in entry.one_of
        for one in _of_group(entry, stay, group, _usable(entry, group, switched_on, indicated), done, today)
    ]
    unique = {(one.instruments, one.first_day, one.last_day): one for one in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda one: (one.state is State.DUE, one.last_day, one.instruments)))


def _usable(
    entry: ScheduleEntry, group: Sequence[str], switched_on: Collection[str], indicated: Collection[str]
) -> tuple[str, ...]:
    """Of a group the instruments that may be used here. The first of a group needs no licence unless it says so."""
    kept = [key for number, key in enumerate(group) if key in switched_on or (number == 0 and not entry.if_on)]
    return tuple(key for key in kept if not entry.if_indicated or key in indicated)


def _of_group(
    entry: ScheduleEntry,
    stay: Stay,
    group: tuple[str, ...],
    usable: tuple[str, ...],
    done: Collection[Done],
    today: dt.date,
) -> Iterator[Due]:
    """The open windows of a group. Whatever of it was filled in counts, also what is not proposed here."""
    if not usable:
        return
    own = [one for one in done if one.instrument in group and one.on <= today]
    for first, last in [*_windows(entry, stay, today)][-LOOKS_BACK:]:
        if not _filled(entry, stay, own, first, last):
            yield Due(usable, entry.words, first, last, State.DUE if today <= last else State.MISSED)


def _filled(entry: ScheduleEntry, stay: Stay, done: Sequence[Done], first: dt.date, last: dt.date) -> bool:
    if stay.at is not None:
        return any(one.at is not None and one.at >= stay.at for one in done)
    return any(first <= one.on and (entry.every_days is None or one.on <= last) for one in done)


def _windows(entry: ScheduleEntry, stay: Stay, today: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """The windows that have begun, none after the stay ended."""
    end = today if stay.end is None else min(stay.end, today)
    if entry.every_days is None:
        begin = _months_after(stay.start, entry.months)
        first = begin + dt.timedelta(days=entry.first_day)
        if first <= (today if stay.stage in _EVENTS else end):
            yield first, begin + dt.timedelta(days=entry.last_day)
        return
    first = stay.start
    while first <= end:
        last = first + dt.timedelta(days=entry.every_days - 1)
        yield first, last if stay.end is None else min(last, stay.end)
        first = last + dt.timedelta(days=1)


_EVENTS = (
    Stage.ENQUIRY, Stage.DISCHARGE, Stage.MOOD_CHANGE, Stage.LEVEL_OF_CARE_CHANGE, Stage.TAPER_STEP, Stage.RETEST,
)  # fmt: skip


def _months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
