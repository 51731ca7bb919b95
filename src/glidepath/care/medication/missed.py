"""Which due doses of one person were not taken, and since when that is too much. Rows in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from glidepath.care.medication.rows import DueRow, NotTaken
from glidepath.record import clock
from glidepath.record.centres.models import CentreSettings


def missed(rows: Sequence[DueRow], settings: CentreSettings, now: dt.datetime) -> list[NotTaken]:
    """The medicines of one person that were not taken, one entry each."""
    medicines = dict.fromkeys(row.due.medicine for row in rows)
    found = (_missed_of([row for row in rows if row.due.medicine == name], settings, now) for name in medicines)
    return [one for one in found if one is not None]


def _missed_of(rows: Sequence[DueRow], settings: CentreSettings, now: dt.datetime) -> NotTaken | None:
    decided = [row for row in rows if row.answer is not None or row.not_taken]
    last_given = max((index for index, row in enumerate(decided) if not row.not_taken), default=-1)
    missing = decided[last_given + 1 :]
    if not missing:
        return None
    medicine, first = missing[0].due.medicine, missing[0].due.due_at
    if len(missing) >= settings.doses_not_taken_in_a_row:
        words = f"{medicine}: {len(missing)} doses in a row were not taken, the first due {_at(missing[0])}."
        return NotTaken(medicine, first, missing[-1].not_taken_since, words)
    too_long = first + dt.timedelta(hours=settings.doses_not_taken_hours)
    if now >= too_long:
        return NotTaken(medicine, first, too_long, f"{medicine}: none taken since one was due {_at(missing[0])}.")
    return None


def _at(row: DueRow) -> str:
    local = clock.local(row.person.centre, row.due.due_at)
    return f"{local:%-d %b} at {local:%H:%M}"
