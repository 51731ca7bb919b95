"""A running taper sent another way, by a switch or by other choices: the past stays, and the total does not rise."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, strategies as st

from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.plan import Shape, Step, StepState, TaperPlan
from glidepath.clinical.dosing.redirect import redirect, switch
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.revise import Revision, release
from glidepath.clinical.dosing.supply import doses_on
from glidepath.clinical.facts.load import formulary
from tests.properties.by_the_calendar import DAY, daily_mg, highest_in_fortnight
from tests.properties.how_many import examples
from tests.properties.on_any_shelf import goals, requests
from tests.properties.test_every_switch import switches
from tests.properties.test_every_taper import CEILING, _small_last_step, found


def walked(asked: TaperRequest, count: int) -> TaperPlan:
    """The plan with up to so many of its steps released, each on its day."""
    now = found(asked)
    for number in range(2, min(count, len(now.steps)) + 1):
        now = release(now, number, on=now.steps[number - 1].start).plan
    assume(now.steps)
    return now


def begun(plan: TaperPlan, on: dt.date, at: dt.time) -> list[Step]:
    return [s for s in plan.steps if s.state is StepState.RELEASED and (s.start, s.from_time or dt.time.min) < (on, at)]


def the_past_stays(before: TaperPlan, turned: Revision, on: dt.date, at: dt.time) -> list[Step]:
    """Every step that had begun stands as it was, day by day; nothing of the new way lies before it. Returns them."""
    past = begun(before, on, at)
    after = turned.plan.steps
    assert list(after[: len(past)]) == past
    for number in range((on - before.start).days):
        assert doses_on(after, before.start + number * DAY) == doses_on(past, before.start + number * DAY)
    assert all(step.start > on and step.state is StepState.PROJECTED for step in after[len(past) :])
    assert [step.number for step in after] == [*range(1, len(after) + 1)]
    return past


@examples(60)
@given(switches(), st.integers(1, 4), st.integers(0, 30), st.times())
def test_a_switch_in_the_middle_leaves_what_was_given_and_never_raises_the_total(
    asked: TaperRequest, steps: int, later: int, at: dt.time
) -> None:
    before = walked(replace(asked, switch_to=None, exchange=(), switch_every_days=None), steps)
    begins = max(step.start for step in before.steps if step.state is StepState.RELEASED)
    on = begins + (later + 1) * DAY
    try:
        turned = switch(before, on=on, at=at, to="diazepam", request=asked, formulary=formulary())
    except PlanError:
        return  # nothing left to exchange, or no figure: nothing was changed
    past = the_past_stays(before, turned, on, at)
    (name,) = asked.regimen.daily()
    table = turned.plan.table
    assert table is not None
    per_mg = 10 / Fraction(formulary().find(name).usable_equivalents()[table].high)
    ahead = turned.plan.steps[len(past) - 1 :]
    totals = [daily_mg(step, name) * per_mg + daily_mg(step, "diazepam") for step in ahead]
    assert all(after <= earlier for earlier, after in itertools.pairwise(totals))
    exchanging = [step for step in ahead if daily_mg(step, name) > 0]
    for one, other in itertools.pairwise(exchanging):
        assert sum(d.dose.medicine == name for d in one.doses) - sum(d.dose.medicine == name for d in other.doses) == 1


@st.composite
def other_ways(draw: st.DrawFn) -> tuple[TaperRequest, TaperRequest]:
    """A taper of one medicine, and other choices for what remains of it."""
    asked = draw(requests())
    (name,) = asked.regimen.daily()
    times = draw(st.sampled_from([(), (dt.time(8), dt.time(22)), (dt.time(21),)]))
    other = replace(
        asked,
        cut=draw(st.sampled_from([Fraction(n, 100) for n in (3, 5, 10, 25)])),
        interval_days=draw(st.sampled_from([7, 14, 21])),
        goal=draw(goals(name, asked.products)),
        shape=draw(st.sampled_from([Shape.PROPORTIONAL, Shape.LINEAR])),
        times=times,
    )
    return asked, other


@examples(120)
@given(other_ways(), st.integers(1, 4), st.integers(0, 30), st.times())
def test_other_choices_in_the_middle_leave_what_was_given_and_keep_every_limit(
    ways: tuple[TaperRequest, TaperRequest], steps: int, later: int, at: dt.time
) -> None:
    asked, other = ways
    before = walked(asked, steps)
    on = max(step.start for step in before.steps if step.state is StepState.RELEASED) + (later + 1) * DAY
    try:
        turned = redirect(before, on=on, at=at, request=other, formulary=formulary())
    except PlanError:
        return  # at zero already, or the goal lies above the present dose
    past = the_past_stays(before, turned, on, at)
    (name,) = asked.regimen.daily()
    after = turned.plan.steps
    for number in range(len(past), len(after)):
        was, now = daily_mg(after[number - 1], name), daily_mg(after[number], name)
        assert now < was
        highest = highest_in_fortnight(after, number, name)
        assert highest - now <= CEILING * highest or _small_last_step(was, now, name)
    if turned.plan.complete:
        assert daily_mg(after[-1], name) == sum((dose.exact for dose in other.goal.kept), Fraction(0))
