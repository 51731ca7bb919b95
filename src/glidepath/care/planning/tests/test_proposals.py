"""What the record proposes for a plan: told, found by rules, and seen here."""

from __future__ import annotations

from uuid import uuid4

import pytest

from glidepath.care.assessment.services import record_facts
from glidepath.care.assessment.tests.told import record
from glidepath.care.instruments import services as instruments
from glidepath.care.monitoring.services import record_event
from glidepath.care.planning.proposals import proposals, setting_of
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.facts.plan_templates import ProblemKind
from glidepath.record.episodes import services as episodes
from tests.cast import enquiring_person, episode_of


def reasons(person):
    return {one.kind.value: [why.name for why in one.because] for one in proposals(person).proposed}


def test_of_whom_nobody_has_asked_nothing_is_proposed_and_what_was_not_asked_is_named(person):
    found = proposals(person)
    assert found.proposed == ()
    assert "pregnancy" in found.not_asked["pregnancy"]


def test_dependence_is_proposed_from_how_the_medicine_is_taken(cast, person):
    record(person, cast.nurse)  # lorazepam 1 mg twice a day for six years
    assert reasons(person) == {"dependence": ["JCG-T2"]}


@pytest.mark.parametrize(("kind", "problem"), [("seizure", "seizure"), ("fall", "falls")])
def test_a_seizure_or_a_fall_seen_here_is_a_reason_also_where_it_was_denied(kind, problem, cast, person):
    record_facts(person=person, answers={"past_seizure": "no", "falls_risk": "no"}, by=cast.nurse)
    record_event(person=person, kind=kind, words="in the hall", by=cast.nurse, once=uuid4().hex)
    assert reasons(person)[problem] == [kind]


def test_an_alarm_about_suicide_that_stands_is_a_reason_also_after_a_later_no(cast, person):
    record_facts(person=person, answers={"suicidality_voiced": "yes"}, by=cast.nurse)
    record_facts(person=person, answers={"suicidality_voiced": "no"}, by=cast.nurse)
    assert reasons(person)["suicidality"] == ["SUI-1"]


def test_where_care_is_given_follows_the_bed_and_no_bed_is_outpatient_care(cast, person):
    assert setting_of(person) is Setting.RESIDENTIAL
    episodes.move_bed(episode=episode_of(person), bed=cast.other_bed, by=cast.nurse, urgent="no bed on the unit")
    assert setting_of(person) is Setting.INPATIENT_MEDICAL
    assert setting_of(enquiring_person(cast)) is Setting.OUTPATIENT


def test_a_screen_proposes_a_problem_with_its_score_and_when_to_ask_again(cast, person):
    form = instruments.open_form(person=person, instrument="phq_9", filled_by="self", by=cast.nurse)
    for number, item in enumerate(instrument("phq_9").items[:9]):
        instruments.answer(form=form, item=item.key, given="2", client_key=f"tapped-{number}", by=cast.nurse)
    instruments.close_form(form=form, by=cast.nurse)
    mood = next(one for one in proposals(person).proposed if one.kind is ProblemKind.MOOD)
    assert any(
        "PHQ-9 18, moderately severe" in why.words and "Possible withdrawal" in why.words for why in mood.because
    )
