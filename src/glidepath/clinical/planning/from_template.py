"""A proposed problem with its template filled in for one person: nobody begins with an empty page. Only the goal is
left open, because it is the person's to say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from glidepath.clinical.facts.load import plan_templates
from glidepath.clinical.facts.plan_templates import InterventionTemplate, ObjectiveTemplate, ProblemKind
from glidepath.clinical.planning.proposing import Proposed
from glidepath.clinical.planning.values import Goal, Intervention, Objective, Problem

NewKey = Callable[[], str]


def problem_from(proposed: Proposed, *, name: str, today: dt.date, new_key: NewKey) -> Problem:
    """The problem with every objective of its template. name: the preferred name. today: the centre's calendar day."""
    template = plan_templates().problems[proposed.kind]
    objectives = tuple(objective_from(one, name=name, today=today, new_key=new_key) for one in template.objectives)
    because = tuple(str(one) for one in proposed.because)
    return Problem(new_key(), proposed.kind, template.title, Goal("", objectives), because)


def objective_from(template: ObjectiveTemplate, *, name: str, today: dt.date, new_key: NewKey) -> Objective:
    return Objective(
        key=new_key(),
        words=_about(template.words, name),
        measure=template.measure,
        target=_about(template.target, name),
        by=today + dt.timedelta(days=template.by_days),
        who=template.who,
        interventions=tuple(intervention_from(one, name=name, new_key=new_key) for one in template.interventions),
        basis=template.basis,
    )


def intervention_from(template: InterventionTemplate, *, name: str, new_key: NewKey) -> Intervention:
    words, often = _about(template.words, name), _about(template.how_often, name)
    return Intervention(new_key(), template.kind, words, template.who, often, template.basis)


def question_of_goal(kind: ProblemKind, name: str) -> str:
    """What leads to the goal in the person's words."""
    return _about(plan_templates().problems[kind].asks, name)


def _about(words: str, name: str) -> str:
    return words.replace("{name}", name)
