"""Scores any instrument of the facts, or of a centre, from its answers; what differs between instruments is data.

An unanswered item is never zero: it gives no total, unless the instrument's own rule lets the others stand for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from glidepath.clinical.facts.instrument_rules import BandSet
from glidepath.clinical.facts.instruments import Instrument, Item, Totals
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.instruments.alerting import alerts_of
from glidepath.clinical.instruments.conditions import Reading, holds
from glidepath.clinical.instruments.score import About, Answer, BadAnswer, FlagState, Score, checked

NOBODY = About()
Answers = Sequence[Answer] | Mapping[str, Answer]
Named = tuple[str | None, str | None, tuple[str, ...]]  # a band's key and words, and what to say of it


def score(
    instrument: Instrument,
    answers: Answers,
    *,
    gate: bool | None = None,
    about: About = NOBODY,
    band_set: str | None = None,
    finished: bool = False,
) -> Score:
    """The score of the answers given so far, in the order of the items or by their keys; None is unanswered.

    gate: the answer to the question before the scale, False: what was asked is invalid and only observed items count.
    about: the person, for bands by sex or age. band_set: other bands than the usual, by their key. finished: nothing
    more will be answered, so an instrument that takes no blank refuses one.
    Raises BadAnswer naming the item and what it allows; KeyError for a band set that is not there.
    """
    _prove_there(instrument, band_set)
    by_key = _by_key(instrument, answers)
    reading = Reading(instrument, by_key, observed_only=gate is False)
    if finished and instrument.refuse_blank:
        _refuse_blanks(reading)
    total, prorated = _total(reading)
    band, band_label, band_notes = _band(reading, total, about, band_set)
    flags = tuple(FlagState(one.key, one.label, holds(one.test, reading)) for one in instrument.flags)
    scored, counted = _counted(reading)
    return Score(
        instrument=instrument.key,
        version=instrument.version,
        total=total,
        band=band,
        answered=len(counted),
        items=scored,
        subtotal=sum(counted) * instrument.multiply,
        label=_label(reading, total, scored, counted),
        complete=not _open(reading),
        language=instrument.language,
        wording_source=instrument.wording_source,
        prorated=prorated,
        band_label=band_label,
        alerts=alerts_of(reading, about),
        subscales=_subscales(reading),
        flags=flags,
        notes=(*_notes(reading, gate), *band_notes, *_flag_words(instrument, flags)),
    )


def _prove_there(instrument: Instrument, band_set: str | None) -> None:
    keys = [one.key for one in instrument.band_sets]
    if band_set is not None and band_set not in keys:
        raise KeyError(f"{instrument.name} has no bands called {band_set!r}; it has {', '.join(keys) or 'none'}")


def _by_key(instrument: Instrument, answers: Answers) -> dict[str, Answer]:
    if isinstance(answers, Mapping):
        unknown = set(answers) - {item.key for item in instrument.items}
        if unknown:
            raise BadAnswer(instrument, None, f"“{min(unknown)[:40]}” is none of its items")
        answers = [answers.get(item.key) for item in instrument.items]
    return {item.key: one for item, one in zip(instrument.items, checked(instrument, answers), strict=True)}


def _open(reading: Reading) -> list[Item]:
    """The items that must still be answered."""
    return [item for item in reading.instrument.items if item.required and _missing(reading, item)]


def _missing(reading: Reading, item: Item) -> bool:
    answer = reading.answers[item.key]
    ignored = reading.observed_only and item.asked != "observer"
    return reading.asks(item) is not False and (answer is None or ignored)


def _refuse_blanks(reading: Reading) -> None:
    for item in _open(reading):
        raise BadAnswer(reading.instrument, item, "it may not stay empty")


def _total(reading: Reading) -> tuple[int | None, bool]:
    """The total, and whether it was prorated. None while anything that counts is open."""
    instrument, missing = reading.instrument, _open(reading)
    if instrument.totals is Totals.NONE or not instrument.items:
        return None, False
    found = reading.total()
    if not missing and found.low == found.high:
        return found.low, False
    scored = instrument.scored_items
    blank = [item for item in scored if _missing(reading, item)]
    others = [item for item in missing if item not in blank]
    if others or not 0 < len(blank) <= instrument.prorate_up_to or len(blank) == len(scored):
        return None, False
    answered = [reading.points(item) or 0 for item in scored if item not in blank]
    whole = Decimal(sum(answered) * len(scored)) / len(answered)
    return int(whole.quantize(Decimal(1), ROUND_HALF_UP)) * instrument.multiply, True


def _counted(reading: Reading) -> tuple[int, list[int]]:
    """How many scored items there are to answer, and the points of those answered."""
    asked = [item for item in reading.instrument.scored_items if reading.asks(item) is not False]
    points = [reading.points(item) for item in asked]
    return len(asked), [one for one in points if one is not None]


def _label(reading: Reading, total: int | None, scored: int, counted: Sequence[int]) -> str:
    whole = total is not None if reading.instrument.totals is Totals.SUM else not _open(reading)
    if whole:
        return "complete" if len(counted) == scored else f"prorated from {len(counted)} of {scored}"
    return f"partial {len(counted)} of {scored}"


def _subscales(reading: Reading) -> dict[str, int]:
    found = {}
    for one in reading.instrument.subscales:
        items = [reading.instrument.item(key) for key in one.items]
        span = reading.sum(items)
        if span.low == span.high and not any(_missing(reading, item) for item in items):
            found[one.key] = span.low
    return found


def _band(reading: Reading, total: int | None, about: About, chosen: str | None) -> Named:
    instrument = reading.instrument
    if instrument.levels:
        return _level(reading)
    if total is None:
        return None, None, ()
    if instrument.band_of_answer:
        words = instrument.scored_items[0].anchors.get(total)
        return words, words, ()
    sets = band_sets_for(instrument, about, chosen)
    bands = [band for band in (one.band(total) for one in sets) if band is not None]
    if not bands:
        return None, None, ()
    if len({band.key for band in bands}) == 1:
        return bands[0].key, bands[0].label, ()
    each = "; ".join(f"{one.label}: {band.label}" for one, band in zip(sets, bands, strict=True))
    return None, None, (f"The band depends on the person, and that is not known. {each}.",)


def band_sets_for(instrument: Instrument, about: About, chosen: str | None) -> list[BandSet]:
    """The sets of bands that may be for this person; what is unknown of them rules none out."""
    if chosen is not None:
        return [one for one in instrument.band_sets if one.key == chosen]
    return [one for one in instrument.band_sets if not one.by_choice and _may_be_for(one, about)]


def _may_be_for(one: BandSet, about: About) -> bool:
    if one.sex is not None and about.sex is not None and one.sex != about.sex:
        return False
    if about.age is None:
        return True
    return (one.age_from is None or about.age >= one.age_from) and (one.age_below is None or about.age < one.age_below)


def _level(reading: Reading) -> Named:
    """The first level that holds. Where a higher one is still open, what is said of incomplete answers instead."""
    for one in (one for one in reading.instrument.levels if not one.incomplete):
        found = holds(one.test, reading)
        if found is None:
            return _incomplete(reading)
        if found:
            unverified = (f"“{one.label}” is not verified in a source.",) if one.seen is Seen.UNVERIFIED else ()
            return one.key, one.label, unverified
    return None, None, ()


def _incomplete(reading: Reading) -> Named:
    for one in reading.instrument.levels:
        if one.incomplete and holds(one.test, reading):
            return one.key, one.label, ()
    return None, None, ()


def _notes(reading: Reading, gate: bool | None) -> tuple[str, ...]:
    instrument = reading.instrument
    said = []
    if instrument.gate is not None and gate is None:
        said.append(f"Not asked before the scale: {instrument.gate.question}")
    begun = any(answer is not None for answer in reading.answers.values())
    for item in instrument.items:
        answer = reading.answers[item.key]
        if answer is not None and item.left_out and reading.asks(item) is False:
            said.append(f"Item {item.number} ({item.label}) was answered and does not count here.")
        if answer is None and item.if_unanswered and begun and reading.asks(item) is not False:
            said.append(f"Item {item.number} ({item.label}) has no answer. {item.if_unanswered}")
    return tuple(said)


def _flag_words(instrument: Instrument, flags: Sequence[FlagState]) -> list[str]:
    """What is said of each flag: that it holds, and where that is news as well, that it does not."""
    unmet = {one.key: one.unmet for one in instrument.flags}
    words = [one.label if one.holds else unmet[one.key] if one.holds is False else None for one in flags]
    return [f"{one.rstrip('.')}." for one in words if one]
