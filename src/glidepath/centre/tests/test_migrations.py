"""A record made by walking the migrations is the record that is made straight from the models, with its guard."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from glidepath.centre import make_ready
from glidepath.centre.settings import database
from tests.architecture.source import ROOT
from tests.harness import address_of_this_database

pytestmark = pytest.mark.django_db
TWO_WAYS = ("walked", "from_models")


@pytest.fixture(scope="module")
def made(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[dict[str, BaseDatabaseWrapper]]:
    """Two fresh records: one by `migrate`, one the way a new installation makes it."""
    with django_db_blocker.unblock():
        addresses = {way: fresh_database(way, tmp_path_factory) for way in TWO_WAYS}
        run(addresses["walked"], "manage.py", "migrate", "--verbosity", "0")
        run(addresses["from_models"], "-c", FROM_MODELS)
        opened = ConnectionHandler({"default": {}} | {way: database(address) for way, address in addresses.items()})
        yield {way: opened[way] for way in TWO_WAYS}
        opened.close_all()
        for address in addresses.values():
            drop(address)


FROM_MODELS = "import django; django.setup(); from glidepath.centre.make_ready import migrate; migrate(print)"


def run(address: str, *arguments: str) -> None:
    environment = {**os.environ, "DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "glidepath.centre.settings"}
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=True)


def fresh_database(way: str, folders: pytest.TempPathFactory) -> str:
    if connection.vendor == "sqlite":
        return f"sqlite:///{folders.mktemp('record') / way}.sqlite3"
    name = f"{connection.settings_dict['NAME']}_{way}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(address_of_this_database())._replace(path=f"/{name}").geturl()


def drop(address: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{urlsplit(address).path.removeprefix("/")}"')


def our_tables() -> set[str]:
    """Django's own number some rows of theirs narrower in their migrations than in their models."""
    every = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in every if model.__module__.startswith("glidepath.")}


def rows(opened: BaseDatabaseWrapper, statement: str) -> set[tuple[object, ...]]:
    with opened.cursor() as cursor:
        cursor.execute(statement)
        return set(cursor.fetchall())


def columns(opened: BaseDatabaseWrapper) -> set[tuple[object, ...]]:
    if opened.vendor == "postgresql":
        return rows(
            opened,
            "SELECT table_name, column_name, data_type, is_nullable, character_maximum_length, numeric_precision, "
            "numeric_scale, is_identity FROM information_schema.columns WHERE table_schema = 'public'",
        )
    tables = [name for (name,) in rows(opened, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {(table, *row[1:]) for table in tables for row in rows(opened, f'PRAGMA table_info("{table}")')}


def rules(opened: BaseDatabaseWrapper) -> set[tuple[object, ...]]:
    """Constraints, indexes and triggers, each with its table."""
    if opened.vendor == "postgresql":
        return (
            rows(opened, "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint")
            | rows(opened, "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
            | rows(opened, "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal")
        )
    named = rows(opened, "SELECT tbl_name, type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_autoindex%'")
    texts = rows(opened, "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return named | {(table, rule) for table, text in texts for rule in constraints_in(str(text))}


def constraints_in(text: str) -> list[str]:
    return [part.split(" CHECK ")[0].split(" UNIQUE ")[0] for part in text.split("CONSTRAINT ")[1:]]


def test_both_ways_make_the_same_columns(made):
    walked, from_models = (columns(made[way]) for way in TWO_WAYS)
    assert our_tables() <= {row[0] for row in walked}
    assert {row for row in walked ^ from_models if row[0] in our_tables()} == set()


def test_both_ways_make_the_same_rules(made):
    walked, from_models = (rules(made[way]) for way in TWO_WAYS)
    assert our_tables() <= {row[0] for row in walked}
    assert {row for row in walked ^ from_models if row[0] in our_tables()} == set()


def test_the_migrations_put_up_the_guard(made):
    tables = {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}
    assert tables
    for way in TWO_WAYS:
        assert tables <= {row[0] for row in rules(made[way]) if "guard" in str(row[-1])}


def test_a_new_record_needs_no_migration_any_more(made):
    noted = [rows(made[way], "SELECT app, name FROM django_migrations") for way in TWO_WAYS]
    assert noted[0] == noted[1]


def test_a_record_that_stands_is_left_as_it_is(monkeypatch):
    def never() -> None:
        raise AssertionError("tables were made over those that stand")

    monkeypatch.setattr(make_ready, "make_from_models", never)
    monkeypatch.setattr(make_ready, "call_command", lambda *args, **kwargs: None)
    make_ready.migrate(lambda word: None)
