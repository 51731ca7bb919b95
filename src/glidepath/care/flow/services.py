"""The ways in and out: a person admitted, a person discharged to somebody. Calls stand in calling.py, the screen's
decision in deciding.py; all are reached from here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.unconfirmed import dated
from glidepath.care.flow import admission, queries
from glidepath.care.flow.calling import Identity, Told, enquire, last_dose_told, open_episode, register, take_call
from glidepath.care.flow.deciding import Answer, decide, prepare, record_contact, redirected_words
from glidepath.care.flow.going_through import findings_of
from glidepath.care.flow.going_through_acts import go_through
from glidepath.care.flow.leaving import proposal_for
from glidepath.care.flow.models import Discharge
from glidepath.care.planning import services as planning
from glidepath.care.safety import queries as safety
from glidepath.care.taper import services as taper
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Status, in_the_way
from glidepath.clinical.guidelines.discharge import check_discharge
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Bed
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import Proof, require_proof

__all__ = [
    "Answer",
    "Identity",
    "Leaving",
    "Told",
    "admit",
    "begin_admission",
    "decide",
    "discharge",
    "enquire",
    "findings_for",
    "go_through",
    "last_dose_told",
    "open_episode",
    "prepare",
    "record_contact",
    "redirected_words",
    "take_call",
]


@transaction.atomic
def begin_admission(*, who: Identity, by: Staff, once: str) -> Person:
    """A new person with an open episode, in one act: what is asked next goes into it part by part."""
    require(by, "episode.admit")
    with audit.together():
        person = register(who, by, once)
        open_episode(person=person, by=by)
    return person


@transaction.atomic
def admit(*, person: Person, bed: Bed, by: Staff, once: str = "") -> Episode:
    """Into a bed, once every part is answered. Raises BadInput naming what is open, ChangedMeanwhile for a taken bed"""
    earlier = submits.found(once, "admission")
    if earlier is not None:
        return Episode.objects.get(pk=earlier)
    require(by, "episode.admit")
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=person.pk)
    _refuse_redirected(person, current_episode(person))
    open_parts = admission.still_open(person)
    if open_parts:
        raise BadInput("Not yet: " + " ".join(part.open for part in open_parts))
    with audit.together():
        episode = open_episode(person=person, by=by)
        if episode.stage == Stage.ADMITTED:
            raise BadInput(f"{person.preferred_name} is admitted already. Move them on the bed board instead.")
        episode = episodes.change_stage(episode=episode, stage=Stage.ADMITTED, by=by)
        episodes.put_to_bed(episode=episode, bed=bed, by=by)
        submits.remember(once, "admission", episode.pk)
        audit.write("person.admitted", by=by, centre=person.centre, person=person, about=episode)
    episode.refresh_from_db()
    return episode


@dataclass(frozen=True, slots=True)
class Leaving:
    """A discharge as it is prepared; what is not arranged stays empty."""

    kind: str = Discharge.Kind.COMPLETED
    to_aftercare: bool = True
    prescriber: str = ""
    prescriber_contact: str = ""
    first_visit: dt.date | None = None
    supply_until: dt.date | None = None
    naloxone: str = ""
    told: tuple[str, ...] = ()
    contact_on: dt.date | None = None
    safety_plan: bool = False
    reason: str = ""


def findings_for(*, person: Person, leaving: Leaving) -> tuple[Finding, ...]:
    """Everything to say about this discharge as it stands (DIS-1 to DIS-6)."""
    settings = clinical_settings_of(person.centre)
    found = check_discharge(proposal_for(person, leaving), facts=assessment.facts(person), settings=settings)
    episode = current_episode(person)
    open_medicines = findings_of(person, episode) if episode is not None else ()
    return (*open_medicines, *dated(person, found))


@transaction.atomic
def discharge(
    *,
    person: Person,
    leaving: Leaving,
    by: Staff,
    proof: Proof,
    seen: str = Stage.ADMITTED,
    overrides: Mapping[str, str] | None = None,
    once: str = "",
) -> Discharge:
    """Close it. Nobody is discharged to nobody: prescriber, first visit and supply beyond it, or it stays open.

    overrides: a prescriber's reason by finding code, for what may be answered. Raises HardStop with what is open.
    """
    earlier = submits.found(once, "discharge")
    if earlier is not None:
        return Discharge.objects.get(pk=earlier)
    require(by, "discharge.close")
    require_proof(by, proof)
    Person.objects.select_for_update().get(pk=person.pk)
    episode = current_episode(person)
    _refuse_not_here(person, episode, seen)
    assert episode is not None
    _refuse_empty(leaving)
    _refuse_another_century(leaving, clock.today(person.centre))
    findings = _answered(findings_for(person=person, leaving=leaving), overrides or {})
    if in_the_way(findings):
        raise HardStop("The discharge does not close yet: see what is missing below.", findings)
    _refuse_a_plan_nobody_wrote(person, leaving)
    with audit.together():
        row = _keep(episode, leaving, findings, by)
        taper.end(person=person, by=by)
        stage = Stage.AFTERCARE if leaving.to_aftercare else Stage.DISCHARGED
        if stage == Stage.DISCHARGED:  # our aftercare goes on with the plan; elsewhere somebody makes their own
            planning.end_plan(person=person, by=by)
        episodes.change_stage(episode=episode, stage=stage, by=by, reason=leaving.reason)
        submits.remember(once, "discharge", row.pk)
        audit.write(
            "person.discharged", by=by, centre=person.centre, kind="sign", person=person, about=row, code=leaving.kind
        )
    return row


def _refuse_not_here(person: Person, episode: Episode | None, seen: str) -> None:
    if episode is None:
        raise BadInput(f"{person.preferred_name} has no episode of care here.")
    if episode.stage != seen:
        raise ChangedMeanwhile(
            f"{person.preferred_name} is in {episode.get_stage_display()} now. Open the page again.",
            by="a colleague",
            at=clock.now(),
        )
    if episode.stage != Stage.ADMITTED:
        raise BadInput(f"{person.preferred_name} is not admitted: there is nothing to discharge from.")


def _refuse_a_plan_nobody_wrote(person: Person, leaving: Leaving) -> None:
    if leaving.safety_plan and safety.newest_plan(person) is None:
        raise BadInput(
            f"No safety plan of {person.preferred_name} is written here, so none can go with them. Write it together "
            "first, or leave the box empty.",
            field="safety_plan",
        )


def _refuse_redirected(person: Person, episode: Episode | None) -> None:
    decision = queries.decision_of(episode) if episode is not None else None
    if decision is not None and decision.is_redirect:
        raise BadInput(redirected_words(person, decision))


def _refuse_empty(leaving: Leaving) -> None:
    """What every discharge needs whatever its kind (a constraint of the row, said in words)."""
    needed = (
        ("prescriber", leaving.prescriber.strip(), "Name who prescribes from now on."),
        ("prescriber_contact", leaving.prescriber_contact.strip(), "Write how the prescriber is reached."),
        ("first_visit", leaving.first_visit, "Book the first visit and write its date."),
        ("supply_until", leaving.supply_until, "Write until when the supply lasts."),
        ("naloxone", leaving.naloxone, "Say whether naloxone was given, declined or is not due."),
    )
    for field, value, message in needed:
        if not value:
            raise BadInput(message, field=field)


def _refuse_another_century(leaving: Leaving, today: dt.date) -> None:
    for field in ("first_visit", "supply_until", "contact_on"):
        day: dt.date | None = getattr(leaving, field)
        if day is not None and abs(day - today) > FARTHEST:
            raise BadInput(f"{day:%-d %b %Y} is more than a year away. Look at the year.", field=field)


def _answered(findings: tuple[Finding, ...], overrides: Mapping[str, str]) -> tuple[Finding, ...]:
    return tuple(
        one.answered(overrides[one.code].strip())
        if one.overridable and one.code not in NEVER_OVERRIDDEN and overrides.get(one.code, "").strip()
        else one
        for one in findings
    )


FARTHEST = dt.timedelta(days=366)  # ours: no first visit is booked, and no supply reaches, beyond a year
NEVER_OVERRIDDEN = frozenset({"DIS-2", "DIS-5", "DIS-6"})  # ours: nobody is discharged to nobody, for no reason


def _keep(episode: Episode, leaving: Leaving, findings: tuple[Finding, ...], by: Staff) -> Discharge:
    now = clock.now()
    assert leaving.first_visit is not None
    assert leaving.supply_until is not None
    return Discharge.objects.create(
        centre_id=episode.centre_id,
        episode=episode,
        kind=leaving.kind,
        to_aftercare=leaving.to_aftercare,
        prescriber=leaving.prescriber.strip(),
        prescriber_contact=leaving.prescriber_contact.strip(),
        first_visit=leaving.first_visit,
        supply_until=leaving.supply_until,
        naloxone=leaving.naloxone,
        told=list(leaving.told),
        findings=[_kept(one) for one in findings],
        reason=leaving.reason.strip(),
        happened_at=now,
        recorded_at=now,
        recorded_by=by,
    )


def _kept(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "status": finding.status.value,
        "assessed": finding.status is Status.FIRES,
        "answered_by": finding.answered_by,
        "facts": formulary().version,
    }
