"""Concentration of a medicine and its active metabolites after any dose history: exact, with no time step.

The state after each dose is carried to the next (so the cost is doses plus times, not doses times times), and each
asked time is reached from the last dose before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glidepath.clinical.pharmacokinetics.history import HOURS_PER_DAY, DoseHistory, laid_out
from glidepath.clinical.pharmacokinetics.model import (
    MASS_TO_CONCENTRATION,
    LeftOut,
    OneCompartment,
    PharmacokineticsError,
)
from glidepath.clinical.pharmacokinetics.transfer import GUT, FloatArray, LinearSystem


@dataclass(frozen=True, eq=False, slots=True)
class Concentrations:
    """Levels in plasma: `ng_per_ml[i, t]` of `species[i]` at `times_h[t]`; `assumed[t]` where nothing given is known.

    `not_in_model`: active metabolites that no published figure allows to draw.
    """

    times_h: FloatArray
    species: tuple[str, ...]
    ng_per_ml: FloatArray
    assumed: NDArray[np.bool_]
    not_in_model: tuple[LeftOut, ...] = ()

    def of(self, species: str) -> FloatArray:
        """The curve of one species, ng/mL. Raises PharmacokineticsError naming those there are."""
        if species not in self.species:
            raise PharmacokineticsError(f"{species} is not in this curve; there is {', '.join(self.species)}")
        return np.asarray(self.ng_per_ml[self.species.index(species)])


def concentration(history: DoseHistory, times_h: ArrayLike, model: OneCompartment) -> Concentrations:
    """Levels of parent and metabolites at `times_h`, in any order, from all doses and the assumed regimen before.

    times_h: hours on the history's axis, 1-D. Returns ng/mL, shape (species, times). Before the first dose a level is
    zero, unless a regimen is assumed. A dose counts from its time plus the lag. Raises NotModelled where no clearance
    is published, PharmacokineticsError for times that are not finite numbers.
    Source: linear one-compartment disposition, superposition of doses; parameters from the medicine's facts.
    """
    times = as_times(times_h)
    volumes = np.array([model.volume_l, *(metabolite.volume_l for metabolite in model.metabolites)])
    levels = amounts(history, times, model) * (MASS_TO_CONCENTRATION / volumes[:, None])
    return Concentrations(times, model.all_species, levels, assumed_part(history, times), model.not_in_model)


def amounts(history: DoseHistory, times_h: FloatArray, model: OneCompartment) -> FloatArray:
    """Milligrams of each species in the body, shape (species, times); the same for models without a clearance."""
    system = LinearSystem.of(model)
    into_gut = np.zeros(system.size)
    into_gut[GUT] = model.dose_factor
    shifted = times_h - model.lag_h  # one lag for all doses: the whole curve is late by it
    return held_amounts(history, shifted, system, into_gut)[GUT + 1 :]


def held_amounts(history: DoseHistory, times_h: FloatArray, system: LinearSystem, entry: FloatArray) -> FloatArray:
    """Milligrams in every compartment, the gut too, at `times_h` without a lag: shape (compartments, times).

    entry: mg that one mg of a dose puts into each compartment at its time.
    """
    start_h, state, event_h, mg = _events(history, times_h, system, entry)
    if start_h is None:
        return np.zeros((system.size, len(times_h)))
    hours, states = _states_after(system, start_h, state, event_h, mg[:, None] * entry)
    last = np.searchsorted(hours, times_h, side="right") - 1
    since = np.where(last >= 0, times_h - hours[last], 0.0)
    reached = np.einsum("tij,tj->ti", system.transition(since), states[last])
    reached[last < 0] = 0.0
    return np.asarray(reached.T)


def steady_state(
    system: LinearSystem, doses: Sequence[tuple[float, float]], period_h: float, entry: FloatArray
) -> FloatArray:
    """Mg in each compartment at hour 0 of an endless periodic regimen, just before a dose at that hour.

    doses: (hour within the period, mg). entry: mg of one mg of a dose in each compartment.
    Solves x = transition(period) x + doses exactly; no run-in.
    """
    whole = system.transition(np.array([period_h]))[0]
    rest = system.transition(period_h - np.array([hour for hour, _ in doses]))
    gained = sum((mg * (part @ entry) for (_, mg), part in zip(doses, rest, strict=True)), np.zeros(system.size))
    state = np.zeros(system.size)
    for i in range(system.size):
        lost = -np.expm1(-system.loss[i] * period_h)  # 1 - exp(-r*period) without cancellation
        state[i] = (gained[i] + whole[i, :i] @ state[:i]) / lost
    return state


def as_times(times_h: ArrayLike) -> FloatArray:
    """`times_h` as a 1-D float array. Raises PharmacokineticsError for another shape or a time that is no number."""
    times = np.atleast_1d(np.asarray(times_h, dtype=np.float64))
    if times.ndim != 1 or not np.isfinite(times).all():
        raise PharmacokineticsError("times are one list of finite hours: leave out those that are not known")
    return times


def assumed_part(history: DoseHistory, times_h: FloatArray) -> NDArray[np.bool_]:
    """True where the time lies before the end of the assumed regimen."""
    return times_h < (-np.inf if history.assumed is None else history.assumed.until_h)


def _events(
    history: DoseHistory, times_h: FloatArray, system: LinearSystem, entry: FloatArray
) -> tuple[float | None, FloatArray, FloatArray, FloatArray]:
    """Where to start, the state there, and the doses from there on, in hours and mg."""
    event_h, mg = history.times_h, history.mg
    if history.assumed is not None:
        assumed = history.assumed
        earliest = min(float(times_h.min(initial=assumed.until_h)), assumed.until_h)
        start_h = np.floor(earliest / HOURS_PER_DAY) * HOURS_PER_DAY
        past_h, past_mg = laid_out(assumed, start_h)
        state = steady_state(system, assumed.doses, HOURS_PER_DAY, entry)
        return start_h, state, np.concatenate([past_h, event_h]), np.concatenate([past_mg, mg])
    start = float(event_h[0]) if event_h.size else None
    return start, np.zeros(system.size), event_h, mg


def _states_after(
    system: LinearSystem, start_h: float, state: FloatArray, event_h: FloatArray, added: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """The start and each dose time, with the state right after it: (doses + 1,), (doses + 1, size). added: per dose."""
    hours = np.concatenate([[start_h], event_h])
    steps = system.transition(np.diff(hours))
    states = np.empty((len(hours), system.size))
    states[0] = state
    for i, step in enumerate(steps):
        np.dot(step, states[i], out=states[i + 1])
        states[i + 1] += added[i]
    return hours, states
