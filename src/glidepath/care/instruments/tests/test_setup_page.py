"""The page on which the manager loads words and definitions; others of the house read it."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from glidepath.care.instruments import queries
from glidepath.care.instruments.tests.test_setup import own, pack
from tests.cast import client_for


@pytest.fixture
def manager(cast):
    return client_for(cast.manager)


def test_the_manager_loads_words_and_takes_them_off_again(manager, cast):
    sent = {"once": "p", "instrument": "sds", "text": pack(), "terms_confirmed": "on"}
    assert manager.post(reverse("instruments:pack"), sent).url == reverse("instruments:setup")
    assert "words loaded by Ruth Aldous" in manager.get(reverse("instruments:setup")).text
    manager.post(reverse("instruments:pack_off", args=["sds"]))
    assert queries.switched_on(cast.centre) == frozenset()


def test_unconfirmed_terms_are_shown_and_what_was_typed_comes_back(manager):
    page = manager.post(reverse("instruments:pack"), {"once": "p", "instrument": "sds", "text": pack()})
    assert page.status_code == 422
    assert "Confirm the terms first" in page.text
    assert "Words of 1" in page.text


def test_a_definition_that_does_not_hold_says_where(manager, cast):
    sent = {"once": "o", "key": "our_night", "definition": own(high=9), "licence_confirmed": "on"}
    page = manager.post(reverse("instruments:own"), sent)
    assert "the items give 0 to 4" in html.unescape(page.text)
    assert manager.post(reverse("instruments:own"), sent | {"definition": own()}).status_code == 302
    assert "our_night" in queries.switched_on(cast.centre)


def test_others_read_the_list_and_load_nothing(cast):
    client = client_for(cast.nurse)
    assert client.get(reverse("instruments:setup")).status_code == 200
    for name in ("pack", "own"):
        assert client.post(reverse(f"instruments:{name}"), {}).status_code == 403
    assert client.post(reverse("instruments:pack_off", args=["sds"])).status_code == 403
    assert client_for(cast.admissions).get(reverse("instruments:setup")).status_code == 403
