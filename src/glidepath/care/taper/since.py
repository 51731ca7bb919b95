"""What was decided about the tapers of many people since a moment: for whoever takes over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.taper.models import Release, SymptomReview, Version
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class DecidedSince:
    """Of one person, oldest first."""

    versions: tuple[Version, ...]
    releases: tuple[Release, ...]
    reviews: tuple[SymptomReview, ...]


def decided_since(people: Sequence[Person], since: dt.datetime) -> Mapping[int, DecidedSince]:
    """By person id, everybody asked for; three queries for 3 people and for 30."""
    ids = [person.pk for person in people]
    written = {"recorded_at__gte": since}
    versions = Version.objects.filter(plan__person__in=ids, **written).select_related("plan", "recorded_by")
    releases = Release.objects.filter(version__plan__person__in=ids, **written).select_related("version__plan")
    reviews = SymptomReview.objects.filter(plan__person__in=ids, **written).select_related("plan", "recorded_by")
    found = (versions.order_by("id"), releases.order_by("id"), reviews.order_by("id"))
    return {
        pk: DecidedSince(
            tuple(one for one in found[0] if one.plan.person_id == pk),
            tuple(one for one in found[1] if one.version.plan.person_id == pk),
            tuple(one for one in found[2] if one.plan.person_id == pk),
        )
        for pk in ids
    }
