"""Since when doses were not given: what a return after absence is proposed from."""

from __future__ import annotations

import datetime as dt
from itertools import groupby

from glidepath.care.medication.queries import DueRow, due_here
from glidepath.care.taper.ports import Absence
from glidepath.clinical.dosing.schedule import moment
from glidepath.record import clock
from glidepath.record.people.models import Person

LOOK_BACK_DAYS = 28  # further back nobody proposes a day: the prescriber names it


def absence(person: Person) -> Absence:
    """The newest whole day on which every due benzodiazepine dose was taken, and what was not taken since.

    A day counts when all of its doses are answered as given here or had elsewhere; today too, once its last dose is.
    """
    centre, now = person.centre, clock.now()
    today = clock.today(centre)
    since = moment(today - dt.timedelta(days=LOOK_BACK_DAYS), dt.time.min, centre.zone)
    until = moment(today + dt.timedelta(days=1), dt.time.min, centre.zone)
    rows = [row for row in due_here([person], since, until) if row.is_benzodiazepine]
    full = None
    for day, of_day in groupby(rows, key=lambda row: clock.local(centre, row.due.due_at).date()):
        if all(_is_taken(row) for row in of_day):
            full = day
    begins = since if full is None else moment(full + dt.timedelta(days=1), dt.time.min, centre.zone)
    lost = [row for row in rows if begins <= row.due.due_at < now and not _is_taken(row)]
    return Absence(full, len(lost))


def _is_taken(row: DueRow) -> bool:
    return row.answer is not None and row.answer.was_taken
