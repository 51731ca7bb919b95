"""The downtime pack: what is due, last scores, alarms, numbers; kept hourly, whole, with a line of whom it lists."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.alarms.services import call_for_help
from glidepath.care.medication.tests.acts import draft, give, look, outside, prn, row_at, sign
from glidepath.care.monitoring.tests.looks import awake, seen
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.clinical.monitoring.hold_rules import HoldRule, Sign
from glidepath.faces.printing import downtime_pdf
from glidepath.faces.printing.downtime import pack_of
from glidepath.faces.printing.tests.reading import pages_of
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes.queries import all_in_beds
from tests.cast import client_for, make_centre
from tests.scenarios import ward

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    found = make_centre()
    ward.stock_shelf(found)
    return found


@pytest.fixture
def person(cast, frozen_clock):
    """Diazepam at 08:00 (given) and 22:00, propranolol with a limit, lorazepam as needed, one alarm."""
    found = ward.person_with_history(cast, preferred_name="Marta")
    sign(cast, found, draft("diazepam", "7.5", "08:00", "22:00"))
    sign(cast, found, outside("propranolol", "10", "12:00", hold_rules=(HoldRule(Sign.PULSE, 50),)))
    sign(cast, found, prn("lorazepam", "0.5", max_24h_ng=1_000_000))
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(found, "2026-11-17T08:00"), cast.nurse)
    call_for_help(person=found, by=cast.nurse, once="help")
    frozen_clock.set("2026-11-17T09:00")
    return found


def said(cast):
    (page,) = pages_of(
        downtime_pdf.downtime_pdf(pack_of(cast.unit, all_in_beds(cast.unit)), paper=downtime_pdf.Paper.A4)
    )
    return page


def test_it_holds_what_is_due_in_24_hours_and_not_what_was_given(cast, person):
    page = said(cast)
    assert "17 Nov 22:00 diazepam 7.5 mg (" in page
    assert "18 Nov 08:00 diazepam" in page
    assert "17 Nov 08:00" not in page
    assert "18 Nov 22:00" not in page
    assert "Witness." in page
    assert "Held at pulse under 50 a minute" in page
    assert "lorazepam 0.5 mg for panic" in page


def test_it_holds_alarms_numbers_allergies_and_says_what_nobody_measured(cast, person):
    page = said(cast)
    assert "Marta Lindqvist calls for help." in page
    assert "020 7946 0000" in page
    assert "Allergies: not asked." in page
    assert "Nothing was observed yet." in page


def test_it_holds_the_signs_seen_beside_the_last_set(cast, person):
    seen(person, cast.nurse, awake(also_seen=(AlsoSeen.NEW_TREMOR, AlsoSeen.RIGID)))
    assert "also seen: rigid, new tremor, 17 Nov 09:00" in said(cast)


def test_it_names_a_sedation_hold(cast, person):
    look(person, cast.nurse, rass=-4)
    assert "Sedatives are held since 17 Nov 09:00: diazepam, lorazepam. Only a prescriber lifts it." in said(cast)
    assert "HELD, do not give: 7.5 mg (" in said(cast)


def test_it_takes_as_many_queries_for_5_people_as_for_1(cast, person):
    counts = []
    for names in (("Ana", "Bea", "Cleo", "Dora"), ()):
        with CaptureQueriesContext(connection) as seen:
            pack_of(cast.unit, all_in_beds(cast.unit))
        counts.append(len(seen))
        for name in names:
            other = ward.person_with_history(cast, preferred_name=name)
            sign(cast, other, draft("diazepam", "10", "08:00", "22:00"))
    assert counts[0] == counts[1]


def test_on_demand_it_is_for_who_gives_medicines_and_leaves_a_line(cast, person):
    address = f"/round/{cast.unit.public_id}/downtime.pdf"
    answer = client_for(cast.nurse).get(address)
    assert answer["Content-Type"] == "application/pdf"
    line = AuditLine.objects.get(action="downtime.pdf")
    assert (line.people, line.kind) == ([person.pk], "read")
    assert client_for(cast.counsellor).get(address).status_code == 403
    assert client_for(cast.stranger).get(address).status_code in (403, 404)


def test_the_worker_keeps_one_of_each_unit_an_hour_with_a_line(cast, person, tmp_path, frozen_clock):
    folder = tmp_path / "downtime"
    assert downtime_pdf.keep_packs(cast.centre, folder) == 2
    assert downtime_pdf.keep_packs(cast.centre, folder) == 0
    frozen_clock.tick(minutes=59, seconds=59)
    assert downtime_pdf.keep_packs(cast.centre, folder) == 0
    frozen_clock.tick(seconds=1)
    assert downtime_pdf.keep_packs(cast.centre, folder) == 2
    lines = AuditLine.objects.filter(action="downtime.kept")
    assert lines.count() == 4
    assert [person.pk] in [line.people for line in lines]
    assert sorted(one.name for one in folder.iterdir()) == sorted(
        f"{unit.public_id}.pdf" for unit in (cast.unit, cast.other_unit)
    )
    assert folder.stat().st_mode & 0o077 == 0
    assert all(one.stat().st_mode & 0o077 == 0 for one in folder.iterdir())


def test_a_pack_that_cannot_be_written_leaves_the_old_one_whole_and_nothing_beside_it(
    cast, person, tmp_path, frozen_clock, monkeypatch
):
    place = tmp_path / "downtime" / "unit.pdf"
    downtime_pdf.keep_pack(cast.unit, place)
    old = place.read_bytes()

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(downtime_pdf.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        downtime_pdf.keep_pack(cast.unit, place)
    assert place.read_bytes() == old
    assert [one.name for one in place.parent.iterdir()] == ["unit.pdf"]
    assert AuditLine.objects.filter(action="downtime.kept").count() == 1, "what was not kept has no line"
