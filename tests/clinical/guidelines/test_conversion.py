from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity, in_the_way
from glidepath.clinical.guidelines.conversion import (
    ConversionProposal,
    check_choice_of_medicine,
    check_conversion,
    check_starting_diazepam,
)
from glidepath.clinical.guidelines.facts import PersonFacts
from tests.clinical.guidelines.people import PLAIN
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed


def daily(medicine: str, mg: str) -> dict[str, Dose]:
    return {medicine: Dose(Decimal(mg), medicine)}


def to_diazepam(medicine: str, mg: str, *, facts: PersonFacts = PLAIN, **said: object) -> dict[str, Finding]:
    proposal = replace(ConversionProposal(daily(medicine, mg), "diazepam"), **said)
    found = check_conversion(proposal, facts=facts, formulary=formulary())
    return {finding.code: finding for finding in found}


@fires("EQ-1")
@pytest.mark.parametrize(
    ("medicine", "mg", "low", "high"),
    [
        ("lorazepam", "4", "20 mg", "40 mg"),
        ("clonazepam", "2", "20 mg", "40 mg"),
        ("alprazolam", "3", "30 mg", "60 mg"),
    ],
)
def test_where_the_tables_differ_both_are_shown_and_one_is_named(medicine: str, mg: str, low: str, high: str) -> None:
    finding = to_diazepam(medicine, mg)["EQ-1"]
    assert finding.severity is Severity.HARD_STOP
    assert low in finding.message
    assert high in finding.message
    assert in_the_way([finding]) == (finding,)


@just_short("EQ-1")
def test_a_named_table_answers_it_and_tables_that_agree_need_none() -> None:
    named = to_diazepam("lorazepam", "4", table="va_dod_2021")["EQ-1"]
    assert named.answered_by is not None
    assert "va-dod-2021" in named.answered_by
    assert in_the_way([named]) == ()
    assert "EQ-1" not in to_diazepam("chlordiazepoxide", "50")  # 25 mg in every table


def test_one_and_a_half_times_is_the_edge() -> None:
    oxazepam = to_diazepam("oxazepam", "30")["EQ-1"]  # 30 mg or 20 mg for 10 mg of diazepam
    assert "1.5 times" in oxazepam.message
    assert "EQ-1" not in to_diazepam("temazepam", "20")  # 15 mg or 20 mg


@fires("EQ-2")
def test_clonazepam_and_six_milligrams_of_lorazepam_ask_for_extra_caution() -> None:
    assert to_diazepam("clonazepam", "0.5")["EQ-2"].severity is Severity.WARNING
    assert "EQ-2" in to_diazepam("lorazepam", "6")


@just_short("EQ-2")
def test_less_than_six_milligrams_of_lorazepam_does_not() -> None:
    assert "EQ-2" not in to_diazepam("lorazepam", "5.5")


@fires("EQ-3")
def test_a_z_drug_is_not_converted_by_itself() -> None:
    assert to_diazepam("zopiclone", "7.5")["EQ-3"].severity is Severity.HARD_STOP


@just_short("EQ-3")
def test_a_benzodiazepine_is_no_z_drug() -> None:
    assert "EQ-3" not in to_diazepam("temazepam", "20")


@fires("EQ-4")
def test_severe_liver_disease_stops_a_switch_to_diazepam() -> None:
    assert to_diazepam("lorazepam", "2", facts=replace(PLAIN, liver_severe=True))["EQ-4"].severity is Severity.HARD_STOP
    unknown = to_diazepam("lorazepam", "2", facts=replace(PLAIN, liver_severe=None))
    assert unassessed(unknown.values()) == {"EQ-4": ("liver_severe",)}


@just_short("EQ-4")
def test_a_healthy_liver_or_another_medicine_does_not() -> None:
    assert "EQ-4" not in to_diazepam("lorazepam", "2")
    other = ConversionProposal(daily("lorazepam", "2"), "oxazepam")
    findings = check_conversion(other, facts=replace(PLAIN, liver_severe=True), formulary=formulary())
    assert "EQ-4" not in codes(findings)


@fires("EQ-5")
def test_more_than_forty_milligrams_of_diazepam_to_begin_with_is_a_hard_stop() -> None:
    (finding,) = check_starting_diazepam(Dose(Decimal("40.5"), "diazepam"))
    assert (finding.code, finding.severity) == ("EQ-5", Severity.HARD_STOP)
    assert "EQ-5" in to_diazepam("lorazepam", "10", to_daily=Dose(Decimal(50), "diazepam"))


@just_short("EQ-5")
def test_forty_milligrams_is_not() -> None:
    assert check_starting_diazepam(Dose(Decimal(40), "diazepam")) == ()
    assert check_starting_diazepam(Dose(Decimal(90), "oxazepam")) == ()
    assert check_starting_diazepam(None) == ()


@fires("EQ-6")
def test_the_first_dose_is_halved_above_fifty_milligrams() -> None:
    # 10.1 mg of lorazepam is 50.5 mg of diazepam by VA/DoD
    finding = to_diazepam("lorazepam", "10.1", table="va_dod_2021", first_dose=True)["EQ-6"]
    assert "50.5 mg" in finding.message
    assert "2 hours" in finding.do


@just_short("EQ-6")
def test_the_first_dose_is_not_halved_at_fifty_milligrams() -> None:
    assert "EQ-6" not in to_diazepam("lorazepam", "10", table="va_dod_2021", first_dose=True)
    assert "EQ-6" not in to_diazepam("lorazepam", "20", table="va_dod_2021")


def choice(medicine: str, mg: str, *, facts: PersonFacts = PLAIN, switch_to: str | None = None) -> dict[str, Finding]:
    found = check_choice_of_medicine(
        daily(medicine, mg), table="va_dod_2021", switch_to=switch_to, facts=facts, formulary=formulary()
    )
    return {finding.code: finding for finding in found}


@fires("JCG-7")
def test_a_short_acting_medicine_suggests_a_thought_about_a_longer_acting_one() -> None:
    assert choice("alprazolam", "3")["JCG-7"].severity is Severity.ADVICE


@just_short("JCG-7")
def test_nothing_is_suggested_where_something_speaks_against_it_or_the_plan_does_it_already() -> None:
    for speaks_against in ({"age": Decimal(65)}, {"liver_severe": True}, {"resp_severe": True}, {"dx_osa": True}):
        assert "JCG-7" not in choice("alprazolam", "3", facts=replace(PLAIN, **speaks_against))
    assert "JCG-7" not in choice("alprazolam", "3", switch_to="diazepam")
    assert "JCG-7" not in choice("diazepam", "20")
    assert choice("zopiclone", "15") == {}, "a Z-drug is exchanged only by a specialist's choice (EQ-3)"
    assert unassessed(choice("alprazolam", "3", facts=replace(PLAIN, age=None)).values()) == {"JCG-7": ("age",)}


@fires("EQ-7")
def test_over_ten_milligrams_the_switch_is_said_to_be_usual() -> None:
    assert "more than 10 mg" in choice("lorazepam", "2.1")["EQ-7"].message


@just_short("EQ-7")
def test_at_ten_milligrams_the_present_medicine_may_be_tapered_directly() -> None:
    assert "directly" in choice("lorazepam", "2")["EQ-7"].do
    assert "EQ-7" not in choice("diazepam", "20")
