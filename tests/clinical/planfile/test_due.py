"""What is due from a file: only what was released, each named time once a calendar day, by the clock of a place."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from glidepath.clinical.planfile.due import due_doses, waiting
from glidepath.clinical.planfile.errors import PlanFileError
from tests.clinical.planfile.made import START, day, made, released


def amounts(file, first: int, last: int, **more: bool) -> list[str]:
    return [str(one.dose) for one in due_doses(file.plan.steps, first=day(first), last=day(last), zone=dt.UTC, **more)]


def test_both_days_are_counted() -> None:
    assert amounts(made(), 0, 1) == ["diazepam 10 mg"] * 4
    assert amounts(made(), -3, -1) == []


def test_a_step_that_nobody_released_never_begins() -> None:
    assert set(amounts(made(), 0, 400)) == {"diazepam 10 mg"}
    assert set(amounts(released(2), 14, 400)) == {"diazepam 9 mg"}
    assert waiting(made().plan.steps, day(13)) is None
    assert waiting(made().plan.steps, day(14)) == day(14)


def test_as_projected_every_step_begins_on_its_day() -> None:
    assert amounts(made(), 13, 14, as_projected=True) == ["diazepam 10 mg"] * 2 + ["diazepam 9 mg"] * 2


def test_the_days_on_which_clocks_change_have_each_named_time_once() -> None:
    # London: 01:30 does not exist on 28 March 2027 (it comes at 02:00 summer time) and comes twice on 25 October 2026.
    file = made("diazepam 5 mg 01:30", start=dt.date(2026, 10, 1))
    for first, hour in ((dt.date(2026, 10, 25), "01:30:00+01:00"), (dt.date(2027, 3, 28), "02:00:00+01:00")):
        zone = ZoneInfo("Europe/London")
        (dose,) = due_doses(file.plan.steps, first=first, last=first, zone=zone)
        assert dose.due_at.astimezone(zone).isoformat() == f"{first}T{hour}"


def test_a_plan_without_a_step_says_so() -> None:
    with pytest.raises(PlanFileError, match="no step"):
        due_doses((), first=START, last=START, zone=dt.UTC)
