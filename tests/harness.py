"""Fixtures of the whole suite: the append-only guard, the clock, and what is skipped said in one line."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from unittest import mock

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase

from glidepath.record import clock
from glidepath.record.audit import guard


@pytest.fixture(autouse=True, scope="session")
def guard_lifted_only_to_empty_the_database() -> Iterator[None]:
    """Every test runs under the append-only guard; only the emptying after real transactions is outside it."""
    empty = TransactionTestCase._fixture_teardown

    def emptied(case: TransactionTestCase) -> None:
        with guard.lifted():
            empty(case)
        cache.clear()

    with mock.patch.object(TransactionTestCase, "_fixture_teardown", emptied):
        yield


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
