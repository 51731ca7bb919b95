"""The models of the facts beside published results: averages near, peaks informative, misfits shown."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glidepath.clinical.facts.load import facts, formulary
from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.fitting import with_clearance
from glidepath.clinical.pharmacokinetics.from_facts import model_of
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import OneCompartment
from glidepath.clinical.pharmacokinetics.steady import accumulation_ratio, average_at_steady_state, time_to_fraction
from glidepath.clinical.pharmacokinetics.two_compartments import Route, TwoCompartments, levels_by, two_compartments_of

PUBLISHED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("published.toml").read_text("utf-8"))
AVERAGES = [one for one in PUBLISHED["result"] if not one["what"].startswith("peak") and "misfit" not in one]
MISFITS = [one for one in PUBLISHED["result"] if "misfit" in one]


def named(result: dict[str, Any]) -> str:
    return f"{result['medicine']}-{result['what']}-{result['source']}"


def from_facts(medicine: str) -> OneCompartment:
    model = model_of(formulary().medicines[medicine], unsure_too=True)
    assert isinstance(model, OneCompartment)
    return model


def calculated(result: dict[str, Any]) -> float:
    model = from_facts(result["medicine"])
    if result["what"] == "average":
        return average_at_steady_state(model, result["daily_mg"])[model.species_name]
    if result["what"] == "accumulation":
        return accumulation_ratio(model, result["interval_h"])
    if result["what"].startswith("days to 95 %"):
        return time_to_fraction(model, 0.05, (0.0, 1.0)) / 24
    if result["what"].startswith("rise"):
        return risen(model, *result["clearance_from_to"])
    if result["what"] == "peak of two compartments":
        return peak_of_two(result)
    hours = np.linspace(0, 40 * model.half_life_h, 40_001)
    curve = concentration(DoseHistory.of([(0, result["dose_mg"])]), hours, model).of(model.species_name)
    return float(curve.max() if result["what"] == "peak" else np.trapezoid(curve, hours))


def risen(model: OneCompartment, before: float, after: float) -> float:
    """How much higher the average lies when the clearance goes from `before` to `after`, the volume kept."""
    slowed = with_clearance(model, after / before)
    averages = [average_at_steady_state(one, 10)[model.species_name] for one in (slowed, model)]
    return averages[0] / averages[1]


def peak_of_two(result: dict[str, Any]) -> float:
    model = two_compartments_of(formulary().medicines[result["medicine"]])
    assert isinstance(model, TwoCompartments)
    taken = DoseHistory.of([(0, result["dose_mg"])])
    return float(levels_by(Route.MOUTH, taken, np.arange(0, 24, 0.01), model).of(result["medicine"]).max())


@pytest.mark.parametrize("result", PUBLISHED["result"], ids=named)
def test_the_model_gives_what_its_parameters_say_by_hand(result: dict[str, Any]) -> None:
    assert calculated(result) == pytest.approx(result["model"], rel=0.005)


@pytest.mark.parametrize("result", AVERAGES, ids=named)
def test_an_average_lies_within_the_accepted_distance_of_the_published_one(result: dict[str, Any]) -> None:
    room = PUBLISHED["accepted_percent"] / 100
    low, high = result["observed"]
    assert low * (1 - room) <= calculated(result) <= high * (1 + room)


@pytest.mark.parametrize("result", MISFITS, ids=named)
def test_a_known_misfit_stays_visible_and_is_not_tuned_away(result: dict[str, Any]) -> None:
    low, high, room = *result["observed"], PUBLISHED["accepted_percent"] / 100
    assert not low * (1 - room) <= calculated(result) <= high * (1 + room)


def test_every_cited_source_is_in_the_facts_or_has_a_locator() -> None:
    keys = {one["source"] for one in PUBLISHED["result"]}
    assert not [key for key in keys if key not in facts().sources and not key.startswith("PMID")]


def test_volume_and_rates_agree_with_the_figures_printed_in_the_facts() -> None:
    for medicine in formulary().medicines.values():
        if medicine.pk is not None and medicine.pk.volume_l is not None:
            assert from_facts(medicine.key).volume_l == pytest.approx(float(medicine.pk.volume_l), rel=1e-3)
