"""The append-only guard: the database itself refuses to change or delete a row of any model with `append_only = True`.

Triggers are made again after every migration, because SQLite drops them when a migration rebuilds a table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.apps import AppConfig, apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

_FUNCTION = "glidepath_append_only"
_SAYS = "rows of {table} are never changed or deleted: write a correction"


def guarded_tables() -> list[str]:
    """The tables of every append-only model."""
    return sorted({model._meta.db_table for model in apps.get_models() if _is_append_only(model)})


def put_up_after_migrating(app_config: AppConfig, using: str, **_signal: object) -> None:
    """Receives `post_migrate`, which every app sends for itself: the guard of its own tables."""
    put_up(using, {model._meta.db_table for model in app_config.get_models()})


def put_up(using: str = "default", tables: Collection[str] | None = None) -> None:
    """(Re)creates the triggers on every guarded table (of `tables`) that exists, all or none."""
    connection = connections[using]
    with transaction.atomic(using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in _existing(connection, tables):
            _take_down_table(connection, cursor, table)
            for statement in _statements(connection, table):
                cursor.execute(statement)


def take_down(using: str = "default", tables: Collection[str] | None = None) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in _existing(connection, tables):
            _take_down_table(connection, cursor, table)


@contextmanager
def lifted(using: str = "default", tables: Collection[str] | None = None) -> Iterator[None]:
    """For tests alone: no guard on `tables` (on all, when none are named) inside, the guard again after it."""
    take_down(using, tables)
    try:
        yield
    finally:
        put_up(using, tables)


def _existing(connection: BaseDatabaseWrapper, tables: Collection[str] | None) -> list[str]:
    existing = set(connection.introspection.table_names())
    return [table for table in guarded_tables() if table in existing and (tables is None or table in tables)]


def _is_append_only(model: type[models.Model]) -> bool:
    return bool(getattr(model, "append_only", False)) and model._meta.managed and not model._meta.proxy


def _take_down_table(connection: BaseDatabaseWrapper, cursor: CursorWrapper, table: str) -> None:
    quote = connection.ops.quote_name
    on_table = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
    for act in ("update", "delete", "truncate"):
        cursor.execute(f"DROP TRIGGER IF EXISTS {quote(_name(table, act))}{on_table}")


def _statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    quote = connection.ops.quote_name
    if connection.vendor == "sqlite":
        says = _SAYS.format(table=table)
        return [
            f"CREATE TRIGGER {quote(_name(table, act))} BEFORE {act.upper()} ON {quote(table)} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
            for act in ("update", "delete")
        ]
    if connection.vendor == "postgresql":
        rows = [
            f"CREATE TRIGGER {quote(_name(table, act))} BEFORE {act.upper()} ON {quote(table)} "
            f"FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}()"
            for act in ("update", "delete")
        ]
        return [
            *rows,
            (
                f"CREATE TRIGGER {quote(_name(table, 'truncate'))} BEFORE TRUNCATE ON {quote(table)} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
            ),
        ]
    raise RuntimeError(f"the append-only guard knows no {connection.vendor}: use SQLite or PostgreSQL")


def _name(table: str, act: str) -> str:
    return f"guard_{act}_{table}"[:63]


_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed or deleted: write a correction', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$guard$
"""
