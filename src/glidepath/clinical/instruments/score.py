"""What scoring an instrument gives back. A score belongs to one version of one instrument; unlike ones never mix."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from glidepath.clinical.facts.instruments import Instrument, Item, Kind
from glidepath.clinical.findings import Finding

Answer = int | Decimal | str | None  # None: unanswered, which is never zero
LONGEST_TEXT = 10_000


class BadAnswer(ValueError):
    """An answer the instrument does not allow: which item, what was given, what is allowed."""

    def __init__(self, instrument: Instrument, item: Item | None, problem: str) -> None:
        self.item = item.key if item is not None else None
        where = f"{instrument.name}, item {item.number} ({item.label})" if item is not None else instrument.name
        super().__init__(f"{where}: {problem}")


class AnswersError(ValueError):
    """Answers that cannot be read: what was given, what is wrong, what to write."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the person, where bands or alerts ask for it. None is unknown and never assumed.

    sex: "female" or "male". age: whole years or more exactly. own_limits: by item, what the person set for themselves.
    """

    sex: str | None = None
    age: Decimal | None = None
    own_limits: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlagState:
    """A reading beside the total. holds: None where the answers so far leave it open."""

    key: str
    label: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Score:
    """`total` and `band` are None unless every scored item counts. A band is a label of a screen, never a diagnosis
    and never a dose.

    complete: every item that had to be answered was. subtotal: the sum of what was answered, shown only with `label`
    ("partial 19 of 20"). prorated: the total stands for unanswered items too, as the instrument itself allows.
    alerts: what the answers call for at once. subscales: sums of part of the items, by name, those that are whole.
    band_label: the band in words. wording_source: whose words were shown.
    """

    instrument: str
    version: str
    total: int | None
    band: str | None
    answered: int
    items: int
    subtotal: int
    label: str
    complete: bool
    language: str = "en"
    wording_source: str | None = None
    prorated: bool = False
    band_label: str | None = None
    alerts: tuple[Finding, ...] = ()
    subscales: Mapping[str, int] | None = None
    flags: tuple[FlagState, ...] = ()
    notes: tuple[str, ...] = ()

    def flag(self, key: str) -> bool | None:
        """Whether the flag called `key` holds. Raises KeyError."""
        for one in self.flags:
            if one.key == key:
                return one.holds
        raise KeyError(key)


def checked(instrument: Instrument, answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """`answers` in item order, each allowed by its item. Raises BadAnswer."""
    items = instrument.items
    if len(answers) > len(items):
        raise BadAnswer(instrument, None, f"{len(answers)} answers were given; it has {len(items)} items")
    padded = (*answers, *[None] * (len(items) - len(answers)))
    for item, answer in zip(items, padded, strict=True):
        problem = problem_with(item, answer)
        if problem:
            raise BadAnswer(instrument, item, problem)
    return padded


def problem_with(item: Item, answer: Answer) -> str | None:
    """Why an answer cannot be, or None. An unanswered item is no problem here: it gives no total."""
    if answer is None:
        return None
    if item.kind in (Kind.TEXT, Kind.CLOCK, Kind.DATE):
        return _problem_with_words(item, answer)
    if isinstance(answer, bool) or not isinstance(answer, int | Decimal):
        return f"{answer!r} is not an answer; {allowed_words(item)}"
    if isinstance(answer, Decimal) and not answer.is_finite():
        return f"{answer} is not an answer; {allowed_words(item)}"
    if item.kind is Kind.CHOICE:
        return None if answer in item.allowed else f"{answer} is not an answer; {allowed_words(item)}"
    if item.scored and answer != int(answer):
        return f"{answer} cannot be; {allowed_words(item)}, whole"
    too_low = item.low is not None and answer < item.low
    too_high = item.high is not None and answer > item.high
    return f"{answer} cannot be; {allowed_words(item)}" if too_low or too_high else None


def _problem_with_words(item: Item, answer: Answer) -> str | None:
    if not isinstance(answer, str):
        return f"{answer!r} is not an answer; {allowed_words(item)}"
    if item.kind is Kind.TEXT:
        fits = len(answer) <= LONGEST_TEXT
    elif item.kind is Kind.CLOCK:
        fits = re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", answer) is not None
    else:
        fits = _is_day(answer)
    return None if fits else f"“{answer[:40]}” is not an answer; {allowed_words(item)}"


def _is_day(text: str) -> bool:
    try:
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and bool(dt.date.fromisoformat(text))
    except ValueError:
        return False


def allowed_words(item: Item) -> str:
    """What an item takes, in words for a message."""
    if item.kind is Kind.TEXT:
        return f"allowed are words, at most {LONGEST_TEXT} characters"
    if item.kind is Kind.CLOCK:
        return "allowed is a time of day like 22:30"
    if item.kind is Kind.DATE:
        return "allowed is a day like 2026-12-01"
    if item.allowed:
        return f"allowed are {', '.join(str(answer) for answer in item.allowed)}, or nothing where it was not answered"
    return f"allowed is a number from {item.low} to {item.high} {item.unit or ''}".rstrip()
