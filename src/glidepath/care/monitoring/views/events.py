"""What happened, written down by whoever saw it; and a prescriber's second look."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.monitoring import consequences, moods, queries, services
from glidepath.care.monitoring.forms import EventCorrectionForm, EventForm, ReviewForm, moment_of
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.views import chart
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_POST
def record(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="event.record")
    form = EventForm(request.POST)
    if form.is_valid():
        kind = Event.Kind(form.cleaned_data["kind"])
        try:
            services.record_event(
                person=found,
                kind=kind,
                words=form.cleaned_data["words"],
                by=viewer,
                once=form.cleaned_data["once"],
                happened_at=moment_of(form, "at", found.centre),
                seen=form.cleaned_data["seen"] if kind == Event.Kind.SEIZURE else None,
            )
        except ServiceError as refused:
            chart.refuse(form, refused)
        else:
            return chart.back(found)
    return chart.page(request, found, event_form=form, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: UUID, event: UUID) -> HttpResponse:
    """A further entry in place of one whose kind, time or words were wrong."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="event.record")
    row = _event_or_404(found, event)
    if request.method == "GET":
        at = clock.local(found.centre, row.happened_at)
        initial = {"once": uuid4().hex, "kind": row.kind, "words": row.words, "at": f"{at:%Y-%m-%dT%H:%M}"}
        return _correction(request, found, row, EventCorrectionForm(initial=initial))
    form = EventCorrectionForm(request.POST)
    if form.is_valid():
        try:
            services.correct_event(
                event=row,
                kind=Event.Kind(form.cleaned_data["kind"]),
                words=form.cleaned_data["words"],
                reason=form.cleaned_data["reason"],
                by=viewer,
                once=form.cleaned_data["once"],
                happened_at=_moment(form, row),
            )
        except ServiceError as refused:
            chart.refuse(form, refused)
        else:
            return chart.back(found)
    return _correction(request, found, row, form, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, person: UUID, event: UUID) -> HttpResponse:
    """The event, what was seen since, and the prescriber's decision: it stands until a named hour, or it is lifted."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="person.read")
    row = _event_or_404(found, event)
    if request.method == "GET":
        return _page(request, found, row, ReviewForm(initial={"once": uuid4().hex}))
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            services.review_event(
                event=row,
                lifted=form.cleaned_data["outcome"] == "lifted",
                words=form.cleaned_data["words"],
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
                again_at=moment_of(form, "again", found.centre),
                seen=form.cleaned_data["seen"],
            )
        except ServiceError as refused:
            field = {"lifted": "outcome", "again_at": "again"}.get(refused.field, refused.field)
            form.add_error(field if field in form.fields else None, refused.message)
        else:
            return chart.back(found)
    return _page(request, found, row, form, status=422)


def _event_or_404(found: Person, event: UUID) -> Event:
    try:
        return queries.event_of(found, event)
    except Event.DoesNotExist:
        raise Http404("no such event here") from None


def _moment(form: EventCorrectionForm, row: Event) -> dt.datetime | None:
    """The moment typed, or the old one to its second where the minute was left alone."""
    typed = moment_of(form, "at", row.person.centre)
    return row.happened_at if typed == row.happened_at.replace(second=0, microsecond=0) else typed


def _correction(
    request: HttpRequest, found: Person, row: Event, form: EventCorrectionForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "event": row,
        "newer": queries.correction_of(row),
        "kinds": Event.Kind,
        "form": form,
    }
    return pages.page(
        request, "monitoring/correct_event.html", context, action="event.read", person=found, status=status
    )


def _page(request: HttpRequest, found: Person, row: Event, form: ReviewForm, status: int = 200) -> HttpResponse:
    newest, newer, reviews = queries.newest_observation(found), queries.correction_of(row), queries.reviews_of(row)
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "event": row,
        "newest": newest,
        "fresh": newest is not None and newest.happened_at > row.happened_at,
        "still": ""
        if newest is None
        else consequences.still_stands(Event.Kind(row.kind), newest, clinical_settings_of(found.centre)),
        "reviews": reviews,
        "form": form,
        "lifted": queries.lift_of(row),
        "newer": newer,
        "is_mood": row.kind == Event.Kind.MOOD,
        "screen": moods.screen_waiting(found) if row.kind == Event.Kind.MOOD else None,
        "correctable": not (newer or reviews or row.observation),
        "may_review": may(signed_in(request), "event.review"),
        "fresh_proof": kept_proof(request) is not None,
    }
    return pages.page(request, "monitoring/event.html", context, action="event.read", person=found, status=status)
