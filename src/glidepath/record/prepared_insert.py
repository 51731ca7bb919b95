"""A new row whose INSERT is put together once for the process, as prepared queries are (record/prepared.py).

Everything else of `save` stays Django's: signals, what a field does before it is saved, whether a row is new, the
transaction. Where an INSERT is more than a value for each field, Django writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql import InsertQuery

Fields = Sequence[Any]
_kept: dict[tuple[Any, ...], str | None] = {}


class PreparedInsert(models.Model):
    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: str, fields: Fields, returning_fields: Fields, raw: bool) -> Any:
        """Django's own place for the INSERT of one row that is saved."""
        connection = connections[using]
        values = [] if raw else [one.get_db_prep_save(one.pre_save(self, True), connection) for one in fields]
        in_sql = raw or any(hasattr(one, "as_sql") for one in values)
        sql = None if in_sql else _sql(self, connection, fields, returning_fields)
        if sql is None:
            return super()._do_insert(manager, using, fields, returning_fields, raw)  # type: ignore[misc]
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [cursor.fetchone()]


def _sql(row: models.Model, connection: BaseDatabaseWrapper, fields: Fields, returning: Fields) -> str | None:
    """The INSERT of such a row, a place for each of these fields; None: Django writes it."""
    key = (type(row), connection.vendor, *(one.attname for one in fields))
    if key not in _kept:
        _kept[key] = _put_together(row, connection, fields, returning)
    return _kept[key]


def _put_together(row: models.Model, connection: BaseDatabaseWrapper, fields: Fields, returning: Fields) -> str | None:
    query = InsertQuery(type(row))
    query.insert_values(fields, [row])
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = returning
    ((sql, _),) = compiler.as_sql()
    returned = compiler.get_converters([one.get_col(row._meta.db_table) for one in returning])
    by_value = not any(hasattr(one, "get_placeholder") for one in fields)
    plain = connection.features.can_return_columns_from_insert and returning and not compiler.returning_params
    return str(sql) if plain and by_value and not returned else None
