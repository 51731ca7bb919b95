"""Values beside the vital signs: drawn over time, entered by hand, read from a file, corrected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.monitoring import queries, services, trend
from glidepath.care.monitoring.models import Measurement
from glidepath.care.monitoring.value_forms import FileForm, ValueCorrectionForm, ValueForm
from glidepath.care.monitoring.views import chart
from glidepath.clinical.facts.load import measured_kinds
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in

SPANS = (3, 14, 60)  # days


@login_required
@require_GET
def trends(request: HttpRequest, person: UUID) -> HttpResponse:
    """`?days=14`: every scale, sleep and value of these days, one drawing each, on one time axis."""
    found = person_for(signed_in(request), person, action="person.read")
    days = next((one for one in SPANS if str(one) == request.GET.get("days")), 14)
    now = clock.now()
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "days": days,
        "spans": SPANS,
        "tracks": trend.tracks(found, now - dt.timedelta(days=days), now),
        "values": queries.measurements(found, now - dt.timedelta(days=days), now + dt.timedelta(seconds=1)),
    }
    return pages.page(request, "monitoring/trends.html", context, action="observations.read", person=found)


@login_required
@require_http_methods(["GET", "POST"])
def values(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every value with its unit and range; a POST writes one."""
    posted = request.method == "POST"
    found = person_for(signed_in(request), person, action="measurement.record" if posted else "person.read")
    form = ValueForm(request.POST if posted else None, initial={"once": uuid4().hex}, centre=found.centre)
    if posted and form.is_valid():
        given = form.cleaned_data
        done = _try(form, lambda: services.record_measurement(
            person=found, value=form.as_value(), by=signed_in(request), once=given["once"], happened_at=form.taken_at()
        ))  # fmt: skip
        if done:
            messages.success(request, "The value is recorded.")
            return _back(found)
    return _page(request, found, form, FileForm(initial={"once": uuid4().hex}), status=422 if posted else 200)


@login_required
@require_http_methods(["POST"])
def from_file(request: HttpRequest, person: UUID) -> HttpResponse:
    """All lines of a file, or none and each bad line with its number."""
    found = person_for(signed_in(request), person, action="measurement.record")
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        rows: list[Measurement] = []
        done = _try(form, lambda: rows.extend(services.import_measurements(
            person=found, lines=services.read_file(given["file"], found.centre.zone), by=signed_in(request),
            once=given["once"],
        )))  # fmt: skip
        if done:
            messages.success(request, f"{len(rows)} values are recorded; what stood already was left out.")
            return _back(found)
    return _page(request, found, ValueForm(initial={"once": uuid4().hex}, centre=found.centre), form, status=422)


@login_required
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, person: UUID, value: UUID) -> HttpResponse:
    """A further entry in place of a wrong one, which stays readable; or the old one taken back."""
    found = person_for(signed_in(request), person, action="measurement.record")
    try:
        row = queries.measurement_of(found, value)
    except Measurement.DoesNotExist:
        raise Http404("no such value here") from None
    if request.method == "GET":
        return _correction(request, found, row, ValueCorrectionForm(initial=_typed(row), centre=found.centre))
    form = ValueCorrectionForm(request.POST, centre=found.centre)
    if form.is_valid():
        given = form.cleaned_data
        done = _try(form, lambda: services.correct_measurement(
            measurement=row, value=None if given["take_back"] else form.as_value(), reason=given["reason"],
            by=signed_in(request), once=given["once"], happened_at=form.taken_at(),
        ))  # fmt: skip
        if done:
            return _back(found)
    return _correction(request, found, row, form, status=422)


def _try(form: forms.Form, act: Callable[[], object]) -> bool:
    """Whether the service took it; what it refused stands at its box."""
    try:
        act()
    except ServiceError as refused:
        chart.refuse(form, refused)
        return False
    return True


def _back(found: Person) -> HttpResponse:
    return SeeOther(reverse("monitoring:values", args=[found.public_id]))


def _page(request: HttpRequest, found: Person, form: ValueForm, file_form: FileForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "form": form,
        "file_form": file_form,
        "entries": queries.measurement_entries(found),
        "kinds": measured_kinds(),
        "names": queries.names_measured(found),
    }
    return pages.page(
        request, "monitoring/values.html", context, action="observations.read", person=found, status=status
    )


def _correction(
    request: HttpRequest, found: Person, row: Measurement, form: ValueCorrectionForm, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "row": row,
        "newer": queries.correction_of(row),
        "form": form,
        "kinds": measured_kinds(),
    }
    return pages.page(
        request, "monitoring/correct_value.html", context, action="observations.read", person=found, status=status
    )


def _typed(row: Measurement) -> dict[str, Any]:
    """The old value as the form shows it."""
    at = clock.local(row.person.centre, row.happened_at)
    shown = {name: getattr(row, name) for name in ("name", "sign", "unit", "laboratory", "words")}
    numbers = {name: _plain(getattr(row, name)) for name in ("value", "low", "high")}
    return {"once": uuid4().hex, "at": f"{at:%Y-%m-%dT%H:%M}", **shown, **numbers}


def _plain(value: Any) -> str:
    return "" if value is None else f"{value.normalize():f}"
