"""An order by word of mouth: a nurse takes it from a named prescriber, writes it down and reads it back.

It is valid from the read-back. The prescriber signs it later; until then it is an open task that escalates.
A hard stop is nobody's to answer by telephone: the prescriber then signs the order themselves.
"""

from __future__ import annotations

from django.db import transaction

from glidepath.care.medication.answering import same_centre
from glidepath.care.medication.missing_order import close_if_ordered
from glidepath.care.medication.models import Order, OrderSignature
from glidepath.care.medication.ordering import admitted, answered, keep, refuse_unacknowledged
from glidepath.care.medication.proposing import OrderDraft, prepare
from glidepath.care.medication.unsigned import ask_for_signatures, close_if_signed
from glidepath.clinical.findings import in_the_way
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require, who_may
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def take_verbal_order(
    *,
    person: Person,
    draft: OrderDraft,
    prescriber: Staff,
    read_back: bool,
    by: Staff,
    proof: Proof,
    acknowledged: str = "",
    once: str = "",
) -> Order:
    """`by` wrote it down and read it back to `prescriber`, who said yes. acknowledged: what the prescriber said of the
    warnings.

    Raises HardStop for findings that only a prescriber may answer, BadInput without a read-back.
    """
    earlier = submits.found(once, "order.taken")
    if earlier is not None:
        return Order.objects.get(pk=earlier)
    require(by, "order.take")
    require_proof(by, proof)
    episode = admitted(person, by)
    _refuse_prescriber(prescriber, by)
    if not read_back:
        raise BadInput("Read the whole order back, and let the prescriber say yes: it is valid from then.",
                       field="read_back")  # fmt: skip
    Person.objects.select_for_update().get(pk=person.pk)
    prepared = prepare(person, draft)
    findings = answered(prepared.findings, {}, acknowledged)
    if in_the_way(findings):
        raise HardStop("Not by word of mouth: what stands in the way, a prescriber answers and signs.", findings)
    refuse_unacknowledged(findings)
    order = keep(person, episode, prepared, findings, by, taken_from=prescriber)
    close_if_ordered(person, by=by)
    ask_for_signatures(order)
    submits.remember(once, "order.taken", order.pk)
    audit.write(
        "order.taken", by=by, centre=person.centre, kind="sign", person=person, about=order, digest=order.digest
    )
    return order


@transaction.atomic
def sign_after(*, order: Order, kind: str, by: Staff, proof: Proof, once: str = "") -> OrderSignature:
    """The prescriber's signature under a verbal order, or the second signature that an order asked for.

    Raises NotAllowed for anybody else, ChangedMeanwhile when it was signed.
    """
    earlier = submits.found(once, "order.signed_after")
    if earlier is not None:
        return OrderSignature.objects.get(pk=earlier)
    _refuse_signer(order, kind, by)
    require_proof(by, proof)
    same_centre(order.person, by)
    Person.objects.select_for_update().get(pk=order.person_id)
    first = OrderSignature.objects.select_related("recorded_by").filter(order=order, kind=kind).first()
    if first is not None:
        name = first.recorded_by.name
        raise ChangedMeanwhile(f"{name} signed this order first.", by=name, at=first.recorded_at)
    now = clock.now()
    row = OrderSignature.objects.create(
        centre_id=order.centre_id, order=order, kind=kind, digest=order.digest, happened_at=now, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip
    close_if_signed(order.person, by=by, words="The order was signed.")
    submits.remember(once, "order.signed_after", row.pk)
    audit.write(
        "order.signed_after", by=by, centre=order.centre, kind="sign", person=order.person, about=order, code=kind,
        digest=order.digest,
    )  # fmt: skip
    return row


def _refuse_prescriber(prescriber: Staff, by: Staff) -> None:
    if prescriber.pk == by.pk:
        raise BadInput("You cannot take an order from yourself: sign it.", field="prescriber")
    if prescriber.centre_id != by.centre_id or not may(prescriber, "order.sign"):
        raise BadInput(f"{prescriber.name} may not prescribe here. It is for {who_may('order.sign')}.",
                       field="prescriber")  # fmt: skip


def _refuse_signer(order: Order, kind: str, by: Staff) -> None:
    if kind == OrderSignature.Kind.PRESCRIBER:
        require(by, "order.sign")
        if order.taken_from_id is None:
            raise BadInput("This order was signed by its prescriber.")
        if order.taken_from_id != by.pk:
            given = order.taken_from.name if order.taken_from else "the prescriber"
            raise NotAllowed(f"{given} gave this order and signs it. Sign your own order, or stop this one.")
        return
    if kind != OrderSignature.Kind.SECOND or not order.wants_cosign:
        raise BadInput("This order asks for no second signature.")
    require(by, "order.cosign")
    if by.pk in (order.recorded_by_id, order.taken_from_id):
        raise NotAllowed("You are the first on this order: the second signature is another person's.")
