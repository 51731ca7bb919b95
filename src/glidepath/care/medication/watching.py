"""Doses not taken are a cut nobody decided: the prescriber is told, by the act that makes it so or by time alone."""

from __future__ import annotations

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import open_alarm
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.medication import queries
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person

CAUSE = "doses_not_taken"
DO = "See the person: why were the doses not taken? Decide with them how it goes on, and watch for withdrawal."


def watch_person(person: Person) -> None:
    """Part of an act that answers a dose: raises the alarm when the answer makes it due."""
    _raise(person, queries.not_taken([person]))


def alarm_doses_not_taken(centre: Centre) -> int:
    """By time alone: everybody admitted whose doses nobody answered. Returns how many new alarms stand."""
    people = admitted_people(centre)
    found = queries.not_taken(people)
    return sum(_alarmed(person, found) for person in people)


@transaction.atomic
def _alarmed(person: Person, found: dict[int, str]) -> bool:
    return _raise(person, found)


def _raise(person: Person, found: dict[int, str]) -> bool:
    words = found.get(person.pk)
    if not words or open_alarm(person, CAUSE) is not None:
        return False
    raise_alarm(
        person=person,
        cause=CAUSE,
        rank=Rank.NOW,
        message=words,
        do=DO,
        by=None,
        pauses_taper=True,
        prescriber_closes=True,
    )
    return True
