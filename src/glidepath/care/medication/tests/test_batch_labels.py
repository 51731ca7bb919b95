"""The label of a batch, read on the round: the dose comes from that batch, and no expired or recalled one is given."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.medication import codes, services
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.tests.acts import MG, draft, give, once, prn, row_at, sign
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Balance, Discrepancy, Location, Movement, StockedProduct
from glidepath.care.supply.tests import register as stock
from glidepath.record.errors import BadInput
from tests.cast import client_for, proof

pytestmark = pytest.mark.django_db
EIGHT = "2026-11-17T08:00"
SOON = dt.date(2026, 12, 31)


@pytest.fixture
def ten(cast):
    return StockedProduct.objects.get(centre=cast.centre, medicine="diazepam", strength_ng=10 * MG, is_liquid=False)


@pytest.fixture
def cupboard(cast):
    return stock.location(cast, "Willow cupboard", Location.Kind.CUPBOARD, cast.unit)


@pytest.fixture
def opened(cast, cupboard):
    def kept(product, lot, expires=stock.LATER, pieces=20, where=None):
        return supply.open_stock(
            location=where or cupboard, delivery=stock.delivery(product, pieces, lot, expires), by=cast.pharmacist,
            second=proof(cast.nurse), once=once(),
        ).batch  # fmt: skip

    return kept


@pytest.fixture
def eight(cast, person, frozen_clock, opened, ten):
    """10 mg at 08:00, which is now; a first lot that expires soon, and a later one."""
    lots = opened(ten, "SOON", SOON), opened(ten, "LATER")
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    frozen_clock.set(EIGHT)
    return row_at(person, EIGHT), *lots


def read(batch):
    return services.ReadCodes(person=True, pack=True, batch=batch)


def left(batch):
    return Balance.objects.get(batch=batch, location__kind="cupboard").quantity // 4


def test_the_dose_comes_from_the_batch_that_was_read_not_from_the_earliest(cast, eight):
    row, soon, later = eight
    give(row, cast.nurse, read=read(later))
    assert (left(soon), left(later)) == (20, 19)


def test_an_expired_or_recalled_batch_is_not_given_and_nothing_is_written(cast, eight, opened, ten):
    row, soon, _ = eight
    old = opened(ten, "OLD", dt.date(2026, 11, 16))
    supply.recall(batch=soon, reason="by its maker", by=cast.pharmacist, once=once())
    for batch, why in ((old, "Lot OLD of diazepam 10 mg tablet is expired"), (soon, "Lot SOON .* is recalled")):
        with pytest.raises(BadInput, match=why):
            give(row, cast.nurse, read=read(batch))
    assert not DoseAnswer.objects.exists()
    assert not Movement.objects.filter(kind="issue").exists()


def test_a_batch_of_another_strength_is_not_given(cast, eight, opened):
    row, *_ = eight
    five = StockedProduct.objects.get(centre=cast.centre, medicine="diazepam", strength_ng=5 * MG, is_liquid=False)
    with pytest.raises(BadInput, match="Lot F of diazepam 5 mg tablet is not what this dose is made of"):
        give(row, cast.nurse, read=read(opened(five, "F")))


def test_what_the_batch_does_not_hold_comes_from_the_next(cast, person, frozen_clock, opened, ten):
    first, last = opened(ten, "FIRST", SOON), opened(ten, "LAST", pieces=1)
    sign(cast, person, draft("diazepam", "20", "08:00", "22:00"))
    frozen_clock.set(EIGHT)
    give(row_at(person, EIGHT), cast.nurse, read=read(last))
    assert (left(first), left(last)) == (19, 0)


def test_a_batch_the_register_does_not_know_here_is_given_and_opens_a_difference(cast, eight, opened, ten):
    row, soon, later = eight
    elsewhere = opened(ten, "ELSEWHERE", where=stock.location(cast, "Pharmacy", Location.Kind.PHARMACY))
    assert give(row, cast.nurse, read=read(elsewhere)).was_given
    assert (left(soon), left(later)) == (20, 20)
    difference = Discrepancy.objects.get()
    assert difference.batch == elsewhere
    assert "holds nothing of lot ELSEWHERE" in difference.words


# --- On the round -----------------------------------------------------------------------------------------------------


def scan(client, person, code, **kept):
    return client.post("/round/read/", {"code": code, "card": str(person.public_id), **kept}).text


def test_read_on_the_round_it_stays_with_the_dose_and_the_dose_is_taken_from_it(cast, person, eight):
    row, soon, later = eight
    client, code = client_for(cast.nurse), codes.batch_label(later.public_id)
    page = scan(client, person, code)
    mark = services.Wanted(person, row.due.key, row.due.due_at).mark
    assert f'name="batch" value="{later.public_id}|{mark}"' in page
    assert f'name="pack" value="{mark}"' in page
    again = scan(client, person, codes.wristband(person.public_id), pack=mark, batch=f"{later.public_id}|{mark}")
    assert f'name="batch" value="{later.public_id}|{mark}"' in again
    sent = {
        "give": f"{mark}|", "rass": "0", "breathing": "14", "once": once(), "pack": mark,
        "batch": f"{later.public_id}|{mark}",
    }  # fmt: skip
    assert client.post(f"/round/{person.public_id}/", sent).status_code == 303
    assert (left(soon), left(later)) == (20, 19)
    assert DoseAnswer.objects.get().pack_read


def test_another_batch_of_the_same_dose_takes_its_place(cast, person, eight):
    row, soon, later = eight
    mark = services.Wanted(person, row.due.key, row.due.due_at).mark
    client = client_for(cast.nurse)
    page = scan(client, person, codes.batch_label(soon.public_id), pack=mark, batch=f"{later.public_id}|{mark}")
    assert f"{soon.public_id}|{mark}" in page
    assert str(later.public_id) not in page


@pytest.mark.parametrize(
    ("expires", "recalled", "words"),
    [
        (dt.date(2026, 11, 16), False, "is expired: it is not given"),
        (stock.LATER, True, "is recalled: it is not given"),
    ],
)
def test_read_on_the_round_a_barred_batch_is_stopped_with_the_reason(
    cast, person, eight, opened, ten, expires, recalled, words
):
    batch = opened(ten, "BARRED", expires)
    if recalled:
        supply.recall(batch=batch, reason="by its maker", by=cast.pharmacist, once=once())
    page = scan(client_for(cast.nurse), person, codes.batch_label(batch.public_id))
    assert words in page
    assert 'name="batch"' not in page


def test_a_wrong_strength_and_an_unknown_batch_are_stopped(cast, person, eight, opened):
    five = StockedProduct.objects.get(centre=cast.centre, medicine="diazepam", strength_ng=5 * MG, is_liquid=False)
    client = client_for(cast.nurse)
    assert "Wrong strength" in scan(client, person, codes.batch_label(opened(five, "F").public_id))
    assert "of no batch of this centre" in scan(client, person, codes.batch_label(person.public_id))


def test_for_an_as_needed_dose_it_counts_too(cast, person, eight):
    _, soon, later = eight
    order = sign(cast, person, prn("diazepam", "10", max_24h_ng=40 * MG))
    client = client_for(cast.nurse)
    kept = f"{later.public_id}|prn:{order.pk}"
    assert f'value="{kept}"' in scan(client, person, codes.batch_label(later.public_id))
    sent = {"prn": str(order.public_id), "rass": "0", "breathing": "14", "once": once(), "batch": kept}
    assert client.post(f"/round/{person.public_id}/", sent).status_code == 303
    assert (left(soon), left(later)) == (20, 19)
