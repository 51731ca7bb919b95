"""What waits to be filled in, of everybody the viewer sees; and how one person's scores went."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.instruments import services, shown
from glidepath.care.instruments.catalogue import offered
from glidepath.care.instruments.forms import AskForm
from glidepath.care.instruments.trends import trends as trends_of
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import people_for, person_for
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Whose forms wait, who has something due today first."""
    viewer = signed_in(request)
    require(viewer, "form.fill")
    rows = shown.waiting_rows([*people_for(viewer)])
    people = [one.person for one in rows]
    return pages.page(request, "instruments/waiting.html", {"rows": rows}, action="form.read", people=people)


@login_required
@require_GET
def trends(request: HttpRequest, person: UUID) -> HttpResponse:
    """Each instrument with its drawing, its change and every score."""
    found = person_for(signed_in(request), person, action="form.read")
    context = {"person": found, "tab": "forms", "trends": trends_of(found)}
    return pages.page(request, "instruments/trends.html", context, action="form.read", person=found)


@login_required
@require_POST
def ask(request: HttpRequest, person: UUID) -> HttpResponse:
    """Asks for an instrument, so that it is due; or takes that back."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="form.ask_for")
    form = AskForm(request.POST, offered=offered(found.centre).values())
    if form.is_valid():
        given = form.cleaned_data
        wanted = given["act"] != "take_back"
        services.ask_for(
            person=found, instrument=given["instrument"], by=viewer, wanted=wanted, words=given["words"],
            once=given["once"],
        )  # fmt: skip
        said = "is asked for, and due" if wanted else "is not asked for any more"
        messages.success(request, f"{shown.name_of(given['instrument'])} {said}.")
    else:
        messages.error(request, " ".join(str(said) for some in form.errors.values() for said in some))
    return SeeOther(reverse("instruments:forms", args=[found.public_id]))
