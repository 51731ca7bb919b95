"""Guideline rules, their thresholds, the dependence table, published schedules and the centre's defaults."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from glidepath.clinical.facts.dependence import DependenceRisk
from glidepath.clinical.facts.load import (
    Seen,
    cks_schedule,
    clinical_settings,
    dependence_table,
    rule,
    rules,
    source,
)
from glidepath.clinical.findings import Severity, Status

HARD, WARNING, ADVICE = Severity.HARD_STOP, Severity.WARNING, Severity.ADVICE
SEVERITIES = {
    HARD: "JCG-2 JCG-3 JCG-4 JCG-6c JCG-6d JCG-8 JCG-9 JCG-11 JCG-12 JCG-14 JCG-15 JCG-17 JCG-21 JCG-28 TPR-3 EQ-1 "
    "EQ-3 EQ-4 EQ-5 INP-3 INP-4 INP-5 INP-7 INP-8 INP-10 INP-11 INP-12 INP-14 SEI-1 SEI-2 SEI-3 DEL-1 DEL-2 SUI-1 "
    "DIS-2 DIS-3 DIS-5 POL-1 POL-9 LOC-4 JCG-1a JCG-5c JCG-12a JCG-12b JCG-13a JCG-13b JCG-16 JCG-20 JCG-22 JCG-26a "
    "JCG-29b JCG-G2 PSY-1 RES-1 LIV-1 ADO-1 UDT-1 UDT-2 UDT-4 SEI-4",
    WARNING: "JCG-6 JCG-11p JCG-18 JCG-27 OP-1 OP-2 OP-3 TPR-1 TPR-2 TPR-4 TPR-6 TPR-7 TPR-9 TPR-10 EQ-2 EQ-6 INP-1 "
    "INP-6 INP-9 INP-13 OLD-1 POL-8 LOC-1 LOC-2 LOC-3 LOC-5 LOC-6 DIS-1 DIS-4 "
    "JCG-1 JCG-1b JCG-K1 JCG-3a EV-1 JCG-5a JCG-5b JCG-10 ADJ-1 ADJ-2 PHB-1 JCG-19 JCG-23 JCG-24 JCG-26 POL-2 POL-3 "
    "POL-4 POL-5 POL-6 POL-7 PRG-1 PAL-1 UDT-3 SUP-1 SUP-2 FAC-START FAC-CHANGE "
    "FAC-SEIZURE",
    ADVICE: "JCG-T2 JCG-6e JCG-7 TPR-5 TPR-8 EQ-7 INP-2 JCG-2a JCG-2b JCG-5 JCG-G1 JCG-25 JCG-29a ADJ-3 UDT-5 "
    "FAC-AGE FAC-LIVER FAC-KIDNEY FAC-TOGETHER FAC-UNKNOWN FAC-LONG",
}
NO_OVERRIDE = {"JCG-8", "JCG-21", "INP-3", "INP-5", "INP-12", "SEI-1", "SEI-2", "DEL-1", "SUI-1"}
BY_TWO_SIGNATURES = {"INP-14"}  # a named protocol answers it, no reason: our reading
THRESHOLDS = [
    ("JCG-6", "cut_percent_low", "5", "percent"),
    ("JCG-6", "cut_percent_high", "10", "percent"),
    ("JCG-6c", "ceiling_percent", "25", "percent"),
    ("JCG-6c", "ceiling_days", "14", "days"),
    ("JCG-7", "weeks_low", "1", "weeks"),
    ("JCG-7", "weeks_high", "2", "weeks"),
    ("JCG-27", "age", "65", "years"),
    ("OLD-1", "age", "65", "years"),
    ("EQ-1", "ratio", "1.5", "ratio"),
    ("EQ-2", "lorazepam_mg", "6", "mg/day"),
    ("EQ-5", "diazepam_mg_per_day", "40", "mg/day"),
    ("EQ-6", "diazepam_mg_per_day", "50", "mg/day"),
    ("EQ-6", "repeat_after_hours", "2", "h"),
    ("EQ-7", "diazepam_mg_per_day", "10", "mg/day"),
    ("INP-7", "news2", "5", "points"),
    ("INP-7", "single_parameter", "3", "points"),
    ("INP-8", "news2", "7", "points"),
    ("INP-8", "review_within_minutes", "30", "min"),
    ("INP-9", "pulse_above", "100", "per min"),
    ("INP-10", "sbp_at_least", "150", "mmHg"),
    ("INP-10", "temp_above", "38.3", "C"),
    ("INP-14", "cut_percent_per_day", "10", "percent of the start per day"),
    ("INP-14", "discharge_at_most_mg", "20", "mg/day"),
    ("SEI-2", "minutes", "5", "min"),
    ("DIS-1", "diazepam_mg_per_day", "20", "mg/day"),
    ("LOC-1", "diazepam_mg_per_day", "50", "mg/day"),
    ("LOC-5", "share_of_reported_percent", "40", "percent"),
    ("JCG-1", "days", "90", "days"),
    ("JCG-K1", "days", "90", "days"),
    ("JCG-16", "days", "90", "days"),
    ("JCG-19", "days", "90", "days"),
    ("JCG-6e", "months_below", "3", "months"),
    ("EV-1", "people", "353576", "people"),
    ("EV-1", "stopped_percent", "5.5", "percent"),
    ("JCG-G2", "use_disorder_percent", "1.5", "percent"),
    ("PHB-1", "people", "310", "people"),
    ("POL-3", "moderate_from", "10", "points"),
    ("POL-3", "severe_from", "19", "points"),
    ("POL-5", "every_hours", "6", "h"),
    ("ADO-1", "age", "18", "years"),
    ("JCG-29a", "infants", "124", "people"),
]


@pytest.mark.parametrize("severity", SEVERITIES)
def test_each_rule_stands_in_the_way_as_far_as_the_guideline_says(severity: Severity) -> None:
    for code in SEVERITIES[severity].split():
        assert rule(code).severity is severity, code


def test_only_the_rules_marked_so_allow_no_override() -> None:
    assert {code for code, one in rules().items() if not one.overridable} == NO_OVERRIDE | BY_TWO_SIGNATURES


@pytest.mark.parametrize(("code", "name", "value", "unit"), THRESHOLDS)
def test_each_threshold_is_the_published_one_with_its_unit(code: str, name: str, value: str, unit: str) -> None:
    assert rule(code).value(name) == Decimal(value)
    assert rule(code).values[name].unit == unit


@pytest.mark.parametrize(
    ("code", "strength"),
    [
        ("JCG-2", "L-S"),
        ("JCG-6", "CC-S"),
        ("JCG-7", "CC-C"),
        ("JCG-15", "CC-C"),
        ("JCG-10", "L-S"),
        ("JCG-T2", "CC"),
        ("JCG-2a", "L-S"),
        ("JCG-3a", "CC-C"),
        ("JCG-13a", "L-S"),
        ("JCG-1", "CC-S"),
    ],
)
def test_a_graded_recommendation_carries_its_grade(code: str, strength: str) -> None:
    assert rule(code).strength == strength


def test_every_rule_tells_clinicians_its_source_and_its_key_is_a_reference() -> None:
    for one in rules().values():
        assert one.title
        assert one.source
        assert one.strength
        assert one.source_key is None or source(one.source_key).title


def test_what_no_source_says_is_labelled_as_our_reading() -> None:
    for one in rules().values():
        if one.seen is Seen.OURS:
            assert one.ours, one.code
            assert one.strength == "OP", one.code
            assert "our reading" in one.source, one.code


def test_no_unverified_rule_is_shown_as_guidance() -> None:
    for one in rules().values():
        assert all(value.seen is not Seen.UNVERIFIED for value in one.values.values()), one.code
        if one.seen is Seen.UNVERIFIED:
            with pytest.raises(ValueError, match=f"{one.code} is unverified and is never shown"):
                one.finding(message="said", do="do")


def test_a_finding_takes_code_severity_strength_and_source_from_the_facts() -> None:
    finding = rule("JCG-6").finding(message="15 % of the present dose", do="choose 18 mg or more", step=4)
    assert (finding.code, finding.severity, finding.strength, finding.step) == ("JCG-6", WARNING, "CC-S", 4)
    assert "rec. 6" in finding.source
    assert finding.overridable
    assert finding.status is Status.FIRES


def test_a_finding_of_a_rule_without_override_says_so() -> None:
    assert not rule("INP-12").finding(message="RASS -4", do="hold").overridable


def test_a_rule_that_lacks_a_fact_names_it() -> None:
    finding = rule("JCG-27").cannot_be_assessed(message="age is not recorded", do="record it", missing=("age",))
    assert finding.status is Status.CANNOT_BE_ASSESSED
    assert finding.missing == ("age",)


def test_a_number_the_rule_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(KeyError, match=r"JCG-6c has no value 'limit'.*ceiling_percent"):
        rule("JCG-6c").value("limit")


@pytest.mark.parametrize(
    ("days", "months", "mg", "risk"),
    [  # the worked rows of the table
        ("2", "12", "40", DependenceRisk.RARE),
        ("7", "0.5", "30", DependenceRisk.LOWER_POSSIBLE),
        ("7", "2", "10", DependenceRisk.LOWER_POSSIBLE),
        ("7", "2", "10.5", DependenceRisk.YES),
        ("5", "3", "2", DependenceRisk.YES),
    ],
)
def test_the_dependence_table_places_a_person(days: str, months: str, mg: str, risk: DependenceRisk) -> None:
    found = dependence_table().risk(days_per_week=Decimal(days), months=Decimal(months), diazepam_mg=Decimal(mg))
    assert found is risk


@pytest.mark.parametrize(("mg", "tier"), [("10", "low"), ("10.1", "moderate"), ("15", "moderate"), ("15.1", "high")])
def test_the_dose_tier_is_worked_out_from_the_diazepam_figure(mg: str, tier: str) -> None:
    assert dependence_table().tier(Decimal(mg)) == tier


@pytest.mark.parametrize(
    ("mg", "cut"),
    [("40", (2, 4)), ("20", (1, 2)), ("10", (1, 1)), ("5", (Decimal("0.5"), 1)), ("1", (Decimal("0.5"), 1))],
)
def test_the_published_diazepam_cuts_are_found_by_the_present_dose(mg: str, cut: tuple[Decimal, Decimal]) -> None:
    row = cks_schedule().row(Decimal(mg))
    assert row is not None
    assert (row.cut_low_mg, row.cut_high_mg) == cut
    assert (row.weeks_low, row.weeks_high) == (1, 2)


def test_the_published_length_of_a_taper_is_kept_as_a_range() -> None:
    assert cks_schedule().total_weeks == {Decimal(40): (30, 60), Decimal(20): (20, 40)}
    assert cks_schedule().seen is Seen.SECOND_HAND
    assert cks_schedule().row(Decimal(41)) is None
    assert cks_schedule().row(Decimal(0)) is None


SETTINGS = {
    "default_cut_percent": 10, "default_interval_days": 14, "min_interval_days": 14, "last_step_max_diazepam_mg": 1,
    "review_max_age_days": 7, "syringe_graduation_ml": Decimal("0.1"),
    "doses_not_taken_in_a_row": 2, "doses_not_taken_hours": 24,
    "watch_days_short": 7, "watch_days_long": 14, "watch_days_unknown": 21,
    "observe_awake_hours": 4, "observe_asleep_hours": 4, "close_observation_first_days": 3,
    "close_observation_after_change_hours": 48, "stable_after_hours": 72, "observation_overdue_after_hours": 1,
    "hold_rass_at_most": -3, "hold_rr_below": 10, "hold_spo2_below": 92, "hold_spo2_below_scale_2": 88,
    "emergency_rr_at_most": 8, "review_rass": -2, "ciwa_b_review_at_least": 41, "ciwa_b_rise": 10,
    "ciwa_b_rise_hours": 24, "ciwa_b_review_within_hours": 1, "fever_at_least_c": Decimal("38.1"),
    "emergency_fever_at_least_c": Decimal("39.1"), "lorazepam_caution_mg": 6, "contact_after_discharge_hours": 72,
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_each_default_of_a_centre_is_the_stated_one(name: str) -> None:
    assert getattr(clinical_settings(), name) == SETTINGS[name]


def test_three_times_a_day_means_three_clock_times() -> None:
    assert clinical_settings().default_dose_times[3] == (dt.time(8), dt.time(14), dt.time(22))
