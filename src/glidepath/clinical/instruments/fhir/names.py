"""What instruments are called in FHIR R4, and the extension that carries what FHIR has no element for.

`SCORING` on a Questionnaire holds, as JSON text, the definition without its items (bands, levels, flags, alerts,
missing rule, terms); on an item, what its FHIR element does not say (points, branching, who is asked, our label).
A system that does not know it still reads items, answers and their ordinal values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from glidepath.clinical.facts.instruments import Instrument, Item

SCORING = "urn:glidepath:scoring:1"
CANONICAL = "urn:glidepath:instrument:"
ANSWERS = "urn:glidepath:answer"
ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
OLD_ORDINAL = "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue"
LOWEST = "http://hl7.org/fhir/StructureDefinition/minValue"
HIGHEST = "http://hl7.org/fhir/StructureDefinition/maxValue"
UNIT = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"
LOINC = "http://loinc.org"
Resource = Mapping[str, Any]


class QuestionnaireError(ValueError):
    """A Questionnaire or a response that cannot be used: where, what stands there, what to do."""


def canonical(instrument: Instrument) -> str:
    """The stable address of an instrument, without its version."""
    return f"{CANONICAL}{instrument.key}"


def link_id(item: Item) -> str:
    return item.link_id or item.key


def code_of(item: Item, answer: int) -> str:
    """What an allowed answer is called outside."""
    return item.codes[item.allowed.index(answer)] if item.codes else str(answer)


def packed(content: Any) -> str:
    """A definition as JSON text; numbers stay numbers."""
    return json.dumps(content, default=float, ensure_ascii=False, sort_keys=True)


def unpacked(text: str) -> Any:
    """What `packed` made, every decimal exact. Raises QuestionnaireError."""
    try:
        return json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise QuestionnaireError(f"The extension {SCORING} is not the JSON it should be.") from None


def tables(content: Any, key: str) -> list[Resource]:
    """The objects of a list; nothing else is one."""
    found = content.get(key) if isinstance(content, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def text_of(content: Resource, key: str) -> str | None:
    found = content.get(key)
    return found.strip() if isinstance(found, str) and found.strip() else None


def extension(content: Resource, *urls: str) -> Any:
    """The value of the first extension of these addresses, whatever its type; None without one."""
    for one in tables(content, "extension"):
        if one.get("url") in urls:
            return next((value for name, value in one.items() if name.startswith("value")), None)
    return None


def whole(value: Any) -> int | None:
    """A whole number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return int(value) if value == int(value) else None
    except (ValueError, OverflowError):
        return None


def flat(items: list[Resource], depth: int = 0) -> Iterator[Resource]:
    """Every item, those inside groups and answers too. Raises QuestionnaireError for a nest without end."""
    if depth > 20:
        raise QuestionnaireError("The items are nested deeper than any form is.")
    for one in items:
        yield one
        yield from flat(tables(one, "item"), depth + 1)
        for answer in tables(one, "answer"):
            yield from flat(tables(answer, "item"), depth + 1)
