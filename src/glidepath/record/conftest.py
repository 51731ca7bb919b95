"""What the tests of every room of the record begin with."""

from __future__ import annotations

import pytest

from glidepath.record.people.models import Person
from tests.cast import Cast, admitted_person, make_centre


@pytest.fixture
def cast(db: None) -> Cast:
    return make_centre()


@pytest.fixture
def person(cast: Cast) -> Person:
    """Somebody admitted, in the first bed of the unit."""
    return admitted_person(cast)
