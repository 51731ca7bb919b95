"""The schema in the documents is the one of the code, and what is written keeps to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.schema import plan_schema, schema_text
from glidepath.clinical.planfile.values import PlanFile, Turned
from glidepath.clinical.planfile.write import write
from tests.clinical.planfile.made import made, released, text_of, turned

PAGE = Path(__file__).parents[3] / "docs/reference/plan.schema.json"
VALIDATOR = jsonschema_rs.validator_for(plan_schema())


def faults(text: str) -> list[str]:
    return [f"{one.instance_path}: {one.message}" for one in VALIDATOR.iter_errors(json.loads(text))]


def test_the_schema_of_the_documents_is_current() -> None:
    assert PAGE.read_text() == schema_text(), (
        "python -m glidepath.clinical.planfile.schema > docs/reference/plan.schema.json"
    )


@pytest.mark.parametrize(
    "file",
    [
        made(),
        released(3),
        made("diazepam 10 mg x2", "diazepam 10 mg tablet"),
        made("zolpidem 10 mg x1", "diazepam 5 mg"),
    ],
)
def test_a_written_plan_keeps_to_the_schema(file: PlanFile) -> None:
    assert faults(text_of(file)) == []


@pytest.mark.parametrize(
    ("kind", "on"), [(Turned.RELEASE, 40), (Turned.HOLD, 30), (Turned.SLOW, 30), (Turned.STEP_BACK, 30)]
)
def test_a_turned_plan_with_its_difference_keeps_to_the_schema(kind: Turned, on: int) -> None:
    found = turned(released(3), kind, on)
    assert faults(write(found.file, formulary=formulary(), difference=found.difference)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("steps", 0, "doses", 0, "mg"), 10.0),
        (("steps", 0, "doses", 0, "time"), "8 o'clock"),
        (("steps", 0, "state"), "perhaps"),
        (("settings", "facts"), {"shoe_size": 42}),
        (("format",), "glidepath.plan/2"),
    ],
)
def test_the_schema_finds_what_is_wrong(path: tuple[Any, ...], value: object) -> None:
    plan = json.loads(text_of(made()))
    place = plan
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert faults(json.dumps(plan)) != []
