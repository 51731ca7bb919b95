from __future__ import annotations

import pytest

from glidepath.record.people.models import Person
from tests.cast import Cast, make_centre
from tests.scenarios import ward


@pytest.fixture
def cast(frozen_clock) -> Cast:
    """The centre with its shelf, at 07:00 on Tuesday 17 November 2026 (London is on UTC)."""
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    return cast


@pytest.fixture
def person(cast: Cast) -> Person:
    """Danilo, admitted at 07:00, on diazepam 10 mg at 08:00 and 22:00 for six years, ordered on."""
    found = ward.person_with_history(cast, preferred_name="Danilo")
    ward.order(cast, found, "diazepam", "10", "08:00", "22:00")
    return found
