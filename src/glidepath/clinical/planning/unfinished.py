"""What a draft lacks before it can be signed (the pathway's hard rules: no empty goal, a measurable objective, a named
one, a date)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from glidepath.clinical.planning.values import CarePlan, Intervention, Objective, Problem


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing to mend: the key of the part, the field of it, and what to do, in words."""

    key: str
    field: str
    words: str


def lacking(plan: CarePlan, *, today: dt.date) -> tuple[Lack, ...]:
    """Everything the plan lacks, in its order; empty: it can be signed. today: the centre's calendar day."""
    if not plan.problems:
        return (Lack("", "", "The plan has no problem yet: add one."),)
    return tuple(lack for problem in plan.problems for lack in _of_problem(problem, today))


def _of_problem(problem: Problem, today: dt.date) -> Iterator[Lack]:
    about = problem.words.strip() or problem.kind.value
    if not problem.words.strip():
        yield Lack(problem.key, "words", "A problem has no words: say what it is.")
    if not problem.goal.words.strip():
        yield Lack(problem.key, "goal", f"{about}: the goal is empty. Ask, and write down the person’s own words.")
    if not problem.goal.objectives:
        yield Lack(problem.key, "objectives", f"{about}: there is no objective. Add one, or take the problem out.")
    for objective in problem.goal.objectives:
        yield from _of_objective(objective, about, today)


def _of_objective(one: Objective, about: str, today: dt.date) -> Iterator[Lack]:
    for field, value, what in (
        ("words", one.words, "what will be different"),
        ("target", one.target, "the target"),
        ("who", one.who, "who sees to it"),
    ):
        if not value.strip():
            yield Lack(one.key, field, f"{about}: an objective lacks {what}.")
    if one.by is None:
        yield Lack(one.key, "by", f"{about}: an objective lacks its date.")
    elif one.by < today:
        yield Lack(one.key, "by", f"{about}: {one.by:%-d %b %Y} has passed. Give the objective a new date.")
    if not one.interventions:
        yield Lack(one.key, "interventions", f"{about}: nothing is done for an objective. Add who does what.")
    for intervention in one.interventions:
        yield from _of_intervention(intervention, about)


def _of_intervention(one: Intervention, about: str) -> Iterator[Lack]:
    for field, value, what in (
        ("words", one.words, "what is done"),
        ("who", one.who, "who does it"),
        ("how_often", one.how_often, "how often"),
    ):
        if not value.strip():
            yield Lack(one.key, field, f"{about}: an intervention does not say {what}.")
