"""A query whose SQL is put together once for the process; each call fills in its values and reads the record anew.

Putting a query together costs Django more than the database needs to answer it. A prepared query is a function of its
values that gives rows:

    @prepared
    def seen_since(people: Many[Person], since: dt.datetime) -> QuerySet[Observation]:
        return Observation.objects.filter(person__in=people, happened_at__gte=since).order_by("pk")

    seen_since([person], clock.now())  # a list of observations

The function runs once and is given a place for each value (`Many` for the values of an `__in`), so it must put together
the same query whatever the values are. No row and no value is ever kept. A value is a row with its key, a number, a
text, a moment, a day or a UUID; None is refused, because NULL is asked for with another condition.
"""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Model, QuerySet, prefetch_related_objects
from django.db.models.lookups import In
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import AND
from django.db.transaction import TransactionManagementError

from glidepath.record.prepared_related import Related, related
from glidepath.record.prepared_rows import MadeRows, Maker, maker, quick

P = ParamSpec("P")
Row = TypeVar("Row")
Own = TypeVar("Own")
Many = Iterable


class Place(Expression):
    """Where a value will stand in the SQL."""

    def __init__(self, name: str, annotation: str) -> None:
        super().__init__()
        self.name, self.many = name, annotation.startswith("Many[")
        inner = annotation.removeprefix("Many[").removesuffix("]")
        self.array = {"str": "text", "UUID": "uuid"}.get(inner, "bigint")

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Any:
        if not self.many:
            return "%s", (self,)
        if connection.vendor == "postgresql":
            return f"(SELECT unnest(%s::{self.array}[]))", (self,)
        return "(SELECT value FROM json_each(%s))", (self,)

    def filled(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not self.many:
            return in_database(value, connection)
        values = [in_database(one, connection) for one in value]
        return json.dumps(values) if connection.vendor == "sqlite" else values


def in_database(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """One value as the database keeps it. Raises TypeError for None."""
    if value is None:
        raise TypeError("A prepared query was given None; NULL is asked for with a condition of its own.")
    if isinstance(value, Model):
        return in_database(value.pk, connection)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


class Compiled(SQLCompiler):
    """A compiler that put its SQL together once and has the values of one call."""

    params: tuple[Any, ...]
    maker: Maker | None = None  # None: Django makes the rows

    def keep(self) -> None:
        self.kept_sql, self.kept_params = super().as_sql()
        fields = [column[0] for column in self.select[: self.col_count]]
        self.kept_converters = quick(super().get_converters(fields), self.connection)

    def filled(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Compiled:
        """For one call, on this thread's connection."""
        if self.query.select_for_update and connection.get_autocommit():
            raise TransactionManagementError("Rows are locked inside the act's transaction, which ends the lock.")
        one = _another(self)
        one.connection = connection
        one.params = tuple(
            place.filled(values[place.name], connection) if isinstance(place, Place) else place
            for place in self.kept_params
        )
        return one

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return self.kept_sql, self.params

    def get_converters(self, expressions: Any) -> Any:
        return self.kept_converters


HOW_ROWS_ARE_MADE = ("_iterable_class", "_fields", "_hints")


class Query:
    """What a prepared function put together, for each kind of database it was asked of."""

    def __init__(self, built: QuerySet[Any, Any]) -> None:
        self.built = built.prefetch_related(None)
        self.how_rows_are_made = {name: built.__dict__[name] for name in HOW_ROWS_ARE_MADE}
        lookups = getattr(built, "_prefetch_related_lookups", ())
        known = [(lookup, related(built.model, lookup)) for lookup in lookups]
        self.read_on = [_read_on(relation) for _, relation in known if relation is not None]
        self.left_to_django = [lookup for lookup, relation in known if relation is None]
        self.compilers: dict[str, Compiled] = {}
        self.needed = _needed(built)

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        if not all(values[name] for name in self.needed):
            return []
        connection = connections[self.built.db]
        compiler = self._compiler(connection).filled(values, connection)
        query = _another(self.built.query)
        query.get_compiler = lambda *args, **kwargs: compiler  # type: ignore[method-assign]
        asked = type(self.built)(self.built.model, query, self.built.db)
        asked.__dict__.update(self.how_rows_are_made)
        if compiler.maker is not None:
            asked._iterable_class = MadeRows
        found = list(asked)
        for read_on in self.read_on:
            read_on(found)
        if self.left_to_django:
            prefetch_related_objects(found, *self.left_to_django)
        return found

    def _compiler(self, connection: BaseDatabaseWrapper) -> Compiled:
        kept = self.compilers.get(connection.vendor)
        if kept is None:
            kept = Compiled(self.built.query.clone(), connection, self.built.db)
            kept.keep()
            if self.how_rows_are_made["_iterable_class"] is ModelIterable:
                kept.maker = maker(kept.klass_info, kept.select, self.built.db)
            self.compilers[connection.vendor] = kept
        return kept


def _another(one: Own) -> Own:
    """The same parts in another whole: `copy.copy` takes longer than the rest of a call."""
    another = object.__new__(type(one))
    another.__dict__.update(one.__dict__)
    return another


def _needed(built: QuerySet[Any, Any]) -> list[str]:
    """The places of values without which there is no row: those of an `__in` that every row has to meet."""
    where = built.query.where
    if where.negated or where.connector != AND:
        return []
    every = (getattr(one, "rhs", None) for one in where.children if isinstance(one, In))
    return [place.name for place in every if isinstance(place, Place)]


def _read_on(relation: Related) -> Callable[[list[Any]], None]:
    query = Query(relation.rows_of(Place("keys", "Many[int]")))

    def read_on(found: list[Any]) -> None:
        keys = relation.keys(found)
        if keys:
            relation.give(found, query.rows({"keys": keys}))

    return read_on


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> Callable[P, list[Row]]:
    """See the top of this file."""
    signature = inspect.signature(build)
    names = tuple(signature.parameters)
    many = {name for name, one in signature.parameters.items() if Place(name, str(one.annotation)).many}
    kept: list[Query] = []

    @wraps(build)
    def read(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        by_place = not kwargs and len(args) == len(names)
        given: dict[str, Any] = {}
        given |= zip(names, args, strict=True) if by_place else signature.bind(*args, **kwargs).arguments
        values = {name: list(value) if name in many else value for name, value in given.items()}
        if not kept:
            places = {name: Place(name, str(one.annotation)) for name, one in signature.parameters.items()}
            kept.append(Query(build(**places)))  # type: ignore[call-arg, arg-type]
        return kept[0].rows(values)

    return read
