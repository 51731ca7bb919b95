"""DIS-1 to DIS-5: nobody is discharged to nobody, and nobody is cut off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.medicines import watches_of
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.dependence import SUPPLY_TO_CONFIRM
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.missing import any_of, not_assessed
from glidepath.clinical.guidelines.wording import days, listed, mg


class Leaving(StrEnum):
    COMPLETED = "completed"  # as planned
    TRANSFER = "transfer"
    EARLY = "early"  # left before the planned date


class Naloxone(StrEnum):
    GIVEN = "given"
    DECLINED = "declined"  # offered, declined
    NOT_DUE = "not_due"


# What is said and handed over at every discharge (DIS-3), by the record's key.
TOLD: Mapping[str, str] = {
    "tolerance": "that tolerance is lost, and a former dose can be too much",
    "written_plan": "the dose plan in writing",
    "driving": "advice on driving",
    "crisis": "numbers to call in a crisis",
}


@dataclass(frozen=True, slots=True)
class DischargeProposal:
    """A discharge as it would be closed. Empty or None: not arranged, or not said.

    dde: present daily diazepam equivalent in mg by the named table, else by the highest; None where unknown.
    told: keys of TOLD. last_cut, watch_days: the last change downwards, and how long to watch after it.
    contact_at: a phone contact that is booked. safety_plan: for somebody who leaves before the planned date.
    """

    on: dt.date
    kind: Leaving
    setting: Setting
    taper_finished: bool
    dde: Fraction | None = None
    prescriber: str = ""
    prescriber_contact: str = ""
    first_visit: dt.date | None = None
    supply_until: dt.date | None = None
    naloxone: Naloxone | None = None
    told: frozenset[str] = frozenset()
    last_cut: dt.date | None = None
    watch_days: int | None = None
    contact_on: dt.date | None = None
    safety_plan: bool | None = None


def check_discharge(
    proposal: DischargeProposal, *, facts: PersonFacts, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """Everything to say before a discharge closes: DIS-1 to DIS-5.

    Somebody who leaves early is checked by DIS-5 instead of DIS-2: the same bridge, and a safety plan.
    """
    return (
        *_dis_1(proposal),
        *_dis_2(proposal),
        *_dis_3(proposal, facts),
        *_dis_4(proposal, settings or clinical_settings()),
        *_dis_5(proposal, facts),
    )


def naloxone_due(facts: PersonFacts) -> bool | None:
    """Whether naloxone goes home: an opioid is taken, or pills came from outside a pharmacy; None where unknown."""
    outside = None if facts.use_source is None else facts.use_source in SUPPLY_TO_CONFIRM
    return any_of(takes_opioid(facts), outside)


def _dis_1(proposal: DischargeProposal) -> tuple[Finding, ...]:
    if proposal.setting is not Setting.INPATIENT_MEDICAL or proposal.taper_finished:
        return ()
    if proposal.dde is None:
        return (not_assessed("DIS-1", ("daily_dose",)),)
    limit = Fraction(rule("DIS-1").value("diazepam_mg_per_day"))
    if proposal.dde <= limit:
        return ()
    return (
        rule("DIS-1").finding(
            message=f"Leaves on {mg(proposal.dde, against=limit)} of diazepam equivalent a day.",
            do=f"Usually stay until {mg(limit)} or less; give the reason for leaving earlier.",
        ),
    )


def _dis_2(proposal: DischargeProposal) -> tuple[Finding, ...]:
    if proposal.kind is Leaving.EARLY or proposal.taper_finished:
        return ()
    gaps = _bridge_gaps(proposal)
    if not gaps:
        return ()
    return (
        rule("DIS-2").finding(
            message=f"The taper is not finished, and there is {listed(gaps, last='and')}.",
            do="Name who prescribes from now on, book the first visit, and give supply that lasts beyond it.",
        ),
    )


def _dis_3(proposal: DischargeProposal, facts: PersonFacts) -> tuple[Finding, ...]:
    untold = [words for key, words in TOLD.items() if key not in proposal.told]
    due = naloxone_due(facts)
    without = proposal.naloxone in (None, Naloxone.NOT_DUE)
    gaps = [*(["naloxone"] if due and without else []), *untold]
    found = rule("DIS-3")
    unknown: tuple[Finding, ...] = ()
    if due is None and without:
        unknown = (not_assessed("DIS-3", _unknown_for_naloxone(facts)),)
    if not gaps:
        return unknown
    return (
        *unknown,
        found.finding(
            message=f"Not yet given or said: {listed(gaps)}.",
            do="Give and say each of them, and record it. Naloxone that was offered and declined counts as offered.",
        ),
    )


def _dis_4(proposal: DischargeProposal, limits: ClinicalSettings) -> tuple[Finding, ...]:
    if proposal.last_cut is None:
        return ()
    since = (proposal.on - proposal.last_cut).days
    watch = proposal.watch_days if proposal.watch_days is not None else limits.watch_days_unknown
    if since >= watch:
        return ()
    hours = limits.contact_after_discharge_hours
    last_day = proposal.on + dt.timedelta(days=hours // 24)
    finding = rule("DIS-4").finding(
        message=f"The last cut was {days(since)} ago; symptoms can still come until {days(watch)} after it."
        + of_the_centre(limits, "contact_after_discharge_hours", *watches_of(watch, limits)),
        do=f"Book a phone contact within {hours} hours, by {last_day:%-d %b %Y}.",
    )
    contact = proposal.contact_on
    booked = contact is not None and proposal.on <= contact <= last_day
    return (finding.answered(f"contact booked for {contact:%-d %b %Y}") if booked and contact else finding,)


def _dis_5(proposal: DischargeProposal, facts: PersonFacts) -> tuple[Finding, ...]:
    if proposal.kind is not Leaving.EARLY:
        return ()
    gaps = [] if proposal.taper_finished else list(_bridge_gaps(proposal))
    if not proposal.safety_plan:
        gaps.append("no safety plan")
    if naloxone_due(facts) is not False and proposal.naloxone in (None, Naloxone.NOT_DUE):
        gaps.append("no naloxone")
    if not gaps:
        return ()
    return (
        rule("DIS-5").finding(
            message=f"The person leaves before the planned date, and there is {listed(gaps)}.",
            do="Never cut off: give a bridging supply with its plan, a safety plan, naloxone and the next appointment, "
            "today.",
        ),
    )


def _bridge_gaps(proposal: DischargeProposal) -> tuple[str, ...]:
    """What is missing between this centre and the next prescriber."""
    gaps = []
    if not proposal.prescriber.strip():
        gaps.append("no prescriber named")
    if proposal.first_visit is None:
        gaps.append("no first visit booked")
    elif proposal.first_visit < proposal.on:
        gaps.append(f"a first visit on {proposal.first_visit:%-d %b %Y}, before the discharge")
    elif proposal.supply_until is None or proposal.supply_until <= proposal.first_visit:
        until = "" if proposal.supply_until is None else f" (it ends on {proposal.supply_until:%-d %b %Y})"
        gaps.append(f"no supply that lasts beyond the visit on {proposal.first_visit:%-d %b %Y}{until}")
    return tuple(gaps)


def _unknown_for_naloxone(facts: PersonFacts) -> tuple[str, ...]:
    opioid = ("opioid_active",) if takes_opioid(facts) is None else ()
    return (*opioid, *facts.unknown("use_source"))
