"""All rows of the test database as SQL literals: what changed between two moments, and how to do that change again.

As literals they need no adapting: what is read is put back to the bit, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.utils import CursorWrapper

from glidepath.record.audit import guard

T = TypeVar("T")
AT_ONCE = 200
Row = tuple[str, ...]
Rows = Mapping[str, frozenset[Row]]  # by table; an empty table is left out


@dataclass(frozen=True, slots=True)
class Change:
    """Of one table: keys of the rows that went or became others, and the rows as they are after it."""

    table: str
    gone: tuple[str, ...]
    come: tuple[Row, ...]


class OtherRows(Exception):
    """A change cannot be done again: a row that it replaces is not here, or one that it adds has a number in use."""


def all_rows() -> Rows:
    return {table: frozenset(_select(table)) for table in _filled()}


def changes(before: Rows, after: Rows) -> Iterator[Change]:
    """In the order of the tables' models; foreign keys are looked at when the transaction ends."""
    for table in _columns():
        was, now = before.get(table, frozenset()), after.get(table, frozenset())
        if was != now:
            key = _key_column(table)
            yield Change(table, tuple(sorted(row[key] for row in was - now)), tuple(sorted(now - was)))


def apply(changed: Iterable[Change]) -> None:
    """All of it, or nothing and `OtherRows`."""
    changed = tuple(changed)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for change in changed:
                _take_away(change, cursor)
            for change in changed:
                _put_in(change, cursor)
    except IntegrityError as error:
        raise OtherRows(str(error)) from error


def back_to(wanted: Rows) -> None:
    """The tables hold `wanted` and nothing else. Lifts the append-only guard where a row has to go.

    Read and put back in one transaction: a row that somebody wrote between the two would refer to rows that are gone.
    """
    with transaction.atomic():
        changed = tuple(changes(all_rows(), wanted))
        with guard.lifted(tables={change.table for change in changed}):
            apply(changed)
            connection.check_constraints()


def _take_away(change: Change, cursor: CursorWrapper) -> None:
    for keys in _portions(change.gone):
        cursor.execute(f"DELETE FROM {_name(change.table)} WHERE {_key_name(change.table)} IN ({', '.join(keys)})")
        if cursor.rowcount != len(keys):
            raise OtherRows(f"{change.table}: {len(keys)} rows to replace, {cursor.rowcount} found")


def _put_in(change: Change, cursor: CursorWrapper) -> None:
    into = f"INSERT INTO {_name(change.table)} ({', '.join(_columns()[change.table])}) VALUES "
    for some in _portions(change.come):
        cursor.execute(into + ", ".join(f"({', '.join(row)})" for row in some))


def _select(table: str) -> list[Row]:
    literal = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    wanted = ", ".join(literal.format(column) for column in _columns()[table])
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {wanted} FROM {_name(table)}")
        return cursor.fetchall()


def _filled() -> list[str]:
    """The tables that hold a row: most are empty in most tests."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for some in _portions(tuple(_columns())):
            cursor.execute(
                " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {_name(table)})" for table in some)
            )
            found += [table for (table,) in cursor.fetchall()]
    return found


@cache
def _columns() -> dict[str, list[str]]:
    """The quoted columns of every table of a model, those of many-to-many relations too."""
    return {
        model._meta.db_table: [
            _name(field.column) for field in model._meta.local_concrete_fields if not field.generated
        ]
        for model in _models()
    }


@cache
def _key_names() -> dict[str, str]:
    return {model._meta.db_table: _name(model._meta.pk.column) for model in _models()}


def _key_name(table: str) -> str:
    return _key_names()[table]


def _key_column(table: str) -> int:
    return _columns()[table].index(_key_name(table))


def _models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def _name(name: str) -> str:
    return connection.ops.quote_name(name)


def _portions(of: tuple[T, ...]) -> Iterator[tuple[T, ...]]:
    return (of[start : start + AT_ONCE] for start in range(0, len(of), AT_ONCE))
