"""When a person took how much: doses on a time axis of hours, and what is assumed about the time before.

Hours count from any zero the caller chooses, in days of 24 h (the centre's calendar is another matter); zero is the
same for all medicines of one picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError
from glidepath.clinical.pharmacokinetics.transfer import FloatArray

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class AssumedSteady:
    """A reported daily regimen taken as steady, without end, until `until_h`. Drawn as assumed, never as given.

    doses: (hour of the day from 0 up to 24, mg) in order; hours count on the history's own axis modulo 24.
    """

    doses: tuple[tuple[float, float], ...]
    until_h: float

    @property
    def daily_mg(self) -> float:
        return sum(mg for _, mg in self.doses)


@dataclass(frozen=True, eq=False, slots=True)
class DoseHistory:
    """Doses of one medicine: `times_h` sorted, `mg` beside it (same length), and what is assumed before them."""

    times_h: FloatArray
    mg: FloatArray
    assumed: AssumedSteady | None = None

    @classmethod
    def of(cls, doses: Iterable[tuple[float, float | Decimal]], assumed: AssumedSteady | None = None) -> DoseHistory:
        """A history from (hour, mg) pairs in any order; two doses at one time add up.

        Raises PharmacokineticsError for a time or dose that is not a finite number, a negative dose, or a dose before
        the assumed regimen ends (it would count twice).
        """
        pairs = sorted((float(hour), float(mg)) for hour, mg in doses)
        table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
        return cls(table[:, 0], table[:, 1], assumed)

    def __post_init__(self) -> None:
        if self.times_h.ndim != 1 or self.times_h.shape != self.mg.shape:
            raise PharmacokineticsError("a history has one dose for each time: give times and mg of the same length")
        if not (np.isfinite(self.times_h).all() and np.isfinite(self.mg).all()):
            raise PharmacokineticsError("a dose time or an amount is not a number: record it, or leave the dose out")
        if (self.mg < 0).any():
            raise PharmacokineticsError(f"a dose is zero or more mg, not {self.mg.min():g}: check the history")
        if (np.diff(self.times_h) < 0).any():
            raise PharmacokineticsError("dose times are not in order: sort them, or use DoseHistory.of")
        if self.assumed is not None and self.times_h.size and self.times_h[0] < self.assumed.until_h:
            raise PharmacokineticsError(
                f"a dose at {self.times_h[0]:g} h lies before the assumed regimen ends ({self.assumed.until_h:g} h) "
                "and would count twice: end the assumption at the first dose that is known"
            )

    @property
    def only_assumed(self) -> DoseHistory:
        """The same person had nothing been taken since the assumed regimen ended."""
        return replace(self, times_h=self.times_h[:0], mg=self.mg[:0])


def assumed_steady(daily: Mapping[float, float | Decimal], until_h: float) -> AssumedSteady:
    """The reported regimen as an exact periodic steady state, up to but not including `until_h`.

    daily: hour of the day (0 up to 24) -> mg at that hour, every day. until_h: on the same axis; a reported dose at
    exactly that hour is not part of the assumption. Raises PharmacokineticsError for an hour outside the day, a
    negative or non-finite dose, or an empty regimen (no dose is not a regimen: leave the assumption out).
    """
    doses = tuple(sorted((float(hour), float(mg)) for hour, mg in daily.items()))
    if not doses:
        raise PharmacokineticsError("no reported dose: leave the assumption out, an unknown dose is not zero")
    for hour, mg in doses:
        if not 0 <= hour < HOURS_PER_DAY:
            raise PharmacokineticsError(f"{hour:g} is not an hour of the day: give 0 or more and less than 24")
        if not 0 <= mg < np.inf:
            raise PharmacokineticsError(f"a reported dose is zero or more mg, not {mg:g}")
    if not np.isfinite(until_h):
        raise PharmacokineticsError(f"the assumption ends at a known hour, not at {until_h:g}")
    return AssumedSteady(doses, float(until_h))


def laid_out(assumed: AssumedSteady, start_h: float) -> tuple[FloatArray, FloatArray]:
    """The assumed doses as hours and mg from the midnight `start_h` up to, not including, the end of the assumption."""
    midnights = np.arange(start_h, assumed.until_h, HOURS_PER_DAY)
    hours = (midnights[:, None] + np.array([hour for hour, _ in assumed.doses])).ravel()
    mg = np.tile([amount for _, amount in assumed.doses], len(midnights))
    taken = hours < assumed.until_h
    return hours[taken], mg[taken]
