"""Bad input to a curve ends in one clear sentence: what was given, what is wrong, what to do."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.illustration import illustrative_equal_occupancy_steps
from glidepath.clinical.pharmacokinetics.model import (
    Metabolite,
    NotModelled,
    OneCompartment,
    PharmacokineticsError,
    Potency,
)
from glidepath.clinical.pharmacokinetics.steady import (
    accumulation_ratio,
    level_after_cut,
    peak_time_h,
    remaining_after_stop,
    time_to_fraction,
)
from glidepath.clinical.pharmacokinetics.two_compartments import TwoCompartments
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam

DZ = reference_diazepam()
RELATIVE = OneCompartment("relative", None, 17.0, 2.0)


@pytest.mark.parametrize("doses", [[(0, -5)], [(0, math.nan)], [(math.inf, 5)]])
def test_a_dose_history_that_cannot_be_is_refused(doses: list[tuple[float, float]]) -> None:
    with pytest.raises(PharmacokineticsError):
        DoseHistory.of(doses)


def test_a_history_takes_exact_decimals_in_any_order() -> None:
    history = DoseHistory.of([(12, Decimal("2.5")), (0, Decimal("5"))])
    assert (history.times_h.tolist(), history.mg.tolist()) == ([0, 12], [5, 2.5])


def test_times_out_of_order_are_refused_where_nothing_sorts_them() -> None:
    with pytest.raises(PharmacokineticsError, match="sort them"):
        DoseHistory(np.array([5.0, 1.0]), np.array([1.0, 1.0]))
    with pytest.raises(PharmacokineticsError, match="same length"):
        DoseHistory(np.array([5.0]), np.array([1.0, 1.0]))


def test_a_known_dose_inside_the_assumed_time_would_count_twice_and_is_refused() -> None:
    with pytest.raises(PharmacokineticsError, match="count twice"):
        DoseHistory.of([(10, 5)], assumed_steady({8: 5}, until_h=24))


@pytest.mark.parametrize("daily", [{}, {24: 5}, {-1: 5}, {8: -5}, {8: math.inf}])
def test_an_assumed_regimen_that_cannot_be_is_refused(daily: dict[float, float]) -> None:
    with pytest.raises(PharmacokineticsError):
        assumed_steady(daily, until_h=0)


def test_an_assumed_regimen_needs_a_known_end() -> None:
    with pytest.raises(PharmacokineticsError, match="known hour"):
        assumed_steady({8: 5}, until_h=math.nan)


def test_without_any_dose_every_level_is_zero_and_nothing_is_assumed() -> None:
    levels = concentration(DoseHistory.of([]), [0, 5], DZ)
    assert not levels.ng_per_ml.any()
    assert not levels.assumed.any()


def test_no_times_give_an_empty_curve() -> None:
    assert concentration(DoseHistory.of([(0, 5)], assumed_steady({8: 5}, 0)), [], DZ).ng_per_ml.shape == (2, 0)


@pytest.mark.parametrize("times", [[math.nan], [[1.0, 2.0]], [math.inf]])
def test_times_that_are_no_list_of_hours_are_refused(times: object) -> None:
    with pytest.raises(PharmacokineticsError, match="finite hours"):
        concentration(DoseHistory.of([(0, 5)]), times, DZ)  # type: ignore[arg-type]


def test_a_species_that_is_not_in_the_curve_is_answered_with_those_that_are() -> None:
    with pytest.raises(PharmacokineticsError, match="diazepam, nordiazepam"):
        concentration(DoseHistory.of([]), [0], DZ).of("oxazepam")


def test_a_medicine_without_a_clearance_has_no_concentration_and_says_what_to_do() -> None:
    with pytest.raises(NotModelled, match="relative curves") as refused:
        concentration(DoseHistory.of([(0, 5)]), [1], RELATIVE)
    assert refused.value.medicine == "relative"
    assert remaining_after_stop(RELATIVE, 17.0)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("values", [(0.0, 10.0, 1.0), (1.0, -1.0, 1.0), (1.0, 10.0, math.nan), (math.inf, 1.0, 1.0)])
def test_parameters_that_cannot_be_are_refused(values: tuple[float, float, float]) -> None:
    with pytest.raises(PharmacokineticsError, match="more than zero"):
        OneCompartment("drug", *values)


def test_a_negative_lag_and_an_impossible_potency_are_refused() -> None:
    with pytest.raises(PharmacokineticsError, match="lag"):
        OneCompartment("drug", 1.0, 1.0, 1.0, lag_h=-0.1)
    with pytest.raises(PharmacokineticsError, match="potency"):
        Potency(1.0, 0.5)


def test_metabolites_are_listed_once_from_the_parent_outwards_and_need_a_clearance() -> None:
    first, second = Metabolite("first", 0.5, 1, 1, 1), Metabolite("second", 0.5, 1, 1, 1, formed_from="third")
    with pytest.raises(PharmacokineticsError, match="outwards"):
        OneCompartment("drug", 1.0, 1.0, 1.0, metabolites=(first, second))
    with pytest.raises(PharmacokineticsError, match="twice"):
        OneCompartment("drug", 1.0, 1.0, 1.0, metabolites=(first, first))
    with pytest.raises(PharmacokineticsError, match="clearance"):
        OneCompartment("drug", None, 1.0, 1.0, metabolites=(first,))


@pytest.mark.parametrize("weights", [(1.0,), (0.0, 0.0), (1.0, -1.0), (1.0, math.nan)])
def test_weights_that_fit_no_species_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(PharmacokineticsError, match="weight"):
        remaining_after_stop(DZ, 1.0, weights)


def test_questions_without_an_answer_are_refused() -> None:
    with pytest.raises(PharmacokineticsError, match="zero or more"):
        remaining_after_stop(DZ, [-1.0])
    with pytest.raises(PharmacokineticsError, match="kept share"):
        level_after_cut(DZ, -0.1, [1.0])
    with pytest.raises(PharmacokineticsError, match="interval"):
        accumulation_ratio(DZ, 0)
    for left in (0.0, 1.0, 1.5):
        with pytest.raises(PharmacokineticsError, match="between 0 and 1"):
            time_to_fraction(DZ, left)
    with pytest.raises(PharmacokineticsError, match="D50"):
        illustrative_equal_occupancy_steps(10, 0, 4)


def test_two_compartments_refuse_swapped_half_lives() -> None:
    with pytest.raises(PharmacokineticsError, match="shorter"):
        TwoCompartments("drug", 1, 1, fast_half_life_h=14, slow_half_life_h=0.3)


def test_the_peak_of_equal_rates_comes_after_one_mean_time() -> None:
    equal = OneCompartment("equal", 1.0, math.log(2) * 5, 1 / 5)
    assert peak_time_h(equal) == pytest.approx(5)
