"""Short ways to a decision: somebody who called and is screened, an acceptance, a redirection with all it needs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.flow import services
from glidepath.care.flow.models import Decision
from glidepath.care.flow.screen import BEFORE_ACCEPTING
from glidepath.care.flow.tests.doors import NADIA, TODAY, once
from glidepath.clinical.guidelines.first_call import RED_FLAGS
from glidepath.record import clock
from glidepath.record.people.models import Person
from tests.cast import Cast, proof

NO_FLAGS = dict.fromkeys(RED_FLAGS, "no")
TOMORROW = TODAY + dt.timedelta(days=1)
BRIDGED = {
    "kind": "redirect",
    "level": "outpatient",
    "why": "nearer",
    "words": "wishes care nearer home",
    "elsewhere": "Elm Street Practice",
    "elsewhere_contact": "020 7946 0456",
    "bridging": "their doctor prescribes the usual dose, a week at a time",
    "bridging_by": "Dr Alan Whitby",
    "next_contact_on": TOMORROW,
    "said": ("no_skipping",),
}
ACCEPTED = {"kind": "accept", "level": "residential", "planned_on": TOMORROW}


def lorazepam(**changed: Any) -> assessing.ReportedUse:
    """1 mg at 08:00 and 20:00, every day, last taken this morning at 08:10."""
    given = {
        "medicine_name": "lorazepam",
        "source": Source.PRESCRIBED,
        "beginning": Beginning.UNKNOWN,
        "regimen": "lorazepam 1 mg 08:00 20:00",
        "days_per_week": 7,
        "last_dose_at": clock.now() - dt.timedelta(hours=1, minutes=50),
    }
    return assessing.ReportedUse(**given | changed)  # type: ignore[arg-type]


def call(cast: Cast, **told: Any) -> Person:
    """A first call about Nadia."""
    given: dict[str, Any] = {"red_flags": NO_FLAGS, "use": lorazepam(), "advice": ("no_skipping", "emergency")}
    return services.take_call(
        who=NADIA,
        caller="her sister",
        told_not_to_stop=True,
        by=cast.admissions,
        once=once(),
        told=services.Told(**given | told),
    )


def screened(cast: Cast, **answers: str) -> Person:
    """The same, with every question answered that an acceptance needs."""
    person = call(cast)
    assessing.record_facts(
        person=person, answers=dict.fromkeys(BEFORE_ACCEPTING, "no") | answers, by=cast.nurse, once=once()
    )
    return person


def decide(cast: Cast, person: Person, given: dict[str, Any], **more: Any) -> Decision:
    by = more.pop("by", cast.physician)
    return services.decide(
        person=person, answer=services.Answer(**given), by=by, proof=more.pop("proof", proof(by)), **more
    )
