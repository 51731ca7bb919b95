"""Where care might begin: just short of each rule and just over, what is open, and what is never a reason."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.amounts import Dose
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.first_call import RED_FLAGS
from glidepath.clinical.guidelines.seizure_list import Reported, seizure_list, seizure_risk_high
from glidepath.clinical.guidelines.suggested_level import Level, Suggestion, suggest_level
from tests.clinical.guidelines.people import NOBODY_ASKED, PLAIN

NO_FLAGS = dict.fromkeys(RED_FLAGS, "no")
NOTHING = Reported({}, (), complete=False)


def takes(mg: str, medicine: str = "diazepam", *, complete: bool = True) -> Reported:
    return Reported({medicine: Dose(Decimal(mg), medicine)}, (medicine,), complete)


def suggest(facts=PLAIN, reported=None, flags=NO_FLAGS) -> Suggestion:
    return suggest_level(facts, reported or takes("10"), red_flags=flags, formulary=formulary())


def reasons(found: Suggestion) -> dict[str, Level]:
    return {one.finding.code: one.level for one in found.reasons}


def test_outpatient_care_is_the_rule_and_says_so() -> None:
    found = suggest()
    assert (found.level, reasons(found), found.could_change) == (Level.OUTPATIENT, {"JCG-5": "outpatient"}, ())


@pytest.mark.parametrize(("mg", "level"), [("50", Level.OUTPATIENT), ("50.5", Level.INPATIENT)])
def test_more_than_50_mg_of_diazepam_begins_as_an_inpatient_and_50_does_not(mg: str, level: Level) -> None:
    found = suggest(reported=takes(mg))
    assert found.level is level
    if level is Level.INPATIENT:
        assert "50.5 mg" in found.reasons[0].finding.message
        assert found.reasons[0].finding.source


def test_the_highest_table_counts_lorazepam_6_mg_is_up_to_60() -> None:
    """guideline.md 2: lorazepam 1 mg equals diazepam 10 mg by Ashton, 2 mg by VA/DoD: 60 or 30 mg."""
    assert suggest(reported=takes("6", "lorazepam")).level is Level.INPATIENT
    assert suggest(reported=takes("5", "lorazepam")).level is Level.OUTPATIENT


@pytest.mark.parametrize("risk", [
    "past_seizure", "major_medical", "major_psych", "sud_any", "alcohol_dependent", "other_sedatives",
    "oud_med_stabilising",
])  # fmt: skip
def test_each_risk_of_loc_2_waits_for_a_senior_look_and_then_may_be_outpatient(risk: str) -> None:
    facts = replace(PLAIN, **{risk: True})
    assert (suggest(facts).level, reasons(suggest(facts))["LOC-2"]) == (Level.RESIDENTIAL, Level.RESIDENTIAL)
    assert suggest(replace(facts, senior_review=None)).level is Level.RESIDENTIAL, "nobody looked is not a yes"
    assert suggest(replace(facts, senior_review=True)).level is Level.OUTPATIENT


@pytest.mark.parametrize(("change", "code"), [
    ({"wd_level": "severe"}, "JCG-5c"),
    ({"wd_level": "complicated"}, "JCG-5c"),
    ({"severe_expected": True}, "JCG-5c"),
    ({"comorbidity_unsafe_outpatient": True}, "JCG-5b"),
    ({"imminent_harm": True, "harm_quickly_mitigated": False}, "JCG-5a"),
    ({"injects_bzd": True}, "LOC-1"),
])  # fmt: skip
def test_each_inpatient_rule_lifts_it(change: dict[str, object], code: str) -> None:
    found = suggest(replace(PLAIN, **change))
    assert (found.level, reasons(found)[code]) == (Level.INPATIENT, Level.INPATIENT)


@pytest.mark.parametrize("change", [
    {"wd_level": "moderate"}, {"imminent_harm": True, "harm_quickly_mitigated": True},
])  # fmt: skip
def test_just_short_of_the_inpatient_rules_it_stays(change: dict[str, object]) -> None:
    assert suggest(replace(PLAIN, **change)).level is Level.OUTPATIENT


@pytest.mark.parametrize("flag", RED_FLAGS)
def test_a_red_flag_is_an_emergency_before_all_else(flag: str) -> None:
    found = suggest(replace(PLAIN, injects_bzd=True), flags=NO_FLAGS | {flag: "yes"})
    assert (found.level, found.reasons[0].finding.code) == (Level.EMERGENCY, "CALL-1")
    assert "LOC-1" in reasons(found), "the other reasons are not lost"
    assert found.could_change == ()


def test_what_is_not_known_is_named_with_the_level_it_could_ask_for() -> None:
    found = suggest(NOBODY_ASKED, NOTHING, flags={})
    could = {one.name or one.words: one.level for one in found.could_change}
    assert found.level is Level.OUTPATIENT
    assert could["daily_dose"] is could["wd_level"] is Level.INPATIENT
    assert could["past_seizure"] is could["alcohol_dependent"] is Level.RESIDENTIAL
    assert {key for key, level in could.items() if level is Level.EMERGENCY} == set(RED_FLAGS.values())


def test_an_amount_known_in_part_can_show_a_high_dose_and_never_a_low_one() -> None:
    high, low = suggest(reported=takes("60", complete=False)), suggest(reported=takes("10", complete=False))
    assert high.level is Level.INPATIENT
    assert "daily_dose" in {one.name for one in low.could_change}


def test_what_could_not_lift_it_any_more_is_not_asked() -> None:
    found = suggest(replace(NOBODY_ASKED, injects_bzd=True), NOTHING)
    assert found.level is Level.INPATIENT
    assert found.could_change == ()


@pytest.mark.parametrize("medicine", ["methadone", "buprenorphine"])
def test_methadone_or_buprenorphine_is_said_to_be_no_reason_and_lifts_nothing(medicine: str) -> None:
    found = suggest(replace(PLAIN, oud_med=medicine, opioid_active=True))
    assert found.level is Level.OUTPATIENT
    (said,) = [one for one in found.beside if one.code == "JCG-21"]
    assert f"takes {medicine}: that is no reason to turn them away" in said.message
    assert said.severity is Severity.ADVICE


def test_nobody_is_turned_away_for_it_is_said_of_everybody() -> None:
    assert [one.code for one in suggest().beside] == ["JCG-21"]


def test_the_rules_of_an_admission_stand_beside_the_level() -> None:
    unplanned = replace(PLAIN, unplanned_admission=True, dose_continued=False, other_sedatives=True)
    willing = replace(PLAIN, declines_taper=True, injects_bzd=True, outpatient_continuation=False)
    assert {"LOC-4", "LOC-5"} <= {one.code for one in suggest(unplanned, takes("20")).beside}
    assert {"LOC-3", "LOC-6"} <= {one.code for one in suggest(willing, takes("20")).beside}


FACT = st.sampled_from((True, False, None))
NAMES = ("past_seizure", "major_medical", "alcohol_dependent", "injects_bzd", "severe_expected", "imminent_harm",
         "harm_quickly_mitigated", "comorbidity_unsafe_outpatient", "senior_review", "sud_any")  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, FACT)), st.sampled_from(NAMES), st.sampled_from((True, False)))
def test_an_answer_never_lifts_it_beyond_what_was_said_could_change(
    known: dict[str, bool | None], name: str, answer: bool
) -> None:
    """What "could change it" names is complete: another fact becoming known leaves the level where it was."""
    before = suggest(replace(PLAIN, **known))
    after = suggest(replace(PLAIN, **(known | {name: answer})))
    if known[name] is None and name not in {one.name for one in before.could_change}:
        assert after.level.rank <= before.level.rank or name == "harm_quickly_mitigated"


# --- The seizure-risk list --------------------------------------------------------------------------------------------


def answers(facts=PLAIN, reported=None) -> dict[str, bool | None]:
    return {one.key: one.answer for one in seizure_list(facts, reported or takes("10"), formulary=formulary())}


def test_the_list_has_every_factor_of_a_source_and_none_that_nobody_verified() -> None:
    """guideline.md 1.3: eight rows, the last of which is marked unverified; past seizure and past withdrawal apart."""
    assert list(answers()) == [
        "abrupt_stop", "high_dose", "long_use", "short_acting", "past_seizure", "past_withdrawal",
        "alcohol_or_sedatives", "flumazenil",
    ]  # fmt: skip


@pytest.mark.parametrize(("mg", "high"), [("15", False), ("15.5", True)])
def test_a_dose_is_high_over_15_mg_of_diazepam(mg: str, high: bool) -> None:
    assert answers(reported=takes(mg))["high_dose"] is high


@pytest.mark.parametrize(("used", "long"), [("11.9", False), ("12", True), (None, None)])
def test_use_is_long_from_twelve_months_by_our_reading(used: str | None, long: bool | None) -> None:
    assert answers(replace(PLAIN, use_months=used and Decimal(used)))["long_use"] is long


@pytest.mark.parametrize(("medicine", "short"), [("alprazolam", True), ("diazepam", False)])
def test_a_short_acting_medicine_is_named(medicine: str, short: bool) -> None:
    (line,) = [
        one
        for one in seizure_list(PLAIN, takes("1", medicine), formulary=formulary())
        if one.key == "short_acting"
    ]  # fmt: skip
    assert (line.answer, line.detail) == (short, medicine)


def test_a_medicine_nobody_knows_leaves_its_length_and_its_dose_open() -> None:
    bought = Reported({}, ("bromazolam",), complete=False)
    found = answers(reported=bought)
    assert (found["short_acting"], found["high_dose"]) == (None, None)


@pytest.mark.parametrize(("fact", "key"), [
    ("stopped_without_taper", "abrupt_stop"), ("past_seizure", "past_seizure"),
    ("past_withdrawal_complicated", "past_withdrawal"), ("alcohol_dependent", "alcohol_or_sedatives"),
    ("other_sedatives", "alcohol_or_sedatives"), ("flumazenil_given", "flumazenil"),
])  # fmt: skip
def test_each_fact_is_one_line_yes_no_or_not_known(fact: str, key: str) -> None:
    assert answers(replace(PLAIN, **{fact: True}))[key] is True
    assert answers(replace(PLAIN, **{fact: False}))[key] is False
    assert answers(replace(PLAIN, **{fact: None}))[key] is None


def test_one_factor_is_enough_for_the_flag_and_an_open_one_keeps_it_open() -> None:
    short_use = replace(PLAIN, use_months=Decimal(6))
    assert seizure_risk_high(seizure_list(short_use, takes("10"), formulary=formulary())) is False
    one_open = replace(short_use, past_seizure=None)
    assert seizure_risk_high(seizure_list(one_open, takes("10"), formulary=formulary())) is None
    assert seizure_risk_high(seizure_list(replace(one_open, alcohol_dependent=True), takes("10"),
                                          formulary=formulary())) is True  # fmt: skip


def test_every_line_names_its_source() -> None:
    assert all(one.source for one in seizure_list(NOBODY_ASKED, NOTHING, formulary=formulary()))
