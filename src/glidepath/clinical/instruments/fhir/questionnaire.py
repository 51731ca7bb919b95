"""An instrument as a FHIR R4 Questionnaire, and our own Questionnaire back as the same instrument."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from glidepath.clinical.facts.errors import BrokenFact
from glidepath.clinical.facts.instrument_rules import Condition
from glidepath.clinical.facts.instruments import Instrument, Item, Kind, Pack, Parameter
from glidepath.clinical.facts.load import facts, instruments, rules
from glidepath.clinical.facts.read_instruments import instrument_of
from glidepath.clinical.facts.reading import Table
from glidepath.clinical.instruments.definition import DefinitionError, defined
from glidepath.clinical.instruments.fhir.names import (
    ANSWERS,
    CANONICAL,
    HIGHEST,
    LOINC,
    LOWEST,
    ORDINAL,
    SCORING,
    UNIT,
    QuestionnaireError,
    Resource,
    canonical,
    code_of,
    extension,
    link_id,
    packed,
    tables,
    text_of,
    unpacked,
)

TYPES = {Kind.CHOICE: "choice", Kind.TEXT: "text", Kind.CLOCK: "time", Kind.DATE: "date"}
SAID_BY_FHIR = {"text", "allowed", "anchors", "key", "link_id"}  # of an item; the rest goes into the extension
ANSWERS_OF_OTHERS = {"allowed", "anchors"}  # where the codes are another system's, ours stand in the extension too


def questionnaire(instrument: Instrument) -> dict[str, Any]:
    """The Questionnaire: items with their allowed answers and ordinal values, our rules in the extension SCORING."""
    rest = {key: value for key, value in instrument.definition.items() if key != "items"}
    found: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "url": canonical(instrument),
        "version": instrument.version,
        "name": instrument.key,
        "title": instrument.name,
        "status": "active",
        "subjectType": ["Patient"],
        "language": instrument.language,
        "purpose": instrument.purpose,
        "copyright": instrument.terms,
        "extension": [{"url": SCORING, "valueString": packed(rest)}],
        "item": _items(instrument),
    }
    if instrument.loinc and instrument.loinc.panel:
        found["code"] = [{"system": LOINC, "code": instrument.loinc.panel}]
    return found


def _items(instrument: Instrument) -> list[dict[str, Any]]:
    if instrument.parameters:
        return [_parameter(one) for one in instrument.parameters]
    written = instrument.definition["items"]
    return [_item(instrument, item, entry) for item, entry in zip(instrument.items, written, strict=True)]


def _item(instrument: Instrument, item: Item, written: Mapping[str, Any]) -> dict[str, Any]:
    said = SAID_BY_FHIR - (ANSWERS_OF_OTHERS if item.codes else set())
    kept = {key: value for key, value in written.items() if key not in said}
    if item.text is None:
        kept.pop("label")  # it is the text
    found: dict[str, Any] = {
        "linkId": link_id(item),
        "prefix": str(item.number),
        "text": item.shown,
        "type": TYPES.get(item.kind) or ("integer" if item.scored else "decimal"),
        "required": item.required and not item.needed.conditions,
        "extension": [{"url": SCORING, "valueString": packed({"key": item.key, **kept})}, *_bounds(item)],
    }
    if item.allowed:
        found["answerOption"] = [_option(item, answer) for answer in item.allowed]
    return {**found, **_enabled(instrument, item)}


def _bounds(item: Item) -> list[dict[str, Any]]:
    kind = "valueInteger" if item.scored else "valueDecimal"
    ends = [(LOWEST, item.low), (HIGHEST, item.high)]
    found: list[dict[str, Any]] = [{"url": url, kind: _number(end)} for url, end in ends if end is not None]
    return [*found, {"url": UNIT, "valueCoding": {"display": item.unit}}] if item.unit else found


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _option(item: Item, answer: int) -> dict[str, Any]:
    coding = {"system": ANSWERS, "code": code_of(item, answer)}
    if answer in item.anchors:
        coding["display"] = item.anchors[answer]
    option: dict[str, Any] = {"valueCoding": coding}
    if item.scored:
        option["extension"] = [{"url": ORDINAL, "valueDecimal": item.points[answer]}]
    return option


def _enabled(instrument: Instrument, item: Item) -> dict[str, Any]:
    """The branching that FHIR can say: one question, and the answers that lead on. The rest stays in the extension."""
    conditions = item.needed.conditions
    if len(conditions) != 1 or len(conditions[0].items) != 1:
        return {}
    question = instrument.item(conditions[0].items[0])
    leading = [answer for answer, points in question.points.items() if _within(conditions[0], points)]
    if not leading:
        return {}
    enable = [
        {
            "question": link_id(question),
            "operator": "=",
            "answerCoding": {"system": ANSWERS, "code": code_of(question, one)},
        }
        for one in leading
    ]
    return {"enableWhen": enable, "enableBehavior": "any"}


def _within(condition: Condition, points: int) -> bool:
    return (condition.low is None or points >= condition.low) and (condition.high is None or points <= condition.high)


def _parameter(one: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {
        "linkId": one.key if one.scale in (None, 1) else f"{one.key}.{one.scale}",
        "text": one.label,
    }
    if not one.choices:
        return {**found, "type": "decimal", "required": False}
    options = [
        {
            "valueCoding": {"system": ANSWERS, "code": name, "display": one.choice_labels.get(name, name)},
            "extension": [{"url": ORDINAL, "valueDecimal": score}],
        }
        for name, score in one.choices.items()
    ]
    return {**found, "type": "choice", "required": False, "answerOption": options}


def is_ours(resource: Resource) -> bool:
    """Whether a Questionnaire carries our own rules."""
    return isinstance(extension(resource, SCORING), str)


def read_own(resource: Resource) -> Instrument:
    """The instrument that `questionnaire` wrote, exactly. Raises QuestionnaireError.

    A built-in instrument must come back as it is built in: scoring rules from outside never stand in its place.
    """
    key = (text_of(resource, "url") or "").removeprefix(CANONICAL)
    content = unpacked(str(extension(resource, SCORING)))
    if not isinstance(content, Mapping):
        raise QuestionnaireError(f"The extension {SCORING} does not hold a definition.")
    if not content.get("parameters"):
        content = {**content, "items": [_read_item(item) for item in tables(resource, "item")]}
    built_in = instruments().get(key)
    if built_in is None or (built_in.pack is Pack.CENTRE and content.get("version") != built_in.version):
        return _of_a_centre(content, key)
    try:
        found = instrument_of(Table(Path(f"{key}.json"), "", content), key, facts().sources.keys(), rules())
    except BrokenFact as wrong:
        raise QuestionnaireError(f"{key}: {wrong.key}: {wrong.problem}.") from None
    if found != built_in:
        raise QuestionnaireError(
            f"It calls itself {built_in.name}, version {built_in.version}, and differs from the one that is built in. "
            "Give it another url and version to bring it as the centre's own."
        )
    return built_in


def _of_a_centre(content: Mapping[str, Any], key: str) -> Instrument:
    try:
        return defined(content, key)
    except DefinitionError as wrong:
        raise QuestionnaireError(str(wrong)) from None


def _read_item(item: Resource) -> dict[str, Any]:
    """One item of a definition, from the FHIR element and from the extension beside it."""
    kept = unpacked(str(extension(item, SCORING) or "{}"))
    if not isinstance(kept, Mapping) or "key" not in kept:
        raise QuestionnaireError(f"Item {text_of(item, 'linkId') or '?'} has lost its extension {SCORING}.")
    found = dict(kept)
    words = text_of(item, "text")
    found["text" if "label" in kept else "label"] = words or ""
    if text_of(item, "linkId") != kept["key"]:
        found["link_id"] = text_of(item, "linkId") or ""
    codings = [
        one["valueCoding"] for one in tables(item, "answerOption") if isinstance(one.get("valueCoding"), Mapping)
    ]
    return {**found, **_read_answers(codings, str(kept["key"]))} if codings and "codes" not in kept else found


def _read_answers(codings: list[Resource], key: str) -> dict[str, Any]:
    """The allowed answers with their words."""
    words = {text_of(coding, "code") or "": text_of(coding, "display") for coding in codings}
    try:
        allowed = [int(code) for code in words]
    except ValueError:
        raise QuestionnaireError(f"The answers of {key} are not all numbers: {', '.join(words)[:80]}.") from None
    anchors = {code: said for code, said in words.items() if said is not None}
    return {"allowed": allowed, **({"anchors": anchors} if anchors else {})}
