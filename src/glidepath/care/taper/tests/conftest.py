from __future__ import annotations

import pytest

from glidepath.record.people.models import Person
from tests.cast import Cast, make_centre
from tests.scenarios import ward


@pytest.fixture
def cast(frozen_clock) -> Cast:
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    return cast


@pytest.fixture
def person(cast: Cast) -> Person:
    """Danilo, admitted, on diazepam 10 mg twice a day for six years."""
    return ward.person_with_history(cast, preferred_name="Danilo")
