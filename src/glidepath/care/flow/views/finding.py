"""Who is it? Somebody known is found; only then a new person is entered, by a first call or at the door."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from glidepath.care.flow import services
from glidepath.care.flow.forms import EnquiryForm, FindForm, IdentityForm, refuse
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
    form = IdentityForm(request.POST or None, initial={**_asked(find), "once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            person = services.begin_admission(who=_identity(given), by=viewer, once=given["once"])
        except ServiceError as refused:
            refuse(form, refused)
        else:
            return redirect("flow:admission", person=person.public_id)
    return _find_page(request, "flow/admit.html", find, form)


@login_required
@require_http_methods(["GET", "POST"])
def enquiry(request: HttpRequest) -> HttpResponse:
    """A first call: safety first, then who it is about."""
    viewer = signed_in(request)
    require(viewer, "episode.enquire")
    find = FindForm(request.GET or None)
    form = EnquiryForm(request.POST or None, initial={**_asked(find), "once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            person = services.take_call(
                who=_identity(given),
                caller=given["caller"],
                told_not_to_stop=given["told_not_to_stop"],
                words=given["words"],
                by=viewer,
                once=given["once"],
            )
        except ServiceError as refused:
            refuse(form, refused)
        else:
            messages.success(request, f"The call about {person.preferred_name} is recorded.")
            return redirect("flow:admission", person=person.public_id)
    return _find_page(request, "flow/enquiry.html", find, form)


@login_required
@require_POST
def come_back(request: HttpRequest, person: UUID) -> HttpResponse:
    """A known person begins again: the history stays, a new episode opens."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="episode.admit")
    services.open_episode(person=found, by=viewer)
    return redirect("flow:admission", person=found.public_id)


def _asked(find: FindForm) -> dict[str, Any]:
    return find.cleaned_data if find.is_bound and find.is_valid() else {}


def _find_page(request: HttpRequest, template: str, find: FindForm, form: IdentityForm) -> HttpResponse:
    viewer = signed_in(request)
    asked = _asked(FindForm(request.POST or None)) or _asked(find)  # what was entered may differ from what was sought
    assert viewer.centre is not None
    alike = people.find_known(viewer.centre, asked["legal_name"], asked["birth_date"]) if asked else []
    context = {"find": find, "asked": bool(asked) or form.is_bound, "alike": alike, "form": form}
    shown = [one.person for one in alike]
    status = 422 if form.errors else 200
    return pages.page(request, template, context, action="people.searched", people=shown, status=status)


def _identity(given: dict[str, Any]) -> services.Identity:
    names = ("legal_name", "birth_date", "preferred_name", "pronouns", "phone", "not_the_same")
    return services.Identity(**{name: given[name] for name in names})
