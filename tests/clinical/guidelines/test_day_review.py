"""The stop conditions of a batch: each at its edge, one past it, not measured, and too old."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from glidepath.clinical.findings import Status
from glidepath.clinical.guidelines.day_review import DayValues, SeenRass, StopConditions, check_day, proposed, too_loose
from glidepath.clinical.guidelines.escalation import TimedTotal

NOW = dt.datetime(2026, 11, 20, 7, 30, tzinfo=dt.UTC)
AN_HOUR_AGO = NOW - dt.timedelta(hours=1)
# By the facts: INP-6 calls at 41 and at a rise of 10, INP-13 at RASS -2, INP-7 at NEWS2 5. The last two are a centre's.
USUAL = StopConditions(
    ciwa_b_at_most=40, ciwa_b_rise_under=10, rass_at_least=-1, rass_at_most=1, news2_at_most=4, values_hours=4
)
CALM = DayValues(
    now=NOW,
    ciwa_b=(TimedTotal(AN_HOUR_AGO, 20),),
    rass=SeenRass(AN_HOUR_AGO, 0),
    news2=TimedTotal(AN_HOUR_AGO, 1),
)


def said(seen: DayValues, conditions: StopConditions = USUAL) -> list[str]:
    return [one.message for one in check_day(conditions, seen)]


def test_the_proposed_conditions_stop_just_short_of_where_other_rules_call_somebody() -> None:
    assert proposed(rass_at_most=1, values_hours=4) == USUAL


def test_inside_all_conditions_nothing_stands_against_the_cut() -> None:
    edge = replace(
        CALM,
        ciwa_b=(TimedTotal(NOW - dt.timedelta(hours=20), 31), TimedTotal(NOW - dt.timedelta(hours=4), 40)),
        rass=SeenRass(AN_HOUR_AGO, -1),
        news2=TimedTotal(AN_HOUR_AGO, 4),
    )
    assert said(CALM) == []
    assert said(edge) == []
    assert said(replace(CALM, rass=SeenRass(AN_HOUR_AGO, 1))) == []


@pytest.mark.parametrize(
    ("outside", "words"),
    [
        ({"ciwa_b": (TimedTotal(AN_HOUR_AGO, 41),)}, "CIWA-B is 41"),
        (
            {"ciwa_b": (TimedTotal(NOW - dt.timedelta(hours=20), 20), TimedTotal(AN_HOUR_AGO, 30))},
            "CIWA-B rose by 10 within 24 hours",
        ),
        ({"rass": SeenRass(AN_HOUR_AGO, -2)}, "RASS is −2"),
        ({"rass": SeenRass(AN_HOUR_AGO, 2)}, "RASS is +2"),
        ({"news2": TimedTotal(AN_HOUR_AGO, 5)}, "NEWS2 is 5"),
        ({"single_three": True}, "scores 3 alone"),
        ({"open_events": ("seizure",)}, "Seizure still open"),
    ],
)
def test_one_past_any_condition_stands_against_the_cut_and_names_the_value(outside: dict, words: str) -> None:
    (message,) = said(replace(CALM, **outside))
    assert words in message
    (finding,) = check_day(USUAL, replace(CALM, **outside))
    assert (finding.code, finding.stops, finding.overridable) == ("INP-14", True, False)


@pytest.mark.parametrize("name", ["ciwa_b", "rass", "news2"])
def test_what_was_not_measured_or_is_too_old_is_never_inside(name: str) -> None:
    old = NOW - dt.timedelta(hours=4, minutes=1)
    stale = {"ciwa_b": (TimedTotal(old, 20),), "rass": SeenRass(old, 0), "news2": TimedTotal(old, 1)}
    nothing = () if name == "ciwa_b" else None
    for value in (nothing, stale[name]):
        (finding,) = check_day(USUAL, replace(CALM, **{name: value}))
        assert (finding.status, finding.missing) == (Status.CANNOT_BE_ASSESSED, (name,))
        assert finding.stops


def test_a_value_from_before_the_last_change_of_dose_says_nothing_of_it() -> None:
    changed = replace(CALM, since=AN_HOUR_AGO)
    assert {one.missing for one in check_day(USUAL, changed)} == {("ciwa_b",), ("rass",), ("news2",)}
    assert said(replace(CALM, since=AN_HOUR_AGO - dt.timedelta(minutes=1))) == []


def test_a_batch_may_be_stricter_and_never_looser_than_the_rules() -> None:
    stricter = replace(USUAL, ciwa_b_at_most=20, ciwa_b_rise_under=5, rass_at_least=0, news2_at_most=2)
    assert too_loose(USUAL) == {}
    assert too_loose(stricter) == {}
    looser = StopConditions(41, 11, -2, 5, 5, 25)
    assert list(too_loose(looser)) == list(looser.as_data())
    assert "41 cannot be: choose from 0 to 40" in too_loose(looser)["ciwa_b_at_most"]
