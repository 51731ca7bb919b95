"""After each cut of a taper: how much of it has arrived when the next one comes, and when half and most of it has.

A medicine that stays long is felt late: a weekly diazepam cut lands before the one before it has been felt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from glidepath.clinical.pharmacokinetics.exposure import DailyDoses, effect_weights
from glidepath.clinical.pharmacokinetics.model import OneCompartment
from glidepath.clinical.pharmacokinetics.steady import arrived, time_to_fraction

Range = tuple[float, float]  # over the published range of what a metabolite's level counts


@dataclass(frozen=True, slots=True)
class CutArrival:
    """One change of the daily dose at `hour`. The same for a cut and for a rise, and for any size of it.

    arrived_by_next: share, 0 to 1, that has reached the level when the next change comes; None after the last.
    hours_to: hours after the change until such a share has arrived.
    """

    hour: float
    daily_mg: float
    arrived_by_next: Range | None
    hours_to: Mapping[float, Range]


def arrival_of_cuts(
    model: OneCompartment, daily: DailyDoses, *, shares: Sequence[float] = (0.5, 0.9)
) -> tuple[CutArrival, ...]:
    """Each change of `daily`, in order. shares: between 0 and 1. On daily averages; absorption is not in it.

    Raises PharmacokineticsError for a share that is not between 0 and 1.
    Source: linear kinetics, effect as the potency-weighted sum of levels; parameters from the medicine's facts.
    """
    corners = effect_weights(model)
    hours_to = {share: _range([time_to_fraction(model, 1 - share, weights) for weights in corners]) for share in shares}
    by_next: list[Range | None] = [
        _range([float(arrived(model, [later - hour], weights)[0]) for weights in corners])
        for (hour, _), (later, _) in pairwise(daily.changes)
    ]
    changes = zip(daily.changes, [*by_next, None][: len(daily.changes)], strict=True)
    return tuple(CutArrival(hour, mg, share, hours_to) for (hour, mg), share in changes)


def _range(values: Sequence[float]) -> Range:
    return min(values), max(values)
