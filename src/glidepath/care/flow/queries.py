"""Reads of the ways in and out."""

from __future__ import annotations

from glidepath.care.flow.models import Discharge, Enquiry
from glidepath.record.centres.models import Bed, Centre
from glidepath.record.centres.queries import beds
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import taken_beds


def free_beds(centre: Centre) -> list[Bed]:
    """Beds that are ready and empty, by unit and number."""
    taken = taken_beds(centre)
    return [bed for bed in beds(centre) if bed.state == Bed.State.READY and bed.pk not in taken]


def enquiries(episode: Episode) -> list[Enquiry]:
    """The calls of this stretch of care, the newest first."""
    rows = Enquiry.objects.filter(episode=episode, superseded_by__isnull=True)
    return list(rows.select_related("recorded_by").order_by("-happened_at", "-pk"))


def discharge_of(episode: Episode) -> Discharge | None:
    return Discharge.objects.filter(episode=episode).select_related("recorded_by").first()
