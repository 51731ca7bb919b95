"""A plan written and read back is the same plan, and the same plan is written the same way."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, reject, strategies as st

from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.plan import Kind, Product, Shape
from glidepath.clinical.dosing.ratios import InForce
from glidepath.clinical.dosing.request import Milestone
from glidepath.clinical.dosing.taper import TaperRequest
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.planfile.checking import Judged, check
from glidepath.clinical.planfile.exact import exact_number, exact_text
from glidepath.clinical.planfile.making import plan_file
from glidepath.clinical.planfile.read import read_written
from glidepath.clinical.planfile.values import OtherWay, PlanFile, Region, Split, Turned
from tests.clinical.dosing.shelf import mg
from tests.clinical.planfile.made import TIMES, asked, day, made, read_back, released, text_of, turned
from tests.properties.how_many import examples
from tests.properties.on_any_shelf import requests

FACTS = PersonFacts.of(
    {"age": "61.5", "use.months": 30, "pregnant": "no", "use_source": "unknown", "shared_decision": True}
)


@examples(12)
@given(request=requests(), region=st.sampled_from(Region), split=st.sampled_from(Split), liquids=st.booleans())
def test_any_plan_is_read_back_as_it_was(request: TaperRequest, region: Region, split: Split, liquids: bool) -> None:
    try:
        file = plan_file(request, formulary=formulary(), facts=FACTS, region=region, split=split, liquids=liquids)
    except PlanError:
        reject()  # a goal above the dose
    text = text_of(file)
    assert read_back(text) == file
    assert text_of(read_back(text)) == text
    assert plan_file(request, formulary=formulary(), facts=FACTS, region=region, split=split, liquids=liquids) == file


ARITHMETIC = {"JCG-6c", "TPR-3", "GP-FILE", "GP-GOAL"}


@examples(8)
@given(request=requests(), several=requests(several=True))
def test_checking_any_plan_finds_no_hard_stop_of_arithmetic(request: TaperRequest, several: TaperRequest) -> None:
    for asked_for in (request, several):
        try:
            file = plan_file(asked_for, formulary=formulary())
        except PlanError:
            continue  # a goal above the dose
        written = read_written(text_of(file), formulary=formulary(), default_times=TIMES)
        checked = check(written, Judged(file.settings, file.plan.goal), formulary=formulary())
        assert [one for one in checked.plan.findings if one.stops and one.code in ARITHMETIC] == []
        assert checked.plan == file.plan


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(released(3), id="released"),
        pytest.param(turned(released(3), Turned.HOLD, 30).file, id="on hold"),
        pytest.param(turned(released(3), Turned.STEP_BACK, 30).file, id="stepped back"),
        pytest.param(made("diazepam 10 mg x2", "diazepam 10 mg tablet"), id="blocked"),
        pytest.param(made("zolpidem 10 mg x1", "diazepam 10 mg tablet"), id="without a step"),
        pytest.param(
            made(
                "lorazepam 1 mg x3",
                "lorazepam 1 mg tablet; diazepam 2 mg tablet (half); diazepam 10 mg tablet",
                switch_to="diazepam",
                table="scot-2024",
            ),
            id="switched",
        ),
    ],
)
def test_a_plan_in_any_state_is_read_back_as_it_was(file: PlanFile) -> None:
    assert read_back(text_of(file)) == file


def test_a_drawn_way_and_an_override_are_kept() -> None:
    drawn = made(shape=Shape.DRAWN, milestones=(Milestone(day(100), mg("10")), Milestone(day(300), mg("0"))))
    waived = made("diazepam 3 mg x1", "diazepam 1 mg tablet", over_ceiling=(mg("3"), mg("2")))
    for file in (drawn, waived):
        assert read_back(text_of(file)) == file
    assert waived.settings.over_ceiling == (mg("3"), mg("2"))


def test_the_ways_on_from_a_blocked_plan_are_kept() -> None:
    file = made("diazepam 10 mg x2", "diazepam 10 mg tablet")
    assert [one.kind for one in file.alternatives] == ["halves", "quarters", "override"]
    assert read_back(text_of(file)).alternatives == file.alternatives


def test_what_no_decimal_holds_is_kept_exactly() -> None:
    third = Fraction(1, 3)
    odd = Product("diazepam", Decimal(3), "oral solution", Kind.LIQUID, third, key="our own")
    same_name = replace(odd, step=Fraction(1, 10), key="another")
    request = replace(
        asked(cut="1/30"),
        products=(odd, same_name, *asked().products),
        history=(InForce(day(-20), {"diazepam": mg("21.5")}),),
    )
    file = plan_file(request, formulary=formulary())
    file = replace(file, alternatives=(OtherWay("liquid", "a liquid would free it", replace(file.plan, findings=())),))
    assert read_back(text_of(file)) == file


@given(st.fractions(min_value=0, max_value=1000, max_denominator=5000))
def test_an_exact_number_is_read_back_exactly(number: Fraction) -> None:
    assert exact_number(exact_text(number)) == number


def test_no_amount_is_written_as_a_binary_number() -> None:
    def refuse(text: str) -> float:
        raise AssertionError(f"{text} is a float")

    json.loads(text_of(released(3)), parse_float=refuse)


def test_the_figures_of_a_step_are_those_of_a_hand_calculation() -> None:
    # 20 -> 18 is 10 %. After 14 days 18 -> 16.2 is 10 %; the 20 was replaced 14 days before and counts no more.
    first, second, third = json.loads(text_of(made()))["steps"][:3]
    assert (first["daily_mg"], first["cut_percent"], first["cut_percent_14_days"]) == ({"diazepam": "20"}, "0", "0")
    assert (second["daily_mg"], second["cut_percent"]) == ({"diazepam": "18"}, "10")
    assert (third["cut_percent"], third["cut_percent_14_days"]) == ("10", "10")
    assert (first["start"], first["end"], second["start"]) == ("2026-12-01", "2026-12-14", "2026-12-15")


def test_the_window_of_fourteen_days_counts_what_was_cut_before() -> None:
    # 20 -> 18 on day 7, 18 -> 16.2 on day 14: of the 20 still in force on day 7, 16.2 is 19 % less.
    third = json.loads(text_of(made(every=7)))["steps"][2]
    assert (third["daily_mg"]["diazepam"], third["cut_percent"], third["cut_percent_14_days"]) == ("16.2", "10", "19")


def test_equivalents_stand_by_table_with_ranges_and_what_is_left_out() -> None:
    # Clonazepam and alprazolam by the tables of the facts: VA/DoD prints 1 mg of each for 10 mg of diazepam.
    step = json.loads(text_of(made("alprazolam 1 mg x1", "alprazolam 1 mg tablet")))["steps"][0]
    assert step["diazepam_equivalent_mg"]["va-dod-2021"] == "10"
    assert step["diazepam_equivalent_mg"]["ashton-2002"] == "20"
    assert step["without_figure"] == {"scot-2024": ["alprazolam"]}


def test_the_zero_has_no_doses_and_says_zero() -> None:
    last = json.loads(text_of(made()))["steps"][-1]
    assert (last["doses"], last["daily_mg"], last["cut_percent"], last["end"]) == ([], {"diazepam": "0"}, "100", None)
