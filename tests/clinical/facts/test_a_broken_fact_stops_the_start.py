"""Each thing the loader proves, broken on purpose: the start stops, and the message names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from glidepath.clinical.facts.load import load_facts
from tests.clinical.facts.spoilt import copy_of_the_facts, refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copy_of_the_facts(tmp_path / "facts")


def test_an_unspoilt_copy_loads(folder: Path) -> None:
    assert len(load_facts(folder).formulary.medicines) == 30


DIAZEPAM, LORAZEPAM = "medicines/diazepam.toml", "medicines/lorazepam.toml"
TAPER_RATE = "guidelines/taper_rate.toml"
BROKEN = [
    # what is broken, file, from, to, key that the message names
    ("an unknown unit of a rule", "guidelines/conversion.toml", 'unit = "ratio"', 'unit = "furlong"', "unit"),
    (
        "an unknown unit of a setting",
        "settings.toml",
        'unit = "days", rule = "JCG-9"',
        'unit = "moons", rule = "JCG-9"',
        "unit",
    ),
    ("an unknown unit of a free fact", "adjuncts.toml", 'unit = "mg/day"', 'unit = "spoons"', "unit"),
    ("a kinetic figure without a known unit", DIAZEPAM, "volume_L = [", "volume_pints = [", "pk.volume_pints"),
    ("a range from high to low", DIAZEPAM, "low = 15, high = 125", "low = 125, high = 15", "low"),
    ("a strength of zero", DIAZEPAM, "strengths_mg = [2, 5, 10]", "strengths_mg = [0, 5, 10]", "strengths_mg"),
    ("a negative strength", DIAZEPAM, "strengths_mg = [2, 5, 10]", "strengths_mg = [-2, 5, 10]", "strengths_mg"),
    ("a clearance of zero", DIAZEPAM, "CL_over_F_L_per_h = 1.596", "CL_over_F_L_per_h = 0", "CL_over_F_L_per_h"),
    ("a negative figure anywhere", "adjuncts.toml", "low = 200, high = 800", "low = -200, high = 800", "low"),
    (
        "text where a number belongs",
        "guidelines/monitoring.toml",
        "news2 = { value = 5",
        'news2 = { value = "five"',
        "value",
    ),
    ("an unknown source of a medicine", DIAZEPAM, 'source = "dzp_large"', 'source = "a_friend"', "source"),
    ("an unknown source of an adjunct", "adjuncts.toml", 'source = "cochrane2018"', 'source = "a_friend"', "source"),
    (
        "an unknown source among several",
        "disagreements.toml",
        'sources = ["asam2025_pocket"',
        'sources = ["a_friend"',
        "sources",
    ),
    (
        "an unknown source of a rule",
        TAPER_RATE,
        'source_key = "asam2025_pocket"',
        'source_key = "a_friend"',
        "source_key",
    ),
    ("a source kept twice", "references.toml", "sa_health =", "asam2025 =", "asam2025"),
    ("an unknown mark of how it was seen", TAPER_RATE, 'seen = "original"', 'seen = "in a dream"', "seen"),
    ("an unknown severity", TAPER_RATE, 'severity = "warning"', 'severity = "meh"', "severity"),
    ("a third of a tablet", DIAZEPAM, "smallest_fraction = 0.5", "smallest_fraction = 0.33", "smallest_fraction"),
    (
        "a smallest dose the tablet cannot give",
        DIAZEPAM,
        "smallest_dose_mg = 1.0",
        "smallest_dose_mg = 0.5",
        "smallest_dose_mg",
    ),
    (
        "a liquid step its strength cannot give",
        DIAZEPAM,
        "dose_mg_per_0_1_mL = 0.5",
        "dose_mg_per_0_1_mL = 5",
        "dose_mg_per_0_1_mL",
    ),
    ("a rate that does not fit the half-life", DIAZEPAM, "k_per_h = 0.01568", "k_per_h = 0.1568", "k_per_h"),
    ("a volume that does not fit", DIAZEPAM, "V_over_F_L = 101.8", "V_over_F_L = 83", "V_over_F_L"),
    (
        "an equivalent of zero",
        LORAZEPAM,
        "mg_equal_to_diazepam_10mg = { low = 1, high = 1 }",
        "mg_equal_to_diazepam_10mg = { low = 0, high = 1 }",
        "low",
    ),
    ("a table nobody described", LORAZEPAM, "va_dod_2021", "my_own_table", "table"),
    ("a gap between bands", "instruments/ciwa_b.toml", "low = 21\nhigh = 40", "low = 22\nhigh = 40", "bands"),
    ("bands that overlap", "instruments/ciwa_b.toml", "low = 1\nhigh = 20", "low = 1\nhigh = 21", "bands"),
    ("bands that end too early", "instruments/ciwa_b.toml", "low = 61\nhigh = 80", "low = 61\nhigh = 79", "bands"),
    ("a gap between measured values", "instruments/news2.toml", "low = 9, high = 11", "low = 10, high = 11", "ranges"),
    ("measured values scored twice", "instruments/news2.toml", "low = 9, high = 11", "low = 8, high = 11", "ranges"),
    (
        "an anchor for an answer not allowed",
        "instruments/ciwa_b.toml",
        '4 = "very much so"',
        '5 = "very much so"',
        "anchors",
    ),
    ("an alert of a rule that is not there", "instruments/ciwa_b.toml", 'rule = "DEL-2"', 'rule = "DEL-9"', "rule"),
    ("a person who falls into no row", "guidelines/dependence.toml", "months_below = 1", "months_below = 0.5", "cells"),
    ("a schedule with a gap", "limits.toml", "from_mg = 10, to_mg = 5", "from_mg = 10, to_mg = 6", "diazepam_steps"),
    (
        "a setting that is missing",
        "settings.toml",
        "review_max_age_days =",
        "review_max_age_weeks =",
        "review_max_age_days",
    ),
    ("a number taken from nowhere", "settings.toml", "bands.3.low", "bands.9.low", "ciwa_b_review_at_least"),
    (
        "times of day out of order",
        "settings.toml",
        '2 = ["08:00", "22:00"]',
        '2 = ["22:00", "08:00"]',
        "default_dose_times.2",
    ),
]


@pytest.mark.parametrize(("what", "file", "old", "new", "key"), BROKEN, ids=[one[0] for one in BROKEN])
def test_the_start_stops_and_names_file_and_key(
    folder: Path, what: str, file: str, old: str, new: str, key: str
) -> None:
    fault = refused(folder, file, old, new)
    assert fault.file == Path(file).name
    assert fault.key.endswith(key)
    assert fault.file in str(fault)
    assert fault.key in str(fault)
    assert fault.problem in str(fault)


def test_a_file_that_is_no_toml_is_named(folder: Path) -> None:
    fault = refused(folder, "kinetics.toml", "=", "= =")
    assert fault.file == "kinetics.toml"


def test_a_rule_kept_in_two_files_is_refused(folder: Path) -> None:
    fault = refused(folder, "guidelines/seizures.toml", '["SEI-1"]', '["JCG-6"]')
    assert (fault.file, fault.key) == ("taper_rate.toml", "JCG-6")
