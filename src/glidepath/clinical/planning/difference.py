"""What one version changes of the one before, part by part, in words that stand beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from glidepath.clinical.planning.values import CarePlan, Intervention, Objective, Problem

Words = dict[str, str]  # a part's fields by label


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of one part. An empty side: it was not there, or is not there any more."""

    label: str
    before: str
    after: str


def difference(before: CarePlan, after: CarePlan) -> tuple[Changed, ...]:
    """Every field that differs, in the order of the new plan, then what was taken out. Empty: the same plan.

    Parts are told apart by their keys, so that a part with other words is a change and not a loss and a gain.
    """
    old, new = _parts(before), _parts(after)
    found = [changed for key, part in new.items() for changed in _fields(old.get(key, {}), part)]
    found += [changed for key, part in old.items() if key not in new for changed in _fields(part, {})]
    return tuple(found)


def _fields(before: Words, after: Words) -> Iterator[Changed]:
    for label in {**after, **before}:
        was, now = before.get(label, ""), after.get(label, "")
        if was != now:
            yield Changed(label, was, now)


def _parts(plan: CarePlan) -> dict[str, Words]:
    """Each part's fields by its key, in the order of the plan."""
    found: dict[str, Words] = {}
    for problem in plan.problems:
        found[problem.key] = _of_problem(problem)
        for objective in problem.goal.objectives:
            found[objective.key] = _of_objective(objective)
            found |= {one.key: _of_intervention(one) for one in objective.interventions}
    return found


def _of_problem(one: Problem) -> Words:
    return {"Problem": one.words, "Goal": one.goal.words}


def _of_objective(one: Objective) -> Words:
    return {
        "Objective": one.words,
        "Measure": one.measure.value.replace("_", " "),
        "Target": one.target,
        "By": f"{one.by:%-d %b %Y}" if one.by else "",
        "Who": one.who,
    }


def _of_intervention(one: Intervention) -> Words:
    return {"What is done": f"{one.kind.value}: {one.words}", "By whom": one.who, "How often": one.how_often}
