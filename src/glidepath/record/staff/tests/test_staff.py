"""Shifts, and the right to prescribe."""

from __future__ import annotations

import pytest

from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff import services
from glidepath.record.staff.models import Shift, Staff
from glidepath.record.staff.queries import is_on_shift, on_shift, open_shifts
from tests.cast import Cast, proof
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db


def test_a_shift_starts_once_however_often_the_button_is_pressed(cast: Cast) -> None:
    first = services.start_shift(unit=cast.unit, by=cast.off_shift_nurse)
    assert services.start_shift(unit=cast.unit, by=cast.off_shift_nurse) == first
    assert cast.off_shift_nurse in on_shift(cast.unit)


def test_a_shift_ends_once_and_ending_none_does_nothing(cast: Cast) -> None:
    services.end_shift(unit=cast.unit, by=cast.nurse)
    services.end_shift(unit=cast.unit, by=cast.nurse)
    assert not is_on_shift(cast.nurse)


def test_one_signs_on_only_for_units_one_is_assigned_to(cast: Cast) -> None:
    services.assign_units(staff=cast.off_shift_nurse, units=[cast.other_unit], by=cast.administrator)
    with pytest.raises(NotAllowed, match="not assigned to Willow"):
        services.start_shift(unit=cast.unit, by=cast.off_shift_nurse)
    services.start_shift(unit=cast.other_unit, by=cast.off_shift_nurse)


def test_nobody_signs_on_at_another_centre(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        services.start_shift(unit=cast.unit, by=cast.stranger)


@pytest.mark.parametrize("role", ["admissions", "manager", "auditor", "administrator"])
def test_the_office_works_no_shifts_on_a_unit(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        services.start_shift(unit=cast.unit, by=getattr(cast, role))


def test_a_forgotten_shift_ends_where_it_stopped_counting(cast: Cast, frozen_clock: FrozenClock) -> None:
    frozen_clock.set("2026-11-18T08:00")
    services.start_shift(unit=cast.other_unit, by=cast.off_shift_nurse)
    frozen_clock.set("2026-11-19T08:00")
    assert not open_shifts(cast.off_shift_nurse)
    services.start_shift(unit=cast.other_unit, by=cast.off_shift_nurse)
    forgotten = Shift.objects.filter(staff=cast.off_shift_nurse).order_by("started_at")[0]
    assert str(forgotten.ended_at) == "2026-11-19 00:00:00+00:00"


def test_a_counsellor_cannot_be_given_the_right_to_prescribe(cast: Cast) -> None:
    with pytest.raises(BadInput, match="cannot be given"):
        services.grant_prescribing(
            staff=cast.counsellor, granted=True, by=cast.administrator, proof=proof(cast.administrator)
        )


def test_the_right_to_prescribe_is_taken_back_by_name(cast: Cast) -> None:
    services.grant_prescribing(
        staff=cast.physician, granted=False, by=cast.administrator, proof=proof(cast.administrator)
    )
    assert not Staff.objects.get(pk=cast.physician.pk).may_prescribe
