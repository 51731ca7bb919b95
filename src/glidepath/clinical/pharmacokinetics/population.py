"""Bands of a population: how far the levels of many people lie apart under the same doses, hour by hour.

The people are drawn from a seed in cohorts of fixed size, and each time of the grid is settled as soon as all have
reached it, so that no curve is kept. One process or a cluster does the same arithmetic and finds the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glidepath.clinical.facts.load import formulary, kinetics
from glidepath.clinical.pharmacokinetics.concentration import Concentrations, assumed_part, concentration
from glidepath.clinical.pharmacokinetics.course import Course, Doses, ascending
from glidepath.clinical.pharmacokinetics.history import DoseHistory
from glidepath.clinical.pharmacokinetics.model import LeftOut, NotModelled, OneCompartment, PharmacokineticsError
from glidepath.clinical.pharmacokinetics.percentiles import ranks
from glidepath.clinical.pharmacokinetics.settling import Progress, Settled, doses_of, settled_here
from glidepath.clinical.pharmacokinetics.transfer import FloatArray
from glidepath.clinical.pharmacokinetics.variability import Population, Spread, spread_of

FILL_TIMES = 168  # times filled in one go: with more doses at once they fall out of the processor's near memory

Engine = Literal["numpy", "dask"]


@dataclass(frozen=True, eq=False, slots=True)
class SpeciesBand:
    """`ng_per_ml[i, t]`: percentile i at time t of one species after doses of one medicine."""

    medicine: str
    species: str
    ng_per_ml: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """Percentiles of the levels of a population, by medicine and species, in the order of the histories.

    percentiles: as asked. assumed: True at times within a reported, not recorded, regimen. spreads: by medicine, the
    variation between people it rests on, with what of it is an assumption. left_out: medicines without a band, and why.
    """

    times_h: FloatArray
    percentiles: tuple[float, ...]
    people: int
    seed: int
    bands: tuple[SpeciesBand, ...]
    assumed: NDArray[np.bool_]
    spreads: Mapping[str, Spread]
    left_out: tuple[LeftOut, ...] = ()

    def of(self, medicine: str, species: str | None = None) -> FloatArray:
        """ng/mL, shape (percentiles, times), of a species; of what is dosed where none is named.

        Raises PharmacokineticsError naming those there are.
        """
        for one in self.bands:
            if one.medicine == medicine and species in (None, one.species):
                return one.ng_per_ml
        known = ", ".join(f"{one.medicine}: {one.species}" for one in self.bands) or "none"
        raise PharmacokineticsError(f"{species or medicine} is not among the bands; there are {known}")


@dataclass(frozen=True, eq=False, slots=True)
class PersonBand:
    """The curve of the typical parameters, or of a person's own, with the band of people like them around it."""

    curve: Concentrations
    bands: Bands


def population_bands(
    models: Mapping[str, OneCompartment | NotModelled],
    histories: Mapping[str, DoseHistory],
    *,
    people: int,
    seed: int,
    times_h: ArrayLike,
    engine: Engine = "numpy",
    percentiles: Sequence[float] = (5, 50, 95),
    spreads: Mapping[str, Spread] | None = None,
    progress: Progress | None = None,
) -> Bands:
    """Percentiles of the levels of `people` virtual people under the same doses, per medicine and species, in ng/mL.

    models: by medicine, the typical parameters or why there are none. histories: by medicine, hours and mg. seed: a
    whole number; the same one gives the same people and the same numbers on either engine and any cluster. times_h:
    hours in ascending order, 1-D; quickest on an even grid. engine: "numpy" in this process, or "dask" on the cluster
    of the present client, or else on one of this machine's own (needs the extra `dask`). percentiles: 0 to 100, each
    the exact order statistic (nearest rank). spreads: by medicine, the variation between people; what is not given
    comes from the facts. progress: told the fraction done.
    Medicines are drawn independently. A medicine without a model is left out and named with the reason.
    Raises PharmacokineticsError for people, seed, times or percentiles that cannot be, MissingExtra for "dask" without
    its extra. Source: log-normal spread as the facts hold it; where they hold none it is an assumption, and says so.
    """
    times = ascending(times_h)
    wanted = ranks(percentiles, people)
    drawn, left_out = _drawable(models, histories)
    populations = {
        name: Population(model, (spreads or {}).get(name) or spread_by_name(name), people, seed)
        for name, model in drawn.items()
    }
    found = []
    with _settling(engine) as settled:
        for number, (name, population) in enumerate(populations.items()):
            done = _share(progress, number, len(populations))
            rows = settled(population, histories[name], times, wanted, done)
            found += [SpeciesBand(name, one, rows[:, i]) for i, one in enumerate(population.model.all_species)]
    assumed = [assumed_part(history, times) for history in histories.values()]
    return Bands(
        times_h=times,
        percentiles=tuple(percentiles),
        people=people,
        seed=seed,
        bands=tuple(found),
        assumed=np.logical_or.reduce(assumed, axis=0) if assumed else np.zeros(len(times), dtype=bool),
        spreads={name: population.spread for name, population in populations.items()},
        left_out=left_out,
    )


def population_levels(population: Population, doses: Doses, times_h: ArrayLike) -> FloatArray:
    """Every level of every person in ng/mL, shape (species, times, people), in memory at once.

    doses: the same for all, or PersonalDoses with one column a person. Arguments and errors as `population_bands`.
    """
    times = ascending(times_h)
    levels = np.empty((len(population.model.all_species), len(times), population.people))
    for number in range(len(population)):
        columns = population.columns(number)
        course = Course(population.cohort(number), doses_of(doses, columns), times)
        for first in range(0, len(times), FILL_TIMES):
            course.fill(levels[:, first : first + FILL_TIMES, columns])
    return levels


def band_of_one(
    model: OneCompartment,
    history: DoseHistory,
    times_h: ArrayLike,
    *,
    people: int = 1000,
    seed: int = 0,
    percentiles: Sequence[float] = (5, 50, 95),
    spread: Spread | None = None,
) -> PersonBand:
    """One curve with the band of people around it, quick enough for a page: 24 weeks every 6 h under 50 ms.

    Arguments and errors as `population_bands`; raises NotModelled where no clearance is published.
    """
    name = model.medicine
    curve = concentration(history, times_h, model)
    bands = population_bands(
        {name: model},
        {name: history},
        people=people,
        seed=seed,
        times_h=times_h,
        percentiles=percentiles,
        spreads={} if spread is None else {name: spread},
    )
    return PersonBand(curve, bands)


def spread_by_name(name: str) -> Spread:
    """What the facts know of the medicine of that name; of one they do not have, their default as an assumption."""
    known = next((one for one in formulary().medicines.values() if one.name == name), None)
    return Spread.alike(float(kinetics().default_cv_percent)) if known is None else spread_of(known)


def _drawable(
    models: Mapping[str, OneCompartment | NotModelled], histories: Mapping[str, DoseHistory]
) -> tuple[dict[str, OneCompartment], tuple[LeftOut, ...]]:
    drawn, left_out = {}, []
    for name in histories:
        model = models.get(name) or NotModelled(name, "it is not in the facts.", "Judge by what you see.")
        if isinstance(model, OneCompartment) and model.clearance_l_h is None:
            model = NotModelled(name, "no clearance is published.", "Draw no level of it, only relative curves.")
        if isinstance(model, NotModelled):
            left_out.append(LeftOut(name, model.reason, model.do))
        else:
            drawn[name] = model
    return drawn, tuple(left_out)


def _settling(engine: Engine) -> AbstractContextManager[Settled]:
    """What computes the bands of one medicine, for as long as it is open."""
    if engine == "numpy":
        return nullcontext(settled_here)
    if engine == "dask":
        from glidepath.clinical.pharmacokinetics.cluster import settling_on_cluster  # an extra: only when asked for

        return settling_on_cluster()
    raise PharmacokineticsError(f"the engine is numpy or dask, not {engine}")


def _share(progress: Progress | None, number: int, of: int) -> Progress:
    return lambda done: progress((number + done) / of) if progress is not None else None
