"""`glidepath plan` and `glidepath check`: defaults, exit codes, files, and what is said of impossible input."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from glidepath.faces.cli.tests.run import answer, process, run, wrong

START = ["--start", "2026-12-01"]
SHELF = ["--stock", "diazepam 2 mg tablet (half); diazepam 10 mg tablet; diazepam 1 mg/mL liquid (0.1 mL)"]
KNOWN = """
age = 45
shared_decision = true
psychosocial_offered = true
pregnant = false
sleep_disturbed = false
[opioid]
active = false
[alcohol]
dependent = false
[dx]
mood = false
bipolar = false
psychotic = false
epilepsy = false
"""


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "person.toml"
    path.write_text(KNOWN)
    return str(path)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = tmp_path / "plan.json"
    path.write_text(run("plan", "diazepam 10 mg x2", *START, *SHELF, "--json").stdout)
    return str(path)


def test_the_defaults_are_those_of_the_design() -> None:
    settings = answer("plan", "alprazolam 1 mg 08:00 14:00 22:00", *START)["settings"]
    assert (settings["region"], settings["setting"], settings["shape"], settings["split"]) == (
        "us",
        "outpatient",
        "proportional",
        "half",
    )
    assert (settings["cut_percent"], settings["interval_days"], settings["liquids"]) == ("10", 14, False)
    assert settings["limits"]["last_step_max_diazepam_mg"] == "1"


def test_every_option_reaches_the_plan(facts: str) -> None:
    taper = ["--first-cut", "2027-02-01", "--switch-to", "Valium", "--table", "scot_2024", "--shape", "linear"]
    pace = ["--cut", "5%", "--every", "3w", "--goal", "diazepam 5 mg", "--last-step", "0.5 mg"]
    products = ["--region", "uk", "--split", "none", "--liquids", "--setting", "residential", "--facts", facts]
    file = answer("plan", "lorazepam 1 mg x3", *START, *taper, *pace, *products)
    settings = file["settings"]
    assert file["goal"] == "diazepam 5 mg"
    assert (settings["first_cut"], settings["switch_to"], settings["table"]) == ("2027-02-01", "diazepam", "scot-2024")
    assert (settings["shape"], settings["cut_percent"], settings["interval_days"]) == ("linear", "5", 21)
    assert (settings["region"], settings["split"], settings["liquids"]) == ("uk", "none", True)
    assert (settings["setting"], settings["limits"]["last_step_max_diazepam_mg"]) == ("residential", "0.5")
    assert settings["facts"]["age"] == "45"
    assert {one["smallest"] for one in settings["products"] if one["kind"] == "solid"} == {"1"}
    first_cut = next(step for step in file["steps"] if step["daily_mg"]["lorazepam"] == "0" and step["number"] > 4)
    assert first_cut["start"] == "2027-02-01"


def test_one_step_an_interval_from_the_present_dose_to_the_zero() -> None:
    file = answer("plan", "diazepam 10 mg x2", *START, *SHELF)
    steps = file["steps"]
    assert file["complete"]
    assert (steps[0]["start"], steps[1]["start"]) == ("2026-12-01", "2026-12-15")
    assert [step["state"] for step in steps[:2]] == ["released", "projected"]
    assert (steps[-1]["doses"], steps[-1]["daily_mg"]) == ([], {"diazepam": "0"})


def test_a_plan_that_cannot_be_complete_is_printed_all_the_same_and_ends_with_two() -> None:
    result = run("plan", "diazepam 10 mg x2", *START, "--stock", "diazepam 10 mg tablet", "--json")
    file = json.loads(result.stdout)
    assert (result.exit_code, file["complete"], file["blocked_by"]["code"]) == (2, False, "JCG-6c")
    assert [step["daily_mg"]["diazepam"] for step in file["steps"]] == ["20"]


def test_what_would_free_a_blocked_plan_stands_beside_it_with_its_steps() -> None:
    file = answer("plan", "alprazolam 0.5 mg x2", *START)
    ways = {one["kind"]: one for one in file["alternatives"]}
    assert {"switch", "kept_dose", "override"} <= set(ways)
    assert (ways["switch"]["complete"], ways["switch"]["steps"][-1]["doses"]) == (True, [])
    assert ways["kept_dose"]["goal"] == "alprazolam 0.375 mg"
    assert ways["switch"]["step_count"] == len(ways["switch"]["steps"])
    assert "Keep alprazolam 0.375 mg a day as the goal." in run("plan", "alprazolam 0.5 mg x2", *START).stdout
    assert answer("plan", "diazepam 10 mg x2", *START, *SHELF)["alternatives"] == []


def test_a_fact_that_speaks_against_the_place_is_said(tmp_path: Path) -> None:
    severe = tmp_path / "severe.toml"
    severe.write_text("wd.level = 'severe'")
    found = run("plan", "diazepam 10 mg x2", *START, *SHELF, "--facts", str(severe), "--json")
    assert "JCG-12" in {one["code"] for one in json.loads(found.stdout)["findings"]}
    assert found.exit_code == 2


def test_a_hard_stop_that_nobody_answered_ends_with_two_and_a_named_table_answers(facts: str) -> None:
    text = ("plan", "alprazolam 1 mg x3", *START, "--switch-to", "diazepam", "--facts", facts)
    assert run(*text).exit_code == 2
    file = answer(*text, "--table", "va-dod-2021")
    (named,) = [one for one in file["findings"] if one["code"] == "EQ-1"]
    assert named["answered_by"] == "table named: va-dod-2021"


def test_unknown_facts_end_with_one_and_nothing_to_say_with_nought(facts: str, tmp_path: Path) -> None:
    goal = ["--goal", "diazepam 9 mg"]
    assert run("plan", "diazepam 10 mg x1", *START, *goal).exit_code == 1
    more = Path(facts)
    more.write_text(KNOWN + "[use]\ndays_per_week = 7\nmonths = 30\nsource = 'prescribed'\n")
    more.write_text(
        "past_seizure = false\nmajor_medical = false\nmajor_psych = false\nsud_any = false\nother_sedatives = false\n"
        "oud_med = 'none'\noud_med_stabilising = false\n" + more.read_text()
    )
    result = run("plan", "diazepam 10 mg x1", *START, *goal, "--facts", facts, "--json")
    said = json.loads(result.stdout)["findings"]
    open_ones = [
        one for one in said if one["severity"] != "advice" and one["status"] == "fires" and not one["answered_by"]
    ]
    assert (result.exit_code, open_ones) == (0, [])


def test_an_unknown_illicit_product_has_no_number_and_no_plan() -> None:
    result = run("plan", "bromazolam 2 mg x3", *START, "--switch-to", "diazepam", "--json")
    file = json.loads(result.stdout)
    assert (result.exit_code, file["steps"], file["blocked_by"]["code"]) == (2, [], "GP-FIGURE")
    assert "not known" in file["blocked_by"]["message"]


def test_a_z_drug_is_exchanged_only_where_nothing_else_is_meant_and_a_specialist_is_asked_for() -> None:
    switch = ["--switch-to", "diazepam", "--table", "scot-2024", "--region", "uk"]
    alone = run("plan", "zopiclone 7.5 mg x1", *START, *switch, "--json")
    file = json.loads(alone.stdout)
    assert "diazepam" in file["steps"][1]["daily_mg"]
    assert (alone.exit_code, "EQ-3" in {one["code"] for one in file["findings"]}) == (2, True)
    beside = answer("plan", "lorazepam 1 mg x1 + zopiclone 7.5 mg x1", *START, *switch)
    assert {step["daily_mg"]["zopiclone"] for step in beside["steps"]} == {"7.5"}


def test_people_see_a_table_and_no_colour_where_there_is_no_terminal() -> None:
    result = run("plan", "diazepam 10 mg x2", *START, *SHELF)
    assert "diazepam 18 mg" in result.stdout
    assert "none begins until a prescriber releases it" in result.stdout
    assert "* The plan: record a shared decision" in result.stdout
    assert "\x1b[" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing argument 'REGIMEN'"),
        (["diazepam 10 mg x2"], "Missing option '--start'"),
        (["diazepam 10 mg x2", "--start", "1.12.26"], "like 2026-12-01"),
        (["diazepam 10 mg x2", "--start", "2026-02-30"], "is not a day"),
        (["diazapam 10 mg x2", *START], "Did you mean diazepam"),
        (["diazepam 10 ml x2", *START], "Write mg or micrograms"),
        (["diazepam 10 mg", *START], "does not say when"),
        (["diazepam 10 mg x2", *START, "--cut", "0"], "0.5% or more"),
        (["diazepam 10 mg x2", *START, "--cut", "0.1"], "Did you mean 10%?"),
        (["diazepam 10 mg x2", *START, "--cut", "ten"], "Write a percentage like 10%"),
        (["diazepam 10 mg x2", *START, "--every", "0d"], "write 1 to 366 days"),
        (["diazepam 10 mg x2", *START, "--every", "2 months"], "like 14d or 2w"),
        (["diazepam 10 mg x2", *START, "--goal", "lower"], "is not a goal"),
        (["diazepam 10 mg x2", *START, "--goal", "diazepam 30 mg"], "A taper never raises a dose"),
        (["diazepam 10 mg x2", *START, "--first-cut", "2026-11-30"], "not after the start"),
        (["diazepam 10 mg x2", *START, "--table", "ashton"], "Did you mean “ashton-2002”"),
        (["diazepam 10 mg x2", *START, "--table", "bnf-nice"], "is not calculated with"),
        (["diazepam 10 mg x2", *START, "--switch-to", "diazepan"], "Did you mean diazepam"),
        (["diazepam 10 mg x2", *START, "--switch-to", "Valium"], "nothing to exchange"),
        (["diazepam 10 mg x2", *START, "--region", "de"], "'us', 'uk'"),
        (["diazepam 10 mg x2", *START, "--shape", "curve"], "'proportional', 'linear'"),
        (["diazepam 10 mg x2", *START, "--stock", "diazepam"], "is not a product"),
        (["diazepam 10 mg x2", *START, "--stock", "diazepam 0.0001 mg tablet"], "times the smallest amount"),
        (["diazepam 10 mg x2", *START, "--facts", "nowhere.toml"], "cannot be read"),
        (["diazepam 10 mg x2", *START, "--last-step", "one"], "Write mg like 1mg"),
        (["diazepam 10 mg x2", *START, "--intervall", "7d"], "No such option"),
        (
            ["diazepam 10 mg x2", "--start", "2199-12-01", "--every", "366d", "--csv", "/nowhere/x.csv"],
            "cannot be written",
        ),
    ],
)
def test_wrong_use_says_what_was_given_and_what_is_meant(arguments: list[str], says: str) -> None:
    assert says in wrong("plan", *arguments)


def test_a_command_that_does_not_exist_is_met_with_the_one_that_does() -> None:
    assert "Did you mean “revise”?" in wrong("revize")
    assert process("plam").returncode == 64


def test_checking_a_plan_says_what_planning_said(plan: str) -> None:
    made, checked = json.loads(Path(plan).read_text()), answer("check", plan)
    assert checked == made


def test_a_plan_is_read_from_standard_input(plan: str) -> None:
    assert answer("check", "-", stdin=Path(plan).read_text())["complete"]


def test_options_of_check_stand_in_for_those_of_the_plan(plan: str) -> None:
    checked = answer("check", plan, "--stock", "diazepam 10 mg tablet", "--setting", "residential")
    assert checked["settings"]["setting"] == "residential"
    assert "TPR-3" in {one["code"] for one in checked["findings"]}
    assert not checked["complete"]


def test_a_schedule_made_elsewhere_is_checked_with_the_reason_for_each_stop(tmp_path: Path) -> None:
    table = tmp_path / "schedule.csv"
    table.write_text(
        "date,time,medicine,mg\n2026-12-01,22:00,Valium,10\n2026-12-15,22:00,Valium,5\n2026-12-29,22:00,Valium,0\n"
    )
    result = run("check", str(table), "--region", "uk", "--json")
    file = json.loads(result.stdout)
    assert result.exit_code == 2
    assert [(one["code"], one["step"]) for one in file["findings"] if one["code"] == "JCG-6c"] == [
        ("JCG-6c", 2),
        ("JCG-6c", 3),
    ]
    assert [step["cut_percent"] for step in file["steps"]] == ["0", "50", "100"]
    assert file["steps"][0]["doses"][0]["products"][0]["product"] == "diazepam 10 mg tablet"


def test_steps_alone_become_a_plan_that_can_be_revised(tmp_path: Path) -> None:
    short = {"start": "2026-12-01", "steps": [
        {"start": "2026-12-01", "doses": [{"time": "22:00", "medicine": "diazepam", "mg": "2"}]},
        {"start": "2026-12-15", "doses": [{"time": "22:00", "medicine": "diazepam", "mg": "1.5"}]}]}  # fmt: skip
    path = tmp_path / "short.json"
    path.write_text(json.dumps(short))
    assert "glidepath check FILE --json" in wrong("revise", str(path), "hold", "--on", "2026-12-02", "--reason", "x")
    path.write_text(run("check", str(path), "--goal", "diazepam 1.5 mg", "--liquids", "--json").stdout)
    held = answer("revise", str(path), "hold", "--on", "2026-12-02", "--reason", "x")
    assert (held["version"], held["on_hold"]) == (2, True)


def test_a_table_written_is_a_table_read(tmp_path: Path) -> None:
    path = str(tmp_path / "plan.csv")
    made = answer("plan", "diazepam 10 mg x2", *START, *SHELF, "--csv", path)
    checked = answer("check", path, *SHELF)
    assert [step["daily_mg"] for step in checked["steps"]] == [step["daily_mg"] for step in made["steps"]]
    assert checked["complete"]


def test_the_sheet_and_the_calendar_hold_only_what_is_released(tmp_path: Path) -> None:
    pdf, ics = tmp_path / "a.pdf", tmp_path / "a.ics"
    run("plan", "diazepam 10 mg x2", *START, *SHELF, "--pdf", str(pdf), "--ics", str(ics))
    assert pdf.read_bytes().startswith(b"%PDF-")
    calendar = ics.read_bytes().decode().replace("\r\n ", "")  # a long line is folded
    assert calendar.count("BEGIN:VEVENT") == 28 * 2
    assert "DTSTART:20261201T080000\r\n" in ics.read_bytes().decode()
    assert "diazepam 10\u00a0mg" in calendar
    assert "diazepam 9\u00a0mg" not in calendar
    run("plan", "diazepam 10 mg x2", *START, *SHELF, "--ics", str(ics), "--zone", "America/New_York")
    assert "DTSTART:20261201T130000Z" in ics.read_text()


def test_it_runs_as_a_process_of_its_own(plan: str) -> None:
    done = process("check", plan, "--json")
    assert json.loads(done.stdout)["format"] == "glidepath.plan/1"
    assert done.returncode == 1
    assert process("check", "nowhere.json").returncode == 64
    assert "\x1b[" in process("plan", "diazepam 2 mg x1", *START, env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[3" not in process("plan", "diazepam 2 mg x1", *START, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_help_teaches_with_examples() -> None:
    for command in ("plan", "check", "revise", "due"):
        assert f"glidepath {command} " in run(command, "--help").stdout
    assert date.fromisoformat("2026-12-01").isoformat() in run("--help").stdout
