"""How often somebody is observed and scored: proposed from the course, set by a prescriber, made closer by a trigger.

A trigger (a score, NEWS2, an event, a change of dose, drowsiness) makes it closer at once and by itself. Only a person
makes it less close again: what a trigger made closer stays so until a prescriber sets a plan that is newer than it.
Without a plan the watch stays as close as in the first days. The one exception is signed beforehand: a plan says that
after a change of dose the watch is close for two days and then goes back to the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.guidelines.wording import listed
from glidepath.clinical.monitoring.observations import (
    ASLEEP,
    AWAKE,
    Course,
    Frequency,
    Part,
    close_watch,
    early_warning,
    frequency,
    in_words,
)
from glidepath.clinical.monitoring.scale_choice import NAMES, Scale

HOURS_A_DAY = 24
EXTRA_SETS = ("first_extra_set_hours", "second_extra_set_hours", "third_extra_set_hours")
SET_BY_PRESCRIBER = "PLAN"  # stands where a rule's code stands: no rule, a prescriber's own interval


@dataclass(frozen=True, slots=True)
class Intervals:
    """Whole hours between sets, awake and asleep, and between scores; a scale that is not named is not due."""

    awake: int
    asleep: int
    scales: Mapping[Scale, int]

    def __post_init__(self) -> None:
        given = {"awake": self.awake, "asleep": self.asleep, **{NAMES[key]: one for key, one in self.scales.items()}}
        for name, hours in given.items():
            if not 1 <= hours <= HOURS_A_DAY:
                raise ValueError(f"every {hours} hours ({name}) cannot be set: 1 to {HOURS_A_DAY}")

    def looser_than(self, other: Intervals) -> tuple[str, ...]:
        """What is less close here than in `other`, in words; a scale left out is less close than any interval."""
        found = [
            f"{said} every {mine} hours, not {theirs}"
            for said, mine, theirs in (
                ("awake", self.awake, other.awake),
                ("asleep", self.asleep, other.asleep),
                *((NAMES[one], self.scales.get(one, 0), hours) for one, hours in other.scales.items()),
            )
            if mine > theirs
        ]
        return (*found, *(f"{NAMES[one]} left out" for one in other.scales if one not in self.scales))


@dataclass(frozen=True, slots=True)
class Cut:
    """The last cut of a dose, and for how many days somebody is watched after it (7, 14 or 21 by how long it acts)."""

    at: dt.datetime
    watch_days: int

    @property
    def watched_until(self) -> dt.datetime:
        return self.at.astimezone(dt.UTC) + dt.timedelta(days=self.watch_days)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the core proposes, by which rules, and why. It proposes; nothing follows until a prescriber sets it."""

    intervals: Intervals
    codes: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SetPlan:
    """What a prescriber has set, and until when: at `until` somebody looks at it again, and it lapses."""

    intervals: Intervals
    set_at: dt.datetime
    until: dt.datetime

    def stands(self, now: dt.datetime) -> bool:
        return now < self.until


@dataclass(frozen=True, slots=True)
class Triggers:
    """What has called for a closer watch since the plan was set (without a plan: since admission).

    news2: the highest total. single_three: a value scored 3 alone. others: further triggers in plain words, each
    calling for the close watch of the first days.
    """

    news2: int | None = None
    single_three: bool = False
    others: tuple[str, ...] = ()


def propose(
    course: Course,
    scales: Sequence[Scale],
    *,
    now: dt.datetime,
    cut: Cut | None = None,
    ciwa_ar: int | None = None,
    residential: bool = False,
    settings: ClinicalSettings | None = None,
) -> Proposal:
    """The intervals by phase and risk (INP-1, INP-2, INP-7, INP-8, POL-3, POL-5). `scales`: those of the choice.

    cut: the last one. ciwa_ar: the last complete total. residential: stable people are seen daily there.
    """
    limits = settings or clinical_settings()
    awake, asleep = frequency(course, settings=limits), frequency(course, asleep=True, settings=limits)
    watched = cut is not None and now < cut.watched_until
    settled = awake.code == "INP-2" and awake.hours >= limits.observe_settled_hours
    hours = int(rule("INP-2").value("residential_every_hours")) if settled and residential and not watched else 0
    scored = {one: scale_hours(one, course, watched=watched, ciwa_ar=ciwa_ar, settings=limits) for one in scales}
    why = awake.why + (f"; watched until {cut.watch_days} days after the last cut" if cut and watched else "")
    codes = [awake.code, *(code for one, code in RULE_OF.items() if one in scales)]
    return Proposal(Intervals(hours or awake.hours, hours or asleep.hours, scored), tuple(codes), why)


RULE_OF: Mapping[Scale, str] = {Scale.CIWA_AR: "POL-3", Scale.COWS: "POL-5"}


def scale_hours(scale: Scale, course: Course, *, watched: bool, ciwa_ar: int | None, settings: ClinicalSettings) -> int:
    """Hours between two scores: CIWA-Ar by its last total (POL-3), COWS by POL-5, CIWA-B with the phase."""
    if scale is Scale.CIWA_AR:
        return by_ciwa_ar(ciwa_ar)
    if scale is Scale.COWS:
        return int(rule("POL-5").value("every_hours"))
    every = frequency(course, settings=settings)
    if every.code != "INP-2":
        return every.hours if every.code == "INP-1" else settings.observe_awake_hours
    settling = int(rule("INP-2").value("ciwa_b_settling_hours"))
    daily = int(rule("INP-1").value("ciwa_b_after_cut_hours"))
    return daily if watched or every.hours >= settings.observe_settled_hours else settling


def by_ciwa_ar(total: int | None, *, at_most: bool = False) -> int:
    """POL-3: hours to the next CIWA-Ar by a total; never scored counts as the middle band.

    The closer end of the source's range, or with `at_most` the far end: what the source asks for at the least.
    """
    value = rule("POL-3").value
    end = "high" if at_most else "low"
    if total is None or value("often_from") <= total <= value("hourly_above"):
        return int(value(f"often_hours_{end}"))
    return int(value("severe_hours") if total > value("hourly_above") else value(f"mild_hours_{end}"))


def in_force(
    course: Course,
    plan: SetPlan | None,
    triggers: Triggers,
    *,
    now: dt.datetime,
    asleep: bool = False,
    settings: ClinicalSettings | None = None,
) -> Frequency:
    """The interval between sets that holds now: the plan's, or closer where a trigger says so, never less close.

    course: how the person is; beside `triggers` only a change of dose within the last two days makes a plan closer.
    """
    limits = settings or clinical_settings()
    parts = ASLEEP if asleep else AWAKE
    found = [
        _set(plan, course, parts, limits, asleep, now),
        early_warning(replace(course, news2=triggers.news2, single_three=triggers.single_three), parts),
        close_watch(course, parts, limits, asleep) if _changed_lately(course, limits) else None,
        _close(parts, limits, asleep, listed(triggers.others)) if triggers.others else None,
    ]
    return min((one for one in found if one), key=lambda one: (one.hours, not one.continuous))


def scale_in_force(
    scale: Scale,
    plan: SetPlan | None,
    every: Frequency,
    *,
    now: dt.datetime,
    highest_ciwa_ar: int | None = None,
    scored: bool = False,
    settings: ClinicalSettings | None = None,
) -> int | None:
    """Hours between two scores that hold now; None where the scale is not due at all.

    every: what holds for a set. highest_ciwa_ar: since the plan was set, for POL-3; a lower one after it loosens
    nothing. scored: whether it has been scored in this stay: what was begun is gone on with, plan or none.
    """
    limits = settings or clinical_settings()
    stands = plan is not None and plan.stands(now)
    hours = plan.intervals.scales.get(scale) if plan is not None and stands else None
    if scale is Scale.CIWA_B:
        return _ciwa_b_hours(hours, stands, every, limits)
    if hours is None and not scored:
        return None
    if scale is Scale.COWS:
        return hours or int(rule("POL-5").value("every_hours"))
    if hours is None:
        return by_ciwa_ar(highest_ciwa_ar)
    return hours if highest_ciwa_ar is None else min(hours, by_ciwa_ar(highest_ciwa_ar, at_most=True))


def next_extra(cut: Cut | None, last_at: dt.datetime | None) -> dt.datetime | None:
    """When the next of the extra sets after a cut (24, 48 and 72 hours) is due, whatever the interval; None = none."""
    if cut is None:
        return None
    value, began = rule("INP-1").value, cut.at.astimezone(dt.UTC)
    moments = [began + dt.timedelta(hours=int(value(name))) for name in EXTRA_SETS]
    return next((moment for moment in moments if last_at is None or last_at < moment), None)


def _ciwa_b_hours(hours: int | None, stands: bool, every: Frequency, limits: ClinicalSettings) -> int | None:
    """The plan's, or that of the first days; an hourly watch is for vital signs, not for 20 questions an hour."""
    if not stands:
        return limits.observe_awake_hours
    if hours is None or every.code == SET_BY_PRESCRIBER:
        return hours
    return min(hours, limits.observe_awake_hours)


def _set(
    plan: SetPlan | None,
    course: Course,
    parts: tuple[Part, ...],
    limits: ClinicalSettings,
    asleep: bool,
    now: dt.datetime,
) -> Frequency:
    """What a prescriber set, or the close watch where nobody has, or where it was to be looked at again by now."""
    if plan is not None and plan.stands(now):
        hours = plan.intervals.asleep if asleep else plan.intervals.awake
        return Frequency(hours, parts, SET_BY_PRESCRIBER, "set by a prescriber")
    if plan is not None:
        return _close(parts, limits, asleep, "the observation plan has ended and a prescriber has not looked again")
    stable = in_words(course.stable_hours or Decimal(0))
    waiting = _close(parts, limits, asleep, f"stable for {stable}, and no prescriber has set a longer interval")
    return close_watch(course, parts, limits, asleep) or waiting


def _close(parts: tuple[Part, ...], limits: ClinicalSettings, asleep: bool, why: str) -> Frequency:
    return Frequency(limits.observe_asleep_hours if asleep else limits.observe_awake_hours, parts, "INP-1", why)


def _changed_lately(course: Course, limits: ClinicalSettings) -> bool:
    changed = course.hours_since_change
    return changed is not None and changed < limits.close_observation_after_change_hours
