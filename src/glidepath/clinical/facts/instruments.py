"""An instrument as data: items, allowed answers, bands, gate, alerts, and the terms under which it may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.provenance import Seen


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `allowed` lists the only answers accepted; empty for a measured number between `low` and `high`.

    `scored` False: recorded beside the scale, not in its total. `anchors`: what an answer means, in our own words.
    """

    key: str
    number: int
    label: str
    asked: str  # "interview" | "observer" | "measured"
    scored: bool
    allowed: tuple[int, ...]
    anchors: Mapping[int, str]
    unit: str | None
    low: Decimal | None
    high: Decimal | None
    keying: str | None  # says which way a reversed item runs
    seen: Seen
    own_words: bool


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
class ScoredRange:
    """A measured value from `low` to `high`, both included (None = open), gives `score`. `oxygen`: on or off it."""

    low: Decimal | None
    high: Decimal | None
    score: int
    oxygen: bool | None = None

    def holds(self, value: Decimal) -> bool:
        return (self.low is None or self.low <= value) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One measured or chosen parameter of an early-warning score (NEWS2).

    A measured one has `ranges` in steps of `resolution`; a chosen one has `choices` (answer -> score).
    `scale`: the two oxygen-saturation scales are two parameters with scale 1 and 2; None for all others.
    """

    key: str
    label: str
    unit: str | None
    resolution: Decimal | None
    low: Decimal | None  # the smallest and largest value that can be meant
    high: Decimal | None
    ranges: tuple[ScoredRange, ...]
    choices: Mapping[str, int]
    choice_labels: Mapping[str, str]
    scale: int | None
    seen: Seen


@dataclass(frozen=True, slots=True)
class Alert:
    """What an answer calls for at once. `when` is in words; the rule named holds the cut-off."""

    code: str
    rule: str
    when: str
    message: str
    do: str


@dataclass(frozen=True, slots=True)
class Gate:
    """A question before the scale; answered No, the self-report is invalid."""

    key: str
    question: str
    if_no: str


@dataclass(frozen=True, slots=True)
class Instrument:
    key: str
    version: str
    name: str
    purpose: str
    ship_class: str  # "A" built in | "B" scoring under own-words labels | "C" slot only
    origin: str
    source: str
    terms: str
    wording: str
    own_words: bool
    period: str
    language: str
    items: tuple[Item, ...]
    parameters: tuple[Parameter, ...]
    bands: tuple[Band, ...]
    total_low: int | None
    total_high: int | None
    missing_rule: str
    partial_label: str | None
    gate: Gate | None
    companion: str | None
    alerts: tuple[Alert, ...]
    notes: tuple[str, ...]
    seen: Seen

    @property
    def scored_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scored)

    def item(self, key: str) -> Item:
        """The item called `key`. Raises KeyError naming the instrument."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(f"{self.name} has no item {key!r}")

    def parameter(self, key: str, *, scale: int | None = None) -> Parameter:
        """The parameter called `key` (with `scale` for oxygen saturation). Raises KeyError naming the instrument."""
        for parameter in self.parameters:
            if parameter.key == key and parameter.scale in (None, scale):
                return parameter
        raise KeyError(f"{self.name} has no parameter {key!r} (scale {scale})")

    def band(self, total: int) -> Band:
        """The band of a total. Raises ValueError for a total the instrument cannot give."""
        for band in self.bands:
            if band.holds(total):
                return band
        raise ValueError(f"{total} is not a total of {self.name} ({self.total_low} to {self.total_high})")
