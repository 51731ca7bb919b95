"""The real ratio of a change, by the worked oracles of the taper arithmetic."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import PlannedDose, Step
from glidepath.clinical.dosing.ratios import InForce, StepRatios, in_window, ratios, step_cut
from glidepath.clinical.facts.load import formulary
from tests.clinical.dosing.shelf import NIGHT, START, mg


def steps(*doses: tuple[int, dict[str, str]]) -> tuple[Step, ...]:
    return tuple(
        Step(
            number,
            START + dt.timedelta(days=day),
            tuple(PlannedDose(NIGHT, mg(amount, name)) for name, amount in daily.items()),
        )
        for number, (day, daily) in enumerate(doses, start=1)
    )


def found(*doses: tuple[int, dict[str, str]]) -> tuple[StepRatios, ...]:
    return ratios(steps(*doses), formulary=formulary(), limits=Limits.of())


def diazepam(*doses: tuple[int, str]) -> list[tuple[Fraction, Fraction]]:
    changes = found(*((day, {"diazepam": amount} if amount != "0" else {}) for day, amount in doses))
    return [(c.by_medicine["diazepam"].share, c.by_medicine["diazepam"].share_over_window) for c in changes]


def test_the_worked_residential_example() -> None:
    # 40 to 36 on day 0: 10.0 %, 10.0 %. 36 to 32 on day 7: 11.1 %, 20.0 %. 32 to 29 on day 13: 27.5 % in 14 days.
    first, second, third = diazepam((-30, "40"), (0, "36"), (7, "32"), (13, "29"))
    assert first == (Fraction(1, 10), Fraction(1, 10))
    assert second == (Fraction(1, 9), Fraction(1, 5))
    assert third[1] == Fraction(275, 1000)


def test_the_same_cut_a_day_later_no_longer_counts_the_40() -> None:
    assert diazepam((-30, "40"), (0, "36"), (7, "32"), (14, "29"))[2][1] == Fraction(7, 36)


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [("20", "15", Fraction(1, 4)), ("20", "14.9", Fraction(255, 1000)), ("2", "1", Fraction(1, 2))],
)
def test_the_worked_single_cuts(before: str, after: str, share: Fraction) -> None:
    assert diazepam((0, before), (30, after)) == [(share, share)]


def test_a_quarter_exactly_every_fourteen_days_stays_a_quarter() -> None:
    shares = diazepam((0, "32"), (14, "24"), (28, "18"), (42, "13.5"))
    assert shares == [(Fraction(1, 4), Fraction(1, 4))] * 3


def test_thirteen_days_after_the_last_cut_both_count() -> None:
    assert diazepam((0, "32"), (14, "24"), (27, "18"))[1][1] == Fraction(14, 32)


def test_calendar_days_count_across_a_clock_change() -> None:
    # 15 to 29 March 2026 holds the spring change: 335 hours, and still 14 days.
    history = (
        InForce(dt.date(2026, 1, 1), {"diazepam": mg("20")}),
        InForce(dt.date(2026, 3, 15), {"diazepam": mg("18")}),
    )
    assert in_window(history, dt.date(2026, 3, 29), days=14) == history[1:]
    assert in_window(history, dt.date(2026, 3, 28), days=14) == history


def test_a_day_with_two_doses_counts_by_the_higher() -> None:
    # Changed in the middle of day 0: the 20 mg was in force that morning, and day 0 is inside the window of day 13.
    changes = ratios(
        (steps((-9, {"diazepam": "20"}))[0], replace(steps((0, {"diazepam": "18"}))[0], from_time=NIGHT),
         steps((13, {"diazepam": "15"}))[0]),
        formulary=formulary(),
        limits=Limits.of(),
    )  # fmt: skip
    assert changes[1].by_medicine["diazepam"].share_over_window == Fraction(1, 4)


def test_a_rise_is_a_negative_share_and_a_beginning_is_none() -> None:
    assert step_cut(Fraction(10), Fraction(12)) == Fraction(-1, 5)
    assert step_cut(Fraction(0), Fraction(5)) == 0


def test_the_total_is_compared_by_every_table_and_each_medicine_by_itself() -> None:
    # Alprazolam 2 to 1 mg beside diazepam 20 mg. VA/DoD: 40 to 30. Ashton: 60 to 40. By itself: halved.
    change = found((0, {"alprazolam": "2", "diazepam": "20"}), (14, {"alprazolam": "1", "diazepam": "20"}))[0]
    assert change.by_table["va_dod_2021"].share == Fraction(1, 4)
    assert change.by_table["ashton_2002"].share == Fraction(1, 3)
    assert change.by_medicine["alprazolam"].share == Fraction(1, 2)
    assert "diazepam" not in change.by_medicine


def test_an_exchange_is_judged_at_the_total_and_its_traces_leave_the_medicine_alone() -> None:
    # Lorazepam 1 mg for diazepam 10 mg at Ashton's figure: the total stays, and neither medicine was cut by itself.
    swap, cut = found(
        (0, {"lorazepam": "2"}),
        (7, {"lorazepam": "1", "diazepam": "10"}),
        (14, {"lorazepam": "0.9", "diazepam": "10"}),
    )
    assert swap.exchanged == {"lorazepam", "diazepam"}
    assert swap.by_table["ashton_2002"].share == 0
    assert swap.by_table["va_dod_2021"].share == Fraction(-1, 2)
    assert cut.by_medicine["lorazepam"].share_over_window == Fraction(1, 10)


def test_a_table_silent_about_one_medicine_gives_no_total() -> None:
    change = found((0, {"alprazolam": "1", "zopiclone": "7.5"}), (14, {"alprazolam": "0.9", "zopiclone": "7.5"}))[0]
    assert "va_dod_2021" not in change.by_table
    assert "ashton_2002" in change.by_table


def test_the_last_step_is_small_at_one_milligram_by_the_highest_table_and_not_above() -> None:
    limits = Limits.of()
    one, more = found((0, {"diazepam": "1"}), (14, {}))[0], found((0, {"diazepam": "1.1"}), (14, {}))[0]
    assert one.is_small_last_step("diazepam", limits)
    assert not more.is_small_last_step("diazepam", limits)
    # Alprazolam 0.1 mg is 1 mg by VA/DoD and 2 mg by Ashton: the highest decides.
    alprazolam = found((0, {"alprazolam": "0.1"}), (14, {}))[0]
    assert not alprazolam.is_small_last_step("alprazolam", limits)
    assert alprazolam.is_small_last_step("alprazolam", replace(limits, last_step_max_diazepam=Decimal(2)))


def test_without_a_figure_nobody_knows_whether_the_last_step_is_small() -> None:
    change = found((0, {"eszopiclone": "1"}), (14, {}))[0]
    assert change.medicine_equivalent["eszopiclone"] is None
    assert not change.is_small_last_step("eszopiclone", Limits.of())
