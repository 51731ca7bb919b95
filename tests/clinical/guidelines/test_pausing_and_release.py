from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Goal, PlannedDose, Step, StepState, TaperPlan
from glidepath.clinical.facts.centre_settings import settings_with
from glidepath.clinical.findings import Severity
from glidepath.clinical.guidelines.pausing import (
    Pace,
    check_between_doses,
    check_end_point,
    check_increase,
    check_reason,
    check_resume,
    check_symptoms,
)
from glidepath.clinical.guidelines.release import LastChange, Review, check_auto_advance, check_review
from tests.clinical.guidelines.proof import codes, fires, just_short, unassessed

MAY = dt.date(2026, 5, 1)


def day(offset: int) -> dt.date:
    return MAY + dt.timedelta(days=offset)


def diazepam(mg: str) -> dict[str, Dose]:
    return {"diazepam": Dose(Decimal(mg), "diazepam")}


def two_steps(second: StepState) -> TaperPlan:
    def step(number: int, mg: str, state: StepState) -> Step:
        return Step(number, day(14 * (number - 1)), (PlannedDose(dt.time(22), diazepam(mg)["diazepam"]),), state)

    return TaperPlan(MAY, Goal(), (step(1, "10", StepState.RELEASED), step(2, "9", second)))


@fires("JCG-9")
@pytest.mark.parametrize(
    ("review", "seen"),
    [
        (None, "not been reviewed"),
        (Review(on=day(0)), "1 May 2026"),  # on the day of the last change: not later than it
        (Review(on=day(6)), "8 days old"),
    ],
)
def test_a_step_without_a_fresh_symptom_review_is_a_hard_stop(review: Review | None, seen: str) -> None:
    findings = check_review(step=3, starts=day(14), review=review, last_change=LastChange(day(0)))
    assert codes(findings) == ["JCG-9"]
    assert findings[0].severity is Severity.HARD_STOP
    assert findings[0].step == 3
    assert seen in findings[0].message


@just_short("JCG-9")
def test_a_review_of_seven_days_ago_after_the_last_change_carries_the_step() -> None:
    assert check_review(step=3, starts=day(14), review=Review(on=day(7)), last_change=LastChange(day(0))) == ()


def test_on_the_day_of_the_change_the_moment_decides() -> None:
    morning, evening = (dt.datetime(2026, 5, 1, hour, tzinfo=dt.UTC) for hour in (8, 20))
    later = Review(on=day(0), at=evening)
    assert check_review(step=2, starts=day(1), review=later, last_change=LastChange(day(0), morning)) == ()
    earlier = Review(on=day(0), at=morning)
    assert codes(check_review(step=2, starts=day(1), review=earlier, last_change=LastChange(day(0), evening))) == [
        "JCG-9"
    ]


def test_a_review_at_the_very_moment_of_the_change_has_not_seen_it() -> None:
    noon = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    findings = check_review(step=2, starts=day(1), review=Review(day(0), noon), last_change=LastChange(day(0), noon))
    assert codes(findings) == ["JCG-9"]


def test_the_centre_may_ask_for_a_fresher_review() -> None:
    carried = {"step": 3, "starts": day(14), "review": Review(on=day(10)), "last_change": None}
    assert check_review(**carried, settings=settings_with({"review_max_age_days": 4})) == ()
    assert codes(check_review(**carried, settings=settings_with({"review_max_age_days": 3}))) == ["JCG-9"]


@fires("JCG-8")
def test_a_step_that_would_begin_by_itself_is_forbidden_without_override() -> None:
    findings = check_auto_advance(two_steps(StepState.RELEASED), released=())
    assert codes(findings) == ["JCG-8"]
    assert not findings[0].overridable
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-8")
def test_a_projected_step_or_one_that_a_prescriber_released_is_allowed() -> None:
    assert check_auto_advance(two_steps(StepState.PROJECTED), released=()) == ()
    assert check_auto_advance(two_steps(StepState.RELEASED), released=(2,)) == ()


@fires("JCG-11")
def test_symptoms_that_interfere_stand_against_the_next_cut() -> None:
    findings = check_symptoms(interfere=True, step=4)
    assert codes(findings) == ["JCG-11"]
    assert findings[0].severity is Severity.HARD_STOP


@just_short("JCG-11")
def test_symptoms_that_are_bearable_do_not() -> None:
    assert check_symptoms(interfere=False) == ()
    assert unassessed(check_symptoms(interfere=None)) == {"JCG-11": ("symptoms_interfere",)}


@fires("JCG-11p")
def test_going_on_at_the_old_pace_after_a_pause_warns() -> None:
    pace = Pace(Fraction(10, 100), 14)
    (finding,) = check_resume(before=pace, after=pace)
    assert (finding.code, finding.answered_by) == ("JCG-11p", None)
    (mixed,) = check_resume(before=pace, after=Pace(Fraction(5, 100), 13))  # smaller, but sooner
    assert mixed.answered_by is None


@just_short("JCG-11p")
def test_going_on_a_day_slower_answers_it() -> None:
    (finding,) = check_resume(before=Pace(Fraction(10, 100), 14), after=Pace(Fraction(10, 100), 15))
    assert finding.answered_by == "slower than before: 10 % every 15 days"


@fires("TPR-6")
def test_missed_doses_or_withdrawal_between_doses_ask_for_smaller_doses_more_often() -> None:
    assert codes(check_between_doses(missed=True, interdose_withdrawal=None)) == ["TPR-6"]
    assert codes(check_between_doses(missed=False, interdose_withdrawal=True)) == ["TPR-6"]


@just_short("TPR-6")
def test_doses_taken_and_no_withdrawal_between_them_say_nothing() -> None:
    assert check_between_doses(missed=False, interdose_withdrawal=False) == ()
    unknown = check_between_doses(missed=False, interdose_withdrawal=None)
    assert unassessed(unknown) == {"TPR-6": ("interdose_withdrawal",)}


@fires("TPR-7")
def test_going_back_up_needs_the_prescribers_reason() -> None:
    (finding,) = check_increase(diazepam("8"), diazepam("9"))
    assert (finding.code, finding.answered_by) == ("TPR-7", None)
    assert "from diazepam 8 mg to diazepam 9 mg a day" in finding.message


@just_short("TPR-7")
def test_going_back_up_with_a_reason_is_an_exception_and_not_an_error() -> None:
    (finding,) = check_increase(diazepam("8"), diazepam("9"), reason="tremor since Tuesday")
    assert finding.answered_by == "reason: tremor since Tuesday"


@fires("TPR-8")
def test_a_lower_dose_that_stays_is_offered_when_cuts_are_not_tolerated() -> None:
    assert codes(check_end_point(cuts_tolerated=False)) == ["TPR-8"]


@just_short("TPR-8")
def test_it_is_not_offered_while_cuts_are_tolerated() -> None:
    assert check_end_point(cuts_tolerated=True) == ()


@fires("TPR-9")
@pytest.mark.parametrize("reason", ["non-compliant", "Patient was noncompliant with step 3", "failed taper", "refused"])
def test_a_reason_that_blames_the_person_is_sent_back_with_other_words(reason: str) -> None:
    findings = check_reason(reason)
    assert codes(findings) == ["TPR-9"]
    assert "symptom" in findings[0].do


@just_short("TPR-9")
def test_a_reason_that_says_what_happened_is_kept() -> None:
    assert check_reason("declined the 22:00 dose of 3 May: too drowsy") == ()
