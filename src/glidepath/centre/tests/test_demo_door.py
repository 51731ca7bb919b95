"""The demo's one-click sign-in opens on a demo, on this machine, and nowhere else."""

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.centre.tests.opened import opened_centre
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.staff.models import Role, Staff


@pytest.fixture
def centre(db):
    return opened_centre()


@pytest.fixture
def nurse(centre):
    return Staff.objects.create_user("amara", password="not used", centre=centre, role=Role.NURSE, name="Amara Okafor")


@pytest.fixture
def demo(nurse):
    DatabaseMark.objects.create(is_demo=True, made_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


def knock(client, **how):
    headers = how.pop("headers", {})
    where = {"SERVER_NAME": "localhost", "REMOTE_ADDR": "127.0.0.1", **how}
    return client.post(reverse("demo_sign_in"), {"username": "amara"}, headers=headers, **where)


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.usefixtures("demo")
def test_on_a_demo_on_this_machine_one_click_signs_in(client):
    assert knock(client).status_code == 302
    assert is_in(client)


@pytest.mark.usefixtures("nurse")
def test_on_a_real_record_there_is_no_such_door(client):
    assert knock(client).status_code == 403
    assert not is_in(client)
    assert "This is a demo" not in client.get(reverse("account_login"), SERVER_NAME="localhost").content.decode()


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    "how",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"SERVER_NAME": "glidepath.example.org"},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"headers": {"Forwarded": "for=192.0.2.7"}},
        {"headers": {"Via": "1.1 ward-proxy"}},
    ],
)
def test_from_elsewhere_by_another_name_or_through_a_proxy_it_stays_shut(client, settings, how):
    settings.ALLOWED_HOSTS = ["localhost", "glidepath.example.org"]
    assert knock(client, **how).status_code == 403
    assert not is_in(client)


@pytest.mark.usefixtures("demo")
def test_a_closed_account_is_not_opened_by_a_click(client, nurse):
    Staff.objects.filter(pk=nurse.pk).update(is_active=False)
    assert knock(client).status_code == 403


@pytest.mark.usefixtures("demo")
def test_the_sign_in_page_of_a_demo_names_each_account_with_its_role(client):
    page = client.get(reverse("account_login"), SERVER_NAME="localhost").content.decode()
    assert "This is a demo" in page
    assert "Amara Okafor" in page
