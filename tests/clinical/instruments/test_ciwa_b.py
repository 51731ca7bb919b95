"""CIWA-B: the published worked answers, what is not allowed, and the question before the scale."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.guidelines.escalation import check_self_report
from glidepath.clinical.instruments.ciwa_b import score
from glidepath.clinical.instruments.score import BadAnswer
from tests.clinical.guidelines.proof import codes, fires, just_short

NIGHT = [6, 20]  # items 21 and 22: hours of sleep, minutes to fall asleep; not scored


@pytest.mark.parametrize(
    ("items", "total", "band"),
    [
        ([0] * 20, 0, "none"),
        ([1] * 20, 20, "mild"),
        ([1] * 6 + [2] + [1] * 13, 21, "moderate"),
        ([2] * 20, 40, "moderate"),
        ([2] * 17 + [3, 2, 2], 41, "severe"),
        ([3] * 20, 60, "severe"),
        ([4] + [3] * 19, 61, "very_severe"),
        ([4] * 20, 80, "very_severe"),
    ],
)
def test_twenty_answers_give_the_published_total_and_band(items: list[int], total: int, band: str) -> None:
    found = score([*items, *NIGHT], oriented=True)
    assert (found.total, found.band, found.complete, found.answered) == (total, band, True, 20)


def test_one_unanswered_item_gives_no_total_and_says_partial() -> None:
    found = score([1] * 19 + [None, *NIGHT], oriented=True)
    assert (found.total, found.band, found.complete) == (None, None, False)
    assert (found.label, found.subtotal, found.answered) == ("partial 19 of 20", 19, 19)


def test_an_unanswered_item_is_not_a_zero() -> None:
    assert score([0] * 20, oriented=True).total == 0
    assert score([None] + [0] * 19, oriented=True).total is None
    assert score([], oriented=True).label == "partial 0 of 20"


def test_hours_and_minutes_of_sleep_change_nothing() -> None:
    assert score([1] * 20, oriented=True).total == score([1] * 20 + [3, 90], oriented=True).total == 20
    assert score([1] * 20 + [Decimal("3.5"), None], oriented=True).total == 20


@pytest.mark.parametrize("item", [12, 14])
def test_the_two_sleep_items_count_as_printed_and_are_never_turned_round(item: int) -> None:
    answers = [0] * 20
    answers[item - 1] = 4
    assert score(answers, oriented=True).total == 4


@pytest.mark.parametrize(("item", "answer"), [(1, 5), (7, -1), (18, 9), (20, 2.5), (3, True)])
def test_an_answer_outside_the_scale_names_the_item_and_what_is_allowed(item: int, answer: object) -> None:
    answers: list[object] = [0] * 20
    answers[item - 1] = answer
    with pytest.raises(BadAnswer, match=rf"item {item} .*0, 1, 2, 3, 4"):
        score(answers, oriented=True)  # type: ignore[arg-type]


def test_more_answers_than_items_are_refused() -> None:
    with pytest.raises(BadAnswer, match="23 answers"):
        score([0] * 23, oriented=True)


def test_an_impossible_night_is_refused() -> None:
    with pytest.raises(BadAnswer, match="item 21"):
        score([0] * 20 + [25, 10], oriented=True)


@fires("DEL-2")
def test_while_the_person_is_confused_only_the_observed_items_count_and_there_is_no_total() -> None:
    found = score([4] * 17 + [3, 2, 1, 2, 60], oriented=False)
    assert (found.total, found.band) == (None, None)
    assert (found.subtotal, found.label) == (6, "partial 3 of 20")
    assert codes(found.alerts) == ["DEL-2"]


def test_the_form_says_of_a_confused_person_what_the_rule_says() -> None:
    assert score([], oriented=False).alerts == check_self_report(oriented=False)


@just_short("DEL-2")
def test_an_oriented_person_is_scored_without_an_alert() -> None:
    found = score([1] * 20, oriented=True)
    assert (found.alerts, found.notes) == ((), ())


def test_a_question_before_the_scale_that_was_not_asked_is_noted() -> None:
    found = score([1] * 20)
    assert found.total == 20
    assert "Not asked before the scale" in found.notes[0]


def test_a_score_belongs_to_one_version() -> None:
    scale = instrument("ciwa_b")
    assert (score([1] * 20, oriented=True).instrument, score([1] * 20, oriented=True).version) == (
        "ciwa_b",
        scale.version,
    )


def test_the_bands_of_the_facts_leave_no_total_without_a_band() -> None:
    scale = instrument("ciwa_b")
    for total in range(81):
        assert sum(band.holds(total) for band in scale.bands) == 1
    for band, following in pairwise(scale.bands):
        assert band.high is not None
        assert following.low == band.high + 1
