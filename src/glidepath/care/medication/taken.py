"""What a person took and is about to take today, as the room of the taper draws it."""

from __future__ import annotations

import datetime as dt

from glidepath.care.medication import queries
from glidepath.care.taper.levels import Taken
from glidepath.care.taper.ports import DosesOf
from glidepath.care.taper.queries import Tapers
from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.record import clock
from glidepath.record.people.models import Person


def doses(person: Person, since: dt.datetime, until: dt.datetime, known: Tapers) -> DosesOf:
    """Given from `since` to now, regular and as needed; due from now to `until` and not answered. Of medicines that the
    facts know: of any other no level is drawn. known: the person's tapers."""
    now = clock.now()
    given = queries.given(person, since, now + dt.timedelta(seconds=1))
    standing = queries.standing_now([person], known=known)
    due = [row for row in queries.due([person], now, until, standing=standing) if row.answer is None]
    return DosesOf(
        given=[Taken(one.happened_at, one.given) for one in given if _is_known(one.given)],
        due=[Taken(row.due.due_at, row.due.dose) for row in due if _is_known(row.due.dose)],
    )


def _is_known(dose: Dose) -> bool:
    return dose.medicine in {one.name for one in formulary().medicines.values()}
