"""Who lay where at any moment gone by, and in what state each bed was: stays and histories, nothing copied."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from glidepath.record.centres.models import Bed
from glidepath.record.episodes.access import visible
from glidepath.record.episodes.models import BedStay
from glidepath.record.episodes.queries import InBed

if TYPE_CHECKING:
    from glidepath.record.centres.models import Unit
    from glidepath.record.staff.models import Staff


def stays_at(unit: Unit, at: dt.datetime) -> dict[int, InBed]:
    """Who lay in each bed of the unit at this moment, by bed id, whether the viewer may see whom or not."""
    lay = Q(to_at__isnull=True) | Q(to_at__gt=at)
    stays = BedStay.objects.filter(lay, bed__room__unit=unit, from_at__lte=at)
    return {
        stay.bed_id: InBed(stay.episode.person, stay.episode, stay.bed, stay.from_at)
        for stay in stays.select_related("bed__room__unit", "episode__person__centre").order_by("from_at")
    }


def seen_by(viewer: Staff, people: Sequence[int], *, action: str) -> set[int]:
    """Which of these person ids the viewer may see now."""
    return set(visible(viewer, action=action).filter(pk__in=people).values_list("pk", flat=True))


def bed_states_at(beds: Sequence[Bed], at: dt.datetime) -> Mapping[int, str]:
    """The state of each bed at this moment, by bed id; a bed that was not set up yet is left out."""
    history: Any = Bed.history
    rows = history.filter(id__in=[bed.pk for bed in beds], history_date__lte=at).order_by("history_date", "history_id")
    return dict(rows.values_list("id", "state"))
