"""Who may see whom. The one place; every query over people passes through it.

A tie is one of: on shift on the unit of the person's bed; a named member of the care team; an opened glass that still
stands. A person of the centre who lies in no bed (before admission, in aftercare) has no unit whose shift could be
their care team; for them whoever is on shift on any unit of the centre has a tie, and admissions and case managers
too, because the telephone rings on every unit. Someone whose every episode is closed is tied to nobody.
For acts on identity alone (names, contacts, beds) admissions, case managers and managers reach their whole centre.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from glidepath.record import clock
from glidepath.record.episodes.models import BedStay, BreakGlass, CareTeamMember, Episode, Stage
from glidepath.record.errors import NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff import queries as staff
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import CENTRE_WIDE, CLINICAL, IDENTITY, may


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
    return here.filter(_tie(viewer))


def _tie(viewer: Staff) -> Q:
    tie = Q(_named_in_the_team(viewer)) | Q(_glass_is_open(viewer))
    if viewer.role in CLINICAL:
        tie |= Q(_in_a_bed_of_my_shift(viewer))
    if viewer.role in (Role.ADMISSIONS, Role.CASE_MANAGER) or (viewer.role in CLINICAL and staff.is_on_shift(viewer)):
        tie |= _in_no_bed()
    return tie


def _in_a_bed_of_my_shift(viewer: Staff) -> Exists:
    stays = BedStay.objects.filter(episode__person=OuterRef("pk"), to_at__isnull=True)
    return Exists(stays.filter(bed__room__unit__in=staff.units_on_shift(viewer)))


def _named_in_the_team(viewer: Staff) -> Exists:
    members = CareTeamMember.objects.filter(episode__person=OuterRef("pk"), staff=viewer)
    return Exists(members.filter(from_at__lte=clock.now(), to_at__isnull=True))


def _glass_is_open(viewer: Staff) -> Exists:
    return Exists(BreakGlass.objects.filter(person=OuterRef("pk"), recorded_by=viewer, until__gt=clock.now()))


def _in_no_bed() -> Q:
    episodes = Episode.objects.filter(person=OuterRef("pk"))
    in_bed = BedStay.objects.filter(episode__person=OuterRef("pk"), to_at__isnull=True)
    with_us = Q(Exists(episodes.exclude(stage=Stage.DISCHARGED))) | ~Q(Exists(episodes))
    return with_us & ~Q(Exists(in_bed))
