"""The steps of signed versions as the core's values, kept in memory: what was signed never changes, so neither do they.

Keyed by the version's random public id, which no other version ever has, in this database or another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Prefetch

from glidepath.care.taper.models import Step, StepDose, StepPiece, Version
from glidepath.care.taper.rows import as_step
from glidepath.clinical.dosing import plan as core

KEPT_AT_MOST = 5_000  # versions: some tens of megabytes

_kept: dict[UUID, tuple[core.Step, ...]] = {}


def steps_of(versions: Iterable[Version]) -> Mapping[UUID, Sequence[core.Step]]:
    """The steps of each by its public id. Three queries for all that are not in memory, or none."""
    wanted = {version.pk: version.public_id for version in versions}
    missing = {pk: public_id for pk, public_id in wanted.items() if public_id not in _kept}
    read = _read(missing) if missing else {}
    found = {public_id: _kept.get(public_id) or read[public_id] for public_id in wanted.values()}
    if len(_kept) + len(read) > KEPT_AT_MOST:
        _kept.clear()
    _kept.update(read)
    return found


def _read(versions: Mapping[int, UUID]) -> dict[UUID, tuple[core.Step, ...]]:
    pieces = StepPiece.objects.select_related("product")
    doses = StepDose.objects.prefetch_related(Prefetch("pieces", queryset=pieces))
    rows = Step.objects.filter(version__in=versions).prefetch_related(Prefetch("doses", queryset=doses))
    found: dict[UUID, list[core.Step]] = {public_id: [] for public_id in versions.values()}
    for row in rows.order_by("version_id", "number"):
        found[versions[row.version_id]].append(as_step(row, row.released))
    return {public_id: tuple(steps) for public_id, steps in found.items()}
