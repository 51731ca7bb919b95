"""A prescriber said when to look again at what stands open: once that time has come and nobody has, they are called."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import last_word
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.monitoring import queries
from glidepath.care.monitoring.consequences import CAUSE_OF_EVENT
from glidepath.care.monitoring.models import Event
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person

DO = "Look at the person, then lift it or say when you look again. Until then it stands: it ends by no time."


def alarm_looks_due(centre: Centre) -> int:
    """By time alone: an over-sedation, confusion or seizure that stands past its time of the next look calls once for
    that time, under its own cause. Returns how many calls went out."""
    people = {person.pk: person for person in admitted_people(centre)}
    standing = [event for found in queries.open_events([*people.values()]).values() for event in found]
    asked = queries.looked_at_again([event for event in standing if event.kind in CAUSE_OF_EVENT])
    due = [(event, asked[event.pk]) for event in standing if event.pk in asked and asked[event.pk] <= clock.now()]
    return sum(_call(people[event.person_id], event, at) for event, at in due)


@transaction.atomic
def _call(person: Person, event: Event, at: dt.datetime) -> bool:
    kind = Event.Kind(event.kind)
    told = last_word([person], CAUSE_OF_EVENT[kind]).get(person.pk)
    if told is not None and told >= at:  # a call, or its closing, that knew of this time
        return False
    local = clock.local(person.centre, at)
    again = f"a prescriber was to look again {local:%-d %b} at {local:%H:%M}"
    raise_alarm(
        person=person,
        cause=CAUSE_OF_EVENT[kind],
        rank=Rank.NOW,
        message=f"{kind.label.capitalize()} stands, and {again}.",
        do=DO,
        by=None,
        pauses_taper=True,
        prescriber_closes=True,
    )
    return True
