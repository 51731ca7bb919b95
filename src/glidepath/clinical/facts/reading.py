"""To read one fact file and take values out of it with proof: what is missing or cannot be stops the start-up."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from glidepath.clinical.facts.errors import BrokenFact
from glidepath.clinical.facts.provenance import Seen

_UNIT_WORDS = (
    "mg mg/day mg/mL mL h min days weeks months years percent points doses ratio people RASS mmHg C L L/h"
    " kg ms mmol/L mg/dL"
)
UNITS = frozenset(_UNIT_WORDS.split()) | {"per min", "days/week", "clock time", "percent of the start per day"}
LARGEST = 1_000_000  # of a whole number in a form
ANSWER = re.compile(r"-?[0-9]{1,6}")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a fact file, with the name under which a fault in it is reported."""

    file: Path
    path: str
    content: Mapping[str, Any]

    def broken(self, key: str, problem: str) -> BrokenFact:
        return BrokenFact(self.file, f"{self.path}.{key}" if self.path else key, problem)

    def text(self, key: str) -> str:
        found = self.content.get(key)
        if not isinstance(found, str) or not found.strip():
            raise self.broken(key, "needs words")
        return found

    def maybe_text(self, key: str) -> str | None:
        found = self.content.get(key)
        return found if isinstance(found, str) else None

    def maybe_words(self, key: str) -> str | None:
        """Words, None where there are none. Raises BrokenFact for something else."""
        return self.text(key) if key in self.content else None

    def number(self, key: str) -> Decimal:
        found = self.maybe_number(key)
        if found is None:
            raise self.broken(key, "needs a number")
        return found

    def maybe_number(self, key: str) -> Decimal | None:
        found = self.content.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            raise self.broken(key, f"{found!r} is not a number")
        value = Decimal(found)
        if not value.is_finite():
            raise self.broken(key, f"{found!r} is not a finite number")
        return value

    def positive(self, key: str) -> Decimal | None:
        found = self.maybe_number(key)
        if found is not None and found <= 0:
            raise self.broken(key, f"{found} is not above zero")
        return found

    def quantity(self, key: str) -> Decimal:
        """A `{ value, unit }` entry: its number, its unit known."""
        entry = self.table(key)
        unit = entry.text("unit")
        if unit not in UNITS:
            raise entry.broken("unit", f"“{unit}” is not a unit the facts use")
        return entry.number("value")

    def ordered(self, low: str = "low", high: str = "high") -> tuple[Decimal | None, Decimal | None]:
        """Two bounds, low not above high."""
        found = self.maybe_number(low), self.maybe_number(high)
        if found[0] is not None and found[1] is not None and found[0] > found[1]:
            raise self.broken(low, f"runs from {found[0]} down to {found[1]}")
        return found

    def fraction(self, key: str) -> Fraction | None:
        """The smallest part of a piece: whole, half or quarter."""
        found = self.maybe_number(key)
        if found is not None and Fraction(found) not in (Fraction(1), Fraction(1, 2), Fraction(1, 4)):
            raise self.broken(key, f"{found} is not 1, 0.5 or 0.25 of a piece")
        return None if found is None else Fraction(found)

    def word(self, key: str, kind: type[Word], default: Word | None = None) -> Word:
        found = self.content.get(key)
        if found is None and default is not None:
            return default
        try:
            return kind(str(found))
        except ValueError:
            raise self.broken(key, f"{found!r} is none of {', '.join(kind)}") from None

    def seen(self, default: Seen | None = None) -> Seen:
        return self.word("seen", Seen, default)

    def source(self, known: Collection[str], key: str = "source") -> str:
        found = self.text(key)
        if found not in known and found not in ("derived", "background"):
            raise self.broken(key, f"“{found}” is not a reference the facts have")
        return found

    def table(self, key: str) -> Table:
        found = self.content.get(key)
        if not isinstance(found, Mapping):
            raise self.broken(key, "needs a table")
        return Table(self.file, f"{self.path}.{key}" if self.path else key, found)

    def maybe_table(self, key: str) -> Table | None:
        """A table, None where there is none. Raises BrokenFact for something else."""
        return self.table(key) if key in self.content else None

    def tables(self, key: str) -> list[Table]:
        """A list of tables; one table stands for a list of one, nothing for an empty one."""
        found = self.content.get(key, ())
        entries: Sequence[Any] = [found] if isinstance(found, Mapping) else found
        return [
            Table(self.file, f"{self.path}.{key}[{number}]" if self.path else f"{key}[{number}]", entry)
            for number, entry in enumerate(entries)
            if isinstance(entry, Mapping)
        ]

    def list_of_tables(self, key: str) -> list[Table]:
        """A list of tables, each of them one; nothing for an empty one."""
        found = self.content.get(key, ())
        entries = [found] if isinstance(found, Mapping) else found
        if isinstance(entries, str) or not isinstance(entries, Sequence):
            raise self.broken(key, "needs a list of tables")
        if not all(isinstance(one, Mapping) for one in entries):
            raise self.broken(key, "needs tables, and holds something else")
        return self.tables(key)

    def names(self, key: str) -> tuple[str, ...]:
        """A list of words, at least one."""
        found = self.content.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(one, str) and one.strip() for one in found):
            raise self.broken(key, "needs a list of words")
        return tuple(found)

    def whole(self, key: str) -> int:
        found = self.maybe_whole(key)
        if found is None:
            raise self.broken(key, "needs a whole number")
        return found

    def maybe_whole(self, key: str) -> int | None:
        found = self.maybe_number(key)
        if found is not None and (found != found.to_integral_value() or abs(found) > LARGEST):
            raise self.broken(key, f"{found} is not a whole number of a form")
        return None if found is None else int(found)

    def wholes(self, key: str) -> tuple[int, ...]:
        """A list of whole numbers, each once; nothing for an empty one."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(type(one) is int and abs(one) <= LARGEST for one in found):
            raise self.broken(key, "needs a list of whole numbers")
        return tuple(found)

    def labels(self) -> dict[int, str]:
        """A table of answers and what they mean: `0 = "Not at all"`."""
        for key in self.content:
            if not ANSWER.fullmatch(str(key)):
                raise self.broken(str(key)[:40], "is not an answer: a whole number")
        return {int(key): self.text(key) for key in self.content}

    def yes(self, key: str, *, default: bool) -> bool:
        found = self.content.get(key, default)
        if not isinstance(found, bool):
            raise self.broken(key, f"{found!r} is neither true nor false")
        return found

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        found = self.text(key)
        if found not in allowed:
            raise self.broken(key, f"“{found[:40]}” is none of {', '.join(allowed)}")
        return found

    def source_in(self, known: Collection[str] | None) -> str:
        """The source, among the references of the facts; None: in the words of whoever wrote the file."""
        return self.text("source") if known is None else self.source(known)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(one) for one in self.content.get(key, ()))


def read(path: Path) -> Table:
    """The file, every decimal exact, every `same_as` replaced by the number it names.

    Raises BrokenFact for what is no TOML, and for a `same_as` that leads nowhere.
    """
    content: Mapping[str, Any] = _resolved(_content(path), path, "")
    return Table(path, "", content)


def _content(path: Path) -> Mapping[str, Any]:
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except (OSError, tomllib.TOMLDecodeError) as wrong:
        raise BrokenFact(path, "file", str(wrong)) from wrong


@lru_cache(maxsize=256)
def _parsed(path: Path, changed: int) -> Mapping[str, Any]:
    """The file as it stands at this change; read once, since several facts ask for the same file."""
    with path.open("rb") as stream:
        return tomllib.load(stream, parse_float=Decimal)


def _resolved(value: Any, file: Path, path: str) -> Any:
    """`{ same_as = "../limits.toml a.b.0" }` as that number, so that each number stands in one place.

    With `times` it is multiplied (weeks to days); with more keys (unit, seen) it becomes their `value`.
    """
    if isinstance(value, list):
        return [_resolved(item, file, f"{path}[{number}]") for number, item in enumerate(value)]
    if not isinstance(value, Mapping):
        return value
    if "same_as" not in value:
        return {key: _resolved(item, file, f"{path}.{key}" if path else key) for key, item in value.items()}
    number = _named(str(value["same_as"]), file, path) * value.get("times", 1)
    others = {key: item for key, item in value.items() if key not in ("same_as", "times")}
    rest = {key: _resolved(item, file, f"{path}.{key}") for key, item in others.items()}
    return {**rest, "value": number} if rest else number


def _named(reference: str, file: Path, path: str) -> Decimal:
    """The number that "file.toml key.key.0" names, seen from `file`."""
    name, _, keys = reference.partition(" ")
    found: Any = _content((file.parent / name).resolve())
    for key in keys.split("."):
        try:
            found = found[int(key)] if isinstance(found, list) else found[key]
        except (KeyError, IndexError, TypeError, ValueError):
            raise BrokenFact(file, path, f"same_as “{reference}” leads nowhere") from None
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        raise BrokenFact(file, path, f"same_as “{reference}” is no number of its own")
    return Decimal(found)
