"""The running clock of an emergency: lengths and SEI-2 by hand, and against a second-by-second oracle."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.monitoring.emergency import debrief_by, fits, review_by, status_at, status_epilepticus

pytestmark = pytest.mark.clock

BEGAN = dt.datetime(2026, 10, 25, 0, 58, tzinfo=dt.UTC)  # two minutes before the clock goes back in London


def at(seconds: int) -> dt.datetime:
    return BEGAN + dt.timedelta(seconds=seconds)


def fires(seconds: int, **taps: int) -> bool:
    return status_epilepticus(fits(BEGAN, {name: at(value) for name, value in taps.items()}), at(seconds)) is not None


@pytest.mark.parametrize(("seconds", "expected"), [(0, False), (299, False), (300, True), (3000, True)])
def test_five_minutes_are_status_epilepticus_by_time_alone(seconds: int, expected: bool) -> None:
    assert fires(seconds) is expected


def test_a_seizure_that_stopped_in_time_says_nothing_later() -> None:
    assert not fires(3000, stopped_1=240)


def test_a_seizure_that_lasted_five_minutes_goes_on_saying_so() -> None:
    assert fires(3000, stopped_1=301)


def test_a_second_seizure_without_recovery_fires_at_once_and_with_recovery_it_does_not() -> None:
    assert fires(121, stopped_1=60, again_2=120)
    assert not fires(121, stopped_1=60, recovered_1=90, again_2=120)


def test_a_second_seizure_has_a_clock_of_its_own() -> None:
    taps = {"stopped_1": 60, "recovered_1": 90, "again_2": 1000}
    assert not fires(1299, **taps)
    assert fires(1300, **taps)


def test_a_seizure_never_said_to_have_stopped_ends_where_the_next_begins() -> None:
    first, second = fits(BEGAN, {"again_2": at(100)})
    assert (first.stopped_at, second.stopped_at) == (at(100), None)
    assert first.lasted(at(500)) == dt.timedelta(seconds=100)


def test_the_moment_of_the_prompt_is_known_before_it_comes() -> None:
    assert status_at(fits(BEGAN, {})) == at(300)
    assert status_at(fits(BEGAN, {"stopped_1": at(10)})) is None
    assert status_at(fits(BEGAN, {"stopped_1": at(10), "again_2": at(50)})) == at(350)


def test_the_finding_says_how_long_and_what_to_do() -> None:
    found = status_epilepticus(fits(BEGAN, {}), at(330))
    assert found is not None
    assert found.message == "The seizure has lasted 5.5 minutes."
    assert found.do == "Status epilepticus: emergency services, site protocol."


def test_the_talk_and_the_review_are_due_by_our_own_defaults() -> None:
    assert debrief_by(BEGAN) == BEGAN + dt.timedelta(hours=24)
    assert review_by(BEGAN) == BEGAN + dt.timedelta(days=7)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400), st.booleans()), min_size=1, max_size=3))
def test_it_fires_when_a_count_second_by_second_says_so(course: list[tuple[int, int, bool]]) -> None:
    """Each seizure lasts so many seconds, then a pause of so many, in which recovery was seen or not."""
    taps: dict[str, dt.datetime] = {}
    clock, longest, without = 0, 0, False
    for number, (lasts, pause, recovered) in enumerate(course, start=1):
        if number > 1:
            taps[f"again_{number}"] = at(clock)
            without = without or f"recovered_{number - 1}" not in taps
        for _ in range(lasts):
            clock += 1
        longest = max(longest, lasts)
        taps[f"stopped_{number}"] = at(clock)
        clock += pause
        if recovered:
            taps[f"recovered_{number}"] = at(clock)
    expected = longest >= 300 or without
    assert (status_epilepticus(fits(BEGAN, taps), at(clock)) is not None) is expected
