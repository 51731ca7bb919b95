"""Whoever is locked is read as they are now, and nobody else writes about them until the act is over."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from glidepath.record.people.locking import lock_people, lock_person
from glidepath.record.people.models import Person
from tests.cast import Cast, make_centre, new_person


@pytest.fixture
def cast() -> Cast:
    return make_centre()


@pytest.mark.django_db
def test_the_person_is_read_as_they_are_now_with_their_centre(cast: Cast, django_assert_num_queries: Any) -> None:
    person = new_person(cast)
    Person.objects.filter(pk=person.pk).update(preferred_name="Renamed")
    with django_assert_num_queries(1):
        locked = lock_person(person.pk)
        assert (locked, locked.preferred_name, locked.centre) == (person, "Renamed", cast.centre)
        assert locked.centre.settings is not None


@pytest.mark.django_db
def test_somebody_who_is_not_there_is_not_locked() -> None:
    with pytest.raises(Person.DoesNotExist):
        lock_person(0)
    assert lock_people([]) == []


@pytest.mark.django_db
def test_many_are_locked_in_the_order_of_their_keys_whatever_the_order_asked(cast: Cast) -> None:
    one, other = new_person(cast), new_person(cast)
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert lock_people([other.pk, one.pk]) == [one, other]
        (query,) = asked
        assert 'ORDER BY "people_person"."id"' in query["sql"]
        locks = 'FOR UPDATE OF "people_person"' in query["sql"]
        assert locks is connection.features.has_select_for_update


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_nobody_is_locked_outside_a_transaction_not_even_when_the_query_is_put_together(cast: Cast) -> None:
    person = new_person(cast)
    with transaction.atomic():
        lock_person(person.pk)
    with pytest.raises(TransactionManagementError, match="inside the act's transaction"):
        lock_person(person.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_a_second_writer_does_not_get_whom_the_first_has_locked(cast: Cast) -> None:
    person = new_person(cast)
    told: list[str] = []

    def second() -> None:
        try:
            with transaction.atomic():
                Person.objects.select_for_update(nowait=connection.features.has_select_for_update).get(pk=person.pk)
                told.append("locked")
        except DatabaseError:
            told.append("refused")
        finally:
            connection.close()

    with transaction.atomic():
        lock_person(person.pk)
        thread = threading.Thread(target=second)
        thread.start()
        if connection.features.has_select_for_update:
            thread.join()
            assert told == ["refused"]
        else:  # the whole database waits: a write takes its lock at the start
            thread.join(0.3)
            assert told == []
    thread.join()
    assert told == (["refused"] if connection.features.has_select_for_update else ["locked"])
