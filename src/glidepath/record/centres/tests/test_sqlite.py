"""Our SQLite answers as Django's does, and writes each SQL for SQLite once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ConnectionHandler

from glidepath.record.sqlite import base

pytestmark = pytest.mark.django_db  # pytest lets nothing else ask a database


def in_memory(engine: str) -> Any:
    return ConnectionHandler({"default": {"ENGINE": engine, "NAME": ":memory:"}})["default"]


@pytest.fixture
def ours() -> Any:
    return in_memory("glidepath.record.sqlite")


@pytest.fixture
def of_django() -> Any:
    return in_memory("django.db.backends.sqlite3")


def answer(connection: Any, sql: str, params: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@pytest.mark.parametrize(
    ("sql", "params", "expected"),
    [
        ("SELECT %s, %s", (1, "two %s"), (1, "two %s")),
        ("SELECT '100 %%', %s", (3,), ("100 %", 3)),
        ("SELECT '%%s', %s", (3,), ("%s", 3)),
        ("SELECT '%'", None, ("%",)),
        ("SELECT %(a)s, %(b)s, %(a)s", {"a": 1, "b": 2}, (1, 2, 1)),
    ],
)
def test_values_and_percent_signs_stand_where_django_puts_them(
    ours: Any, of_django: Any, sql: str, params: Any, expected: Any
) -> None:
    for _ in range(2):  # the second time it is written already
        assert answer(ours, sql, params) == answer(of_django, sql, params) == [expected]


def test_the_same_sql_by_place_and_by_name_is_not_mixed_up(ours: Any) -> None:
    sql = "SELECT '%%(a)s', %(a)s"
    assert answer(ours, sql, {"a": 1}) == answer(ours, sql, {"a": 1}) == [("%(a)s", 1)]


def test_no_more_texts_are_kept_than_there_is_room_for(ours: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, str] = {}
    monkeypatch.setattr(base, "_written", kept)
    monkeypatch.setattr(base, "MOST", 3)
    assert [answer(ours, f"SELECT %s + {one}", (one,)) for one in range(8)] == [[(2 * one,)] for one in range(8)]
    assert 0 < len(kept) <= 3
