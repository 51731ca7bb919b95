"""The printed calendar, read back as text."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import pytest

from glidepath.clinical.facts.load import rule
from glidepath.faces.printing import pdf
from glidepath.faces.printing.advice import AFTER_THE_LAST_DOSE, EMERGENCY_SIGNS, WHEN_IT_IS_HARD
from glidepath.faces.printing.pdf import Paper, PrintFault, calendar_pdf
from glidepath.faces.printing.tests.reading import text_of
from glidepath.faces.printing.tests.sample import sample

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not here")


@needs_pdftotext
def test_each_day_shows_its_doses_and_no_others():
    text = text_of(calendar_pdf(sample(), paper=Paper.A4))
    sunday, monday = text[text.index("Sun 25 Oct") : text.index("Week of 26 Oct")], text[text.index("Mon 26 Oct New") :]
    assert sunday == (
        "Sun 25 Oct 08:00 diazepam 10 mg: 1 × 10 mg tablet "
        "22:00 diazepam 10 mg: 1 × 10 mg tablet 22:00 zopiclone 3.75 mg: half a 7.5 mg tablet "
    )
    assert monday.startswith(
        "Mon 26 Oct New: diazepam 17.5 mg a day. Before: diazepam 20 mg a day. 08:00 diazepam 10 mg: 1 × 10 mg tablet "
        "22:00 diazepam 7.5 mg: 1 × 5 mg tablet and half a 5 mg tablet 22:00 zopiclone 3.75 mg: half a 7.5 mg tablet "
    )
    # 28 mornings and 7 nights of 10 mg and the two of "now"; 21 nights of 7.5 mg
    assert (text.count("diazepam 10 mg:"), text.count("diazepam 7.5 mg:")) == (28 + 7 + 2, 21)


@needs_pdftotext
def test_the_first_page_says_what_to_take_what_comes_next_and_what_to_do_when_it_gets_hard():
    first = text_of(calendar_pdf(sample(), paper=Paper.A4), last_page=1)
    for words in (
        "Your taper calendar, Danilo",
        "08:00 diazepam 10 mg: 1 × 10 mg tablet",
        "From Mon 26 Oct 2026 you take diazepam 17.5 mg a day. This was decided with you.",
        "Stay on the dose you take now.",
        "Call us early: 020 7946 0000.",
        "Never stop suddenly.",
        "Do not skip doses.",
        "No alcohol on top. No opioids",
        "a seizure (a fit)",
        "Samaritans 116 123",
    ):
        assert words in first


@needs_pdftotext
def test_a_planned_step_is_marked_as_not_settled():
    text = text_of(calendar_pdf(sample(), paper=Paper.A4))
    later = text[text.index("Later steps") :]
    assert "It will be decided with you. It is not settled." in later
    assert "Mon 23 Nov 2026 diazepam 16 mg a day" in later
    assert "diazepam 16 mg" not in text[: text.index("Later steps")]


@needs_pdftotext
def test_a_day_without_a_dose_says_so():
    calendar = sample()
    days = (*calendar.days[:-1], replace(calendar.days[-1], doses=()))
    assert text_of(calendar_pdf(replace(calendar, days=days), paper=Paper.A4)).count("No dose") == 1


@needs_pdftotext
def test_after_the_last_dose_the_sheet_warns_of_starting_again_and_no_more_of_staying():
    days = tuple(replace(day, doses=()) for day in sample().days)
    text = text_of(calendar_pdf(sample(now_doses=(), days=days), paper=Paper.A4), last_page=1)
    assert "Do not start again on your own." in text
    assert "Stay on the dose" not in text


@needs_pdftotext
def test_markup_in_a_name_stays_text():
    name = '#set page(fill: red) *Ana* "$x$" \\ <a>'
    assert f"Your taper calendar, {name}" in text_of(calendar_pdf(sample(preferred_name=name), paper=Paper.A4))


@needs_pdftotext
def test_a_name_in_letters_we_cannot_print_is_left_out_and_the_doses_stay():
    text = text_of(calendar_pdf(sample(preferred_name="王小明"), paper=Paper.A4))
    assert text.startswith("Your taper calendar Version 3")
    assert text.count("diazepam 7.5 mg:") == 21


def test_a_dose_we_cannot_print_is_never_left_out_silently():
    calendar = sample()
    strange = replace(calendar.now_doses[0], medicine="王")
    with pytest.raises(pdf.typst.TypstError):
        calendar_pdf(replace(calendar, now_doses=(strange,)), paper=Paper.A4)


def test_the_same_calendar_gives_the_same_bytes():
    assert calendar_pdf(sample(), paper=Paper.A4) == calendar_pdf(sample(), paper=Paper.A4)


def test_the_file_is_tagged_for_screen_readers_and_has_a_language():
    body = calendar_pdf(sample(), paper=Paper.A4)
    assert b"/Marked true" in body
    assert b"/Lang" in body
    assert b"pdfuaid" in body


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="pdfinfo (poppler-utils) is not here")
@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, "(A4)"), (Paper.LETTER, "612 x 792 pts (letter)")])
def test_the_paper_is_that_of_the_country(paper, size):
    told = subprocess.run(["pdfinfo", "-"], input=calendar_pdf(sample(), paper=paper), capture_output=True, check=True)
    assert size in told.stdout.decode()


def test_a_missing_font_is_a_fault_and_not_another_face(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    with pytest.raises(PrintFault, match="unknown font family"):
        calendar_pdf(sample(), paper=Paper.A4)


@pytest.mark.parametrize("advice", [*WHEN_IT_IS_HARD, *AFTER_THE_LAST_DOSE, *EMERGENCY_SIGNS], ids=lambda one: one.lead)
def test_each_piece_of_advice_rests_on_rules_the_facts_know(advice):
    assert advice.rules
    for code in advice.rules:
        assert rule(code).title
