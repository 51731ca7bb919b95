"""Every worked figure of the reference set, and those of the text around it, come out of the code."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.illustration import illustrative_equal_occupancy_steps
from glidepath.clinical.pharmacokinetics.model import OneCompartment
from glidepath.clinical.pharmacokinetics.steady import (
    accumulation_ratio,
    arrived,
    average_at_steady_state,
    level_after_cut,
    peak_time_h,
    remaining_after_stop,
    time_to_fraction,
)
from glidepath.clinical.pharmacokinetics.two_compartments import Route, TwoCompartments, levels_by
from tests.clinical.pharmacokinetics.reference_set import ORACLES, reference_diazepam, reference_parent

DAY = 24.0
DZ = reference_diazepam()
BOTH, LESS_METABOLITE, METABOLITE_ALONE = (1.0, 1.0), (1.0, 0.5), (0.0, 1.0)


def into_a_vein_2mg(hour: float) -> float:
    """The level of lorazepam in the blood, by both compartments."""
    once = DoseHistory.of([(0, 2)])
    return float(levels_by(Route.VEIN, once, [hour], lorazepam_into_a_vein()).of("lorazepam")[0])


def single_10mg(species: str, hour: float) -> float:
    return float(concentration(DoseHistory.of([(0, 10)]), [hour], DZ).of(species)[0])


def steady_5mg_every_12h(species: str) -> np.ndarray:
    """Two days of the exact periodic state, every minute."""
    taken = assumed_steady({0: 5, 12: 5}, until_h=1000)
    minutes = 480 + np.arange(48 * 60 + 1) / 60
    return concentration(DoseHistory.of([], taken), minutes, DZ).of(species)


def steady_average(species: str) -> float:
    return average_at_steady_state(DZ, 10)[species]


def lorazepam_into_a_vein() -> TwoCompartments:
    p = ORACLES["parameters"]["lorazepam_into_a_vein"]
    return TwoCompartments(
        "lorazepam",
        clearance_l_h=p["clearance_l_h_kg"] * p["weight_kg"],
        central_volume_l=p["central_volume_l_kg"] * p["weight_kg"],
        fast_half_life_h=p["fast_half_life_h"],
        slow_half_life_h=p["slow_half_life_h"],
    )


def average(medicine: str, daily_mg: float) -> float:
    return average_at_steady_state(reference_parent(medicine), daily_mg)[medicine]


CALCULATED: dict[str, Callable[[], float]] = {
    "dz_k": lambda: DZ.elimination_per_h,
    "dz_V": lambda: DZ.volume_l,
    "dz_peak_t": lambda: peak_time_h(DZ),
    "dz_peak_10mg": lambda: single_10mg("diazepam", peak_time_h(DZ)),
    "dz_R12": lambda: accumulation_ratio(DZ, 12),
    "dz_R24": lambda: accumulation_ratio(DZ, 24),
    "dz_cavg": lambda: steady_average("diazepam"),
    "nd_cavg": lambda: steady_average("nordiazepam"),
    "dz_ss_max": lambda: steady_5mg_every_12h("diazepam").max(),
    "dz_ss_min": lambda: steady_5mg_every_12h("diazepam").min(),
    "nd_ss_max": lambda: steady_5mg_every_12h("nordiazepam").max(),
    "nd_ss_min": lambda: steady_5mg_every_12h("nordiazepam").min(),
    "dz_t90": lambda: time_to_fraction(DZ, 0.1) / DAY,
    "nd_t50": lambda: time_to_fraction(DZ, 0.5, METABOLITE_ALONE) / DAY,
    "nd_t90": lambda: time_to_fraction(DZ, 0.1, METABOLITE_ALONE) / DAY,
    "nd_t95": lambda: time_to_fraction(DZ, 0.05, METABOLITE_ALONE) / DAY,
    "lor_iv_24h": lambda: into_a_vein_2mg(24),
    "alp_css": lambda: average("alprazolam", 1.5),
    "lor_css": lambda: average("lorazepam", 2),
    "clz_css": lambda: average("clonazepam", 1.5),
}
CALCULATED |= {
    f"{short}_10mg_{hour}h": lambda species=species, hour=hour: single_10mg(species, hour)
    for short, species in (("dz", "diazepam"), ("nd", "nordiazepam"))
    for hour in (6, 24, 72, 168)
}
CALCULATED |= {
    f"wash_{day}d": lambda day=day: remaining_after_stop(DZ, day * DAY, BOTH)[0] for day in (1, 3, 7, 14, 21)
}
CALCULATED |= {f"wash_to_{left}": lambda left=left: time_to_fraction(DZ, left, BOTH) / DAY for left in (0.5, 0.1, 0.01)}
CALCULATED |= {f"step90_{day}d": lambda day=day: level_after_cut(DZ, 0.9, day * DAY, BOTH)[0] for day in (1, 3, 7, 14)}
CALCULATED |= {
    f"lor_step90_{day}d": lambda day=day: level_after_cut(reference_parent("lorazepam"), 0.9, day * DAY)[0]
    for day in (1, 2, 3)
}


@pytest.mark.parametrize("case", ORACLES["case"], ids=lambda case: case["id"])
def test_the_worked_figure_comes_out(case: dict[str, Any]) -> None:
    assert CALCULATED[case["id"]]() == pytest.approx(case["expected"], rel=case["tolerance_percent"] / 100)


def test_no_worked_figure_is_left_out() -> None:
    assert {case["id"] for case in ORACLES["case"]} == set(CALCULATED)


def half_unit(printed: str) -> float:
    """Half a unit in the last printed place, the room that rounding leaves."""
    return 0.51 * 10 ** -len(printed.partition(".")[2])


def assert_printed(value: float, printed: str) -> None:
    assert value == pytest.approx(float(printed), abs=half_unit(printed))


def test_the_metabolite_of_one_dose_peaks_near_the_seventy_seventh_hour() -> None:
    hours = np.arange(0, 200, 0.5)
    curve = concentration(DoseHistory.of([(0, 10)]), hours, DZ).of("nordiazepam")
    assert hours[curve.argmax()] == pytest.approx(77, abs=1)
    assert_printed(curve.max(), "33.2")


def test_parent_and_metabolite_together_average_556_ng_per_ml_on_5_mg_every_12_hours() -> None:
    assert_printed(sum(average_at_steady_state(DZ, 10).values()), "555.8")


@pytest.mark.parametrize(("left", "days"), [(0.5, "2.85"), (0.1, "9.3")])
def test_wash_out_is_faster_when_the_metabolite_counts_half(left: float, days: str) -> None:
    assert_printed(time_to_fraction(DZ, left, LESS_METABOLITE) / DAY, days)


@pytest.mark.parametrize(
    ("half_lives", "days"), [((86, 80), ("5.97", "16.7", "30.3")), ((31, 40), ("2.37", "6.9", "12.8"))]
)
def test_wash_out_takes_twice_as_long_in_older_people(half_lives: tuple[float, float], days: tuple[str, ...]) -> None:
    person = reference_diazepam(*half_lives)
    for left, printed in zip((0.5, 0.1, 0.01), days, strict=True):
        assert_printed(time_to_fraction(person, left, BOTH) / DAY, printed)


def test_only_77_percent_of_a_weekly_diazepam_cut_has_arrived_at_the_next() -> None:
    assert_printed(arrived(DZ, 7 * DAY, BOTH)[0], "0.77")


def test_clorazepate_20_mg_a_day_averages_547_ng_per_ml_nordiazepam() -> None:
    metabolite = DZ.metabolites[0]
    clorazepate = OneCompartment(
        "clorazepate",
        metabolite.clearance_l_h,
        metabolite.half_life_h,
        absorption_per_h=1.0,
        species="nordiazepam",
        dose_factor=0.662,
    )
    assert_printed(average_at_steady_state(clorazepate, 20)["nordiazepam"], "547")


@pytest.mark.parametrize(("fraction", "ratio"), [(0.6, "0.90"), (0.75, "1.13"), (1.0, "1.51")])
def test_the_fraction_formed_sets_the_ratio_of_metabolite_to_parent(fraction: float, ratio: str) -> None:
    levels = average_at_steady_state(reference_diazepam(fraction=fraction), 10)
    assert_printed(levels["nordiazepam"] / levels["diazepam"], ratio)


@pytest.mark.parametrize(
    ("hours_of_day", "fraction", "day_2", "day_7"),
    [
        ((0, 6, 12), 0.8, "2.68", "1.09"),
        ((0, 6, 12), 0.7, "3.06", "1.25"),
        ((0, 8, 16), 0.8, "2.94", "1.14"),
        ((0, 8, 16), 0.7, "3.36", "1.30"),
    ],
)
def test_simulated_troughs_fall_towards_the_reported_parent_to_metabolite_ratio(
    hours_of_day: tuple[int, ...], fraction: float, day_2: str, day_7: str
) -> None:
    doses = DoseHistory.of([(day * DAY + hour, 5) for day in range(7) for hour in hours_of_day])
    for day, printed in ((2, day_2), (7, day_7)):
        levels = concentration(doses, [day * DAY], reference_diazepam(fraction=fraction))
        assert_printed(float(levels.of("diazepam")[0] / levels.of("nordiazepam")[0]), printed)


@pytest.mark.parametrize(("hour", "printed"), [(0, "48.4"), (1, "23.8"), (6, "16.4"), (24, "6.76")])
def test_lorazepam_into_a_vein_falls_in_two_phases(hour: float, printed: str) -> None:
    assert_printed(into_a_vein_2mg(hour), printed)


def test_the_second_compartment_of_lorazepam_exchanges_at_the_published_rates() -> None:
    out, to_periphery, back = lorazepam_into_a_vein().rates_per_h
    assert (out, to_periphery, back) == pytest.approx((0.1054, 1.137, 1.043), rel=1e-3)


@pytest.mark.parametrize(
    ("d50", "doses"), [(10, ("10", "6.00", "3.33", "1.43", "0")), (100, ("10", "7.32", "4.76", "2.33", "0"))]
)
def test_equal_occupancy_steps_are_as_worked_and_illustrative(d50: float, doses: tuple[str, ...]) -> None:
    for value, printed in zip(illustrative_equal_occupancy_steps(10, d50, 4), doses, strict=True):
        assert_printed(value, printed)


def test_ten_half_lives_leave_a_thousandth_of_the_parent() -> None:
    assert remaining_after_stop(DZ, 10 * DZ.half_life_h)[0] == pytest.approx(math.pow(2, -10))
