"""`--settings FILE`: a centre's own numbers on the command line, kept in the plan's file, and refused out of range."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from glidepath.faces.cli.tests.run import answer, run, wrong

PLAN = ["plan", "lorazepam 2 mg x2", "--start", "2026-12-01", "--switch-to", "diazepam", "--table", "va-dod-2021"]


def _messages(found: dict[str, object], code: str) -> list[str]:
    findings = found["findings"]
    assert isinstance(findings, list)
    return [one["message"] for one in findings if one["code"] == code]


def test_the_numbers_of_a_file_are_used_said_and_kept(tmp_path: Path) -> None:
    centre = tmp_path / "centre.toml"
    centre.write_text("lorazepam_caution_mg = 3\nreview_rass = -1\n")
    ours, here = answer(*PLAN, "--json"), answer(*PLAN, "--settings", str(centre))
    assert _messages(ours, "EQ-2") == []
    (said,) = _messages(here, "EQ-2")
    assert said.endswith("3 mg a day, the centre's setting (default 6).")
    assert here["settings"]["limits"]["settings"] == {"review_rass": "-1", "lorazepam_caution_mg": "3"}
    assert "settings" not in ours["settings"]["limits"]
    kept = tmp_path / "plan.json"
    kept.write_text(json.dumps(here))
    again = run("check", str(kept), "--json")
    assert "3 mg a day, the centre's setting (default 6)." in again.output


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lorazepam_caution_mg = 30", "from 1 to 6 mg a day"),
        ("lorazepam_caution = 3", "Did you mean “lorazepam_caution_mg”?"),
        ("ceiling_percent = 50", "There is no setting"),
        ('{"ciwa_b_rise": null}', "Give a whole number from 5 to 10 points"),
        ("= 3", "neither TOML nor JSON"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    centre = tmp_path / "centre.toml"
    centre.write_text(text)
    assert words in wrong(*PLAN, "--settings", str(centre))
