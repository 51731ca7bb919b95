"""The rule files, the dependence table and published schedules, proved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import fields
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from glidepath.clinical.facts.dependence import DependenceCell, DependenceRisk, DependenceTable
from glidepath.clinical.facts.limits import CutRow, PublishedSchedule
from glidepath.clinical.facts.reading import UNITS, Table, read
from glidepath.clinical.facts.rules import Rule, RuleValue
from glidepath.clinical.findings import Severity

DEPENDENCE = "dependence.toml"


def read_rules(folder: Path, sources: Collection[str]) -> dict[str, Rule]:
    """Every rule by its code. Raises BrokenFact for an unknown severity, unit or reference, or a code given twice."""
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == DEPENDENCE:
            continue
        file = read(path)
        for code in file.content:
            if code in found:
                raise file.broken(code, "stands in two files")
            found[code] = _rule(file.table(code), code, sources)
    return found


def _rule(table: Table, code: str, sources: Collection[str]) -> Rule:
    key = table.maybe_text("source_key")
    if key is not None:
        table.source(sources, "source_key")
    values = table.maybe_table("values")
    return Rule(
        code=code,
        title=table.text("title"),
        severity=table.word("severity", Severity),
        overridable=bool(table.content.get("overridable", True)),
        strength=table.text("strength"),
        source=table.text("source"),
        source_key=key,
        seen=table.seen(),
        ours=bool(table.content.get("ours", False)),
        values={name: _value(values.table(name), name, table) for name in values.content} if values else {},
        note=table.maybe_text("note"),
    )


def _value(entry: Table, name: str, rule: Table) -> RuleValue:
    unit = entry.text("unit")
    if unit not in UNITS:
        raise entry.broken("unit", f"“{unit}” is not a unit the facts use")
    return RuleValue(
        name=name,
        value=entry.number("value"),
        unit=unit,
        seen=entry.seen(rule.seen()),
        ours=bool(entry.content.get("ours", False)),
        source=entry.maybe_text("source"),
        note=entry.maybe_text("note"),
    )


def read_dependence(path: Path, sources: Collection[str]) -> DependenceTable:
    """Table 2. Raises BrokenFact unless every frequency, duration and dose falls into exactly one row."""
    file = read(path)
    table = DependenceTable(
        cells=tuple(_cell(entry) for entry in file.tables("cells")),
        low_at_most_mg=file.number("low_at_most_mg"),
        moderate_at_most_mg=file.number("moderate_at_most_mg"),
        source=file.source(sources),
        where=file.text("where"),
        seen=file.seen(),
        notes=file.texts("notes"),
    )
    for days, months, mg in _corners(table):
        rows = [cell for cell in table.cells if cell.holds(days_per_week=days, months=months, diazepam_mg=mg)]
        if len(rows) != 1:
            raise file.broken("cells", f"{days} days a week, {months} months, {mg} mg falls into {len(rows)} rows")
    return table


def _cell(entry: Table) -> DependenceCell:
    names = [field.name for field in fields(DependenceCell) if field.name != "risk"]
    bounds = {name: entry.maybe_number(name) for name in names}
    return DependenceCell(**bounds, risk=entry.word("risk", DependenceRisk))


def _corners(table: DependenceTable) -> Iterable[tuple[Decimal, Decimal, Decimal]]:
    """Every bound of the table and a little to each side of it."""
    bounds: dict[str, set[Decimal]] = {
        "days": {Decimal(0), Decimal(7)},
        "months": {Decimal(0)},
        "diazepam": {Decimal(0)},
    }
    for cell in table.cells:
        for field in fields(DependenceCell):
            value = getattr(cell, field.name)
            if isinstance(value, Decimal):
                bounds[field.name.split("_")[0]].update((value - Decimal("0.5"), value, value + Decimal("0.5")))
    for days in bounds["days"]:
        if days != int(days):
            continue  # days a week are counted whole
        for months in bounds["months"]:
            for mg in bounds["diazepam"]:
                yield days, max(months, Decimal(0)), max(mg, Decimal(0))


def read_cks(path: Path, sources: Collection[str]) -> PublishedSchedule:
    """The diazepam reductions NICE CKS prints. Raises BrokenFact unless the rows join without a gap down to zero."""
    section = read(path).table("nice_cks_copy")
    rows = tuple(_cut_row(entry) for entry in section.tables("diazepam_steps"))
    for above, below in pairwise(rows):
        if above.to_mg != below.from_mg:
            raise section.broken("diazepam_steps", f"a gap or overlap between {above.to_mg} and {below.from_mg} mg")
    if not rows or rows[-1].to_mg != 0:
        raise section.broken("diazepam_steps", "does not lead down to zero")
    return PublishedSchedule(rows, _total_weeks(section), section.source(sources), section.seen())


def _cut_row(entry: Table) -> CutRow:
    cut, weeks = entry.content["cut_mg"], entry.content["every_weeks"]
    row = CutRow(entry.number("from_mg"), entry.number("to_mg"), *map(Decimal, cut), *map(Decimal, weeks))
    if not row.to_mg < row.from_mg or row.cut_low_mg > row.cut_high_mg or row.weeks_low > row.weeks_high:
        raise entry.broken("from_mg", "runs the wrong way")
    return row


def _total_weeks(section: Table) -> dict[Decimal, tuple[Decimal, Decimal]]:
    found = {}
    for key, weeks in section.table("estimated_total_weeks").content.items():
        if isinstance(weeks, list):
            found[Decimal(key.split("_")[1])] = (Decimal(weeks[0]), Decimal(weeks[1]))
    return found
