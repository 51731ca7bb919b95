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
    """Danilo, admitted, who has taken a benzodiazepine for years; no allergy known."""
    found = ward.person_with_history(cast, preferred_name="Danilo")
    no_allergies(cast, found)
    return found


def no_allergies(cast: Cast, person: Person) -> None:
    from glidepath.record.people.services import no_known_allergies

    no_known_allergies(person=person, by=cast.nurse)
