"""What was typed while the session ended comes back after signing in, to the one who typed it, once."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from glidepath.record.people.models import Person
from glidepath.record.people.queries import allergies
from tests.cast import BACKEND, Cast, admitted_person, client_for, make_centre
from tests.harness import FrozenClock

BACK = "/typed-too-late/"


@pytest.fixture
def cast(frozen_clock: FrozenClock) -> Cast:
    return make_centre()


@pytest.fixture
def late(cast: Cast, frozen_clock: FrozenClock) -> tuple[Client, str, str]:
    """A nurse's browser after a form that came too late; where it was going; the page she got."""
    person = admitted_person(cast)
    address = reverse("people:add_allergy", args=[person.public_id])
    client = client_for(cast.nurse)
    client.get("/")
    frozen_clock.tick(minutes=16)
    typed = {"once": "k" * 32, "substance": "penicillin", "reaction": "rash on both arms", "pin": "2580"}
    answer = client.post(address, typed)
    assert answer.status_code == 403
    return client, address, answer.content.decode()


def test_nothing_was_saved_and_the_page_says_where_the_words_wait(cast: Cast, late: tuple[Client, str, str]) -> None:
    _, _, page = late
    assert "rash on both arms" in page
    assert "Nothing was saved" in page
    assert f"next={BACK.replace('/', '%2F')}" in page


def test_signed_in_again_she_sees_it_and_one_click_sends_it(cast: Cast, late: tuple[Client, str, str]) -> None:
    client, address, _ = late
    client.force_login(cast.nurse, backend=BACKEND)
    page = client.get(BACK).content.decode()
    assert f'action="{address}"' in page
    assert "2580" not in page
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    assert client.post(address, hidden).status_code == 302
    person = Person.objects.get()
    assert [one.substance for one in allergies(person).known] == ["penicillin"]
    assert client.post(address, hidden).status_code == 302  # the form's key: a second click does nothing twice
    assert len(allergies(person).known) == 1


def test_it_is_shown_once(cast: Cast, late: tuple[Client, str, str]) -> None:
    client, _, _ = late
    client.force_login(cast.nurse, backend=BACKEND)
    client.get(BACK)
    assert client.get(BACK)["Location"] == "/"


def test_to_a_colleague_at_the_same_screen_it_is_not_shown_and_it_is_gone(
    cast: Cast, late: tuple[Client, str, str]
) -> None:
    client, _, _ = late
    client.force_login(cast.second_nurse, backend=BACKEND)
    assert client.get(BACK)["Location"] == "/"
    client.force_login(cast.nurse, backend=BACKEND)
    assert client.get(BACK)["Location"] == "/"


def test_after_fifteen_minutes_it_waits_no_longer(
    cast: Cast, late: tuple[Client, str, str], frozen_clock: FrozenClock
) -> None:
    client, _, _ = late
    frozen_clock.tick(minutes=16)
    client.force_login(cast.nurse, backend=BACKEND)
    assert client.get(BACK)["Location"] == "/"


def test_a_form_of_somebody_signed_out_elsewhere_is_shown_and_not_thrown_away(cast: Cast) -> None:
    person = admitted_person(cast)
    address = reverse("people:add_allergy", args=[person.public_id])
    answer = Client().post(address, {"substance": "penicillin", "reaction": "rash on both arms", "pin": "2580"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "rash on both arms" in page
    assert "2580" not in page
    assert not allergies(person).known


def test_signing_out_and_a_form_without_words_lead_to_the_sign_in_page_as_ever(cast: Cast) -> None:
    client = client_for(cast.nurse)
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.post(reverse("staff:start", args=[cast.unit.public_id])).status_code == 302
