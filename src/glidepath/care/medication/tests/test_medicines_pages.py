"""The medicines of one person: orders, the chart of what was given, and the forms that sign, stop and set right."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer, Order, OrderStop
from glidepath.care.medication.tests.acts import decline, draft, give, once, outside, prn, row_at, sign
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, client_for

pytestmark = pytest.mark.django_db

TYPED = {
    "medicine": "diazepam", "amount": "10", "kind": "regular", "times": "08:00 22:00", "route": "by mouth",
    "is_sedative": "unknown", "is_opioid": "unknown", "until_plan": "on",
}  # fmt: skip


@pytest.fixture
def physician(cast):
    return client_for(cast.physician)


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


def page(client, person):
    return client.get(reverse("medication:person", args=[person.public_id]))


def order(client, person, **typed):
    return client.post(reverse("medication:order", args=[person.public_id]), {"once": once()} | TYPED | typed)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_shows_orders_and_what_was_given_declined_and_not_recorded(cast, person, frozen_clock):
    sign(cast, person, outside("sertraline", "50", "08:00", "12:00", "15:00", "22:00"))
    frozen_clock.set("2026-11-17T08:10")
    give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    frozen_clock.set("2026-11-17T12:10")
    decline(row_at(person, "2026-11-17T12:00"), cast.nurse, "feels_sick")
    frozen_clock.set("2026-11-17T18:00")
    text = page(client_for(cast.nurse), person).text
    chart = re.search(r'aria-label="Doses by day".*?</table>', text, re.DOTALL)[0]
    assert "given 08:10" in chart
    assert "declined 12:10" in chart
    assert "status--overdue" in chart, "a gap is visible"
    assert "ahead" in chart
    assert "feels sick" in text


def test_as_needed_says_when_the_next_may_be_given(cast, person, nurse):
    wanted = sign(cast, person, prn("diazepam", "5"))
    assert "may be given now" in page(nurse, person).text
    from glidepath.care.medication.services import give_prn

    give_prn(order=wanted, by=cast.nurse, rass=0, breathing=14, once=once())
    assert "not before 09:00" in page(nurse, person).text


def test_reading_it_leaves_a_line(person, nurse):
    page(nurse, person)
    assert AuditLine.objects.filter(action="medicines.read", person_id=person.pk, kind="read").count() == 1


@pytest.mark.parametrize("role", ["case_manager", "manager", "auditor", "administrator", "admissions", "peer_worker"])
def test_who_reads_no_orders_sees_no_page(cast, person, role):
    assert page(client_for(getattr(cast, role)), person).status_code == 403


def test_a_nurse_sees_no_way_to_sign_and_is_refused_the_form(person, nurse):
    assert "New order" not in page(nurse, person).text
    assert nurse.get(reverse("medication:order", args=[person.public_id])).status_code == 403
    assert order(nurse, person, pin=PIN).status_code == 403


# --- A new order ------------------------------------------------------------------------------------------------------


def test_an_order_is_looked_at_and_then_signed(physician, person):
    looked = order(physician, person, look="1")
    assert looked.status_code == 200
    assert "1 × 10 mg tablet" in looked.text.replace("\xa0", " ")
    assert not Order.objects.exists()
    assert order(physician, person, pin=PIN).status_code == 303
    (signed,) = queries.orders(person)
    assert (signed.ng, signed.times, signed.until_plan) == (10_000_000, ["08:00", "22:00"], True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": "0"}, "above zero"),
        ({"amount": "-5"}, "zero or more"),
        ({"amount": "ten"}, "not a number"),
        ({"amount": ""}, "required"),
        ({"medicine": ""}, "required"),
        ({"times": "08:00 25:00"}, "not a time of the day"),
        ({"times": ""}, "names its times"),
        ({"amount": "10.0000001"}, "more decimals"),
        ({"end": "2026-02-31T08:00"}, "valid date"),
        ({"kind": "prn", "prn_reason": ""}, "what it is for"),
        ({"kind": "interval", "every_hours": ""}, "every how many hours"),
        ({"pin": "9999"}, "not right"),
        ({"pin": ""}, "PIN"),
    ],
)
def test_what_is_wrong_comes_back_with_everything_that_was_typed(physician, person, wrong, said):
    typed = {"pin": PIN, "prn_reason": "panic at night", "acknowledged": "agreed at the round"} | wrong
    answer = order(physician, person, **typed)
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    for kept in {"prn_reason", "medicine", "times"} - set(wrong):
        assert (TYPED | typed)[kept] in answer.text
    assert "agreed at the round</textarea>" in answer.text
    assert PIN not in re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|[0-9a-f-]{32,}', "", answer.text)
    assert not Order.objects.exists()


def test_a_name_nobody_knows_offers_the_close_one_and_asks_what_the_rules_need(physician, person):
    answer = order(physician, person, medicine="diazapam", look="1")
    assert "Did you mean diazepam" in answer.text
    assert "Is it a sedative?" in answer.text


def test_a_hard_stop_comes_back_with_a_box_for_its_reason_and_is_signed_with_it(cast, physician, person):
    from glidepath.care.assessment import services as assessing

    assessing.record_facts(person=person, answers={"opioid_active": "yes", "naloxone_offered": "no"}, by=cast.nurse)
    answer = order(physician, person, pin=PIN)
    assert answer.status_code == 422
    assert 'name="override-JCG-17"' in answer.text
    signed = order(physician, person, pin=PIN, **{"override-JCG-17": "naloxone is given out tonight"})
    assert signed.status_code == 303


def test_after_a_pin_a_second_order_within_five_minutes_asks_for_none(physician, person):
    order(physician, person, pin=PIN)
    more = {"medicine": "sertraline", "outside": "on", "is_sedative": "no", "is_opioid": "no", "until_plan": ""}
    assert order(physician, person, **more).status_code == 303
    assert Order.objects.count() == 2


def test_a_name_outside_the_formulary_is_meant_only_when_somebody_says_so(physician, person):
    answer = order(physician, person, medicine="sertraline", pin=PIN)
    assert answer.status_code == 422
    assert "is not in the formulary" in answer.text


def test_the_same_form_sent_twice_signs_one_order(physician, person):
    key = once()
    assert {order(physician, person, pin=PIN, once=key).status_code for _ in range(2)} == {303}
    assert Order.objects.count() == 1


# --- Stopping, a word, setting right ----------------------------------------------------------------------------------


def test_a_stop_shows_what_stands_in_the_way_before_the_pin(cast, physician, person):
    row = sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    address = reverse("medication:stop", args=[person.public_id, row.public_id])
    assert "JCG-2" in physician.get(address).text
    refused = physician.post(address, {"once": once(), "reason": "moves tonight", "pin": PIN})
    assert refused.status_code == 422
    assert "moves tonight" in refused.text
    assert not OrderStop.objects.exists()
    boxes = re.findall(r'name="(override-[^"]+)"', refused.text)
    reasons = dict.fromkeys(boxes, "the hospital goes on with it")
    stopped = physician.post(address, {"once": once(), "reason": "moves tonight", "pin": PIN} | reasons)
    assert stopped.status_code == 303
    assert queries.orders(person) == []


def test_a_prescribers_word_is_given_on_its_page(cast, physician, person):
    row = sign(cast, person, outside("kava", "100", "22:00", sedative="unknown"))
    assert "not known" in page(physician, person).text
    address = reverse("medication:word", args=[person.public_id, row.public_id])
    assert physician.get(address).status_code == 200
    assert physician.post(address, {"once": once(), "is_sedative": "no", "pin": PIN}).status_code == 303
    assert queries.sedative_of(row) == "no"


def test_an_entry_is_set_right_with_a_reason_and_the_first_stays_readable(cast, nurse, person, frozen_clock):
    sign(cast, person, outside("sertraline", "50", "08:00"))
    frozen_clock.set("2026-11-17T08:00")
    answer = give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    address = reverse("medication:correct", args=[person.public_id, answer.public_id])
    assert nurse.get(address).status_code == 200
    wrong = nurse.post(address, {"once": once(), "outcome": "declined", "reason": "asleep", "why": ""})
    assert wrong.status_code == 422
    assert DoseAnswer.objects.count() == 1
    right = {"once": once(), "outcome": "unable", "reason": "asleep", "why": "the tablet was still in the cup"}
    assert nurse.post(address, right).status_code == 303
    text = page(nurse, person).text
    assert "the tablet was still in the cup" in text
    assert "set right since" in text
    again = nurse.post(address, right | {"once": once()})
    assert again.status_code == 422
    assert "has set this entry right already" in again.text


def test_another_persons_order_or_entry_has_no_address_here(cast, physician, person):
    from tests.scenarios import ward

    other = ward.person_with_history(cast)
    row = sign(cast, other, outside("sertraline", "50", "08:00"))
    assert physician.get(reverse("medication:stop", args=[person.public_id, row.public_id])).status_code == 404
