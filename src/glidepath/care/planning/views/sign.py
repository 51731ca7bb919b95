"""The signature: what changes, what is still lacking, how the person agreed, and the PIN."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.planning import queries, services
from glidepath.care.planning.forms import SignForm
from glidepath.care.planning.views.plan import rows
from glidepath.clinical.planning.unfinished import lacking
from glidepath.clinical.planning.values import CarePlan
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import ChangedMeanwhile, ServiceError
from glidepath.record.forms import put_on, with_version_of_now
from glidepath.record.people.models import Person
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in


@login_required
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, person: UUID) -> HttpResponse:
    """The draft as it would be signed."""
    found = person_for(signed_in(request), person, action="plan.sign")
    begin = {"once": uuid4().hex, "seen": queries.seen_of(found, queries.draft_row(found))}
    form = SignForm(request.POST or None, initial=begin)
    if request.method == "POST" and form.is_valid():
        try:
            version = _sign(request, found, form)
        except ChangedMeanwhile as late:
            put_on(form, late)
            with_version_of_now(form, queries.seen_of(found, queries.draft_row(found)))
        except ServiceError as refused:
            put_on(form, refused)
        else:
            messages.success(request, f"Version {version.number} is signed. Print {found.preferred_name}’s own copy.")
            return SeeOther(reverse("planning:plan", args=[found.public_id]))
    return _page(request, found, form)


def _sign(request: HttpRequest, person: Person, form: SignForm) -> Any:
    given = form.cleaned_data
    return services.sign_plan(
        person=person,
        by=signed_in(request),
        proof=proof_for(request, given["pin"]),
        seen=given["seen"],
        agreed=form.agreed(),
        reason=given["reason"],
        once=given["once"],
    )


def _page(request: HttpRequest, person: Person, form: SignForm) -> HttpResponse:
    draft = queries.draft_row(person)
    plan = queries.draft_plan(person, draft)
    signed = queries.newest_of(person)
    before = queries.plan_of(signed.content) if signed else CarePlan()
    lacks = lacking(plan, today=clock.today(person.centre)) if draft else ()
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "draft": draft,
        "plan": plan,
        "signed": signed,
        "number": signed.number + 1 if signed else 1,
        "rows": rows(before, plan),
        "lacks": lacks,
        "why_not": _why_not(draft is not None, bool(lacks)),
        "fresh_proof": kept_proof(request) is not None,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "planning/sign.html", context, action="plan.read", person=person, status=status)


def _why_not(drafted: bool, lacking_parts: bool) -> str:
    if not drafted:
        return "There is no draft: write one first."
    return "Something is still open: see above." if lacking_parts else ""
