"""A plan as plain lists and texts, as a row keeps it, and back: what was signed is read exactly as it was signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from glidepath.clinical.planning.values import (
    CarePlan,
    Goal,
    Intervention,
    InterventionKind,
    Measure,
    Objective,
    Problem,
    ProblemKind,
)

Plain = dict[str, Any]


def as_plain(plan: CarePlan) -> Plain:
    """Everything of the plan; `from_plain` gives the same plan back."""
    return {"problems": [_problem(one) for one in plan.problems]}


def from_plain(kept: Mapping[str, Any]) -> CarePlan:
    """The plan a row keeps. Raises KeyError or ValueError for what no `as_plain` wrote."""
    return CarePlan(tuple(_read_problem(one) for one in kept.get("problems", ())))


def digest(plan: CarePlan, *about: str) -> str:
    """What was shown and signed, as one hash: the plan, and what else stood beside the signature."""
    content = [as_plain(plan), *about]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _problem(one: Problem) -> Plain:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "words": one.words,
        "because": list(one.because),
        "goal": one.goal.words,
        "objectives": [_objective(objective) for objective in one.goal.objectives],
    }


def _objective(one: Objective) -> Plain:
    return {
        "key": one.key,
        "words": one.words,
        "measure": one.measure.value,
        "target": one.target,
        "by": one.by.isoformat() if one.by else None,
        "who": one.who,
        "basis": one.basis,
        "interventions": [_intervention(each) for each in one.interventions],
    }


def _intervention(one: Intervention) -> Plain:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "words": one.words,
        "who": one.who,
        "how_often": one.how_often,
        "basis": one.basis,
    }


def _read_problem(kept: Mapping[str, Any]) -> Problem:
    objectives: Sequence[Mapping[str, Any]] = kept["objectives"]
    return Problem(
        key=kept["key"],
        kind=ProblemKind(kept["kind"]),
        words=kept["words"],
        goal=Goal(kept["goal"], tuple(_read_objective(one) for one in objectives)),
        because=tuple(kept["because"]),
    )


def _read_objective(kept: Mapping[str, Any]) -> Objective:
    return Objective(
        key=kept["key"],
        words=kept["words"],
        measure=Measure(kept["measure"]),
        target=kept["target"],
        by=dt.date.fromisoformat(kept["by"]) if kept["by"] else None,
        who=kept["who"],
        interventions=tuple(_read_intervention(one) for one in kept["interventions"]),
        basis=kept["basis"],
    )


def _read_intervention(kept: Mapping[str, Any]) -> Intervention:
    return Intervention(
        key=kept["key"],
        kind=InterventionKind(kept["kind"]),
        words=kept["words"],
        who=kept["who"],
        how_often=kept["how_often"],
        basis=kept["basis"],
    )
