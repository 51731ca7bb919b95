"""Many people at once are each exactly the person they would be alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.course import Course, PersonalDoses, arrivals
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import Metabolite, OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.population import population_levels
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam
from tests.clinical.pharmacokinetics.virtual import as_model, equal_rates, some_people, tree

HOURLY = np.arange(0.0, 400.0)
UNEVEN = np.sort(np.random.default_rng(8).uniform(-5, 300, 90))
TENTHS = np.arange(0, 300) / 10 + 3  # steps that differ by their rounding
SPARSE = np.arange(0, 900, 31.0)
DOSES = [(0.0, 10.0), (7.3, 5.0), (7.3, 1.0), (24.0, 8.0), (24.9, 2.0), (180.0, 3.0), (2000.0, 4.0)]
MODELS = [reference_diazepam(), tree(), equal_rates()]


def assert_each_is_alone(
    model: OneCompartment, taken: list[DoseHistory], levels: np.ndarray, times: np.ndarray, percent: float = 30
) -> None:
    cohort = some_people(model, percent=percent).cohort(0)
    for person, history in enumerate(taken):
        alone = concentration(history, times, as_model(model, cohort, person)).ng_per_ml
        matters = alone > 1e-6 * alone.max(axis=1, keepdims=True)
        assert levels[:, :, person][matters] == pytest.approx(alone[matters], rel=1e-9)
        assert levels[:, :, person] == pytest.approx(alone, rel=1e-9, abs=1e-12 * alone.max())


@pytest.mark.parametrize("percent", [30, 1e-7, 0])
@pytest.mark.parametrize("times", [HOURLY, UNEVEN, TENTHS, SPARSE], ids=["hourly", "uneven", "tenths", "sparse"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.medicine)
def test_the_same_doses_for_all(model: OneCompartment, times: np.ndarray, percent: float) -> None:
    history = DoseHistory.of(DOSES)
    levels = population_levels(some_people(model, percent=percent), history, times)
    assert_each_is_alone(model, [history] * 7, levels, times, percent)


@pytest.mark.parametrize("times", [HOURLY, UNEVEN], ids=["hourly", "uneven"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.medicine)
def test_doses_of_ones_own(model: OneCompartment, times: np.ndarray) -> None:
    chance = np.random.default_rng(3)
    hours = 12.0 * np.arange(20)[:, None] + chance.uniform(-1, 1, (20, 7))
    mg = np.where(chance.random((20, 7)) < 0.1, 0.0, 5.0)
    levels = population_levels(some_people(model), PersonalDoses(hours, mg), times)
    mine = [DoseHistory.of(zip(hours[:, person], mg[:, person], strict=True)) for person in range(7)]
    assert_each_is_alone(model, mine, levels, times)


@pytest.mark.parametrize("first", [-30.0, 0.0, 100.0])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.medicine)
def test_an_assumed_regimen_before_the_doses_that_are_known(model: OneCompartment, first: float) -> None:
    history = DoseHistory.of([(50.0, 5.0), (62.0, 2.5)], assumed_steady({8: 10, 20: 5}, until_h=49.0))
    times = np.arange(first, 200.0)
    assert_each_is_alone(model, [history] * 7, population_levels(some_people(model), history, times), times)


@given(
    doses=st.lists(st.tuples(st.floats(-20, 130), st.integers(0, 20_000).map(lambda mcg: mcg / 1000)), max_size=8),
    start=st.floats(-10, 50),
    step=st.sampled_from([0.1, 0.25, 1.0, 6.0, 7.7]),
    lag=st.sampled_from([0.0, 0.2, 1.0, 5.3]),
)
@settings(max_examples=60, deadline=None)
def test_any_doses_on_any_even_grid(doses: list[tuple[float, float]], start: float, step: float, lag: float) -> None:
    model = OneCompartment("any", 2.0, 9.0, 1.3, lag_h=lag, metabolites=(Metabolite("m", 0.5, 0.9, 1.2, 40.0),))
    times = start + step * np.arange(30)
    history = DoseHistory.of(doses)
    assert_each_is_alone(model, [history] * 7, population_levels(some_people(model), history, times), times)


def test_a_dose_taken_a_second_before_is_as_young_as_it_is() -> None:
    model = OneCompartment("any", 2.0, 9.0, 1.3)
    times = 0.1 * np.arange(30)
    for before in (1e-4, 4.1393211503845846e-4, 9e-3, 1.1e-2):
        history = DoseHistory.of([(-before, 5.0)])
        assert_each_is_alone(model, [history] * 7, population_levels(some_people(model), history, times), times)


@given(hour=st.floats(-5, 60), lag=st.sampled_from([0.0, 0.2, 0.27, 1.0]), even=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_dose_is_taken_up_at_the_first_time_that_is_not_before_it(hour: float, lag: float, even: bool) -> None:
    times = np.arange(50.0) if even else np.sort(np.concatenate([np.arange(50.0), [0.2, 7.77]]))
    found = arrivals(times, np.array([[hour]]), np.array([[1.0]]), lag)
    waiting = [i for i, time in enumerate(times) if (time - hour) - lag >= 0]
    assert int(found.at[0, 0]) == (waiting[0] if waiting else len(times))
    assert found.since[0, 0] >= 0


def test_a_dose_on_the_hour_is_equally_old_at_every_next_hour() -> None:
    """So that one table serves a whole taper: no rounding of 0.8 comes in between."""
    doses = 12.0 * np.arange(300)[:, None]
    assert set(arrivals(np.arange(4000.0), doses, np.ones_like(doses), 0.2).since.ravel()) == {0.8}


def test_a_course_goes_on_where_it_stopped_however_it_is_cut() -> None:
    population, history = some_people(tree()), DoseHistory.of(DOSES)
    whole, pieces = np.empty((4, 100, 7)), np.empty((4, 100, 7))
    Course(population.cohort(0), history, HOURLY[:100]).fill(whole)
    course = Course(population.cohort(0), history, HOURLY[:100])
    for first, end in ((0, 1), (1, 8), (8, 9), (9, 60), (60, 100)):
        course.fill(pieces[:, first:end])
    assert pieces == pytest.approx(whole, rel=1e-12)
    with pytest.raises(PharmacokineticsError, match="100 times"):
        course.fill(np.empty((4, 1, 7)))


def test_a_copy_of_a_course_goes_its_own_way() -> None:
    course = Course(some_people(tree()).cohort(0), DoseHistory.of(DOSES), HOURLY)
    course.fill(np.empty((4, 50, 7)))
    twin = course.copy()
    first, again = np.empty((4, 60, 7)), np.empty((4, 60, 7))
    twin.fill(first)
    course.fill(again)
    assert (first == again).all()


def test_personal_doses_that_cannot_be_are_refused() -> None:
    with pytest.raises(PharmacokineticsError, match="one shape"):
        PersonalDoses(np.zeros((2, 3)), np.zeros((3, 2)))
    with pytest.raises(PharmacokineticsError, match="0 for a dose missed"):
        PersonalDoses(np.zeros((2, 3)), np.full((2, 3), -1.0))
    with pytest.raises(PharmacokineticsError, match="sort them"):
        population_levels(some_people(tree()), DoseHistory.of(DOSES), [1.0, 1.0])
