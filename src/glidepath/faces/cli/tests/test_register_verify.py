"""`glidepath register verify` as somebody at the machine sees it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from glidepath.care.supply.models import LedgerHead
from glidepath.care.supply.tests import register as made
from glidepath.faces.cli.main import main
from glidepath.record.audit import guard
from tests.cast import make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> made.Register:
    register = made.make(make_centre())
    batch = made.opened(register, pieces=10)
    made.count(register, {batch: 40})
    return register


def test_a_whole_register_prints_its_count_and_head_hash(register: made.Register) -> None:
    answer = _verify()
    head = LedgerHead.objects.get(centre=register.cast.centre)
    assert answer.exit_code == 0
    assert f"Willowbrook: whole, 1 movements. Keep elsewhere: 1:{head.hash}" in answer.output


def test_a_changed_movement_is_named_and_the_exit_code_is_one(register: made.Register) -> None:
    with guard.lifted(tables=["supply_movement"]), connection.cursor() as cursor:
        cursor.execute("UPDATE supply_movement SET quantity = 41")
    answer = _verify("--centre", "Willowbrook")
    assert answer.exit_code == 1
    assert "broken at movement 1. Movement 1 is not as it was written." in answer.output


def test_what_was_kept_belongs_to_one_centre(register: made.Register) -> None:
    assert _verify("--kept", f"1:{'0' * 64}").exit_code == 64


def _verify(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["register", "verify", *arguments])
