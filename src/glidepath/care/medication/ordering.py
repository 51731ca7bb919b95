"""To sign an order, to stop one, to say whether a medicine sedates: a prescriber's acts, each with their signature."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import IntegrityError, transaction

from glidepath.care.assessment import queries as assessment
from glidepath.care.medication import queries
from glidepath.care.medication.models import Order, OrderPiece, OrderStop, SedativeWord, YesNoUnknown
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import open_events
from glidepath.care.supply.models import StockedProduct
from glidepath.care.supply.queries import stock
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.errors import CannotBeMade
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Kind, Made, Setting
from glidepath.clinical.dosing.tablets import make
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.findings import Finding, in_the_way
from glidepath.clinical.guidelines.order_check import OrderAction, OrderProposal, check_order
from glidepath.record import clock
from glidepath.record.audit import once as submits
from glidepath.record.audit import services as audit
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.people import queries as people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it is typed. Of a medicine in the facts, sedative and opioid are known; of another, somebody says."""

    medicine: str
    ng: int
    kind: Order.Kind
    start_at: dt.datetime
    times: tuple[dt.time, ...] = ()
    every_hours: int | None = None
    end_at: dt.datetime | None = None
    form: str = ""
    route: str = "by mouth"
    is_sedative: YesNoUnknown = YesNoUnknown.UNKNOWN
    is_opioid: YesNoUnknown = YesNoUnknown.UNKNOWN
    until_plan: bool = False
    for_taper: bool | None = False
    prn_reason: str = ""
    min_interval_minutes: int | None = None
    max_24h_ng: int | None = None
    recheck_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order ready to be signed, with everything there is to say about it."""

    draft: OrderDraft
    known: Medicine | None
    made: tuple[Made, ...]
    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        return self.known.name if self.known else self.draft.medicine.strip()


def prepare(person: Person, draft: OrderDraft) -> Prepared:
    """What would be signed. Raises BadInput by field for what cannot be."""
    _refuse_impossible(draft)
    known = _known(draft.medicine)
    made = _made(person, known, draft) if known else ()
    findings = check_order(
        _proposal(person, draft, known), facts=assessment.facts(person), formulary=formulary(), limits=Limits.of()
    )
    return Prepared(draft, known, made, findings)


@transaction.atomic
def sign_order(
    *,
    person: Person,
    draft: OrderDraft,
    by: Staff,
    proof: Proof,
    overrides: Mapping[str, str] | None = None,
    allergy_seen: bool = False,
    once: str = "",
) -> Order:
    """Sign it. Raises HardStop with the findings in the way; a prescriber answers those that can be, with a reason.

    allergy_seen: the prescriber saw that the medicine's name stands among the allergies, and orders it all the same.
    """
    earlier = submits.found(once, "order.signed")
    if earlier is not None:
        return Order.objects.get(pk=earlier)
    require(by, "order.sign")
    require_proof(by, proof)
    episode = _admitted(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_allergy(person, draft, allergy_seen)
    prepared = prepare(person, draft)
    findings = _answered(prepared.findings, overrides or {})
    if in_the_way(findings):
        raise HardStop("The order is not signed: see what stands in the way.", findings)
    order = _keep(person, episode, prepared, findings, by)
    submits.remember(once, "order.signed", order.pk)
    audit.write(
        "order.signed", by=by, centre=person.centre, kind="sign", person=person, about=order, digest=order.digest
    )
    return order


@transaction.atomic
def stop_order(
    *, order: Order, reason: str, by: Staff, proof: Proof, overrides: Mapping[str, str] | None = None, once: str = ""
) -> OrderStop:
    """Nothing more is due from it. A benzodiazepine that would end without a taper or another order is a hard stop."""
    earlier = submits.found(once, "order.stopped")
    if earlier is not None:
        return OrderStop.objects.get(pk=earlier)
    require(by, "order.stop")
    require_proof(by, proof)
    if not reason.strip():
        raise BadInput("Say why it is stopped.", field="reason")
    person = order.person
    _admitted(person, by)
    Person.objects.select_for_update().get(pk=person.pk)
    findings = _answered(findings_on_stop(order, reason), overrides or {})
    if in_the_way(findings):
        raise HardStop("The order is not stopped: see what stands in the way.", findings)
    row = _stop(order, reason, by)
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
    _admitted(order.person, by)
    if order.medicine:
        raise BadInput(f"{order.clinical_name} is known: whether it sedates stands in the facts.")
    now = clock.now()
    row = SedativeWord.objects.create(
        centre_id=order.centre_id, order=order, is_sedative=is_sedative, happened_at=now, recorded_at=now,
        recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "order.sedative_word", row.pk)
    audit.write("order.sedative_word", by=by, centre=order.centre, kind="sign", person=order.person, about=order)
    return row


def findings_on_stop(order: Order, reason: str = "") -> tuple[Finding, ...]:
    """Everything to say about stopping this order now."""
    person = order.person
    before = present_daily(person)
    after = dict(before)
    if order.is_benzodiazepine:
        after = _less(before, _daily(order))
    proposal = OrderProposal(
        action=OrderAction.STOP,
        medicine=order.clinical_name,
        on=clock.today(person.centre),
        setting=_setting(person),
        before=before,
        after=after,
        sedative=_as_bool(queries.sedative_of(order)),
        opioid=_as_bool(YesNoUnknown(order.is_opioid)),
        interrupts=True,
        because_of_benzodiazepine=None,
        open_seizure=_open_seizure(person),
        reason=reason,
    )
    return check_order(proposal, facts=assessment.facts(person), formulary=formulary(), limits=Limits.of())


def present_daily(person: Person) -> dict[str, Dose]:
    """What of benzodiazepines and Z-drugs is due in the coming 24 hours, by medicine."""
    now = clock.now()
    names = {one.name for one in formulary().medicines.values()}
    daily: dict[str, Dose] = {}
    for row in queries.due([person], now, now + dt.timedelta(hours=24)):
        dose = row.due.dose
        if dose.medicine in names:
            daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return daily


def _refuse_impossible(draft: OrderDraft) -> None:
    if not draft.medicine.strip():
        raise BadInput("Write the medicine's name.", field="medicine")
    if draft.ng <= 0:
        raise BadInput("An order has an amount above zero.", field="amount")
    if draft.start_at < clock.now() - dt.timedelta(minutes=5):
        raise BadInput("An order begins now or later, not before it was ordered.", field="start_at")
    if draft.end_at is not None and draft.end_at <= draft.start_at:
        raise BadInput("It would end before it begins.", field="end_at")
    if draft.kind == Order.Kind.REGULAR and not draft.times:
        raise BadInput("A regular order names its times, such as 08:00 20:00.", field="times")
    if len(set(draft.times)) != len(draft.times):
        raise BadInput("A time is named twice.", field="times")
    if draft.kind == Order.Kind.INTERVAL and not draft.every_hours:
        raise BadInput("Say every how many hours.", field="every_hours")
    if draft.kind == Order.Kind.PRN:
        _refuse_open_prn(draft)


def _refuse_open_prn(draft: OrderDraft) -> None:
    needed = (
        ("prn_reason", draft.prn_reason.strip(), "Say what it is for: the nurse decides by it."),
        ("min_interval_minutes", draft.min_interval_minutes, "Say how long at least lies between two doses."),
        ("max_24h", draft.max_24h_ng, "Say the most that may be given in 24 hours."),
        ("recheck_minutes", draft.recheck_minutes, "Say after how many minutes somebody looks again."),
    )
    for field, value, message in needed:
        if not value:
            raise BadInput(message, field=field)
    if draft.max_24h_ng is not None and draft.max_24h_ng < draft.ng:
        raise BadInput("The ceiling of 24 hours is below one dose.", field="max_24h")


def _known(name: str) -> Medicine | None:
    try:
        return formulary().find(name)
    except UnknownMedicine:
        return None


def suggestions(name: str) -> tuple[str, ...]:
    """Close names of the formulary, for a name it does not have: perhaps a slip of the pen."""
    try:
        formulary().find(name)
    except UnknownMedicine as unknown:
        return unknown.suggestions
    return ()


def _made(person: Person, known: Medicine, draft: OrderDraft) -> tuple[Made, ...]:
    products = tuple(product for row, product in stock(person.centre) if row.medicine == known.key)
    if not products:
        raise BadInput(
            f"{known.name} is not stocked here: the pharmacist adds the product in the settings first.",
            field="medicine",
        )
    try:
        return make(Dose.from_ng(draft.ng, known.name), products)
    except CannotBeMade as cannot:
        raise BadInput(str(cannot), field="amount") from cannot


def _proposal(person: Person, draft: OrderDraft, known: Medicine | None) -> OrderProposal:
    before = present_daily(person)
    after = dict(before)
    if known is not None:
        for name, dose in _daily_of(draft, known).items():
            after[name] = after[name] + dose if name in after else dose
    others = tuple(
        order.clinical_name
        for order in queries.orders(person)
        if order.is_sedative == YesNoUnknown.YES and order.medicine != (known.key if known else "")
    )
    return OrderProposal(
        action=OrderAction.START,
        medicine=known.name if known else draft.medicine.strip(),
        on=clock.local(person.centre, draft.start_at).date(),
        setting=_setting(person),
        before=before,
        after=after,
        sedative=True if known else _as_bool(draft.is_sedative),
        opioid=False if known else _as_bool(draft.is_opioid),
        other_sedatives=others,
        for_taper=draft.for_taper,
        open_seizure=_open_seizure(person),
    )


def _daily_of(draft: OrderDraft, known: Medicine) -> dict[str, Dose]:
    return _a_day(known.name, draft.ng, draft.kind, len(draft.times), draft.every_hours)


def _daily(order: Order) -> dict[str, Dose]:
    return _a_day(order.clinical_name, order.ng, order.kind, len(order.times), order.every_hours)


def _a_day(name: str, ng: int, kind: str, times: int, every_hours: int | None) -> dict[str, Dose]:
    """What a regular order adds to a day; once and as needed add nothing regular."""
    if kind in (Order.Kind.ONCE, Order.Kind.PRN):
        return {}
    count = Fraction(times) if kind == Order.Kind.REGULAR else Fraction(24, every_hours or 24)
    return {name: Dose.from_ng(int(ng * count), name)}


def _less(daily: Mapping[str, Dose], taken: Mapping[str, Dose]) -> dict[str, Dose]:
    left = {}
    for name, dose in daily.items():
        remains = dose.ng - (taken[name].ng if name in taken else 0)
        if remains > 0:
            left[name] = Dose.from_ng(remains, name)
    return left


def _refuse_allergy(person: Person, draft: OrderDraft, allergy_seen: bool) -> None:
    name = draft.medicine.strip().lower()
    for one in people.allergies(person).known:
        substance = one.substance.lower()
        if not allergy_seen and (substance in name or name in substance):
            raise BadInput(
                f"{one.substance} stands among the allergies ({one.reaction or 'no reaction told'}). If it is right "
                "all the same, say that you saw it.",
                field="allergy_seen",
            )


def _admitted(person: Person, by: Staff) -> Episode:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    episode = current_episode(person)
    if episode is None or episode.stage != Stage.ADMITTED:
        raise BadInput(f"{person.preferred_name} is not admitted: orders begin with the admission.")
    return episode


def _answered(findings: Sequence[Finding], overrides: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(
        one.answered(overrides[one.code].strip())
        if one.overridable and one.answered_by is None and overrides.get(one.code, "").strip()
        else one
        for one in findings
    )


def _keep(person: Person, episode: Episode, prepared: Prepared, findings: Sequence[Finding], by: Staff) -> Order:
    draft, known, now = prepared.draft, prepared.known, clock.now()
    order = Order.objects.create(
        centre_id=person.centre_id, person=person, episode=episode, kind=draft.kind,
        medicine=known.key if known else "", medicine_name=prepared.name,
        is_sedative=YesNoUnknown.YES if known else draft.is_sedative,
        is_opioid=YesNoUnknown.NO if known else draft.is_opioid,
        is_benzodiazepine=known is not None,
        ng=draft.ng, form=_form(prepared), route=draft.route,
        times=[f"{one:%H:%M}" for one in sorted(draft.times)], every_hours=draft.every_hours,
        start_at=draft.start_at, end_at=draft.end_at, until_plan=draft.until_plan and known is not None,
        prn_reason=draft.prn_reason.strip(), min_interval_minutes=draft.min_interval_minutes,
        max_24h_ng=draft.max_24h_ng, recheck_minutes=draft.recheck_minutes,
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
    draft = prepared.draft
    shown = [
        str(person.public_id), prepared.name, draft.ng, draft.kind, [f"{one:%H:%M}" for one in draft.times],
        draft.every_hours, draft.start_at.isoformat(), str(draft.end_at), draft.route, draft.prn_reason,
        draft.min_interval_minutes, draft.max_24h_ng, [[part.product.name, str(part.count)] for part in prepared.made],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def _stop(order: Order, reason: str, by: Staff) -> OrderStop:
    now = clock.now()
    try:
        with transaction.atomic():
            return OrderStop.objects.create(
                centre_id=order.centre_id, order=order, reason=reason.strip()[:200], happened_at=now, recorded_at=now,
                recorded_by=by,
            )  # fmt: skip
    except IntegrityError:
        first = OrderStop.objects.select_related("recorded_by").get(order=order)
        raise ChangedMeanwhile(
            f"{first.recorded_by.name} stopped this order first.", by=first.recorded_by.name, at=first.recorded_at
        ) from None


def _setting(person: Person) -> Setting:
    episode = current_episode(person)
    return Setting(episode.setting) if episode else Setting.RESIDENTIAL


def _open_seizure(person: Person) -> bool:
    return any(event.kind == Event.Kind.SEIZURE for event in open_events([person])[person.pk])


def _as_bool(value: YesNoUnknown) -> bool | None:
    return {YesNoUnknown.YES: True, YesNoUnknown.NO: False}.get(value)
