"""Past tapers, other substances and the list of medicines are kept as they were told."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.assessment import queries, services
from glidepath.care.assessment.models import MedicineDecision, MedicineTaken, Mouth, Said
from glidepath.care.assessment.tests.told import answer
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import proof

pytestmark = pytest.mark.django_db
SERTRALINE = services.Medicine("sertraline", (Mouth.PERSON, Mouth.LETTER), dose_words="50 mg in the morning")


def test_a_seizure_on_an_earlier_way_down_is_a_past_seizure_whatever_was_answered(cast, person):
    answer(person, cast.nurse, past_seizure="no")
    taper = services.Taper("Ativan", Said.YES, "2023", "4 mg a day", "in three weeks", "1 mg", "a seizure at night")
    row = services.record_past_taper(person=person, taper=taper, by=cast.nurse)
    facts = queries.facts(person)
    assert (facts.past_seizure, facts.past_withdrawal_complicated) == (True, True)
    assert row.medicine_name == "lorazepam"
    assert queries.entries(person).past_tapers == (row,)


def test_an_earlier_way_down_without_one_says_nothing_of_seizures(cast, person):
    services.record_past_taper(person=person, taper=services.Taper("lorazepam", Said.UNKNOWN), by=cast.nurse)
    assert queries.facts(person).past_seizure is None


def test_a_correction_needs_its_reason_and_replaces_what_counts(cast, person):
    wrong = services.record_past_taper(person=person, taper=services.Taper("lorazepam", Said.YES), by=cast.nurse)
    right = services.Taper("lorazepam", Said.NO)
    with pytest.raises(BadInput, match="Say why"):
        services.record_past_taper(person=person, taper=right, by=cast.nurse, corrects=wrong)
    row = services.record_past_taper(person=person, taper=right, by=cast.nurse, corrects=wrong, reason="misheard")
    assert queries.entries(person).past_tapers == (row,)
    assert queries.facts(person).past_seizure is None
    wrong.refresh_from_db()
    with pytest.raises(BadInput, match="corrected meanwhile"):
        services.record_past_taper(person=person, taper=right, by=cast.nurse, corrects=wrong, reason="again")


def test_a_substance_is_kept_in_the_persons_words(cast, person):
    told = services.Substance("alcohol", amount="two glasses of wine", days_per_week=5, treatment_wanted=Said.NO)
    row = services.record_substance(person=person, substance=told, by=cast.nurse, mouth=Mouth.FAMILY, once="a")
    assert services.record_substance(person=person, substance=told, by=cast.nurse, once="a") == row
    assert (row.amount, row.mouth) == ("two glasses of wine", "family")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (services.Substance("moonbeams"), "substance"),
        (services.Substance("other"), "name"),
        (services.Substance("alcohol", days_per_week=8), "days_per_week"),
        (services.Substance("alcohol", days_per_week=-1), "days_per_week"),
        (services.Substance("alcohol", last_use_on=dt.date(2026, 11, 18)), "last_use_on"),
        (services.Substance("alcohol", last_use_on=dt.date(1950, 1, 1)), "last_use_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(cast, person, wrong, field):
    with pytest.raises(BadInput) as refused:
        services.record_substance(person=person, substance=wrong, by=cast.nurse)
    assert refused.value.field == field


def test_a_medicine_outside_the_facts_keeps_its_name_and_nobody_guesses_what_it_does(cast, person):
    row = services.record_medicine(person=person, medicine=SERTRALINE, by=cast.pharmacist)
    assert (row.medicine, row.is_sedative, row.is_opioid) == ("", "unknown", "unknown")
    assert row.sources == ["person", "letter"]


def test_a_benzodiazepine_on_the_list_is_found_by_its_brand_and_sedates(cast, person):
    row = services.record_medicine(
        person=person, medicine=services.Medicine("Valium", (Mouth.PHARMACY,)), by=cast.pharmacist
    )
    assert (row.medicine, row.medicine_name, row.is_sedative) == ("diazepam", "diazepam", "yes")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (services.Medicine(" ", (Mouth.PERSON,)), "medicine_name"),
        (services.Medicine("sertraline", ()), "sources"),
        (services.Medicine("sertraline", ("a bird",)), "sources"),
    ],
)
def test_a_line_without_a_name_or_a_source_is_refused(cast, person, wrong, field):
    with pytest.raises(BadInput) as refused:
        services.record_medicine(person=person, medicine=wrong, by=cast.pharmacist)
    assert refused.value.field == field
    assert not MedicineTaken.objects.exists()


def decide(row, by, decision="continue", reason="helps", once=""):
    return services.decide_medicine(medicine=row, decision=decision, reason=reason, by=by, proof=proof(by), once=once)


def test_a_prescriber_decides_and_a_pharmacist_checks_each_in_their_own_name(cast, person):
    row = services.record_medicine(person=person, medicine=SERTRALINE, by=cast.nurse)
    decided = decide(row, cast.physician, once="d")
    assert decide(row, cast.physician, once="d") == decided
    checked = services.check_medicine(medicine=row, words="dose as on the box", by=cast.pharmacist, once="c")
    assert services.check_medicine(medicine=row, words="dose as on the box", by=cast.pharmacist, once="c") == checked
    later = decide(row, cast.physician, "stop", "the rash")
    line = queries.medicine_lines(person)[0]
    assert (line.decision, line.check) == (later, checked)
    assert MedicineDecision.objects.count() == 2


@pytest.mark.parametrize("role", ["nurse", "pharmacist", "psychologist", "counsellor", "admissions", "manager"])
def test_who_may_not_prescribe_decides_nothing(cast, person, role):
    row = services.record_medicine(person=person, medicine=SERTRALINE, by=cast.nurse)
    with pytest.raises(NotAllowed):
        decide(row, getattr(cast, role))


@pytest.mark.parametrize("role", ["nurse", "physician", "psychologist", "counsellor", "admissions", "manager"])
def test_who_is_no_pharmacist_checks_nothing(cast, person, role):
    row = services.record_medicine(person=person, medicine=SERTRALINE, by=cast.nurse)
    with pytest.raises(NotAllowed):
        services.check_medicine(medicine=row, words="fine", by=getattr(cast, role))


@pytest.mark.parametrize("role", ["counsellor", "case_manager", "peer_worker", "manager", "auditor", "administrator"])
def test_who_records_no_doses_writes_no_line(cast, person, role):
    with pytest.raises(NotAllowed):
        services.record_medicine(person=person, medicine=SERTRALINE, by=getattr(cast, role))


def test_a_decision_needs_its_choice_its_reason_and_the_line_that_stands(cast, person):
    row = services.record_medicine(person=person, medicine=SERTRALINE, by=cast.nurse)
    for given, field in (({"decision": "perhaps"}, "decision"), ({"reason": " "}, "reason")):
        with pytest.raises(BadInput) as refused:
            decide(row, cast.physician, **given)
        assert refused.value.field == field
    services.record_medicine(person=person, medicine=SERTRALINE, by=cast.nurse, corrects=row, reason="100 mg")
    row.refresh_from_db()
    with pytest.raises(BadInput, match="corrected meanwhile"):
        decide(row, cast.physician)
