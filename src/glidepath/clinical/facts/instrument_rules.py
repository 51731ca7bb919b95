"""What an instrument says about its own answers: conditions, flags, bands by population, subscales, changes, alerts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from glidepath.clinical.facts.provenance import Seen


class Measure(StrEnum):
    """What a condition looks at."""

    SUM = "sum"  # the points of some items together
    COUNT = "count"  # how many items have points within bounds
    TOTAL = "total"
    SUBSCALE = "subscale"


@dataclass(frozen=True, slots=True)
class Part:
    """Some items, and the points (both bounds included, None = open) within which each of them is counted."""

    items: tuple[str, ...]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure at or above `low` and at or below `high` (None = open)."""

    measure: Measure
    items: tuple[str, ...]  # of a sum
    parts: tuple[Part, ...]  # of a count
    subscale: str | None
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Test:
    """Conditions that must hold all together, or any of them."""

    every: tuple[Condition, ...] = ()
    some: tuple[Condition, ...] = ()

    __test__ = False  # no test of pytest

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return (*self.every, *self.some)


@dataclass(frozen=True, slots=True)
class Flag:
    """A reading beside total and band ("the cluster rule is met"). `unmet` is said where "no" is news as well."""

    key: str
    label: str
    unmet: str | None
    test: Test
    seen: Seen


@dataclass(frozen=True, slots=True)
class Band:
    """Totals from `low` to `high`, both included; `high` None = and above."""

    key: str
    label: str
    low: int
    high: int | None

    def holds(self, total: int) -> bool:
        return self.low <= total and (self.high is None or total <= self.high)


@dataclass(frozen=True, slots=True)
class BandSet:
    """The bands of one population or one publication.

    sex, age_from, age_below: for whom it is; None = for everybody. by_choice: only where a centre names it.
    """

    key: str
    label: str
    population: str
    bands: tuple[Band, ...]
    sex: str | None
    age_from: Decimal | None
    age_below: Decimal | None
    by_choice: bool
    source: str
    seen: Seen

    def band(self, total: int) -> Band | None:
        return next((band for band in self.bands if band.holds(total)), None)


@dataclass(frozen=True, slots=True)
class Level:
    """A result by conditions instead of a total; the first that holds is the result.

    incomplete: for what was answered so far, where no level can be told yet and this is said instead.
    """

    key: str
    label: str
    test: Test
    incomplete: bool
    seen: Seen


@dataclass(frozen=True, slots=True)
class Subscale:
    """The sum of some items, with a name of its own; from `low` to `high`."""

    key: str
    label: str
    items: tuple[str, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Change:
    """How much a total must move to matter. unit: "points" or "percent" of the first total."""

    value: Decimal
    unit: str
    words: str
    population: str
    source: str
    seen: Seen


@dataclass(frozen=True, slots=True)
class Alert:
    """What an answer calls for at once. `when` is in words.

    rule: the guideline rule it speaks for, None for one of our own. test: the answers that raise it; without
    conditions the question before the scale raises it. own_limit: items held against a limit the person set.
    """

    code: str
    rule: str | None
    when: str
    message: str
    do: str
    test: Test
    own_limit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gate:
    """A question before the scale; answered No, the self-report is invalid and only observed items count."""

    key: str
    question: str
    if_no: str


@dataclass(frozen=True, slots=True)
class Loinc:
    """Codes of the panel and of its total, only those that were seen."""

    panel: str | None
    total: str | None
    seen: Seen
