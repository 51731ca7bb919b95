"""Which alarms follow from what was observed: the findings, and for each what has to happen to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.facts.load import clinical_settings, rules
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding, Severity, Status
from glidepath.clinical.guidelines.co_use import takes_opioid
from glidepath.clinical.guidelines.escalation import (
    check_autonomic_signs,
    check_confusion,
    check_early_warning,
    check_pregnant_vitals,
    check_temperature,
)
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.monitoring.news2 import News2, news2
from glidepath.clinical.monitoring.sedation import sedation_hold
from glidepath.clinical.monitoring.vitals import Mind, Vitals


class Rank(StrEnum):
    NOW = "now"
    SOON = "soon"


class Opens(StrEnum):
    """What stays open until a prescriber has closed it by name."""

    OVER_SEDATION = "over_sedation"
    DELIRIUM = "delirium"
    SEIZURE = "seizure"


MINUTES_PER_HOUR = 60
OPENS = {"INP-12": Opens.OVER_SEDATION, "DEL-1": Opens.DELIRIUM, "SEI-1": Opens.SEIZURE}
ALARMS = frozenset(
    {
        *("INP-3", "INP-6", "INP-7", "INP-8", "INP-10", "INP-11", "INP-12", "INP-13"),
        *("DEL-1", "PSY-1", "SEI-1", "SEI-2", "SUI-1"),
    }
)
NURSE_CLOSES = frozenset({"INP-3"})  # a hard stop that is over once the set has been taken


@dataclass(frozen=True, slots=True)
class Escalation:
    """One alarm that follows. `within_minutes`: how soon somebody must be there, where the rule says it.

    prescriber_closes: a nurse attends, a prescriber closes. pauses_taper: no projected or released cut begins while it
    is open. opens: the event that stays open with it. emergency: the ladder of an emergency, although the cause by
    itself has a milder one.
    """

    finding: Finding
    rank: Rank
    within_minutes: int | None
    prescriber_closes: bool
    pauses_taper: bool
    opens: Opens | None
    emergency: bool

    @property
    def code(self) -> str:
        return self.finding.code


@dataclass(frozen=True, slots=True)
class Assessed:
    """What one set says: its NEWS2 (None while asleep), every finding, and the alarms that follow."""

    news2: News2 | None
    findings: tuple[Finding, ...]
    escalations: tuple[Escalation, ...]


def assess(
    vitals: Vitals,
    *,
    facts: PersonFacts,
    unsteady: bool | None = None,
    rigid: bool | None = None,
    new_tremor: bool | None = None,
    new_sweating: bool | None = None,
    settings: ClinicalSettings | None = None,
) -> Assessed:
    """Everything one set of vital signs calls for. The other signs are None where nobody looked for them.

    An asleep set is held against INP-12 only (breathing and oxygen); it has no NEWS2 and no RASS, and that is not
    reported as missing.
    """
    limits = settings or clinical_settings()
    sedation = sedation_hold(
        rass=vitals.rass,
        rr=vitals.rr,
        spo2=vitals.spo2,
        scale_two=vitals.spo2_scale == 2,
        asleep=vitals.asleep,
        unsteady=unsteady,
        opioid=takes_opioid(facts),
        settings=limits,
    )
    if vitals.asleep:
        return Assessed(None, sedation, escalations(sedation, settings=limits))
    score = news2(vitals)
    confused = None if vitals.mind is None else vitals.mind is Mind.CONFUSION
    findings = (
        *sedation,
        *check_confusion(new_confusion=confused),
        *check_early_warning(score.total, threes=score.single_three, missing=score.missing),
        *check_temperature(vitals.temp_c, confused=confused, rigid=rigid, settings=limits),
        *check_pregnant_vitals(
            facts, sbp=vitals.sbp, dbp=vitals.dbp, pulse=vitals.pulse, temp_c=vitals.temp_c, spo2=vitals.spo2
        ),
        *check_autonomic_signs(pulse=vitals.pulse, new_tremor=new_tremor, new_sweating=new_sweating),
    )
    return Assessed(score, findings, escalations(findings, settings=limits))


def escalations(findings: Sequence[Finding], *, settings: ClinicalSettings | None = None) -> tuple[Escalation, ...]:
    """The alarms among `findings`, those to act on now first. What cannot be assessed raises no alarm."""
    found = [escalation(finding, settings=settings) for finding in findings if _alarms(finding)]
    return tuple(sorted(found, key=lambda one: one.rank is not Rank.NOW))


def escalation(finding: Finding, *, settings: ClinicalSettings | None = None) -> Escalation:
    """What has to happen to one firing finding."""
    hard = finding.severity is Severity.HARD_STOP
    return Escalation(
        finding=finding,
        rank=Rank.NOW if hard else Rank.SOON,
        within_minutes=within_minutes(finding.code, settings=settings),
        prescriber_closes=hard and finding.code not in NURSE_CLOSES,
        pauses_taper=hard and finding.code not in NURSE_CLOSES,
        opens=OPENS.get(finding.code),
        emergency=finding.emergency,
    )


def within_minutes(code: str, *, settings: ClinicalSettings | None = None) -> int | None:
    """How soon the rule of this code wants somebody there, in minutes; None where it says no time, or is no rule."""
    if code == "INP-6":
        return int((settings or clinical_settings()).ciwa_b_review_within_hours * MINUTES_PER_HOUR)
    values = rules()[code].values if code in rules() else {}
    if "review_within_minutes" in values:
        return int(values["review_within_minutes"].value)
    hours = values.get("review_within_hours")
    return None if hours is None else int(hours.value * MINUTES_PER_HOUR)


def _alarms(finding: Finding) -> bool:
    return finding.code in ALARMS and finding.status is Status.FIRES
