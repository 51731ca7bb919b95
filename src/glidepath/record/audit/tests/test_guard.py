"""The database itself refuses to change or delete what is append-only, whatever the code says."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from glidepath.record.audit import guard
from glidepath.record.audit.models import AuditLine, Once
from glidepath.record.rows import ClinicalRow
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_every_clinical_row_and_every_audit_line_is_guarded() -> None:
    guarded = set(guard.guarded_tables())
    clinical = {model._meta.db_table for model in apps.get_models() if issubclass(model, ClinicalRow)}
    assert clinical <= guarded
    assert {AuditLine._meta.db_table, Once._meta.db_table} <= guarded


@pytest.mark.parametrize("table", sorted(guard.guarded_tables()))
def test_each_guarded_table_has_its_triggers(table: str) -> None:
    acts = ["delete", "update"] if connection.vendor == "sqlite" else ["delete", "truncate", "update"]
    assert _triggers(table) == [f"guard_{act}_{table}"[:63] for act in acts]


def test_raw_sql_cannot_change_an_audit_line(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        _raw("UPDATE audit_auditline SET actor_id = 1 WHERE seq = 1")


def test_raw_sql_cannot_delete_an_audit_line(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        _raw("DELETE FROM audit_auditline WHERE seq = 1")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_raw_sql_cannot_empty_the_audit_table(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        _raw("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE audit_auditline")


def test_a_lifted_guard_stands_again_afterwards(cast: Cast) -> None:
    with guard.lifted():
        assert _triggers("audit_auditline") == []
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        _raw("DELETE FROM audit_auditline")


def test_a_migration_puts_up_a_guard_that_was_lost(cast: Cast) -> None:
    guard.take_down()
    call_command("migrate", verbosity=0)
    assert _triggers("audit_auditline")


def _raw(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def _triggers(table: str) -> list[str]:
    if connection.vendor == "sqlite":
        ask = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
    else:
        ask = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass"
    with connection.cursor() as cursor:
        cursor.execute(ask, [table])
        return sorted(row[0] for row in cursor.fetchall())
