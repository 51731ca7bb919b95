"""What called: each answer of one alert, by which way it came, and whether it was changed since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from glidepath.care.alarms.models import Alarm
from glidepath.care.assessment import queries as assessment
from glidepath.care.instruments import queries as instruments
from glidepath.care.instruments.models import GivenAnswer, RaisedAlert
from glidepath.care.instruments.queries import Result
from glidepath.care.safety.services import SCREENERS
from glidepath.clinical.facts.load import instruments as all_instruments
from glidepath.record import clock
from glidepath.record.people.models import Person

VOICED = "suicidality_voiced"
SAID = {"yes": "speaks of suicide or of harming themselves", "no": "answered no", "unknown": "could not be asked"}


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer. by: who wrote it down; empty where the person answered alone. later: what was answered since."""

    at: dt.datetime
    words: str
    way: str
    by: str
    later: str = ""
    calls: bool = True  # False: a later answer that took nothing back


def answers_of(alarm: Alarm, person: Person) -> tuple[Answered, ...]:
    """Every answer this alert came from, and what was answered to the same question since; the oldest first."""
    raised = instruments.raised_for(alarm)
    changed = instruments.changed_since(raised)
    found = [_of_form(one, changed.get(one.pk), person) for one in raised]
    return tuple(sorted([*found, *_told(alarm, person)], key=lambda one: one.at))


def _of_form(one: RaisedAlert, later: GivenAnswer | None, person: Person) -> Answered:
    answer = one.answer
    return Answered(
        answer.happened_at,
        f"{_name(one.form.instrument)}: {one.finding['message']}",
        answer.get_way_display(),
        answer.recorded_by.name if answer.recorded_by else "",
        _later(later, person),
    )


def _name(key: str) -> str:
    known = all_instruments().get(key)
    return known.name if known else key


def _later(later: GivenAnswer | None, person: Person) -> str:
    if later is None:
        return ""
    at = clock.local(person.centre, later.happened_at)
    what = f"changed to “{later.answer[:40]}”" if later.answer else "taken back"
    return f"{what} on {at:%-d %b at %H:%M}; the alert stays"


def _told(alarm: Alarm, person: Person) -> list[Answered]:
    until = alarm.closed_at or clock.now()
    rows = [
        row for row in assessment.told(person) if row.name == VOICED and alarm.opened_at <= row.recorded_at <= until
    ]
    return [
        Answered(
            row.happened_at,
            SAID.get(row.value, row.value),
            "by staff, on the page of facts",
            row.recorded_by.name,
            calls=row.value == "yes",
        )
        for row in rows
    ]


def screeners(person: Person) -> list[tuple[str, str]]:
    """This person's C-SSRS screeners, the newest first: public id and what it said. No level is computed here."""
    found = instruments.results([person], instruments=SCREENERS).get(person.pk, [])
    return [(str(one.form.public_id), said_by(one)) for one in reversed(found)]


def said_by(one: Result) -> str:
    """What the screener itself said at its answers, and whether it is whole."""
    at = clock.local(one.form.person.centre, one.at)
    called = dict.fromkeys(finding.message for finding in one.score.alerts)
    said = " ".join(called) or ("no answer called for anybody" if one.score.complete else "nothing that calls so far")
    return f"{_name(one.instrument)}, {at:%-d %b %H:%M}: {said}{'' if one.score.complete else ' Not whole.'}"
