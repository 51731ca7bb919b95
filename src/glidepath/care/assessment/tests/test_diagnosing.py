"""A count suggests, a clinician confirms; what was not counted is never "no disorder"."""

from __future__ import annotations

import pytest
from django.urls import reverse

from glidepath.care.assessment import diagnosing
from glidepath.care.instruments import services as forms
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.facts.sedative_codes import Course
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import PIN, admitted_person, client_for, proof


@pytest.fixture
def person(cast):
    return admitted_person(cast)


def count(person, by, met: int, *, supervised: bool) -> None:
    """The first `met` of criteria 1 to 9 are met, and 10 and 11 (tolerance, withdrawal) always."""
    form = forms.open_form(person=person, instrument="dsm_sedative", filled_by="interview", by=by)
    for item in instrument("dsm_sedative").items:
        number = int(item.key[1:]) if item.key != "supervised" else 0
        given = supervised if number == 0 else number >= 10 or number <= met
        forms.answer(form=form, item=item.key, given=str(int(given)), client_key=f"count-{item.key}", by=by)
    forms.close_form(form=form, by=by)


def confirm(person, by, **more):
    given = {"code": "F13.20", "words": "use disorder, moderate or severe", "because": "five criteria"} | more
    return diagnosing.confirm(person=person, by=by, proof=proof(by), **given)


def test_without_a_count_nothing_is_suggested(person):
    found = diagnosing.suggested(person)
    assert (found.count, found.codes) == (None, ())


def test_dependence_on_a_supervised_prescription_is_no_use_disorder(cast, person):
    count(person, cast.physician, 1, supervised=True)  # one criterion beside those of the body
    found = diagnosing.suggested(person)
    assert found.codes == ()
    assert found.is_supervised
    assert found.because.startswith("1 of 11 criteria, no disorder by count")


def test_the_same_criteria_without_a_prescription_count(cast, person):
    count(person, cast.physician, 3, supervised=False)  # three, and tolerance and withdrawal: five, moderate
    assert [one.code for one in diagnosing.suggested(person).codes] == ["F13.20"]


def test_a_code_that_nobody_saw_in_a_source_is_not_shown(cast, person):
    count(person, cast.physician, 0, supervised=True)
    found = diagnosing.suggested(person, Course.UNCOMPLICATED)  # F13.93 is unverified in the facts
    assert (found.codes, found.left_out) == ((), 1)


def test_a_clinician_confirms_and_takes_back_and_both_stay(cast, person):
    confirm(person, cast.physician)
    assert [row.code for row in diagnosing.diagnoses(person)] == ["F13.20"]
    confirm(person, cast.physician, holds=False, because="the count was of another person")
    assert diagnosing.diagnoses(person) == ()
    assert person.diagnoses.count() == 2
    assert AuditLine.objects.filter(person_id=person.pk, action="diagnosis.confirmed").count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [({"code": "13.20"}, "code"), ({"code": "f"}, "code"), ({"words": " "}, "words"), ({"because": ""}, "because"),
     ({"code": "F13.20", "holds": False}, "code")],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_to_do(cast, person, given, field):
    with pytest.raises(BadInput) as refused:
        confirm(person, cast.physician, **given)
    assert refused.value.field == field
    assert not person.diagnoses.exists()


def test_a_nurse_confirms_no_diagnosis(cast, person):
    with pytest.raises(NotAllowed):
        confirm(person, cast.nurse)


def test_a_code_twice_is_refused(cast, person):
    confirm(person, cast.physician)
    with pytest.raises(BadInput, match="confirmed already"):
        confirm(person, cast.physician)


def test_the_page_confirms_what_was_tapped_and_keeps_what_was_typed(cast, person):
    count(person, cast.physician, 3, supervised=False)
    client, address = client_for(cast.physician), reverse("assessment:diagnoses", args=[person.public_id])
    assert "F13.20" in client.get(address).content.decode()
    typed = {"once": "d1", "code": "F13", "words": "a word", "because": "a count", "act": "confirm", "pin": PIN}
    page = client.post(address, typed | {"code": "13"})
    assert page.status_code == 422
    assert 'value="a word"' in page.content.decode()
    assert client.post(address, typed | {"once": "d2", "code": "f13.20"}).status_code == 303
    assert "Look at it" not in client.get(address).content.decode()  # it stands


def test_a_nurse_reads_the_page_and_has_no_form(cast, person):
    page = client_for(cast.nurse).get(reverse("assessment:diagnoses", args=[person.public_id]))
    assert page.status_code == 200
    assert "Sign the diagnosis" not in page.content.decode()
