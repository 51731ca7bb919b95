"""The rules of the register, L1 to L20, each by its number; those of a dose's answer are tested with the medicines."""

from __future__ import annotations

import datetime as dt
from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from glidepath.care.supply import amounts, queries, services
from glidepath.care.supply.differences import one_business_day_after
from glidepath.care.supply.inventory import months_later
from glidepath.care.supply.models import Balance, Discrepancy, Location, Movement, MovementKind, OwnBag
from glidepath.care.supply.own_medicines import Brought
from glidepath.care.supply.tests import register as made
from glidepath.record import clock
from glidepath.record.audit import guard
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import services as staff
from tests.cast import admitted_person, proof

PIECE = made.PIECE


@pytest.fixture
def register(cast):
    return made.make(cast)


@pytest.fixture
def person(cast):
    return admitted_person(cast)


def balance(batch, location):
    return Balance.objects.get(batch=batch, location=location).quantity


def waste(register, batch, quantity, **more):
    cast = register.cast
    given = {"by": cast.nurse, "second": proof(cast.second_nurse), "reason": "fell on the floor", "once": made.once()}
    return services.waste(batch=batch, location=register.cupboard, quantity=quantity, **given | more)


def transfer(register, batch, quantity, **more):
    cast = register.cast
    given = {"source": register.cupboard, "target": register.other, "by": cast.nurse, "second": proof(cast.pharmacist)}
    return services.transfer(batch=batch, quantity=quantity, once=made.once(), **given | more)


def tamper(statement, *values):
    """What somebody with the database's password could do."""
    with guard.lifted(tables=["supply_movement"]), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


# --- L1 to L4: the sums ----------------------------------------------------------------------------------------------


def test_l1_nothing_leaves_that_is_not_there(register):
    batch = made.opened(register, pieces=2)
    with pytest.raises(services.NotEnough, match="holds 2 tablets of diazepam 10 mg tablet, lot A1"):
        waste(register, batch, 3 * PIECE)
    assert balance(batch, register.cupboard) == 2 * PIECE
    assert Movement.objects.count() == 1


def test_l1_an_entry_dated_back_is_held_against_every_later_moment(register, frozen_clock):
    batch = made.opened(register, pieces=2)
    frozen_clock.tick(minutes=30)
    transfer(register, batch, 2 * PIECE)
    frozen_clock.tick(minutes=10)
    transfer(register, batch, PIECE, source=register.other, target=register.cupboard)
    with pytest.raises(services.NotEnough, match="holds 0 tablets"):
        waste(register, batch, PIECE, happened_at=clock.now() - dt.timedelta(minutes=20))
    waste(register, batch, PIECE)


def test_l1_the_database_refuses_a_balance_below_nought(register):
    made.opened(register)
    with pytest.raises(IntegrityError), transaction.atomic():
        Balance.objects.update(quantity=-1)


def test_l2_what_leaves_one_end_arrives_at_the_other(register, person):
    batch = made.opened(register, pieces=10)
    transfer(register, batch, 3 * PIECE)
    made.issue(register, person, 2)
    sums = {}
    for row in Movement.objects.all():
        sums[row.source_id] = sums.get(row.source_id, 0) - row.quantity
        sums[row.target_id] = sums.get(row.target_id, 0) + row.quantity
    assert sum(sums.values()) == 0
    assert sums[register.cupboard.pk] == 5 * PIECE
    assert sums[register.other.pk] == 3 * PIECE


@pytest.mark.parametrize(
    ("text", "liquid", "units"),
    [("23", False, 92), ("23.5", False, 94), ("23,5", False, 94), ("23 1/2", False, 94), ("23½", False, 94),
     ("½", False, 2), ("0.25", False, 1), ("0", False, 0), ("120.5", True, 120500), ("0.001", True, 1)],
)  # fmt: skip
def test_l3_what_is_typed_becomes_whole_base_units(text, liquid, units):
    assert amounts.read(text, is_liquid=liquid) == units


@pytest.mark.parametrize("text", ["", " ", "x", "-1", "0.3", "1e3", "1.5 1/2", "9999999999", "٢", "1/3", "NaN", "½½"])
def test_l3_what_is_no_amount_of_pieces_comes_back_with_what_to_do(text):
    with pytest.raises(BadInput):
        amounts.read(text, is_liquid=False)


@pytest.mark.parametrize(
    ("units", "liquid", "words"),
    [(94, False, "23 ½ tablets"), (4, False, "1 tablet"), (2, False, "½ tablet"), (0, False, "0 tablets"),
     (-3, False, "−¾ tablet"), (120500, True, "120.5 mL"), (1000, True, "1 mL"), (0, True, "0 mL")],
)  # fmt: skip
def test_l3_an_amount_is_said_in_whole_and_part_units(units, liquid, words):
    assert amounts.words_of(units, is_liquid=liquid, form="tablet") == words


def test_l3_a_part_that_the_product_does_not_allow_does_not_move(register):
    batch = made.opened(register)
    with pytest.raises(BadInput, match="halves at most"):
        waste(register, batch, 1)


def test_l4_a_movement_is_never_changed_or_deleted(register):
    made.opened(register)
    for act in (lambda: Movement.objects.update(quantity=1), lambda: Movement.objects.all().delete()):
        with pytest.raises(Exception, match="never changed or deleted"), transaction.atomic():
            act()


def test_l4_a_wrong_entry_gets_its_counter_entry_once(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    wrong = waste(register, batch, 2 * PIECE)
    act = {"movement": wrong, "reason": "the wrong lot", "by": cast.nurse, "second": proof(cast.second_nurse)}
    row = services.reverse(**act, once=made.once())
    assert (row.reverses, row.source, row.target) == (wrong, wrong.target, wrong.source)
    assert balance(batch, register.cupboard) == 10 * PIECE
    with pytest.raises(ChangedMeanwhile, match=cast.nurse.name):
        services.reverse(**act, once=made.once())
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(**raw(row) | {"seq": 99})


def test_l4_a_receipt_whose_stock_is_gone_cannot_be_undone(register, person):
    made.opened(register, pieces=2)
    made.issue(register, person, 2)
    first = Movement.objects.get(kind=MovementKind.OPENING)
    with pytest.raises(services.NotEnough):
        services.reverse(
            movement=first, reason="typed twice", by=register.cast.nurse, second=proof(register.cast.pharmacist)
        )


# --- L5 and L6: doses ------------------------------------------------------------------------------------------------


def test_l5_issued_is_given_and_wasted_and_returned_and_no_third_remainder(register, person):
    cast, batch = register.cast, made.opened(register, pieces=10)
    (row,) = made.issue(register, person, 2)
    services.waste_from_dose(
        issue=row, quantity=2, reason="spat out", by=cast.nurse, second=proof(cast.second_nurse), once=made.once()
    )
    services.return_from_dose(issue=row, quantity=PIECE, reason="one was enough", by=cast.nurse, once=made.once())
    with pytest.raises(BadInput, match="½ tablet of this dose is not accounted for"):
        services.return_from_dose(issue=row, quantity=PIECE, reason="again", by=cast.nurse, once=made.once())
    assert balance(batch, register.cupboard) == 9 * PIECE


def test_l6_a_dose_is_issued_from_a_batch_once(register, person):
    made.opened(register, pieces=10)
    dose = uuid4()
    made.issue(register, person, 1, dose=dose)
    with pytest.raises(IntegrityError), transaction.atomic():
        made.issue(register, person, 1, dose=dose)
    assert Movement.objects.filter(dose=dose).count() == 1


def test_l6_a_dose_that_was_not_given_after_all_is_undone_once(register, person):
    batch = made.opened(register, pieces=10)
    (row,) = made.issue(register, person, 2)
    (undone,) = services.take_back(doses=[row.dose], by=register.cast.nurse, reason="written for the wrong person")
    assert undone.reverses == row
    assert services.take_back(doses=[row.dose], by=register.cast.nurse, reason="again") == []
    assert balance(batch, register.cupboard) == 10 * PIECE


# --- L7 and L8: two people -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nurse", "counsellor", "off_shift_nurse", "stranger"])
def test_l7_a_witness_is_somebody_else_on_duty_in_a_role_that_may(register, who):
    batch = made.opened(register)
    with pytest.raises((BadInput, NotAllowed)):
        waste(register, batch, PIECE, second=proof(getattr(register.cast, who)))


def test_l7_a_witness_proves_it_there_and_the_proof_is_fresh(register, frozen_clock):
    batch, old = made.opened(register), proof(register.cast.second_nurse)
    with pytest.raises(BadInput, match="second clinician"):
        waste(register, batch, PIECE, second=None)
    frozen_clock.tick(minutes=6)
    with pytest.raises(BadInput, match="more than five minutes"):
        waste(register, batch, PIECE, second=old)


def raw(row):
    """A movement's values, for a row put in past the services."""
    skipped = {"id", "public_id"}
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name not in skipped}


def test_l7_the_database_refuses_a_witness_who_is_the_actor(register):
    made.opened(register)
    row = raw(Movement.objects.get()) | {"seq": 2, "witness_id": register.cast.pharmacist.pk}
    with pytest.raises(IntegrityError, match=r"somebody_else|CHECK"), transaction.atomic():
        Movement.objects.create(**row)


@pytest.mark.parametrize("kind", ["waste", "breakage", "destruction", "adjustment"])
def test_l8_the_database_refuses_what_leaves_without_a_witness_or_a_reason(register, kind):
    batch = made.opened(register)
    row = raw(waste(register, batch, PIECE)) | {"kind": kind, "document": "C1"}
    for missing in ({"witness_id": None}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Movement.objects.create(**row | {"seq": 9} | missing)


def test_l8_waste_and_breakage_say_why_and_are_written_at_once(register):
    batch = made.opened(register, happened_at=clock.now() - dt.timedelta(hours=5))
    with pytest.raises(BadInput, match="Say what happened"):
        waste(register, batch, PIECE, reason=" ")
    with pytest.raises(BadInput, match="more than an hour ago"):
        waste(register, batch, PIECE, happened_at=clock.now() - dt.timedelta(minutes=61))
    cast = register.cast
    row = services.breakage(
        batch=batch, location=register.cupboard, quantity=PIECE, reason="bottle fell", by=cast.nurse,
        second=proof(cast.physician), happened_at=clock.now() - dt.timedelta(minutes=20), once=made.once(),
    )  # fmt: skip
    assert (row.kind, row.witness) == ("breakage", cast.physician)


def test_l8_destruction_has_two_signatures_and_a_certificate(register):
    cast, batch = register.cast, made.opened(register)
    act = {"batch": batch, "location": register.cupboard, "quantity": PIECE, "reason": "expired", "by": cast.pharmacist}
    signed = act | {"proof": proof(cast.pharmacist), "second": proof(cast.nurse)}
    with pytest.raises(BadInput, match="certificate"):
        services.destroy(**signed, certificate=" ")
    with pytest.raises(BadInput, match="Sign with your PIN"):
        services.destroy(**signed | {"proof": None}, certificate="C-1")
    assert services.destroy(**signed, certificate="C-1").document == "C-1"


# --- L9 to L11: counts and differences -------------------------------------------------------------------------------


def test_l9_a_count_keeps_what_was_expected_beside_what_was_counted(register, person):
    batch = made.opened(register, pieces=10)
    made.count(register, {batch: 40})
    made.issue(register, person, 1)
    done = queries.counts_of(register.cupboard)[0]
    stands = queries.standing(done)
    assert [stands.last(stands.lines[0], place).expected for place in (1, 2)] == [40, 40]
    assert queries.open_differences(register.cast.centre) == []


def test_l9_a_difference_opens_by_itself_with_an_owner(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    made.count(register, {batch: 38})
    (found,) = queries.open_differences(cast.centre)
    assert (found.row.difference, found.words, found.owner) == (-2, "½ tablet missing", cast.pharmacist)
    assert balance(batch, register.cupboard) == 40, "recorded, never overwritten"


def test_l9_two_who_differ_count_that_line_again_and_no_other(register):
    cast = register.cast
    first, second = made.opened(register, pieces=10), made.opened(register, register.liquid, 50, lot="B1")
    begun = made.count(register, {first: 40, second: 50000}, second_found={first: 36, second: 50000})
    stands = queries.standing(begun)
    assert stands.done is None
    assert [line.batch for line in stands.waiting_for(1)] == [first] == [line.batch for line in stands.waiting_for(2)]
    for by in (cast.second_nurse, cast.nurse):
        services.enter_count(count=begun, counted={first.public_id: 40}, by=by, once=made.once())
    assert queries.standing(begun).done is not None
    assert queries.open_differences(cast.centre) == []


def test_l9_a_dose_given_between_the_two_counts_disturbs_nothing(register, person):
    cast, batch = register.cast, made.opened(register, pieces=10)
    begun = services.begin_count(location=register.cupboard, kind="shift", by=cast.nurse, once=made.once())
    services.enter_count(count=begun, counted={batch.public_id: 40}, by=cast.nurse, once=made.once())
    made.issue(register, person, 2)
    done = services.enter_count(count=begun, counted={batch.public_id: 32}, by=cast.second_nurse, once=made.once())
    assert done.standing.done is not None
    assert queries.open_differences(cast.centre) == []


def test_l9_one_person_does_not_count_twice_and_a_third_waits(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    begun = services.begin_count(location=register.cupboard, kind="shift", by=cast.nurse, once=made.once())
    services.enter_count(count=begun, counted={batch.public_id: 40}, by=cast.nurse, once=made.once())
    with pytest.raises(BadInput, match="Your numbers are kept"):
        services.enter_count(count=begun, counted={batch.public_id: 40}, by=cast.nurse, once=made.once())
    services.enter_count(count=begun, counted={batch.public_id: 36}, by=cast.second_nurse, once=made.once())
    with pytest.raises(BadInput, match="count here"):
        services.enter_count(count=begun, counted={batch.public_id: 40}, by=cast.pharmacist, once=made.once())


def test_l9_what_was_not_counted_is_not_nought(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    begun = services.begin_count(location=register.cupboard, kind="shift", by=cast.nurse, once=made.once())
    with pytest.raises(BadInput, match="Not counted: diazepam 10 mg tablet, lot A1"):
        services.enter_count(count=begun, counted={}, by=cast.nurse, once=made.once())
    assert batch.lot == "A1"


def close(register, found, **more):
    cast = register.cast
    given = {"cause": "unexplained", "words": "looked everywhere", "adjust": True, "by": cast.pharmacist,
             "proof": proof(cast.pharmacist), "manager": proof(cast.manager), "once": made.once()}  # fmt: skip
    return services.close_discrepancy(discrepancy=found, **given | more)


def test_l10_a_difference_closes_with_cause_two_signers_and_its_adjustment(register):
    cast, batch = register.cast, made.opened(register, pieces=10)
    made.count(register, {batch: 38})
    found = Discrepancy.objects.get()
    for wrong in (
        {"cause": "none"}, {"words": " "}, {"proof": None}, {"manager": None}, {"manager": proof(cast.nurse)},
        {"by": cast.nurse, "proof": proof(cast.nurse)}, {"adjust": False},
    ):  # fmt: skip
        with pytest.raises((BadInput, NotAllowed)):
            close(register, found, **wrong)
    done = close(register, found)
    assert (done.adjustment.quantity, done.adjustment.source, done.manager) == (2, register.cupboard, cast.manager)
    assert balance(batch, register.cupboard) == 38
    assert queries.open_differences(cast.centre) == []
    with pytest.raises(ChangedMeanwhile):
        close(register, found)


def test_l10_a_count_error_closes_by_a_later_count_that_finds_nothing(register, frozen_clock):
    cast, batch = register.cast, made.opened(register, pieces=10)
    made.count(register, {batch: 36})
    found = Discrepancy.objects.get()
    frozen_clock.tick(minutes=30)
    made.count(register, {batch: 40}, kind="recount")
    with pytest.raises(BadInput, match="nothing to adjust"):
        close(register, found)
    done = close(register, found, cause="count_error", adjust=False)
    assert done.recount is not None
    assert balance(batch, register.cupboard) == 40
    assert [line.apart for line in queries.reconcile(cast.centre)] == [0]


def test_l11_an_open_difference_stays_and_is_not_opened_twice(register, frozen_clock):
    cast, batch = register.cast, made.opened(register, pieces=10)
    made.count(register, {batch: 38})
    frozen_clock.tick(hours=8)
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    made.count(register, {batch: 38}, first=cast.second_nurse, second=cast.nurse)
    (found,) = queries.open_differences(cast.centre)
    assert [note.words for note in found.row.notes.all()] == [
        "Counted again, at the change of shift: the difference is still there."
    ]
    with pytest.raises(Exception, match="never changed or deleted"), transaction.atomic():
        Discrepancy.objects.update(difference=-1)
    frozen_clock.tick(hours=8)
    made.count(register, {batch: 36})
    assert [one.row.difference for one in queries.open_differences(cast.centre)] == [-2, -2], "only what is new"


def test_l11_after_a_day_it_is_the_managers_too(register, frozen_clock):
    batch = made.opened(register, pieces=10)
    made.count(register, {batch: 38})
    frozen_clock.tick(hours=24)
    assert not queries.open_differences(register.cast.centre)[0].is_with_manager
    frozen_clock.tick(minutes=1)
    assert queries.open_differences(register.cast.centre)[0].is_with_manager


@pytest.mark.parametrize(
    ("found", "tell_by"),
    [("2026-11-17T02:00", "2026-11-18T17:00"), ("2026-11-20T09:00", "2026-11-23T17:00"),
     ("2026-11-21T23:59", "2026-11-23T17:00"), ("2026-11-22T10:00", "2026-11-23T17:00")],
)  # fmt: skip
def test_l11_a_suspected_loss_is_told_within_one_business_day(found, tell_by):
    assert one_business_day_after(dt.datetime.fromisoformat(found)) == dt.datetime.fromisoformat(tell_by)


def test_l11_anybody_reports_a_difference_and_a_suspected_loss_without_a_second(register):
    cast, batch = register.cast, made.opened(register)
    found = services.open_discrepancy(
        location=register.cupboard, batch=batch, words="the seal of a box is torn", by=cast.physician, once=made.once()
    )
    loss = services.report_suspected_loss(discrepancy=found, words="a box is gone", by=cast.nurse, once=made.once())
    assert clock.local(cast.centre, loss.tell_by).isoformat() == "2026-11-18T17:00:00+00:00"
    with pytest.raises(ChangedMeanwhile):
        services.report_suspected_loss(discrepancy=found, words="still gone", by=cast.nurse, once=made.once())


# --- L12 to L15: which stock ------------------------------------------------------------------------------------------


def test_l12_the_earliest_expiry_goes_first_and_no_expired_or_recalled_batch(register, person, frozen_clock):
    early = made.opened(register, pieces=3, lot="E", expires=date(2026, 11, 18))
    late = made.opened(register, pieces=3, lot="L")
    assert [row.batch for row in made.issue(register, person, 1)] == [early]
    assert [(row.batch, row.quantity) for row in made.issue(register, person, 3)] == [(early, 8), (late, 4)]
    made.opened(register, pieces=3, lot="E", expires=date(2026, 11, 18))
    frozen_clock.set("2026-11-19T09:00")
    assert [row.batch for row in made.issue(register, person, 1)] == [late]
    with pytest.raises(BadInput, match="Lot E of diazepam 10 mg tablet is expired"):
        made.issue(register, person, 1, batch=early)
    services.recall(batch=late, reason="by its maker", by=register.cast.pharmacist, once=made.once())
    with pytest.raises(services.NotEnough, match="lot E is expired; lot L is recalled"):
        made.issue(register, person, 1)


def test_l12_on_its_last_day_a_batch_is_still_given(register, person):
    made.opened(register, expires=clock.today(register.cast.centre))
    assert made.issue(register, person, 1)


def test_l12_a_half_is_not_made_up_of_two_lots_while_whole_ones_are_left(register, person):
    early = made.opened(register, pieces=1, lot="E", expires=date(2026, 12, 1))
    late = made.opened(register, pieces=5, lot="L")
    made.issue(register, person, "0.5")
    assert balance(early, register.cupboard) == 2
    assert [(row.batch, row.quantity) for row in made.issue(register, person, 1)] == [(late, 4)]
    assert [(row.batch, row.quantity) for row in made.issue(register, person, "0.5")] == [(early, 2)]


def test_l13_a_pack_of_another_strength_or_medicine_is_refused(register, person):
    other = made.opened(register, register.liquid, 100)
    made.opened(register)
    with pytest.raises(BadInput, match="This pack is diazepam 1 mg/mL oral suspension, strong; ordered is diazepam 10"):
        made.issue(register, person, 1, batch=other)


def test_l15_what_a_person_brought_is_no_stock_and_gives_no_dose(register, person):
    cast = register.cast
    services.take_in(
        person=person, items=[Brought("diazepam 10 mg tablets", 40)], seal="s-100", kept_where="safe 2",
        by=cast.nurse, second=proof(cast.second_nurse), once=made.once(),
    )  # fmt: skip
    assert made.issue(register, person, 1) == [], "no register is opened for it, and the bag opens none"
    assert not Balance.objects.exists()
    made.opened(register, pieces=1)
    made.issue(register, person, 1)
    with pytest.raises(services.NotEnough):
        made.issue(register, person, 1)
    assert OwnBag.objects.get().items.get().quantity == 40


def test_l15_a_bag_is_counted_by_two_sealed_once_and_leaves_once(register, person):
    cast = register.cast
    act = {"person": person, "items": [Brought("lorazepam 1 mg", 8)], "kept_where": "safe", "by": cast.nurse}
    for wrong in ({"seal": " ", "second": proof(cast.second_nurse)}, {"seal": "7", "second": None}):
        with pytest.raises(BadInput):
            services.take_in(**act, **wrong)
    bag = services.take_in(**act, seal="7", second=proof(cast.second_nurse), once=made.once())
    with pytest.raises(BadInput, match="on another bag"):
        services.take_in(**act, seal="7", second=proof(cast.second_nurse), once=made.once())
    signed = {"by": cast.nurse, "second": proof(cast.pharmacist)}
    with pytest.raises(BadInput, match="given up"):
        services.destroy_bag(bag=bag, certificate="C", proof=proof(cast.nurse), **signed)
    with pytest.raises(BadInput, match="seal is broken"):
        services.let_bag_go(bag=bag, how="surrendered", seal_whole=False, **signed)
    services.let_bag_go(bag=bag, how="surrendered", seal_whole=True, **signed, once=made.once())
    with pytest.raises(ChangedMeanwhile):
        services.let_bag_go(bag=bag, how="returned", seal_whole=True, **signed, once=made.once())
    assert services.destroy_bag(bag=bag, certificate="C", proof=proof(cast.nurse), **signed).certificate == "C"


# --- L17 to L20: the chain, the clock, the reports --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE supply_movement SET quantity = quantity + 4 WHERE seq = 2", 2),
        ("UPDATE supply_movement SET reason = 'better so' WHERE seq = 3", 3),
        ("UPDATE supply_movement SET witness_id = NULL, kind = 'return' WHERE seq = 3", 3),
        ("DELETE FROM supply_movement WHERE seq = 2", 2),
        ("DELETE FROM supply_movement WHERE seq = 3", 3),
        ("UPDATE supply_balance SET quantity = quantity + 4", 0),
    ],
)
def test_l17_a_change_behind_the_services_is_found_and_the_first_bad_row_named(register, statement, seq):
    batch = made.opened(register)
    transfer(register, batch, PIECE)
    waste(register, batch, PIECE)
    whole = queries.verify(register.cast.centre)
    assert isinstance(whole, queries.Whole)
    assert whole.count == 3
    try:
        tamper(statement)
    except IntegrityError:
        return  # a constraint held, which is better still
    fault = queries.verify(register.cast.centre)
    assert isinstance(fault, queries.Fault)
    assert fault.seq == seq


def test_l17_a_tail_cut_off_with_its_head_shows_against_what_was_kept(register):
    batch = made.opened(register)
    waste(register, batch, PIECE)
    kept = queries.verify(register.cast.centre)
    first = Movement.objects.get(seq=1)
    tamper("DELETE FROM supply_movement WHERE seq = 2")
    tamper("UPDATE supply_ledgerhead SET count = 1, hash = %s", first.hash)
    tamper("UPDATE supply_balance SET quantity = quantity + 4")
    assert isinstance(queries.verify(register.cast.centre), queries.Whole)
    fault = queries.verify(register.cast.centre, kept=(kept.count, kept.hash))
    assert isinstance(fault, queries.Fault)


def test_l18_both_times_are_kept_and_nothing_lies_ahead(register):
    early = clock.now() - dt.timedelta(hours=2)
    batch = made.opened(register, happened_at=early)
    row = Movement.objects.get()
    assert (row.happened_at, row.recorded_at) == (early, clock.now())
    with pytest.raises(BadInput, match="lies ahead"):
        waste(register, batch, PIECE, happened_at=clock.now() + dt.timedelta(minutes=1))
    with pytest.raises(BadInput, match="dated back at most 48 h"):
        transfer(register, batch, PIECE, happened_at=clock.now() - dt.timedelta(hours=49))
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(**raw(row) | {"seq": 2, "happened_at": clock.now() + dt.timedelta(minutes=1)})


def test_l19_the_last_count_and_what_moved_since_are_the_balance(register, person, frozen_clock):
    cast, batch = register.cast, made.opened(register, pieces=10)
    (line,) = queries.reconcile(cast.centre)
    assert line.counted is None
    made.count(register, {batch: 38})
    frozen_clock.tick(minutes=5)
    made.issue(register, person, 1)
    (line,) = queries.reconcile(cast.centre)
    assert (line.counted, line.since, line.balance, line.apart, line.open) == (38, -4, 36, -2, -2)
    assert line.is_explained
    close(register, Discrepancy.objects.get())
    (line,) = queries.reconcile(cast.centre)
    assert (line.balance, line.apart, line.open) == (34, 0, 0)


@pytest.mark.parametrize(
    ("day", "due"),
    [("2026-11-17", "2028-11-17"), ("2024-02-29", "2026-02-28"), ("2026-12-31", "2028-12-31")],
)
def test_l20_the_next_biennial_inventory_is_within_two_years(day, due):
    assert months_later(date.fromisoformat(day), 24) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("today", "warning"),
    [("2028-09-17", ""), ("2028-09-18", "due in 60 days"), ("2028-10-18", "due in 30 days"),
     ("2028-11-10", "due in 7 days"), ("2028-11-17", "due in 0 days"), ("2028-11-18", "overdue by 1 days")],
)  # fmt: skip
def test_l20_it_warns_60_30_and_7_days_before(register, frozen_clock, today, warning):
    made.opened(register)
    frozen_clock.set(f"{today}T09:00")
    following = queries.next_biennial(register.cast.centre)
    assert (following.due_on, following.warning) == (date(2028, 11, 17), warning)


def test_l20_a_biennial_count_moves_the_date(register, frozen_clock):
    batch = made.opened(register)
    frozen_clock.set("2027-03-01T09:00")
    for one in (register.cast.nurse, register.cast.second_nurse):
        staff.start_shift(unit=register.cast.unit, by=one)
    made.count(register, {batch: 400}, kind="biennial")
    assert queries.next_biennial(register.cast.centre).due_on == date(2029, 3, 1)


def test_l20_the_date_moves_only_when_every_location_where_something_lies_was_counted(register, frozen_clock):
    batch, stored = made.opened(register), made.opened(register, where=register.other, lot="B2")
    frozen_clock.set("2027-03-01T09:00")
    for one in (register.cast.nurse, register.cast.second_nurse):
        staff.start_shift(unit=register.cast.unit, by=one)
    made.count(register, {batch: 400}, kind="biennial")
    assert queries.next_biennial(register.cast.centre).due_on == date(2028, 11, 17), "the pharmacy was not counted"
    made.count(register, {stored: 400}, where=register.other, kind="shift")
    assert queries.next_biennial(register.cast.centre).due_on == date(2028, 11, 17), "nor is it by a count of the shift"
    frozen_clock.set("2027-03-02T09:00")
    made.count(register, {stored: 400}, where=register.other, kind="biennial")
    assert queries.next_biennial(register.cast.centre).due_on == date(2029, 3, 1), "the older of the two"


def test_l20_a_register_whose_first_entry_was_a_receipt_has_its_date(register):
    services.receive(
        location=register.cupboard, delivery=made.delivery(register.ten), supplier="Alder Pharma, 1 Mill Lane",
        document="DN-1", by=register.cast.pharmacist, second=proof(register.cast.nurse), once=made.once(),
    )  # fmt: skip
    assert queries.next_biennial(register.cast.centre).due_on == date(2028, 11, 17)


def test_l20_without_a_register_nothing_is_due(cast):
    assert queries.next_biennial(cast.centre) is None


# --- Doors -----------------------------------------------------------------------------------------------------------


def test_the_same_submit_twice_moves_once(register):
    batch, key = made.opened(register), made.once()
    assert waste(register, batch, PIECE, once=key).pk == waste(register, batch, PIECE, once=key).pk
    assert balance(batch, register.cupboard) == 99 * PIECE


@pytest.mark.parametrize("role", ["physician", "counsellor", "manager", "auditor", "administrator", "peer_worker"])
def test_who_may_not_write_in_the_register(register, role):
    batch = made.opened(register)
    with pytest.raises(NotAllowed):
        waste(register, batch, PIECE, by=getattr(register.cast, role))


def test_another_centres_register_is_nobodys_here(register):
    batch = made.opened(register)
    with pytest.raises(NotAllowed):
        services.open_discrepancy(location=register.cupboard, batch=batch, words="x", by=register.cast.stranger)


def test_every_act_leaves_its_line_in_the_audit_chain(register):
    batch = made.opened(register)
    row = waste(register, batch, PIECE)
    line = AuditLine.objects.get(action="register.moved", about_id=row.pk)
    assert (line.code, line.digest) == ("waste", row.hash)


def test_a_lot_with_another_expiry_is_a_slip(register):
    made.opened(register)
    with pytest.raises(BadInput, match="on record with the expiry 30 Jun 2027"):
        made.opened(register, expires=date(2027, 7, 1))


def test_only_an_empty_location_is_retired(register):
    cast, batch = register.cast, made.opened(register, pieces=1)
    with pytest.raises(BadInput, match="still lies here"):
        services.retire_location(location=register.cupboard, by=cast.pharmacist, once=made.once())
    transfer(register, batch, PIECE)
    services.retire_location(location=register.cupboard, by=cast.pharmacist, once=made.once())
    with pytest.raises(BadInput, match="is retired"):
        transfer(register, batch, PIECE, source=register.other, target=register.cupboard)
    assert Location.objects.filter(pk=register.cupboard.pk).exists(), "never deleted"
