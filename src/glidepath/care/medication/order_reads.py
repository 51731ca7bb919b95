"""Orders: which stand, as what they count, what they ask a prescriber, and whose signature they wait for.

The people are already those the viewer may see; a read over many people takes as many queries for 3 as for 30.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet, prefetch_related_objects

from glidepath.care.medication.models import (
    DoseAnswer,
    Order,
    OrderRenewal,
    OrderSignature,
    SedativeWord,
    YesNoUnknown,
)
from glidepath.care.medication.rows import Asking, Unsigned
from glidepath.care.taper.queries import Running, running
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Kind, Made
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.reconciliation import Listed
from glidepath.record import clock
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared

if TYPE_CHECKING:
    from glidepath.care.medication.queries import Standing

SAID: Mapping[YesNoUnknown, bool | None] = {
    YesNoUnknown.YES: True, YesNoUnknown.NO: False, YesNoUnknown.UNKNOWN: None,
}  # fmt: skip


def orders(person: Person) -> list[Order]:
    """The orders that stand, in the order in which they were signed."""
    now = clock.now()
    return [order for order in all_orders(person) if order.stands(now)]


def all_orders(person: Person) -> list[Order]:
    """Every order, ended ones too, with who signed it."""
    return _with_names(orders_of([person]).get(person.pk, ()))


def all_orders_in(known: Standing, person: Person) -> list[Order]:
    """`all_orders`, of what was read already."""
    return _with_names(known.orders.get(person.pk, ()))


def _with_names(orders: Iterable[Order]) -> list[Order]:
    found = list(orders)
    prefetch_related_objects(found, "recorded_by", "taken_from")
    return found


def order_at(person: Person, public_id: UUID) -> Order | None:
    return next((order for order in all_orders(person) if order.public_id == public_id), None)


def orders_of(people: Iterable[Person]) -> dict[int, list[Order]]:
    """`all_orders` of many, by person id, in a fixed number of queries. Each carries the very person asked for."""
    asked = {person.pk: person for person in people}
    found: dict[int, list[Order]] = {}
    for order in _signed_orders(asked):
        order.person = asked[order.person_id]
        found.setdefault(order.person_id, []).append(order)
    return found


@prepared
def _signed_orders(people: Many[int]) -> QuerySet[Order]:
    rows = Order.objects.filter(person__in=people, superseded_by__isnull=True).select_related("stop", "episode")
    return rows.prefetch_related("pieces").order_by("pk")


def orders_given_from(people: Sequence[Person]) -> set[int]:
    """The ids of their benzodiazepine orders from which a dose was given, in one query."""
    return {pk for pk in _given_from(people) if pk is not None}


@prepared
def _given_from(people: Many[Person]) -> QuerySet[DoseAnswer, int | None]:
    rows = DoseAnswer.objects.filter(superseded_by__isnull=True, person__in=people, outcome=DoseAnswer.Outcome.GIVEN)
    rows = rows.filter(order__is_benzodiazepine=True)
    return rows.order_by().values_list("order_id", flat=True).distinct()


def takes_as_needed(person: Person) -> bool:
    """Whether a benzodiazepine or Z-drug may be given as needed now."""
    return any(order.kind == Order.Kind.PRN and order.is_benzodiazepine for order in orders(person))


def daily_of(orders: Sequence[Order]) -> dict[str, Dose]:
    """What regular orders give a day, by medicine; an order by interval counts by its hours."""
    daily: dict[str, Dose] = {}
    for order in orders:
        a_day = Fraction(24, order.every_hours or 24) if order.kind == Order.Kind.INTERVAL else len(order.times)
        dose = Dose.from_ng(int(order.ng * a_day), order.clinical_name)
        daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return daily


def asking(people: Sequence[Person]) -> list[Asking]:
    """The orders that ask a prescriber whether they go on: a day before their date, and from then on.

    One that a plan has taken over from gives nothing any more and asks nothing.
    """
    now = clock.now()
    found = [one for rows in orders_of(people).values() for one in rows if one.asks_at_end and one.stands(now)]
    if not found:
        return []
    tapered = running(people)
    renewed: dict[int, dt.datetime] = {}
    for row in OrderRenewal.objects.filter(order__in=found, superseded_by__isnull=True).order_by("pk"):
        renewed[row.order_id] = row.asks_again_at
    asked = [
        Asking(one, renewed.get(one.pk) or one.end_at, now)
        for one in found
        if one.end_at is not None and not (one.until_plan and one.person_id in tapered)
    ]
    return [one for one in asked if one.asks_from <= now]


def unsigned(people: Sequence[Person]) -> list[Unsigned]:
    """The signatures that orders which stand still wait for, the oldest order first."""
    now = clock.now()
    standing = [one for rows in orders_of(people).values() for one in rows if one.stands(now)]
    return signatures_missing(sorted(standing, key=lambda one: one.pk))


def signatures_missing(orders: Sequence[Order]) -> list[Unsigned]:
    """What signatures these orders wait for; none where nobody but its prescriber signs one."""
    wanted = [one for one in orders if one.taken_from_id is not None or one.wants_cosign]
    if not wanted:
        return []
    prefetch_related_objects(wanted, "recorded_by", "taken_from")
    there = set(OrderSignature.objects.filter(order__in=wanted).values_list("order_id", "kind"))
    return [
        Unsigned(one, kind)
        for one in wanted
        for kind, is_due in (
            (OrderSignature.Kind.PRESCRIBER, one.taken_from_id is not None),
            (OrderSignature.Kind.SECOND, one.wants_cosign),
        )
        if is_due and (one.pk, kind.value) not in there
    ]


def listed_orders(person: Person) -> tuple[Listed, ...]:
    """What stands ordered now, for the list of medicines, as it was signed, and what the taper gives."""
    standing = orders(person)
    return _all_listed(standing, sedatives(standing), running([person]).get(person.pk))


def listed_in(known: Standing, person: Person, step: Running | None) -> tuple[Listed, ...]:
    """`listed_orders`, of what was read already. step: the one in force."""
    now = clock.now()
    standing = [order for order in known.orders.get(person.pk, ()) if order.stands(now)]
    return _all_listed(standing, sedatives_in(known, person), step)


def _all_listed(
    standing: Sequence[Order], sedates: Mapping[int, YesNoUnknown], step: Running | None
) -> tuple[Listed, ...]:
    tapered = [Listed(name, key_of(name), True, False, ("the taper",)) for name in (step.daily if step else ())]
    return (*tapered, *_listed(standing, sedates))


def _listed(standing: Sequence[Order], sedates: Mapping[int, YesNoUnknown]) -> tuple[Listed, ...]:
    return tuple(
        Listed(
            order.clinical_name, order.medicine, SAID[sedates[order.pk]], SAID[YesNoUnknown(order.is_opioid)],
            ("ordered here",),
        )
        for order in standing
    )  # fmt: skip


def sedative_of(order: Order) -> YesNoUnknown:
    """Whether it counts as a sedative: as ordered, or by the prescriber's newest word."""
    return sedatives([order])[order.pk]


def sedatives(orders: Sequence[Order]) -> dict[int, YesNoUnknown]:
    """`sedative_of` for many, by the order's id, in one query."""
    words = sedative_words({order.person_id for order in orders})
    return {order.pk: counts_as(order, words) for order in orders}


def sedatives_in(known: Standing, person: Person) -> dict[int, YesNoUnknown]:
    """`sedatives` of all of one person's orders, of what was read already."""
    return {order.pk: counts_as(order, known.words) for order in known.orders.get(person.pk, ())}


def counts_as(order: Order | None, words: Mapping[int, bool]) -> YesNoUnknown:
    """Whether a dose of it counts as a sedative; None: of a plan. words: as `sedative_words`."""
    if order is None:
        return YesNoUnknown.YES  # a plan's dose: a benzodiazepine or Z-drug
    if order.pk in words:
        return YesNoUnknown.YES if words[order.pk] else YesNoUnknown.NO
    return YesNoUnknown(order.is_sedative)


def sedative_words(people: Iterable[Person | int]) -> dict[int, bool]:
    """The prescriber's newest word on each order of a medicine outside the facts, by the order's id."""
    return dict(_sedative_words(people))


@prepared
def _sedative_words(people: Many[Person | int]) -> QuerySet[SedativeWord, tuple[int, bool]]:
    rows = SedativeWord.objects.filter(order__person__in=people).order_by("pk")
    return rows.values_list("order_id", "is_sedative")


def is_sedative_answer(answer: DoseAnswer) -> bool:
    """Whether the answered dose counts as a sedative, or nobody has said that it does not."""
    return answer.order is None or sedative_of(answer.order) is not YesNoUnknown.NO


def wants_witness(order: Order | None, made: Sequence[Made]) -> bool:
    """Whether a second person sees the dose: where the order says so, and for a controlled medicine in parts of a
    piece or measured as a liquid."""
    if order is not None and order.wants_witness:
        return True
    is_controlled = order is None or order.is_benzodiazepine  # a plan's doses are
    return is_controlled and any(one.product.kind is Kind.LIQUID or one.count.denominator != 1 for one in made)


def key_of(medicine: str) -> str:
    """The facts' key of a medicine by the name a dose carries; empty outside the facts."""
    return next((key for key, one in formulary().medicines.items() if one.name == medicine), "")
