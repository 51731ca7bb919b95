"""The services of a measured level where the doses are known: one that they cannot explain is refused with the reason.

The laboratory may be right all the same. So it can be kept by saying so: then it stands in the record and in the
picture, and no clearance is found from it.
"""

from __future__ import annotations

import datetime as dt

from glidepath.care.assessment import queries as assessment
from glidepath.care.monitoring import services as monitoring
from glidepath.care.monitoring.models import MeasuredLevel
from glidepath.care.monitoring.services import Measured
from glidepath.care.taper.doses_known import NotHere, known_doses
from glidepath.care.taper.own_level import why_implausible
from glidepath.record import clock
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require


class Implausible(BadInput):
    """The doses recorded cannot explain it; it may be kept by saying so."""


def record(
    *, person: Person, measured: Measured, drawn_at: dt.datetime, by: Staff, once: str, keep: bool = False
) -> MeasuredLevel:
    """Raises Implausible with the core's reason, unless `keep`."""
    plausible = _held_against_the_doses(person, measured, drawn_at, by, keep)
    return monitoring.record_measured_level(
        person=person, measured=measured, drawn_at=drawn_at, by=by, once=once, is_plausible=plausible
    )


def correct(
    *,
    level: MeasuredLevel,
    measured: Measured | None,
    drawn_at: dt.datetime | None,
    reason: str,
    by: Staff,
    once: str,
    keep: bool = False,
) -> MeasuredLevel:
    """A further entry in place of a wrong one, held against the doses like any other; None takes it back."""
    plausible = measured is None or _held_against_the_doses(
        level.person, measured, drawn_at or level.happened_at, by, keep
    )
    return monitoring.correct_measured_level(
        level=level, measured=measured, reason=reason, by=by, once=once, drawn_at=drawn_at, is_plausible=plausible
    )


def _held_against_the_doses(person: Person, measured: Measured, drawn_at: dt.datetime, by: Staff, keep: bool) -> bool:
    require(by, "level.record")
    if drawn_at > clock.now():
        return True  # refused by what records it, for that reason
    row = monitoring.as_row(measured, drawn_at)
    try:
        known = known_doses(person)
    except NotHere:
        return True  # nobody knows the doses, so nothing speaks against it
    why = why_implausible(known, row, assessment.facts(person))
    if why and not keep:
        raise Implausible(why, field="value")
    return not why
