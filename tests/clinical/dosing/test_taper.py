"""Plans by hand and by the book: what comes out, and what is said when the goal cannot be reached."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.errors import PlanError
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, PlannedDose, Shape, StepState, TaperPlan
from glidepath.clinical.dosing.ratios import InForce, ratios
from glidepath.clinical.dosing.taper import TypedStep
from glidepath.clinical.facts.load import cks_schedule, formulary
from tests.clinical.dosing.shelf import (
    HALF,
    NIGHT,
    QUARTER,
    START,
    WHOLE,
    each_night,
    liquid,
    mg,
    planned,
    tablet,
    totals,
)

TABLETS = (tablet("10", HALF), tablet("5", HALF), tablet("2", HALF))
FINE = (*TABLETS, liquid("1"))
ALPRAZOLAM = tuple(tablet(mg, HALF, "alprazolam") for mg in ("1", "0.5", "0.25"))
ZOPICLONE = tablet("7.5", WHOLE, "zopiclone")


def numbers(found: TaperPlan, medicine: str = "diazepam") -> list[str]:
    return [f"{dose.normalize():f}" for dose in totals(found, medicine)]


def test_ten_per_cent_of_the_present_dose_every_fortnight_from_40_mg() -> None:
    found = planned("diazepam 20 mg x2", *FINE)
    # By hand: 36; 32.4; 29.16 is measured as 29.2, never less; 26.28 as 26.3; 23.67 as 23.7 ...
    assert numbers(found)[:7] == ["40", "36", "32.4", "29.2", "26.3", "23.7", "21.4"]
    # ... and at the end a tenth of a milligram at a time, until 1 mg may go at once.
    assert numbers(found)[-4:] == ["1.2", "1.1", "1", "0"]
    assert found.complete
    assert found.steps[-1].doses == ()


@pytest.mark.parametrize(("cut", "cuts"), [("1/10", 29), ("1/4", 11)])
def test_the_published_number_of_steps_from_20_to_1_mg(cut: str, cuts: int) -> None:
    # The published count: by tenths 29 steps, in 58 weeks at two-week steps; by quarters 11 steps.
    found = planned("diazepam 20 mg x1", liquid("1", Fraction(1, 1000)), cut=cut)
    assert len(found.steps) == 1 + cuts + 1  # the present dose, the cuts, and the step to zero
    assert found.steps[-2].start == START + dt.timedelta(weeks=2 * cuts)
    assert totals(found)[-2] <= 1 < totals(found)[-3]


def test_the_first_step_is_the_present_dose_released_and_the_others_wait_to_be_released() -> None:
    found = planned("diazepam 5 mg at 08:00 + diazepam 10 mg at 22:00", *FINE)
    assert [planned.dose.mg for planned in found.steps[0].doses] == [5, 10]
    assert [step.state for step in found.steps[:3]] == [StepState.RELEASED, StepState.PROJECTED, StepState.PROJECTED]
    assert [step.start for step in found.steps[:3]] == [START + dt.timedelta(days=days) for days in (0, 14, 28)]
    assert [step.number for step in found.steps] == [*range(1, len(found.steps) + 1)]


def test_the_first_cut_comes_on_the_day_that_was_asked_for() -> None:
    found = planned("diazepam 10 mg x1", *FINE, first_cut=dt.date(2026, 12, 4))
    assert [step.start for step in found.steps[:3]] == [START, dt.date(2026, 12, 4), dt.date(2026, 12, 18)]


def test_equal_amounts_give_way_to_the_ceiling_as_the_dose_falls() -> None:
    found = planned("diazepam 40 mg x1", *FINE, shape=Shape.LINEAR)
    # By hand: 4 mg each until 16 to 12 is a quarter; then three quarters each time, measured upwards to 0.1 mg.
    tail = ["9", "6.8", "5.1", "3.9", "3", "2.3", "1.8", "1.4", "1.1", "0.9", "0"]
    assert numbers(found) == ["40", "36", "32", "28", "24", "20", "16", "12", *tail]


def test_a_kept_dose_is_an_end_like_any_other() -> None:
    found = planned("diazepam 10 mg x1", *FINE, goal=Goal((mg("5"),)))
    assert found.complete
    assert numbers(found) == ["10", "9", "8.1", "7.3", "6.6", "6", "5.4", "5"]


def test_a_kept_dose_that_cannot_be_made_ends_the_plan_at_the_next_above() -> None:
    found = planned("diazepam 10 mg x1", tablet("2", HALF), goal=Goal((mg("4.5"),)))
    assert not found.complete
    assert found.blocked is not None
    assert (found.blocked.code, found.blocked.at) == ("TPR-3", (mg("4.5"),))
    assert "Keep diazepam 5 mg or diazepam 4 mg instead" in found.blocked.do
    assert numbers(found)[-1] == "5"


def test_two_milligrams_in_halves_of_2_mg_cannot_be_halved_and_the_way_out_is_said() -> None:
    # The worked oracle: 2 to 1 mg is 50 %, a hard stop unless 1 mg steps are split.
    found = planned("diazepam 10 mg x1", *TABLETS)
    assert numbers(found)[-1] == "2"
    assert found.blocked is not None
    assert (found.blocked.code, found.blocked.at) == ("JCG-6c", (mg("2"),))
    assert "make 1 mg next: 50 % less; the ceiling is 25 % in 14 days" in found.blocked.message
    for way in ("stock a liquid", "from 1.5 to just under 2 mg", "quarters of the diazepam 2 mg", "keep diazepam 2 mg"):
        assert way.lower() in found.blocked.do.lower()


def test_what_was_said_to_free_it_does_free_it() -> None:
    assert planned("diazepam 2 mg x1", tablet("2", QUARTER)).blocked is not None  # 1.5 to 1: a third
    freed = planned("diazepam 2 mg x1", tablet("2", HALF), liquid("1"))
    assert freed.complete
    assert planned("diazepam 10 mg x1", *TABLETS, goal=Goal((mg("2"),))).complete


def test_a_large_lowest_capsule_may_not_go_to_zero_at_once() -> None:
    capsule = tablet("7.5", WHOLE, "temazepam")
    found = planned("temazepam 7.5 mg x1", capsule)
    assert len(found.steps) == 1
    assert found.blocked is not None
    # 7.5 mg is 5 mg of diazepam by VA/DoD (15 mg for 10), the highest table.
    assert "It equals 5 mg of diazepam by the highest table; 1 mg or less may stop at once" in found.blocked.message


def test_without_a_published_figure_the_last_step_is_not_called_small() -> None:
    found = planned("eszopiclone 1 mg x1", tablet("1", WHOLE, "eszopiclone"))
    assert found.blocked is not None
    assert "No table has a figure for eszopiclone" in found.blocked.message


def test_a_present_dose_that_the_shelf_cannot_make_stops_before_the_first_step() -> None:
    found = planned("diazepam 3 mg x1", tablet("2"))
    assert found.steps == ()
    assert found.blocked is not None
    assert found.blocked.code == "TPR-3"
    assert "Choose diazepam 4 mg or diazepam 2 mg" in found.blocked.do


def test_the_benzodiazepine_is_cut_and_the_z_drug_stays_unless_asked() -> None:
    found = planned(
        "alprazolam 1 mg x3 + zopiclone 7.5 mg x1", *ALPRAZOLAM, ZOPICLONE, goal=Goal((mg("2", "alprazolam"),))
    )
    assert found.complete
    assert {dose.normalize() for dose in totals(found, "zopiclone")} == {Decimal("7.5")}
    # 3 mg less a tenth is 2.7; eighths of a milligram make 2.75 ...
    assert numbers(found, "alprazolam") == ["3", "2.75", "2.5", "2.25", "2.125", "2"]


def test_the_prescriber_says_which_medicine_is_cut_first() -> None:
    products = (*FINE, tablet("5", HALF, "nitrazepam"))
    kept = Goal((mg("8"), mg("7.5", "nitrazepam")))
    found = planned(
        "diazepam 10 mg x1 + nitrazepam 10 mg x1", *products, cut_order=("nitrazepam", "diazepam"), goal=kept
    )
    assert numbers(found, "nitrazepam") == ["10", "7.5", "7.5", "7.5", "7.5"]
    assert numbers(found, "diazepam") == ["10", "10", "9", "8.1", "8"]


def test_the_shorter_acting_medicine_is_cut_first_where_nobody_says_and_whatever_the_order_typed() -> None:
    products = (*FINE, *ALPRAZOLAM)
    kept = Goal((mg("9"), mg("0.875", "alprazolam")))
    one = planned("alprazolam 1 mg x1 + diazepam 10 mg x1", *products, goal=kept)
    other = planned("diazepam 10 mg x1 + alprazolam 1 mg x1", *products, goal=kept)
    assert one == other
    assert numbers(one, "alprazolam") == ["1", "0.875", "0.875"]
    assert numbers(one, "diazepam") == ["10", "10", "9"]


def test_two_medicines_cut_within_a_fortnight_are_held_to_the_ceiling_together() -> None:
    # Weekly. Nitrazepam 10 to 7.5 mg takes 2.5 of 20 mg of diazepam by Ashton. A week later diazepam may lose 2.5 more:
    # 20 to 15 is a quarter, and its own 10 to 7.5 is a quarter too.
    products = (tablet("5", HALF), tablet("5", HALF, "nitrazepam"))
    kept = Goal((mg("5"), mg("7.5", "nitrazepam")))
    found = planned(
        "diazepam 10 mg x1 + nitrazepam 10 mg x1",
        *products,
        every=7,
        cut="1/4",
        goal=kept,
        cut_order=("nitrazepam", "diazepam"),
    )
    assert numbers(found) == ["10", "10", "7.5"]  # below, 7.5 to 5 is a third
    assert found.blocked is not None
    for change in ratios(found, formulary=formulary(), limits=Limits.of()):
        assert all(table.share_over_window <= Fraction(1, 4) for table in change.by_table.values())


def test_beside_a_medicine_that_stays_the_last_step_is_held_at_the_total() -> None:
    # Nitrazepam 2.5 mg stays (2.5 mg of diazepam). From 1 mg to nothing the total falls from 3.5 to 2.5: 28.6 %. From
    # 0.8 mg it falls from 3.3: 24.2 %.
    shelf = (*FINE, tablet("5", HALF, "nitrazepam"))
    found = planned("diazepam 2 mg x1 + nitrazepam 2.5 mg x1", *shelf, cut_order=("diazepam",))
    assert found.complete
    assert numbers(found)[-4:] == ["1", "0.9", "0.8", "0"]
    assert set(numbers(found, "nitrazepam")) == {"2.5"}


def test_the_total_of_a_fortnight_ago_still_holds_the_last_step_back() -> None:
    # 1.2 mg until the start day, 0.8 since: with the 2.5 mg that stay, zero is 32 % below until 14 days have passed.
    shelf = (*FINE, tablet("5", HALF, "nitrazepam"))
    before = InForce(START - dt.timedelta(60), {"diazepam": mg("1.2"), "nitrazepam": mg("2.5", "nitrazepam")})
    found = planned(
        "diazepam 0.8 mg x1 + nitrazepam 2.5 mg x1", *shelf, every=7, cut_order=("diazepam",), history=(before,)
    )
    assert [(step.start - START).days for step in found.steps] == [0, 14]
    alone = planned("diazepam 0.8 mg x1", *shelf, every=7, history=(InForce(before.since, {"diazepam": mg("1.2")}),))
    assert [(step.start - START).days for step in alone.steps] == [0, 7]


def test_the_medicine_by_itself_is_held_back_where_no_table_gives_a_total() -> None:
    # No table knows eszopiclone. 4 mg until the start, 3 since: 2.25 is 44 % below the 4, a quarter of the 3.
    kept = Goal((mg("2.25", "eszopiclone"),))
    before = (InForce(START - dt.timedelta(60), {"eszopiclone": mg("4", "eszopiclone")}),)
    found = planned(
        "eszopiclone 3 mg x1", tablet("3", QUARTER, "eszopiclone"), every=7, cut="1/4", goal=kept, history=before
    )
    assert [(step.start - START).days for step in found.steps] == [0, 14]


def test_a_cut_of_another_medicine_within_the_fortnight_holds_this_one_back() -> None:
    # Nitrazepam 5 mg stopped at the start, diazepam 10 mg goes on: the total fell from 15 to 10 mg, so diazepam waits a
    # fortnight. From then on its own tenth counts.
    before = InForce(START - dt.timedelta(60), {"diazepam": mg("10"), "nitrazepam": mg("5", "nitrazepam")})
    found = planned("diazepam 10 mg x1", *FINE, every=7, history=(before,), goal=Goal((mg("8"),)))
    assert [(step.start - START).days for step in found.steps] == [0, 14, 21, 28]
    assert numbers(found) == ["10", "9", "8.1", "8"]


def test_weekly_cuts_wait_where_a_fortnight_would_pass_the_ceiling() -> None:
    # 8, 7 (12.5 %), 6 would be a quarter of the 8: allowed. 5 is 28.6 % of the 7 and waits for day 28; then 4 of the 6.
    found = planned("diazepam 8 mg x1", tablet("1"), cut="1/5", every=7, goal=Goal((mg("4"),)))
    assert numbers(found) == ["8", "7", "6", "5", "4"]
    days = [(step.start - START).days for step in found.steps]
    assert days == [0, 7, 14, 28, 42]


def test_a_named_inpatient_protocol_takes_the_place_of_the_ceiling() -> None:
    from dataclasses import replace

    limits = replace(Limits.of(), ceiling_holds=False)
    found = planned(
        "diazepam 10 mg x4", tablet("10"), cut="1/4", every=1, shape=Shape.LINEAR, limits=limits, goal=Goal((mg("20"),))
    )
    assert numbers(found) == ["40", "30", "20"]


def cks(*, larger: bool) -> list[Decimal]:
    """The doses of the published reduction from 40 mg, by its larger or its smaller cuts."""
    doses = [Decimal(40)]
    for row in cks_schedule().rows:
        while doses[-1] > row.to_mg:
            doses.append(max(row.to_mg, doses[-1] - (row.cut_high_mg if larger else row.cut_low_mg)))
    return doses


def typed(doses: list[Decimal], every: int = 14) -> tuple[TypedStep, ...]:
    return tuple(
        TypedStep(START + dt.timedelta(days=every * number), (PlannedDose(NIGHT, mg(str(dose))),) if dose else ())
        for number, dose in enumerate(doses)
    )


def test_the_published_cks_reduction_comes_out_as_published_with_the_steps_that_pass_the_ceiling_named() -> None:
    doses = cks(larger=True)
    assert [*map(int, doses)] == [40, 36, 32, 28, 24, 20, 18, 16, 14, 12, *range(10, -1, -1)]
    found = planned("diazepam 40 mg x1", *TABLETS, shape=Shape.TYPED, typed=typed(doses))
    assert found.complete
    assert totals(found) == doses
    limits = Limits.of()
    changes = {change.step: change for change in ratios(found, formulary=formulary(), limits=limits)}
    over = [
        step for step, change in changes.items() if change.by_medicine["diazepam"].share_over_window > limits.ceiling
    ]
    # From 3 to 2 mg is a third, from 2 to 1 a half; from 1 to 0 is the small last step.
    assert [totals(found)[step - 1] for step in over] == [2, 1, 0]
    assert changes[over[-1]].is_small_last_step("diazepam", limits)


def test_the_gentler_published_cks_reduction_needs_a_liquid_for_half_a_milligram() -> None:
    doses = cks(larger=False)
    found = planned("diazepam 40 mg x1", *TABLETS, shape=Shape.TYPED, typed=typed(doses, every=7))
    assert not found.complete
    assert found.blocked is not None
    assert (found.blocked.code, found.blocked.at) == ("TPR-3", (mg("1.5"),))
    assert totals(found)[-1] == 2
    with_liquid = planned("diazepam 40 mg x1", *FINE, shape=Shape.TYPED, typed=typed(doses, every=7))
    assert with_liquid.complete
    assert totals(with_liquid) == doses


def test_typed_steps_that_end_beside_the_goal_are_not_complete() -> None:
    found = planned(
        "diazepam 10 mg x1", *FINE, shape=Shape.TYPED, typed=(TypedStep(START + dt.timedelta(14), (each_night("9"),)),)
    )
    assert found.blocked is not None
    assert "end at diazepam 9 mg a day; the goal is 0 mg" in found.blocked.message


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"cut": "0"}, "more than 0"),
        ({"cut": "1"}, "less than 100"),
        ({"every": 0}, "one day or more"),
        ({"first_cut": START}, "not after the start"),
        ({"goal": Goal((mg("20"),))}, "A taper never raises a dose"),
        ({"goal": Goal((mg("5", "oxazepam"),))}, "oxazepam is not taken now"),
        ({"cut_order": ("lorazepam",)}, "lorazepam is not taken now"),
        ({"typed": (TypedStep(START, (each_night("9"),)),)}, "is not the present dose"),
        ({"typed": (TypedStep(START - dt.timedelta(1), (each_night("9"),)),)}, "in order of their days"),
    ],
)
def test_a_request_that_contradicts_itself_is_refused(more: dict[str, object], says: str) -> None:
    with pytest.raises(PlanError, match=says):
        planned("diazepam 10 mg x1", *FINE, **more)


def test_a_single_dose_that_must_rise_is_said() -> None:
    # 7 mg twice a day from 5 and 2 mg whole: 4 + 4 cannot become 7 but as 2 + 5.
    found = planned("diazepam 4 mg x2", tablet("5"), tablet("2"), cut="1/5", goal=Goal((mg("7"),)))
    assert found.complete
    assert [finding.code for finding in found.findings] == ["GP-SPLIT"]
    assert "22:00 dose of diazepam goes up from 4 to 5 mg" in found.findings[0].message


def test_the_same_request_gives_the_same_plan() -> None:
    assert planned("diazepam 6 mg x3", *TABLETS) == planned("diazepam 6 mg x3", *TABLETS)


def test_what_is_in_a_street_tablet_is_not_known_and_nothing_is_planned_from_it() -> None:
    found = planned("bromazolam 2 mg x2", *TABLETS)
    assert found.steps == ()
    assert found.blocked is not None
    assert found.blocked.code == "OP-1"
    assert "Titrate under supervision" in found.blocked.do


def test_two_strengths_of_one_liquid_in_a_plan_are_said() -> None:
    one, both = liquid("1"), (liquid("1"), liquid("5"))
    assert "GP-LIQUIDS" not in {finding.code for finding in planned("diazepam 9 mg x2", one).findings}
    said = [one for one in planned("diazepam 9 mg x2", *both).findings if one.code == "GP-LIQUIDS"]
    assert len(said) == 1
    assert "1 mg/mL and 5 mg/mL" in said[0].message
