"""Reads about stretches of care: who may be seen, where they lie, who cares for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.http import Http404

from glidepath.record import clock
from glidepath.record.episodes.access import OutsideCareTeam, visible
from glidepath.record.episodes.models import (
    BedStay,
    BreakGlass,
    CareTeamMember,
    Episode,
    GlassReview,
    Stage,
    StageChange,
)
from glidepath.record.people.models import Person
from glidepath.record.staff import queries as staff_queries
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

if TYPE_CHECKING:
    from glidepath.record.centres.models import Bed, Centre, Unit

__all__ = [
    "InBed",
    "OutsideCareTeam",
    "TeamMember",
    "admitted_people",
    "bed_of",
    "beds_of",
    "care_team",
    "current_episode",
    "current_episodes",
    "episodes_at",
    "glasses_waiting",
    "in_beds",
    "may_see",
    "open_glass",
    "open_stay",
    "opened_glass",
    "opened_glasses",
    "people_for",
    "person_for",
    "person_in_centre",
    "stages",
    "taken_beds",
    "team_history",
    "team_of",
]


@dataclass(frozen=True, slots=True)
class InBed:
    """A person in a bed now."""

    person: Person
    episode: Episode
    bed: Bed
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class TeamMember:
    """One of the care team: named, or on shift on the unit."""

    staff: Staff
    named: CareTeamMember | None  # None: by shift


def person_for(viewer: Staff, public_id: UUID | str, *, action: str = "person.read") -> Person:
    """The person under this address, for this action.

    Raises Http404 when nobody of the viewer's centre has it, NotAllowed when the role may not do `action`, and
    OutsideCareTeam when the viewer has no tie to the person.
    """
    person = person_in_centre(viewer, public_id)
    require(viewer, action)
    if not may_see(viewer, person, action=action):
        raise OutsideCareTeam(person)
    return person


def person_in_centre(viewer: Staff, public_id: UUID | str) -> Person:
    """The person under this address in the viewer's centre, tie or none: for the break-glass page. Raises Http404."""
    person = Person.objects.select_related("centre").filter(centre=viewer.centre, public_id=public_id).first()
    if person is None:
        raise Http404("nobody here has this address")
    return person


def may_see(viewer: Staff, person: Person, *, action: str = "person.read") -> bool:
    return visible(viewer, action=action).filter(pk=person.pk).exists()


def people_for(viewer: Staff, *, action: str = "person.read") -> QuerySet[Person]:
    """Everybody this viewer may see, by preferred name."""
    return visible(viewer, action=action).select_related("centre").order_by("preferred_name", "number")


def current_episode(person: Person) -> Episode | None:
    """The open episode; without one, aftercare; without that, the last one closed."""
    return current_episodes([person]).get(person.pk)


def current_episodes(people: Sequence[Person]) -> dict[int, Episode]:
    """`current_episode` for many, by person id, in one query."""
    nearest = Case(
        When(stage=Stage.DISCHARGED, then=Value(2)),
        When(stage=Stage.AFTERCARE, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    episodes = Episode.objects.filter(person__in=people).annotate(nearest=nearest).order_by("-nearest", "opened_at")
    return {episode.person_id: episode for episode in episodes}


def in_beds(viewer: Staff, unit: Unit, *, action: str = "person.read") -> list[InBed]:
    """Who lies on the unit now, by bed number; only those the viewer may see."""
    stays = _open_stays().filter(bed__room__unit=unit, episode__person__in=visible(viewer, action=action))
    return [_in_bed(stay) for stay in stays.order_by("bed__number")]


def admitted_people(centre: Centre) -> list[Person]:
    """Everybody admitted now, for the centre's own watch over them; no viewer reads it."""
    admitted = Episode.objects.filter(centre=centre, stage=Stage.ADMITTED).values("person_id")
    return list(Person.objects.filter(pk__in=admitted).select_related("centre").order_by("pk"))


def bed_of(person: Person) -> InBed | None:
    return beds_of([person]).get(person.pk)


def open_stay(person: Person) -> BedStay | None:
    """The stay in a bed that goes on now: its id is what a form of moving carries as `seen`."""
    return _open_stays().filter(episode__person=person).first()


def beds_of(people: Sequence[Person]) -> dict[int, InBed]:
    """The bed of each, by person id, in one query; who lies in none is left out."""
    return {stay.episode.person_id: _in_bed(stay) for stay in _open_stays().filter(episode__person__in=people)}


def taken_beds(centre: Centre) -> set[int]:
    """Ids of the beds somebody lies in; no word of whom."""
    return set(BedStay.objects.filter(centre=centre, to_at__isnull=True).values_list("bed_id", flat=True))


def care_team(person: Person) -> list[TeamMember]:
    """Those named for the current episode, then those on shift on the unit of the bed."""
    return team_of(current_episode(person), bed_of(person))


def team_of(episode: Episode | None, bed: InBed | None) -> list[TeamMember]:
    """`care_team` of a person whose episode and bed are known."""
    named = _members(episode) if episode else []
    by_shift = staff_queries.on_shift(bed.bed.room.unit) if bed else []
    known = {member.staff_id for member in named}
    return [
        *(TeamMember(member.staff, member) for member in named),
        *(TeamMember(one, None) for one in by_shift if one.pk not in known),
    ]


def team_history(episode: Episode) -> list[CareTeamMember]:
    """Everybody ever named, the newest first."""
    return list(CareTeamMember.objects.filter(episode=episode).select_related("staff").order_by("-from_at", "-pk"))


def stages(episode: Episode) -> list[StageChange]:
    """How the episode went, in order."""
    changes = StageChange.objects.filter(episode=episode, superseded_by__isnull=True)
    return list(changes.select_related("recorded_by").order_by("happened_at", "pk"))


def episodes_at(viewer: Staff, wanted: Iterable[Stage], *, action: str = "person.read") -> list[Episode]:
    """Episodes at these stages of the people this viewer may see, the oldest first."""
    episodes = Episode.objects.filter(stage__in=list(wanted), person__in=visible(viewer, action=action))
    return list(episodes.select_related("person__centre").order_by("opened_at"))


def open_glass(viewer: Staff, person: Person) -> BreakGlass | None:
    """The viewer's own opened glass on this chart that still stands: the page says so, with its end."""
    glasses = BreakGlass.objects.filter(person=person, recorded_by=viewer, until__gt=clock.now())
    return glasses.order_by("-until").first()


def opened_glasses(viewer: Staff) -> QuerySet[BreakGlass]:
    """Every chart opened without a tie: those nobody has reviewed first, then the newest. For who reads audit lines."""
    require(viewer, "audit.read")
    glasses = BreakGlass.objects.filter(centre=viewer.centre).annotate(
        waits=~Exists(GlassReview.objects.filter(glass=OuterRef("pk")))
    )
    return glasses.select_related("person", "recorded_by", "review__recorded_by").order_by(
        "-waits", "-recorded_at", "-pk"
    )


def opened_glass(viewer: Staff, public_id: UUID | str) -> BreakGlass:
    """One of them. Raises Http404 when the viewer's centre has none under this address."""
    found = opened_glasses(viewer).filter(public_id=public_id).first()
    if found is None:
        raise Http404("no such opening here")
    return found


def glasses_waiting(viewer: Staff) -> int:
    """How many openings nobody has reviewed."""
    return opened_glasses(viewer).filter(review__isnull=True).count()


def _open_stays() -> QuerySet[BedStay]:
    return BedStay.objects.filter(to_at__isnull=True).select_related("bed__room__unit", "episode__person__centre")


def _in_bed(stay: BedStay) -> InBed:
    return InBed(stay.episode.person, stay.episode, stay.bed, stay.from_at)


def _members(episode: Episode) -> list[CareTeamMember]:
    members: Any = CareTeamMember.objects.filter(episode=episode, to_at__isnull=True)
    return list(members.select_related("staff").order_by("from_at", "pk"))
