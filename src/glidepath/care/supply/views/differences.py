"""Open differences: who has them, how long, what was looked into, and how two close them."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Discrepancy
from glidepath.care.supply.register_forms import CloseForm, LossForm, NoteForm, ReportForm
from glidepath.care.supply.views.shared import done, location_of, page, reader
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.queries import colleagues
from glidepath.record.staff.signing import proof_for, second_proof_for

OWNERS = (Role.PHARMACIST, Role.MANAGER, Role.NURSE, Role.PHYSICIAN)


@login_required
@require_GET
def differences(request: HttpRequest) -> HttpResponse:
    """What is open, the oldest first, and what was closed last."""
    _, centre = reader(request)
    context = {"open": queries.open_differences(centre), "closed": queries.closed_differences(centre)}
    return page(request, "supply/differences.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, location: UUID) -> HttpResponse:
    """Somebody sees that something is wrong."""
    viewer, centre = reader(request, "difference.open")
    where = location_of(centre, location)
    form = ReportForm(request.POST or None, here=queries.held(where, empty=True))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = services.open_discrepancy(
                location=where, batch=form.chosen(), words=given["words"], by=viewer, once=given["once"]
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, f"It is open and belongs to {row.owner.name}.", _address(row))
    return page(request, "supply/report.html", {"location": where}, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def difference(request: HttpRequest, difference: UUID) -> HttpResponse:
    """One difference: its story, a note or a new owner, a suspected loss, and its closing."""
    viewer, centre = reader(request)
    found = queries.difference_at(centre, difference)
    if found is None:
        raise Http404("no such difference here")
    if request.method == "POST":
        require(viewer, "difference.open")
    act = request.POST.get("act", "")
    given = {name: request.POST if act == name else None for name in ("note", "loss", "close")}
    note = NoteForm(given["note"], owners=colleagues(centre, roles=OWNERS), auto_id="id_note_%s")
    loss = LossForm(given["loss"], auto_id="id_loss_%s")
    close = CloseForm(given["close"])
    sent = {"note": note, "loss": loss, "close": close}.get(act)
    if sent is not None and sent.is_valid():
        try:
            words = _ACTS[act](request, found.row, sent, viewer)
        except ServiceError as refused:
            put_on(sent, refused)
        else:
            return done(request, words, _address(found.row))
    context = {
        "found": found, "note": note, "loss": loss, "close": close,
        "may_note": may(viewer, "difference.open"), "may_close": may(viewer, "difference.close"),
        "is_closed": hasattr(found.row, "closing"),
    }  # fmt: skip
    return page(request, "supply/difference.html", context, form=sent)


def _note(request: HttpRequest, row: Discrepancy, form: NoteForm, viewer: Staff) -> str:
    given = form.cleaned_data
    services.note_discrepancy(
        discrepancy=row, words=given["words"], by=viewer, owner=form.new_owner(), once=given["once"]
    )
    return "The note is kept."


def _loss(request: HttpRequest, row: Discrepancy, form: LossForm, viewer: Staff) -> str:
    given = form.cleaned_data
    services.report_suspected_loss(discrepancy=row, words=given["words"], by=viewer, once=given["once"])
    return "The suspected loss is recorded. Tell the authority within one business day."


def _close(request: HttpRequest, row: Discrepancy, form: CloseForm, viewer: Staff) -> str:
    require(viewer, "difference.close")
    given = form.cleaned_data
    services.close_discrepancy(
        discrepancy=row, cause=given["cause"], words=given["words"], adjust=given["adjust"] == "yes", by=viewer,
        proof=proof_for(request, given["pin"]),
        manager=second_proof_for(request, given["second_user"], given["second_pin"]), once=given["once"],
    )  # fmt: skip
    return "The difference is closed by two names."


_ACTS: dict[str, Callable[..., str]] = {"note": _note, "loss": _loss, "close": _close}


def _address(row: Discrepancy) -> str:
    return reverse("supply:difference", args=[row.public_id])
