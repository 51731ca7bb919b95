"""Is a taper the right thing, is the guideline meant for this person, and is what is diagnosed true and treated?"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.dependence import dependence
from glidepath.clinical.guidelines.diagnosis import check_label, check_mental_health
from glidepath.clinical.guidelines.scope import check_scope
from glidepath.clinical.guidelines.short_use import check_short_use
from glidepath.clinical.guidelines.stopping import check_after_a_stop
from glidepath.clinical.guidelines.whether_to_taper import (
    check_indication,
    check_ptsd,
    check_stable_long_use,
    check_willingness,
)
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

DEPENDENT = dependence(PLAIN, dde_max=Fraction(20))
OCCASIONAL = dependence(replace(PLAIN, use_days_per_week=Decimal(2)), dde_max=Fraction(5))
OUTWEIGHED = replace(PLAIN, risk_gt_benefit=True)


@fires("JCG-2a", "JCG-2b")
def test_where_risks_outweigh_benefits_a_taper_is_indicated_or_a_stop_may_be_chosen() -> None:
    assert codes(check_indication(OUTWEIGHED, DEPENDENT, tapers=False)) == ["JCG-2a"]
    assert codes(check_indication(OUTWEIGHED, OCCASIONAL, tapers=False)) == ["JCG-2b"]


@just_short("JCG-2a", "JCG-2b")
def test_where_they_do_not_neither_is_said() -> None:
    assert check_indication(PLAIN, DEPENDENT, tapers=False) == ()
    assert check_indication(PLAIN, OCCASIONAL, tapers=False) == ()


def test_a_taper_under_way_answers_that_one_is_indicated() -> None:
    (finding,) = check_indication(OUTWEIGHED, DEPENDENT, tapers=True)
    assert finding.answered_by == "the plan tapers"
    unknown = dependence(NOBODY_ASKED, dde_max=None)
    missing = unassessed(check_indication(OUTWEIGHED, unknown, tapers=True))
    assert set(missing) == {"JCG-2a", "JCG-2b"}


@fires("JCG-25")
def test_with_post_traumatic_stress_a_taper_is_strongly_considered() -> None:
    (finding,) = check_ptsd(replace(PLAIN, dx_ptsd=True), tapers=False)
    assert (finding.code, finding.answered_by) == ("JCG-25", None)
    (answered,) = check_ptsd(replace(PLAIN, dx_ptsd=True), tapers=True)
    assert answered.answered_by is not None


@just_short("JCG-25")
def test_without_post_traumatic_stress_it_is_not() -> None:
    assert check_ptsd(PLAIN, tapers=False) == ()


STABLE = replace(PLAIN, stable_long_term=True)


@fires("EV-1")
def test_stopping_after_long_stable_use_shows_what_a_cohort_found() -> None:
    (finding,) = check_stable_long_use(STABLE, to_zero=True)
    assert finding.code == "EV-1"
    for figure in ("353,576", "5.5 %", "3.5 %", "6.3 %", "3.9 %", "1.6"):  # Maust 2023
        assert figure in finding.message


@just_short("EV-1")
def test_a_lower_goal_or_outweighing_risks_show_no_cohort() -> None:
    assert check_stable_long_use(STABLE, to_zero=False) == ()
    assert check_stable_long_use(replace(STABLE, risk_gt_benefit=True), to_zero=True) == ()
    assert unassessed(check_stable_long_use(STABLE, to_zero=None)) == {"EV-1": ("goal_full_stop",)}


@fires("LOC-6")
def test_who_declines_a_taper_is_not_forced() -> None:
    assert codes(check_willingness(replace(PLAIN, declines_taper=True))) == ["LOC-6"]


@just_short("LOC-6")
def test_harm_that_threatens_now_is_another_question() -> None:
    assert check_willingness(replace(PLAIN, declines_taper=True, imminent_harm=True)) == ()
    assert check_willingness(PLAIN) == ()


@fires("ADO-1", "PAL-1")
def test_the_guideline_is_not_meant_for_children_nor_for_palliative_care() -> None:
    (young,) = check_scope(replace(PLAIN, age=Decimal(17)))
    assert (young.code, young.severity) == ("ADO-1", Severity.HARD_STOP)
    assert young.message.startswith("The person is 17:")
    assert codes(check_scope(replace(PLAIN, palliative=True))) == ["PAL-1"]


@just_short("ADO-1", "PAL-1")
def test_it_is_meant_for_somebody_of_eighteen() -> None:
    assert check_scope(replace(PLAIN, age=Decimal(18))) == ()


@fires("JCG-24")
@pytest.mark.parametrize("diagnosis", ["dx_ptsd", "dx_mood", "dx_bipolar", "dx_psychotic", "dx_other_psych"])
def test_a_mental_health_condition_is_treated_beside_the_taper(diagnosis: str) -> None:
    assert codes(check_mental_health(replace(PLAIN, **{diagnosis: True}))) == ["JCG-24"]


@just_short("JCG-24")
def test_one_that_is_treated_as_well_as_can_be_asks_for_nothing_more() -> None:
    assert check_mental_health(replace(PLAIN, dx_mood=True, psych_treatment_optimised=True)) == ()


@fires("JCG-G2")
def test_physical_dependence_alone_is_not_recorded_as_a_use_disorder() -> None:
    (finding,) = check_label(replace(PLAIN, bzd_use_disorder=True))
    assert (finding.code, finding.severity) == ("JCG-G2", Severity.HARD_STOP)
    assert "1.5 %" in finding.do


@just_short("JCG-G2")
def test_a_use_disorder_with_criteria_of_its_own_may_be_recorded() -> None:
    assert check_label(replace(PLAIN, bzd_use_disorder=True, criteria_beyond_dependence=True)) == ()
    assert check_label(replace(PLAIN, bzd_use_disorder=True, prescribed_as_directed=False)) == ()


@fires("JCG-3a")
def test_symptoms_after_a_stop_are_treated_or_the_medicine_is_started_again() -> None:
    after = replace(PLAIN, stopped_without_taper=True, symptoms_significant=True)
    assert codes(check_after_a_stop(after)) == ["JCG-3a"]


@just_short("JCG-3a")
def test_a_stop_without_symptoms_asks_for_neither() -> None:
    assert check_after_a_stop(replace(PLAIN, stopped_without_taper=True)) == ()
    assert check_after_a_stop(replace(PLAIN, symptoms_significant=True)) == ()


SHORT = replace(PLAIN, use_months=Decimal("2.9"))


@fires("JCG-6e")
def test_short_use_of_ten_milligrams_may_be_tapered_faster() -> None:
    (finding,) = check_short_use(SHORT, dde=Fraction(10))
    assert finding.code == "JCG-6e"
    assert finding.message == "Taken for 2.9 months at 10 mg of diazepam equivalent a day: short, and a low dose."


@just_short("JCG-6e")
def test_three_months_or_more_than_ten_milligrams_may_not() -> None:
    assert check_short_use(replace(PLAIN, use_months=Decimal(3)), dde=Fraction(10)) == ()
    assert check_short_use(SHORT, dde=Fraction("10.1")) == ()
    assert unassessed(check_short_use(SHORT, dde=None)) == {"JCG-6e": ("diazepam_equivalent",)}
