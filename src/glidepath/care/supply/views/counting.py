"""A count by two, on one tablet or on two: each writes what they find and sees neither what is expected nor
what the other wrote."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Count, Location
from glidepath.care.supply.register_forms import BeginForm, CountForm
from glidepath.care.supply.views.shared import done, location_of, page, reader
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.models import Staff
from glidepath.record.staff.signing import second_proof_for, second_signer


@login_required
@require_http_methods(["GET", "POST"])
def count(request: HttpRequest, location: UUID) -> HttpResponse:
    viewer, centre = reader(request, "register.count")
    where = location_of(centre, location)
    open_one = queries.open_count(where)
    if open_one is None:
        return _begin(request, where, viewer)
    return _sheet(request, where, open_one, viewer)


def _begin(request: HttpRequest, where: Location, viewer: Staff) -> HttpResponse:
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.begin_count(
                location=where, kind=Count.Kind(form.cleaned_data["kind"]), by=viewer, once=form.cleaned_data["once"]
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "The count is begun.", reverse("supply:count", args=[where.public_id]))
    context = {"location": where, "lines": len(queries.lines_to_count(where))}
    return page(request, "supply/count_begin.html", context, form=form)


def _sheet(request: HttpRequest, where: Location, count: Count, viewer: Staff) -> HttpResponse:
    stands = queries.standing(count)
    place, why_not = _place(stands, viewer)
    other_counts_here = place is not None and place != _own_place(stands, viewer)
    batches = [line.batch for line in stands.waiting_for(place)] if place else []
    form = CountForm(request.POST or None, batches=batches)
    if request.method == "POST" and place and form.is_valid():
        given = form.cleaned_data
        try:
            by = viewer
            if other_counts_here:
                second = second_proof_for(request, given["second_user"], given["second_pin"])
                by = second_signer(viewer, second, action="register.count")
            found = services.enter_count(count=count, counted=form.counted(), by=by, once=given["once"])
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return _after(request, where, found)
    context = {
        "location": where, "count": count, "stands": stands, "why_not": why_not, "hands_over": other_counts_here,
        "again": bool(stands.to_count_again), "number": len(batches),
    }  # fmt: skip
    return page(request, "supply/count.html", context, form=form)


def _place(stands: queries.Standing, viewer: Staff) -> tuple[int | None, str]:
    """Whose numbers the sheet takes now. Where the viewer's are in, it is handed to the other."""
    first, second = stands.people
    try:
        return stands.place_of(viewer), ""
    except BadInput as refused:
        own = _own_place(stands, viewer)
        if own == 1 and stands.waiting_for(2):
            return 2, ""
        if own == 2 and second is not None and stands.waiting_for(1):
            return 1, ""
        return None, refused.message if first is not None else ""


def _own_place(stands: queries.Standing, viewer: Staff) -> int | None:
    """1 or 2; who has entered nothing yet takes the first free one."""
    first, second = stands.people
    if first is None or first.pk == viewer.pk:
        return 1
    return 2 if second is None or second.pk == viewer.pk else None


def _after(request: HttpRequest, where: Location, found: services.Counted) -> HttpResponse:
    here = reverse("supply:location", args=[where.public_id])
    again = reverse("supply:count", args=[where.public_id])
    stands = found.standing
    if stands.done is None:
        if stands.to_count_again and stands.waiting_for(1) and stands.waiting_for(2):
            lines = len(stands.to_count_again)
            return done(request, f"You differ on {lines} line{'s'[: lines > 1]}. Both count again.", again)
        return done(request, "The numbers are kept. The other person counts now.", again)
    wrong = [line for line in stands.lines if stands.difference(line)]
    if wrong:
        return done(request, f"Counted. On {len(wrong)} of {len(stands.lines)} lines there is a difference.", here)
    return done(request, f"Counted: all {len(stands.lines)} lines as the register says.", here)
