from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.escalation import (
    TimedTotal,
    check_autonomic_signs,
    check_ciwa_b,
    check_confusion,
    check_early_warning,
    check_pregnant_vitals,
    check_self_report,
    check_temperature,
)
from glidepath.clinical.guidelines.seizures import check_seizure
from glidepath.clinical.monitoring.escalation import Opens, Rank, assess, escalations
from glidepath.clinical.monitoring.vitals import Mind, Vitals
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
WELL = Vitals(
    rr=16, spo2=97, on_oxygen=False, sbp=128, dbp=80, pulse=76, temp_c=Decimal("37.0"), mind=Mind.ALERT, rass=0
)
PREGNANT = replace(PLAIN, pregnant=True)
CALM: dict[str, Any] = {"sbp": 120, "dbp": 80, "pulse": 90, "temp_c": Decimal("37.0"), "spo2": 98}


def hours_ago(hours: int, total: int) -> TimedTotal:
    return TimedTotal(NOON - dt.timedelta(hours=hours), total)


@fires("INP-6")
def test_a_ciwa_b_of_41_or_a_rise_of_ten_in_a_day_calls_a_physician() -> None:
    assert codes(check_ciwa_b(TimedTotal(NOON, 41))) == ["INP-6"]
    findings = check_ciwa_b(TimedTotal(NOON, 22), earlier=[hours_ago(24, 12), hours_ago(4, 20)])
    assert codes(findings) == ["INP-6"]
    assert "from 12 to 22" in findings[0].message


@just_short("INP-6")
def test_a_ciwa_b_of_40_and_a_rise_of_nine_do_not() -> None:
    assert check_ciwa_b(TimedTotal(NOON, 40)) == ()
    assert check_ciwa_b(TimedTotal(NOON, 21), earlier=[hours_ago(24, 12)]) == ()
    assert check_ciwa_b(TimedTotal(NOON, 30), earlier=[hours_ago(25, 12)]) == ()
    assert check_ciwa_b(TimedTotal(NOON, 12), earlier=[hours_ago(4, 30)]) == ()


@fires("INP-7")
def test_news2_of_five_or_a_single_three_is_urgent() -> None:
    assert codes(check_early_warning(5)) == ["INP-7"]
    assert codes(check_early_warning(3, threes=("Breathing",))) == ["INP-7"]
    assert codes(check_early_warning(None, threes=("Breathing",), missing=("pulse",))) == ["INP-7"]


@just_short("INP-7")
def test_news2_of_four_is_not_urgent_and_an_incomplete_one_is_not_normal() -> None:
    assert check_early_warning(4) == ()
    assert unassessed(check_early_warning(None, missing=("pulse",))) == {"INP-7": ("pulse",)}


@fires("INP-8")
def test_news2_of_seven_is_an_emergency_within_thirty_minutes() -> None:
    findings = check_early_warning(7)
    assert codes(findings) == ["INP-8"]
    assert "30 minutes" in findings[0].do


@just_short("INP-8")
def test_news2_of_six_is_urgent() -> None:
    assert codes(check_early_warning(6)) == ["INP-7"]


@fires("INP-9")
@pytest.mark.parametrize(
    "signs", [{"pulse": 101}, {"pulse": 80, "new_tremor": True}, {"pulse": 80, "new_sweating": True}]
)
def test_a_fast_pulse_new_tremor_or_sweating_is_scored_again(signs: dict[str, Any]) -> None:
    assert codes(check_autonomic_signs(**signs)) == ["INP-9"]


@just_short("INP-9")
def test_a_pulse_of_a_hundred_is_not_a_sign_by_itself() -> None:
    assert check_autonomic_signs(pulse=100, new_tremor=False, new_sweating=False) == ()
    assert unassessed(check_autonomic_signs(pulse=None)) == {"INP-9": ("pulse",)}


@fires("INP-10")
@pytest.mark.parametrize(
    "sign", [{"sbp": 150}, {"dbp": 100}, {"pulse": 111}, {"temp_c": Decimal("38.4")}, {"spo2": 95}]
)
def test_while_pregnant_closer_limits_call_obstetrics(sign: dict[str, Any]) -> None:
    findings = check_pregnant_vitals(PREGNANT, **{**CALM, **sign})
    assert codes(findings) == ["INP-10"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("INP-10")
@pytest.mark.parametrize("sign", [{"sbp": 149}, {"dbp": 99}, {"pulse": 110}, {"temp_c": Decimal("38.3")}, {"spo2": 96}])
def test_at_the_edge_obstetrics_is_not_called(sign: dict[str, Any]) -> None:
    assert check_pregnant_vitals(PREGNANT, **{**CALM, **sign}) == ()
    assert check_pregnant_vitals(PLAIN, **{**CALM, "sbp": 190}) == ()


def test_a_high_pressure_in_somebody_whose_pregnancy_nobody_asked_about_is_asked_about() -> None:
    assert unassessed(check_pregnant_vitals(NOBODY_ASKED, **{**CALM, "sbp": 150})) == {"INP-10": ("pregnant",)}
    assert check_pregnant_vitals(NOBODY_ASKED, **CALM) == ()
    assert unassessed(check_pregnant_vitals(PREGNANT, **{**CALM, "spo2": None})) == {"INP-10": ("spo2",)}


@fires("INP-11")
def test_fever_is_looked_into_and_with_confusion_it_is_an_emergency() -> None:
    (fever,) = check_temperature(Decimal("38.1"))
    assert (fever.code, fever.severity) == ("INP-11", Severity.HARD_STOP)
    assert "Emergency" not in fever.do
    assert "Emergency" in check_temperature(Decimal("39.1"))[0].do
    assert "Emergency" in check_temperature(Decimal("38.1"), confused=True)[0].do
    assert "Emergency" in check_temperature(Decimal("38.1"), rigid=True)[0].do
    assert "Emergency" not in check_temperature(Decimal("39.0"))[0].do


@pytest.mark.parametrize(
    ("temperature", "beside", "emergency"),
    [("39.1", {}, True), ("39.0", {}, False), ("38.1", {"confused": True}, True), ("38.1", {"rigid": True}, True)],
)
def test_the_fever_that_is_transferred_is_marked_as_the_emergency_it_is(temperature, beside, emergency) -> None:
    (finding,) = check_temperature(Decimal(temperature), **beside)
    assert finding.emergency is emergency
    (alarm,) = escalations([finding])
    assert alarm.emergency is emergency


@just_short("INP-11")
def test_thirty_eight_degrees_is_not_fever() -> None:
    assert check_temperature(Decimal("38.0"), confused=True) == ()
    assert unassessed(check_temperature(None)) == {"INP-11": ("temp_c",)}


@fires("DEL-1")
def test_new_confusion_is_an_emergency_that_looks_for_too_much_benzodiazepine_too() -> None:
    (finding,) = check_confusion(new_confusion=True)
    assert not finding.overridable
    assert "too much benzodiazepine" in finding.do


@just_short("DEL-1")
def test_an_alert_person_is_not_confused() -> None:
    assert check_confusion(new_confusion=False) == ()
    assert unassessed(check_confusion(new_confusion=None)) == {"DEL-1": ("new_confusion",)}


def test_what_a_confused_person_answered_is_invalid() -> None:
    assert codes(check_self_report(oriented=False)) == ["DEL-2"]
    assert check_self_report(oriented=True) == ()


def test_a_calm_complete_set_raises_nothing() -> None:
    found = assess(WELL, facts=PLAIN)
    assert (found.findings, found.escalations) == ((), ())
    assert found.news2 is not None
    assert found.news2.total == 0


def test_an_over_sedated_person_raises_one_alarm_that_a_prescriber_closes() -> None:
    found = assess(replace(WELL, rass=-3, mind=Mind.VOICE), facts=PLAIN)
    hold = found.escalations[0]
    assert hold.code == "INP-12"
    assert (hold.rank, hold.opens, hold.prescriber_closes, hold.pauses_taper) == (
        Rank.NOW,
        Opens.OVER_SEDATION,
        True,
        True,
    )


def test_new_confusion_with_fever_raises_its_alarms_and_opens_the_event() -> None:
    found = assess(replace(WELL, mind=Mind.CONFUSION, temp_c=Decimal("38.4")), facts=PLAIN)
    raised = {one.code: one for one in found.escalations}
    assert set(raised) == {"DEL-1", "INP-7", "INP-11"}
    assert raised["DEL-1"].opens is Opens.DELIRIUM
    assert raised["INP-7"].within_minutes == 60
    assert "Emergency" in raised["INP-11"].finding.do


def test_the_published_ill_example_is_an_emergency_within_thirty_minutes() -> None:
    ill = Vitals(
        rr=22, spo2=95, on_oxygen=False, sbp=150, pulse=118, mind=Mind.CONFUSION, temp_c=Decimal("38.4"), rass=1
    )
    raised = {one.code: one.within_minutes for one in assess(ill, facts=PLAIN).escalations}
    assert raised["INP-8"] == 30


def test_a_warning_is_soon_and_a_nurse_may_close_it() -> None:
    (alarm,) = escalations(check_ciwa_b(TimedTotal(NOON, 45)))
    assert (alarm.code, alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("INP-6", Rank.SOON, False, False)
    assert alarm.within_minutes == 60


def test_a_seizure_opens_its_event() -> None:
    (alarm,) = escalations(check_seizure())
    assert (alarm.code, alarm.opens, alarm.pauses_taper) == ("SEI-1", Opens.SEIZURE, True)


def test_a_set_taken_asleep_is_held_against_breathing_alone() -> None:
    asleep = Vitals(rr=14, spo2=96, asleep=True)
    found = assess(asleep, facts=NOBODY_ASKED)
    assert (found.news2, found.findings, found.escalations) == (None, (), ())
    low = assess(replace(asleep, rr=7), facts=NOBODY_ASKED)
    assert [one.code for one in low.escalations] == ["INP-12"]


def test_what_cannot_be_assessed_raises_no_alarm_and_is_listed() -> None:
    found = assess(replace(WELL, rr=None), facts=PLAIN)
    assert found.escalations == ()
    assert set(unassessed(found.findings)) == {"INP-12", "INP-7"}
