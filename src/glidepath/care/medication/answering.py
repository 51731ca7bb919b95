"""What every answer to a dose shares: the look that is kept as an observation, and the row itself."""

from __future__ import annotations

import datetime as dt

from glidepath.care.medication.looks import Look
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring.bedside import Bedside
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.services import record_observation
from glidepath.record import clock
from glidepath.record.errors import NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


def record_look(person: Person, by: Staff, look: Look, at: dt.datetime, once: str) -> None:
    """The look as an observation: it opens the over-sedation and raises the alarm."""
    record_observation(
        person=person,
        bedside=Bedside(state=Observation.State.AWAKE, rass=look.rass, rr=look.breathing),
        by=by,
        happened_at=at,
        once=f"{once[:58]}-rass" if once else "",
    )


def create(person: Person, by: Staff, **fields: object) -> DoseAnswer:
    now = clock.now()
    common = {"centre_id": person.centre_id, "person": person, "happened_at": now, "recorded_at": now}
    return DoseAnswer.objects.create(**{**common, "recorded_by": by, **fields})


def same_centre(person: Person, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
