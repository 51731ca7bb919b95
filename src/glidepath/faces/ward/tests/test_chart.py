"""The chart: the glidepath drawn and as a table, one line for every read, and nobody in it without a tie."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from glidepath.faces.ward.tests.shifts import everybody_on
from glidepath.record.audit.models import AuditLine
from tests.cast import admitted_person, client_for
from tests.scenarios import ward

pytestmark = pytest.mark.django_db


def at(person) -> str:
    return reverse("ward:chart", args=[person.public_id])


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("window", ["stay", "weeks", "hours", "nonsense"])
def test_the_picture_and_its_table_stand_on_the_page_in_every_window(cast, person, frozen_clock, window):
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    frozen_clock.set("2026-11-18T10:00")
    everybody_on(cast)
    answer = client_for(cast.nurse).get(at(person), {"window": window})
    assert answer.status_code == 200
    assert "<svg" in text(answer)
    assert "The glidepath of Danilo, day by day" in text(answer)
    assert "<td>diazepam 10 mg</td>" in text(answer)


def test_somebody_admitted_a_minute_ago_has_a_chart_too(cast):
    answer = client_for(cast.nurse).get(at(admitted_person(cast)))
    assert answer.status_code == 200
    assert "No medicine recorded yet" in text(answer)


def test_what_is_due_now_stands_there_with_its_state(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T10:10")
    page = text(client_for(cast.nurse).get(at(person)))
    assert "status--overdue" in page
    assert "Open diazepam of 08:00" in page


def test_every_read_leaves_one_line(cast, person):
    client = client_for(cast.nurse)
    for reads in (1, 2):
        assert "no-store" in client.get(at(person))["Cache-Control"]
        assert AuditLine.objects.filter(action="chart.read", kind="read", person_id=person.pk).count() == reads


@pytest.mark.parametrize("role", ["admissions", "peer_worker", "manager", "auditor", "administrator"])
def test_whose_role_reads_no_charts_is_refused_and_it_is_noted(cast, person, role):
    assert client_for(getattr(cast, role)).get(at(person)).status_code == 403
    assert not AuditLine.objects.filter(action="chart.read").exists()
    assert AuditLine.objects.filter(kind="deny", actor_id=getattr(cast, role).pk).count() == 1


def test_a_nurse_outside_the_care_team_meets_the_glass_and_sees_nothing(cast, person):
    answer = client_for(cast.off_shift_nurse).get(at(person))
    assert answer.url.startswith(reverse("episodes:break_glass", args=[person.public_id]))
    assert not AuditLine.objects.filter(action="chart.read").exists()


def test_a_case_manager_who_is_not_named_in_the_team_is_refused(cast, person):
    assert client_for(cast.case_manager).get(at(person)).status_code == 403


def test_at_another_centre_nobody_has_this_address(cast, person):
    assert client_for(cast.stranger).get(at(person)).status_code == 404
