"""The ward's tablet: a session that is locked to one form, until a member of staff takes it back with a PIN."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.instruments import queries
from glidepath.care.instruments.forms import HandBackForm
from glidepath.care.instruments.models import Form, Way
from glidepath.care.instruments.tablet import lock, locked_to, unlock
from glidepath.care.instruments.views.doors import Door, Errors, context_of, take_one, take_page
from glidepath.record.audit import pages, services as audit
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, NotAllowed, ServiceError
from glidepath.record.staff.signing import prove, prove_second, signed_in


@login_required
@require_POST
def hand_out(request: HttpRequest, person: UUID, form: UUID) -> HttpResponse:
    """From here on this session reaches nothing but this form."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="form.fill")
    row = queries.form_for(found, form)
    if row.filled_by != "self":
        raise BadInput("This form is filled in by staff. For the tablet, open one that the person fills in themselves.")
    if not viewer.pin:
        raise BadInput("Set a PIN first, on the shift page: without one nobody could take the tablet back from here.")
    lock(request, row)
    audit.write("form.tablet_out", by=viewer, centre=row.centre, person=row.person, about=row)
    return redirect("instruments:tablet")


@login_required
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """The form the tablet is locked to."""
    row = _row(request)
    if queries.closing_of(row) is not None or queries.set_aside_of(row) is not None:
        return redirect("instruments:tablet_back")
    door = _door(row)
    if request.method == "GET":
        return _page(request, door)
    answered, errors, refused = take_page(request, door)
    return answered or _page(request, door, errors=errors, refused=refused)


@login_required
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    return take_one(request, _door(_row(request)))


@login_required
@require_http_methods(["GET", "POST"])
def back(request: HttpRequest) -> HttpResponse:
    """Please hand it back. A PIN ends the lock: of whoever is signed in, or of a colleague, who then signs in anew."""
    row, typed = _row(request), HandBackForm(request.POST or None)
    if request.method == "POST" and typed.is_valid():
        try:
            return _taken_back(request, row, typed.cleaned_data["username"].strip(), typed.cleaned_data["pin"])
        except ServiceError as refused:
            typed.add_error({"second_user": "username"}.get(refused.field, "pin"), refused.message)
    context = {"form": typed, "row": row, "done": queries.closing_of(row) is not None}
    status = 422 if typed.errors else 200
    return pages.page(
        request, "instruments/tablet_back.html", context, action="form.tablet", person=row.person, status=status
    )


def _taken_back(request: HttpRequest, row: Form, username: str, pin: str) -> HttpResponse:
    """Whoever handed it out goes on in their session; a colleague's PIN ends that session, which is not theirs."""
    viewer = signed_in(request)
    own = not username or username.casefold() == viewer.username.casefold()
    proof = prove(viewer, pin=pin) if own else prove_second(viewer, username=username, pin=pin)
    audit.write(
        "form.tablet_back", by=viewer, centre=row.centre, person=row.person, about=row,
        code="own" if own else f"colleague-{proof.staff_id}",
    )  # fmt: skip
    unlock(request)
    if not own:
        logout(request)
        messages.success(request, "The tablet is back. Sign in to go on.")
        return redirect("/")  # which leads to the sign-in page
    return redirect("instruments:result", person=row.person.public_id, form=row.public_id)


def _row(request: HttpRequest) -> Form:
    pk = locked_to(request)
    if pk is None:
        raise NotAllowed("This tablet is not handed out. Open the form from the person's forms.")
    return queries.form_of(pk)


def _door(row: Form) -> Door:
    return Door(
        row, Way.TABLET, None, "instruments/plain_base.html", reverse("instruments:tablet_answer"),
        reverse("instruments:tablet_back"),
    )  # fmt: skip


def _page(request: HttpRequest, door: Door, *, errors: Errors | None = None, refused: str = "") -> HttpResponse:
    status = 422 if errors or refused else 200
    context = context_of(door, errors=errors, refused=refused)
    return pages.page(
        request, "instruments/fill.html", context, action="form.tablet", person=door.form.person, status=status
    )
