"""What else is owed with an opioid, a use disorder or supply from outside; and several withdrawals at once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.several_withdrawals import check_other_withdrawals
from glidepath.clinical.guidelines.substance_use import (
    check_care_afterwards,
    check_harm_reduction,
    check_lowest_doses,
    check_naloxone_outside,
    check_use_disorder_treated,
)
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

WITH_DISORDER = replace(PLAIN, sud_any=True)
IN, OUT = Setting.INPATIENT_MEDICAL, Setting.OUTPATIENT


@fires("JCG-18")
def test_with_an_opioid_both_are_kept_at_the_lowest_dose_that_works() -> None:
    assert codes(check_lowest_doses(replace(PLAIN, opioid_active=True))) == ["JCG-18"]
    assert codes(check_lowest_doses(replace(PLAIN, oud_med="methadone"))) == ["JCG-18"]


@just_short("JCG-18")
def test_without_one_nothing_is_said_and_unknown_is_not_without() -> None:
    assert check_lowest_doses(PLAIN) == ()
    assert unassessed(check_lowest_doses(NOBODY_ASKED)) == {"JCG-18": ("opioid_active",)}


@fires("JCG-20", "JCG-22")
def test_a_use_disorder_is_treated_beside_the_taper_and_after_it() -> None:
    (beside,) = check_use_disorder_treated(WITH_DISORDER, tapers=True)
    assert (beside.code, beside.severity) == ("JCG-20", Severity.HARD_STOP)
    (after,) = check_care_afterwards(replace(WITH_DISORDER, taper_finished=True))
    assert (after.code, after.severity) == ("JCG-22", Severity.HARD_STOP)


@just_short("JCG-20", "JCG-22")
def test_treatment_that_is_arranged_asks_for_nothing_more() -> None:
    assert check_use_disorder_treated(replace(WITH_DISORDER, sud_treatment_plan=True), tapers=True) == ()
    assert check_use_disorder_treated(WITH_DISORDER, tapers=False) == ()
    assert check_care_afterwards(replace(WITH_DISORDER, taper_finished=True, continuing_care=True)) == ()
    assert check_care_afterwards(WITH_DISORDER) == ()


@fires("JCG-23", "POL-9")
@pytest.mark.parametrize("source", ["nonprescribed", "mixed", "unknown"])
def test_supply_from_outside_a_pharmacy_asks_for_naloxone_and_harm_reduction(source: str) -> None:
    facts = replace(PLAIN, use_source=source)
    assert codes(check_harm_reduction(facts)) == ["JCG-23"]
    (finding,) = check_naloxone_outside(facts)
    assert (finding.code, finding.severity) == ("POL-9", Severity.HARD_STOP)


@just_short("JCG-23", "POL-9")
def test_what_was_offered_is_not_asked_for_again() -> None:
    offered = replace(PLAIN, use_source="mixed", sud_any=True, harm_reduction_offered=True, naloxone_offered=True)
    assert check_harm_reduction(offered) == check_naloxone_outside(offered) == ()
    assert check_harm_reduction(PLAIN) == check_naloxone_outside(PLAIN) == ()
    assert codes(check_harm_reduction(WITH_DISORDER)) == ["JCG-23"]


def said(facts: PersonFacts, setting: Setting = IN) -> list[str]:
    return codes(check_other_withdrawals(facts, setting=setting))


@fires("POL-2")
def test_a_ciwa_ar_beside_another_withdrawal_is_read_with_care() -> None:
    assert said(replace(PLAIN, ciwa_ar=Decimal(12), wd_level="mild")) == ["POL-2"]
    assert said(replace(PLAIN, ciwa_ar=Decimal(12), opioid_withdrawal=True), OUT) == ["POL-2"]


@just_short("POL-2")
def test_a_ciwa_ar_alone_is_read_as_it_stands() -> None:
    assert said(replace(PLAIN, ciwa_ar=Decimal(12))) == []
    assert said(replace(PLAIN, wd_level="mild")) == []


@fires("POL-3")
@pytest.mark.parametrize(
    ("score", "band", "how_often"),
    [  # ASAM 2020: under 10 mild, 10 to 18 moderate, 19 severe. NSW: under 10 4-6 h, 10 to 20 2-4 h, over 20 hourly
        ("9", "mild", "every 4 to 6 hours"),
        ("10", "moderate", "every 2 to 4 hours"),
        ("18", "moderate", "every 2 to 4 hours"),
        ("19", "severe", "every 2 to 4 hours"),
        ("20", "severe", "every 2 to 4 hours"),
        ("21", "severe", "every 1 hour"),
    ],
)
def test_alcohol_withdrawal_is_banded_and_scored_again(score: str, band: str, how_often: str) -> None:
    (finding,) = check_other_withdrawals(replace(PLAIN, alcohol_withdrawal=True, ciwa_ar=Decimal(score)), setting=IN)
    assert finding.code == "POL-3"
    assert finding.message == f"Alcohol withdrawal, CIWA-Ar {score}: {band}."
    assert how_often in finding.do


@just_short("POL-3", "POL-4", "POL-5", "POL-7")
def test_without_another_withdrawal_nothing_is_said() -> None:
    assert said(PLAIN) == []
    assert said(replace(PLAIN, wd_level="severe")) == [], "one withdrawal alone"
    assert said(replace(PLAIN, opioid_withdrawal=True), OUT) == [], "COWS every six hours is for inpatient care"
    assert said(replace(PLAIN, buprenorphine_starting=True, rass=Decimal(-1))) == []


def test_severe_alcohol_withdrawal_with_hallucination_is_complicated() -> None:
    facts = replace(PLAIN, alcohol_withdrawal=True, ciwa_ar=Decimal(19), new_hallucination=True)
    assert "complicated" in check_other_withdrawals(facts, setting=IN)[0].message
    unscored = check_other_withdrawals(replace(PLAIN, alcohol_withdrawal=True), setting=IN)
    assert "has not been scored" in unscored[0].message


@fires("POL-4")
def test_of_two_withdrawals_the_deadlier_is_treated_first() -> None:
    facts = replace(PLAIN, wd_level="moderate", stimulant_withdrawal=True)
    (finding,) = check_other_withdrawals(facts, setting=OUT)
    assert (finding.code, finding.message) == ("POL-4", "Benzodiazepine and stimulant withdrawal at once.")


def test_a_withdrawal_nobody_asked_about_could_be_the_second() -> None:
    one = replace(PLAIN, wd_level="mild", alcohol_withdrawal=None)
    assert unassessed(check_other_withdrawals(one, setting=OUT))["POL-4"] == ("alcohol_withdrawal",)
    none = replace(PLAIN, alcohol_withdrawal=None)
    assert "POL-4" not in unassessed(check_other_withdrawals(none, setting=OUT))


@fires("POL-5")
def test_opioid_withdrawal_in_inpatient_care_is_scored_every_six_hours() -> None:
    (finding,) = check_other_withdrawals(replace(PLAIN, opioid_withdrawal=True, cows=Decimal(9)), setting=IN)
    assert finding.code == "POL-5"
    assert "the last COWS was 9" in finding.message
    assert "every 6 hours" in finding.do


@fires("POL-7")
@pytest.mark.parametrize("change", [{"rass": Decimal(-2)}, {"intoxicated": True}])
def test_buprenorphine_waits_for_somebody_who_is_awake(change: dict[str, object]) -> None:
    assert said(replace(PLAIN, buprenorphine_starting=True, **change)) == ["POL-7"]
