"""`glidepath simulate`: hours, medicine, species, unit and value, from the facts or with figures of one's own."""

from __future__ import annotations

import csv
import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest

from glidepath.faces.cli.tests.run import process, run, wrong

# One dose, one compartment, no metabolite, lag or loss: the textbook's own curve.
PLAIN = ["--set", "lorazepam.half_life_h=12", "--set", "lorazepam.ka_per_h=1.5", "--set", "lorazepam.clearance_l_h=4",
         "--set", "lorazepam.lag_h=0"]  # fmt: skip


def curves(*arguments: str) -> Any:
    return json.loads(run("simulate", *arguments, "--json").stdout)


def test_one_dose_follows_the_textbook_formula(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    run("simulate", "lorazepam 2 mg 00:00", "--days", "1", *PLAIN, "--out", str(path))
    rows = list(csv.DictReader(path.open()))
    assert list(rows[0]) == ["hours", "medicine", "species", "unit", "value"]
    assert [row["hours"] for row in rows[:3]] == ["0", "1", "2"]
    k, ka, volume = math.log(2) / 12, 1.5, 4 / (math.log(2) / 12)
    for row in rows[:24]:  # the second dose comes at hour 24
        hour = float(row["hours"])
        level = 1000 * 2 / volume * ka / (ka - k) * (math.exp(-k * hour) - math.exp(-ka * hour))
        assert float(row["value"]) == pytest.approx(level, rel=1e-9, abs=1e-9)
    assert {(row["medicine"], row["species"], row["unit"]) for row in rows} == {("lorazepam", "lorazepam", "ng/mL")}


def test_a_plan_begins_where_its_present_dose_has_been_taken_long_before(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(run("plan", "diazepam 10 mg x2", "--start", "2026-12-01", "--liquids", "--json").stdout)
    parent = next(one for one in curves(str(path), "--days", "14")["curves"] if one["species"] == "diazepam")
    assert parent["value"][0] == pytest.approx(parent["value"][24 * 10], rel=1e-6)  # steady until the first cut
    from_nothing = curves(str(path), "--days", "14", "--nothing-before")["curves"][0]
    assert from_nothing["value"][0] == 0
    whole = curves(str(path), "--every", "24h")
    assert whole["hours"][-1] == 24 * ((len(whole["hours"])) - 1)
    assert whole["curves"][0]["value"][-1] < 5  # washed out four weeks after the last dose


def test_a_longer_half_life_levels_the_day_out() -> None:
    """The clearance stays, so does the average; a day's rise and fall are smaller."""
    swings = []
    for more in ([], ["--set", "Valium.half_life_h=90"]):
        last_day = curves("diazepam 10 mg x1", "--days", "20", *more)["curves"][0]["value"][-25:]
        swings.append(max(last_day) - min(last_day))
    assert swings[1] < swings[0]


def test_a_figure_of_a_metabolite_and_a_set_where_the_facts_have_none() -> None:
    metabolite = ["--set", "diazepam.nordiazepam.clearance_l_h=100"]
    usual, quick = (curves("diazepam 10 mg x1", "--days", "9", *more)["curves"][1] for more in ([], metabolite))
    assert usual["species"] == quick["species"] == "nordiazepam"
    assert quick["value"][-1] < usual["value"][-1]


def test_the_published_second_compartment_is_drawn_when_it_is_asked_for() -> None:
    """The label of lorazepam: a peak of about 20 ng/mL after 2 mg by mouth. One compartment lies below. (The second
    dose comes at hour 46.)"""
    one, two = (
        curves("lorazepam 2 mg x1", "--days", "2", *more)["curves"]
        for more in ([], ["--set", "lorazepam.compartments=2"])
    )
    peak = max(two[0]["value"][:46])
    assert peak == pytest.approx(20, rel=0.05)
    assert max(one[0]["value"][:46]) < 0.95 * peak
    assert [curve["species"] for curve in two] == ["lorazepam", "lorazepam in tissue"]


def test_a_medicine_without_a_curve_is_named_and_the_others_are_drawn() -> None:
    found = run("simulate", "diazepam 5 mg x1 + bromazolam 2 mg x1", "--days", "1", "--json")
    assert found.exit_code == 1
    assert {one["medicine"] for one in json.loads(found.stdout)["curves"]} == {"diazepam"}
    assert "bromazolam: its content" in found.stderr


def test_people_see_the_range_of_days_and_what_it_is_not() -> None:
    shown = run("simulate", "diazepam 10 mg x2", "--days", "30").stdout
    assert "nordiazepam, ng/mL" in shown
    assert "It sets no dose" in shown


MANY = ["diazepam 10 mg x2", "--days", "6", "--people", "60", "--every", "4h"]


def test_many_people_have_percentiles_and_the_same_seed_the_same_people(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    run("simulate", *MANY, "--seed", "7", "--out", str(path))
    rows = list(csv.DictReader(path.open()))
    assert list(rows[0]) == ["hours", "medicine", "species", "unit", "p5", "p50", "p95"]
    last = rows[36]
    assert 0 < float(last["p5"]) < float(last["p50"]) < float(last["p95"])
    assert curves(*MANY, "--seed", "7") == curves(*MANY, "--seed", "7")
    assert curves(*MANY, "--seed", "7")["curves"] != curves(*MANY, "--seed", "8")["curves"]
    assert any("it is assumed" in note for note in curves(*MANY)["notes"])


def test_people_see_the_percentiles() -> None:
    assert "p5: lowest to highest" in run("simulate", *MANY).stdout


def test_a_cluster_finds_the_same_numbers() -> None:
    pytest.importorskip("distributed")
    assert curves(*MANY, "--engine", "dask")["curves"] == curves(*MANY)["curves"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Missing argument"),
        (["nowhere.json"], "cannot be read"),
        (["diazepan 5 mg x1"], "Did you mean diazepam"),
        (["diazepam 5 mg x1", "--days", "0"], "not in the range"),
        (["diazepam 5 mg x1", "--every", "soon"], "like 1h or 30min"),
        (["diazepam 5 mg x1", "--every", "1min", "--days", "3660"], "Choose fewer days"),
        (["diazepam 5 mg x1", "--set", "half_life_h=90"], "Write it like diazepam.half_life_h=90"),
        (["diazepam 5 mg x1", "--set", "diazepam.halflife=90"], "Did you mean “half_life_h”"),
        (["diazepam 5 mg x1", "--set", "lorazepam.half_life_h=90"], "lorazepam is not taken here"),
        (["diazepam 5 mg x1", "--set", "diazepam.oxazepam.half_life_h=9"], "There is nordiazepam"),
        (["diazepam 5 mg x1", "--set", "diazepam.half_life_h=0"], "must be more than zero"),
        (["diazepam 5 mg x1", "--set", "diazepam.compartments=2"], "no second compartment is published"),
        (["lorazepam 1 mg x1", "--set", "lorazepam.compartments=3"], "1 compartment or 2"),
        (["lorazepam 1 mg x1", "--set", "diazepam.compartments=2"], "diazepam is not taken here"),
        (["lorazepam 1 mg x1", "--set", "lorazepam.compartments=2", "--people", "9"], "Leave out --people"),
        (
            ["lorazepam 1 mg x1", "--set", "lorazepam.compartments=2", "--set", "lorazepam.half_life_h=9"],
            "Set one of the two",
        ),
        (["bromazolam 5 mg x1"], "No curve can be drawn"),
        (["diazepam 5 mg x1", "--people", "0"], "not in the range"),
        (["diazepam 5 mg x1", "--people", "many"], "not a valid integer"),
        (["diazepam 5 mg x1", "--engine", "gpu"], "'numpy', 'dask'"),
        (["diazepam 5 mg x1", "--out", "levels.xls"], "end with .csv or .parquet"),
    ],
)
def test_what_cannot_be_simulated_is_said(arguments: list[str], says: str) -> None:
    assert says in wrong("simulate", *arguments)


def test_parquet_holds_the_same_columns_and_numbers(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "levels.parquet"
    run("simulate", "diazepam 5 mg x1", "--days", "2", "--out", str(path))
    read = parquet.read_table(path)
    assert read.column_names == ["hours", "medicine", "species", "unit", "value"]
    first = curves("diazepam 5 mg x1", "--days", "2")["curves"][0]
    assert read.column("value").to_pylist()[: len(first["value"])] == first["value"]


def test_without_the_extra_parquet_is_asked_for_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = wrong("simulate", "diazepam 5 mg x1", "--days", "1", "--out", str(tmp_path / "levels.parquet"))
    assert "glidepath[parquet]" in said


def test_it_runs_as_a_process_of_its_own() -> None:
    done = process("simulate", "diazepam 5 mg x1", "--days", "1", "--json")
    assert (done.returncode, len(json.loads(done.stdout)["hours"])) == (0, 25)
