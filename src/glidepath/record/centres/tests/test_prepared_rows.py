"""Rows that a prepared query makes itself are the rows that Django would make."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import ConnectionHandler
from django.db.models import Count, Model, QuerySet
from django.db.models.signals import post_init

from glidepath.record import clock
from glidepath.record.centres.models import Centre
from glidepath.record.prepared import prepared
from glidepath.record.prepared_rows import _moment, _uuid, quick
from glidepath.record.staff.models import Role, Shift, Staff
from tests.cast import Cast, make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_centre()


def fields(row: Model | None) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_fields_state_and_related_rows_are_those_of_django(cast: Cast) -> None:
    def build(centre: Centre) -> QuerySet[Shift]:
        rows = Shift.objects.filter(staff__centre=centre).select_related("staff__centre", "unit")
        return rows.annotate(others=Count("staff__shifts")).order_by("pk")

    Shift.objects.create(centre=cast.centre, staff=cast.nurse, unit=cast.other_unit, started_at=clock.now())
    made, plain = prepared(build)(cast.centre), list(build(cast.centre))
    assert made == plain
    assert len(made) >= 2
    for one, other in zip(made, plain, strict=True):
        assert fields(one) == fields(other)
        assert (one._state.adding, one._state.db) == (other._state.adding, other._state.db) == (False, "default")
        assert one._state.fields_cache == other._state.fields_cache
        assert fields(one.staff) == fields(other.staff)
        assert fields(one.staff.centre) == fields(other.staff.centre)


def test_a_missing_related_row_is_none(cast: Cast) -> None:
    def build(role: str) -> QuerySet[Staff]:
        return Staff.objects.filter(role=role, centre__isnull=True).select_related("centre")

    Staff.objects.filter(pk=cast.nurse.pk).update(centre=None)
    (row,) = prepared(build)(Role.NURSE)
    assert row._state.fields_cache == {"centre": None}


def test_what_was_left_out_is_read_when_it_is_asked_for(cast: Cast, django_assert_num_queries: Any) -> None:
    def build(centre: Centre) -> QuerySet[Staff]:
        return Staff.objects.filter(centre=centre, role=Role.NURSE).only("name").order_by("pk")

    row = prepared(build)(cast.centre)[0]
    assert row.get_deferred_fields() == build(cast.centre)[0].get_deferred_fields()
    with django_assert_num_queries(1):
        assert row.role == Role.NURSE


def test_django_makes_the_row_where_somebody_listens(cast: Cast) -> None:
    def build(centre: Centre) -> QuerySet[Staff]:
        return Staff.objects.filter(centre=centre)

    heard: list[Any] = []

    def listen(instance: Any, **_: Any) -> None:
        heard.append(instance)

    post_init.connect(listen, sender=Staff)
    try:
        assert heard == prepared(build)(cast.centre)
    finally:
        post_init.disconnect(listen, sender=Staff)


@pytest.fixture
def sqlite() -> Any:
    """Moments are text only there; whichever database the tests run on, one in memory says how Django reads it."""
    return ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})["default"]


@pytest.mark.parametrize("text", ["2031-03-30 01:59:59.000001", "2031-03-30 01:59:59", "2031-03-30 01:59", None])
def test_a_moment_is_what_django_reads(sqlite: Any, text: str | None) -> None:
    assert _moment(text, None, sqlite) == sqlite.ops.convert_datetimefield_value(text, None, sqlite)


def test_a_moment_that_is_one_already_stays(sqlite: Any) -> None:
    at = dt.datetime(2031, 3, 30, 2, tzinfo=dt.UTC)
    assert _moment(at, None, sqlite) == at


def test_a_moment_that_was_read_without_its_zone_is_in_utc(sqlite: Any) -> None:
    """What the driver makes of a column."""
    read = dt.datetime(2031, 3, 30, 2, 0, 0, 1)
    assert _moment(read, None, sqlite) == sqlite.ops.convert_datetimefield_value(read, None, sqlite)
    assert _moment(read, None, sqlite).tzinfo is not None


@pytest.mark.parametrize("text", ["6f8caf21bbfb412990debbe7933441b4", None])
def test_a_uuid_is_what_django_reads(sqlite: Any, text: str | None) -> None:
    assert _uuid(text, None, sqlite) == sqlite.ops.convert_uuidfield_value(text, None, sqlite)


def test_moments_are_read_the_quick_way_only_where_they_are_text(sqlite: Any) -> None:
    slow = sqlite.ops.convert_datetimefield_value
    assert quick({3: ([slow], None)}, sqlite) == {3: ([_moment], None)}
    sqlite.settings_dict["TIME_ZONE"] = "Europe/Berlin"
    del sqlite.timezone  # Django keeps it
    assert quick({3: ([slow], None)}, sqlite) == {3: ([slow], None)}
