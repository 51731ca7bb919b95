"""The instrument files, read and proved; the same reader takes a definition that a centre wrote."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from glidepath.clinical.facts.instrument_rules import Test
from glidepath.clinical.facts.instruments import Instrument, Item, Kind, Pack, Totals
from glidepath.clinical.facts.prove_instruments import prove_instrument
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.read_instrument_rules import (
    read_alerts,
    read_band_sets,
    read_changes,
    read_flags,
    read_gate,
    read_levels,
    read_loinc,
    read_subscales,
    read_test,
)
from glidepath.clinical.facts.read_parameters import read_parameter
from glidepath.clinical.facts.reading import Table, read
from glidepath.clinical.facts.rules import Rule

FILLERS = ("self", "interview", "observer", "measured")
CLASSES = ("A", "B", "C")


def read_instrument(path: Path, sources: Collection[str], rules: Mapping[str, Rule]) -> Instrument:
    """One instrument of the facts. Raises BrokenFact naming file and key."""
    return instrument_of(read(path), path.stem, sources, rules)


def instrument_of(file: Table, key: str, sources: Collection[str] | None, rules: Mapping[str, Rule]) -> Instrument:
    """An instrument from its table, proved. sources: the references that may be named; None = any words.

    Raises BrokenFact naming file and key.
    """
    file = Table(file.file, file.path, expanded(file))
    seen = file.seen()
    low, high = file.maybe_whole("total_low"), file.maybe_whole("total_high")
    found = Instrument(
        key=key,
        version=file.text("version"),
        name=file.text("name"),
        purpose=file.text("purpose"),
        ship_class=file.one_of("ship_class", CLASSES),
        pack=file.word("pack", Pack),
        origin=file.text("origin"),
        source=file.source_in(sources),
        terms=file.text("terms"),
        wording=file.text("wording"),
        wording_source=file.maybe_words("wording_source"),
        wording_date=file.maybe_words("wording_date"),
        stem=file.maybe_words("stem"),
        own_words=file.yes("own_words", default=False),
        period=file.text("period"),
        language=file.text("language"),
        filled_by=tuple(_filler(file, one) for one in file.names("filled_by")),
        items=tuple(_item(entry, file, number) for number, entry in enumerate(file.list_of_tables("items"), 1)),
        parameters=tuple(map(read_parameter, file.list_of_tables("parameters"))),
        band_sets=read_band_sets(file, sources, seen),
        levels=read_levels(file, seen),
        subscales=read_subscales(file),
        flags=read_flags(file, seen),
        changes=read_changes(file, sources),
        totals=file.word("totals", Totals, Totals.SUM),
        total_low=low,
        total_high=high,
        multiply=file.maybe_whole("multiply") or 1,
        band_of_answer=file.yes("band_of_answer", default=False),
        missing_rule=file.text("missing_rule"),
        prorate_up_to=file.maybe_whole("prorate_up_to") or 0,
        refuse_blank=file.yes("refuse_blank", default=False),
        partial_label=file.maybe_words("partial_label"),
        gate=read_gate(file),
        companion=file.maybe_words("companion"),
        alerts=read_alerts(file, rules),
        loinc=read_loinc(file),
        notes=file.names("notes") if "notes" in file.content else (),
        seen=seen,
        definition=file.content,
    )
    prove_instrument(file, found)
    return found


def expanded(file: Table) -> dict[str, Any]:
    """The content with every set of answers that an item names written out in it. Raises BrokenFact."""
    sets = file.maybe_table("answers")
    default = file.maybe_words("answers_of_items")
    items = []
    for entry in file.list_of_tables("items"):
        named = entry.maybe_words("answers") or (
            default if not set(entry.content) & {"allowed", "kind", "low"} else None
        )
        content = {key: value for key, value in entry.content.items() if key != "answers"}
        if named is not None:
            if sets is None:
                raise entry.broken("answers", f"“{named}” is not a set of answers of this file")
            content = {**_answers(sets.table(named)), **content}
        items.append(content)
    rest = {key: value for key, value in file.content.items() if key not in ("answers", "answers_of_items", "items")}
    return {**rest, "items": items} if items else rest


def _answers(table: Table) -> dict[str, Any]:
    """A set of answers, `0 = "Not at all"`: its numbers are what is allowed, its words what they mean."""
    words = table.labels()
    return {"allowed": list(words), "anchors": {str(answer): label for answer, label in words.items()}}


def _filler(file: Table, name: str) -> str:
    if name not in FILLERS:
        raise file.broken("filled_by", f"“{name}” is none of {', '.join(FILLERS)}")
    return name


def _item(entry: Table, file: Table, number: int) -> Item:
    allowed = entry.wholes("allowed")
    kind = entry.word("kind", Kind, Kind.CHOICE if allowed else Kind.NUMBER)
    scored = entry.yes("scored", default=kind in (Kind.CHOICE, Kind.NUMBER))
    anchors = entry.maybe_table("anchors")
    low, high = entry.ordered()
    asked = entry.maybe_words("asked") or (file.names("filled_by") or ("",))[0]
    return Item(
        key=entry.text("key"),
        number=entry.maybe_whole("number") or number,
        label=entry.text("label"),
        text=entry.maybe_words("text"),
        kind=kind,
        asked=_filler(file, asked),
        scored=scored,
        required=entry.yes("required", default=scored),
        allowed=allowed,
        points=_points(entry, allowed),
        anchors=anchors.labels() if anchors else {},
        unit=entry.maybe_words("unit"),
        low=low,
        high=high,
        keying=entry.maybe_words("keying"),
        needed=_needed(entry),
        left_out=entry.yes("left_out", default=False),
        if_unanswered=entry.maybe_words("if_unanswered"),
        seen=entry.seen(file.seen(Seen.OURS)),
        link_id=entry.maybe_words("link_id"),
        codes=_codes(entry, allowed),
        fact=entry.maybe_words("fact"),
    )


def _codes(entry: Table, allowed: tuple[int, ...]) -> tuple[str, ...]:
    codes = entry.names("codes") if "codes" in entry.content else ()
    if codes and (len(codes) != len(allowed) or len(set(codes)) != len(codes)):
        raise entry.broken("codes", "needs one code of its own for each allowed answer")
    return codes


def _points(entry: Table, allowed: tuple[int, ...]) -> dict[int, int]:
    """What each answer counts: as printed, by a list beside the answers, or turned round."""
    counted = entry.wholes("points")
    turned = entry.yes("reverse", default=False)
    if counted and (turned or len(counted) != len(allowed)):
        raise entry.broken("points", f"{len(counted)} points stand beside {len(allowed)} answers")
    if counted:
        return dict(zip(allowed, counted, strict=True))
    ends = (min(allowed) + max(allowed)) if allowed else 0
    return {answer: ends - answer if turned else answer for answer in allowed}


def _needed(entry: Table) -> Test:
    return read_test(entry, every="needed_if", some="needed_if_any")
