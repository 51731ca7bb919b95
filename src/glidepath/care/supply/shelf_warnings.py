"""What of the shelf does not wait until somebody opens the stock page: what runs out, and what left other than due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.core.cache import cache

from glidepath.care.supply.covering import Covered, covered
from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.centres.queries import units

KEPT_SECONDS = 2 * 60 * 60  # beyond the hour that it is kept for


@dataclass(frozen=True, slots=True)
class ShelfWarning:
    unit: str
    unit_id: UUID
    product: str
    kind: str  # soon, drift
    words: str


@dataclass(frozen=True, slots=True)
class ShelfWarnings:
    at: dt.datetime
    lines: tuple[ShelfWarning, ...]


def shelf_warnings(centre: Centre) -> ShelfWarnings:
    """Of every unit. Worked out once an hour, by whoever asks first: the worker asks, so that no page waits for it."""
    now = clock.now()
    key = f"shelf-warnings:{centre.public_id}:{now:%Y%m%d%H}"
    kept: ShelfWarnings | None = cache.get(key)
    if kept is None:
        kept = ShelfWarnings(now, tuple(line for unit in units(centre) for line in _of(unit)))
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _of(unit: Unit) -> Iterator[ShelfWarning]:
    for line in covered(unit) or ():
        if line.is_soon:
            yield ShelfWarning(unit.name, unit.public_id, line.name, "soon", _lasts(line))
        if line.drifts:
            yield ShelfWarning(unit.name, unit.public_id, line.name, "drift", line.drift_words)


def _lasts(line: Covered) -> str:
    if not line.days:
        return "does not last the day"
    return f"lasts {line.days} day{'' if line.days == 1 else 's'}"
