"""The published taper examples, the edges of the rate rules, and the NICE CKS reductions, week by week."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.limits import Limits
from glidepath.clinical.dosing.plan import Goal, Kind, Made, PlannedDose, Product, Setting, Shape, Step, TaperPlan
from glidepath.clinical.facts.load import formulary
from glidepath.clinical.findings import Finding, Severity
from glidepath.clinical.guidelines.cuts import EarlierDose, changes
from glidepath.clinical.guidelines.makeability import check_made, not_makeable
from glidepath.clinical.guidelines.taper_check import TaperContext, check_rate
from glidepath.clinical.guidelines.taper_rate import check_basis, check_duration, check_low_dose_cut
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

START = dt.date(2026, 5, 1)
RESIDENTIAL = TaperContext(setting=Setting.RESIDENTIAL)
LIMITS = Limits.of()


def day(offset: int) -> dt.date:
    return START + dt.timedelta(days=offset)


def doses(text: str) -> tuple[PlannedDose, ...]:
    """ "diazepam 10 + lorazepam 1" as one dose each at 22:00; "0" is none."""
    found = [] if text == "0" else [part.split() for part in text.split(" + ")]
    return tuple(PlannedDose(dt.time(22), Dose(Decimal(mg), medicine)) for medicine, mg in found)


def taper(*steps: tuple[int, str], kept: str = "") -> TaperPlan:
    """Steps as (day, doses); a bare number is mg of diazepam. The plan starts with its first step, on day -30."""
    parsed = [
        Step(number, day(offset), doses(text if " " in text or text == "0" else f"diazepam {text}"))
        for number, (offset, text) in enumerate(steps, start=1)
    ]
    goal = Goal(tuple(planned.dose for planned in doses(kept))) if kept else Goal()
    return TaperPlan(parsed[0].start, goal, tuple(parsed))


def rate(plan: TaperPlan, context: TaperContext = RESIDENTIAL) -> tuple[Finding, ...]:
    return check_rate(plan, formulary=formulary(), limits=LIMITS, context=context)


def on_step(findings: tuple[Finding, ...], step: int) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings if finding.step == step}


@just_short("JCG-6", "TPR-1")
def test_forty_to_thirty_six_is_ten_percent_and_passes() -> None:
    assert on_step(rate(taper((-30, "40"), (0, "36"))), 2) == {}


@fires("JCG-6", "TPR-1")
def test_thirty_six_to_thirty_two_a_week_later_warns_of_size_and_of_interval() -> None:
    found = on_step(rate(taper((-30, "40"), (0, "36"), (7, "32"))), 3)
    assert set(found) == {"JCG-6", "TPR-1"}
    assert {finding.severity for finding in found.values()} == {Severity.WARNING}
    assert "11.1 % of the present dose" in found["JCG-6"].message
    assert "36 mg to 32 mg of diazepam" in found["JCG-6"].message
    assert "7 days after the last cut" in found["TPR-1"].message


@fires("JCG-6c")
def test_thirty_two_to_twenty_nine_on_day_thirteen_is_over_the_ceiling() -> None:
    found = on_step(rate(taper((-30, "40"), (0, "36"), (7, "32"), (13, "29"))), 4)
    assert found["JCG-6c"].severity is Severity.HARD_STOP
    assert found["JCG-6c"].overridable
    assert "27.5 %" in found["JCG-6c"].message
    assert "40 mg" in found["JCG-6c"].message


@just_short("JCG-6c")
def test_twenty_to_fifteen_in_one_day_is_a_quarter_and_only_warned() -> None:
    assert set(on_step(rate(taper((-30, "20"), (0, "15"))), 2)) == {"JCG-6"}


def test_twenty_to_fourteen_point_nine_is_a_hard_stop() -> None:
    found = on_step(rate(taper((-30, "20"), (0, "14.9"))), 2)
    assert "25.5 %" in found["JCG-6c"].message


def test_two_to_one_milligram_is_a_hard_stop() -> None:
    assert "50 %" in on_step(rate(taper((-30, "2"), (0, "1"))), 2)["JCG-6c"].message


@pytest.mark.parametrize(("interval", "stopped"), [(13, True), (14, False)])
def test_a_quarter_exactly_every_fourteen_days_passes(interval: int, stopped: bool) -> None:
    found = on_step(rate(taper((-30, "16"), (0, "12"), (interval, "9"))), 3)
    assert ("JCG-6c" in found) is stopped


def test_the_smallest_passing_of_the_ceiling_is_seen_and_shown() -> None:
    found = on_step(rate(taper((-30, "20"), (0, "14.999999"))), 2)
    assert "25.000005 %" in found["JCG-6c"].message


def test_a_dose_before_the_plan_counts_in_the_fourteen_days() -> None:
    plan = taper((0, "36"), (7, "29"))
    before = EarlierDose(until=day(0), daily={"diazepam": Dose(Decimal(40), "diazepam")})
    earlier = TaperContext(setting=Setting.RESIDENTIAL, earlier=(before,))
    assert "27.5 %" in on_step(rate(plan, earlier), 2)["JCG-6c"].message
    assert "JCG-6c" not in on_step(rate(plan), 2)  # 19.4 % without it
    assert [change.step for change in changes(plan.steps, (before,))] == [1, 2]


def test_a_dose_replaced_long_before_the_plan_is_no_change_of_the_plan() -> None:
    plan = taper((0, "36"), (7, "32.4"))
    before = EarlierDose(until=day(-10), daily={"diazepam": Dose(Decimal(40), "diazepam")})
    found = rate(plan, TaperContext(setting=Setting.RESIDENTIAL, earlier=(before,)))
    assert [change.step for change in changes(plan.steps, (before,))] == [2]
    assert on_step(found, 1) == {}
    assert on_step(found, 2) == {}  # 17 days after the last cut, and 40 mg is out of the fourteen days
    recent = EarlierDose(until=day(-3), daily=before.daily)
    assert set(on_step(rate(plan, TaperContext(setting=Setting.RESIDENTIAL, earlier=(recent,))), 2)) == {"TPR-1"}


@fires("TPR-10")
def test_the_last_milligram_may_go_to_zero_with_a_contact_inside_the_watch() -> None:
    found = on_step(rate(taper((-30, "1"), (0, "0"))), 2)
    assert "JCG-6c" not in found
    assert found["TPR-10"].severity is Severity.WARNING
    assert found["TPR-10"].answered_by is None
    assert found["JCG-6"].answered_by is not None  # 100 %, and meant so
    booked = TaperContext(setting=Setting.RESIDENTIAL, contact_on=day(14))  # diazepam: fourteen days
    assert on_step(rate(taper((-30, "1"), (0, "0")), booked), 2)["TPR-10"].answered_by is not None
    late = TaperContext(setting=Setting.RESIDENTIAL, contact_on=day(15))
    assert on_step(rate(taper((-30, "1"), (0, "0")), late), 2)["TPR-10"].answered_by is None


@just_short("TPR-10")
def test_a_little_more_than_a_milligram_may_not() -> None:
    found = on_step(rate(taper((-30, "1.1"), (0, "0"))), 2)
    assert "TPR-10" not in found
    assert "100 %" in found["JCG-6c"].message


def test_a_small_amount_of_a_strong_medicine_is_not_small() -> None:
    # lorazepam 0.1 mg: 0.5 mg of diazepam by VA/DoD, 1 mg by Ashton; 0.125 mg: 1.25 mg by Ashton.
    assert "TPR-10" in on_step(rate(taper((-30, "lorazepam 0.1"), (0, "0"))), 2)
    assert "JCG-6c" in on_step(rate(taper((-30, "lorazepam 0.125"), (0, "0"))), 2)


def test_each_medicine_is_held_to_the_ceiling_by_itself() -> None:
    # The total falls by 9 %, lorazepam by half.
    plan = taper((-30, "diazepam 50 + lorazepam 2"), (0, "diazepam 50 + lorazepam 1"))
    found = on_step(rate(plan, TaperContext(setting=Setting.RESIDENTIAL, table="va_dod_2021")), 2)
    assert "50 %" in found["JCG-6c"].message
    assert "lorazepam" in found["JCG-6c"].message


def test_a_medicine_that_is_being_exchanged_is_weighed_in_the_total() -> None:
    # lorazepam 1 mg is 5 mg of diazepam by VA/DoD, 10 mg by Ashton.
    plan = taper((-30, "lorazepam 4"), (0, "diazepam 10 + lorazepam 2"), (7, "diazepam 20"), kept="diazepam 20")
    by_va = TaperContext(setting=Setting.RESIDENTIAL, table="va_dod_2021", switch_to="diazepam")
    assert codes(rate(plan, by_va)) == []
    by_ashton = TaperContext(setting=Setting.RESIDENTIAL, table="ashton_2002", switch_to="diazepam")
    found = rate(plan, by_ashton)
    assert "JCG-6c" in on_step(found, 3)  # 40 mg became 20 mg within seven days
    assert "ashton" in on_step(found, 3)["JCG-6c"].message.lower()


def test_a_step_up_is_an_exception_that_asks_for_a_reason() -> None:
    found = on_step(rate(taper((-30, "10"), (0, "9"), (14, "10"))), 3)
    assert set(found) == {"TPR-7"}


@just_short("TPR-2")
def test_a_percentage_of_the_present_dose_is_the_basis_wanted() -> None:
    assert check_basis(Shape.PROPORTIONAL) == ()
    assert check_basis(Shape.TYPED) == ()
    assert unassessed(check_basis(None)) == {"TPR-2": ("shape",)}


@fires("TPR-2")
def test_the_same_amount_every_time_warns() -> None:
    findings = check_basis(Shape.LINEAR, cut_of_start=Fraction(1, 10))
    assert codes(findings) == ["TPR-2"]
    assert "10 % of the starting dose" in findings[0].message


@fires("TPR-4")
def test_at_five_milligrams_more_than_one_milligram_at_a_time_warns() -> None:
    assert codes(check_low_dose_cut(step=3, diazepam_before=Fraction(5), diazepam_after=Fraction("3.9"))) == ["TPR-4"]


@just_short("TPR-4")
def test_one_milligram_at_five_or_more_above_five_does_not() -> None:
    assert check_low_dose_cut(step=3, diazepam_before=Fraction(5), diazepam_after=Fraction(4)) == ()
    assert check_low_dose_cut(step=3, diazepam_before=Fraction("5.1"), diazepam_after=Fraction(4)) == ()
    unknown = check_low_dose_cut(step=3, diazepam_before=None, diazepam_after=None)
    assert unassessed(unknown) == {"TPR-4": ("diazepam_equivalent",)}


@fires("TPR-5")
@pytest.mark.parametrize(("start", "weeks"), [(40, 30), (20, 20), (39, 20)])
def test_a_day_less_than_the_published_weeks_is_said(start: int, weeks: int) -> None:
    findings = check_duration(diazepam_start=Fraction(start), length_days=7 * weeks - 1)
    assert codes(findings) == ["TPR-5"]
    assert findings[0].severity is Severity.ADVICE


@just_short("TPR-5")
@pytest.mark.parametrize(("start", "weeks"), [(40, 30), (20, 20), (39, 20), (10, 1)])
def test_the_published_weeks_are_long_enough(start: int, weeks: int) -> None:
    assert check_duration(diazepam_start=Fraction(start), length_days=7 * weeks) == ()


@fires("TPR-3")
def test_a_dose_that_cannot_be_made_names_the_nearest_that_can() -> None:
    finding = not_makeable(
        Dose(Decimal("1.3"), "diazepam"),
        below=Dose(Decimal(1), "diazepam"),
        above=Dose(Decimal("1.5"), "diazepam"),
        step=4,
    )
    assert (finding.code, finding.severity, finding.step) == ("TPR-3", Severity.HARD_STOP, 4)
    assert "diazepam 1.5 mg or diazepam 1 mg" in finding.do


@just_short("TPR-3")
def test_a_dose_whose_products_are_named_can_be_signed() -> None:
    tablet = Product("diazepam", Decimal(2), "tablet", Kind.SOLID, Fraction(1, 2))
    made = PlannedDose(dt.time(22), Dose(Decimal(5), "diazepam"), (Made(tablet, Fraction(5, 2)),))
    whole = TaperPlan(START, Goal(), (Step(1, START, (made,)), Step(2, day(14), ())))
    assert check_made(whole, formulary=formulary()) == ()
    unmade = TaperPlan(START, Goal(), (Step(1, START, doses("diazepam 5")),))
    assert codes(check_made(unmade, formulary=formulary())) == ["TPR-3"]


def test_the_published_diazepam_reductions_come_out_with_the_findings_that_are_true_of_them() -> None:
    """CKS, every two weeks: 40 to 20 by 4 mg, 20 to 10 by 2 mg, 10 to 5 by 1 mg, 5 to 0 by 0.5 mg."""
    mgs = [40, 36, 32, 28, 24, 20, 18, 16, 14, 12, 10, 9, 8, 7, 6, 5]
    mgs_low = [Decimal(tenths) / 10 for tenths in range(45, 0, -5)]
    steps = [str(mg) for mg in (*mgs, *mgs_low)] + ["0"]
    findings = rate(taper(*((14 * week, mg) for week, mg in enumerate(steps))))
    stopped = [finding.step for finding in findings if finding.code == "JCG-6c"]
    # A quarter is passed by hand: 1.5 to 1 is 33 %, 1 to 0.5 is 50 %; the last 0.5 mg may go to zero.
    assert [steps[step - 1] for step in stopped if step is not None] == ["1", "0.5"]
    assert [finding.step for finding in findings if finding.code == "TPR-10"] == [len(steps)]
    assert "TPR-4" not in codes(findings)
    assert "TPR-1" not in codes(findings)
