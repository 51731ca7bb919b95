"""When an as-needed dose may be given next, against a walk through every minute."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st

from glidepath.care.medication.as_needed import next_allowed

pytestmark = pytest.mark.clock

ORIGIN = dt.datetime(2026, 11, 17, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=24)


def at(minutes):
    return ORIGIN + minutes * MINUTE


def test_with_nothing_given_it_may_be_given_at_once():
    assert next_allowed([], dose_ng=5, ceiling_ng=15, least=2 * 60 * MINUTE, not_before=ORIGIN) == ORIGIN


def test_the_least_interval_counts_from_the_last_dose():
    given_ = [(at(0), 5), (at(300), 5)]
    assert next_allowed(given_, dose_ng=5, ceiling_ng=15, least=120 * MINUTE, not_before=ORIGIN) == at(420)


def test_at_the_ceiling_it_waits_until_the_first_dose_is_a_day_old():
    given_ = [(at(0), 5), (at(300), 5), (at(600), 5)]
    assert next_allowed(given_, dose_ng=5, ceiling_ng=15, least=120 * MINUTE, not_before=ORIGIN) == at(24 * 60)


@given(
    st.lists(st.integers(0, 2000), max_size=6, unique=True).map(sorted),
    st.integers(1, 5),
    st.integers(0, 10),
    st.integers(1, 600),
)
def test_it_is_the_first_minute_at_which_both_limits_are_kept(minutes, dose, more, least):
    ceiling = dose + more
    doses = [(at(minute), dose) for minute in minutes]
    walked = next(
        minute
        for minute in range(max([0, *minutes]), 6000)
        if all(minute - last >= least for last in minutes[-1:])
        and sum(dose for given_at in minutes if minute - 1440 < given_at <= minute) + dose <= ceiling
    )
    found = next_allowed(doses, dose_ng=dose, ceiling_ng=ceiling, least=least * MINUTE, not_before=ORIGIN)
    assert found == at(walked)
