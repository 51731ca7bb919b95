"""Who may see whom. The one place; every query over people passes through it.

A tie is one of: on shift on the unit of the person's bed; a named member of the care team; an opened glass that still
stands. A person of the centre who lies in no bed (before admission, in aftercare) has no unit whose shift could be
their care team; for them whoever is on shift on any unit of the centre has a tie, and admissions and case managers
too, because the telephone rings on every unit. Someone whose every episode is closed is tied to nobody.
For acts on identity alone (names, contacts, beds) admissions, case managers and managers reach their whole centre.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from glidepath.record import clock
from glidepath.record.episodes.models import BedStay, BreakGlass, CareTeamMember, Episode, Stage
from glidepath.record.errors import NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff import queries as staff
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import CENTRE_WIDE, CLINICAL, IDENTITY, may

BY_NAME = ("preferred_name", "number")


class OutsideCareTeam(NotAllowed):
    """The person is here, and the viewer has no tie to them; a clinician may break the glass."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            f"You are not in the care team of number {person.number}. Sign on for their unit, ask to be named in the "
            "team, or open the chart with a reason."
        )
        self.person = person


def visible(viewer: Staff, *, action: str) -> QuerySet[Person]:
    """The people this viewer may see for this action: own centre, allowed by role, and tied (or identity, by role)."""
    if viewer.centre_id is None or not may(viewer, action):
        return Person.objects.none()
    here = Person.objects.filter(centre_id=viewer.centre_id)
    if action in IDENTITY and viewer.role in CENTRE_WIDE:
        return here
    units = _units_of(viewer)
    return here.filter(_tie(viewer, units, clock.now(), in_no_bed=_reaches_those_in_no_bed(viewer, units)))


def seen_by(viewer: Staff, *, action: str) -> list[Person]:
    """`visible`, read, by preferred name."""
    if viewer.centre_id is None or not may(viewer, action):
        return []
    if action in IDENTITY and viewer.role in CENTRE_WIDE:
        return _everybody(viewer.centre_id)
    units = _units_of(viewer)
    read = _tied_or_in_no_bed if _reaches_those_in_no_bed(viewer, units) else _tied
    return read(viewer.centre_id, viewer, units, clock.now())


def sees(viewer: Staff, person: Person, *, action: str) -> bool:
    """Whether this one person is among the `visible`."""
    if viewer.centre_id is None or person.centre_id != viewer.centre_id or not may(viewer, action):
        return False
    if action in IDENTITY and viewer.role in CENTRE_WIDE:
        return True
    units = _units_of(viewer)
    read = _is_tied_or_in_no_bed if _reaches_those_in_no_bed(viewer, units) else _is_tied
    return bool(read(person.pk, viewer, units, clock.now()))


def _units_of(viewer: Staff) -> list[int]:
    """The units of the viewer's shifts, where a shift opens charts."""
    return staff.units_on_shift(viewer) if viewer.role in CLINICAL else []


def _reaches_those_in_no_bed(viewer: Staff, units: Sequence[int]) -> bool:
    return bool(units) or viewer.role in (Role.ADMISSIONS, Role.CASE_MANAGER)


def _tie(viewer: Staff, units: Iterable[int], now: dt.datetime, *, in_no_bed: bool) -> Q:
    here = Exists(_stays_here().filter(bed__room__unit__in=units))
    tie = Q(_named_in_the_team(viewer, now)) | Q(_glass_is_open(viewer, now)) | Q(here)
    return tie | _in_no_bed() if in_no_bed else tie


@prepared
def _everybody(centre: int) -> QuerySet[Person]:
    return Person.objects.filter(centre=centre).order_by(*BY_NAME)


@prepared
def _tied(centre: int, viewer: Staff, units: Many[int], now: dt.datetime) -> QuerySet[Person]:
    return Person.objects.filter(_tie(viewer, units, now, in_no_bed=False), centre=centre).order_by(*BY_NAME)


@prepared
def _tied_or_in_no_bed(centre: int, viewer: Staff, units: Many[int], now: dt.datetime) -> QuerySet[Person]:
    return Person.objects.filter(_tie(viewer, units, now, in_no_bed=True), centre=centre).order_by(*BY_NAME)


@prepared
def _is_tied(person: int, viewer: Staff, units: Many[int], now: dt.datetime) -> QuerySet[Person, int]:
    rows = Person.objects.filter(_tie(viewer, units, now, in_no_bed=False), pk=person)
    return rows.order_by().values_list("pk", flat=True)


@prepared
def _is_tied_or_in_no_bed(person: int, viewer: Staff, units: Many[int], now: dt.datetime) -> QuerySet[Person, int]:
    rows = Person.objects.filter(_tie(viewer, units, now, in_no_bed=True), pk=person)
    return rows.order_by().values_list("pk", flat=True)


@prebuilt
def _stays_here() -> QuerySet[BedStay]:
    """In which bed the person of the query around it lies."""
    return BedStay.objects.filter(episode__person=OuterRef("pk"), to_at__isnull=True)


def _named_in_the_team(viewer: Staff, now: dt.datetime) -> Exists:
    return Exists(_members().filter(staff=viewer, from_at__lte=now))


def _glass_is_open(viewer: Staff, now: dt.datetime) -> Exists:
    return Exists(_glasses().filter(recorded_by=viewer, until__gt=now))


@prebuilt
def _members() -> QuerySet[CareTeamMember]:
    return CareTeamMember.objects.filter(episode__person=OuterRef("pk"), to_at__isnull=True)


@prebuilt
def _glasses() -> QuerySet[BreakGlass]:
    return BreakGlass.objects.filter(person=OuterRef("pk"))


@cache  # a condition that no viewer and no moment is part of
def _in_no_bed() -> Q:
    episodes = Episode.objects.filter(person=OuterRef("pk"))
    with_us = Q(Exists(episodes.exclude(stage=Stage.DISCHARGED))) | ~Q(Exists(episodes))
    return with_us & ~Q(Exists(_stays_here()))
