"""Event mode: choose the kind, then one tap a line. Nothing is typed, and it works without a script."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.queries import pauses
from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.events import queries, services
from glidepath.care.events.course import END, HERE, KINDS, Course
from glidepath.care.events.forms import HandedForm, StartForm, TapForm
from glidepath.care.events.models import Disclosure, Outcome, Running
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import freezes
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import bed_of, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.queries import colleague, on_shift
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def choose(request: HttpRequest, person: UUID) -> HttpResponse:
    """The six kinds, each one tap, and what runs already."""
    found = person_for(signed_in(request), person, action="event.record")
    return _choosing(request, found)


@login_required
@require_POST
def start(request: HttpRequest, person: UUID) -> HttpResponse:
    """The first tap of an emergency. Whatever else the button carries, its kind is started."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="event.record")
    form = StartForm(request.POST)
    said = "Choose what happens."
    if form.is_valid():
        try:
            done = services.start(
                person=found,
                kind=Event.Kind(form.cleaned_data["kind"]),
                by=viewer,
                once=form.cleaned_data["once"],
                opened_at=form.opened_at(),
            )
        except ServiceError as refused:
            said = refused.message
        else:
            return SeeOther(address_of(done.running))
    return _choosing(request, found, said=said, status=422)


@login_required
@require_GET
def running(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    """The emergency itself; once it has ended, what follows it."""
    row = queries.incident_for(signed_in(request), person, running, action="event.record")
    return _page(request, row)


@login_required
@require_POST
def tap(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    """One line, with its time."""
    viewer = signed_in(request)
    row = queries.incident_for(viewer, person, running, action="event.record")
    form = TapForm(request.POST)
    if not form.is_valid():
        return _page(request, row, said="This tap could not be read. Tap it again.", status=422)
    who = form.cleaned_data["who"]
    try:
        step = services.tap(
            running=row,
            line=form.cleaned_data["line"],
            outcome=form.cleaned_data["outcome"],
            who=colleague(row.centre, who) if who else None,
            by=viewer,
            once=form.cleaned_data["once"],
            ago=form.waited(),
        )
    except ServiceError as refused:
        return _page(request, row, said=refused.message, status=422)
    return SeeOther(reverse("events:after", args=_keys(row)) if step.line == END else address_of(row))


@login_required
@require_POST
def take_back(request: HttpRequest, person: UUID, running: UUID, step: UUID) -> HttpResponse:
    """An undo, which stays to be read."""
    viewer = signed_in(request)
    row = queries.incident_for(viewer, person, running, action="event.record")
    tapped = queries.step_of(row, step)
    try:
        services.take_back(step=tapped, by=viewer, once=request.POST.get("once", ""))
    except ServiceError as refused:
        return _page(request, row, said=refused.message, status=422)
    return SeeOther(address_of(row))


@login_required
@require_POST
def handed_over(request: HttpRequest, person: UUID, running: UUID) -> HttpResponse:
    """The letter left the building with somebody."""
    viewer = signed_in(request)
    row = queries.incident_for(viewer, person, running, action="incident.letter")
    form = HandedForm(request.POST)
    if not form.is_valid():
        return _page(request, row, said="Choose who has the letter.", status=422)
    try:
        services.disclose(
            running=row,
            recipient=Disclosure.Recipient(form.cleaned_data["recipient"]),
            by=viewer,
            once=form.cleaned_data["once"],
        )
    except ServiceError as refused:
        return _page(request, row, said=refused.message, status=422)
    return SeeOther(address_of(row))


def address_of(running: Running) -> str:
    """The page of event mode."""
    return reverse("events:running", args=_keys(running))


def _keys(running: Running) -> list[UUID]:
    return [running.person.public_id, running.public_id]


def _choosing(request: HttpRequest, found: Person, *, said: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "bed": bed_of(found),
        "kinds": KINDS,
        "key": uuid4().hex,
        "opened": f"{clock.now().timestamp():.3f}",
        "runs": queries.running_of([found]).get(found.pk, ()),
        "said": said,
    }
    return pages.page(request, "events/choose.html", context, action="event.read", person=found, status=status)


def _page(request: HttpRequest, row: Running, *, said: str = "", status: int = 200) -> HttpResponse:
    viewer, found = signed_in(request), row.person
    course, bed = queries.course_of(row), bed_of(found)
    context: dict[str, Any] = {
        "person": found,
        "bed": bed,
        "running": row,
        "course": course,
        "frozen": any(until is None for _, until in (*freezes(found), *pauses(found))),
        "key": uuid4().hex,
        "said": said,
        "outcomes": Outcome,
        "end": END,
        "here": HERE,
        "recipients": Disclosure.Recipient,
        "may_hand_over": may(viewer, "incident.letter"),
        "colleagues": _not_yet_there(course, on_shift(bed.bed.room.unit) if bed else []),
    }
    return pages.page(request, "events/running.html", context, action="event.read", person=found, status=status)


def _not_yet_there(course: Course, staff: list[Any]) -> list[Any]:
    there = {one.pk for one in course.there}
    return [one for one in staff if one.pk not in there]
