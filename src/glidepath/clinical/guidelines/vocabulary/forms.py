"""The forms a question takes, and how a group of them is put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from glidepath.clinical.guidelines.questions import Asked, FactGroup, FactKind, FactQuestion


def yes_no(name: str, question: str, *rules: str, short: str = "", unknown: str = "not known") -> FactQuestion:
    return FactQuestion(name, FactKind.YES_NO, question, rules, short=short, unknown_words=unknown)


def number(name: str, question: str, unit: str, low: str, high: str, *rules: str, short: str = "") -> FactQuestion:
    return FactQuestion(name, FactKind.NUMBER, question, rules, unit, Decimal(low), Decimal(high), short=short)


def day(name: str, question: str, *rules: str, short: str = "") -> FactQuestion:
    return FactQuestion(name, FactKind.DATE, question, rules, short=short)


def choice(name: str, question: str, answers: Mapping[str, str], *rules: str, short: str = "") -> FactQuestion:
    return FactQuestion(name, FactKind.CHOICE, question, rules, answers=answers, short=short)


def measured(name: str, question: str, unit: str, low: str, high: str, *rules: str, short: str) -> FactQuestion:
    return replace(number(name, question, unit, low, high, *rules, short=short), asked=Asked.MEASURED)


def worked_out(question: FactQuestion) -> FactQuestion:
    """The record works it out and asks nobody."""
    return replace(question, asked=Asked.WORKED_OUT)


def of_group(
    group: FactGroup, first: Iterable[FactQuestion], further: Iterable[FactQuestion] = ()
) -> tuple[FactQuestion, ...]:
    """The questions of one group, those asked first before those folded away."""
    later = (replace(one, asked=Asked.FURTHER) if one.asked is Asked.FIRST else one for one in further)
    return tuple(replace(one, group=group) for one in (*first, *later))
