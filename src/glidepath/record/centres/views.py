"""The settings: what the centre is, how it is built, and how it reads the guideline."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.record.back import asked_back
from glidepath.record.centres import queries, services
from glidepath.record.centres.forms import BedForm, CentreForm, LimitsForm, RoomForm, UnitForm
from glidepath.record.centres.models import Centre
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.history import version_of
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The limits and times, each with its default and the label "our reading"; who may, changes them."""
    viewer, centre = _reader(request)
    if request.method == "GET":
        return _page(request, centre)
    require(viewer, "settings.change")
    form = LimitsForm(request.POST)
    if form.is_valid():
        try:
            services.change_settings(centre=centre, changes=form.changes(), by=viewer, seen=form.cleaned_data["seen"])
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "The settings are saved.")
            return redirect("centres:settings")
    return _page(request, centre, limits=form)


@login_required
@require_POST
def centre(request: HttpRequest) -> HttpResponse:
    viewer, here = _changer(request)
    form = CentreForm(request.POST)
    if form.is_valid():
        try:
            services.change_centre(centre=here, by=viewer, **form.cleaned_data)
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "The centre's data are saved.")
            return redirect("centres:settings")
    return _page(request, here, centre_form=form)


@login_required
@require_POST
def units(request: HttpRequest) -> HttpResponse:
    viewer, here = _changer(request)
    form = UnitForm(request.POST)
    if form.is_valid():
        try:
            unit = services.add_unit(centre=here, by=viewer, **form.cleaned_data)
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"Unit {unit.name} is added. Staff are assigned to it by the administrator.")
            return redirect("centres:settings")
    return _page(request, here, unit_form=form)


@login_required
@require_POST
def rooms(request: HttpRequest) -> HttpResponse:
    viewer, here = _changer(request)
    form = RoomForm(request.POST)
    if form.is_valid():
        unit = queries.unit_at(here, form.cleaned_data["unit"])
        try:
            room = services.add_room(
                unit=unit, name=form.cleaned_data["name"], by=viewer, once=form.cleaned_data["once"]
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"Room {room.name} is added to {unit.name}.")
            return redirect("centres:settings")
    return _page(request, here, room_form=form)


@login_required
@require_POST
def beds(request: HttpRequest) -> HttpResponse:
    viewer, here = _changer(request)
    form = BedForm(request.POST)
    if form.is_valid():
        room = next((one for one in queries.rooms(here) if one.public_id == form.cleaned_data["room"]), None)
        if room is None:
            raise Http404("no such room here")
        try:
            bed = services.add_bed(
                room=room, number=form.cleaned_data["number"], by=viewer, once=form.cleaned_data["once"]
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"Bed {bed} is added.")
            return redirect("centres:settings")
    return _page(request, here, bed_form=form)


@login_required
@require_POST
def bed_state(request: HttpRequest, bed: UUID) -> HttpResponse:
    """Ready, being cleaned, closed: also from the bed board."""
    viewer = signed_in(request)
    found = queries.bed_at(viewer.centre, bed) if viewer.centre else None
    if found is None:
        raise Http404("no such bed here")
    services.set_bed_state(bed=found, state=request.POST.get("state", ""), by=viewer)
    messages.success(request, f"{found} is {dict(found.State.choices)[request.POST['state']]}.")
    return redirect(asked_back(request, reverse("centres:settings")))


def _reader(request: HttpRequest) -> tuple[Staff, Centre]:
    viewer = signed_in(request)
    require(viewer, "settings.read")
    if viewer.centre is None:
        raise Http404("this account belongs to no centre")
    return viewer, viewer.centre


def _page(
    request: HttpRequest,
    centre: Centre,
    *,
    limits: forms.Form | None = None,
    centre_form: forms.Form | None = None,
    unit_form: forms.Form | None = None,
    room_form: forms.Form | None = None,
    bed_form: forms.Form | None = None,
) -> HttpResponse:
    """The whole page; a form that came back keeps what was typed, and its version is that of now."""
    returned = [form for form in (limits, centre_form, unit_form, room_form, bed_form) if form is not None]
    name = {"name": centre.name, "phone": centre.phone, "crisis_line": centre.crisis_line, "seen": version_of(centre)}
    context = {
        "form": returned[0] if returned else None,
        "limits": _limits_shown(centre, limits),
        "centre_form": centre_form or CentreForm(initial=name),
        "unit_form": unit_form or UnitForm(),
        "room_form": room_form or RoomForm(),
        "bed_form": bed_form or BedForm(),
        "units": [
            (unit, [room for room in queries.rooms(centre) if room.unit_id == unit.pk])
            for unit in queries.units(centre)
        ],
        "changes": queries.setting_changes(centre)[:30],
        "may_change": may(signed_in(request), "settings.change"),
    }
    return render(request, "centres/settings.html", context, status=422 if returned else 200)


def _changer(request: HttpRequest) -> tuple[Staff, Centre]:
    viewer, centre = _reader(request)
    require(viewer, "settings.change")
    return viewer, centre


def _limits_shown(centre: Centre, returned: forms.Form | None) -> forms.Form:
    version = queries.settings_version(centre)
    if returned is None:
        initial = LimitsForm.initial_of(queries.settings_of(centre))
        return LimitsForm(initial={**initial, "seen": version})
    return with_version_of_now(returned, version)
