"""The settings that keep a record safe stand as they were measured."""

import sqlite3

from glidepath.centre import secret_key, settings


def test_a_recorded_dose_outlives_a_power_cut():
    connection = sqlite3.connect(":memory:")
    for pragma in settings.SQLITE_OPTIONS["init_command"].split(";"):
        connection.execute(pragma)
    full = 2
    assert connection.execute("PRAGMA synchronous").fetchone() == (full,)
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert "journal_mode=WAL" in settings.SQLITE_OPTIONS["init_command"]


def test_a_write_takes_its_lock_at_the_start():
    assert settings.SQLITE_OPTIONS["transaction_mode"] == "IMMEDIATE"


def test_a_postgresql_address_gives_a_checked_connection():
    found = settings.database("postgres://glidepath:secret@db.example.org/glidepath")
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert found["CONN_HEALTH_CHECKS"] is True


def test_another_sqlite_file_gets_the_same_options():
    found = settings.database("sqlite:////tmp/other.sqlite3")
    assert (found["ENGINE"], found["OPTIONS"]) == (settings.SQLITE, settings.SQLITE_OPTIONS)
    assert settings.database("")["ENGINE"] == settings.SQLITE


def test_a_connection_outlives_the_page_that_opened_it():
    for address in ("", "sqlite:////tmp/other.sqlite3", "postgres://glidepath:secret@db.example.org/glidepath"):
        assert settings.database(address)["CONN_MAX_AGE"] == settings.LIVES_ON > 0


def test_no_script_or_style_may_stand_inside_a_page():
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["script-src"] == ["'self'"]
    assert directives["style-src"] == ["'self'"]


def test_the_secret_key_is_made_once_and_read_by_its_owner_alone(tmp_path):
    first = secret_key.kept_in(tmp_path / "var")
    assert len(first) > 60
    assert secret_key.kept_in(tmp_path / "var") == first
    (kept,) = (tmp_path / "var").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
