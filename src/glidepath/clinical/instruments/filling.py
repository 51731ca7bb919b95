"""A form while it is being filled: each answer as it was given, what stands now, and what was ever called for.

A corrected answer keeps both, and an alert once raised stays: only a person closes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from glidepath.clinical.facts.instruments import Instrument
from glidepath.clinical.findings import Finding
from glidepath.clinical.instruments.conditions import Reading
from glidepath.clinical.instruments.score import About, Answer, BadAnswer, Score, problem_with
from glidepath.clinical.instruments.scoring import NOBODY, score


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it was given: None takes an earlier one back."""

    item: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert, and the answer that raised it: the place in `Filling.given`; None for the question before the scale."""

    finding: Finding
    by: int | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A form that is done, as a record keeps it: the score names instrument, version, language and wording source.

    filled_by: "self", "interview", "observer" or "measured". at: aware, when it was filled in. covers: the first and
    last day it speaks of, None where the form speaks of now.
    """

    score: Score
    answers: Mapping[str, Answer]
    given: tuple[Given, ...]
    filled_by: str
    at: dt.datetime
    covers: tuple[dt.date, dt.date] | None


@dataclass(frozen=True, slots=True)
class Filling:
    """A form and everything that was written into it, in order."""

    instrument: Instrument
    given: tuple[Given, ...] = ()
    raised: tuple[Raised, ...] = ()
    gate: bool | None = None
    about: About = NOBODY

    def answer(self, item: str, answer: Answer) -> Filling:
        """The form with one more answer. Raises BadAnswer naming the item and what it allows."""
        found = next((one for one in self.instrument.items if one.key == item), None)
        problem = problem_with(found, answer) if found else f"“{item[:40]}” is none of its items"
        if problem:
            raise BadAnswer(self.instrument, found, problem)
        return replace(self, given=(*self.given, Given(item, answer)))._alerted(len(self.given))

    def answer_gate(self, answer: bool | None) -> Filling:
        """The form with the question before the scale answered, or that answer taken back."""
        return replace(self, gate=answer)._alerted(None)

    @property
    def answers(self) -> dict[str, Answer]:
        """What stands now: the last answer of each item."""
        return {one.item: one.answer for one in self.given}

    @property
    def alerts(self) -> tuple[Finding, ...]:
        """Everything that was ever called for while this form was filled."""
        return tuple(one.finding for one in self.raised)

    @property
    def open_items(self) -> tuple[str, ...]:
        """The keys of the items that are asked and have no answer yet, in order."""
        items, answers = self.instrument.items, self.answers
        reading = Reading(self.instrument, {item.key: answers.get(item.key) for item in items})
        return tuple(item.key for item in items if answers.get(item.key) is None and reading.asks(item) is not False)

    def score(self, *, band_set: str | None = None, finished: bool = False) -> Score:
        """The score of what stands now, with every alert that was ever raised. Raises as `scoring.score` does."""
        found = score(
            self.instrument, self.answers, gate=self.gate, about=self.about, band_set=band_set, finished=finished
        )
        return replace(found, alerts=self.alerts)

    def closed(
        self,
        *,
        filled_by: str,
        at: dt.datetime,
        covers: tuple[dt.date, dt.date] | None = None,
        band_set: str | None = None,
    ) -> Closed:
        """The form as a record keeps it, whole or partial. Raises BadAnswer, ValueError for what cannot be."""
        if filled_by not in self.instrument.filled_by:
            allowed = ", ".join(self.instrument.filled_by)
            raise ValueError(f"{self.instrument.name} is filled in by {allowed}, not by “{filled_by}”")
        if at.tzinfo is None:
            raise ValueError("the moment a form was filled in has no time zone")
        if covers is not None and covers[0] > covers[1]:
            raise ValueError(f"the form speaks of {covers[0]} to {covers[1]}, which ends before it begins")
        score_of_it = self.score(band_set=band_set, finished=True)
        return Closed(score_of_it, self.answers, self.given, filled_by, at, covers)

    def _alerted(self, by: int | None) -> Filling:
        """This form, with the alerts its answers raise now that stand in none raised before."""
        now = score(self.instrument, self.answers, gate=self.gate, about=self.about).alerts
        new = tuple(Raised(one, by) for one in now if one not in self.alerts)
        return replace(self, raised=(*self.raised, *new))
