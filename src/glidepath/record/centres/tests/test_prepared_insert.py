"""A row that is written by an INSERT put together once is the row that Django would write."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now
from django.db.models.signals import post_save, pre_save

from glidepath.record import clock, prepared_insert
from glidepath.record.audit.models import Once
from glidepath.record.centres.models import Unit
from glidepath.record.prepared_insert import PreparedInsert
from tests.cast import Cast, make_centre

pytestmark = pytest.mark.django_db

AT = dt.datetime(2031, 3, 30, 1, 59, 59, 7, dt.UTC)
KINDS = [one for one in apps.get_models() if issubclass(one, PreparedInsert)]
MADE_UP: tuple[tuple[type[models.Field[Any, Any]], Any], ...] = (
    (models.DateTimeField, AT),
    (models.DateField, AT.date()),
    (models.TimeField, dt.time(8, 30)),
    (models.DurationField, dt.timedelta(minutes=30)),
    (models.DecimalField, Decimal("2.5")),
    (models.BooleanField, True),
    (models.UUIDField, uuid.UUID(int=7)),
    (models.JSONField, {"said": ["%s", None, 0.5]}),
    (models.BinaryField, b"\0%s"),
    (models.ForeignKey, 3),
    (models.IntegerField, 4),
    (models.GenericIPAddressField, "192.0.2.1"),
    (models.CharField, "100 %s"),
    (models.TextField, "it’s said"),
)


@pytest.fixture
def cast() -> Cast:
    return make_centre()


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[Any, str | None]:
    """Nothing is put together yet."""
    kept: dict[Any, str | None] = {}
    monkeypatch.setattr(prepared_insert, "_kept", kept)
    return kept


def left_to_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(PreparedInsert, "_do_insert")


class Stopped(Exception):
    """Before the database is asked."""


def asked(row: models.Model) -> tuple[str, list[str]]:
    """The SQL and the values with which a row would be written."""
    said: list[tuple[str, list[str]]] = []

    def stop(execute: Any, sql: str, params: Any, many: bool, context: Any) -> None:
        said.append((sql, [repr(one) for one in params]))
        raise Stopped

    with connection.execute_wrapper(stop), pytest.raises(Stopped):
        row.save_base(force_insert=True)
    transaction.set_rollback(False)
    return said[0]


def full(kind: type[models.Model], **more: Any) -> models.Model:
    """Something in every field."""
    values = {
        field.attname: next(value for of, value in MADE_UP if isinstance(field, of))
        for field in kind._meta.concrete_fields
        if not field.primary_key
    }
    return kind(**values, **more)


def bare(kind: type[models.Model]) -> models.Model:
    """Nothing where there may be nothing, and what the field has of itself where there is such a thing."""
    fixed = {"public_id": uuid.UUID(int=8)} if hasattr(kind, "public_id") else {}
    return kind(**fixed)


def rows(kind: type[models.Model]) -> list[models.Model]:
    return [full(kind), bare(kind), full(kind, id=12)]


def test_each_kind_of_row_is_written_with_the_sql_and_the_values_of_django(
    monkeypatch: pytest.MonkeyPatch, kept: dict[Any, str | None]
) -> None:
    assert len(KINDS) > 50
    first = {kind: [asked(row) for row in rows(kind)] for kind in KINDS}
    again = {kind: [asked(row) for row in rows(kind)] for kind in KINDS}
    assert {key[0] for key, sql in kept.items() if sql is not None} == set(KINDS)
    left_to_django(monkeypatch)
    assert first == again == {kind: [asked(row) for row in rows(kind)] for kind in KINDS}


def test_the_row_has_its_id_and_is_found_as_it_was_saved(cast: Cast) -> None:
    for number in range(2):
        unit = Unit.objects.create(centre=cast.centre, name=f"Ward {number}", setting=Unit.Setting.RESIDENTIAL)
        assert not unit._state.adding
        found = Unit.objects.get(pk=unit.pk)
        assert (found.name, found.public_id, found.centre_id) == (f"Ward {number}", unit.public_id, cast.centre.pk)
        unit.name = f"Renamed {number}"
        unit.save()
        assert Unit.objects.get(pk=unit.pk).name == f"Renamed {number}", "changed, not written twice"


def test_who_listens_to_saving_hears_it_once_and_may_change_the_row(cast: Cast) -> None:
    heard: list[Any] = []

    def before(instance: Unit, **_: Any) -> None:
        instance.name += ", east"

    def after(instance: Unit, created: bool, **_: Any) -> None:
        heard.append((instance.pk is not None, instance.name, created))

    pre_save.connect(before, sender=Unit)
    post_save.connect(after, sender=Unit)
    try:
        unit = Unit.objects.create(centre=cast.centre, name="Ward", setting=Unit.Setting.RESIDENTIAL)
    finally:
        pre_save.disconnect(before, sender=Unit)
        post_save.disconnect(after, sender=Unit)
    assert heard == [(True, "Ward, east", True)]
    assert Unit.objects.get(pk=unit.pk).name == "Ward, east"


def test_what_a_field_does_before_a_row_is_saved_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Once._meta.get_field("action"), "pre_save", lambda row, add: f"{row.action}.{add}")
    for key in "12":
        row = Once.objects.create(key=key, action="dose.given", at=AT)
        assert Once.objects.get(pk=row.pk).action == "dose.given.True"


def test_a_value_that_the_database_works_out_is_left_to_django_and_the_next_row_has_its_own() -> None:
    worked_out = Once.objects.create(key="1", action="dose.given", at=Now())
    plain = Once.objects.create(key="2", action="dose.given", at=AT)
    worked_out.refresh_from_db()
    plain.refresh_from_db()
    assert plain.at == AT
    assert worked_out.at != AT


def test_a_row_that_the_database_refuses_is_refused_and_breaks_the_act_as_ever() -> None:
    Once.objects.create(key="same", action="dose.given", at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Once.objects.create(key="same", action="dose.given", at=clock.now())
    assert Once.objects.filter(key="same").count() == 1
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            Once.objects.create(key="same", action="dose.given", at=clock.now())
        assert transaction.get_rollback(), "an act cannot go on past it"
        transaction.set_rollback(True)
