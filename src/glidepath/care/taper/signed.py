"""The steps of signed versions as the core's values, kept in memory: what was signed never changes, so neither do they.

Keyed by the version's random public id, which no other version ever has, in this database or another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db.models import Prefetch

from glidepath.care.taper.models import Step, StepDose, StepPiece, Version
from glidepath.care.taper.rows import as_step, chosen_of, findings_of
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


def as_plan(version: Version, released: Collection[int] = ()) -> core.TaperPlan:
    """The version as the core's plan; `released`: the steps that were released since it was signed."""
    signed = steps_of([version])[version.public_id]
    steps = tuple(_as_released(step) if step.number in released else step for step in signed)
    return core.TaperPlan(
        start=steps[0].start,
        goal=chosen_of(version).goal,
        steps=steps,
        blocked=None if version.complete or version.on_hold else _not_complete(),
        findings=findings_of(version.findings),
        on_hold=version.on_hold,
        table=version.table or None,
    )


def _as_released(step: core.Step) -> core.Step:
    return replace(step, state=core.StepState.RELEASED)


def _not_complete() -> core.Blocked:
    return core.Blocked("TPR-3", (), "The plan was signed without reaching its goal.", "Plan on before its end.")


def _read(versions: Mapping[int, UUID]) -> dict[UUID, tuple[core.Step, ...]]:
    pieces = StepPiece.objects.select_related("product")
    doses = StepDose.objects.prefetch_related(Prefetch("pieces", queryset=pieces))
    rows = Step.objects.filter(version__in=versions).prefetch_related(Prefetch("doses", queryset=doses))
    found: dict[UUID, list[core.Step]] = {public_id: [] for public_id in versions.values()}
    for row in rows.order_by("version_id", "number"):
        found[versions[row.version_id]].append(as_step(row, row.released))
    return {public_id: tuple(steps) for public_id, steps in found.items()}
