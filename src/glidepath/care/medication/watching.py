"""Doses not taken are a cut nobody decided: the prescriber is told, by the act that makes it so or by time alone.

An alarm that stands is made loud again when a further dose is not taken. One that a prescriber closed comes back only
for what happened after that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import last_word
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.medication import queries
from glidepath.care.medication.queries import NotTaken
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person

CAUSE = "doses_not_taken"
DO_MISSING = (
    "See the person: what became of the doses? They may have been taken besides the others, so look for sedation as "
    "well as for withdrawal before the next dose. Decide with them how it goes on."
)
DO = "See the person: why were the doses not taken? Decide with them how it goes on, and watch for withdrawal."


def watch_person(person: Person) -> None:
    """Part of an act that answers a dose: raises the alarm when the answer makes it due."""
    _raise_what_is_new([person])


def tell_missing(person: Person, doses: Sequence[str], words: str) -> None:
    """Part of counting back: doses of a leave that should be there and are not. One is enough, and it joins an alarm
    that stands."""
    _raise(person, f"Missing after the leave: {'; '.join(doses)}. The person says: {words}", do=DO_MISSING)


def alarm_doses_not_taken(centre: Centre) -> int:
    """By time alone: everybody admitted whose doses nobody answered. Returns how many alarms were raised."""
    return _raise_what_is_new(admitted_people(centre))


def _raise_what_is_new(people: Sequence[Person]) -> int:
    found = queries.not_taken(people)
    if not found:
        return 0
    told = last_word([person for person in people if person.pk in found], CAUSE)
    fresh = [person for person in people if _news(found.get(person.pk, ()), told, person)]
    for person in fresh:
        _raise(person, " ".join(one.words for one in found[person.pk]))
    return len(fresh)


def _news(found: Sequence[NotTaken], told: Mapping[int, dt.datetime], person: Person) -> bool:
    """Whether any of it became true after the last trigger or the closing of such an alarm."""
    last = told.get(person.pk)
    return any(last is None or one.since > last for one in found)


@transaction.atomic
def _raise(person: Person, message: str, *, do: str = DO) -> None:
    raise_alarm(
        person=person,
        cause=CAUSE,
        rank=Rank.NOW,
        message=message[:600],
        do=do,
        by=None,
        pauses_taper=True,
        prescriber_closes=True,
    )
