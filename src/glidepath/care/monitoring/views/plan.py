"""The observation plan of one person: what is proposed and why, what stands, and a prescriber's signature."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from glidepath.care.monitoring import ports, queries, services
from glidepath.care.monitoring.forms import PlanForm, moment_of
from glidepath.care.monitoring.planned import HOURS_OF, Proposed
from glidepath.care.monitoring.views import chart
from glidepath.clinical.monitoring.scale_choice import NAMES, SUBSTANCE, refusal
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.errors import BadInput, ServiceError
from glidepath.record.forms import with_version_of_now
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import kept_proof, proof_for, signed_in

LOOKED_AT_AGAIN = dt.timedelta(days=2)  # what the box begins with, ours


@login_required
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, person: UUID) -> HttpResponse:
    """Read by all who see the chart; set by a prescriber."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="observation_plan.set" if request.method == "POST" else "person.read")
    proposed, why_not = _proposed(found)
    standing = queries.observation_plan(found)
    if request.method == "GET":
        return _page(request, found, proposed, why_not, PlanForm(initial=_initial(found, proposed)))
    form = PlanForm(request.POST)
    if form.is_valid():
        try:
            services.set_observation_plan(
                person=found,
                intervals=form.intervals,
                until=moment_of(form, "until", found.centre) or clock.now(),
                reason=form.cleaned_data["reason"],
                by=viewer,
                proof=proof_for(request, form.cleaned_data["pin"]),
                once=form.cleaned_data["once"],
                knows_looser=form.cleaned_data["knows_looser"],
                seen=form.cleaned_data["seen"] or 0,
            )
        except ServiceError as refused:
            chart.refuse(form, refused)
            with_version_of_now(form, standing.pk if standing else 0)
        else:
            return chart.back(found)
    return _page(request, found, proposed, why_not, form, status=422)


def _proposed(person: Person) -> tuple[Proposed | None, str]:
    try:
        return queries.proposed_for(person), ""
    except BadInput as refused:
        return None, refused.message


def _initial(person: Person, proposed: Proposed | None) -> dict[str, Any]:
    standing = queries.observation_plan(person)
    initial: dict[str, Any] = {"once": uuid4().hex, "seen": standing.pk if standing else 0}
    if proposed is None:
        return initial
    hours = proposed.proposal.intervals
    until = clock.local(person.centre, clock.now() + LOOKED_AT_AGAIN).replace(minute=0, second=0, microsecond=0)
    initial |= {"awake": hours.awake, "asleep": hours.asleep, "until": f"{until:%Y-%m-%dT%H:%M}"}
    return initial | {HOURS_OF[scale]: every for scale, every in hours.scales.items()}


def _page(
    request: HttpRequest,
    found: Person,
    proposed: Proposed | None,
    why_not: str,
    form: PlanForm,
    status: int = 200,
) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {
        "person": found,
        "tab": "observations",
        "due": queries.due([found], now).get(found.pk),
        "proposed": proposed,
        "why_not": why_not,
        "scales": _scales(found, proposed, form),
        "form": form,
        "plans": queries.plans_of(found),
        "now": now,
        "may_set": may(signed_in(request), "observation_plan.set"),
        "fresh_proof": kept_proof(request) is not None,
    }
    return pages.page(request, "monitoring/plan.html", context, action="observations.read", person=found, status=status)


def _scales(found: Person, proposed: Proposed | None, form: PlanForm) -> list[dict[str, Any]]:
    """Each scale: its box, whether it is proposed, and why it may not be scored."""
    if proposed is None:
        return []
    facts = ports.facts_of(found)
    return [
        {
            "name": NAMES[scale],
            "of": SUBSTANCE.get(scale, "benzodiazepine"),
            "box": form[column],
            "proposed": proposed.proposal.intervals.scales.get(scale),
            "wrong": proposed.choice.wrong.get(scale, ""),
            "unsettled": refusal(scale, facts, named=False) if scale in proposed.choice.unsettled else "",
        }
        for scale, column in HOURS_OF.items()
    ]
