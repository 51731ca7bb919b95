from __future__ import annotations

from dataclasses import replace

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.escalation import check_falls, check_suicidality
from glidepath.clinical.monitoring.escalation import Rank, escalations
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed


@fires("SUI-1")
def test_who_speaks_of_suicide_is_seen_by_a_clinician_now() -> None:
    findings = check_suicidality(replace(PLAIN, suicidality_voiced=True))
    assert codes(findings) == ["SUI-1"]
    assert findings[0].severity is Severity.HARD_STOP
    assert not findings[0].overridable
    (call,) = escalations(findings)
    assert (call.rank, call.prescriber_closes, call.pauses_taper) == (Rank.NOW, True, True)


@just_short("SUI-1")
def test_who_was_asked_and_does_not_calls_nobody() -> None:
    assert check_suicidality(PLAIN) == ()


def test_nobody_asked_about_suicide_is_not_no() -> None:
    findings = check_suicidality(NOBODY_ASKED)
    assert unassessed(findings) == {"SUI-1": ("suicidality_voiced",)}
    assert escalations(findings) == (), "unknown raises no alarm, and is shown"


@fires("INP-15")
def test_a_falls_check_without_an_answer_is_said_for_whoever_is_in_a_bed() -> None:
    for setting in (Setting.RESIDENTIAL, Setting.INPATIENT_MEDICAL):
        assert codes(check_falls(NOBODY_ASKED, setting=setting)) == ["INP-15"]


@just_short("INP-15")
def test_a_falls_check_with_an_answer_and_an_outpatient_without_one_are_not() -> None:
    assert check_falls(PLAIN, setting=Setting.RESIDENTIAL) == ()
    assert check_falls(replace(PLAIN, falls_risk=True), setting=Setting.RESIDENTIAL) == ()
    assert check_falls(NOBODY_ASKED, setting=Setting.OUTPATIENT) == ()
