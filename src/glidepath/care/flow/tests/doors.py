"""Short ways through the doors for the tests of this room: a caller, an admission answered, a discharge arranged."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.flow import services
from glidepath.care.flow.going_through import going_through
from glidepath.care.flow.models import Discharge, GoneThrough
from glidepath.clinical.guidelines.discharge import TOLD
from glidepath.clinical.guidelines.medicines_at_a_move import Decided, Reply
from glidepath.record.centres.models import Unit
from glidepath.record.consent import services as consent
from glidepath.record.episodes.models import Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people import services as people
from glidepath.record.people.models import Person
from tests.cast import Cast, enquiring_person, episode_of, proof

TODAY = dt.date(2026, 11, 17)
NADIA = services.Identity(legal_name="Nadia Okonkwo", birth_date=dt.date(1984, 2, 29))
MUST = {
    "alcohol_dependent": "no",
    "opioid_active": "no",
    "past_seizure": "unknown",
    "suicidality_voiced": "no",
    "falls_risk": "unknown",
}


def once() -> str:
    return uuid4().hex


def answered_person(cast: Cast, *, without: str = "") -> Person:
    """Somebody before admission, with every part answered but the one named in `without`."""
    person = enquiring_person(cast)
    answers = {
        "allergies": lambda: people.no_known_allergies(person=person, by=cast.nurse),
        "medicines": lambda: use_of(cast, person),
        "questions": lambda: assessing.record_facts(person=person, answers=MUST, by=cast.nurse),
        "consent": lambda: consent.record(
            episode=episode_of(person), kind="treatment", decision="given", how="signed on paper", by=cast.nurse
        ),
    }
    for part, answer in answers.items():
        if part != without:
            answer()
    return person


def use_of(cast: Cast, person: Person, regimen: str = "lorazepam 1 mg 08:00 20:00") -> None:
    use = assessing.ReportedUse(regimen.split()[0], Source.PRESCRIBED, Beginning.LONG_TERM, regimen)
    assessing.record_use(person=person, episode=episode_of(person), use=use, by=cast.nurse)


def leaving(**changed: Any) -> services.Leaving:
    """Everything arranged: a visit on Friday, supply until the Tuesday after."""
    arranged: dict[str, Any] = {
        "prescriber": "Dr Aoife Byrne",
        "prescriber_contact": "020 7946 0101",
        "first_visit": TODAY + dt.timedelta(days=3),
        "supply_until": TODAY + dt.timedelta(days=7),
        "naloxone": "not_due",
        "told": tuple(TOLD),
    }
    return services.Leaving(**(arranged | changed))


def go_through(cast: Cast, person: Person, to_unit: Unit | None = None, **more: Any) -> GoneThrough:
    """Every medicine goes on, by the physician's word."""
    episode, by = episode_of(person), more.pop("by", cast.physician)
    found = going_through(person, episode, to_unit=to_unit)
    replies = {one.medicine.key: Reply(Decided.CONTINUE) for one in found.lines} | more.pop("replies", {})
    return services.go_through(person=person, replies=replies, by=by, proof=proof(by), to_unit=to_unit, **more)


def discharge(cast: Cast, person: Person, wanted: services.Leaving | None = None, **more: Any) -> Discharge:
    """Closed, with the medicines gone through where they were not."""
    by = more.pop("by", cast.physician)
    episode = current_episode(person)
    if episode is not None and going_through(person, episode).still_open and episode.stage == Stage.ADMITTED:
        go_through(cast, person)
    return services.discharge(
        person=person, leaving=wanted or leaving(), by=by, proof=more.pop("proof", proof(by)), **more
    )
