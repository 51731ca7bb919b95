"""What a drug test says and never decides; supply while the person lives at home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.drug_tests import check_drug_tests
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.guidelines.supply_outside import check_supply_outside
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

TESTED = replace(PLAIN, tested=True)
OUT = Setting.OUTPATIENT


def daily(medicine: str, mg: str = "4") -> Mapping[str, Dose]:
    return {medicine: Dose(Decimal(mg), medicine)}


def found(facts: PersonFacts, medicine: str = "lorazepam") -> tuple[Finding, ...]:
    return check_drug_tests(facts, daily=daily(medicine))


@fires("UDT-1")
def test_an_immunoassay_that_finds_nothing_does_not_say_that_nothing_is_taken() -> None:
    (finding,) = found(replace(TESTED, immunoassay_negative=True))
    assert (finding.code, finding.severity) == ("UDT-1", Severity.ADVICE)
    assert "lorazepam" in finding.message
    assert "25 to 30 %" in finding.message
    punished = found(replace(TESTED, immunoassay_negative=True, result_used_against=True))
    assert [(one.code, one.severity) for one in punished] == [
        ("UDT-1", Severity.HARD_STOP),
        ("UDT-4", Severity.HARD_STOP),
    ]


@fires("UDT-2")
def test_what_diazepam_becomes_is_not_extra_use() -> None:
    (finding,) = found(replace(TESTED, metabolites_found=True), "diazepam")
    assert (finding.code, finding.severity) == ("UDT-2", Severity.ADVICE)
    (labelled,) = found(replace(TESTED, metabolites_found=True, result_called_illicit=True), "diazepam")
    assert labelled.severity is Severity.HARD_STOP


@fires("UDT-3", "UDT-4", "UDT-5")
def test_an_unexpected_result_is_confirmed_never_punished_and_asked_for_by_name() -> None:
    assert codes(found(replace(TESTED, result_unexpected=True))) == ["UDT-3"]
    assert codes(found(replace(TESTED, result_used_against=True))) == ["UDT-4"]
    assert codes(found(replace(PLAIN, designer_suspected=True))) == ["UDT-5"]


@just_short("UDT-1", "UDT-2", "UDT-3", "UDT-4", "UDT-5")
def test_expected_results_say_nothing() -> None:
    assert found(TESTED) == ()
    assert found(replace(TESTED, result_unexpected=True, result_confirmed=True)) == ()
    assert found(replace(TESTED, metabolites_found=True), "lorazepam") == (), "the rule is about diazepam"
    assert check_drug_tests(replace(TESTED, immunoassay_negative=True), daily={}) == ()
    untested = replace(
        PLAIN, immunoassay_negative=True, metabolites_found=True, result_unexpected=True, result_used_against=True
    )
    assert found(untested, "diazepam") == ()


def test_nobody_asked_whether_there_was_a_test() -> None:
    missing = unassessed(check_drug_tests(NOBODY_ASKED, daily=None))
    assert missing == {
        **dict.fromkeys(("UDT-1", "UDT-2", "UDT-3", "UDT-4"), ("tested",)),
        "UDT-5": ("designer_suspected",),
    }


def supply(facts: PersonFacts, medicine: str = "diazepam", **said: object) -> list[str]:
    given = {"setting": OUT, "tapers": True, "medicines": daily(medicine), **said}
    return codes(check_supply_outside(facts, **given))


@fires("SUP-1", "SUP-2")
def test_a_taper_at_home_is_dispensed_in_stages_and_a_bridge_is_short() -> None:
    assert supply(PLAIN) == ["SUP-1"]
    assert supply(replace(PLAIN, supply_arranged=True, bridging_script=True)) == ["SUP-2"]
    agreed = replace(PLAIN, supply_arranged=True, bridging_script=True, bridging_agreement=True)
    assert supply(agreed, "alprazolam") == ["SUP-2"]


@just_short("SUP-1", "SUP-2")
def test_what_is_arranged_and_agreed_is_not_asked_for() -> None:
    agreed = replace(PLAIN, supply_arranged=True, bridging_script=True, bridging_agreement=True)
    assert supply(agreed) == []
    assert supply(PLAIN, setting=Setting.RESIDENTIAL) == []
    assert supply(PLAIN, tapers=False) == []
