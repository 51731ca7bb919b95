"""The first call: what is an emergency, and until when there is an answer."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.clinical.findings import Status
from glidepath.clinical.guidelines.first_call import RED_FLAGS, check_red_flags, check_waiting, open_red_flags
from tests.clinical.guidelines.proof import codes, fires, just_short

NONE = dict.fromkeys(RED_FLAGS, "no")
CALLED = dt.datetime(2026, 11, 17, 10, tzinfo=dt.UTC)


@fires("CALL-1")
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_each_red_flag_alone_is_an_emergency_whatever_else_is_open(flag: str) -> None:
    (finding,) = check_red_flags({flag: "yes"})
    assert codes([finding]) == ["CALL-1"]
    assert RED_FLAGS[flag].lower() in finding.message.lower()
    assert "emergency services now" in finding.do
    assert "stay on the line" in finding.do
    assert not finding.answered_by


@just_short("CALL-1")
def test_no_red_flag_is_no_emergency() -> None:
    assert check_red_flags(NONE) == ()


@pytest.mark.parametrize("answer", ["unknown", "declined", "", None])
def test_a_red_flag_nobody_could_answer_is_not_a_no(answer: str | None) -> None:
    given = {key: value for key, value in (NONE | {"confusion": answer}).items() if value is not None}
    (finding,) = check_red_flags(given)
    assert finding.status is Status.CANNOT_BE_ASSESSED
    assert "confused now" in finding.message
    assert open_red_flags(given) == ("confusion",)


@fires("CALL-2")
def test_a_minute_over_three_days_is_too_long() -> None:
    (finding,) = check_waiting(since=CALLED, now=CALLED + dt.timedelta(hours=72, minutes=1))
    assert finding.code == "CALL-2"
    assert "over 72 hours" in finding.message


@just_short("CALL-2")
def test_three_days_to_the_minute_are_not() -> None:
    assert check_waiting(since=CALLED, now=CALLED + dt.timedelta(hours=72)) == ()
