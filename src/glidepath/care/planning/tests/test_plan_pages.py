"""The pages of the plan room: every role, what is typed and comes back, two at once, the printed copy."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.assessment import services as assessment
from glidepath.care.planning import queries
from glidepath.care.planning.models import Draft, Serves, Version
from glidepath.care.planning.tests.plans import GOAL, a_plan, draft, first_objective, review, seen, sign
from glidepath.clinical.planning.values import ProblemKind
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import PIN, admitted_person, client_for
from tests.pages.html_forms import forms_of

READS = ("physician", "nurse", "pharmacist", "counsellor", "psychologist")
DOES_NOT = ("peer_worker", "admissions", "manager", "auditor", "administrator")
WRITING = ("draft", "sign", "review")


def at(name, person, *more):
    return reverse(f"planning:{name}", args=[person.public_id, *more])


def form_of(answer):
    """What the first form of the page would send."""
    return {name: values[0] for name, values in next(iter(_own(answer))).sent().items()}


def _own(answer):
    return [one for one in forms_of(answer.text) if "sign-out" not in one.action and "act" in dict(one.buttons)] or [
        one for one in forms_of(answer.text) if "sign-out" not in one.action
    ]


# --- Who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", READS)
def test_those_who_care_read_the_plan_and_each_reading_leaves_its_line(role, cast, person):
    version = sign(person, cast.nurse)
    client = client_for(getattr(cast, role))
    for address in (
        at("plan", person), at("versions", person), at("thread", person),
        at("objective", person, first_objective(version).key),
    ):  # fmt: skip
        assert client.get(address).status_code == 200
    lines = AuditLine.objects.filter(action="plan.read", kind="read", person_id=person.pk)
    assert lines.count() == 4


@pytest.mark.parametrize("role", DOES_NOT)
def test_others_do_not(role, cast, person):
    sign(person, cast.nurse)
    client = client_for(getattr(cast, role))
    for name in ("plan", "versions", "thread", *WRITING):
        assert client.get(at(name, person)).status_code == 403, name
    assert client.get(reverse("printing:plan_pdf", args=[person.public_id])).status_code == 403


def test_a_pharmacist_reads_and_does_not_write(cast, person):
    version = sign(person, cast.nurse)
    client = client_for(cast.pharmacist)
    assert "Change the plan" not in client.get(at("plan", person)).text
    for name in WRITING:
        assert client.get(at(name, person)).status_code == 403
    aim = at("objective", person, first_objective(version).key)
    assert client.post(aim, {"record": "event:x", "once": "k"}).status_code == 403


def test_another_centre_finds_nobody_here(cast, person):
    assert client_for(cast.stranger).get(at("plan", person)).status_code == 404


def test_somebody_elses_objective_is_not_found_in_this_plan(cast, person):
    other = admitted_person(cast)
    sign(person, cast.nurse)
    theirs = first_objective(sign(other, cast.nurse))
    assert client_for(cast.nurse).get(at("objective", person, theirs.key)).status_code == 404


# --- The draft -------------------------------------------------------------------------------------------------------
def test_a_finding_becomes_a_problem_by_one_tap_with_its_template(cast, person):
    assessment.record_facts(person=person, answers={"sleep_disturbed": "yes"}, by=cast.nurse)
    client = client_for(cast.psychologist)
    page = client.get(at("draft", person))
    assert "Told: " in page.text
    assert not Draft.objects.exists()  # a look writes nothing
    answer = client.post(at("draft", person), form_of(page) | {"act": "add:sleep"})
    assert answer.status_code == 303
    (problem,) = queries.plan_of(queries.draft_row(person).content).problems
    assert problem.because
    assert problem.goal.objectives[0].interventions
    text = html.unescape(client.get(at("draft", person)).text)
    assert "Goal, in the person’s words" in text
    assert "the goal is empty" in text


def test_what_nobody_asked_is_drawn_and_is_no_reason(cast, person):
    text = client_for(cast.nurse).get(at("draft", person)).text
    assert "Not asked yet" in text
    assert "pregnancy" in text


def test_every_button_keeps_what_was_typed(cast, person):
    draft(person, cast.nurse)
    client = client_for(cast.nurse)
    sent = form_of(client.get(at("draft", person)))
    goal = next(name for name in sent if name.startswith("goal-"))
    client.post(at("draft", person), sent | {goal: "to sleep like before", "act": "add:falls"})
    plan = queries.plan_of(queries.draft_row(person).content)
    assert [(one.kind, one.goal.words) for one in plan.problems] == [("falls", ""), ("sleep", "to sleep like before")]


def test_parts_are_added_and_taken_out(cast, person):
    draft(person, cast.nurse)
    client = client_for(cast.nurse)

    def tap(act):
        client.post(at("draft", person), form_of(client.get(at("draft", person))) | {"act": act})
        return queries.plan_of(queries.draft_row(person).content)

    (problem,) = queries.plan_of(queries.draft_row(person).content).problems
    (first,) = problem.goal.objectives
    assert len(tap(f"objective:{problem.key}").problems[0].goal.objectives) == 2
    assert len(tap(f"intervention:{first.key}").problems[0].goal.objectives[0].interventions) == 4
    assert [one.key for one in tap(f"remove:{first.key}").problems[0].goal.objectives] != [first.key]
    assert tap(f"remove:{problem.key}").problems == ()


def test_the_second_of_two_is_told_who_was_first_and_keeps_what_was_typed(cast, person):
    draft(person, cast.nurse)
    mine, theirs = client_for(cast.nurse), client_for(cast.psychologist)
    opened = form_of(mine.get(at("draft", person)))
    theirs.post(at("draft", person), form_of(theirs.get(at("draft", person))) | {"act": "add:falls"})
    goal = next(name for name in opened if name.startswith("goal-"))
    late = mine.post(at("draft", person), opened | {goal: "to sleep like before", "act": "save"})
    text = html.unescape(late.text)
    assert late.status_code == 422
    assert "changed by Dr Amara Nwosu" in text
    assert "to sleep like before" in text
    assert "What your save would change" in text
    again = mine.post(at("draft", person), form_of(late) | {"act": "save"})
    assert again.status_code == 303
    assert queries.plan_of(queries.draft_row(person).content).problems[0].goal.words == "to sleep like before"


def test_a_double_tap_adds_one_problem_and_other_typing_in_the_same_form_is_not_lost(cast, person):
    client = client_for(cast.nurse)
    sent = form_of(client.get(at("draft", person))) | {"act": "add:sleep"}
    assert [client.post(at("draft", person), sent).status_code for _ in range(2)] == [303, 303]
    assert len(queries.plan_of(queries.draft_row(person).content).problems) == 1
    opened = form_of(client.get(at("draft", person)))
    goal = next(name for name in opened if name.startswith("goal-"))
    client.post(at("draft", person), opened | {goal: "first", "act": "save"})
    again = client.post(at("draft", person), opened | {goal: "second", "act": "save"})
    assert again.status_code == 422
    assert "second" in again.text


def test_a_form_whose_mark_was_broken_writes_nothing(cast, person):
    draft(person, cast.nurse)
    client = client_for(cast.nurse)
    before = queries.draft_row(person).content
    sent = form_of(client.get(at("draft", person)))
    for broken in ("", "x", sent["base"][:-2]):
        answer = client.post(at("draft", person), sent | {"base": broken, "act": "save"})
        assert answer.status_code == 422
    other = admitted_person(cast)
    foreign = client.get(at("draft", other))
    assert client.post(at("draft", person), sent | {"base": form_of(foreign)["base"]}).status_code == 422
    assert queries.draft_row(person).content == before


def test_a_draft_is_put_away_by_a_button(cast, person):
    draft(person, cast.nurse)
    client = client_for(cast.nurse)
    client.post(at("put_away", person), {"seen": str(seen(person))})
    assert queries.draft_row(person) is None


# --- Signing, reviewing, linking -------------------------------------------------------------------------------------
def test_a_plan_is_signed_with_the_persons_word_and_the_pin(cast, person):
    draft(person, cast.nurse)
    client = client_for(cast.nurse)
    page = client.get(at("sign", person))
    assert GOAL in html.unescape(page.text)
    sent = form_of(page) | {"agreement": "signed", "persons_words": "this is mine", "pin": PIN}
    assert client.post(at("sign", person), sent).status_code == 303
    assert client.post(at("sign", person), sent).status_code == 303  # the same form again
    version = Version.objects.get()
    assert (version.agreement, version.persons_words) == ("signed", "this is mine")
    assert "this is mine" in client.get(at("plan", person)).text


def test_the_versions_show_what_each_changed_with_its_reason(cast, person):
    first = queries.plan_of(sign(person, cast.nurse).content)
    (sleep,) = first.problems
    words = replace(sleep, goal=replace(sleep.goal, words="to sleep through"))
    sign(person, cast.physician, replace(first, problems=(words,)), reason="she said it better")
    text = html.unescape(client_for(cast.pharmacist).get(at("versions", person)).text)
    assert f'<del class="minus">{GOAL}</del>' in text
    assert '<ins class="plus">to sleep through</ins>' in text
    assert "she said it better" in text


def test_a_wrong_pin_signs_nothing_and_keeps_the_words(cast, person):
    draft(person, cast.nurse)
    client = client_for(cast.nurse)
    sent = form_of(client.get(at("sign", person))) | {"agreement": "not", "persons_words": "not yet", "pin": "1111"}
    answer = client.post(at("sign", person), sent)
    assert (answer.status_code, "not yet" in answer.text, Version.objects.exists()) == (422, True, False)


def test_a_review_is_recorded_by_tapping_each_objective(cast, person):
    version = sign(person, cast.nurse)
    client = client_for(cast.counsellor)
    sent = form_of(client.get(at("review", person)))
    key = f"progress-{first_objective(version).key}"
    refused = client.post(at("review", person), sent | {"persons_view": "longer nights"})
    assert refused.status_code == 422
    assert "longer nights" in refused.text
    assert client.post(at("review", person), sent | {"persons_view": "longer nights", key: "better"}).status_code == 303
    assert "longer nights" in client.get(at("plan", person)).text


def test_a_record_is_linked_by_one_tap_and_taken_back_with_a_reason(cast, person):
    assessment.record_facts(person=person, answers={"sleep_disturbed": "yes"}, by=cast.nurse)
    aim = at("objective", person, first_objective(sign(person, cast.nurse)).key)
    client = client_for(cast.nurse)
    record = re.search(r'name="record" value="(answer:[^"]+)"', client.get(aim).text).group(1)
    assert client.post(aim, {"record": record, "once": uuid4().hex}).status_code == 303
    assert "linked by Marta Lindqvist" in client.get(aim).text
    back = {"record": record, "once": uuid4().hex, "take_back": "on"}
    assert client.post(aim, back).status_code == 422
    assert client.post(aim, back | {"reason": "meant another"}).status_code == 303
    assert [row.taken_back for row in Serves.objects.order_by("pk")] == [False, True]
    for wrong in ("nonsense", "answer:nobody", f"answer:{uuid4()}"):
        assert client.post(aim, {"record": wrong, "once": uuid4().hex}).status_code == 422


# --- Queries, home, paper --------------------------------------------------------------------------------------------
def test_the_plan_page_takes_the_same_queries_for_one_problem_and_for_many(
    cast, person, django_assert_max_num_queries, django_assert_num_queries
):
    other = admitted_person(cast)
    sign(person, cast.nurse)
    sign(other, cast.nurse, a_plan(other, *ProblemKind))
    client = client_for(cast.nurse)
    client.get(at("plan", person))
    with django_assert_max_num_queries(90) as one:
        client.get(at("plan", person))
    with django_assert_num_queries(len(one)):
        client.get(at("plan", other))


def test_home_shows_the_plans_to_look_at_to_those_who_write_them(cast, person, frozen_clock):
    version = sign(person, cast.nurse)
    review(person, cast.nurse, version)
    assessment.record_facts(person=person, answers={"rb_review_on": "2026-11-17"}, by=cast.nurse)
    assert "Treatment plans" not in client_for(cast.counsellor).get("/").text
    frozen_clock.set("2026-12-18T10:00")
    for one in (cast.counsellor, cast.pharmacist):
        staff.start_shift(unit=cast.unit, by=one)
    text = client_for(cast.counsellor).get("/").text
    assert "Treatment plans" in text
    assert "the plan: 1 day over" in text
    assert "Treatment plans" not in client_for(cast.pharmacist).get("/").text


def test_home_takes_the_same_queries_for_three_plans_and_for_six(cast):
    people = [admitted_person(cast) for _ in range(6)]
    for one in people[:3]:
        sign(one, cast.nurse)
    for_three = queries_of_home(cast)
    for one in people[3:]:
        sign(one, cast.nurse)
    assert queries_of_home(cast) == for_three


def queries_of_home(cast):
    client = client_for(cast.counsellor)
    client.get("/")
    with CaptureQueriesContext(connection) as made:
        assert client.get("/").status_code == 200
    return len(made)
