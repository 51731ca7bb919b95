"""The page of facts: what the rules ask, what is known, what nobody has asked yet."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.care.assessment import queries, services
from glidepath.care.assessment.forms import FactsForm, UseForm
from glidepath.clinical.guidelines.facts import FactKind
from glidepath.record.audit import pages
from glidepath.record.episodes.models import Episode
from glidepath.record.episodes.queries import current_episode, person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, person: UUID) -> HttpResponse:
    """Asked and known, and a form for what is asked now."""
    found = person_for(signed_in(request), person)
    form = FactsForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            rows = services.record_facts(
                person=found, answers=form.answers(), by=signed_in(request), once=form.cleaned_data["once"]
            )
        except ServiceError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{len(rows)} {'answer' if len(rows) == 1 else 'answers'} recorded.")
            say_who_is_called(request, found, form.answers())
            return redirect("assessment:facts", person=found.public_id)
    return _facts_page(request, found, form)


@login_required
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest, person: UUID) -> HttpResponse:
    """One more medicine the person takes."""
    found = person_for(signed_in(request), person, action="assessment.record")
    form = UseForm(request.POST or None, initial={"once": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        try:
            services.record_use(
                person=found,
                episode=_episode(found),
                use=form.reported(),
                by=signed_in(request),
                once=form.cleaned_data["once"],
            )
        except ServiceError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        else:
            messages.success(request, f"{form.cleaned_data['medicine_name']} recorded.")
            return redirect("assessment:facts", person=found.public_id)
    context = {"person": found, "form": form, "uses": queries.uses(found)}
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/use.html", context, action="assessment.read", person=found, status=status)


def say_who_is_called(request: HttpRequest, person: Person, answers: Mapping[str, str]) -> None:
    """After an answer that called somebody: what whoever asked does until then."""
    if answers.get("suicidality_voiced") == "yes":
        name = person.preferred_name
        messages.warning(request, f"A clinician is called to {name} now. Stay with {name} until somebody is there.")


def _episode(person: Person) -> Episode:
    episode = current_episode(person)
    if episode is None:
        raise BadInput("There is no episode of care to write this into: open an enquiry or admit the person first.")
    return episode


def _facts_page(request: HttpRequest, person: Person, form: FactsForm) -> HttpResponse:
    known = queries.answers([person]).get(person.pk, {})
    rows = [{"field": field, "known": known.get(field.name)} for field in form if field.name != "once"]
    viewer = signed_in(request)
    context = {
        "person": person,
        "form": form,
        "not_asked": [row for row in rows if row["known"] is None],
        "asked": [row for row in rows if row["known"] is not None],
        "uses": queries.uses(person),
        "may_record": may(viewer, "fact.record"),
        "may_assess": may(viewer, "assessment.record"),
        "yes_no": FactKind.YES_NO,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "assessment/facts.html", context, action="assessment.read", person=person, status=status)
