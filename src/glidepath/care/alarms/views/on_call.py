"""Who is on call: the list the handover keeps, and who would be called on each unit at this moment."""

from __future__ import annotations

import datetime as dt
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.alarms import queries
from glidepath.care.alarms.forms import EVERY_UNIT, OnCallForm
from glidepath.care.alarms.redirects import SeeOther
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import units
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff import queries as staff, services
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import signed_in

LATELY = dt.timedelta(days=14)


@login_required
@require_http_methods(["GET", "POST"])
def on_call(request: HttpRequest) -> HttpResponse:
    """The list, and the form that adds to it; on a refusal what was typed comes back."""
    viewer = signed_in(request)
    require(viewer, "on_call.keep" if request.method == "POST" else "on_call.read")
    centre = _centre(viewer)
    form = _form(centre, request)
    if request.method == "POST" and form.is_valid():
        try:
            entry = services.put_on_call(
                staff=form.chosen_staff,
                unit=form.chosen_unit,
                begins_at=form.cleaned_data["begins_at"] or clock.now(),
                until=form.cleaned_data["until"],
                phone=form.cleaned_data["phone"],
                remarks=form.cleaned_data["remarks"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{entry.staff.name} is on the list.")
            return SeeOther(reverse("alarms:on_call"))
    return _page(request, viewer, centre, form)


@login_required
@require_POST
def end(request: HttpRequest, entry: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = staff.on_call_entry(_centre(viewer), entry)
    if found is None:
        raise Http404("no such entry here")
    services.take_off_call(entry=found, by=viewer)
    messages.success(request, f"{found.staff.name} is off the list.")
    return SeeOther(reverse("alarms:on_call"))


def _form(centre: Centre, request: HttpRequest) -> OnCallForm:
    people = [one for one in staff.colleagues(centre) if one.role in services.CAN_BE_ON_CALL]
    first = {"once": uuid4().hex, "until": _next_morning(centre), "unit": EVERY_UNIT}
    return OnCallForm(request.POST or None, initial=first, colleagues=people, units=units(centre))


def _next_morning(centre: Centre) -> dt.datetime:
    """08:00 of tomorrow: most duties end with a night. Ours, and only what the box begins with."""
    tomorrow = clock.today(centre) + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(8), tzinfo=centre.zone)


def _page(request: HttpRequest, viewer: Staff, centre: Centre, form: OnCallForm) -> HttpResponse:
    now = clock.now()
    keeps = may(viewer, "on_call.keep")
    listed = staff.on_call_list(centre)
    gone = [one for one in staff.on_call_history(centre, now - LATELY) if one.stops_counting <= now]
    context = {
        "form": form,
        "keeps": keeps,
        "covered": queries.covered(centre),
        "now_on_call": [one for one in listed if one.begins_at <= now],
        "later": [one for one in listed if one.begins_at > now],
        "gone": gone,
        "calling": [one for one in queries.ringing(centre) if one.calling.goes_on] if keeps else [],
    }
    return pages.page(
        request, "alarms/on_call.html", context, action="on_call.read", status=422 if form.errors else 200
    )


def _centre(viewer: Staff) -> Centre:
    assert viewer.centre is not None
    return viewer.centre
