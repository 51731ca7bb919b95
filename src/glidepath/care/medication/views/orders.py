"""To sign an order, to stop one, to say whether a medicine sedates: each shows what there is to say before the PIN."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.assessment.queries import co_use
from glidepath.care.medication import queries, services
from glidepath.care.medication.forms import OrderForm, SigningForm, StopForm, WordForm
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.medication.proposing import Prepared
from glidepath.care.medication.rounds import beside
from glidepath.care.medication.views.person import back, refuse
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding
from glidepath.record.audit import pages
from glidepath.record.centres.queries import dose_times
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import HardStop, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.people.queries import allergies
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, person: UUID) -> HttpResponse:
    """A new order: looked at first, or signed at once. What stands in the way comes back with a box for the reason."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.sign")
    if request.method == "GET":
        times = " ".join(f"{one:%H:%M}" for one in dose_times(found.centre))
        initial = {"once": uuid4().hex, "times": times, "until_plan": not queries.has_plan(found)}
        return order_page(request, found, OrderForm(initial=initial, centre=found.centre))
    form = OrderForm(request.POST, centre=found.centre)
    prepared: Prepared | None = None
    if form.is_valid():
        try:
            prepared = services.prepare(found, form.draft())
            form.ask_overrides(prepared.findings)
            if "look" not in request.POST:
                services.sign_order(
                    person=found,
                    draft=form.draft(),
                    by=viewer,
                    proof=proof_for(request, form.cleaned_data["pin"]),
                    overrides=form.overrides(),
                    acknowledged=form.cleaned_data["acknowledged"],
                    once=form.cleaned_data["once"],
                )
                return back(found)
        except ServiceError as refused:
            _answer(form, refused)
    return order_page(request, found, form, prepared)


@login_required
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, person: UUID, order: UUID) -> HttpResponse:
    """Nothing more is due from it; a benzodiazepine is not stopped at once without a reason by name."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.stop")
    row = order_of(found, order)
    form = StopForm(request.POST or None, initial={"once": uuid4().hex})
    findings = services.findings_on_stop(row)
    if request.method == "POST" and form.is_valid():
        because = form.because_of_benzodiazepine()
        findings = services.findings_on_stop(row, form.cleaned_data["reason"], because)
        form.ask_overrides(findings)
        try:
            services.stop_order(
                order=row,
                reason=form.cleaned_data["reason"],
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                overrides=form.overrides(),
                because_of_benzodiazepine=because,
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            _answer(form, refused)
        else:
            return back(found)
    else:
        form.ask_overrides(findings)
    return _signing_page(request, found, row, form, "medication/stop.html", findings=findings)


@login_required
@require_http_methods(["GET", "POST"])
def word(request: HttpRequest, person: UUID, order: UUID) -> HttpResponse:
    """A prescriber's word whether a medicine outside the formulary counts as a sedative."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="order.sign")
    row = order_of(found, order)
    form = WordForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            services.say_whether_sedative(
                order=row,
                is_sedative=form.cleaned_data["is_sedative"] == "yes",
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            _answer(form, refused)
        else:
            return back(found)
    return _signing_page(request, found, row, form, "medication/word.html")


def _answer(form: SigningForm, refused: ServiceError) -> None:
    """The refusal beside its field; of a hard stop, the boxes for what may be answered."""
    if isinstance(refused, HardStop):
        form.ask_overrides(refused.findings)
    refuse(form, refused)


def order_of(person: Person, public_id: UUID) -> Order:
    """The order under this address, of this person. Raises Http404."""
    row = queries.order_at(person, public_id)
    if row is None:
        raise Http404("no such order here")
    return row


def order_page(request: HttpRequest, found: Person, form: OrderForm, prepared: Prepared | None = None) -> HttpResponse:
    """The page of a new order; of one by word of mouth the form asks who gave it."""
    typed = str(form["medicine"].value() or "")
    context: dict[str, Any] = {
        "person": found,
        "tab": "medicines",
        "form": form,
        "prepared": prepared,
        "kinds": [(value, word, "") for value, word in Order.Kind.choices],
        "yes_no": [(value, word, "") for value, word in YesNoUnknown.choices],
        "is_verbal": "prescriber" in form.fields,
        "purposes": [(value, word, "") for value, word in Order.Purpose.choices],
        "names": sorted(one.name for one in formulary().medicines.values()),
        "suggestions": services.suggestions(typed) if typed else (),
        "allergies": allergies(found),
        "beside": beside(found, co_use([found]).get(found.pk, {})),
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "medication/order.html", context, action="order.read", person=found, status=status)


def _signing_page(
    request: HttpRequest,
    found: Person,
    row: Order,
    form: SigningForm,
    template: str,
    findings: tuple[Finding, ...] = (),
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": found,
        "tab": "medicines",
        "order": row,
        "form": form,
        "findings": findings,
        "because": [("no", "no", ""), ("yes", "yes", "")],
        "sedative_choices": [("yes", "it is a sedative", ""), ("no", "it is no sedative", "")],
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(request, template, context, action="order.read", person=found, status=status)
