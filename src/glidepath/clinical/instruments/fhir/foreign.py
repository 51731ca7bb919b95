"""A Questionnaire from elsewhere as an instrument of the centre: what can be read, and a list of what could not.

FHIR R4 has no element for a total, bands or a missing-item rule, so none is guessed: the items and their answers come
in, and the centre adds how they are scored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.instruments.definition import DefinitionError, defined
from glidepath.clinical.instruments.fhir.names import (
    HIGHEST,
    LOWEST,
    OLD_ORDINAL,
    ORDINAL,
    UNIT,
    QuestionnaireError,
    Resource,
    extension,
    flat,
    tables,
    text_of,
    whole,
)
from glidepath.clinical.instruments.fhir.questionnaire import is_ours, read_own

WORDS = {"string": "text", "text": "text", "time": "clock", "date": "date"}
NUMBERS = ("integer", "decimal", "quantity")
CHOICES = ("choice", "open-choice", "coding")
MOST_ITEMS = 500
NO_BOUND = 1_000_000
NOT_TOLD = "not told"


@dataclass(frozen=True, slots=True)
class Imported:
    """instrument: what came of it. not_read: in plain words, everything that was left behind."""

    instrument: Instrument
    not_read: tuple[str, ...]


def read_questionnaire(resource: Any, key: str) -> Imported:
    """A Questionnaire, ours or another's. key: what the centre calls it. Raises QuestionnaireError."""
    if not isinstance(resource, Mapping) or resource.get("resourceType") != "Questionnaire":
        raise QuestionnaireError("This is no FHIR Questionnaire: resourceType is not “Questionnaire”.")
    if is_ours(resource):
        return Imported(read_own(resource), ())
    reading = _Reading()
    content = reading.content(resource)
    try:
        return Imported(defined(content, key), tuple(reading.left))
    except DefinitionError as wrong:
        raise QuestionnaireError(f"It cannot be used as it is. {wrong}") from None


@dataclass(slots=True)
class _Reading:
    """One Questionnaire while it is read."""

    left: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)  # link id -> key of the item
    answers: dict[str, dict[str, int]] = field(default_factory=dict)  # link id -> code -> our answer

    def content(self, resource: Resource) -> dict[str, Any]:
        items = [self._item(one) for one in self._asked(resource)]
        self.left.append("How a total, bands and missing answers are worked out: FHIR has no place for it.")
        title = text_of(resource, "title") or text_of(resource, "name") or "Questionnaire"
        terms = text_of(resource, "copyright")
        if terms is None:
            self.left.append("The terms of use: none stand in it. Confirm them before it is used.")
        if text_of(resource, "version") is None:
            self.left.append("The version: none stands in it, so it is called “not told”.")
        return {
            "name": title[:200],
            "version": text_of(resource, "version") or NOT_TOLD,
            "purpose": text_of(resource, "purpose") or text_of(resource, "description") or NOT_TOLD,
            "origin": text_of(resource, "publisher") or NOT_TOLD,
            "terms": terms or "not told; the centre confirms them",
            "wording": "as in the Questionnaire that was brought",
            "wording_source": text_of(resource, "url") or NOT_TOLD,
            "wording_date": text_of(resource, "date") or NOT_TOLD,
            "language": text_of(resource, "language") or NOT_TOLD,
            "period": NOT_TOLD,
            "missing_rule": "No total is worked out until the centre says how.",
            "totals": "none",
            "items": items,
        }

    def _asked(self, resource: Resource) -> list[Resource]:
        """The questions, out of their groups; each link id gets a key."""
        found = []
        for one in flat(tables(resource, "item")):
            kind, link = text_of(one, "type"), text_of(one, "linkId")
            if kind == "group":
                self._leave(one, "its group; the questions in it came in one after another")
            elif kind == "display":
                self._leave(one, "words to be shown only")
            elif link is None or link in self.keys:
                self._leave(one, "a question without a linkId of its own")
            elif kind not in (*WORDS, *NUMBERS, *CHOICES, "boolean"):
                self._leave(one, f"an answer of the type “{kind}”")
            else:
                self.keys[link] = self._key(link)
                found.append(one)
        if len(found) > MOST_ITEMS:
            raise QuestionnaireError(f"It has {len(found)} questions, more than {MOST_ITEMS}, which is no form.")
        return found

    def _key(self, link: str) -> str:
        plain = re.sub(r"[^a-z0-9]+", "_", link.lower()).strip("_")[:30] or "item"
        key = plain if plain[0].isalpha() else f"q_{plain}"
        return key if key not in self.keys.values() else f"{key}_{len(self.keys)}"

    def _leave(self, item: Resource, what: str) -> None:
        name = text_of(item, "linkId") or text_of(item, "text") or "an item"
        self.left.append(f"{name[:60]}: {what}.")

    def _item(self, item: Resource) -> dict[str, Any]:
        link = text_of(item, "linkId") or ""
        kind = text_of(item, "type") or ""
        words = text_of(item, "text") or link
        found = {
            "key": self.keys[link],
            **({"link_id": link} if link != self.keys[link] else {}),
            "label": words[:120],
            "text": words,
            "required": item.get("required") is True,
            **self._answer(item, kind, link),
            **self._branching(item),
        }
        if item.get("repeats") is True:
            self._leave(item, "more than one answer; one is taken")
        return found

    def _answer(self, item: Resource, kind: str, link: str) -> dict[str, Any]:
        if kind == "boolean":
            self.answers[link] = {"false": 0, "true": 1}
            return {"allowed": [0, 1], "codes": ["false", "true"], "anchors": {"0": "no", "1": "yes"}, "scored": False}
        if kind in WORDS:
            return {"kind": WORDS[kind]}
        if kind in NUMBERS:
            return self._number(item)
        options = tables(item, "answerOption")
        if not options:
            self._leave(item, "its list of answers; it is filled in with words")
            return {"kind": "text"}
        if kind == "open-choice":
            self._leave(item, "words of one's own beside the listed answers")
        return self._choice(item, options, link)

    def _number(self, item: Resource) -> dict[str, Any]:
        low, high = whole(extension(item, LOWEST)), whole(extension(item, HIGHEST))
        if low is None or high is None:
            self._leave(item, "its bounds; none stand in it that can be read")
        unit = extension(item, UNIT)
        named = text_of(unit, "display") or text_of(unit, "code") if isinstance(unit, Mapping) else None
        bounds = {"low": -NO_BOUND if low is None else low, "high": NO_BOUND if high is None else high}
        return {**bounds, "kind": "number", "scored": False, **({"unit": named} if named else {})}

    def _choice(self, item: Resource, options: list[Resource], link: str) -> dict[str, Any]:
        """The listed answers: by their ordinal values where each has one of its own, else numbered as they stand."""
        named = [_option(one) for one in options]
        codes = [code for code, _ in named]
        if len(set(codes)) != len(codes):
            self._leave(item, "its list of answers; two have one code, so it is filled in with words")
            return {"kind": "text"}
        points = [whole(_ordinal(one)) for one in options]
        known = [one for one in points if one is not None and abs(one) < NO_BOUND]
        scored = len(known) == len(points)
        if not scored:
            self._leave(item, "what its answers count; not each has an ordinal value")
        distinct = scored and len(set(known)) == len(known)
        allowed = known if distinct else list(range(len(options)))
        self.answers[link] = dict(zip(codes, allowed, strict=True))
        found = {
            "allowed": allowed,
            "codes": codes,
            "anchors": {str(answer): words for answer, (_, words) in zip(allowed, named, strict=True)},
            "scored": scored,
        }
        return {**found, "points": known} if scored and not distinct else found

    def _branching(self, item: Resource) -> dict[str, Any]:
        """`enableWhen` where each part asks for one listed answer of an earlier question; else it is left behind."""
        wanted = item.get("enableWhen")
        if not wanted:
            return {}
        parts = [self._condition(one) for one in tables(item, "enableWhen")]
        if not isinstance(wanted, list) or len(parts) != len(wanted) or None in parts:
            self._leave(item, "when it is asked; it is always shown, and may stay empty")
            return {"required": False}
        some = len(parts) > 1 and text_of(item, "enableBehavior") == "any"
        return {"needed_if_any" if some else "needed_if": parts}

    def _condition(self, one: Resource) -> dict[str, Any] | None:
        link = text_of(one, "question") or ""
        coding = one.get("answerCoding")
        code = text_of(coding, "code") if isinstance(coding, Mapping) else None
        if isinstance(one.get("answerBoolean"), bool):
            code = "true" if one["answerBoolean"] else "false"
        answer = self.answers.get(link, {}).get(code or "")
        if text_of(one, "operator") != "=" or answer is None:
            return None
        return {"sum": [self.keys[link]], "at_least": answer, "at_most": answer}


def _option(option: Resource) -> tuple[str, str]:
    """What an answer is called, and its words."""
    coding = option.get("valueCoding")
    if isinstance(coding, Mapping):
        code = text_of(coding, "code") or text_of(coding, "display") or ""
        return code or "?", text_of(coding, "display") or code or "?"
    value = next((value for name, value in option.items() if name.startswith("value")), None)
    words = str(value).strip()[:200] if isinstance(value, str | int) else "?"
    return words or "?", words or "?"


def _ordinal(option: Resource) -> Any:
    found = extension(option, ORDINAL, OLD_ORDINAL)
    coding = option.get("valueCoding")
    return extension(coding, ORDINAL, OLD_ORDINAL) if found is None and isinstance(coding, Mapping) else found
