"""The pages of orders: own limits, by word of mouth, signed afterwards, renewed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.care.medication import queries
from glidepath.care.medication.models import Order, OrderRenewal, OrderSignature
from glidepath.care.medication.tests.acts import draft, give, look, once, outside, row_at, sign, utc
from glidepath.care.medication.tests.story import over_sedation
from glidepath.care.monitoring.services import review_event
from glidepath.clinical.monitoring.hold_rules import HoldRule, Sign
from glidepath.record.errors import BadInput
from tests.cast import PIN, client_for, proof

pytestmark = pytest.mark.django_db

PROPRANOLOL = {
    "medicine": "propranolol", "outside": "on", "is_sedative": "no", "is_opioid": "no", "amount": "10",
    "kind": "regular", "times": "08:00", "purpose": "comfort", "hold_pulse": "50", "hold_sbp": "90",
    "acknowledged": "seen", "pin": PIN,
}  # fmt: skip


def send(client, person, page="order", *more_of_the_address, **sent):
    address = reverse(f"medication:{page}", args=[person.public_id, *more_of_the_address])
    return client.post(address, {"once": once()} | sent)


def test_limits_and_purpose_are_signed_with_the_order_and_shown(cast, person):
    physician = client_for(cast.physician)
    assert send(physician, person, **PROPRANOLOL, wants_witness="on", wants_cosign="on").status_code == 303
    (order,) = queries.orders(person)
    assert order.limits == (HoldRule(Sign.SYSTOLIC, 90), HoldRule(Sign.PULSE, 50))
    assert (order.purpose, order.wants_witness, order.wants_cosign) == ("comfort", True, True)
    page = physician.get(reverse("medication:person", args=[person.public_id])).text
    assert "held at pulse under 50 a minute" in page
    assert "waits for a second signature" in page


def test_a_limit_that_cannot_be_meant_comes_back_at_its_box(cast, person):
    answer = send(client_for(cast.physician), person, **(PROPRANOLOL | {"hold_pulse": "500"}))
    assert answer.status_code == 422
    assert "a limit lies between 20 and 150" in answer.text
    assert 'value="500"' in answer.text


@pytest.mark.parametrize(("purpose", "status"), [("taper", 422), ("", 422), ("usual", 303)])
def test_flumazenil_is_asked_what_for_and_blocked_for_the_taper(cast, person, purpose, status):
    sent = PROPRANOLOL | {"medicine": "flumazenil", "purpose": purpose, "hold_pulse": "", "hold_sbp": ""}
    answer = send(client_for(cast.physician), person, **sent)
    assert answer.status_code == status
    assert ("JCG-14" in answer.text) is (status == 422)


def test_a_nurse_takes_an_order_by_word_and_the_prescriber_signs_it(cast, person):
    nurse, physician = client_for(cast.nurse), client_for(cast.physician)
    address = reverse("medication:verbal", args=[person.public_id])
    assert cast.physician.name in nurse.get(address).text
    sent = PROPRANOLOL | {"prescriber": str(cast.physician.public_id)}
    refused = send(nurse, person, "verbal", **sent)
    assert refused.status_code == 422
    assert "Read the whole order back" in refused.text
    assert send(nurse, person, "verbal", **sent, read_back="on").status_code == 303
    order = Order.objects.get()
    assert order.taken_from == cast.physician
    page = physician.get(reverse("medication:person", args=[person.public_id])).text
    assert "gave the order of propranolol 10 mg by word" in page
    form = {"kind": "prescriber", "pin": PIN}
    assert send(physician, person, "sign", order.public_id, **(form | {"pin": "0000"})).status_code == 422
    assert send(physician, person, "sign", order.public_id, **form).status_code == 303
    assert OrderSignature.objects.get().recorded_by == cast.physician


def test_who_may_not_takes_and_signs_none(cast, person):
    order = sign(cast, person, outside("paracetamol", "1000", "08:00", wants_cosign=True))
    counsellor = client_for(cast.counsellor)
    for page, more in (("verbal", ()), ("sign", (order.public_id,)), ("renew", (order.public_id,))):
        assert counsellor.get(reverse(f"medication:{page}", args=[person.public_id, *more])).status_code == 403


def test_an_order_that_asks_is_renewed_from_the_page(cast, person, frozen_clock):
    order = sign(cast, person, draft("diazepam", "10", "08:00", "22:00", end_at=utc("2026-11-18T07:00")))
    physician = client_for(cast.physician)
    page = physician.get(reverse("medication:person", args=[person.public_id])).text
    assert "asks by 18 Nov at 07:00 whether it goes on" in page
    wrong = send(physician, person, "renew", order.public_id, until="2026-02-31T10:00", reason="x", pin=PIN)
    assert wrong.status_code == 422
    sent = {"until": "2026-11-20T07:00", "reason": "the plan follows", "pin": PIN}
    assert send(physician, person, "renew", order.public_id, **sent).status_code == 303
    assert OrderRenewal.objects.get().asks_again_at == dt.datetime(2026, 11, 20, 7, tzinfo=dt.UTC)
    plain = sign(cast, person, outside("paracetamol", "1000", "08:00"))
    assert physician.get(reverse("medication:renew", args=[person.public_id, plain.public_id])).status_code == 404


def test_a_sedation_hold_says_what_since_when_how_long_without_and_when_somebody_looks(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "10", "08:00", "12:00"))
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(person, "2026-11-17T08:00"), cast.nurse)
    frozen_clock.set("2026-11-17T11:30")
    look(person, cast.nurse, rass=-4)
    nurse = client_for(cast.nurse)
    page = nurse.get(reverse("medication:round")).text
    assert "Held: diazepam" in page
    assert "3 h 30 min without a benzodiazepine" in page
    assert "nobody has yet" in page
    review_event(
        event=over_sedation(person), lifted=False, words="Still drowsy.", again_at=utc("2026-11-17T12:30"),
        by=cast.physician, proof=proof(cast.physician), once=once(),
    )  # fmt: skip
    assert "A prescriber looks again 17 Nov 12:30" in nurse.get(reverse("medication:round")).text.replace("\xa0", " ")
    frozen_clock.set("2026-11-17T12:31")
    assert "12:30: that is now" in client_for(cast.nurse).get(reverse("medication:round")).text
    with pytest.raises(BadInput, match="held for safety"):
        give(row_at(person, "2026-11-17T12:00"), cast.nurse)
