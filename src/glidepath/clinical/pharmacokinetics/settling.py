"""The percentiles of one population, settled stretch by stretch of the grid: no curve is kept beyond its stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from glidepath.clinical.pharmacokinetics.course import Course, Doses, PersonalDoses
from glidepath.clinical.pharmacokinetics.percentiles import order_statistics
from glidepath.clinical.pharmacokinetics.transfer import FloatArray
from glidepath.clinical.pharmacokinetics.variability import Population

BLOCK_VALUES = 2_000_000  # levels held at once, 16 MB: all people at as many times as this allows
BLOCK_TIMES = 168

Progress = Callable[[float], None]  # told the fraction done, 0 to 1
# population, doses, times in order, indices of the order statistics: (indices, species, times) in ng/mL
Settled = Callable[[Population, Doses, FloatArray, Sequence[int], Progress], FloatArray]


def settled_here(
    population: Population, doses: Doses, times_h: FloatArray, wanted: Sequence[int], progress: Progress
) -> FloatArray:
    """The order statistics `wanted` of all people at each time, in this process: (wanted, species, times), ng/mL."""
    courses = [begun(population, number, doses, times_h) for number in range(len(population))]
    stretches = list(blocks(population, len(times_h)))
    longest = max((end - first for first, end in stretches), default=0)
    levels = np.empty((len(population.model.all_species), longest, population.people))
    found = np.empty((len(wanted), len(levels), len(times_h)))
    for first, end in stretches:
        stretch = levels[:, : end - first]
        for number, course in enumerate(courses):
            course.fill(stretch[:, :, population.columns(number)])
        found[:, :, first:end] = order_statistics(stretch, wanted)
        progress(end / len(times_h))
    return found


def blocks(population: Population, times: int) -> Iterator[tuple[int, int]]:
    """The grid in stretches, (first, end), of which the levels of all people are held at once."""
    size = BLOCK_VALUES // (population.people * len(population.model.all_species))
    size = min(max(size, 1), BLOCK_TIMES)
    return ((first, min(first + size, times)) for first in range(0, times, size))


def begun(population: Population, number: int, doses: Doses, times_h: FloatArray) -> Course:
    """One cohort before the first time of the grid."""
    return Course(population.cohort(number), doses_of(doses, population.columns(number)), times_h)


def doses_of(doses: Doses, people: slice) -> Doses:
    """The doses of some people: the same ones, or their columns."""
    return doses.of(people) if isinstance(doses, PersonalDoses) else doses
