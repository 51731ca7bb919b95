from __future__ import annotations

import pytest

from glidepath.clinical.instruments.rass import score, words
from glidepath.clinical.instruments.score import BadAnswer


def test_zero_is_alert_and_calm() -> None:
    assert score(0).total == 0
    assert "calm" in words(0)


@pytest.mark.parametrize("value", range(-5, 5))
def test_each_of_the_ten_values_has_words(value: int) -> None:
    assert score(value).total == value
    assert words(value)


@pytest.mark.parametrize("value", [-6, 5])
def test_a_value_outside_minus_five_to_four_is_refused(value: int) -> None:
    with pytest.raises(BadAnswer, match="allowed"):
        score(value)


def test_a_value_nobody_observed_is_not_calm() -> None:
    found = score(None)
    assert (found.total, found.band, found.complete) == (None, None, False)
