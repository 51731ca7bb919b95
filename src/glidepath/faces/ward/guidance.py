"""What the guideline has to say about one person: what fires, what changes the pace, what is not recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.unconfirmed import dated
from glidepath.care.taper.models import Version
from glidepath.care.taper.proposals import limits_of
from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Status
from glidepath.clinical.guidelines.case import Case, known_of
from glidepath.clinical.guidelines.check_person import check_person
from glidepath.clinical.guidelines.missing import MissingSubject, group_by_subject
from glidepath.clinical.guidelines.person_factors import PersonFactor, person_factors
from glidepath.clinical.guidelines.questions import Asked, FactGroup
from glidepath.clinical.guidelines.subjects import Subject, firing_by_subject
from glidepath.clinical.guidelines.under_way import as_signed
from glidepath.clinical.guidelines.vocabulary import VOCABULARY
from glidepath.clinical.guidelines.wording import doses
from glidepath.faces.shell.findings import counted
from glidepath.faces.ward.about import Chart
from glidepath.faces.ward.case import CaseNow, case_of
from glidepath.record.people.models import Person

OF_FACTORS = "FAC-"  # rules of our own that only change pace or choice
# Said with an order or a stop, and kept by no row: no page can record it.
SAID_WITH_AN_ACT = frozenset({"for_taper", "experienced", "because_of_benzodiazepine", "shape"})
# The bed says where care is given; no cut without a review, which is written beside the plan.
ELSEWHERE: Mapping[str, str] = {"setting": "people:identity", "symptoms_reviewed_since_last_step": "taper:plan"}
AS_TOLD = frozenset({"daily_dose", "diazepam_equivalent"})  # from the medicines as told


@dataclass(frozen=True, slots=True)
class About:
    """What fires about one subject, under its name."""

    title: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that changes pace or choice. above: the codes of its findings that stand above already."""

    title: str
    findings: tuple[Finding, ...]
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One fact that is not recorded, which rules wait for it, and where it can be recorded."""

    words: str
    codes: tuple[str, ...]
    stops: bool
    address: str


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """The questions of one subject, in one line."""

    title: str
    stops: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured at one moment."""

    at: dt.datetime
    words: str


@dataclass(frozen=True, slots=True)
class RestsOn:
    """What the rules were asked with. An empty text: not known."""

    daily: str
    daily_from: str
    setting: str
    setting_from: str
    table: str
    version: Version | None
    step: int | None
    others: tuple[str, ...]
    measured: tuple[Measured, ...]
    late_minutes: int


@dataclass(frozen=True, slots=True)
class Guidance:
    rests_on: RestsOn
    subjects: tuple[About, ...]
    counted: str
    answered: tuple[Finding, ...]
    factors: tuple[Factor, ...]
    missing: tuple[NotRecorded, ...]


def guidance_of(chart: Chart) -> Guidance:
    """Everything about this person as the record stands now. It informs, and decides nothing."""
    person, settings = chart.person, chart.standing.settings[chart.person.centre_id]
    told = assessment.stands(person, chart.episode)
    now = case_of(chart, settings, told=assessment.facts(person, told))
    case, known, limits = now.case, formulary(), limits_of(settings)
    said = check_person(case, formulary=known, limits=limits)
    findings = dated(person, _as_things_stand(said, now), told)
    fires = [one for one in findings if one.status is Status.FIRES and not one.code.startswith(OF_FACTORS)]
    unanswered = [one for one in fires if one.answered_by is None]
    above = frozenset(one.code for one in fires)
    return Guidance(
        rests_on=_rests_on(now),
        subjects=tuple(_about(one) for one in firing_by_subject(unanswered)),
        counted=counted(unanswered),
        answered=tuple(one for one in fires if one.answered_by is not None),
        factors=_factors(person_factors(case, formulary=known, settings=limits.settings), above),
        missing=tuple(_not_recorded(one, person) for one in group_by_subject(findings)),
    )


def _as_things_stand(findings: Sequence[Finding], now: CaseNow) -> tuple[Finding, ...]:
    """Without what is said of the step that has begun; what the signers of the plan answered stays answered."""
    taper = now.taper
    if taper is None:
        return tuple(findings)
    ahead = [one for one in findings if one.step is None or one.step != taper.step]
    return as_signed(ahead, taper.planned.plan.findings, reason=taper.version.reason)


def _about(subject: Subject) -> About:
    return About(_title(subject.group), subject.findings)


def _factors(found: Sequence[PersonFactor], above: frozenset[str]) -> tuple[Factor, ...]:
    fires = [one for one in found if one.finding.status is Status.FIRES]
    shown = []
    for factor, ones in groupby(fires, key=lambda one: one.factor):
        findings = [one.finding for one in ones]
        here = tuple(one for one in findings if one.code not in above)
        codes = dict.fromkeys(one.code for one in findings if one.code in above)
        shown.append(Factor(_capital(factor.value), here, tuple(codes)))
    return tuple(shown)


def _not_recorded(subject: MissingSubject, person: Person) -> NotRecorded:
    questions = tuple(
        Question(fact.question, fact.codes, fact.stops, recorded_at(fact.name, person)) for fact in subject.facts
    )
    return NotRecorded(_title(subject.group), subject.stops, questions)


def recorded_at(name: str, person: Person) -> str:
    """The address where the answer belongs: its question among the facts, or the page where it is measured or told.

    Empty where no page records it.
    """
    if name in SAID_WITH_AN_ACT:
        return ""
    if name in ELSEWHERE:
        return reverse(ELSEWHERE[name], args=[person.public_id])
    question = VOCABULARY.get(name)
    facts = reverse("assessment:facts", args=[person.public_id])
    if name in AS_TOLD or (question and question.asked is Asked.WORKED_OUT and question.group is FactGroup.USE):
        return f"{facts}#uses"
    if question is None or question.asked in (Asked.MEASURED, Asked.WORKED_OUT):
        return reverse("monitoring:person", args=[person.public_id])
    return f"{facts}#ask-{name}"


def _rests_on(now: CaseNow) -> RestsOn:
    case, taper = now.case, now.taper
    known = known_of(case, formulary=formulary())
    return RestsOn(
        daily="" if known.daily is None else _a_day(known.daily),
        daily_from=now.daily_from or ("the first step of the plan" if known.daily else ""),
        setting=known.setting.value.replace("_", " ") if known.setting else "",
        setting_from=now.setting_from,
        table=formulary().table(case.table).name if case.table else "",
        version=taper.version if taper else None,
        step=taper.step if taper else None,
        others=_others(case),
        measured=_measured(now),
        late_minutes=now.due.late_minutes if now.due and now.due.alerts else 0,
    )


def _a_day(daily: Mapping[str, Dose]) -> str:
    return f"{doses(tuple(daily.values()))} a day" if daily else "none"


def _others(case: Case) -> tuple[str, ...]:
    return tuple(one.name for one in case.others)


def _measured(now: CaseNow) -> tuple[Measured, ...]:
    """The newest first."""
    in_order = sorted(now.values, key=lambda value: value.at, reverse=True)
    return tuple(
        Measured(at, ", ".join(value.words for value in values))
        for at, values in groupby(in_order, key=lambda value: value.at)
    )


def _title(group: FactGroup) -> str:
    return _capital(group.value)


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
