"""The tool that turns the formulary reference into fact files loses nothing: a sample always, all of it where it is."""

from __future__ import annotations

import importlib.util
import os
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from glidepath.clinical.facts.load import FACTS_DIR

ROOT = Path(__file__).parents[3]
ORACLES = ROOT / "tests" / "clinical" / "pharmacokinetics" / "oracles.toml"
SAMPLE = """
meta: {title: sample}
drugs:
  sleepazam:
    generic_name: sleepazam "S"
    brand_names: {us: [], uk: [generics], source: a_book}
    forms:
    - {market: UK, form: tablet, strengths_mg: [0.50, 2], scored: null, smallest_fraction: null, source: a_copy}
    pk:
      half_life_h:
      - {value: null, low: 1.0, high: 10, source: a_book, note: 'line with "quotes", a back\\slash and é'}
      - {value: 0.1, source: background, unverified: true}
      nothing: {value: null, source: null}
adjuncts: {}
equivalence: {unit: mg, tables: {t: {source: a_book, type: x}}}
guideline_limits: {g: {every_weeks: [2, 4], source: a_book}}
dose_steps: {smallest: {sleepazam: [{market: UK, diazepam_equivalent_mg: {low: 1.0, high: 1.0}}]}}
receptor_occupancy: {human: null}
disagreements:
- {drug: sleepazam, sources: [a_book, a_copy]}
test_oracles: {cases: [{id: one, what: w, expected: 0.50, unit: h, tolerance_percent: 0.1, derived: x}]}
sources:
  a_book: {title: A book, organisation: Press, year: 2001, locator: null}
  a_copy: {title: A web copy of a book, organisation: Somebody, year: null, locator: x}
  background: {title: Background, organisation: none, year: null, locator: null}
"""


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("formulary_to_facts", ROOT / "tools" / "formulary_to_facts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(tool: ModuleType, *arguments: Any) -> tuple[int, str]:
    result = CliRunner().invoke(tool.main, [str(one) for one in arguments])
    return result.exit_code, result.output


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.yaml"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


def test_a_sample_comes_back_value_by_value(tool: ModuleType, sample: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    assert _run(tool, "convert", sample, "--facts", facts)[0] == 0
    code, said = _run(tool, "compare", sample, "--facts", facts)
    assert code == 0
    assert said.endswith("values compared, 0 differences\n")


def test_how_a_figure_was_seen_and_what_was_not_found_stand_in_the_file(
    tool: ModuleType, sample: Path, tmp_path: Path
) -> None:
    _run(tool, "convert", sample, "--facts", tmp_path / "facts")
    text = (tmp_path / "facts" / "medicines" / "sleepazam.toml").read_text(encoding="utf-8")
    assert 'source = "a_book", note = ' in text
    assert 'seen = "original"' in text
    assert 'value = 0.1, source = "background", seen = "unverified"' in text
    assert 'seen = "second_hand"' in text  # the form, from a web copy
    assert 'not_found = ["scored", "smallest_fraction"]' in text
    assert "strengths_mg = [0.50, 2]" in text  # the digits of the source


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("value = 0.1", "value = 0.2", "pk.half_life_h[1].value"),
        ("0.50, 2", "0.5, 2", "forms[0].strengths_mg[0]"),
        ('seen = "unverified"', 'seen = "original"', "pk.half_life_h[1].unverified"),
        ('not_found = ["scored", "smallest_fraction"]', 'not_found = ["scored"]', "forms[0].smallest_fraction"),
    ],
)
def test_every_difference_is_told_with_its_place(
    tool: ModuleType, sample: Path, tmp_path: Path, old: str, new: str, path: str
) -> None:
    facts = tmp_path / "facts"
    _run(tool, "convert", sample, "--facts", facts)
    file = facts / "medicines" / "sleepazam.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    code, said = _run(tool, "compare", sample, "--facts", facts)
    assert code == 1
    assert f"medicines/sleepazam.toml: {path}: " in said
    assert said.endswith(" 1 differences\n")


def test_a_medicine_the_reference_does_not_have_is_told(tool: ModuleType, sample: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    _run(tool, "convert", sample, "--facts", facts)
    (facts / "medicines" / "inventazam.toml").write_text("", encoding="utf-8")
    assert "inventazam.toml: not in the reference" in _run(tool, "compare", sample, "--facts", facts)[1]


def test_decimals_are_never_floats(tool: ModuleType, sample: Path) -> None:
    values = tool.flat(tool.read_yaml(sample)).values()
    assert not any(isinstance(value, float) for value in values)
    assert Decimal("0.50") in values


def test_the_fact_files_are_the_reference_value_by_value(tool: ModuleType) -> None:
    given = os.environ.get("GLIDEPATH_FORMULARY")
    if not given:
        pytest.skip("GLIDEPATH_FORMULARY does not name the formulary reference (YAML): nothing to compare with")
    code, said = _run(tool, "compare", given, "--facts", FACTS_DIR, "--oracles", ORACLES)
    assert code == 0, said
