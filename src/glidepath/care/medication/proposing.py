"""What would be signed or stopped, and everything there is to say about it before a prescriber does.

The guideline's rules speak through `check_order` and `check_new_order`. Six findings are our own: a second
benzodiazepine beside one that stands (ORD-1), a name among the allergies or allergies nobody asked about (ORD-2), a
medicine the shelf does not hold (ORD-3), one that stands ordered already (ORD-6), and an end that only asks (ORD-7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.reconciliation import reconciliation
from glidepath.care.assessment.unconfirmed import dated
from glidepath.care.medication import held_against, queries
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import open_events
from glidepath.care.supply.queries import products_of
from glidepath.clinical.amounts import NANOGRAMS_PER_MG, Dose, plain
from glidepath.clinical.dosing.errors import CannotBeMade
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Kind, Made, Product, Setting
from glidepath.clinical.dosing.tablets import make
from glidepath.clinical.facts.errors import UnknownMedicine
from glidepath.clinical.facts.formulary import folded, names_of
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.facts.medicines import Medicine
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.new_order import NewOrder, check_new_order
from glidepath.clinical.guidelines.order_check import OrderAction, OrderProposal, check_order
from glidepath.clinical.guidelines.stopping import check_stop
from glidepath.clinical.monitoring.hold_rules import HoldRule
from glidepath.clinical.regimen import ABSURD_PIECES_AT_ONCE
from glidepath.record import clock
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput
from glidepath.record.people import queries as people
from glidepath.record.people.models import Person

OURS = "our reading"
_MOST_HOURS = 7 * 24  # an order by interval longer than a week is a slip of the pen
_MOST_MG = Decimal(100_000)  # ours: no dose of anything weighs more
_FARTHEST = dt.timedelta(days=366)  # ours: an order is written again before that
_DAY = dt.timedelta(hours=24)


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
    more_follow: bool = False  # a part of the day's dose: the rest follows in another order
    prn_reason: str = ""
    min_interval_minutes: int | None = None
    max_24h_ng: int | None = None
    recheck_minutes: int | None = None
    purpose: str = ""  # of Order.Purpose; blank: nobody said
    hold_rules: tuple[HoldRule, ...] = ()  # held at giving
    wants_witness: bool = False
    wants_cosign: bool = False

    @property
    def is_regular(self) -> bool:
        return self.kind in (Order.Kind.REGULAR, Order.Kind.INTERVAL)

    def daily_ng(self) -> int:
        """What it adds to a day as a regular order; once and as needed add nothing regular."""
        if not self.is_regular:
            return 0
        doses = Fraction(len(self.times)) if self.kind == Order.Kind.REGULAR else Fraction(24, self.every_hours or 24)
        return int(self.ng * doses)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An order ready to be signed, with everything there is to say about it."""

    draft: OrderDraft
    known: Medicine | None
    made: tuple[Made, ...]
    findings: tuple[Finding, ...]
    asks_at_end: bool = False

    @property
    def name(self) -> str:
        return self.known.name if self.known else self.draft.medicine.strip()

    @property
    def dose(self) -> Dose:
        return Dose.from_ng(self.draft.ng, self.name)


def prepare(person: Person, draft: OrderDraft) -> Prepared:
    """What would be signed. Raises BadInput by field for what cannot be."""
    _refuse_impossible(draft)
    known = known_medicine(draft.medicine)
    _refuse_absurd(draft, known)
    if known is not None and draft.until_plan and queries.has_plan(person):
        raise BadInput(
            "A taper plan gives the doses already: an order that bridges to a plan would end at once.",
            field="until_plan",
        )
    stocked = products_of(person.centre, known.key) if known else ()
    made = _made(Dose.from_ng(draft.ng, known.name), [product for _, product in stocked]) if known and stocked else ()
    facts = assessment.facts(person)
    asks = _asks_at_end(draft, known, facts)
    findings = _findings(person, draft, known, facts, is_stocked=bool(made) or known is None, asks_at_end=asks)
    return Prepared(draft, known, made, findings, asks)


def findings_on_stop(
    order: Order, reason: str = "", because_of_benzodiazepine: bool | None = None
) -> tuple[Finding, ...]:
    """Everything to say about stopping this order now. Whether a benzodiazepine is the reason matters only where
    treatment for opioid use disorder would end."""
    person = order.person
    before = present_daily(person)
    proposal = OrderProposal(
        action=OrderAction.STOP,
        medicine=order.clinical_name,
        on=clock.today(person.centre),
        setting=_setting(person),
        before=before,
        after=present_daily(person, without=order),
        sedative=_as_bool(queries.sedative_of(order)),
        opioid=_as_bool(YesNoUnknown(order.is_opioid)),
        interrupts=True,
        because_of_benzodiazepine=because_of_benzodiazepine,
        open_seizure=_open_seizure(person),
        reason=reason,
    )
    facts = assessment.facts(person)
    settings = clinical_settings_of(person.centre)
    said = check_order(proposal, facts=facts, formulary=formulary(), limits=Limits.of(settings))
    if order.kind == Order.Kind.PRN and order.is_benzodiazepine and not before:
        most = {order.clinical_name: Dose.from_ng(order.max_24h_ng or order.ng, order.clinical_name)}
        said = (*said, *check_stop(most, facts=facts, formulary=formulary(), settings=settings))
    return said


def present_daily(person: Person, *, without: Order | None = None) -> dict[str, Dose]:
    """What of benzodiazepines and Z-drugs is due in the coming 24 hours, by medicine; `without` one order."""
    now = clock.now()
    daily: dict[str, Dose] = {}
    for row in queries.due([person], now, now + _DAY):
        dose = row.due.dose
        if row.is_benzodiazepine and (without is None or row.due.order_id != without.pk):
            daily[dose.medicine] = daily[dose.medicine] + dose if dose.medicine in daily else dose
    return daily


def known_medicine(name: str) -> Medicine | None:
    """The medicine of the facts with this generic or brand name, if there is one."""
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


def _refuse_another_century(draft: OrderDraft) -> None:
    for field, moment in (("start", draft.start_at), ("end", draft.end_at)):
        if moment is not None and moment > clock.now() + _FARTHEST:
            raise BadInput(f"{moment:%-d %b %Y} is more than a year ahead. Look at the year.", field=field)


def _refuse_impossible(draft: OrderDraft) -> None:
    if not draft.medicine.strip():
        raise BadInput("Write the medicine's name.", field="medicine")
    if draft.ng <= 0:
        raise BadInput("An order has an amount above zero.", field="amount")
    if draft.start_at < clock.now() - dt.timedelta(minutes=5):
        raise BadInput("An order begins now or later, not before it was ordered.", field="start_at")
    if draft.end_at is not None and draft.end_at <= draft.start_at:
        raise BadInput("It would end before it begins.", field="end_at")
    _refuse_another_century(draft)
    if draft.kind == Order.Kind.REGULAR and not draft.times:
        raise BadInput("A regular order names its times, such as 08:00 20:00.", field="times")
    if len({one.sign for one in draft.hold_rules}) != len(draft.hold_rules):
        raise BadInput("A hold rule is named twice: one limit for each sign.", field="hold_rules")
    if len(set(draft.times)) != len(draft.times):
        raise BadInput("A time is named twice.", field="times")
    if draft.kind == Order.Kind.INTERVAL and not 0 < (draft.every_hours or 0) <= _MOST_HOURS:
        raise BadInput(f"Say every how many hours: 1 to {_MOST_HOURS}.", field="every_hours")
    if draft.kind == Order.Kind.PRN:
        _refuse_open_prn(draft)


def _refuse_absurd(draft: OrderDraft, known: Medicine | None) -> None:
    """More than so many times the largest marketed piece, or than any dose weighs, is a slip of the pen."""
    solids = [mg for form in known.forms if form.kind is Kind.SOLID for mg in form.strengths_mg] if known else []
    most = min(_MOST_MG, max(solids) * ABSURD_PIECES_AT_ONCE) if solids else _MOST_MG
    if draft.ng > most * NANOGRAMS_PER_MG:
        raise BadInput(
            f"{plain(Decimal(draft.ng) / NANOGRAMS_PER_MG)} mg of {draft.medicine.strip()} in one dose: at most "
            f"{plain(most)} mg can be meant. Check the number and the unit.",
            field="amount",
        )
    if (draft.max_24h_ng or 0) > most * NANOGRAMS_PER_MG * 24:
        raise BadInput("The ceiling of 24 hours is more than can be meant. Check the number.", field="max_24h")


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


def _made(dose: Dose, products: Sequence[Product]) -> tuple[Made, ...]:
    try:
        return make(dose, products)
    except CannotBeMade as cannot:
        raise BadInput(str(cannot), field="amount") from cannot


def _asks_at_end(draft: OrderDraft, known: Medicine | None, facts: PersonFacts) -> bool:
    """No benzodiazepine order of a dependent person ends by its date alone; unless known not to be, they are."""
    if known is None or not draft.is_regular or draft.end_at is None:
        return False
    highest = dde_max({known.name: Dose.from_ng(draft.daily_ng(), known.name)}, formulary=formulary())
    return dependence(facts, dde_max=highest).likely is not False


def _findings(
    person: Person, draft: OrderDraft, known: Medicine | None, facts: PersonFacts, *, is_stocked: bool,
    asks_at_end: bool,
) -> tuple[Finding, ...]:  # fmt: skip
    before = present_daily(person)
    after = _with(before, known.name, draft.daily_ng()) if known else dict(before)
    standing = queries.orders(person)
    sedatives = queries.sedatives(standing)
    others = tuple(
        order.clinical_name
        for order in standing
        if sedatives[order.pk] is YesNoUnknown.YES and order.medicine != (known.key if known else "")
    )
    proposal = OrderProposal(
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
    settings = clinical_settings_of(person.centre)
    said = (
        *check_order(proposal, facts=facts, formulary=formulary(), limits=Limits.of(settings)),
        *check_new_order(_new_order(person, proposal), facts=facts, formulary=formulary()),
    )
    unfollowed = known and _ends_unfollowed(draft, before) and not asks_at_end
    ends = check_stop(after, facts=facts, formulary=formulary(), settings=settings) if unfollowed else ()
    return (
        *_about_allergies(person, draft, known),
        *_about_a_second_one(draft, known, before),
        *_about_the_same_one(draft, known, standing),
        *(_asks(known.name if known else "") if asks_at_end else ()),
        *dated(person, said),
        *ends,
        *(held_against.findings(person, after, more_follow=draft.more_follow) if known and draft.is_regular else ()),
        *(() if is_stocked else (_not_stocked(known.name if known else draft.medicine),)),
    )


def _new_order(person: Person, proposal: OrderProposal) -> NewOrder:
    taken = reconciliation(person).listed
    return NewOrder(
        medicine=proposal.medicine,
        before=proposal.before,
        beside=tuple(one.name for one in taken),
        for_taper=proposal.for_taper,
        sedative=proposal.sedative,
        setting=proposal.setting,
    )


def _ends_unfollowed(draft: OrderDraft, before: Mapping[str, Dose]) -> bool:
    """A benzodiazepine given regularly up to a named end with nothing beside it stops at once when the end comes."""
    return draft.is_regular and draft.end_at is not None and not before


def _about_allergies(person: Person, draft: OrderDraft, known: Medicine | None) -> tuple[Finding, ...]:
    told = people.allergies(person)
    if told.state == "not_asked":
        return (
            Finding(
                code="ORD-2",
                severity=Severity.WARNING,
                message="Nobody has asked about allergies.",
                do="Ask, and record the answer; “none known” is an answer.",
                source=OURS,
                strength="n/g",
                status=Status.CANNOT_BE_ASSESSED,
                missing=("allergies",),
            ),
        )
    names = names_of(known) if known else frozenset({folded(draft.medicine)})
    kin = _of_the_same_group(known) if known else frozenset()
    return tuple(
        Finding(
            code="ORD-2",
            severity=Severity.WARNING,
            message=f"{one.substance} stands among the allergies ({one.reaction or 'no reaction told'})"
            + ("." if _is_named(one.substance, names) else f", and {draft.medicine} is of the same group."),
            do="Choose another medicine, or say why this one is right all the same.",
            source=OURS,
            strength="n/g",
        )
        for one in told.known
        if _is_named(one.substance, names | kin)
    )


def _is_named(substance: str, names: frozenset[str]) -> bool:
    return any(folded(substance) in name or name in folded(substance) for name in names)


def _of_the_same_group(known: Medicine) -> frozenset[str]:
    """The name of its group (benzodiazepine, Z-drug), and every name of the other medicines in it."""
    others = (one for one in formulary().medicines.values() if one.group is known.group)
    return frozenset({known.group.value}).union(*(names_of(one) for one in others))


def _about_a_second_one(draft: OrderDraft, known: Medicine | None, before: Mapping[str, Dose]) -> tuple[Finding, ...]:
    if known is None or not before or draft.kind == Order.Kind.ONCE:
        return ()
    already = " and ".join(f"{dose} a day" for dose in before.values())
    return (
        Finding(
            code="ORD-1",
            severity=Severity.WARNING,
            message=f"{already} is due already: {known.name} would come beside it.",
            do="Stop the other order first, change the taper instead, or say why both are meant.",
            source=OURS,
            strength="n/g",
        ),
    )


def _about_the_same_one(draft: OrderDraft, known: Medicine | None, standing: Sequence[Order]) -> tuple[Finding, ...]:
    """A medicine outside the facts that stands ordered already; of a benzodiazepine ORD-1 speaks."""
    name = folded(draft.medicine)
    if known is not None or not any(folded(one.clinical_name) == name for one in standing):
        return ()
    return (
        Finding(
            code="ORD-6",
            severity=Severity.WARNING,
            message=f"{draft.medicine.strip()} stands ordered already.",
            do="Stop the other order first, or say why both are meant.",
            source=OURS,
            strength="n/g",
        ),
    )


def _asks(name: str) -> tuple[Finding, ...]:
    return (
        Finding(
            code="ORD-7",
            severity=Severity.ADVICE,
            message=f"{name} does not end by its date: a day before, a prescriber is asked, and the dose goes on.",
            do="Renew it, plan a taper, or stop it by name when the day comes.",
            source=OURS,
            strength="n/g",
        ),
    )


def _not_stocked(name: str) -> Finding:
    return Finding(
        code="ORD-3",
        severity=Severity.WARNING,
        message=f"{name} is not stocked here: nobody has checked that this dose can be made.",
        do="Ask the pharmacist to stock it, or say where it comes from.",
        source=OURS,
        strength="n/g",
    )


def _with(daily: Mapping[str, Dose], name: str, ng: int) -> dict[str, Dose]:
    more = Dose.from_ng(ng, name)
    return {**daily, name: daily[name] + more if name in daily else more} if ng else dict(daily)


def _setting(person: Person) -> Setting:
    episode = current_episode(person)
    return Setting(episode.setting) if episode else Setting.RESIDENTIAL


def _open_seizure(person: Person) -> bool:
    return any(event.kind == Event.Kind.SEIZURE for event in open_events([person])[person.pk])


def _as_bool(value: YesNoUnknown) -> bool | None:
    return {YesNoUnknown.YES: True, YesNoUnknown.NO: False}.get(value)
