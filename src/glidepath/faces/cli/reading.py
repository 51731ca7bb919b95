"""What is typed on the command line: days, times, shares, amounts, names, files. What cannot be meant says why."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import click

from glidepath.clinical.amounts import AmountError, parse_mg
from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.node import read_day
from glidepath.clinical.regimen import RegimenError, parse_time
from glidepath.faces.cli.exits import WrongUse

FROM_STDIN = "-"
LARGEST = 20_000_000  # bytes of a file that is read
LONGEST_INTERVAL = 366  # days, ours
SMALLEST_CUT = Fraction(1, 2)  # percent, ours: finer than any product can follow
_DAYS = re.compile(r"(\d{1,4})\s*(d|day|days|w|week|weeks)?", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,6})?)\s*%?")
_HOURS = re.compile(r"(\d{1,4}(?:[.,]\d{1,4})?)\s*(h|hours?|m|min)?")
_MG = re.compile(r"([\d.,]+)\s*(mg|milligrams?)?", re.IGNORECASE)


class Day(click.ParamType):
    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return read_day(value)
        except PlanFileError as wrong:
            self.fail(str(wrong), param, ctx)


class TimeOfDay(click.ParamType):
    name = "HH:MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.time:
        if isinstance(value, dt.time):
            return value
        try:
            return parse_time(value)
        except RegimenError as wrong:
            self.fail(str(wrong), param, ctx)


class Share(click.ParamType):
    """A percentage, read as a share of one: "10%" or "10"."""

    name = "PERCENT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        if isinstance(value, Fraction):
            return value
        found = _PERCENT.fullmatch(value.strip())
        if not found:
            self.fail(f"“{value}” is not a share. Write a percentage like 10%.", param, ctx)
        percent = Fraction(found[1].replace(",", "."))
        if not SMALLEST_CUT <= percent < 100:
            hint = f" Did you mean {percent * 100}%?" if 0 < percent < SMALLEST_CUT else ""
            self.fail(f"“{value}” is not possible: write 0.5% or more, and less than 100%.{hint}", param, ctx)
        return percent / 100


class Interval(click.ParamType):
    """Whole days: "14d", "14", "2w"."""

    name = "DAYS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        found = _DAYS.fullmatch(value.strip())
        if not found:
            self.fail(f"“{value}” is not a number of days. Write it like 14d or 2w.", param, ctx)
        days = int(found[1]) * (7 if (found[2] or "d").lower().startswith("w") else 1)
        if not 1 <= days <= LONGEST_INTERVAL:
            self.fail(f"“{value}” is not possible: write 1 to {LONGEST_INTERVAL} days.", param, ctx)
        return days


class Hours(click.ParamType):
    """A length of time in hours: "1h", "30min", "0.5h", "1"."""

    name = "TIME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        if isinstance(value, Fraction):
            return value
        found = _HOURS.fullmatch(value.strip())
        hours = Fraction(found[1].replace(",", ".")) / (60 if found[2] in ("min", "m") else 1) if found else Fraction(0)
        if not Fraction(1, 60) <= hours <= 24 * 7:
            self.fail(f"“{value}” is not a length of time here. Write it like 1h or 30min, up to a week.", param, ctx)
        return hours


class Milligrams(click.ParamType):
    """An amount in mg: "1mg", "0.5 mg", "1"."""

    name = "MG"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        if isinstance(value, Decimal):
            return value
        found = _MG.fullmatch(value.strip())
        if not found:
            self.fail(f"“{value}” is not an amount. Write mg like 1mg.", param, ctx)
        try:
            return parse_mg(found[1], what="amount")
        except AmountError as wrong:
            self.fail(f"{wrong}.", param, ctx)


class Zone(click.ParamType):
    """A time zone by its name, as "Europe/London"."""

    name = "NAME"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.tzinfo:
        if isinstance(value, dt.tzinfo):
            return value
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = get_close_matches(value, available_timezones(), n=1, cutoff=0.6)
            meant = f" Did you mean “{near[0]}”?" if near else " Write it like Europe/London or America/New_York."
            self.fail(f"“{value}” is not a time zone.{meant}", param, ctx)


def medicine_named(name: str, formulary: Formulary) -> str:
    """The name of a medicine as doses carry it. Raises WrongUse with close names."""
    try:
        return formulary.find(name).name
    except UnknownMedicine as wrong:
        raise WrongUse(str(wrong)) from wrong


def table_named(name: str, formulary: Formulary) -> str:
    """The key of an equivalence table that may be calculated with. Raises WrongUse with close names."""
    usable = [table.name for table in formulary.usable_tables()]
    try:
        table = formulary.table(name)
    except KeyError as wrong:
        near = get_close_matches(name.lower().replace("_", "-"), usable, n=1, cutoff=0.4)
        meant = f" Did you mean “{near[0]}”?" if near else ""
        raise WrongUse(f"“{name}” is not an equivalence table.{meant} There are {', '.join(usable)}.") from wrong
    if not table.usable:
        raise WrongUse(f"{table.name} is not calculated with: {table.why_not}. Name one of {', '.join(usable)}.")
    return table.key


def read_text(path: str) -> str:
    """The text of a file, or of standard input for "-". Raises WrongUse: not there, no text, too large."""
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if path == FROM_STDIN else _bytes(Path(path))
    except (OSError, ValueError) as wrong:
        raise WrongUse(f"{path} cannot be read: {getattr(wrong, 'strerror', None) or wrong}.") from wrong
    if len(raw) > LARGEST:
        raise WrongUse(f"{path} is larger than any plan is.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"{path} is not a text in UTF-8. Save it as UTF-8.") from None


def write_bytes(path: str, body: bytes) -> None:
    """Writes a file and says so on standard error. Raises WrongUse where it cannot be written."""
    try:
        Path(path).write_bytes(body)
    except (OSError, ValueError) as wrong:
        raise WrongUse(f"{path} cannot be written: {getattr(wrong, 'strerror', None) or wrong}.") from wrong
    click.echo(f"Wrote {path}.", err=True)


@contextmanager
def said_as_wrong_use() -> Iterator[None]:
    """What the core says of input that cannot be meant, as wrong use."""
    try:
        yield
    except (PlanFileError, PlanError, RegimenError, AmountError, UnknownMedicine) as wrong:
        raise WrongUse(_sentence(str(wrong))) from wrong


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
