"""To run an emergency: the first tap starts it, each further tap writes its time, an undo is a further row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from glidepath.care.alarms import queries as alarms
from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.services import raise_alarm
from glidepath.care.events import queries
from glidepath.care.events.course import CALL, END, HERE, KINDS, Course
from glidepath.care.events.models import Disclosure, EventStep, Outcome, Running
from glidepath.care.events.reviewing import (
    ActionGiven,
    debrief,
    say_action_done,
    sign_review,
    write_review,
)
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.happenings import record_event
from glidepath.care.monitoring.models import Event
from glidepath.clinical.monitoring.emergency import AGAIN, RECOVERED, STATUS, STOPPED
from glidepath.clinical.monitoring.escalation import escalation
from glidepath.record import clock
from glidepath.record.audit import once as submits, services as audit
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require

__all__ = ["ActionGiven", "debrief", "say_action_done", "sign_review", "write_review"]

JOINS = (Event.Kind.OVER_SEDATION, Event.Kind.DELIRIUM)  # one goes on until it is lifted; a further seizure is another
WORDS = "Started at the bedside by one tap."
TAKEN_BACK, AGAIN_TAPPED = "taken back", "tapped again"
LONGEST_AGO = dt.timedelta(minutes=10)  # ours: a page left open longer does not say when it began
A_MOMENT = dt.timedelta(minutes=1)
_NUMBERED = re.compile(rf"({STOPPED}|{AGAIN}|{RECOVERED})_([1-9][0-9]?)")
_CALL = re.compile(rf"{CALL}_[1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class Started:
    """The emergency that runs. joined: a colleague had started it."""

    running: Running
    joined: bool


@transaction.atomic
def start(*, person: Person, kind: Event.Kind, by: Staff, once: str, opened_at: dt.datetime | None = None) -> Started:
    """The first tap: the event, with everything that follows from it, and the clock. Somebody who taps while the same
    kind runs joins it.

    opened_at: when the page with the button was opened, which is when it was seen; too long ago counts as now.
    """
    earlier = submits.found(once, "event.run")
    if earlier is not None:
        return Started(Running.objects.get(pk=earlier), joined=False)
    if kind not in KINDS:
        raise BadInput(f"Choose one of: {', '.join(one.label for one in KINDS)}.", field="kind")
    require(by, "event.record")
    _lock(person, by)
    with audit.together():
        runs = queries.runs_now(person, kind)
        running = runs or _begin(person, kind, by, _moment(opened_at))
        _add(running, f"{HERE}_{by.pk}", by=by, who=by)
        submits.remember(once, "event.run", running.pk)
        audit.write("event.run", by=by, centre=person.centre, person=person, about=running, code=kind.value)
    return Started(running, joined=runs is not None)


@transaction.atomic
def tap(
    *,
    running: Running,
    line: str,
    by: Staff,
    once: str,
    outcome: str = "",
    who: Staff | None = None,
    ago: dt.timedelta = dt.timedelta(0),
) -> EventStep:
    """One tap writes its time. A line that stands already stays as it is: the first who tapped it is on the page.

    outcome: of the line "end". who: of the line "here", somebody of this centre. ago: how long the tap waited for the
    network, as the page that kept it says; at most ten minutes, and never before the emergency began.
    Raises BadInput for a line this emergency does not have, ChangedMeanwhile once it has ended.
    """
    earlier = submits.found(once, "event.step")
    if earlier is not None:
        return EventStep.objects.get(pk=earlier)
    require(by, "event.record")
    _lock(running.person, by)
    course = queries.course_of(running)
    _refuse_unknown(course, line, outcome)
    if line == HERE:
        line = f"{HERE}_{_present(who, by).pk}"
    stands = course.standing.get(line)
    _refuse_ended(course, stands, line, outcome)
    with audit.together():
        at = _tapped_at(running, ago)
        present = who if line.startswith(HERE) else None
        step = stands or _add(running, line, by=by, outcome=outcome, who=present, at=at)
        if line.startswith(CALL) and stands is None:
            _call(running, by)
        _call_status(queries.course_of(running), by)
        submits.remember(once, "event.step", step.pk)
        audit.write("event.step", by=by, centre=running.person.centre, person=running.person, about=step, code=line)
    return step


@transaction.atomic
def take_back(*, step: EventStep, by: Staff, once: str) -> EventStep:
    """An undo: a further row, so that both can be read. Raises ChangedMeanwhile where somebody took it back already."""
    earlier = submits.found(once, "event.step_back")
    if earlier is not None:
        return EventStep.objects.get(pk=earlier)
    require(by, "event.record")
    running = step.running
    _lock(running.person, by)
    course = queries.course_of(running)
    if course.standing.get(step.line) != step:
        newest = next(row for row in reversed(course.rows) if row.line == step.line)
        raise ChangedMeanwhile(
            f"{newest.recorded_by.name} has changed this line already.", by=newest.recorded_by.name,
            at=newest.recorded_at,
        )  # fmt: skip
    if course.end and step.line != END:
        _refuse_ended(course, None, step.line, "")
    if step.line == END:
        _refuse_talked_over(running)
    row = _add(running, step.line, by=by, done=False, who=step.who)
    submits.remember(once, "event.step_back", row.pk)
    audit.write("event.step_back", by=by, centre=running.person.centre, person=running.person, about=row, code=row.line)
    return row


@transaction.atomic
def disclose(*, running: Running, recipient: Disclosure.Recipient, by: Staff, once: str) -> Disclosure:
    """The letter was handed over in the emergency, without consent: to whom, by whom, when, and for what."""
    earlier = submits.found(once, "event.disclosed")
    if earlier is not None:
        return Disclosure.objects.get(pk=earlier)
    require(by, "incident.letter")
    _lock(running.person, by)
    now = clock.now()
    row = Disclosure.objects.create(
        centre_id=running.centre_id, running=running, recipient=Disclosure.Recipient(recipient), happened_at=now,
        recorded_at=now, recorded_by=by,
    )  # fmt: skip
    submits.remember(once, "event.disclosed", row.pk)
    _audit_disclosure(row, by)
    return row


@transaction.atomic
def name_recipient(*, disclosure: Disclosure, name: str, facility: str, by: Staff, once: str) -> Disclosure:
    """Who had the letter, by name and place, as soon as it is known: a further row."""
    earlier = submits.found(once, "event.disclosed")
    if earlier is not None:
        return Disclosure.objects.get(pk=earlier)
    require(by, "incident.letter")
    _lock(disclosure.running.person, by)
    name, facility = name.strip(), facility.strip()
    if not name:
        raise BadInput("Write the name of who had the letter.", field="name")
    if not facility:
        raise BadInput("Write where they work: the hospital, the ambulance service.", field="facility")
    newer = Disclosure.objects.filter(supersedes=disclosure).select_related("recorded_by").first()
    if newer is not None:
        raise ChangedMeanwhile(
            f"{newer.recorded_by.name} has written the name already: {newer.name}, {newer.facility}.",
            by=newer.recorded_by.name, at=newer.recorded_at,
        )  # fmt: skip
    row = Disclosure.objects.create(
        centre_id=disclosure.centre_id, running=disclosure.running, recipient=disclosure.recipient, name=name,
        facility=facility, happened_at=disclosure.happened_at, recorded_at=clock.now(), recorded_by=by,
        supersedes=disclosure, correction_reason="the name became known",
    )  # fmt: skip
    submits.remember(once, "event.disclosed", row.pk)
    _audit_disclosure(row, by)
    return row


def alarm_status_epilepticus(centre: Centre) -> None:
    """By time alone: a seizure that runs and has come to SEI-2 calls once, whether or not anybody looks at the page."""
    for running in queries.seizures_running(centre):
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=running.person_id)
            _call_status(queries.course_of(running), None)


# --- Parts ------------------------------------------------------------------------------------------------------------


def _lock(person: Person, by: Staff) -> None:
    if person.centre_id != by.centre_id:
        raise NotAllowed("This person is in another centre's care.")
    Person.objects.select_for_update().get(pk=person.pk)


def _moment(opened_at: dt.datetime | None) -> dt.datetime:
    now = clock.now()
    return opened_at if opened_at is not None and now - LONGEST_AGO <= opened_at <= now else now


def _begin(person: Person, kind: Event.Kind, by: Staff, at: dt.datetime) -> Running:
    """The event through monitoring's own door, which freezes, holds and calls; then the clock."""
    event = _open_without_clock(person, kind) if kind in JOINS else None
    raised: Sequence[object] = ()
    if event is None:
        earlier = None if clock.now() - at < A_MOMENT else at  # an alarm of seconds ago is one of now
        done = record_event(person=person, kind=kind, words=WORDS, by=by, once="", happened_at=earlier)
        event, raised = done.row, done.alarms
    if not raised:
        _call(event, by, freezes=True)
    return Running.objects.create(
        centre_id=person.centre_id, person=person, episode=event.episode, event=event, kind=kind, happened_at=at,
        recorded_at=clock.now(), recorded_by=by,
    )  # fmt: skip


def _open_without_clock(person: Person, kind: Event.Kind) -> Event | None:
    standing = [one for one in monitoring.open_events([person])[person.pk] if one.kind == kind]
    return next((one for one in standing if not Running.objects.filter(event=one).exists()), None)


def _tapped_at(running: Running, ago: dt.timedelta) -> dt.datetime:
    waited = min(max(ago, dt.timedelta(0)), LONGEST_AGO)
    return max(running.happened_at, clock.now() - waited)


def _add(
    running: Running,
    line: str,
    *,
    by: Staff,
    done: bool = True,
    outcome: str = "",
    who: Staff | None = None,
    at: dt.datetime | None = None,
) -> EventStep:
    """The next row of this line; one that stands as wanted is returned."""
    last = EventStep.objects.filter(running=running, line=line).order_by("-turn").first()
    if last is not None and last.done is done:
        return last
    now = clock.now()
    return EventStep.objects.create(
        centre_id=running.centre_id, running=running, line=line, turn=last.turn + 1 if last else 0, done=done,
        outcome=outcome if done else "", who=who, happened_at=at or now, recorded_at=now, recorded_by=by,
        supersedes=last,
        correction_reason="" if last is None else AGAIN_TAPPED if done else TAKEN_BACK,
    )  # fmt: skip


def _call(about: Running | Event, by: Staff, *, freezes: bool = False) -> None:
    """More hands, now: it joins the call that stands and makes it loud again. freezes: nothing else that this emergency
    raised keeps the next cut from beginning, as with a fall; a prescriber then closes the call."""
    what = Event.Kind(about.kind).label
    raise_alarm(
        person=about.person, cause="help", rank=Rank.NOW, message=f"{by.name} calls for help: {what}.",
        do="Go there now.", by=by, pauses_taper=freezes, prescriber_closes=freezes,
    )  # fmt: skip


def _call_status(course: Course, by: Staff | None) -> None:
    """SEI-2 is raised once for one emergency."""
    person, finding = course.running.person, course.status
    if finding is None or course.end is not None:
        return
    said = alarms.last_triggers([person], STATUS).get(person.pk)
    if said is not None and said >= course.running.happened_at:
        return
    found = escalation(finding, settings=clinical_settings_of(person.centre))
    raise_alarm(
        person=person, cause=found.code, rank=Rank(found.rank.value), message=finding.message, do=finding.do, by=by,
        pauses_taper=found.pauses_taper, prescriber_closes=found.prescriber_closes,
    )  # fmt: skip


def _present(who: Staff | None, by: Staff) -> Staff:
    if who is None or who.centre_id != by.centre_id:
        raise BadInput("Choose who is there: somebody who works here.", field="who")
    return who


def _refuse_unknown(course: Course, line: str, outcome: str) -> None:
    if line == END:
        if outcome not in Outcome.values:
            raise BadInput("Say how it ends: stays here, transferred, or died.", field="outcome")
        if outcome == Outcome.STAYS and course.lasts:
            raise BadInput("The seizure is still running. Tap Seizure stopped, then end it.", field="outcome")
        return
    if course.checklist.line(line) is not None or _CALL.fullmatch(line) or line == HERE:
        return
    about_a_fit = _NUMBERED.fullmatch(line)
    if about_a_fit is None or not course.fits:
        raise BadInput(f"“{line[:24]}” is no line of this emergency. Open the page again.", field="line")
    act, number, last = about_a_fit[1], int(about_a_fit[2]), len(course.fits)
    if not (number == last + 1 if act == AGAIN else number <= last) and line not in course.standing:
        raise BadInput(f"There is no seizure {number} here yet. Open the page again.", field="line")


def _refuse_ended(course: Course, stands: EventStep | None, line: str, outcome: str) -> None:
    end = course.end
    if end is None or (line == END and stands is not None and stands.outcome == outcome):
        return
    at = clock.local(course.running.person.centre, end.happened_at)
    raise ChangedMeanwhile(
        f"{end.recorded_by.name} ended it at {at:%H:%M}: {Outcome(end.outcome).label}. Take that back first.",
        by=end.recorded_by.name, at=end.recorded_at,
    )  # fmt: skip


def _refuse_talked_over(running: Running) -> None:
    talked = queries.debrief_of(running)
    if talked is not None:
        raise ChangedMeanwhile(
            f"{talked.recorded_by.name} has written its debrief, so the outcome is not taken back any more.",
            by=talked.recorded_by.name, at=talked.recorded_at,
        )  # fmt: skip


def _audit_disclosure(row: Disclosure, by: Staff) -> None:
    person = row.running.person
    audit.write("event.disclosed", by=by, centre=person.centre, person=person, about=row, code=row.recipient)
