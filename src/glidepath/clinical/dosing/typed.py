"""A taper as a prescriber typed it, step by step: made exactly, kept as typed, and judged by the guideline's rules.

A typed step is not turned away for being steep: its real ratios are worked out and the rules speak (JCG-6c and the
others). It is turned away where no product makes it, because then it cannot be given.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing.blocking import not_made
from glidepath.clinical.dosing.course import Course
from glidepath.clinical.dosing.errors import CannotBeMade, PlanError
from glidepath.clinical.dosing.plan import Blocked, PlannedDose
from glidepath.clinical.dosing.request import TaperRequest, TypedStep, kept
from glidepath.clinical.facts.formulary import Formulary

NOT_AT_THE_GOAL = "GP-GOAL"  # ours: typed steps that end above, or beside, the goal


def follow(course: Course, request: TaperRequest, formulary: Formulary) -> Blocked | None:
    """Add the typed steps to the course; what stops them, where a dose cannot be made or the goal is not reached.

    Raises PlanError for steps out of order.
    """
    steps = _after_the_first(course, request)
    for number, step in enumerate(steps, start=2):
        if step.start <= course.day:
            raise PlanError(
                f"Typed step {number} begins on {step.start:%d %b %Y}, not after the step before it "
                f"({course.day:%d %b %Y}). Write the steps in order of their days."
            )
        try:
            doses = course.made(step.doses)
        except CannotBeMade as problem:
            return not_made(problem, step=number, formulary=formulary)
        course.add(step.start, doses, from_time=step.from_time)
    return _at_the_goal(course, request)


def _after_the_first(course: Course, request: TaperRequest) -> tuple[TypedStep, ...]:
    """The typed steps without the present dose, when that was typed too."""
    first = request.typed[0]
    if first.start != request.start:
        return request.typed
    if sorted(map(_plainly, first.doses)) != sorted(map(_plainly, course.doses)):
        raise PlanError(
            f"The step typed for {first.start:%d %b %Y} is not the present dose. The first step has no cut: type the "
            "present dose for that day, or give the step a later day."
        )
    return request.typed[1:]


def _plainly(planned: PlannedDose) -> tuple[str, dt.time, Decimal]:
    return planned.dose.medicine, planned.time, planned.dose.mg


def _at_the_goal(course: Course, request: TaperRequest) -> Blocked | None:
    daily = course.daily()
    for medicine in request.cut_order:
        goal, ends = kept(request.goal, medicine), daily.get(medicine, Dose.from_ng(0, medicine))
        if ends.mg != goal.mg:
            return Blocked(
                NOT_AT_THE_GOAL,
                (ends,),
                f"The typed steps end at {ends} a day; the goal is {plain(goal.mg)} mg.",
                f"Type the steps from {plain(ends.mg)} mg on, or make {ends} the dose that stays.",
            )
    return None
