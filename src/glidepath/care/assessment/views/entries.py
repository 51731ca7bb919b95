"""The pages of structured entries: an earlier way down, and another substance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.assessment import services
from glidepath.care.assessment.forms import EntryForm, PastTaperForm, SubstanceForm
from glidepath.care.assessment.models import Mouth
from glidepath.care.assessment.views.domain import known_domain
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import signed_in

Keep = Callable[[Person, Any], object]


@login_required
@require_http_methods(["GET", "POST"])
def past_taper(request: HttpRequest, person: UUID) -> HttpResponse:
    """One earlier way down: how fast, where it stopped, why."""
    by = signed_in(request)

    def keep(found: Person, form: PastTaperForm) -> object:
        return services.record_past_taper(
            person=found, taper=form.taper(), by=by, mouth=Mouth(form.cleaned_data["mouth"]),
            once=form.cleaned_data["once"],
        )  # fmt: skip

    return _entry(request, person, PastTaperForm, keep, "benzodiazepines", "An earlier taper")


@login_required
@require_http_methods(["GET", "POST"])
def substance(request: HttpRequest, person: UUID) -> HttpResponse:
    """One other substance the person takes."""
    by = signed_in(request)

    def keep(found: Person, form: SubstanceForm) -> object:
        return services.record_substance(
            person=found, substance=form.told(), by=by, mouth=Mouth(form.cleaned_data["mouth"]),
            once=form.cleaned_data["once"],
        )  # fmt: skip

    return _entry(request, person, SubstanceForm, keep, "substances", "Another substance")


def _entry(
    request: HttpRequest, person: UUID, kind: type[EntryForm], keep: Keep, domain: str, title: str
) -> HttpResponse:
    found = person_for(signed_in(request), person, action="assessment.record")
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            keep(found, form)
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"{title} is recorded.")
            return SeeOther(reverse("assessment:domain", args=[found.public_id, domain]))
    context = {"person": found, "form": form, "domain": known_domain(domain), "title": title}
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/entry.html", context, action="assessment.read", person=found, status=status)
