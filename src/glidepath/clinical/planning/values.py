"""A treatment plan as values: problem, goal in the person's words, objectives, interventions; and what a review says.

Every part has a key that it keeps from version to version, so that what served an objective still does after the plan
was changed. A draft may be unfinished; `unfinished.py` says what it lacks before it can be signed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from glidepath.clinical.facts.plan_templates import InterventionKind, Measure, ProblemKind

__all__ = [
    "CarePlan",
    "Goal",
    "Intervention",
    "InterventionKind",
    "Measure",
    "Objective",
    "Problem",
    "ProblemKind",
    "Progress",
    "Review",
]


@dataclass(frozen=True, slots=True)
class Intervention:
    """What is done for an objective, by whom and how often. `basis`: where the line came from when it was added."""

    key: str
    kind: InterventionKind
    words: str
    who: str
    how_often: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Objective:
    """What will be different, so that two people would agree whether it is. `by`: None while a draft has no date."""

    key: str
    words: str
    measure: Measure
    target: str
    by: dt.date | None
    who: str
    interventions: tuple[Intervention, ...] = ()
    basis: str = ""

    def has(self, kind: InterventionKind) -> bool:
        """Whether one of its interventions is of this kind."""
        return any(one.kind is kind for one in self.interventions)


@dataclass(frozen=True, slots=True)
class Goal:
    """What the person wants of it, in their own words; never rewritten by anybody."""

    words: str
    objectives: tuple[Objective, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in the way. `because`: the facts and rules that proposed it, each in words; empty: added by hand."""

    key: str
    kind: ProblemKind
    words: str
    goal: Goal
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CarePlan:
    """The whole plan, problems in the order in which they are seen to."""

    problems: tuple[Problem, ...] = ()

    def objectives(self) -> Iterator[tuple[Problem, Objective]]:
        """Every objective with its problem, in the order of the plan."""
        return ((problem, objective) for problem in self.problems for objective in problem.goal.objectives)

    def objective(self, key: str) -> tuple[Problem, Objective] | None:
        """The objective of this key with its problem; None where the plan has none."""
        return next((found for found in self.objectives() if found[1].key == key), None)


class Progress(StrEnum):
    """How an objective stands at a review, in the team's and the person's joint view."""

    REACHED = "reached"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"  # a reason to change the plan, never a verdict
    NOT_LOOKED_AT = "not_looked_at"


@dataclass(frozen=True, slots=True)
class Review:
    """One look at the plan. `progress`: by objective key. `persons_view`: in the person's words; never empty."""

    on: dt.date
    progress: Mapping[str, Progress]
    persons_view: str
    words: str = ""
