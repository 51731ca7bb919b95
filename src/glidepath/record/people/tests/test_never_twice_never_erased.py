"""What holds below the services: the database refuses changes, and two equal submits at once do one thing."""

from __future__ import annotations

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from glidepath.record.people import services as people
from glidepath.record.people.models import AllergyStatement, Contact
from tests.cast import Cast, admitted_person, make_centre


@pytest.mark.django_db
def test_neither_raw_sql_nor_the_models_change_a_clinical_row(cast: Cast) -> None:
    statement = people.record_allergy(person=admitted_person(cast), substance="penicillin", by=cast.nurse)
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        _raw("UPDATE people_allergystatement SET substance = 'none'")
    statement.substance = "nothing"
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        statement.save()
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        statement.delete()
    assert AllergyStatement.objects.get().substance == "penicillin"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_equal_submits_at_the_same_moment_enter_one_contact() -> None:
    cast = make_centre()
    person = admitted_person(cast)
    key = uuid.uuid4().hex
    results: list[int] = []
    failures: list[Exception] = []
    together = threading.Barrier(2)

    def submit() -> None:
        try:
            together.wait(timeout=10)
            contact = people.add_contact(person=person, name="Ana Reyes", relation="sister", by=cast.nurse, once=key)
            results.append(contact.pk)
        except Exception as failure:  # noqa: BLE001 - carried to the test's own thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert failures == []
    assert len(results) == 2
    assert len(set(results)) == 1
    assert Contact.objects.count() == 1


def _raw(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
