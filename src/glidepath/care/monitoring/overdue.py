"""INP-3: a set nobody took calls the nurse in charge, by time alone; the set that was due closes the call.

Ours: it calls again after each further hour, because a set three hours late is news to whoever knew of one hour.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import last_word, open_alarm
from glidepath.care.alarms.services import close_answered, raise_alarm
from glidepath.care.monitoring import queries
from glidepath.care.monitoring.frequency import Due
from glidepath.care.monitoring.models import Observation
from glidepath.clinical.guidelines.wording import listed
from glidepath.clinical.monitoring.escalation import escalation
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

CAUSE = "INP-3"
AGAIN_EVERY = dt.timedelta(hours=1)


def alarm_overdue_observations(centre: Centre) -> int:
    """Whoever is admitted and whose set is more than the hour late. Returns how many alarms were raised or renewed."""
    people = {person.pk: person for person in admitted_people(centre)}
    late = queries.overdue([*people.values()])
    told = _told([people[one.person_id] for one in late])
    fresh = [one for one in late if _is_news(one, told.get(one.person_id))]
    for one in fresh:
        _raise(people[one.person_id], one)
    return len(fresh)


def close_if_taken(row: Observation, *, by: Staff) -> None:
    """Part of the act that records `row`: where it is the whole set that was due, the call is answered by it."""
    if open_alarm(row.person, CAUSE) is None:
        return
    due = queries.due([row.person]).get(row.person_id)
    if due is None or due.alerts or due.last is None or due.last.pk != row.pk:
        return
    seen = clock.local(row.person.centre, row.happened_at)
    close_answered(person=row.person, cause=CAUSE, words=f"Observed at {seen:%H:%M}.", by=by)


def _told(people: Sequence[Person]) -> Mapping[int, dt.datetime]:
    return last_word(people, CAUSE) if people else {}


def _is_news(due: Due, told: dt.datetime | None) -> bool:
    """Whether a further hour has passed since the alarm was last triggered or closed."""
    hours = (due.now - due.due_at) // AGAIN_EVERY
    return told is None or due.due_at + hours * AGAIN_EVERY > told


@transaction.atomic
def _raise(person: Person, due: Due) -> None:
    late = due.overdue
    assert late is not None
    assert late.finding is not None
    follows = escalation(late.finding, settings=due.settings)
    raise_alarm(
        person=person,
        cause=CAUSE,
        rank=Rank(follows.rank.value),
        message=f"{_what(due)} were due {_when(person, due)}. {late.finding.message}",
        do=late.finding.do,
        by=None,
        pauses_taper=follows.pauses_taper,
        prescriber_closes=follows.prescriber_closes,
    )


def _what(due: Due) -> str:
    return listed(["Vital signs", "RASS", *(one.name for one in due.scales_due)])


def _when(person: Person, due: Due) -> str:
    """ "at 10:00", with the day where it was not today."""
    at, today = clock.local(person.centre, due.due_at), clock.today(person.centre)
    return f"at {at:%H:%M}" if at.date() == today else f"{at:%-d %b} at {at:%H:%M}"
