"""The administrator's pages: who may open them, what comes back with what was typed, and one query count for many."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.record.errors import BadInput
from glidepath.record.history import version_of
from glidepath.record.staff import services
from glidepath.record.staff.models import Role, Staff
from glidepath.record.staff.signing import locked_pins, prove
from tests.cast import PIN, Cast, client_for, make_centre, proof

pytestmark = pytest.mark.django_db

FIRST = "heron under the bridge"
PAGES = ("accounts:list", "accounts:new", "accounts:account", "accounts:act", "accounts:unlock")


@pytest.fixture
def administrator(cast: Cast) -> Client:
    return client_for(cast.administrator)


@pytest.mark.parametrize("name", PAGES)
def test_only_the_administrator_opens_the_accounts(cast: Cast, name: str) -> None:
    for one in cast.everybody:
        client, address = client_for(one), _at(name, cast.nurse)
        answer = client.post(address) if name == "accounts:unlock" else client.get(address)
        expected = 302 if name == "accounts:unlock" else 200
        assert answer.status_code == (expected if one.role == Role.ADMINISTRATOR else 403), one.role


@pytest.mark.parametrize("name", ["accounts:account", "accounts:act"])
def test_an_account_of_another_centre_is_not_at_this_address(cast: Cast, administrator: Client, name: str) -> None:
    assert administrator.get(_at(name, cast.stranger)).status_code == 404


def test_an_act_nobody_knows_is_not_there(cast: Cast, administrator: Client) -> None:
    assert administrator.get(_at("accounts:act", cast.nurse, "erase")).status_code == 404


def test_the_list_says_who_may_what_and_when_they_last_came(cast: Cast, administrator: Client) -> None:
    client_for(cast.nurse)
    services.close_account(staff=cast.counsellor, by=cast.administrator, proof=proof(cast.administrator))
    page = administrator.get(reverse("accounts:list")).content.decode()
    assert all(one.name in page for one in cast.everybody)
    assert "closed" in page
    assert "never" in page
    assert cast.stranger.name not in page


def test_an_account_is_opened_for_a_named_person(cast: Cast, administrator: Client) -> None:
    answer = administrator.post(reverse("accounts:new"), _new(cast))
    made = Staff.objects.get(username="nadia.rahman")
    assert answer["Location"] == _at("accounts:account", made)
    assert (made.name, made.role, list(made.units.all())) == ("Nadia Rahman", Role.NURSE, [cast.unit])
    assert made.first_password_until is not None


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"pin": "1111"}, "4 tries left"),
        ({"password": "short"}, "too short"),
        ({"username": "two words"}, "letters, numbers"),
        ({"role": "janitor"}, "janitor"),
        ({"name": ""}, "required"),
    ],
)
def test_a_refused_account_keeps_what_was_typed_but_no_secret(
    cast: Cast, administrator: Client, wrong: dict[str, str], says: str
) -> None:
    cache.clear()
    answer = administrator.post(reverse("accounts:new"), {**_new(cast), **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert f'value="{wrong.get("username", "nadia.rahman")}"' in page
    assert "checked" in page
    assert FIRST not in page
    assert f'value="{PIN}"' not in page


def test_a_double_submit_opens_one_account(cast: Cast, administrator: Client) -> None:
    form = _new(cast)
    assert [administrator.post(reverse("accounts:new"), form).status_code for _ in range(2)] == [302, 302]
    assert Staff.objects.filter(name="Nadia Rahman").count() == 1


def test_a_change_made_on_an_old_page_says_who_was_first_and_keeps_what_was_typed(
    cast: Cast, administrator: Client
) -> None:
    form = {**_data(cast.nurse, cast), "name": "Marta Berg"}
    administrator.post(_at("accounts:account", cast.nurse), {**form, "name": "Marta Lindqvist-Berg"})
    answer = administrator.post(_at("accounts:account", cast.nurse), form)
    assert answer.status_code == 422
    assert "changed by Owen Pritchard" in answer.content.decode()
    assert 'value="Marta Berg"' in answer.content.decode()
    assert Staff.objects.get(pk=cast.nurse.pk).name == "Marta Lindqvist-Berg"


@pytest.mark.parametrize(
    ("who", "what", "typed", "then"),
    [
        ("nurse", "close", {}, {"is_active": False}),
        ("nurse", "first-password", {"password": FIRST}, {"is_active": True}),
        ("nurse", "give-prescribing", {}, {"may_prescribe": True}),
        ("physician", "take-prescribing", {}, {"may_prescribe": False}),
        ("physician", "name-addiction-physician", {}, {"is_addiction_physician": True}),
    ],
)
def test_each_act_is_done_with_a_pin_and_not_without(
    cast: Cast, administrator: Client, who: str, what: str, typed: dict[str, str], then: dict[str, bool]
) -> None:
    one = getattr(cast, who)
    before = Staff.objects.get(pk=one.pk)
    assert administrator.post(_at("accounts:act", one, what), typed).status_code == 422
    assert Staff.objects.get(pk=one.pk).password == before.password
    assert administrator.post(_at("accounts:act", one, what), {**typed, "pin": PIN}).status_code == 302
    after = Staff.objects.get(pk=one.pk)
    assert {name: getattr(after, name) for name in then} == then
    assert after.check_password(FIRST) is (what == "first-password")


def test_a_closed_account_is_opened_again_with_a_first_password(cast: Cast, administrator: Client) -> None:
    services.close_account(staff=cast.nurse, by=cast.administrator, proof=proof(cast.administrator))
    assert "Open the account again" in administrator.get(_at("accounts:account", cast.nurse)).content.decode()
    administrator.post(_at("accounts:act", cast.nurse, "reopen"), {"password": FIRST, "pin": PIN})
    assert Staff.objects.get(pk=cast.nurse.pk).is_active


def test_a_locked_pin_is_shown_and_opened(cast: Cast, administrator: Client) -> None:
    cache.clear()
    for _ in range(5):
        with pytest.raises(BadInput):
            prove(cast.nurse, pin="9075")
    assert "PIN locked" in administrator.get(reverse("accounts:list")).content.decode()
    administrator.post(_at("accounts:unlock", cast.nurse))
    assert locked_pins([cast.nurse]) == set()


def test_ones_own_account_offers_no_way_to_shut_oneself_out(cast: Cast, administrator: Client) -> None:
    page = administrator.get(_at("accounts:account", cast.administrator)).content.decode()
    assert "Close the account" not in page
    assert reverse("account_change_password") in page


def test_30_accounts_take_as_many_queries_as_3() -> None:
    few, many = make_centre("Small"), make_centre("Large")
    for number in range(30):
        services.create_staff(
            centre=many.centre, username=f"nurse.{number}", name=f"Nurse {number}", role=Role.NURSE,
            password=None, by=None, units=(many.unit,),
        )  # fmt: skip
    assert _asked(few) == _asked(many)


def _asked(cast: Cast) -> int:
    client = client_for(cast.administrator)
    client.get(reverse("accounts:list"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("accounts:list")).status_code == 200
    return len(queries)


def _at(name: str, staff: Staff, what: str = "close") -> str:
    arguments = {"accounts:account": [staff.public_id], "accounts:unlock": [staff.public_id]}
    return reverse(name, args=[staff.public_id, what] if name == "accounts:act" else arguments.get(name, []))


def _new(cast: Cast) -> dict[str, Any]:
    return {
        "once": uuid.uuid4().hex, "name": "Nadia Rahman", "username": "nadia.rahman", "role": "nurse",
        "units": [str(cast.unit.public_id)], "password": FIRST, "pin": PIN,
    }  # fmt: skip


def _data(staff: Staff, cast: Cast) -> dict[str, Any]:
    units = [str(cast.unit.public_id)]
    return {"seen": version_of(staff), "name": staff.name, "role": staff.role, "units": units, "pin": PIN}
