from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.co_use import (
    check_alcohol,
    check_naloxone,
    check_oud_medicine,
    check_sedative_load,
)
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.not_for_tapering import check_purpose
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

DEPENDENT = dependence(PLAIN, dde_max=Fraction(20))
UNKNOWN = dependence(NOBODY_ASKED, dde_max=None)
OCCASIONAL = dependence(replace(PLAIN, use_days_per_week=Decimal(2)), dde_max=Fraction(5))


@fires("JCG-17")
@pytest.mark.parametrize("facts", [replace(PLAIN, opioid_active=True), replace(PLAIN, oud_med="methadone")])
def test_an_opioid_without_naloxone_is_a_hard_stop(facts: PersonFacts) -> None:
    findings = check_naloxone(facts)
    assert codes(findings) == ["JCG-17"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-17")
def test_an_opioid_with_naloxone_offered_is_no_hard_stop() -> None:
    assert check_naloxone(replace(PLAIN, opioid_active=True, naloxone_offered=True)) == ()
    assert check_naloxone(replace(PLAIN, oud_med="naltrexone")) == ()


def test_an_opioid_nobody_asked_about_is_not_read_as_none() -> None:
    assert unassessed(check_naloxone(replace(PLAIN, opioid_active=None))) == {"JCG-17": ("opioid_active",)}
    facts = replace(PLAIN, opioid_active=True, naloxone_offered=None)
    assert unassessed(check_naloxone(facts)) == {"JCG-17": ("naloxone_offered",)}
    assert check_naloxone(replace(PLAIN, opioid_active=None, naloxone_offered=True)) == ()


@fires("JCG-21")
@pytest.mark.parametrize(
    "medicine", ["methadone", "buprenorphine", "naltrexone", "Methadone 1 mg/mL", "buprenorphine/naloxone"]
)
def test_medication_for_opioid_use_disorder_is_not_stopped_because_of_a_benzodiazepine(medicine: str) -> None:
    findings = check_oud_medicine(medicine, stops=True, because_of_benzodiazepine=True)
    assert codes(findings) == ["JCG-21"]
    assert not findings[0].overridable


@just_short("JCG-21")
def test_medication_for_opioid_use_disorder_may_change_for_another_reason() -> None:
    assert check_oud_medicine("methadone", stops=True, because_of_benzodiazepine=False) == ()
    assert check_oud_medicine("methadone", stops=False, because_of_benzodiazepine=True) == ()
    assert check_oud_medicine("sertraline", stops=True, because_of_benzodiazepine=True) == ()


@fires("POL-1")
def test_alcohol_and_benzodiazepine_dependence_need_one_plan_for_both() -> None:
    findings = check_alcohol(replace(PLAIN, alcohol_dependent=True), DEPENDENT)
    assert codes(findings) == ["POL-1"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("POL-1")
def test_alcohol_dependence_with_its_own_plan_is_no_hard_stop() -> None:
    assert check_alcohol(replace(PLAIN, alcohol_dependent=True, alcohol_plan=True), DEPENDENT) == ()
    assert check_alcohol(replace(PLAIN, alcohol_dependent=True), OCCASIONAL) == ()


def test_alcohol_nobody_asked_about_is_asked_for() -> None:
    assert unassessed(check_alcohol(replace(PLAIN, alcohol_dependent=None), DEPENDENT)) == {
        "POL-1": ("alcohol_dependent",)
    }
    unplanned = replace(NOBODY_ASKED, alcohol_dependent=True)
    assert "alcohol_plan" in unassessed(check_alcohol(unplanned, UNKNOWN))["POL-1"]


@fires("POL-8")
def test_another_sedative_counts_in_the_load() -> None:
    assert codes(check_sedative_load(replace(PLAIN, other_sedatives=True))) == ["POL-8"]
    named = check_sedative_load(PLAIN, others=("pregabalin",))
    assert "pregabalin" in named[0].message


@just_short("POL-8")
def test_no_other_sedative_is_no_load() -> None:
    assert check_sedative_load(PLAIN) == ()
    assert unassessed(check_sedative_load(NOBODY_ASKED)) == {"POL-8": ("other_sedatives",)}


@fires("JCG-14", "JCG-15")
@pytest.mark.parametrize(
    ("medicine", "code"),
    [
        *(("flumazenil", "JCG-14"), ("Flumazenil 0.1 mg/mL", "JCG-14"), ("Propofol", "JCG-15"), ("ketamine", "JCG-15")),
        ("ketamine hydrochloride", "JCG-15"),
    ],
)
def test_an_antagonist_or_an_anaesthetic_is_not_ordered_for_a_taper(medicine: str, code: str) -> None:
    findings = check_purpose(medicine, for_taper=True)
    assert codes(findings) == [code]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-14", "JCG-15")
@pytest.mark.parametrize("medicine", ["flumazenil", "propofol", "ketamine"])
def test_the_same_medicine_for_another_purpose_is_not_stopped(medicine: str) -> None:
    assert check_purpose(medicine, for_taper=False) == ()
    assert list(unassessed(check_purpose(medicine, for_taper=None)).values()) == [("for_taper",)]
    assert check_purpose("diazepam", for_taper=True) == ()
    assert check_purpose("esketamine", for_taper=None) == (), "another medicine, whose name only holds the name"
