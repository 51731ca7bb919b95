"""What every turn of a running taper stands on: the plan as it has truly begun, and the dose time it counts from.

A change counts from a named dose time, the next one where nobody names another. A step that was released and has not
had a dose before that time is taken back by the change: what a freeze kept from beginning never begins by a signature.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from glidepath.care.taper import queries
from glidepath.care.taper.models import Version
from glidepath.care.taper.planning import could_be_had
from glidepath.care.taper.queries import Tapers
from glidepath.care.taper.requests import request_of
from glidepath.care.taper.rows import Chosen, Handover, digest
from glidepath.care.taper.signed import as_plan
from glidepath.clinical.dosing import plan as core, revise
from glidepath.clinical.dosing.alternatives import Alternative, ways_on
from glidepath.clinical.dosing.request import TaperRequest
from glidepath.clinical.dosing.schedule import moment
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding
from glidepath.clinical.regimen import Regimen
from glidepath.record import clock
from glidepath.record.errors import BadInput
from glidepath.record.people.models import Person

# Coded reasons of a change, one tap each; what the person says goes into the words.
REASONS: Mapping[str, str] = {
    "symptoms": "Symptoms after a cut",
    "request": "Their request",
    "sleep": "Sleep",
    "life": "Life event",
    "illness": "Illness",
    "steady": "Steady again",
    "other": "Other",
}


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    words: str = ""
    agreed: str = ""  # how the person agreed


@dataclass(frozen=True, slots=True)
class From:
    """A later dose time that a change counts from. Without a time: the first dose of that day."""

    day: dt.date
    time: dt.time | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A change as it would be signed: what it does, from when, and what there is to say about it."""

    kind: str
    revision: revise.Revision
    chosen: Chosen
    effective_at: dt.datetime
    findings: tuple[Finding, ...]
    handover: Handover | None = None  # of a bridging plan
    supply: tuple[tuple[core.Product, Fraction], ...] = ()  # what it needs until its last day
    last_taken: dt.date | None = None  # of a return

    @property
    def digest(self) -> str:
        """What the page shows and the signature freezes."""
        return digest(self.revision.plan, self.chosen, self.handover)


class BlockedTurn(BadInput):
    """A change whose plan does not reach its goal, with the ways on from it."""

    def __init__(self, blocked: core.Blocked, ways: tuple[Alternative, ...]) -> None:
        super().__init__(f"{blocked.message} {blocked.do}")
        self.ways = ways


def refuse_blocked(person: Person, revision: revise.Revision) -> None:
    """Raises BlockedTurn: a change that does not reach its goal is not signed."""
    blocked = revision.plan.blocked
    if blocked is not None:
        marketed = could_be_had(person, revision.plan)
        raise BlockedTurn(blocked, ways_on(revision, formulary=formulary(), marketed=marketed))


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a taper stands when it is turned: the plan as begun, and the local day and time the change counts from."""

    plan: core.TaperPlan
    step: core.Step  # in force now
    effective_at: dt.datetime
    on: dt.date
    at: dt.time


def standing(person: Person, newest: Version, known: Tapers, begins: From | None = None) -> Standing:
    """Raises BadInput while nothing is in force, and by field for a moment that cannot be."""
    segment = queries.in_force(person, known)
    if segment is None:
        raise BadInput("No step of this taper is in force yet: it begins with its first dose.")
    plan = _as_begun(person, newest, known)
    step = next(one for one in plan.steps if one.number == segment.step.number)
    ahead = [one for one in plan.steps if one.number > step.number and one.state is core.StepState.RELEASED]
    if begins is None:
        effective_at = _next_dose(person, step, ahead)
    else:
        effective_at = _named_dose(person, step, begins)
        _refuse_beyond(person, ahead, effective_at)
    taken_back = {one.number for one in ahead if _begins(person, one) < effective_at}
    local = clock.local(person.centre, effective_at)
    return Standing(_projected(plan, taken_back), step, effective_at, local.date(), local.time())


def next_dose_moment(person: Person, step: core.Step, *, not_before: dt.date | None = None) -> dt.datetime:
    """The first dose time of a step from now on: a change takes effect from a named dose, not before it was ordered."""
    now, zone = clock.now(), person.centre.zone
    day = max(clock.local(person.centre, now).date(), not_before or dt.date.min)
    for later in range(3):
        for time in dose_times_of(step):
            at = moment(day + dt.timedelta(days=later), time, zone)
            if at >= now:
                return at
    raise AssertionError("a step has a dose time within two days")


def dose_times_of(step: core.Step) -> tuple[dt.time, ...]:
    """The times of day of a step, in order; of the last step to zero, the beginning of the day."""
    return tuple(sorted({dose.time for dose in step.doses})) or (dt.time.min,)


def request_from(person: Person, chosen: Chosen, now: Standing, doses: Regimen | None = None) -> TaperRequest:
    """What the core is asked for from here on. doses: other than those in force now."""
    return request_of(person, chosen, doses or Regimen(now.step.doses), now.plan.start)


def ahead_of(plan: core.TaperPlan, now: Standing) -> core.TaperPlan:
    """From the step in force on: what lies before it was judged when it was signed, and counts as earlier doses."""
    steps = tuple(step for step in plan.steps if step.number >= now.step.number)
    return replace(plan, start=steps[0].start, steps=steps)


def coming(findings: tuple[Finding, ...], now: Standing) -> tuple[Finding, ...]:
    """What is said of the plan as a whole and of what lies ahead, each once."""
    return once_each(tuple(one for one in findings if one.step is None or one.step > now.step.number))


def once_each(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _next_dose(person: Person, step: core.Step, ahead: list[core.Step]) -> dt.datetime:
    """The next dose of the step in force, or of a released one that would come before it."""
    at = next_dose_moment(person, step)
    sooner = [next_dose_moment(person, one, not_before=one.start) for one in ahead if _begins(person, one) < at]
    return min([at, *sooner])


def _named_dose(person: Person, step: core.Step, begins: From) -> dt.datetime:
    times, today = dose_times_of(step), clock.today(person.centre)
    if begins.time is not None and begins.time not in times:
        known = ", ".join(f"{time:%H:%M}" for time in times)
        raise BadInput(f"{begins.time:%H:%M} is no dose time now. Choose one of {known}.", field="from_time")
    last = today + dt.timedelta(days=revise.SUPPLY_DAYS)
    if begins.day > last:
        raise BadInput(
            f"{begins.day:%d %b %Y} lies more than {revise.SUPPLY_DAYS} days ahead, further than the difference shows. "
            "Sign the change nearer to its day.",
            field="from_day",
        )
    at = moment(begins.day, begins.time or times[0], person.centre.zone)
    if at < clock.now():
        raise BadInput(
            f"{begins.day:%d %b %Y} {begins.time or times[0]:%H:%M} lies behind: given doses never change. Leave it "
            "empty for the next dose, or choose a later one.",
            field="from_day",
        )
    return at


def _refuse_beyond(person: Person, ahead: list[core.Step], effective_at: dt.datetime) -> None:
    for one in ahead:
        if _begins(person, one) < effective_at:
            raise BadInput(
                f"Step {one.number} is released and begins on {one.start:%d %b %Y}. Choose a dose before it, or sign "
                "the change once it has begun.",
                field="from_day",
            )


def _begins(person: Person, step: core.Step) -> dt.datetime:
    return moment(step.start, step.from_time or dt.time.min, person.centre.zone)


def _as_begun(person: Person, version: Version, known: Tapers) -> core.TaperPlan:
    """The version with only those steps released that began, or that were released and still lie ahead: a released
    step that a freeze kept from beginning is projected again."""
    released = {one.step_number for one in version.releases.all()}
    plan = as_plan(version, sorted(released))
    begun = {one.step.number for one in known.course(person).segments if one.version_id == version.pk}
    furthest = max(begun, default=1)
    today = clock.today(person.centre)
    kept = {step.number for step in plan.steps if step.number <= furthest or step.start > today}
    return _projected(plan, {step.number for step in plan.steps} - kept)


def _projected(plan: core.TaperPlan, numbers: set[int]) -> core.TaperPlan:
    steps = (replace(step, state=core.StepState.PROJECTED) if step.number in numbers else step for step in plan.steps)
    return replace(plan, steps=tuple(steps))
