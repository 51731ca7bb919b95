"""The line that a prescriber drew, in mg of diazepam a day, to stand beside the doses that are made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from glidepath.clinical.amounts import plain, rounded
from glidepath.clinical.dosing import plan as core
from glidepath.clinical.dosing.request import Milestone

Point = tuple[int, Fraction]  # days since the plan's first day, and mg
Line = Sequence[Point]


def drawn_line(plan: core.TaperPlan, milestones: Sequence[Milestone], per_mg: Mapping[str, Fraction]) -> Line:
    """The points of the line at the total of every medicine; empty where no drawn medicine has a figure or falls.

    per_mg: mg of diazepam by medicine; one without a figure adds nothing, as in the dose line.
    """
    own = {name: line for name in sorted(per_mg) if (line := _of(plan, milestones, name))}
    days = sorted({day for line in own.values() for day, _ in line})
    return tuple((day, sum((_on(plan, own, name, day) * per_mg[name] for name in per_mg), Fraction(0))) for day in days)


def asked_on(line: Line, day: int) -> str:
    """What the line asks for on a day, to a tenth of a mg; empty before it begins, its end after it."""
    if not line or day < line[0][0]:
        return ""
    return plain(rounded(_between(line, day), 1))


def _of(plan: core.TaperPlan, milestones: Sequence[Milestone], name: str) -> Line:
    """Of one medicine: from the step after which it first falls, through its milestones."""
    begin = _leads_from(plan, name)
    own = [((one.on - plan.steps[0].start).days, one.daily.exact) for one in milestones if one.daily.medicine == name]
    if begin is None or not own:
        return ()
    return (begin, *sorted(point for point in own if point[0] > begin[0]))


def _leads_from(plan: core.TaperPlan, name: str) -> Point | None:
    """Where the fall of a medicine begins: its last step before it, not before the last that was released."""
    released = max((step.number for step in plan.steps if step.state is core.StepState.RELEASED), default=1)
    for before, after in pairwise(plan.steps):
        if before.number >= released and _mg(after, name) < _mg(before, name):
            return (before.start - plan.steps[0].start).days, _mg(before, name)
    return None


def _on(plan: core.TaperPlan, own: Mapping[str, Line], name: str, day: int) -> Fraction:
    line = own.get(name)
    if line is not None and day >= line[0][0]:
        return _between(line, day)
    begun = [step for step in plan.steps if (step.start - plan.steps[0].start).days <= day]
    return _mg(begun[-1], name)


def _between(line: Line, day: int) -> Fraction:
    for (before, high), (after, low) in pairwise(line):
        if before <= day < after:
            return high - (high - low) * Fraction(day - before, after - before)
    return line[-1][1]


def _mg(step: core.Step, name: str) -> Fraction:
    dose = step.daily().get(name)
    return Fraction(0) if dose is None else dose.exact
