"""The stocked products: what the facts say of each, how finely it may be divided, and who allowed that."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.supply import queries, services
from glidepath.care.supply.forms import SplitForm, StockForm
from glidepath.care.supply.models import StockedProduct
from glidepath.record.centres.models import Centre
from glidepath.record.errors import ServiceError
from glidepath.record.forms import OnceForm, put_on
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def products(request: HttpRequest) -> HttpResponse:
    """The list; who may, adds a product."""
    viewer, centre = _reader(request)
    if request.method == "GET":
        return _page(request, centre)
    require(viewer, "product.change")
    form = StockForm(request.POST, centre=centre)
    offer = form.offer() if form.is_valid() else None
    if offer is not None:
        try:
            services.stock_product(
                centre=centre,
                form_key=offer.form.key,
                strength_mg=offer.strength_mg,
                smallest=form.part(),
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            return SeeOther(reverse("supply:products"))
    return _page(request, centre, stock_form=form)


@login_required
@require_POST
def allow_split(request: HttpRequest, product: UUID) -> HttpResponse:
    """A finer part than the facts know, by the pharmacist's name and reason."""
    viewer, centre = _reader(request)
    require(viewer, "product.allow_split")
    row = _line(centre, product)
    form = SplitForm(request.POST)
    if form.is_valid():
        try:
            services.allow_split(
                product=row,
                smallest=form.part(),
                reason=form.cleaned_data["reason"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            return SeeOther(reverse("supply:products"))
    return _page(request, centre, split_form=form, split_row=row)


@login_required
@require_POST
def retire(request: HttpRequest, product: UUID) -> HttpResponse:
    viewer, centre = _reader(request)
    form = OnceForm(request.POST)
    form.full_clean()
    services.retire(product=_line(centre, product), by=viewer, once=form.cleaned_data.get("once", ""))
    return SeeOther(reverse("supply:products"))


def _reader(request: HttpRequest) -> tuple[Staff, Centre]:
    viewer = signed_in(request)
    require(viewer, "settings.read")
    assert viewer.centre is not None
    return viewer, viewer.centre


def _line(centre: Centre, product: UUID) -> StockedProduct:
    row = queries.product_of(centre, product)
    if row is None:
        raise Http404("no such product here")
    return row


def _page(
    request: HttpRequest,
    centre: Centre,
    *,
    stock_form: StockForm | None = None,
    split_form: SplitForm | None = None,
    split_row: StockedProduct | None = None,
) -> HttpResponse:
    viewer = signed_in(request)
    may_split = may(viewer, "product.allow_split")
    lines = [
        (line, split_form if split_row and line.row.pk == split_row.pk else SplitForm(auto_id=f"id_%s_{line.row.pk}"))
        for line in queries.lines(centre)
    ]
    context = {
        "lines": lines,
        "retired": queries.lines(centre, retired=True),
        "stock_form": stock_form or StockForm(centre=centre),
        "may_change": may(viewer, "product.change"),
        "may_split": may_split,
        "came_back": split_row,
    }
    failed = bool(stock_form or split_form)
    return render(request, "supply/products.html", context, status=422 if failed else 200)
