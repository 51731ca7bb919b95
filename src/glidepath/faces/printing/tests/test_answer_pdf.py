"""The letter to somebody who called, read back as text: the medicine first, and never just no."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import pytest
from django.urls import reverse

from glidepath.care.flow.tests.screens import BRIDGED, decide
from glidepath.faces.printing.advice import EMERGENCY_SIGNS
from glidepath.faces.printing.answer_pdf import answer_pdf
from glidepath.faces.printing.answer_values import KEEP_ON, NOT_PRINTABLE, OwnAnswer
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.printing.tests.reading import text_of
from glidepath.record.audit.models import AuditLine
from tests.cast import client_for, enquiring_person, make_centre

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not here")

LETTER = OwnAnswer(
    preferred_name="Greta", centre_name="Willowbrook", centre_phone="020 7946 0000", crisis_line="Samaritans 116 123",
    made_at=dt.datetime(2026, 11, 17, 10, tzinfo=dt.UTC), signed_by="Dr Ines Ferreira",
    signed_on=dt.date(2026, 11, 17), level="outpatient", comes_on=None, reason="You want to stay near home.",
    elsewhere="Elm Street Practice", elsewhere_contact="020 7946 0456", bridging="Dr Whitby prescribes it by the week.",
    bridging_by="Dr Alan Whitby", we_call_on=dt.date(2026, 11, 24),
)  # fmt: skip


@needs_pdftotext
def test_the_medicine_comes_first_then_the_answer_then_whom_to_call():
    text = text_of(answer_pdf(LETTER, paper=Paper.A4))
    order = (
        "Our answer, Greta", KEEP_ON, "Dr Whitby prescribes it by the week.", "Dr Alan Whitby", "Never stop suddenly.",
        "What we decided", "You want to stay near home.", "Elm Street Practice", "020 7946 0456",
        "We call you on Tue 24 Nov", "020 7946 0000", "Emergency: call the emergency number", "Samaritans 116 123",
    )  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert all(one.lead in text[places[-2] :] for one in EMERGENCY_SIGNS)


@needs_pdftotext
def test_the_letter_stops_no_methadone_or_buprenorphine():
    text = text_of(answer_pdf(LETTER, paper=Paper.A4))
    assert "Keep taking what is prescribed for you, methadone or buprenorphine too." in text


@needs_pdftotext
def test_who_is_expected_reads_the_day_and_to_go_on_until_then():
    expected = replace(LETTER, comes_on=dt.date(2026, 11, 19), level="residential", bridging="", bridging_by="")
    text = text_of(answer_pdf(expected, paper=Paper.LETTER))
    assert "We expect you on Thu 19 Nov 2026: a bed in our house." in text
    assert KEEP_ON in text


@needs_pdftotext
@pytest.mark.parametrize("words", ["#pagebreak() *x* $a$ [b] \\ //", "“quotes” & 5 < 6"])
def test_whatever_was_agreed_stays_text(words):
    text = text_of(answer_pdf(replace(LETTER, bridging=words), paper=Paper.A4))
    assert words.replace(" ", "") in text.replace(" ", "")


@needs_pdftotext
def test_a_bridging_plan_that_cannot_be_printed_is_never_left_out_silently():
    assert NOT_PRINTABLE in text_of(answer_pdf(replace(LETTER, bridging="每周一次"), paper=Paper.A4))


@needs_pdftotext
@pytest.mark.django_db
def test_the_letter_is_the_decision_that_stands_and_its_printing_leaves_a_line(frozen_clock):
    frozen_clock.set("2026-11-17T10:00")
    cast = make_centre()
    person = enquiring_person(cast, preferred_name="Greta")
    address = reverse("printing:answer_pdf", args=[person.public_id])
    client = client_for(cast.nurse)
    assert client.get(address).status_code == 404
    decide(cast, person, BRIDGED)
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "their doctor prescribes the usual dose" in text_of(answer.content)
    assert AuditLine.objects.filter(action="decision.pdf", person_id=person.pk).count() == 1
    assert client_for(cast.counsellor).get(address).status_code == 403
