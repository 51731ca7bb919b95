"""The golden thread: from an objective to everything that serves it, and from a record to the objectives it serves."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from glidepath.care.alarms.redirects import SeeOther
from glidepath.care.planning import evidence, queries, services
from glidepath.care.planning.evidence import Evidence, Record
from glidepath.care.planning.forms import LinkForm
from glidepath.care.planning.models import Version
from glidepath.care.planning.views.plan import known_for, shown_objective
from glidepath.clinical.planning.values import Objective, Problem
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import put_on
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in

TO_LINK = 4  # the newest records of each kind that are offered
IN_THE_THREAD = 60


@login_required
@require_http_methods(["GET", "POST"])
def objective(request: HttpRequest, person: UUID, objective: UUID) -> HttpResponse:
    """One objective with its progress, what serves it, and what could be linked by one tap."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="plan.read" if request.method == "GET" else "plan.write")
    version, problem, wanted = _wanted(found, objective)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _link(request, found, objective, form)
        except ServiceError as refused:
            put_on(form, refused)
        else:
            return SeeOther(reverse("planning:objective", args=[found.public_id, objective]))
    known = known_for(found, version)
    linked = queries.links(version.plan).get(objective, [])
    served = queries.served_by(wanted, known.record, linked, version.plan.opened_at)
    context: dict[str, Any] = {
        "person": found,
        "version": version,
        "problem": problem,
        "shown": shown_objective(wanted, known, linked),
        "served": served,
        "offered": _offered(known.record, served),
        "form": form,
        "may_write": may(viewer, "plan.write"),
        "new_key": uuid4().hex,
    }
    status = 422 if form.errors else 200
    return pages.page(request, "planning/objective.html", context, action="plan.read", person=found, status=status)


@login_required
@require_GET
def thread(request: HttpRequest, person: UUID) -> HttpResponse:
    """The newest records of this person, each with the objectives it serves."""
    found = person_for(signed_in(request), person, action="plan.read")
    version = queries.newest_of(found)
    rows: list[tuple[Evidence, list[Objective]]] = []
    if version is not None:
        record = evidence.record_of(found, queries.evidence_since(version.plan))
        back = queries.served_back(version, record)
        rows = [(one, back.get((one.kind, one.public_id), [])) for one in _newest(record)[:IN_THE_THREAD]]
    context = {"person": found, "version": version, "rows": rows}
    return pages.page(request, "planning/thread.html", context, action="plan.read", person=found)


def _wanted(person: Person, key: UUID) -> tuple[Version, Problem, Objective]:
    """The objective as the newest version has it. Raises Http404 where this person's plan has none of this address."""
    version = queries.newest_of(person)
    found = queries.plan_of(version.content).objective(str(key)) if version else None
    if version is None or found is None:
        raise Http404("no such objective in this plan")
    return version, *found


def _link(request: HttpRequest, person: Person, objective: UUID, form: LinkForm) -> None:
    kind, _, address = form.cleaned_data["record"].partition(":")
    given = {"person": person, "objective": objective, "kind": kind, "evidence": _uuid(address)}
    by = signed_in(request)
    if form.cleaned_data["take_back"]:
        services.unlink(**given, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, "The link is taken back. Both entries stay.")
    else:
        services.link(**given, by=by, once=form.cleaned_data["once"])
        messages.success(request, "Linked: it serves this objective.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput("This record cannot be found. Open the page again.") from None


def _offered(record: Record, served: list[queries.Served]) -> list[Evidence]:
    have = {(one.evidence.kind, one.evidence.public_id) for one in served if one.evidence}
    by_kind: dict[str, list[Evidence]] = {kind: [] for kind in evidence.KINDS}
    for one in _newest(record):
        if (one.kind, one.public_id) not in have and len(by_kind[one.kind]) < TO_LINK:
            by_kind[one.kind].append(one)
    return [one for found in by_kind.values() for one in found]


def _newest(record: Record) -> list[Evidence]:
    return sorted(record.values(), key=lambda one: one.at, reverse=True)
