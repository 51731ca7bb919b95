"""The page of the documents that lists every instrument, written from the facts, so that it cannot lie."""

from __future__ import annotations

from collections.abc import Iterator

from glidepath.clinical.facts.instrument_rules import BandSet
from glidepath.clinical.facts.instrument_schedule import ScheduleEntry
from glidepath.clinical.facts.instruments import Instrument, Pack
from glidepath.clinical.facts.load import instrument, instrument_schedule, instruments, source
from glidepath.clinical.facts.provenance import Seen

INTRODUCTION = """# Every instrument

Written by `tools/write_instruments_page.py` from the fact files; the documents check fails when it is out of date.

A band is the label of a screen: never a diagnosis and never a dose. An unanswered item is never zero; without it there
is no total, unless the row says otherwise. Unlike versions are never compared, and unlike scales never added up.
"Not verified" marks what nobody has seen in a source.

**Class A** is built in with its published items, or with our own words where nothing published stands behind them.
**Class B** is scored under labels in our own words; the published wording is off until a centre has confirmed its
terms and loads it. **Class C** is a slot: a licence or permission is needed, so only totals and results are kept and a
centre defines the items itself.
"""
CLASSES = {
    "A": "## Class A: built in",
    "B": "## Class B: scored under our own labels, wording pack off by default",
    "C": "## Class C: slots that a centre fills under its own licence",
}
HEAD = """| Instrument | Key | Version | Items | Total | Bands and readings | Missing | Filled in by |
|---|---|---|---|---|---|---|---|"""
TERMS_HEAD = "| Instrument | Terms of use | Words read in | Scoring rests on |\n|---|---|---|---|"
ALERTS_HEAD = "| Instrument | Code | When | What to do |\n|---|---|---|---|"
SCHEDULE_HEAD = "| When | Instruments |\n|---|---|"
MARKS = {
    Seen.ORIGINAL: "",
    Seen.SECOND_HAND: " (second-hand)",
    Seen.UNVERIFIED: " (not verified)",
    Seen.OURS: " (ours)",
}
OWN_FORM = """## A centre's own instrument

A centre brings an instrument as a TOML file in the format of the fact files (`clinical/facts/instruments/`), read by
`read_definition(text, key)`, or as a FHIR R4 Questionnaire, read by `read_questionnaire(resource, key)`. Both end in an
instrument of class C, scored by the same engine, or in one sentence that says what is wrong and where. A misspelt key
ends the reading, because it would be silently without effect.

```toml
name = "How my week was"
version = "1"
purpose = "How a week was."
origin = "The centre"
terms = "The centre's own."
wording = "the centre's own words"
period = "the last 7 days"
missing_rule = "Any item unanswered: no total."
total_low = 0
total_high = 5
answers_of_items = "how_often"

[answers.how_often]
0 = "never"
1 = "some days"

[[bands]]
key = "low"
label = "low"
low = 0
high = 5

[[items]]
key = "rest"
label = "rested"
text = "I was rested."
reverse = true

[[items]]
key = "tired"
label = "tired"
text = "I was tired."
allowed = [0, 2, 4]
```

Our own Questionnaires carry what FHIR has no element for in the extension `urn:glidepath:scoring:1`: on the
Questionnaire, as JSON text, the definition without its items (bands, levels, flags, alerts, missing rule, terms); on
an item, what its element does not say (points, branching, who is asked, our label). Answers carry `ordinalValue`. With
the extension a Questionnaire comes back exactly; a built-in instrument that comes back changed is not taken. Without
it, items and answers come in, no total is guessed, and what was left behind is listed.
"""


def instruments_page() -> str:
    """The page in Markdown, ending in a new line."""
    parts = [INTRODUCTION, *_classes(), *_alerts(), *_schedule(), *_terms(), OWN_FORM]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _of_class(ship_class: str) -> list[Instrument]:
    return sorted((one for one in instruments().values() if one.ship_class == ship_class), key=lambda one: one.name)


def _classes() -> Iterator[str]:
    for ship_class, title in CLASSES.items():
        rows = "\n".join(_row(one) for one in _of_class(ship_class))
        yield f"{title}\n\n{HEAD}\n{rows}"


def _row(one: Instrument) -> str:
    cells = (
        f"{one.name}<br>{_cell(one.purpose)}",
        f"`{one.key}`",
        one.version,
        _items(one),
        _total(one),
        "<br>".join(_bands(one)) or "none",
        one.missing_rule,
        ", ".join(one.filled_by),
    )
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _items(one: Instrument) -> str:
    if one.parameters:
        return f"{len({parameter.key for parameter in one.parameters})} measured"
    beside = len(one.items) - len(one.scored_items)
    if not one.scored_items:
        return f"{beside}, none scored"
    return f"{len(one.scored_items)}" + (f", {beside} beside" if beside else "")


def _total(one: Instrument) -> str:
    if one.total_low is None:
        parts = [f"{part.label} {part.low} to {part.high}" for part in one.subscales]
        return "none" + (f"; {', '.join(parts)}" if parts else "")
    return f"{one.total_low} to {one.total_high}"


def _bands(one: Instrument) -> Iterator[str]:
    for found in one.band_sets:
        bands = "; ".join(f"{band.label} ({_range(band.low, band.high, one.total_high)})" for band in found.bands)
        yield f"{_set(found)}{bands}{MARKS[found.seen] if found.label else ''}"
    for level in one.levels:
        yield f"{level.label}{MARKS[level.seen] if level.seen in (Seen.UNVERIFIED, Seen.OURS) else ''}"
    for flag in one.flags:
        yield f"{flag.label}{MARKS[flag.seen] if flag.seen is Seen.UNVERIFIED else ''}"
    for change in one.changes:
        yield f"Change: {change.words} ({change.value} {change.unit}; {change.population}){MARKS[change.seen]}"


def _set(found: BandSet) -> str:
    return f"{found.label}{', by choice' if found.by_choice else ''}: " if found.label else ""


def _range(low: int, high: int | None, top: int | None) -> str:
    end = high if high is not None else top
    return str(low) if low == end else f"{low}–{end}"


def _alerts() -> Iterator[str]:
    rows = [
        f"| {one.name} | `{alert.code}` | {_cell(alert.when)} | {_cell(alert.do)} |"
        for one in sorted(instruments().values(), key=lambda one: one.name)
        for alert in one.alerts
    ]
    words = (
        "Each fires when it is answered, whether the form is whole or not; changing the answer does not take it back."
    )
    yield f"## Answers that call at once\n\n{words}\n\n{ALERTS_HEAD}\n" + "\n".join(rows)


def _schedule() -> Iterator[str]:
    rows = "\n".join(f"| {entry.words} | {_instruments(entry)} |" for entry in instrument_schedule())
    words = "Lengths of windows are our reading. On the ward, NEWS2, RASS and CIWA-B go by the observation rounds."
    yield f"## When each is used\n\n{words}\n\n{SCHEDULE_HEAD}\n{rows}"


def _instruments(entry: ScheduleEntry) -> str:
    return ", ".join(" or ".join(instrument(key).name for key in group) for group in entry.one_of)


def _terms() -> Iterator[str]:
    rows = [
        f"| {one.name} | {_cell(one.terms)} | {_cell(_words_read(one))} | {_cell(_rests_on(one))} |"
        for one in sorted(instruments().values(), key=lambda one: one.name)
    ]
    yield f"## Terms and sources\n\n{TERMS_HEAD}\n" + "\n".join(rows)


def _words_read(one: Instrument) -> str:
    if one.pack is Pack.PUBLISHED and one.wording_source:
        return f"{one.wording_source}; {one.wording_date}"
    return one.wording


def _rests_on(one: Instrument) -> str:
    found = source(one.source)
    return f"{one.origin}: {found.title}{MARKS[one.seen]}"
