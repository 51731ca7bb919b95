"""Lorazepam with its published second compartment, into a vein and by mouth, against equations solved step by step."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy.integrate import solve_ivp

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import NotModelled, OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.two_compartments import (
    Absorption,
    Route,
    TwoCompartments,
    levels_by,
    two_compartments_of,
)

DOSES = [(0.0, 2.0), (8.5, 1.0), (8.5, 0.5), (24.0, 2.0), (47.2, 1.0)]
TIMES = np.sort(np.random.default_rng(4).uniform(0, 120, 150))


def lorazepam() -> TwoCompartments:
    model = two_compartments_of(formulary().medicines["lorazepam"])
    assert isinstance(model, TwoCompartments)
    return model


def solved(route: Route, doses: list[tuple[float, float]], times: np.ndarray, model: TwoCompartments) -> np.ndarray:
    """ng/mL in blood and tissue: gut, central and peripheral amounts in mg by their differential equations."""
    alpha, beta = math.log(2) / model.fast_half_life_h, math.log(2) / model.slow_half_life_h
    k10 = model.clearance_l_h / model.central_volume_l
    k21 = alpha * beta / k10
    k12 = alpha + beta - k10 - k21
    ka, lag, share = (0.0, 0.0, 1.0) if route is Route.VEIN else (1.342, 0.27, 0.93)

    def change(_: float, y: np.ndarray) -> list[float]:
        return [-ka * y[0], ka * y[0] - (k10 + k12) * y[1] + k21 * y[2], k12 * y[1] - k21 * y[2]]

    stops = sorted({hour + lag for hour, _ in doses})
    state, found = np.zeros(3), np.zeros((2, len(times)))
    for start, end in pairwise([*stops, float(times.max()) + 1]):
        state[1 if route is Route.VEIN else 0] += sum(share * mg for hour, mg in doses if hour + lag == start)
        within = (times >= start) & (times < end)
        run = solve_ivp(
            change, (start, end), state, "DOP853", [*times[within], end], rtol=1e-11, atol=1e-15, max_step=1
        )
        found[:, within] = run.y[1:, :-1]
        state = run.y[:, -1].copy()
    volumes = np.array([[model.central_volume_l], [model.central_volume_l * k12 / k21]])
    return found / volumes * 1000


@pytest.mark.parametrize("route", list(Route))
def test_blood_and_tissue_agree_with_the_solver(route: Route) -> None:
    found = levels_by(route, DoseHistory.of(DOSES), TIMES, lorazepam())
    assert found.species == ("lorazepam", "lorazepam in tissue")
    assert found.ng_per_ml == pytest.approx(solved(route, DOSES, TIMES, lorazepam()), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("route", list(Route))
def test_a_reported_regimen_agrees_with_a_solver_run_in_for_many_days(route: Route) -> None:
    run_in = [(24.0 * day + hour, mg) for day in range(-14, 1) for hour, mg in ((8.0, 1.0), (20.0, 2.0))]
    times = np.linspace(1, 60, 80)
    history = DoseHistory.of([(32.0, 1.0)], assumed_steady({8: 1, 20: 2}, until_h=24.0))
    expected = solved(route, [*run_in, (32.0, 1.0)], np.concatenate([[-330.0], times]), lorazepam())[:, 1:]
    assert levels_by(route, history, times, lorazepam()).ng_per_ml == pytest.approx(expected, rel=1e-5)


def test_two_mg_by_mouth_peak_near_the_labels_20_ng_per_ml() -> None:
    """The label prints 20 ng/mL at 2 h; one compartment gives 18.1 at 2.8 h. Informative: a peak is never tuned."""
    hours = np.arange(0, 12, 0.01)
    curve = levels_by(Route.MOUTH, DoseHistory.of([(0, 2)]), hours, lorazepam()).of("lorazepam")
    assert curve.max() == pytest.approx(20, rel=0.1)
    assert hours[curve.argmax()] == pytest.approx(2, abs=0.5)


def test_the_area_is_the_dose_that_reaches_the_blood_over_the_clearance() -> None:
    hours = np.arange(0, 400, 0.02)
    for route, share in ((Route.VEIN, 1.0), (Route.MOUTH, 0.93)):
        curve = levels_by(route, DoseHistory.of([(0, 2)]), hours, lorazepam()).of("lorazepam")
        assert np.trapezoid(curve, hours) == pytest.approx(share * 2 / (0.06217 * 70) * 1000, rel=1e-3)


def test_averages_are_those_of_one_compartment_within_two_percent() -> None:
    """The reference says that areas and averages do not change; the two sets come from two studies."""
    one = model_of(formulary().medicines["lorazepam"])
    assert isinstance(one, OneCompartment)
    history, day = DoseHistory.of([], assumed_steady({8: 1, 20: 1}, until_h=1000)), np.arange(240, 264, 0.05)
    two = levels_by(Route.MOUTH, history, day, lorazepam()).of("lorazepam").mean()
    assert two == pytest.approx(concentration(history, day, one).of("lorazepam").mean(), rel=0.02)


def test_what_joins_two_sources_is_named_as_an_assumption() -> None:
    (said,) = lorazepam().assumed
    assert "absorption is from one study and distribution from another (lor_ivpo, lor_2cmt)" in said
    assert "0.93 of a dose" in said


def test_only_lorazepam_has_a_second_compartment_and_the_others_say_so() -> None:
    models = {key: two_compartments_of(one) for key, one in formulary().medicines.items()}
    assert [key for key, one in models.items() if isinstance(one, TwoCompartments)] == ["lorazepam"]
    refused = models["diazepam"]
    assert isinstance(refused, NotModelled)
    assert "no second compartment" in refused.reason


def test_a_dose_by_mouth_without_absorption_is_not_drawn() -> None:
    with pytest.raises(NotModelled, match="no absorption"):
        levels_by(Route.MOUTH, DoseHistory.of(DOSES), TIMES, replace(lorazepam(), absorption=None))


@pytest.mark.parametrize("figures", [(0.0, 0.0, 0.9), (1.0, -1.0, 0.9), (1.0, 0.0, 1.1), (1.0, 0.0, 0.0)])
def test_absorption_that_cannot_be_is_refused(figures: tuple[float, float, float]) -> None:
    with pytest.raises(PharmacokineticsError, match="absorption"):
        Absorption(*figures)


def test_figures_between_which_nothing_can_be_exchanged_are_refused() -> None:
    with pytest.raises(PharmacokineticsError, match="no exchange"):
        TwoCompartments("drug", 1, 30, fast_half_life_h=0.3, slow_half_life_h=14)


@given(
    fast=st.floats(0.05, 3),
    ratio=st.floats(1.5, 100),
    between=st.floats(0.02, 0.98),
    ka=st.floats(0.05, 20),
    hours=st.lists(st.floats(0, 300), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_no_level_is_negative_and_nothing_is_made_from_nothing(
    fast: float, ratio: float, between: float, ka: float, hours: list[float]
) -> None:
    """Any exchange that can be: in blood and tissue together there is never more than was given."""
    beta, alpha = math.log(2) / (fast * ratio), math.log(2) / fast
    model = TwoCompartments("any", (beta + between * (alpha - beta)) * 30, 30, fast, fast * ratio, Absorption(ka, 0, 1))
    found = levels_by(Route.MOUTH, DoseHistory.of([(hour, 1.0) for hour in hours]), np.linspace(0, 400, 200), model)
    assert (found.ng_per_ml >= 0).all()
    in_body = found.ng_per_ml[0] * model.central_volume_l + found.ng_per_ml[1] * model.tissue_volume_l
    assert (in_body <= 1000 * len(hours) * (1 + 1e-9)).all()
