"""INP-14: the stop conditions of a batch of daily cuts, and whether the values of a day lie inside them.

What is not known, or too old, is never inside. The conditions proposed are those at which other rules call somebody
(INP-6, INP-7, INP-13); a batch may be stricter, and never looser than they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from glidepath.clinical.facts.centre_settings import of_the_centre
from glidepath.clinical.facts.load import clinical_settings, rule
from glidepath.clinical.facts.settings import ClinicalSettings
from glidepath.clinical.findings import Finding
from glidepath.clinical.guidelines.escalation import TimedTotal
from glidepath.clinical.guidelines.wording import hours, listed
from glidepath.clinical.monitoring.sedation import signed

RASS_HIGHEST = 4


@dataclass(frozen=True, slots=True)
class StopConditions:
    """A day's cut may begin only inside all of these. CIWA-B and NEWS2 in points; RASS -5 to +4.

    ciwa_b_rise_under: the rise within the hours of INP-6 stays under so many points. values_hours: how old a value may
    be at the review.
    """

    ciwa_b_at_most: int
    ciwa_b_rise_under: int
    rass_at_least: int
    rass_at_most: int
    news2_at_most: int
    values_hours: int

    def as_data(self) -> Mapping[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SeenRass:
    at: dt.datetime
    rass: int


@dataclass(frozen=True, slots=True)
class DayValues:
    """The newest values at the review; None: never measured. Moments carry a time zone.

    ciwa_b: complete totals, oldest first, the last one is today's. single_three: a NEWS2 parameter scored 3 alone.
    open_events: those nobody has lifted, in words. since: values from before it say nothing (the last change of dose).
    """

    now: dt.datetime
    ciwa_b: tuple[TimedTotal, ...] = ()
    rass: SeenRass | None = None
    news2: TimedTotal | None = None
    single_three: bool = False
    open_events: tuple[str, ...] = ()
    since: dt.datetime | None = None


def proposed(*, rass_at_most: int, values_hours: int, settings: ClinicalSettings | None = None) -> StopConditions:
    """The conditions a batch begins with: just short of what the rules call somebody for; the rest is the centre's."""
    limits = settings or clinical_settings()
    return StopConditions(
        ciwa_b_at_most=limits.ciwa_b_review_at_least - 1,
        ciwa_b_rise_under=limits.ciwa_b_rise,
        rass_at_least=limits.review_rass + 1,
        rass_at_most=rass_at_most,
        news2_at_most=int(rule("INP-7").value("news2")) - 1,
        values_hours=values_hours,
    )


def too_loose(asked: StopConditions, *, settings: ClinicalSettings | None = None) -> Mapping[str, str]:
    """What of the conditions asked for cannot be, by its name: looser than a rule, or no value of the scale."""
    most = proposed(rass_at_most=RASS_HIGHEST, values_hours=24, settings=settings)
    bounds = {
        "ciwa_b_at_most": (0, most.ciwa_b_at_most, "above it INP-6 calls a physician"),
        "ciwa_b_rise_under": (1, most.ciwa_b_rise_under, "at it INP-6 calls a physician"),
        "rass_at_least": (most.rass_at_least, 0, "below it INP-13 holds the next dose"),
        "rass_at_most": (0, RASS_HIGHEST, "the scale ends there"),
        "news2_at_most": (0, most.news2_at_most, "above it INP-7 asks for an urgent review"),
        "values_hours": (1, most.values_hours, "a review looks at values of its own day"),
    }
    given = asked.as_data()
    return {
        name: f"{given[name]} cannot be: choose from {low} to {high} ({why})."
        for name, (low, high, why) in bounds.items()
        if not low <= given[name] <= high
    }


def check_day(
    conditions: StopConditions, seen: DayValues, *, settings: ClinicalSettings | None = None
) -> tuple[Finding, ...]:
    """INP-14 for each value that stands against today's cut, and for each that is missing or too old."""
    newest = max(seen.ciwa_b, key=lambda one: one.at, default=None)
    return (
        *_ciwa_b(newest, conditions, seen, settings or clinical_settings()),
        *_rass(seen.rass, conditions, seen),
        *_news2(seen.news2, conditions, seen),
        *((_against(f"{listed(seen.open_events).capitalize()} still open."),) if seen.open_events else ()),
    )


def _ciwa_b(
    newest: TimedTotal | None, conditions: StopConditions, seen: DayValues, limits: ClinicalSettings
) -> Iterable[Finding]:
    if newest is None or not _is_fresh(newest.at, conditions, seen):
        yield _missing("CIWA-B", "ciwa_b", "Score CIWA-B", conditions)
        return
    if newest.total > conditions.ciwa_b_at_most:
        yield _against(f"CIWA-B is {newest.total}; in this batch a cut begins at {conditions.ciwa_b_at_most} or less.")
    rise = newest.total - _lowest_before(newest, seen.ciwa_b, limits.ciwa_b_rise_hours)
    if rise >= conditions.ciwa_b_rise_under:
        within, own = hours(limits.ciwa_b_rise_hours), of_the_centre(limits, "ciwa_b_rise_hours")
        yield _against(f"CIWA-B rose by {rise} within {within}; under {conditions.ciwa_b_rise_under} is inside.{own}")


def _lowest_before(newest: TimedTotal, totals: Sequence[TimedTotal], within_hours: int) -> int:
    since = newest.at - dt.timedelta(hours=within_hours)
    return min((one.total for one in totals if since <= one.at < newest.at), default=newest.total)


def _rass(newest: SeenRass | None, conditions: StopConditions, seen: DayValues) -> Iterable[Finding]:
    if newest is None or not _is_fresh(newest.at, conditions, seen):
        yield _missing("RASS", "rass", "Record RASS", conditions)
    elif not conditions.rass_at_least <= newest.rass <= conditions.rass_at_most:
        inside = f"{signed(conditions.rass_at_least)} to {signed(conditions.rass_at_most)}"
        yield _against(f"RASS is {signed(newest.rass)}; in this batch a cut begins at {inside}.")


def _news2(newest: TimedTotal | None, conditions: StopConditions, seen: DayValues) -> Iterable[Finding]:
    if newest is None or not _is_fresh(newest.at, conditions, seen):
        yield _missing("NEWS2", "news2", "Measure a whole set of vital signs", conditions)
        return
    if newest.total > conditions.news2_at_most:
        yield _against(f"NEWS2 is {newest.total}; in this batch a cut begins at {conditions.news2_at_most} or less.")
    if seen.single_three:
        yield _against("One value of NEWS2 scores 3 alone.")


def _is_fresh(at: dt.datetime, conditions: StopConditions, seen: DayValues) -> bool:
    if seen.since is not None and at <= seen.since:
        return False
    return at >= seen.now - dt.timedelta(hours=conditions.values_hours)


def _against(message: str) -> Finding:
    return rule("INP-14").finding(
        message=message, do="No cut today: the dose of the day before goes on, and the prescriber decides."
    )


def _missing(what: str, key: str, do: str, conditions: StopConditions) -> Finding:
    return rule("INP-14").cannot_be_assessed(
        message=f"{what} is not there from the last {hours(conditions.values_hours)}, after the last change of dose.",
        do=f"{do}, then record the review.",
        missing=(key,),
    )
