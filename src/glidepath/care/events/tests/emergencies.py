"""Acts of an emergency for tests, through the services."""

from __future__ import annotations

from uuid import uuid4

from glidepath.care.events import queries, services
from glidepath.care.events.course import END, Course
from glidepath.care.events.models import Debrief, EventStep, Outcome, Review, ReviewSignature, Running
from glidepath.care.monitoring.models import Event
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from tests.cast import Cast, proof


def started(person: Person, by: Staff, kind: Event.Kind = Event.Kind.SEIZURE, **given) -> Running:
    return services.start(person=person, kind=kind, by=by, once=given.pop("once", uuid4().hex), **given).running


def tapped(running: Running, line: str, by: Staff, **given) -> EventStep:
    return services.tap(running=running, line=line, by=by, once=given.pop("once", uuid4().hex), **given)


def taken_back(step: EventStep, by: Staff) -> EventStep:
    return services.take_back(step=step, by=by, once=uuid4().hex)


def ended(running: Running, by: Staff, outcome: Outcome = Outcome.TRANSFERRED) -> EventStep:
    return tapped(running, END, by, outcome=outcome)


def course(running: Running) -> Course:
    return queries.course_of(running)


def talked(running: Running, cast: Cast, **given) -> Debrief:
    by = given.pop("by", cast.nurse)
    said = {"there": [cast.nurse], "went_well": "Help came in a minute.", "missing": "Nothing.", "once": uuid4().hex}
    return services.debrief(running=running, by=by, **said | given)


def reviewed(running: Running, by: Staff, **given) -> Review:
    said = {
        "cause": "cut_or_gap", "factors": ["order"], "words": "Two doses were not ordered.", "actions": (),
        "proof": proof(by), "once": uuid4().hex,
    }  # fmt: skip
    return services.write_review(running=running, by=by, **said | given)


def signed(review: Review, by: Staff) -> ReviewSignature:
    return services.sign_review(review=review, by=by, proof=proof(by), once=uuid4().hex)


def closed(person: Person, cast: Cast, kind: Event.Kind = Event.Kind.SEIZURE) -> Running:
    """From the first tap to the closed review."""
    running = started(person, cast.nurse, kind)
    ended(running, cast.nurse)
    talked(running, cast)
    signed(reviewed(running, cast.manager), cast.physician)
    return running
