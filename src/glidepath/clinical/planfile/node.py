"""A value of a JSON file with its place in it, so that every complaint names the place and says what to write."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import Enum
from fractions import Fraction
from typing import Any, NoReturn, TypeVar

from glidepath.clinical.amounts import AmountError, Dose, parse_mg
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.exact import exact_number, is_exact
from glidepath.clinical.regimen import RegimenError, parse_time

Choice = TypeVar("Choice", bound=Enum)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN = 60  # characters of a wrong value that a message repeats
FIRST_YEAR, LAST_YEAR = 1900, 2200  # ours: a day outside them is a slip of the pen


@dataclass(frozen=True, slots=True)
class Node:
    """`value` stands at `path` ("steps[3].doses[0].mg"); "" is the whole file."""

    value: Any
    path: str = ""

    def fail(self, problem: str) -> NoReturn:
        raise PlanFileError(f"{self.path or 'The file'} {problem}")

    def __getitem__(self, key: str) -> Node:
        """What stands under a name. It must be there."""
        found = self.maybe(key)
        if found is None:
            near = get_close_matches(key, [str(other) for other in self.object()], n=1, cutoff=0.6)
            meant = f" Is “{near[0]}” meant for it?" if near else ""
            self.fail(f"has no “{key}”.{meant}")
        return found

    def maybe(self, key: str) -> Node | None:
        """What stands under a name; None where nothing does, or null."""
        value = self.object().get(key)
        return None if value is None else Node(value, f"{self.path}.{key}" if self.path else key)

    def object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            self.fail(f"is {_said(self.value)}: write an object with names, like {{…}}.")
        return self.value

    def items(self) -> Iterator[Node]:
        if not isinstance(self.value, list):
            self.fail(f"is {_said(self.value)}: write a list, like […].")
        for number, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{number}]")

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.fail(f"is {_said(self.value)}: write a text in quotation marks.")
        return self.value

    def yes_no(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail(f"is {_said(self.value)}: write true or false.")
        return self.value

    def whole(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value <= 1_000_000:
            self.fail(f"is {_said(self.value)}: write a whole number of zero or more.")
        return self.value

    def mg(self) -> Decimal:
        """Milligrams as a decimal text; a bare number is understood."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.fail(f'is {_said(value)}: write mg as a decimal in quotation marks, like "2.5".')
        try:
            return parse_mg(str(value), what="amount")
        except AmountError as wrong:
            self.fail(f"cannot be read: {wrong}.")

    def exact(self) -> Fraction:
        """An exact number as `exact_text` writes it."""
        value = str(self.value) if isinstance(self.value, int | Decimal) else self.value
        if isinstance(self.value, bool) or not isinstance(value, str) or not is_exact(value):
            self.fail(f'is {_said(self.value)}: write a number in quotation marks, like "0.5" or "1/3".')
        return exact_number(value)

    def share(self) -> Fraction:
        """A percentage as a share of one: more than 0 and at most 100 %."""
        percent = self.exact()
        if not 0 < percent <= 100:
            self.fail(f"is {_said(self.value)}: write more than 0 and at most 100 %.")
        return percent / 100

    def day(self) -> dt.date:
        text = self.text()
        try:
            return read_day(text)
        except PlanFileError as wrong:
            self.fail(f"cannot be read: {wrong}")

    def time(self) -> dt.time:
        try:
            return parse_time(self.text())
        except RegimenError as wrong:
            self.fail(f"cannot be read: {wrong}")

    def one_of(self, kind: type[Choice]) -> Choice:
        known = {str(one.value): one for one in kind}
        text = self.text()
        if text not in known:
            near = get_close_matches(text, known, n=1, cutoff=0.6)
            meant = f" Did you mean “{near[0]}”?" if near else ""
            self.fail(f"is {_said(text)}; it is one of {', '.join(known)}.{meant}")
        return known[text]

    def named(self, find: Callable[[str], Any]) -> Any:
        """What `find` knows under this text: a medicine, a table. Its own words where it knows nothing."""
        try:
            return find(self.text())
        except LookupError as unknown:
            words = str(unknown.args[0])
            self.fail(f"cannot be read: {words}{'' if words.endswith('.') else '.'}")

    def dose(self, medicine: str) -> Dose:
        return Dose(self.mg(), medicine)


def parsed_json(text: str) -> Node:
    """The text as JSON, numbers exact. Raises PlanFileError, also where one object names something twice."""
    try:
        return Node(
            json.loads(
                text.removeprefix("\ufeff"), parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object
            )
        )
    except json.JSONDecodeError as wrong:
        raise PlanFileError(
            f"The file is not JSON: {wrong.msg} in line {wrong.lineno}, column {wrong.colno}."
        ) from None
    except RecursionError:
        raise PlanFileError("The file is nested deeper than any plan is.") from None
    except PlanFileError:
        raise
    except (ValueError, ArithmeticError):
        raise PlanFileError("The file holds a number that is too long to be meant.") from None


def read_day(text: str) -> dt.date:
    """A calendar day like 2026-12-01. Raises PlanFileError."""
    cleaned = text.strip()
    try:
        if not _DAY.fullmatch(cleaned):
            raise ValueError
        day = dt.date.fromisoformat(cleaned)
    except ValueError:
        raise PlanFileError(f"{_said(text)} is not a day. Write year, month and day like 2026-12-01.") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PlanFileError(f"{day} lies too far away to be meant. Look at the year.")
    return day


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise PlanFileError(
            f"The file names “{twice}” twice in one object. Write it once: which one holds is not said."
        )
    return found


def _constant(text: str) -> NoReturn:
    raise PlanFileError(f"The file holds {text}, which is no number. Write the amount, or leave it out.")


def _said(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"
