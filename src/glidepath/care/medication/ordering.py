"""To sign an order, to stop one, to say whether a medicine sedates: a prescriber's acts, each with their signature."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from glidepath.care.medication.answering import same_centre
from glidepath.care.medication.missing_order import close_if_ordered
from glidepath.care.medication.models import Order, OrderPiece, OrderStop, SedativeWord, YesNoUnknown
from glidepath.care.medication.proposing import OrderDraft, Prepared, findings_on_stop, prepare
from glidepath.care.medication.running_out import close_if_decided
from glidepath.care.medication.unsigned import ask_for_signatures, close_if_signed
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Kind, Made
from glidepath.clinical.findings import Finding, Severity, Status, in_the_way
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof


@transaction.atomic
def sign_order(
    *,
    person: Person,
    draft: OrderDraft,
    by: Staff,
    proof: Proof,
    overrides: Mapping[str, str] | None = None,
    acknowledged: str = "",
    once: str = "",
) -> Order:
    """Sign it. `overrides`: a reason by code for the hard stops that a prescriber may answer. `acknowledged`: why it is
    ordered although warnings stand.

    Raises HardStop with the findings in the way, BadInput for what cannot be ordered.
    """
    earlier = submits.found(once, "order.signed")
    if earlier is not None:
        return Order.objects.get(pk=earlier)
    require(by, "order.sign")
    require_proof(by, proof)
    episode = admitted(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    prepared = prepare(person, draft)
    findings = answered(prepared.findings, overrides or {}, acknowledged)
    if in_the_way(findings):
        raise HardStop("The order is not signed: see what stands in the way.", findings)
    refuse_unacknowledged(findings)
    order = keep(person, episode, prepared, findings, by)
    close_if_ordered(person, by=by)
    ask_for_signatures(order)
    submits.remember(once, "order.signed", order.pk)
    audit.write(
        "order.signed", by=by, centre=person.centre, kind="sign", person=person, about=order, digest=order.digest
    )
    return order


@transaction.atomic
def stop_order(
    *,
    order: Order,
    reason: str,
    by: Staff,
    proof: Proof,
    overrides: Mapping[str, str] | None = None,
    because_of_benzodiazepine: bool | None = None,
    once: str = "",
) -> OrderStop:
    """Nothing more is due from it. A benzodiazepine that would end without a taper or another order is a hard stop.

    because_of_benzodiazepine: asked where the medicine treats opioid use disorder (methadone, buprenorphine).
    """
    earlier = submits.found(once, "order.stopped")
    if earlier is not None:
        return OrderStop.objects.get(pk=earlier)
    require(by, "order.stop")
    require_proof(by, proof)
    if not reason.strip():
        raise BadInput("Say why it is stopped.", field="reason")
    person = order.person
    same_centre(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_stopped(order)
    said = findings_on_stop(order, reason, because_of_benzodiazepine)
    findings = answered(said, overrides or {}, reason)
    if in_the_way(findings):
        raise HardStop("The order is not stopped: see what stands in the way.", findings)
    row = _stop(order, reason, by)
    close_if_decided(person, by=by, words="The order was stopped.")
    close_if_signed(person, by=by, words="The order was stopped.")
    submits.remember(once, "order.stopped", row.pk)
    audit.write("order.stopped", by=by, centre=order.centre, kind="sign", person=person, about=order)
    return row


@transaction.atomic
def say_whether_sedative(*, order: Order, is_sedative: bool, by: Staff, proof: Proof, once: str = "") -> SedativeWord:
    """A prescriber's word on a medicine outside the facts: it decides whether a sedation hold holds it."""
    earlier = submits.found(once, "order.sedative_word")
    if earlier is not None:
        return SedativeWord.objects.get(pk=earlier)
    require(by, "order.sign")
    require_proof(by, proof)
    same_centre(order.person, by)
    if order.medicine:
        raise BadInput(f"{order.clinical_name} is known: whether it sedates stands in the facts.")
    now = clock.now()
    row = SedativeWord.objects.create(
        centre_id=order.centre_id, order=order, is_sedative=is_sedative, happened_at=now, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "order.sedative_word", row.pk)
    code = "sedative" if is_sedative else "no-sedative"
    audit.write(
        "order.sedative_word", by=by, centre=order.centre, kind="sign", person=order.person, about=order, code=code
    )
    return row


def admitted(person: Person, by: Staff) -> Episode:
    """The stay the order belongs to. Raises NotAllowed or BadInput where there is none here."""
    same_centre(person, by)
    episode = current_episode(person)
    if episode is None or episode.stage != Stage.ADMITTED:
        raise BadInput(f"{person.preferred_name} is not admitted: orders begin with the admission.")
    return episode


def answered(findings: Sequence[Finding], overrides: Mapping[str, str], acknowledged: str) -> tuple[Finding, ...]:
    """Each hard stop by its own reason, the warnings by the one that was written for them."""
    answers = {one: overrides.get(one.code, "").strip() for one in findings if one.overridable and not one.answered_by}
    for one in answers:
        if one.severity is Severity.WARNING:
            answers[one] = answers[one] or acknowledged.strip()
    return tuple(one.answered(answers[one]) if answers.get(one) else one for one in findings)


def refuse_unacknowledged(findings: Sequence[Finding]) -> None:
    """Raises BadInput while a warning that fires has no word of why it is right all the same."""
    warned = [
        one.code
        for one in findings
        if one.severity is Severity.WARNING and one.status is Status.FIRES and not one.answered_by
    ]
    if warned:
        codes = ", ".join(dict.fromkeys(warned))
        raise BadInput(f"Warnings stand ({codes}): write why it is right all the same.", field="acknowledged")


def keep(
    person: Person, episode: Episode, prepared: Prepared, findings: Sequence[Finding], by: Staff,
    taken_from: Staff | None = None,
) -> Order:  # fmt: skip
    """The order as a row with its pieces. Part of an act that has locked the person and asked who may."""
    draft, known, now = prepared.draft, prepared.known, clock.now()
    order = Order.objects.create(
        centre_id=person.centre_id, person=person, episode=episode, kind=draft.kind,
        medicine=known.key if known else "", medicine_name=prepared.name,
        is_sedative=YesNoUnknown.YES if known else draft.is_sedative,
        is_opioid=YesNoUnknown.NO if known else draft.is_opioid,
        is_benzodiazepine=known is not None,
        ng=draft.ng, form=_form(prepared), route=draft.route,
        times=[f"{one:%H:%M}" for one in sorted(draft.times)], every_hours=draft.every_hours,
        start_at=max(draft.start_at, now),  # nothing is due from it before it was ordered
        end_at=draft.end_at, until_plan=draft.until_plan and known is not None,
        prn_reason=draft.prn_reason.strip(), min_interval_minutes=draft.min_interval_minutes,
        max_24h_ng=draft.max_24h_ng, recheck_minutes=draft.recheck_minutes,
        purpose=draft.purpose, hold_rules=[[one.sign.value, one.limit] for one in draft.hold_rules],
        wants_witness=draft.wants_witness, asks_at_end=prepared.asks_at_end, taken_from=taken_from,
        wants_cosign=draft.wants_cosign,
        findings=[[one.code, one.status.value, one.answered_by] for one in findings],
        digest=_digest(person, prepared), happened_at=now, recorded_at=now, recorded_by=by,
    )  # fmt: skip
    stocked = {str(row.public_id): row for row in StockedProduct.objects.filter(centre_id=person.centre_id)}
    OrderPiece.objects.bulk_create(_piece(order, part, stocked) for part in prepared.made)
    return order


def _form(prepared: Prepared) -> str:
    return prepared.made[0].product.form if prepared.made else prepared.draft.form.strip()


def _piece(order: Order, made: Made, stocked: Mapping[str, StockedProduct]) -> OrderPiece:
    product, liquid = made.product, made.product.kind is Kind.LIQUID
    return OrderPiece(
        order=order, product=stocked[product.key], strength_ng=Dose(product.strength_mg, product.medicine).ng,
        form=product.form, is_liquid=liquid, quarters=0 if liquid else int(made.count * 4),
        microlitres=int(made.count * 1000) if liquid else 0, step_quarters=4 if liquid else int(product.step * 4),
        step_microlitres=int(product.step * 1000) if liquid else 0,
    )  # fmt: skip


def _digest(person: Person, prepared: Prepared) -> str:
    """Of everything that was shown and signed."""
    draft = prepared.draft
    shown = [
        str(person.public_id), prepared.name, draft.ng, draft.kind, [f"{one:%H:%M}" for one in draft.times],
        draft.every_hours, draft.start_at.isoformat(), str(draft.end_at), draft.route, draft.until_plan,
        draft.is_sedative, draft.is_opioid, draft.prn_reason, draft.min_interval_minutes, draft.max_24h_ng,
        draft.recheck_minutes, draft.more_follow, draft.purpose, draft.wants_witness, draft.wants_cosign,
        [[one.sign.value, one.limit] for one in draft.hold_rules],
        [[part.product.name, str(part.count)] for part in prepared.made],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def _refuse_stopped(order: Order) -> None:
    first = OrderStop.objects.select_related("recorded_by").filter(order=order).first()
    if first is not None:
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} stopped this order first.", by=first.recorded_by.name, at=first.recorded_at
        )


def _stop(order: Order, reason: str, by: Staff) -> OrderStop:
    now = clock.now()
    try:
        with transaction.atomic():
            return OrderStop.objects.create(
                centre_id=order.centre_id, order=order, reason=reason.strip()[:200], happened_at=now, recorded_at=now,
                recorded_by=by,
            )  # fmt: skip
    except IntegrityError:  # somebody stopped it between the look and the insert
        _refuse_stopped(order)
        raise
