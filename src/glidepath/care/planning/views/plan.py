"""The plan as it counts now, readable in two minutes, and every version with what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from glidepath.care.planning import evidence, progress, queries
from glidepath.care.planning.forms import MEASURES
from glidepath.care.planning.models import Serves, Version
from glidepath.clinical.planning.difference import difference
from glidepath.clinical.planning.values import CarePlan, Objective, Problem
from glidepath.record import clock
from glidepath.record.audit import pages
from glidepath.record.episodes.queries import person_for
from glidepath.record.people.models import Person
from glidepath.record.staff.permissions import may
from glidepath.record.staff.signing import signed_in

MEASURE_WORDS = dict(MEASURES)


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of progress as the page draws it."""

    name: str
    drawing: SafeString
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownObjective:
    """One objective with its lines and how many records serve it."""

    objective: Objective
    measure: str
    lines: tuple[ShownLine, ...]
    records: int
    has_passed: bool  # its date lies behind: for the next review to speak of


@dataclass(frozen=True, slots=True)
class ShownProblem:
    problem: Problem
    objectives: tuple[ShownObjective, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """One version and what it changed of the one before."""

    version: Version
    rows: tuple[tuple[str, str, str], ...]


@login_required
@require_GET
def plan(request: HttpRequest, person: UUID) -> HttpResponse:
    """Problem, goal in the person's words, objectives with their progress, who does what, and the next review."""
    viewer = signed_in(request)
    found = person_for(viewer, person, action="plan.read")
    version = queries.newest_of(found)
    reviews = queries.reviews(version.plan) if version else []
    context: dict[str, Any] = {
        "person": found,
        "version": version,
        "problems": _problems(found, version, reviews) if version else (),
        "due": queries.due_of(found),
        "draft": queries.draft_row(found),
        "last_review": reviews[0] if reviews else None,
        "reviews": len(reviews),
        "may_write": may(viewer, "plan.write"),
    }
    return pages.page(request, "planning/plan.html", context, action="plan.read", person=found)


@login_required
@require_GET
def versions(request: HttpRequest, person: UUID) -> HttpResponse:
    """Every signed version: who, when, why, and what it changed."""
    found = person_for(signed_in(request), person, action="plan.read")
    active = queries.active(found)
    signed = queries.versions(active) if active else []
    plans = [queries.plan_of(one.content) for one in signed]
    history = [
        Signed(one, rows(before, after))
        for one, after, before in zip(signed, plans, [*plans[1:], CarePlan()][: len(plans)], strict=True)
    ]
    context = {"person": found, "history": history}
    return pages.page(request, "planning/versions.html", context, action="plan.read", person=found)


def rows(before: CarePlan, after: CarePlan) -> tuple[tuple[str, str, str], ...]:
    """The difference as the page's component shows it."""
    return tuple((one.label, one.before, one.after) for one in difference(before, after))


def shown_objective(objective: Objective, known: progress.Known, linked: list[Serves]) -> ShownObjective:
    served = queries.served_by(objective, known.record, linked, known.since)
    lines = tuple(
        ShownLine(one.name, mark_safe(one.drawing), one.sentence) for one in progress.lines_of(objective, known)
    )
    passed = objective.by is not None and objective.by < clock.today(known.person.centre)
    return ShownObjective(objective, MEASURE_WORDS[objective.measure.value], lines, len(served), passed)


def known_for(person: Person, version: Version) -> progress.Known:
    """What the lines of this plan are drawn from."""
    record = evidence.record_of(person, queries.evidence_since(version.plan))
    return progress.known_of(person, version.plan.opened_at, record, queries.reviews(version.plan))


def _problems(person: Person, version: Version, reviews: list[Any]) -> tuple[ShownProblem, ...]:
    record = evidence.record_of(person, queries.evidence_since(version.plan))
    known = progress.known_of(person, version.plan.opened_at, record, reviews)
    linked = queries.links(version.plan)
    return tuple(
        ShownProblem(
            problem,
            tuple(shown_objective(one, known, linked.get(UUID(one.key), [])) for one in problem.goal.objectives),
        )
        for problem in queries.plan_of(version.content).problems
    )
