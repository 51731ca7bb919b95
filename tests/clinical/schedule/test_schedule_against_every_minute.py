"""The derivation agrees with a walk through every minute, and a new version never reaches back."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from glidepath.clinical.dosing.schedule import due
from tests.clinical.schedule.histories import histories
from tests.clinical.schedule.minute_by_minute import due_minute_by_minute

DAY = dt.timedelta(days=1)
RANDOM = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

pytestmark = pytest.mark.clock


def lines(doses):
    return sorted((dose.due_at, dose.key, dose.local_time, str(dose.dose)) for dose in doses)


@RANDOM
@given(histories(), st.integers(0, 300), st.integers(1, 400))
def test_what_is_due_agrees_with_looking_at_every_minute(history, quarter, length):
    zone, origin, plans, orders, standing = history
    since = origin + quarter * dt.timedelta(minutes=15)
    until = since + length * dt.timedelta(minutes=15)
    found = due(plans, orders, standing, since=since, until=until, zone=zone)
    walked = due_minute_by_minute(plans, orders, standing, walk_from=origin, since=since, until=until, zone=zone)
    assert lines(found) == walked


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories(), st.integers(1, 400))
def test_a_new_version_never_changes_what_was_due_before_it(history, split):
    zone, origin, plans, orders, standing = history
    for count, added in enumerate(plans):
        window = {"since": origin, "until": added.effective_at, "zone": zone}
        assert due(plans[:count], orders, standing, **window) == due(plans[: count + 1], orders, standing, **window)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories(), st.integers(1, 479))
def test_two_windows_side_by_side_are_one_window(history, split):
    zone, origin, plans, orders, standing = history
    middle, end = origin + split * dt.timedelta(minutes=15), origin + 5 * DAY
    early = due(plans, orders, standing, since=origin, until=middle, zone=zone)
    late = due(plans, orders, standing, since=middle, until=end, zone=zone)
    assert early + late == due(plans, orders, standing, since=origin, until=end, zone=zone)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(histories())
def test_no_named_time_comes_twice_on_a_calendar_day_and_no_key_twice_at_one_moment(history):
    zone, origin, plans, orders, standing = history
    doses = due(plans, orders, standing, since=origin, until=origin + 6 * DAY, zone=zone)
    named = Counter((dose.key, dose.due_at.astimezone(zone).date()) for dose in doses if "@" in dose.key)
    assert all(times == 1 for times in named.values())
    assert len({(dose.key, dose.due_at) for dose in doses}) == len(doses)
