"""What scoring an instrument gives back. A score belongs to one version of one instrument; unlike ones never mix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from glidepath.clinical.facts.instruments import Instrument, Item
from glidepath.clinical.findings import Finding

Answer = int | Decimal | None  # None: unanswered, which is never zero


class BadAnswer(ValueError):
    """An answer the instrument does not allow: which item, what was given, what is allowed."""

    def __init__(self, instrument: Instrument, item: Item | None, problem: str) -> None:
        self.item = item.key if item is not None else None
        where = f"{instrument.name}, item {item.number} ({item.label})" if item is not None else instrument.name
        super().__init__(f"{where}: {problem}")


@dataclass(frozen=True, slots=True)
class Score:
    """`total` and `band` are None unless every scored item counts. A band is a label of a screen, never a diagnosis
    and never a dose.

    subtotal: the sum of what was answered, shown only with `label` ("partial 19 of 20").
    alerts: what the answers call for at once. subscales: sums of part of the items, by name.
    """

    instrument: str
    version: str
    total: int | None
    band: str | None
    answered: int
    items: int
    subtotal: int
    label: str
    alerts: tuple[Finding, ...] = ()
    subscales: Mapping[str, int] | None = None
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        return self.total is not None


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
    if isinstance(answer, bool) or not isinstance(answer, int | Decimal):
        return f"{answer!r} is not an answer; {_allowed(item)}"
    if item.allowed:
        return None if answer in item.allowed else f"{answer} is not an answer; {_allowed(item)}"
    too_low = item.low is not None and answer < item.low
    too_high = item.high is not None and answer > item.high
    return f"{answer} cannot be; {_allowed(item)}" if too_low or too_high else None


def _allowed(item: Item) -> str:
    if item.allowed:
        return f"allowed are {', '.join(str(answer) for answer in item.allowed)}, or nothing where it was not answered"
    return f"allowed is a number from {item.low} to {item.high} {item.unit or ''}".rstrip()
