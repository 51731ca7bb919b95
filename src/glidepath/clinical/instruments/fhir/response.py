"""A filled form as a FHIR R4 QuestionnaireResponse, and back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from glidepath.clinical.facts.instruments import Instrument, Item, Kind
from glidepath.clinical.instruments.fhir.names import (
    ANSWERS,
    QuestionnaireError,
    Resource,
    canonical,
    code_of,
    flat,
    link_id,
    tables,
    text_of,
)
from glidepath.clinical.instruments.score import Answer, problem_with

VALUES = {Kind.NUMBER: "valueDecimal", Kind.TEXT: "valueString", Kind.CLOCK: "valueTime", Kind.DATE: "valueDate"}
STATUSES = ("in-progress", "completed", "amended", "stopped")  # "entered-in-error" holds nothing to take in
Answered = dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Response:
    """The answers of a response by item, None where there is none. authored: as written there, None without one."""

    answers: Mapping[str, Answer]
    status: str
    authored: str | None


def response(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    *,
    authored: dt.datetime,
    subject: str,
    status: str = "completed",
) -> dict[str, Any]:
    """The QuestionnaireResponse of answers by item. authored: aware. subject: a reference such as "Patient/p1".

    An unanswered item has no place in it. Raises QuestionnaireError for NEWS2, whose values are vital signs.
    """
    _prove_form(instrument)
    if authored.tzinfo is None:
        raise QuestionnaireError("The moment it was answered has no time zone.")
    given = [(item, answers.get(item.key)) for item in instrument.items]
    return {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{canonical(instrument)}|{instrument.version}",
        "status": status,
        "subject": {"reference": subject},
        "authored": authored.isoformat(),
        "item": [
            {"linkId": link_id(item), "text": item.shown, "answer": [_value(item, answer)]}
            for item, answer in given
            if answer is not None
        ],
    }


def _value(item: Item, answer: Answer) -> dict[str, Any]:
    if item.kind is Kind.CHOICE and isinstance(answer, int | Decimal):
        coding = {"system": ANSWERS, "code": code_of(item, int(answer))}
        words = item.anchors.get(int(answer))
        return {"valueCoding": {**coding, "display": words} if words else coding}
    if item.kind is Kind.CLOCK:
        return {"valueTime": f"{answer}:00"}
    if isinstance(answer, int):
        return {"valueInteger": answer}
    return {VALUES[item.kind]: float(answer) if isinstance(answer, Decimal) else answer}


def read_response(instrument: Instrument, resource: Any) -> Response:
    """The answers of a QuestionnaireResponse to this instrument and version. Raises QuestionnaireError."""
    _prove_form(instrument)
    if not isinstance(resource, Mapping) or resource.get("resourceType") != "QuestionnaireResponse":
        raise QuestionnaireError("This is no FHIR QuestionnaireResponse.")
    _prove_meant(instrument, resource)
    status = text_of(resource, "status") or ""
    if status not in STATUSES:
        raise QuestionnaireError(f"Its status is “{status[:40]}”; taken in is {', '.join(STATUSES)}.")
    items = {link_id(item): item for item in instrument.items}
    answers: Answered = dict.fromkeys((item.key for item in instrument.items), None)
    for one in flat(tables(resource, "item")):
        given = one.get("answer")
        if not given:
            continue  # a group, or a question nobody answered
        item = items.get(text_of(one, "linkId") or "")
        if item is None:
            raise QuestionnaireError(f"“{str(one.get('linkId'))[:60]}” is no item of {instrument.name}.")
        if answers[item.key] is not None:
            raise QuestionnaireError(f"Item {link_id(item)} is answered twice.")
        answers[item.key] = _read_answer(instrument, item, given)
    return Response(answers, status, text_of(resource, "authored"))


def _prove_form(instrument: Instrument) -> None:
    if instrument.parameters:
        raise QuestionnaireError(f"{instrument.name} is exchanged as vital signs, not as answers to questions.")


def _prove_meant(instrument: Instrument, resource: Resource) -> None:
    """Answers to another form or version are never read as answers to this one; a form of no name may be meant."""
    named = text_of(resource, "questionnaire")
    if named is None:
        raise QuestionnaireError("It does not say which questionnaire it answers.")
    url, _, version = named.partition("|")
    known = (canonical(instrument), instrument.wording_source)
    if url not in known:
        raise QuestionnaireError(f"It answers “{url[:80]}”, which is not {instrument.name}.")
    if version != instrument.version:
        said = f"version “{version[:40]}”" if version else "no version"
        raise QuestionnaireError(
            f"It names {said}; {instrument.name} here is version {instrument.version}. Unlike versions are never mixed."
        )


def _read_answer(instrument: Instrument, item: Item, given: Any) -> Answer:
    if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], Mapping):
        raise QuestionnaireError(f"Item {link_id(item)} needs one answer.")
    values = [value for name, value in given[0].items() if name.startswith("value")]
    if len(values) != 1:
        raise QuestionnaireError(f"The answer of item {link_id(item)} has no value, or several.")
    answer = _meant(item, values[0])
    problem = problem_with(item, answer) if answer is not None else f"{str(values[0])[:60]} is not an answer"
    if problem:
        raise QuestionnaireError(f"{instrument.name}, item {link_id(item)} ({item.label[:60]}): {problem}.")
    return answer


def _meant(item: Item, value: Any) -> Answer:
    """Our answer for a value of FHIR, None where it cannot be one."""
    if item.kind is Kind.CHOICE:
        return _chosen(item, value)
    if item.kind is Kind.NUMBER:
        return _number(value)
    if not isinstance(value, str):
        return None
    return re.sub(r"(?<=^[0-9]{2}:[0-9]{2}):[0-9]{2}$", "", value) if item.kind is Kind.CLOCK else value


def _chosen(item: Item, value: Any) -> Answer:
    code = text_of(value, "code") if isinstance(value, Mapping) else value
    if isinstance(code, bool):
        code = "true" if code else "false"
    return next((answer for answer in item.allowed if str(code) == code_of(item, answer)), None)


def _number(value: Any) -> Answer:
    found = value.get("value") if isinstance(value, Mapping) else value
    if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
        return None
    exact = Decimal(str(found))
    if not exact.is_finite():
        return None
    return int(exact) if exact == exact.to_integral_value() else exact
