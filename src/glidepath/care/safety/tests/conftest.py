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
    """Danilo, admitted; nobody has asked him about suicide yet."""
    return admitted_person(cast, preferred_name="Danilo")
