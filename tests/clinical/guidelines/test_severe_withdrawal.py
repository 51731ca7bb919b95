"""What severe or complicated withdrawal calls for; the scale beside it; new hallucination."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.measured import check_measured
from glidepath.clinical.guidelines.severe_withdrawal import check_severe_withdrawal, seizure_risks
from glidepath.clinical.guidelines.withdrawal_scales import check_beside_ciwa_b
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

IN = Setting.INPATIENT_MEDICAL
CARED_FOR = replace(PLAIN, wd_level="severe", structured_tool=True, seizure_risk_assessed=True)
VITALS = {"hr": Decimal(80), "sbp": Decimal(120), "temp_c": Decimal("36.8"), "rr": Decimal(14), "spo2": Decimal(98)}


def said(facts: PersonFacts, setting: Setting | None = IN) -> list[str]:
    return codes(check_severe_withdrawal(facts, setting=setting, dde_max=Fraction(20)))


@fires("JCG-12")
@pytest.mark.parametrize("level", ["severe", "complicated"])
@pytest.mark.parametrize("setting", [Setting.OUTPATIENT, Setting.RESIDENTIAL])
def test_severe_withdrawal_is_moved_to_inpatient_care(level: str, setting: Setting) -> None:
    assert said(replace(CARED_FOR, wd_level=level), setting) == ["JCG-12"]


@just_short("JCG-12", "JCG-12a", "JCG-12b")
def test_in_the_right_place_watched_and_assessed_nothing_more_is_said() -> None:
    assert said(CARED_FOR) == []
    assert said(replace(CARED_FOR, medically_managed=True), Setting.RESIDENTIAL) == []
    assert said(replace(PLAIN, wd_level="moderate"), Setting.OUTPATIENT) == []


@fires("JCG-12a")
def test_an_overdue_set_is_a_hard_stop_and_a_missing_scale_a_warning() -> None:
    (late,) = check_severe_withdrawal(replace(CARED_FOR, obs_overdue=True), setting=IN, dde_max=None)
    assert (late.code, late.severity) == ("JCG-12a", Severity.HARD_STOP)
    (loose,) = check_severe_withdrawal(replace(CARED_FOR, structured_tool=False), setting=IN, dde_max=None)
    assert (loose.code, loose.severity) == ("JCG-12a", Severity.WARNING)


@fires("JCG-12b")
def test_the_risk_of_a_seizure_is_assessed_and_what_is_known_of_it_is_said() -> None:
    facts = replace(CARED_FOR, seizure_risk_assessed=False, past_seizure=True)
    (finding,) = check_severe_withdrawal(facts, setting=IN, dde_max=Fraction(40))
    assert (finding.code, finding.severity) == ("JCG-12b", Severity.HARD_STOP)
    assert finding.message.endswith("Known: an earlier seizure and 40 mg of diazepam equivalent a day.")


def test_fifteen_milligrams_are_not_yet_a_high_dose() -> None:
    assert seizure_risks(PLAIN, dde_max=Fraction(15)) == ()
    assert seizure_risks(PLAIN, dde_max=Fraction("15.1")) == ("15.1 mg of diazepam equivalent a day",)
    assert seizure_risks(NOBODY_ASKED, dde_max=None) == ()


def test_how_severe_it_is_is_asked_for() -> None:
    missing = unassessed(check_severe_withdrawal(NOBODY_ASKED, setting=IN, dde_max=None))
    assert missing == {"PSY-1": ("new_hallucination",), **dict.fromkeys(("JCG-12a", "JCG-12b"), ("wd_level",))}


@fires("PSY-1")
def test_new_hallucination_or_paranoia_is_seen_the_same_shift() -> None:
    (finding,) = check_severe_withdrawal(replace(PLAIN, new_hallucination=True), setting=IN, dde_max=None)
    assert (finding.code, finding.severity) == ("PSY-1", Severity.HARD_STOP)


@just_short("PSY-1")
def test_without_it_nobody_is_called() -> None:
    assert said(PLAIN) == []


@fires("INP-4")
def test_a_ciwa_b_without_vital_signs_beside_it_is_a_hard_stop() -> None:
    (finding,) = check_beside_ciwa_b(replace(PLAIN, ciwa_b=Decimal(12), **{**VITALS, "spo2": None}))
    assert (finding.code, finding.severity) == ("INP-4", Severity.HARD_STOP)
    assert finding.message.endswith("are missing: oxygen saturation.")


@just_short("INP-4")
def test_with_them_it_is_none() -> None:
    assert check_beside_ciwa_b(replace(PLAIN, ciwa_b=Decimal(12), **VITALS)) == ()
    assert check_beside_ciwa_b(PLAIN) == ()


def test_what_was_measured_is_held_against_the_rules_of_the_round_and_nothing_else_is() -> None:
    assert check_measured(PLAIN) == ()
    assert check_measured(replace(PLAIN, **VITALS, rass=Decimal(0), news2=Decimal(1), dbp=Decimal(80))) == ()
    poorly = replace(
        PLAIN, news2=Decimal(7), ciwa_b=Decimal(41), rass=Decimal(-3), hr=Decimal(101), temp_c=Decimal("38.1")
    )
    assert codes(check_measured(poorly)) == ["INP-4", "INP-6", "INP-8", "INP-12", "INP-9", "INP-11"]
    assert unassessed(check_measured(replace(PLAIN, rass=Decimal(0)))) == {"INP-12": ("rr", "spo2")}
    high = replace(PLAIN, pregnant=True, **{**VITALS, "sbp": Decimal(150), "dbp": Decimal(80)})
    assert codes(check_measured(high)) == ["INP-10"]
