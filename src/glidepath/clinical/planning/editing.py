"""A draft changed by one tap: a problem put in where its kind stands, an objective or an intervention added with its
words, a part taken out. Each gives a new plan; the one before stays as it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

from glidepath.clinical.facts.load import plan_templates
from glidepath.clinical.planning.from_template import NewKey, intervention_from, objective_from
from glidepath.clinical.planning.values import CarePlan, Objective, Problem, ProblemKind

_ORDER = {kind: place for place, kind in enumerate(ProblemKind)}


def with_problem(plan: CarePlan, problem: Problem) -> CarePlan:
    """The plan with one more problem, at its place: safety before sleep, mood and the taper."""
    problems = sorted((*plan.problems, problem), key=lambda one: _ORDER[one.kind])
    return replace(plan, problems=tuple(problems))


def with_objective(plan: CarePlan, problem_key: str, *, name: str, today: dt.date, new_key: NewKey) -> CarePlan:
    """One more objective of that problem, from its template: the first that the problem does not have yet."""

    def added(problem: Problem) -> Problem:
        templates = plan_templates().problems[problem.kind].objectives
        had = [one.words for one in problem.goal.objectives]
        made = [objective_from(one, name=name, today=today, new_key=new_key) for one in templates]
        chosen = next((one for one in made if one.words not in had), made[0])
        return replace(problem, goal=replace(problem.goal, objectives=(*problem.goal.objectives, chosen)))

    return _with(plan, lambda problem: added(problem) if problem.key == problem_key else problem)


def with_intervention(plan: CarePlan, objective_key: str, *, name: str, new_key: NewKey) -> CarePlan:
    """One more intervention of that objective, from the templates of its problem: the first it does not have yet."""

    def added(objective: Objective, kind: ProblemKind) -> Objective:
        templates = [one for each in plan_templates().problems[kind].objectives for one in each.interventions]
        had = [one.words for one in objective.interventions]
        made = [intervention_from(one, name=name, new_key=new_key) for one in templates]
        chosen = next((one for one in made if one.words not in had), made[0])
        return replace(objective, interventions=(*objective.interventions, chosen))

    return _with_objectives(plan, lambda one, problem: added(one, problem.kind) if one.key == objective_key else one)


def without(plan: CarePlan, key: str) -> CarePlan:
    """The plan without the part of this key: a problem with all it holds, an objective, or an intervention."""
    kept = replace(plan, problems=tuple(one for one in plan.problems if one.key != key))
    return _with_objectives(kept, lambda one, _: _without_interventions(one, key), but=key)


def _without_interventions(one: Objective, key: str) -> Objective:
    return replace(one, interventions=tuple(each for each in one.interventions if each.key != key))


def _with(plan: CarePlan, change: Callable[[Problem], Problem]) -> CarePlan:
    return replace(plan, problems=tuple(change(one) for one in plan.problems))


def _with_objectives(plan: CarePlan, change: Callable[[Objective, Problem], Objective], *, but: str = "") -> CarePlan:
    def changed(problem: Problem) -> Problem:
        kept = tuple(change(one, problem) for one in problem.goal.objectives if one.key != but)
        return replace(problem, goal=replace(problem.goal, objectives=kept))

    return _with(plan, changed)
