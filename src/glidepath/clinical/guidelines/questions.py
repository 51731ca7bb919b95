"""One word of the vocabulary: its question, what may be answered, where it is asked, and how an answer is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

FactValue = bool | Decimal | dt.date | str


class FactKind(StrEnum):
    YES_NO = "yes_no"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    TEXT = "text"  # in the person's words; no rule reads it


NO_ANSWER = ("unknown", "declined")  # somebody asked; what they learnt is not known. Never read as "no"
LONGEST_TEXT = 1000  # characters


class FactGroup(StrEnum):
    """What a fact is about. An empty chart shows one line a group, in this order."""

    USE = "use and history"
    SUBSTANCES = "opioids, alcohol and other substances"
    DIAGNOSES = "diagnoses"
    BODY = "age and body"
    PREGNANCY = "pregnancy and the baby"
    NOW = "how the person is now"
    PLACE = "where care is given"
    PLAN = "the plan"
    REVIEWS = "reviews of risk and benefit"
    TESTING = "drug tests"
    DISCHARGE = "discharge"


class Asked(StrEnum):
    """Where the record asks a fact of people."""

    FIRST = "first"  # on the page of facts, in the open
    FURTHER = "further"  # on the page of facts, folded away under its group
    WORKED_OUT = "worked_out"  # from the birth date and the medicines as told
    MEASURED = "measured"  # never as a question: it is measured or scored, and stands with its time elsewhere


class BadFact(ValueError):
    """A fact by an unknown name, or with a value its question does not allow: what was given, what to do."""


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """One word of the vocabulary. `question` is asked of or about the person, in plain words.

    `rules`: which rules need the answer. `low` and `high`: the bounds of a number, both included, in `unit`.
    `answers`: the choices of a choice, with the words that are shown. `short`: how a sentence names the fact.
    """

    name: str
    kind: FactKind
    question: str
    rules: tuple[str, ...]
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    answers: Mapping[str, str] | None = None
    unknown_words: str = "not known"  # what "unknown" means for this question, as a choice
    short: str = ""
    group: FactGroup = FactGroup.USE
    asked: Asked = Asked.FIRST

    @property
    def words(self) -> str:
        """The fact as a sentence names it, such as "sleep apnoea"."""
        return self.short or self.name.replace("_", " ")


def read(question: FactQuestion, value: object) -> FactValue | None:
    """One answer as the rules use it; None for unknown. Raises BadFact naming the fact and what is allowed."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if question.kind is FactKind.CHOICE:
        return _choice(question, value)
    if value in NO_ANSWER:
        return None
    if question.kind is FactKind.TEXT:
        return _text(question, value)
    if question.kind is FactKind.YES_NO:
        return _yes_no(question, value)
    return _number(question, value) if question.kind is FactKind.NUMBER else _date(question, value)


def _text(question: FactQuestion, value: object) -> str:
    words = str(value).strip()
    if len(words) > LONGEST_TEXT:
        raise BadFact(f"{question.words} is {len(words)} characters long: say it in {LONGEST_TEXT} at most")
    return words


def _yes_no(question: FactQuestion, value: object) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return value == "yes"
    raise BadFact(f"{question.name} is yes, no or unknown, not “{value}”")


def _number(question: FactQuestion, value: object) -> Decimal:
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise BadFact(f"{question.name} is a number{_in_unit(question)}, not “{value}”") from None
    low, high = question.low, question.high
    if isinstance(value, bool) or not number.is_finite():
        raise BadFact(f"{question.name} is a number{_in_unit(question)}, not “{value}”")
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadFact(f"{question.name} is {low} to {high}{_in_unit(question)}, not {value}")
    return number


def _date(question: FactQuestion, value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadFact(f"{question.name} is a date like 2026-05-31, not “{value}”") from None


def _choice(question: FactQuestion, value: object) -> str | None:
    answers = question.answers or {}
    if value in answers:
        return str(value)
    if value in NO_ANSWER:
        return None
    raise BadFact(f"{question.name} is one of {', '.join(answers)}, not “{value}”")


def _in_unit(question: FactQuestion) -> str:
    return f" of {question.unit}" if question.unit else ""
