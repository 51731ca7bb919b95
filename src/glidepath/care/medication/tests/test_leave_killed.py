"""A process is killed in the middle of a packing: nothing of it is there, and the same submit packs and issues once."""

from __future__ import annotations

import os
import signal

import pytest
from django.db import connection

from glidepath.care.medication import leave
from glidepath.care.medication.models import LeavePack
from glidepath.care.medication.tests.acts import leave_with_one_tablet, once, pack_leave
from glidepath.care.supply import queries as register
from glidepath.care.supply.models import Balance, Movement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.crash]

UNTIL = "2026-11-17T12:00"


@pytest.fixture
def leaving(cast, person):
    return leave_with_one_tablet(cast, person, UNTIL)


def killed_while_packing(cast, person, key: str) -> int:
    """A child packs and is killed after the tablets have left the stock, before its transaction ends. Its end."""
    connection.close()  # each has its own
    child = os.fork()
    if child == 0:
        try:
            leave.submits.remember = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
            pack_leave(cast, person, UNTIL, once=key)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return status


def test_a_packing_that_is_killed_leaves_nothing_and_is_done_once_when_sent_again(cast, leaving):
    key = once()
    assert os.WTERMSIG(killed_while_packing(cast, leaving, key)) == signal.SIGKILL
    assert not LeavePack.objects.exists()
    assert Balance.objects.get().quantity == 40
    packs = {pack_leave(cast, leaving, UNTIL, once=key).pk for _ in range(2)}
    assert len(packs) == LeavePack.objects.count() == 1
    assert Movement.objects.filter(kind="leave").count() == 1
    assert Balance.objects.get().quantity == 36
    assert isinstance(register.verify(cast.centre), register.Whole)
