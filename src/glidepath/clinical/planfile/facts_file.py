"""What is known of a person, as a file says it: TOML or JSON, by the names of the rules' vocabulary.

What is not in the file is unknown. "use.months", use_months and a table [use] with months are the same.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from glidepath.clinical.guidelines.facts import VOCABULARY, BadFact, PersonFacts
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.node import parsed_json

# Names of the guideline's vocabulary that are worked out from the plan itself, and are no facts of a person.
WORKED_OUT = frozenset({"dde", "dde_min", "dde_max", "dep_risk", "step_pct", "cum14_pct", "last_step_days", "setting"})


@dataclass(frozen=True, slots=True)
class FactsFile:
    """The facts, and the names in the file that a plan does not ask for."""

    facts: PersonFacts
    not_used: tuple[str, ...] = ()


def read_facts(text: str) -> FactsFile:
    """The facts of a file. Raises PlanFileError: a name no rule asks for, a value its question does not allow."""
    given: dict[str, object] = {}
    not_used = []
    for name, value in _flat(parsed(text, "facts", "age = 61"), ""):
        key = name.strip().lower().replace(".", "_")
        if key not in VOCABULARY and key in WORKED_OUT:
            not_used.append(name)
        elif key in given:
            raise PlanFileError(f"“{name}” stands twice in the facts. Write it once.")
        else:
            given[key] = value
    try:
        return FactsFile(PersonFacts.of(given), tuple(not_used))
    except BadFact as wrong:
        raise PlanFileError(f"The facts cannot be read: {wrong}{'' if str(wrong).endswith('.') else '.'}") from None


def parsed(text: str, what: str, like: str) -> dict[str, Any]:
    """The names and values of a TOML or JSON file of `what`. Raises PlanFileError, with a line like `like`."""
    cleaned = text.removeprefix("\ufeff")
    if cleaned.lstrip().startswith("{"):
        return parsed_json(cleaned).object()
    try:
        return tomllib.loads(cleaned, parse_float=Decimal)
    except tomllib.TOMLDecodeError as wrong:
        raise PlanFileError(f"The {what} are neither TOML nor JSON: {wrong}. Write lines like {like}.") from None
    except (RecursionError, ValueError, ArithmeticError):
        raise PlanFileError(f"The {what} are not written like TOML: write lines like {like}.") from None


def _flat(table: dict[str, Any], before: str) -> Iterator[tuple[str, object]]:
    """Every value with its whole name, one table after another (no table is so deep that it is nested in itself)."""
    waiting = [(before, table)]
    while waiting:
        path, inside = waiting.pop()
        for key, value in inside.items():
            name = f"{path}.{key}" if path else str(key)
            if isinstance(value, dict):
                waiting.append((name, value))
            else:
                yield name, _value(name, value)


def _value(name: str, value: object) -> object:
    if value is None or isinstance(value, bool | int | Decimal | str | dt.date):
        return value
    raise PlanFileError(f"“{name}” in the facts is a list or a time. Write one answer, a number or a day.")
