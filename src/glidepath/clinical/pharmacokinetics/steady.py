"""Averages at steady state, how fast they are reached, and how much of a cut has arrived by when.

All of it by linearity: what is left of the old level after stopping is what has not yet arrived of a new one.
A weight per species (in the order of `model.all_species`) says what is added up; the parent's is usually 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from glidepath.clinical.pharmacokinetics.concentration import as_times
from glidepath.clinical.pharmacokinetics.history import HOURS_PER_DAY
from glidepath.clinical.pharmacokinetics.model import MASS_TO_CONCENTRATION, OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.transfer import GUT, FloatArray, LinearSystem


def average_at_steady_state(model: OneCompartment, daily_mg: float) -> dict[str, float]:
    """Average level of each species in ng/mL when `daily_mg` is taken every day, however it is divided.

    Raises NotModelled where no clearance is published.
    """
    level = daily_mg * model.dose_factor / HOURS_PER_DAY / model.published_clearance_l_h
    levels = {model.species_name: level * MASS_TO_CONCENTRATION}
    clearance = {model.species_name: model.published_clearance_l_h}
    for metabolite in model.metabolites:
        source = model.all_species[model.precursor(metabolite)]
        formed = metabolite.fraction * metabolite.molar_ratio * clearance[source] * levels[source]
        levels[metabolite.name] = formed / metabolite.clearance_l_h
        clearance[metabolite.name] = metabolite.clearance_l_h
    return levels


def accumulation_ratio(model: OneCompartment, interval_h: float) -> float:
    """Steady over single-dose level of the parent at equal intervals: 1/(1 - exp(-k*tau))."""
    if not 0 < interval_h < math.inf:
        raise PharmacokineticsError(f"the interval is more than zero hours, not {interval_h:g}")
    return -1 / math.expm1(-model.elimination_per_h * interval_h)


def peak_time_h(model: OneCompartment) -> float:
    """Hours from one dose to the parent's one-compartment peak, lag included. Informative only, never for one dose."""
    k, ka = model.elimination_per_h, model.absorption_per_h
    apart = (ka - k) / k
    return model.lag_h + (math.log1p(apart) / apart if apart else 1.0) / k


def remaining_after_stop(model: OneCompartment, hours: ArrayLike, weights: Sequence[float] | None = None) -> FloatArray:
    """Fraction of the average steady level left `hours` after the last of the drug has been absorbed.

    hours: zero or more, any order. weights: one per species, zero or more, effect per ng/mL; None counts the dosed
    species alone. 1 at hour 0, falling to 0. Raises PharmacokineticsError for negative hours or unusable weights.
    """
    after = as_times(hours)
    if (after < 0).any():
        raise PharmacokineticsError(f"hours after stopping are zero or more, not {after.min():g}")
    system = LinearSystem.of(model)
    held, effect = steady_amounts(model), effect_per_mg(model, weights)
    species = system.transition(after)[:, GUT + 1 :, GUT + 1 :]
    return np.asarray((species @ held) @ effect / (effect @ held))


def level_after_cut(
    model: OneCompartment, kept: float, hours: ArrayLike, weights: Sequence[float] | None = None
) -> FloatArray:
    """Level as a fraction of the old steady one, `hours` after the daily dose went to the fraction `kept` of itself.

    kept: 0 for a stop, 0.9 for a cut of a tenth; more than 1 is a rise. Same hours and weights as above.
    """
    if not 0 <= kept < math.inf:
        raise PharmacokineticsError(f"the kept share of the dose is zero or more, not {kept:g}")
    return kept + (1 - kept) * remaining_after_stop(model, hours, weights)


def arrived(model: OneCompartment, hours: ArrayLike, weights: Sequence[float] | None = None) -> FloatArray:
    """How much of a change of dose has reached the level after `hours`: 0 at once, 1 in the end.

    The same number is the fraction of steady state reached after starting.
    """
    return 1 - remaining_after_stop(model, hours, weights)


def time_to_fraction(model: OneCompartment, left: float, weights: Sequence[float] | None = None) -> float:
    """Hours until only the fraction `left` (between 0 and 1) of the steady level remains after stopping.

    The time to reach 90 % of a new steady state is the time to the fraction 0.1. Found by bisection to rounding.
    """
    if not 0 < left < 1:
        raise PharmacokineticsError(f"the fraction left lies between 0 and 1, not at {left:g}")
    early, late = 0.0, model.half_life_h
    while remaining_after_stop(model, late, weights)[0] > left:
        early, late = late, 2 * late
    while (middle := (early + late) / 2) not in (early, late):
        if remaining_after_stop(model, middle, weights)[0] > left:
            early = middle
        else:
            late = middle
    return late


def steady_amounts(model: OneCompartment) -> FloatArray:
    """Mg of each species in the body per mg/day of the product, average at steady state, in order of species."""
    held = [model.dose_factor / HOURS_PER_DAY / model.elimination_per_h]
    rates = [model.elimination_per_h, *(metabolite.elimination_per_h for metabolite in model.metabolites)]
    for metabolite in model.metabolites:
        source = model.precursor(metabolite)
        formed = metabolite.fraction * metabolite.molar_ratio * rates[source] * held[source]
        held.append(formed / metabolite.elimination_per_h)
    return np.array(held)


def effect_per_mg(model: OneCompartment, weights: Sequence[float] | None) -> FloatArray:
    """`weights` (per ng/mL) as weights per mg in the body. Without a clearance there is one species: its own weight."""
    if weights is None:
        weights = (1.0, *(0.0 for _ in model.metabolites))
    if len(weights) != len(model.all_species):
        raise PharmacokineticsError(f"give one weight for each of {', '.join(model.all_species)}, not {len(weights)}")
    if not all(0 <= weight < math.inf for weight in weights) or not any(weights):
        raise PharmacokineticsError(f"weights are zero or more and not all zero: {list(weights)}")
    if model.clearance_l_h is None:
        return np.array(weights, dtype=np.float64)
    volumes = [model.volume_l, *(metabolite.volume_l for metabolite in model.metabolites)]
    return np.asarray(np.array(weights, dtype=np.float64) / np.array(volumes))
