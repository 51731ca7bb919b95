"""Allergies: what is known, that none is known, or that nobody asked."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from glidepath.record.audit import pages
from glidepath.record.desk.forms import AllergyForm, TakeBackForm
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import OnceForm, put_on
from glidepath.record.people import queries, services
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_GET
def allergies(request: HttpRequest, person: UUID) -> HttpResponse:
    return _page(request, person_for(signed_in(request), person, action="identity.read"))


@login_required
@require_POST
def add(request: HttpRequest, person: UUID) -> HttpResponse:
    """One more allergy; one that was thought to be none takes that answer's place."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="allergy.record")
    form = AllergyForm(request.POST)
    if form.is_valid():
        try:
            services.record_allergy(person=found, by=viewer, **form.cleaned_data)
        except ServiceError as error:
            put_on(form, error)
        else:
            return _back(request, found, "The allergy is recorded.")
    return _page(request, found, adding=form)


@login_required
@require_POST
def none_known(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="allergy.record")
    form = OnceForm(request.POST)
    if form.is_valid():
        try:
            services.no_known_allergies(person=found, by=viewer, once=form.cleaned_data["once"])
        except ServiceError as error:
            put_on(form, error)
        else:
            return _back(request, found, "Recorded: asked, and no allergy is known.")
    return _page(request, found, refused=form)


@login_required
@require_POST
def take_back(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="allergy.record")
    form = TakeBackForm(request.POST)
    if form.is_valid():
        statement = next((row for row in queries.allergy_history(found) if _is(row, form)), None)
        if statement is None:
            raise Http404("no such statement of this person")
        try:
            services.take_back_allergy(
                statement=statement,
                reason=form.cleaned_data["reason"],
                by=viewer,
                once=form.cleaned_data["once"],
            )
        except ServiceError as error:
            put_on(form, error)
        else:
            return _back(request, found, "Taken back. Both lines can be read below.")
    return _page(request, found, taking_back=form)


def _is(row: object, form: TakeBackForm) -> bool:
    return getattr(row, "public_id", None) == form.cleaned_data["statement"]


def _back(request: HttpRequest, person: Person, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("people:allergies", person=person.public_id)


def _page(
    request: HttpRequest,
    person: Person,
    *,
    adding: forms.Form | None = None,
    taking_back: forms.Form | None = None,
    refused: forms.Form | None = None,
) -> HttpResponse:
    returned = adding or taking_back or refused
    context = {
        "person": person,
        "form": returned,
        "allergies": queries.allergies(person),
        "history": queries.allergy_history(person),
        "adding": adding or AllergyForm(),
        "taking_back": taking_back,
        "may_record": may(signed_in(request), "allergy.record"),
    }
    status = 422 if returned else 200
    return pages.page(request, "desk/allergies.html", context, action="allergies.read", person=person, status=status)
