"""A prescriber's own limits on one order: "hold when RASS is −2 or below, or systolic pressure under 90".

Each is held against the newest value that is fresh enough when the dose would be given. A value nobody measured, or one
that is too old, does not pass: unknown is never "no".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.monitoring.sedation import signed


class Sign(StrEnum):
    """What is looked at, by the name an observation keeps it under."""

    RASS = "rass"
    SYSTOLIC = "sbp"
    PULSE = "pulse"
    BREATHING = "rr"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def holds_at_the_limit(self) -> bool:
        """A RASS holds at its limit and below; the others under it."""
        return self is Sign.RASS


_WORDS: Mapping[Sign, str] = {
    Sign.RASS: "RASS",
    Sign.SYSTOLIC: "systolic pressure",
    Sign.PULSE: "pulse",
    Sign.BREATHING: "breathing",
}
_UNITS: Mapping[Sign, str] = {
    Sign.RASS: "",
    Sign.SYSTOLIC: " mmHg",
    Sign.PULSE: " a minute",
    Sign.BREATHING: " a minute",
}
# What a limit can be at all: the range of the scale, and what a monitor shows of somebody alive. This is no guidance.
RANGES: Mapping[Sign, tuple[int, int]] = {
    Sign.RASS: (-5, 0),
    Sign.SYSTOLIC: (50, 200),
    Sign.PULSE: (20, 150),
    Sign.BREATHING: (4, 40),
}


class BadRule(ValueError):
    """A limit that cannot be meant: says what was given and what is possible."""


@dataclass(frozen=True, slots=True)
class HoldRule:
    """Hold the dose when `sign` is under `limit` (RASS: at `limit` or below). Units: mmHg, a minute, RASS steps."""

    sign: Sign
    limit: int

    def __post_init__(self) -> None:
        low, high = RANGES[self.sign]
        if not low <= self.limit <= high:
            raise BadRule(f"{self.sign.words} {self.limit}: a limit lies between {low} and {high}.")

    @property
    def words(self) -> str:
        """As it is read on the order: "pulse under 50 a minute"."""
        if self.sign.holds_at_the_limit:
            return f"{self.sign.words} {signed(self.limit)} or below"
        return f"{self.sign.words} under {self.limit}{_UNITS[self.sign]}"

    def holds(self, value: int) -> bool:
        return value <= self.limit if self.sign.holds_at_the_limit else value < self.limit


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a sign and when it was measured (a moment with a time zone)."""

    value: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that does not let the dose pass. value: what was found; None where there is no value fresh enough."""

    rule: HoldRule
    value: int | None
    last_at: dt.datetime | None = None  # of an old value: when it was measured

    @property
    def is_unknown(self) -> bool:
        return self.value is None

    @property
    def words(self) -> str:
        """What was found: "pulse 44 a minute: held under 50 a minute"."""
        if self.value is None:
            return f"{self.rule.sign.words} was not measured lately: this order is held at {self.rule.words}"
        figure = signed(self.value) if self.rule.sign is Sign.RASS else f"{self.value}{_UNITS[self.rule.sign]}"
        return f"{self.rule.sign.words} {figure}: this order is held at {self.rule.words}"


def held_by(
    rules: Sequence[HoldRule], readings: Mapping[Sign, Reading], *, at: dt.datetime, fresh_for: dt.timedelta
) -> tuple[Held, ...]:
    """The rules that do not let a dose at `at` pass, in their order; empty: it may be given.

    readings: the newest value of each sign. One measured more than `fresh_for` before `at`, or after it, is unknown.
    """
    found = (_against(one, readings.get(one.sign), at, fresh_for) for one in rules)
    return tuple(one for one in found if one is not None)


def _against(rule: HoldRule, reading: Reading | None, at: dt.datetime, fresh_for: dt.timedelta) -> Held | None:
    if reading is None:
        return Held(rule, None)
    if not at - fresh_for <= reading.at <= at:
        return Held(rule, None, reading.at)
    return Held(rule, reading.value) if rule.holds(reading.value) else None
