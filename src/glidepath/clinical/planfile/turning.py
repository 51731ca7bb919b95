"""A plan of a file turned: a step released, a hold, on again, slower, a step back. Everything before the day stays.

The doses that were in force before a turn are part of the turned plan, step for step, so what was due on a past day can
be looked up in the newest file. A turn never lies before the one made last.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.clinical.amounts import Dose, plain
from glidepath.clinical.dosing import revise
from glidepath.clinical.dosing.alternatives import ways_on
from glidepath.clinical.dosing.errors import RevisionError
from glidepath.clinical.dosing.plan import PlannedDose, Product, Step, StepState, TaperPlan
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.tablets import split_day
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.release import LastChange, Review
from glidepath.clinical.guidelines.release_check import ReleaseProposal, check_release
from glidepath.clinical.planfile.errors import within_the_calendar
from glidepath.clinical.planfile.making import with_findings
from glidepath.clinical.planfile.values import Change, PlanFile, Turned, other_ways, request_of

MIDNIGHT = dt.time.min


@dataclass(frozen=True, slots=True)
class Turn:
    """What is asked. on, time: from which day and dose time it counts (None: the first dose of that day).

    to: of a step back, the daily doses to go back to (default: the last that were higher). cut, interval_days: of
    resume, slow and step back, the new pace (default: half the cut, as often). reason: what was seen; of a release,
    what the symptom review of that day found.
    """

    kind: Turned
    on: dt.date
    reason: str
    time: dt.time | None = None
    to: tuple[Dose, ...] = ()
    cut: Fraction | None = None
    interval_days: int | None = None


@dataclass(frozen=True, slots=True)
class TurnedPlan:
    """The plan after a turn, and what the turn changed."""

    file: PlanFile
    difference: revise.Difference


def turn(file: PlanFile, asked: Turn, *, formulary: Formulary, could_be_had: Sequence[Product] = ()) -> TurnedPlan:
    """The next version of the plan, with the ways on where it does not reach its goal any more.

    could_be_had: products beside those of the plan that would let it go on.
    Raises RevisionError (a kind of PlanError), or PlanFileError: what cannot be.
    """
    _refuse(file, asked)
    at = asked.time or MIDNIGHT
    present = revise.in_force(file.plan, asked.on, at)
    request = _request(file, present)
    pace, before = _pace(file, asked), revise.Pace(file.settings.cut, file.settings.interval_days)
    with within_the_calendar():
        revision = _turned(file.plan, asked, request, pace, formulary)
        found = ways_on(revision, formulary=formulary, marketed=could_be_had)
    plan = _without_midnight(revision.plan, asked)
    change = Change(
        version=file.version + 1,
        kind=asked.kind,
        on=asked.on,
        reason=asked.reason.strip(),
        in_force=present.number,
        cut=before.cut,
        interval_days=before.interval_days,
        time=asked.time,
    )
    new = replace(
        file,
        plan=replace(plan, findings=()),
        settings=replace(file.settings, cut=pace.cut, interval_days=pace.interval_days),
        facts_version=formulary.version,
        version=file.version + 1,
        history=(*file.history, change),
        alternatives=other_ways(found),
    )
    said = with_findings(new, formulary=formulary)
    more = _on_release(said, asked, present, formulary) if asked.kind is Turned.RELEASE else revision.findings
    return TurnedPlan(_with(said, more), revise.difference(file.plan, plan, asked.on))


def _refuse(file: PlanFile, asked: Turn) -> None:
    if not asked.reason.strip():
        raise RevisionError("A turn of a plan needs its reason. Write what was seen or asked for.")
    if not file.plan.steps:
        raise RevisionError("The plan has no step yet, so there is nothing to turn. Plan again with other products.")
    last = file.history[-1] if file.history else None
    if last is not None and (asked.on, asked.time or MIDNIGHT) < (last.on, last.time or MIDNIGHT):
        raise RevisionError(
            f"The plan was last turned on {last.on:%d %b %Y} ({last.kind.value}). A turn on {asked.on:%d %b %Y} would "
            "change what was in force then. Choose that day or a later one."
        )
    paced = asked.cut is not None or asked.interval_days is not None
    if paced and asked.kind in (Turned.RELEASE, Turned.HOLD):
        raise RevisionError(f"A {asked.kind.value} has no pace. Leave out the cut and the interval, or slow the plan.")
    if asked.to and asked.kind is not Turned.STEP_BACK:
        raise RevisionError("Only a step back goes to a dose. Leave the dose out.")


def _request(file: PlanFile, present: Step) -> TaperRequest:
    """The request of the plan; what is no longer taken is named in it no more."""
    request, taken = request_of(file), present.daily()
    return replace(
        request,
        exchange=tuple(name for name in request.exchange if name in taken),
        cut_order=tuple(name for name in request.cut_order if name in taken or name == request.switch_to),
    )


def _pace(file: PlanFile, asked: Turn) -> revise.Pace:
    now = revise.Pace(file.settings.cut, file.settings.interval_days)
    if asked.kind in (Turned.RELEASE, Turned.HOLD):
        return now
    if asked.cut is None and asked.interval_days is None:
        return revise.slower(now)
    return revise.Pace(asked.cut or now.cut, asked.interval_days or now.interval_days)


def _turned(
    plan: TaperPlan, asked: Turn, request: TaperRequest, pace: revise.Pace, formulary: Formulary
) -> revise.Revision:
    on, at = asked.on, asked.time or MIDNIGHT
    if asked.kind is Turned.RELEASE:
        return _released(plan, asked)
    if asked.kind is Turned.HOLD:
        if plan.on_hold:
            raise RevisionError("The taper is on hold already. Resume it, or leave it.")
        return revise.hold(plan, on=on, at=at)
    if asked.kind is Turned.RESUME:
        return revise.resume(plan, on=on, at=at, request=request, formulary=formulary, pace=pace)
    if asked.kind is Turned.SLOW:
        return revise.slow(plan, on=on, at=at, request=request, formulary=formulary, pace=pace)
    doses = _doses_to_go_back_to(plan, asked, request)
    return revise.amend(plan, on=on, at=at, doses=doses, request=request, formulary=formulary, pace=pace)


def _released(plan: TaperPlan, asked: Turn) -> revise.Revision:
    """The next step released; where it begins on the very day, from the dose time that is named."""
    waiting = [step for step in plan.steps if step.state is StepState.PROJECTED]
    number = waiting[0].number if waiting else len(plan.steps) + 1
    revision = revise.release(plan, number, on=asked.on)
    steps = tuple(
        replace(step, from_time=asked.time) if step.number == number and step.start == asked.on else step
        for step in revision.plan.steps
    )
    return replace(revision, plan=replace(revision.plan, steps=steps))


def _doses_to_go_back_to(plan: TaperPlan, asked: Turn, request: TaperRequest) -> tuple[PlannedDose, ...]:
    present = revise.in_force(plan, asked.on, asked.time or MIDNIGHT)
    earlier = [step for step in revise.begun(plan, present)[:-1] if revise.rises(present, step)]
    if not earlier:
        raise RevisionError(
            f"No earlier step had a higher dose than step {present.number}, so there is none to go back to."
        )
    if not asked.to:
        return earlier[-1].doses
    wanted = {**present.daily(), **{dose.medicine: dose for dose in asked.to}}
    same = next((step for step in reversed(earlier) if dict(step.daily()) == wanted), None)
    return same.doses if same is not None else _between(present, earlier, asked.to, request)


def _between(
    present: Step, earlier: Sequence[Step], to: Sequence[Dose], request: TaperRequest
) -> tuple[PlannedDose, ...]:
    """A dose that no step had, between the present one and an earlier one; divided like the present day."""
    doses = list(present.doses)
    for dose in to:
        highest = max(
            (step.daily()[dose.medicine].mg for step in earlier if dose.medicine in step.daily()), default=None
        )
        now = present.daily().get(dose.medicine, Dose.from_ng(0, dose.medicine))
        if highest is None or not now.mg < dose.mg <= highest:
            had = " · ".join(" + ".join(map(str, step.daily().values())) for step in earlier)
            raise RevisionError(
                f"A step back to {dose} a day is not possible: choose one between {plain(now.mg)} mg, the present "
                f"dose, and one that was taken before. Earlier steps: {had}."
            )
        like = {
            one.time: one.dose
            for one in (present if now.mg else earlier[-1]).doses
            if one.dose.medicine == dose.medicine
        }
        doses = [one for one in doses if one.dose.medicine != dose.medicine]
        doses += split_day(dose, tuple(like), request.products, like=like)
    return tuple(doses)


def _without_midnight(plan: TaperPlan, asked: Turn) -> TaperPlan:
    """A step that begins with its day has no dose time of its own."""
    if asked.time is not None:
        return plan
    steps = (replace(step, from_time=None) if step.from_time == MIDNIGHT else step for step in plan.steps)
    return replace(plan, steps=tuple(steps))


def _on_release(file: PlanFile, asked: Turn, before: Step, formulary: Formulary) -> tuple[Finding, ...]:
    """What stands against the release. The turn's day is that of the symptom review; its reason says what was found."""
    released = [step for step in file.plan.steps if step.state is StepState.RELEASED]
    step, present = released[-1], released[-2]
    changed = LastChange(present.start) if len(released) > 2 else None
    proposal = ReleaseProposal(
        plan=file.plan,
        step=step.number,
        setting=file.settings.setting,
        review=Review(on=asked.on),
        last_change=changed,
        table=file.settings.table,
    )
    return check_release(proposal, facts=file.settings.facts, formulary=formulary, limits=file.settings.limits)


def _with(file: PlanFile, more: Sequence[Finding]) -> PlanFile:
    """The findings of the turn beside those of the plan; what the rules of the plan say already is not said twice."""
    known = {(one.code, one.step) for one in file.plan.findings} | {
        (one.code, None) for one in file.plan.findings if one.code in ("TPR-7", "JCG-11p")
    }
    new = [one for one in more if (one.code, one.step) not in known and (one.code, None) not in known]
    return replace(file, plan=replace(file.plan, findings=(*file.plan.findings, *new)))
