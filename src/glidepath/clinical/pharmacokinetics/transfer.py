"""The exact solution of the linear system: what is where, any time after any state.

Every amount is a convolution of exponentials along the path gut, parent, metabolite, further metabolite. The textbook
sum of exponentials divides by differences of rates and loses all digits when two are close; here each convolution is
a divided difference evaluated without cancellation, so equal rates need no special case.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glidepath.clinical.pharmacokinetics.model import OneCompartment

FloatArray = NDArray[np.float64]

GUT = 0  # index of the dose not yet absorbed; species follow from 1
NEAR = 0.1  # spread of rates times time: below it a difference would lose digits, and the series is taken
TINY = 1e-300  # stands for zero where it is divided by
SERIES_TERMS = 10  # what they leave out at NEAR is below 1e-19 of the sum


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
                way = path(self.feeder, start, end)
                if way:
                    gain = float(np.prod([self.inflow[i] for i in way[1:]]))
                    result[:, end, start] = gain * convolved([self.loss[i] for i in way], hours)
        return result


def path(feeder: tuple[int, ...], start: int, end: int) -> list[int]:
    """The compartments from `start` to what it feeds, up to `end`; empty where nothing of `start` reaches `end`."""
    found = [end]
    while found[-1] > start:
        found.append(feeder[found[-1]])
    return found[::-1] if found[-1] == start else []


def convolved(rates: ArrayLike, hours: FloatArray) -> FloatArray:
    """Convolution of exp(-r*t) over all `rates` (per h), at `hours` (zero or more): the area-free shape of a path.

    One rate gives exp(-r*t), two (exp(-a*t) - exp(-b*t))/(b - a), and so on; equal rates give the limit. Relative
    error stays near rounding because a difference is only taken where the rates differ by a good part of one over time.
    rates: shape (rates,) for one person, or (rates, people) where the last axis of `hours` is or broadcasts to people.
    """
    return _convolved(np.sort(np.asarray(rates, dtype=np.float64), axis=0), hours)


def _convolved(rates: FloatArray, hours: FloatArray) -> FloatArray:
    lowest, spread = rates[0], rates[-1] - rates[0]
    if len(rates) == 1:
        return np.asarray(np.exp(-lowest * hours))
    apart = spread * hours
    if len(rates) == 2:
        return np.asarray(np.exp(-lowest * hours) * hours * _mean_decay(apart))
    near = apart <= NEAR
    if near.all():
        return _near(rates, hours)
    with np.errstate(invalid="ignore", divide="ignore"):  # where rates are equal the series is taken
        result = np.asarray((_convolved(rates[:-1], hours) - _convolved(rates[1:], hours)) / spread)
    if near.any():
        result[near] = _near(*_where(near, rates, hours))
    return result


def joined(rates: FloatArray, hours: FloatArray, without_last: FloatArray, without_first: FloatArray) -> FloatArray:
    """The same for two or more rates, where the convolutions without the last and without the first are known.

    So that all stretches of one path are worked out from one another. rates: (rates, people), in any order.
    """
    apart = np.abs(rates[0] - rates[-1]) * hours
    if len(rates) == 2:
        return np.asarray(np.maximum(without_last, without_first) * hours * _mean_decay(apart))
    near = apart <= NEAR
    with np.errstate(invalid="ignore", divide="ignore"):
        result = np.asarray((without_first - without_last) / (rates[0] - rates[-1]))
    if near.any():
        result[near] = convolved(*_where(near, rates, hours))
    return result


def _where(some: NDArray[np.bool_], rates: FloatArray, hours: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rates and hours of some people and times, one after the other."""
    each = np.array([np.broadcast_to(rate, some.shape)[some] for rate in rates])
    return each, np.broadcast_to(hours, some.shape)[some]


def _mean_decay(apart: FloatArray) -> FloatArray:
    """(1 - exp(-x))/x, 1 at zero: expm1 keeps its digits however small x is."""
    below_zero = -np.maximum(apart, TINY)
    return np.asarray(np.expm1(below_zero) / below_zero)


def _near(rates: FloatArray, hours: FloatArray) -> FloatArray:
    """The same where spread * time is at most NEAR: a series of positive terms around the largest rate."""
    order, largest = len(rates) - 1, rates[-1]
    symmetric = [np.ones_like(largest), *(np.zeros_like(largest) for _ in range(SERIES_TERMS))]
    for rate in rates[:-1]:  # complete homogeneous symmetric polynomials of the differences; the largest adds nothing
        for k in range(1, SERIES_TERMS + 1):
            symmetric[k] = symmetric[k] + (largest - rate) * symmetric[k - 1]
    series = np.zeros(np.broadcast_shapes(largest.shape, hours.shape))
    for k in range(SERIES_TERMS, -1, -1):
        series *= hours
        series += symmetric[k] / factorial(order + k)
    return np.asarray(np.exp(-largest * hours) * hours**order * series)
