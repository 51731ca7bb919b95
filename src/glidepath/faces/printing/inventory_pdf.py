"""The inventory of the controlled-drug register on paper and as CSV. No person is named in either."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import dataclass
from typing import Any

from glidepath.care.supply.amounts import in_words, plain_figure
from glidepath.care.supply.inventory import Inventory, InventoryLine
from glidepath.care.supply.models import Discrepancy
from glidepath.clinical.amounts import plain
from glidepath.faces.printing.pdf import HERE, Paper, compiled
from glidepath.faces.shell import words
from glidepath.record import clock

COLUMNS = (
    "location", "medicine", "form", "strength_mg", "per", "lot", "expires_on", "container_units", "full_containers",
    "at_start", "came", "issued_for_doses", "other", "held", "unit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class InventoryPrint:
    """One inventory, what it is called, when it is printed on the centre's clock, and how many doses of the day the
    register moved something for, with how many of them their answer does not agree."""

    report: Inventory
    title: str
    made_at: dt.datetime
    doses: int
    apart: int


def inventory_pdf(one: InventoryPrint, *, paper: Paper) -> bytes:
    """As PDF/UA-1. Raises PrintFault for a warning of the typesetter, typst.TypstError where it cannot be set."""
    region = "US" if paper is Paper.LETTER else "GB"
    data = {**inventory_sheet(one), "paper": paper.value, "region": region}
    return compiled(HERE / "inventory.typ", json.dumps(data), one.made_at)


def inventory_sheet(one: InventoryPrint) -> dict[str, Any]:
    """Everything that stands on the pages, as plain text in plain lists."""
    report = one.report
    until = clock.local(report.centre, report.until)
    is_whole_day = until.date() > report.day
    return {
        "title": f"{one.title}, {words.weekday(report.day)} {report.day.year}",
        "centre": ", ".join(text for text in (report.centre.name, report.centre.phone) if text),
        "taken": "Taken at the close of business."
        if is_whole_day
        else f"Taken at {words.clock(one.made_at)}, not closed.",
        "date": [one.made_at.year, one.made_at.month, one.made_at.day],
        "places": _places(report),
        "differences": [_difference(row) for row in report.differences],
        "counts": [
            f"{done.count.location.name}, {words.clock(clock.local(report.centre, done.at))}, "
            f"{done.count.get_kind_display()}: {done.count.begun_by.name} and {done.second.name}"
            for done in report.counts
        ],
        "doses": _doses(one),
        "foot": f"{one.title} of {words.day(report.day)}, printed {words.day(one.made_at.date())} "
        f"{words.clock(one.made_at)}",
    }


def inventory_csv(report: Inventory) -> str:
    """One line a batch at a location; amounts in pieces or mL with a decimal point."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in report.lines:
        writer.writerow(_row(line))
    return out.getvalue()


def _row(line: InventoryLine) -> list[str]:
    product, is_liquid = line.batch.product, line.batch.product.is_liquid
    sizes = (line.opening, line.came, line.issued, line.left, line.quantity)
    clinical = product.as_clinical()
    return [
        _safe(line.location.name), clinical.medicine, product.form, plain(product.strength_mg),
        "mL" if is_liquid else "piece", _safe(line.batch.lot), line.batch.expires_on.isoformat(),
        plain_figure(line.batch.container_units, is_liquid=is_liquid), str(line.containers),
        *(plain_figure(size, is_liquid=is_liquid) for size in sizes), "mL" if is_liquid else "pieces",
    ]  # fmt: skip


def _safe(text: str) -> str:
    """A text that a spreadsheet takes for a formula is shown as text."""
    return f"'{text}" if text[:1] in "=+-@" else text


def _places(report: Inventory) -> list[dict[str, Any]]:
    found: dict[str, list[list[str]]] = {}
    for line in report.lines:
        found.setdefault(line.location.name, []).append(
            [
                line.name, line.batch.lot, words.day(line.batch.expires_on), line.container_words,
                str(line.containers), line.opening_figure, line.came_figure, line.issued_figure, line.left_figure,
                line.words,
            ]
        )  # fmt: skip
    return [{"name": name, "lines": lines} for name, lines in found.items()]


def _difference(row: Discrepancy) -> str:
    product = row.batch.product
    size = "not counted yet" if row.difference is None else in_words(row.difference, product)
    return f"{product.as_clinical().name}, lot {row.batch.lot}, {row.location.name}: {size}"


def _doses(one: InventoryPrint) -> str:
    if not one.doses:
        return "No dose of this day moved anything in the register."
    if not one.apart:
        return f"{one.doses} doses: each agrees with what left the stock for it."
    return f"{one.doses} doses; {one.apart} of them do not agree with what left the stock for them."
