"""Shifts end by themselves; a story that goes on days later begins with everybody signing on again."""

from __future__ import annotations

from glidepath.record.staff import services as staff
from tests.cast import Cast


def everybody_on(cast: Cast) -> None:
    for one in (cast.physician, cast.nurse, cast.pharmacist):
        staff.start_shift(unit=cast.unit, by=one)
