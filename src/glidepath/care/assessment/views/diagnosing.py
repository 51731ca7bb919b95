"""Codes that the count suggests, those that stand, and a clinician's word on each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import diagnosing, queries
from glidepath.care.assessment.forms import DiagnosisForm
from glidepath.clinical.facts.sedative_codes import Course
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

COURSES = ("uncomplicated", "delirium", "perceptual")  # those whose digit was seen in a source


@login_required
@require_http_methods(["GET", "POST"])
def diagnoses(request: HttpRequest, person: UUID) -> HttpResponse:
    """What stands, what is suggested, and the form to confirm or take back one code."""
    viewer = signed_in(request)
    if request.method == "GET":
        return _page(request, person_for(viewer, person), DiagnosisForm(initial=_chosen(request)))
    found = person_for(viewer, person, action="diagnosis.confirm")
    form = DiagnosisForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            row = diagnosing.confirm(
                person=found, code=given["code"], words=given["words"], because=given["because"], by=viewer,
                proof=proof_for(request, given["pin"]), holds=given["act"] != "take_back", once=given["once"],
            )  # fmt: skip
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{row.code} {'is confirmed' if row.holds else 'is taken back'}.")
            return SeeOther(reverse("assessment:diagnoses", args=[found.public_id]))
    return _page(request, found, form)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """A suggestion that was tapped fills the form; nothing is confirmed by it."""
    tapped = {name: request.GET.get(name, "")[:300] for name in ("code", "words", "because")}
    return tapped | {"act": "take_back" if request.GET.get("act") == "take_back" else "confirm"}


def _page(request: HttpRequest, person: Person, form: DiagnosisForm) -> HttpResponse:
    asked = request.GET.get("withdrawal", "")
    course = Course(asked) if asked in COURSES else None
    standing = diagnosing.diagnoses(person)
    context = {
        "person": person,
        "form": form,
        "standing": standing,
        "codes": [row.code for row in standing],
        "suggested": diagnosing.suggested(person, course),
        "courses": COURSES,
        "course": asked if course else "",
        "facts": queries.facts(person),
        "may_confirm": may(signed_in(request), "diagnosis.confirm"),
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(
        request, "assessment/diagnoses.html", context, action="assessment.read", person=person, status=status
    )
