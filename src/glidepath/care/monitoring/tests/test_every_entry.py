"""However long the stay: every entry can be read, page by page, as it was written."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.monitoring import services
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, scored, seen
from glidepath.care.monitoring.views.chart import LATEST
from glidepath.care.monitoring.views.every import A_PAGE
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import client_for


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


def every(person, kind, more=""):
    return reverse("monitoring:every", args=[person.public_id, kind]) + more


def test_the_oldest_entry_of_many_is_on_the_last_page(nurse, person, cast, frozen_clock):
    seen(person, cast.nurse, awake(pulse=91))
    for _ in range(A_PAGE):
        frozen_clock.tick(minutes=7)
        seen(person, cast.nurse, asleep())
    latest = nurse.get(reverse("monitoring:person", args=[person.public_id])).text
    assert latest.count("Correct<span") == LATEST == 12
    assert every(person, "sets") in latest
    first, second = nurse.get(every(person, "sets")).text, nurse.get(every(person, "sets", "?page=2")).text
    assert (first.count('<th scope="row">'), second.count('<th scope="row">')) == (A_PAGE, 1)
    assert '<td class="n">91</td>' in second
    assert 'href="?page=2">Older' in first
    assert 'href="?page=1">Newer' in second


def test_what_was_corrected_stays_with_its_reason(nurse, person, cast):
    seen(person, cast.nurse)
    old = scored(person, cast.nurse, ciwa(1)).row
    services.correct_ciwa_b(
        ciwa_b=old, items=ciwa(2), oriented=True, by=cast.nurse, reason="read the wrong line", once=uuid4().hex
    )
    text = nurse.get(every(person, "ciwa-b")).text
    assert text.count('<th scope="row">') == 2
    assert "read the wrong line" in text


def test_nights_lead_back_to_their_form(nurse, person, cast):
    services.record_sleep(
        person=person, night_of=clock.today(person.centre), minutes=330, by=cast.nurse, once=uuid4().hex
    )
    text = nurse.get(every(person, "nights")).text
    assert "5\N{NO-BREAK SPACE}h 30\N{NO-BREAK SPACE}min" in text
    assert f"{reverse('monitoring:person', args=[person.public_id])}?night=2026-11-17#sl" in text


def test_without_an_entry_it_says_so_and_is_in_the_audit(nurse, person):
    assert "None yet." in nurse.get(every(person, "scales")).text
    assert AuditLine.objects.filter(action="observations.read", person_id=person.pk, kind="read").count() == 1


def test_nonsense_is_no_kind_and_a_page_beyond_the_last_is_the_last(nurse, person, cast):
    seen(person, cast.nurse)
    assert nurse.get(every(person, "secrets")).status_code == 404
    assert "page 1 of 1" in nurse.get(every(person, "sets", "?page=99")).text


def test_as_many_queries_for_one_entry_as_for_thirty(nurse, person, cast, django_assert_num_queries):
    seen(person, cast.nurse)
    nurse.get(every(person, "sets"))
    with CaptureQueriesContext(connection) as once:
        nurse.get(every(person, "sets"))
    for _ in range(29):
        seen(person, cast.nurse)
    with django_assert_num_queries(len(once)):
        nurse.get(every(person, "sets"))
