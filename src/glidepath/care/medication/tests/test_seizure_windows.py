"""What was taken last, out of the record: doses given here, what was told before, what is due and was not taken."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.medication.last_taken import seizure_windows
from glidepath.care.medication.tests.acts import decline, draft, give, row_at, sign
from glidepath.care.monitoring import queries as monitoring, services as observing
from glidepath.clinical.monitoring.observation_plan import Intervals
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.clinical.monitoring.seizure_window import tightens
from glidepath.record import clock
from tests.cast import admitted_person, client_for, proof
from tests.scenarios.ward import person_with_history

HOUR = dt.timedelta(hours=1)


def window_of(person):
    return seizure_windows([person], clock.now()).get(person.pk)


def test_who_is_not_known_to_take_anything_has_no_window(cast):
    assert window_of(admitted_person(cast)) is None


def test_a_dose_given_here_is_the_last_one_and_the_next_that_is_due_keeps_it_shut(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T07:30")
    sign(cast, person, draft("lorazepam", "1", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    part = next(one for one in window_of(person).parts if one.medicine == "lorazepam")
    assert part.last_at == clock.now()
    assert part.opens_at == clock.now() + 12 * HOUR
    frozen_clock.set("2026-11-17T22:30")
    assert tightens(window_of(person), clock.now()) is None, "within the centre's grace of an hour"
    frozen_clock.set("2026-11-17T23:30")
    found = tightens(window_of(person), clock.now())
    assert found is not None
    assert found.why.startswith("no lorazepam for 15 hours")
    assert found.why.endswith(": a seizure is possible")


def test_a_declined_dose_is_not_taken_and_has_no_grace(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T07:30")
    sign(cast, person, draft("lorazepam", "1", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    frozen_clock.set("2026-11-17T22:05")
    decline(row_at(person, "2026-11-17T22:00"), cast.nurse)
    assert tightens(window_of(person), clock.now()) is not None


def test_what_was_told_counts_until_a_dose_is_given_here(cast, frozen_clock):
    frozen_clock.set("2026-11-17T07:30")
    person = person_with_history(cast, preferred_name="Ruth")
    found = window_of(person)
    assert found is not None
    assert {one.medicine for one in found.parts}
    assert found.covered_until is None, "nothing is ordered yet"


def test_an_open_window_brings_a_settled_person_back_to_close_observation(cast, person, frozen_clock):
    """By a signed plan twice a day; every four hours from the opening on, which was after it was signed."""
    frozen_clock.set("2026-11-17T07:30")
    sign(cast, person, draft("lorazepam", "1", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    observing.set_observation_plan(
        person=person, intervals=Intervals(12, 12, {Scale.CIWA_B: 12}), until=clock.now() + dt.timedelta(days=3),
        reason="settled", by=cast.physician, proof=proof(cast.physician), once="plan", knows_looser=True,
    )  # fmt: skip
    assert monitoring.due([person])[person.pk].frequency.hours == 12
    frozen_clock.set("2026-11-18T00:30")
    found = monitoring.due([person])[person.pk]
    assert (found.frequency.hours, found.frequency.code) == (4, "INP-1")
    assert "a seizure is possible" in found.frequency.why


@pytest.mark.parametrize("many", [2, 5])
def test_many_cost_as_many_queries_as_one(cast, frozen_clock, many):
    people = [person_with_history(cast, preferred_name=f"P{number}") for number in range(many)]
    with CaptureQueriesContext(connection) as one:
        seizure_windows(people[:1], clock.now())
    with CaptureQueriesContext(connection) as all_of_them:
        seizure_windows(people, clock.now())
    assert len(all_of_them) == len(one)


def test_the_observation_page_says_the_window_its_source_and_what_lies_ready(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T07:30")
    sign(cast, person, draft("lorazepam", "1", "08:00", "20:00"))
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    page = client_for(cast.nurse).get(reverse("monitoring:person", args=[person.public_id])).content.decode()
    assert "shut while doses go on as due" in page
    assert "Ready for a seizure" not in page
    frozen_clock.set("2026-11-17T21:30")
    page = client_for(cast.nurse).get(reverse("monitoring:person", args=[person.public_id])).content.decode()
    assert "open since" in page
    assert "Ready for a seizure" in page
    assert "blood glucose meter" in page
    assert "unverified" not in page
