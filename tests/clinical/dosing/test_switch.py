"""The stepwise exchange for a longer-acting medicine: night dose first, by the named table, never upwards."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.errors import NoPublishedFigure, PlanError
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Step
from glidepath.clinical.dosing.ratios import ratios
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import HALF, START, WHOLE, liquid, mg, planned, tablet

DIAZEPAM = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF), liquid("1"))
LORAZEPAM = (tablet("1", HALF, "lorazepam"),)
ALPRAZOLAM = (tablet("1", HALF, "alprazolam"), tablet("0.25", WHOLE, "alprazolam"))


def said(step: Step) -> str:
    return ", ".join(f"{dose.time:%H:%M} {dose.dose}" for dose in step.doses)


def test_the_scottish_example_of_lorazepam_1_mg_twice_daily() -> None:
    # As printed: the night dose first (lorazepam 1 mg morning, diazepam 10 mg night), then both (diazepam 10 + 10).
    found = planned("lorazepam 1 mg x2", *DIAZEPAM, *LORAZEPAM, switch_to="diazepam", table="scot-2024", cut="1/20")
    assert [said(step) for step in found.steps[:4]] == [
        "08:00 lorazepam 1 mg, 22:00 lorazepam 1 mg",
        "08:00 lorazepam 1 mg, 22:00 diazepam 10 mg",
        "08:00 diazepam 10 mg, 22:00 diazepam 10 mg",
        "08:00 diazepam 9.5 mg, 22:00 diazepam 9.5 mg",  # "then 1 mg steps": 5 % of 20 mg
    ]
    assert found.table == "scot_2024"
    assert found.complete


def test_the_exchange_takes_one_to_two_weeks_and_the_first_cut_waits_an_interval_more() -> None:
    found = planned("alprazolam 1 mg x3", *DIAZEPAM, *ALPRAZOLAM, switch_to="diazepam", table="va-dod-2021")
    assert [(step.start - START).days for step in found.steps[:5]] == [0, 3, 6, 9, 23]
    slower = planned(
        "alprazolam 1 mg x3", *DIAZEPAM, *ALPRAZOLAM, switch_to="diazepam", table="va-dod-2021", switch_every_days=5
    )
    assert [(step.start - START).days for step in slower.steps[:5]] == [0, 5, 10, 15, 29]


def test_the_table_that_was_named_sets_the_exchange() -> None:
    by = {
        table: planned("alprazolam 1 mg x3", *DIAZEPAM, *ALPRAZOLAM, switch_to="diazepam", table=table).steps[3]
        for table in ("va-dod-2021", "ashton-2002")
    }
    assert by["va-dod-2021"].daily() == {"diazepam": mg("30")}
    assert by["ashton-2002"].daily() == {"diazepam": mg("60")}


def test_the_lower_start_is_proposed_where_nobody_named_a_table() -> None:
    found = planned("clonazepam 1 mg x2", *DIAZEPAM, tablet("1", HALF, "clonazepam"), switch_to="diazepam")
    assert found.steps[2].daily() == {"diazepam": mg("20")}  # VA/DoD: 20; Ashton, eTG and Scotland: 40
    assert found.table == "va_dod_2021"


def test_a_range_in_the_named_table_begins_at_its_lower_result() -> None:
    found = planned(
        "estazolam 2 mg x1", *DIAZEPAM, tablet("2", HALF, "estazolam"), switch_to="diazepam", table="ashton-2002"
    )
    assert found.steps[1].daily() == {"diazepam": mg("10")}  # 1-2 mg for 10: 2 mg is 10 to 20


def test_what_cannot_be_made_exactly_is_made_smaller_and_never_larger() -> None:
    # Temazepam 10 mg is 6.67 mg of diazepam by VA/DoD; tablets of 2 mg make 6.
    found = planned(
        "temazepam 10 mg x1", tablet("2"), tablet("10", WHOLE, "temazepam"), switch_to="diazepam", table="va-dod-2021"
    )
    assert found.steps[1].daily() == {"diazepam": mg("6")}
    change = ratios(found, formulary=formulary(), limits=Limits.of())[0]
    assert change.by_table["va_dod_2021"].share == Fraction(1, 10)


def test_an_exchange_that_would_lose_more_than_the_ceiling_is_stopped() -> None:
    # Temazepam 10 mg is 6.67 mg by VA/DoD; whole 5 mg tablets make 5: a quarter, which passes. From 4.9 it would not.
    passes = planned(
        "temazepam 10 mg x1", tablet("5"), tablet("10", WHOLE, "temazepam"), switch_to="diazepam", table="va-dod-2021"
    )
    assert passes.steps[1].daily() == {"diazepam": mg("5")}
    # 20 mg of oxazepam is 10 mg by Ashton, whole 7 mg tablets would make 7.
    stopped = planned(
        "oxazepam 20 mg x1", tablet("7"), tablet("10", WHOLE, "oxazepam"), switch_to="diazepam", table="ashton-2002"
    )
    assert stopped.blocked is not None
    assert stopped.blocked.code == "JCG-6c"
    assert len(stopped.steps) == 1


def test_the_other_tables_show_what_the_exchange_would_be_by_them() -> None:
    found = planned("alprazolam 1 mg x1", *DIAZEPAM, *ALPRAZOLAM, switch_to="diazepam", table="va-dod-2021")
    change = ratios(found, formulary=formulary(), limits=Limits.of())[0]
    assert change.by_table["va_dod_2021"].share == 0
    assert change.by_table["ashton_2002"].share == Fraction(1, 2)


def test_a_z_drug_stays_unless_it_is_named_for_the_exchange() -> None:
    text, products = (
        "alprazolam 0.5 mg x1 + zopiclone 7.5 mg x1",
        (*DIAZEPAM, *ALPRAZOLAM, tablet("7.5", WHOLE, "zopiclone")),
    )
    stays = planned(text, *products, switch_to="diazepam", table="ashton-2002")
    assert stays.steps[1].daily() == {"diazepam": mg("10"), "zopiclone": mg("7.5", "zopiclone")}
    named = planned(text, *products, switch_to="diazepam", table="ashton-2002", exchange=("alprazolam", "zopiclone"))
    assert named.steps[2].daily() == {"diazepam": mg("15")}


def test_the_exchange_keeps_what_is_already_taken_of_the_new_medicine() -> None:
    found = planned(
        "lorazepam 1 mg x2 + diazepam 5 mg x1", *DIAZEPAM, *LORAZEPAM, switch_to="diazepam", table="ashton-2002"
    )
    assert said(found.steps[1]) == "08:00 lorazepam 1 mg, 22:00 diazepam 15 mg"


@pytest.mark.parametrize("medicine", ["bromazolam", "etizolam"])
def test_an_unknown_or_illicit_product_is_not_exchanged_by_number(medicine: str) -> None:
    shelf = (*DIAZEPAM, tablet("1", WHOLE, medicine))
    with pytest.raises(NoPublishedFigure, match="Titrate under supervision"):
        planned(f"{medicine} 1 mg x1", *shelf, switch_to="diazepam")


def test_a_named_table_without_a_figure_is_refused_and_says_which_have_one() -> None:
    with pytest.raises(NoPublishedFigure, match="ashton-2002"):
        planned(
            "clobazam 10 mg x1", *DIAZEPAM, tablet("10", HALF, "clobazam"), switch_to="diazepam", table="va-dod-2021"
        )


def test_after_a_switch_the_goal_is_in_the_new_medicine() -> None:
    with pytest.raises(PlanError, match="Write the goal in diazepam"):
        planned("lorazepam 1 mg x2", *DIAZEPAM, *LORAZEPAM, switch_to="diazepam", goal=Goal((mg("1", "lorazepam"),)))
    kept = planned(
        "lorazepam 1 mg x2", *DIAZEPAM, *LORAZEPAM, switch_to="diazepam", table="ashton-2002", goal=Goal((mg("10"),))
    )
    assert kept.complete
    assert kept.steps[-1].daily() == {"diazepam": mg("10")}


def test_a_dose_after_midnight_is_the_night_dose() -> None:
    found = planned("lorazepam 1 mg at 00:30, 12:00", *DIAZEPAM, *LORAZEPAM, switch_to="diazepam", table="ashton-2002")
    assert said(found.steps[1]) == "00:30 diazepam 10 mg, 12:00 lorazepam 1 mg"


def test_the_first_cut_may_be_asked_later_than_an_interval_after_the_exchange() -> None:
    asked = dt.date(2027, 2, 1)
    found = planned(
        "lorazepam 1 mg x2", *DIAZEPAM, *LORAZEPAM, switch_to="diazepam", table="scot-2024", first_cut=asked
    )
    assert found.steps[3].start == asked
