"""The last months of pregnancy, a baby exposed before birth, severe liver and lung disease."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.breathing import check_breathing
from glidepath.clinical.guidelines.infant import check_infant
from glidepath.clinical.guidelines.liver import check_liver
from glidepath.clinical.guidelines.pregnancy import check_third_trimester
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

LORAZEPAM = {"lorazepam": Dose(Decimal(4), "lorazepam")}
BABY = replace(PLAIN, infant_exposed=True)


@fires("PRG-1")
def test_the_third_trimester_warns_of_what_the_baby_may_have() -> None:
    assert codes(check_third_trimester(replace(PLAIN, pregnant=True, third_trimester=True))) == ["PRG-1"]


@just_short("PRG-1")
def test_the_months_before_do_not() -> None:
    assert check_third_trimester(replace(PLAIN, pregnant=True)) == ()
    assert check_third_trimester(PLAIN) == ()
    assert unassessed(check_third_trimester(replace(NOBODY_ASKED, pregnant=True))) == {"PRG-1": ("third_trimester",)}


@fires("JCG-29a", "JCG-29b")
def test_a_baby_exposed_before_birth_is_breastfed_and_its_clinician_told_with_consent() -> None:
    (breastfeeding,) = check_infant(BABY)
    assert breastfeeding.code == "JCG-29a"
    assert "of 124 breastfed babies 2 were drowsy" in breastfeeding.message
    told = check_infant(replace(BABY, parental_consent=True))
    assert codes(told) == ["JCG-29a", "JCG-29b"]
    assert told[1].severity is Severity.HARD_STOP


@just_short("JCG-29a", "JCG-29b")
def test_without_a_baby_nothing_and_without_consent_nobody_is_told() -> None:
    assert check_infant(PLAIN) == ()
    assert codes(check_infant(replace(BABY, parental_consent=False))) == ["JCG-29a"]
    done = replace(BABY, parental_consent=True, infant_clinician_told=True)
    assert codes(check_infant(done)) == ["JCG-29a"]
    asked = unassessed(check_infant(replace(BABY, parental_consent=None)))
    assert asked == {"JCG-29b": ("parental_consent",)}


@fires("RES-1")
@pytest.mark.parametrize("condition", ["resp_severe", "dx_osa"])
def test_severe_lung_disease_and_sleep_apnoea_allow_no_loading_dose(condition: str) -> None:
    (finding,) = check_breathing(replace(PLAIN, **{condition: True}))
    assert (finding.code, finding.severity) == ("RES-1", Severity.HARD_STOP)


@just_short("RES-1")
def test_with_precautions_in_place_it_is_answered() -> None:
    assert check_breathing(replace(PLAIN, dx_osa=True, resp_precautions=True)) == ()
    assert check_breathing(PLAIN) == ()


@fires("LIV-1")
def test_severe_liver_disease_asks_a_specialist() -> None:
    (finding,) = check_liver(replace(PLAIN, liver_severe=True), daily=LORAZEPAM)
    assert (finding.code, finding.severity) == ("LIV-1", Severity.HARD_STOP)
    assert "lorazepam 4 mg" in finding.message


@just_short("LIV-1")
def test_the_switch_to_diazepam_has_its_own_rule() -> None:
    severe = replace(PLAIN, liver_severe=True)
    assert check_liver(severe, daily=LORAZEPAM, switch_to="diazepam") == (), "EQ-4 says it"
    assert check_liver(severe, daily={}) == ()
    assert check_liver(PLAIN, daily=LORAZEPAM) == ()
    assert unassessed(check_liver(NOBODY_ASKED, daily=LORAZEPAM)) == {"LIV-1": ("liver_severe",)}
