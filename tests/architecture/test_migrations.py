"""A record made by the migrations is the record the models speak of, with its guard."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.apps import apps
from django.db import connection

from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A fresh SQLite record, made the way an installation makes it."""
    folder = tmp_path_factory.mktemp("var")
    environment = {**os.environ, "GLIDEPATH_VAR": str(folder), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "glidepath.centre.settings"
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    with closing(sqlite3.connect(folder / "glidepath.sqlite3")) as opened:
        yield opened


def columns(execute, table):
    return {row[1]: (row[2], bool(row[3])) for row in execute(f'PRAGMA table_info("{table}")')}


@pytest.mark.skipif("sqlite" not in connection.settings_dict["ENGINE"], reason="PostgreSQL's tests walk the migrations")
@pytest.mark.django_db
def test_the_migrations_make_every_table_as_its_model_says(made):
    def from_models(statement):
        with connection.cursor() as cursor:
            return cursor.execute(statement).fetchall()

    tables = [model._meta.db_table for model in apps.get_models() if model._meta.managed]
    differing = [table for table in tables if columns(made.execute, table) != columns(from_models, table)]
    assert differing == []


def test_the_migrations_put_up_the_guard(made):
    tables = {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}
    guarded = {row[0] for row in made.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")}
    assert tables
    assert tables <= guarded
