"""Doses and the register: what a given dose is made of leaves the unit's stock in the act that writes the answer.

The dose's answer is the reference; issued = given + wasted + returned (L5), and a corrected answer undoes its own
movements, once. Doses come only from batches that are neither expired nor recalled (L12), the earliest expiry first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from glidepath.care.supply import amounts, ledger, stocking
from glidepath.care.supply.choosing_lots import Part, keeps_any, lines_of, taken_from
from glidepath.care.supply.models import Balance, Location, Movement, MovementKind, StockedProduct
from glidepath.clinical.dosing.plan import Kind as ProductKind, Made
from glidepath.clinical.facts.load import formulary
from glidepath.record import clock
from glidepath.record.audit import once as submits
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, second_signer

Known = Mapping[tuple[str, str, Decimal, bool], StockedProduct]


def known_products(centre: Centre, *, forms: Collection[str] | None = None) -> Known:
    """Every product this centre stocks or stocked, by what tells products apart. forms: only these."""
    rows = StockedProduct.objects.filter(centre=centre) if forms is None else _of_forms(centre, forms)
    names = formulary().medicines
    return {(names[row.medicine].name, row.form, row.strength_mg, row.is_liquid): row for row in rows}


@prepared
def _of_forms(centre: Centre, forms: Many[str]) -> QuerySet[StockedProduct]:
    return StockedProduct.objects.filter(centre=centre, form__in=forms)


def parts_of(centre: Centre, made: Iterable[Made], *, known: Known | None = None) -> list[Part]:
    """What a dose is made of, as this centre's stocked products: the very medicine, form and strength that was signed
    (L13). A piece of which the centre never stocked such a product is left out. known: where it was read already."""
    wanted = list(made)
    products = known_products(centre, forms={one.product.form for one in wanted}) if known is None else known
    found: dict[StockedProduct, int] = {}
    for one in wanted:
        is_liquid = one.product.kind is ProductKind.LIQUID
        row = products.get((one.product.medicine, one.product.form, one.product.strength_mg, is_liquid))
        if row is not None:
            found[row] = found.get(row, 0) + amounts.of_made(one, is_liquid=is_liquid)
    return [Part(row, quantity) for row, quantity in found.items()]


def keeps_a_register(centre: Centre) -> bool:
    return bool(_any_balance(centre))


@prepared
def _any_balance(centre: Centre) -> QuerySet[Balance, int]:
    return Balance.objects.filter(location__centre=centre).values_list("pk", flat=True)[:1]


def issue_for_dose(
    *, parts: Sequence[Part], unit: Unit | None, person: Person, dose: UUID, by: Staff, at: dt.datetime,
    witness: Staff | None = None,
) -> list[Movement]:  # fmt: skip
    """Takes a given dose out of the unit's stock; called inside giving's transaction, which has asked whether `by` may
    give and whose audit line stands for both.

    A product that the unit keeps no register for at that moment is left out: nothing is moved and nothing refused.
    Raises NotHeld where the register holds too little, NotEnough where what it holds is expired or recalled, BadInput
    for an expired, recalled or other product's batch.
    """
    if unit is None or not parts or not keeps_any(unit, parts):
        return []
    head = ledger.lock(person.centre)
    lines, day = lines_of(unit, parts, at), clock.local(person.centre, at).date()
    person_end = stocking.end(person.centre, Location.Kind.PERSON)
    entries = [
        ledger.Entry(
            MovementKind.ISSUE, line.batch, line.location, person_end, quantity, by, at=at, witness=witness,
            person=person, dose=dose,
        )
        for part in parts
        for line, quantity in taken_from(part, lines, day, unit)
    ]  # fmt: skip
    return ledger.write(entries, head=head, known=lines)


def take_back(*, doses: Iterable[UUID], by: Staff, reason: str) -> list[Movement]:
    """The counter-entries of a dose that was not given after all; nothing where it was not kept in the register. Of a
    dose of which a part was wasted or returned, that part stays where it went, and the rest comes back.

    doses: the answer's public id and those it corrects. Called inside the correction's transaction, like the issue.
    """
    waiting = list(
        Movement.objects.filter(dose__in=list(doses), reverses__isnull=True, reversed_by__isnull=True)
        .select_related("centre", "batch__product", "source", "target", "person")
        .order_by("-seq")
    )
    if not waiting:
        return []
    head = ledger.lock(waiting[0].centre)
    touched = {row.batch_id for row in waiting if row.kind != MovementKind.ISSUE}
    whole = [stocking.counter_entry(row, by, reason) for row in waiting if row.batch_id not in touched]
    parts = [row for row in waiting if row.batch_id in touched and row.kind == MovementKind.ISSUE]
    return ledger.write([*whole, *_rest_back(parts, by, reason)], head=head)


def _rest_back(issues: Iterable[Movement], by: Staff, reason: str) -> list[ledger.Entry]:
    """What is still with the person of these issues, back where it was taken from."""
    return [
        ledger.Entry(
            MovementKind.RETURN, row.batch, row.target, row.source, left, by, reason=reason, person=row.person,
            dose=row.dose,
        )
        for row in issues
        if (left := with_the_person(row)) > 0
    ]  # fmt: skip


@transaction.atomic
def return_from_dose(*, issue: Movement, quantity: int, reason: str, by: Staff, once: str = "") -> Movement:
    """Unopened and unused, back where it was taken from: part or all of what was issued for a dose."""
    return _after(MovementKind.RETURN, issue, quantity, reason, by, None, once)


@transaction.atomic
def waste_from_dose(
    *, issue: Movement, quantity: int, reason: str, by: Staff, second: Proof | None, once: str = ""
) -> Movement:
    """The part of a dose that was not taken, made unusable before a witness, within the centre's minutes."""
    stocking.refuse_seen_too_long_ago(issue.happened_at, clock.now(), issue.centre)
    return _after(MovementKind.WASTE, issue, quantity, reason, by, second, once)


def _after(
    kind: MovementKind, issue: Movement, quantity: int, reason: str, by: Staff, second: Proof | None, once: str
) -> Movement:
    earlier = submits.found(once, f"register.{kind}")
    if earlier is not None:
        return Movement.objects.get(pk=earlier)
    require(by, "register.write")
    if issue.centre_id != by.centre_id:
        raise NotAllowed("This is another centre's register.")
    if issue.kind != MovementKind.ISSUE or issue.dose is None or issue.person is None:
        raise BadInput("Only what was issued for a dose is returned or wasted from it.")
    if quantity < 1:
        raise BadInput("Write how much: more than nought.", field="quantity")
    if not reason.strip():
        raise BadInput("Say why it was not taken.", field="reason")
    wasted = kind is MovementKind.WASTE
    witness = second_signer(by, second, action="register.witness") if wasted else None
    head = ledger.lock(issue.centre)
    left = with_the_person(issue)
    if quantity > left:
        product = issue.batch.product
        raise BadInput(
            f"{amounts.in_words(left, product)} of this dose is not accounted for otherwise; "
            f"{amounts.in_words(quantity, product)} is more.",
            field="quantity",
        )
    target = stocking.end(issue.centre, Location.Kind.WASTE) if wasted else issue.source
    entry = ledger.Entry(
        kind, issue.batch, issue.target, target, quantity, by, witness=witness, reason=reason, person=issue.person,
        dose=issue.dose,
    )  # fmt: skip
    (row,) = ledger.write([entry], head=head)
    return stocking.done(row, once)


def with_the_person(issue: Movement) -> int:
    """Base units of this batch that the person took of this dose: issued, less wasted and returned (L5)."""
    rows = Movement.objects.filter(dose=issue.dose, batch=issue.batch)
    return sum(row.quantity if row.target_id == issue.target_id else -row.quantity for row in rows)
