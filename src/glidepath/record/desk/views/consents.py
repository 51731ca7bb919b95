"""What the person agreed to, declined or took back; each kind alone."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.record.audit import pages
from glidepath.record.consent import queries, services
from glidepath.record.consent.models import Consent
from glidepath.record.desk.forms import ConsentForm
from glidepath.record.episodes.queries import current_episode, person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in


@login_required
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest, person: UUID) -> HttpResponse:
    viewer = signed_in(request)
    found = person_for(viewer, person, action="identity.read" if request.method == "GET" else "consent.record")
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _record(found, form, viewer)
        except ServiceError as error:
            put_on(form, error)
        else:
            messages.success(request, "The decision is recorded.")
            return redirect("consent:person", person=found.public_id)
    return _page(request, found, form)


def _record(person: Person, form: ConsentForm, by: Staff) -> None:
    episode = current_episode(person)
    if episode is None:
        raise BadInput("Open an enquiry first: a consent belongs to a stretch of care.")
    services.record(episode=episode, by=by, **form.cleaned_data)


def _page(request: HttpRequest, person: Person, form: ConsentForm) -> HttpResponse:
    standing = queries.standing(person)
    context = {
        "person": person,
        "form": form,
        "kinds": [(kind.label, standing.get(kind.value)) for kind in Consent.Kind],
        "history": queries.history(person),
        "may_record": may(signed_in(request), "consent.record"),
    }
    status = 422 if form.errors else 200
    return pages.page(request, "desk/consents.html", context, action="consents.read", person=person, status=status)
