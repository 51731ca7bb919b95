"""The glass: one chart opened without a tie, with a reason, for a while, and the manager is told."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from glidepath.record.audit import pages
from glidepath.record.centres.queries import settings_of
from glidepath.record.desk.forms import BreakGlassForm
from glidepath.record.episodes import queries, services
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def break_glass(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    require(viewer, "break_glass")
    found = queries.person_in_centre(viewer, person)
    if queries.may_see(viewer, found):
        return redirect(_where_to(request, found))
    form = BreakGlassForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        try:
            proof = proof_for(request, form.cleaned_data["pin"])
            services.break_glass(
                person=found,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                by=viewer,
                proof=proof,
                once=form.cleaned_data["once"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            return redirect(_where_to(request, found))
    return _page(request, found, form)


def _where_to(request: HttpRequest, person: Person) -> str:
    """The page that was asked for, where it is one of ours; else the chart."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    if ours and wanted.startswith("/"):  # else a word would be looked up as the name of an address
        return wanted
    return reverse("ward:chart", args=[person.public_id])


def _page(request: HttpRequest, person: Person, form: BreakGlassForm) -> HttpResponse:
    context = {
        "number": person.number,
        "form": form,
        "minutes": settings_of(person.centre).break_glass_minutes,
        "fresh_proof": kept_proof(request) is not None,
        "pin_error": " ".join(str(said) for said in form.errors.get("pin", ())),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "desk/break_glass.html", context, action="glass.shown", person=person, status=status)
