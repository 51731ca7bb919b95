"""The measured parameters of an early-warning score, each value in exactly one range."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from glidepath.clinical.facts.instruments import Parameter, ScoredRange
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table

MOST_STEPS = 10_000  # a range of more steps than this is a slip of the pen


def read_parameter(entry: Table) -> Parameter:
    """One parameter. Raises BrokenFact for a value without a range or with two."""
    low, high = entry.ordered()
    resolution = entry.positive("resolution")
    ranges = tuple(map(_range, entry.list_of_tables("ranges")))
    choices, labels = entry.maybe_table("choices"), entry.maybe_table("choice_labels")
    if ranges:
        _prove_ranges(entry, ranges, resolution, low, high)
    return Parameter(
        key=entry.text("key"),
        label=entry.text("label"),
        unit=entry.maybe_words("unit"),
        resolution=resolution,
        low=low,
        high=high,
        ranges=ranges,
        choices={name: choices.whole(name) for name in choices.content} if choices else {},
        choice_labels={name: labels.text(name) for name in labels.content} if labels else {},
        scale=entry.maybe_whole("scale"),
        seen=entry.seen(Seen.ORIGINAL),
    )


def _range(entry: Table) -> ScoredRange:
    low, high = entry.ordered()
    oxygen = entry.yes("oxygen", default=False) if "oxygen" in entry.content else None
    return ScoredRange(low, high, entry.whole("score"), oxygen)


def _prove_ranges(
    entry: Table, ranges: Sequence[ScoredRange], step: Decimal | None, low: Decimal | None, high: Decimal | None
) -> None:
    """Every value that can be measured falls into exactly one range, on air and on oxygen."""
    if step is None or low is None or high is None:
        raise entry.broken("ranges", "need a resolution, a low and a high")
    if (high - low) / step > MOST_STEPS:
        raise entry.broken("ranges", f"{low} to {high} in steps of {step} are more than {MOST_STEPS} values")
    value = low
    while value <= high:
        for oxygen in (False, True):
            fitting = [one for one in ranges if one.holds(value) and one.oxygen in (None, oxygen)]
            if len(fitting) != 1:
                where = "on oxygen" if oxygen else "on air"
                raise entry.broken("ranges", f"{value} {where} falls into {len(fitting)} ranges")
        value += step
