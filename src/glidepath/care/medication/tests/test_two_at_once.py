"""Two at once, with two real connections: one dose is given, one answer stands, the other is told who was first."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from glidepath.care.medication import services
from glidepath.care.medication.models import DoseAnswer, LeavePack, LeaveReturn, Order
from glidepath.care.medication.tests.acts import (
    count_back,
    decline,
    draft,
    give,
    leave_with_one_tablet,
    once,
    outside,
    pack_leave,
    prn,
    row_at,
    sign,
)
from glidepath.care.supply.models import Balance, Movement, OwnBag
from glidepath.record.audit import verify
from glidepath.record.errors import BadInput, ChangedMeanwhile, ServiceError
from tests.cast import proof

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

UNTIL = "2026-11-17T12:00"


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs each in a thread and a connection of its own, all let go at one moment; what each returned or raised."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        ready.wait(timeout=20)
        try:
            return act()
        except ServiceError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, act) for act in acts]]


def of_kind(results, kind):
    return [one for one in results if isinstance(one, kind)]


@pytest.fixture
def eight(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T08:00")
    return row_at(person, "2026-11-17T08:00")


def test_two_nurses_give_the_same_dose_and_one_is_given(cast, eight):
    results = at_once(lambda: give(eight, cast.nurse), lambda: give(eight, cast.second_nurse))
    (given,), (told,) = of_kind(results, DoseAnswer), of_kind(results, ChangedMeanwhile)
    assert told.by == given.recorded_by.name
    assert DoseAnswer.objects.count() == 1


def test_one_gives_and_one_writes_declined_and_one_answer_stands(cast, eight):
    results = at_once(lambda: give(eight, cast.nurse), lambda: decline(eight, cast.second_nurse))
    assert len(of_kind(results, DoseAnswer)) == len(of_kind(results, ChangedMeanwhile)) == 1


def test_the_same_submit_from_a_shaking_hand_gives_one_dose_and_refuses_nobody(cast, eight):
    key = once()
    results = at_once(*[lambda: give(eight, cast.nurse, once=key)] * 3)
    assert {one.pk for one in of_kind(results, DoseAnswer)} == {DoseAnswer.objects.get().pk}
    assert len(of_kind(results, DoseAnswer)) == 3


def test_two_nurses_give_an_as_needed_dose_and_the_interval_holds(cast, person):
    order = sign(cast, person, prn("diazepam", "5"))
    results = at_once(
        *[
            lambda by=by: services.give_prn(order=order, by=by, rass=0, breathing=14, once=once())
            for by in (cast.nurse, cast.second_nurse)
        ]
    )
    assert len(of_kind(results, DoseAnswer)) == len(of_kind(results, BadInput)) == 1
    assert DoseAnswer.objects.count() == 1


def test_an_order_stopped_while_its_dose_is_given_leaves_no_half_done_act(cast, person, frozen_clock):
    order = sign(cast, person, outside("sertraline", "50", "08:00"))
    frozen_clock.set("2026-11-17T07:30")
    row = row_at(person, "2026-11-17T08:00")
    results = at_once(
        lambda: give(row, cast.nurse),
        lambda: services.stop_order(
            order=order, reason="rash", by=cast.physician, proof=proof(cast.physician), once=once()
        ),
    )
    given = DoseAnswer.objects.count()
    assert given == len(of_kind(results, DoseAnswer))
    assert given + len(of_kind(results, BadInput)) == 1
    assert Order.objects.get(pk=order.pk).stop


@pytest.fixture
def leaving(cast, person):
    return leave_with_one_tablet(cast, person, UNTIL)


def test_two_nurses_pack_one_leave_and_it_is_issued_once(cast, leaving):
    results = at_once(
        lambda: pack_leave(cast, leaving, UNTIL),
        lambda: pack_leave(cast, leaving, UNTIL, by=cast.second_nurse, second=proof(cast.nurse)),
    )
    assert len(of_kind(results, LeavePack)) == len(of_kind(results, BadInput)) == 1
    assert Movement.objects.filter(kind="leave").count() == 1
    assert Balance.objects.get().quantity == 36


def test_the_same_packing_from_a_shaking_hand_is_issued_once_and_refuses_nobody(cast, leaving):
    key = once()
    results = at_once(*[lambda: pack_leave(cast, leaving, UNTIL, once=key)] * 3)
    assert {one.pk for one in of_kind(results, LeavePack)} == {LeavePack.objects.get().pk}
    assert len(of_kind(results, LeavePack)) == 3
    assert Balance.objects.get().quantity == 36


def test_two_count_the_same_leave_back_and_one_bag_is_sealed(cast, leaving):
    pack = pack_leave(cast, leaving, UNTIL)
    results = at_once(
        lambda: count_back(cast, pack, "back", seal="S-1"), lambda: count_back(cast, pack, "back", seal="S-2")
    )
    assert len(of_kind(results, LeaveReturn)) == len(of_kind(results, ChangedMeanwhile)) == 1
    assert OwnBag.objects.count() == 1
    assert Balance.objects.get().quantity == 36


def test_a_leave_and_a_dose_from_one_lot_are_both_booked(cast, leaving, frozen_clock):
    frozen_clock.set("2026-11-17T07:30")
    row = row_at(leaving, "2026-11-17T08:00")
    results = at_once(lambda: pack_leave(cast, leaving, UNTIL), lambda: give(row, cast.nurse))
    assert len(of_kind(results, BadInput)) == 1, "the dose is given here or taken along, never both"
    assert Balance.objects.get().quantity == 36


def test_after_two_at_once_the_chain_is_whole(cast, eight):
    at_once(lambda: give(eight, cast.nurse), lambda: give(eight, cast.second_nurse))
    assert isinstance(verify.verify(cast.centre), verify.Verified)
