"""A person's own copy of their treatment plan: large print, their words first, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import json

import typst

from glidepath.care.planning import queries
from glidepath.clinical.planning.values import Objective, Problem
from glidepath.faces.printing.pdf import HERE, Paper, compiled, is_printable
from glidepath.faces.printing.plan_values import OwnGoal, OwnObjective, OwnPlan, plan_sheet, printable
from glidepath.record import clock
from glidepath.record.people.models import Person


def own_plan(person: Person) -> OwnPlan | None:
    """The version that counts now; None where none is signed. The person is already one the viewer may see."""
    version = queries.newest_of(person)
    if version is None:
        return None
    centre, due = person.centre, queries.due_of(person)
    return OwnPlan(
        preferred_name=person.preferred_name,
        centre_name=centre.name,
        centre_phone=centre.phone,
        crisis_line=centre.crisis_line,
        made_at=clock.local(centre, clock.now()),
        version=version.number,
        signed_by=version.recorded_by.name,
        signed_on=clock.local(centre, version.recorded_at).date(),
        agreed=version.persons_words,
        goals=tuple(_goal(problem) for problem in queries.plan_of(version.content).problems),
        next_review=due.review.on if due else None,
    )


def plan_pdf(plan: OwnPlan, *, paper: Paper) -> bytes:
    """As PDF/UA-1. Words in letters that cannot be printed are replaced by a line that says so, never left out.

    Raises PrintFault for a warning of the typesetter, typst.TypstError for a page that cannot be set.
    """
    try:
        return _set(plan, paper)
    except typst.TypstError:
        safe = printable(plan, lambda text: is_printable(text, plan.made_at))
        if safe == plan:
            raise
        return _set(safe, paper)


def _set(plan: OwnPlan, paper: Paper) -> bytes:
    data = {**plan_sheet(plan), "paper": paper.value, "region": "US" if paper is Paper.LETTER else "GB"}
    return compiled(HERE / "plan.typ", json.dumps(data), plan.made_at)


def _goal(problem: Problem) -> OwnGoal:
    return OwnGoal(problem.goal.words, problem.words, tuple(_objective(one) for one in problem.goal.objectives))


def _objective(one: Objective) -> OwnObjective:
    does = tuple((each.words, f"{each.who}, {each.how_often}") for each in one.interventions)
    return OwnObjective(one.words, one.target, one.by, does)
