"""How often each kind of alarm fired, and what was done: counted by hand beside it."""

from __future__ import annotations

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.models import Rank
from glidepath.care.alarms.report import Minutes, title_of
from glidepath.clinical.facts.load import escalation_policy
from glidepath.clinical.monitoring.escalation import ALARMS
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import admitted_person, client_for

PAGE = "/alarms/report/"


def raised(person, cause="INP-3"):
    return services.raise_alarm(person=person, cause=cause, rank=Rank.NOW, message="Late.", do="Go.", by=None)


@pytest.fixture
def night(cast, frozen_clock):
    """Three sets overdue: answered after 4 minutes and attended after 6, after 15 and 15, never; one call for help."""
    first, second, third = (admitted_person(cast) for _ in range(3))
    begins = clock.now()
    alarms = [raised(one) for one in (first, second, third)]
    services.call_for_help(person=first, by=cast.nurse, once="h")
    services.page_who_is_called(cast.centre)
    frozen_clock.tick(minutes=4, seconds=30)
    services.acknowledge(alarm=alarms[0], by=cast.nurse, once="a")
    raised(first)
    frozen_clock.tick(minutes=2)
    services.attend(alarm=alarms[0], by=cast.nurse, once="b")
    frozen_clock.tick(minutes=9)
    services.page_who_is_called(cast.centre)
    services.attend(alarm=alarms[1], by=cast.second_nurse, once="c")
    services.close(alarm=alarms[0], words="Observed.", by=cast.nurse, once="d")
    services.close(alarm=alarms[1], words="Observed.", by=cast.physician, once="e")
    return begins


def test_each_kind_is_counted(night, cast):
    found = {one.cause: one for one in queries.kinds_of_alarm(cast.centre, night, clock.now())}
    late = found["INP-3"]
    assert (late.fired, late.joined, late.still_open) == (3, 1, 1)
    assert late.answered == Minutes((4, 15), 3)
    assert late.attended == Minutes((6, 15), 3)
    assert late.called_on == 2, "the second and the third had no answer after ten minutes"
    assert late.closed_by == (("nurse", 1), ("physician", 1))
    assert late.closed_in_words == "nurse 1, physician 1, still open 1"
    assert (found["help"].fired, found["help"].attended.values) == (1, ())


def test_every_kind_that_calls_has_a_title_in_words():
    of_ladders = {cause for ladder in escalation_policy().ladders.values() for cause in ladder.causes}
    by_time = {"order_unsigned", "order_ends", "goes_on"}
    bare = [cause for cause in sorted(of_ladders | ALARMS | by_time) if title_of(cause) == cause]
    assert bare == [], "give these a title in report.OURS"


@pytest.mark.parametrize(
    ("values", "of", "words"),
    [
        ((), 4, "none of 4"),
        ((3,), 1, "3 (1 of 1)"),
        ((3, 7, 12, 20), 6, "3, 7, 12, 20 (4 of 6)"),
        ((1, 2, 4, 6, 90), 5, "median 4 (5 of 5)"),
        ((1, 2, 3, 4, 5, 6), 9, "median 3.5 (6 of 9)"),
    ],
)
def test_small_numbers_are_shown_and_not_averaged(values, of, words):
    assert Minutes(values, of).words == words


def test_an_alarm_counts_on_the_day_it_was_opened(night, cast):
    assert queries.kinds_of_alarm(cast.centre, clock.now(), clock.now()) == ()
    assert sum(one.fired for one in queries.kinds_of_alarm(cast.centre, night, clock.now())) == 4


def test_the_page_names_nobody_and_is_in_the_audit(night, cast):
    text = client_for(cast.manager).get(PAGE).text
    assert "4 alarms from" in text
    assert "An overdue observation is never normal" in text
    assert "4, 15 (2 of 3)" in text
    for one in cast.everybody:
        assert one is cast.manager or one.name not in text
    assert AuditLine.objects.filter(action="alarm.report", actor_id=cast.manager.pk).count() == 1


def test_the_table_for_a_spreadsheet_says_the_same(night, cast):
    answer = client_for(cast.auditor).get(reverse("alarms:report_csv"))
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(one["code"], one["fired"]) for one in rows] == [("INP-3", "3"), ("help", "1")]
    assert rows[0]["closed by role"] == "nurse 1; physician 1"
    assert answer["Content-Disposition"] == 'attachment; filename="alarms-2026-10-21-to-2026-11-17.csv"'


def test_another_centre_counts_its_own(night, cast):
    assert "0 alarms from" in client_for(cast.stranger).get(PAGE).text


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("first=2026-11-20&last=2026-11-01", "The period ends before it begins."),
        ("first=x&last=2026-11-01", "Give a day, such as 2026-11-01."),
        ("first=2020-01-01&last=2026-11-01", "Longer than 366 days"),
        ("first=2026-11-01", "Give a day, such as 2026-11-01."),
    ],
)
def test_a_period_that_cannot_be_is_said(cast, asked, says):
    answer = client_for(cast.manager).get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert says in answer.text
    assert client_for(cast.manager).get(f"{reverse('alarms:report_csv')}?{asked}").status_code == 422


@pytest.mark.parametrize("role", ["counsellor", "pharmacist", "peer_worker", "admissions", "administrator"])
def test_who_answers_for_no_alarms_reads_no_report(role, cast):
    for address in (PAGE, reverse("alarms:report_csv")):
        assert client_for(getattr(cast, role)).get(address).status_code == 403


def test_as_many_queries_for_twenty_alarms_as_for_one(cast, frozen_clock):
    def taken():
        with CaptureQueriesContext(connection) as found:
            queries.kinds_of_alarm(cast.centre, clock.now().replace(hour=0), clock.now().replace(hour=23))
        return len(found)

    person = admitted_person(cast)
    raised(person)
    assert taken() == 2
    for number in range(20):
        raised(person, cause=f"X-{number}")
    services.page_who_is_called(cast.centre)
    assert taken() == 2
