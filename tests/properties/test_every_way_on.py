"""Ways down that somebody drew, and ways on from a plan that is blocked: the limits hold there too."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, strategies as st

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.alternatives import Way, alternatives
from glidepath.clinical.dosing.plan import Goal, Kind, Product, Shape, TaperPlan
from glidepath.clinical.dosing.request import Milestone, TaperRequest
from glidepath.clinical.dosing.taper import plan
from glidepath.clinical.facts.load import formulary
from tests.properties.by_the_calendar import DAY, daily_mg, highest_in_fortnight
from tests.properties.how_many import examples
from tests.properties.on_any_shelf import GRADUATIONS, START, requests
from tests.properties.test_every_taper import CEILING, _small_last_step, found

WAYS = st.lists(st.tuples(st.integers(1, 200), st.integers(0, 20)), max_size=4, unique_by=lambda point: point[0])


def drawn(asked: TaperRequest, points: list[tuple[int, int]]) -> TaperRequest:
    """Milestones at some days, twentieths of the present dose, falling, and the goal at last."""
    ((name, present),) = asked.regimen.daily().items()
    goal = asked.goal.kept[0] if asked.goal.kept else Dose.from_ng(0, name)
    assume(goal <= present)
    days, shares = sorted(day for day, _ in points), sorted((share for _, share in points), reverse=True)
    falling = [
        Milestone(START + day * DAY, Dose.from_ng(max(goal.ng, present.ng * share // 20), name))
        for day, share in zip(days, shares, strict=True)
    ]
    last = Milestone(START + (days[-1] if days else 0) * DAY + 30 * DAY, goal)
    return replace(asked, shape=Shape.DRAWN, milestones=(*falling, last))


def on_the_line(asked: TaperRequest, day: dt.date) -> Fraction:
    """What the curve says on a day, drawn with a ruler: the segment between the milestones around it."""
    (present,) = asked.regimen.daily().values()
    points = [(START, Fraction(present.mg)), *((one.on, Fraction(one.daily.mg)) for one in asked.milestones)]
    after = next((index for index, (on, _) in enumerate(points) if on > day), None)
    if after is None:
        return points[-1][1]
    (before, high), (later, low) = points[after - 1], points[after]
    return high + (low - high) * (day - before).days / (later - before).days


@examples(150)
@given(requests(), WAYS)
def test_a_drawn_way_is_never_below_its_curve_and_keeps_the_ceiling(
    asked: TaperRequest, points: list[tuple[int, int]]
) -> None:
    asked = drawn(asked, points)
    plan_found = found(asked)
    (name,) = asked.regimen.daily()
    keeps_the_ceiling(plan_found, name)
    for step in plan_found.steps[1:]:
        assert daily_mg(step, name) >= on_the_line(asked, step.start)


def keeps_the_ceiling(plan_found: TaperPlan, name: str, waived: frozenset[Fraction] = frozenset()) -> None:
    for number in range(1, len(plan_found.steps)):
        before, after = daily_mg(plan_found.steps[number - 1], name), daily_mg(plan_found.steps[number], name)
        highest = highest_in_fortnight(plan_found.steps, number, name)
        assert after < before
        assert highest - after <= CEILING * highest or _small_last_step(before, after, name) or before in waived


def marketed(name: str) -> tuple[Product, ...]:
    """Everything that is sold of a medicine, solids whole."""
    return tuple(
        Product(name, mg, form.form, form.kind, GRADUATIONS[0] if form.kind is Kind.LIQUID else Fraction(1), "sold")
        for form in formulary().find(name).forms
        for mg in form.strengths_mg
    )


@examples(100)
@given(requests())
def test_every_way_on_leads_further_and_only_an_override_passes_the_ceiling(asked: TaperRequest) -> None:
    blocked = found(asked)
    assume(blocked.blocked is not None)
    (name,) = asked.regimen.daily()
    ways = alternatives(asked, blocked, formulary=formulary(), marketed=marketed(name))
    ended = daily_mg(blocked.steps[-1], name)
    for way in ways:
        assert plan(way.request, formulary=formulary()) == way.plan
        waived = frozenset(Fraction(dose.mg) for dose in way.request.over_ceiling)
        assert bool(waived) == (way.kind is Way.OVERRIDE)
        keeps_the_ceiling(way.plan, name, waived)
        if way.kind is Way.KEPT_DOSE:
            assert way.plan.complete
            assert daily_mg(way.plan.steps[-1], name) == ended
        else:
            assert daily_mg(way.plan.steps[-1], name) < ended
    if asked.goal == Goal() and blocked.blocked is not None and blocked.blocked.code == "JCG-6c":
        assert next(way for way in ways if way.kind is Way.OVERRIDE).plan.complete
