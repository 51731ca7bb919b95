"""Each sign-in, sign-out and failed try leaves its line; then those who work shifts are asked for theirs."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.test import Client

from glidepath.record.audit.models import AuditLine
from glidepath.record.staff.first_page import first_page
from tests.cast import Cast, client_for

pytestmark = pytest.mark.django_db


def test_signing_in_and_out_each_leave_a_line(cast: Cast) -> None:
    client: Client = client_for(cast.nurse)
    client.logout()
    lines = AuditLine.objects.filter(actor_id=cast.nurse.pk, kind="session").order_by("-seq")
    assert [line.action for line in lines[:2]] == ["sign_out", "sign_in"]


def test_a_failed_try_leaves_a_line_about_the_account_and_by_nobody(cast: Cast) -> None:
    assert authenticate(None, username=cast.nurse.username.upper(), password="a guess") is None
    line = AuditLine.objects.latest("seq")
    assert (line.action, line.kind, line.actor_id, line.about_id) == ("sign_in.failed", "deny", None, cast.nurse.pk)


def test_a_try_under_a_name_nobody_has_stops_nothing(cast: Cast) -> None:
    before = AuditLine.objects.count()
    assert authenticate(None, username="nobody at all", password="a guess") is None
    assert AuditLine.objects.count() == before


def test_who_works_shifts_and_is_on_none_starts_at_the_shift_page(cast: Cast) -> None:
    assert first_page(cast.off_shift_nurse) == "/shift/"
    assert first_page(cast.nurse) == "/"
    assert first_page(cast.admissions) == "/"
