"""How long the stock lasts: expected use, day by day, out of batches that expire. Whole base units; no rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.monitoring.centre_times import drifts_apart

DRIFT_LEAST = 8  # ours: quarters of a piece, two whole ones; beside the centre's percentage
DRIFT_LEAST_MICROLITRES = 5000


@dataclass(frozen=True, slots=True)
class Lot:
    """So many base units that may be given up to and with this day."""

    quantity: int
    expires_on: dt.date


def days_of_cover(lots: Sequence[Lot], use: Sequence[int], first: dt.date) -> int | None:
    """For how many whole days from `first` on the lots cover the use, the earliest expiry used first.

    use: base units for each day. None: they last beyond the days that were looked at.
    """
    short = _short_by_day(lots, use, first)
    return next((offset for offset, missing in enumerate(short) if missing), None)


def to_order(lots: Sequence[Lot], use: Sequence[int], first: dt.date, container: int) -> int:
    """Base units to order so that the use of these days is covered: whole containers; nought where it is covered.

    What expires before it would be used does not count.
    """
    missing = sum(_short_by_day(lots, use, first))
    return -(-missing // container) * container if missing else 0


def drifts(issued: int, expected: int, settings: ClinicalSettings, *, is_liquid: bool) -> bool:
    """Whether what was issued and what was due differ by more than the limits above and the centre's percentage."""
    least = DRIFT_LEAST_MICROLITRES if is_liquid else DRIFT_LEAST
    return abs(issued - expected) > least and drifts_apart(issued, expected, settings)


def short_of(lots: Sequence[Lot], needs: Sequence[tuple[dt.date, int]]) -> list[int]:
    """Base units of each need, in the order in which they come, that no lot covers on its day; the earliest expiry is
    used first."""
    quantities = [lot.quantity for lot in lots]
    order = sorted(range(len(lots)), key=lambda index: lots[index].expires_on)
    short = []
    for day, wanted in needs:
        rest = wanted
        for index in order:
            if lots[index].expires_on >= day:
                taken = min(quantities[index], rest)
                quantities[index] -= taken
                rest -= taken
        short.append(rest)
    return short


def _short_by_day(lots: Sequence[Lot], use: Sequence[int], first: dt.date) -> list[int]:
    """Base units of each day's use that no lot covers on that day."""
    return short_of(lots, [(first + dt.timedelta(days=offset), wanted) for offset, wanted in enumerate(use)])
