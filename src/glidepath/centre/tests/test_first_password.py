"""Coming in with a password another person typed, with a wrong one, and with none that still counts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from glidepath.centre.tests.opened import opened_centre
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.signing import Proof
from tests.harness import FrozenClock

FIRST = "heron under the bridge"
OWN = "two slow snails at noon"
CHANGE = "/account/password/"


@pytest.fixture
def administrator(frozen_clock: FrozenClock) -> Staff:
    return services.create_staff(
        centre=opened_centre(), username="owen", name="Owen Pritchard", role=Role.ADMINISTRATOR, password=OWN, by=None
    )


@pytest.fixture
def nurse(administrator: Staff, frozen_clock: FrozenClock) -> Staff:
    assert administrator.centre is not None
    return services.create_staff(
        centre=administrator.centre, username="nadia", name="Nadia Rahman", role=Role.NURSE, password=FIRST,
        by=administrator, proof=_signed(administrator, frozen_clock),
    )  # fmt: skip


def test_a_first_password_opens_the_page_to_change_it_and_nothing_else(client: Client, nurse: Staff) -> None:
    _sign_in(client, FIRST)
    for page in ("/", "/shift/", "/people/"):
        assert client.get(page)["Location"] == CHANGE
    assert "Choose your own" in client.get(CHANGE).content.decode()
    assert client.post(CHANGE, _exchange())["Location"] == "/shift/"
    assert client.get("/shift/").status_code == 200
    assert AuditLine.objects.latest("seq").actor_id == nurse.pk


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"old_password": "a guess"}, "not your present password"),
        ({"new_password_again": "something else here"}, "differ"),
        ({"new_password": "short", "new_password_again": "short"}, "too short"),
        ({"new_password": FIRST, "new_password_again": FIRST}, "the old one"),
    ],
)
@pytest.mark.usefixtures("nurse")
def test_an_exchange_that_is_refused_says_why_and_shows_no_password(
    client: Client, wrong: dict[str, str], says: str
) -> None:
    _sign_in(client, FIRST)
    answer = client.post(CHANGE, {**_exchange(), **wrong})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert FIRST not in answer.content.decode()
    assert client.get("/")["Location"] == CHANGE


@pytest.mark.usefixtures("nurse")
def test_after_three_days_a_first_password_opens_nothing(client: Client, frozen_clock: FrozenClock) -> None:
    frozen_clock.tick(days=3)
    _sign_in(client, FIRST)
    answer = client.get(CHANGE, follow=True)
    assert "has run out" in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.usefixtures("nurse")
def test_a_closed_account_reads_as_a_wrong_password_and_not_as_a_closed_account(
    client: Client, administrator: Staff, nurse: Staff, frozen_clock: FrozenClock
) -> None:
    """Whoever tries does not learn who works here."""
    services.close_account(staff=nurse, by=administrator, proof=_signed(administrator, frozen_clock))
    assert "do not fit together" in _sign_in(client, FIRST)


def test_a_new_first_password_opens_the_way_after_too_many_wrong_ones(
    client: Client, administrator: Staff, nurse: Staff, frozen_clock: FrozenClock, settings: object
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip,8/5m/key"}  # type: ignore[attr-defined]
    for _ in range(8):
        _sign_in(client, "a guess")
    assert "Too many tries" in _sign_in(client, FIRST)
    signed = _signed(administrator, frozen_clock)
    services.give_first_password(staff=nurse, password="a rope of wet sand", by=administrator, proof=signed)
    _sign_in(client, "a rope of wet sand")
    assert client.session["_auth_user_id"] == str(nurse.pk)


@pytest.mark.usefixtures("nurse")
def test_guessing_the_present_password_ends_with_a_page_that_says_so(client: Client, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"change_password": "2/m/user"}  # type: ignore[attr-defined]
    _sign_in(client, FIRST)
    answers = [client.post(CHANGE, {**_exchange(), "old_password": "a guess"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [422, 422, 429]
    assert "Wait a minute" in answers[-1].content.decode()


def _signed(by: Staff, frozen_clock: FrozenClock) -> Proof:
    return Proof(by.pk, frozen_clock.tick(seconds=1) - dt.timedelta(seconds=1))


def _sign_in(client: Client, password: str) -> str:
    return client.post(reverse("account_login"), {"login": "nadia", "password": password}).content.decode()


def _exchange() -> dict[str, str]:
    return {"old_password": FIRST, "new_password": OWN, "new_password_again": OWN}
