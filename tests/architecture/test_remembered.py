"""What fixtures remember is what the services made, and after real transactions the database is as it was made."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from glidepath.record.audit import services as audit
from glidepath.record.audit.models import AuditLine
from glidepath.record.audit.verify import Verified, verify
from glidepath.record.centres import services as centres
from glidepath.record.centres.models import Centre
from tests import remembered, rows
from tests.cast import admitted_person, client_for, make_centre


@pytest.fixture
def remembering(monkeypatch, frozen_clock):
    """`with remembering():` as in a fixture, beginning with nothing remembered."""
    monkeypatch.setattr(remembered, "_memory", {})
    return lambda: remembered.allowed(True)


@pytest.fixture
def services_called(monkeypatch):
    """How many centres the services were asked to make: two for each cast."""
    called, create = [], centres.create_centre

    def counted(**given):
        called.append(given["name"])
        return create(**given)

    monkeypatch.setattr(centres, "create_centre", counted)
    return called


def made_and_taken_back():
    """The rows of the database with a cast and somebody in the second bed; then they are gone again."""
    with transaction.atomic():
        cast = make_centre()
        person = admitted_person(cast, bed=cast.beds[1])
        found = rows.all_rows()
        assert isinstance(verify(cast.centre), Verified)
        assert client_for(cast.nurse).get(reverse("people:identity", args=[person.public_id])).status_code == 200
        transaction.set_rollback(True)
    return found, person.pk


def test_what_is_remembered_is_to_the_bit_what_the_services_wrote(remembering, services_called):
    with remembering():
        first = made_and_taken_back()
        assert made_and_taken_back() == first
    assert len(services_called) == 2


def test_what_somebody_does_with_their_cast_is_not_in_the_next_one(remembering):
    with remembering():
        with transaction.atomic():
            make_centre().centre.name = "Changed in hand"
            transaction.set_rollback(True)
        assert make_centre().centre.name == "Willowbrook"


def test_another_time_of_day_is_made_anew(remembering, frozen_clock, services_called):
    with remembering():
        made_and_taken_back()
        frozen_clock.tick(minutes=1)
        made_and_taken_back()
    assert len(services_called) == 4


def test_under_the_real_clock_a_cast_is_kept_for_ten_minutes(remembering, frozen_clock, services_called, monkeypatch):
    frozen_clock.release()
    with remembering():
        made_and_taken_back()
        made_and_taken_back()
        assert len(services_called) == 2
        monkeypatch.setattr(remembered, "FRESH", dt.timedelta(seconds=-1))
        made_and_taken_back()
    assert len(services_called) == 4


def test_after_another_act_a_person_is_admitted_by_the_services(remembering):
    with remembering():
        with transaction.atomic():
            admitted_person(make_centre())
            transaction.set_rollback(True)
        cast = make_centre()
        known = len(remembered._memory)
        audit.write("chart.read", by=cast.nurse, centre=cast.centre, kind="read")
        admitted_person(cast)
    assert len(remembered._memory) == known + 1


def test_where_rows_in_between_are_numbered_further_the_services_run(remembering):
    """A database counts on after what real transactions wrote and took back: the next line has a number in use."""

    def a_cast_then_a_read():
        cast = make_centre()
        audit.write("chart.read", by=cast.nurse, centre=cast.centre, kind="read")
        return cast

    with remembering():
        with transaction.atomic():
            admitted_person(a_cast_then_a_read())
            transaction.set_rollback(True)
        as_made = rows.all_rows()
        a_cast_then_a_read()
        rows.back_to(as_made)
        cast = a_cast_then_a_read()
        admitted_person(cast)
    assert isinstance(verify(cast.centre), Verified)


def test_a_change_whose_rows_are_not_here_does_nothing(frozen_clock):
    cast = make_centre()
    Centre.objects.filter(pk=cast.centre.pk).update(phone="1")
    was, gone = rows.all_rows(), cast.other_centre.pk
    change = rows.Change(Centre._meta.db_table, (str(gone), str(gone + 1000)), ())
    with pytest.raises(rows.OtherRows, match="2 rows to replace, 1 found"):
        rows.apply((change,))
    assert rows.all_rows() == was


def test_in_the_body_of_a_test_everything_is_made(frozen_clock, services_called):
    made_and_taken_back()
    made_and_taken_back()
    assert len(services_called) == 4


@pytest.mark.django_db(transaction=True)
def test_after_real_transactions_every_table_is_put_back_and_guarded(frozen_clock):
    as_made = rows.all_rows()
    cast = make_centre()
    Centre.objects.filter(pk=cast.centre.pk).update(phone="'; none")
    rows.back_to(as_made)
    assert rows.all_rows() == as_made
    make_centre()
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        AuditLine.objects.all().delete()


@pytest.mark.django_db
def test_no_value_is_changed_on_the_way(frozen_clock):
    """Quotes, signs of SQL and of format strings, other scripts and line ends go out and come back."""
    cast = make_centre()
    odd = 'it\'s 100 %s \\n "quoted" \n بيت 😀'
    Centre.objects.filter(pk=cast.centre.pk).update(name=odd)
    wanted = rows.all_rows()
    Centre.objects.filter(pk=cast.centre.pk).update(name="plain")
    rows.apply(rows.changes(rows.all_rows(), wanted))
    assert Centre.objects.get(pk=cast.centre.pk).name == odd
