"""Wristbands and shelf labels: the code holds a random id, no name, and is read as the round understands it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import segno

from glidepath.care.medication import codes
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Location, StockedProduct
from glidepath.care.supply.tests import register as stock
from glidepath.faces.printing.labels_pdf import Label, labels_pdf, qr_svg
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.printing.tests.reading import pages_of
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput
from tests.cast import admitted_person, client_for, make_centre, proof
from tests.scenarios import ward

MADE = dt.datetime(2026, 11, 17, 8, 0)
TEXT = "GLP:W:6f1c2b64-0d6f-4a39-9d0c-6f3a1a2b3c4d"


def modules_of(svg: str) -> list[list[bool]]:
    """The dark squares of a drawing of ours, from its path: moves and runs to the right, a row at a time."""
    path = re.search(r' d="([^"]+)"', svg)[1]
    size = int(re.search(r'width="(\d+)"', svg)[1]) // 4
    dark = [[False] * size for _ in range(size)]
    x = y = 0.0
    for step, first, _, second in re.findall(r"([Mmh])(-?[\d.]+)(?:([ ,]?)(-?[\d.]+))?", path):
        if step == "M":
            x, y = float(first), float(second)
        elif step == "m":
            x, y = x + float(first), y + float(second)
        else:
            for column in range(int(x), int(x + float(first))):
                dark[int(y)][column] = True
            x += float(first)
    return dark


def test_the_drawing_is_the_code_with_its_quiet_edge():
    made = segno.make(TEXT, error="q", micro=False, boost_error=False)
    wanted = [[bool(one & 1) for one in row] for row in made.matrix]
    drawn = modules_of(qr_svg(TEXT))
    assert not any(any(row) for row in (*drawn[:4], *drawn[-4:]))
    assert [row[4:-4] for row in drawn[4:-4]] == wanted


@pytest.mark.parametrize("paper", Paper)
def test_words_stand_beside_the_code_and_signs_stay_text(paper):
    label = Label(TEXT, "Marta #1", ("born 12-Mar-1979 $x$", "Allergies: none known"))
    (band,) = pages_of(labels_pdf([label], "wristband", paper=paper, made_at=MADE))
    assert "Marta #1" in band
    assert "born 12-Mar-1979 $x$" in band


def test_names_in_other_letters_are_said_to_be_missing_and_the_code_stays():
    label = Label(TEXT, "Ελένη", ("😀",))
    (band,) = pages_of(labels_pdf([label], "wristband", paper=Paper.A4, made_at=MADE))
    assert band.count("cannot be printed") >= 1


def test_a_code_is_read_back_and_any_other_text_is_refused():
    code = codes.read_code(f" {TEXT.lower().replace('glp:w', 'glp:w')} ")
    assert code.text == TEXT
    for wrong in ("", "5012345678900", "GLP:W:", "GLP:X:6f1c2b64-0d6f-4a39-9d0c-6f3a1a2b3c4d", TEXT[:-1], "a" * 5000):
        with pytest.raises(BadInput, match="no code of this centre"):
            codes.read_code(wrong)


@pytest.mark.django_db
def test_a_wristband_is_for_who_may_see_the_person_and_leaves_a_line(frozen_clock):
    cast = make_centre()
    person = admitted_person(cast)
    address = f"/people/{person.public_id}/wristband.pdf"
    answer = client_for(cast.nurse).get(address)
    (page,) = pages_of(answer.content)
    assert person.legal_name in page
    assert AuditLine.objects.filter(action="wristband.pdf", person_id=person.pk, kind="read").count() == 1
    assert client_for(cast.stranger).get(address).status_code in (403, 404)


@pytest.mark.django_db
def test_the_shelf_has_a_label_for_each_product(frozen_clock):
    cast = make_centre()
    assert client_for(cast.pharmacist).get("/settings/products/labels.pdf").status_code == 404
    ward.stock_shelf(cast)
    text = " ".join(pages_of(client_for(cast.pharmacist).get("/settings/products/labels.pdf").content))
    assert text.count("diazepam") == 4
    assert text.count("lorazepam") == 2


@pytest.mark.django_db
def test_the_labels_of_a_location_hold_lot_and_expiry_and_leave_out_what_is_barred(frozen_clock):
    cast = make_centre()
    ward.stock_shelf(cast)
    cupboard = stock.location(cast, "Willow cupboard", Location.Kind.CUPBOARD, cast.unit)
    client, address = client_for(cast.nurse), f"/register/{cupboard.public_id}/labels.pdf"
    assert client.get(address).status_code == 404
    product = StockedProduct.objects.filter(centre=cast.centre)[0]
    for lot, expires in (("LATER", stock.LATER), ("OLD", clock.today(cast.centre) - dt.timedelta(days=1))):
        supply.open_stock(
            location=cupboard, delivery=stock.delivery(product, 20, lot, expires), by=cast.pharmacist,
            second=proof(cast.nurse), once=ward.once(),
        )  # fmt: skip
    (sheet,) = pages_of(client.get(address).content)
    assert "Lot LATER" in sheet
    assert "Jun 2027" in sheet.replace("-", " ")
    assert "OLD" not in sheet
    assert address in client.get(f"/register/{cupboard.public_id}/").text
    assert AuditLine.objects.filter(action="register.labels_pdf").count() == 1
    assert client_for(cast.stranger).get(address).status_code in (403, 404)
