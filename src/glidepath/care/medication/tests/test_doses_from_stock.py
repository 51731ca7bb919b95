"""A given dose leaves the unit's stock in the same act; a correction undoes it; without a register all is as ever."""

from __future__ import annotations

import datetime as dt
from datetime import date
from decimal import Decimal

import pytest

from glidepath.care.medication import services
from glidepath.care.medication.expected_use import use_of
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.register_check import doses_against_register
from glidepath.care.medication.tests.acts import decline, draft, give, once, prn, row_at, sign
from glidepath.care.supply import queries as register, services as supply
from glidepath.care.supply.models import Balance, Batch, Location, Movement, StockedProduct
from glidepath.record import clock
from glidepath.record.errors import ChangedMeanwhile
from glidepath.record.staff import services as staff
from tests.cast import proof
from tests.scenarios import ward

PIECE = 4


@pytest.fixture
def cupboard(cast):
    return supply.add_location(
        centre=cast.centre, name="Cupboard", kind=Location.Kind.CUPBOARD, unit=cast.unit, by=cast.pharmacist
    )


def opened(cast, cupboard, pieces, mg="10", lot="A"):
    product = StockedProduct.objects.get(
        centre=cast.centre, medicine="diazepam", strength_ng=int(Decimal(mg) * 1_000_000), is_liquid=False
    )
    parcel = supply.Delivery(product, lot, date(2027, 6, 30), 28 * PIECE, 0, pieces * PIECE)
    return supply.open_stock(
        location=cupboard, delivery=parcel, by=cast.pharmacist, second=proof(cast.nurse), once=once()
    ).batch


@pytest.fixture
def eight(cast, person, frozen_clock):
    """A dose of 10 mg, due at 08:00, which is now."""
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))

    def due():
        frozen_clock.set("2026-11-17T08:00")
        return row_at(person, "2026-11-17T08:00")

    return due


def left(batch):
    return Balance.objects.get(batch=batch).quantity


def correct(answer, by, outcome, **more):
    given = {"answer": answer, "outcome": outcome, "why": "wrong row", "by": by, "once": once()} | more
    return services.correct(**given)


def agrees(cast):
    now = clock.now()
    return doses_against_register(cast.centre, now - dt.timedelta(days=2), now + dt.timedelta(minutes=1)).agrees


def test_where_no_register_is_opened_a_dose_is_given_as_ever(cast, eight):
    assert give(eight(), cast.nurse).was_given
    assert not Movement.objects.exists()


def test_a_product_without_a_register_is_given_as_ever_beside_one_that_has_it(cast, cupboard, eight):
    opened(cast, cupboard, 10, mg="5")
    assert give(eight(), cast.nurse).was_given
    assert not Movement.objects.filter(kind="issue").exists()


def test_a_dose_given_for_a_time_before_the_register_was_opened_takes_nothing(cast, cupboard, eight, frozen_clock):
    row = eight()
    frozen_clock.set("2026-11-17T08:30")
    batch = opened(cast, cupboard, 10)
    assert give(row, cast.nurse, happened_at=clock.now() - dt.timedelta(minutes=20)).was_given
    assert left(batch) == 10 * PIECE


def test_l6_a_dose_marked_given_has_exactly_one_issue(cast, cupboard, eight):
    batch = opened(cast, cupboard, 10)
    answer, key = None, once()
    row = eight()
    for _ in range(2):  # a shaking hand
        answer = give(row, cast.nurse, once=key)
    (issue,) = Movement.objects.filter(kind="issue")
    assert (issue.dose, issue.person, issue.quantity) == (answer.public_id, answer.person, PIECE)
    assert left(batch) == 9 * PIECE
    assert agrees(cast)


def test_l6_a_declined_dose_takes_nothing(cast, cupboard, eight):
    batch = opened(cast, cupboard, 10)
    decline(eight(), cast.nurse)
    assert left(batch) == 10 * PIECE


def test_l6_an_as_needed_dose_is_issued_too(cast, cupboard, person):
    batch = opened(cast, cupboard, 10)
    order = sign(cast, person, prn("diazepam", "10"))
    services.give_prn(order=order, by=cast.nurse, rass=0, breathing=14, once=once())
    assert left(batch) == 9 * PIECE
    assert agrees(cast)


def test_l6_a_correction_to_not_given_is_undone_in_the_register_and_back_again(cast, cupboard, eight):
    batch = opened(cast, cupboard, 10)
    answer = give(eight(), cast.nurse)
    answer = correct(answer, cast.nurse, "declined", reason="feels_sick")
    assert left(batch) == 10 * PIECE
    answer = correct(answer, cast.nurse, "given", rass=0)
    assert left(batch) == 9 * PIECE
    answer = correct(answer, cast.nurse, "given", rass=-1)
    assert left(batch) == 9 * PIECE, "given stays given"
    correct(answer, cast.nurse, "unable", reason="vomited")
    assert left(batch) == 10 * PIECE
    assert [row.kind for row in Movement.objects.order_by("seq")] == [
        "opening", "issue", "reversal", "issue", "reversal",
    ]  # fmt: skip
    assert isinstance(register.verify(cast.centre), register.Whole)


def test_a_dose_the_register_does_not_hold_is_given_and_opens_a_difference(cast, cupboard, eight, person):
    """Nobody goes without a dose at night because an entry is missing; the difference stays until two close it."""
    batch = opened(cast, cupboard, 1)
    supply.waste(
        batch=batch, location=cupboard, quantity=PIECE, reason="fell", by=cast.nurse, second=proof(cast.second_nurse)
    )
    assert give(eight(), cast.nurse).was_given
    assert not Movement.objects.filter(kind="issue").exists()
    (difference,) = register.open_differences(cast.centre)
    assert difference.row.batch == batch
    assert "holds 0 tablets of diazepam 10 mg tablet to give; this dose takes 1 tablet" in difference.row.words
    assert left(batch) == 0


def test_what_is_expired_is_not_given_for_want_of_another(cast, cupboard, eight, frozen_clock):
    opened(cast, cupboard, 10)
    supply.recall(batch=Batch.objects.get(), reason="a letter of the maker", by=cast.pharmacist, once=once())
    with pytest.raises(supply.NotEnough, match="is recalled"):
        give(eight(), cast.nurse)
    assert not DoseAnswer.objects.exists()


def test_l13_the_very_strength_that_was_ordered_leaves_the_stock(cast, cupboard, eight):
    five, ten = opened(cast, cupboard, 10, mg="5"), opened(cast, cupboard, 10)
    give(eight(), cast.nurse)
    assert (left(five), left(ten)) == (10 * PIECE, 9 * PIECE), "two of 5 mg are not taken for one of 10 mg"


def test_l14_a_day_issues_what_was_ordered_for_it_and_no_more(cast, cupboard, person, frozen_clock):
    batch = opened(cast, cupboard, 30)
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    for at in ("2026-11-17T08:00", "2026-11-17T22:00"):
        frozen_clock.set(at)
        cast_nurse_on(cast)
        give(row_at(person, at), cast.nurse)
        with pytest.raises(ChangedMeanwhile, match="answered this dose"):
            give(row_at(person, at), cast.second_nurse)
    expected = use_of(cast.unit, date(2026, 11, 17), 1)[batch.product_id]
    assert expected == [2 * PIECE]
    assert left(batch) == 30 * PIECE - 2 * PIECE
    assert agrees(cast)


def cast_nurse_on(cast):
    for one in (cast.nurse, cast.second_nurse):
        staff.start_shift(unit=cast.unit, by=one)


def test_the_check_finds_a_dose_whose_movement_says_something_else(cast, cupboard, eight):
    opened(cast, cupboard, 10)
    answer = give(eight(), cast.nurse)
    (issue,) = register.issues_of(answer.public_id)
    supply.return_from_dose(issue=issue, quantity=2, reason="half was not taken", by=cast.nurse, once=once())
    now = clock.now()
    found = doses_against_register(cast.centre, now - dt.timedelta(hours=1), now + dt.timedelta(minutes=1))
    assert found.apart == (answer,)


def test_expected_use_follows_the_released_taper_and_never_a_projected_step(cast, cupboard, person, frozen_clock):
    ward.sign(cast, person, ward.draft(start=clock.today(cast.centre)))
    whole = use_of(cast.unit, date(2026, 11, 18), 28)
    by_day = {
        sum(days[day] * StockedProduct.objects.get(pk=product).strength_ng // 4 for product, days in whole.items())
        for day in range(28)
    }
    assert by_day == {20 * 1_000_000}, "the present dose goes on: nothing is released"


def test_days_of_cover_orders_and_drift(cast, cupboard, person, frozen_clock):
    opened(cast, cupboard, 5)
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    (line,) = [one for one in register.covered(cast.unit) if one.is_kept]
    assert (line.held, line.a_day, line.days) == (5 * PIECE, 2 * PIECE, 2)
    assert line.to_order == 28 * PIECE, "14 days take 28, 23 are missing, a container holds 28"
    assert line.is_soon
    assert not line.drifts
    frozen_clock.set("2026-11-20T09:00")
    (line,) = [one for one in register.covered(cast.unit) if one.is_kept]
    assert (line.issued, line.expected, line.drift_words) == (0, 4 * PIECE, "4 tablets less than was due")
    assert line.drifts
