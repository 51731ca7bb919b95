"""A page over people asks the database as often for 30 as for 3."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.medication import queries
from glidepath.care.medication.models import YesNoUnknown
from glidepath.care.medication.tests import story
from glidepath.care.medication.tests.story import at
from glidepath.record import clock
from tests.cast import Cast, make_centre
from tests.remembered import remembered
from tests.scenarios import ward


@remembered
def ward_of(number: int, name: str) -> tuple[Cast, list]:
    """So many people with a regular order, an as-needed one, one outside the formulary, and one dose given."""
    cast = make_centre(name, beds=number)
    ward.stock_shelf(cast)
    people = []
    for _ in range(number):
        person = ward.person_with_history(cast)
        order = story.signed(cast, person, story.draft("diazepam", "10", "07:30", "22:00"))
        story.signed(cast, person, story.prn())
        story.outside(cast, person, YesNoUnknown.UNKNOWN, "09:00")
        story.give(cast, story.wanted(person, order, at("07:30")))
        people.append(person)
    return cast, people


@pytest.fixture
def wards(frozen_clock):
    frozen_clock.set(at("07:00"))
    return ward_of(3, "Small"), ward_of(30, "Large")


def counted(read, people):
    with CaptureQueriesContext(connection) as asked:
        found = read(people)
    return len(asked), found


@pytest.mark.parametrize(
    "read",
    [
        lambda people: queries.due(people, clock.now() - dt.timedelta(days=1), clock.now() + dt.timedelta(days=1)),
        queries.for_round,
        queries.prn,
        queries.rechecks_due,
        queries.not_taken,
    ],
    ids=["due", "for_round", "prn", "rechecks_due", "not_taken"],
)
def test_30_people_take_as_many_queries_as_3(wards, frozen_clock, read):
    (_, few), (_, many) = wards
    frozen_clock.set(at("10:30"))
    asked_for_few, _ = counted(read, few)
    asked_for_many, _ = counted(read, many)
    assert asked_for_many == asked_for_few
