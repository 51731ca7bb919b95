"""Every form of every room meets every kind of bad input: nothing breaks, a word says what is wrong, and what was typed
comes back.

For each form and kind all boxes are filled with it at once. With THOROUGH=1 it is every kind, hidden marks and buttons
meet those that break a choice or a number, and every field is once left out and once sent twice.
"""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping
from urllib.parse import urldefrag, urljoin

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import PIN, client_for, make_centre
from tests.pages.html_forms import Field, Form, forms_of
from tests.pages.rooms import PAGES, House, PageOf, build

pytestmark = pytest.mark.django_db

NONSENSE: Mapping[str, str] = {
    "very long": "x" * 5000,
    "a NUL": "a\x00b",
    "an emoji and text from right to left": "😀 \u202eأهلا",
    "more than a float": "1e400",
    "minus nought": "-0",
    "not a number": "NaN",
    "Arabic digits": "١٢",
    "a raised two": "²",
    "a huge number": "9" * 40,
    "five thousand digits": "9" * 5000,
    "below nought": "-5",
    "nought": "0",
    "a sliver": "0.000000000001",
    "31 February": "2026-02-31",
    "the year 1": "0001-01-01T00:00",
    "the last year": "9999-12-31T23:59",
    "mark-up": "<b>'\"&amp;",
    "blanks": "   ",
    "another's address": "00000000-0000-4000-8000-000000000000",
}
EACH_RUN = ("very long", "a NUL", "five thousand digits", "below nought", "31 February", "mark-up")
THOROUGH = os.environ.get("THOROUGH") == "1"  # every kind in every form: minutes, for whoever changes a form
# A hidden mark or a button holds a choice, a key or a number of ours: these break it in every way that differs.
IN_A_MARK = ("five thousand digits", "a NUL", "more than a float", "below nought", "another's address")
NOT_SHOWN_AGAIN = frozenset({"pin", "new_pin", "new_pin_again", "password"})
HERE_FOR_EVERYBODY = frozenset({"/shift/pin/"})
OF_THE_SHELL = ("account_logout", "demo_sign_in")
# 200: a look before signing; 303 and 302: taken; 400: a NUL; 404: an address that is nobody's; the rest are refusals.
ANSWERS = frozenset({200, 302, 303, 400, 403, 404, 409, 422})
SAYS_WHY = ("field__error", 'role="alert"', 'class="errors', '<h1 id="what">')


@pytest.fixture
def house(frozen_clock) -> House:
    return build(make_centre(), frozen_clock)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_no_form_breaks_or_loses_what_was_typed(page: PageOf, house: House):
    client = client_for(page.viewer(house))
    faults, forms = [], 0
    for form, right in forms_at(page, client, house):
        forms += 1
        for said, sent, typed in bad_ways(form, right):
            answer = post(client, address_of(form, page, house), sent)
            faults += [f"{form.action or page.name} with {said}: {fault}" for fault in faults_of(answer, typed)]
    assert forms, f"{page.name} shows no form"
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_role_that_may_not_is_refused_at_the_forms_own_address(page: PageOf, house: House):
    right = client_for(page.viewer(house))
    addresses = {address_of(form, page, house): sent for form, sent in forms_at(page, right, house)}
    auditor, stranger = client_for(house.cast.auditor), client_for(house.cast.stranger)
    for address, sent in addresses.items():
        if address not in HERE_FOR_EVERYBODY:
            assert post(auditor, address, sent).status_code in (403, 404), f"an auditor at {address}"
        if page.about:
            assert post(stranger, address, sent).status_code in (403, 404), f"another centre at {address}"


def forms_at(page: PageOf, client: Client, house: House) -> Iterator[tuple[Form, dict[str, list[str]]]]:
    """Each form of the page with what is right in it, sent by its last named button or its only one."""
    answer = client.get(page.address(house))
    assert answer.status_code in (200, 422), f"{page.name} answers {answer.status_code}"  # 422: it says why not yet
    shell = [reverse(name) for name in OF_THE_SHELL]
    for form in forms_of(answer.text):
        if form.action not in shell:
            yield form, filled(form, page.typed)


def address_of(form: Form, page: PageOf, house: House) -> str:
    return urldefrag(urljoin(page.address(house), form.action)).url


def filled(form: Form, typed: Mapping[str, str]) -> dict[str, list[str]]:
    right = form.sent()
    for one in form.fields.values():
        if one.name in typed and (not one.allowed or typed[one.name] in one.allowed):
            right[one.name] = [typed[one.name]]
        elif one.kind in ("radio", "select") and not any(right.get(one.name, [])):
            right[one.name] = [choice for choice in one.allowed if choice][:1]
        if one.name == "pin":
            right["pin"] = [PIN]
    button = next(((name, value) for name, value in form.buttons if name and name != "look"), None)
    if button and not any(not name for name, _ in form.buttons):
        right[button[0]] = [button[1]]
    return right


def bad_ways(form: Form, right: Mapping[str, list[str]]) -> Iterator[tuple[str, dict[str, list[str]], list[str]]]:
    """What is wrong, what is sent, and what was typed of it that must come back."""
    boxes = [one for one in form.fields.values() if one.is_typed]
    marks = [one.name for one in form.fields.values() if not one.is_typed and one.name != "csrfmiddlewaretoken"]
    buttons = [name for name in right if name not in form.fields]
    for kind in NONSENSE if THOROUGH else EACH_RUN:
        value = NONSENSE[kind]
        if boxes:
            yield f"{kind} in every box", right | {one.name: [value] for one in boxes}, shown(boxes, kind)
    for kind in IN_A_MARK if THOROUGH else IN_A_MARK[:1]:
        for name in (*marks[:2], *buttons):
            yield f"{kind} as {name}", right | {name: [NONSENSE[kind]]}, []
    if not THOROUGH:
        yield "nothing at all", {}, []
        return
    for name in right:
        yield f"{name} left out", {other: values for other, values in right.items() if other != name}, []
        yield f"{name} twice", right | {name: [*right[name], "zzz"]}, []


def shown(boxes: list[Field], kind: str) -> list[str]:
    """What must stand on the page that comes back. Blanks are nothing, and secrets are never shown."""
    visible = any(one.name not in NOT_SHOWN_AGAIN for one in boxes)
    return [NONSENSE[kind]] if visible and NONSENSE[kind].strip() else []


def post(client: Client, address: str, sent: Mapping[str, list[str]]) -> HttpResponse:
    """Sent and taken back: the next bad way meets the same rows."""
    with transaction.atomic():
        answer = client.post(address, sent)
        transaction.set_rollback(True)
    return answer


def faults_of(answer: HttpResponse, typed: list[str]) -> Iterator[str]:
    if answer.status_code not in ANSWERS:
        yield f"status {answer.status_code}"
    if answer.status_code not in (400, 409, 422):
        return
    text = html.unescape(answer.text)
    yield from (f"lost {value[:30]!r}" for value in typed if value.strip() not in text)
    if not any(mark in answer.text for mark in SAYS_WHY):
        yield "says nothing about it"
