"""Curves of plasma levels, as numbers: of one person, or the percentiles of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import numpy as np

from glidepath.clinical.pharmacokinetics.concentration import concentration
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import OneCompartment
from glidepath.clinical.pharmacokinetics.population import Engine, population_bands
from glidepath.clinical.pharmacokinetics.transfer import FloatArray
from glidepath.clinical.pharmacokinetics.two_compartments import Route, TwoCompartments, levels_by

UNIT = "ng/mL"
VALUE = ("value",)
PERCENTILES = ("p5", "p50", "p95")
MOST_PEOPLE = 1_000_000

Models = Mapping[str, OneCompartment]
Histories = Mapping[str, DoseHistory]


@dataclass(frozen=True, eq=False, slots=True)
class Curve:
    """One species after doses of one medicine: ng/mL at the times of its curves, by column."""

    medicine: str
    species: str
    values: Mapping[str, FloatArray]


@dataclass(frozen=True, eq=False, slots=True)
class Curves:
    """times_h: hours from the midnight that begins the first day. columns: "value", or the percentiles.

    people, seed: of a population; None of one person. notes: what is not in the curves, or only assumed.
    """

    times_h: FloatArray
    columns: tuple[str, ...]
    curves: tuple[Curve, ...]
    people: int | None = None
    seed: int | None = None
    notes: tuple[str, ...] = ()


def hours_of(days: int, every: Fraction) -> FloatArray:
    """The hours from 0 to the end of the last day, both included."""
    count = int(days * 24 / every) + 1
    return np.arange(count, dtype=np.float64) * np.float64(float(every))


def of_one(
    models: Models, histories: Histories, times_h: FloatArray, second: Mapping[str, TwoCompartments] | None = None
) -> Curves:
    """The curves of the parameters as they stand; of the medicines in `second` by two compartments. Raises
    PharmacokineticsError."""
    found, notes = [], []
    for name, model in models.items():
        two = (second or {}).get(name)
        if two is not None:
            levels = levels_by(Route.MOUTH, histories[name], times_h, two)
            found += [Curve(name, one, {"value": levels.of(one)}) for one in levels.species]
            notes += [f"{name}, two compartments: {one}" for one in two.assumed]
            continue
        levels = concentration(histories[name], times_h, model)
        found += [Curve(name, one, {"value": levels.of(one)}) for one in levels.species]
        notes += [f"{one.name} is not in the curves: {one.reason}" for one in levels.not_in_model]
    return Curves(times_h, VALUE, tuple(found), notes=tuple(notes))


def of_many(models: Models, histories: Histories, times_h: FloatArray, people: int, seed: int, engine: str) -> Curves:
    """The percentiles of so many people; the same seed gives the same people. Raises PharmacokineticsError."""
    bands = population_bands(models, histories, people=people, seed=seed, times_h=times_h, engine=cast(Engine, engine))
    found = tuple(
        Curve(one.medicine, one.species, dict(zip(PERCENTILES, one.ng_per_ml, strict=True))) for one in bands.bands
    )
    assumed = [
        f"{name}: no figure was found for how far people differ in {', '.join(spread.assumed)}; it is assumed."
        for name, spread in bands.spreads.items()
        if spread.assumed
    ]
    left_out = [
        f"{one.name} is not in the curves: {one.reason}" for model in models.values() for one in model.not_in_model
    ]
    return Curves(times_h, PERCENTILES, found, people, seed, (*left_out, *assumed))
