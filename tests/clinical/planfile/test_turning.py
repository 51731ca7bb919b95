"""A plan of a file turned: the version counts up, the past stays, and a turn never lies before the last."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from glidepath.clinical.dosing.errors import RevisionError
from glidepath.clinical.dosing.plan import StepState
from glidepath.clinical.planfile.due import due_doses
from glidepath.clinical.planfile.saying import exit_code
from glidepath.clinical.planfile.values import PlanFile, Turned
from tests.clinical.dosing.shelf import mg
from tests.clinical.planfile.made import START, day, made, read_back, released, text_of, totals, turned
from tests.properties.how_many import examples

NOON = dt.time(12)


def given_until(file: PlanFile, last: dt.date, until: dt.time = dt.time.max) -> list[tuple[dt.datetime, str]]:
    """What was due from the start up to a moment."""
    doses = due_doses(file.plan.steps, first=START, last=last, zone=dt.UTC)
    end = dt.datetime.combine(last, until, tzinfo=dt.UTC)
    return [(one.due_at, str(one.dose)) for one in doses if one.due_at < end]


def test_a_new_plan_releases_its_first_step_alone() -> None:
    states = [step.state for step in made().plan.steps]
    assert states[0] is StepState.RELEASED
    assert set(states[1:]) == {StepState.PROJECTED}


def test_a_release_counts_the_version_up_and_keeps_who_said_what() -> None:
    found = turned(made(), Turned.RELEASE, 11, reason="sleeps well")
    assert found.file.version == 2
    assert [step.state.value for step in found.file.plan.steps[:3]] == ["released", "released", "projected"]
    (change,) = found.file.history
    assert (change.version, change.kind, change.on, change.reason, change.in_force) == (
        2,
        Turned.RELEASE,
        day(11),
        "sleeps well",
        1,
    )


def test_a_review_too_long_before_the_step_stops_the_release() -> None:
    early = turned(made(), Turned.RELEASE, 1).file  # step 2 begins on day 14, 13 days later
    assert [one.stops for one in early.plan.findings if one.code == "JCG-9"] == [True]
    assert exit_code(early) == 2
    assert [one for one in turned(made(), Turned.RELEASE, 11).file.plan.findings if one.code == "JCG-9"] == []


def test_a_late_release_from_a_dose_of_the_day_leaves_the_earlier_doses_of_it() -> None:
    found = turned(made(), Turned.RELEASE, 20, time=NOON).file
    assert found.plan.steps[1].start == day(20)
    assert [dose for _, dose in given_until(found, day(20))[-2:]] == ["diazepam 10 mg", "diazepam 9 mg"]


def test_a_hold_takes_back_what_has_not_begun_and_is_no_failed_plan() -> None:
    found = turned(released(3), Turned.HOLD, 26).file
    assert totals(found) == ["20", "18"]
    assert found.plan.on_hold
    assert not found.plan.complete
    assert exit_code(found) < 2, "somebody decided it: only what the rules say counts"


def test_resuming_is_slower_by_itself_and_the_question_of_pace_is_answered() -> None:
    held = turned(released(2), Turned.HOLD, 20).file
    found = turned(held, Turned.RESUME, 40).file
    assert (found.settings.cut, found.settings.interval_days) == (Fraction(1, 20), 14)
    assert found.plan.steps[2].start == day(54)
    answers = [one.answered_by for one in found.plan.findings if one.code == "JCG-11p"]
    assert answers == ["slower than before: 5 % every 14 days"]


def test_resuming_as_fast_as_before_is_said() -> None:
    held = turned(released(2), Turned.HOLD, 20).file
    found = turned(held, Turned.RESUME, 40, cut=Fraction(1, 10)).file
    assert [one.answered_by for one in found.plan.findings if one.code == "JCG-11p"] == [None]


def test_a_step_back_goes_to_the_dose_before_at_once_and_the_reason_answers_for_it() -> None:
    found = turned(released(3), Turned.STEP_BACK, 30, reason="tremor").file
    assert totals(found)[:4] == ["20", "18", "16.2", "18"]
    assert found.plan.steps[3].state is StepState.RELEASED
    assert [one.answered_by for one in found.plan.findings if one.code == "TPR-7"] == ["reason: tremor"]


def test_a_step_back_goes_to_the_dose_that_is_named_or_between() -> None:
    assert totals(turned(released(3), Turned.STEP_BACK, 30, to=(mg("20"),)).file)[3] == "20"
    assert totals(turned(released(3), Turned.STEP_BACK, 30, to=(mg("17"),)).file)[3] == "17"
    for dose in ("16.2", "12", "21"):
        with pytest.raises(RevisionError, match="Earlier steps: diazepam 20 mg · diazepam 18 mg"):
            turned(released(3), Turned.STEP_BACK, 30, to=(mg(dose),))


def test_a_second_step_back_goes_higher_and_never_down() -> None:
    back = turned(released(3), Turned.STEP_BACK, 30).file
    assert totals(turned(back, Turned.STEP_BACK, 35).file)[:5] == ["20", "18", "16.2", "18", "20"]


def test_blaming_words_in_a_reason_are_met_with_better_ones() -> None:
    found = turned(made(), Turned.HOLD, 5, reason="non-compliant").file
    assert "TPR-9" in {one.code for one in found.plan.findings}


def test_a_turn_never_lies_before_the_last_one() -> None:
    held = turned(made(), Turned.HOLD, 20).file
    with pytest.raises(RevisionError, match="would change what was in force then"):
        turned(held, Turned.STEP_BACK, 10)
    with pytest.raises(RevisionError, match="The plan starts on"):
        turned(made(), Turned.HOLD, -1)


@pytest.mark.parametrize(
    ("kind", "more", "says"),
    [
        (Turned.HOLD, {"reason": " "}, "needs its reason"),
        (Turned.HOLD, {"cut": Fraction(1, 20)}, "has no pace"),
        (Turned.SLOW, {"to": (mg("20"),)}, "Only a step back"),
        (Turned.SLOW, {"cut": Fraction(1, 5)}, "is not slower"),
        (Turned.RESUME, {}, "not on hold"),
        (Turned.STEP_BACK, {}, "none to go back to"),
    ],
)
def test_what_cannot_be_turned_says_why(kind: Turned, more: dict[str, object], says: str) -> None:
    with pytest.raises(RevisionError, match=says):
        turned(made(), kind, 5, **more)


def test_the_difference_shows_the_end_and_the_pieces_of_four_weeks() -> None:
    found = turned(released(2), Turned.HOLD, 20).difference
    assert (found.end_before, found.end_after, found.supply_days) == (made().plan.steps[-1].start, None, 28)
    assert sum(found.needed_after.values()) > 0


turns = st.lists(
    st.tuples(st.sampled_from(list(Turned)), st.integers(0, 25), st.sampled_from([None, NOON])), max_size=5
)


@examples(15)
@given(turns)
def test_no_turn_changes_what_was_due_before_it(asked: list[tuple[Turned, int, dt.time | None]]) -> None:
    file, on = made(), 0
    for kind, later, time in asked:
        on += later
        before = given_until(file, day(on), time or dt.time.min)
        try:
            file = turned(file, kind, on, time=time).file
        except RevisionError:
            continue
        assert given_until(file, day(on), time or dt.time.min) == before
        assert read_back(text_of(file)) == file


def test_a_turned_plan_that_does_not_reach_its_goal_keeps_its_ways_on() -> None:
    # Whole tablets of 10, 5 and 2 mg end at 4 mg, before a turn and after it.
    whole = made("diazepam 10 mg x2", "diazepam 10 mg tablet; diazepam 5 mg tablet; diazepam 2 mg tablet")
    held = turned(whole, Turned.HOLD, 5).file
    assert held.alternatives == ()
    again = turned(held, Turned.RESUME, 10).file
    assert again.plan.blocked is not None
    ways = {one.kind: one for one in again.alternatives}
    assert {"halves", "quarters", "kept_dose", "override"} <= set(ways)
    assert str(ways["kept_dose"].plan.steps[-1].daily()["diazepam"]) == "diazepam 4 mg"
    assert read_back(text_of(again)).alternatives == again.alternatives
