"""When withdrawal begins after the last dose, by how long the medicine acts; and what is laid out for a seizure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from glidepath.clinical.facts.medicines import Acting
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule

UNITS = {"h": dt.timedelta(hours=1), "days": dt.timedelta(days=1)}


@dataclass(frozen=True, slots=True)
class AfterLastDose:
    """So long after the last dose. source: a key of the references. note: what the source says, in our words."""

    after: dt.timedelta
    source: str
    seen: Seen
    note: str


@dataclass(frozen=True, slots=True)
class Onset:
    """opens: the earliest onset that was read. usual: when most of it is said to come."""

    opens: AfterLastDose
    usual: AfterLastDose


@dataclass(frozen=True, slots=True)
class AtHand:
    """One thing of the bundle, named by a rule."""

    key: str
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class SeizureWindowFacts:
    """onsets: of short- and of long-acting medicines. left_out: what our sources do not say, in words for the page."""

    onsets: Mapping[Acting, Onset]
    bundle: tuple[AtHand, ...]
    left_out: str


def read_seizure_window(path: Path, sources: Collection[str], rules: Mapping[str, Rule]) -> SeizureWindowFacts:
    """Raises BrokenFact for an unknown source, unit or rule, a usual onset before the earliest, anything unverified."""
    file = read(path)
    onsets = file.table("onset")
    bundle = tuple(_at_hand(entry, rules) for entry in file.list_of_tables("bundle"))
    if not bundle or len({one.key for one in bundle}) != len(bundle):
        raise file.broken("bundle", "needs things, each with a key of its own")
    return SeizureWindowFacts(
        onsets={kind: _onset(onsets.table(kind.value), sources) for kind in (Acting.SHORT, Acting.LONG)},
        bundle=bundle,
        left_out=file.table("left_out").text("words"),
    )


def _onset(table: Table, sources: Collection[str]) -> Onset:
    found = Onset(_after(table.table("opens"), sources), _after(table.table("usual"), sources))
    if found.usual.after < found.opens.after:
        raise table.broken("usual", "lies before the earliest onset")
    return found


def _after(entry: Table, sources: Collection[str]) -> AfterLastDose:
    unit, value, seen = entry.text("unit"), entry.positive("value"), entry.seen()
    if unit not in UNITS:
        raise entry.broken("unit", f"“{unit}” is neither {' nor '.join(UNITS)}")
    if value is None:
        raise entry.broken("value", "needs a number above zero")
    if seen is Seen.UNVERIFIED:
        raise entry.broken("seen", "an unverified onset is never worked with")
    return AfterLastDose(UNITS[unit] * float(value), entry.source(sources), seen, entry.text("note"))


def _at_hand(entry: Table, rules: Mapping[str, Rule]) -> AtHand:
    return AtHand(entry.text("key"), entry.text("words"), named_rule(entry, rules))


def named_rule(entry: Table, rules: Mapping[str, Rule]) -> str:
    """The code of the rule that a line rests on. Raises BrokenFact for one that is not there or is unverified."""
    code = entry.text("rule")
    if code not in rules:
        raise entry.broken("rule", f"“{code}” is not a rule")
    if rules[code].seen is Seen.UNVERIFIED:
        raise entry.broken("rule", f"“{code}” is unverified and is never shown as guidance")
    return code
