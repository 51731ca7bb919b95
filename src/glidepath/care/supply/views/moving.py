"""What comes, moves and leaves: three forms of one location."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.supply import amounts, queries, services
from glidepath.care.supply.models import Location, MovementKind
from glidepath.care.supply.register_forms import LeaveForm, ReceiveForm, TransferForm
from glidepath.care.supply.views.shared import done, location_of, page, reader
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import proof_for, second_proof_for


@login_required
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, location: UUID) -> HttpResponse:
    viewer, centre = reader(request, "register.write")
    where = location_of(centre, location)
    products = [row for row, _ in queries.stock(centre)]
    form = ReceiveForm(request.POST or None, products=products, may_open=may(viewer, "register.keep"))
    if request.method == "POST" and form.is_valid():
        try:
            _receive(request, form, where, viewer)
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "It is in the register.", reverse("supply:location", args=[where.public_id]))
    return page(request, "supply/receive.html", {"location": where}, form=form)


def _receive(request: HttpRequest, form: ReceiveForm, where: Location, viewer: Staff) -> None:
    given, product = form.cleaned_data, form.chosen_product()
    loose = given["loose"].strip()
    delivery = services.Delivery(
        product=product,
        lot=given["lot"],
        expires_on=given["expires_on"],
        container_units=amounts.read(given["container"], is_liquid=product.is_liquid, field="container"),
        containers=given["containers"],
        loose=amounts.read(loose, is_liquid=product.is_liquid, field="loose") if loose else 0,
    )
    second = second_proof_for(request, given["second_user"], given["second_pin"])
    if given["kind"] == "opening":
        services.open_stock(location=where, delivery=delivery, by=viewer, second=second, once=given["once"])
    else:
        services.receive(
            location=where, delivery=delivery, supplier=given["supplier"], document=given["document"], by=viewer,
            second=second, once=given["once"],
        )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest, location: UUID) -> HttpResponse:
    viewer, centre = reader(request, "register.write")
    where = location_of(centre, location)
    targets = [one for one in queries.locations(centre) if one.pk != where.pk]
    form = TransferForm(request.POST or None, here=queries.held(where), targets=targets)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.transfer(
                batch=form.chosen(), source=where, target=form.goes_to(), quantity=form.amount(), by=viewer,
                second=second_proof_for(request, given["second_user"], given["second_pin"]), once=given["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "It is transferred.", reverse("supply:location", args=[where.public_id]))
    return page(request, "supply/transfer.html", {"location": where}, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, location: UUID) -> HttpResponse:
    """Wasted, broken, destroyed or sent back."""
    viewer, centre = reader(request, "register.write")
    where = location_of(centre, location)
    form = LeaveForm(request.POST or None, here=queries.held(where))
    if request.method == "POST" and form.is_valid():
        try:
            _leave(request, form, where, viewer)
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return done(request, "It is out of the stock.", reverse("supply:location", args=[where.public_id]))
    return page(request, "supply/leave.html", {"location": where}, form=form)


def _leave(request: HttpRequest, form: LeaveForm, where: Location, viewer: Staff) -> None:
    given, batch, quantity = form.cleaned_data, form.chosen(), form.amount()
    kind, reason, once = MovementKind(given["kind"]), given["reason"], given["once"]
    second = second_proof_for(request, given["second_user"], given["second_pin"])
    if kind is MovementKind.DESTRUCTION:
        services.destroy(
            batch=batch, location=where, quantity=quantity, reason=reason, certificate=given["document"], by=viewer,
            proof=proof_for(request, given["pin"]), second=second, once=once,
        )  # fmt: skip
    elif kind is MovementKind.SENT_BACK:
        services.send_back(
            batch=batch, location=where, quantity=quantity, reason=reason, supplier=given["supplier"],
            document=given["document"], by=viewer, second=second, once=once,
        )  # fmt: skip
    else:
        act = services.waste if kind is MovementKind.WASTE else services.breakage
        act(batch=batch, location=where, quantity=quantity, reason=reason, by=viewer, second=second, once=once)
