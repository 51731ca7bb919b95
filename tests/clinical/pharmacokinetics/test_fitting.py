"""A person's own clearance: found again in simulated people, against a plain search, and refused where it cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.fitting import (
    Fitted,
    ImplausibleLevel,
    PlasmaLevel,
    own_clearance,
    with_clearance,
)
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import NotModelled, OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.variability import Spread
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam

DZ = reference_diazepam()
TAKEN = DoseHistory.of([(12.0 * i, 5.0) for i in range(40)])
TROUGHS = (95.9, 191.9, 287.9, 383.9, 479.9)
SURE = Spread(31, 20, 40, 40, 40)


def levels_of(ratio: float, hours: tuple[float, ...] = TROUGHS, noise: float = 0.0, seed: int = 1) -> list[PlasmaLevel]:
    """What somebody with `ratio` times the clearance would show, with an error of `noise` in the logarithm."""
    curve = concentration(TAKEN, hours, with_clearance(DZ, ratio)).of("diazepam")
    off = np.exp(noise * np.random.default_rng(seed).standard_normal(len(hours)))
    return [PlasmaLevel(hour, float(level)) for hour, level in zip(hours, curve * off, strict=True)]


def by_plain_search(levels: list[PlasmaLevel], prior_percent: float, residual_percent: float) -> float:
    """The ratio of clearances of least cost among many, by the textbook formula of one dose, dose by dose."""
    eta = np.linspace(-1.5, 1.5, 30_001)
    width, error = (math.sqrt(math.log(1 + (p / 100) ** 2)) for p in (prior_percent, residual_percent))
    cost = (eta / width) ** 2
    volume, ka, lag = 1.596 * 44.2 / math.log(2), math.log(2) * 60 / 19, 0.2
    k = math.log(2) / 44.2 * np.exp(eta)
    for level in levels:
        since = level.hour - lag - TAKEN.times_h[TAKEN.times_h + lag <= level.hour][:, None]
        one = 5 * ka / (volume * (ka - k)) * (np.exp(-k * since) - np.exp(-ka * since)) * 1000
        cost += ((np.log(level.value) - np.log(one.sum(axis=0))) / error) ** 2
    return float(np.exp(eta[cost.argmin()]))


@pytest.mark.parametrize("ratio", [0.45, 0.8, 1.0, 1.3, 2.0])
def test_a_simulated_person_is_found_again_from_levels_measured_well(ratio: float) -> None:
    found = own_clearance(DZ, TAKEN, levels_of(ratio), spread=SURE, residual_percent=1)
    assert found.clearance_ratio == pytest.approx(ratio, rel=0.002)
    assert found.after.volume_l == pytest.approx(DZ.volume_l)
    assert found.after.half_life_h == pytest.approx(DZ.half_life_h / found.clearance_ratio)
    assert found.expected_after == pytest.approx([level.value for level in levels_of(ratio)], rel=0.01)


@pytest.mark.parametrize(("ratio", "count", "seed"), [(0.6, 1, 1), (0.6, 5, 2), (1.0, 2, 3), (1.7, 1, 4), (1.7, 3, 5)])
def test_the_most_probable_clearance_is_that_of_a_plain_search(ratio: float, count: int, seed: int) -> None:
    measured = levels_of(ratio, TROUGHS[-count:], noise=0.2, seed=seed)
    found = own_clearance(DZ, TAKEN, measured, spread=SURE)
    assert found.clearance_ratio == pytest.approx(by_plain_search(measured, 31, 20), rel=2e-4)


def test_many_simulated_people_are_found_without_bias_and_as_surely_as_said() -> None:
    chance = np.random.default_rng(11)
    true = np.exp(math.sqrt(math.log1p(0.31**2)) * chance.standard_normal(40))
    found = [own_clearance(DZ, TAKEN, levels_of(one, noise=0.198, seed=i), spread=SURE) for i, one in enumerate(true)]
    off = np.log([fit.clearance_ratio for fit in found]) - np.log(true)
    said = np.array([fit.posterior_percent for fit in found]) / 100
    assert abs(off.mean()) < 3 * off.std() / math.sqrt(len(off))
    assert off.std() == pytest.approx(said.mean(), rel=0.35)


def test_one_level_moves_the_curve_part_of_the_way_and_more_levels_further() -> None:
    few, many = (own_clearance(DZ, TAKEN, levels_of(0.5, TROUGHS[-n:]), spread=SURE) for n in (1, 5))
    assert 1 > few.clearance_ratio > many.clearance_ratio > 0.5
    assert few.prior_percent > few.posterior_percent > many.posterior_percent


def test_the_posterior_of_a_level_at_steady_state_is_that_of_two_normals() -> None:
    """There the level is as one over the clearance: 1/variance = 1/prior + n/error, in logarithms."""
    hours = tuple(1000.0 + 24 * i for i in range(4))
    steady = DoseHistory.of([], assumed_steady({0.0: 5, 12.0: 5}, until_h=5000.0))
    at_mean = np.arange(1000, 1024, 0.5)
    slow = OneCompartment("slow", 1.596, 44_200.0, 2.0)  # so slow that it hardly swings
    level = concentration(steady, at_mean, slow).of("slow").mean()
    found = own_clearance(slow, steady, [PlasmaLevel(hour, float(level)) for hour in hours], spread=SURE)
    variance = 1 / (1 / math.log1p(0.31**2) + 4 / math.log1p(0.2**2))
    assert found.posterior_percent == pytest.approx(100 * math.sqrt(math.expm1(variance)), rel=0.01)


def test_a_metabolite_counts_as_a_level_too() -> None:
    curve = concentration(TAKEN, [100.0], with_clearance(DZ, 0.6)).of("nordiazepam")
    found = own_clearance(DZ, TAKEN, [PlasmaLevel(100.0, float(curve[0]), species="nordiazepam")], spread=SURE)
    assert found.clearance_ratio < 1


def test_units_of_mass_in_a_volume_are_converted() -> None:
    level = levels_of(0.7)[-1]
    alike = [PlasmaLevel(level.hour, level.value / by, unit) for unit, by in (("µg/L", 1), ("mg/L", 1000))]
    ratios = [own_clearance(DZ, TAKEN, [one], spread=SURE).clearance_ratio for one in (level, *alike)]
    assert ratios == pytest.approx([ratios[0]] * 3)


def test_before_and_after_can_be_drawn() -> None:
    found = own_clearance(DZ, TAKEN, levels_of(0.6), spread=SURE)
    before, after = found.curves(TAKEN, [400.0, 700.0])
    assert (after.of("diazepam") > before.of("diazepam")).all()
    assert found.expected_before[0] < found.measured[0].value


def test_what_the_fit_assumes_is_named_and_a_level_in_the_first_hours_is_doubted() -> None:
    found = own_clearance(DZ, TAKEN, levels_of(0.9, (97.0, 191.9)))
    assert found.prior_percent == 31
    assert found.assumptions == (
        "measured levels within 20 % (coefficient of variation) of the curve",
        "the volume is the typical one",
    )
    (doubt,) = found.doubts
    assert "97 h was taken 1.0 h after a dose" in doubt
    clonazepam = model_of(formulary().medicines["clonazepam"])
    assert isinstance(clonazepam, OneCompartment)
    level = float(concentration(TAKEN, [200.0], clonazepam).of("clonazepam")[0])
    assert "40 % between people" in own_clearance(clonazepam, TAKEN, [PlasmaLevel(200.0, level)]).assumptions[0]


@pytest.mark.parametrize(
    ("level", "reason"),
    [
        (PlasmaLevel(95.9, -3.0), "is not a level"),
        (PlasmaLevel(95.9, math.nan), "is not a level"),
        (PlasmaLevel(math.inf, 100.0), "is not a level"),
        (PlasmaLevel(95.9, 0.0), "below the limit of the assay is not zero"),
        (PlasmaLevel(-5.0, 100.0), "before any dose"),
        (PlasmaLevel(0.1, 100.0), "before any dose"),
        (PlasmaLevel(95.9, 100.0, species="oxazepam"), "measure diazepam or nordiazepam"),
        (PlasmaLevel(95.9, 0.7, unit="µmol/L"), "convert a molar unit"),
        (PlasmaLevel(95.9, 9000.0), "the doses recorded give"),
        (PlasmaLevel(479.9, 2.0), "the doses recorded give"),
        (PlasmaLevel(479.9, 200.0, unit="mg/L"), "the unit"),
    ],
)
def test_a_level_that_cannot_be_is_refused_with_the_reason(level: PlasmaLevel, reason: str) -> None:
    with pytest.raises(ImplausibleLevel, match=reason):
        own_clearance(DZ, TAKEN, [*levels_of(1.0), level], spread=SURE)


@pytest.mark.parametrize("factor", [0.6, 0.8, 1.25, 1.6])
def test_a_level_just_inside_what_three_deviations_explain_is_fitted(factor: float) -> None:
    assert isinstance(fit_of_one(1.0 / factor), Fitted)


def fit_of_one(times: float) -> Fitted:
    level = levels_of(1.0)[-1]
    return own_clearance(DZ, TAKEN, [PlasmaLevel(level.hour, level.value * times)], spread=SURE)


def test_nothing_to_fit_and_nothing_to_fit_with_are_refused() -> None:
    with pytest.raises(ImplausibleLevel, match="no level to fit"):
        own_clearance(DZ, TAKEN, [], spread=SURE)
    with pytest.raises(PharmacokineticsError, match="above zero percent"):
        own_clearance(DZ, TAKEN, levels_of(1.0), spread=Spread.alike(0))
    with pytest.raises(NotModelled):
        own_clearance(OneCompartment("relative", None, 17.0, 2.0), TAKEN, levels_of(1.0), spread=SURE)


def test_the_ratio_lies_within_an_interval_of_two_deviations_on_a_log_scale() -> None:
    """By hand: 19 of 20 lie within 1.959964 deviations; that of the logarithm is the root of ln(1 + cv squared)."""
    found = own_clearance(DZ, TAKEN, levels_of(0.7), spread=SURE)
    low, high = found.clearance_interval()
    deviation = math.sqrt(math.log(1 + (found.posterior_percent / 100) ** 2))
    assert math.log(high / found.clearance_ratio) == pytest.approx(1.959964 * deviation, rel=1e-6)
    assert low * high == pytest.approx(found.clearance_ratio**2)
    assert found.clearance_interval(0.5)[1] < high
    with pytest.raises(PharmacokineticsError, match="between 0 and 1, not at 95"):
        found.clearance_interval(95)


def test_what_is_said_names_the_moment_as_it_was_named() -> None:
    absurd = PlasmaLevel(95.9, 90_000.0, when="on 3 May at 07:40")
    with pytest.raises(ImplausibleLevel, match="90000 ng/mL on 3 May at 07:40"):
        own_clearance(DZ, TAKEN, [absurd])
