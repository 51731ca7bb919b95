"""The dangers a banner and a bed show, in one order: seizure, fall, suicide, sedation, alcohol, opioids.

Filled: risk now. Amber: watch. Grey: asked and clear, with its date. Dashed: nobody asked, because unknown is not no.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.alarms import queries as alarms
from glidepath.care.alarms.closing import SUICIDE_RISK
from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.queries import Answer
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.safety import queries as safety
from glidepath.care.safety.due import NextContact
from glidepath.faces.shell import words
from glidepath.faces.shell.banner import Flag
from glidepath.record import clock
from glidepath.record.episodes.models import Episode
from glidepath.record.people.models import Person

NAMES = ("past_seizure", "falls_risk", "suicidality_voiced", "alcohol_dependent", "opioid_active", "oud_med")


@dataclass(frozen=True, slots=True)
class _Known:
    person: Person
    events: Sequence[Event]
    happened: Mapping[str, Event]  # the newest of a kind while in our care, lifted or not
    answers: Mapping[str, Answer]
    observation: Observation | None
    suicide_open: bool  # the call of an answer stands: nobody has closed it by name
    suicide_seen_to: dt.datetime | None  # when such a call was last raised or closed
    contact: NextContact | None  # when somebody speaks with the person again after such a call


def flags_of(
    people: Sequence[Person],
    *,
    seen: monitoring.Seen | None = None,
    contacts: Mapping[int, NextContact] | None = None,
    episodes: Mapping[int, Episode] | None = None,
    told: Mapping[int, Mapping[str, Answer]] | None = None,
) -> dict[int, tuple[Flag, ...]]:
    """By person id; the same queries for 3 and for 30. `seen`: the newest values, `contacts`: the contacts that are due
    after an alert, `episodes`: the current ones, `told`: the answers to NAMES, each where it was read already."""
    told = assessment.answers(people, NAMES, episodes=episodes) if told is None else told
    alerts = alarms.newest_of_cause(people, SUICIDE_RISK) if contacts is None else {}
    alerted = people if contacts is not None else [person for person in people if person.pk in alerts]
    called = alarms.standing(alerted, SUICIDE_RISK) if alerted else set()
    last = alarms.last_word(alerted, SUICIDE_RISK) if alerted else {}
    due = safety.contacts_due(alerted, newest=alerts) if contacts is None else contacts
    events = seen.events if seen else monitoring.open_events(people)
    happened = seen.happened if seen else monitoring.dangers(people)
    awake = {pk: one.awake for pk, one in seen.latest.items()} if seen else monitoring.newest_awake(people)
    return {
        key: _flags(
            _Known(
                person,
                events[key],
                happened[key],
                told.get(key, {}),
                awake[key],
                key in called,
                last.get(key),
                due.get(key),
            )
        )
        for key, person in ((person.pk, person) for person in people)
    }


def _flags(known: _Known) -> tuple[Flag, ...]:
    return (
        _seizure(known),
        _fall(known),
        _suicide(known),
        _sedation(known),
        _asked(known, "alcohol", ("alcohol_dependent",)),
        _asked(known, "opioids", ("oud_med", "opioid_active")),
    )


def _seizure(known: _Known) -> Flag:
    event = _open(known, Event.Kind.SEIZURE)
    if event is not None:
        return Flag("seizure", "active", f"{_day(known, event)}, taper frozen")
    here = known.happened.get(Event.Kind.SEIZURE)
    if here is not None:  # lifted by a prescriber, and no less a past seizure
        return Flag("seizure", "watch", f"on {_day(known, here)}")
    past = known.answers.get("past_seizure")
    if past is None or past.value == "unknown":
        return Flag("seizure", "unknown", "" if past is None else "not known")
    return (
        Flag("seizure", "watch", "earlier in life") if past.is_yes else Flag("seizure", "clear", _asked_on(known, past))
    )


def _fall(known: _Known) -> Flag:
    event = _open(known, Event.Kind.FALL)
    if event is not None:
        return Flag("fall", "active", _day(known, event))
    here = known.happened.get(Event.Kind.FALL)
    if here is not None:
        return Flag("fall", "watch", f"fell on {_day(known, here)}")
    return _answered(known, "fall", "falls_risk", "at risk")


def _suicide(known: _Known) -> Flag:
    """A later "no" takes nothing back: risk now until a named person has closed the call."""
    answer = known.answers.get("suicidality_voiced")
    if known.suicide_open:
        return Flag(
            "suicide", "active", _asked_on(known, answer) if answer is not None and answer.is_yes else "see the alert"
        )
    if known.contact is not None:  # the alert is closed, and the care after it is not
        return Flag("suicide", "active" if known.contact.is_missed else "watch", _contact(known, known.contact))
    seen_to = known.suicide_seen_to
    if seen_to is not None and (answer is None or not answer.is_yes) and (answer is None or answer.asked_at <= seen_to):
        return Flag("suicide", "watch", f"alert seen to {_on_day(known, seen_to)}")
    return _answered(known, "suicide", "suicidality_voiced", "spoken of, seen to")


def _on_day(known: _Known, moment: dt.datetime) -> str:
    return words.day(clock.local(known.person.centre, moment).date(), clock.today(known.person.centre))


def _contact(known: _Known, due: NextContact) -> str:
    at = clock.local(known.person.centre, due.by)
    when = f"{_on_day(known, due.by)} {at:%H:%M}"
    return f"caring contact missed, was due by {when}" if due.is_missed else f"caring contact due by {when}"


def _answered(known: _Known, name: str, fact: str, yes: str) -> Flag:
    answer = known.answers.get(fact)
    if answer is None:
        return Flag(name, "unknown")
    if answer.value == "unknown":
        return Flag(name, "unknown", f"could not be asked {_on(known, answer)}")
    return Flag(
        name, "watch" if answer.is_yes else "clear", f"{f'{yes}, ' if answer.is_yes else ''}{_asked_on(known, answer)}"
    )


def _sedation(known: _Known) -> Flag:
    event = _open(known, Event.Kind.OVER_SEDATION)
    if event is not None:
        return Flag("sedation", "active", "sedatives held")
    seen = known.observation
    if seen is None or seen.rass is None:
        return Flag("sedation", "unknown", "no RASS")
    at = clock.local(known.person.centre, seen.happened_at)
    state = "watch" if seen.rass < 0 else "clear"
    return Flag("sedation", state, f"RASS {seen.rass:+d} at {at:%H:%M}".replace("+0", "0").replace("-", "−"))


def _asked(known: _Known, name: str, facts: tuple[str, ...]) -> Flag:
    """Stated even when none: alcohol and opioids are always asked, and shown with every sedative."""
    found = [known.answers[fact] for fact in facts if fact in known.answers]
    yes = next((one for one in found if one.is_yes), None)
    if yes is not None:
        return Flag(name, "watch", yes.value if yes.value != "yes" else "yes")
    plain = next((one for one in found if one.value != "unknown" and one.name != "oud_med"), None)
    if plain is None:
        return Flag(name, "unknown", "not known" if found else "")
    return Flag(name, "clear", f"none, {_asked_on(known, plain)}")


def _open(known: _Known, kind: Event.Kind) -> Event | None:
    return next((event for event in known.events if event.kind == kind), None)


def _day(known: _Known, event: Event) -> str:
    return words.day(clock.local(known.person.centre, event.happened_at).date())


def _asked_on(known: _Known, answer: Answer) -> str:
    return f"asked {_on(known, answer)}"


def _on(known: _Known, answer: Answer) -> str:
    return words.day(clock.local(known.person.centre, answer.asked_at).date())
