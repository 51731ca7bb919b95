"""Reads about stretches of care: who may be seen, where they lie, who cares for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When
from django.http import Http404

from glidepath.record import clock
from glidepath.record.episodes.access import OutsideCareTeam, seen_by, sees, visible
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
from glidepath.record.prebuilt import prebuilt
from glidepath.record.prepared import Many, prepared
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
    "episodes_of",
    "glasses_waiting",
    "in_beds",
    "last_units",
    "may_see",
    "open_glass",
    "open_stay",
    "opened_glass",
    "opened_glasses",
    "people_for",
    "people_seen",
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
    address = public_id if isinstance(public_id, UUID) else UUID(public_id)
    found = _at_address(viewer.centre, address) if viewer.centre is not None else []
    if not found:
        raise Http404("nobody here has this address")
    return found[0]


@prepared
def _at_address(centre: Centre, public_id: UUID) -> QuerySet[Person]:
    return Person.objects.select_related("centre").filter(centre=centre, public_id=public_id)


def may_see(viewer: Staff, person: Person, *, action: str = "person.read") -> bool:
    return sees(viewer, person, action=action)


def people_for(viewer: Staff, *, action: str = "person.read") -> QuerySet[Person]:
    """Everybody this viewer may see, by preferred name."""
    return visible(viewer, action=action).select_related("centre").order_by("preferred_name", "number")


def people_seen(viewer: Staff, *, action: str = "person.read") -> list[Person]:
    """`people_for`, read. All carry the viewer's own centre, so that what a page asks of it is read once."""
    if viewer.centre is None:
        return []
    people = seen_by(viewer, action=action)
    for person in people:
        person.centre = viewer.centre  # nobody of another one is visible
    return people


def current_episode(person: Person) -> Episode | None:
    """The open episode; without one, aftercare; without that, the last one closed."""
    return current_episodes([person]).get(person.pk)


def current_episodes(people: Sequence[Person]) -> dict[int, Episode]:
    """`current_episode` for many, by person id, in one query."""
    return {episode.person_id: episode for episode in _nearest_last_of(people)}


def days_in_care(centre: Centre, since: dt.datetime, until: dt.datetime) -> Fraction:
    """How many days of 24 elapsed hours the admitted of a centre spent there from `since` to before `until`."""
    stays = Episode.objects.filter(centre=centre, admitted_at__lt=until).exclude(left_at__lte=since)
    spans = stays.values_list("admitted_at", "left_at")
    seconds = sum(
        (min(left or until, until) - max(came, since)).total_seconds() for came, left in spans if came is not None
    )
    return Fraction(int(seconds), 24 * 3600)


def in_beds(viewer: Staff, unit: Unit, *, action: str = "person.read") -> list[InBed]:
    """Who lies on the unit now, by bed number; only those the viewer may see. All carry the viewer's own centre."""
    if viewer.centre is None:
        return []
    seen = {person.pk: person for person in people_seen(viewer, action=action)}
    found = [stay for stay in _stays_on(unit) if stay.episode.person_id in seen] if seen else []
    for stay in found:
        stay.episode.person = seen[stay.episode.person_id]
    return [_in_bed(stay) for stay in found]


def all_in_beds(unit: Unit) -> list[InBed]:
    """Everybody on the unit by bed number, for what the centre itself keeps ready; no viewer reads it."""
    return [_in_bed(stay) for stay in _open_stays().filter(bed__room__unit=unit).order_by("bed__number")]


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
    """The bed of each, by person id, in one query; who lies in none is left out. Each is the very person asked for."""
    asked = {person.pk: person for person in people}
    stays = _stays_of(asked)
    for stay in stays:
        stay.episode.person = asked[stay.episode.person_id]
    return {stay.episode.person_id: _in_bed(stay) for stay in stays}


def last_units(people: Sequence[Person]) -> dict[int, int]:
    """The unit (its id) on which each lies or last lay, by person id; who never lay in a bed is left out."""
    stays = BedStay.objects.filter(episode__person__in=people).order_by("from_at", "pk")
    return dict(stays.values_list("episode__person_id", "bed__room__unit_id"))


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
    if viewer.centre is None:
        return []
    episodes = Episode.objects.filter(stage__in=list(wanted), person__in=visible(viewer, action=action))
    found = list(episodes.select_related("person").order_by("opened_at"))
    for episode in found:
        episode.person.centre = viewer.centre  # nobody of another one is visible
    return found


def episodes_of(people: Sequence[Person], wanted: Iterable[Stage]) -> list[Episode]:
    """`episodes_at`, of people who are already those the viewer may see. Each is the very person given."""
    asked = {person.pk: person for person in people}
    found = _at_stages(asked, wanted)
    for episode in found:
        episode.person = asked[episode.person_id]
    return found


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


@prebuilt
def _stays() -> QuerySet[BedStay]:
    return BedStay.objects.filter(to_at__isnull=True).select_related("bed__room__unit", "episode")


@prepared
def _stays_on(unit: Unit) -> QuerySet[BedStay]:
    return _stays().filter(bed__room__unit=unit).order_by("bed__number")


@prepared
def _stays_of(people: Many[int]) -> QuerySet[BedStay]:
    return _stays().filter(episode__person__in=people)


@prebuilt
def _open_stays() -> QuerySet[BedStay]:
    return _stays().select_related("bed__room__unit", "episode__person__centre")


@prebuilt
def _nearest_last() -> QuerySet[Episode]:
    """Closed ones first, then aftercare, then open ones, each the oldest first."""
    nearest = Case(
        When(stage=Stage.DISCHARGED, then=Value(2)),
        When(stage=Stage.AFTERCARE, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return Episode.objects.annotate(nearest=nearest).order_by("-nearest", "opened_at")


@prepared
def _nearest_last_of(people: Many[Person]) -> QuerySet[Episode]:
    return _nearest_last().filter(person__in=people)


@prepared
def _at_stages(people: Many[int], wanted: Many[str]) -> QuerySet[Episode]:
    return Episode.objects.filter(stage__in=wanted, person__in=people).order_by("opened_at")


def _in_bed(stay: BedStay) -> InBed:
    return InBed(stay.episode.person, stay.episode, stay.bed, stay.from_at)


def _members(episode: Episode) -> list[CareTeamMember]:
    return _members_of(episode)


@prepared
def _members_of(episode: Episode) -> QuerySet[CareTeamMember]:
    members = CareTeamMember.objects.filter(episode=episode, to_at__isnull=True)
    return members.select_related("staff").order_by("from_at", "pk")
