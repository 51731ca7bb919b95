"""The chain says who came, who went and who was turned away."""

import pytest
from django.urls import reverse

from glidepath.centre.tests.opened import opened_centre
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff.models import Role, Staff

PASSWORD = "a long enough phrase"


@pytest.fixture
def nurse(frozen_clock):
    return Staff.objects.create_user(
        "amara", password=PASSWORD, centre=opened_centre(), role=Role.NURSE, name="Amara Okafor"
    )


def try_to_sign_in(client, name, password):
    return client.post(reverse("account_login"), {"login": name, "password": password})


def lines():
    return [(line.action, line.kind, line.code, line.actor_id) for line in AuditLine.objects.order_by("seq")]


def test_coming_and_going_each_leave_a_line(client, nurse):
    try_to_sign_in(client, "amara", PASSWORD)
    client.post(reverse("account_logout"))
    assert lines() == [("sign_in", "session", "form", nurse.pk), ("sign_out", "session", "asked", nurse.pk)]


def test_a_wrong_password_leaves_a_line_about_the_account(client, nurse):
    try_to_sign_in(client, "amara", "wrong")
    assert lines() == [("sign_in.failed", "deny", "", None)]
    assert AuditLine.objects.get().about_id == nurse.pk


@pytest.mark.usefixtures("nurse")
def test_a_name_nobody_has_is_written_nowhere(client, caplog):
    try_to_sign_in(client, "Marta Lindqvist", "wrong")
    assert lines() == []
    assert "Marta" not in caplog.text


def test_a_session_that_ran_out_says_so(client, nurse, frozen_clock):
    try_to_sign_in(client, "amara", PASSWORD)
    client.get(reverse("account_change_password"))
    frozen_clock.tick(minutes=16)
    client.get(reverse("account_change_password"))
    assert lines()[-1] == ("sign_out", "session", "idle", nurse.pk)
