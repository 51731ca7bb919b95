"""The worker is killed on purpose: the board goes on escalating, and says that the worker is silent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.urls import reverse

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.models import AlarmAct, Rank
from glidepath.record import clock
from glidepath.record.centres.models import DatabaseMark
from tests.architecture.source import ROOT
from tests.cast import Cast, admitted_person, client_for, make_centre
from tests.harness import FrozenClock, address_of_this_database

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash, pytest.mark.slow]


@pytest.fixture
def start_worker(tmp_path) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts the worker as an installation runs it, on this test's database."""
    known = {
        "DATABASE_URL": address_of_this_database(),
        "GLIDEPATH_VAR": str(tmp_path),
        "AUDIT_KEY": str(settings.AUDIT_KEY),
    }
    environment = {**os.environ, **known, "DJANGO_SETTINGS_MODULE": "glidepath.centre.settings"}
    started = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "manage.py", "watch"], cwd=ROOT, env=environment))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(timeout=20)


def wait_for(seen: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while not seen():
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < until, "the worker did not look in time"
        time.sleep(0.2)


@pytest.fixture
def cast() -> Cast:
    return make_centre()


def test_the_worker_is_killed_and_the_board_still_escalates(cast, start_worker) -> None:
    person = admitted_person(cast, preferred_name="Danilo")
    alarm = services.raise_alarm(
        person=person, cause="INP-7", rank=Rank.NOW, message="NEWS2 6.", do="Urgent review.", by=None,
        prescriber_closes=True,
    )  # fmt: skip
    worker = start_worker()
    wait_for(lambda: AlarmAct.objects.filter(alarm=alarm, kind="paged").count() == 4, worker)
    wait_for(lambda: queries.silence(cast.centre) is None, worker)
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(timeout=20)
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": clock.now()})
    frozen, opened = FrozenClock(), alarm.opened_at
    try:
        for minutes, rung in ((4, 1), (10, 2), (20, 3), (65, 3)):
            frozen.set(opened)
            frozen.tick(minutes=minutes, seconds=30)
            (shown,) = queries.open_alarms([person])
            assert shown.calling.standing.called.rung + 1 == rung
            text = client_for(cast.nurse).get(reverse("ward:board", args=[cast.unit.public_id])).text
            assert f"{clock.local(cast.centre, shown.calling.since):%H:%M}: {shown.calling.called_in_words}" in text
            assert ("The watch is silent" in text) is (minutes > 5)
        assert "Somebody had to be there by" in text
        assert AlarmAct.objects.filter(alarm=alarm, kind="paged").count() == 4, "nobody carried a message any more"
    finally:
        frozen.release()
