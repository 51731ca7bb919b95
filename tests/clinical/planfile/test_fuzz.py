"""Whatever is typed ends in a value or in one clear sentence, never in a crash."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.facts.load import formulary, instruments
from glidepath.clinical.instruments.score import AnswersError, BadAnswer
from glidepath.clinical.instruments.typed import score_typed
from glidepath.clinical.planfile.checking import Judged, check
from glidepath.clinical.planfile.due import due_doses
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.facts_file import read_facts
from glidepath.clinical.planfile.node import read_day
from glidepath.clinical.planfile.read import read_written
from glidepath.clinical.planfile.schedule_csv import read_csv
from glidepath.clinical.planfile.shelf import parse_stock
from glidepath.clinical.planfile.values import Turned
from glidepath.clinical.regimen import RegimenError, parse_goal, parse_regimen
from tests.clinical.planfile.made import TIMES, day, made, released, text_of, turned
from tests.properties.how_many import examples

PLAN = json.loads(text_of(released(2, text="diazepam 3 mg x1")))
JUDGED = Judged(made().settings, made().plan.goal)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["0", "-1", "1/0", "1e99"]),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=6,
)
WORDS = [
    "diazepam",
    "Xanax",
    "10",
    "2,5",
    "mg",
    "mg/mL",
    "µg",
    "x3",
    "at",
    "08:00",
    "24:00",
    "+",
    ";",
    "(half)",
    "(0.1 mL)",
    "tablet",
    "capsule",
    "-1",
    "1e9",
    "1,000",
    "\n",
    "/",
    "0",
    "٣",
    "\x00",
    "9" * 30,
]
LINES = [
    "date,time,medicine,mg",
    "2026-12-01,08:00,diazepam,10",
    "2026-12-02,,,",
    '"',
    "2026-12-01;08:00;diazepam;2,5",
    "\x00",
]
FACTS = [
    "age = 61",
    "[use]",
    "months = 3",
    "use.months = 3",
    "pregnant = true",
    "= 1",
    "age = 1e400",
    "a.b.c = []",
    "'''",
]

typed = st.text(max_size=60) | st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=8).map(" ".join)
quick = examples(100)


def said(error: Exception, *, ends: bool = True) -> None:
    text = str(error)
    assert text.strip()
    assert not ends or text.rstrip()[-1] in ".?!…”"
    assert "Traceback" not in text
    assert "object at 0x" not in text


@quick
@given(typed)
@example("diazepam 10 mg x" + "9" * 3)
@example("diazepam " + "9" * 400 + " mg at 08:00")
def test_any_regimen(text: str) -> None:
    try:
        parse_regimen(text, formulary=formulary(), default_times=TIMES)
    except RegimenError as error:
        said(error)


@quick
@given(typed)
def test_any_goal(text: str) -> None:
    try:
        parse_goal(text, formulary=formulary())
    except RegimenError as error:
        said(error)


@quick
@given(typed)
@example("diazepam 2 mg/0 mL liquid")
@example("diazepam 0 mg tablet")
@example("diazepam 1 mg/3 mL liquid")
def test_any_stock(text: str) -> None:
    try:
        assert parse_stock(text, formulary=formulary())
    except PlanFileError as error:
        said(error)


@quick
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(FACTS) | st.text(max_size=6), max_size=5).map("\n".join)
    | JSON.map(json.dumps)
)
@example("a = " + "[" * 5000)
@example("a." * 5000 + "b = 1")
@example('{"a": ' * 5000)
def test_any_facts(text: str) -> None:
    try:
        read_facts(text)
    except PlanFileError as error:
        said(error)


@quick
@given(st.text(max_size=80) | st.lists(st.sampled_from(LINES) | st.text(max_size=6), max_size=6).map("\n".join))
@example("date,time,medicine,mg\n" + '"' + "x" * 200_000)
def test_any_table(text: str) -> None:
    try:
        read_csv(text, formulary=formulary())
    except PlanFileError as error:
        said(error)


@quick
@given(st.text(max_size=80) | JSON.map(json.dumps))
def test_any_file(text: str) -> None:
    try:
        read_written(text, formulary=formulary(), default_times=TIMES)
    except PlanFileError as error:
        said(error)


@st.composite
def spoilt_plans(draw: st.DrawFn) -> dict[str, Any]:
    """A true plan with one place of it replaced by something else, or taken away."""
    plan: Any = json.loads(json.dumps(PLAN))
    place = plan
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inside = place[key]
        if not isinstance(inside, dict | list) or not inside or draw(st.integers(0, 4)) == 0:
            break
        place = inside
    if draw(st.booleans()):
        place[key] = draw(JSON)
    else:
        del place[key]
    return plan


@examples(60)
@given(spoilt_plans())
def test_any_plan_with_one_place_spoilt(plan: dict[str, Any]) -> None:
    try:
        written = read_written(json.dumps(plan), formulary=formulary(), default_times=TIMES)
        check(written, JUDGED, formulary=formulary())
        if written.file is not None and not written.faults:
            assert text_of(written.file)
            due_doses(written.steps, first=day(0), last=day(40), zone=dt.UTC)
            for kind in (Turned.RELEASE, Turned.SLOW, Turned.HOLD):
                turned(written.file, kind, 20)
    except (PlanFileError, PlanError) as error:
        said(error)


@quick
@given(st.text(max_size=14))
@pytest.mark.parametrize("reader", [read_day])
def test_any_day(reader: Callable[[str], object], text: str) -> None:
    try:
        reader(text)
    except PlanFileError as error:
        said(error)


ANSWERS = st.lists(
    st.sampled_from(["1", "", "0", "99", "A", "air", "-1", "x", "37.2", "rr=1", "{", "[1]"]), max_size=24
)


@quick
@given(st.sampled_from(sorted(instruments())), st.text(max_size=40) | ANSWERS.map(",".join) | JSON.map(json.dumps))
@example("news2", "9" * 400)
@example("ciwa-b", '{"answers": ' * 3000)
def test_any_answers(name: str, text: str) -> None:
    try:
        score_typed(name, text)
    except (AnswersError, BadAnswer) as error:
        said(error, ends=False)
