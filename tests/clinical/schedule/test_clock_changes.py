"""Days on which the clock skips an hour or repeats one. Expected moments are worked by hand from the offsets."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from glidepath.clinical.dosing.schedule import OrderInForce, OrderKind, due, moment
from tests.clinical.schedule.histories import BEIRUT, LONDON, NEW_YORK, SANTIAGO, mg, regular

pytestmark = pytest.mark.clock

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        # London: 01:00 GMT becomes 02:00 BST on 29 March; 02:00 BST becomes 01:00 GMT on 25 October
        (LONDON, "2026-03-29", "00:30", "2026-03-29 00:30"),
        (LONDON, "2026-03-29", "01:00", "2026-03-29 01:00"),  # skipped: first moment after the gap, 02:00 BST
        (LONDON, "2026-03-29", "01:30", "2026-03-29 01:00"),
        (LONDON, "2026-03-29", "02:00", "2026-03-29 01:00"),
        (LONDON, "2026-03-29", "08:00", "2026-03-29 07:00"),
        (LONDON, "2026-10-25", "01:30", "2026-10-25 00:30"),  # twice: the first, still BST
        (LONDON, "2026-10-25", "02:00", "2026-10-25 02:00"),
        # New York: 02:00 EST becomes 03:00 EDT on 8 March; 02:00 EDT becomes 01:00 EST on 1 November
        (NEW_YORK, "2026-03-08", "02:15", "2026-03-08 07:00"),
        (NEW_YORK, "2026-11-01", "01:45", "2026-11-01 05:45"),
        # Santiago: midnight becomes 01:00 on 6 September; midnight of 5 April becomes 23:00 of the 4th
        (SANTIAGO, "2026-09-06", "00:00", "2026-09-06 04:00"),
        (SANTIAGO, "2026-09-06", "00:45", "2026-09-06 04:00"),
        (SANTIAGO, "2026-04-04", "23:30", "2026-04-05 02:30"),  # twice: the first, still summer time
        (SANTIAGO, "2026-04-05", "00:00", "2026-04-05 04:00"),
        # Beirut: midnight becomes 01:00 on 29 March; midnight of 25 October becomes 23:00 of the 24th
        (BEIRUT, "2026-03-29", "00:00", "2026-03-28 22:00"),
        (BEIRUT, "2026-10-24", "23:15", "2026-10-24 20:15"),
        (BEIRUT, "2026-10-25", "00:00", "2026-10-24 22:00"),
    ],
)
def test_a_named_time_on_the_day_of_a_clock_change(zone, day, clock, expected):
    assert moment(dt.date.fromisoformat(day), dt.time.fromisoformat(clock), zone) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        (LONDON, dt.date(2026, 3, 29)),
        (LONDON, dt.date(2026, 10, 25)),
        (NEW_YORK, dt.date(2026, 3, 8)),
        (NEW_YORK, dt.date(2026, 11, 1)),
        (SANTIAGO, dt.date(2026, 9, 6)),
        (SANTIAGO, dt.date(2026, 4, 5)),
        (BEIRUT, dt.date(2026, 3, 29)),
        (BEIRUT, dt.date(2026, 10, 25)),
    ],
)
def test_each_named_time_comes_once_a_calendar_day_across_the_change(zone, change):
    clocks = [f"{hour:02}:{minute}" for hour in range(24) for minute in ("00", "30")]
    order = regular("order:1", clocks, LONG_AGO)
    day = dt.timedelta(days=1)
    since, until = moment(change - day, dt.time(0), zone), moment(change + 2 * day, dt.time(0), zone)
    doses = due([], [order], [], since=since, until=until, zone=zone)
    for clock in clocks:
        assert [dose.key for dose in doses].count(f"order:1@{clock}") == 3


def test_two_named_times_inside_the_gap_are_both_due_and_keep_their_own_keys():
    order = regular("order:1", ["01:00", "01:30"], LONG_AGO)
    doses = due([], [order], [], since=utc("2026-03-29 00:00"), until=utc("2026-03-29 12:00"), zone=LONDON)
    assert [(dose.due_at, dose.key) for dose in doses] == [
        (utc("2026-03-29 01:00"), "order:1@01:00"),
        (utc("2026-03-29 01:00"), "order:1@01:30"),
    ]


@pytest.mark.parametrize(
    ("night", "clocks"),
    [
        ("2026-03-28", ["22:00", "05:00", "11:00"]),  # 22:00 GMT, six hours later 04:00 GMT: the wall shows 05:00
        ("2026-10-24", ["22:00", "03:00", "09:00"]),  # 22:00 BST, six hours later 04:00 BST: the wall shows 03:00
    ],
)
def test_an_order_by_interval_counts_elapsed_hours_through_the_change(night, clocks):
    start = moment(dt.date.fromisoformat(night), dt.time(22), LONDON)
    order = OrderInForce("order:1", 1, OrderKind.INTERVAL, mg("5"), start, every_hours=6)
    doses = due([], [order], [], since=start, until=start + dt.timedelta(hours=18), zone=LONDON)
    assert [dose.due_at - start for dose in doses] == [dt.timedelta(hours=n) for n in (0, 6, 12)]
    assert [f"{dose.local_time:%H:%M}" for dose in doses] == clocks


def test_a_calendar_day_that_a_zone_left_out_has_no_doses():
    apia = ZoneInfo("Pacific/Apia")  # 30 December 2011 did not happen there
    order = regular("order:1", ["08:00", "20:00"], dt.datetime(2011, 12, 1, tzinfo=dt.UTC))
    since, until = moment(dt.date(2011, 12, 29), dt.time(0), apia), moment(dt.date(2012, 1, 1), dt.time(0), apia)
    days = [dose.due_at.astimezone(apia).day for dose in due([], [order], [], since=since, until=until, zone=apia)]
    assert days == [29, 29, 31, 31]
