"""Older people, pregnancy, sleep beside a mood or psychotic disorder, epilepsy, and where care begins."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.level_of_care import check_inpatient_start, check_outpatient_start
from glidepath.clinical.guidelines.older_people import check_older_person, check_older_person_switch
from glidepath.clinical.guidelines.pregnancy import check_pregnancy
from glidepath.clinical.guidelines.seizures import check_epilepsy_medicine, check_seizure, check_seizure_in_episode
from glidepath.clinical.guidelines.shared_decision import check_psychosocial_offer, check_shared_decision
from glidepath.clinical.guidelines.sleep import check_sleep_pause, check_sleep_watch
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

SIXTY_FIVE, SIXTY_FOUR = replace(PLAIN, age=Decimal(65)), replace(PLAIN, age=Decimal(64))


@fires("JCG-27")
def test_at_sixty_five_a_reason_to_go_on_is_asked_for() -> None:
    findings = check_older_person(SIXTY_FIVE, tapers_to_zero=False)
    assert codes(findings) == ["JCG-27"]
    assert findings[0].severity is Severity.WARNING
    assert findings[0].answered_by is None


def test_a_taper_to_zero_answers_it() -> None:
    assert check_older_person(SIXTY_FIVE, tapers_to_zero=True)[0].answered_by == "the plan tapers to zero"


@just_short("JCG-27")
def test_at_sixty_four_no_reason_to_go_on_is_asked_for() -> None:
    assert check_older_person(SIXTY_FOUR, tapers_to_zero=False) == ()
    assert unassessed(check_older_person(NOBODY_ASKED, tapers_to_zero=True)) == {"JCG-27": ("age",)}


@fires("OLD-1")
def test_a_switch_to_diazepam_at_sixty_five_warns() -> None:
    assert codes(check_older_person_switch(SIXTY_FIVE, switch_to="diazepam")) == ["OLD-1"]


@just_short("OLD-1")
def test_a_switch_at_sixty_four_or_to_another_medicine_does_not_warn() -> None:
    assert check_older_person_switch(SIXTY_FOUR, switch_to="diazepam") == ()
    assert check_older_person_switch(SIXTY_FIVE, switch_to="oxazepam") == ()
    assert check_older_person_switch(NOBODY_ASKED, switch_to=None) == ()


@fires("JCG-28")
def test_no_plan_for_a_pregnant_person_without_obstetrics() -> None:
    findings = check_pregnancy(replace(PLAIN, pregnant=True))
    assert codes(findings) == ["JCG-28"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-28")
def test_a_pregnant_person_with_a_joint_plan_is_no_hard_stop() -> None:
    assert check_pregnancy(replace(PLAIN, pregnant=True, obstetric_plan=True)) == ()
    assert unassessed(check_pregnancy(NOBODY_ASKED)) == {"JCG-28": ("pregnant",)}
    asked = replace(PLAIN, pregnant=True, obstetric_plan=None)
    assert unassessed(check_pregnancy(asked)) == {"JCG-28": ("obstetric_plan",)}


@fires("JCG-26")
@pytest.mark.parametrize("diagnosis", ["dx_mood", "dx_bipolar", "dx_psychotic"])
def test_sleep_is_watched_with_a_mood_or_psychotic_disorder(diagnosis: str) -> None:
    assert codes(check_sleep_watch(replace(PLAIN, **{diagnosis: True}))) == ["JCG-26"]


@just_short("JCG-26")
def test_sleep_is_not_singled_out_without_one() -> None:
    assert check_sleep_watch(PLAIN) == ()
    assert unassessed(check_sleep_watch(replace(PLAIN, dx_mood=None))) == {"JCG-26": ("dx_mood",)}


@fires("JCG-26a")
def test_the_taper_pauses_while_sleep_is_badly_disturbed_with_a_mood_disorder() -> None:
    findings = check_sleep_pause(replace(PLAIN, dx_mood=True), disturbed=True)
    assert codes(findings) == ["JCG-26a"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-26a")
def test_the_taper_goes_on_when_sleep_is_well_or_no_such_disorder_is_known() -> None:
    assert check_sleep_pause(replace(PLAIN, dx_mood=True), disturbed=False) == ()
    assert check_sleep_pause(PLAIN, disturbed=True) == ()
    unknown = check_sleep_pause(replace(PLAIN, dx_mood=True), disturbed=None)
    assert unassessed(unknown) == {"JCG-26a": ("sleep_disturbed",)}


@fires("SEI-1", "SEI-2")
def test_a_seizure_of_five_minutes_is_status_epilepticus() -> None:
    findings = check_seizure(minutes=Decimal(5))
    assert codes(findings) == ["SEI-1", "SEI-2"]
    assert not any(finding.overridable for finding in findings)
    assert codes(check_seizure(without_recovery=True)) == ["SEI-1", "SEI-2"]


@just_short("SEI-1")
def test_an_event_that_was_no_seizure_raises_no_emergency() -> None:
    assert check_seizure(seen=False) == ()


@just_short("SEI-2")
def test_a_seizure_of_less_than_five_minutes_is_an_emergency_all_the_same() -> None:
    assert codes(check_seizure(minutes=Decimal("4.9"))) == ["SEI-1"]
    assert codes(check_seizure()) == ["SEI-1"]


@fires("SEI-3")
def test_an_open_seizure_stands_against_every_cut() -> None:
    findings = check_seizure_in_episode(open_seizure=True, setting=Setting.RESIDENTIAL)
    assert codes(findings) == ["SEI-3"]
    assert findings[0].severity is Severity.HARD_STOP
    assert "transfer" in findings[0].do
    assert "transfer" not in check_seizure_in_episode(open_seizure=True, setting=Setting.INPATIENT_MEDICAL)[0].do


@just_short("SEI-3")
def test_without_a_seizure_in_this_episode_nothing_is_frozen() -> None:
    assert check_seizure_in_episode(open_seizure=False, setting=Setting.RESIDENTIAL) == ()


@fires("SEI-4")
@pytest.mark.parametrize("medicine", ["clobazam", "clonazepam"])
def test_what_treats_epilepsy_is_not_tapered_without_its_prescriber(medicine: str) -> None:
    assert codes(check_epilepsy_medicine(replace(PLAIN, dx_epilepsy=True), [medicine])) == ["SEI-4"]


@just_short("SEI-4")
def test_other_medicines_or_an_agreement_with_the_epilepsy_prescriber_are_no_hard_stop() -> None:
    epilepsy = replace(PLAIN, dx_epilepsy=True)
    assert check_epilepsy_medicine(epilepsy, ["diazepam"]) == ()
    assert check_epilepsy_medicine(replace(epilepsy, epilepsy_prescriber_agreed=True), ["clobazam"]) == ()
    assert unassessed(check_epilepsy_medicine(NOBODY_ASKED, ["clobazam"])) == {"SEI-4": ("dx_epilepsy",)}


@fires("LOC-1")
def test_more_than_fifty_milligrams_or_injecting_begins_as_an_inpatient() -> None:
    assert codes(check_inpatient_start(PLAIN, dde_max=Fraction("50.1"), setting=Setting.RESIDENTIAL)) == ["LOC-1"]
    injects = replace(PLAIN, injects_bzd=True)
    assert codes(check_inpatient_start(injects, dde_max=Fraction(10), setting=Setting.OUTPATIENT)) == ["LOC-1"]


@just_short("LOC-1")
def test_fifty_milligrams_may_begin_elsewhere() -> None:
    assert check_inpatient_start(PLAIN, dde_max=Fraction(50), setting=Setting.RESIDENTIAL) == ()
    assert check_inpatient_start(PLAIN, dde_max=Fraction(60), setting=Setting.INPATIENT_MEDICAL) == ()
    assert unassessed(check_inpatient_start(PLAIN, dde_max=None, setting=Setting.RESIDENTIAL)) == {
        "LOC-1": ("daily_dose",)
    }


@fires("LOC-2")
def test_outpatient_care_with_an_earlier_seizure_needs_senior_review() -> None:
    facts = replace(PLAIN, past_seizure=True)
    findings = check_outpatient_start(facts, setting=Setting.OUTPATIENT)
    assert codes(findings) == ["LOC-2"]
    assert "an earlier seizure" in findings[0].message


@just_short("LOC-2")
def test_outpatient_care_after_senior_review_or_without_risks_is_fine() -> None:
    assert check_outpatient_start(PLAIN, setting=Setting.OUTPATIENT) == ()
    reviewed = replace(PLAIN, past_seizure=True, senior_review=True)
    assert check_outpatient_start(reviewed, setting=Setting.OUTPATIENT) == ()
    assert check_outpatient_start(replace(PLAIN, past_seizure=True), setting=Setting.RESIDENTIAL) == ()


@fires("JCG-4")
def test_a_plan_that_was_not_decided_together_is_a_hard_stop() -> None:
    findings = check_shared_decision(replace(PLAIN, shared_decision=False))
    assert codes(findings) == ["JCG-4"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-4")
def test_a_plan_decided_together_is_not_stopped() -> None:
    assert check_shared_decision(PLAIN) == ()
    assert unassessed(check_shared_decision(NOBODY_ASKED)) == {"JCG-4": ("shared_decision",)}


@fires("JCG-10")
def test_a_taper_without_an_offer_of_psychological_support_warns() -> None:
    findings = check_psychosocial_offer(replace(PLAIN, psychosocial_offered=False))
    assert codes(findings) == ["JCG-10"]
    assert findings[0].severity is Severity.WARNING


@just_short("JCG-10")
def test_a_taper_with_that_offer_does_not_warn() -> None:
    assert check_psychosocial_offer(PLAIN) == ()
