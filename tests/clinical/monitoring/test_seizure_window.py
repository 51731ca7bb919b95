"""The seizure window: by hand from the guideline's onset figures (1.1), and against a slow plain oracle."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.facts.load import Acting, Seen, clinical_settings, rule, seizure_window_facts
from glidepath.clinical.guidelines.seizure_list import SeizureRisk
from glidepath.clinical.monitoring.seizure_window import (
    LastTaken,
    SeizureWindow,
    seizure_window,
    stages_bundle,
    tightens,
)

NOON = dt.datetime(2026, 11, 10, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def taken(medicine: str, hours_ago: float | None, *, due_in: float | None = None, known_ago: float = 0) -> LastTaken:
    at = None if hours_ago is None else NOON - HOUR * hours_ago
    return LastTaken(medicine, at, NOON - HOUR * known_ago, None if due_in is None else NOON + HOUR * due_in)


def risk(key: str, answer: bool | None) -> SeizureRisk:
    return SeizureRisk(key, key.replace("_", " "), answer, "", "a source", "")


def window(*found: LastTaken, risks: tuple[SeizureRisk, ...] = ()) -> SeizureWindow:
    made = seizure_window(found, risks)
    assert made is not None
    return made


# --- By hand, from guideline 1.1: short from 12 hours, watched 7 days; long from 2 days, watched 14; unknown 21 ------


@pytest.mark.parametrize(
    ("medicine", "opens_h", "closes_days", "acting"),
    [
        ("alprazolam", 12, 7, Acting.SHORT),
        ("lorazepam", 12, 7, Acting.SHORT),
        ("diazepam", 48, 14, Acting.LONG),
        ("clonazepam", 48, 14, Acting.LONG),  # intermediate to long: watched as long
        ("bromazolam", 12, 21, Acting.UNKNOWN),  # illicit: both windows
        ("something nobody knows", 12, 21, Acting.UNKNOWN),
    ],
)
def test_it_opens_and_closes_as_the_guideline_says(
    medicine: str, opens_h: int, closes_days: int, acting: Acting
) -> None:
    (part,) = window(taken(medicine, 0)).parts
    assert part.acting is acting
    assert part.opens_at == NOON + opens_h * HOUR
    assert part.closes_at == NOON + closes_days * DAY


def test_withdrawal_of_a_long_acting_medicine_is_usual_after_a_week_and_of_a_short_one_within_two_days() -> None:
    assert window(taken("diazepam", 0)).parts[0].usual_at == NOON + 7 * DAY
    assert window(taken("lorazepam", 0)).parts[0].usual_at == NOON + 2 * DAY


@pytest.mark.parametrize(("hours_ago", "is_open"), [(11.99, False), (12, True), (167.99, True), (168, False)])
def test_a_short_acting_medicine_stopped_opens_at_twelve_hours_and_closes_after_seven_days(
    hours_ago: float, is_open: bool
) -> None:
    found = window(taken("lorazepam", hours_ago))
    assert bool(found.open_now(NOON)) is is_open
    assert (tightens(found, NOON) is not None) is is_open


def test_doses_that_go_on_as_due_keep_it_shut_though_the_night_is_long() -> None:
    assert tightens(window(taken("temazepam", 20, due_in=4)), NOON) is None


def test_a_dose_that_was_due_and_not_taken_lets_it_open() -> None:
    found = tightens(window(taken("lorazepam", 20, due_in=-6)), NOON)
    assert found is not None
    assert found.why == "no lorazepam for 20 hours: a seizure is possible"
    assert found.until == NOON - 20 * HOUR + 7 * DAY
    assert found.since == NOON - 6 * HOUR, "eight hours after it could open, when the dose was due"


def test_a_medicine_exchanged_for_another_that_is_taken_as_due_opens_nothing() -> None:
    assert tightens(window(taken("lorazepam", 60), taken("diazepam", 5, due_in=5)), NOON) is None


def test_one_missed_of_two_medicines_opens_that_one() -> None:
    found = window(taken("lorazepam", 30, due_in=-18), taken("diazepam", 3, due_in=9))
    assert [one.medicine for one in found.open_now(NOON)] == ["lorazepam"]


def test_a_last_dose_that_nobody_knows_is_named_and_counts_as_open() -> None:
    found = window(taken("alprazolam", None, known_ago=30))
    assert found.missing == ("when alprazolam was last taken",)
    assert found.opens_at is None
    tight = tightens(found, NOON)
    assert tight is not None
    assert tight.why == "when alprazolam was last taken is not known: a seizure is possible"
    assert tight.until == NOON - 30 * HOUR + 7 * DAY


def test_what_is_known_and_what_is_not_are_both_said() -> None:
    tight = tightens(window(taken("lorazepam", 15), taken("diazepam", None)), NOON)
    assert tight is not None
    assert tight.why == (
        "no lorazepam for 15 hours and when diazepam was last taken is not known: a seizure is possible"
    )


def test_nothing_known_to_be_taken_gives_no_window() -> None:
    assert seizure_window(()) is None
    assert tightens(None, NOON) is None
    assert stages_bundle(None, NOON) == ()


def test_the_risks_that_are_open_are_named_as_missing_and_those_there_as_risks() -> None:
    found = window(
        taken("diazepam", 1), risks=(risk("past_seizure", True), risk("alcohol", None), risk("long_use", False))
    )
    assert [one.key for one in found.risks] == ["past_seizure"]
    assert found.missing == ("alcohol",)
    assert found.high is True
    assert window(taken("diazepam", 1), risks=(risk("alcohol", None),)).high is None
    assert window(taken("diazepam", 1)).high is None, "nobody asked"


def test_the_bundle_lies_ready_while_a_window_is_open() -> None:
    assert stages_bundle(window(taken("lorazepam", 13)), NOON)
    assert stages_bundle(window(taken("lorazepam", 11)), NOON) == ()
    assert stages_bundle(window(taken("lorazepam", 20, due_in=4)), NOON) == ()


def test_who_had_a_seizure_before_has_it_ready_while_doses_go_on_and_until_the_last_window_closes() -> None:
    earlier = (risk("past_seizure", True),)
    assert stages_bundle(window(taken("diazepam", 3, due_in=9), risks=earlier), NOON)
    assert stages_bundle(window(taken("lorazepam", 24 * 8), risks=earlier), NOON) == ()
    assert stages_bundle(window(taken("diazepam", 3, due_in=9), risks=(risk("long_use", True),)), NOON) == ()


def test_the_centres_own_watch_closes_it_later_and_says_so() -> None:
    longer = replace(clinical_settings(), watch_days_short=10)
    found = seizure_window((taken("lorazepam", 0),), settings=longer)
    assert found is not None
    assert found.closes_at == NOON + 10 * DAY
    assert "the centre's setting (default 7)" in found.parts[0].why


def test_the_words_name_the_half_life_with_what_it_becomes_and_the_source() -> None:
    (part,) = window(taken("diazepam", 0)).parts
    assert part.why.startswith("diazepam is long-acting (half-life ")
    assert "withdrawal can begin 2 days after the last dose. Watched for 14 days." in part.why
    assert "Management of Withdrawal from Alcohol and Other Drugs" in part.source


def test_hours_are_elapsed_hours_through_a_clock_change() -> None:
    zone = ZoneInfo("Europe/London")
    last = dt.datetime(2026, 10, 24, 22, tzinfo=zone)  # the clock goes back at 2 in the morning
    (part,) = window(LastTaken("lorazepam", last.astimezone(dt.UTC), last)).parts
    assert part.opens_at is not None
    assert part.opens_at.astimezone(zone).hour == 9, "twelve hours later it is 9 by the clock on the wall"


# --- The facts --------------------------------------------------------------------------------------------------------


def test_no_figure_and_no_line_of_the_bundle_is_unverified() -> None:
    facts = seizure_window_facts()
    marks = [one.seen for onset in facts.onsets.values() for one in (onset.opens, onset.usual)]
    assert Seen.UNVERIFIED not in marks
    assert all(rule(one.rule).seen is not Seen.UNVERIFIED for one in facts.bundle)
    assert {one.rule for one in facts.bundle} == {"SEI-1", "SEI-2"}


# --- Against a slow plain oracle --------------------------------------------------------------------------------------

OPENS = {"lorazepam": 12, "alprazolam": 12, "diazepam": 48, "clonazepam": 48, "bromazolam": 12}
WATCH = {"lorazepam": 7, "alprazolam": 7, "diazepam": 14, "clonazepam": 14, "bromazolam": 21}


def oracle(found: list[LastTaken], now: dt.datetime) -> set[str]:
    """Hour by hour from each last dose: is `now` an hour of the watch, past its onset, and is a dose not still due?"""
    for one in found:
        if one.next_due is not None and one.next_due <= now:
            break  # somebody missed one: nothing is covered
    else:
        if any(one.next_due is not None for one in found):
            return set()
    opened = set()
    for one in found:
        start = one.known_at if one.at is None else one.at
        for hour in range(WATCH[one.medicine] * 24):
            begins = start + hour * HOUR
            if begins <= now < begins + HOUR and (one.at is None or hour >= OPENS[one.medicine]):
                opened.add(one.medicine)
        if one.at is None and now < start:
            opened.add(one.medicine)
    return opened


@st.composite
def medicines(draw: st.DrawFn) -> list[LastTaken]:
    names = draw(st.lists(st.sampled_from(sorted(OPENS)), min_size=1, max_size=3, unique=True))
    hours = st.integers(0, 600)
    return [
        taken(
            name,
            draw(st.none() | hours),
            due_in=draw(st.none() | st.integers(-48, 48)),
            known_ago=draw(hours),
        )
        for name in names
    ]


@settings(max_examples=200, deadline=None)
@given(medicines())
def test_it_is_open_when_the_plain_count_of_hours_says_so(found: list[LastTaken]) -> None:
    made = window(*found)
    assert {one.medicine for one in made.open_now(NOON)} == oracle(found, NOON)


@settings(max_examples=100, deadline=None)
@given(medicines(), st.integers(0, 400))
def test_a_dose_taken_later_never_opens_it_earlier(found: list[LastTaken], later: int) -> None:
    before, first = window(*found), found[0]
    if first.at is None:
        return
    after = window(replace(first, at=first.at + later * HOUR), *found[1:])
    assert after.parts[0].opens_at is not None
    assert before.parts[0].opens_at is not None
    assert after.parts[0].opens_at >= before.parts[0].opens_at
    assert after.parts[0].closes_at >= before.parts[0].closes_at


@settings(max_examples=100, deadline=None)
@given(medicines())
def test_it_tightens_exactly_while_something_is_open_and_says_why_in_words(found: list[LastTaken]) -> None:
    made = window(*found)
    tight = tightens(made, NOON)
    assert (tight is None) == (not made.open_now(NOON))
    if tight is not None:
        assert tight.until > NOON
        assert all(one.medicine in tight.why for one in made.open_now(NOON) if one.last_at is None)
