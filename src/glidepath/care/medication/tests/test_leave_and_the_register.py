"""Leave and the register: what is taken along leaves the stock once; what is brought back never comes into it again."""

from __future__ import annotations

import datetime as dt
from datetime import date
from decimal import Decimal

import pytest

from glidepath.care.alarms.models import Alarm
from glidepath.care.medication import leave, services
from glidepath.care.medication.models import DoseAnswer, LeavePack, LeaveReturn
from glidepath.care.medication.tests.acts import (
    count_back,
    draft,
    give,
    once,
    outside,
    pack_leave,
    row_at,
    sign,
    sign_leave,
)
from glidepath.care.supply import queries as register, services as supply
from glidepath.care.supply.models import Balance, Count, Location, Movement, OwnBag, StockedProduct
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import services as staffing
from tests.cast import proof

pytestmark = pytest.mark.django_db

PIECE = 4
BACK = "2026-11-18T12:00"  # noon of the next day: doses at eight, twenty-two and eight


@pytest.fixture
def cupboard(cast):
    return supply.add_location(
        centre=cast.centre, name="Cupboard", kind=Location.Kind.CUPBOARD, unit=cast.unit, by=cast.pharmacist
    )


def opened(cast, cupboard, pieces, *, mg="10", lot="A", expires=date(2027, 6, 30)):
    product = StockedProduct.objects.get(
        centre=cast.centre, medicine="diazepam", strength_ng=int(Decimal(mg) * 1_000_000), is_liquid=False
    )
    parcel = supply.Delivery(product, lot, expires, 28 * PIECE, 0, pieces * PIECE)
    return supply.open_stock(
        location=cupboard, delivery=parcel, by=cast.pharmacist, second=proof(cast.nurse), once=once()
    ).batch


@pytest.fixture
def signed(cast, person):
    """10 mg at eight and twenty-two, and the signature for a leave until noon of the next day."""
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    return sign_leave(cast, person, BACK)


def left(batch):
    return Balance.objects.get(batch=batch).quantity


def taken_along():
    return list(Movement.objects.filter(kind="leave").order_by("seq"))


def is_whole(cast):
    """The chain, every balance by its sum, every count by what moved since, and each leave and dose by its answer."""
    now = clock.now()
    assert isinstance(register.verify(cast.centre), register.Whole)
    assert all(line.apart == 0 for line in register.reconcile(cast.centre))
    since, until = now - dt.timedelta(days=3), now + dt.timedelta(minutes=1)
    return services.doses_against_register(cast.centre, since, until).agrees


# --- Packing ----------------------------------------------------------------------------------------------------------


def test_what_is_taken_along_leaves_the_cupboard_in_the_same_act(cast, cupboard, person, signed):
    batch = opened(cast, cupboard, 10)
    pack = pack_leave(cast, person, BACK)
    (issue,) = taken_along()
    assert (issue.quantity, issue.source, issue.person) == (3 * PIECE, cupboard, person)
    assert (issue.dose, issue.recorded_by, issue.witness) == (pack.public_id, cast.nurse, cast.second_nurse)
    assert issue.happened_at == pack.happened_at
    assert left(batch) == 7 * PIECE
    assert is_whole(cast)


def test_a_shift_count_during_the_leave_finds_nothing_missing(cast, cupboard, person, signed):
    batch = opened(cast, cupboard, 10)
    pack_leave(cast, person, BACK)
    count = supply.begin_count(location=cupboard, kind=Count.Kind.SHIFT, by=cast.nurse, once=once())
    for by in (cast.nurse, cast.second_nurse):
        supply.enter_count(count=count, counted={batch.public_id: 7 * PIECE}, by=by, once=once())
    assert register.open_differences(cast.centre) == []


def test_the_same_submit_again_issues_once(cast, cupboard, person, signed):
    batch, key = opened(cast, cupboard, 10), once()
    packs = {pack_leave(cast, person, BACK, once=key).pk for _ in range(3)}
    assert len(packs) == 1
    assert len(taken_along()) == 1
    assert left(batch) == 7 * PIECE


def test_a_packing_that_breaks_at_its_end_leaves_nothing_behind_and_is_done_once_when_sent_again(
    cast, cupboard, person, signed, monkeypatch
):
    batch, key = opened(cast, cupboard, 10), once()

    def dies(*_given, **_named):
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(leave.submits, "remember", dies)
        with pytest.raises(RuntimeError):
            pack_leave(cast, person, BACK, once=key)
    assert (LeavePack.objects.count(), taken_along(), left(batch)) == (0, [], 10 * PIECE)
    pack_leave(cast, person, BACK, once=key)
    assert left(batch) == 7 * PIECE
    assert is_whole(cast)


def test_the_earliest_expiry_goes_first_but_no_lot_that_expires_before_the_last_dose(cast, cupboard, person, signed):
    today = opened(cast, cupboard, 10, lot="TODAY", expires=date(2026, 11, 17))
    soon = opened(cast, cupboard, 2, lot="SOON", expires=date(2026, 11, 18))
    later = opened(cast, cupboard, 10, lot="LATER")
    pack_leave(cast, person, BACK)
    assert (left(today), left(soon), left(later)) == (10 * PIECE, 0, 9 * PIECE)


def test_a_lot_that_expires_during_the_leave_is_not_taken_for_want_of_another(cast, cupboard, person, signed):
    opened(cast, cupboard, 10, lot="TODAY", expires=date(2026, 11, 17))
    with pytest.raises(supply.NotEnough, match="lot TODAY expires 17 Nov, before the last dose"):
        pack_leave(cast, person, BACK)
    assert not LeavePack.objects.exists()


def test_what_is_recalled_is_refused_as_at_a_dose(cast, cupboard, person, signed):
    batch = opened(cast, cupboard, 10)
    supply.recall(batch=batch, reason="a letter of the maker", by=cast.pharmacist, once=once())
    with pytest.raises(supply.NotEnough, match="lot A is recalled"):
        pack_leave(cast, person, BACK)


def test_what_the_register_does_not_hold_goes_along_and_opens_a_difference(cast, cupboard, person, signed):
    sign(cast, person, draft("diazepam", "5", "12:00"))
    ten, five = opened(cast, cupboard, 2), opened(cast, cupboard, 10, mg="5")
    pack_leave(cast, person, BACK)
    assert (left(ten), left(five)) == (2 * PIECE, 9 * PIECE), "what it holds of the other product is booked"
    (difference,) = register.open_differences(cast.centre)
    assert "handed out for a leave all the same" in difference.row.words
    assert "holds 2 tablets of diazepam 10 mg tablet to give; these doses take 3 tablets" in difference.row.words


def test_where_no_register_is_kept_a_leave_is_packed_as_ever(cast, person, signed):
    assert pack_leave(cast, person, BACK).doses
    assert not Movement.objects.exists()


def test_the_check_finds_a_leave_for_which_more_left_the_stock_than_was_handed_out(cast, cupboard, person, signed):
    opened(cast, cupboard, 3)
    pack = pack_leave(cast, person, BACK)
    assert is_whole(cast)
    other = opened(cast, cupboard, 5, lot="B")
    supply.issue_for_leave(
        parts=[supply.Part(other.product, PIECE)], unit=cast.unit, person=person, pack=pack.public_id, by=cast.nurse,
        witness=cast.second_nurse, last=date(2026, 11, 18),
    )  # fmt: skip
    assert not is_whole(cast)


# --- The signature ----------------------------------------------------------------------------------------------------


def test_a_leave_is_packed_under_one_signature_once_and_not_for_longer(cast, person, signed, frozen_clock):
    with pytest.raises(BadInput, match="signed until 18 Nov 12:00: diazepam cannot be taken along for longer"):
        pack_leave(cast, person, "2026-11-18T12:01")
    pack = pack_leave(cast, person, "2026-11-17T23:00")
    assert pack.under == signed
    frozen_clock.set("2026-11-17T07:30")
    count_back(cast, pack, "back", "back")
    with pytest.raises(BadInput, match="only where a prescriber has signed"):
        pack_leave(cast, person, "2026-11-17T23:00")


def test_who_must_sign_is_said_and_a_nurse_cannot(cast, person):
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    with pytest.raises(BadInput, match="those given the right to prescribe"):
        pack_leave(cast, person, BACK)
    with pytest.raises(NotAllowed, match="may not do this"):
        sign_leave(cast, person, BACK, by=cast.nurse, proof=proof(cast.nurse))
    with pytest.raises(BadInput, match="Sign with your PIN"):
        sign_leave(cast, person, BACK, proof=None)


def test_a_signature_that_ran_out_or_was_replaced_counts_no_more(cast, person, signed, frozen_clock):
    shorter = sign_leave(cast, person, "2026-11-17T12:00")
    assert shorter.supersedes == signed
    with pytest.raises(BadInput, match="signed until 17 Nov 12:00"):
        pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-17T12:00")
    with pytest.raises(BadInput, match="only where a prescriber has signed"):
        pack_leave(cast, person, BACK)


def test_a_time_that_is_none_is_refused_at_its_box(cast, person):
    for until in ("2026-11-17T06:00", "2026-11-25T00:00"):
        with pytest.raises(BadInput, match="Say until when") as refused:
            sign_leave(cast, person, until)
        assert refused.value.field == "allowed_until"


def test_while_somebody_is_away_no_leave_is_signed(cast, person, signed):
    pack_leave(cast, person, BACK)
    with pytest.raises(BadInput, match="out already"):
        sign_leave(cast, person, BACK)


def test_a_medicine_outside_the_register_needs_no_signature(cast, person):
    sign(cast, person, outside("sertraline", "50", "08:00"))
    assert pack_leave(cast, person, BACK).under is None


def test_an_opioid_is_taken_along_under_a_signature_too(cast, person):
    sign(cast, person, outside("methadone", "40", "08:00", opioid="yes"))
    with pytest.raises(BadInput, match="methadone: taken along only where a prescriber has signed"):
        pack_leave(cast, person, BACK)
    signature = sign_leave(cast, person, BACK)
    assert pack_leave(cast, person, BACK).under == signature


# --- The return -------------------------------------------------------------------------------------------------------


def test_what_is_brought_back_is_sealed_and_never_comes_into_the_stock(cast, cupboard, person, signed, frozen_clock):
    batch = opened(cast, cupboard, 10)
    pack = pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-17T21:30")
    row = count_back(cast, pack, "taken", "back", "back", seal="lb-7")
    assert left(batch) == 7 * PIECE, "sealed, and not in the cupboard"
    bag = OwnBag.objects.get()
    assert (row.bag, bag.person, bag.seal, bag.witness) == (bag, person, "LB-7", cast.second_nurse)
    assert [(one.name, one.quantity) for one in bag.items.all()] == [("diazepam 10 mg tablet", 2 * PIECE)]
    frozen_clock.set("2026-11-17T22:00")
    assert give(row_at(person, "2026-11-17T22:00"), cast.nurse).was_given
    assert left(batch) == 6 * PIECE, "the dose that lay ahead comes from the stock"
    assert is_whole(cast)


def test_no_act_on_a_dose_puts_any_of_a_leave_back_into_the_stock(cast, cupboard, person, signed):
    opened(cast, cupboard, 10)
    pack_leave(cast, person, BACK)
    (issue,) = taken_along()
    with pytest.raises(BadInput, match="Only what was issued for a dose"):
        supply.return_from_dose(issue=issue, quantity=PIECE, reason="unopened", by=cast.nurse, once=once())
    with pytest.raises(BadInput, match="follows a dose"):
        supply.reverse(movement=issue, reason="typed", by=cast.nurse, second=proof(cast.second_nurse), once=once())


def test_without_a_seal_nothing_is_counted_back(cast, cupboard, person, signed, frozen_clock):
    opened(cast, cupboard, 10)
    pack = pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-17T21:30")
    for sealed, field in ((("", "safe"), "seal"), (("S-1", " "), "kept_where")):
        with pytest.raises(BadInput) as refused:
            count_back(cast, pack, "taken", "back", "back", sealed=services.Sealed(*sealed))
        assert refused.value.field == field
    with pytest.raises(BadInput, match="no dose was brought back"):
        count_back(cast, pack, "taken", "taken", "taken", seal="S-1")
    assert (LeaveReturn.objects.count(), OwnBag.objects.count(), DoseAnswer.objects.count()) == (0, 0, 0)


def test_a_dose_of_no_known_product_is_sealed_as_it_was_packed(cast, person, frozen_clock):
    sign(cast, person, outside("sertraline", "50", "08:00"))
    pack = pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-18T11:00")
    count_back(cast, pack, "back", "back")
    (item,) = OwnBag.objects.get().items.all()
    assert (item.name, item.quantity) == ("sertraline 50 mg, by mouth (doses as packed)", 2 * PIECE)


def test_a_pack_of_an_earlier_version_is_counted_back_too(cast, person, signed, frozen_clock):
    now = clock.now()
    pack = LeavePack.objects.create(
        centre=cast.centre, person=person, until_at=now + dt.timedelta(hours=20), explained="at ten",
        doses=[["order:1", "2026-11-17T22:00:00+00:00", "diazepam 10 mg, tablet, by mouth"]],
        counted_with=cast.second_nurse, happened_at=now, recorded_at=now, recorded_by=cast.nurse,
    )  # fmt: skip
    count_back(cast, pack, "back")
    (item,) = OwnBag.objects.get().items.all()
    assert (item.name, item.quantity) == ("diazepam 10 mg, tablet, by mouth (doses as packed)", PIECE)


def test_one_dose_that_is_missing_calls_the_prescriber(cast, cupboard, person, signed, frozen_clock):
    opened(cast, cupboard, 10)
    pack = pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-18T11:00")
    count_back(cast, pack, "taken", "missing", "taken", words="fell into the sink")
    alarm = Alarm.objects.get(cause="doses_not_taken")
    assert alarm.message == (
        "Missing after the leave: diazepam 10 mg, tablet, by mouth, due 17 Nov 22:00. "
        "The person says: fell into the sink"
    )
    assert alarm.prescriber_closes
    assert is_whole(cast), "the register is right about its own shelf"
    assert register.open_differences(cast.centre) == []


def test_nothing_missing_calls_nobody(cast, person, signed, frozen_clock):
    pack = pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-18T11:00")
    count_back(cast, pack, "taken", "taken", "taken")
    assert not Alarm.objects.exists()


def test_the_same_return_again_seals_one_bag(cast, person, signed, frozen_clock):
    pack = pack_leave(cast, person, BACK)
    frozen_clock.set("2026-11-18T11:00")
    key = once()
    rows = {count_back(cast, pack, "taken", "back", "taken", seal="S-4", once=key).pk for _ in range(2)}
    assert len(rows) == OwnBag.objects.count() == 1
    with pytest.raises(ChangedMeanwhile):
        count_back(cast, pack, "taken", "back", "taken", seal="S-5")
    assert OwnBag.objects.count() == 1


# --- What is expected -------------------------------------------------------------------------------------------------


def test_a_leave_is_no_drift_and_is_not_counted_twice_ahead(cast, cupboard, person, signed, frozen_clock):
    """Worked out by hand: away with the doses of the 17th (two) and of the 18th at eight; home at noon of the 18th."""
    batch = opened(cast, cupboard, 30)
    product = batch.product_id
    before = services.use_of(cast.unit, date(2026, 11, 17), 3)[product]
    assert before == [2 * PIECE, 2 * PIECE, 2 * PIECE]
    pack = pack_leave(cast, person, BACK)
    assert services.use_of(cast.unit, date(2026, 11, 17), 3)[product] == [3 * PIECE, PIECE, 2 * PIECE]
    assert services.use_of(cast.unit, date(2026, 11, 18), 2)[product] == [PIECE, 2 * PIECE]
    frozen_clock.set("2026-11-17T21:30")
    count_back(cast, pack, "taken", "back", "back")
    assert services.use_of(cast.unit, date(2026, 11, 17), 3)[product] == [4 * PIECE, 2 * PIECE, 2 * PIECE]


def test_a_leave_under_way_is_no_drift(cast, cupboard, person, frozen_clock):
    """Three doses left the cupboard on the 18th; two of them were due that day."""
    opened(cast, cupboard, 30)
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    frozen_clock.set("2026-11-18T07:00")
    sign_leave(cast, person, "2026-11-19T12:00")
    on_shift(cast)
    pack_leave(cast, person, "2026-11-19T12:00")
    frozen_clock.set("2026-11-19T06:00")
    (line,) = [one for one in register.covered(cast.unit) if one.is_kept]
    assert (line.issued, line.expected, line.drifts) == (3 * PIECE, 3 * PIECE, False)


def on_shift(cast):
    staffing.start_shift(unit=cast.unit, by=cast.second_nurse)
