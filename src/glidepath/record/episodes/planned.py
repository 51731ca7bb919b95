"""Moves that are planned: into a bed, or away. A plan moves nobody and holds no bed; the bed board shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from glidepath.record import clock
from glidepath.record.audit import once as repeated, services as audit
from glidepath.record.episodes.models import BedStay, Episode, PlannedMove, Stage
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.history import last_change, save_as
from glidepath.record.staff.permissions import require

if TYPE_CHECKING:
    from glidepath.record.centres.models import Bed, Centre
    from glidepath.record.staff.models import Staff

AHEAD = dt.timedelta(days=366)  # ours: what is typed for later than this is a slip
KINDS: Mapping[str, str] = dict(PlannedMove.Kind.choices)


@transaction.atomic
def plan_move(
    *, episode: Episode, kind: str, on: dt.date, by: Staff, bed: Bed | None = None, words: str = "", once: str = ""
) -> PlannedMove:
    """A plan for a day from today on. Raises BadInput by field, NotAllowed, ChangedMeanwhile where one stands."""
    earlier = repeated.found(once, "bed.plan")
    if earlier is not None:
        return PlannedMove.objects.get(pk=earlier)
    require(by, "bed.move")
    if by.centre_id != episode.centre_id or (bed is not None and bed.centre_id != episode.centre_id):
        raise NotAllowed("This person, or this bed, belongs to another centre.")
    locked = Episode.objects.select_for_update(of=("self",)).select_related("person__centre").get(pk=episode.pk)
    _refuse_impossible(locked, kind, on, bed, words)
    move = PlannedMove(
        centre_id=locked.centre_id, episode=locked, kind=kind, bed=bed if kind == PlannedMove.Kind.INTO else None,
        on=on, words=words.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            save_as(move, by)
    except IntegrityError:
        raise _stands(locked, kind, on) from None
    repeated.remember(once, "bed.plan", move.pk)
    audit.write("bed.planned", by=by, centre=locked.centre, person=locked.person, about=move, code=kind)
    return move


@transaction.atomic
def drop_move(*, move: PlannedMove, by: Staff) -> None:
    """It is not to happen after all; dropped already, nothing happens."""
    require(by, "bed.move")
    locked = PlannedMove.objects.select_for_update(of=("self",)).select_related("episode__person").get(pk=move.pk)
    if by.centre_id != locked.centre_id:
        raise NotAllowed("This plan belongs to another centre.")
    if locked.dropped:
        return
    locked.dropped = True
    save_as(locked, by)
    audit.write("bed.plan_dropped", by=by, centre=locked.centre, person=locked.episode.person, about=locked)


def planned_moves(centre: Centre, *, until: dt.date) -> list[PlannedMove]:
    """What is planned up to this day and has not happened: not dropped, not in that bed, not left. Oldest first."""
    rows = (
        PlannedMove.objects.filter(centre=centre, dropped=False, on__lte=until)
        .exclude(episode__stage__in=(Stage.DISCHARGED, Stage.AFTERCARE))
        .select_related("episode__person__centre", "bed__room__unit")
        .order_by("on", "pk")
    )
    here = dict(BedStay.objects.filter(centre=centre, to_at__isnull=True).values_list("episode_id", "bed_id"))
    return [one for one in rows if one.kind == PlannedMove.Kind.LEAVE or here.get(one.episode_id) != one.bed_id]


def planned_move_at(centre: Centre, public_id: UUID | str) -> PlannedMove | None:
    return PlannedMove.objects.filter(centre=centre, public_id=public_id).select_related("episode__person").first()


def _refuse_impossible(episode: Episode, kind: str, on: dt.date, bed: Bed | None, words: str) -> None:
    today = clock.today(episode.person.centre)
    if kind not in KINDS:
        raise BadInput("Choose a bed to move into, or that the person leaves.", field="kind")
    if kind == PlannedMove.Kind.INTO and bed is None:
        raise BadInput("Choose the bed the person is to lie in.", field="bed")
    if not today <= on <= today + AHEAD:
        raise BadInput(f"{on:%-d %b %Y} is not a day to come within a year. A plan is for today or later.", field="on")
    if episode.stage in (Stage.DISCHARGED, Stage.AFTERCARE):
        raise BadInput(f"{episode.person.preferred_name} has left. Open a new stay first.", field="kind")
    if kind == PlannedMove.Kind.LEAVE and episode.stage != Stage.ADMITTED:
        raise BadInput(f"{episode.person.preferred_name} is not here yet: plan their coming first.", field="kind")
    if len(words) > 200:
        raise BadInput("A remark on a planned move has at most 200 characters.", field="words")
    if bed is not None:
        _refuse_promised(episode, bed, on)


def _refuse_promised(episode: Episode, bed: Bed, on: dt.date) -> None:
    other = (
        PlannedMove.objects.filter(bed=bed, on=on, dropped=False)
        .exclude(episode=episode)
        .exclude(episode__stage__in=(Stage.DISCHARGED, Stage.AFTERCARE))
        .first()
    )
    if other is not None:
        raise BadInput(f"{bed} is planned for somebody else on this day. Choose another bed or day.", field="bed")


def _stands(episode: Episode, kind: str, on: dt.date) -> ChangedMeanwhile:
    kept = PlannedMove.objects.get(episode=episode, kind=kind, on=on, dropped=False)
    newest = last_change(kept)
    who = newest.history_user.name if newest.history_user else "the system"
    return ChangedMeanwhile(
        f"{who} has planned this for the same day. Drop that plan first if it is another bed.",
        by=who, at=newest.history_date,
    )  # fmt: skip
