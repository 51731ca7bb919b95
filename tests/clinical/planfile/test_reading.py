"""What is wrong with a file is said in one sentence: where, what was given, what to write."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.read import read_written
from tests.clinical.planfile.made import TIMES, made, read_back, text_of

PLAN = text_of(made())
SHORT = {
    "start": "2026-12-01",
    "steps": [{"start": "2026-12-01", "doses": [{"time": "22:00", "medicine": "Valium", "mg": "10"}]}],
}


def spoilt(change: Callable[[Any], object]) -> str:
    plan = json.loads(PLAN)
    change(plan)
    return json.dumps(plan)


def written(content: object) -> str:
    return content if isinstance(content, str) else json.dumps(content)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[1, 2]", "write an object"),
        ('{"steps": NaN}', "NaN, which is no number"),
        ('{"start": "2026-12-01", "start": "2026-12-02"}', "“start” twice"),
        ('{"x": ' + "9" * 5000 + "}", "too long to be meant"),
        ("[" * 100_000, "deeper than any plan"),
        ('{"format": "glidepath.plan/2"}', "reads “glidepath.plan/1”"),
        ('{"start": "2026-12-01", "stesp": []}', "has no “steps”. Is “stesp” meant"),
        ({"start": "2026-12-01", "steps": []}, "is empty"),
        ({**SHORT, "start": "2026-12-02"}, "Write one day for both"),
        ({**SHORT, "start": "1.12.2026"}, "like 2026-12-01"),
        ({**SHORT, "start": "0026-12-01"}, "Look at the year"),
        (spoilt(lambda plan: plan["steps"][2].update(start="2026-12-15")), "Write the steps in order"),
        (spoilt(lambda plan: plan["steps"][0]["doses"][0].update(medicine="valum")), "Did you mean Valium"),
        (spoilt(lambda plan: plan["steps"][0]["doses"][0].update(time="25:00")), "does not exist on a clock"),
        (spoilt(lambda plan: plan["steps"][0]["doses"][0].update(mg="1,000")), "can be read in two ways"),
        (spoilt(lambda plan: plan["steps"][0]["doses"][0].update(mg=True)), "write mg as a decimal"),
        (spoilt(lambda plan: plan["steps"][0]["doses"].append(plan["steps"][0]["doses"][0])), "twice"),
        (spoilt(lambda plan: plan["steps"][0].update(state="relased")), "Did you mean “released”"),
        (spoilt(lambda plan: plan["settings"].update(table="ashton")), "is not an equivalence table"),
        (spoilt(lambda plan: plan["settings"].update(cut_percent="0")), "more than 0 and at most 100 %"),
        (spoilt(lambda plan: plan["settings"]["facts"].update(agee=5)), "Did you mean age"),
        (spoilt(lambda plan: plan["settings"]["products"][0].update(smallest="1/3")), "in halves or in quarters"),
        (spoilt(lambda plan: plan.pop("version")), "has no “version”"),
    ],
)
def test_what_cannot_be_read_is_said(text: object, says: str) -> None:
    with pytest.raises(PlanFileError) as said:
        read_written(written(text), formulary=formulary(), default_times=TIMES)
    assert says in str(said.value)
    assert len(str(said.value)) < 400


def test_steps_alone_are_no_plan_to_go_on_from() -> None:
    with pytest.raises(PlanFileError, match="glidepath check FILE --json"):
        read_back(json.dumps(SHORT))


def test_a_bare_number_of_mg_is_understood_exactly() -> None:
    short = json.dumps(SHORT).replace('"10"', "0.1")
    step = read_written(short, formulary=formulary(), default_times=TIMES).steps[0]
    assert str(step.doses[0].dose) == "diazepam 0.1 mg"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda plan: plan["steps"][1]["doses"][0].update(mg="8.5"), "do not sum to diazepam 8.5 mg"),
        (lambda plan: plan["steps"][1]["doses"][0]["products"][0].update(count="1.3"), "cannot be given"),
        (lambda plan: plan["steps"][1]["doses"][0]["products"][0].update(product="diazepam 3 mg tablet"), "not among"),
        (lambda plan: plan["steps"][1]["doses"][0]["products"][0].update(strength_mg="1"), "and 1 mg is written"),
        (lambda plan: plan["steps"][1].update(daily_mg={"diazepam": "17"}), "says 17 mg, and its doses give 18 mg"),
    ],
)
def test_a_dose_that_contradicts_itself_is_a_finding_and_no_plan(change: Callable[[Any], object], says: str) -> None:
    text = spoilt(change)
    (fault,) = read_written(text, formulary=formulary(), default_times=TIMES).faults[:1]
    assert (fault.code, fault.step, fault.stops) == ("GP-FILE", 2, True)
    assert says in fault.message
    with pytest.raises(PlanFileError, match="contradicts itself"):
        read_back(text)
