"""Which answers to one fact stand: pure, over rows already read.

An answer replaces the answers its writer had on the screen, from the same mouth. One that arrived meanwhile was not
seen and is not replaced; another mouth is never replaced. A clinician's choice replaces all that it saw. Once an answer
was given in a stay, those of earlier stays no longer stand; before, they stand as of their day, confirmed by nobody.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glidepath.care.assessment.models import PersonFact
from glidepath.clinical.guidelines.domains import asked_question, cautious_answers
from glidepath.clinical.guidelines.questions import NO_ANSWER, FactKind


@dataclass(frozen=True, slots=True)
class Heard:
    """The answers to one fact that stand, the oldest first: at least one. is_earlier: from a stay before this one."""

    name: str
    standing: tuple[PersonFact, ...]
    newest: PersonFact
    is_earlier: bool = False

    @property
    def known(self) -> tuple[PersonFact, ...]:
        return tuple(row for row in self.standing if row.value not in NO_ANSWER)

    @property
    def disagrees(self) -> bool:
        """Whether known answers differ. Words of two mouths are two voices, and nothing to choose between."""
        return len({same(row.value) for row in self.known}) > 1 and not self.is_words

    @property
    def is_words(self) -> bool:
        return asked_question(self.name).kind is FactKind.TEXT

    @property
    def both(self) -> bool:
        """Whether more than one value is to be shown, to choose from or as two voices."""
        return len({same(row.value) for row in self.known}) > 1

    @property
    def warns(self) -> bool:
        return any(row.value in cautious_answers(self.name) for row in self.known)

    @property
    def answer(self) -> PersonFact:
        """The one that is shown where there is room for one: what warns, else the newest that is known."""
        cautious = [row for row in self.known if row.value in cautious_answers(self.name)]
        return (cautious or self.known or self.standing)[-1]

    @property
    def counts(self) -> bool:
        """Whether it may stand for the fact now: agreed and of this stay, or a warning, which is never lost."""
        return self.warns or not (self.is_earlier or self.disagrees)


def same(value: str) -> str:
    """Two answers are the same when they differ only in case and blanks."""
    return " ".join(value.split()).casefold()


def heard(rows: Sequence[PersonFact], *, since: dt.datetime | None) -> Heard:
    """rows: of one person and one fact, at least one, in the order written. since: when this stay began."""
    of_stay = [row for row in rows if since is None or row.recorded_at >= since]
    return Heard(rows[0].name, _standing(of_stay or rows), rows[-1], is_earlier=not of_stay)


def _standing(rows: Iterable[PersonFact]) -> tuple[PersonFact, ...]:
    kept: list[PersonFact] = []
    for row in rows:
        kept = [one for one in kept if not _replaces(row, one)]
        kept.append(row)
    return tuple(kept)


def _replaces(later: PersonFact, earlier: PersonFact) -> bool:
    was_seen = later.saw is None or earlier.pk <= later.saw
    return was_seen and (later.settles or later.mouth == earlier.mouth)
