from __future__ import annotations

from typing import Any

import pytest

from glidepath.clinical.findings import Severity
from glidepath.clinical.monitoring.sedation import holds_sedatives, sedation_hold
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

AWAKE: dict[str, Any] = {"rass": 0, "rr": 14, "spo2": 97}


@fires("INP-12")
@pytest.mark.parametrize(
    "values",
    [{"rass": -3}, {"rass": -5}, {"rr": 9}, {"spo2": 91}, {"spo2": 87, "scale_two": True}, {"rr": 9, "asleep": True}],
)
def test_over_sedation_holds_every_sedative_and_cannot_be_overridden(values: dict[str, Any]) -> None:
    findings = sedation_hold(**{**AWAKE, **values})
    assert codes(findings) == ["INP-12"]
    assert findings[0].severity is Severity.HARD_STOP
    assert not findings[0].overridable
    assert holds_sedatives(findings)


@just_short("INP-12")
@pytest.mark.parametrize(
    "values", [{"rass": -2}, {"rass": 4}, {"rr": 10}, {"spo2": 92}, {"spo2": 88, "scale_two": True}]
)
def test_at_the_edge_sedatives_are_not_all_held(values: dict[str, Any]) -> None:
    assert not holds_sedatives(sedation_hold(**{**AWAKE, **values}))


@pytest.mark.parametrize(("rr", "emergency"), [(8, True), (9, False)])
def test_eight_breaths_a_minute_are_an_emergency(rr: int, emergency: bool) -> None:
    (finding,) = sedation_hold(rass=-1, rr=rr, spo2=95)
    assert finding.do.startswith("Emergency") is emergency
    assert ("Naloxone" in finding.do) is emergency
    assert finding.emergency is emergency


def test_hard_to_rouse_or_little_oxygen_alone_holds_and_is_no_emergency_by_the_rule() -> None:
    """INP-12 names one: 8 breaths or fewer. The rest holds every sedative and calls the physician."""
    for values in ({"rass": -5}, {"spo2": 80}, {"rr": 9}):
        (finding,) = sedation_hold(**{**AWAKE, **values})
        assert not finding.emergency


def test_naloxone_is_named_unless_an_opioid_is_known_not_to_be_there() -> None:
    (without,) = sedation_hold(rass=-1, rr=8, spo2=95, opioid=False)
    assert "Naloxone" not in without.do
    (possible,) = sedation_hold(rass=-1, rr=8, spo2=95, opioid=None)
    assert "Naloxone if an opioid is possible" in possible.do


@fires("INP-13")
def test_light_sedation_or_slurred_speech_holds_the_next_dose() -> None:
    assert codes(sedation_hold(**{**AWAKE, "rass": -2})) == ["INP-13"]
    findings = sedation_hold(**AWAKE, unsteady=True)
    assert codes(findings) == ["INP-13"]
    assert findings[0].severity is Severity.WARNING


@just_short("INP-13")
def test_drowsy_holds_nothing() -> None:
    assert sedation_hold(**{**AWAKE, "rass": -1}, unsteady=False) == ()


@pytest.mark.parametrize(
    ("unmeasured", "missing"),
    [({"rr": None}, ("rr",)), ({"spo2": None}, ("spo2",)), ({"rass": None, "rr": None}, ("rass", "rr"))],
)
def test_what_was_not_measured_is_never_normal(unmeasured: dict[str, Any], missing: tuple[str, ...]) -> None:
    findings = sedation_hold(**{**AWAKE, **unmeasured})
    assert unassessed(findings) == {"INP-12": missing}
    assert findings[0].stops


def test_one_value_that_is_bad_enough_decides_although_the_others_are_missing() -> None:
    assert codes(sedation_hold(rass=-4, rr=None, spo2=None)) == ["INP-12"]


def test_somebody_said_to_be_hard_to_rouse_is_held_with_or_without_a_rass() -> None:
    (unscored,) = sedation_hold(rass=None, rr=None, spo2=None, hard_to_rouse=True)
    assert (unscored.code, unscored.message) == ("INP-12", "Hard to rouse.")
    assert codes(sedation_hold(**{**AWAKE, "rass": -2}, hard_to_rouse=True)) == ["INP-12"]


def test_somebody_asleep_is_not_asked_for_a_rass() -> None:
    assert sedation_hold(rass=None, rr=12, spo2=95, asleep=True) == ()
    assert unassessed(sedation_hold(rass=None, rr=None, spo2=95, asleep=True)) == {"INP-12": ("rr",)}


def test_the_persons_own_numbers_stand_in_the_message() -> None:
    (finding,) = sedation_hold(rass=-3, rr=9, spo2=90)
    for number in ("−3", "9 breaths", "90 %"):
        assert number in finding.message
