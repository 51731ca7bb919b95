from __future__ import annotations

import pytest

from glidepath.record.people.models import Person
from tests.cast import Cast, admitted_person, make_centre


@pytest.fixture
def cast(frozen_clock) -> Cast:
    return make_centre()


@pytest.fixture
def person(cast: Cast) -> Person:
    """Danilo, admitted, in the first bed."""
    return admitted_person(cast, preferred_name="Danilo")
