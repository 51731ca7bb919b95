"""The centre's times, each at its edge, by our own readings and by another setting."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from glidepath.clinical.facts.load import clinical_settings
from glidepath.clinical.monitoring import centre_times

NOON = dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC)
OURS = clinical_settings()


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (centre_times.fresh_for(OURS), dt.timedelta(minutes=60)),
        (centre_times.sign_by(NOON, OURS), dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)),
        (centre_times.back_by_at_most(NOON, OURS), dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)),
        (centre_times.witnessed_since(NOON, OURS), dt.datetime(2026, 11, 17, 11, 0, tzinfo=dt.UTC)),
        (centre_times.dated_back_to(NOON, OURS), dt.datetime(2026, 11, 15, 12, 0, tzinfo=dt.UTC)),
        (centre_times.with_manager_from(NOON, OURS), dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)),
    ],
)
def test_our_own_readings(found, expected):
    assert found == expected


@pytest.mark.parametrize(
    ("issued", "expected", "percent", "apart"),
    [(120, 100, 20, False), (121, 100, 20, True), (79, 100, 20, True), (80, 100, 20, False), (111, 100, 10, True),
     (0, 0, 20, False), (1, 0, 20, True)],
)  # fmt: skip
def test_a_drift_is_more_than_the_percentage_of_what_was_due(issued, expected, percent, apart):
    settings = replace(OURS, register_drift_percent=percent)
    assert centre_times.drifts_apart(issued, expected, settings) is apart
