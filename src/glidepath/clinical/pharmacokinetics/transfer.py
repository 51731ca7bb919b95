"""The exact solution of the linear system: what is where, any time after any state.

Every amount is a convolution of exponentials along the path gut, parent, metabolite, further metabolite. The textbook
sum of exponentials divides by differences of rates and loses all digits when two are close; here each convolution is
a divided difference evaluated without cancellation, so equal rates need no special case.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from glidepath.clinical.pharmacokinetics.model import OneCompartment

FloatArray = NDArray[np.float64]

GUT = 0  # index of the dose not yet absorbed; species follow from 1
SERIES_TERMS = 22  # the series is used where its k-th term is below 1/k!: 22 terms leave less than 1e-20


@dataclass(frozen=True, slots=True)
class LinearSystem:
    """Compartments in mg: the gut, then each species, each fed by one compartment before it.

    loss: rate constant out of each, per h. feeder: index of what feeds it (the gut's own is 0).
    inflow: mg gained per mg in the feeder and hour.
    """

    loss: tuple[float, ...]
    feeder: tuple[int, ...]
    inflow: tuple[float, ...]

    @classmethod
    def of(cls, model: OneCompartment) -> LinearSystem:
        """Gut, parent and metabolites of one medicine."""
        loss = [model.absorption_per_h, model.elimination_per_h]
        feeder, inflow = [GUT, GUT], [0.0, model.absorption_per_h]
        for metabolite in model.metabolites:
            source = 1 + model.precursor(metabolite)
            feeder.append(source)
            inflow.append(metabolite.fraction * metabolite.molar_ratio * loss[source])
            loss.append(metabolite.elimination_per_h)
        return cls(tuple(loss), tuple(feeder), tuple(inflow))

    @property
    def size(self) -> int:
        return len(self.loss)

    def transition(self, hours: FloatArray) -> FloatArray:
        """What one mg becomes: element [t, i, j] is the mg in `i` after `hours[t]` per mg that was in `j`.

        hours: 1-D, zero or more. Shape (len(hours), size, size), lower triangular, never negative.
        """
        result = np.zeros((len(hours), self.size, self.size))
        for start in range(self.size):
            for end in range(start, self.size):
                path = self._path(start, end)
                if path:
                    gain = float(np.prod([self.inflow[i] for i in path[1:]]))
                    result[:, end, start] = gain * convolved([self.loss[i] for i in path], hours)
        return result

    def _path(self, start: int, end: int) -> list[int]:
        path = [end]
        while path[-1] > start:
            path.append(self.feeder[path[-1]])
        return path[::-1] if path[-1] == start else []


def convolved(rates: list[float], hours: FloatArray) -> FloatArray:
    """Convolution of exp(-r*t) over all `rates` (per h), at `hours` (zero or more): the area-free shape of a path.

    One rate gives exp(-r*t), two (exp(-a*t) - exp(-b*t))/(b - a), and so on; equal rates give the limit. Relative
    error stays near rounding because a difference is only taken where the rates differ by more than one over time.
    """
    return _convolved(tuple(sorted(rates)), hours)


def _convolved(rates: tuple[float, ...], hours: FloatArray) -> FloatArray:
    if len(rates) == 1:
        return np.exp(-rates[0] * hours)
    spread = rates[-1] - rates[0]
    near = spread * hours <= 1
    result = np.empty_like(hours)
    result[near] = _near(rates, hours[near])
    far = hours[~near]
    if far.size:
        result[~near] = (_convolved(rates[:-1], far) - _convolved(rates[1:], far)) / spread
    return result


def _near(rates: tuple[float, ...], hours: FloatArray) -> FloatArray:
    """The same where spread * time is at most 1: a series of positive terms around the largest rate."""
    order, largest = len(rates) - 1, rates[-1]
    symmetric = [1.0] + [0.0] * SERIES_TERMS  # complete homogeneous symmetric polynomials of the differences
    for rate in rates:
        for k in range(1, SERIES_TERMS + 1):
            symmetric[k] += (largest - rate) * symmetric[k - 1]
    series = np.zeros_like(hours)
    for k in range(SERIES_TERMS, -1, -1):
        series = series * hours + symmetric[k] / factorial(order + k)
    result: FloatArray = np.exp(-largest * hours) * hours**order * series
    return result
