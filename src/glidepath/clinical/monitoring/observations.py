"""INP-1 to INP-3: how often to observe, what a set holds, when the next is due, and when it is overdue.

Intervals are elapsed hours between aware moments, so a clock change neither lengthens nor shortens one.
An overdue set is overdue: it is never scored, and never counts as normal.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.wording import days


class WithdrawalLevel(StrEnum):
    NONE = "none"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    COMPLICATED = "complicated"  # seizure, delirium or psychosis


class Part(StrEnum):
    """What a set of observations holds."""

    VITALS = "vitals"
    RASS = "rass"
    CIWA_B = "ciwa_b"
    BREATHING = "breathing"


AWAKE = (Part.VITALS, Part.RASS, Part.CIWA_B)
ASLEEP = (Part.VITALS, Part.BREATHING)
CALM = (WithdrawalLevel.NONE, WithdrawalLevel.MILD)


@dataclass(frozen=True, slots=True)
class Course:
    """How the person is, as far as the frequency of observation depends on it. None = unknown, and keeps it close.

    day_of_stay: 0 on the day of admission. hours_since_change: since the last change of dose; None = never changed.
    stable_hours: since withdrawal was last more than mild or a value called for a review.
    news2: the last total. single_three: one parameter scored 3 alone.
    """

    day_of_stay: int
    hours_since_change: Decimal | None = None
    level: WithdrawalLevel | None = None
    stable_hours: Decimal | None = None
    news2: int | None = None
    single_three: bool = False


@dataclass(frozen=True, slots=True)
class Frequency:
    """A set every `hours` (continuous: not in sets at all), what it holds, by which rule, and why in plain words."""

    hours: int
    parts: tuple[Part, ...]
    code: str
    why: str
    continuous: bool = False

    @property
    def interval(self) -> dt.timedelta:
        return dt.timedelta(hours=self.hours)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A set that was due at `due_at` and is not there `late_by` later. `alerts` once INP-3's hour has passed."""

    due_at: dt.datetime
    late_by: dt.timedelta
    finding: Finding | None

    @property
    def alerts(self) -> bool:
        return self.finding is not None


def frequency(course: Course, *, asleep: bool = False, settings: ClinicalSettings | None = None) -> Frequency:
    """How often to observe now: INP-8 and INP-7 first, then INP-1, then INP-2 as the person settles."""
    limits = settings or clinical_settings()
    parts = ASLEEP if asleep else AWAKE
    return early_warning(course, parts) or close_watch(course, parts, limits, asleep) or _settled(course, parts, limits)


def next_due(last_at: dt.datetime | None, every: Frequency, *, since: dt.datetime) -> dt.datetime:
    """When the next set is due. `since`: admission (or the change that began this frequency); due then if none was."""
    return _utc(since) if last_at is None else _utc(last_at) + every.interval


def overdue(due_at: dt.datetime, *, now: dt.datetime, settings: ClinicalSettings | None = None) -> Overdue | None:
    """None until it is due; then how late it is, with INP-3 once it is more than an hour late (a centre setting)."""
    late_by = _utc(now) - _utc(due_at)
    if late_by <= dt.timedelta(0):
        return None
    limits = settings or clinical_settings()
    if late_by <= dt.timedelta(hours=float(limits.observation_overdue_after_hours)):
        return Overdue(due_at, late_by, None)
    return Overdue(due_at, late_by, _inp_3(late_by, limits))


def _inp_3(late_by: dt.timedelta, limits: ClinicalSettings) -> Finding:
    return rule("INP-3").finding(
        message=f"Observations are {in_hours(late_by)} overdue."
        + of_the_centre(limits, "observation_overdue_after_hours"),
        do="Alert the nurse in charge and take the set now. Overdue is not normal, and is never scored.",
    )


def early_warning(course: Course, parts: tuple[Part, ...]) -> Frequency | None:
    """INP-8, then INP-7: continuous, or hourly; None where neither calls for it."""
    urgent, emergency = rule("INP-7"), rule("INP-8")
    hours = int(urgent.value("observe_every_hours"))
    if course.news2 is not None and course.news2 >= emergency.value("news2"):
        return Frequency(hours, parts, "INP-8", f"NEWS2 {course.news2}", continuous=True)
    if course.news2 is not None and course.news2 >= urgent.value("news2"):
        return Frequency(hours, parts, "INP-7", f"NEWS2 {course.news2}")
    if course.single_three:
        return Frequency(hours, parts, "INP-7", "one value scored 3 alone")
    return None


def close_watch(course: Course, parts: tuple[Part, ...], limits: ClinicalSettings, asleep: bool) -> Frequency | None:
    """INP-1, and everything that INP-2 does not clearly loosen."""
    why = _why_close(course, limits)
    hours = limits.observe_asleep_hours if asleep else limits.observe_awake_hours
    return None if why is None else Frequency(hours, parts, "INP-1", why)


def _why_close(course: Course, limits: ClinicalSettings) -> str | None:
    if course.day_of_stay <= limits.close_observation_first_days:
        return f"{days(course.day_of_stay)} after admission" if course.day_of_stay else "the day of admission"
    changed = course.hours_since_change
    if changed is not None and changed < limits.close_observation_after_change_hours:
        return f"the dose changed {in_words(changed)} ago"
    if course.level is None:
        return "how strong the withdrawal is has not been recorded"
    if course.level not in CALM:
        return f"{course.level} withdrawal"
    if course.stable_hours is None or course.stable_hours < limits.stable_after_hours:
        return f"not yet stable for {limits.stable_after_hours} hours"
    return None


def in_words(hours: Decimal) -> str:
    """Whole hours below two days, then whole days: both rounded down, so that nobody counts as longer stable."""
    whole = int(hours)
    if whole < 1:
        return "less than an hour"
    return days(whole // 24) if whole >= 48 else f"{whole} hour{'' if whole == 1 else 's'}"


def _settled(course: Course, parts: tuple[Part, ...], limits: ClinicalSettings) -> Frequency:
    """INP-2: less often once stable, and less often again once settled (centre settings)."""
    stable = course.stable_hours or Decimal(0)
    long = stable >= limits.settled_after_hours
    hours = limits.observe_settled_hours if long else limits.observe_stable_hours
    return Frequency(hours, parts, "INP-2", f"stable for {in_words(stable)}")


def in_hours(span: dt.timedelta) -> str:
    """A span as "1 h 20 min"."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _utc(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone: an interval between clock times is not elapsed time")
    return moment.astimezone(dt.UTC)
