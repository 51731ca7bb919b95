"""A cohort on its way through its doses, over a grid of times: each time exactly from the last dose before it.

Doses are taken up at the first time of the grid at or after they reach the gut, with what they have become by then.
From there to the next such time one table serves all people and rows, and is kept while the grid is even.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from glidepath.clinical.pharmacokinetics.cohort import NEAR_MEMORY, Cohort, Table, as_columns, carried
from glidepath.clinical.pharmacokinetics.concentration import as_times
from glidepath.clinical.pharmacokinetics.history import HOURS_PER_DAY, AssumedSteady, DoseHistory, laid_out
from glidepath.clinical.pharmacokinetics.model import PharmacokineticsError
from glidepath.clinical.pharmacokinetics.transfer import GUT, FloatArray

AGE_DECIMALS = 11  # doses given at whole minutes share few ages in hours, but for the rounding of their times
FRESH_H = 0.01  # a younger dose keeps its age: what has been taken up of it is in proportion to that
ROUNDING = 4 * float(np.finfo(np.float64).eps)  # two steps of one grid differ by no more than their times' rounding


@dataclass(frozen=True, eq=False, slots=True)
class PersonalDoses:
    """Doses that differ from person to person: hours and mg, both (doses, people); a dose missed is 0 mg.

    It is quickest where the n-th dose of all people lies within a few hours, as when one plan is followed loosely.
    """

    times_h: FloatArray
    mg: FloatArray

    def __post_init__(self) -> None:
        if self.times_h.ndim != 2 or self.times_h.shape != self.mg.shape:
            raise PharmacokineticsError("personal doses are two tables of one shape: a row a dose, a column a person")
        if not np.isfinite(self.times_h).all() or not np.isfinite(self.mg).all() or (self.mg < 0).any():
            raise PharmacokineticsError("each dose has a known time and zero or more mg: write 0 for a dose missed")

    def of(self, people: slice) -> PersonalDoses:
        """Those of some columns."""
        return PersonalDoses(self.times_h[:, people], self.mg[:, people])


Doses = DoseHistory | PersonalDoses
TakenUp = tuple[FloatArray, FloatArray | None]  # added to the state (compartments, people); 1 for whose it is, else 0


@dataclass(frozen=True, eq=False, slots=True)
class Arrived:
    """Doses by the time of the grid that takes them up: `at` index and `since` hours before it, (doses, 1 or people).

    earliest, latest: of each row. One after the grid's end has the grid's length as index.
    """

    at: NDArray[np.intp]
    since: FloatArray
    mg: FloatArray
    earliest: NDArray[np.intp]
    latest: NDArray[np.intp]

    def within(self, first: int, last: int) -> Arrived:
        """Those of which some person's is taken up from `first` to `last`."""
        some = np.flatnonzero((self.earliest <= last) & (self.latest >= first))
        return Arrived(self.at[some], self.since[some], self.mg[some], self.earliest[some], self.latest[some])


def arrivals(times_h: FloatArray, doses_h: FloatArray, mg: FloatArray, lag_h: float) -> Arrived:
    """When doses taken at `doses_h` (doses, 1 or people) are taken up on the ascending grid `times_h`.

    A time is subtracted before the lag is, so that a dose on an even grid is always equally old at the next time.
    """
    ends = np.append(times_h, np.inf)
    at = _just_before_or_at(times_h, doses_h + lag_h)
    since = (ends[at] - doses_h) - lag_h
    early = since < 0
    if early.any():
        at = at + early
        since = (ends[at] - doses_h) - lag_h
    since[np.isinf(since)] = 0.0
    return Arrived(at, since, mg, at.min(axis=1), at.max(axis=1))


def _shared_ages(since: FloatArray) -> FloatArray:
    """Ages that differ by rounding alone made one, and none moved by more than 1e-9 of itself."""
    return np.where(since < FRESH_H, since, np.round(since, AGE_DECIMALS))


def _just_before_or_at(times_h: FloatArray, hours: FloatArray) -> NDArray[np.intp]:
    """Index of the first time at or after `hours`, or one less where rounding leaves it open; never one more."""
    if not is_even(times_h):
        found = np.searchsorted(times_h, hours)
        close = times_h[np.maximum(found - 1, 0)] + ROUNDING * np.abs(times_h).max(initial=0.0) >= hours
        return np.asarray(np.maximum(found - close, 0))
    guess = np.ceil((hours - times_h[0]) / (times_h[1] - times_h[0]) - 1e-9)
    return np.asarray(np.clip(guess, 0, len(times_h)).astype(np.intp))


def is_even(times_h: FloatArray) -> bool:
    """Whether all steps of the grid are one, but for the rounding of its times."""
    steps = np.diff(times_h)
    return bool(steps.size) and bool(np.ptp(steps) <= ROUNDING * np.abs(times_h).max())


@dataclass(slots=True)
class Tables:
    """The cohort's tables along one grid; the last are kept, for on an even grid they serve all of it."""

    cohort: Cohort
    times_h: FloatArray
    even: bool = False
    kept: Table = ()
    ages: FloatArray = field(default_factory=lambda: np.empty(0))
    per_mg: FloatArray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        self.even = is_even(self.times_h)

    @property
    def rows(self) -> int:
        """Times in one table at most."""
        return max(1, NEAR_MEMORY // self.cohort.people)

    def over(self, here: int, until: int) -> Table:
        """Element [i][a, t, p] from the time before `here` to each from `here` to `until`."""
        if not self.even:
            return self.cohort.table((self.times_h[here : until + 1] - self.times_h[here - 1])[:, None])
        if not self.kept:
            self.kept = self.cohort.table((self.times_h[1 : self.rows + 1] - self.times_h[0])[:, None])
        return tuple(part[:, : until + 1 - here] for part in self.kept)

    def from_gut(self, ages: FloatArray) -> FloatArray:
        """What 1 mg into the gut has become at each of `ages`, in hours: (compartments, ages, people)."""
        if not np.array_equal(ages, self.ages):
            self.ages, self.per_mg = ages, self.cohort.from_gut(ages[:, None])
        return self.per_mg


class Course:
    """One cohort, its doses and a grid of ascending times. `fill` goes on from where the last call ended."""

    def __init__(self, cohort: Cohort, doses: Doses, times_h: FloatArray) -> None:
        self.cohort, self.times_h = cohort, ascending(times_h)
        self._tables = Tables(cohort, self.times_h)
        self._sources = [_as_slice(cohort.before(i)) for i in range(cohort.size)]
        self._next = 0
        self._mine = np.empty((cohort.size, cohort.people))
        self._state, taken_h, mg = self._begun(doses)
        self._doses = arrivals(self.times_h, as_columns(taken_h), as_columns(mg) * cohort.dose_factor, cohort.lag_h)

    def fill(self, levels: FloatArray) -> None:
        """The next levels in ng/mL into `levels`, shape (species, times, people)."""
        first, last = self._next, self._next + levels.shape[1] - 1
        if last >= len(self.times_h):
            raise PharmacokineticsError(f"the grid has {len(self.times_h)} times: {last + 1} were asked for")
        taken_up = self._taken_up(first, last)
        for here, until in self._legs(first, last, taken_up):
            rows = levels[:, here - first : until + 1 - first]
            if here == 0:
                rows[:, 0] = self._state[GUT + 1 :]
            else:
                self._carry(here, until, rows)
            self._take_up(taken_up.get(until, ()), rows[:, -1])
        self._next = last + 1

    def copy(self) -> Course:
        """The same course at the same point, to go on by itself."""
        twin = copy(self)
        twin._state, twin._mine = self._state.copy(), self._mine.copy()
        return twin

    def _legs(self, first: int, last: int, stops: Collection[int]) -> Iterator[tuple[int, int]]:
        """From `first` to `last` in legs of a table's rows, each dose at the end of one; the first time by itself."""
        here = first
        for stop in sorted({*stops, *([0] if first == 0 else []), last}):
            while here <= stop:
                until = min(stop, here + self._tables.rows - 1)
                yield here, until
                here = until + 1

    def _begun(self, doses: Doses) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The state at the first time from what is assumed, with the doses from there on: (state, hours, mg)."""
        nothing = np.zeros((self.cohort.size, self.cohort.people))
        assumed = None if isinstance(doses, PersonalDoses) else doses.assumed
        if assumed is None or not self.times_h.size:
            return nothing, doses.times_h, doses.mg
        start_h, state = _steady_until(self.cohort, assumed, float(self.times_h[0]) - self.cohort.lag_h)
        gone = np.array([float(self.times_h[0]) - self.cohort.lag_h - start_h])
        state = carried(self.cohort, tuple(part[:, 0] for part in self.cohort.table(gone[:, None])), state)
        past_h, past_mg = laid_out(assumed, start_h)
        return state, np.concatenate([past_h, doses.times_h]), np.concatenate([past_mg, doses.mg])

    def _carry(self, here: int, until: int, levels: FloatArray) -> None:
        """Levels from `here` to `until` from the state at the time before, and what the gut still holds then."""
        table = self._tables.over(here, until)
        for i in range(1, self.cohort.size):
            np.einsum("atp,ap->tp", table[i], self._state[self._sources[i]], out=levels[i - 1])
        self._state[GUT] *= table[GUT][0, -1]

    def _taken_up(self, first: int, last: int) -> dict[int, list[TakenUp]]:
        """By index: what the doses add to the state there, with whose they are (None: everyone's)."""
        doses = self._doses.within(first, last)
        found: dict[int, list[TakenUp]] = {}
        ends = zip(doses.earliest.tolist(), doses.latest.tolist(), strict=True)
        for at, (earliest, latest), added in zip(doses.at, ends, self._gained(doses), strict=True):
            for index in range(max(earliest, first), min(latest, last) + 1):
                whose = None if earliest == latest else (at == index).astype(np.float64)
                found.setdefault(index, []).append((added, whose))
        return found

    def _gained(self, doses: Arrived) -> list[FloatArray]:
        """What each dose has become when it is taken up: (compartments, people) each."""
        if doses.since.shape[1] == 1:  # one for all: the few different ages are worked out once
            ages, which = np.unique(_shared_ages(doses.since[:, 0]), return_inverse=True)
            per_mg = self._tables.from_gut(ages)
            return [per_mg[:, age] * mg for age, mg in zip(which, doses.mg[:, 0], strict=True)]
        gained = self.cohort.from_gut(doses.since) * doses.mg
        return [gained[:, row] for row in range(len(doses.since))]

    def _take_up(self, added: Sequence[TakenUp], levels: FloatArray) -> None:
        """Adds what arrives at one time to the gut and to the levels of that time, and keeps the state."""
        for gained, whose in added:
            mine = gained if whose is None else np.multiply(gained, whose, out=self._mine)
            self._state[GUT] += mine[GUT]
            levels += mine[GUT + 1 :]
        self._state[GUT + 1 :] = levels


def ascending(times_h: ArrayLike) -> FloatArray:
    """`times_h` as a 1-D array in order. Raises PharmacokineticsError for times out of order, twice or not known."""
    times = as_times(times_h)
    if (np.diff(times) <= 0).any():
        raise PharmacokineticsError("the times of a grid stand in order, each once: sort them")
    return times


def _as_slice(indices: list[int]) -> slice | list[int]:
    """A run of indices as a slice, which copies nothing."""
    run = list(range(indices[0], indices[-1] + 1))
    return slice(indices[0], indices[-1] + 1) if indices == run else indices


def _steady_until(cohort: Cohort, assumed: AssumedSteady, first_h: float) -> tuple[float, FloatArray]:
    """The midnight at or before `first_h` and the end of the assumption, with the periodic state there."""
    start_h = float(np.floor(min(first_h, assumed.until_h) / HOURS_PER_DAY) * HOURS_PER_DAY)
    doses = tuple((hour, mg * cohort.dose_factor) for hour, mg in assumed.doses)
    return start_h, cohort.steady(doses, HOURS_PER_DAY)
