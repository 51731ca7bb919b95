"""Whose signs of INP-9 call for a further CIWA-B, and since when: read from the sets since the last whole score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.care.monitoring.standing_rows import observations, standing
from glidepath.clinical.monitoring.rescoring import Looked, called_since, pulse_above
from glidepath.record.prepared import Many, prepared

_SIGNS = Q(new_tremor=True) | Q(new_sweating=True)
_LOOKED = _SIGNS | Q(pulse__isnull=False)
_BEFORE_ALL = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)


def since_the_score(stays: Many[int]) -> QuerySet[Observation]:
    """Sets of these stays with a sign of INP-9, later than the last whole CIWA-B: each may call for another."""
    rows = observations().filter(_SIGNS | Q(pulse__gt=pulse_above()), episode__in=stays)
    return rows.filter(happened_at__gt=_scored_at())


def called(stays: Many[int]) -> Mapping[int, dt.datetime]:
    """Since when a CIWA-B is called for, by person id; who is not named owes none. One query."""
    looks: dict[int, list[Looked]] = {}
    scored: dict[int, dt.datetime | None] = {}
    for row in _looks(stays):
        looks.setdefault(row["person_id"], []).append(
            Looked(row["happened_at"], row["pulse"], row["new_tremor"], row["new_sweating"])
        )
        scored[row["person_id"]] = row["scored"]
    found = {pk: called_since(one, scored_at=scored[pk]) for pk, one in looks.items()}
    return {pk: at for pk, at in found.items() if at is not None}


@prepared
def _looks(stays: Many[int]) -> QuerySet[Observation, dict[str, Any]]:
    """Of each person the last look at or before the score, and each after it, oldest first."""
    before = observations().filter(_LOOKED, episode=OuterRef("episode"), happened_at__lte=OuterRef("scored"))
    rows = observations().filter(_LOOKED, episode__in=stays).annotate(scored=_newest_score())
    kept = rows.filter(
        Q(scored__isnull=True)
        | Q(happened_at__gt=_scored_at())
        | Q(pk=Subquery(before.order_by("-happened_at", "-id").values("pk")[:1]))
    )
    values = ("person_id", "happened_at", "pulse", "new_tremor", "new_sweating", "scored")
    return kept.order_by("happened_at", "id").values(*values)


def _newest_score() -> Subquery:
    rows = standing(CiwaB).filter(total__isnull=False, episode=OuterRef("episode"))
    return Subquery(rows.order_by("-happened_at", "-id").values("happened_at")[:1], output_field=DateTimeField())


def _scored_at() -> Coalesce:
    return Coalesce(_newest_score(), _BEFORE_ALL, output_field=DateTimeField())
