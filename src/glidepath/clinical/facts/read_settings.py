"""The centre's defaults, each with the range it may be changed in, proved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from glidepath.clinical.facts.reading import UNITS, Table, read
from glidepath.clinical.facts.rules import Rule
from glidepath.clinical.facts.settings import ClinicalSettings, SettingFact

DOSE_TIMES = "default_dose_times"  # clock times, and no number
QUESTIONS = "questions"


def read_setting_facts(path: Path, rules: Mapping[str, Rule]) -> dict[str, SettingFact]:
    """Every number a centre may set, by name, in the order of the file.

    Raises BrokenFact for one that ClinicalSettings lacks or that is missing, a default outside its range, an unknown
    rule, unit or question, and a range without a reason.
    """
    file = read(path)
    questions = file.table(QUESTIONS)
    wanted = {field.name: field.type for field in fields(ClinicalSettings) if field.name != DOSE_TIMES}
    given = [name for name in file.content if name not in (DOSE_TIMES, QUESTIONS)]
    for name in sorted(wanted.keys() - {*given}) or sorted({*given} - wanted.keys()):
        raise file.broken(name, "stands in the file or in ClinicalSettings, and not in both")
    return {name: _fact(file, name, questions, rules, whole=wanted[name] == "int") for name in given}


def read_settings(path: Path, known: Mapping[str, SettingFact]) -> ClinicalSettings:
    """Every default of a centre."""
    given: dict[str, Any] = {name: int(fact.default) if fact.whole else fact.default for name, fact in known.items()}
    return ClinicalSettings(**given, default_dose_times=_dose_times(read(path).table(DOSE_TIMES)))


def _fact(file: Table, name: str, questions: Table, rules: Mapping[str, Rule], *, whole: bool) -> SettingFact:
    entry = file.table(name)
    rule = entry.maybe_text("rule")
    if rule is not None and rule not in rules:
        raise entry.broken("rule", f"“{rule}” is not a rule")
    if entry.text("unit") not in UNITS:
        raise entry.broken("unit", f"“{entry.text('unit')}” is not a unit the facts use")
    low, high = entry.number("low"), entry.number("high")
    fact = SettingFact(
        name=name,
        label=entry.text("label"),
        unit=entry.text("unit"),
        rule=rule,
        asks=questions.text(entry.text("asks")),
        default=_default(entry, rules),
        low=low,
        high=high,
        why=entry.text("why"),
        whole=whole,
    )
    for value in (fact.default, low, high):
        if not low <= value <= high or (whole and value != int(value)):
            raise entry.broken("value", f"{value} does not lie between {low} and {high}, or is not whole")
    return fact


def _default(entry: Table, rules: Mapping[str, Rule]) -> Decimal:
    taken = entry.maybe_text("take")
    if taken is None:
        return entry.number("value")
    code, _, value = taken.rpartition(".")
    try:
        return rules[code].value(value)
    except KeyError as missing:
        raise entry.broken("take", f"“{taken}” is not a value of a rule") from missing


def _dose_times(table: Table) -> dict[int, tuple[dt.time, ...]]:
    found = {}
    for count, times in table.content.items():
        if not isinstance(times, list):
            continue
        parsed = tuple(dt.time.fromisoformat(text) for text in times)
        if len(parsed) != int(count) or sorted(parsed) != list(parsed):
            raise table.broken(count, f"needs {count} times in order")
        found[int(count)] = parsed
    return found
