"""What the record proposes for a person's plan: problems with their reasons, and what nobody has asked. Reads only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import queries as assessment
from glidepath.care.instruments.screened import screened
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import Event
from glidepath.care.taper import queries as taper
from glidepath.care.taper.proposals import limits_of
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.case import Case, known_of
from glidepath.clinical.guidelines.check_person import check_person
from glidepath.clinical.planning.proposing import Because, Proposed, not_asked, propose
from glidepath.clinical.planning.values import ProblemKind
from glidepath.record import clock
from glidepath.record.centres.queries import settings_of
from glidepath.record.episodes.queries import bed_of
from glidepath.record.people.models import Person

SUICIDALITY = "SUI-1"  # the cause of the alarm, by its rule


@dataclass(frozen=True, slots=True)
class Proposals:
    """What could be taken up, and by problem the facts that nobody has asked, in words."""

    proposed: tuple[Proposed, ...]
    not_asked: Mapping[ProblemKind, tuple[str, ...]]


def proposals(person: Person) -> Proposals:
    """As the record stands now."""
    case = _case(person)
    findings = check_person(case, formulary=formulary(), limits=limits_of(settings_of(person.centre)))
    likely = known_of(case, formulary=formulary()).dependence
    found = propose(case.facts, findings, dependence=likely, happened=_happened(person))
    return Proposals(found, not_asked(case.facts))


def setting_of(person: Person) -> Setting:
    """Where care is given now: by the unit of the bed; in no bed it is outpatient care."""
    bed = bed_of(person)
    return Setting(bed.bed.room.unit.setting) if bed else Setting.OUTPATIENT


def _happened(person: Person) -> Iterator[tuple[ProblemKind, Because]]:
    """What was seen here, whatever was told since: the newest seizure and fall, screens, and a call nobody closed."""
    seen = monitoring.dangers([person])[person.pk]
    for kind, problem in ((Event.Kind.SEIZURE, ProblemKind.SEIZURE), (Event.Kind.FALL, ProblemKind.FALLS)):
        if kind in seen:
            day = clock.local(person.centre, seen[kind].happened_at)
            yield problem, Because(kind.value, f"Seen here: a {kind.label} on {day:%-d %b %Y}", rule=False)
    for one in screened([person])[person.pk]:
        yield (
            one.screen.problem,
            Because(one.screen.rule or one.result.instrument, one.words, rule=bool(one.screen.rule)),
        )
    alarm = open_alarm(person, SUICIDALITY)
    if alarm is not None:
        day = clock.local(person.centre, alarm.opened_at)
        yield (
            ProblemKind.SUICIDALITY,
            Because(SUICIDALITY, f"An alarm stands open since {day:%-d %b %Y}", rule=True),
        )


def _case(person: Person) -> Case:
    return Case(
        facts=assessment.facts(person),
        today=clock.today(person.centre),
        daily=_daily(person),
        setting=setting_of(person),
    )


def _daily(person: Person) -> Mapping[str, Dose] | None:
    """By the taper where one is in force, else as it was told; None where neither says."""
    running = taper.running([person]).get(person.pk)
    if running is not None:
        return running.daily
    return assessment.reported_daily(assessment.uses(person)) or None
