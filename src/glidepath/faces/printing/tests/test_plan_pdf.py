"""A person's own copy of their plan, read back as text."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace

import pytest
from django.urls import reverse

from glidepath.care.planning.tests.plans import GOAL, a_plan, sign
from glidepath.clinical.planning.values import ProblemKind
from glidepath.faces.printing.advice import EMERGENCY_SIGNS
from glidepath.faces.printing.pdf import Paper
from glidepath.faces.printing.plan_pdf import own_plan, plan_pdf
from glidepath.faces.printing.plan_values import NOT_PRINTABLE, OwnGoal, OwnObjective, OwnPlan
from glidepath.faces.printing.tests.reading import text_of
from glidepath.record.audit.models import AuditLine
from tests.cast import admitted_person, client_for, make_centre

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not here")

PLAN = OwnPlan(
    preferred_name="Ruth", centre_name="Willowbrook", centre_phone="020 7946 0000", crisis_line="Samaritans 116 123",
    made_at=dt.datetime(2026, 11, 17, 10, tzinfo=dt.UTC), version=2, signed_by="Marta Lindqvist",
    signed_on=dt.date(2026, 11, 16), agreed="that is what I meant", next_review=dt.date(2026, 12, 16),
    goals=(
        OwnGoal(
            "Sleep in my own bed.", "Sleep",
            (OwnObjective("Ruth sleeps long enough", "six hours, she says", dt.date(2027, 1, 12),
                          (("CBT-I", "psychologist, once a week"),)),),
        ),
    ),
)  # fmt: skip


@needs_pdftotext
def test_their_words_come_first_then_what_is_done_then_how_to_change_it_and_whom_to_call():
    text = text_of(plan_pdf(PLAN, paper=Paper.A4))
    order = (
        "Your plan, Ruth", "What you said you want", "“Sleep in my own bed.”", "that is what I meant",
        "Ruth sleeps long enough", "It is reached when: six hours, she says, by 12 Jan 2027.",
        "CBT-I (psychologist, once a week)", "This plan is yours to change", "by 16 Dec 2026", "020 7946 0000",
        *(one.lead for one in EMERGENCY_SIGNS), "Samaritans 116 123",
    )  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


@needs_pdftotext
def test_words_in_letters_that_cannot_be_printed_are_never_left_out_silently():
    goal = replace(PLAN.goals[0], words="我想睡个好觉")
    text = text_of(plan_pdf(replace(PLAN, goals=(goal,)), paper=Paper.LETTER))
    assert NOT_PRINTABLE in text
    assert "CBT-I" in text


@needs_pdftotext
@pytest.mark.parametrize("words", ["#pagebreak() *x* <label> $a$ [b] \\ //", "“quotes” & 5 < 6", "x" * 400])
def test_whatever_somebody_said_stays_text(words):
    goal = replace(PLAN.goals[0], words=words)
    assert words.replace(" ", "")[:40] in text_of(plan_pdf(replace(PLAN, goals=(goal,)), paper=Paper.A4)).replace(
        " ", ""
    )


@needs_pdftotext
@pytest.mark.django_db
def test_the_copy_is_the_version_that_counts_and_its_printing_leaves_a_line():
    cast = make_centre()
    person = admitted_person(cast, preferred_name="Ruth")
    client, address = client_for(cast.counsellor), reverse("printing:plan_pdf", args=[person.public_id])
    assert client.get(address).status_code == 404
    sign(person, cast.nurse, a_plan(person, ProblemKind.SLEEP, ProblemKind.SEIZURE))
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert GOAL in text_of(answer.content)
    assert AuditLine.objects.filter(action="plan.pdf", person_id=person.pk).count() == 1
    assert own_plan(person).version == 1
