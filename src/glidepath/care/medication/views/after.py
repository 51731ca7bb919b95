"""An order by word of mouth, the signature that follows it, the renewal of one that asks at its end, and how it goes on
at a move or without stock."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.medication import queries, services
from glidepath.care.medication.forms import AfterForm, GoesOnForm, RenewForm, VerbalForm
from glidepath.care.medication.going_on import questions
from glidepath.care.medication.models import GoingOn, Order
from glidepath.care.medication.proposing import Prepared
from glidepath.care.medication.views.orders import order_of, order_page
from glidepath.care.medication.views.person import back, refuse
from glidepath.record.audit import pages
from glidepath.record.centres.queries import dose_times
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may, require_any
from glidepath.record.staff.queries import colleagues
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def verbal(request: HttpRequest, person: UUID) -> HttpResponse:
    """A nurse takes it: looked at first, or read back and valid at once."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.take")
    who = [one for one in colleagues(found.centre) if one.pk != viewer.pk and may(one, "order.sign")]
    if request.method == "GET":
        times = " ".join(f"{one:%H:%M}" for one in dose_times(found.centre))
        initial = {"once": uuid4().hex, "times": times, "until_plan": not queries.has_plan(found)}
        return order_page(request, found, VerbalForm(initial=initial, centre=found.centre, prescribers=who))
    form = VerbalForm(request.POST, centre=found.centre, prescribers=who)
    prepared: Prepared | None = None
    if form.is_valid():
        try:
            prepared = services.prepare(found, form.draft())
            if "look" not in request.POST:
                services.take_verbal_order(
                    person=found,
                    draft=form.draft(),
                    prescriber=form.given_by(),
                    read_back=form.cleaned_data["read_back"],
                    by=viewer,
                    proof=proof_for(request, form.cleaned_data["pin"]),
                    acknowledged=form.cleaned_data["acknowledged"],
                    once=form.cleaned_data["once"],
                )
                return back(found)
        except ServiceError as refused:
            refuse(form, refused)
    return order_page(request, found, form, prepared)


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, person: UUID, order: UUID) -> HttpResponse:
    """The prescriber's signature under a verbal order, or the second one that an order asked for."""
    viewer = signed_in(request)
    require_any(viewer, "order.sign", "order.cosign")
    found = person_for(viewer, person, action="order.read")
    row = order_of(found, order)
    missing = queries.signatures_missing([row])
    kind = missing[0].kind if missing else ""
    form = AfterForm(request.POST or None, initial={"once": uuid4().hex, "kind": kind})
    if request.method == "POST" and form.is_valid():
        try:
            services.sign_after(
                order=row,
                kind=form.cleaned_data["kind"],
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return back(found)
    return _page(request, found, row, form, "medication/sign.html", missing=missing)


@login_required
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, person: UUID, order: UUID) -> HttpResponse:
    """A prescriber decides that an order which asks at its end goes on."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.sign")
    row = order_of(found, order)
    if not row.asks_at_end:
        raise Http404("this order asks nothing at its end")
    form = RenewForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            services.renew_order(
                order=row,
                asks_again_at=_moment(form.cleaned_data["until"], found),
                reason=form.cleaned_data["reason"],
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return back(found)
    return _page(request, found, row, form, "medication/renew.html")


@login_required
@require_http_methods(["GET", "POST"])
def goes_on(request: HttpRequest, person: UUID, about: UUID) -> HttpResponse:
    """A prescriber says how a benzodiazepine goes on at a planned move, or where the stock runs out."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.sign")
    asked = next((one for one in questions([found]) if one.key == about), None)
    if asked is None and request.method == "GET":
        raise Http404("nothing is asked about this")
    choices = asked.choices if asked else tuple(GoingOn.Choice)
    initial = {"once": uuid4().hex, "about": asked.at.isoformat() if asked else ""}
    form = GoesOnForm(request.POST or None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.say_how_it_goes_on(
                person=found,
                key=about,
                about=form.cleaned_data["about"],
                choice=form.cleaned_data["choice"],
                words=form.cleaned_data["words"],
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return back(found)
    context = {
        "person": found, "tab": "medicines", "asked": asked, "form": form,
        "fresh_proof": kept_proof(request),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return pages.page(request, "medication/goes_on.html", context, action="order.read", person=found, status=status)


def _moment(typed: dt.datetime, found: Person) -> dt.datetime:
    return typed.replace(tzinfo=found.centre.zone).astimezone(dt.UTC)


def _page(
    request: HttpRequest, found: Person, row: Order, form: AfterForm | RenewForm, template: str, **more: Any
) -> HttpResponse:
    context = {
        "person": found,
        "tab": "medicines",
        "order": row,
        "form": form,
        "fresh_proof": kept_proof(request),
        **more,
    }
    status = 422 if form.errors else 200
    return pages.page(request, template, context, action="order.read", person=found, status=status)
