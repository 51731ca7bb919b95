"""Events per 1,000 person-days, by hand and against a plain oracle; and what the timeline says of each."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from uuid import uuid4

import pytest

from glidepath.care.events import queries
from glidepath.care.events.models import Outcome
from glidepath.care.events.tests.emergencies import closed, ended, started
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.services import correct_event, record_event
from glidepath.record import clock
from glidepath.record.episodes.queries import days_in_care
from tests.cast import admitted_person

DAY = dt.timedelta(days=1)


def test_three_events_in_ten_days_of_two_people_are_150_per_1000(cast, frozen_clock):
    began = clock.now()
    one, two = admitted_person(cast), admitted_person(cast)
    started(one, cast.nurse)
    record_event(person=two, kind=Event.Kind.SEIZURE, by=cast.nurse, once=uuid4().hex)
    frozen_clock.tick(days=3)
    record_event(person=two, kind=Event.Kind.SEIZURE, by=cast.nurse, once=uuid4().hex)
    frozen_clock.tick(days=7)
    found = queries.events_for_outcomes(cast.centre, began, clock.now())
    assert found.person_days == 20
    assert (found.rate("seizure").count, found.rate("seizure").per_1000) == (3, 150)
    assert (found.rate("fall").count, found.rate("fall").per_1000) == (0, 0)
    assert (found.ran, found.reviewed) == (1, 0)


def test_nobody_here_gives_no_rate(cast):
    found = queries.events_for_outcomes(cast.centre, clock.now() - DAY, clock.now())
    assert found.person_days == 0
    assert all(one.per_1000 is None for one in found.rates)


def test_transfers_deaths_and_closed_reviews_are_counted(person, cast, frozen_clock):
    began = clock.now()
    closed(person, cast)
    ended(started(person, cast.nurse, Event.Kind.FALL), cast.nurse, Outcome.DIED)
    frozen_clock.tick(days=1)
    found = queries.events_for_outcomes(cast.centre, began, clock.now())
    assert (found.rate("transferred").count, found.rate("died").count) == (1, 1)
    assert (found.ran, found.reviewed) == (2, 1)


def test_a_corrected_event_counts_once_by_what_it_is_now(person, cast, frozen_clock):
    began = clock.now()
    row = record_event(person=person, kind=Event.Kind.FALL, words="slid", by=cast.nurse, once=uuid4().hex).row
    correct_event(
        event=row, kind=Event.Kind.OTHER, words="sat down", reason="seen again", by=cast.nurse, once=uuid4().hex
    )
    frozen_clock.tick(days=1)
    found = queries.events_for_outcomes(cast.centre, began, clock.now())
    assert (found.rate("fall").count, found.rate("other").count) == (0, 1)


def test_another_centre_and_another_time_count_nothing(person, cast, frozen_clock):
    started(person, cast.nurse)
    frozen_clock.tick(days=1)
    before = queries.events_for_outcomes(cast.centre, clock.now() - 5 * DAY, clock.now() - 3 * DAY)
    elsewhere = queries.events_for_outcomes(cast.other_centre, clock.now() - 5 * DAY, clock.now() + DAY)
    assert (before.rate("seizure").count, elsewhere.rate("seizure").count) == (0, 0)
    assert elsewhere.person_days == 0


@pytest.mark.clock
def test_days_in_care_are_elapsed_hours_through_the_night_the_clock_goes_back(cast, frozen_clock):
    """Against a plain count, quarter of an hour by quarter of an hour."""
    frozen_clock.set("2027-03-27T18:00")
    came = clock.now()
    admitted_person(cast)
    frozen_clock.tick(hours=7)
    admitted_person(cast)
    frozen_clock.tick(days=2)
    since, until, quarter = came + dt.timedelta(hours=3), clock.now(), dt.timedelta(minutes=15)
    counted, at = 0, since
    while at < until:
        counted += sum(at >= one for one in (came, came + dt.timedelta(hours=7)))
        at += quarter
    assert days_in_care(cast.centre, since, until) == Fraction(counted, 96)


def test_what_became_of_an_event_is_said_for_the_timeline(person, cast):
    running = started(person, cast.nurse)
    assert queries.told_of(queries.whole_of(person)) == {running.event_id: "running"}
    done = closed(person, cast, Event.Kind.FALL)
    ran = queries.whole_of(person)
    assert queries.told_of(ran)[done.event_id] == "transferred to hospital, debriefed, reviewed and closed"
    assert [words for _, words in queries.closings(ran)] == ["Review closed: fall"]
