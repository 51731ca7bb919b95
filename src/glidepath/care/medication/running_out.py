"""No benzodiazepine order of a dependent person ends by its date alone.

A day before its date a prescriber is asked; at the date the question is for now, and the dose goes on (DESIGN 3: no
timer ever lowers a dose). A renewal, a stop or a plan that takes over answers it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.queries import last_word, open_alarm
from glidepath.care.alarms.services import close_answered, raise_alarm
from glidepath.care.medication import queries
from glidepath.care.medication.answering import same_centre
from glidepath.care.medication.models import Order, OrderRenewal
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.episodes.queries import admitted_people
from glidepath.record.errors import BadInput, ChangedMeanwhile
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

CAUSE = "order_ends"
DO = "See the person and decide by name: renew the order, plan a taper, or stop it. Until then the dose goes on."
_FARTHEST = dt.timedelta(days=366)  # ours, as of a new order


@transaction.atomic
def renew_order(
    *, order: Order, asks_again_at: dt.datetime, reason: str, by: Staff, proof: Proof, once: str = ""
) -> OrderRenewal:
    """It goes on, and asks again at `asks_again_at`. Raises BadInput for an order that asks nothing or has ended."""
    earlier = submits.found(once, "order.renewed")
    if earlier is not None:
        return OrderRenewal.objects.get(pk=earlier)
    require(by, "order.sign")
    require_proof(by, proof)
    person, now = order.person, clock.now()
    same_centre(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_impossible(order, asks_again_at, reason, now)
    row = OrderRenewal.objects.create(
        centre_id=order.centre_id, order=order, asks_again_at=asks_again_at, reason=reason.strip()[:300],
        happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    close_if_decided(person, by=by, words="The order was renewed.")
    submits.remember(once, "order.renewed", row.pk)
    audit.write("order.renewed", by=by, centre=order.centre, kind="sign", person=person, about=row)
    return row


def close_if_decided(person: Person, *, by: Staff, words: str) -> None:
    """Part of an act that renews or stops an order: where none asks any more, the call is answered."""
    if open_alarm(person, CAUSE) is not None and not queries.asking([person]):
        close_answered(person=person, cause=CAUSE, words=words, by=by)


def alarm_running_out(centre: Centre) -> int:
    """By time alone: once a day before the date, and once at it. Returns how many calls went out."""
    by_person: dict[int, list[queries.Asking]] = {}
    for one in queries.asking(admitted_people(centre)):
        by_person.setdefault(one.order.person_id, []).append(one)
    people = [found[0].order.person for found in by_person.values()]
    told = last_word(people, CAUSE) if people else {}
    fresh = [found for pk, found in by_person.items() if pk not in told or max(one.since for one in found) > told[pk]]
    for found in fresh:
        _raise(found[0].order.person, found)
    return len(fresh)


@transaction.atomic
def _raise(person: Person, found: Sequence[queries.Asking]) -> None:
    raise_alarm(
        person=person,
        cause=CAUSE,
        rank=Rank.NOW if any(one.is_past for one in found) else Rank.SOON,
        message=" ".join(one.words for one in found)[:600],
        do=DO,
        by=None,
        prescriber_closes=True,
    )


def _refuse_impossible(order: Order, asks_again_at: dt.datetime, reason: str, now: dt.datetime) -> None:
    newest = queries.order_at(order.person, order.public_id)
    if newest is None or not newest.stands(now):
        by = newest.stop.recorded_by.name if newest is not None and newest.stopped_at else "the end of the stay"
        at = newest.stopped_at if newest is not None and newest.stopped_at else now
        raise ChangedMeanwhile(f"This order does not stand any more: {by}.", by=by, at=at)
    if not order.asks_at_end:
        raise BadInput("This order does not ask at its end. Sign a new order.")
    if not now < asks_again_at <= now + _FARTHEST:
        raise BadInput("Say until when: a time ahead, at most a year.", field="until")
    if not reason.strip():
        raise BadInput("Say in a few words why it goes on.", field="reason")
