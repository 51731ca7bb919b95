"""How a division of the day moves the troughs: the level just before each dose, where withdrawal between doses shows.

Arithmetic on one half-life, to choose between divisions that are otherwise equally near; no level is predicted by it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp, log

HOURS_A_DAY = 24
DIGITS = 12  # what differs less is rounding, and the same on every machine


def lowest_trough(
    times: Sequence[dt.time], shares: Sequence[int], half_life_h: float | None
) -> Callable[[Sequence[int]], float]:
    """A function of a division: its lowest trough, as a share of that trough with the day divided as `shares`.

    times: in order. half_life_h: None where none is known; then every division counts the same.
    """
    if half_life_h is None or len(times) < 2:
        return lambda parts: 0.0
    left = _left_of_each(tuple(times), half_life_h)
    usual = [_sum(row, shares) for row in left]
    scale = sum(shares)

    def lowest(parts: Sequence[int]) -> float:
        total = sum(parts)
        found = (_sum(row, parts) * scale / (was * total) for row, was in zip(left, usual, strict=True))
        return round(min(found), DIGITS)

    return lowest


@lru_cache(maxsize=256)  # the same for every step of a plan
def _left_of_each(times: tuple[dt.time, ...], half_life_h: float) -> tuple[tuple[float, ...], ...]:
    """A row for each time: what is left then of a dose at each of the times."""
    return tuple(tuple(_left(earlier, time, half_life_h) for earlier in times) for time in times)


def _left(given: dt.time, at: dt.time, half_life_h: float) -> float:
    """What is left of a dose, given every day at a time, just before another time; the same time is a day later."""
    hours = (_hours(at) - _hours(given)) % HOURS_A_DAY or HOURS_A_DAY
    return exp(-log(2) * hours / half_life_h)


def _hours(time: dt.time) -> float:
    return time.hour + time.minute / 60


def _sum(row: Sequence[float], parts: Sequence[int]) -> float:
    return sum(left * part for left, part in zip(row, parts, strict=True))
