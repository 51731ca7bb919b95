"""What is due does not move with the clock of whoever asks, and an amended order leaves the past as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.dosing.schedule import OrderInForce, PlanInForce, due
from tests.clinical.schedule.histories import CLOCKS, histories, mg
from tests.clinical.schedule.minute_by_minute import due_minute_by_minute

pytestmark = pytest.mark.clock

ELSEWHERE = st.sampled_from(["UTC", "Asia/Kathmandu", "Pacific/Auckland", "America/St_Johns", "Pacific/Apia"])
FIVE_DAYS = dt.timedelta(days=5)


def lines(found):
    return [(one.due_at, one.key, one.local_time, str(one.dose)) for one in found]


def in_zone(moment: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    return None if moment is None else moment.astimezone(zone)


def order_told_in(order: OrderInForce, zone: ZoneInfo) -> OrderInForce:
    told = {name: in_zone(getattr(order, name), zone) for name in ("start_at", "end_at", "stopped_at")}
    return replace(order, **told)


def plan_told_in(plan: PlanInForce, zone: ZoneInfo) -> PlanInForce:
    steps = tuple(replace(one, released_at=in_zone(one.released_at, zone)) for one in plan.steps)
    at, ended = in_zone(plan.effective_at, zone), in_zone(plan.ended_at, zone)
    return replace(plan, effective_at=at, ended_at=ended, steps=steps)


@settings(max_examples=40, deadline=None)
@given(history=histories(), elsewhere=ELSEWHERE)
def test_a_record_told_in_another_time_zone_makes_the_same_doses_due(history, elsewhere):
    """A server, a device or a prescriber elsewhere: the centre's clock alone decides."""
    zone, origin, plans, orders, standing = history
    away = ZoneInfo(elsewhere)
    here = due(plans, orders, standing, since=origin, until=origin + FIVE_DAYS, zone=zone)
    there = due(
        [plan_told_in(one, away) for one in plans],
        [order_told_in(one, away) for one in orders],
        [(in_zone(since, away), in_zone(until, away)) for since, until in standing],
        since=in_zone(origin, away),
        until=in_zone(origin + FIVE_DAYS, away),
        zone=zone,
    )
    assert lines(here) == lines(there)


@settings(max_examples=25, deadline=None)
@given(
    history=histories(), quarter=st.integers(1, 5 * 96 - 1), times=st.lists(CLOCKS, min_size=1, max_size=3, unique=True)
)
def test_an_order_amended_at_any_moment_agrees_with_every_minute_and_leaves_the_past(history, quarter, times):
    """Stopped, and another signed from that very moment: each named time of either comes by the walk of the minutes."""
    zone, origin, plans, orders, standing = history
    if not orders:
        return
    at = origin + quarter * dt.timedelta(minutes=15)
    first = replace(orders[0], end_at=None, stopped_at=None)
    amended = [
        replace(first, stopped_at=at),
        replace(first, key="order:9", order_id=9, dose=mg("2", "sertraline"), times=tuple(times), start_at=at),
        *orders[1:],
    ]
    found = lines(due(plans, amended, standing, since=origin, until=origin + FIVE_DAYS, zone=zone))
    slow = due_minute_by_minute(
        plans, amended, standing, walk_from=origin, since=origin, until=origin + FIVE_DAYS, zone=zone
    )
    assert sorted(found) == slow
    before = lines(due(plans, [first, *orders[1:]], standing, since=origin, until=at, zone=zone))
    assert [one for one in found if one[0] < at] == before
