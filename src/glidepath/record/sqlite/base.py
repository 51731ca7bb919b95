"""Django's SQLite, which writes each SQL the way SQLite reads it (`?` for `%s`) once, and not at every call.

The name of this file is Django's: it is where the `ENGINE` of a database is looked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as DjangoWrapper, SQLiteCursorWrapper

MOST = 2000  # of the texts that are kept; a record with its pages knows some hundreds
_written: dict[str, str] = {}


class Cursor(SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: Iterable[str] | None = None) -> str:
        if param_names is not None:
            return super().convert_query(query, param_names=param_names)
        written = _written.get(query)
        if written is None:
            if len(_written) >= MOST:
                _written.clear()
            written = _written[query] = super().convert_query(query)
        return written


class DatabaseWrapper(DjangoWrapper):
    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor(factory=Cursor)
