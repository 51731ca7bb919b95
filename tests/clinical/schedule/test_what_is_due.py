"""What is due to whom when, by hand: versions, releases, holds, freezes, orders, midnight."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.clinical.dosing.schedule import (
    NotBegun,
    OrderInForce,
    OrderKind,
    ScheduleError,
    Why,
    due,
    segments,
)
from tests.clinical.schedule.histories import LONDON, at, mg, plan, regular, step

NOV = [None, *(dt.date(2026, 11, n) for n in range(1, 31))]  # London is on UTC all through November


def utc(day: int, clock: str) -> dt.datetime:
    return dt.datetime.combine(NOV[day], dt.time.fromisoformat(clock), dt.UTC)


def shown(plans=(), orders=(), standing=(), *, since, until):
    """Each dose as "17 08:00 diazepam 10 mg"."""
    doses = due(plans, orders, standing, since=since, until=until, zone=LONDON)
    return [f"{dose.due_at.astimezone(LONDON):%-d %H:%M} {dose.dose}" for dose in doses]


MORNING_AND_NIGHT = [at("08:00", "10"), at("22:00", "10")]
LOWER = [at("08:00", "10"), at("22:00", "8")]
LOWER_STILL = [at("08:00", "8"), at("22:00", "8")]
SIGNED = utc(1, "12:00")


def first_plan(**third):
    return plan(
        1,
        SIGNED,
        [
            step(1, NOV[1], MORNING_AND_NIGHT, released=SIGNED),
            step(2, NOV[10], LOWER, released=utc(9, "10:00")),
            step(3, NOV[20], LOWER_STILL, **third),
        ],
    )


def test_a_plan_signed_at_noon_gives_nothing_that_morning():
    assert shown([first_plan()], since=utc(1, "00:00"), until=utc(2, "12:00")) == [
        "1 22:00 diazepam 10 mg",
        "2 08:00 diazepam 10 mg",
    ]


def test_a_released_step_begins_with_its_day():
    assert shown([first_plan()], since=utc(9, "20:00"), until=utc(11, "00:00")) == [
        "9 22:00 diazepam 10 mg",
        "10 08:00 diazepam 10 mg",
        "10 22:00 diazepam 8 mg",
    ]


def test_a_step_with_a_named_time_leaves_the_earlier_doses_of_that_day_to_the_step_before():
    later = plan(
        1,
        SIGNED,
        [
            step(1, NOV[1], [at("08:00", "10"), at("14:00", "10"), at("22:00", "10")], released=SIGNED),
            step(2, NOV[3], [at("08:00", "9"), at("14:00", "9"), at("22:00", "9")], released=SIGNED, from_time="14:00"),
        ],
    )
    assert shown([later], since=utc(3, "00:00"), until=utc(4, "00:00")) == [
        "3 08:00 diazepam 10 mg",
        "3 14:00 diazepam 9 mg",
        "3 22:00 diazepam 9 mg",
    ]


def test_without_a_release_the_present_dose_goes_on_past_its_planned_end():
    assert shown([first_plan()], since=utc(29, "00:00"), until=utc(30, "00:00")) == [
        "29 08:00 diazepam 10 mg",
        "29 22:00 diazepam 8 mg",
    ]
    course = segments([first_plan()], [], zone=LONDON)
    assert course.not_begun == (NotBegun(1, 3, utc(20, "00:00"), Why.NOT_RELEASED),)


def test_a_step_released_late_begins_with_the_next_dose_and_not_before():
    late = first_plan(released=utc(22, "12:00"))
    assert shown([late], since=utc(22, "00:00"), until=utc(23, "12:00")) == [
        "22 08:00 diazepam 10 mg",
        "22 22:00 diazepam 8 mg",
        "23 08:00 diazepam 8 mg",
    ]


@pytest.mark.parametrize("ends", [None, utc(20, "00:01")])
def test_a_freeze_that_stands_when_a_released_step_should_begin_keeps_the_dose_and_says_why(ends):
    released = first_plan(released=utc(19, "10:00"))
    frozen = [(utc(18, "03:00"), ends)]
    assert shown([released], standing=frozen, since=utc(25, "00:00"), until=utc(26, "00:00")) == [
        "25 08:00 diazepam 10 mg",
        "25 22:00 diazepam 8 mg",
    ]
    assert segments([released], frozen, zone=LONDON).not_begun == (NotBegun(1, 3, utc(20, "00:00"), Why.STANDING),)


@pytest.mark.parametrize("standing", [(utc(18, "03:00"), utc(20, "00:00")), (utc(20, "00:01"), None)])
def test_a_freeze_lifted_before_the_step_or_opened_after_it_does_not_hinder_it(standing):
    released = first_plan(released=utc(19, "10:00"))
    assert shown([released], standing=[standing], since=utc(20, "00:00"), until=utc(21, "00:00")) == [
        "20 08:00 diazepam 8 mg",
        "20 22:00 diazepam 8 mg",
    ]


def test_after_a_step_that_did_not_begin_no_later_step_begins():
    two_cuts = plan(
        1,
        SIGNED,
        [
            step(1, NOV[1], [at("08:00", "10")], released=SIGNED),
            step(2, NOV[10], [at("08:00", "9")], released=utc(9, "10:00")),
            step(3, NOV[20], [at("08:00", "8")], released=utc(19, "10:00")),
        ],
    )
    frozen = [(utc(9, "12:00"), utc(11, "12:00"))]
    assert shown([two_cuts], standing=frozen, since=utc(20, "00:00"), until=utc(21, "00:00")) == [
        "20 08:00 diazepam 10 mg"
    ]
    assert [missed.why for missed in segments([two_cuts], frozen, zone=LONDON).not_begun] == [
        Why.STANDING,
        Why.STEP_BEFORE,
    ]


def test_a_hold_gives_the_dose_and_begins_no_step():
    held = plan(
        2,
        utc(15, "22:00"),
        [
            step(2, NOV[10], LOWER, released=utc(15, "12:00")),
            step(3, NOV[20], LOWER_STILL, released=utc(19, "10:00")),
        ],
        hold=True,
    )
    assert shown([first_plan(), held], since=utc(20, "00:00"), until=utc(21, "00:00")) == [
        "20 08:00 diazepam 10 mg",
        "20 22:00 diazepam 8 mg",
    ]
    assert segments([first_plan(), held], [], zone=LONDON).not_begun == (NotBegun(2, 3, utc(20, "00:00"), Why.ON_HOLD),)


def test_a_step_back_signed_during_a_freeze_takes_effect_at_its_named_dose():
    back = plan(2, utc(12, "22:00"), [step(1, NOV[12], MORNING_AND_NIGHT, released=utc(12, "15:00"))])
    frozen = [(utc(12, "14:00"), None)]
    assert shown([first_plan(), back], standing=frozen, since=utc(12, "00:00"), until=utc(13, "12:00")) == [
        "12 08:00 diazepam 10 mg",
        "12 22:00 diazepam 10 mg",
        "13 08:00 diazepam 10 mg",
    ]


def test_the_first_step_is_no_cut_and_begins_even_under_a_freeze():
    starts_later = plan(1, SIGNED, [step(1, NOV[3], MORNING_AND_NIGHT, released=SIGNED)])
    assert shown([starts_later], standing=[(utc(2, "00:00"), None)], since=utc(2, "00:00"), until=utc(3, "12:00")) == [
        "3 08:00 diazepam 10 mg"
    ]


def test_a_version_whose_steps_all_lie_ahead_leaves_the_dose_as_it_is():
    ahead = plan(2, utc(15, "22:00"), [step(3, NOV[25], LOWER_STILL, released=utc(15, "20:00"))])
    assert shown([first_plan(), ahead], since=utc(24, "00:00"), until=utc(26, "00:00")) == [
        "24 08:00 diazepam 10 mg",
        "24 22:00 diazepam 8 mg",
        "25 08:00 diazepam 8 mg",
        "25 22:00 diazepam 8 mg",
    ]


def test_a_version_signed_later_takes_over_from_one_that_would_only_have_begun_after_it():
    tomorrow = plan(2, utc(16, "08:00"), [step(1, NOV[16], [at("08:00", "5")], released=utc(15, "10:00"))])
    tonight = plan(3, utc(15, "22:00"), [step(1, NOV[15], [at("22:00", "10")], released=utc(15, "11:00"))])
    plans = [first_plan(), tomorrow, tonight]
    assert shown(plans, since=utc(15, "12:00"), until=utc(17, "00:00")) == [
        "15 22:00 diazepam 10 mg",
        "16 22:00 diazepam 10 mg",
    ]


def test_a_step_to_zero_has_nothing_due_and_is_still_the_step_in_force():
    to_zero = plan(
        1, SIGNED, [step(1, NOV[1], [at("08:00", "1")], released=SIGNED), step(2, NOV[5], [], released=utc(4, "10:00"))]
    )
    assert shown([to_zero], since=utc(4, "00:00"), until=utc(9, "00:00")) == ["4 08:00 diazepam 1 mg"]
    in_force = segments([to_zero], [], zone=LONDON).in_force(utc(8, "00:00"))
    assert in_force is not None
    assert in_force.step.number == 2


def test_a_closed_plan_gives_nothing_more():
    closed = plan(1, SIGNED, [step(1, NOV[1], MORNING_AND_NIGHT, released=SIGNED)], ended=utc(3, "22:00"))
    assert shown([closed], since=utc(3, "00:00"), until=utc(9, "00:00")) == ["3 08:00 diazepam 10 mg"]


def test_a_dose_at_midnight_belongs_to_the_day_that_begins():
    midnight = regular("order:1", ["00:00"], utc(1, "12:00"))
    assert shown(orders=[midnight], since=utc(1, "00:00"), until=utc(3, "00:00")) == ["2 00:00 sertraline 5 mg"]


def test_an_order_holds_from_its_start_up_to_its_end_and_its_stop_is_the_end():
    order = regular("order:1", ["08:00", "20:00"], utc(2, "08:00"), end_at=utc(4, "20:00"), stopped_at=utc(3, "20:00"))
    assert shown(orders=[order], since=utc(1, "00:00"), until=utc(9, "00:00")) == [
        "2 08:00 sertraline 5 mg",
        "2 20:00 sertraline 5 mg",
        "3 08:00 sertraline 5 mg",
    ]


def test_a_once_order_is_due_once_and_an_as_needed_one_never_by_itself():
    once = OrderInForce("order:1", 1, OrderKind.ONCE, mg("10"), utc(2, "09:30"))
    prn = OrderInForce("order:2", 2, OrderKind.PRN, mg("5"), utc(2, "09:30"))
    assert shown(orders=[once, prn], since=utc(1, "00:00"), until=utc(9, "00:00")) == ["2 09:30 diazepam 10 mg"]


def test_an_interval_is_counted_from_the_first_dose_whatever_the_window():
    every_six = OrderInForce("order:1", 1, OrderKind.INTERVAL, mg("500", "paracetamol"), utc(1, "10:00"), every_hours=6)
    assert shown(orders=[every_six], since=utc(2, "05:00"), until=utc(2, "22:00")) == [
        "2 10:00 paracetamol 500 mg",
        "2 16:00 paracetamol 500 mg",
    ]


def test_a_bridge_order_goes_on_until_the_plan_has_a_dose_in_force_and_never_returns():
    bridge = regular("order:1", ["08:00", "22:00"], utc(1, "08:00"), medicine="lorazepam", amount="2", until_plan=True)
    signed_early = plan(
        1, utc(2, "12:00"), [step(1, NOV[3], [at("08:00", "10")], released=utc(2, "12:00"))], ended=utc(4, "12:00")
    )
    assert shown([signed_early], [bridge], since=utc(2, "00:00"), until=utc(6, "00:00")) == [
        "2 08:00 lorazepam 2 mg",
        "2 22:00 lorazepam 2 mg",
        "3 08:00 diazepam 10 mg",
        "4 08:00 diazepam 10 mg",
    ]


def test_a_bridge_after_an_earlier_plan_that_was_closed_is_not_ended_by_it():
    closed = plan(1, SIGNED, [step(1, NOV[1], MORNING_AND_NIGHT, released=SIGNED)], ended=utc(3, "12:00"))
    bridge = regular("order:1", ["08:00"], utc(5, "00:00"), medicine="diazepam", until_plan=True)
    assert shown([closed], [bridge], since=utc(4, "00:00"), until=utc(7, "00:00")) == [
        "5 08:00 diazepam 5 mg",
        "6 08:00 diazepam 5 mg",
    ]


def test_a_due_dose_names_its_order_or_its_plan_version_and_step():
    order = regular("order:12", ["08:00"], utc(1, "00:00"))
    from_plan, from_order = due(
        [first_plan()], [order], [], since=utc(10, "08:00"), until=utc(10, "08:01"), zone=LONDON
    )[::-1]
    assert (from_plan.key, from_plan.version_id, from_plan.step_number) == ("plan:1:diazepam@08:00", 1, 2)
    assert (from_order.key, from_order.order_id, from_order.version_id) == ("order:12@08:00", 1, None)


def test_what_cannot_be_a_history_is_refused_with_what_to_do():
    with pytest.raises(ScheduleError, match="add them to one dose"):
        step(1, NOV[1], [at("08:00", "5"), at("08:00", "2")])
    with pytest.raises(ScheduleError, match="at least one time"):
        regular("order:1", [], utc(1, "00:00"))
    with pytest.raises(ScheduleError, match="named twice"):
        regular("order:1", ["08:00", "08:00"], utc(1, "00:00"))
    with pytest.raises(ScheduleError, match="how many hours"):
        OrderInForce("order:1", 1, OrderKind.INTERVAL, mg("5"), utc(1, "00:00"))
    with pytest.raises(ScheduleError, match="no time zone"):
        due([], [], [], since=dt.datetime(2026, 11, 1), until=utc(2, "00:00"), zone=LONDON)
