"""The person's sheet and calendar from a plan's file. Nobody has signed such a plan, and the sheet says so.

As in a centre, only what is released is laid out day by day; what is projected stands under it as not settled.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from itertools import pairwise

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import PlannedDose, Step, StepState
from glidepath.clinical.dosing.supply import doses_on
from glidepath.clinical.planfile.values import PlanFile, Region
from glidepath.faces.cli.exits import WrongUse
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.printing.values import CalendarDay, CalendarDose, TaperCalendar
from glidepath.faces.shell import words
from glidepath.faces.shell.pills import in_words
from glidepath.record import clock

DAYS = 28
PRESCRIBER = "your prescriber"
NOT_SIGNED = (
    "This plan was worked out by a program and is not signed. Change nothing until your prescriber has agreed to it."
)


def calendar_of(file: PlanFile) -> TaperCalendar:
    """Four weeks from the day of the plan, or of its last turn. Raises WrongUse for a plan without a step."""
    if not file.plan.steps:
        raise WrongUse("The plan has no step, so there is nothing to print. Plan again with other products.")
    first = file.history[-1].on if file.history else file.plan.start
    released = [step for step in file.plan.steps if step.state is StepState.RELEASED]
    ahead = [step for step in file.plan.steps if step.state is StepState.PROJECTED]
    now = [step for step in released if step.start <= first][-1:] or released[:1]
    return TaperCalendar(
        key=_key(file),
        preferred_name="",
        centre_name=PRESCRIBER,
        centre_phone="",
        crisis_line="",
        made_at=clock.now(),
        version=file.version,
        signed_by="",
        now_doses=tuple(_dose(one) for one in now[0].doses),
        now_words=NOT_SIGNED,
        next_words=_next_words(file, ahead),
        days=_days(released, first),
        ahead=tuple((step.start, _a_day(step.daily())) for step in ahead),
    )


def paper_of(file: PlanFile) -> Paper:
    """The paper of the region."""
    return Paper.LETTER if file.settings.region is Region.US else Paper.A4


def _key(file: PlanFile) -> str:
    """The same for every version of one plan, so that a newer calendar takes the place of an older one."""
    first = f"{file.plan.start.isoformat()} {file.regimen.text()}"
    return hashlib.sha256(first.encode()).hexdigest()[:32]


def _days(released: Sequence[Step], first: dt.date) -> tuple[CalendarDay, ...]:
    changes = _changes(released)
    span = (first + dt.timedelta(days=number) for number in range(DAYS))
    return tuple(
        CalendarDay(date, tuple(_dose(one) for one in doses_on(released, date)), changes.get(date, "")) for date in span
    )


def _changes(released: Sequence[Step]) -> dict[dt.date, str]:
    found = {}
    for before, after in pairwise(released):
        if before.daily() != after.daily():
            found[after.start] = f"New: {_a_day(after.daily())}. Before: {_a_day(before.daily())}."
    return found


def _next_words(file: PlanFile, ahead: Sequence[Step]) -> str:
    if file.plan.on_hold:
        return "Your plan is on hold. Nothing goes down. Your prescriber decides with you when it goes on."
    if not ahead:
        return "No further step is planned. Your prescriber decides with you what comes next."
    step = ahead[0]
    on = f"{words.WEEKDAYS[step.start.weekday()]} {words.day(step.start)}"
    return (
        f"The next step is planned for {on}: {_a_day(step.daily())}. It is not settled. Before it begins your "
        "prescriber asks how you are and decides it with you. Until then you stay on the dose above."
    )


def _dose(one: PlannedDose) -> CalendarDose:
    return CalendarDose(one.time, one.dose.medicine, one.dose.mg, in_words(one.made) if one.made else "")


def _a_day(daily: Mapping[str, Dose]) -> str:
    said = " and ".join(f"{dose.medicine} {words.mg(dose)}" for dose in daily.values())
    return f"{said} a day" if said else "no dose"
