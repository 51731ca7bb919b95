"""A call: what to do in an emergency first, then who it is about and what they tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.standing import Heard
from glidepath.care.assessment.views.facts import facts_begin, facts_shown, question_rows, say_who_is_called
from glidepath.care.flow import services
from glidepath.care.flow.call_forms import CallFields, CallForm, CallUseForm, EnquiryForm
from glidepath.care.flow.forms import FindForm, refuse
from glidepath.care.flow.views.finding import asked, find_page, identity_of
from glidepath.clinical.guidelines.first_call import EMERGENCY
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import may_see, person_for
from glidepath.record.errors import ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import require
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def enquiry(request: HttpRequest) -> HttpResponse:
    """A first call: safety first, then who it is about."""
    viewer = signed_in(request)
    require(viewer, "episode.enquire")
    find = FindForm(request.GET or None)
    form = EnquiryForm(request.POST or None, initial={**asked(find), "once": uuid4().hex})
    use = CallUseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and use.is_valid():
        given = form.cleaned_data
        try:
            person = services.take_call(
                who=identity_of(given), by=viewer, once=given["once"], **_call(given), told=form.told(use)
            )
        except ServiceError as refused:
            _refuse(form, use, refused)
        else:
            return _taken(request, viewer, person, form)
    return find_page(request, "flow/enquiry.html", find, form, use=use, rows=_rows(None, form, {}))


@login_required
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, person: UUID) -> HttpResponse:
    """A further call, or a first one about somebody who was here before."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="episode.enquire")
    known = assessment.heard([found], at_the_door=True).get(found.pk, {})
    form = CallForm(
        request.POST or None, initial=facts_begin(found), shown=facts_shown(request, found, at_the_door=True)
    )
    use = CallUseForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and use.is_valid():
        given = form.cleaned_data
        try:
            services.enquire(person=found, by=viewer, once=given["once"], **_call(given), told=form.told(use))
        except ServiceError as refused:
            _refuse(form, use, refused)
        else:
            return _taken(request, viewer, found, form)
    context = {
        "person": found,
        "form": form,
        "use": use,
        "uses": assessment.uses(found),
        "rows": _rows(found, form, known),
    }
    status = 422 if form.errors or use.errors else 200
    return pages.page(request, "flow/call.html", context, action="enquiry.read", person=found, status=status)


def _rows(person: Person | None, form: CallFields, known: Mapping[str, Heard]) -> list[dict[str, Any]]:
    return question_rows(person, form.questions, known)


def _call(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("caller", "told_not_to_stop", "words")}


def _refuse(form: CallFields, use: CallUseForm, refused: ServiceError) -> None:
    """Beside its box, whether that stands in the call's form or in the medicine's."""
    refuse(use if refused.field in use.fields else form, refused)


def _taken(request: HttpRequest, viewer: Staff, person: Person, form: CallFields) -> HttpResponse:
    """On to the screen; an emergency is said once more, before all else."""
    messages.success(request, f"The call about {person.preferred_name} is recorded.")
    if any(form.cleaned_data[one.name] == "yes" for one in form.flags):
        messages.error(request, EMERGENCY)
    say_who_is_called(request, person, form.cleaned_data)
    screens = may_see(viewer, person, action="screen.prepare")
    return redirect("flow:screen" if screens else "people:identity", person=person.public_id)
