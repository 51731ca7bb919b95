"""The instrument files, proved: bands and ranges without gap or overlap, every answer and anchor allowed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from glidepath.clinical.facts.instruments import Alert, Band, Gate, Instrument, Item, Parameter, ScoredRange
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule


def read_instrument(path: Path, sources: Collection[str], rules: Mapping[str, Rule]) -> Instrument:
    """One instrument. Raises BrokenFact naming file and key."""
    file = read(path)
    bands = tuple(_band(entry) for entry in file.tables("bands"))
    low, high = file.maybe_number("total_low"), file.maybe_number("total_high")
    _prove_bands(file, bands, low, high)
    own_words = bool(file.content.get("own_words", False))
    return Instrument(
        key=path.stem,
        version=file.text("version"),
        name=file.text("name"),
        purpose=file.text("purpose"),
        ship_class=file.text("ship_class"),
        origin=file.text("origin"),
        source=file.source(sources),
        terms=file.text("terms"),
        wording=file.text("wording"),
        own_words=own_words,
        period=file.text("period"),
        language=file.text("language"),
        items=tuple(_item(entry, own_words) for entry in file.tables("items")),
        parameters=tuple(_parameter(entry) for entry in file.tables("parameters")),
        bands=bands,
        total_low=None if low is None else int(low),
        total_high=None if high is None else int(high),
        missing_rule=file.text("missing_rule"),
        partial_label=file.maybe_text("partial_label"),
        gate=_gate(file.maybe_table("gate")),
        companion=file.maybe_text("companion"),
        alerts=tuple(_alert(entry, rules) for entry in file.tables("alerts")),
        notes=file.texts("notes"),
        seen=file.seen(),
    )


def _band(entry: Table) -> Band:
    high = entry.maybe_number("high")
    return Band(entry.text("key"), entry.text("label"), int(entry.number("low")), None if high is None else int(high))


def _prove_bands(file: Table, bands: Sequence[Band], low: Decimal | None, high: Decimal | None) -> None:
    """From the lowest total to the highest, each total in exactly one band."""
    if not bands:
        return
    if low is None or bands[0].low != low:
        raise file.broken("bands", f"begin at {bands[0].low}, totals at {low}")
    for lower, upper in pairwise(bands):
        if lower.high is None or upper.low != lower.high + 1:
            raise file.broken("bands", f"a gap or overlap between {lower.key} and {upper.key}")
    if bands[-1].high is not None and bands[-1].high != high:
        raise file.broken("bands", f"end at {bands[-1].high}, totals at {high}")


def _item(entry: Table, own_words: bool) -> Item:
    allowed = tuple(int(one) for one in entry.content.get("allowed", ()))
    anchors = entry.maybe_table("anchors")
    words = {int(answer): anchors.text(answer) for answer in anchors.content} if anchors else {}
    if not set(words) <= set(allowed):
        raise entry.broken("anchors", f"{sorted(set(words) - set(allowed))} are no allowed answers")
    low, high = entry.ordered()
    if not allowed and (low is None or high is None):
        raise entry.broken("allowed", "an item has allowed answers, or a low and a high")
    return Item(
        key=entry.text("key"),
        number=int(entry.number("number")),
        label=entry.text("label"),
        asked=entry.text("asked"),
        scored=bool(entry.content.get("scored", True)),
        allowed=allowed,
        anchors=words,
        unit=entry.maybe_text("unit"),
        low=low,
        high=high,
        keying=entry.maybe_text("keying"),
        seen=entry.seen(),
        own_words=own_words,
    )


def _parameter(entry: Table) -> Parameter:
    low, high = entry.ordered()
    resolution = entry.positive("resolution")
    ranges = tuple(_range(one) for one in entry.tables("ranges"))
    choices, labels = entry.maybe_table("choices"), entry.maybe_table("choice_labels")
    if ranges:
        _prove_ranges(entry, ranges, resolution, low, high)
    scale = entry.maybe_number("scale")
    return Parameter(
        key=entry.text("key"),
        label=entry.text("label"),
        unit=entry.maybe_text("unit"),
        resolution=resolution,
        low=low,
        high=high,
        ranges=ranges,
        choices={name: int(choices.number(name)) for name in choices.content} if choices else {},
        choice_labels={name: labels.text(name) for name in labels.content} if labels else {},
        scale=None if scale is None else int(scale),
        seen=entry.seen(Seen.ORIGINAL),
    )


def _range(entry: Table) -> ScoredRange:
    low, high = entry.ordered()
    return ScoredRange(low, high, int(entry.number("score")), entry.content.get("oxygen"))


def _prove_ranges(
    entry: Table, ranges: Sequence[ScoredRange], step: Decimal | None, low: Decimal | None, high: Decimal | None
) -> None:
    """Every value that can be measured falls into exactly one range, on air and on oxygen."""
    if step is None or low is None or high is None:
        raise entry.broken("ranges", "need a resolution, a low and a high")
    value = low
    while value <= high:
        for oxygen in (False, True):
            fitting = [one for one in ranges if one.holds(value) and one.oxygen in (None, oxygen)]
            if len(fitting) != 1:
                where = "on oxygen" if oxygen else "on air"
                raise entry.broken("ranges", f"{value} {where} falls into {len(fitting)} ranges")
        value += step


def _gate(table: Table | None) -> Gate | None:
    return None if table is None else Gate(table.text("key"), table.text("question"), table.text("if_no"))


def _alert(entry: Table, rules: Mapping[str, Rule]) -> Alert:
    if entry.text("rule") not in rules:
        raise entry.broken("rule", f"“{entry.text('rule')}” is not a rule")
    return Alert(entry.text("code"), entry.text("rule"), entry.text("when"), entry.text("message"), entry.text("do"))
