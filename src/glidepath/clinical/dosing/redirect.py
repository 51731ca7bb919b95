"""Another way on for a taper that runs: a switch to a longer-acting medicine, or other choices for what remains.

What has begun stays as it was, step for step, and the present dose goes on until the first step of the new way is
released. Steps that were released and have not begun are taken back: they belonged to the way that is left. The new
way is planned by the same exact search as a first plan, with everything that was in force counted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from glidepath.clinical.dosing.errors import RevisionError
from glidepath.clinical.dosing.plan import PlannedDose, Step, StepState, TaperPlan
from glidepath.clinical.dosing.request import TaperRequest, switched
from glidepath.clinical.dosing.revise import Revision, begun, difference, in_force, onward, rises
from glidepath.clinical.dosing.tablets import made_dose
from glidepath.clinical.facts.formulary import Formulary
from glidepath.clinical.regimen import Regimen


def redirect(
    plan: TaperPlan,
    *,
    on: dt.date,
    at: dt.time,
    request: TaperRequest,
    formulary: Formulary,
    doses: Sequence[PlannedDose] | None = None,
    since: dt.date | None = None,
) -> Revision:
    """What remains, planned anew by the request's goal, shape, pace, table, times, products or typed steps.

    request: its regimen and start are not used; its history is what was in force before the plan. first_cut: default
    the day that was planned for the next step, or later where the new interval asks for it. doses: other doses of a
    whole day from the moment on, none of them lower than now (`rises` says which are higher). since: as of `onward`.
    Raises RevisionError where nothing is taken any more, where a dose would go down without a release, or where a
    typed step or the first cut does not lie after the day; PlanError for choices that contradict each other.
    """
    present = in_force(plan, on, at)
    if not present.doses:
        raise RevisionError("The taper has reached zero: there is no way on from it. End it, or begin a new one.")
    kept, now = begun(plan, present), present
    if doses is not None and sorted(map(_plainly, doses)) != sorted(map(_plainly, present.doses)):
        now = _other_doses(present, doses, on, at, request)
        kept = (*kept, now)
    again = replace(request, first_cut=_first_cut(plan, present, request, on), table=request.table or plan.table)
    changed, asked = onward(plan, kept, again, on, formulary, since=since)
    return Revision(changed, difference(plan, changed, on), rises(present, now), asked)


def switch(
    plan: TaperPlan, *, on: dt.date, at: dt.time, to: str, request: TaperRequest, formulary: Formulary
) -> Revision:
    """The present medicines exchanged for `to`, one dose of the day at a time, the night dose first; then on down.

    request: as of `redirect`; its table sets the exchange, its switch_every_days the days between two exchanged doses,
    the first of them as long after `on`.
    Raises RevisionError when there is nothing to exchange, NoPublishedFigure where the tables are silent.
    """
    present = in_force(plan, on, at)
    asked = replace(request, switch_to=formulary.find(to).name, typed=())
    if not switched(present.daily(), asked, formulary):
        taken = ", ".join(present.daily()) or "nothing"
        raise RevisionError(f"There is nothing to exchange for {asked.switch_to}: {taken} is taken now.")
    return redirect(plan, on=on, at=at, request=asked, formulary=formulary, since=on)


def _first_cut(plan: TaperPlan, present: Step, request: TaperRequest, on: dt.date) -> dt.date:
    """Not sooner than it was planned, nor than one new interval after the present step, where nobody names the day."""
    day = dt.timedelta(days=1)
    if request.first_cut is not None:
        if request.first_cut <= on:
            raise RevisionError(
                f"The first cut on {request.first_cut:%d %b %Y} does not lie after {on:%d %b %Y}, from which the "
                "change counts. Choose a later day."
            )
        return request.first_cut
    if plan.on_hold:
        return on + request.interval_days * day
    planned = next((step.start for step in plan.steps if step.number > present.number), on)
    return max(planned, present.start + request.interval_days * day, on + day)


def _other_doses(present: Step, doses: Sequence[PlannedDose], on: dt.date, at: dt.time, request: TaperRequest) -> Step:
    """The step that the signature itself begins. It lowers no medicine: a cut is a step that waits for its review."""
    was, now = present.daily(), Regimen(tuple(doses)).daily()
    lower = [name for name, dose in was.items() if name not in now or now[name] < dose]
    if lower:
        raise RevisionError(
            f"{', '.join(lower)} would go down at once. A cut is a step that waits for its symptom review: leave the "
            "present dose as it is, and plan the step."
        )
    made = tuple(made_dose(planned.time, planned.dose, request.products) for planned in doses)
    return Step(present.number + 1, on, made, StepState.RELEASED, at)


def _plainly(planned: PlannedDose) -> tuple[str, dt.time, str]:
    return planned.dose.medicine, planned.time, str(planned.dose)
