"""What a return after absence is proposed from: the newest whole day of given doses, and what was not given since."""

import datetime as dt

import pytest

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.services import Wanted, answer_dose
from glidepath.care.taper.ports import Absence, absence_of
from glidepath.record.staff import services as staff
from tests.scenarios import ward

from .acts import once, row_at

DAY = dt.date(2026, 11, 17)


@pytest.fixture
def given(cast, person, frozen_clock):
    """Diazepam 10 mg twice a day, given on the 17th and on the morning of the 18th."""
    ward.sign(cast, person, ward.draft(start=DAY))
    for when in ("2026-11-17T08:05", "2026-11-17T22:05", "2026-11-18T08:05"):
        frozen_clock.set(when)
        staff.start_shift(unit=cast.unit, by=cast.nurse)
        ward.give_due(cast, person)
    return person


def test_a_day_of_which_a_dose_is_still_to_come_is_not_whole_yet(given):
    assert absence_of(given) == Absence(DAY, 0)


def test_a_dose_that_could_not_be_given_and_one_that_nobody_answered_count_alike(cast, given, frozen_clock):
    frozen_clock.set("2026-11-18T22:05")
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    row = row_at(given, "2026-11-18T22:00")
    answer_dose(
        wanted=Wanted(given, row.due.key, row.due.due_at),
        outcome=DoseAnswer.Outcome.UNABLE,
        reason=DoseAnswer.Reason.OFF_UNIT,
        by=cast.nurse,
        once=once(),
    )
    frozen_clock.set("2026-11-20T10:00")
    # The night dose of the 18th, both of the 19th and the morning dose of the 20th.
    assert absence_of(given) == Absence(DAY, 4)


def test_once_the_last_dose_of_today_is_given_today_is_whole(cast, given, frozen_clock):
    frozen_clock.set("2026-11-18T22:05")
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    ward.give_due(cast, given)
    assert absence_of(given) == Absence(dt.date(2026, 11, 18), 0)


def test_where_no_day_was_whole_nothing_is_proposed(cast, person, frozen_clock):
    ward.sign(cast, person, ward.draft(start=DAY))
    frozen_clock.set("2026-11-18T10:00")
    assert absence_of(person) == Absence(None, 3)
