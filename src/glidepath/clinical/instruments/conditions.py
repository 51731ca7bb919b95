"""Whether a condition of an instrument holds, with what was answered so far: yes, no, or not yet to be told.

Every measure is a span, from what it is at least to what it can still become; unanswered is never taken as zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.clinical.facts.instrument_rules import Condition, Measure, Part, Test
from glidepath.clinical.facts.instruments import Instrument, Item
from glidepath.clinical.facts.prove_instruments import points_high, points_low
from glidepath.clinical.instruments.score import Answer


@dataclass(frozen=True, slots=True)
class Span:
    """From what a measure is at least to what it is at most."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The answers to an instrument by item, with what each item can count."""

    instrument: Instrument
    answers: Mapping[str, Answer]
    observed_only: bool = False  # the question before the scale was answered No

    def span(self, item: Item) -> Span:
        """What an item counts: its points, or all that it still could where it was not answered."""
        asked = self.asks(item)
        points = self.points(item)
        if asked is False:  # passed by: it counts nothing, or what was answered all the same where that counts
            counted = 0 if points is None or item.left_out else points
            return Span(counted, counted)
        if points is None:
            low, high = points_low(item), points_high(item)
            return Span(min(low, 0) if asked is None else low, high)
        return Span(min(points, 0), points) if asked is None and item.left_out else Span(points, points)

    def points(self, item: Item) -> int | None:
        """What the answer to an item counts by itself; None for none, and for what a confused person said."""
        answer = self.answers.get(item.key)
        if answer is None or isinstance(answer, str) or (self.observed_only and item.asked != "observer"):
            return None
        return item.points[int(answer)] if item.points else int(answer)

    def asks(self, item: Item) -> bool | None:
        """Whether the form asks an item, by the answers before it; None where those are open."""
        return holds(item.needed, self)

    def sum(self, items: Sequence[Item]) -> Span:
        spans = [self.span(item) for item in items]
        return Span(sum(one.low for one in spans), sum(one.high for one in spans))

    def total(self) -> Span:
        found = self.sum(self.instrument.scored_items)
        return Span(found.low * self.instrument.multiply, found.high * self.instrument.multiply)


def holds(test: Test, reading: Reading) -> bool | None:
    """Whether the conditions hold; True where there are none."""
    every = [_holds(one, reading) for one in test.every]
    some = [_holds(one, reading) for one in test.some]
    known = [_all(every)] + ([_any(some)] if some else [])
    return _all(known)


def _all(parts: Sequence[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _any(parts: Sequence[bool | None]) -> bool | None:
    if True in parts:
        return True
    return None if None in parts else False


def _holds(condition: Condition, reading: Reading) -> bool | None:
    found = _measured(condition, reading)
    low, high = condition.low, condition.high
    above = True if low is None or found.low >= low else False if found.high < low else None
    below = True if high is None or found.high <= high else False if found.low > high else None
    return _all([above, below])


def _measured(condition: Condition, reading: Reading) -> Span:
    instrument = reading.instrument
    if condition.measure is Measure.TOTAL:
        return reading.total()
    if condition.measure is Measure.COUNT:
        counts = [_count(part, reading) for part in condition.parts]
        return Span(sum(one.low for one in counts), sum(one.high for one in counts))
    items = condition.items
    if condition.measure is Measure.SUBSCALE:
        (items,) = (one.items for one in instrument.subscales if one.key == condition.subscale)
    return reading.sum([instrument.item(key) for key in items])


def _count(part: Part, reading: Reading) -> Span:
    """How many items lie within the bounds: surely, and at most."""
    surely = possibly = 0
    for key in part.items:
        found = reading.span(reading.instrument.item(key))
        reaches = (part.low is None or found.high >= part.low) and (part.high is None or found.low <= part.high)
        inside = (part.low is None or found.low >= part.low) and (part.high is None or found.high <= part.high)
        possibly += reaches
        surely += inside
    return Span(surely, possibly)
