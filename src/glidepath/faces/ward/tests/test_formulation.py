"""The formulation shows what stands in the record and says what nobody asked."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.assessment import queries
from glidepath.care.assessment.models import Said
from glidepath.care.assessment.services import Taper, record_facts, record_past_taper, sign_part
from glidepath.care.assessment.tests.told import record
from glidepath.care.instruments import services as forms
from glidepath.clinical.facts.load import instrument
from tests.cast import admitted_person, client_for, proof


@pytest.fixture
def person(cast):
    return admitted_person(cast)


def read(cast, person, by=None) -> str:
    page = client_for(by or cast.physician).get(reverse("ward:formulation", args=[person.public_id]))
    assert page.status_code == 200
    return page.content.decode()


def test_of_whom_nothing_was_asked_it_says_so(cast, person):
    page = read(cast, person)
    for words in ("not asked in this stay", "no benzodiazepine told", "no code confirmed", "no plan is signed",
                  "Nobody has signed a part yet", "no safety plan is written"):  # fmt: skip
        assert words in page
    assert "cannot be said yet" in page  # dependence: not known is not no


def test_it_shows_their_words_how_it_came_and_what_could_hurt(cast, person):
    record(person, cast.nurse)  # lorazepam 1 mg twice a day for six years
    record_facts(
        person=person, by=cast.nurse, answers={"wants": "To sleep at my sister’s.", "past_seizure": "yes"}, once="a"
    )  # fmt: skip
    page = read(cast, person)
    assert "To sleep at my sister’s." in page
    assert "lorazepam" in page
    assert "an earlier seizure" in page
    assert "withdrawal is to be expected" in page


def test_an_earlier_way_down_and_a_signed_summary_stand_under_a_name(cast, person):
    record_past_taper(
        person=person, by=cast.physician, once="t",
        taper=Taper("lorazepam", Said.NO, stopped_at="0.5 mg a day", why="no sleep"),
    )  # fmt: skip
    own = queries.part(person, "benzodiazepines").own_of(cast.physician)
    sign_part(
        person=person, domain="benzodiazepines", words="One earlier taper, too fast.", by=cast.physician,
        proof=proof(cast.physician), shown=own.digest, once="s",
    )  # fmt: skip
    page = read(cast, person)
    assert "stopped at 0.5 mg a day" in page
    assert "One earlier taper, too fast." in page
    assert cast.physician.name in page


def test_a_screen_says_that_it_may_be_withdrawal(cast, person):
    form = forms.open_form(person=person, instrument="gad_7", filled_by="self", by=cast.nurse)
    for item in instrument("gad_7").items:
        forms.answer(form=form, item=item.key, given="2", client_key=f"tapped-{item.key}", by=cast.nurse)
    forms.close_form(form=form, by=cast.nurse)
    assert "GAD-7 14, moderate" in read(cast, person)
    assert "Possible withdrawal" in read(cast, person)


def test_thirty_answers_take_as_many_queries_as_three(cast, person):
    client, address = client_for(cast.physician), reverse("ward:formulation", args=[person.public_id])
    client.get(address)
    names = ["wants", "worries", "strengths", "housing", "work", "driving", "network", "culture", "legal", "money"]
    counts = []
    for some in (names[:3], names):
        for name in some:
            value = "own" if name == "housing" else "no" if name in ("driving", "legal", "money") else "so it is"
            record_facts(person=person, by=cast.nurse, answers={name: value}, once=f"{name}-{len(some)}")
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        counts.append(len(found))
    assert counts[0] == counts[1]
