"""Percentiles of people as exact order statistics: a value that somebody has, never one between two people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError
from glidepath.clinical.pharmacokinetics.transfer import FloatArray


def ranks(percentiles: Sequence[float], people: int) -> tuple[int, ...]:
    """Index, from 0, of each percentile among `people` in order of size: the least value that p % do not exceed.

    The p-th percentile is the ceil(p/100 * people)-th smallest (nearest rank); 0 is the smallest.
    Raises PharmacokineticsError for a percentile outside 0 to 100, and for none.
    """
    if not percentiles or not all(0 <= p <= 100 for p in percentiles):
        raise PharmacokineticsError(f"percentiles are one or more numbers from 0 to 100, not {list(percentiles)}")
    return tuple(max(math.ceil(Fraction(str(p)) * people / 100) - 1, 0) for p in percentiles)


def order_statistics(values: FloatArray, wanted: Sequence[int]) -> FloatArray:
    """The values at the indices `wanted` if the last axis were sorted: shape (wanted, *rest). Reorders `values`."""
    _settle(values, sorted(set(wanted)))
    return np.moveaxis(values[..., list(wanted)], -1, 0)


def _settle(values: NDArray[np.float64], wanted: list[int]) -> None:
    """Puts each wanted one in its place: the middle one first, then those in the smaller and in the larger part."""
    if not wanted:
        return
    middle = len(wanted) // 2
    at = wanted[middle]
    values.partition(at, axis=-1)
    _settle(values[..., :at], wanted[:middle])
    _settle(values[..., at + 1 :], [index - at - 1 for index in wanted[middle + 1 :]])
