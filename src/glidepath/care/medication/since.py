"""What became of the doses and orders of many people since a moment: for whoever takes over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glidepath.care.medication.models import DoseAnswer, Order, OrderStop
from glidepath.record.people.models import Person


@dataclass(frozen=True, slots=True)
class DoneSince:
    """Of one person, oldest first; answers that were set right stand as they are now."""

    answers: tuple[DoseAnswer, ...]
    ordered: tuple[Order, ...]
    stopped: tuple[OrderStop, ...]


def done_since(people: Sequence[Person], since: dt.datetime) -> Mapping[int, DoneSince]:
    """By person id, everybody asked for; three queries for 3 people and for 30."""
    ids = [person.pk for person in people]
    answers = (
        DoseAnswer.objects.filter(person__in=ids, superseded_by__isnull=True, happened_at__gte=since)
        .select_related("order", "recheck")
        .order_by("happened_at", "id")
    )
    ordered = Order.objects.filter(person__in=ids, recorded_at__gte=since).order_by("recorded_at", "id")
    stopped = OrderStop.objects.filter(order__person__in=ids, recorded_at__gte=since).select_related("order")
    return {
        pk: DoneSince(
            tuple(one for one in answers if one.person_id == pk),
            tuple(one for one in ordered if one.person_id == pk),
            tuple(one for one in stopped if one.order.person_id == pk),
        )
        for pk in ids
    }
