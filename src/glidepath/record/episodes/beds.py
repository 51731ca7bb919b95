"""Into a bed, to another, out of it. Two constraints, not a look first, decide who was first."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from glidepath.record.audit import services as audit
from glidepath.record.centres.models import Bed
from glidepath.record.episodes import ports
from glidepath.record.episodes.models import BedStay, Episode, Stage
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import last_change, save_as
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import require_any
from glidepath.record.times import when

if TYPE_CHECKING:
    from glidepath.record.staff.models import Staff


@transaction.atomic
def put_to_bed(*, episode: Episode, bed: Bed, by: Staff, happened_at: dt.datetime | None = None) -> BedStay:
    """A person into a free bed; the episode takes the setting of the bed's unit.

    Already in this very bed, nothing happens. Raises ChangedMeanwhile when somebody else lies in it (naming who put
    them there, not whom), BadInput when the person lies in another bed or the bed is not ready.
    """
    require_any(by, "bed.move", "episode.admit")
    locked, into = _locked(by, episode, bed)
    true_at, _ = when(happened_at)
    here = BedStay.objects.filter(episode=locked, to_at__isnull=True).select_related("bed__room__unit").first()
    if here is not None:
        if here.bed_id == into.pk:
            return here
        raise BadInput(f"{locked.person.preferred_name} lies in {here.bed}. Move them instead.", field="bed")
    stay = _lie_down(locked, into, by, true_at)
    audit.write("bed.taken", by=by, centre=locked.centre, person=locked.person, about=stay)
    return stay


@transaction.atomic
def move_bed(
    *, episode: Episode, bed: Bed, by: Staff, happened_at: dt.datetime | None = None, seen: int | None = None,
    urgent: str = "",
) -> BedStay:  # fmt: skip
    """From one bed to another. seen: the id of the stay the form showed. Raises as `put_to_bed`, and ChangedMeanwhile
    when the person was moved meanwhile.

    To another unit it waits for what ports.py names; `urgent`, why it cannot wait, is kept with the stay: what is
    owed stays owed.
    """
    require_any(by, "bed.move")
    locked, into = _locked(by, episode, bed)
    true_at, _ = when(happened_at)
    stays = BedStay.objects.select_for_update(of=("self",)).select_related("bed__room")
    here = stays.filter(episode=locked, to_at__isnull=True).first()
    if here is None:
        raise BadInput(f"{locked.person.preferred_name} lies in no bed now. Put them into one instead.", field="bed")
    if here.bed_id == into.pk:
        return here
    if seen is not None and here.pk != seen:
        raise _first(here, f"{locked.person.preferred_name} was moved to {here.bed}")
    urgent = _waits(locked, here, into, urgent)
    _end(here, by, true_at)
    stay = _lie_down(locked, into, by, true_at, urgent=urgent)
    audit.write("bed.moved", by=by, centre=locked.centre, person=locked.person, about=stay)
    return stay


def leave_bed(episode: Episode, by: Staff, at: dt.datetime) -> BedStay | None:
    """Ends the open stay as part of a larger act, which writes its own line."""
    stay = BedStay.objects.select_for_update().filter(episode=episode, to_at__isnull=True).first()
    if stay is not None:
        _end(stay, by, at)
    return stay


def _locked(by: Staff, episode: Episode, bed: Bed) -> tuple[Episode, Bed]:
    _same_centre(by, episode)
    Person.objects.select_for_update().get(pk=episode.person_id)
    locked = Episode.objects.select_for_update(of=("self",)).select_related("person__centre").get(pk=episode.pk)
    into = Bed.objects.select_related("room__unit").get(pk=bed.pk)
    if into.centre_id != locked.centre_id:
        raise BadInput("This bed belongs to another centre.", field="bed")
    if into.state != Bed.State.READY:
        raise BadInput(f"{into} is {into.get_state_display()}. Choose a bed that is ready.", field="bed")
    if locked.stage in (Stage.DISCHARGED, Stage.AFTERCARE):
        raise BadInput("This episode has left the beds. Open a new one to admit the person again.", field="bed")
    return locked, into


def _waits(episode: Episode, here: BedStay, into: Bed, urgent: str) -> str:
    """Why a transfer that should wait does not; empty where nothing is in its way. Raises BadInput where it waits."""
    why = "" if here.bed.room.unit_id == into.room.unit_id else ports.why_no_transfer(episode, into.room.unit)
    if why and not urgent.strip():
        raise BadInput(f"The transfer to {into.room.unit.name} waits. {why}", field="urgent")
    return urgent.strip()[:200] if why else ""


def _lie_down(episode: Episode, bed: Bed, by: Staff, at: dt.datetime, *, urgent: str = "") -> BedStay:
    stay = BedStay(centre_id=episode.centre_id, episode=episode, bed=bed, from_at=at, urgent=urgent)
    try:
        with transaction.atomic():
            save_as(stay, by)
    except IntegrityError as error:
        taken = BedStay.objects.filter(bed=bed, to_at__isnull=True).first()
        if taken is None:
            raise
        raise _first(taken, f"{bed} was taken") from error
    if episode.setting != bed.room.unit.setting:
        episode.setting = bed.room.unit.setting
        save_as(episode, by)
    return stay


def _first(stay: BedStay, what: str) -> ChangedMeanwhile:
    newest = last_change(stay)
    who = newest.history_user.name if newest.history_user else "the system"
    return ChangedMeanwhile(f"{what} by {who} meanwhile. Look at the beds again.", by=who, at=newest.history_date)


def _end(stay: BedStay, by: Staff, at: dt.datetime) -> None:
    if at < stay.from_at:
        raise BadInput("This lies before the person came into the bed.", field="happened_at")
    stay.to_at = at
    save_as(stay, by)


def _same_centre(by: Staff, episode: Episode) -> None:
    if by.centre_id != episode.centre_id:
        raise NotAllowed("This person is in the care of another centre.")
