"""`glidepath formulary`, `equivalence` and `score`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glidepath.faces.cli.tests.run import answer, process, run, wrong


def test_one_medicine_by_its_brand() -> None:
    found = answer("formulary", "Xanax", "--region", "us")
    assert (found["name"], found["group"]) == ("alprazolam", "benzodiazepine")
    assert found["mg_equal_to_diazepam_10_mg"]["va-dod-2021"] == "1"
    (multi_scored,) = [one for one in found["products"] if one["strengths_mg"] == ["2"]]
    assert (multi_scored["form"], multi_scored["smallest"], multi_scored["region"]) == ("tablet", "0.25", "us")
    assert "halves" in run("formulary", "valium").stdout


def test_all_medicines_or_those_of_a_region() -> None:
    everything = {one["name"] for one in answer("formulary")}
    assert {"diazepam", "zopiclone", "bromazolam"} <= everything
    assert "zopiclone" not in {one["name"] for one in answer("formulary", "--region", "us")}
    assert "Rivotril" in run("formulary").stdout


def test_a_source_key_is_nothing_to_read() -> None:
    assert "dzp_" not in run("formulary", "diazepam").stdout


def test_equivalents_stand_by_table() -> None:
    # VA/DoD: alprazolam 1 mg and lorazepam 2 mg equal diazepam 10 mg: 3 mg and 1 mg are 30 + 5.
    found = answer("equivalence", "alprazolam 1 mg x3 + lorazepam 1 mg x1")
    assert found["diazepam_equivalent_mg"]["va-dod-2021"] == "35"
    assert found["without_figure"]["sps-uk"] == ["lorazepam"]
    assert (found["lowest_mg"], found["highest_mg"], found["differ_ratio"]) == ("35", "70", "2")
    assert "differ by 2 times" in run("equivalence", "alprazolam 1 mg x3 + lorazepam 1 mg x1").stdout


def test_what_no_table_covers_has_no_number() -> None:
    found = run("equivalence", "bromazolam 2 mg x3", "--json")
    assert (found.exit_code, json.loads(found.stdout)["diazepam_equivalent_mg"]) == (1, {})
    assert "Nothing is converted" in run("equivalence", "bromazolam 2 mg x3").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["formulary", "Xanex"], "Did you mean Xanax"),
        (["formulary", "--region", "de"], "'us', 'uk'"),
        (["equivalence", "diazepam"], "has no amount"),
        (["equivalence"], "Missing argument"),
        (["score"], "Missing argument"),
        (["score", "ciwa-b"], "Missing argument"),
        (["score", "ciwa-c", "1"], "Did you mean CIWA-B?"),
        (["score", "mood", "1"], "PHQ-9"),
        (["score", "cows", "0,0,2"], "item 3 (restlessness): 2 is not an answer; allowed are 0, 1, 3, 5"),
        (["score", "phq-9", "mod=1"], "Did you mean “mood”?"),
        (["score", "phq-9", '{"version": "1999", "mood": 1}'], "Unlike versions are never scored as one another"),
        (["score", "gad-7", '{"instrument": "phq-9", "answers": [1]}'], "The answers are of “phq-9”"),
        (["score", "audit-c", "frequency=1, sex=x"], "write female or male"),
        (["score", "sds", "control=1, age=old"], "is not an age in years"),
        (["score", "ciwa-ar", "nausea=1, bands=mine"], "it has asam_2020, eight_fifteen, ten_fifteen"),
        (["score", "craving", "50,"], "item 2 (craving at its worst"),
        (["score", "ciwa-b", "1,2,7"], "item 3 (tense): 7 is not an answer; allowed are 0, 1, 2, 3, 4"),
        (["score", "ciwa-b", "1,two"], "item 2 (fatigued): “two” is not an answer"),
        (["score", "ciwa-b", ",".join(["1"] * 23)], "has 22 items; 23 answers were given"),
        (["score", "ciwa-b", " "], "No answer was given"),
        (["score", "news2", "300,97,air,128,96,A,37.2"], "Breaths 300 cannot be: write 0 to 80 a minute"),
        (["score", "news2", "18,97,tent,128,96,A,37.2"], "allowed is air or oxygen"),
        (["score", "news2", "18,97,air,128,96,X,37.2"], "allowed is A, C, V, P or U"),
        (["score", "news2", "18.5,97"], "is not a whole number"),
        (["score", "news2", "rr=18, spo=97"], "Did you mean “spo2”"),
        (["score", "news2", "rr=18, hr=97, pulse=98"], "pulse stands twice"),
        (["score", "news2", "rr=18, 97"], "Write them all like rr=18"),
        (["score", "news2", "nowhere.json"], "cannot be read"),
        (["score", "news2", "[1,"], "not JSON"),
        (["score", "news2", "18", "--facts", "nowhere.toml"], "cannot be read"),
    ],
)
def test_what_cannot_be_meant_is_said(arguments: list[str], says: str) -> None:
    assert says in wrong(*arguments)


# instruments.md, oracles of CIWA-B.
@pytest.mark.parametrize(
    ("answers", "total", "band"),
    [
        (["0"] * 20, 0, "none"),
        (["1"] * 20, 20, "mild"),
        (["1"] * 6 + ["2"] + ["1"] * 13, 21, "moderate"),
        (["2"] * 17 + ["3", "2", "2"], 41, "severe"),
        (["4"] * 20, 80, "very severe"),
        (["1"] * 20 + ["3"], 20, "mild"),
        (["1"] * 19, None, None),
        (["1"] * 6 + [""] + ["1"] * 13, None, None),
    ],
)
def test_ciwa_b_scores_as_its_oracles(answers: list[str], total: int | None, band: str | None) -> None:
    found = answer("score", "CIWA-B", ",".join(answers))
    assert (found["total"], found["band"], found["complete"]) == (total, band, total is not None)
    assert found["items"] == 20
    assert found["answered"] == sum(one != "" for one in answers[:20])


def test_a_severe_score_calls_a_physician_and_sets_no_dose() -> None:
    found = run("score", "ciwa_b", ",".join(["4"] * 20), "--json")
    (alert,) = json.loads(found.stdout)["alerts"]
    assert (found.exit_code, alert["code"]) == (1, "INP-6")
    assert "never sets a dose" in alert["do"]


KEYS = {"instrument", "version", "total", "band", "complete", "answered", "items", "subscales", "alerts", "notes"}


@pytest.mark.parametrize(
    ("name", "answers", "total", "band", "alerts", "code"),
    [
        ("phq-9", "0,0,0,0,0,0,0,0,1", 1, "minimal", ["SUI-1"], 2),
        ("PHQ 9", "2,2,2,1,1,1,1,0,0", 10, "moderate", [], 0),
        ("c-ssrs", "wish=yes, thoughts=no, behaviour=no", None, "low", ["SUI-1"], 2),
        ("c-ssrs", "no,no,,,,no", None, "none", [], 0),
        ("ciwa-ar", "1,4,4,4,2,1,0,1,2,0", 19, "severe", [], 0),
        ("audit-c", "frequency=2, quantity=1, occasions=0, sex=female", 3, "positive", [], 0),
        ("audit-c", "2,1,0", 3, None, [], 0),
        ("sds", "control=1, missing=1, worry=2, wish=1, stopping=1, age=70", 6, "positive", [], 0),
        ("rass", "0", 0, "alert and calm", [], 0),
        ("rass", "rass=-3", -3, "moderate sedation", ["INP-12"], 2),
        ("rass", "3", 3, "very agitated", ["RASS"], 1),
        ("isi", "14", 14, "subthreshold", [], 0),
        ("sleep-log", "22:30,40,3,06:15,4", None, None, [], 0),
    ],
)
def test_every_instrument_is_scored_in_the_one_form_that_programs_know(
    name: str, answers: str, total: int | None, band: str | None, alerts: list[str], code: int
) -> None:
    found = run("score", name, answers, "--json")
    said = json.loads(found.stdout)
    assert set(said) == KEYS
    assert (said["total"], said["band"], [one["code"] for one in said["alerts"]]) == (total, band, alerts)
    assert found.exit_code == code


def test_people_see_a_level_without_a_total_and_what_is_still_open() -> None:
    assert "C-SSRS screener: low" in run("score", "c-ssrs", "yes,no,,,,no").stdout
    assert "not known: treat as high; no total (partial 1 of" in run("score", "c-ssrs", "thoughts=yes").stdout
    assert "For women: positive" in run("score", "audit-c", "2,1,0").stdout


# guideline.md 4.6, oracles of NEWS2.
@pytest.mark.parametrize(
    ("answers", "total", "code"),
    [("18,97,air,128,96,A,37.2", 1, 0), ("22,95,air,150,118,C,38.4", 9, 2), ("18,97,air,128,,A,37.2", None, 1)],
)
def test_news2_scores_as_its_oracles(answers: str, total: int | None, code: int) -> None:
    found = run("score", "news2", answers, "--json")
    assert (json.loads(found.stdout)["total"], found.exit_code) == (total, code)


def test_scale_two_is_asked_for_by_name() -> None:
    vitals = {"rr": 18, "spo2": 91, "on_oxygen": False, "sbp": 128, "hr": 70, "consciousness": "alert", "temp_c": 37.2}
    assert answer("score", "news2", json.dumps(vitals))["total"] == 3
    assert answer("score", "news2", json.dumps({**vitals, "spo2_scale": 2}))["total"] == 0


def test_answers_are_read_from_a_file_by_name_with_the_question_before_the_scale(tmp_path: Path) -> None:
    path, facts = tmp_path / "answers.json", tmp_path / "facts.toml"
    path.write_text(json.dumps({"oriented": "no", "tremor": 2, "irritable": 4, "sweating": None}))
    found = run("score", "ciwa-b", str(path), "--json")
    assert (json.loads(found.stdout)["answered"], found.exit_code) == (1, 2)
    assert [one["code"] for one in json.loads(found.stdout)["alerts"]] == ["DEL-2"]
    path.write_text(json.dumps([18, 97, "air", 160, 80, "A", 37.2]))
    facts.write_text("pregnant = true")
    assert [one["code"] for one in answer("score", "news2", str(path), "--facts", str(facts))["alerts"]] == ["INP-10"]


def test_people_see_the_total_and_the_acknowledgement() -> None:
    shown = run("score", "news2", "18,97,air,128,96,A,37.2").stdout
    assert "NEWS2: 1, low" in shown
    assert "Royal College of Physicians" in shown
    assert "no total (partial 3 of 20; so far 3)" in run("score", "ciwa-b", "1,1,1").stdout


def test_it_runs_as_a_process_of_its_own() -> None:
    assert json.loads(process("score", "news2", "18,97,air,128,96,A,37.2", "--json").stdout)["total"] == 1
    assert process("score", "news2", "18,97,air,128,96,A,99").returncode == 64
    assert process("equivalence", "nothing 1 mg x1").returncode == 64
