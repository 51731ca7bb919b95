"""What must hold for any doses and any medicine: superposition, proportion, no negative level, a true steady state."""

from __future__ import annotations

from decimal import Decimal, localcontext
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import Metabolite, OneCompartment
from glidepath.clinical.pharmacokinetics.steady import (
    average_at_steady_state,
    remaining_after_stop,
    steady_amounts,
    time_to_fraction,
)
from glidepath.clinical.pharmacokinetics.transfer import convolved

half_lives = st.floats(0.5, 250)
clearances = st.floats(0.5, 300)
doses = st.lists(st.tuples(st.floats(0, 240), st.floats(0, 100)), min_size=1, max_size=12)
regimens = st.dictionaries(st.floats(0, 23.9), st.floats(0.1, 60), min_size=1, max_size=4)


@st.composite
def models(draw: st.DrawFn) -> OneCompartment:
    """Any medicine with up to two metabolites, in a chain or side by side, equal rates included."""
    parent_half_life = draw(half_lives)
    formed = []
    for i in range(draw(st.integers(0, 2))):
        formed.append(
            Metabolite(
                name=f"metabolite {i}",
                fraction=draw(st.floats(0.05, 1)),
                molar_ratio=draw(st.floats(0.6, 1.2)),
                clearance_l_h=draw(clearances),
                half_life_h=draw(half_lives | st.just(parent_half_life)),
                formed_from=draw(st.sampled_from([None, "metabolite 0"])) if i else None,
            )
        )
    return OneCompartment(
        "any",
        draw(clearances),
        parent_half_life,
        draw(st.floats(0.02, 8)),
        lag_h=draw(st.floats(0, 1)),
        metabolites=tuple(formed),
    )


HOURS = np.linspace(-3, 600, 202)


@given(model=models(), taken=doses)
@settings(max_examples=60, deadline=None)
def test_a_level_is_never_negative_and_always_a_number(model: OneCompartment, taken: list[tuple[float, float]]) -> None:
    levels = concentration(DoseHistory.of(taken), HOURS, model).ng_per_ml
    assert np.isfinite(levels).all()
    assert (levels >= 0).all()


@given(model=models(), some=doses, others=doses)
@settings(max_examples=60, deadline=None)
def test_the_levels_of_two_histories_add_up(
    model: OneCompartment, some: list[tuple[float, float]], others: list[tuple[float, float]]
) -> None:
    together = concentration(DoseHistory.of(some + others), HOURS, model).ng_per_ml
    apart = sum(concentration(DoseHistory.of(part), HOURS, model).ng_per_ml for part in (some, others))
    assert together == pytest.approx(apart, rel=1e-9, abs=1e-290)


@given(model=models(), taken=doses, times=st.floats(0.01, 50))
@settings(max_examples=60, deadline=None)
def test_the_level_is_proportional_to_the_dose(
    model: OneCompartment, taken: list[tuple[float, float]], times: float
) -> None:
    once = concentration(DoseHistory.of(taken), HOURS, model).ng_per_ml
    scaled = concentration(DoseHistory.of([(hour, mg * times) for hour, mg in taken]), HOURS, model).ng_per_ml
    assert scaled == pytest.approx(once * times, rel=1e-9, abs=1e-290)


@given(model=models(), regimen=regimens)
@settings(max_examples=60, deadline=None)
def test_a_steady_regimen_repeats_every_day(model: OneCompartment, regimen: dict[float, float]) -> None:
    taken = DoseHistory.of([], assumed_steady(regimen, until_h=240))
    hours = np.linspace(24, 48, 97)
    today = concentration(taken, hours, model).ng_per_ml
    a_week_on = concentration(taken, hours + 168, model).ng_per_ml
    assert a_week_on == pytest.approx(today, rel=1e-9, abs=1e-12 * today.max())


@given(model=models(), regimen=regimens)
@settings(max_examples=40, deadline=None)
def test_a_long_run_of_doses_ends_in_the_steady_state(model: OneCompartment, regimen: dict[float, float]) -> None:
    longest = max(model.half_life_h, 0.7 / model.absorption_per_h, *(m.half_life_h for m in model.metabolites), 1.0)
    days = int(40 * longest / 24) + 2
    run = DoseHistory.of([(24.0 * (day - days) + hour, mg) for day in range(days) for hour, mg in regimen.items()])
    steady = DoseHistory.of([], assumed_steady(regimen, until_h=0.0))
    hours = np.linspace(-20, 72, 93)
    simulated = concentration(run, hours, model).ng_per_ml
    assert concentration(steady, hours, model).ng_per_ml == pytest.approx(simulated, rel=1e-6, abs=1e-9)


@given(model=models(), regimen=regimens)
@settings(max_examples=30, deadline=None)
def test_the_mean_level_of_a_steady_day_is_the_average_by_clearance(
    model: OneCompartment, regimen: dict[float, float]
) -> None:
    quickest = min(model.half_life_h, 0.69 / model.absorption_per_h, *(m.half_life_h for m in model.metabolites), 24)
    hours = 24 + (np.arange(int(24 / min(quickest / 40, 0.1))) + 0.5) * min(quickest / 40, 0.1)
    hours = np.linspace(24, 48, len(hours), endpoint=False) + 24 / len(hours) / 2
    levels = concentration(DoseHistory.of([], assumed_steady(regimen, until_h=99)), hours, model)
    expected = average_at_steady_state(model, sum(regimen.values()))
    for name, level in expected.items():
        assert levels.of(name).mean() == pytest.approx(level, rel=2e-3)


@given(model=models(), left=st.floats(0.001, 0.999))
@settings(max_examples=60, deadline=None)
def test_wash_out_starts_whole_only_falls_and_meets_the_time_asked_for(model: OneCompartment, left: float) -> None:
    weights = [1.0] * len(model.all_species)
    curve = remaining_after_stop(model, np.linspace(0, 2000, 300), weights)
    assert curve[0] == pytest.approx(1)
    assert (np.diff(curve) <= 1e-12).all()
    assert (curve >= 0).all()
    assert remaining_after_stop(model, time_to_fraction(model, left, weights), weights)[0] == pytest.approx(left)


@given(model=models())
@settings(max_examples=60, deadline=None)
def test_steady_amounts_are_the_averages_times_the_volumes(model: OneCompartment) -> None:
    volumes = [model.volume_l, *(m.volume_l for m in model.metabolites)]
    averages = average_at_steady_state(model, 1.0)
    by_volume = [averages[name] * volume / 1000 for name, volume in zip(model.all_species, volumes, strict=True)]
    assert steady_amounts(model) == pytest.approx(by_volume)


@given(
    rates=st.lists(st.floats(0.003, 5), min_size=2, max_size=4),
    nudge=st.floats(-1e-7, 1e-7),
    hour=st.floats(0.01, 500),
)
@settings(max_examples=150, deadline=None)
def test_a_nudge_of_one_rate_only_nudges_the_curve(rates: list[float], nudge: float, hour: float) -> None:
    """Where two rates meet, the formula of differences would jump; the curve must not."""
    hours = np.array([hour])
    equal = convolved([*rates, rates[0]], hours)[0]
    nudged = convolved([*rates, rates[0] * (1 + nudge)], hours)[0]
    room = abs(nudge) * max(rates) * hour + 1e-10
    assert nudged == pytest.approx(equal, rel=room, abs=1e-300)


@pytest.mark.parametrize(
    "rates",
    [
        ("0.1", "0.1000000001", "0.10000001"),
        ("2.19", "0.0156821", "0.0106638"),
        ("0.05", "0.0500001", "3", "3.0000000001"),
        ("0.0107", "0.0108", "0.0109", "0.011", "1.5"),
    ],
)
def test_close_rates_keep_their_digits_against_the_formula_in_eighty_digit_arithmetic(rates: tuple[str, ...]) -> None:
    """Source of the oracle: partial fractions, sum of exp(-r*t) over the product of differences."""
    exact = [Decimal(rate) for rate in rates]
    hours = [Decimal(text) for text in ("0.01", "0.5", "7", "33", "168", "900")]
    with localcontext() as context:
        context.prec = 80
        expected = [sum((-r * t).exp() / prod(s - r for s in exact if s != r) for r in exact) for t in hours]
    found = convolved([float(rate) for rate in rates], np.array([float(t) for t in hours]))
    assert found == pytest.approx([float(value) for value in expected], rel=1e-12, abs=0)
