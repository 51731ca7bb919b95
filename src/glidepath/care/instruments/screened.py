"""What the last screens of a person give reason to look at: a problem, never a diagnosis.

A score that withdrawal itself raises says so, and from when it is asked again. Nothing new is diagnosed before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.instruments import ports
from glidepath.care.instruments.ports import LastDose
from glidepath.care.instruments.queries import Result, results
from glidepath.clinical.facts.load import instruments, screens
from glidepath.clinical.facts.screens import Screen
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.instruments.retest import may_be_withdrawal, retest_from
from glidepath.record.centres.queries import settings_of_all
from glidepath.record.centres.readings import clinical_of
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class Screened:
    """The last complete result of a screen that is a reason to look further.

    in_the_window: whether withdrawal may have raised it.
    retest_on: the day from which it can be asked again; None where the last dose is not in sight.
    """

    result: Result
    screen: Screen
    in_the_window: bool
    retest_on: dt.date | None
    planned: bool  # the last dose still lies ahead, so that the day may move

    @property
    def score(self) -> str:
        """ "PHQ-9 16, moderately severe, on 12 Nov 2026"."""
        name = instruments()[self.result.instrument].name
        total = "" if self.result.score.total is None else f" {self.result.score.total}"
        return f"{name}{total}, {self.result.score.band_label}, on {_day(self.result.day)}"

    @property
    def words(self) -> str:
        """What stands in the record: what it is a screen for, and where it may be withdrawal, when to ask again."""
        said = f"{self.score}: a screen for {self.screen.words}"
        if not self.in_the_window:
            return said
        if self.retest_on is None:
            return (
                f"{said}. Possible withdrawal: to be asked again well after the last dose, whose day is not known yet"
            )
        by_plan = ", as the plan stands" if self.planned else ""
        return f"{said}. Possible withdrawal, re-test from {_day(self.retest_on)}{by_plan}"


def screened(
    people: Sequence[Person],
    *,
    done: Mapping[int, Sequence[Result]] | None = None,
    last_doses: Mapping[int, LastDose] | None = None,
) -> Mapping[int, tuple[Screened, ...]]:
    """By person id, in the order of the facts. The same queries for 20 people and for 200.

    done: their results, of the screens and maybe others; last_doses: as the port says; where they were read already.
    """
    last_doses = ports.last_doses(people) if last_doses is None else last_doses
    settings = {pk: clinical_of(row) for pk, row in settings_of_all(person.centre for person in people).items()}
    done = results(people, instruments=[*screens()]) if done is None else done
    found = {}
    for person in people:
        newest = {one.instrument: one for one in done.get(person.pk, ()) if one.score.complete}
        found[person.pk] = tuple(
            _screened(newest[key], screen, last_doses.get(person.pk), settings[person.centre_id])
            for key, screen in screens().items()
            if key in newest and newest[key].closing.band in screen.bands
        )
    return found


def _screened(result: Result, screen: Screen, last: LastDose | None, settings: ClinicalSettings) -> Screened:
    again = retest_from(last.day, settings) if last else None
    planned = last is not None and not last.is_past
    return Screened(result, screen, may_be_withdrawal(screen, result.day, again), again, planned)


def _day(day: dt.date) -> str:
    return f"{day:%-d %b %Y}"
