"""A plan as values: templates filled in, kept and read back, what it lacks, what changed, when it is looked at."""

import datetime as dt
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given, settings, strategies as st

from glidepath.clinical.dosing.plan import Setting
from glidepath.clinical.facts.load import plan_templates
from glidepath.clinical.planning.difference import Changed, difference
from glidepath.clinical.planning.from_template import problem_from, question_of_goal
from glidepath.clinical.planning.plain import as_plain, digest, from_plain
from glidepath.clinical.planning.proposing import of_kind
from glidepath.clinical.planning.reviews import plan_review, risk_benefit_review
from glidepath.clinical.planning.unfinished import lacking
from glidepath.clinical.planning.values import (
    CarePlan,
    Goal,
    Intervention,
    InterventionKind,
    Measure,
    Objective,
    Problem,
    ProblemKind,
)

TODAY = dt.date(2026, 11, 17)


def from_template(kind=ProblemKind.SLEEP, goal="to wake up and not dread the night"):
    keys = (f"{kind.value}-{number}" for number in count(1))
    made = problem_from(of_kind((), kind), name="Ruth", today=TODAY, new_key=lambda: next(keys))
    return replace(made, goal=replace(made.goal, words=goal))


# --- Templates -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ProblemKind)
def test_a_template_leaves_nothing_open_but_the_goal(kind):
    empty = CarePlan((from_template(kind, goal=""),))
    assert [one.field for one in lacking(empty, today=TODAY)] == ["goal"]
    assert lacking(CarePlan((from_template(kind),)), today=TODAY) == ()


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_line_of_a_template_says_where_it_is_from_and_names_the_person(kind):
    problem = from_template(kind)
    for objective in problem.goal.objectives:
        assert objective.basis
        assert all(one.basis for one in objective.interventions)
    assert "{name}" not in str(as_plain(CarePlan((problem,))))
    assert "Ruth" in question_of_goal(kind, "Ruth")


def test_each_part_has_its_own_key():
    problem = from_template(ProblemKind.DEPENDENCE)
    keys = [problem.key]
    for objective in problem.goal.objectives:
        keys += [objective.key, *(one.key for one in objective.interventions)]
    assert len(set(keys)) == len(keys)


def test_the_date_proposed_counts_from_the_day_it_is_added():
    (objective,) = from_template(ProblemKind.SUICIDALITY).goal.objectives
    days = plan_templates().problems[ProblemKind.SUICIDALITY].objectives[0].by_days
    assert objective.by == TODAY + dt.timedelta(days=days)


# --- What a draft lacks ----------------------------------------------------------------------------------------------
def test_an_empty_plan_cannot_be_signed():
    (lack,) = lacking(CarePlan(), today=TODAY)
    assert "no problem yet" in lack.words


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"words": " "}, "words"), ({"target": ""}, "target"), ({"who": ""}, "who"), ({"by": None}, "by"),
     ({"by": TODAY - dt.timedelta(days=1)}, "by"), ({"interventions": ()}, "interventions")],
)  # fmt: skip
def test_an_objective_needs_words_target_name_date_and_somebody_who_serves_it(changed, field):
    problem = from_template()
    (objective,) = problem.goal.objectives
    broken = replace(problem, goal=Goal("to sleep", (replace(objective, **changed),)))
    (lack,) = lacking(CarePlan((broken,)), today=TODAY)
    assert (lack.key, lack.field) == (objective.key, field)


def test_an_objective_may_end_today():
    problem = from_template()
    (objective,) = problem.goal.objectives
    today = replace(problem, goal=Goal("to sleep", (replace(objective, by=TODAY),)))
    assert lacking(CarePlan((today,)), today=TODAY) == ()


# --- Kept and read back ----------------------------------------------------------------------------------------------
texts = st.sampled_from(["", "a", "Ruth’s “own”", "日\n\u202e😀", '{"problems": []}'])
interventions = st.builds(
    Intervention, key=texts, kind=st.sampled_from(InterventionKind), words=texts, who=texts, how_often=texts
)
objectives = st.builds(
    Objective, key=texts, words=texts, measure=st.sampled_from(Measure), target=texts, who=texts,
    by=st.none() | st.dates(), interventions=st.lists(interventions, max_size=2).map(tuple), basis=texts,
)  # fmt: skip
goals = st.builds(Goal, words=texts, objectives=st.lists(objectives, max_size=2).map(tuple))
problems = st.builds(
    Problem, key=texts, kind=st.sampled_from(ProblemKind), words=texts, goal=goals,
    because=st.lists(texts, max_size=2).map(tuple),
)  # fmt: skip
plans = st.builds(CarePlan, st.lists(problems, max_size=3).map(tuple))


@settings(max_examples=30)
@given(plans)
def test_what_is_kept_is_read_back_the_same(plan):
    assert from_plain(as_plain(plan)) == plan
    assert digest(from_plain(as_plain(plan)), "x") == digest(plan, "x")


@settings(max_examples=30)
@given(plans)
def test_a_plan_does_not_differ_from_itself(plan):
    assert difference(plan, plan) == ()


# --- What changed ----------------------------------------------------------------------------------------------------
def test_other_words_of_the_same_part_are_one_change():
    before = from_template()
    after = replace(before, goal=replace(before.goal, words="to sleep through"))
    assert difference(CarePlan((before,)), CarePlan((after,))) == (
        Changed("Goal", "to wake up and not dread the night", "to sleep through"),
    )


def test_a_problem_that_is_taken_out_stands_last_with_everything_it_held():
    sleep, falls = from_template(ProblemKind.SLEEP), from_template(ProblemKind.FALLS)
    gone = difference(CarePlan((sleep, falls)), CarePlan((sleep,)))
    assert all(one.after == "" for one in gone)
    assert [one.label for one in gone] == [
        "Problem", "Goal", "Objective", "Measure", "Target", "By", "Who", "What is done", "By whom", "How often",
    ]  # fmt: skip


# --- When it is looked at again: 7 days inpatient, 30 otherwise, risk and benefit within 90 (JCG-1) ------------------
@pytest.mark.parametrize(
    ("setting", "day"),
    [(Setting.INPATIENT_MEDICAL, dt.date(2026, 11, 24)), (Setting.RESIDENTIAL, dt.date(2026, 12, 17)),
     (Setting.OUTPATIENT, dt.date(2026, 12, 17))],
)  # fmt: skip
def test_a_plan_is_looked_at_again_by_where_care_is_given(setting, day):
    due = plan_review(TODAY, setting)
    assert (due.on, due.source) == (day, "our reading")
    assert not due.is_due(day - dt.timedelta(days=1))
    assert due.is_due(day)
    assert due.days_over(day + dt.timedelta(days=2)) == 2


def test_risk_and_benefit_are_looked_at_within_ninety_days_and_an_unknown_day_is_due():
    due = risk_benefit_review(TODAY)
    assert due.on == dt.date(2027, 2, 15)  # 17 November and 90 days: 13 + 31 + 31 + 15
    assert due.source.startswith("JCG-1: ")
    unknown = risk_benefit_review(None)
    assert (unknown.on, unknown.is_due(TODAY)) == (None, True)
