"""What the limits of as-needed orders allow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from glidepath.care.medication.as_needed import next_allowed
from glidepath.care.medication.due_reads import Standing, standing_answers
from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.medication.order_reads import counts_as, orders_of, sedative_words, wants_witness
from glidepath.care.medication.rows import PrnRow
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import sedation_holds
from glidepath.clinical.amounts import Dose
from glidepath.record import clock
from glidepath.record.people.models import Person


def prn_one(order: Order, at: dt.datetime | None = None) -> PrnRow | None:
    """What the limits of one as-needed order allow at `at` (now); None where it does not stand then."""
    return next((row for row in prn([order.person], at=at) if row.order.pk == order.pk), None)


def prn(people: Sequence[Person], *, standing: Standing | None = None, at: dt.datetime | None = None) -> list[PrnRow]:
    """Every as-needed order that stands, with what its limits allow at `at` (now, when none is named)."""
    now = at or clock.now()
    holds = standing.holds if standing else sedation_holds(people)
    words = standing.words if standing else sedative_words(people)
    by_person = standing.orders if standing else orders_of(people)
    day = standing_answers().filter(
        person__in=people, outcome=DoseAnswer.Outcome.GIVEN, order__kind=Order.Kind.PRN,
        happened_at__gt=now - dt.timedelta(days=7),
    )  # fmt: skip
    by_order: dict[int, list[DoseAnswer]] = {}
    for answer in day.order_by("happened_at", "pk"):
        by_order.setdefault(answer.order_id or 0, []).append(answer)
    rows = []
    for person in people:
        for order in by_person.get(person.pk, ()):
            if order.kind != Order.Kind.PRN or order.start_at > now or not order.stands(now):
                continue
            doses = by_order.get(order.pk, [])
            rows.append(_prn_row(person, order, doses, words, holds.get(person.pk), now))
    return rows


def _prn_row(
    person: Person,
    order: Order,
    doses: Sequence[DoseAnswer],
    words: Mapping[int, bool],
    held_by: Event | None,
    now: dt.datetime,
) -> PrnRow:
    recent = [one for one in doses if one.happened_at > now - dt.timedelta(hours=24)]
    return PrnRow(
        person=person,
        order=order,
        last=doses[-1] if doses else None,
        given_24h=Dose.from_ng(sum(one.given_ng for one in recent), order.clinical_name),
        next_at=next_allowed(
            [(one.happened_at, one.given_ng) for one in doses],
            dose_ng=order.ng,
            ceiling_ng=order.max_24h_ng or order.ng,
            least=dt.timedelta(minutes=order.min_interval_minutes or 0),
            not_before=order.start_at,
        ),
        sedative=counts_as(order, words),
        held_by=held_by,
        now=now,
        needs_witness=wants_witness(order, order.made),
    )
