from __future__ import annotations

import pytest

from glidepath.record.people.models import Person
from tests.cast import Cast, admitted_person, make_centre


@pytest.fixture
def cast(frozen_clock) -> Cast:
    """The centre at 10:00 on Tuesday 17 November 2026 (London is on UTC)."""
    frozen_clock.set("2026-11-17T10:00")
    return make_centre()


@pytest.fixture
def person(cast: Cast) -> Person:
    """Ruth, admitted to the residential unit; nobody has written a plan yet."""
    return admitted_person(cast, preferred_name="Ruth")
