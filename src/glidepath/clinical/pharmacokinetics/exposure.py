"""The sustained-dose equivalent: every medicine on one axis, as the daily diazepam dose that would hold this level.

S(t) is the sum over medicines of d(t) times a table's diazepam per mg, where d(t) is the daily dose of the medicine
itself that would hold its present effect level E(t) = parent + weight * metabolite. It is drawn from the lowest to
the highest table figure and metabolite weight. A picture of exposure, not of relief: protein binding, receptor subtype
and tolerance are not in it. It explains; it never doses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glidepath.clinical.pharmacokinetics.concentration import amounts, as_times
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import LeftOut, NotModelled, OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.steady import arrived, effect_per_mg, steady_amounts
from glidepath.clinical.pharmacokinetics.transfer import FloatArray

Models = Mapping[str, OneCompartment | NotModelled]
Held = Callable[[str, OneCompartment, tuple[float, ...]], FloatArray]  # daily mg that would hold the level, by weights


@dataclass(frozen=True, slots=True)
class DiazepamPerMg:
    """Mg of diazepam that tables equate to 1 mg of a medicine: the lowest and the highest usable figure."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high < math.inf:
            raise PharmacokineticsError(f"diazepam per mg runs from low to high, above zero: {self.low}-{self.high}")


@dataclass(frozen=True, slots=True)
class DailyDoses:
    """The day's total of one medicine over time, for the picture on averages (no rise and fall within the day).

    initial_mg: mg per day held since long before (0: none). changes: (hour, new mg per day) in order of time.
    assumed_until_h: the end of the time for which the initial dose is only reported, None when nothing is assumed.
    """

    initial_mg: float
    changes: tuple[tuple[float, float], ...] = ()
    assumed_until_h: float | None = None

    def __post_init__(self) -> None:
        if not all(0 <= mg < math.inf for mg in (self.initial_mg, *(mg for _, mg in self.changes))):
            raise PharmacokineticsError("daily doses are zero or more mg: check the steps")
        hours = [hour for hour, _ in self.changes]
        if not all(math.isfinite(hour) for hour in hours) or hours != sorted(hours):
            raise PharmacokineticsError("changes of dose stand in order of time, at known hours: check the steps")


@dataclass(frozen=True, eq=False, slots=True)
class Band:
    """S(t) in mg of diazepam per day, `low` to `high` at `times_h`; all NaN when no medicine can be drawn.

    by_medicine: the (low, high) share of each medicine drawn. left_out: medicines taken but not in the band, so that
    the band is too low by an unknown amount. metabolites_left_out: active metabolites not in it.
    assumed: True where the time lies in a reported, not a recorded, regimen. assumed_share: fraction of `high` at each
    time that still comes from assumed doses (0 to 1); it fades as they wash out.
    """

    times_h: FloatArray
    low: FloatArray
    high: FloatArray
    assumed: NDArray[np.bool_]
    assumed_share: FloatArray
    by_medicine: Mapping[str, tuple[FloatArray, FloatArray]] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    metabolites_left_out: tuple[LeftOut, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every medicine taken is in the band."""
        return not self.left_out


def sustained_equivalent(
    histories: Mapping[str, DoseHistory], times_h: ArrayLike, models: Models, tables: Mapping[str, DiazepamPerMg]
) -> Band:
    """S(t) after real doses, rising and falling within the day. Peaks are informative only.

    histories: by medicine. times_h: hours, 1-D. models: by medicine, the parameters or why there are none. tables: by
    medicine, diazepam per mg. A medicine without a model or a table figure is left out and named with the reason.
    Raises PharmacokineticsError for times that are not finite numbers.
    Source: the effect level is the potency-weighted sum of plasma levels, potencies from the medicine's facts.
    """
    times = as_times(times_h)

    def held(name: str, model: OneCompartment, weights: tuple[float, ...]) -> FloatArray:
        return _held_dose(histories[name], times, model, weights)

    def held_by_assumed(name: str, model: OneCompartment, weights: tuple[float, ...]) -> FloatArray:
        return _held_dose(histories[name].only_assumed, times, model, weights)

    ends = [history.assumed.until_h for history in histories.values() if history.assumed is not None]
    return _band(tuple(histories), times, models, tables, held, held_by_assumed, ends)


def sustained_on_averages(
    doses: Mapping[str, DailyDoses], times_h: ArrayLike, models: Models, tables: Mapping[str, DiazepamPerMg]
) -> Band:
    """S(t) on daily averages: the same band for daily totals that change at given hours, smooth within the day.

    Arguments, result and errors as `sustained_equivalent`, with `DailyDoses` for each medicine. Absorption and lag
    are not in it (they shift hours, not days).
    """
    times = as_times(times_h)

    def held(name: str, model: OneCompartment, weights: tuple[float, ...]) -> FloatArray:
        return _held_on_average(doses[name], times, model, weights)

    def held_by_assumed(name: str, model: OneCompartment, weights: tuple[float, ...]) -> FloatArray:
        return _held_on_average(_assumed_alone(doses[name]), times, model, weights)

    ends = [daily.assumed_until_h for daily in doses.values() if daily.assumed_until_h is not None]
    return _band(tuple(doses), times, models, tables, held, held_by_assumed, ends)


def effect_weights(model: OneCompartment) -> tuple[tuple[float, ...], ...]:
    """Every corner of the metabolites' potency range, one weight per species; an unknown potency counts nothing."""
    ends = [(m.potency.low, m.potency.high) if m.potency else (0.0,) for m in model.metabolites]
    return tuple((1.0, *corner) for corner in dict.fromkeys(product(*ends)))


def _held_dose(
    history: DoseHistory, times: FloatArray, model: OneCompartment, weights: tuple[float, ...]
) -> FloatArray:
    effect = effect_per_mg(model, weights)
    return np.asarray(effect @ amounts(history, times, model) / (effect @ steady_amounts(model)))


def _held_on_average(
    daily: DailyDoses, times: FloatArray, model: OneCompartment, weights: tuple[float, ...]
) -> FloatArray:
    hours = np.array([hour for hour, _ in daily.changes], dtype=np.float64)
    jumps = np.diff([daily.initial_mg, *(mg for _, mg in daily.changes)])
    since = times[:, None] - hours  # all changes in one call: a plan of two years has seventy
    share = np.zeros_like(since)
    share[since > 0] = arrived(model, since[since > 0], weights)
    level = daily.initial_mg + share @ jumps
    return np.asarray(np.maximum(level, 0.0))  # a sum of differences may end a rounding below zero


def _assumed_alone(daily: DailyDoses) -> DailyDoses:
    if daily.assumed_until_h is None:
        return DailyDoses(0.0)
    within = tuple((hour, mg) for hour, mg in daily.changes if hour < daily.assumed_until_h)
    return DailyDoses(daily.initial_mg, (*within, (daily.assumed_until_h, 0.0)))


def _band(
    names: tuple[str, ...],
    times: FloatArray,
    models: Models,
    tables: Mapping[str, DiazepamPerMg],
    held: Held,
    held_by_assumed: Held,
    assumed_ends: list[float],
) -> Band:
    drawn, left_out = _drawable(names, models, tables)
    shares, from_assumed = {}, np.zeros(len(times))
    for name, model in drawn.items():
        curves = [held(name, model, weights) for weights in effect_weights(model)]
        shares[name] = (tables[name].low * np.min(curves, axis=0), tables[name].high * np.max(curves, axis=0))
        if assumed_ends:
            assumed = [held_by_assumed(name, model, weights) for weights in effect_weights(model)]
            from_assumed += tables[name].high * np.max(assumed, axis=0)
    nothing = np.full(len(times), 0.0 if shares or not names else np.nan)
    high = nothing + sum(share[1] for share in shares.values())
    return Band(
        times_h=times,
        low=nothing + sum(share[0] for share in shares.values()),
        high=high,
        assumed=times < max(assumed_ends, default=-math.inf),
        assumed_share=np.divide(from_assumed, high, out=np.zeros(len(times)), where=high > 0),
        by_medicine=shares,
        left_out=left_out,
        metabolites_left_out=tuple(missing for model in drawn.values() for missing in _metabolites_left_out(model)),
    )


def _drawable(
    names: tuple[str, ...], models: Models, tables: Mapping[str, DiazepamPerMg]
) -> tuple[dict[str, OneCompartment], tuple[LeftOut, ...]]:
    drawn: dict[str, OneCompartment] = {}
    left_out = []
    for name in names:
        model = models.get(name)
        if isinstance(model, OneCompartment) and name in tables:
            drawn[name] = model
        else:
            left_out.append(_why_left_out(name, model))
    return drawn, tuple(left_out)


def _why_left_out(name: str, model: OneCompartment | NotModelled | None) -> LeftOut:
    if isinstance(model, NotModelled):
        return LeftOut(name, model.reason, model.do)
    if model is None:
        return LeftOut(name, "it is not in the facts.", "Record it in words; judge by what you see, not by a curve.")
    return LeftOut(
        name,
        "no usable equivalence table gives a figure for it.",
        "Look at its concentration by itself; do not add it to another medicine.",
    )


def _metabolites_left_out(model: OneCompartment) -> tuple[LeftOut, ...]:
    unweighted = tuple(
        LeftOut(metabolite.name, "no relative potency is published for it.", "Look at its concentration by itself.")
        for metabolite in model.metabolites
        if metabolite.potency is None
    )
    return model.not_in_model + unweighted
