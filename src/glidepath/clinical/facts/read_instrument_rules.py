"""Reads what an instrument says about its own answers: conditions, bands by population, levels, flags, alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from glidepath.clinical.facts.instrument_rules import (
    Alert,
    Band,
    BandSet,
    Change,
    Condition,
    Flag,
    Gate,
    Level,
    Loinc,
    Measure,
    Part,
    Subscale,
    Test,
)
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.reading import Table
from glidepath.clinical.facts.rules import Rule

DEFAULT = "default"
SEXES = ("female", "male")
CHANGE_UNITS = ("points", "percent")


def read_test(entry: Table, every: str = "all", some: str = "any") -> Test:
    """The conditions of an entry: `all` of them, or `any`. Raises BrokenFact."""
    return Test(tuple(map(_condition, entry.list_of_tables(every))), tuple(map(_condition, entry.list_of_tables(some))))


def _condition(entry: Table) -> Condition:
    low, high = entry.maybe_whole("at_least"), entry.maybe_whole("at_most")
    named = [measure for measure in Measure if measure in entry.content]
    if len(named) != 1 or (low is None and high is None):
        raise entry.broken("condition", "needs one of sum, count, total or subscale, and at_least or at_most")
    measure = named[0]
    return Condition(
        measure=measure,
        items=entry.names(measure) if measure is Measure.SUM else (),
        parts=tuple(map(_part, entry.list_of_tables("count"))) if measure is Measure.COUNT else (),
        subscale=entry.text("subscale") if measure is Measure.SUBSCALE else None,
        low=low,
        high=high,
    )


def _part(entry: Table) -> Part:
    return Part(entry.names("items"), entry.maybe_whole("at_least"), entry.maybe_whole("at_most"))


def read_band_sets(file: Table, sources: Collection[str] | None, seen: Seen) -> tuple[BandSet, ...]:
    """The bands of everybody, or those of each population. Raises BrokenFact."""
    plain = tuple(map(_band, file.list_of_tables("bands")))
    whole = BandSet(DEFAULT, "", "", plain, None, None, None, False, file.source_in(sources), seen)
    sets = tuple(_band_set(entry, sources, seen, file) for entry in file.list_of_tables("band_sets"))
    return ((whole,) if plain else ()) + sets


def _band_set(entry: Table, sources: Collection[str] | None, seen: Seen, file: Table) -> BandSet:
    sex = entry.maybe_words("sex")
    if sex is not None and sex not in SEXES:
        raise entry.broken("sex", f"“{sex}” is none of {', '.join(SEXES)}")
    return BandSet(
        key=entry.text("key"),
        label=entry.text("label"),
        population=entry.maybe_words("population") or "",
        bands=tuple(map(_band, entry.list_of_tables("bands"))),
        sex=sex,
        age_from=entry.maybe_number("age_from"),
        age_below=entry.maybe_number("age_below"),
        by_choice=entry.yes("by_choice", default=False),
        source=entry.source_in(sources) if "source" in entry.content else file.source_in(sources),
        seen=entry.seen(seen),
    )


def _band(entry: Table) -> Band:
    return Band(entry.text("key"), entry.text("label"), entry.whole("low"), entry.maybe_whole("high"))


def read_levels(file: Table, seen: Seen) -> tuple[Level, ...]:
    return tuple(
        Level(
            entry.text("key"),
            entry.text("label"),
            read_test(entry),
            entry.yes("incomplete", default=False),
            entry.seen(seen),
        )
        for entry in file.list_of_tables("levels")
    )


def read_flags(file: Table, seen: Seen) -> tuple[Flag, ...]:
    return tuple(
        Flag(entry.text("key"), entry.text("label"), entry.maybe_words("unmet"), read_test(entry), entry.seen(seen))
        for entry in file.list_of_tables("flags")
    )


def read_subscales(file: Table) -> tuple[Subscale, ...]:
    return tuple(
        Subscale(entry.text("key"), entry.text("label"), entry.names("items"), entry.whole("low"), entry.whole("high"))
        for entry in file.list_of_tables("subscales")
    )


def read_changes(file: Table, sources: Collection[str] | None) -> tuple[Change, ...]:
    return tuple(_change(entry, sources) for entry in file.list_of_tables("changes"))


def _change(entry: Table, sources: Collection[str] | None) -> Change:
    unit = entry.text("unit")
    if unit not in CHANGE_UNITS:
        raise entry.broken("unit", f"“{unit}” is none of {', '.join(CHANGE_UNITS)}")
    return Change(
        entry.number("value"),
        unit,
        entry.text("words"),
        entry.text("population"),
        entry.source_in(sources),
        entry.seen(),
    )


def read_alerts(file: Table, rules: Mapping[str, Rule]) -> tuple[Alert, ...]:
    return tuple(_alert(entry, rules) for entry in file.list_of_tables("alerts"))


def _alert(entry: Table, rules: Mapping[str, Rule]) -> Alert:
    named = entry.maybe_words("rule")
    if named is not None and named not in rules:
        raise entry.broken("rule", f"“{named}” is not a rule")
    if named is not None and rules[named].seen is Seen.UNVERIFIED:
        raise entry.broken("rule", f"{named} is unverified and is never shown as guidance")
    limits = entry.names("own_limit") if "own_limit" in entry.content else ()
    return Alert(
        entry.text("code"),
        named,
        entry.text("when"),
        entry.text("message"),
        entry.text("do"),
        read_test(entry),
        limits,
    )


def read_gate(file: Table) -> Gate | None:
    table = file.maybe_table("gate")
    return None if table is None else Gate(table.text("key"), table.text("question"), table.text("if_no"))


def read_loinc(file: Table) -> Loinc | None:
    """Codes only where somebody has seen them. Raises BrokenFact for an unverified one."""
    table = file.maybe_table("loinc")
    if table is None:
        return None
    seen = table.seen()
    if seen is Seen.UNVERIFIED:
        raise table.broken("seen", "a code that nobody has seen is not kept; use none")
    return Loinc(table.maybe_words("panel"), table.maybe_text("total"), seen)
