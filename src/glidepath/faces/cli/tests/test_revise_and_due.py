"""`glidepath revise` and `glidepath due`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glidepath.faces.cli.tests.run import answer, process, run, wrong

SHELF = ["--stock", "diazepam 2 mg tablet (half); diazepam 10 mg tablet; diazepam 1 mg/mL liquid (0.1 mL)"]
RELEASE = ["release", "--on", "2026-12-12", "--reason", "reviewed: sleeps well"]


@pytest.fixture
def plan(tmp_path: Path) -> str:
    return kept(tmp_path / "plan.json", "plan", "diazepam 10 mg x2", "--start", "2026-12-01", *SHELF)


def kept(path: Path, *arguments: str) -> str:
    path.write_text(run(*arguments, "--json").stdout)
    return str(path)


def test_a_release_holds_a_hold_resumes_and_each_is_a_version(plan: str, tmp_path: Path) -> None:
    second = kept(tmp_path / "2.json", "revise", plan, *RELEASE)
    third = kept(
        tmp_path / "3.json", "revise", second, "hold", "--on", "2026-12-20", "--time", "14:00", "--reason", "exams"
    )
    fourth = answer(
        "revise", third, "resume", "--on", "2027-01-10", "--cut", "5%", "--every", "21d", "--reason", "steady"
    )
    assert [one["change"] for one in fourth["history"]] == ["release", "hold", "resume"]
    assert [one["step_in_force"] for one in fourth["history"]] == [1, 2, 2]
    assert fourth["version"] == 4
    assert [step["start"] for step in fourth["steps"][:3]] == ["2026-12-01", "2026-12-15", "2027-01-31"]
    assert fourth["settings"]["cut_percent"] == "5"


def test_the_difference_is_returned(plan: str) -> None:
    difference = answer("revise", plan, "slow", "--on", "2026-12-05", "--reason", "asked for it")["difference"]
    assert difference["end_after"] > difference["end_before"]
    assert difference["steps"][0]["number"] == 2


def test_a_step_back_to_an_amount_of_the_only_medicine(plan: str, tmp_path: Path) -> None:
    second = kept(tmp_path / "2.json", "revise", plan, *RELEASE)
    back = ["step-back", "--on", "2026-12-20", "--time", "14:00", "--reason", "tremor"]
    for to in ("20 mg", "Valium 20 mg"):
        steps = answer("revise", second, *back, "--to", to)["steps"]
        assert (steps[2]["daily_mg"], steps[2]["from_time"], steps[2]["state"]) == (
            {"diazepam": "20"},
            "14:00",
            "released",
        )
    assert steps[1]["end"] == "2026-12-20"


def test_people_see_what_changes(plan: str) -> None:
    shown = run("revise", plan, "hold", "--on", "2026-12-05", "--reason", "asked for it").stdout
    assert "What changes" in shown
    assert "Needed for the 28 days from then" in shown
    assert "On hold" in shown


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pause", "--on", "2026-12-05", "--reason", "x"], "is not one of"),
        (["hold", "--on", "2026-12-05"], "Missing option '--reason'"),
        (["hold", "--reason", "x"], "Missing option '--on'"),
        (["hold", "--on", "2026-11-05", "--reason", "x"], "The plan starts on"),
        (["hold", "--on", "2026-12-05", "--reason", " "], "needs its reason"),
        (["hold", "--on", "2026-12-05", "--time", "8", "--reason", "x"], "is not a time of day"),
        (["resume", "--on", "2026-12-05", "--reason", "x"], "not on hold"),
        (["slow", "--on", "2026-12-05", "--cut", "20%", "--reason", "x"], "is not slower"),
        (["step-back", "--on", "2026-12-05", "--reason", "x"], "none to go back to"),
        (["step-back", "--on", "2026-12-20", "--to", "twenty", "--reason", "x"], "is not a goal"),
    ],
)
def test_a_turn_that_cannot_be_says_why(plan: str, arguments: list[str], says: str) -> None:
    assert says in wrong("revise", plan, *arguments)


def test_doses_come_one_object_each_with_the_offset_of_the_zone(plan: str) -> None:
    doses = answer("due", plan, "--from", "2027-03-27", "--to", "2027-03-28", "--zone", "Europe/London")
    assert [one["at"] for one in doses] == [
        "2027-03-27T08:00:00+00:00",
        "2027-03-27T22:00:00+00:00",
        "2027-03-28T08:00:00+01:00",
        "2027-03-28T22:00:00+01:00",
    ]
    assert doses[0] == {
        "at": "2027-03-27T08:00:00+00:00", "time": "08:00", "medicine": "diazepam", "mg": "10", "step": 1,
        "products": [{"product": "diazepam 10 mg tablet", "strength_mg": "10", "count": "1"}],
    }  # fmt: skip


def test_a_step_that_waits_for_its_release_is_said_and_does_not_begin(plan: str, tmp_path: Path) -> None:
    days = ["--from", "2026-12-15", "--to", "2026-12-15"]
    waits = run("due", plan, *days, "--json")
    assert {one["mg"] for one in json.loads(waits.stdout)} == {"10"}
    assert "planned for 2026-12-15 is not released" in waits.stderr
    assert {one["mg"] for one in answer("due", plan, *days, "--projected")} == {"9"}
    second = kept(tmp_path / "2.json", "revise", plan, *RELEASE)
    assert {one["mg"] for one in answer("due", second, *days)} == {"9"}
    assert run("due", second, *days).stderr == ""


def test_people_see_the_pieces(plan: str) -> None:
    shown = run("due", plan, "--from", "2026-12-01", "--to", "2026-12-01").stdout
    assert "Tue  1 Dec 2026" in shown
    assert "1 × 10 mg tablet" in shown
    assert "No dose is due" in run("due", plan, "--from", "2026-11-01", "--to", "2026-11-02").stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "2026-12-02", "--to", "2026-12-01"], "comes before the first"),
        (["--from", "1926-12-02", "--to", "2026-12-01"], "Choose fewer"),
        (["--from", "2026-12-01", "--to", "2026-12-02", "--zone", "Europe/Londn"], "Did you mean “Europe/London”"),
        (["--from", "2026-12-01", "--to", "2026-12-02", "--zone", "../../etc"], "is not a time zone"),
        (["--from", "2026-12-01"], "Missing option '--to'"),
    ],
)
def test_days_that_cannot_be_meant_are_said(plan: str, arguments: list[str], says: str) -> None:
    assert says in wrong("due", plan, *arguments)


def test_a_file_that_contradicts_itself_gives_no_dose(plan: str) -> None:
    path = Path(plan)
    path.write_text(path.read_text().replace('"mg": "10"', '"mg": "12"', 1))
    assert "contradicts itself" in wrong("due", plan, "--from", "2026-12-01", "--to", "2026-12-01")
    assert run("check", plan).exit_code == 2


def test_it_runs_as_a_process_of_its_own(plan: str) -> None:
    done = process("due", plan, "--from", "2026-12-01", "--to", "2026-12-01", "--json")
    assert (done.returncode, len(json.loads(done.stdout))) == (0, 2)
