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
from glidepath.record.staff import queries, services
from glidepath.record.staff.first_page import first_page
from glidepath.record.staff.forms import PasswordForm, PinForm
from glidepath.record.staff.permissions import may
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
