"""A form as it is drawn: each item with what stands, what stood last time, and what its answer called for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from glidepath.care.instruments.models import GivenAnswer, RaisedAlert
from glidepath.care.instruments.proving import GATE
from glidepath.clinical.facts.instruments import Item, Kind
from glidepath.clinical.instruments.conditions import Reading
from glidepath.clinical.instruments.filling import Filling

INPUTS = {Kind.NUMBER: "number", Kind.CLOCK: "time", Kind.DATE: "date", Kind.TEXT: "textarea", Kind.CHOICE: "choice"}
YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be tapped. mark: the number printed beside it, empty where there is none."""

    value: str
    label: str
    mark: str
    chosen: bool
    last: bool


@dataclass(frozen=True, slots=True)
class ItemCard:
    """One item. kind: what is drawn. answer, last: as text, empty for none. asked: whether the answers ask for it."""

    key: str
    name: str  # of its field
    number: str
    words: str
    kind: str
    answer: str
    last: str
    asked: bool
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    low: str = ""
    high: str = ""
    error: str = ""
    alerts: tuple[RaisedAlert, ...] = ()
    known: tuple[str, ...] = ()  # what other pages hold of the same fact


@dataclass(frozen=True, slots=True)
class FormCard:
    """The whole form. answered of asked: how far it is; `next_key`: the first item that is open, empty for none."""

    items: tuple[ItemCard, ...]
    answered: int
    asked: int
    next_key: str

    @property
    def asked_names(self) -> list[str]:
        return [item.name for item in self.items if item.asked]


def form_card(
    filling: Filling,
    *,
    last: Mapping[str, GivenAnswer],
    raised: Sequence[RaisedAlert] = (),
    errors: Mapping[str, tuple[str, str]] | None = None,
    known: Mapping[str, tuple[str, ...]] | None = None,
) -> FormCard:
    """errors: by item, what was typed and what is wrong with it. known: by item, what is known already of its fact."""
    answers = filling.answers
    reading = Reading(filling.instrument, {item.key: answers.get(item.key) for item in filling.instrument.items})
    wrong = errors or {}
    items = [_item(item, filling, reading, last, raised, wrong) for item in filling.instrument.items]
    if known:
        items = [replace(one, known=known.get(one.key, ())) for one in items]
    if filling.instrument.gate is not None:
        items.insert(0, _gate(filling, last, raised, wrong))
    asked = [item for item in items if item.asked]
    open_items = [item for item in asked if not item.answer]
    return FormCard(tuple(items), len(asked) - len(open_items), len(asked), open_items[0].key if open_items else "")


def field_name(key: str) -> str:
    """The name of an item's field in the page."""
    return f"item-{key}" if key else "gate"


def _item(
    item: Item,
    filling: Filling,
    reading: Reading,
    last: Mapping[str, GivenAnswer],
    raised: Sequence[RaisedAlert],
    errors: Mapping[str, tuple[str, str]],
) -> ItemCard:
    standing = filling.answers.get(item.key)
    typed, error = errors.get(item.key, ("" if standing is None else str(standing), ""))
    before = last[item.key].answer if item.key in last else ""
    return ItemCard(
        key=item.key,
        name=field_name(item.key),
        number=str(item.number),
        words=item.shown,
        kind=INPUTS[item.kind],
        answer=typed,
        last=_in_words(item, before),
        asked=reading.asks(item) is not False,
        choices=tuple(_choice(item, value, typed, before) for value in item.allowed),
        unit=item.unit or "",
        low=str(item.low) if item.low is not None else "",
        high=str(item.high) if item.high is not None else "",
        error=error,
        alerts=_of(raised, item.key),
    )


def _choice(item: Item, value: int, typed: str, before: str) -> Choice:
    words, text = item.anchors.get(value, ""), str(value)
    return Choice(text, words or text, text if words else "", typed == text, before == text)


def _gate(
    filling: Filling,
    last: Mapping[str, GivenAnswer],
    raised: Sequence[RaisedAlert],
    errors: Mapping[str, tuple[str, str]],
) -> ItemCard:
    gate = filling.instrument.gate
    assert gate is not None
    standing = {None: "", True: "yes", False: "no"}[filling.gate]
    typed, error = errors.get(GATE, (standing, ""))
    before = last[GATE].answer if GATE in last else ""
    return ItemCard(
        key=GATE,
        name=field_name(GATE),
        number="",
        words=gate.question,
        kind="choice",
        answer=typed,
        last=dict(YES_NO).get(before, ""),
        asked=True,
        choices=tuple(Choice(value, label, "", typed == value, before == value) for value, label in YES_NO),
        error=error,
        alerts=_of(raised, GATE),
    )


def _in_words(item: Item, text: str) -> str:
    if not item.allowed or not text:
        return f"{text} {item.unit or ''}".strip() if text else ""
    words = item.anchors.get(int(text), "")
    return f"{text}, {words}" if words else text


def _of(raised: Sequence[RaisedAlert], item: str) -> tuple[RaisedAlert, ...]:
    """What this item's answers called for, each once, the newest."""
    found = {one.finding["message"]: one for one in raised if one.answer.item == item}
    return tuple(found.values())
