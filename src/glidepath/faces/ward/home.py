"""What waits for one member of staff, by what they may do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from glidepath.care.alarms.queries import OpenAlarm, open_alarms
from glidepath.care.events.owed import Owed, owed
from glidepath.care.flow.going_through import owed_after_urgent_moves
from glidepath.care.flow.queries import Waiting, waiting
from glidepath.care.medication.missing_order import Gap, gaps
from glidepath.care.planning import queries as planning
from glidepath.care.planning.queries import Due as PlanDue
from glidepath.care.safety import queries as safety
from glidepath.care.safety.queries import AtRisk
from glidepath.care.taper import batch_queries, queries as taper
from glidepath.care.taper.batch_queries import BatchNow
from glidepath.care.taper.queries import Running
from glidepath.faces.ward.board import AtHand, NextThing, at_hand
from glidepath.faces.ward.office import Office, office
from glidepath.record import clock
from glidepath.record.centres.models import Unit
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import InBed, beds_of, people_seen
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Shift, Staff
from glidepath.record.staff.permissions import CENTRE_WIDE, may
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
    to_go_through: tuple[tuple[Person, Unit], ...]  # moved in haste: the medicines are not gone through yet
    plans: tuple[PlanDue, ...]  # treatment plans to look at again
    without_plan: tuple[Person, ...]
    owed: tuple[Owed, ...]  # after an emergency: the debrief, the review, an action; and what runs
    at_risk: tuple[AtRisk, ...]  # suicide: open alerts, contacts due, plans to read again; in a bed here or elsewhere
    coming: tuple[Waiting, ...]
    shifts: tuple[Shift, ...]  # those that count now
    people: tuple[Person, ...]
    beds: dict[int, int]
    units: tuple[Unit, ...]  # of these beds
    office: Office


def home(viewer: Staff) -> Home:
    shifts = open_shifts(viewer)
    on_units = {shift.unit_id for shift in shifts}
    reads = may(viewer, "person.read")
    seen = people_seen(viewer) if reads else []
    lying = beds_of(seen) if seen else {}
    here = [one for one in seen if one.pk in lying]
    contacts = safety.contacts_due(seen) if seen else {}
    hand = at_hand(_on_my_units(lying, on_units), clock.now(), contacts=contacts)
    looks = any(may(viewer, right) for right in ("taper.review", "taper.day_review", "product.change"))
    running = _running(here, hand) if looks else {}
    batches = batch_queries.batches_now(here, running)
    writes = may(viewer, "plan.write")
    ringing = open_alarms(seen) if reads else ()
    return Home(
        alarms=ringing,
        following=hand.following,
        to_review=_to_review(here, running, batches) if may(viewer, "taper.review") else (),
        to_look_at=_to_look_at(here, batches) if may(viewer, "taper.day_review") else (),
        to_order=_to_order(here, hand) if may(viewer, "order.sign") else (),
        to_go_through=tuple(owed_after_urgent_moves(here)) if may(viewer, "medicine.decide") else (),
        plans=planning.to_review(here, beds=lying, episodes=_episodes(lying)) if writes else (),
        without_plan=planning.without_plan(here) if writes else (),
        owed=owed(viewer),
        at_risk=safety.at_risk(seen, ringing=ringing, due=contacts) if may(viewer, "safety.read") else (),
        # whoever reaches the whole centre by identity sees more people here than their charts
        coming=waiting(viewer, known=seen if reads and viewer.role not in CENTRE_WIDE else None),
        shifts=tuple(shifts),
        people=tuple(seen),
        beds={person_id: one.bed.number for person_id, one in lying.items()},
        units=tuple({one.bed.room.unit_id: one.bed.room.unit for one in lying.values()}.values()),
        office=office(viewer, here, running),
    )


def _episodes(lying: Mapping[int, InBed]) -> dict[int, Episode]:
    return {pk: one.episode for pk, one in lying.items()}


def _on_my_units(lying: Mapping[int, InBed], units: Collection[int]) -> dict[int, InBed]:
    """Of those in beds the ones on the units of this shift, by unit and bed."""
    mine = [one for one in lying.values() if one.bed.room.unit_id in units]
    return {one.person.pk: one for one in sorted(mine, key=lambda one: (one.bed.room.unit.name, one.bed.number))}


def _elsewhere(people: list[Person], hand: AtHand) -> list[Person]:
    """Those of other units: of the units on shift everything is worked out already."""
    known = {person.pk for person in hand.people}
    return [person for person in people if person.pk not in known]


def _running(people: list[Person], hand: AtHand) -> dict[int, Running]:
    elsewhere = _elsewhere(people, hand)
    return {**(taper.running(elsewhere) if elsewhere else {}), **hand.running}


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


def _to_order(people: list[Person], hand: AtHand) -> tuple[Gap, ...]:
    """Who has no first order yet, whose next dose is due first first."""
    elsewhere = _elsewhere(people, hand)
    found = [*(gaps(elsewhere).values() if elsewhere else ()), *hand.missing.values()]
    return tuple(sorted(found, key=lambda one: one.due_at))
