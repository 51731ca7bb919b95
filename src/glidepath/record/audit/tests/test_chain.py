"""The chain shows what was done to it: each kind of tampering is made by raw SQL and must be found and named."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from glidepath.record.audit import guard, services
from glidepath.record.audit.models import AuditHead, AuditLine
from glidepath.record.audit.verify import Broken, Verified, verify
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(cast: Cast) -> list[AuditLine]:
    for number in range(6):
        services.write("chart.read", by=cast.nurse, centre=cast.centre, kind="read", people=[number + 1])
    return list(AuditLine.objects.filter(centre=cast.centre).order_by("seq"))


def test_an_untouched_chain_verifies_to_its_head(cast: Cast, lines: list[AuditLine]) -> None:
    assert verify(cast.centre) == Verified(len(lines), lines[-1].hash)
    assert [line.seq for line in lines] == list(range(1, len(lines) + 1))


def test_the_hash_is_the_hmac_of_the_previous_hash_and_the_canonical_line(cast: Cast, lines: list[AuditLine]) -> None:
    line, before = lines[-1], lines[-2]
    at = line.at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    text = (
        f'{{"about_id":null,"about_type":"","action":"chart.read","actor_id":{cast.nurse.pk},"at":"{at}",'
        f'"centre_id":{cast.centre.pk},"code":"","digest":"","kind":"read","people":[6],"person_id":null,'
        f'"role":"nurse","seq":{line.seq},"session":""}}'
    )
    assert json.loads(text)  # the hand-written form is itself well formed
    by_hand = hmac.new(settings.AUDIT_KEY.encode(), (before.hash + text).encode(), hashlib.sha256).hexdigest()
    assert line.hash == by_hand


def test_a_changed_line_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("UPDATE audit_auditline SET actor_id = actor_id + 1 WHERE id = %s", lines[3].pk)
    assert _broken(cast) == (4, "changed")


def test_a_changed_hash_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("UPDATE audit_auditline SET hash = %s WHERE id = %s", "0" * 64, lines[3].pk)
    assert _broken(cast) == (4, "changed")


def test_a_changed_list_of_people_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("UPDATE audit_auditline SET people = '[99]' WHERE id = %s", lines[-1].pk)
    assert _broken(cast) == (len(lines), "changed")


def test_a_removed_line_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("DELETE FROM audit_auditline WHERE id = %s", lines[4].pk)
    assert _broken(cast) == (5, "removed")


def test_a_removed_first_line_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("DELETE FROM audit_auditline WHERE id = %s", lines[0].pk)
    assert _broken(cast) == (1, "removed")


def test_a_removed_line_is_found_though_the_rest_was_numbered_anew(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("DELETE FROM audit_auditline WHERE id = %s", lines[4].pk)
    for line in lines[5:]:
        _tamper("UPDATE audit_auditline SET seq = seq - 1 WHERE id = %s", line.pk)
    _tamper("UPDATE audit_audithead SET count = count - 1 WHERE centre_id = %s", cast.centre.pk)
    assert _broken(cast) == (5, "removed")


def test_two_lines_that_changed_places_are_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    first, second = lines[2], lines[3]
    _tamper("UPDATE audit_auditline SET seq = 0 WHERE id = %s", first.pk)
    _tamper("UPDATE audit_auditline SET seq = %s WHERE id = %s", first.seq, second.pk)
    _tamper("UPDATE audit_auditline SET seq = %s WHERE id = %s", second.seq, first.pk)
    assert _broken(cast) == (3, "reordered")


def test_a_cut_off_tail_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    for line in lines[-2:]:
        _tamper("DELETE FROM audit_auditline WHERE id = %s", line.pk)
    assert _broken(cast) == (len(lines) - 1, "cut off")


def test_a_tail_cut_off_together_with_the_heads_count_is_found(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("DELETE FROM audit_auditline WHERE id = %s", lines[-1].pk)
    _tamper("UPDATE audit_audithead SET count = count - 1 WHERE centre_id = %s", cast.centre.pk)
    assert _broken(cast) == (len(lines), "cut off")


def test_a_chain_and_head_cut_back_together_show_against_what_was_kept(cast: Cast, lines: list[AuditLine]) -> None:
    whole = verify(cast.centre)
    assert isinstance(whole, Verified)
    _tamper("DELETE FROM audit_auditline WHERE id = %s", lines[-1].pk)
    _tamper(
        "UPDATE audit_audithead SET count = count - 1, hash = %s WHERE centre_id = %s", lines[-2].hash, cast.centre.pk
    )
    assert isinstance(verify(cast.centre), Verified)  # from inside it cannot show: hence count and hash are kept
    against = verify(cast.centre, kept=(whole.count, whole.hash))
    assert isinstance(against, Broken)
    assert (against.seq, against.what) == (len(lines), "cut off")


def test_what_was_kept_still_fits_a_chain_that_went_on(cast: Cast, lines: list[AuditLine]) -> None:
    kept = (lines[3].seq, lines[3].hash)
    assert isinstance(verify(cast.centre, kept=kept), Verified)
    assert verify(cast.centre, kept=(4, "0" * 64)) == Broken(
        4, "changed", "Line 4 no longer carries the hash that was kept."
    )


def test_a_line_added_by_another_hand_is_found_and_named(cast: Cast, lines: list[AuditLine]) -> None:
    last = lines[-1]
    AuditLine.objects.create(
        centre=cast.centre,
        seq=last.seq + 1,
        at=last.at,
        action="chart.read",
        kind="read",
        hash="0" * 64,
        previous=last.hash,
    )
    assert _broken(cast) == (len(lines) + 1, "added")


def test_a_missing_head_is_found(cast: Cast, lines: list[AuditLine]) -> None:
    _tamper("DELETE FROM audit_audithead WHERE centre_id = %s", cast.centre.pk)
    assert _broken(cast) == (0, "removed")


def test_a_chain_read_with_another_key_does_not_verify(cast: Cast) -> None:
    with override_settings(AUDIT_KEY="another key"):
        assert isinstance(verify(cast.centre), Broken)
    assert isinstance(verify(cast.centre), Verified)


def test_each_centre_has_its_own_chain(cast: Cast, lines: list[AuditLine]) -> None:
    before = AuditHead.objects.get(centre=cast.other_centre).count
    services.write("chart.read", by=cast.nurse, centre=cast.centre, kind="read")
    assert AuditHead.objects.get(centre=cast.other_centre).count == before
    assert isinstance(verify(cast.other_centre), Verified)


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "too drowsy today"), ("code", "Müller"), ("action", "He said no"), ("digest", "Danilo Reyes")],
)
def test_a_line_holds_no_free_text(cast: Cast, field: str, value: str) -> None:
    content = {"action": "chart.read", "by": cast.nurse, "centre": cast.centre, field: value}
    with pytest.raises(ValueError, match="is a code"):
        services.write(**content)  # type: ignore[arg-type]


def test_lines_written_together_stand_at_the_end_of_the_act(cast: Cast) -> None:
    before = AuditLine.objects.filter(centre=cast.centre).count()
    with services.together():
        services.write("first.act", by=cast.nurse, centre=cast.centre)
        services.write("second.act", by=cast.nurse, centre=cast.centre)
        assert AuditLine.objects.filter(centre=cast.centre).count() == before
    newest = AuditLine.objects.filter(centre=cast.centre).order_by("seq")[before:]
    assert [line.action for line in newest] == ["first.act", "second.act"]
    assert isinstance(verify(cast.centre), Verified)


def test_an_act_that_fails_leaves_no_line(cast: Cast) -> None:
    before = AuditLine.objects.filter(centre=cast.centre).count()
    with pytest.raises(RuntimeError, match="half way"):
        _fail_half_way(cast)
    assert AuditLine.objects.filter(centre=cast.centre).count() == before


def _fail_half_way(cast: Cast) -> None:
    with services.together():
        services.write("first.act", by=cast.nurse, centre=cast.centre)
        raise RuntimeError("half way")


def _tamper(sql: str, *values: object) -> None:
    """As somebody would who has the database and not the key."""
    with guard.lifted(tables=["audit_auditline"]), connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount == 1


def _broken(cast: Cast) -> tuple[int, str]:
    found = verify(cast.centre)
    assert isinstance(found, Broken)
    assert str(found.seq) in found.says or found.seq == 0 or found.what == "cut off"
    return found.seq, found.what
