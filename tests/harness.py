"""Fixtures of the whole suite: the append-only guard, the clock, and what is skipped said in one line."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from unittest import mock
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from glidepath.record import clock
from tests import remembered, rows


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After real transactions the database is put back to how it was made: those rows alone that differ.

    Django's own flush empties every table and makes all permissions again: seconds, for each such test. Every test runs
    under the append-only guard; only this emptying is outside it.
    """
    with django_db_blocker.unblock():
        as_made = rows.all_rows()

    def put_back(case: TransactionTestCase) -> None:
        let_the_server_finish()
        rows.back_to(as_made)
        cache.clear()

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", put_back):
        yield


def let_the_server_finish(seconds: float = 10) -> None:
    """The live server may still answer a browser that has left: what it writes then would outlive the test."""
    until = time.monotonic() + seconds
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(max(0, until - time.monotonic()))


@pytest.hookimpl(tryfirst=True)  # before `-m database` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what may reach a database; pytest-django lets no other test through to it."""
    for item in items:
        given = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or given & {"db", "transactional_db", "live_server"}:
            item.add_marker(pytest.mark.database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """In a test's own body the services make everything; its fixtures may remember (tests/remembered.py)."""
    with remembered.allowed(False):
        return (yield)


class FrozenClock:
    """The record's clock under a test's hand. Marks the test's database as a demo, else the clock refuses."""

    def __init__(self) -> None:
        self._set = ExitStack()

    def set(self, moment: dt.datetime | str) -> dt.datetime:
        """Stops the clock at `moment`: aware, or an ISO text ("2026-11-17T13:14"), which is UTC without an offset."""
        wanted = dt.datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=dt.UTC)
        self._set.close()
        self._set.enter_context(clock.at(wanted))
        return wanted

    def tick(self, **later: float) -> dt.datetime:
        """Moves on: `tick(minutes=5)`."""
        return self.set(clock.now() + dt.timedelta(**later))

    def release(self) -> None:
        self._set.close()


@pytest.fixture
def frozen_clock(db: None) -> Iterator[FrozenClock]:
    """The clock, stopped at Tuesday 17 November 2026, 13:14 UTC; `.set(...)` and `.tick(...)` move it."""
    from glidepath.record.centres.models import DatabaseMark

    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T13:14")
    yield frozen
    frozen.release()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """One plain line for each reason why tests were skipped, with the number."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        said = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons[said.removeprefix("Skipped: ")] += 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"SKIPPED {count} {'test' if count == 1 else 'tests'}: {reason}")


def address_of_this_database() -> str:
    """What DATABASE_URL is called, for a process of its own that shall see the same rows."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    known = connection.get_connection_params()
    user = ":".join(filter(None, (known.get("user"), known.get("password"))))
    place = urlencode({name: known[name] for name in ("host", "port") if known.get(name)})
    return f"postgres://{user}@/{known['dbname']}?{place}"
