"""A plan revised at any moment, in any way, more than once: what began before stays, what follows keeps the limits."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from hypothesis import assume, given, strategies as st

from glidepath.clinical.dosing.errors import RevisionError
from glidepath.clinical.dosing.plan import Step, StepState, TaperPlan
from glidepath.clinical.dosing.revise import Pace, Revision, hold, release, resume, slow, step_back
from glidepath.clinical.dosing.supply import doses_on
from glidepath.clinical.dosing.taper import TaperRequest, plan
from glidepath.clinical.facts.load import formulary
from tests.properties.by_the_calendar import DAY, daily_mg, highest_in_fortnight
from tests.properties.how_many import examples
from tests.properties.on_any_shelf import requests
from tests.properties.test_every_taper import CEILING, _small_last_step, found

TURNS = st.sampled_from(["hold", "resume", "slow", "step back", "release", "release", "release"])


def turned(before: TaperPlan, how: str, on: dt.date, at: dt.time, asked: TaperRequest) -> Revision:
    gentler = Pace(asked.cut / 2, asked.interval_days + 7)
    if how == "hold":
        return hold(before, on=on, at=at)
    if how == "release":
        waiting = [step.number for step in before.steps if step.state is StepState.PROJECTED]
        if not waiting:
            raise RevisionError("every step is released")
        return release(before, waiting[0], on=on)
    if how == "slow":
        return slow(before, on=on, at=at, request=asked, formulary=formulary(), pace=gentler)
    turn = resume if how == "resume" else step_back
    return turn(before, on=on, at=at, request=asked, formulary=formulary(), pace=gentler)


def begun(found_plan: TaperPlan, on: dt.date, at: dt.time) -> list[Step]:
    """The steps somebody has had doses of: released, and begun before the moment of the change."""
    return [
        step
        for step in found_plan.steps
        if step.state is StepState.RELEASED and (step.start, step.from_time or dt.time.min) < (on, at)
    ]


@examples(200)
@given(requests(), st.lists(st.tuples(TURNS, st.integers(0, 25), st.times()), min_size=1, max_size=6))
def test_what_was_given_stays_and_what_follows_keeps_every_limit(
    asked: TaperRequest, turns: list[tuple[str, int, dt.time]]
) -> None:
    now, day = found(asked), asked.start + DAY
    assume(now.steps)
    (name,) = asked.regimen.daily()
    for how, later, at in turns:
        day += later * DAY
        past = begun(now, day, at)
        given_doses = [doses_on(now.steps[: len(past)], asked.start + n * DAY) for n in range((day - asked.start).days)]
        try:
            revised = turned(now, how, day, at, asked).plan
        except RevisionError:
            continue  # refused: nothing was changed
        assert list(revised.steps[: len(past)]) == past
        kept = [doses_on(revised.steps[: len(past)], asked.start + n * DAY) for n in range((day - asked.start).days)]
        assert kept == given_doses
        _follows_the_rules(revised, len(past), name)
        assert all(step.start >= day for step in revised.steps[len(past) :])
        now = revised


def _follows_the_rules(revised: TaperPlan, past: int, name: str) -> None:
    steps = revised.steps
    assert [step.number for step in steps] == [*range(1, len(steps) + 1)]
    for number in range(max(1, past), len(steps)):
        before, after = daily_mg(steps[number - 1], name), daily_mg(steps[number], name)
        assert (steps[number].start, steps[number].from_time or dt.time.min) > (
            steps[number - 1].start,
            steps[number - 1].from_time or dt.time.min,
        )
        if after >= before:
            assert steps[number].state is StepState.RELEASED  # only a step back rises, and a prescriber released it
            continue
        highest = highest_in_fortnight(steps, number, name)
        assert highest - after <= CEILING * highest or _small_last_step(before, after, name)


@examples(60)
@given(requests(), st.integers(1, 60), st.times())
def test_a_hold_and_nothing_else_leaves_the_same_dose_for_ever(asked: TaperRequest, later: int, at: dt.time) -> None:
    first = plan(asked, formulary=formulary()) if not asked.goal.kept else found(asked)
    assume(first.steps)
    held = hold(first, on=asked.start + later * DAY, at=at).plan
    assert held.steps == first.steps[:1]
    assert doses_on(held.steps, asked.start + 400 * DAY) == first.steps[0].doses


@examples(60)
@given(requests(), st.integers(1, 60))
def test_slowing_never_ends_a_taper_sooner(asked: TaperRequest, later: int) -> None:
    before = found(asked)
    assume(before.complete)
    gentler = Pace(asked.cut * Fraction(2, 3), asked.interval_days)
    revision = slow(
        before, on=asked.start + later * DAY, at=dt.time(12), request=asked, formulary=formulary(), pace=gentler
    )
    ends = revision.difference
    assert ends.end_before is not None
    assert ends.end_after is None or ends.end_after >= ends.end_before
