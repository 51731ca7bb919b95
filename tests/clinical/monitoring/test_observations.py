from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from glidepath.clinical.findings import Severity
from glidepath.clinical.monitoring.observations import (
    Course,
    Part,
    WithdrawalLevel,
    frequency,
    in_words,
    next_due,
    overdue,
)
from tests.clinical.guidelines.proof import fires, just_short

SETTLING = Course(day_of_stay=6, level=WithdrawalLevel.MILD, stable_hours=Decimal(72))
NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


@fires("INP-1")
@pytest.mark.parametrize(
    "course",
    [
        replace(SETTLING, day_of_stay=0),
        replace(SETTLING, day_of_stay=3),
        replace(SETTLING, hours_since_change=Decimal("47.9")),
        replace(SETTLING, level=WithdrawalLevel.MODERATE),
        replace(SETTLING, level=WithdrawalLevel.COMPLICATED),
        replace(SETTLING, level=None),
        replace(SETTLING, stable_hours=Decimal("71.9")),
        replace(SETTLING, stable_hours=None),
    ],
)
def test_early_days_a_changed_dose_or_stronger_withdrawal_are_watched_every_four_hours(course: Course) -> None:
    found = frequency(course)
    assert (found.code, found.hours) == ("INP-1", 4)
    assert found.parts == (Part.VITALS, Part.RASS, Part.CIWA_B)


@just_short("INP-1")
@fires("INP-2")
@pytest.mark.parametrize("course", [SETTLING, replace(SETTLING, hours_since_change=Decimal(48))])
def test_three_stable_days_loosen_the_watch(course: Course) -> None:
    found = frequency(course)
    assert (found.code, found.hours) == ("INP-2", 8)


@just_short("INP-2")
def test_a_day_short_of_three_stable_days_does_not() -> None:
    assert frequency(replace(SETTLING, stable_hours=Decimal(71))).code == "INP-1"


def test_six_stable_days_are_watched_twice_daily() -> None:
    assert frequency(replace(SETTLING, stable_hours=Decimal(144))).hours == 12
    assert frequency(replace(SETTLING, stable_hours=Decimal(143))).hours == 8


def test_asleep_breathing_is_watched_and_nobody_is_woken_for_a_score() -> None:
    found = frequency(replace(SETTLING, day_of_stay=1), asleep=True)
    assert (found.hours, found.parts) == (4, (Part.VITALS, Part.BREATHING))


@pytest.mark.parametrize(
    ("course", "code", "continuous"),
    [
        (replace(SETTLING, news2=5), "INP-7", False),
        (replace(SETTLING, news2=0, single_three=True), "INP-7", False),
        (replace(SETTLING, news2=7), "INP-8", True),
    ],
)
def test_an_early_warning_makes_it_hourly_whatever_the_day(course: Course, code: str, continuous: bool) -> None:
    found = frequency(course)
    assert (found.code, found.hours, found.continuous) == (code, 1, continuous)
    assert frequency(replace(SETTLING, news2=4)).code == "INP-2"


def test_the_next_set_is_due_an_interval_after_the_last_or_at_once() -> None:
    every = frequency(SETTLING)
    assert next_due(NOON, every, since=NOON) == NOON + dt.timedelta(hours=8)
    assert next_due(None, every, since=NOON) == NOON


def test_the_night_the_clock_changes_is_counted_in_elapsed_hours() -> None:
    london = ZoneInfo("Europe/London")
    before = dt.datetime(2026, 10, 24, 23, tzinfo=london)  # the hour from 1 to 2 comes twice
    due = next_due(before, frequency(replace(SETTLING, day_of_stay=1)), since=before)
    assert due.astimezone(london) == dt.datetime(2026, 10, 25, 2, tzinfo=london)


@fires("INP-3")
def test_more_than_an_hour_overdue_alerts_the_nurse_in_charge() -> None:
    late = overdue(NOON, now=NOON + dt.timedelta(hours=1, minutes=1))
    assert late is not None
    assert late.finding is not None
    assert (late.finding.code, late.finding.severity) == ("INP-3", Severity.HARD_STOP)
    assert not late.finding.overridable
    assert "1 h 01 min" in late.finding.message


@just_short("INP-3")
def test_an_hour_overdue_shows_and_does_not_yet_alert() -> None:
    late = overdue(NOON, now=NOON + dt.timedelta(hours=1))
    assert late is not None
    assert not late.alerts
    assert overdue(NOON, now=NOON) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        overdue(dt.datetime(2026, 5, 1, 12), now=NOON)


@pytest.mark.parametrize(
    ("hours", "words"),
    [("0.5", "less than an hour"), ("1", "1 hour"), ("26.8", "26 hours"), ("48", "2 days"), ("282.7", "11 days")],
)
def test_how_long_is_said_in_whole_hours_or_days_rounded_down(hours, words):
    assert in_words(Decimal(hours)) == words
