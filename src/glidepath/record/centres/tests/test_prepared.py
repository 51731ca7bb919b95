"""A prepared query gives what the plain one gives, for every kind of value, and reads the record each time."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from glidepath.record import clock
from glidepath.record.centres.models import Centre, Unit
from glidepath.record.prepared import Many, prepared
from glidepath.record.staff.models import Role, Shift, Staff
from tests.cast import Cast, make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_centre()


@prepared
def of_centre(centre: Centre) -> QuerySet[Staff]:
    return Staff.objects.filter(centre=centre).order_by("pk")


@prepared
def of_centres(centres: Many[Centre]) -> QuerySet[Staff]:
    return Staff.objects.filter(centre__in=centres).select_related("centre").order_by("pk")


@prepared
def with_roles(roles: Many[str]) -> QuerySet[Staff]:
    return Staff.objects.filter(role__in=roles).order_by("pk")


@prepared
def by_addresses(public_ids: Many[UUID]) -> QuerySet[Staff]:
    return Staff.objects.filter(public_id__in=public_ids).order_by("pk")


@prepared
def on_shift(centre: Centre, since: dt.datetime) -> QuerySet[Staff]:
    shifts = Shift.objects.filter(staff=OuterRef("pk"), started_at__gte=since)
    return Staff.objects.filter(Exists(shifts), centre=centre).prefetch_related("units").order_by("pk")


@prepared
def names(centre: Centre) -> QuerySet[Staff, tuple[int, str]]:
    return Staff.objects.filter(centre=centre).order_by("pk").values_list("pk", "name")


def plain(**asked: Any) -> list[Staff]:
    return list(Staff.objects.filter(**asked).order_by("pk"))


def test_it_finds_by_every_kind_of_value(cast):
    everybody = plain(centre=cast.centre)
    assert len(everybody) > 3
    assert of_centre(cast.centre) == of_centre(centre=cast.centre) == everybody
    assert of_centres([cast.centre]) == of_centres({cast.centre.pk}) == everybody
    assert of_centres(one for one in [cast.centre]) == everybody
    assert of_centres([]) == []
    assert with_roles([Role.NURSE, "physician"]) == plain(role__in=["nurse", "physician"])
    assert by_addresses([one.public_id for one in everybody[:2]]) == everybody[:2]
    assert names(cast.centre) == [(one.pk, one.name) for one in everybody]


def test_two_calls_never_share_a_value_or_a_row(cast):
    other = Centre.objects.create(name="Another house")
    assert of_centre(other) == []
    assert of_centre(cast.centre) == plain(centre=cast.centre)
    first, second = of_centre(cast.centre)[0], of_centre(cast.centre)[0]
    assert first == second
    assert first is not second


def test_it_reads_the_record_each_time(cast, django_assert_num_queries):
    before = names(cast.centre)
    Staff.objects.filter(pk=before[0][0]).update(name="Another name")
    with django_assert_num_queries(1):
        assert names(cast.centre) == [(before[0][0], "Another name"), *before[1:]]


def test_joined_and_prefetched_rows_come_along(cast, django_assert_num_queries):
    cast.nurse.units.add(cast.unit)
    with django_assert_num_queries(2):
        (found,) = [one for one in on_shift(cast.centre, an_hour_ago()) if one == cast.nurse]
        assert cast.unit in found.units.all()
    assert on_shift(cast.centre, clock.now() + dt.timedelta(hours=1)) == []  # nobody's yet
    with django_assert_num_queries(1):
        assert {one.centre.name for one in of_centres([cast.centre])} == {cast.centre.name}


def an_hour_ago() -> dt.datetime:
    return clock.now() - dt.timedelta(hours=1)


def test_the_sql_is_put_together_once(cast):
    built = []

    @prepared
    def counted(centre: Centre) -> QuerySet[Staff]:
        built.append(centre)
        return Staff.objects.filter(centre=centre).order_by("pk")

    assert counted(cast.centre) == counted(cast.centre) == plain(centre=cast.centre)
    assert len(built) == 1


def test_null_is_refused_as_a_value(cast):
    with pytest.raises(TypeError, match="given None"):
        of_centre(None)
    with pytest.raises(TypeError, match="given None"):
        with_roles(["nurse", None])


def test_a_value_left_out_is_refused(cast):
    with pytest.raises(TypeError, match="'since'"):
        on_shift(cast.centre)


@prepared
def units_with_shifts(centre: Centre) -> QuerySet[Unit]:
    shifts = Shift.objects.prefetch_related("staff").order_by("-pk")
    return Unit.objects.filter(centre=centre).prefetch_related(Prefetch("shifts", queryset=shifts)).order_by("pk")


def test_rows_brought_along_are_those_django_would_bring(cast, django_assert_num_queries):
    for who in (cast.nurse, cast.physician, cast.nurse):
        times = {"started_at": an_hour_ago(), "ended_at": clock.now()}
        Shift.objects.create(centre=cast.centre, staff=who, unit=cast.unit, **times)
    Unit.objects.create(centre=cast.centre, name="Nobody works here")
    plain_units = Unit.objects.filter(centre=cast.centre).order_by("pk")
    expected = {one.pk: [*one.shifts.order_by("-pk")] for one in plain_units}
    with django_assert_num_queries(3):
        found = units_with_shifts(cast.centre)
        assert {one.pk: [*one.shifts.all()] for one in found} == expected
        assert all(shift.unit is one and shift.staff.name for one in found for shift in one.shifts.all())
    empty = next(one for one in found if one.name == "Nobody works here")
    assert [*empty.shifts.all()] == []
    assert (empty.shifts.all().count(), empty.shifts.all().exists()) == (0, False)


def test_what_asks_for_others_of_the_rows_brought_along_asks_anew_and_of_the_same_owner(cast):
    other = Unit.objects.create(centre=cast.centre, name="Another house")
    Shift.objects.create(centre=cast.centre, staff=cast.off_shift_nurse, unit=other, started_at=an_hour_ago())
    found = next(one for one in units_with_shifts(cast.centre) if one == cast.unit)
    assert [one.staff for one in found.shifts.filter(staff=cast.nurse)] == [cast.nurse]
    assert not found.shifts.filter(staff=cast.off_shift_nurse).exists()
    assert found.shifts.order_by("pk").first() == Shift.objects.filter(unit=cast.unit).order_by("pk").first()


@pytest.mark.django_db(transaction=True)
@pytest.mark.race
def test_each_thread_asks_on_its_own_connection(cast):
    expected, found = plain(centre=cast.centre), []

    def ask() -> None:
        found.append(of_centre(cast.centre))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [expected] * 4
