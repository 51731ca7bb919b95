"""The discharge: what is arranged and what is missing; it closes with a prescriber's signature, or not at all."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from glidepath.care.flow import queries, services
from glidepath.care.flow.forms import DischargeForm, refuse
from glidepath.care.flow.going_through import gone_through_at
from glidepath.care.safety import queries as safety
from glidepath.care.taper.queries import active as taper_runs
from glidepath.clinical.guidelines.medicines_at_a_move import CODE as DIS_6
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import current_episode, may_see, person_for
from glidepath.record.errors import HardStop, ServiceError
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def discharge(request: HttpRequest, person: UUID) -> HttpResponse:
    """What is arranged and what is missing; it closes with a prescriber's signature, or not at all."""
    viewer = signed_in(request)
    closing = request.method == "POST" and "look" not in request.POST  # the signature is the form's main button
    found = person_for(viewer, person, action="discharge.close" if closing else "discharge.prepare")
    episode = current_episode(found)
    begin = {"once": uuid4().hex, "stage": episode.stage if episode else "", "kind": "completed", "to_aftercare": True}
    form = DischargeForm(request.POST or None, initial=begin)
    leaving = services.Leaving()
    if form.is_bound:
        readable = form.is_valid()
        leaving = _leaving(form.cleaned_data)
        if readable and closing and _close(request, form, found, leaving):
            messages.success(request, f"{found.preferred_name} is discharged to {leaving.prescriber}.")
            return _after_discharge(viewer, found)
    findings = services.findings_for(person=found, leaving=leaving) if episode else ()
    context = {
        "person": found,
        "episode": episode,
        "done": queries.discharge_of(episode) if episode else None,
        "form": form,
        "findings": findings,
        "open_medicines": any(one.code == DIS_6 for one in findings),
        "gone_through": gone_through_at(episode) if episode else None,
        "safety_plan": safety.plan_state(found, leaving=True),
        "alert_open": safety.is_open(found),
        "may_close": may(viewer, "discharge.close"),
        "reads_medicines": may(viewer, "order.read"),
        "bridging": may(viewer, "taper.change") and taper_runs(found) is not None,
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "flow/discharge.html", context, action="discharge.read", person=found, status=status)


def _after_discharge(viewer: Staff, person: Person) -> HttpResponse:
    """To who they are, while the viewer still has a tie; a closed episode ends it."""
    if may_see(viewer, person, action="identity.read"):
        return redirect("people:identity", person=person.public_id)
    return redirect(settings.LOGIN_REDIRECT_URL)


def _leaving(given: dict[str, Any]) -> services.Leaving:
    """What of the form can be read; what cannot counts as not arranged."""
    names = {field.name for field in fields(services.Leaving)}
    read: dict[str, Any] = {name: value for name, value in given.items() if name in names}
    return services.Leaving(**read | {"told": tuple(read.get("told", ()))})


def _close(request: HttpRequest, form: DischargeForm, person: Person, leaving: services.Leaving) -> bool:
    given = form.cleaned_data
    try:
        stands = services.findings_for(person=person, leaving=leaving)
        services.discharge(
            person=person,
            leaving=leaving,
            by=signed_in(request),
            proof=proof_for(request, given["pin"]),
            seen=given["stage"],
            overrides={one.code: given["override"] for one in stands} if given["override"].strip() else {},
            once=given["once"],
        )
    except HardStop as stop:
        form.add_error(None, stop.message)
        return False
    except ServiceError as refused:
        refuse(form, refused)
        return False
    return True
