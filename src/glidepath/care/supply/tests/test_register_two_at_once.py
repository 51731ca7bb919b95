"""Two at the same stock, with two real connections: it serialises, and the second is refused cleanly."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Balance, CountEntry, LedgerHead, Location, Movement
from glidepath.care.supply.tests import register as made
from glidepath.record.errors import ServiceError
from tests.cast import admitted_person, proof

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Runs each in a thread and a connection of its own, all let go at one moment; what each returned or raised."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        ready.wait(timeout=20)
        try:
            with transaction.atomic():
                return act()
        except ServiceError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, act) for act in acts]]


@pytest.fixture
def register(cast):
    return made.make(cast)


def test_l16_two_issues_of_the_last_tablet_and_one_is_given(cast, register):
    batch = made.opened(register, pieces=1)
    first, second = admitted_person(cast), admitted_person(cast)
    results = at_once(
        lambda: made.issue(register, first, 1), lambda: made.issue(register, second, 1, by=cast.second_nurse)
    )
    refused = [one for one in results if isinstance(one, services.NotEnough)]
    assert len(refused) == 1
    assert "0 tablets" in refused[0].message
    assert Movement.objects.filter(kind="issue").count() == 1
    assert Balance.objects.get(batch=batch).quantity == 0
    assert isinstance(queries.verify(cast.centre), queries.Whole)


def test_l16_many_at_once_lose_nothing_and_the_chain_is_whole(cast, register):
    batch = made.opened(register, pieces=20)
    person = admitted_person(cast)
    acts = [lambda: made.issue(register, person, 1)] * 4 + [
        lambda: services.transfer(
            batch=batch, source=register.cupboard, target=register.other, quantity=4, by=cast.nurse,
            second=proof(cast.pharmacist), once=made.once(),
        )
    ] * 2  # fmt: skip
    results = at_once(*acts)
    assert not [one for one in results if isinstance(one, ServiceError)]
    assert {row.location.name: row.quantity for row in Balance.objects.select_related("location")} == {
        "Willow cupboard": 14 * 4,
        "Pharmacy": 2 * 4,
    }
    whole = queries.verify(cast.centre)
    assert isinstance(whole, queries.Whole)
    assert whole.count == 7


def test_l4_two_undo_the_same_entry_and_one_counter_entry_stands(cast, register):
    made.opened(register, pieces=10)
    wrong = Movement.objects.get()
    results = at_once(
        *[
            lambda by=by: services.reverse(
                movement=wrong, reason="twice", by=by, second=proof(cast.pharmacist), once=made.once()
            )
            for by in (cast.nurse, cast.second_nurse)
        ]
    )
    assert len([one for one in results if isinstance(one, Movement)]) == 1
    assert Movement.objects.count() == 2


def test_l9_two_enter_their_counts_at_one_moment_and_both_are_kept(cast, register):
    batch = made.opened(register, pieces=10)
    begun = services.begin_count(location=register.cupboard, kind="shift", by=cast.nurse, once=made.once())
    results = at_once(
        *[
            lambda by=by: services.enter_count(count=begun, counted={batch.public_id: 40}, by=by, once=made.once())
            for by in (cast.nurse, cast.second_nurse)
        ]
    )
    assert not [one for one in results if isinstance(one, ServiceError)]
    assert sorted(CountEntry.objects.values_list("place", flat=True)) == [1, 2]
    assert queries.standing(begun).done is not None


def test_two_open_the_register_of_a_centre_at_once(cast):
    results = at_once(
        *[lambda name=name: made.location(cast, name, Location.Kind.PHARMACY) for name in ("North", "South")]
    )
    assert not [one for one in results if isinstance(one, ServiceError)]
    assert LedgerHead.objects.count() == 1
    assert Location.objects.filter(kind="outside").count() == 1
