"""What every answer to a dose shares: the look before a sedative, and the row itself."""

from __future__ import annotations

import datetime as dt

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring.bedside import RASS_RANGE, Bedside
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.services import record_observation
from glidepath.clinical.facts.load import clinical_settings
from glidepath.clinical.monitoring.sedation import signed
from glidepath.record import clock
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff


def too_sedated(rass: int | None, words: str) -> bool:
    """Whether the look before a sedative forbids it. Raises BadInput without a look, and at the value at which the
    next dose is held back unless somebody says why not (INP-13)."""
    if rass is None:
        raise BadInput("Look first: RASS before a sedative.", field="rass")
    refuse_no_rass(rass)
    limits = clinical_settings()
    if rass <= limits.hold_rass_at_most:
        return True
    if rass == limits.review_rass and not words.strip():
        raise BadInput(
            f"RASS {signed(rass)}: hold this dose and ask the prescriber to look at the conversion, or say why it is "
            "given.",
            field="words",
        )
    return False


def refuse_no_rass(rass: int | None) -> None:
    if rass is not None and rass not in RASS_RANGE:
        raise BadInput(f"RASS {rass}: it runs from {RASS_RANGE[0]} to +{RASS_RANGE[-1]}.", field="rass")


def record_look(person: Person, by: Staff, rass: int, at: dt.datetime, once: str) -> None:
    """The look as an observation: it opens the over-sedation and raises the alarm."""
    record_observation(
        person=person,
        bedside=Bedside(state=Observation.State.AWAKE, rass=rass),
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
