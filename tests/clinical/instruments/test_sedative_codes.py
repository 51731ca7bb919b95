"""Suggested codes: dependence on a supervised prescription is never coded as a use disorder."""

from __future__ import annotations

from itertools import product

import pytest

from glidepath.clinical.facts.load import instrument
from glidepath.clinical.facts.provenance import Seen
from glidepath.clinical.facts.sedative_codes import Course
from glidepath.clinical.instruments.score import Answer, Score
from glidepath.clinical.instruments.scoring import score
from glidepath.clinical.instruments.sedative_codes import suggested_codes


def count(*criteria: int, supervised: bool = False) -> Score:
    answers: list[Answer] = [int(supervised), *(int(number in criteria) for number in range(1, 12))]
    return score(instrument("dsm_sedative"), answers)


@pytest.mark.parametrize(
    ("counted", "withdrawal", "code"),
    [
        (count(10, 11, supervised=True), Course.UNCOMPLICATED, "F13.930"),
        (count(10, 11, supervised=True), Course.PERCEPTUAL, "F13.932"),
        (count(1, 4, 9), None, "F13.10"),
        (count(1, 4, 9), Course.DELIRIUM, "F13.131"),
        (count(1, 2, 4, 9, 10), None, "F13.20"),
        (count(1, 2, 4, 9, 10), Course.UNCOMPLICATED, "F13.230"),
        (count(1, 2, 3, 4, 5, 6), Course.UNSPECIFIED, "F13.239"),
    ],
)
def test_the_code_follows_count_and_withdrawal(counted: Score, withdrawal: Course | None, code: str) -> None:
    assert [one.code for one in suggested_codes(counted, withdrawal=withdrawal)] == [code]


def test_without_a_disorder_and_without_withdrawal_there_is_no_code() -> None:
    assert suggested_codes(count(10, 11, supervised=True)) == ()


def test_remission_has_codes_of_its_own() -> None:
    assert [one.code for one in suggested_codes(count(1, 2, 4, 9), in_remission=True)] == ["F13.21"]
    assert suggested_codes(count(1, 4), in_remission=True)[0].seen is Seen.UNVERIFIED


def test_tolerance_and_withdrawal_on_a_supervised_prescription_are_never_coded_as_dependence() -> None:
    for criteria, course in product([(10,), (11,), (10, 11), ()], [None, *Course]):
        found = suggested_codes(count(*criteria, supervised=True), withdrawal=course)
        assert not [one.code for one in found if one.code.startswith(("F13.1", "F13.2"))]


@pytest.mark.parametrize(
    ("counted", "seen"),
    [(count(supervised=True), Seen.UNVERIFIED), (count(1, 4), Seen.UNVERIFIED), (count(1, 2, 3, 4), Seen.SECOND_HAND)],
)
def test_a_code_that_nobody_has_seen_says_so(counted: Score, seen: Seen) -> None:
    assert suggested_codes(counted, withdrawal=Course.UNCOMPLICATED)[0].seen is seen


def test_an_incomplete_count_suggests_nothing() -> None:
    with pytest.raises(ValueError, match="not all answered"):
        suggested_codes(score(instrument("dsm_sedative"), [1, 0, 0]))
    with pytest.raises(ValueError, match="not of phq_9"):
        suggested_codes(score(instrument("phq_9"), [0] * 9))
