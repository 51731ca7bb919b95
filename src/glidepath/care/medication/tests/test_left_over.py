"""A dose of which not all was taken: the answer says what was, the register where the rest went."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from glidepath.care.medication import services
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.register_check import doses_against_register
from glidepath.care.medication.tests.acts import MG, decline, draft, give, once, row_at, sign
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Balance, Location, Movement, StockedProduct
from glidepath.care.supply.tests import register as stock
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import PIN, client_for, proof

pytestmark = pytest.mark.django_db
PIECE = 4
EIGHT = "2026-11-17T08:00"


@pytest.fixture
def ten(cast):
    """diazepam 10 mg, which may be halved here."""
    found = StockedProduct.objects.get(centre=cast.centre, medicine="diazepam", strength_ng=10 * MG, is_liquid=False)
    if found.smallest_quarters > 2:
        found = supply.allow_split(
            product=found, smallest=Fraction(1, 2), reason="a line", by=cast.pharmacist, once=once()
        )
    return found


@pytest.fixture
def batch(cast, ten):
    cupboard = stock.location(cast, "Willow cupboard", Location.Kind.CUPBOARD, cast.unit)
    return supply.open_stock(
        location=cupboard, delivery=stock.delivery(ten, 20), by=cast.pharmacist, second=proof(cast.nurse), once=once()
    ).batch


@pytest.fixture
def eight(cast, person, batch, frozen_clock):
    """20 mg at 08:00, which is now: two tablets."""
    sign(cast, person, draft("diazepam", "20", "08:00", "22:00"))
    frozen_clock.set(EIGHT)
    return row_at(person, EIGHT)


def left_over(cast, answer, pieces, became="wasted", *, by=None, second=None, part=0, **more):
    parts = services.parts_left(answer)
    key = parts[part].key if parts else answer.public_id
    rest = services.Rest(
        {key: int(Fraction(pieces) * PIECE)}, services.Became(became), more.pop("reason", "spat it out"),
        more.pop("is_sealed", True),
    )  # fmt: skip
    second = proof(cast.second_nurse) if second is None and became == "wasted" else second
    return services.record_left_over(
        answer=answer, rest=rest, by=by or cast.nurse, second=second, once=more.pop("once", once()), **more
    )


def held(batch):
    return Fraction(Balance.objects.get(batch=batch, location__kind="cupboard").quantity, PIECE)


def agrees(cast):
    now = clock.now()
    return doses_against_register(cast.centre, now - dt.timedelta(days=2), now + dt.timedelta(minutes=1)).agrees


def test_a_part_that_was_wasted_leaves_what_was_taken_on_the_answer_and_the_stock_as_it_was(cast, batch, eight):
    answer = give(eight, cast.nurse)
    newer = left_over(cast, answer, "1/2")
    assert (newer.outcome, newer.given_ng, newer.ng, newer.revision) == ("given", 15 * MG, 20 * MG, 1)
    assert newer.correction_reason == "Wasted: spat it out"
    assert held(batch) == 18
    waste = Movement.objects.get(kind="waste")
    assert (waste.quantity, waste.witness, waste.dose) == (2, cast.second_nurse, answer.public_id)
    assert agrees(cast)


def test_a_sealed_piece_goes_back_and_needs_no_witness(cast, batch, eight):
    newer = left_over(cast, give(eight, cast.nurse), 1, "returned")
    assert newer.given_ng == 10 * MG
    assert held(batch) == 19
    assert agrees(cast)


def test_what_is_opened_or_not_looked_at_does_not_go_back(cast, batch, eight):
    answer = give(eight, cast.nurse)
    with pytest.raises(BadInput, match="sealed and whole") as refused:
        left_over(cast, answer, "1/2", "returned")
    assert refused.value.field == "became"
    with pytest.raises(BadInput, match="still sealed") as refused:
        left_over(cast, answer, 1, "returned", is_sealed=False)
    assert refused.value.field == "is_sealed"
    assert held(batch) == 18


def test_where_nothing_was_taken_it_is_declined_and_counts_as_not_taken(cast, batch, eight):
    answer = give(eight, cast.nurse)
    for wrong, field in (({}, "outcome"), ({"outcome": "declined"}, "code")):
        with pytest.raises(BadInput) as refused:
            left_over(cast, answer, 2, **wrong)
        assert refused.value.field == field
    newer = left_over(cast, answer, 2, outcome="declined", code="feels_sick")
    assert (newer.outcome, newer.given_ng, newer.reason) == ("declined", 0, "feels_sick")
    assert held(batch) == 18
    assert agrees(cast)


def test_what_was_declined_after_it_was_taken_out_leaves_the_stock_and_is_wasted(cast, batch, eight):
    answer = decline(eight, cast.nurse)
    with pytest.raises(BadInput, match="Nothing left the stock") as refused:
        left_over(cast, answer, 2, "returned")
    assert refused.value.field == "became"
    newer = left_over(cast, answer, 2)
    assert (newer.outcome, newer.reason, newer.given_ng) == ("declined", "feels_sick", 0)
    assert held(batch) == 18
    assert agrees(cast)
    with pytest.raises(BadInput, match="how much"):
        left_over(cast, newer, 2)  # once


def test_a_witness_is_another_on_duty_with_a_pin_and_sees_it_within_the_hour(cast, batch, eight, frozen_clock):
    answer = give(eight, cast.nurse)
    for second in (proof(cast.nurse), proof(cast.off_shift_nurse)):
        with pytest.raises((BadInput, NotAllowed)):
            left_over(cast, answer, 1, second=second)
    frozen_clock.tick(minutes=61)
    with pytest.raises(BadInput, match="more than an hour ago"):
        left_over(cast, answer, 1)
    assert not Movement.objects.filter(kind="waste").exists()
    assert DoseAnswer.objects.count() == 1


def test_more_than_was_given_cannot_be_left_and_twice_is_once(cast, batch, eight):
    answer = give(eight, cast.nurse)
    with pytest.raises(BadInput, match="At most 2 tablets"):
        left_over(cast, answer, "5/2")
    with pytest.raises(BadInput) as refused:
        left_over(cast, answer, 1, reason=" ")
    assert refused.value.field == "reason"
    key = once()
    assert left_over(cast, answer, 1, once=key) == left_over(cast, answer, 1, once=key)
    with pytest.raises(ChangedMeanwhile):
        left_over(cast, answer, 1)
    assert Movement.objects.filter(kind="waste").count() == 1


def test_a_second_part_can_be_left_over_of_what_is_still_with_the_person(cast, batch, eight):
    newer = left_over(cast, give(eight, cast.nurse), "1/2")
    again = left_over(cast, newer, "1/2")
    assert again.given_ng == 10 * MG
    assert agrees(cast)


def test_setting_it_right_afterwards_moves_only_what_was_with_the_person(cast, batch, eight):
    newer = left_over(cast, give(eight, cast.nurse), "1/2")
    services.correct(answer=newer, outcome="declined", reason="feels_sick", why="it lay in the cup", by=cast.nurse)
    assert held(batch) == Fraction(39, 2)  # of two tablets a half was wasted; one and a half came back
    assert agrees(cast)


def test_a_corrected_look_keeps_what_was_taken(cast, batch, eight):
    newer = left_over(cast, give(eight, cast.nurse), "1/2")
    again = services.correct(answer=newer, outcome="given", rass=-1, why="the RASS was -1", by=cast.nurse)
    assert again.given_ng == 15 * MG
    assert agrees(cast)


def test_without_a_register_the_answer_alone_says_it(cast, person, ten, frozen_clock):
    sign(cast, person, draft("diazepam", "20", "08:00", "22:00"))
    frozen_clock.set(EIGHT)
    newer = left_over(cast, give(row_at(person, EIGHT), cast.nurse), "1/2")
    assert newer.given_ng == 15 * MG
    assert not Movement.objects.exists()


def test_only_who_sets_doses_right_records_it(cast, batch, eight):
    answer = give(eight, cast.nurse)
    with pytest.raises(NotAllowed):
        left_over(cast, answer, 1, by=cast.counsellor)


def test_the_page_takes_it_and_what_was_typed_comes_back(cast, person, batch, eight):
    answer, client = give(eight, cast.nurse), client_for(cast.nurse)
    address = f"/people/{person.public_id}/medicines/answers/{answer.public_id}/left-over/"
    (part,) = services.parts_left(answer)
    box = f"left-{part.key}"
    assert "2 tablets of diazepam 10 mg tablet, lot A1" in client.get(address).text
    assert address in client.get(f"/people/{person.public_id}/medicines/").text
    sent = {
        "once": once(), box: "1/2", "became": "wasted", "reason": "spat it out",
        "second_user": cast.second_nurse.username, "second_pin": PIN,
    }  # fmt: skip
    refused = client.post(address, sent | {box: "a half"})
    assert refused.status_code == 422
    assert "a half" in refused.text
    assert client.post(address, sent | {"second_user": ""}).status_code == 422
    assert client.post(address, sent).status_code == 303
    assert "15 mg of it" in client.get(f"/people/{person.public_id}/medicines/").text.replace("\xa0", " ")
