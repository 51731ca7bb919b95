"""What is due and what was missed: by stage, by day, and by what the centre may use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.facts.instrument_schedule import Stage
from glidepath.clinical.facts.load import instrument_schedule
from glidepath.clinical.instruments.schedule import Done, Due, State, Stay, due

DAY0 = dt.date(2026, 11, 2)


def day(number: int) -> dt.date:
    return DAY0 + dt.timedelta(days=number)


def of(stays: Sequence[Stay], today: int, done: Collection[Done] = (), **more: Collection[str]) -> tuple[Due, ...]:
    return due(instrument_schedule(), stays, done, day(today), **more)


def keys(found: Sequence[Due], state: State = State.DUE) -> list[str]:
    return sorted(one.instruments[0] for one in found if one.state is state)


ADMITTED = Stay(Stage.ADMISSION, DAY0)


def test_the_call_before_admission_asks_for_alcohol_dependence_and_suicide() -> None:
    call = [Stay(Stage.ENQUIRY, DAY0, DAY0)]
    assert keys(of(call, 0)) == ["audit_c", "c_ssrs", "sds"]
    assert keys(of(call, 0, switched_on=["dast_10"])) == ["audit_c", "c_ssrs", "dast_10", "sds"]


DAY_OF_ADMISSION = (
    "barc_10 bam c_ssrs ciwa_b craving dsm_sedative falls_checklist gad_7 news2 pc_ptsd_5 phq_9 rass who_5"
)


def test_the_day_of_admission_has_the_whole_list() -> None:
    assert " ".join(keys(of([ADMITTED], 0))) == " ".join(sorted(DAY_OF_ADMISSION.split(" ")))
    assert "cows" in keys(of([ADMITTED], 0, indicated=["cows"]))
    assert "falls_checklist" not in keys(of([ADMITTED], 0, [Done("steadi", DAY0)]))


def test_what_was_not_asked_on_its_day_is_missed_until_it_is_done() -> None:
    assert "phq_9" in keys(of([ADMITTED], 2), State.MISSED)
    late = of([ADMITTED], 2, [Done("phq_9", day(2))])
    assert "phq_9" not in keys(late) + keys(late, State.MISSED)
    before = of([ADMITTED], 2, [Done("phq_9", day(-1))])
    assert "phq_9" in keys(before, State.MISSED)


def test_of_a_daily_form_the_missed_of_the_last_week_are_listed_and_no_older_ones() -> None:
    stay = [Stay(Stage.WITHDRAWAL, DAY0)]
    kept = [Done("craving", day(number)) for number in range(35, 41)]  # day 40 is today; 34 and before are empty
    found = [one for one in of(stay, 40, kept) if one.instruments == ("craving",)]
    assert [(one.last_day, one.state) for one in found] == [(day(34), State.MISSED)]
    never = [one for one in of(stay, 40) if one.instruments == ("craving",)]
    assert (never[0].last_day, len(never), never[-1].state) == (day(34), 7, State.DUE)


def test_nothing_is_due_before_its_day() -> None:
    assert of([ADMITTED], -1) == ()
    assert "pcl_5" not in keys(of([ADMITTED], 13, positive=["pc_ptsd_5"]))


@pytest.mark.parametrize(
    ("today", "positive", "state"),
    [(14, True, State.DUE), (34, True, State.DUE), (35, True, State.MISSED), (14, False, None)],
)
def test_the_long_trauma_form_follows_a_positive_screen_in_week_three_to_five(
    today: int, positive: bool, state: State | None
) -> None:
    found = of([ADMITTED], today, positive=["pc_ptsd_5"] if positive else [])
    assert [one.state for one in found if one.instruments == ("pcl_5",)] == ([state] if state else [])


def test_licensed_forms_wait_for_a_licence_and_memory_for_a_reason_too() -> None:
    assert not {"mdq", "moca"} & set(keys(of([ADMITTED], 20)))
    assert "mdq" in keys(of([ADMITTED], 20, switched_on=["mdq", "moca"]))
    assert "moca" in keys(of([ADMITTED], 20, switched_on=["moca"], indicated=["moca"]))
    assert "moca" not in keys(of([ADMITTED], 20, indicated=["moca"]))


def test_who_left_in_the_second_week_is_not_asked_for_the_third() -> None:
    left = Stay(Stage.ADMISSION, DAY0, day(10))
    assert "pcl_5" not in keys(of([left], 20, positive=["pc_ptsd_5"]))


def test_each_day_of_withdrawal_has_its_own_log_and_a_day_cannot_be_made_good() -> None:
    stay = [Stay(Stage.WITHDRAWAL, DAY0)]
    done = [Done("sleep_log", day(0)), Done("sleep_log", day(2)), Done("craving", day(2))]
    found = of(stay, 2, done)
    assert keys(found) == []
    assert [(one.instruments[0], one.first_day) for one in found] == [
        ("craving", day(0)),
        ("craving", day(1)),
        ("sleep_log", day(1)),
    ]


def test_a_month_of_the_taper_asks_once_and_the_end_of_the_taper_ends_it() -> None:
    stay = [Stay(Stage.TAPER, DAY0, day(40))]
    assert keys(of(stay, 29)) == ["gad_7", "phq_9"]
    assert keys(of(stay, 30, [Done("gad_7", day(3)), Done("phq_9", day(30))])) == ["gad_7"]
    later = of(stay, 60, [Done("gad_7", day(3)), Done("gad_7", day(33)), Done("phq_9", day(3))])
    assert [(one.instruments[0], one.last_day, one.state) for one in later] == [("phq_9", day(40), State.MISSED)]


def test_at_each_step_one_of_two_withdrawal_scales_is_enough_where_both_may_be_used() -> None:
    step = [Stay(Stage.TAPER_STEP, DAY0, DAY0)]
    assert keys(of(step, 3)) == ["ciwa_b", "sleep_log"]
    both = of(step, 3, switched_on=["bwsq"])
    assert ("ciwa_b", "bwsq") in [one.instruments for one in both]
    assert keys(of(step, 3, [Done("bwsq", day(1))])) == ["sleep_log"]


def test_a_change_of_mood_and_of_the_level_of_care_ask_the_screener_once_on_one_day() -> None:
    both = [Stay(Stage.MOOD_CHANGE, DAY0, DAY0), Stay(Stage.LEVEL_OF_CARE_CHANGE, DAY0, DAY0)]
    assert keys(of(both, 0)) == ["c_ssrs_since"]
    assert keys(of([*both, Stay(Stage.MOOD_CHANGE, day(1), day(1))], 1)) == ["c_ssrs_since"]


def test_an_event_with_an_hour_is_answered_only_by_a_form_finished_after_it() -> None:
    noon = dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC)
    event = [Stay(Stage.MOOD_CHANGE, DAY0, DAY0, noon)]
    minute = dt.timedelta(minutes=1)
    assert keys(of(event, 0, [Done("c_ssrs_since", DAY0, noon - minute)])) == ["c_ssrs_since"]
    assert keys(of(event, 0, [Done("c_ssrs_since", DAY0)])) == ["c_ssrs_since"]  # nobody knows whether it came after
    assert keys(of(event, 0, [Done("c_ssrs", DAY0, noon + minute)])) == ["c_ssrs_since"]
    assert of(event, 0, [Done("c_ssrs_since", DAY0, noon)]) == ()
    assert keys(of(event, 9), State.MISSED) == ["c_ssrs_since"]


@pytest.mark.parametrize(
    ("discharged", "month", "due_on"), [("2026-11-30", 3, "2027-02-28"), ("2026-08-31", 1, "2026-09-30")]
)
def test_follow_up_counts_calendar_months(discharged: str, month: int, due_on: str) -> None:
    stay = Stay(Stage.DISCHARGE, dt.date.fromisoformat(discharged), dt.date.fromisoformat(discharged))
    first = dt.date.fromisoformat(due_on)
    found = due(instrument_schedule(), [stay], [], first)
    (sds,) = [one for one in found if one.instruments == ("sds",) and one.first_day == first]
    assert (sds.state, sds.words) == (State.DUE, f"{month} month{'s' if month > 1 else ''} after discharge")
    assert sds.last_day == first + dt.timedelta(days=13)


def test_the_oldest_missed_stands_first() -> None:
    found = of([ADMITTED, Stay(Stage.WITHDRAWAL, DAY0)], 5)
    assert [one.state for one in found] == sorted((one.state for one in found), reverse=True)
    assert found[0].last_day == DAY0


STAYS = st.lists(
    st.builds(
        lambda stage, start, length: Stay(stage, day(start), None if length is None else day(start + length)),
        st.sampled_from(Stage),
        st.integers(0, 40),
        st.none() | st.integers(0, 60),
    ),
    max_size=4,
)
DONE = st.lists(
    st.builds(lambda key, on: Done(key, day(on)), st.sampled_from(["phq_9", "sleep_log", "sds"]), st.integers(0, 90)),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(STAYS, DONE, st.integers(-5, 400))
def test_what_is_listed_has_begun_was_not_done_and_is_listed_once(
    stays: list[Stay], done: list[Done], today: int
) -> None:
    found = of(stays, today, done)
    assert len({(one.instruments, one.first_day, one.last_day) for one in found}) == len(found)
    for one in found:
        assert one.first_day <= day(today)
        assert (one.state is State.DUE) is (day(today) <= one.last_day)
        assert not any(
            past.instrument in one.instruments and one.first_day <= past.on <= min(one.last_day, day(today))
            for past in done
        )


@settings(max_examples=60, deadline=None)
@given(STAYS, DONE, st.integers(0, 200), st.sampled_from(["phq_9", "sleep_log", "sds"]))
def test_filling_one_in_today_leaves_nothing_of_it_due(
    stays: list[Stay], done: list[Done], today: int, key: str
) -> None:
    found = of(stays, today, [*done, Done(key, day(today))])
    assert key not in keys(found)
