"""The server is killed at random during a medicine round: what a client outside has as acknowledged is there once, and
the register has moved for each of its doses once.

The client stands for the page of the round: it sends each dose with its key until it has an answer, and keeps what was
acknowledged. `ROUNDS_KILLED` repeats it more often.
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from glidepath.care.medication import queries
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.register_check import doses_against_register
from glidepath.care.medication.tests.acts import draft, outside, sign
from glidepath.care.supply import queries as register
from glidepath.care.supply.models import Balance, Location, Movement, MovementKind
from glidepath.care.supply.tests import register as stock
from glidepath.record import clock
from glidepath.record.audit.verify import Verified, verify
from glidepath.record.people.models import Person
from tests.architecture.source import ROOT
from tests.cast import BACKEND, Cast, make_centre
from tests.harness import address_of_this_database
from tests.scenarios import ward

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash, pytest.mark.slow]

PEOPLE = 6
KEPT = (("diazepam", 10), ("lorazepam", 1))  # a tablet of each leaves the register with each dose
OTHER = "sertraline"
LOTS = (4, 5)  # tablets in stock: the first lot ends half-way through the round
KILLS = 5
REPEATS = int(os.environ.get("ROUNDS_KILLED", "1"))
CSRF = "c" * 32


class Server:
    """The web server as an installation runs it, on this test's database; killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.said = folder / "server.log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        known = {
            "DATABASE_URL": address_of_this_database(),
            "GLIDEPATH_VAR": str(folder),
            "AUDIT_KEY": str(settings.AUDIT_KEY),
            "SECRET_KEY": str(settings.SECRET_KEY),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        }
        self.environment = {**os.environ, **known}
        self.kills = 0
        self.start()

    def start(self) -> None:
        command = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", "1", "--blocking-threads", "2", "--no-ws", "glidepath.centre.wsgi:application",
        ]  # fmt: skip
        with self.said.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """At once and with its workers: nothing of it gets to tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=20)
        self.kills += 1


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.kill()


@pytest.fixture
def cast(transactional_db) -> Cast:
    return make_centre()


def stocked(cast: Cast) -> None:
    """Two lots of each in the unit's cupboard, with more than the round takes."""
    ward.stock_shelf(cast)
    cupboard = stock.location(cast, "Cupboard", Location.Kind.CUPBOARD, cast.unit)
    for medicine, mg in KEPT:
        (row,) = (
            row
            for row, product in register.products_of(cast.centre, medicine)
            if product.strength_mg == mg and not row.is_liquid
        )
        for number, pieces in enumerate(LOTS):
            expires = clock.today(cast.centre) + dt.timedelta(days=30 * (number + 1))
            stock.open_at(cast, cupboard, stock.delivery(row, pieces, f"L{number}", expires))


def ordered(cast: Cast) -> list[Person]:
    """Everybody with three medicines, each due in a quarter of an hour by the real clock."""
    people = [ward.person_with_history(cast) for _ in range(PEOPLE)]
    soon = clock.local(cast.centre, clock.now() + dt.timedelta(minutes=15)).time().replace(second=0, microsecond=0)
    for person in people:
        for medicine, mg in KEPT:
            sign(cast, person, draft(medicine, str(mg), f"{soon:%H:%M}"))
        sign(cast, person, outside(OTHER, "50", f"{soon:%H:%M}"))
    return people


def session_of(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.nurse, backend=BACKEND)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def send(port: int, session: str, person: Person, token: str, once: str) -> int | None:
    """The status of the answer, or None where none came: the server was dead, or died with it."""
    look = {"rass": "0", "breathing": "14"}
    body = urlencode({"give": token, "once": once, "csrfmiddlewaretoken": CSRF, **look})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}",
        "Host": f"127.0.0.1:{port}",
        "Origin": f"http://127.0.0.1:{port}",
    }
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as line:
            line.request("POST", f"/round/{person.public_id}/", body, headers)
            return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return None


@pytest.mark.parametrize("seed", range(REPEATS))
def test_every_dose_that_was_acknowledged_is_there_once_the_register_balances_and_the_chains_are_whole(
    cast, server, seed
):
    stocked(cast)
    people = ordered(cast)
    now = clock.now()
    rows = queries.due(people, now, now + dt.timedelta(minutes=30))
    assert len(rows) == PEOPLE * (len(KEPT) + 1)
    wanted = [(row.person, row.token, uuid.uuid4().hex, (row.person.pk, row.due.key, row.due.due_at)) for row in rows]
    chance, done = random.Random(seed), threading.Event()
    answered, took = threading.Event(), [0.05]  # seconds of each dose; of the first after a start more than its own

    def kill_now_and_then() -> None:
        while server.kills < KILLS and answered.wait() and not done.is_set():
            answered.clear()  # somebody was answered since the last kill: the server was up
            time.sleep(chance.uniform(0.0, 1.5 * min(took)))  # anywhere in the next dose or two
            if not done.is_set():
                server.kill()
                server.start()

    killer = threading.Thread(target=kill_now_and_then, daemon=True)
    killer.start()
    session, acknowledged, unanswered = session_of(cast), set(), 0
    give_up = time.monotonic() + 300
    for person, token, once, name in wanted:
        status = None
        while status != 303:
            assert time.monotonic() < give_up, f"after {server.kills} kills: {len(acknowledged)} acknowledged, {status}"
            sent = time.monotonic()
            status = send(server.port, session, person, token, once)
            assert status in (303, None), f"{status}: {server.said.read_text()[-2000:]}"
            unanswered += status is None
            time.sleep(0.1 if status is None else 0)
        acknowledged.add(name)
        took.append(time.monotonic() - sent)
        answered.set()
    done.set()
    answered.set()
    killer.join(timeout=30)
    given = list(DoseAnswer.objects.values_list("person", "due_key", "due_at"))
    assert sorted(given) == sorted(acknowledged), "each acknowledged dose is there, once"
    assert server.kills >= 2, "a round that was never killed shows nothing"
    assert unanswered
    assert isinstance(verify(cast.centre), Verified)
    balances(cast, now)


def balances(cast: Cast, since: dt.datetime) -> None:
    """Each dose that is kept left the stock once, by one tablet; the balance is what was opened less what was given."""
    issued = Movement.objects.filter(kind=MovementKind.ISSUE)
    given = DoseAnswer.objects.exclude(medicine="").values_list("public_id", flat=True)
    assert sorted(issued.values_list("dose", "quantity")) == sorted((one, stock.PIECE) for one in given)
    assert issued.count() == PEOPLE * len(KEPT)
    left = (sum(LOTS) - PEOPLE) * len(KEPT) * stock.PIECE
    assert sum(Balance.objects.values_list("quantity", flat=True)) == left
    assert not register.open_differences(cast.centre)
    assert isinstance(register.verify(cast.centre), register.Whole)
    assert doses_against_register(cast.centre, since, clock.now() + dt.timedelta(minutes=1)).agrees
