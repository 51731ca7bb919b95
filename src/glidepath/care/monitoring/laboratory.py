"""A laboratory's values out of a file: CSV, or FHIR R4 Observations. Every line that cannot be read is said, with its
number and what to do; no line is guessed and none is left out silently."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TypeVar
from zoneinfo import ZoneInfo

from glidepath.record.errors import BadInput

COLUMNS = ("date", "time", "name", "value", "unit")
MORE_COLUMNS = ("low", "high", "laboratory", "words")
MOST_LINES = 500
MOST_PROBLEMS = 20
PLACES = 3
Entry = TypeVar("Entry")
_NUMBER = re.compile(r"[<>]?\s*-?\d{1,9}([.,]\d{1,9})?")


@dataclass(frozen=True, slots=True)
class Value:
    """One value as the sheet gives it. sign: "<" or ">" beside a limit of the assay. low, high: its reference range."""

    name: str
    value: Decimal
    unit: str
    sign: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    laboratory: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A value and when it was taken (aware)."""

    at: dt.datetime
    value: Value


def read_file(text: str, zone: ZoneInfo) -> tuple[Line, ...]:
    """The lines of a CSV or a FHIR JSON text. `zone`: of times without one. Raises BadInput with every bad line."""
    if not text.strip():
        raise BadInput("The file is empty. Its first line names the columns: " + ", ".join(COLUMNS) + ".", field="file")
    return read_fhir(text, zone) if text.lstrip().startswith(("{", "[")) else read_csv(text, zone)


def read_csv(text: str, zone: ZoneInfo) -> tuple[Line, ...]:
    """date,time,name,value,unit and, where there are some, low,high,laboratory,words. Comma, semicolon or tab."""
    plain = text.lstrip("\ufeff \n\r").replace("\r\n", "\n").replace("\r", "\n")
    first = plain.splitlines()[0]
    mark = max(",;\t", key=first.count)
    rows = _cells(plain, mark)
    named = [name.strip().lower() for name in rows[0]]
    missing = [name for name in COLUMNS if name not in named]
    if missing:
        raise BadInput(
            f"Line 1 lacks the column {', '.join(missing)}. It reads: {first[:80]!r}. "
            f"Needed: {', '.join((*COLUMNS, *MORE_COLUMNS))}; the last four may be left out.",
            field="file",
        )
    numbered = [(f"Line {number}", row) for number, row in enumerate(rows[1:], start=2) if any(map(str.strip, row))]
    return _all(numbered, lambda row: _of_row(row, named, zone))


def _cells(text: str, mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark))
    except csv.Error as wrong:
        raise BadInput(f"The file cannot be read as CSV: {wrong}.", field="file") from wrong


def read_fhir(text: str, zone: ZoneInfo) -> tuple[Line, ...]:
    """One FHIR R4 Observation, a list of them, or a Bundle with some: those with a quantity."""
    try:
        found = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except ValueError as wrong:
        raise BadInput(f"The file is not JSON: {wrong}.", field="file") from wrong
    except RecursionError as wrong:
        raise BadInput("The file is nested too deeply to be a list of observations.", field="file") from wrong
    entries = found if isinstance(found, list) else [found]
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        inside = found.get("entry")
        entries = [one.get("resource") if isinstance(one, dict) else one for one in inside or []]
    return _all(
        [(f"Entry {number}", one) for number, one in enumerate(entries, start=1)], lambda one: _of_fhir(one, zone)
    )


def number_of(text: str, what: str) -> Decimal:
    """A number as a sheet writes it: "4.2", "4,2". Raises BadInput for anything else, or more than three places."""
    if not _NUMBER.fullmatch(text.strip()):
        raise BadInput(f"{what} {text.strip()[:30]!r} is no number; write it like 4.2.")
    try:
        found = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as wrong:
        raise BadInput(f"{what} {text.strip()[:30]!r} is no number; write it like 4.2.") from wrong
    return fine_enough(found, what)


def fine_enough(value: Decimal, what: str) -> Decimal:
    """The value, where three places hold it. Raises BadInput."""
    if not value.is_finite() or abs(value) >= 10**9:
        raise BadInput(f"{what} {str(value)[:30]} cannot be kept. Look at the figure again.")
    if value != round(value, PLACES):
        raise BadInput(f"{what} {value:f} has more than {PLACES} places. Round it, or use a smaller unit.")
    return value


def _all(entries: Sequence[tuple[str, Entry]], read: Callable[[Entry], Line]) -> tuple[Line, ...]:
    if len(entries) > MOST_LINES:
        raise BadInput(f"{len(entries)} lines: at most {MOST_LINES} at once. Split the file.", field="file")
    lines, problems = [], []
    for where, entry in entries:
        try:
            lines.append(read(entry))
        except BadInput as wrong:
            problems.append(f"{where}: {wrong.message}")
    if problems:
        more = f" And {len(problems) - MOST_PROBLEMS} more." if len(problems) > MOST_PROBLEMS else ""
        raise BadInput(f"Nothing was saved. {' '.join(problems[:MOST_PROBLEMS])}{more}", field="file")
    if not lines:
        raise BadInput("The file holds no value.", field="file")
    return tuple(lines)


def _of_row(row: Sequence[str], named: Sequence[str], zone: ZoneInfo) -> Line:
    if len(row) > len(named):
        raise BadInput("it has more cells than line 1 names. A comma in a number or a name needs quotes.")
    cells = dict(zip(named, row, strict=False))

    def cell(name: str) -> str:
        return cells.get(name, "").strip()

    sign, value = _signed(cell("value"))
    return Line(
        _moment(cell("date"), cell("time"), zone),
        Value(
            name=_needed(cell("name"), "name"),
            value=number_of(value, "value"),
            unit=_needed(cell("unit"), "unit"),
            sign=sign,
            low=number_of(cell("low"), "low") if cell("low") else None,
            high=number_of(cell("high"), "high") if cell("high") else None,
            laboratory=cell("laboratory"),
            words=cell("words"),
        ),
    )


def _of_fhir(one: object, zone: ZoneInfo) -> Line:
    if not isinstance(one, dict) or one.get("resourceType") != "Observation":
        raise BadInput("it is no Observation.")
    if one.get("status") not in ("final", "amended", "corrected"):
        raise BadInput(f"its status is {str(one.get('status'))[:20]!r}; only final, amended or corrected counts.")
    quantity, ranges = _table(one, "valueQuantity"), one.get("referenceRange") or [{}]
    number = quantity.get("value")
    if not isinstance(number, Decimal):
        raise BadInput("it has no valueQuantity with a number.")
    around = ranges[0] if isinstance(ranges, list) and ranges and isinstance(ranges[0], dict) else {}
    return Line(
        _aware(str(one.get("effectiveDateTime", "")), zone),
        Value(
            name=_needed(_name(_table(one, "code")), "code.text"),
            value=fine_enough(number, "value"),
            unit=_needed(str(quantity.get("unit") or quantity.get("code") or ""), "unit"),
            sign=str(quantity.get("comparator", ""))[:1] if quantity.get("comparator") in ("<", ">") else "",
            low=_end(around, "low"),
            high=_end(around, "high"),
            laboratory=str(_table(_first(one, "performer"), "").get("display", "")),
        ),
    )


def _table(one: Mapping[str, object], key: str) -> dict[str, object]:
    found = one.get(key) if key else one
    return found if isinstance(found, dict) else {}


def _first(one: Mapping[str, object], key: str) -> dict[str, object]:
    found = one.get(key)
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}


def _name(code: Mapping[str, object]) -> str:
    coding = _first(code, "coding")
    return str(code.get("text") or coding.get("display") or coding.get("code") or "")


def _end(around: Mapping[str, object], key: str) -> Decimal | None:
    found = _table(around, key).get("value")
    return fine_enough(found, key) if isinstance(found, Decimal) else None


def _signed(text: str) -> tuple[str, str]:
    return (text[0], text[1:]) if text[:1] in ("<", ">") else ("", text)


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise BadInput(f"the {what} is missing.")
    return text.strip()


def _moment(date: str, time: str, zone: ZoneInfo) -> dt.datetime:
    try:
        day = dt.date.fromisoformat(date)
    except ValueError as wrong:
        raise BadInput(f"date {date[:20]!r} is no day; write it like 2026-11-17.") from wrong
    try:
        clock_time = dt.time.fromisoformat(time) if re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", time) else None
    except ValueError:
        clock_time = None
    if clock_time is None:
        raise BadInput(f"time {time[:20]!r} is no time of day; write it like 07:30.")
    return dt.datetime.combine(day, clock_time, tzinfo=zone).astimezone(dt.UTC)


def _aware(text: str, zone: ZoneInfo) -> dt.datetime:
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput(f"effectiveDateTime {text[:30]!r} is no moment.") from wrong
    if len(text) <= len("2026-11-17"):
        raise BadInput(f"effectiveDateTime {text!r} names no time of day.")
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(dt.UTC)
