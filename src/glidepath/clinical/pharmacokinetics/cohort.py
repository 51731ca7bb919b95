"""Some people who take one medicine, side by side in columns: the exact solution for all of them at once.

The gut is counted in mg and every species in ng/mL, so that what is carried from time to time is what is shown. Each
element of a table is a sum of positive terms, so nothing cancels: equal rates, in one person or in all, need no care.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from glidepath.clinical.pharmacokinetics.model import MASS_TO_CONCENTRATION, OneCompartment
from glidepath.clinical.pharmacokinetics.transfer import GUT, FloatArray, joined, path

NEAR_MEMORY = 30_000  # values worked on at once: more fall out of the processor's near memory
Stretches = dict[tuple[int, ...], FloatArray]  # convolutions along stretches of compartments, at the same hours
Table = tuple[FloatArray, ...]  # per compartment: (what it came from, ...times, people)


@dataclass(frozen=True, eq=False, slots=True)
class Parameters:
    """What differs between people: clearance in L/h, volume in L (species, people), absorption per h (people)."""

    clearance_l_h: FloatArray
    volume_l: FloatArray
    absorption_per_h: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Cohort:
    """Compartments of people in columns: the gut in mg, then each species in ng/mL.

    loss: rate constant out of each, per h, shape (compartments, people). inflow: what it gains per unit of its feeder
    and hour, same shape. feeder: the compartment before it. lag_h and dose_factor are those of the medicine.
    """

    species: tuple[str, ...]
    feeder: tuple[int, ...]
    loss: FloatArray
    inflow: FloatArray
    lag_h: float
    dose_factor: float

    @classmethod
    def of(cls, model: OneCompartment, drawn: Parameters) -> Cohort:
        """The people of `drawn`, each with the structure of `model` (its lag, its fractions formed)."""
        elimination = drawn.clearance_l_h / drawn.volume_l
        into_volume = drawn.absorption_per_h / drawn.volume_l[0] * MASS_TO_CONCENTRATION
        feeder, inflow = [GUT, GUT], [np.zeros_like(into_volume), into_volume]
        for i, metabolite in enumerate(model.metabolites, start=1):
            source = model.precursor(metabolite)
            formed = metabolite.fraction * metabolite.molar_ratio * drawn.clearance_l_h[source]
            feeder.append(1 + source)
            inflow.append(formed / drawn.volume_l[i])
        loss = np.vstack([drawn.absorption_per_h, elimination])
        return cls(model.all_species, tuple(feeder), loss, np.array(inflow), model.lag_h, model.dose_factor)

    @property
    def people(self) -> int:
        return int(self.loss.shape[1])

    @property
    def size(self) -> int:
        """Compartments, the gut among them."""
        return len(self.feeder)

    def before(self, compartment: int) -> list[int]:
        """What reaches `compartment`, from the gut to itself."""
        return path(self.feeder, GUT, compartment)

    def table(self, hours: FloatArray) -> Table:
        """What one unit becomes: element [i][a, ..., p] is found in `i` per unit that was in `before(i)[a]`.

        hours: zero or more; its last axis is one, or the people.
        """
        known: Stretches = {}
        ways = [tuple(self.before(i)) for i in range(self.size)]
        return tuple(np.stack([self._passed(way[start:], hours, known) for start in range(len(way))]) for way in ways)

    def from_gut(self, hours: FloatArray) -> FloatArray:
        """What 1 mg put into the gut has become after `hours` (times, 1 or people): (compartments, times, people)."""
        found = np.empty((self.size, len(hours), self.people))
        at_once = max(1, NEAR_MEMORY // self.people)
        for first in range(0, len(hours), at_once):
            some, known = slice(first, first + at_once), Stretches()
            for i in range(self.size):
                found[i, some] = self._passed(tuple(self.before(i)), hours[some], known)
        return found

    def steady(self, doses: tuple[tuple[float, float], ...], period_h: float) -> FloatArray:
        """State at hour 0 of an endless periodic regimen, before a dose at that hour: (compartments, people).

        doses: (hour within the period, mg into the gut). Solved exactly, compartment by compartment; no run-in.
        """
        whole = self.table(np.array([period_h]))
        gained = sum(mg * self.from_gut(np.array([[period_h - hour]]))[:, 0] for hour, mg in doses)
        state = np.zeros((self.size, self.people))
        for i in range(self.size):
            earlier = self.before(i)[:-1]
            fed = np.einsum("ap,ap->p", whole[i][:-1], state[earlier])
            state[i] = (np.asarray(gained)[i] + fed) / -np.expm1(-self.loss[i] * period_h)
        return state

    def _passed(self, way: tuple[int, ...], hours: FloatArray, known: Stretches) -> FloatArray:
        """What has come to the end of `way` per unit at its start."""
        gain = reduce(np.multiply, (self.inflow[i] for i in way[1:]), np.ones(self.people))
        return np.asarray(gain * self._convolved(way, hours, known))

    def _convolved(self, way: tuple[int, ...], hours: FloatArray, known: Stretches) -> FloatArray:
        if way not in known and len(way) == 1:
            known[way] = np.exp(-self.loss[way[0]] * hours)
        elif way not in known:
            parts = (self._convolved(way[:-1], hours, known), self._convolved(way[1:], hours, known))
            known[way] = joined(self.loss[list(way)], hours, *parts)
        return known[way]


def carried(cohort: Cohort, table: Table, state: FloatArray) -> FloatArray:
    """`state` (compartments, people) carried over the one time of `table`, whose time axis has been taken away."""
    return np.stack([np.einsum("ap,ap->p", table[i], state[cohort.before(i)]) for i in range(cohort.size)])


def as_columns(values: FloatArray) -> NDArray[np.float64]:
    """The same for everyone, (n,) as (n, 1); one column for each person stays as it is."""
    return values[:, None] if values.ndim == 1 else values
