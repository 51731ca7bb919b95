"""A taper that stops and turns: release, hold, resume, slow, step back, other doses. Another way on: redirect.py.

A change takes effect from a named day and dose time. What began before stays as it was, step for step; earlier doses
of that day stay with the old step, and for the ceiling that day counts by the higher dose. What follows is planned
anew by the same exact search, with everything that was in force counted. Nothing here makes a plan faster: a later
pace that is not slower is said in a finding (JCG-11p), a return to a higher dose in another (TPR-7).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from glidepath.clinical.amounts import plain, rounded
from glidepath.clinical.dosing.errors import RevisionError
from glidepath.clinical.dosing.plan import PlannedDose, Product, Shape, Step, StepState, TaperPlan
from glidepath.clinical.dosing.ratios import exchanged, history_of
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.supply import supply_needed
from glidepath.clinical.dosing.tablets import made_dose
from glidepath.clinical.dosing.taper import plan as plan_taper
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.facts.load import rule
from glidepath.clinical.findings import Finding
from glidepath.clinical.regimen import Regimen

SUPPLY_DAYS = 28  # the days ahead for which the difference shows what is needed


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step as it was and as it is: None where there was, or is, none. `number` counts in its own plan."""

    number: int
    before: Step | None
    after: Step | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What a revision changes. Ends are the day of the last step; None when the plan does not reach its goal.

    Needed: pieces (or mL) of each product for the `supply_days` days from the change on, before and after it.
    """

    steps: tuple[StepChange, ...]
    end_before: dt.date | None
    end_after: dt.date | None
    supply_days: int
    needed_before: Mapping[Product, Fraction]
    needed_after: Mapping[Product, Fraction]


@dataclass(frozen=True, slots=True)
class Revision:
    plan: TaperPlan
    difference: Difference
    findings: tuple[Finding, ...] = ()
    asked: TaperRequest | None = None  # what the way on was planned from; None where nothing was planned anew


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast: a share of the present dose (or, linear, of the first), every so many days."""

    cut: Fraction
    interval_days: int

    def is_slower_than(self, other: Pace) -> bool:
        """Smaller cuts no more often, or the same cuts less often."""
        if self.cut > other.cut or self.interval_days < other.interval_days:
            return False
        return (self.cut, self.interval_days) != (other.cut, other.interval_days)


def slower(pace: Pace) -> Pace:
    """What is proposed after a pause, where nobody chooses: half the cut, as often. Ours; the guideline says slower."""
    return Pace(pace.cut / 2, pace.interval_days)


def slower_paces(pace: Pace) -> tuple[Pace, ...]:
    """What is offered side by side, the proposed one first: half the cut, half as often, or both. Ours."""
    seldom = 2 * pace.interval_days
    return slower(pace), Pace(pace.cut, seldom), Pace(pace.cut / 2, seldom)


def in_force(plan: TaperPlan, on: dt.date, at: dt.time) -> Step:
    """The released step that holds just before a moment, so that a change then begins from it.

    Projected steps never begin by themselves. Raises RevisionError before the plan starts.
    """
    before = [step for step in plan.steps if step.state is StepState.RELEASED and _begins(step) < (on, at)]
    if not before and plan.steps and _begins(plan.steps[0]) == (on, at):
        return plan.steps[0]
    if not before:
        raise RevisionError(
            f"The plan starts on {plan.start:%d %b %Y}. Choose a moment after that, not {on:%d %b %Y} {at:%H:%M}."
        )
    return before[-1]


def release(plan: TaperPlan, number: int, *, on: dt.date) -> Revision:
    """The next step released by a prescriber on a day. Where its day has passed it begins that day, and the steps
    after it move by as much: nothing comes sooner after the last cut than was planned."""
    waiting = [step for step in plan.steps if step.state is StepState.PROJECTED]
    if plan.on_hold:
        raise RevisionError("The taper is on hold. Resume it before a step is released.")
    if not waiting or waiting[0].number != number:
        following = f"step {waiting[0].number} is next" if waiting else "every step is released"
        raise RevisionError(
            f"Step {number} cannot be released: {following}. Steps are released one at a time, in order."
        )
    late = max(dt.timedelta(0), on - waiting[0].start)
    steps = [*plan.steps[: number - 1], replace(waiting[0], start=waiting[0].start + late, state=StepState.RELEASED)]
    steps += [replace(step, start=step.start + late) for step in waiting[1:]]
    return _revision(plan, replace(plan, steps=tuple(steps)), on)


def hold(plan: TaperPlan, *, on: dt.date, at: dt.time) -> Revision:
    """No more cuts: the present dose goes on, and steps that have not begun are taken back, released ones too."""
    present = in_force(plan, on, at)
    return _revision(plan, replace(plan, steps=begun(plan, present), blocked=None, on_hold=True), on)


def resume(
    plan: TaperPlan,
    *,
    on: dt.date,
    at: dt.time,
    request: TaperRequest,
    formulary: Formulary,
    pace: Pace | None = None,
) -> Revision:
    """Go on from the present dose after a hold, the first cut one interval after the day of resuming.

    request: the one the plan was made by. pace: slower than before (default: `slower` of it), or JCG-11p is said.
    Raises RevisionError when the plan is not on hold.
    """
    if not plan.on_hold:
        raise RevisionError("The taper is not on hold, so it cannot resume. To go on more slowly, slow it down.")
    before = Pace(request.cut, request.interval_days)
    chosen = slower(before) if pace is None else pace
    first_cut = on + dt.timedelta(days=chosen.interval_days)
    going_on, present = replace(plan, on_hold=False), in_force(plan, on, at)
    changed, asked = _replan(going_on, present, on, request, formulary, pace=chosen, first_cut=first_cut)
    findings = _not_slower("JCG-11p", "resumed", chosen, before)
    return Revision(changed, difference(going_on, changed, on), findings, asked)


def slow(
    plan: TaperPlan, *, on: dt.date, at: dt.time, request: TaperRequest, formulary: Formulary, pace: Pace
) -> Revision:
    """Smaller cuts or longer intervals from here. Steps already released stay; the next cut does not come sooner.

    Raises RevisionError when the pace asked for is not slower than before: a plan is not sped up by slowing it.
    """
    before = Pace(request.cut, request.interval_days)
    if not pace.is_slower_than(before):
        raise RevisionError(
            f"{_words(pace)} is not slower than {_words(before)}. Choose smaller cuts or longer intervals."
        )
    if plan.on_hold:
        raise RevisionError("The taper is on hold. Resume it at the slower pace.")
    present = in_force(plan, on, at)
    last = max((step for step in plan.steps if step.state is StepState.RELEASED), key=_begins)
    base = last if _begins(last) > _begins(present) else present
    planned = next((step.start for step in plan.steps if step.number > base.number), on)
    first_cut = max(planned, base.start + dt.timedelta(days=pace.interval_days), on + dt.timedelta(days=1))
    changed, asked = _replan(plan, base, on, request, formulary, pace=pace, first_cut=first_cut)
    return Revision(changed, difference(plan, changed, on), asked=asked)


def step_back(
    plan: TaperPlan,
    *,
    on: dt.date,
    at: dt.time,
    request: TaperRequest,
    formulary: Formulary,
    to: int | None = None,
    pace: Pace | None = None,
) -> Revision:
    """Return to the doses of an earlier step, and go on more slowly from there.

    to: the number of that step (default: the last one that had more of a medicine; a step back never only lowers). The
    step back is released by the prescriber who signs it; TPR-7 says that it needs a reason. Raises RevisionError when
    there is no such step.
    """
    present = in_force(plan, on, at)
    earlier = [step for step in begun(plan, present)[:-1] if rises(present, step)]
    back = next((step for step in reversed(earlier) if to is None or step.number == to), None)
    if back is None:
        known = ", ".join(str(step.number) for step in earlier) or "none"
        raise RevisionError(f"There is no such earlier step to go back to (earlier steps: {known}).")
    return amend(plan, on=on, at=at, doses=back.doses, request=request, formulary=formulary, pace=pace)


def amend(
    plan: TaperPlan,
    *,
    on: dt.date,
    at: dt.time,
    doses: Sequence[PlannedDose],
    request: TaperRequest,
    formulary: Formulary,
    pace: Pace | None = None,
) -> Revision:
    """Other doses from a named day and dose time, and the way down planned anew from them.

    doses: those of a whole day. pace: default, after a rise the slower one, else the same. Raises CannotBeMade.
    """
    present = in_force(plan, on, at)
    kept = begun(plan, present)
    made = tuple(made_dose(planned.time, planned.dose, request.products) for planned in doses)
    now = Step(present.number + 1, on, made, StepState.RELEASED, at)
    before = Pace(request.cut, request.interval_days)
    higher = rises(present, now)
    chosen = pace or (slower(before) if higher else before)
    changed = replace(plan, steps=(*kept, now), on_hold=False)
    first_cut = on + dt.timedelta(days=chosen.interval_days)
    revised, asked = _replan(changed, now, on, request, formulary, pace=chosen, first_cut=first_cut)
    findings = (*higher, *(_not_slower("JCG-11p", "went back", chosen, before) if higher else ()))
    return Revision(revised, difference(plan, revised, on), findings, asked)


def _replan(
    plan: TaperPlan,
    base: Step,
    on: dt.date,
    request: TaperRequest,
    formulary: Formulary,
    *,
    pace: Pace,
    first_cut: dt.date,
) -> tuple[TaperPlan, TaperRequest | None]:
    """Everything up to `base` stays; what follows it is planned anew from its doses, the first cut on a day. Beside it
    what it was planned from; None where nothing was.

    What was typed or drawn belonged to days that have passed: it goes on by shares of the present dose.
    """
    kept = begun(plan, base)
    if not base.doses:
        return replace(plan, steps=kept, blocked=None, on_hold=False), None
    again = replace(
        request,
        first_cut=first_cut,
        cut=pace.cut,
        interval_days=pace.interval_days,
        shape=Shape.LINEAR if request.shape is Shape.LINEAR else Shape.PROPORTIONAL,
        typed=(),
        milestones=(),
        table=request.table or plan.table,
        switch_every_days=request.switch_every_days or exchanged_every(plan.steps),
    )
    return onward(plan, kept, again, on, formulary)


def onward(
    plan: TaperPlan,
    kept: Sequence[Step],
    request: TaperRequest,
    on: dt.date,
    formulary: Formulary,
    *,
    since: dt.date | None = None,
) -> tuple[TaperPlan, TaperRequest]:
    """The kept steps, and from the last of them the way on that the request asks for: nothing of it on or before `on`.
    Beside it what that way was planned from, whole: its regimen, its start and the doses before.

    since: the day its days are counted from. Default: that of the last kept step; where something would then lie
    behind, `on`.
    """
    base = kept[-1]
    start = max(base.start, since or base.start)
    asked = _from(request, kept, start)
    found = plan_taper(asked, formulary=formulary)
    if len(found.steps) > 1 and found.steps[1].start <= on:
        asked = _from(request, kept, max(base.start, on))
        found = plan_taper(asked, formulary=formulary)
    steps = [*kept, *found.steps[1:]]
    numbered = tuple(replace(step, number=number) for number, step in enumerate(steps, start=1))
    turned = replace(plan, steps=numbered, goal=found.goal, blocked=found.blocked, table=found.table, on_hold=False)
    return turned, asked


def _from(request: TaperRequest, kept: Sequence[Step], start: dt.date) -> TaperRequest:
    base = kept[-1]
    before = kept if start > base.start else kept[:-1]
    history = (*request.history, *history_of(before))
    return replace(request, regimen=Regimen(base.doses), start=start, history=history)


def exchanged_every(steps: Sequence[Step]) -> int | None:
    """The days between two exchanged doses of a switch, as its steps have them; None where nothing is exchanged."""
    gaps = [
        (after.start - before.start).days
        for before, after in pairwise(steps)
        if exchanged(before.daily(), after.daily()) and after.start > before.start
    ]
    return min(gaps, default=None)


def begun(plan: TaperPlan, present: Step) -> tuple[Step, ...]:
    """The steps up to the present one that have truly begun: those released, in order."""
    return tuple(
        step
        for step in plan.steps
        if step.number == present.number or (step.state is StepState.RELEASED and _begins(step) < _begins(present))
    )


def _begins(step: Step) -> tuple[dt.date, dt.time]:
    return step.start, step.from_time or dt.time.min


def _revision(before: TaperPlan, after: TaperPlan, on: dt.date) -> Revision:
    return Revision(after, difference(before, after, on))


def difference(before: TaperPlan, after: TaperPlan, on: dt.date) -> Difference:
    old, new = {s.number: s for s in before.steps}, {s.number: s for s in after.steps}
    numbers = sorted(old.keys() | new.keys())
    changed = [StepChange(n, old.get(n), new.get(n)) for n in numbers if old.get(n) != new.get(n)]
    return Difference(
        steps=tuple(changed),
        end_before=before.steps[-1].start if before.complete else None,
        end_after=after.steps[-1].start if after.complete else None,
        supply_days=SUPPLY_DAYS,
        needed_before=supply_needed(before, on, SUPPLY_DAYS),
        needed_after=supply_needed(after, on, SUPPLY_DAYS),
    )


def rises(present: Step, now: Step) -> tuple[Finding, ...]:
    """TPR-7 for every medicine that goes up."""
    was = present.daily()
    return tuple(
        rule("TPR-7").finding(
            message=f"{name} goes from {plain(was[name].mg) if name in was else '0'} to {plain(dose.mg)} mg a day.",
            do="A brief return to the last tolerated dose is possible: write the reason.",
            step=now.number,
        )
        for name, dose in now.daily().items()
        if name not in was or dose > was[name]
    )


def _not_slower(code: str, what: str, pace: Pace, before: Pace) -> tuple[Finding, ...]:
    if pace.is_slower_than(before):
        return ()
    return (
        rule(code).finding(
            message=f"The taper {what} with {_words(pace)}; before it was {_words(before)}.",
            do="Go on more slowly than before, or write the reason.",
        ),
    )


def _words(pace: Pace) -> str:
    return f"{plain(rounded(pace.cut * 100, 2))} % every {pace.interval_days} days"
