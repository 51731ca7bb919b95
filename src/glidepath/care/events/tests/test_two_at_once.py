"""Two who tap at once, with two real connections: one emergency, one row a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from glidepath.care.events.models import EventStep, Running
from glidepath.care.events.tests.emergencies import course, started, tapped
from glidepath.care.monitoring.models import Event
from glidepath.record.audit import verify
from glidepath.record.centres.models import DatabaseMark
from tests.harness import FrozenClock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def frozen_clock(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T13:14")
    yield frozen
    frozen.release()


def at_once(*acts: Callable[[], object]) -> list[object]:
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        ready.wait(timeout=20)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [future.result(timeout=60) for future in [threads.submit(run, act) for act in acts]]


def test_two_first_taps_are_one_seizure(cast, person):
    first, second = at_once(lambda: started(person, cast.nurse), lambda: started(person, cast.physician))
    assert first == second
    assert (Running.objects.count(), Event.objects.filter(kind="seizure").count()) == (1, 1)
    assert {one.pk for one in course(first).there} == {cast.nurse.pk, cast.physician.pk}


def test_two_who_tap_one_line_write_one_row_and_the_chain_stands(cast, person):
    running = started(person, cast.nurse)
    first, second = at_once(
        lambda: tapped(running, "airway", cast.nurse), lambda: tapped(running, "airway", cast.second_nurse)
    )
    assert first == second
    assert EventStep.objects.filter(line="airway").count() == 1
    assert isinstance(verify.verify(cast.centre), verify.Verified)


def test_the_same_submit_from_a_shaking_hand_writes_one_row(cast, person):
    running, key = started(person, cast.nurse), uuid4().hex
    at_once(*[lambda: tapped(running, "glucose", cast.nurse, once=key)] * 3)
    assert EventStep.objects.filter(line="glucose").count() == 1
