"""What is proved of every instrument: answers, bands, rules and words fit one another, and no key is misspelt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from glidepath.clinical.facts.instrument_rules import BandSet, Measure, Test
from glidepath.clinical.facts.instruments import Instrument, Item, Kind, Pack, Totals
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table

CONDITION = {"sum", "count", "total", "subscale", "at_least", "at_most"}
TEST = {"all", "any"}
BAND = {"key", "label", "low", "high"}
KEYS = {
    "items": {
        "key", "number", "label", "text", "kind", "asked", "scored", "required", "allowed", "points", "reverse",
        "anchors", "unit", "low", "high", "keying", "needed_if", "needed_if_any", "left_out", "if_unanswered", "seen",
        "link_id", "codes", "fact",
    },
    "needed_if": CONDITION, "needed_if_any": CONDITION, "all": CONDITION, "any": CONDITION,
    "count": {"items", "at_least", "at_most"},
    "bands": BAND,
    "band_sets": {
        "key", "label", "population", "bands", "sex", "age_from", "age_below", "by_choice", "source", "seen",
    },
    "levels": {"key", "label", "incomplete", "seen"} | TEST,
    "flags": {"key", "label", "unmet", "seen"} | TEST,
    "subscales": {"key", "label", "items", "low", "high"},
    "changes": {"value", "unit", "words", "population", "source", "seen"},
    "alerts": {"code", "rule", "when", "message", "do", "own_limit"} | TEST,
}  # fmt: skip
NESTED = {"bands", "all", "any", "needed_if", "needed_if_any", "count"}  # tables inside other tables
INSTRUMENT_KEYS = {
    "version", "name", "purpose", "ship_class", "pack", "origin", "source", "terms", "wording", "wording_source",
    "wording_date", "stem", "own_words", "period", "language", "filled_by", "items", "parameters", "bands",
    "band_sets", "levels", "subscales", "flags", "changes", "totals", "total_low", "total_high", "multiply",
    "band_of_answer", "missing_rule", "prorate_up_to", "refuse_blank", "partial_label", "gate", "companion",
    "alerts", "loinc", "notes", "seen",
}  # fmt: skip


def prove_instrument(file: Table, one: Instrument) -> None:
    """Raises BrokenFact naming the file and the key at fault."""
    _prove_keys(file, INSTRUMENT_KEYS)
    _prove_items(file, one)
    _prove_words(file, one)
    _prove_references(file, one)
    if one.items:
        _prove_total(file, one)
    for bands in one.band_sets:
        _prove_bands(file, one, bands)
    _prove_populations(file, one.band_sets)


def _prove_keys(table: Table, known: set[str]) -> None:
    """A misspelt key would be silently without effect; so none is let by."""
    for key in table.content:
        if key not in known:
            raise table.broken(str(key)[:40], f"is none of {', '.join(sorted(known))}")
        if key in KEYS and (not table.path or key in NESTED):
            for entry in table.list_of_tables(key):
                _prove_keys(entry, KEYS[key])


def _prove_items(file: Table, one: Instrument) -> None:
    for name, found in (("key", [item.key for item in one.items]), ("number", [item.number for item in one.items])):
        if len(set(found)) != len(found):
            raise file.broken("items", f"two items have one {name}")
    for item, entry in zip(one.items, file.list_of_tables("items"), strict=True):
        _prove_item(entry, item)


def _prove_item(entry: Table, item: Item) -> None:
    if len(set(item.allowed)) != len(item.allowed):
        raise entry.broken("allowed", "an answer stands twice")
    if bool(item.allowed) != (item.kind is Kind.CHOICE):
        raise entry.broken("allowed", "a choice has allowed answers, and nothing else has")
    if item.kind is Kind.NUMBER and (item.low is None or item.high is None):
        raise entry.broken("allowed", "an item has allowed answers, or a low and a high")
    if not set(item.anchors) <= set(item.allowed):
        raise entry.broken("anchors", f"{sorted(set(item.anchors) - set(item.allowed))} are no allowed answers")
    if item.scored and item.kind not in (Kind.CHOICE, Kind.NUMBER):
        raise entry.broken("scored", f"a {item.kind} cannot be scored")
    if item.scored and any(end is not None and end != int(end) for end in (item.low, item.high)):
        raise entry.broken("low", "a scored number is a whole one")


def _prove_words(file: Table, one: Instrument) -> None:
    """Which words may be shipped: class A alone carries published items, with where and when they were read."""
    published = [item for item in one.items if item.text is not None]
    if one.pack is Pack.PUBLISHED and not one.parameters and (one.wording_source is None or one.wording_date is None):
        raise file.broken("wording_source", "published items need their source and its date")
    if one.pack in (Pack.OFF, Pack.OWN) and published:
        raise file.broken("items", f"{published[0].key}: its wording may not be shipped")
    if one.pack is not Pack.PUBLISHED and one.pack is not Pack.CENTRE and not one.own_words:
        raise file.broken("own_words", "our labels are marked as ours")
    if {"A": (Pack.PUBLISHED, Pack.OWN), "B": (Pack.OFF,), "C": (Pack.CENTRE,)}[one.ship_class].count(one.pack) == 0:
        raise file.broken("pack", f"{one.pack} is not for class {one.ship_class}")


def _prove_references(file: Table, one: Instrument) -> None:
    known = {item.key for item in one.items if item.kind in (Kind.CHOICE, Kind.NUMBER)}
    for subscale in one.subscales:
        _prove_known(file, "subscales", subscale.items, known)
    tests = [
        *(("needed_if", item.needed) for item in one.items),
        *(("levels", level.test) for level in one.levels),
        *(("flags", flag.test) for flag in one.flags),
        *(("alerts", alert.test) for alert in one.alerts),
    ]
    for place, test in tests:
        _prove_test(file, place, test, known, {subscale.key for subscale in one.subscales})
    for alert in one.alerts:
        _prove_known(file, "alerts", alert.own_limit, known)
        if not alert.test.conditions and not alert.own_limit and one.gate is None:
            raise file.broken("alerts", f"{alert.code}: nothing raises it")


def _prove_test(file: Table, place: str, test: Test, items: set[str], subscales: set[str]) -> None:
    for condition in test.conditions:
        _prove_known(file, place, condition.items, items)
        for part in condition.parts:
            _prove_known(file, place, part.items, items)
        if condition.subscale is not None:
            _prove_known(file, place, (condition.subscale,), subscales)
        if place == "needed_if" and condition.measure is not Measure.SUM:
            raise file.broken(place, "looks at the sum of answers only")


def _prove_known(file: Table, place: str, named: Iterable[str], known: set[str]) -> None:
    for key in named:
        if key not in known:
            raise file.broken(place, f"“{key}” is not there")


def _prove_total(file: Table, one: Instrument) -> None:
    """The smallest and largest total, and those of each subscale, are those that the answers give."""
    for subscale in one.subscales:
        found = _ends([item for item in one.items if item.key in subscale.items])
        if found != (subscale.low, subscale.high):
            raise file.broken("subscales", f"{subscale.key}: its items give {found[0]} to {found[1]}")
    if one.totals is Totals.NONE:
        if one.total_low is not None or one.band_sets:
            raise file.broken("totals", "without a total there are no bounds and no bands of it")
        return
    low, high = (end * one.multiply for end in _ends(one.scored_items))
    if any(item.needed.conditions for item in one.scored_items):
        low = min(low, 0)  # an item that is passed by counts nothing
    if (one.total_low, one.total_high) != (low, high):
        raise file.broken("total_high", f"says {one.total_low} to {one.total_high}, the items give {low} to {high}")


def _ends(items: Sequence[Item]) -> tuple[int, int]:
    return sum(points_low(item) for item in items), sum(points_high(item) for item in items)


def points_low(item: Item) -> int:
    """The fewest points an answer to this item can count."""
    return min(item.points.values()) if item.points else int(item.low or 0)


def points_high(item: Item) -> int:
    """The most points an answer to this item can count."""
    return max(item.points.values()) if item.points else int(item.high or 0)


def _prove_bands(file: Table, one: Instrument, found: BandSet) -> None:
    """From the lowest total to the highest, each total in exactly one band."""
    if not found.bands:
        raise file.broken("bands", f"{found.key} has no bands")
    low, high, bands = one.total_low, one.total_high, found.bands
    if low is None or bands[0].low != low:
        raise file.broken("bands", f"begin at {bands[0].low}, totals at {low}")
    for lower, upper in pairwise(bands):
        if lower.high is None or upper.low != lower.high + 1 or lower.high < lower.low:
            raise file.broken("bands", f"a gap or overlap between {lower.key} and {upper.key}")
    last = bands[-1]
    if last.high is not None and (last.high != high or last.high < last.low):
        raise file.broken("bands", f"end at {last.high}, totals at {high}")
    if len({band.key for band in bands}) != len(bands):
        raise file.broken("bands", "two bands have one key")


def _prove_populations(file: Table, sets: Sequence[BandSet]) -> None:
    """Nobody has two sets of bands, and an unverified one is never shown."""
    if len({one.key for one in sets}) != len(sets):
        raise file.broken("band_sets", "two sets have one key")
    in_use = [one for one in sets if not one.by_choice]
    if sets and not in_use:
        raise file.broken("band_sets", "all are by choice; one must be in use")
    for one in sets:
        if one.seen is Seen.UNVERIFIED:
            raise file.broken("band_sets", f"{one.key} is unverified and would be shown")
    for number, one in enumerate(in_use):
        if any(_both(one, other) for other in in_use[number + 1 :]):
            raise file.broken("band_sets", f"{one.key} and another are for the same people")


def _both(one: BandSet, other: BandSet) -> bool:
    """Whether one person could fall into both."""
    if one.sex and other.sex and one.sex != other.sex:
        return False
    for first, second in ((one, other), (other, one)):
        if first.age_below is not None and second.age_from is not None and first.age_below <= second.age_from:
            return False
    return True
