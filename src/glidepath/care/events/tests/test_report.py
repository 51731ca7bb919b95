"""The report of events: by kind and month, counted by hand; what was done; who reads it; its queries."""

from __future__ import annotations

import csv
import datetime as dt
import io
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.events.models import Outcome
from glidepath.care.events.report import event_report
from glidepath.care.events.services import ActionGiven, say_action_done
from glidepath.care.events.tests.emergencies import ended, reviewed, signed, started, talked
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.services import record_event
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import client_for

PAGE = "/events/report/"
FIRST, LAST = dt.date(2026, 10, 1), dt.date(2026, 11, 30)


def written(person, cast, kind):
    return record_event(person=person, kind=kind, words="slid", by=cast.nurse, once=uuid4().hex).row


@pytest.fixture
def autumn(person, cast, frozen_clock):
    """Admitted on 17 November: that day a fall nobody started a clock for; then a seizure of seven minutes that is
    debriefed, reviewed and acted on; a day later a seizure that still runs."""
    written(person, cast, Event.Kind.FALL)
    running = started(person, cast.nurse)
    frozen_clock.tick(minutes=7)
    ended(running, cast.nurse, Outcome.TRANSFERRED)
    talked(running, cast)
    action = ActionGiven("Strips are counted each morning", cast.nurse, clock.today(cast.centre))
    review = reviewed(running, cast.manager, actions=[action])
    signed(review, cast.physician)
    say_action_done(action=review.actions.get(), words="On the list.", by=cast.nurse, once=uuid4().hex)
    frozen_clock.tick(days=1)
    started(person, cast.nurse)
    return person


def test_each_kind_stands_in_its_month_with_what_was_done(autumn, cast):
    found = event_report(cast.centre, FIRST, LAST)
    assert found.months == (dt.date(2026, 10, 1), dt.date(2026, 11, 1))
    seizure, fall = found.kinds
    assert (seizure.kind, seizure.by_month, seizure.count, seizure.ran) == ("seizure", (0, 2), 2, 2)
    assert (seizure.ended_in_words, seizure.minutes) == ("transferred to hospital 1, running 1", (7,))
    assert (seizure.debriefed, seizure.reviewed, seizure.actions, seizure.actions_done) == (1, 1, 1, 1)
    assert (fall.by_month, fall.ran, fall.ended_in_words) == ((0, 1), 0, "")
    assert (found.count, found.most, found.by_month) == (3, 2, (0, 3))


def test_the_night_that_ends_a_month_counts_by_the_centres_clock(person, cast, frozen_clock):
    frozen_clock.set("2027-03-31T22:59")  # summer time: 23:59 in London
    written(person, cast, Event.Kind.FALL)
    frozen_clock.set("2027-03-31T23:00")  # the first minute of April there
    written(person, cast, Event.Kind.FALL)
    found = event_report(cast.centre, dt.date(2027, 3, 1), dt.date(2027, 4, 30))
    assert found.kinds[0].by_month == (1, 1)
    assert event_report(cast.centre, dt.date(2027, 3, 1), dt.date(2027, 3, 31)).count == 1


def test_the_page_draws_the_months_names_nobody_and_leaves_its_line(autumn, cast):
    text = client_for(cast.manager).get(PAGE).text
    assert "3 events from" in text
    assert (
        'aria-label="seizure: 0 in June, 0 in July, 0 in August, 0 in September, 0 in October, 2 in November"' in text
    )
    assert "its minutes were not kept: nobody started the clock" in text
    assert "transferred to hospital 1, running 1" in text
    assert "Danilo" not in text
    for one in cast.everybody:
        assert one is cast.manager or one.name not in text
    assert AuditLine.objects.filter(action="incident.report", actor_id=cast.manager.pk).count() == 1


def test_the_table_for_a_spreadsheet_says_the_same(autumn, cast):
    answer = client_for(cast.auditor).get(f"{reverse('events:report_csv')}?first=2026-10-01&last=2026-11-30")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(one["event"], one["2026-10"], one["2026-11"]) for one in rows] == [
        ("seizure", "0", "2"),
        ("fall", "0", "1"),
    ]
    assert rows[0]["ended"] == "transferred to hospital 1, running 1"
    assert answer["Content-Disposition"] == 'attachment; filename="events-2026-10-01-to-2026-11-30.csv"'


def test_another_centre_counts_its_own(autumn, cast):
    assert "0 events from" in client_for(cast.stranger).get(PAGE).text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("first=2026-11-20&last=2026-11-01", "The period ends before it begins."),
        ("first=x&last=2026-11-01", "Give a day, such as 2026-11-01."),
        ("first=2020-01-01&last=2026-11-01", "Longer than 366 days"),
    ],
)
def test_a_period_that_cannot_be_is_said(cast, asked, says):
    answer = client_for(cast.manager).get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert says in answer.text
    assert client_for(cast.manager).get(f"{reverse('events:report_csv')}?{asked}").status_code == 422


@pytest.mark.parametrize("role", ["peer_worker", "admissions", "case_manager", "administrator"])
def test_who_answers_for_no_events_reads_no_report(role, cast):
    for address in (PAGE, reverse("events:report_csv")):
        assert client_for(getattr(cast, role)).get(address).status_code == 403


def test_a_manager_finds_it_on_the_first_page_and_an_auditor_beside_the_lines(cast):
    assert PAGE in client_for(cast.manager).get("/").text
    assert PAGE in client_for(cast.auditor).get("/audit/").text


def test_as_many_queries_for_twelve_events_as_for_one(person, cast):
    def taken():
        with CaptureQueriesContext(connection) as found:
            event_report(cast.centre, FIRST, LAST)
        return len(found)

    def one_more():
        running = started(person, cast.nurse)
        ended(running, cast.nurse)
        talked(running, cast)
        reviewed(running, cast.manager, actions=[ActionGiven("See to it", cast.nurse, clock.today(cast.centre))])

    one_more()
    first = taken()
    for _ in range(11):
        one_more()
    assert taken() == first
