"""Who somebody is, set right."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.record.audit import pages
from glidepath.record.desk.forms import IdentityForm
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.people import queries, services
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="identity.read" if request.method == "GET" else "person.edit")
    if request.method == "GET":
        return _page(request, found, IdentityForm(initial=_initial(found)))
    form = IdentityForm(request.POST)
    if form.is_valid():
        try:
            services.edit(person=found, by=viewer, **form.what())
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "Saved. The history keeps what stood there before.")
            return redirect("people:identity", person=found.public_id)
    return _page(request, found, with_version_of_now(form, queries.person_version(found)), status=422)


def _initial(person: Person) -> dict[str, object]:
    return IdentityForm.initial_of(person, queries.person_version(person))


def _page(request: HttpRequest, person: Person, form: Form, status: int = 200) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "as_it_stands": queries.person_now(person),
        "number": f"number {person.number}",
        "may_edit": may(signed_in(request), "person.edit"),
    }
    return pages.page(request, "desk/identity.html", context, action="identity.read", person=person, status=status)
