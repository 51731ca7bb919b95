"""Who is it? Somebody known is found; only then a new person is entered."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.flow import services
from glidepath.care.flow.forms import FindForm, IdentityForm, refuse
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people import queries as people
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def admit(request: HttpRequest) -> HttpResponse:
    """First: who is it? Somebody known is found; only then a new person is entered."""
    viewer = signed_in(request)
    require(viewer, "episode.admit")
    find = FindForm(request.GET or None)
    form = IdentityForm(request.POST or None, initial={**asked(find), "once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            person = services.begin_admission(who=identity_of(given), by=viewer, once=given["once"])
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return redirect("flow:admission", person=person.public_id)
    return find_page(request, "flow/admit.html", find, form)


@login_required
@require_POST
def come_back(request: HttpRequest, person: UUID) -> HttpResponse:
    """A known person begins again: the history stays, a new episode opens."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="episode.admit")
    services.open_episode(person=found, by=viewer)
    return redirect("flow:admission", person=found.public_id)


def asked(find: FindForm) -> dict[str, Any]:
    return find.cleaned_data if find.is_bound and find.is_valid() else {}


def find_page(request: HttpRequest, template: str, find: FindForm, form: IdentityForm, **more: Any) -> HttpResponse:
    """The page that looks for somebody first. more: what its template needs beside."""
    viewer = signed_in(request)
    sought = asked(FindForm(request.POST or None)) or asked(find)  # what was entered may differ from what was sought
    assert viewer.centre is not None
    alike = people.find_known(viewer.centre, sought["legal_name"], sought["birth_date"]) if sought else []
    context = {"find": find, "asked": bool(sought) or form.is_bound, "alike": alike, "form": form, **more}
    shown = [one.person for one in alike]
    forms = (form, *(one for one in more.values() if isinstance(one, BaseForm)))
    status = 422 if any(one.errors for one in forms) else 200
    return pages.page(request, template, context, action="people.searched", people=shown, status=status)


def identity_of(given: dict[str, Any]) -> services.Identity:
    names = ("legal_name", "birth_date", "preferred_name", "pronouns", "phone", "not_the_same")
    return services.Identity(**{name: given[name] for name in names})
