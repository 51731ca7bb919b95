"""The doses of some days as a chart: a line for each medicine and named time, a cell for each day, gaps left open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.queries import DueRow
from glidepath.clinical.amounts import Dose


@dataclass(frozen=True, slots=True)
class Line:
    """`cells`: for each day the doses due then, empty where none was. `given`: of an as-needed line, what was given."""

    medicine: str
    time: dt.time | None  # None: as needed
    cells: tuple[tuple[DueRow, ...], ...]
    given: tuple[tuple[DoseAnswer, ...], ...] = ()


def days_until(last: dt.date, count: int) -> tuple[dt.date, ...]:
    """`count` calendar days up to and with `last`."""
    return tuple(last - dt.timedelta(days=back) for back in reversed(range(count)))


def lines(
    rows: Sequence[DueRow], as_needed: Sequence[DoseAnswer], days: Sequence[dt.date], zone: dt.tzinfo
) -> tuple[Line, ...]:
    """Due doses by medicine and named time, then as-needed doses by medicine; each day in its column."""
    named = sorted({(row.due.medicine, row.due.local_time) for row in rows})
    due = [
        Line(
            medicine,
            time,
            tuple(
                tuple(
                    row
                    for row in rows
                    if (row.due.medicine, row.due.local_time) == (medicine, time)
                    and row.due.due_at.astimezone(zone).date() == day
                )
                for day in days
            ),
        )
        for medicine, time in named
    ]
    needed = [_needed(name, as_needed, days, zone) for name in sorted({one.medicine_name for one in as_needed})]
    return (*due, *needed)


def _needed(name: str, answers: Sequence[DoseAnswer], days: Sequence[dt.date], zone: dt.tzinfo) -> Line:
    own = [one for one in answers if one.medicine_name == name]
    by_day = tuple(tuple(one for one in own if one.happened_at.astimezone(zone).date() == day) for day in days)
    return Line(name, None, tuple(() for _ in days), by_day)


def totals(answers: Sequence[DoseAnswer], days: Sequence[dt.date], zone: dt.tzinfo) -> dict[str, tuple[Dose, ...]]:
    """What was really given of each medicine on each day, as-needed doses with it."""
    names = sorted({one.given.medicine for one in answers})
    return {
        name: tuple(
            Dose.from_ng(
                sum(
                    one.given_ng
                    for one in answers
                    if one.given.medicine == name and one.happened_at.astimezone(zone).date() == day
                ),
                name,
            )
            for day in days
        )
        for name in names
    }
