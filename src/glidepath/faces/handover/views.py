"""The sheet that writes itself, the handover as it was given, and those of before."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.faces.handover import queries, services
from glidepath.faces.handover.forms import GiveForm, TakeForm
from glidepath.faces.handover.lines import Part, thawed
from glidepath.faces.handover.models import Handover
from glidepath.faces.handover.sheet import Sheet, sheet
from glidepath.record.audit import pages
from glidepath.record.centres.models import Unit
from glidepath.record.centres.queries import unit_at, units
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.queries import open_shifts
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """To the handover that waits for this viewer, else to the unit they are on shift on, else to the first."""
    viewer = signed_in(request)
    require(viewer, "handover.read")
    on = [shift.unit for shift in open_shifts(viewer)]
    waiting = queries.waiting_for(viewer, [unit.pk for unit in on]) if may(viewer, "handover.sign") else []
    if waiting:
        return redirect("handover:given", handover=waiting[0].public_id)
    here = on or (units(viewer.centre) if viewer.centre else [])
    return redirect("handover:give", unit=here[0].public_id) if here else redirect("staff:shift")


@login_required
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, unit: UUID) -> HttpResponse:
    """What the next shift has to know, and the outgoing nurse's sentence to each."""
    viewer = signed_in(request)
    require(viewer, "handover.read")
    here = _unit(viewer, unit)
    found, parts = sheet(viewer, here, queries.since(here)), queries.unit_parts(here)
    form = GiveForm(request.POST or None, people=found.people)
    if request.method == "POST" and form.is_valid():
        given = _given(request, found, parts, form)
        if given is not None:
            messages.success(request, "Handed over. A colleague of the next shift reads it back and signs.")
            return SeeOther(reverse("handover:given", args=[given.public_id]))
    return _give_page(request, here, found, parts, form)


@login_required
@require_http_methods(["GET", "POST"])
def given(request: HttpRequest, handover: UUID) -> HttpResponse:
    """As it was given; who comes next reads each person back and signs."""
    viewer = signed_in(request)
    require(viewer, "handover.read")
    found = queries.handover_at(viewer, handover)
    told = queries.entries(viewer, found)
    form = TakeForm(request.POST or None, entries=[one.key for one in told], initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid() and _taken(request, found, form):
        messages.success(request, "You have taken over.")
        return SeeOther(reverse("handover:given", args=[found.public_id]))
    receipts = queries.receipts(found)
    context = {
        "handover": found,
        "parts": thawed(found.parts),
        "told": told,
        "form": form,
        "read": request.POST.getlist("read_back"),
        "receipts": receipts,
        "may_take": may(viewer, "handover.sign") and viewer.pk != found.recorded_by_id
        and viewer.pk not in {one.recorded_by_id for one in receipts},
        "fresh_proof": kept_proof(request) is not None,
    }  # fmt: skip
    status = 422 if form.errors else 200
    people = [one.person for one in told]
    return pages.page(request, "handover/given.html", context, action="handover.read", people=people, status=status)


def _unit(viewer: Staff, public_id: UUID) -> Unit:
    assert viewer.centre is not None
    return unit_at(viewer.centre, public_id)


def _given(request: HttpRequest, found: Sheet, parts: tuple[Part, ...], form: GiveForm) -> Handover | None:
    given = form.cleaned_data
    try:
        return services.hand_over(
            sheet=found, parts=parts, said=form.said(), words=given["words"], shown=given["shown"],
            by=signed_in(request), proof=proof_for(request, given["pin"]), once=given["once"],
        )  # fmt: skip
    except ServiceError as refused:
        put_on(form, refused)
        return None


def _taken(request: HttpRequest, found: Handover, form: TakeForm) -> bool:
    given = form.cleaned_data
    try:
        services.take_over(
            handover=found, read_back=[int(key) for key in given["read_back"]], words=given["words"],
            by=signed_in(request), proof=proof_for(request, given["pin"]), once=given["once"],
        )  # fmt: skip
    except ServiceError as refused:
        put_on(form, refused)
        return False
    return True


def _give_page(request: HttpRequest, here: Unit, found: Sheet, parts: tuple[Part, ...], form: GiveForm) -> HttpResponse:
    viewer = signed_in(request)
    context: dict[str, Any] = {
        "unit": here,
        "units": units(here.centre),
        "sheet": found,
        "rows": [(entry, form[f"said-{entry.person.pk}"]) for entry in found.entries],
        "parts": parts,
        "form": form,
        "shown": services.shown_digest(found, parts),
        "key": form.data.get("once") or uuid4().hex,
        "earlier": queries.given(here),
        "may_sign": may(viewer, "handover.sign"),
        "on_shift": here.pk in {shift.unit_id for shift in open_shifts(viewer)},
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(
        request, "handover/give.html", context, action="handover.read", people=found.people, status=status
    )
