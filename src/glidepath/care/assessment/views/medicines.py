"""The list of medicines: a line added, a prescriber's decision, a pharmacist's check."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import queries, services
from glidepath.care.assessment.forms import CheckForm, DecideForm, MedicineForm
from glidepath.care.assessment.models import MedicineTaken
from glidepath.care.assessment.views.domain import known_domain
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

DOMAIN = "medicines"


@login_required
@require_http_methods(["GET", "POST"])
def add_medicine(request: HttpRequest, person: UUID) -> HttpResponse:
    """One line: what it is, how much, from whom, and who says so."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="assessment.record")
    form = MedicineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.record_medicine(
                person=found, medicine=form.medicine(), by=viewer, once=form.cleaned_data["once"]
            )
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{row.medicine_name} is on the list.")
            return _back(found)
    context = {"person": found, "form": form, "domain": known_domain(DOMAIN), "title": "A medicine the person takes"}
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/entry.html", context, action="assessment.read", person=found, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, person: UUID, line: UUID) -> HttpResponse:
    """Continue, change, stop or hold: signed by a prescriber. It is no order."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="medicine.decide")
    row = _line(found, line)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.decide_medicine(
                medicine=row, decision=given["decision"], reason=given["reason"], by=viewer,
                proof=proof_for(request, given["pin"]), once=given["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{row.medicine_name}: decided. An order is signed with the medicines.")
            return _back(found)
    context = {
        "person": found, "form": form, "line": row, "domain": known_domain(DOMAIN),
        "fresh_proof": kept_proof(request) is not None,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/decide.html", context, action="assessment.read", person=found, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, person: UUID, line: UUID) -> HttpResponse:
    """A pharmacist looked at this line."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="medicine.check")
    row = _line(found, line)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.check_medicine(medicine=row, words=given["words"], by=viewer, once=given["once"])
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{row.medicine_name} is checked.")
            return _back(found)
    context = {"person": found, "form": form, "domain": known_domain(DOMAIN), "title": f"Check: {row.summary}"}
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/entry.html", context, action="assessment.read", person=found, status=status)


def _line(person: Person, public_id: UUID) -> MedicineTaken:
    row = queries.medicine_at(person, public_id)
    if row is None:
        raise Http404("this line is not on the list, or was corrected")
    return row


def _back(person: Person) -> HttpResponse:
    return SeeOther(reverse("assessment:domain", args=[person.public_id, DOMAIN]) + "#list")
