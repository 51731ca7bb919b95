"""Who has an account here: the list, a new one, one of them. For the administrator, who sees no person in care."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.record.centres.models import Centre
from glidepath.record.centres.queries import units
from glidepath.record.desk.account_forms import AccountForm, NewAccountForm
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.history import version_of
from glidepath.record.staff import queries, services
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import MAY_HOLD_PRESCRIBING, require
from glidepath.record.staff.signing import kept_proof, locked_pins, proof_for, signed_in


@login_required
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody, open accounts first."""
    _, centre = keeper(request)
    everybody = queries.accounts(centre)
    context = {"accounts": everybody, "locked": locked_pins(everybody)}
    return render(request, "desk/accounts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    viewer, centre = keeper(request)
    form = NewAccountForm(request.POST or None, units=units(centre))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.create_staff(
                centre=centre,
                username=given["username"],
                name=given["name"],
                role=Role(given["role"]),
                password=given["password"],
                units=form.chosen_units(),
                by=viewer,
                proof=proof_for(request, given["pin"]),
                once=given["once"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(
                request, f"{made.name} can sign in as {made.username} with the first password, for 3 days."
            )
            return redirect("accounts:account", account=made.public_id)
    return page(request, "desk/new_account.html", {"form": form}, form)


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, account: UUID) -> HttpResponse:
    """One account: name, role, units; and the ways to what else can be done to it."""
    viewer, centre = keeper(request)
    found = account_at(centre, account)
    version = version_of(found)
    form = AccountForm(request.POST or None, units=units(centre), initial=AccountForm.initial_of(found, version))
    if request.method == "POST" and form.is_valid():
        try:
            changed = services.change_account(
                staff=found,
                name=form.cleaned_data["name"],
                role=Role(form.cleaned_data["role"]),
                units=form.chosen_units(),
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                seen=form.cleaned_data["seen"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"The account of {changed.name} is saved.")
            return redirect("accounts:account", account=changed.public_id)
    shown = with_version_of_now(form, version) if form.is_bound else form
    context = {
        "account": found,
        "form": shown,
        "is_own": found.pk == viewer.pk,
        "may_hold_prescribing": found.role in MAY_HOLD_PRESCRIBING,
        "is_physician": found.role == Role.PHYSICIAN,
        "pin_locked": bool(locked_pins([found])),
    }
    return page(request, "desk/account.html", context, form)


def keeper(request: HttpRequest) -> tuple[Staff, Centre]:
    """The administrator at the screen, and their centre."""
    viewer = signed_in(request)
    require(viewer, "staff.manage")
    if viewer.centre is None:
        raise Http404("this account belongs to no centre")
    return viewer, viewer.centre


def account_at(centre: Centre, public_id: UUID) -> Staff:
    found = queries.account(centre, public_id)
    if found is None:
        raise Http404("no such account here")
    return found


def page(request: HttpRequest, template: str, context: dict[str, object], form: forms.Form) -> HttpResponse:
    """A page that is signed; a form that came back keeps what was typed."""
    signing = {
        "fresh_proof": kept_proof(request) is not None,
        "pin_error": " ".join(str(said) for said in form.errors.get("pin", ())),
    }
    return render(request, template, {**context, **signing}, status=422 if form.errors else 200)
