"""What one member of staff owes after an emergency: a debrief, the name of who had the letter, a review, an action."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from glidepath.care.events import queries
from glidepath.care.events.course import Course
from glidepath.care.events.models import Part, Review, Running
from glidepath.care.events.reviewing import ACTION_OF
from glidepath.care.monitoring.models import Event
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.emergency import debrief_by, review_by
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import may


class What(StrEnum):
    RUNS = "runs"
    NAME = "name"
    DEBRIEF = "debrief"
    REVIEW = "review"
    SIGN = "sign"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing. by: until when, None while it runs. words: what, in a sentence."""

    running: Running
    what: What
    words: str
    by: dt.datetime | None
    is_late: bool

    @property
    def person(self) -> Person:
        return self.running.person

    @property
    def kind(self) -> str:
        return Event.Kind(self.running.kind).label


def owed(viewer: Staff) -> tuple[Owed, ...]:
    """What waits for this viewer: what runs first, then what is late, then by its hour."""
    if viewer.centre is None or not may(viewer, "incident.read"):
        return ()
    now, settings = clock.now(), clinical_settings_of(viewer.centre)
    found = [one for row in queries.whole_for(viewer) for one in _of(row, viewer, now, settings)]
    ahead = dt.datetime.min.replace(tzinfo=dt.UTC)
    return tuple(sorted(found, key=lambda one: (one.what is not What.RUNS, not one.is_late, one.by or ahead)))


def _of(running: Running, viewer: Staff, now: dt.datetime, settings: ClinicalSettings) -> Iterator[Owed]:
    steps = queries.steps_of(running)
    course = Course(running, steps, (), now)
    if course.end is None:
        if may(viewer, "event.record"):
            yield Owed(running, What.RUNS, "is running: open it", None, False)
        return
    ended = course.end.happened_at
    there = {one.pk for one in course.there} | {row.recorded_by_id for row in steps}
    for handed in running.disclosures.all():
        if not handed.is_named and handed.recorded_by_id == viewer.pk:
            yield Owed(running, What.NAME, "who had the letter, by name", None, now > ended)
    if not hasattr(running, "debrief"):
        by = debrief_by(ended, settings)
        if viewer.pk in there or (viewer.role == Role.MANAGER and now > by):
            yield Owed(running, What.DEBRIEF, "debrief with those who were there", by, now > by)
        return
    yield from _of_review(running, viewer, now, review_by(ended, settings))


def _of_review(running: Running, viewer: Staff, now: dt.datetime, by: dt.datetime) -> Iterator[Owed]:
    review = next(iter(reversed(running.reviews.all())), None)
    parts = [part for part, action in ACTION_OF.items() if may(viewer, action)]
    if review is None:
        if parts:
            yield Owed(running, What.REVIEW, "incident review to write", by, now > by)
        return
    signed = {one.part for one in review.signatures.all()}
    if any(part not in signed for part in parts) and signed != {*Part.values}:
        yield Owed(running, What.SIGN, f"incident review to sign as {parts[0].label}", by, now > by)
    yield from _of_actions(running, review, viewer, now)


def _of_actions(running: Running, review: Review, viewer: Staff, now: dt.datetime) -> Iterator[Owed]:
    today = clock.local(running.person.centre, now).date()
    for action in review.actions.all():
        if action.owner_id == viewer.pk and not hasattr(action, "done"):
            zone = running.person.centre.zone
            end = dt.datetime.combine(action.by_day, dt.time.max, zone).astimezone(dt.UTC)
            yield Owed(running, What.ACTION, action.what, end, today > action.by_day)
