"""Where care is safe, and what an admission needs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.equivalence import equivalents
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.admission import (
    check_continuation,
    check_polysubstance_admission,
    check_unplanned_admission,
)
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.level_of_care import check_setting
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

OUT, RESIDENTIAL, IN = Setting.OUTPATIENT, Setting.RESIDENTIAL, Setting.INPATIENT_MEDICAL
DEPENDENT = dependence(PLAIN, dde_max=Fraction(20))
OCCASIONAL = dependence(replace(PLAIN, use_days_per_week=Decimal(2)), dde_max=Fraction(5))
HARM = replace(PLAIN, imminent_harm=True)
UNSAFE = replace(PLAIN, comorbidity_unsafe_outpatient=True)
UNPLANNED = replace(PLAIN, unplanned_admission=True)


@fires("JCG-5")
def test_a_setting_nobody_chose_is_advised_as_outpatient() -> None:
    assert codes(check_setting(PLAIN, setting=None)) == ["JCG-5"]


@fires("JCG-5a", "JCG-5b")
@pytest.mark.parametrize(("facts", "setting", "code"), [
    (HARM, OUT, "JCG-5a"), (HARM, RESIDENTIAL, "JCG-5a"), (UNSAFE, OUT, "JCG-5b"),
])  # fmt: skip
def test_harm_now_and_unsafe_conditions_ask_for_inpatient_care(facts: PersonFacts, setting: Setting, code: str) -> None:
    assert codes(check_setting(facts, setting=setting)) == [code]


@just_short("JCG-5", "JCG-5a", "JCG-5b", "JCG-5c")
def test_harm_that_the_first_cut_lessens_and_a_bed_in_inpatient_care_do_not() -> None:
    assert check_setting(PLAIN, setting=OUT) == ()
    assert check_setting(replace(HARM, harm_quickly_mitigated=True), setting=OUT) == ()
    assert check_setting(replace(HARM, comorbidity_unsafe_outpatient=True, wd_level="severe"), setting=IN) == ()
    assert check_setting(replace(PLAIN, wd_level="moderate"), setting=OUT) == ()


@fires("JCG-5c")
@pytest.mark.parametrize("change", [{"wd_level": "severe"}, {"wd_level": "complicated"}, {"severe_expected": True}])
def test_severe_withdrawal_now_or_soon_is_not_for_outpatient_care(change: dict[str, object]) -> None:
    (finding,) = check_setting(replace(PLAIN, **change), setting=OUT)
    assert (finding.code, finding.severity) == ("JCG-5c", Severity.HARD_STOP)


def test_severe_withdrawal_without_a_setting_asks_for_the_setting() -> None:
    assert unassessed(check_setting(replace(PLAIN, wd_level="severe"), setting=None)) == {"JCG-5c": ("setting",)}
    missing = unassessed(check_setting(NOBODY_ASKED, setting=OUT))
    assert missing["JCG-5c"] == ("wd_level", "severe_expected")


@fires("LOC-3")
def test_inpatient_care_plans_at_admission_who_carries_the_taper_on() -> None:
    assert codes(check_continuation(PLAIN, DEPENDENT, setting=IN)) == ["LOC-3"]


@just_short("LOC-3")
def test_a_planned_continuation_and_no_dependence_ask_for_none() -> None:
    assert check_continuation(replace(PLAIN, outpatient_continuation=True), DEPENDENT, setting=IN) == ()
    assert check_continuation(PLAIN, OCCASIONAL, setting=IN) == ()
    assert check_continuation(PLAIN, DEPENDENT, setting=RESIDENTIAL) == ()


@fires("LOC-4")
def test_an_unplanned_admission_that_leaves_the_dose_out_is_a_hard_stop() -> None:
    (finding,) = check_unplanned_admission(UNPLANNED, DEPENDENT)
    assert (finding.code, finding.severity) == ("LOC-4", Severity.HARD_STOP)


@just_short("LOC-4")
def test_a_dose_that_goes_on_is_none() -> None:
    assert check_unplanned_admission(replace(UNPLANNED, dose_continued=True), DEPENDENT) == ()
    assert check_unplanned_admission(UNPLANNED, OCCASIONAL) == ()
    assert unassessed(check_unplanned_admission(NOBODY_ASKED, DEPENDENT)) == {"LOC-4": ("unplanned_admission",)}


def diazepam(mg: str) -> dict[str, Dose]:
    return {"diazepam": Dose(Decimal(mg), "diazepam")}


@fires("LOC-5")
@pytest.mark.parametrize(("mg", "said"), [("50", "here 20 mg a day"), ("120", "here 40 mg a day")])
def test_with_other_substances_two_fifths_or_forty_milligrams_stabilise(mg: str, said: str) -> None:
    """40 % of 50 mg is 20 mg; 40 % of 120 mg is 48 mg, and 40 mg is lower."""
    reported = equivalents(diazepam(mg), formulary=formulary())
    (finding,) = check_polysubstance_admission(replace(UNPLANNED, alcohol_dependent=True), reported)
    assert finding.code == "LOC-5"
    assert said in finding.do


@just_short("LOC-5")
def test_ten_milligrams_or_nothing_else_taken_are_not_concerned() -> None:
    more, ten = (equivalents(diazepam(mg), formulary=formulary()) for mg in ("50", "10"))
    assert check_polysubstance_admission(UNPLANNED, more) == ()
    assert check_polysubstance_admission(replace(UNPLANNED, alcohol_dependent=True), ten) == ()
