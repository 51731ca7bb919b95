"""A regimen as it is typed: what is understood, and what is refused with the reason."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from glidepath.clinical.amounts import AmountError, parse_mg
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.regimen import Regimen, RegimenError, parse_goal, parse_regimen
from tests.clinical.dosing.shelf import TIMES, mg

CENTRE_TIMES = (dt.time(8), dt.time(14), dt.time(22))


def read(text: str, times: object = TIMES) -> Regimen:
    return parse_regimen(text, formulary=formulary(), default_times=times)  # type: ignore[arg-type]


def plainly(regimen: Regimen) -> list[tuple[str, str, str]]:
    return [(f"{d.time:%H:%M}", d.dose.medicine, str(d.dose.mg.normalize())) for d in regimen.doses]


def test_the_example_of_the_grammar_is_understood_and_written_back_the_same() -> None:
    text = "alprazolam 1 mg at 08:00, 14:00, 22:00 + zopiclone 7.5 mg at 22:00"
    assert plainly(read(text)) == [
        ("08:00", "alprazolam", "1"),
        ("14:00", "alprazolam", "1"),
        ("22:00", "alprazolam", "1"),
        ("22:00", "zopiclone", "7.5"),
    ]
    assert read(text).text() == text


@pytest.mark.parametrize(
    "text",
    [
        "alprazolam 1 mg 08:00 14:00 22:00",
        "alprazolam 1mg at 22:00, 08:00,14:00",
        "Xanax 1 mg x3",
        "XANAX 1 MG ×3",
        "alprazolam 1000 micrograms x 3",
        "alprazolam 1000 mcg at 8:00 and 14:00 and 22:00",
        "alprazolam 1000 µg x3",
        "alprazolam 1.0 mg @ 08:00, 14:00, 22:00",
        "alprazolam 1 mg x1 + alprazolam 1 mg at 08:00, 14:00",
    ],
)
def test_the_same_day_written_in_other_ways_is_the_same_regimen(text: str) -> None:
    assert read(text).text() == "alprazolam 1 mg at 08:00, 14:00, 22:00"


def test_a_decimal_comma_is_understood() -> None:
    assert read("diazepam 2,5 mg x1").daily() == {"diazepam": mg("2.5")}


def test_the_day_is_added_up_for_each_medicine() -> None:
    daily = read("diazepam 5 mg at 08:00 + diazepam 10 mg at 22:00 + zopiclone 7.5 mg at 22:00").daily()
    assert daily == {"diazepam": mg("15"), "zopiclone": mg("7.5", "zopiclone")}


def test_the_order_in_which_medicines_are_typed_does_not_matter() -> None:
    one, other = "lorazepam 1 mg x2 + diazepam 5 mg x1", "diazepam 5 mg x1 + lorazepam 1 mg x2"
    assert read(one) == read(other)


def test_the_centres_own_times_of_day_stand_for_x_times() -> None:
    assert [d.time for d in read("diazepam 5 mg x3", CENTRE_TIMES).doses] == [*CENTRE_TIMES]
    assert [d.time for d in read("diazepam 5 mg x2", CENTRE_TIMES).doses] == [dt.time(8), dt.time(22)]
    assert [d.time for d in read("diazepam 5 mg x1", CENTRE_TIMES).doses] == [dt.time(22)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "No medicine was given"),
        ("diazepam 5 mg x1 +", "nothing beside it"),
        ("diazpam 5 mg x1", "Did you mean diazepam"),
        ("aspirin 100 mg x1", "not a medicine in the formulary"),
        ("5 mg x1", "names no medicine"),
        ("diazepam x3", "has no amount"),
        ("diazepam", "has no amount"),
        ("diazepam 5 x1", "no unit of dose"),
        ("diazepam 5 ml x1", "A volume is no dose"),
        ("diazepam 5 g x1", "no unit of dose"),
        ("diazepam 0 mg x1", "a dose of zero"),
        ("diazepam -5 mg x1", "not possible"),
        ("diazepam 1.2.3 mg x1", "not a number"),
        ("diazepam 1,000 mg x1", "read in two ways"),
        ("diazepam 0.0000001 mg x1", "more decimals than any product"),
        ("diazepam 5000 mg x1", "500 times the largest marketed piece"),
        ("alprazolam 1 mg", "does not say when"),
        ("diazepam 5 mg at 25:00", "does not exist on a clock"),
        ("diazepam 5 mg at 08:75", "does not exist on a clock"),
        ("diazepam 5 mg at 24:00", "Write 00:00"),
        ("diazepam 5 mg at 8", "not a time of day"),
        ("diazepam 5 mg at night", "is not a time"),
        ("diazepam 5 mg at 08:00, 08:00", "more than once"),
        ("diazepam 5 mg at 08:00 + diazepam 2 mg at 08:00", "given twice at 08:00"),
        ("diazepam 5 mg x0", "no dose a day"),
        ("diazepam 5 mg x9", "Write the 9 times"),
        ("diazepam 5 mg at 08:00 lorazepam 1 mg at 22:00", "not a time of day"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_clear_sentence(text: str, says: str) -> None:
    with pytest.raises(RegimenError, match=says):
        read(text)


def test_a_dose_of_many_times_the_largest_piece_is_taken_for_a_slip_and_one_just_under_is_not() -> None:
    assert read("diazepam 200 mg x1").daily() == {"diazepam": mg("200")}
    with pytest.raises(RegimenError, match="Check the number and the unit"):
        read("diazepam 200.5 mg x1")


@pytest.mark.parametrize(("text", "value"), [("2,5", "2.5"), ("0,125", "0.125"), (" 10 ", "10"), ("1000", "1000")])
def test_a_number_of_mg_that_can_only_be_read_one_way_is_read(text: str, value: str) -> None:
    assert parse_mg(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1,000", "12,500", "1,000,000"])
def test_a_number_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(AmountError, match="two ways"):
        parse_mg(text)


def test_a_goal_is_zero_or_lower_doses_that_stay() -> None:
    assert parse_goal("0", formulary=formulary()).is_zero
    assert parse_goal("Valium 5 mg", formulary=formulary()).kept == (mg("5"),)
    for bad in ("", "diazepam", "diazepam 5 mg x2", "diazepam 5 mg + valium 2 mg", "5"):
        with pytest.raises(RegimenError):
            parse_goal(bad, formulary=formulary())


@pytest.mark.parametrize("typed", ["99999999999999999999999", "1000000", "1e99999999"])
def test_a_kilogram_or_more_is_refused_in_words_however_long_the_number(typed):
    with pytest.raises(AmountError, match="nobody takes a kilogram"):
        parse_mg(typed)


def test_just_short_of_a_kilogram_is_a_number_like_any_other():
    assert parse_mg("999999.5") == Decimal("999999.5")
