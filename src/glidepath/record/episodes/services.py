"""Stages of care and the care team. Beds stand in beds.py and bed_days.py, planned moves in planned.py, broken glass
in glass.py; all are reached from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from glidepath.record import clock
from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.episodes.access import visible
from glidepath.record.episodes.bed_days import bed_states_at, seen_by, stays_at
from glidepath.record.episodes.beds import leave_bed, move_bed, put_to_bed
from glidepath.record.episodes.glass import break_glass, review_glass
from glidepath.record.episodes.models import CareTeamMember, Episode, Stage, StageChange
from glidepath.record.episodes.planned import drop_move, plan_move, planned_move_at, planned_moves
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import last_change, save_as
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import require, require_any
from glidepath.record.times import when

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff

__all__ = [
    "NEXT",
    "add_to_team",
    "bed_states_at",
    "break_glass",
    "change_stage",
    "drop_move",
    "move_bed",
    "open_enquiry",
    "plan_move",
    "planned_move_at",
    "planned_moves",
    "put_to_bed",
    "remove_from_team",
    "review_glass",
    "seen_by",
    "stays_at",
]

# From each stage, where it may go, and what one must be allowed for it (one of these).
NEXT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    Stage.ENQUIRY: {
        Stage.PRE_ADMISSION: ("episode.enquire",),
        Stage.ADMITTED: ("episode.admit",),
        Stage.DISCHARGED: ("episode.enquire",),  # redirected elsewhere, with the reason
    },
    Stage.PRE_ADMISSION: {Stage.ADMITTED: ("episode.admit",), Stage.DISCHARGED: ("episode.enquire",)},
    Stage.ADMITTED: {Stage.DISCHARGED: ("discharge.close",), Stage.AFTERCARE: ("discharge.close",)},
    Stage.AFTERCARE: {Stage.DISCHARGED: ("discharge.prepare", "discharge.close")},
    Stage.DISCHARGED: {},
}
OPEN = (Stage.ENQUIRY, Stage.PRE_ADMISSION, Stage.ADMITTED)


@transaction.atomic
def open_enquiry(
    *,
    person: Person,
    by: Staff,
    setting: str = "residential",
    happened_at: dt.datetime | None = None,
    once: str = "",
) -> Episode:
    """A new stretch of care, at its first stage. Raises BadInput while another is open."""
    earlier = repeated.found(once, "episode.opened")
    if earlier:
        return Episode.objects.get(pk=earlier)
    require_any(by, "episode.enquire", "episode.admit")
    _same_centre(by, person)
    locked = Person.objects.select_for_update().get(pk=person.pk)
    true_at, _ = when(happened_at)
    episode = Episode(centre_id=locked.centre_id, person=locked, setting=setting, opened_at=true_at)
    try:
        with transaction.atomic():
            save_as(episode, by)
    except IntegrityError as error:
        raise BadInput(f"{locked.preferred_name} has an open episode already. Go on with that one.") from error
    _note_stage(episode, Stage.ENQUIRY, by, happened_at, "")
    repeated.remember(once, "episode.opened", episode.pk)
    audit.write("episode.opened", by=by, centre=locked.centre, person=locked, about=episode)
    return episode


@transaction.atomic
def change_stage(
    *,
    episode: Episode,
    stage: Stage,
    by: Staff,
    reason: str = "",
    happened_at: dt.datetime | None = None,
    seen: Stage | str | None = None,
    once: str = "",
) -> Episode:
    """The next stage. Leaving frees the bed; a closed episode ends its named team.

    seen: the stage the form showed. Raises BadInput for a stage that cannot follow, or a redirection without a
    reason; ChangedMeanwhile when somebody else moved it on.
    """
    earlier = repeated.found(once, "episode.stage_changed")
    if earlier:
        return Episode.objects.get(pk=earlier)
    Person.objects.select_for_update().get(pk=episode.person_id)
    locked = Episode.objects.select_for_update().get(pk=episode.pk)
    _same_centre(by, locked.person)
    if seen is not None and locked.stage != seen:
        _somebody_was_first(locked)
    _refuse_impossible(locked, stage, reason)
    require_any(by, *NEXT[locked.stage][stage])
    true_at, _ = when(happened_at)
    left = stage in (Stage.DISCHARGED, Stage.AFTERCARE)
    if left and locked.stage != Stage.AFTERCARE:
        leave_bed(locked, by, true_at)
    _set_stage(locked, stage, true_at)
    save_as(locked, by)
    _note_stage(locked, stage, by, happened_at, reason)
    if stage == Stage.DISCHARGED:
        _end_team(locked, by)
    repeated.remember(once, "episode.stage_changed", locked.pk)
    audit.write("episode.stage_changed", by=by, centre=locked.centre, person=locked.person, about=locked, code=stage)
    episode.refresh_from_db()
    return locked


@transaction.atomic
def add_to_team(*, episode: Episode, staff: Staff, by: Staff, once: str = "") -> CareTeamMember:
    """Names a member of the care team, which opens the chart to them. Only from inside: nobody names themselves in."""
    earlier = repeated.found(once, "team.added")
    if earlier:
        return CareTeamMember.objects.get(pk=earlier)
    _may_change_team(by, episode)
    if staff.centre_id != episode.centre_id or not staff.is_active:
        raise BadInput(f"{staff.name} does not work at this centre.", field="staff")
    locked = Episode.objects.select_for_update().get(pk=episode.pk)
    if locked.stage == Stage.DISCHARGED:
        raise BadInput("This episode is closed; its team has ended.")
    member = CareTeamMember.objects.filter(episode=locked, staff=staff, to_at__isnull=True).first()
    if member is None:
        member = save_as(
            CareTeamMember(centre_id=locked.centre_id, episode=locked, staff=staff, from_at=clock.now()), by
        )
    repeated.remember(once, "team.added", member.pk)
    audit.write("team.added", by=by, centre=locked.centre, person=locked.person, about=member)
    return member


@transaction.atomic
def remove_from_team(*, member: CareTeamMember, by: Staff) -> None:
    """Ends a membership; already ended, nothing happens."""
    _may_change_team(by, member.episode)
    locked = CareTeamMember.objects.select_for_update().get(pk=member.pk)
    if locked.to_at is not None:
        return
    locked.to_at = clock.now()
    save_as(locked, by)
    audit.write("team.removed", by=by, centre=locked.centre, person=locked.episode.person, about=locked)


def _refuse_impossible(episode: Episode, stage: Stage, reason: str) -> None:
    if stage not in NEXT[episode.stage]:
        raise BadInput(f"From {episode.get_stage_display()} it does not go to {Stage(stage).label}.", field="stage")
    if stage == Stage.DISCHARGED and episode.stage in (Stage.ENQUIRY, Stage.PRE_ADMISSION) and not reason.strip():
        raise BadInput("Say why, and where the person goes instead.", field="reason")


def _set_stage(episode: Episode, stage: Stage, at: dt.datetime) -> None:
    episode.stage = stage
    if stage == Stage.ADMITTED:
        episode.admitted_at = at
    elif episode.left_at is None and stage in (Stage.DISCHARGED, Stage.AFTERCARE):
        episode.left_at = at


def _note_stage(episode: Episode, stage: Stage, by: Staff, happened_at: dt.datetime | None, reason: str) -> None:
    true_at, written_at = when(happened_at)
    StageChange.objects.create(
        centre_id=episode.centre_id,
        episode=episode,
        stage=stage,
        reason=" ".join(reason.split())[:300],
        happened_at=true_at,
        recorded_at=written_at,
        recorded_by=by,
    )


def _end_team(episode: Episode, by: Staff) -> None:
    for member in CareTeamMember.objects.filter(episode=episode, to_at__isnull=True):
        member.to_at = clock.now()
        save_as(member, by)


def _somebody_was_first(episode: Episode) -> None:
    newest = last_change(episode)
    who = newest.history_user.name if newest.history_user else "the system"
    raise ChangedMeanwhile(
        f"{who} moved this episode to {episode.get_stage_display()} meanwhile. Look at it again.",
        by=who,
        at=newest.history_date,
    )


def _may_change_team(by: Staff, episode: Episode) -> None:
    require(by, "team.change")
    if not visible(by, action="team.change").filter(pk=episode.person_id).exists():
        raise NotAllowed("You have no tie to this person: a member of the care team names others.")


def _same_centre(by: Staff, person: Person) -> None:
    if by.centre_id != person.centre_id:
        raise NotAllowed("This person is in the care of another centre.")
