"""INP-9 asks for one CIWA-B a finding, held against a slow reading of the same words."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.monitoring.rescoring import Looked, called_since

ZERO = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


def hour(number: int) -> dt.datetime:
    return ZERO + dt.timedelta(hours=number)


def looks(*pulses: int | None) -> list[Looked]:
    """One set an hour."""
    return [Looked(hour(index), pulse) for index, pulse in enumerate(pulses)]


def test_a_pulse_over_100_calls_for_a_score_from_that_set_on() -> None:
    """INP-9: hr > 100."""
    assert called_since(looks(100), scored_at=None) is None
    assert called_since(looks(100, 101, 130), scored_at=None) == hour(1)


def test_the_score_answers_it_and_the_same_fast_pulse_asks_no_second_time() -> None:
    assert called_since(looks(110, 110, 110, 125), scored_at=hour(0)) is None


def test_a_fast_pulse_that_had_gone_and_comes_again_is_a_new_finding() -> None:
    assert called_since(looks(110, 90, 110), scored_at=hour(0)) == hour(2)


@pytest.mark.parametrize("sign", ["new_tremor", "new_sweating"])
def test_another_sign_beside_it_is_a_new_finding(sign: str) -> None:
    """INP-9: new tremor/sweat."""
    found = [*looks(110), Looked(hour(1), 110, **{sign: True})]
    assert called_since(found, scored_at=hour(0)) == hour(1)
    assert called_since([*found, Looked(hour(2), 110, **{sign: True})], scored_at=hour(1)) is None


def test_a_set_that_measured_no_pulse_says_nothing() -> None:
    assert called_since(looks(110, None, 110), scored_at=hour(0)) is None


def test_the_first_unanswered_finding_counts_and_a_later_one_puts_it_off_by_nothing() -> None:
    assert called_since(looks(90, 110, 90, 110), scored_at=None) == hour(1)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([None, 80, 100, 101, 140]), max_size=12), st.none() | st.integers(0, 11))
def test_it_is_the_first_fast_set_after_the_score_whose_last_known_pulse_was_not_fast(pulses, scored) -> None:
    """The slow reading: of each fast set look back for the last measured pulse before it."""
    wanted = None
    for index, pulse in enumerate(pulses):
        before = next((one for one in reversed(pulses[:index]) if one is not None), None)
        begins = pulse is not None and pulse > 100 and (before is None or before <= 100)
        if begins and (scored is None or index > scored) and wanted is None:
            wanted = hour(index)
    at = None if scored is None else hour(scored)
    assert called_since(looks(*pulses), scored_at=at) == wanted
