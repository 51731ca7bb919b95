"""Short ways for the tests of this room: a plan made from templates, drafted and signed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from glidepath.care.planning import queries, services
from glidepath.care.planning.models import Version
from glidepath.clinical.planning.from_template import problem_from
from glidepath.clinical.planning.proposing import of_kind
from glidepath.clinical.planning.values import CarePlan, Objective, Problem, ProblemKind, Progress
from glidepath.record import clock
from tests.cast import proof

AGREED = services.Agreed(Version.Agreement.ALOUD, "said: that is what I want")
GOAL = "to wake up and not dread the night"


def a_problem(person, kind: ProblemKind = ProblemKind.SLEEP, goal: str = GOAL) -> Problem:
    today = clock.today(person.centre)
    made = problem_from(of_kind((), kind), name=person.preferred_name, today=today, new_key=lambda: str(uuid4()))
    return replace(made, goal=replace(made.goal, words=goal))


def a_plan(person, *kinds: ProblemKind) -> CarePlan:
    return CarePlan(tuple(a_problem(person, kind) for kind in kinds or (ProblemKind.SLEEP,)))


def seen(person) -> int:
    return queries.seen_of(person, queries.draft_row(person))


def draft(person, by, plan: CarePlan | None = None, **more: Any):
    given = {"seen": seen(person)} | more
    return services.write_draft(person=person, plan=plan or a_plan(person), by=by, **given)


def sign(person, by, plan: CarePlan | None = None, **more: Any) -> Version:
    """Drafts `plan` and signs it."""
    draft(person, by, plan)
    given = {"seen": seen(person), "agreed": AGREED, "proof": proof(by)} | more
    return services.sign_plan(person=person, by=by, **given)


def first_objective(version: Version) -> Objective:
    return next(queries.plan_of(version.content).objectives())[1]


def review(person, by, version: Version, **more: Any):
    keys = [objective.key for _, objective in queries.plan_of(version.content).objectives()]
    given = {
        "progress": dict.fromkeys(keys, Progress.BETTER), "persons_view": "I sleep a little longer",
        "seen": version.number,
    } | more  # fmt: skip
    return services.record_review(person=person, by=by, **given)
