"""What waits for one member of staff, by what they may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from glidepath.care.alarms.queries import OpenAlarm, open_alarms
from glidepath.care.taper import queries as taper
from glidepath.care.taper.queries import Running
from glidepath.faces.ward.board import NextThing, board
from glidepath.faces.ward.office import Office, office
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import beds_of, episodes_at, people_for
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.queries import open_shifts


@dataclass(frozen=True, slots=True)
class ToReview:
    """A taper whose next step waits for a symptom review."""

    person: Person
    running: Running

    @property
    def starts(self) -> dt.date:
        """The day its next step is planned for."""
        return self.running.following.start if self.running.following else dt.date.max


@dataclass(frozen=True, slots=True)
class Home:
    alarms: tuple[OpenAlarm, ...]
    following: tuple[NextThing, ...]
    to_review: tuple[ToReview, ...]
    coming: tuple[Episode, ...]
    on_shift: bool
    people: tuple[Person, ...]
    beds: dict[int, int]
    office: Office


def home(viewer: Staff) -> Home:
    on_units = [shift.unit for shift in open_shifts(viewer).select_related("unit__centre")]
    reads = may(viewer, "person.read")
    seen = [*people_for(viewer)] if reads else []
    following = tuple(thing for unit in on_units for thing in board(viewer, unit).following) if reads else ()
    beds = {person_id: one.bed.number for person_id, one in beds_of(seen).items()}
    return Home(
        alarms=open_alarms(seen) if reads else (),
        following=following,
        to_review=_to_review([one for one in seen if one.pk in beds]) if may(viewer, "taper.review") else (),
        coming=_coming(viewer),
        on_shift=bool(on_units),
        people=tuple(seen),
        beds=beds,
        office=office(viewer, [one for one in seen if one.pk in beds]),
    )


def _to_review(people: list[Person]) -> tuple[ToReview, ...]:
    running = taper.running(people)
    waiting = [ToReview(person, running[person.pk]) for person in people if person.pk in running]
    found = [one for one in waiting if one.running.waits_for_review and not one.running.on_hold]
    return tuple(
        sorted(
            found, key=lambda one: one.running.following.start if one.running.following else one.running.since.date()
        )
    )


def _coming(viewer: Staff) -> tuple[Episode, ...]:
    if not may(viewer, "episode.enquire"):
        return ()
    return tuple(episodes_at(viewer, (Stage.ENQUIRY, Stage.PRE_ADMISSION), action="identity.read"))
