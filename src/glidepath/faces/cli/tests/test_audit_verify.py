"""`glidepath audit verify` as somebody at the machine sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from glidepath.faces.cli.main import main
from glidepath.record.audit import guard
from glidepath.record.audit.models import AuditHead
from tests.cast import Cast, admitted_person, make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    cast = make_centre()
    admitted_person(cast)
    return cast


def test_a_whole_chain_prints_its_count_and_head_hash(cast: Cast) -> None:
    answer = _verify()
    head = AuditHead.objects.get(centre=cast.centre)
    assert answer.exit_code == 0
    assert f"Willowbrook: whole, {head.count} lines. Keep elsewhere: {head.count}:{head.hash}" in answer.output


def test_a_changed_line_is_named_and_the_exit_code_is_one(cast: Cast) -> None:
    _tamper("UPDATE audit_auditline SET kind = 'read' WHERE seq = 3 AND centre_id = %s", cast.centre.pk)
    answer = _verify()
    assert answer.exit_code == 1
    assert "Willowbrook: broken at line 3, changed." in answer.output
    assert "Willowbrook Elsewhere: whole" in answer.output


def test_a_chain_cut_back_with_its_head_shows_against_what_was_kept(cast: Cast) -> None:
    head = AuditHead.objects.get(centre=cast.centre)
    kept = f"{head.count}:{head.hash}"
    _tamper("DELETE FROM audit_auditline WHERE seq = %s AND centre_id = %s", head.count, cast.centre.pk)
    _tamper(
        "UPDATE audit_audithead SET count = count - 1, hash = "
        "(SELECT hash FROM audit_auditline WHERE seq = %s AND centre_id = %s) WHERE centre_id = %s",
        head.count - 1,
        cast.centre.pk,
        cast.centre.pk,
    )
    assert _verify("--centre", "Willowbrook").exit_code == 0
    against = _verify("--centre", "Willowbrook", "--kept", kept)
    assert against.exit_code == 1
    assert f"broken at line {head.count}, cut off" in against.output


def test_a_database_without_a_record_is_said_in_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": "", "GLIDEPATH_VAR": str(tmp_path)}
    command = [sys.executable, "-c", "from glidepath.faces.cli.main import main; main()", "audit", "verify"]
    answer = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert answer.returncode == 64
    assert "There is no record in this database" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--kept", "seventeen"], "COUNT:HASH"),
        (["--centre", "Nowhere"], "no centre 'Nowhere'"),
        (["--kept", "1:" + "0" * 64], "name it with --centre"),
    ],
)
def test_wrong_use_says_what_is_wrong_and_exits_with_64(cast: Cast, arguments: list[str], says: str) -> None:
    answer = _verify(*arguments)
    assert answer.exit_code == 64
    assert says in answer.output


def test_the_command_line_starts_without_django() -> None:
    asked = "import sys; import glidepath.faces.cli.main; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def _verify(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["audit", "verify", *arguments])


def _tamper(sql: str, *values: object) -> None:
    with guard.lifted(tables=["audit_auditline"]), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1
