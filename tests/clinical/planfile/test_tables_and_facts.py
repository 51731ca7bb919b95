"""Schedules as tables, and facts as TOML or JSON."""

from __future__ import annotations

import pytest

from glidepath.clinical.facts.load import formulary
from glidepath.clinical.planfile.errors import PlanFileError
from glidepath.clinical.planfile.facts_file import read_facts
from glidepath.clinical.planfile.schedule_csv import read_csv, write_csv
from tests.clinical.planfile.made import made

HEAD = "date,time,medicine,mg\n"


def rows(text: str) -> list[tuple[str, list[str]]]:
    steps = read_csv(HEAD + text, formulary=formulary())
    return [(step.start.isoformat(), [f"{one.time:%H:%M} {one.dose}" for one in step.doses]) for step in steps]


def test_a_plan_written_as_a_table_is_read_with_the_same_doses() -> None:
    steps = made().plan.steps
    read = read_csv(write_csv(steps), formulary=formulary())
    assert [(one.start, one.daily()) for one in read] == [(one.start, one.daily()) for one in steps]
    assert write_csv(read) == write_csv(steps)


def test_days_that_repeat_the_day_before_are_one_step() -> None:
    daily = "".join(f"2026-12-0{day},22:00,Valium,{5 if day < 4 else 4}\n" for day in range(1, 7))
    assert rows(daily) == [("2026-12-01", ["22:00 diazepam 5 mg"]), ("2026-12-04", ["22:00 diazepam 4 mg"])]


def test_a_table_of_changes_goes_on_between_them_and_nought_is_the_zero() -> None:
    text = "2026-12-01,22:00,diazepam,1\n2026-12-15,22:00,diazepam,0\n"
    assert rows(text) == [("2026-12-01", ["22:00 diazepam 1 mg"]), ("2026-12-15", [])]


def test_a_day_left_out_of_a_daily_table_is_asked_about() -> None:
    text = "2026-12-01,22:00,diazepam,1\n2026-12-02,22:00,diazepam,1\n2026-12-04,22:00,diazepam,1\n"
    with pytest.raises(PlanFileError, match="leaves out 2026-12-03"):
        rows(text)


def test_a_table_saved_by_a_european_spreadsheet_is_read() -> None:
    steps = read_csv("\ufeffDate;Time;Medicine;mg\r\n2026-12-01;8:00;diazepam;2,5\r\n", formulary=formulary())
    assert str(steps[0].doses[0].dose) == "diazepam 2.5 mg"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no date and no time"),
        (HEAD, "has no row"),
        ("day,time,medicine,mg\n", "has no date"),
        (HEAD + "2026-12-01,22:00,diazepam\n", "Line 2 has 3 cells"),
        (HEAD + "2026-12-01,22:00,diazepan,1\n", "Line 2: .*Did you mean diazepam"),
        (HEAD + "2026-12-01,22.00,diazepam,1\n", "Line 2: .*not a time"),
        (HEAD + "2026-12-01,22:00,diazepam,one\n", "Line 2: .*not a number"),
        (HEAD + "2026-13-01,22:00,diazepam,1\n", "Line 2: .*not a day"),
        (HEAD + "2026-12-01,22:00,diazepam,1\n2026-12-01,22:00,Valium,2\n", "Line 3: .*stands twice"),
    ],
)
def test_what_is_wrong_with_a_table_names_its_line(text: str, says: str) -> None:
    with pytest.raises(PlanFileError, match=says):
        read_csv(text, formulary=formulary())


def test_dots_underscores_and_tables_are_the_same() -> None:
    for text in (
        "use.months = 3\npregnant = false",
        "use_months = 3\npregnant = 'no'",
        "pregnant = false\n[use]\nmonths = 3",
        '{"use": {"months": "3"}, "pregnant": "no"}',
    ):
        facts = read_facts(text).facts
        assert (facts.use_months, facts.pregnant, facts.age) == (3, False, None)


def test_what_a_plan_does_not_ask_for_is_named_and_not_used() -> None:
    assert read_facts("age = 70\nciwa_b = 12\nsetting = 'outpatient'").not_used == ("setting",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("agee = 3", "Did you mean age"),
        ("age = 'old'", "age is a number"),
        ("age = 300", "age is 0 to 125"),
        ("use.months = 3\nuse_months = 4", "stands twice"),
        ("age 61", "neither TOML nor JSON"),
        ("age = [1]", "is a list"),
        ('{"age": 1, "age": 2}', "twice"),
    ],
)
def test_facts_that_cannot_be_meant_are_said(text: str, says: str) -> None:
    with pytest.raises(PlanFileError, match=says):
        read_facts(text)
