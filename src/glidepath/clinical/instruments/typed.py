"""Answers as they are typed, "1,0,,2" in the order of the items or as JSON by name, and the score they give.

An empty place is unanswered, which is never zero. A value that the instrument does not allow ends the scoring with the
item and what is allowed.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from glidepath.clinical.facts.instruments import Instrument, Kind
from glidepath.clinical.facts.load import instrument, instruments
from glidepath.clinical.facts.read_instrument_rules import SEXES
from glidepath.clinical.findings import Finding, Status
from glidepath.clinical.guidelines.escalation import TimedTotal, check_ciwa_b
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.instruments.score import About, Answer, AnswersError, BadAnswer, Score, allowed_words
from glidepath.clinical.instruments.scoring import score as score_answers
from glidepath.clinical.instruments.typed_news2 import score_news2
from glidepath.clinical.monitoring.sedation import sedation_hold

ANY_MOMENT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # of one score alone: nothing lies before it
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,6})?")
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}
_BESIDE = ("instrument", "version", "sex", "age", "bands")  # beside the items, where answers stand by name
Given = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """A score with what it calls for. findings: the rules that speak, those that cannot be assessed among them."""

    score: Score
    findings: tuple[Finding, ...] = ()

    @property
    def alerts(self) -> tuple[Finding, ...]:
        """What is called for now."""
        return tuple(one for one in self.findings if one.status is Status.FIRES)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not asked, and what cannot be said for want of a value."""
        waiting = (f"{one.code}: {one.message}" for one in self.findings if one.status is not Status.FIRES)
        return (*self.score.notes, *waiting)


def score_typed(name: str, text: str, *, facts: PersonFacts | None = None) -> Scored:
    """The score of typed answers. name: "phq-9", "CIWA-B" or another instrument, however it is written.

    facts: what is known of the person; a rule or a band may ask for it. Raises AnswersError, or BadAnswer naming the
    item and what it allows.
    """
    key = instrument_named(name)
    return score_given(instrument(key), _parsed(text), facts=facts)


def score_given(scale: Instrument, given: Given, *, facts: PersonFacts | None = None) -> Scored:
    """The score of answers in the order of the items, or by name. Raises AnswersError and BadAnswer."""
    known = facts or PersonFacts()
    _prove_meant(scale, given)
    if scale.parameters:
        score, findings = score_news2(scale, given, known)
        return Scored(score, findings)
    typed = _in_order(scale, given, known)
    try:
        score = score_answers(
            scale, typed.answers, gate=typed.gate, about=typed.about, band_set=typed.bands, finished=True
        )
    except KeyError as wrong:
        raise AnswersError(f"{wrong.args[0]}.") from None
    return Scored(score, (*score.alerts, *_beside(score)))


def instrument_named(name: str) -> str:
    """The key of an instrument's name in any case, with or without hyphens. Raises AnswersError naming them all."""
    folded = _folded(name)
    known = {_folded(one.name): key for key, one in instruments().items()} | {
        _folded(key): key for key in instruments()
    }
    if folded in known:
        return known[folded]
    near = get_close_matches(folded, known, n=1, cutoff=0.6)
    meant = f" Did you mean {instrument(known[near[0]]).name}?" if near else ""
    there = ", ".join(one.name for one in instruments().values())
    raise AnswersError(f"“{name[:40]}” is not an instrument that is scored here.{meant} There are {there}.")


def _folded(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).lower()


def _beside(score: Score) -> tuple[Finding, ...]:
    """What the rules of the ward say about a total, beside what the form itself calls for."""
    if score.total is None:
        return ()
    if score.instrument == "ciwa_b":
        return check_ciwa_b(TimedTotal(ANY_MOMENT, score.total))
    if score.instrument == "rass":
        held = sedation_hold(rass=score.total, rr=None, spo2=None)
        return tuple(one for one in held if one.status is Status.FIRES)
    return ()


def _prove_meant(scale: Instrument, given: Given) -> None:
    """Answers that name another instrument or version are never scored as this one."""
    if not isinstance(given, Mapping):
        return
    named, version = given.get("instrument"), given.get("version")
    if named is not None and _folded(str(named)) not in (_folded(scale.key), _folded(scale.name)):
        raise AnswersError(
            f"The answers are of “{str(named)[:40]}”, and {scale.name} was asked for. Name the one meant."
        )
    if version is not None and str(version) != scale.version:
        raise AnswersError(
            f"The answers are of version “{str(version)[:40]}”; {scale.name} here is version {scale.version}. "
            "Unlike versions are never scored as one another."
        )


def _parsed(text: str) -> Given:
    """A list in the order of the items, or values by name. JSON may hold them under "answers"."""
    cleaned = text.strip().removeprefix("\ufeff")
    if not cleaned:
        raise AnswersError("No answer was given. Write them in order, like “1,0,,2”; an empty place is unanswered.")
    if cleaned.startswith(("{", "[")):
        return _from_json(cleaned)
    parts = [part.strip() for part in cleaned.split(",")]
    if not any("=" in part for part in parts):
        return parts
    named: dict[str, Any] = {}
    for part in parts:
        name, equals, value = part.partition("=")
        if not equals or name.strip() in named:
            raise AnswersError(f"“{part[:40]}” is not one answer by its name. Write them all like rr=18, each once.")
        named[name.strip()] = value.strip()
    return named


def _from_json(text: str) -> Given:
    try:
        found = json.loads(text, parse_float=Decimal, parse_constant=str)
    except RecursionError:
        raise AnswersError("The answers are nested deeper than any form is.") from None
    except ValueError as wrong:
        raise AnswersError(f"The answers are not JSON: {str(wrong).split(':', 1)[0]}.") from None
    if isinstance(found, dict) and isinstance(found.get("answers"), dict | list):
        inside, beside = found.pop("answers"), found
        found = (
            {**{str(number): one for number, one in enumerate(inside, 1)}, **beside}
            if isinstance(inside, list)
            else {
                **inside,
                **beside,
            }
        )
    if not isinstance(found, dict | list):
        raise AnswersError("The answers are one value. Write a list in the order of the items, or values by name.")
    return found


@dataclass(frozen=True, slots=True)
class _Typed:
    """Answers in the order of the items, and what was written beside them."""

    answers: list[Answer]
    about: About
    gate: bool | None = None
    bands: str | None = None


def _in_order(scale: Instrument, given: Given, facts: PersonFacts) -> _Typed:
    """The answers in the order of the items, the answer to the question before the scale, and who the person is."""
    if not isinstance(given, Mapping):
        if len(given) > len(scale.items):
            raise AnswersError(f"{scale.name} has {len(scale.items)} items; {len(given)} answers were given.")
        return _Typed([_answer(scale, index, value) for index, value in enumerate(given)], About(age=facts.age))
    places = {name: index for index, item in enumerate(scale.items) for name in (item.key, str(item.number))}
    answers: list[Answer] = [None] * len(scale.items)
    for name, value in given.items():
        if name in places:
            answers[places[name]] = _answer(scale, places[name], value)
        elif name not in _BESIDE and not (scale.gate and name == scale.gate.key):
            near = get_close_matches(name, places, n=1, cutoff=0.6)
            meant = (
                f" Did you mean “{near[0]}”?" if near else f" Its items are {', '.join(i.key for i in scale.items)}."
            )
            raise AnswersError(f"“{name[:40]}” is not an item of {scale.name}.{meant}")
    gate = _yes_no(given.get(scale.gate.key)) if scale.gate else None
    bands = given.get("bands")
    return _Typed(answers, _about(given, facts), gate, None if bands is None else str(bands))


def _about(given: Mapping[str, Any], facts: PersonFacts) -> About:
    sex, age = given.get("sex"), given.get("age")
    if sex not in (None, "", *SEXES):
        raise AnswersError(f"“{str(sex)[:40]}” is not a sex that bands know; write {' or '.join(SEXES)}, or nothing.")
    if age in (None, ""):
        return About(sex or None, facts.age)
    if isinstance(age, bool) or not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", str(age)):
        raise AnswersError(f"“{str(age)[:40]}” is not an age in years.")
    return About(sex or None, Decimal(str(age)))


def _answer(scale: Instrument, index: int, value: Any) -> Answer:
    item = scale.items[index]
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    text = value.strip() if isinstance(value, str) else str(value)
    if item.kind in (Kind.TEXT, Kind.CLOCK, Kind.DATE):
        return text
    if set(item.allowed) == {0, 1} and text.lower() in _YES_NO:
        return int(_YES_NO[text.lower()])
    if isinstance(value, bool) or not _NUMBER.fullmatch(text):
        raise BadAnswer(scale, item, f"“{text[:40]}” is not an answer; {allowed_words(item)}")
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _yes_no(value: Any) -> bool | None:
    if value is None or value == "":
        return None
    found = value if isinstance(value, bool) else _YES_NO.get(str(value).strip().lower())
    if found is None:
        raise AnswersError(
            f"“{str(value)[:40]}” is no answer to whether the person is alert and orientated: write yes or no."
        )
    return found
