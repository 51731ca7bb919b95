"""How a prepared query makes its rows: what `Model.from_db` does for one row, worked out once for all of them.

Each page reads hundreds of rows, and to make a row costs more than to find it. A row made here has the same fields,
related rows and state as one that Django made. Where a model does more when a row is made, Django makes it; whether
it does is looked at when the query is put together, so whoever listens to the making of rows connects at the start.
"""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import ModelIterable
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

PLAIN = (DeferredAttribute, ForeignKeyDeferredAttribute)
Converters = Mapping[int, tuple[list[Callable[..., Any]], Any]]


class MadeRows(ModelIterable):
    """In the place of Django's own, for a query whose compiler has a `maker`."""

    def __iter__(self) -> Iterator[Any]:
        compiler = self.queryset.query.get_compiler(using=self.queryset.db)
        results = compiler.execute_sql(chunked_fetch=self.chunked_fetch, chunk_size=self.chunk_size)
        make, annotated = compiler.maker, list((compiler.annotation_col_map or {}).items())
        for row in compiler.results_iter(results):
            one = make(row)
            for name, at in annotated:
                setattr(one, name, row[at])
            yield one


class Maker:
    """Makes one model's row, and the rows it was asked for with (`select_related`), of the columns of one query."""

    def __init__(self, klass_info: Mapping[str, Any], select: Sequence[Any], db: str) -> None:
        self.model, self.db = klass_info["model"], db
        places = klass_info["select_fields"]
        self.start, self.end = places[0], places[-1] + 1
        self.names = [one[0].target.attname for one in select[self.start : self.end]]
        self.key = self.start + self.names.index(self.model._meta.pk.attname)
        self.related = [
            (Maker(one, select, db), one["local_setter"], one["remote_setter"])
            for one in klass_info.get("related_klass_infos", ())
        ]

    def __call__(self, row: Sequence[Any]) -> Any:
        one = self.model.__new__(self.model)
        state = ModelState()
        state.adding, state.db = False, self.db
        held = one.__dict__
        held["_state"] = state
        held.update(zip(self.names, row[self.start : self.end], strict=True))
        for make, local_setter, remote_setter in self.related:
            other = None if row[make.key] is None else make(row)
            local_setter(one, other)
            if other is not None:
                remote_setter(other, one)
        return one


def maker(klass_info: Mapping[str, Any] | None, select: Sequence[Any], db: str) -> Maker | None:
    """What makes the rows of a query; None: Django makes them."""
    return Maker(klass_info, select, db) if klass_info is not None and _is_plain(klass_info) else None


def _is_plain(klass_info: Mapping[str, Any]) -> bool:
    """Whether making a row is nothing but setting its fields."""
    model: Any = klass_info["model"]
    places = [*klass_info["select_fields"]]
    own = model.__init__ is not Model.__init__
    overridden = own or inspect.getattr_static(model, "from_db") is not inspect.getattr_static(Model, "from_db")
    listened_to = pre_init.has_listeners(model) or post_init.has_listeners(model)
    return (
        not overridden
        and not listened_to
        and not klass_info.get("from_parent")
        and places == [*range(places[0], places[-1] + 1)]
        and all(type(inspect.getattr_static(model, one.attname)) in PLAIN for one in model._meta.concrete_fields)
        and all(_is_plain(one) for one in klass_info.get("related_klass_infos", ()))
    )


def quick(converters: Converters, connection: BaseDatabaseWrapper) -> Converters:
    """The same converters, with quicker ones for the moments and UUIDs that SQLite keeps as text."""
    if connection.vendor != "sqlite" or connection.timezone is not dt.UTC:
        return converters
    ops: Any = type(connection.ops)
    quicker = {ops.convert_datetimefield_value: _moment, ops.convert_uuidfield_value: _uuid}
    return {
        at: ([quicker.get(getattr(one, "__func__", None), one) for one in found], expression)
        for at, (found, expression) in converters.items()
    }


def _moment(value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
    """What is read of a column is a moment without its zone already; what is worked out in SQL is a text."""
    if type(value) is dt.datetime:
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    try:
        return None if value is None else dt.datetime.fromisoformat(value + "+00:00")
    except (TypeError, ValueError):  # not the text that Django writes: as it reads that
        return connection.ops.convert_datetimefield_value(value, expression, connection)  # type: ignore[attr-defined]


def _uuid(value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
    return None if value is None else _as_uuid(value)


@lru_cache(maxsize=8192)  # the same people and plans are read again and again; a UUID never changes
def _as_uuid(text: str) -> uuid.UUID:
    return uuid.UUID(text)
