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
INTERACTIONS = "interactions.toml"
POPULATIONS = "populations.toml"
SCHEDULE = "instrument_schedule.toml"
PHQ, COWS = "instruments/phq_9.toml", "instruments/cows.toml"
ESCALATION = "escalation.toml"
BROKEN = [
    # what is broken, file, from, to, key that the message names
    ("an alarm that calls nobody", ESCALATION, 'call = ["nurse"]', "call = []", "call"),
    ("a part nobody has", ESCALATION, 'answered_by = ["clinician"]', 'answered_by = ["porter"]', "answered_by"),
    ("a cause in two ladders", ESCALATION, 'causes = ["INP-6"]', 'causes = ["INP-7"]', "ladders"),
    ("an emergency of a cause without a ladder", ESCALATION, '["INP-11", "INP-12"]', '["INP-11", "X-1"]', "ladders"),
    ("a wait that is no setting", ESCALATION, 'attend = "repage_help_minutes"', 'attend = "ten_minutes"', "attend"),
    ("a reach nobody knows", ESCALATION, 'reach = "unit"', 'reach = "town"', "reach"),
    ("no ladder to fall back on", ESCALATION, 'default_other = "look"', 'default_other = "none"', "default_other"),
    ("an unknown unit of a rule", "guidelines/conversion.toml", 'unit = "ratio"', 'unit = "furlong"', "unit"),
    (
        "an unknown unit of a setting",
        "settings.toml",
        'unit = "days"\nrule = "JCG-9"',
        'unit = "moons"\nrule = "JCG-9"',
        "unit",
    ),
    ("an unknown unit of a free fact", "adjuncts.toml", 'unit = "mg/day"', 'unit = "spoons"', "unit"),
    ("an interaction no medicine file has", INTERACTIONS, 'about = "nefazodone"', 'about = "garlic"', "about"),
    ("an interaction that is unverified", INTERACTIONS, 'about = "nefazodone"', 'about = "carbamazepine"', "about"),
    ("an unknown direction", INTERACTIONS, 'level = "raises"', 'level = "wobbles"', "level"),
    (
        "an interaction that is neither read nor left out",
        INTERACTIONS,
        'medicine = "zolpidem"\nabout = "combined oral contraceptive, smoking"',
        'medicine = "zolpidem"\nabout = "nothing"',
        "interactions",
    ),
    ("a kinetic figure without a known unit", DIAZEPAM, "volume_L = [", "volume_pints = [", "pk.volume_pints"),
    ("a spread of an unknown medicine", POPULATIONS, "[spread.zaleplon]", "[spread.zzz]", "spread.zzz"),
    (
        "a spread that leads nowhere",
        POPULATIONS,
        "alprazolam.toml pk.iiv_cv_percent.0",
        "alprazolam.toml pk.no.0",
        "clearance",
    ),
    ("an adjustment of nobody we know", POPULATIONS, 'who = "liver"', 'who = "left-handed"', "who"),
    ("an adjustment to nothing", POPULATIONS, "clearance = [77, 100]", "clearance = [0, 100]", "clearance"),
    ("an adjustment that is no pair", POPULATIONS, "clearance = [77, 100]", "clearance = [77]", "clearance"),
    ("an unverified adjustment", POPULATIONS, 'seen = "second_hand"', 'seen = "unverified"', "seen"),
    ("a medicine adjusted twice", POPULATIONS, 'medicine = "bromazepam"', 'medicine = "alprazolam"', "adjustment"),
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
    ("an item twice", PHQ, 'key = "mood"', 'key = "interest"', "items"),
    ("an answer twice", COWS, "allowed = [0, 1, 3, 5]", "allowed = [0, 1, 3, 3]", "allowed"),
    ("a value that is no whole number", COWS, "allowed = [0, 1, 3, 5]", "allowed = [0, 1, 2.5, 5]", "allowed"),
    ("a gap closed, so that another total is possible", COWS, "allowed = [0, 3, 5]", "allowed = [0, 3, 6]", "anchors"),
    ("a total the items cannot give", COWS, "total_high = 48", "total_high = 47", "total_high"),
    ("a total that begins elsewhere", "instruments/barc_10.toml", "total_low = 10", "total_low = 0", "total_high"),
    ("a key turned round that is misspelt", "instruments/dast_10.toml", "reverse = true", "revers = true", "revers"),
    ("a set of answers that is not there", PHQ, 'answers = "difficult"', 'answers = "hard"', "hard"),
    ("published words without their source", PHQ, "wording_source =", "note =", "note"),
    (
        "published words without their date",
        "instruments/gad_7.toml",
        'wording_date = "read 2026-11-28"\n',
        "",
        "wording_source",
    ),
    (
        "published words in class B",
        "instruments/sds.toml",
        'label = "worry about use"',
        'label = "w"\ntext = "W"',
        "items",
    ),
    ("our labels that are not marked so", "instruments/sds.toml", "own_words = true", "own_words = false", "own_words"),
    (
        "a slot that ships words of its own class",
        "instruments/isi.toml",
        'pack = "centre"',
        'pack = "published"',
        "wording_source",
    ),
    ("class B with its words switched on", "instruments/sds.toml", 'pack = "off"', 'pack = "own"', "pack"),
    ("bands for the same people twice", "instruments/sds.toml", "age_below = 65", "age_below = 66", "band_sets"),
    (
        "bands that nobody has seen",
        "instruments/sds.toml",
        'source = "cheng2019"\nseen = "second_hand"',
        'source = "cheng2019"\nseen = "unverified"',
        "band_sets",
    ),
    ("bands from nowhere", "instruments/sds.toml", 'source = "cheng2019"', 'source = "a_friend"', "source"),
    ("a sex nobody has", "instruments/audit_c.toml", 'sex = "female"', 'sex = "woman"', "sex"),
    (
        "a code nobody has seen",
        PHQ,
        'total = "44261-6", seen = "second_hand"',
        'total = "44261-6", seen = "unverified"',
        "seen",
    ),
    ("an alert on an item that is not there", PHQ, 'any = [{ sum = ["self_harm"]', 'any = [{ sum = ["harm"]', "alerts"),
    ("an alert that nothing raises", PHQ, 'any = [{ sum = ["self_harm"], at_least = 1 }]', "", "alerts"),
    ("a condition without a bound", PHQ, 'sum = ["self_harm"], at_least = 1', 'sum = ["self_harm"]', "condition"),
    (
        "a way round an item that is not there",
        "instruments/c_ssrs.toml",
        'needed_if = [{ sum = ["thoughts"]',
        'needed_if = [{ sum = ["think"]',
        "needed_if",
    ),
    ("a subscale whose items give another sum", "instruments/bam.toml", "high = 12", "high = 13", "subscales"),
    (
        "a total where none is valid",
        "instruments/bam.toml",
        'totals = "none"',
        'totals = "none"\ntotal_low = 0',
        "totals",
    ),
    ("somebody unknown who fills it", PHQ, '"interview"]', '"a relative"]', "filled_by"),
    ("a change in no unit", PHQ, 'unit = "percent"', 'unit = "stones"', "unit"),
    ("a schedule of an instrument that is not there", SCHEDULE, '["dast_10"]', '["dast_20"]', "one_of"),
    ("a window that ends before it begins", SCHEDULE, "first_day = 14", "first_day = 40", "last_day"),
    ("a stage nobody knows", SCHEDULE, 'stage = "taper_step"', 'stage = "tapering"', "stage"),
    ("a schedule again and again within a day", SCHEDULE, "every_days = 1\n", "every_days = 0\n", "every_days"),
    ("a person who falls into no row", "guidelines/dependence.toml", "months_below = 1", "months_below = 0.5", "cells"),
    ("a schedule with a gap", "limits.toml", "from_mg = 10, to_mg = 5", "from_mg = 10, to_mg = 6", "diazepam_steps"),
    (
        "a setting that is missing",
        "settings.toml",
        "[review_max_age_days]",
        "[review_max_age_weeks]",
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
