"""Orders that are valid and still wait for a signature: an open task that escalates until the last one is signed.

A verbal order waits for the prescriber who gave it. An order that asked for a second signature waits for somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import last_word
from glidepath.care.alarms.services import close_answered, raise_alarm
from glidepath.care.medication import queries
from glidepath.care.medication.models import Order
from glidepath.clinical.monitoring.centre_times import sign_by
from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff

CAUSE = "order_unsigned"
DO = "Open the order, read it as it was written down, and sign it; or stop it."


def ask_for_signatures(order: Order) -> None:
    """Part of the act that made the order: where it waits for a signature, the task is opened."""
    missing = queries.signatures_missing([order])
    if missing:
        _raise(order.person, missing, Rank.SOON)


def close_if_signed(person: Person, *, by: Staff, words: str) -> None:
    """Part of an act that signs or stops an order: the task is done with the last one."""
    if not queries.unsigned([person]):
        close_answered(person=person, cause=CAUSE, words=words, by=by)


def alarm_unsigned(centre: Centre) -> int:
    """By time alone: what nobody signed in the centre's hours calls for now, once. Returns how many calls."""
    now, settings = clock.now(), clinical_settings_of(centre)
    by_person: dict[int, list[queries.Unsigned]] = {}
    for one in queries.unsigned(admitted_people(centre)):
        if sign_by(one.order.happened_at, settings) <= now:
            by_person.setdefault(one.order.person_id, []).append(one)
    people = [found[0].order.person for found in by_person.values()]
    told = last_word(people, CAUSE) if people else {}
    fresh = [
        found
        for pk, found in by_person.items()
        if pk not in told or sign_by(max(one.order.happened_at for one in found), settings) > told[pk]
    ]
    for found in fresh:
        _raise(found[0].order.person, found, Rank.NOW)
    return len(fresh)


@transaction.atomic
def _raise(person: Person, missing: Sequence[queries.Unsigned], rank: Rank) -> None:
    raise_alarm(
        person=person,
        cause=CAUSE,
        rank=rank,
        message=" ".join(one.words for one in missing)[:600],
        do=DO,
        by=None,
        prescriber_closes=True,
    )
