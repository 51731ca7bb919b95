"""The inventory as PDF and CSV: what stands in them is what the register says, and no person is named."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from glidepath.care.supply.models import Balance
from glidepath.care.supply.tests import register as made
from glidepath.faces.printing.tests.reading import text_of
from glidepath.record.audit.models import AuditLine
from tests.cast import admitted_person, client_for, make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(frozen_clock) -> made.Register:
    register = made.make(make_centre())
    batch = made.opened(register, pieces=60)
    made.opened(register, register.liquid, 150, lot="=1+1")
    made.issue(register, admitted_person(register.cast, preferred_name="Xaver"), "1.5")
    made.count(register, {batch: 230} | {row.batch: row.quantity for row in _liquid()})
    return register


def _liquid():
    return Balance.objects.filter(batch__lot="=1+1").select_related("batch")


def get(register: made.Register, name: str, **asked: str):
    return client_for(register.cast.auditor).get(reverse(f"printing:{name}"), asked)


def test_the_csv_says_it_in_pieces_and_millilitres(register: made.Register) -> None:
    answer = get(register, "inventory_csv")
    assert answer["Content-Type"].startswith("text/csv")
    liquid, tablets = sorted(csv.DictReader(io.StringIO(answer.text)), key=lambda row: row["unit"])
    assert (tablets["came"], tablets["issued_for_doses"], tablets["held"]) == ("60", "1.5", "58.5")
    assert (tablets["container_units"], tablets["full_containers"], tablets["unit"]) == ("28", "2", "pieces")
    assert (liquid["held"], liquid["unit"]) == ("150", "mL")
    assert liquid["lot"] == "'=1+1", "no spreadsheet takes it for a formula"
    assert AuditLine.objects.filter(action="register.inventory_csv", kind="read").count() == 1


@pytest.mark.parametrize("kind", ["daily", "biennial"])
def test_the_pdf_holds_lines_differences_counts_and_names_nobody_in_care(register: made.Register, kind: str) -> None:
    answer = get(register, "inventory_pdf", kind=kind)
    assert answer["Content-Type"] == "application/pdf"
    text = text_of(answer.content)
    for words in ("58 ½ tablets", "1 dose", "−1 tablet", "Willow cupboard", "at the change of shift", "30 Jun 2027"):
        assert words in text, words
    assert "Xaver" not in text
    assert f"{kind.capitalize()} inventory" in text


@pytest.mark.parametrize("asked", [{"day": "2027-01-01"}, {"day": "x"}, {"kind": "weekly"}])
def test_what_cannot_be_printed_is_said(register: made.Register, asked: dict[str, str]) -> None:
    answer = get(register, "inventory_pdf", **asked)
    assert answer.status_code == 404
    assert "Ask for a day up to today" in answer.text


@pytest.mark.parametrize("name", ["inventory_pdf", "inventory_csv"])
def test_who_may_not_read_the_register_gets_no_file(register: made.Register, name: str) -> None:
    assert client_for(register.cast.counsellor).get(reverse(f"printing:{name}")).status_code == 403
