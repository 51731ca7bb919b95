"""Medicines beside a taper: what is not supported, what acts alike, phenobarbital, a new SSRI."""

from __future__ import annotations

from dataclasses import replace

import pytest

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.adjuncts import check_adjunct, check_new_ssri
from glidepath.clinical.guidelines.phenobarbital import check_phenobarbital
from tests.clinical.guidelines.people import PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

OUT, IN = Setting.OUTPATIENT, Setting.INPATIENT_MEDICAL


def adjunct(medicine: str, *, for_taper: bool | None = True, setting: Setting = OUT) -> tuple[Finding, ...]:
    return check_adjunct(medicine, for_taper=for_taper, setting=setting, formulary=formulary())


def phenobarbital(
    medicine: str = "Phenobarbital",
    *,
    for_taper: bool | None = True,
    setting: Setting = IN,
    experienced: bool | None = True,
) -> tuple[Finding, ...]:
    return check_phenobarbital(medicine, for_taper=for_taper, setting=setting, experienced=experienced)


@fires("ADJ-1", "ADJ-2")
@pytest.mark.parametrize(
    ("medicine", "code"),
    [("carbamazepine", "ADJ-1"), ("Pregabalin", "ADJ-1"), ("zopiclone", "ADJ-2"), ("Xanax", "ADJ-2"),
     ("phenobarbital", "ADJ-2")],
)  # fmt: skip
def test_what_does_not_help_or_acts_alike_is_not_added_to_a_taper(medicine: str, code: str) -> None:
    assert codes(adjunct(medicine)) == [code]


@just_short("ADJ-1", "ADJ-2")
def test_for_another_purpose_or_of_another_kind_it_may_be_given() -> None:
    assert adjunct("pregabalin", for_taper=False) == ()
    assert adjunct("zopiclone", for_taper=False) == ()
    assert adjunct("zopiclone", setting=IN) == (), "the rule is about care outside of hospital"
    assert adjunct("propranolol") == ()
    nowhere = check_adjunct("zopiclone", for_taper=True, setting=None, formulary=formulary())
    assert unassessed(nowhere) == {"ADJ-2": ("setting",)}
    assert unassessed(adjunct("pregabalin", for_taper=None)) == {"ADJ-1": ("for_taper",)}


@fires("ADJ-3")
def test_a_new_ssri_does_not_speed_the_taper() -> None:
    (finding,) = check_new_ssri(replace(PLAIN, ssri_started=True), tapers=True)
    assert (finding.code, finding.severity) == ("ADJ-3", Severity.ADVICE)


@just_short("ADJ-3")
def test_without_a_taper_or_without_an_ssri_there_is_nothing_to_say() -> None:
    assert check_new_ssri(PLAIN, tapers=True) == ()
    assert check_new_ssri(replace(PLAIN, ssri_started=True), tapers=False) == ()


@fires("JCG-13a", "JCG-13b", "PHB-1")
def test_phenobarbital_belongs_in_inpatient_care_with_somebody_experienced() -> None:
    outside = phenobarbital(setting=Setting.RESIDENTIAL, experienced=False)
    assert codes(outside) == ["JCG-13a", "JCG-13b", "PHB-1"]
    assert [one.severity for one in outside] == [Severity.HARD_STOP, Severity.HARD_STOP, Severity.WARNING]
    for figure in ("310", "25 %", "7 %", "6 %", "3-day", "30 days"):  # Kawasaki 2012
        assert figure in outside[2].message
    assert "80" not in outside[2].message, "its half-life was not seen in a retrieved text"


@just_short("JCG-13a", "JCG-13b", "PHB-1")
def test_there_only_what_a_study_found_is_shown_and_for_epilepsy_nothing() -> None:
    assert codes(phenobarbital()) == ["PHB-1"]
    assert phenobarbital(setting=OUT, experienced=False, for_taper=False) == ()
    assert phenobarbital("phenytoin", setting=OUT, experienced=False) == ()
    assert unassessed(phenobarbital(experienced=None)) == {"JCG-13b": ("experienced",)}
