"""A session ends when nobody is there, and after twelve hours in any case."""

import pytest
from django.urls import reverse

from glidepath.centre.tests.opened import opened_centre
from glidepath.record.audit.pages import POLL_HEADER
from glidepath.record.staff.models import Role, Staff

PAGE = "/account/password/"


@pytest.fixture
def nurse(frozen_clock):
    centre = opened_centre()
    return Staff.objects.create_user("amara", password="not used", centre=centre, role=Role.NURSE, name="Amara Okafor")


@pytest.fixture
def at_work(client, nurse):
    client.force_login(nurse, backend="django.contrib.auth.backends.ModelBackend")
    client.get(PAGE)
    return client


def is_in(client):
    return "_auth_user_id" in client.session


def test_fourteen_minutes_of_quiet_keep_the_session(at_work, frozen_clock):
    frozen_clock.tick(minutes=14)
    assert at_work.get(PAGE).status_code == 200
    assert is_in(at_work)


def test_sixteen_minutes_of_quiet_end_it_and_the_way_back_is_kept(at_work, frozen_clock):
    frozen_clock.tick(minutes=16)
    answer = at_work.get(PAGE)
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next=%2Faccount%2Fpassword%2F"
    assert not is_in(at_work)
    assert "after 15 minutes" in at_work.get(answer.url).content.decode()


def test_each_look_begins_the_quiet_anew(at_work, frozen_clock):
    for _ in range(4):
        frozen_clock.tick(minutes=10)
        at_work.get(PAGE)
    assert is_in(at_work)


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(at_work, frozen_clock):
    for _ in range(3):
        frozen_clock.tick(minutes=6)
        answer = at_work.get(PAGE, headers={POLL_HEADER: "1", "HX-Request": "true"})
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith("/sign-in/")
    assert not is_in(at_work)


def test_typing_counts_as_being_there(at_work, frozen_clock):
    for _ in range(3):
        frozen_clock.tick(minutes=10)
        assert at_work.post(reverse("still_here")).status_code == 204
    assert is_in(at_work)


def test_after_twelve_hours_it_ends_however_busy_somebody_is(at_work, frozen_clock):
    for _ in range(12 * 6 + 1):
        frozen_clock.tick(minutes=10)
        answer = at_work.get(PAGE)
    assert answer.status_code == 302
    assert not is_in(at_work)


def test_what_was_typed_into_a_form_that_came_too_late_is_shown_and_no_secret_is(at_work, frozen_clock):
    frozen_clock.tick(minutes=16)
    answer = at_work.post(PAGE, {"words": "slept three hours", "pin": "8642", "oldpassword": "geheim"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "slept three hours" in page
    assert "8642" not in page
    assert "geheim" not in page
