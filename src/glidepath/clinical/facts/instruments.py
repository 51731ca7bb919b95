"""An instrument as data: items, allowed answers, rules, and the terms under which it may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from glidepath.clinical.facts.instrument_rules import (
    Alert,
    Band,
    BandSet,
    Change,
    Flag,
    Gate,
    Level,
    Loinc,
    Subscale,
    Test,
)
from glidepath.clinical.facts.provenance import Seen

__all__ = ["Alert", "Band", "Gate", "Instrument", "Item", "Kind", "Pack", "Parameter", "ScoredRange", "Totals"]


class Kind(StrEnum):
    """What is written into an item."""

    CHOICE = "choice"  # one of the allowed answers
    NUMBER = "number"
    TEXT = "text"
    CLOCK = "clock"  # a time of day, HH:MM
    DATE = "date"  # YYYY-MM-DD


class Totals(StrEnum):
    SUM = "sum"
    NONE = "none"  # no total is valid: subscales or a level only


class Pack(StrEnum):
    """Whose words the items carry."""

    PUBLISHED = "published"  # the published items, shipped
    OWN = "own"  # written by us, nothing published behind them
    OFF = "off"  # our labels; the published wording is loaded by a centre that confirmed its terms
    CENTRE = "centre"  # the centre defines the items under its own licence


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `allowed` lists the only answers accepted; empty for what is typed.

    label: our own short words. text: the published wording, None where it is not shipped. points: what each allowed
    answer counts, as printed or turned round. scored False: recorded beside the scale. required: without it the form
    is not complete. needed: it is asked only where this holds. left_out: then an answer does not count either.
    fact: what the record calls this answer where another form asks it too, None where nobody does.
    anchors: what an answer means. if_unanswered: what to do where it stays empty. link_id, codes: what the item and
    each allowed answer are called where they came from another system, None and empty where they are called as here.
    """

    key: str
    number: int
    label: str
    text: str | None
    kind: Kind
    asked: str  # "self" | "interview" | "observer" | "measured"
    scored: bool
    required: bool
    allowed: tuple[int, ...]
    points: Mapping[int, int]
    anchors: Mapping[int, str]
    unit: str | None
    low: Decimal | None
    high: Decimal | None
    keying: str | None  # says which way a reversed item runs
    needed: Test
    left_out: bool
    if_unanswered: str | None
    seen: Seen
    link_id: str | None = None
    codes: tuple[str, ...] = ()
    fact: str | None = None

    @property
    def own_words(self) -> bool:
        return self.text is None

    @property
    def shown(self) -> str:
        """The published wording, or our label where it is not shipped."""
        return self.text or self.label


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
class Instrument:
    """One instrument in one version and one language; unlike versions are never compared.

    wording_source, wording_date: where the shipped words were read, and the date of that text or of the reading.
    multiply: the sum of points times this is the total. prorate_up_to: unanswered items for which its own rule
    allows a total by the mean of the others; 0 = none. refuse_blank: a finished form with an empty place is refused.
    definition: the file as it was read, from which everything here was made.
    """

    key: str
    version: str
    name: str
    purpose: str
    ship_class: str  # "A" built in | "B" scoring under own-words labels | "C" slot only
    pack: Pack
    origin: str
    source: str
    terms: str
    wording: str
    wording_source: str | None
    wording_date: str | None
    stem: str | None  # the words before the items, as published
    own_words: bool
    period: str
    language: str
    filled_by: tuple[str, ...]
    items: tuple[Item, ...]
    parameters: tuple[Parameter, ...]
    band_sets: tuple[BandSet, ...]
    levels: tuple[Level, ...]
    subscales: tuple[Subscale, ...]
    flags: tuple[Flag, ...]
    changes: tuple[Change, ...]
    totals: Totals
    total_low: int | None
    total_high: int | None
    multiply: int
    band_of_answer: bool  # one value, whose own words are the band
    missing_rule: str
    prorate_up_to: int
    refuse_blank: bool
    partial_label: str | None
    gate: Gate | None
    companion: str | None
    alerts: tuple[Alert, ...]
    loinc: Loinc | None
    notes: tuple[str, ...]
    seen: Seen
    definition: Mapping[str, Any] = field(compare=False, repr=False)

    @property
    def scored_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scored)

    @property
    def bands(self) -> tuple[Band, ...]:
        """The bands in use where nobody chose others; of the first population where they differ."""
        return self.band_sets[0].bands if self.band_sets else ()

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
