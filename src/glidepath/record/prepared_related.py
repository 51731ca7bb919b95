"""The rows that a prepared query brings along (`prefetch_related`), read by prepared queries of their own.

Only the two plain kinds are: rows that point here, and rows that are pointed to. Everything else Django reads itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import ForeignKey, ManyToOneRel, Model, Prefetch, QuerySet


class Related(Protocol):
    def rows_of(self, keys: Any) -> QuerySet[Any, Any]:
        """The rows of some keys."""

    def keys(self, found: Iterable[Any]) -> set[int]:
        """What is asked for."""

    def give(self, found: Iterable[Any], rows: Iterable[Any]) -> None:
        """Each its own."""


class AlreadyRead(QuerySet[Any, Any]):
    """One owner's rows that were brought along. What asks for others of them asks the record anew."""

    whose: dict[str, Any]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any], brought: list[Any], whose: dict[str, Any]) -> AlreadyRead:
        read = cls(rows.model)
        read.__dict__.update(_result_cache=brought, _prefetch_done=True, whose=whose, rows=rows)
        return read

    def _chain(self) -> Any:
        return self.__dict__["rows"].filter(**self.whose)


@dataclass(frozen=True, slots=True)
class PointingHere:
    relation: ManyToOneRel
    queryset: QuerySet[Any, Any]

    def rows_of(self, keys: Any) -> QuerySet[Any, Any]:
        return self.queryset.filter(**{f"{self.relation.field.name}__in": keys})

    def keys(self, found: Iterable[Any]) -> set[int]:
        return {row.pk for row in found}

    def give(self, found: Iterable[Any], rows: Iterable[Any]) -> None:
        field = self.relation.field
        owners = {row.pk: row for row in found}
        own: dict[int, list[Any]] = {key: [] for key in owners}
        for row in rows:
            key = getattr(row, field.attname)
            field.set_cached_value(row, owners[key])
            own[key].append(row)
        for key, owner in owners.items():
            kept = owner.__dict__.setdefault("_prefetched_objects_cache", {})
            kept[field.remote_field.cache_name] = AlreadyRead.of(self.queryset, own[key], {field.name: owner})


@dataclass(frozen=True, slots=True)
class PointedTo:
    field: ForeignKey[Any, Any]
    queryset: QuerySet[Any, Any]

    def rows_of(self, keys: Any) -> QuerySet[Any, Any]:
        return self.queryset.filter(pk__in=keys)

    def keys(self, found: Iterable[Any]) -> set[int]:
        return {getattr(row, self.field.attname) for row in found} - {None}

    def give(self, found: Iterable[Any], rows: Iterable[Any]) -> None:
        known = {row.pk: row for row in rows}
        for row in found:
            key = getattr(row, self.field.attname)
            if key is not None:
                self.field.set_cached_value(row, known[key])


def related(model: type[Model], lookup: str | Prefetch[Any, Any, Any]) -> Related | None:
    """How to read one lookup; None: it is neither of the two kinds."""
    name, queryset = (lookup, None) if isinstance(lookup, str) else (lookup.prefetch_through, lookup.queryset)
    if "__" in name or (not isinstance(lookup, str) and lookup.prefetch_to != name):
        return None
    for relation in model._meta.related_objects:
        if relation.get_accessor_name() == name and type(relation) is ManyToOneRel and _by_key(relation.field):
            return PointingHere(relation, _rows(relation.related_model, queryset))
    field = next((one for one in model._meta.concrete_fields if one.name == name), None)
    if isinstance(field, ForeignKey) and _by_key(field):
        return PointedTo(field, _rows(field.related_model, queryset))
    return None


def _by_key(field: Any) -> bool:
    return bool(field.target_field.primary_key)


def _rows(model: Any, queryset: QuerySet[Any, Any] | None) -> QuerySet[Any, Any]:
    return model._default_manager.all() if queryset is None else queryset
