from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.discharge import TOLD, DischargeProposal, Leaving, Naloxone, check_discharge
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

TODAY = dt.date(2026, 6, 10)


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


WHOLE = DischargeProposal(
    on=TODAY,
    kind=Leaving.COMPLETED,
    setting=Setting.RESIDENTIAL,
    taper_finished=False,
    dde=Fraction(15),
    prescriber="Dr Amara Okafor",
    prescriber_contact="Elm Street practice",
    first_visit=day(5),
    supply_until=day(6),
    naloxone=Naloxone.NOT_DUE,
    told=frozenset(TOLD),
    last_cut=day(-14),
    watch_days=14,
)
EARLY = replace(WHOLE, kind=Leaving.EARLY, safety_plan=True)


def test_a_discharge_with_everything_in_place_says_nothing() -> None:
    assert check_discharge(WHOLE, facts=PLAIN) == ()


@fires("DIS-1")
def test_leaving_inpatient_care_on_more_than_twenty_milligrams_warns() -> None:
    proposal = replace(WHOLE, setting=Setting.INPATIENT_MEDICAL, dde=Fraction("20.5"))
    findings = check_discharge(proposal, facts=PLAIN)
    assert codes(findings) == ["DIS-1"]
    assert "20.5 mg" in findings[0].message


@just_short("DIS-1")
def test_leaving_inpatient_care_on_twenty_milligrams_does_not_warn() -> None:
    assert check_discharge(replace(WHOLE, setting=Setting.INPATIENT_MEDICAL, dde=Fraction(20)), facts=PLAIN) == ()


@fires("DIS-2")
@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ({"prescriber": " "}, "no prescriber named"),
        ({"first_visit": None}, "no first visit booked"),
        ({"first_visit": day(-1)}, "before the discharge"),
        ({"supply_until": None}, "no supply that lasts beyond"),
        ({"supply_until": day(5)}, "no supply that lasts beyond"),
    ],
)
def test_nobody_is_discharged_to_nobody(gap: dict[str, Any], words: str) -> None:
    findings = check_discharge(replace(WHOLE, **gap), facts=PLAIN)
    assert codes(findings) == ["DIS-2"]
    assert findings[0].severity is Severity.HARD_STOP
    assert words in findings[0].message


@just_short("DIS-2")
def test_a_supply_that_ends_the_day_after_the_visit_is_enough() -> None:
    assert "DIS-2" not in codes(check_discharge(WHOLE, facts=PLAIN))
    finished = replace(WHOLE, taper_finished=True, prescriber="", first_visit=None, supply_until=None)
    assert check_discharge(finished, facts=PLAIN) == ()


@fires("DIS-3")
@pytest.mark.parametrize("untold", sorted(TOLD))
def test_what_was_not_said_or_given_stands_in_the_way(untold: str) -> None:
    findings = check_discharge(replace(WHOLE, told=frozenset(TOLD) - {untold}), facts=PLAIN)
    assert codes(findings) == ["DIS-3"]
    assert TOLD[untold] in findings[0].message


def test_naloxone_goes_home_with_an_opioid_or_with_pills_from_outside_a_pharmacy() -> None:
    for facts in (replace(PLAIN, opioid_active=True), replace(PLAIN, use_source="nonprescribed")):
        for none in (None, Naloxone.NOT_DUE):
            findings = check_discharge(replace(WHOLE, naloxone=none), facts=facts)
            assert codes(findings) == ["DIS-3"]
            assert "naloxone" in findings[0].message


@just_short("DIS-3")
def test_naloxone_given_or_declined_is_no_gap() -> None:
    opioid = replace(PLAIN, opioid_active=True)
    for answer in (Naloxone.GIVEN, Naloxone.DECLINED):
        assert check_discharge(replace(WHOLE, naloxone=answer), facts=opioid) == ()


def test_naloxone_is_not_called_unneeded_while_nobody_asked_about_opioids() -> None:
    found = unassessed(check_discharge(WHOLE, facts=NOBODY_ASKED))
    assert found == {"DIS-3": ("opioid_active", "use_source")}


@fires("DIS-4")
def test_leaving_thirteen_days_after_a_cut_asks_for_a_phone_contact() -> None:
    (finding,) = check_discharge(replace(WHOLE, last_cut=day(-13)), facts=PLAIN)
    assert (finding.code, finding.answered_by) == ("DIS-4", None)
    assert "72 hours" in finding.do
    (late,) = check_discharge(replace(WHOLE, last_cut=day(-13), contact_on=day(4)), facts=PLAIN)
    assert late.answered_by is None
    (booked,) = check_discharge(replace(WHOLE, last_cut=day(-13), contact_on=day(3)), facts=PLAIN)
    assert booked.answered_by is not None


@just_short("DIS-4")
def test_leaving_after_the_watch_asks_for_none() -> None:
    assert check_discharge(replace(WHOLE, last_cut=day(-14)), facts=PLAIN) == ()


@fires("DIS-5")
@pytest.mark.parametrize(
    "gap", [{"safety_plan": None}, {"supply_until": None}, {"first_visit": None}, {"prescriber": ""}]
)
def test_somebody_who_leaves_early_is_never_cut_off(gap: dict[str, Any]) -> None:
    findings = check_discharge(replace(EARLY, **gap), facts=PLAIN)
    assert codes(findings) == ["DIS-5"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("DIS-5")
def test_somebody_who_leaves_early_with_bridge_and_safety_plan_is_not_held_back() -> None:
    assert check_discharge(EARLY, facts=PLAIN) == ()
