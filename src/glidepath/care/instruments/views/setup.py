"""What the centre may use: the published words of class B instruments, and its own instruments."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.instruments import services
from glidepath.care.instruments.catalogue import Offered, offered, read_own
from glidepath.care.instruments.exchange import fhir_answer
from glidepath.care.instruments.forms import OwnForm, PackForm
from glidepath.clinical.instruments.fhir.questionnaire import questionnaire
from glidepath.record.centres.models import Centre
from glidepath.record.errors import NotAllowed, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.staff.permissions import may, require
from glidepath.record.staff.signing import signed_in

FIELDS = {"text": "definition", "terms_confirmed": "licence_confirmed"}  # of a definition, as its form calls them


@login_required
@require_GET
def instruments(request: HttpRequest) -> HttpResponse:
    """Every instrument with its terms and whose words are shown; the manager loads words and definitions."""
    return _page(request)


@login_required
@require_POST
def pack(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), "instrument.change")
    form = PackForm(request.POST, takes_words=_takes_words(_centre(request)))
    if form.is_valid():
        kept = form.cleaned_data
        try:
            services.load_pack(
                instrument=kept["instrument"], text=kept["text"], terms_confirmed=kept["terms_confirmed"],
                by=signed_in(request), once=kept["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, "New forms show these words.")
            return redirect("instruments:setup")
    return _page(request, pack=form)


@login_required
@require_POST
def pack_off(request: HttpRequest, key: str) -> HttpResponse:
    services.switch_pack_off(instrument=key, by=signed_in(request))
    messages.success(request, "New forms show our own words again.")
    return redirect("instruments:setup")


@login_required
@require_POST
def own(request: HttpRequest) -> HttpResponse:
    require(signed_in(request), "instrument.change")
    form = OwnForm(request.POST)
    if form.is_valid():
        kept = form.cleaned_data
        try:
            row = services.define_instrument(
                key=kept["key"], text=kept["definition"], terms_confirmed=kept["licence_confirmed"],
                by=signed_in(request), once=kept["once"],
            )  # fmt: skip
        except ServiceError as refused:
            refused.field = FIELDS.get(refused.field, refused.field)
            put_on(form, refused)
        else:
            messages.success(request, f"{row.name} can be filled in now.")
            for left in read_own(row.text, row.key)[1]:
                messages.warning(request, f"Not read: {left}")
            return redirect("instruments:setup")
    return _page(request, own=form)


def _centre(request: HttpRequest) -> Centre:
    viewer = signed_in(request)
    if viewer.centre is None:
        raise NotAllowed("This account belongs to no centre.")
    require(viewer, "settings.read")
    return viewer.centre


def _takes_words(centre: Centre) -> list[Offered]:
    return [one for one in offered(centre).values() if one.instrument.ship_class == "B"]


def _page(request: HttpRequest, *, pack: PackForm | None = None, own: OwnForm | None = None) -> HttpResponse:
    """Nothing here is about a person, so that no line of a read is written."""
    centre, key = _centre(request), {"once": uuid4().hex}
    context: dict[str, Any] = {
        "offered": list(offered(centre).values()),
        "pack_form": pack or PackForm(initial=key, takes_words=_takes_words(centre)),
        "own_form": own or OwnForm(initial=key),
        "may_change": may(signed_in(request), "instrument.change"),
    }
    return render(request, "instruments/setup.html", context, status=422 if pack or own else 200)


@login_required
@require_GET
def questionnaire_of(request: HttpRequest, key: str) -> HttpResponse:
    """One instrument as a FHIR R4 Questionnaire, to be used elsewhere under its own terms."""
    found = offered(_centre(request)).get(key)
    if found is None:
        raise Http404("no such instrument here")
    return fhir_answer(questionnaire(found.instrument), f"{key}.json")
