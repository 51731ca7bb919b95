"""Bands of a population: exact order statistics, the same people from the same seed, spreads as published."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.pharmacokinetics import settling
from glidepath.clinical.pharmacokinetics.from_facts import model_of, models_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory, assumed_steady
from glidepath.clinical.pharmacokinetics.model import OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.percentiles import order_statistics, ranks
from glidepath.clinical.pharmacokinetics.population import Bands, band_of_one, population_bands, population_levels
from glidepath.clinical.pharmacokinetics.variability import COHORT, Population, Spread, sigma, spread_of
from tests.clinical.pharmacokinetics.reference_set import reference_diazepam
from tests.clinical.pharmacokinetics.virtual import tree

TIMES = np.arange(0.0, 240.0, 2.0)
TAKEN = {
    "diazepam": DoseHistory.of([(12.0 * i, 5) for i in range(15)], assumed_steady({8: 10}, until_h=0)),
    "lorazepam": DoseHistory.of([(8.0, 1), (20.0, 1.5)]),
}
NAMES = ("diazepam", "lorazepam")


def of_facts() -> dict[str, object]:
    return models_of([formulary().medicines[name] for name in NAMES])


def bands(**changed: object) -> Bands:
    asked: dict[str, object] = {"people": 60, "seed": 4, "times_h": TIMES, **changed}
    models = asked.pop("models", of_facts())
    return population_bands(models, asked.pop("taken", TAKEN), **asked)  # type: ignore[arg-type]


def test_a_band_is_what_sorting_every_curve_gives() -> None:
    found = bands(percentiles=(0, 5, 50, 97.5, 100))
    for name in NAMES:
        medicine = formulary().medicines[name]
        model = model_of(medicine)
        assert isinstance(model, OneCompartment)
        levels = population_levels(Population(model, spread_of(medicine), 60, 4), TAKEN[name], TIMES)
        by_size = np.sort(levels, axis=-1)[..., [0, 2, 29, 58, 59]]  # ceil of 60 * 5 %, 50 %, 97.5 %, less one
        for i, species in enumerate(model.all_species):
            assert found.of(name, species) == pytest.approx(by_size[i].T, rel=1e-12)


@given(rows=st.integers(1, 3), people=st.integers(1, 40), seed=st.integers(0, 99), asked=st.lists(st.integers(0, 1000)))
@settings(max_examples=100, deadline=None)
def test_a_percentile_is_the_value_of_somebody_that_so_many_do_not_exceed(
    rows: int, people: int, seed: int, asked: list[int]
) -> None:
    values = np.random.default_rng(seed).integers(0, 30, (rows, people)).astype(float)
    percentiles = [one / 10 for one in asked] or [50.0]
    found = order_statistics(values.copy(), ranks(percentiles, people))
    for i, percent in enumerate(percentiles):
        for row in range(rows):
            enough = [
                one
                for one in sorted(values[row])
                if Fraction(int((values[row] <= one).sum()), people) >= Fraction(str(percent)) / 100
            ]
            assert found[i, row] == enough[0]


def test_one_seed_gives_one_answer_and_another_seed_another() -> None:
    first, again, other = bands(), bands(), bands(seed=5)
    assert (first.of("diazepam") == again.of("diazepam")).all()
    assert (first.of("diazepam")[1] != other.of("diazepam")[1]).any()


def test_how_the_grid_is_cut_into_stretches_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bands().of("diazepam", "nordiazepam")
    monkeypatch.setattr(settling, "BLOCK_VALUES", 1000)
    assert bands().of("diazepam", "nordiazepam") == pytest.approx(whole, rel=1e-12)


def test_the_people_of_one_medicine_do_not_depend_on_the_others() -> None:
    alone = bands(taken={"lorazepam": TAKEN["lorazepam"]})
    assert (alone.of("lorazepam") == bands().of("lorazepam")).all()


def test_the_first_people_of_many_are_those_of_few() -> None:
    few, many = (Population(tree(), Spread.alike(30), people, 1) for people in (20, COHORT + 30))
    assert (few.cohort(0).loss == many.cohort(0).loss[:, :20]).all()
    assert [many.cohort(number).people for number in range(len(many))] == [COHORT, 30]
    assert not np.isin(many.cohort(1).loss[0], many.cohort(0).loss[0]).any()


@pytest.mark.parametrize(("percent", "fifth", "ninety_fifth"), [(31, 0.61, 1.65), (40, 0.53, 1.89)])
def test_the_spread_of_clearance_is_as_worked_in_the_reference(
    percent: float, fifth: float, ninety_fifth: float
) -> None:
    """Published worked figures: 5th and 95th percentile as multiples of the typical value."""
    assert math.exp(-1.6449 * sigma(percent)) == pytest.approx(fifth, abs=0.005)
    assert math.exp(1.6449 * sigma(percent)) == pytest.approx(ninety_fifth, abs=0.006)
    cohorts = list(Population(reference_diazepam(), Spread(percent, 0, 0, 0, 0), 30_000, 2).cohorts())
    cleared = np.concatenate([one.loss[1] for one in cohorts]) / reference_diazepam().elimination_per_h
    assert np.percentile(cleared, [5, 50, 95]) == pytest.approx([fifth, 1, ninety_fifth], rel=0.02)


def test_the_half_life_of_diazepam_varies_as_published() -> None:
    """Clearance 31 % and half-life 37 % are both published; the volume between them follows."""
    known = spread_of(formulary().medicines["diazepam"])
    assert known.clearance == 31
    population = Population(reference_diazepam(), known, 30_000, 2)
    half_lives = math.log(2) / np.concatenate([one.loss[1] for one in population.cohorts()])
    assert half_lives.std() / half_lives.mean() == pytest.approx(0.37, rel=0.03)
    assert known.sources == ("herman1996",)


def test_what_is_assumed_of_the_spread_is_named() -> None:
    by_name = {key: spread_of(formulary().medicines[key]) for key in ("diazepam", "alprazolam", "clonazepam")}
    assert by_name["diazepam"].assumed == ("absorption", "metabolite clearance", "metabolite volume")
    assert (by_name["alprazolam"].clearance, by_name["alprazolam"].assumed) == (40, ("volume", "absorption"))
    assert by_name["clonazepam"].clearance == 40
    assert by_name["clonazepam"].assumed == ("clearance", "volume", "absorption")
    assert bands().spreads["lorazepam"].clearance == 14


def test_people_who_are_all_alike_have_no_band_but_a_line() -> None:
    found = bands(spreads={name: Spread.alike(0) for name in NAMES}).of("diazepam")
    assert found[0] == pytest.approx(found[2], rel=1e-12)


def test_a_medicine_without_a_model_is_left_out_with_its_reason() -> None:
    taken = {**TAKEN, "bromazolam": TAKEN["lorazepam"], "a plant tea": TAKEN["lorazepam"]}
    models = models_of([formulary().medicines[key] for key in (*NAMES, "bromazolam")])
    found = bands(models=models, taken=taken)
    assert [one.name for one in found.left_out] == ["bromazolam", "a plant tea"]
    assert [(one.medicine, one.species) for one in found.bands] == [
        ("diazepam", "diazepam"),
        ("diazepam", "nordiazepam"),
        ("lorazepam", "lorazepam"),
    ]
    with pytest.raises(PharmacokineticsError, match="lorazepam: lorazepam"):
        found.of("bromazolam")


def test_a_medicine_without_a_clearance_has_no_band_in_ng_per_ml() -> None:
    model = OneCompartment("lorazepam", None, 17.0, 2.0)
    assert bands(models={"lorazepam": model}, taken={"lorazepam": TAKEN["lorazepam"]}).left_out[0].name == "lorazepam"


def test_a_medicine_of_ones_own_has_the_default_spread_as_an_assumption() -> None:
    found = bands(models={"tree": tree()}, taken={"tree": TAKEN["lorazepam"]})
    assert (found.spreads["tree"].clearance, "clearance" in found.spreads["tree"].assumed) == (40, True)


def test_a_time_within_a_reported_regimen_is_marked_as_assumed() -> None:
    found = bands(times_h=[-4.0, -2.0, 0.0, 2.0])
    assert found.assumed.tolist() == [True, True, False, False]


def test_the_curve_of_one_stands_inside_the_band_around_it() -> None:
    found = band_of_one(reference_diazepam(), TAKEN["diazepam"], TIMES, people=400)
    low, middle, high = found.bands.of("diazepam")
    assert ((low < found.curve.of("diazepam")) & (found.curve.of("diazepam") < high)).all()
    assert middle == pytest.approx(found.curve.of("diazepam"), rel=0.15)


def test_progress_is_told_until_all_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling, "BLOCK_VALUES", 6000)
    told: list[float] = []
    bands(progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(told) > 3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"people": 0}, "number of people is a whole number from 1"),
        ({"people": 2.5}, "number of people"),
        ({"seed": -1}, "seed is a whole number from 0"),
        ({"percentiles": ()}, "from 0 to 100"),
        ({"percentiles": (5, 101)}, "from 0 to 100"),
        ({"times_h": [3.0, 2.0]}, "sort them"),
        ({"times_h": [math.nan]}, "finite hours"),
        ({"engine": "spark"}, "numpy or dask, not spark"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(PharmacokineticsError, match=message):
        bands(**wrong)


def test_a_negative_spread_is_refused() -> None:
    with pytest.raises(PharmacokineticsError, match="zero or more percent"):
        Spread(-1, 0, 0, 0, 0)


# --- On a cluster ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """Two workers of this machine, each a process of its own."""
    distributed = pytest.importorskip("distributed")
    with distributed.Client(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as client:
        yield client


def test_a_cluster_finds_the_same_numbers_to_the_last_digit(cluster: object) -> None:
    asked = {"people": 2 * COHORT + 100, "times_h": np.arange(0.0, 400.0, 2.0)}
    here, there = bands(**asked), bands(engine="dask", **asked)
    for one, other in zip(here.bands, there.bands, strict=True):
        assert (one.medicine, one.species) == (other.medicine, other.species)
        assert (one.ng_per_ml == other.ng_per_ml).all()


def test_the_cluster_is_asked_for_by_name_when_its_extra_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(PharmacokineticsError, match=r"glidepath\[dask\]"):
        bands(engine="dask")


def test_no_cluster_is_imported_where_none_is_asked_for() -> None:
    code = (
        "import sys; from glidepath.clinical.pharmacokinetics import population; "
        "sys.exit(any(name in sys.modules for name in ('dask', 'distributed', 'scipy', 'django')))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
