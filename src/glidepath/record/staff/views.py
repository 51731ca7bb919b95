"""The shift page: on duty by one tap; one's own PIN and password."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff import push, queries, services
from glidepath.record.staff.first_page import first_page
from glidepath.record.staff.forms import CallsForm, DeviceForm, PasswordForm, PinForm
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import signed_in

if TYPE_CHECKING:
    from glidepath.record.centres.models import Unit


@login_required
@require_GET
def shift(request: HttpRequest) -> HttpResponse:
    """One's units, each with the tap that starts or ends a shift there, and who is on duty."""
    viewer = signed_in(request)
    open_on = {one.unit_id: one for one in queries.open_shifts(viewer)}
    units = [(unit, open_on.get(unit.pk), queries.on_shift(unit)) for unit in queries.units_assigned(viewer)]
    return render(
        request,
        "staff/shift.html",
        {"units": units, "works_shifts": may(viewer, "shift.work"), "has_pin": bool(viewer.pin)},
    )


@login_required
@require_POST
def start(request: HttpRequest, unit: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = _assigned(request, unit)
    services.start_shift(unit=found, by=viewer)
    messages.success(request, f"You are on shift on {found.name}.")
    return redirect("ward:home")


@login_required
@require_POST
def end(request: HttpRequest, unit: UUID) -> HttpResponse:
    found = _assigned(request, unit)
    services.end_shift(unit=found, by=signed_in(request))
    messages.success(request, f"Your shift on {found.name} has ended.")
    return redirect("staff:shift")


@login_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponse:
    """A new PIN for oneself; it takes one's password."""
    viewer = signed_in(request)
    form = PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_pin(
                staff=viewer, pin=form.cleaned_data["new_pin"], by=viewer, password=form.cleaned_data["password"]
            )
        except ServiceError as error:
            error.field = "new_pin" if error.field == "pin" else error.field
            put_on(form, error)
        else:
            messages.success(request, "Your PIN is set. You sign with it from now on.")
            return redirect("staff:shift")
    return render(request, "staff/pin.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def calls(request: HttpRequest) -> HttpResponse:
    """By which way one is called oneself; the board always calls."""
    viewer = signed_in(request)
    require(viewer, "call.own")
    form = CallsForm(request.POST or None, initial={"email": viewer.email})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_call_address(by=viewer, email=form.cleaned_data["email"])
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "Saved." if viewer.email else "Saved: you are not called by e-mail.")
            return redirect("staff:calls")
    return _calls_page(request, form)


@login_required
@require_POST
def add_device(request: HttpRequest) -> HttpResponse:
    """This browser calls from now on; its own script has asked it for the address."""
    form = DeviceForm(request.POST)
    if form.is_valid():
        try:
            services.call_on_device(by=signed_in(request), **form.cleaned_data)
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "This device calls you from now on.")
            return redirect("staff:calls")
    viewer = signed_in(request)
    require(viewer, "call.own")
    return _calls_page(request, CallsForm(initial={"email": viewer.email}), device_form=form)


@login_required
@require_POST
def remove_device(request: HttpRequest, device: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = next((one for one in queries.devices_of(viewer) if one.public_id == device), None)
    if found is None:
        raise Http404("not one of the viewer's devices")
    services.take_device_away(device=found, by=viewer)
    messages.success(request, f"{found.name} calls you no longer.")
    return redirect("staff:calls")


def _calls_page(request: HttpRequest, form: CallsForm, device_form: DeviceForm | None = None) -> HttpResponse:
    devices = queries.devices_of(signed_in(request))
    context = {"form": form, "device_form": device_form, "devices": devices, "push_key": push.public_key()}
    wrong = form.errors or (device_form is not None and device_form.errors)
    return render(request, "staff/calls.html", context, status=422 if wrong else 200)


@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; a first one, typed by the administrator, is exchanged here."""
    viewer = signed_in(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_password(
                by=viewer, old=form.cleaned_data["old_password"], new=form.cleaned_data["new_password"]
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            update_session_auth_hash(request, viewer)
            messages.success(request, "Your password is set. You sign in with it from now on.")
            return redirect(first_page(viewer))
    return render(request, "staff/password.html", {"form": form}, status=422 if form.errors else 200)


def _assigned(request: HttpRequest, public_id: UUID) -> Unit:
    for unit in queries.units_assigned(signed_in(request)):
        if unit.public_id == public_id:
            return unit
    raise Http404("not one of the viewer's units")
