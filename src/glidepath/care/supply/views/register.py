"""The register: its locations, one location with its batches and last lines, and a counter-entry."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Location
from glidepath.care.supply.register_forms import LocationForm, RecallForm, ReverseForm
from glidepath.care.supply.views.shared import done, location_of, page, reader
from glidepath.record.centres.queries import units
from glidepath.record.errors import ServiceError
from glidepath.record.forms import OnceForm, put_on
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import second_proof_for


@login_required
@require_http_methods(["GET", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Every location with what lies there, what is open, when it was last counted; a pharmacist adds one."""
    viewer, centre = reader(request)
    form = LocationForm(request.POST or None, units=units(centre))
    if request.method == "POST":
        require(viewer, "register.keep")
        if form.is_valid():
            given = form.cleaned_data
            try:
                services.add_location(
                    centre=centre, name=given["name"], kind=Location.Kind(given["kind"]), unit=form.chosen_unit(),
                    by=viewer, once=given["once"],
                )  # fmt: skip
            except ServiceError as refused:
                put_on(form, refused)
            else:
                return done(request, "The location is added.", reverse("supply:register"))
    held, counts = queries.held_by_location(centre), queries.last_counts(centre)
    kept = queries.products_in_register(centre)
    context = {
        "kept_here": [(one, held.get(one.pk, ()), counts.get(one.pk)) for one in queries.locations(centre)],
        "differences": queries.open_differences(centre),
        "biennial": queries.next_biennial(centre),
        "not_kept": [product.name for row, product in queries.stock(centre) if row.pk not in kept],
        "may_keep": may(viewer, "register.keep"),
    }
    return page(request, "supply/register.html", context, form=form)


@login_required
@require_GET
def location(request: HttpRequest, location: UUID) -> HttpResponse:
    viewer, centre = reader(request)
    where = location_of(centre, location)
    before = request.GET.get("before", "")
    lines = queries.last_movements(where, before=int(before) if before.isascii() and before.isdigit() else None)
    people = {line.movement.person_id for line in lines if line.movement.person_id}
    context = {
        "location": where,
        "held": queries.held(where),
        "lines": lines,
        "older": lines[-1].movement.seq if len(lines) == 25 else None,
        "differences": queries.open_differences(centre, location=where),
        "counts": queries.counts_of(where, limit=5),
        "may_write": may(viewer, "register.write"),
        "may_count": may(viewer, "register.count"),
        "may_keep": may(viewer, "register.keep"),
        "may_report": may(viewer, "difference.open"),
    }
    return page(request, "supply/location.html", context, people=people)


@login_required
@require_POST
def retire(request: HttpRequest, location: UUID) -> HttpResponse:
    """Nothing is kept there any more; its entries stay."""
    viewer, centre = reader(request, "register.keep")
    where, form = location_of(centre, location), OnceForm(request.POST)
    form.full_clean()
    services.retire_location(location=where, by=viewer, once=form.cleaned_data.get("once", ""))
    return done(request, f"{where.name} is retired. Its entries stay.", reverse("supply:register"))


@login_required
@require_http_methods(["GET", "POST"])
def reverse_movement(request: HttpRequest, movement: UUID) -> HttpResponse:
    """The counter-entry of a wrong one."""
    viewer, centre = reader(request, "register.write")
    row = queries.movement_at(centre, movement)
    if row is None:
        raise Http404("no such entry here")
    back = row.target if row.source.is_virtual else row.source
    form = ReverseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            second = second_proof_for(request, given["second_user"], given["second_pin"])
            services.reverse(movement=row, reason=given["reason"], by=viewer, second=second, once=given["once"])
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "The counter-entry is written.", reverse("supply:location", args=[back.public_id]))
    line = queries.LedgerLine(row, row.source.is_virtual)
    people = {row.person_id} if row.person_id else ()
    return page(request, "supply/reverse.html", {"line": line, "back": back}, form=form, people=people)


@login_required
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The lot is called back."""
    viewer, centre = reader(request, "register.keep")
    row = queries.batch_at(centre, batch)
    if row is None:
        raise Http404("no such batch here")
    form = RecallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.recall(batch=row, reason=form.cleaned_data["reason"], by=viewer, once=form.cleaned_data["once"])
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "The lot is called back: nothing of it is given.", reverse("supply:register"))
    return page(request, "supply/recall.html", {"batch": row}, form=form)
