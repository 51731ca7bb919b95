"""Proposed from the course, set by a prescriber, closer by itself, less close by a person alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as some

from glidepath.clinical.monitoring.observation_plan import (
    Cut,
    Intervals,
    SetPlan,
    Triggers,
    by_ciwa_ar,
    in_force,
    next_extra,
    propose,
    scale_in_force,
)
from glidepath.clinical.monitoring.observations import Course, WithdrawalLevel
from glidepath.clinical.monitoring.scale_choice import Scale

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
FIRST_DAY = Course(day_of_stay=0)
QUIET = Course(day_of_stay=9, level=WithdrawalLevel.MILD, stable_hours=Decimal(200))
SEVEN = Course(day_of_stay=6, level=WithdrawalLevel.MILD, stable_hours=Decimal(80))
ALL = (Scale.CIWA_B, Scale.CIWA_AR, Scale.COWS)


def plan(awake=8, asleep=8, *, days=7, **scales) -> SetPlan:
    hours = {Scale(key): value for key, value in (scales or {"ciwa_b": 12}).items()}
    return SetPlan(Intervals(awake, asleep, hours), NOON, NOON + dt.timedelta(days=days))


def hours(course=QUIET, set_plan=None, triggers=None, *, at=NOON, asleep=False):
    return in_force(course, set_plan, triggers or Triggers(), now=at, asleep=asleep).hours


# --- Proposed: care-pathway.md 2.6 and guideline.md 4.6, 4.8 ----------------------------------------------------------


@pytest.mark.parametrize(
    ("course", "sets", "ciwa_b"),
    [
        (FIRST_DAY, 4, 4),  # days 0 to 3: 4-hourly
        (replace(QUIET, day_of_stay=3), 4, 4),
        (SEVEN, 8, 12),  # days 4 to 7: 6 to 8-hourly, CIWA-B twice daily
        (QUIET, 12, 24),
    ],
)
def test_the_proposal_follows_the_phase(course, sets, ciwa_b):
    found = propose(course, [Scale.CIWA_B], now=NOON).intervals
    assert (found.awake, found.scales) == (sets, {Scale.CIWA_B: ciwa_b})


def test_stable_in_residential_care_is_seen_daily_and_after_a_cut_twice():
    assert propose(QUIET, [Scale.CIWA_B], now=NOON, residential=True).intervals.awake == 24
    cut = Cut(NOON - dt.timedelta(days=6), watch_days=7)
    assert propose(QUIET, [Scale.CIWA_B], now=NOON, residential=True, cut=cut).intervals.awake == 12
    over = Cut(NOON - dt.timedelta(days=7), watch_days=7)
    assert propose(QUIET, [Scale.CIWA_B], now=NOON, residential=True, cut=over).intervals.awake == 24


def test_a_longer_acting_medicine_is_watched_for_longer():
    cut = Cut(NOON - dt.timedelta(days=10), watch_days=14)
    found = propose(QUIET, [Scale.CIWA_B], now=NOON, residential=True, cut=cut)
    assert found.intervals.awake == 12
    assert "14 days after the last cut" in found.why


@pytest.mark.parametrize(
    ("total", "near", "far"), [(0, 4, 6), (9, 4, 6), (10, 2, 4), (20, 2, 4), (21, 1, 1), (67, 1, 1), (None, 2, 4)]
)
def test_alcohol_is_scored_by_its_score(total, near, far):
    """POL-3 (NSW): under 10 every 4 to 6 hours, 10 to 20 every 2 to 4, over 20 hourly."""
    assert (by_ciwa_ar(total), by_ciwa_ar(total, at_most=True)) == (near, far)


def test_opioid_withdrawal_is_scored_every_6_hours():
    assert propose(FIRST_DAY, ALL, now=NOON).intervals.scales[Scale.COWS] == 6


# --- In force ---------------------------------------------------------------------------------------------------------


def test_nothing_gets_less_close_without_a_plan():
    assert [hours(one) for one in (FIRST_DAY, SEVEN, QUIET)] == [4, 4, 4]
    assert "no prescriber has set" in in_force(QUIET, None, Triggers(), now=NOON).why


def test_a_plan_holds_until_it_is_to_be_looked_at_again():
    assert hours(set_plan=plan(days=2), at=NOON + dt.timedelta(days=2, seconds=-1)) == 8
    assert hours(set_plan=plan(days=2), at=NOON + dt.timedelta(days=2)) == 4


@pytest.mark.parametrize(
    ("triggers", "expected"),
    [
        (Triggers(news2=4), 8),
        (Triggers(news2=5), 1),
        (Triggers(single_three=True), 1),
        (Triggers(others=("CIWA-B more than mild",)), 4),
    ],
)
def test_a_trigger_since_the_plan_was_set_makes_it_closer(triggers, expected):
    assert hours(set_plan=plan(), triggers=triggers) == expected


def test_a_news2_of_7_is_watched_without_a_pause():
    assert in_force(QUIET, plan(), Triggers(news2=7), now=NOON).continuous


def test_after_a_change_of_dose_the_watch_is_close_for_48_hours_and_goes_back_to_the_signed_plan():
    assert hours(replace(QUIET, hours_since_change=Decimal("47.9")), plan()) == 4
    assert hours(replace(QUIET, hours_since_change=Decimal(48)), plan()) == 8


def test_a_closer_plan_is_never_loosened_by_a_rule():
    assert hours(set_plan=plan(2, 2), triggers=Triggers(others=("a fall",))) == 2


def test_asleep_has_an_interval_of_its_own():
    assert hours(set_plan=plan(8, 4), asleep=True) == 4


def test_extra_sets_fall_due_24_48_and_72_hours_after_a_cut():
    cut, hour = Cut(NOON, watch_days=7), dt.timedelta(hours=1)
    assert [next_extra(cut, NOON + n * hour) for n in (0, 23, 24, 48, 71)] == [
        NOON + n * hour for n in (24, 24, 48, 72, 72)
    ]
    assert next_extra(cut, NOON + 72 * hour) is None
    assert next_extra(cut, None) == NOON + 24 * hour
    assert next_extra(None, NOON) is None


def scored_every(scale, set_plan=None, **given):
    every = in_force(QUIET, set_plan, Triggers(), now=NOON)
    return scale_in_force(scale, set_plan, every, now=NOON, **given)


def test_a_scale_the_plan_leaves_out_is_not_due():
    assert scored_every(Scale.CIWA_B, plan(cows=6)) is None
    assert scored_every(Scale.CIWA_AR) is None
    assert scored_every(Scale.CIWA_B) == 4


def test_a_high_ciwa_ar_shortens_its_own_interval_and_a_low_one_never_lengthens_it():
    assert scored_every(Scale.CIWA_AR, plan(ciwa_ar=6), highest_ciwa_ar=15) == 4
    assert scored_every(Scale.CIWA_AR, plan(ciwa_ar=6), highest_ciwa_ar=21) == 1
    assert scored_every(Scale.CIWA_AR, plan(ciwa_ar=2), highest_ciwa_ar=0) == 2


def test_a_scale_that_was_begun_without_a_plan_goes_on():
    assert scored_every(Scale.CIWA_AR, highest_ciwa_ar=12, scored=True) == 2
    assert scored_every(Scale.COWS, scored=True) == 6


def test_an_hourly_watch_does_not_ask_ciwa_b_every_hour():
    every = in_force(QUIET, plan(), Triggers(news2=5), now=NOON)
    assert scale_in_force(Scale.CIWA_B, plan(), every, now=NOON) == 4


def test_what_a_plan_makes_less_close_than_the_proposal_is_named():
    proposed = Intervals(4, 4, {Scale.CIWA_B: 4, Scale.COWS: 6})
    assert Intervals(4, 4, {Scale.CIWA_B: 4, Scale.COWS: 6}).looser_than(proposed) == ()
    assert Intervals(8, 4, {Scale.CIWA_B: 4}).looser_than(proposed) == ("awake every 8 hours, not 4", "COWS left out")


@pytest.mark.parametrize("wrong", [0, 25, -1])
def test_an_interval_is_1_to_24_hours(wrong):
    with pytest.raises(ValueError, match="1 to 24"):
        Intervals(wrong, 4, {})


# --- For every course -------------------------------------------------------------------------------------------------

COURSES = some.builds(
    Course,
    day_of_stay=some.integers(0, 90),
    hours_since_change=some.none() | some.decimals(0, 400, places=1),
    level=some.none() | some.sampled_from(WithdrawalLevel),
    stable_hours=some.none() | some.decimals(0, 900, places=1),
    news2=some.none() | some.integers(0, 20),
    single_three=some.booleans(),
)
PLANS = some.builds(
    lambda awake, asleep, ciwa_b, days: plan(awake, asleep, days=days, ciwa_b=ciwa_b),
    *(some.integers(1, 24),) * 3,
    some.integers(1, 30),
)
TRIGGERS = some.builds(
    Triggers,
    news2=some.none() | some.integers(0, 20),
    single_three=some.booleans(),
    others=some.sampled_from([(), ("a seizure",), ("a seizure", "drowsy")]),
)
LATER = some.integers(0, 24 * 40).map(lambda hours: NOON + dt.timedelta(hours=hours))


@settings(max_examples=150)
@given(COURSES, some.none() | PLANS, TRIGGERS, LATER, some.booleans())
def test_no_trigger_and_no_time_that_passes_makes_it_less_close(course, set_plan, triggers, at, asleep):
    now = in_force(course, set_plan, triggers, now=at, asleep=asleep)
    assert now.hours <= in_force(course, set_plan, Triggers(), now=at, asleep=asleep).hours
    if set_plan is None:
        assert now.hours <= 4, "nobody has set anything: never less close than in the first days"
    elif at < set_plan.until:
        assert now.hours <= (set_plan.intervals.asleep if asleep else set_plan.intervals.awake)
    else:
        assert now.hours <= 4, "the plan has ended"


@settings(max_examples=100)
@given(COURSES, PLANS, TRIGGERS, some.lists(some.integers(0, 67), min_size=1, max_size=5))
def test_the_highest_score_decides_in_whatever_order_they_came(course, set_plan, triggers, totals):
    set_plan = replace(set_plan, intervals=Intervals(8, 8, {Scale.CIWA_AR: 6}))
    every = in_force(course, set_plan, triggers, now=NOON)
    found = scale_in_force(Scale.CIWA_AR, set_plan, every, now=NOON, highest_ciwa_ar=max(totals))
    assert found == min(6, *(by_ciwa_ar(one, at_most=True) for one in totals))


@settings(max_examples=100)
@given(COURSES, some.booleans())
def test_a_proposal_can_be_signed_as_it_stands(course, residential):
    found = propose(course, ALL, now=NOON, residential=residential)
    assert found.intervals.looser_than(found.intervals) == ()
    assert set(found.intervals.scales) == set(ALL)
