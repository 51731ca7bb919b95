"""A person's own clearance from levels measured in their plasma, and how it moves their curve.

Maximum a posteriori: the clearance is typical * exp(eta), eta normal with the spread between people; the logarithm of a
measured level is that of the curve plus a normal error. The volume stays as it is, so that the half-life moves with the
clearance. It explains a curve; it never doses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from glidepath.clinical.facts.load import kinetics
from glidepath.clinical.pharmacokinetics.cohort import Cohort, Parameters
from glidepath.clinical.pharmacokinetics.concentration import Concentrations, concentration
from glidepath.clinical.pharmacokinetics.course import Course
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.population import spread_by_name
from glidepath.clinical.pharmacokinetics.steady import peak_time_h
from glidepath.clinical.pharmacokinetics.transfer import FloatArray
from glidepath.clinical.pharmacokinetics.variability import Spread, sigma

NG_PER_ML = {"ng/mL": 1.0, "µg/L": 1.0, "mcg/L": 1.0, "mg/L": 1000.0, "µg/mL": 1000.0, "mcg/mL": 1000.0}
REACH = 6.0  # the search goes so many standard deviations of the prior to either side
SCANNED = 49  # clearances looked at together: of the first, the search starts in the deepest valley


class ImplausibleLevel(PharmacokineticsError):
    """A measured level that cannot be fitted: the message says which, why, and what to look at."""


@dataclass(frozen=True, slots=True)
class PlasmaLevel:
    """A level of one species in plasma at an hour of the history's axis. species: None is what is dosed.

    when: the same moment in words, for what is said about it ("on 3 May at 07:40"); empty: the hour is said.
    """

    hour: float
    value: float
    unit: str = "ng/mL"
    species: str | None = None
    when: str = ""

    @property
    def said_when(self) -> str:
        return self.when or f"at {self.hour:g} h"

    @property
    def ng_per_ml(self) -> float:
        """Raises ImplausibleLevel for a unit that is no mass in a volume."""
        if self.unit not in NG_PER_ML:
            raise ImplausibleLevel(
                f"{self.value:g} {self.unit}: the unit is one of {', '.join(NG_PER_ML)}; convert a molar unit first"
            )
        return self.value * NG_PER_ML[self.unit]


@dataclass(frozen=True, eq=False, slots=True)
class Fitted:
    """Before and after: the typical model, the person's own, and how sure it is.

    prior_percent and posterior_percent: coefficients of variation of the clearance before and after the levels.
    expected_before and expected_after: ng/mL by either model at each level, in the order given.
    doubts: levels that say less than they seem to. assumptions: what of the fit rests on no source.
    """

    before: OneCompartment
    after: OneCompartment
    prior_percent: float
    posterior_percent: float
    measured: tuple[PlasmaLevel, ...]
    expected_before: FloatArray
    expected_after: FloatArray
    doubts: tuple[str, ...]
    assumptions: tuple[str, ...]

    @property
    def clearance_ratio(self) -> float:
        """Own over typical clearance: below 1 the medicine stays longer."""
        return self.after.published_clearance_l_h / self.before.published_clearance_l_h

    def clearance_interval(self, share: float = 0.95) -> tuple[float, float]:
        """Within which `clearance_ratio` lies with this probability: log-normal, as wide as `posterior_percent` says.

        Raises PharmacokineticsError for a share that is not between 0 and 1.
        """
        if not 0 < share < 1:
            raise PharmacokineticsError(f"a share of probability lies between 0 and 1, not at {share}")
        wide = math.exp(NormalDist().inv_cdf((1 + share) / 2) * sigma(self.posterior_percent))
        return self.clearance_ratio / wide, self.clearance_ratio * wide

    def curves(self, history: DoseHistory, times_h: ArrayLike) -> tuple[Concentrations, Concentrations]:
        """The curve before and after the fit, at the same times."""
        return concentration(history, times_h, self.before), concentration(history, times_h, self.after)


def own_clearance(
    model: OneCompartment,
    history: DoseHistory,
    levels: Sequence[PlasmaLevel],
    *,
    spread: Spread | None = None,
    residual_percent: float | None = None,
) -> Fitted:
    """The most probable clearance of a person after `levels`, with the population as prior.

    model: typical parameters. history: all doses, hours and mg. levels: in any order, on the history's axis. spread:
    the variation between people, from the facts where None. residual_percent: coefficient of variation of a measured
    level around the curve, from the facts where None (an assumption there).
    Raises ImplausibleLevel for no level, an unknown unit or species, a level that is negative, no number, or zero after
    doses, one before any dose, and one that no plausible clearance explains; NotModelled without a clearance.
    Source: Bayesian estimate with log-normal prior and error; the prior from the facts.
    """
    prior = spread or spread_by_name(model.medicine)
    residual = float(kinetics().residual_cv_percent) if residual_percent is None else residual_percent
    width, error = sigma(prior.clearance), sigma(residual)
    if not (width > 0 and error > 0):
        raise PharmacokineticsError(
            "a fit needs a spread between people and an error of measurement above zero percent"
        )
    measured = np.log([_usable(level, model) for level in levels])

    def expected(etas: FloatArray) -> FloatArray:
        return _expected(model, np.exp(etas), history, levels)

    def cost(etas: FloatArray) -> FloatArray:
        off = (measured - np.log(expected(etas))) / error
        return np.asarray((np.einsum("ij,ij->i", off, off) + (etas / width) ** 2) / 2)

    _refuse_unreachable(levels, expected, width, error)
    eta = _least(cost, REACH * width)
    after = with_clearance(model, math.exp(eta))
    before_and_after = expected(np.array([0.0, eta]))
    return Fitted(
        before=model,
        after=after,
        prior_percent=prior.clearance,
        posterior_percent=100 * math.sqrt(math.expm1(_variance(cost, eta, width))),
        measured=tuple(levels),
        expected_before=before_and_after[0],
        expected_after=before_and_after[1],
        doubts=tuple(_doubts(levels, history, model)),
        assumptions=tuple(_assumptions(prior, residual, residual_percent is None)),
    )


def with_clearance(model: OneCompartment, ratio: float) -> OneCompartment:
    """The model with `ratio` times the clearance and the same volume: the half-life moves the other way."""
    return replace(model, clearance_l_h=model.published_clearance_l_h * ratio, half_life_h=model.half_life_h / ratio)


# --- What can be fitted ----------------------------------------------------------------------------------------------
def _usable(level: PlasmaLevel, model: OneCompartment) -> float:
    """The level in ng/mL, above zero and of a species that the model knows."""
    value, name = level.ng_per_ml, level.species or model.species_name
    if name not in model.all_species:
        raise ImplausibleLevel(
            f"{name} is not in the curve of {model.medicine}: measure {' or '.join(model.all_species)}"
        )
    said = f"{level.value:g} {level.unit} of {name} {level.said_when}"
    if not math.isfinite(value) or not math.isfinite(level.hour) or value < 0:
        raise ImplausibleLevel(f"{said} is not a level: look it up again")
    if value == 0:
        raise ImplausibleLevel(
            f"{said}: a level below the limit of the assay is not zero, and cannot be fitted. "
            "Were the doses taken, and is it the right sample?"
        )
    return value


def _expected(
    model: OneCompartment, ratios: FloatArray, history: DoseHistory, levels: Sequence[PlasmaLevel]
) -> FloatArray:
    """What the model gives for each level with each of `ratios` times the clearance: ng/mL, shape (ratios, levels).

    All at once, as if they were people who differ in nothing else.
    """
    formed = model.metabolites
    typical = np.array([model.published_clearance_l_h, *(one.clearance_l_h for one in formed)])
    clearance = np.repeat(typical[:, None], len(ratios), axis=1)
    clearance[0] *= ratios
    volume = np.array([model.volume_l, *(one.volume_l for one in formed)])
    alike = Parameters(
        clearance, np.repeat(volume[:, None], len(ratios), axis=1), np.full(len(ratios), model.absorption_per_h)
    )
    times, where = np.unique([level.hour for level in levels], return_inverse=True)
    found = np.empty((len(typical), len(times), len(ratios)))
    Course(Cohort.of(model, alike), history, times).fill(found)
    rows = [model.all_species.index(level.species or model.species_name) for level in levels]
    return np.asarray(found[rows, where].T)


def _refuse_unreachable(
    levels: Sequence[PlasmaLevel], expected: Callable[[FloatArray], FloatArray], width: float, error: float
) -> None:
    """Refuses a level before any dose, and one that no clearance within some standard deviations explains."""
    if not levels:
        raise ImplausibleLevel("there is no level to fit: measure one, or keep the typical curve")
    deviations = float(kinetics().plausible_deviations)
    within = expected(np.linspace(-deviations * width, deviations * width, 13))
    lowest, highest = within.min(axis=0), within.max(axis=0)
    for level, low, high in zip(levels, lowest, highest, strict=True):
        said = f"{level.value:g} {level.unit} {level.said_when}"
        if high <= 0:
            raise ImplausibleLevel(
                f"{said} lies before any dose recorded: record what was taken before, or look at the time of the sample"
            )
        if not low * math.exp(-deviations * error) <= level.ng_per_ml <= high * math.exp(deviations * error):
            raise ImplausibleLevel(
                f"{said}: with a clearance within {deviations:g} standard deviations the doses recorded give {low:.3g} "
                f"to {high:.3g} ng/mL. Look at the doses really taken, the unit, the time of the sample, and other "
                "medicines that change the clearance"
            )


def _doubts(levels: Sequence[PlasmaLevel], history: DoseHistory, model: OneCompartment) -> list[str]:
    """Levels in the first hours after a dose, where one compartment is wrong."""
    peak = peak_time_h(model)
    ages = [level.hour - history.times_h[history.times_h <= level.hour].max(initial=-math.inf) for level in levels]
    return [
        f"the level {level.said_when} was taken {age:.1f} h after a dose, while it was still being taken up: "
        "one just before a dose says more"
        for level, age in zip(levels, ages, strict=True)
        if age < peak
    ]


def _assumptions(prior: Spread, residual: float, residual_assumed: bool) -> list[str]:
    found = []
    if "clearance" in prior.assumed:
        found.append(f"a spread of the clearance of {prior.clearance:g} % between people")
    if residual_assumed:
        found.append(f"measured levels within {residual:g} % (coefficient of variation) of the curve")
    return [*found, "the volume is the typical one"]


# --- The search ------------------------------------------------------------------------------------------------------
def _least(cost: Callable[[FloatArray], FloatArray], reach: float) -> float:
    """Where `cost` is least within `reach` of zero: a scan, then closer ones around the best point of the last."""
    low, high = -reach, reach
    while high - low > 1e-8 * reach:  # a minimum is flat: no nearer than the root of the rounding
        scanned = np.linspace(low, high, SCANNED)
        best = int(np.argmin(cost(scanned)))
        low, high = float(scanned[max(best - 1, 0)]), float(scanned[min(best + 1, SCANNED - 1)])
    return (low + high) / 2


def _variance(cost: Callable[[FloatArray], FloatArray], at: float, width: float) -> float:
    """Of eta after the levels: one over the curvature of the cost, by differences; never wider than the prior."""
    step = 0.01 * width
    below, least, above = cost(at + step * np.array([-1.0, 0.0, 1.0]))
    curvature = float(above - 2 * least + below) / step**2
    return float(min(1 / curvature, width**2)) if curvature > 0 else width**2
