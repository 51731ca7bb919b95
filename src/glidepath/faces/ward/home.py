"""What waits for one member of staff, by what they may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from glidepath.care.alarms.queries import OpenAlarm, open_alarms
from glidepath.care.medication.missing_order import Gap, gaps
from glidepath.care.taper import batch_queries
from glidepath.care.taper import queries as taper
from glidepath.care.taper.batch_queries import BatchNow
from glidepath.care.taper.queries import Running
from glidepath.faces.ward.board import Board, NextThing, board
from glidepath.faces.ward.office import Office, office
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import beds_of, episodes_at, people_for
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.queries import open_shifts


@dataclass(frozen=True, slots=True)
class ToReview:
    """A taper whose next step waits for a prescriber: for a symptom review, or by a rapid protocol for its batch."""

    person: Person
    running: Running

    @property
    def waits_for(self) -> str:
        return "its batch, signed by two" if self.running.version.protocol else "a symptom review"

    @property
    def starts(self) -> dt.date:
        """The day its next step is planned for."""
        return self.running.following.start if self.running.following else dt.date.max


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """A batch of daily cuts that waits for today's review."""

    person: Person
    batch: BatchNow


@dataclass(frozen=True, slots=True)
class Home:
    alarms: tuple[OpenAlarm, ...]
    following: tuple[NextThing, ...]
    to_review: tuple[ToReview, ...]
    to_look_at: tuple[ToLookAt, ...]
    to_order: tuple[Gap, ...]
    coming: tuple[Episode, ...]
    on_shift: bool
    people: tuple[Person, ...]
    beds: dict[int, int]
    office: Office


def home(viewer: Staff) -> Home:
    on_units = [shift.unit for shift in open_shifts(viewer).select_related("unit__centre")]
    reads = may(viewer, "person.read")
    seen = [*people_for(viewer)] if reads else []
    boards = [board(viewer, unit) for unit in on_units] if reads else []
    beds = {person_id: one.bed.number for person_id, one in beds_of(seen).items()}
    here = [one for one in seen if one.pk in beds]
    looks = may(viewer, "taper.review") or may(viewer, "taper.day_review")
    running = _running(here, boards) if looks else {}
    batches = batch_queries.batches_now(here, running)
    return Home(
        alarms=open_alarms(seen) if reads else (),
        following=tuple(thing for one in boards for thing in one.following),
        to_review=_to_review(here, running, batches) if may(viewer, "taper.review") else (),
        to_look_at=_to_look_at(here, batches) if may(viewer, "taper.day_review") else (),
        to_order=_to_order(here) if may(viewer, "order.sign") else (),
        coming=_coming(viewer),
        on_shift=bool(on_units),
        people=tuple(seen),
        beds=beds,
        office=office(viewer, here),
    )


def _running(people: list[Person], boards: list[Board]) -> dict[int, Running]:
    """Of all in a bed: those of the units on shift are worked out already."""
    known = {person.pk for one in boards for person in one.people}
    elsewhere = [person for person in people if person.pk not in known]
    running = taper.running(elsewhere) if elsewhere else {}
    for one in boards:
        running |= one.running
    return running


def _to_review(
    people: list[Person], running: Mapping[int, Running], batches: Mapping[int, BatchNow]
) -> tuple[ToReview, ...]:
    waiting = [ToReview(person, running[person.pk]) for person in people if person.pk in running]
    going_on = {person_id for person_id, batch in batches.items() if batch.goes_on}
    found = [
        one
        for one in waiting
        if one.running.waits_for_review and not one.running.on_hold and one.person.pk not in going_on
    ]
    return tuple(
        sorted(
            found, key=lambda one: one.running.following.start if one.running.following else one.running.since.date()
        )
    )


def _to_look_at(people: list[Person], batches: Mapping[int, BatchNow]) -> tuple[ToLookAt, ...]:
    waiting = [ToLookAt(person, batches[person.pk]) for person in people if person.pk in batches]
    return tuple(one for one in waiting if one.batch.waits_today)


def _to_order(people: list[Person]) -> tuple[Gap, ...]:
    """Who has no first order yet, whose next dose is due first first."""
    return tuple(sorted(gaps(people).values(), key=lambda one: one.due_at))


def _coming(viewer: Staff) -> tuple[Episode, ...]:
    if not may(viewer, "episode.enquire"):
        return ()
    return tuple(episodes_at(viewer, (Stage.ENQUIRY, Stage.PRE_ADMISSION), action="identity.read"))
