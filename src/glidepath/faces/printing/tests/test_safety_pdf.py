"""The safety plan on paper: one page, their words, whom to call at the end, and no number of ours."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from glidepath.care.safety.parts import LONGEST_LINE, parts
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.printing.safety_pdf import own_safety_plan, safety_pdf
from glidepath.faces.printing.safety_values import OwnSafetyPlan, safety_sheet
from glidepath.faces.printing.tests.reading import pages_of

PLAN = OwnSafetyPlan(
    preferred_name="Ruth", centre_name="Willowbrook", centre_phone="020 7946 0000", crisis_line="Samaritans 116 123",
    made_at=dt.datetime(2026, 11, 17, 10, 0), version=2, written_on=dt.date(2026, 11, 16),
    parts=tuple((one.label, (f"line one of {one.key}", f"line two of {one.key}")) for one in parts()),
)  # fmt: skip


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("lines", [1, 2, 4])
def test_it_is_one_page_with_every_line_and_ends_with_whom_to_call(paper, lines):
    plan = replace(PLAN, parts=tuple((head, said * (lines // 2) or said[:1]) for head, said in PLAN.parts))
    (page,) = pages_of(safety_pdf(plan, paper=paper))
    for heading, said in plan.parts:
        assert heading in page
        assert all(line in page for line in said)
    assert page.index("Samaritans 116 123") > page.index("line one of environment")
    assert "020 7946 0000" in page


def test_what_does_not_fit_goes_on_and_nothing_is_lost():
    long = tuple(
        (head, tuple(f"{number} " + "word " * (LONGEST_LINE // 5 - 1) for number in range(12)))
        for head, _ in PLAN.parts
    )
    pages = pages_of(safety_pdf(replace(PLAN, parts=long), paper=Paper.A4))
    assert len(pages) > 1
    assert "Samaritans 116 123" in pages[-1]


def test_no_number_is_invented():
    sheet = safety_sheet(replace(PLAN, crisis_line="", centre_phone=""))
    assert sheet["numbers"] == []


def test_words_in_other_letters_are_said_to_be_missing_and_signs_stay_text():
    strange = ("#set text(1pt) $x$ *no*", "Ελένη 😀")
    (page,) = pages_of(safety_pdf(replace(PLAN, parts=((PLAN.parts[0][0], strange),)), paper=Paper.A4))
    assert "#set text(1pt) $x$ *no*" in page
    assert "cannot print" in page


@pytest.mark.django_db
def test_it_comes_from_the_version_that_counts(frozen_clock):
    from glidepath.care.safety.tests.risk import LINES, plan
    from tests.cast import admitted_person, client_for, make_centre

    frozen_clock.set("2026-11-17T10:00")
    cast = make_centre()
    person = admitted_person(cast, preferred_name="Ruth")
    from django.urls import reverse

    address = reverse("printing:safety_pdf", args=[person.public_id])
    assert client_for(cast.nurse).get(address).status_code == 404
    plan(person, cast.nurse)
    plan(person, cast.nurse, content=LINES | {"alone": "Sing"}, seen=1, reason="he sings")
    own = own_safety_plan(person)
    assert (own.version, dict(own.parts)["What I can do by myself"]) == (2, ("Sing",))
    answer = client_for(cast.pharmacist).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "Sing" in pages_of(answer.content)[0]
