"""A question as a page shows it: its answers in words, each with its mouth, and what may be tapped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from glidepath.care.assessment.models import PersonFact
from glidepath.care.assessment.standing import Heard
from glidepath.clinical.guidelines.domains import DomainQuestion, asked_question, domains
from glidepath.clinical.guidelines.questions import FactKind, FactQuestion

DECLINED = "declined to say"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that stands, in words."""

    value: str
    words: str
    mouth: str
    by: str
    at: dt.datetime
    about: str  # the words beside it: why it was chosen, or what else was said
    public_id: UUID


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. taps: (value, word, whether it is the answer now). value: what stands in the box of a typed one.

    saw: the newest answer when the page was made. typed, error: what was refused just now, and why.
    """

    question: FactQuestion
    why: str
    by: str
    said: tuple[Said, ...]
    is_earlier: bool
    disagrees: bool
    both: bool
    taps: tuple[tuple[str, str, bool], ...]
    value: str
    saw: int
    error: str = ""
    calls: bool = False  # the answer just given called somebody
    in_forms: tuple[str, ...] = ()  # what forms of this stay say of the same fact

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def kind(self) -> str:
        return self.question.kind.value

    @property
    def is_typed(self) -> bool:
        return self.question.kind in (FactKind.NUMBER, FactKind.DATE, FactKind.TEXT)


def ask(one: DomainQuestion, heard: Heard | None, *, saw: int, in_forms: Sequence[str] = ()) -> Ask:
    """The question with what stands of it. An answer of an earlier stay is shown and never chosen beforehand."""
    now = chosen(heard)
    return Ask(
        question=one.question,
        why=one.why,
        by=one.by,
        said=said(heard),
        is_earlier=heard is not None and heard.is_earlier,
        disagrees=heard is not None and heard.disagrees,
        both=heard is not None and heard.both,
        taps=tuple((value, word, value == now) for value, word in taps(one.question)),
        value="" if now in ("unknown", "declined") else now,
        saw=saw,
        in_forms=tuple(in_forms),
    )


def chosen(heard: Heard | None) -> str:
    """The value a form starts from: this stay's answer, where all agree; else nothing is chosen beforehand."""
    if heard is None or heard.is_earlier or heard.both:
        return ""
    return heard.answer.value


def taps(question: FactQuestion) -> list[tuple[str, str]]:
    """What may be answered by one tap: the choices, and always "not known" and "declined"."""
    choices = [*(question.answers or {}).items()]
    if question.kind is FactKind.YES_NO:
        choices = [("yes", "yes"), ("no", "no")]
    if "unknown" not in (question.answers or {}):
        choices.append(("unknown", question.unknown_words))
    return [*choices, ("declined", DECLINED)]


def said(heard: Heard | None) -> tuple[Said, ...]:
    return () if heard is None else tuple(_said(row) for row in heard.standing)


def _said(row: PersonFact) -> Said:
    about = f"chosen: {row.words}" if row.settles else row.words
    words = value_words(row.name, row.value)
    return Said(row.value, words, row.get_mouth_display(), row.recorded_by.name, row.happened_at, about, row.public_id)


def value_words(name: str, value: str) -> str:
    """ "yes", "read together", "7 points", "31 May 2026", “their words”."""
    question = asked_question(name)
    if value == "declined":
        return DECLINED
    if value in (question.answers or {}):
        return (question.answers or {})[value]
    if value == "unknown":
        return question.unknown_words
    if question.kind is FactKind.TEXT:
        return f"“{value}”"
    if question.kind is FactKind.DATE:
        return f"{dt.date.fromisoformat(value):%-d %b %Y}"
    return f"{value} {question.unit}" if question.kind is FactKind.NUMBER and question.unit else value


def earlier(heards: Sequence[Heard]) -> list[tuple[Heard, FactQuestion, tuple[Said, ...], str]]:
    """What an earlier stay said and nobody has confirmed, with its words and the part that asks it: warnings first."""
    waiting = [one for one in heards if one.is_earlier]
    waiting.sort(key=lambda one: not one.warns)
    parts = {name: domain.key for domain in domains().values() for name in domain.names}
    return [(one, asked_question(one.name), said(one), parts.get(one.name, "")) for one in waiting]
