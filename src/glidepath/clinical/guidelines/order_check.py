"""Everything the rules have to say before an order is signed, changed or stopped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import check_naloxone, check_oud_medicine, check_sedative_load
from glidepath.clinical.guidelines.conversion import DIAZEPAM, check_starting_diazepam
from glidepath.clinical.guidelines.cuts import EarlierDose, amount, day_as_step
from glidepath.clinical.guidelines.daily_dose import dde_max
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.not_for_tapering import check_purpose
from glidepath.clinical.guidelines.pausing import check_reason
from glidepath.clinical.guidelines.pregnancy import check_pregnancy
from glidepath.clinical.guidelines.seizures import check_epilepsy_medicine, check_seizure_in_episode
from glidepath.clinical.guidelines.stopping import check_stop
from glidepath.clinical.guidelines.taper_check import TaperContext, check_changes


class OrderAction(StrEnum):
    START = "start"
    CHANGE = "change"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class OrderProposal:
    """An order of `medicine` (name as ordered) would be started, changed or stopped.

    before, after: mg a day of every benzodiazepine and Z-drug the person takes regularly here, from orders and plan
    together, without and with this proposal. earlier: their doses in the days before, with the days they were replaced.
    handed_over: the benzodiazepine goes on elsewhere without a gap (a plan takes over), so nothing is lowered.
    sedative, opioid: whether the medicine is one; None = not known. other_sedatives: on other orders, by name.
    interrupts: it stops, pauses or lowers this medicine; because_of_benzodiazepine: and that is the reason.
    """

    action: OrderAction
    medicine: str
    on: dt.date
    setting: Setting
    before: Mapping[str, Dose] = field(default_factory=dict)
    after: Mapping[str, Dose] = field(default_factory=dict)
    earlier: tuple[EarlierDose, ...] = ()
    handed_over: bool = False
    sedative: bool | None = None
    opioid: bool | None = None
    other_sedatives: tuple[str, ...] = ()
    for_taper: bool | None = False
    interrupts: bool = False
    because_of_benzodiazepine: bool | None = False
    table: str | None = None
    open_seizure: bool = False
    reason: str = ""


def check_order(
    proposal: OrderProposal, *, facts: PersonFacts, formulary: Formulary, limits: Limits
) -> tuple[Finding, ...]:
    """JCG-14, 15, 17, 21, EQ-5, POL-8, TPR-9; and where a benzodiazepine is lowered or stopped JCG-2, 3, 6, 6c, 6d,
    28, SEI-3, SEI-4, TPR-1, 4, 7, 10.

    An order that goes on with the same dose meets none of the latter: nobody waits for a plan to get the next dose.
    """
    return (
        *_about_the_medicine(proposal),
        *_about_co_use(proposal, facts),
        *_about_the_dose(proposal, facts, formulary, limits),
        *check_reason(proposal.reason),
    )


def _about_the_medicine(proposal: OrderProposal) -> tuple[Finding, ...]:
    name = proposal.medicine.strip().lower()
    purpose = () if proposal.action is OrderAction.STOP else check_purpose(name, for_taper=proposal.for_taper)
    stops = proposal.interrupts or proposal.action is OrderAction.STOP
    return (
        *purpose,
        *check_oud_medicine(name, stops=stops, because_of_benzodiazepine=proposal.because_of_benzodiazepine),
    )


def _about_co_use(proposal: OrderProposal, facts: PersonFacts) -> tuple[Finding, ...]:
    """What comes together when a sedative or an opioid is ordered; a medicine nobody knows counts as one."""
    if proposal.action is OrderAction.STOP or (proposal.sedative is False and proposal.opioid is False):
        return ()
    beside_opioid = check_naloxone(facts) if proposal.after or proposal.sedative else ()
    return (*beside_opioid, *check_sedative_load(facts, others=proposal.other_sedatives))


def _about_the_dose(
    proposal: OrderProposal, facts: PersonFacts, formulary: Formulary, limits: Limits
) -> tuple[Finding, ...]:
    before, after = proposal.before, proposal.after
    if proposal.handed_over or before == after:
        return ()
    more_diazepam = amount(after, DIAZEPAM) > amount(before, DIAZEPAM)
    starting = check_starting_diazepam(after[DIAZEPAM]) if more_diazepam else ()
    if not before:
        return starting
    lowered = any(amount(after, name) < amount(before, name) for name in before)
    return (
        *starting,
        *_changes(proposal, facts, formulary, limits),
        *(_lowering(proposal, facts) if lowered else ()),
    )


def _changes(proposal: OrderProposal, facts: PersonFacts, formulary: Formulary, limits: Limits) -> tuple[Finding, ...]:
    highest = dde_max(proposal.before, formulary=formulary)
    small = highest is not None and highest <= Fraction(limits.last_step_max_diazepam)
    if not proposal.after and not small:
        return check_stop(proposal.before, facts=facts, formulary=formulary, settings=limits.settings)
    context = TaperContext(
        setting=proposal.setting,
        table=proposal.table,
        earlier=(*proposal.earlier, EarlierDose(proposal.on, proposal.before)),
        reason=proposal.reason,
    )
    proposed = day_as_step(proposal.on, proposal.after)
    return check_changes((proposed,), formulary=formulary, limits=limits, context=context)


def _lowering(proposal: OrderProposal, facts: PersonFacts) -> tuple[Finding, ...]:
    return (
        *check_pregnancy(facts),
        *check_seizure_in_episode(open_seizure=proposal.open_seizure, setting=proposal.setting),
        *check_epilepsy_medicine(facts, proposal.before),
    )
