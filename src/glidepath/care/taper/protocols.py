"""A plan by a rapid inpatient protocol: which may be named here, the pace it sets, and the two who sign for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from glidepath.care.taper.rows import Chosen
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.plan import Setting, Shape, TaperPlan
from glidepath.clinical.facts.load import InpatientProtocol, formulary, inpatient_protocols
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.daily_dose import dde
from glidepath.clinical.guidelines.inpatient_protocols import Protocol, outside
from glidepath.record.centres.models import Centre, CentreSettings
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.queries import InBed, bed_of
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import Proof, second_signer

EVERY_DAY = 1
BY_SIGNATURES = ("JCG-6d", "INP-14")  # what the two signatures answer
SECOND = "taper.second_sign"


def switched_on(centre: Centre) -> tuple[InpatientProtocol, ...]:
    """The protocols this centre uses; none until its manager switches one on."""
    on = settings_of(centre).inpatient_protocols
    return tuple(one for key, one in inpatient_protocols().items() if key in on)


def is_inpatient(person: Person) -> bool:
    """Whether the person lies on a unit of inpatient medical care now."""
    return is_inpatient_at(bed_of(person))


def is_inpatient_at(place: InBed | None) -> bool:
    """The same of the bed, where it was read already."""
    return place is not None and place.bed.room.unit.setting == Setting.INPATIENT_MEDICAL


def refuse_elsewhere(person: Person, *, field: str = "") -> None:
    if not is_inpatient(person):
        raise BadInput(
            f"{person.preferred_name} has no bed on a unit of inpatient medical care: a rapid protocol is for those "
            "alone. Move them there first, or plan without it.",
            field=field,
        )


def named(person: Person, chosen: Chosen) -> InpatientProtocol:
    """The protocol a plan names. Raises BadInput where this centre does not use it, or the person is not inpatient."""
    found = next((one for one in switched_on(person.centre) if one.key == chosen.protocol), None)
    if found is None:
        raise BadInput("This centre does not use that protocol. The manager switches one on.", field="protocol")
    if chosen.setting is not Setting.INPATIENT_MEDICAL:
        raise BadInput(
            f"{found.name} is for inpatient medical care. Choose that under Where, or no protocol.", field="protocol"
        )
    if chosen.switch_to:
        raise BadInput(
            f"{found.name} begins from the dose that holds the person steady, of one medicine. Exchange first; leave "
            "the switch out here.",
            field="switch_to",
        )
    refuse_elsewhere(person, field="protocol")
    return found


def paced(protocol: InpatientProtocol, chosen: Chosen, daily: Mapping[str, Dose]) -> Chosen:
    """The choices at the protocol's own pace: its largest cut, every day. Slower is typed step by step."""
    start = dde(equivalents(daily, formulary=formulary()), chosen.table or None)
    if not start:
        raise BadInput("No table has a figure for this medicine, so no protocol covers it.", field="protocol")
    cut = protocol.most_a_day(start) / start
    if cut >= 1:
        raise BadInput(
            f"The present dose is no more than one day's cut of {protocol.name}: plan without a protocol.",
            field="protocol",
        )
    shape = Shape.TYPED if chosen.shape is Shape.TYPED else Shape.LINEAR
    return replace(chosen, shape=shape, cut=cut, interval_days=EVERY_DAY)


def first_cut(protocol: InpatientProtocol, start: dt.date) -> dt.date:
    """The earliest day of the first cut: after the days on which the protocol stabilises."""
    days = protocol.stabilise_days[0] if protocol.stabilise_days else EVERY_DAY
    return start + dt.timedelta(days=days)


def for_rules(chosen: Chosen, signed_by: Sequence[Staff]) -> Protocol | None:
    """What the rules are told of the protocol and of who has signed for it so far."""
    if not chosen.protocol:
        return None
    return Protocol(
        inpatient_protocols()[chosen.protocol],
        signed_by=tuple(one.name for one in signed_by),
        addiction_physician=any(one.is_addiction_physician for one in signed_by),
    )


def outside_of(chosen: Chosen, plan: TaperPlan) -> tuple[str, ...]:
    """What of a plan lies outside the protocol it names, so that no signature carries it."""
    return outside(
        inpatient_protocols()[chosen.protocol],
        plan.steps,
        setting=chosen.setting,
        table=chosen.table or None,
        formulary=formulary(),
    )


def two_signers(by: Staff, second: Proof | None) -> tuple[Staff, Staff]:
    """The two who sign for a protocol, an addiction physician among them. Raises BadInput, NotAllowed (JCG-6d)."""
    other = second_signer(by, second, action=SECOND)
    if not (by.is_addiction_physician or other.is_addiction_physician):
        raise BadInput(
            f"Neither {by.name} nor {other.name} is an addiction physician: one of the two who sign must be (JCG-6d).",
            field="second_user",
        )
    return by, other


def without(chosen: Chosen) -> Chosen:
    """The choices of a plan that turned away from its protocol: the ceiling holds again, cuts follow the dose."""
    shape = Shape.PROPORTIONAL if chosen.shape is Shape.LINEAR else chosen.shape
    return replace(chosen, protocol="", shape=shape)


def answer_begun(findings: Sequence[Finding], begun: Collection[int], name: str) -> tuple[Finding, ...]:
    """JCG-6d on steps that began by the protocol `name` was answered by it: a turn changes nothing of what was."""
    return tuple(
        one.answered(f"begun by protocol {name}, with two signatures") if one.code == "JCG-6d" and one.step in begun
        else one
        for one in findings
    )  # fmt: skip


def name_of(key: str) -> str:
    return inpatient_protocols()[key].name


def usual_pace(settings: CentreSettings) -> tuple[Fraction, int]:
    """What is proposed after a protocol: the centre's usual cut and interval."""
    return Fraction(settings.usual_cut_percent, 100), settings.interval_days
