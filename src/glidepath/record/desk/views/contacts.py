"""Whom the person named, and what each may be told. Being family gives no right to see anything."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.record.audit import pages
from glidepath.record.desk.forms import ContactForm
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.history import version_of
from glidepath.record.people import queries, services
from glidepath.record.people.models import Contact, Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def contacts(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action=_action(request))
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact = services.add_contact(person=found, by=viewer, **_without(form, "seen"))
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, f"{contact.name} is added.")
            return redirect("people:contacts", person=found.public_id)
    return _page(request, found, form)


@login_required
@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, person: UUID, contact: UUID) -> HttpResponse:
    """One contact, changed."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action=_action(request))
    one = queries.contact_at(found, contact)
    if one is None:
        raise Http404("no such contact of this person")
    if request.method == "GET":
        return _page(request, found, ContactForm(initial=ContactForm.initial_of(one, version_of(one))), one)
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            services.edit_contact(contact=one, by=viewer, **_without(form, "once"))
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "The contact is saved.")
            return redirect("people:contacts", person=found.public_id)
    return _page(request, found, with_version_of_now(form, version_of(one)), one)


def _action(request: HttpRequest) -> str:
    return "identity.read" if request.method == "GET" else "contact.edit"


def _without(form: ContactForm, name: str) -> dict[str, Any]:
    return {key: value for key, value in form.cleaned_data.items() if key != name}


def _page(request: HttpRequest, person: Person, form: Form, changing: Contact | None = None) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "contacts": queries.contacts(person),
        "changing": changing,
        "may_edit": may(signed_in(request), "contact.edit"),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "desk/contacts.html", context, action="contacts.read", person=person, status=status)
