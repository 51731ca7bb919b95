"""Complete withdrawal scores read as one, each by the name of its scale: CIWA-B, CIWA-Ar and COWS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from glidepath.care.monitoring.models import CiwaB, ScaleScore
from glidepath.care.monitoring.standing_rows import newest_of, standing
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

_AT: Mapping[Scale, str] = {scale: f"{scale.value}_at" for scale in Scale}


@dataclass(frozen=True, slots=True)
class WholeScore:
    """One complete score. row: where it stands."""

    scale: Scale
    at: dt.datetime
    row: CiwaB | ScaleScore


def newest_scored(people: Sequence[Person]) -> Mapping[int, Mapping[Scale, dt.datetime]]:
    """When each was last scored whole by each scale, by person id; a scale nobody scored is left out. One query."""
    found = _newest(person.pk for person in people)
    return {row["pk"]: {scale: row[_AT[scale]] for scale in Scale if row[_AT[scale]] is not None} for row in found}


@prepared
def _newest(people: Many[int]) -> QuerySet[Person, dict[str, Any]]:
    others = {
        _AT[scale]: newest_of(_scales().filter(scale=scale.value), value="happened_at")
        for scale in (Scale.CIWA_AR, Scale.COWS)
    }
    ciwa_b = {_AT[Scale.CIWA_B]: newest_of(_ciwa_b(), value="happened_at")}
    return Person.objects.filter(pk__in=people).annotate(**ciwa_b, **others).values("pk", *_AT.values())


def whole_scores(
    people: Sequence[Person], since: dt.datetime, until: dt.datetime
) -> Mapping[int, Sequence[WholeScore]]:
    """Every complete score from `since` up to and with `until`, by person id, oldest first. Two queries."""
    found: dict[int, list[WholeScore]] = {person.pk: [] for person in people}
    for row in _ciwa_b_in(people, since, until):
        found[row.person_id].append(WholeScore(Scale.CIWA_B, row.happened_at, row))
    for other in _scales_in(people, since, until):
        found[other.person_id].append(WholeScore(Scale(other.scale), other.happened_at, other))
    return {pk: sorted(scores, key=lambda one: one.at) for pk, scores in found.items()}


def _ciwa_b() -> QuerySet[CiwaB]:
    return standing(CiwaB).filter(total__isnull=False)


def _scales() -> QuerySet[ScaleScore]:
    return standing(ScaleScore).filter(total__isnull=False)


@prepared
def _ciwa_b_in(people: Many[Person], since: dt.datetime, until: dt.datetime) -> QuerySet[CiwaB]:
    rows = _ciwa_b().filter(person__in=people, happened_at__gte=since, happened_at__lte=until)
    return rows.order_by("happened_at", "id")


@prepared
def _scales_in(people: Many[Person], since: dt.datetime, until: dt.datetime) -> QuerySet[ScaleScore]:
    rows = _scales().filter(person__in=people, happened_at__gte=since, happened_at__lte=until)
    return rows.order_by("happened_at", "id")
