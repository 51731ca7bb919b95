"""A plan is drafted, signed and never changed; two at once are told who was first; a second submit does nothing."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from glidepath.care.planning import queries, services
from glidepath.care.planning.models import Draft, Plan, PlanObjective, Version
from glidepath.care.planning.tests.plans import AGREED, GOAL, a_plan, a_problem, draft, seen, sign
from glidepath.clinical.planning.editing import with_problem
from glidepath.clinical.planning.values import CarePlan, ProblemKind
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import proof

WRITES = ("physician", "nurse", "psychologist", "counsellor", "case_manager")
DOES_NOT = ("pharmacist", "admissions", "peer_worker", "manager", "auditor", "administrator", "stranger")


# --- Who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", WRITES)
def test_those_who_care_write_and_sign(role, cast, person):
    by = getattr(cast, role)
    version = sign(person, by)
    assert (version.number, version.recorded_by, version.reason) == (1, by, "the first plan")


@pytest.mark.parametrize("role", DOES_NOT)
def test_nobody_else_writes_signs_or_reviews(role, cast, person):
    draft(person, cast.nurse)
    by = getattr(cast, role)
    with pytest.raises(NotAllowed):
        draft(person, by)
    with pytest.raises(NotAllowed):
        services.sign_plan(person=person, by=by, proof=proof(by), seen=seen(person), agreed=AGREED)
    assert not Version.objects.exists()


# --- Signing ---------------------------------------------------------------------------------------------------------
def test_a_signed_plan_keeps_what_was_drafted_with_who_when_and_how_the_person_agreed(cast, person):
    plan = a_plan(person, ProblemKind.SLEEP, ProblemKind.FALLS)
    version = sign(person, cast.psychologist, plan)
    assert queries.plan_of(version.content) == plan
    assert (version.agreement, version.persons_words) == ("aloud", "said: that is what I want")
    assert queries.draft_row(person) is None
    line = AuditLine.objects.get(action="care_plan.signed")
    assert (line.kind, line.digest, line.person_id) == ("sign", version.digest, person.pk)


def test_a_signed_version_is_never_changed_or_deleted(cast, person):
    version = sign(person, cast.nurse)
    for act in (
        lambda: Version.objects.filter(pk=version.pk).update(reason="another"),
        lambda: Version.objects.filter(pk=version.pk).update(content={}),
        lambda: version.delete(),
        lambda: PlanObjective.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert queries.newest_of(person).content == version.content


def test_a_change_is_the_next_version_with_its_reason_and_the_one_before_stays(cast, person):
    first = sign(person, cast.nurse)
    kept = dict(first.content)
    before = queries.plan_of(first.content)
    second = sign(person, cast.physician, with_problem(before, a_problem(person, ProblemKind.FALLS)), reason="a fall")
    assert (second.number, second.reason) == (2, "a fall")
    first.refresh_from_db()
    assert first.content == kept


def test_from_the_second_version_on_a_reason_is_needed_and_a_difference(cast, person):
    first = sign(person, cast.nurse)
    same = queries.plan_of(first.content)
    with pytest.raises(BadInput, match="Nothing differs"):
        sign(person, cast.nurse, same, reason="to be sure")
    with pytest.raises(BadInput, match="Say why") as refused:
        sign(person, cast.nurse, with_problem(same, a_problem(person, ProblemKind.FALLS)))
    assert refused.value.field == "reason"


def test_no_goal_is_left_empty(cast, person):
    with pytest.raises(BadInput, match="the goal is empty"):
        sign(person, cast.nurse, CarePlan((a_problem(person, goal=" "),)))
    assert not Plan.objects.exists()
    assert queries.draft_row(person) is not None  # nothing typed is lost


def test_the_persons_own_word_is_needed_also_where_they_did_not_sign(cast, person):
    with pytest.raises(BadInput, match="in their words") as refused:
        sign(person, cast.nurse, agreed=services.Agreed("not", "  "))
    assert refused.value.field == "persons_words"
    version = sign(person, cast.nurse, agreed=services.Agreed("not", "wants to talk to her sister first"))
    assert version.agreement == "not"
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.create(
            centre_id=person.centre_id, plan=version.plan, number=9, content={}, reason="x", agreement="not",
            persons_words="", facts_version="x", digest="x", happened_at=version.happened_at,
            recorded_at=version.recorded_at, recorded_by=cast.nurse,
        )  # fmt: skip


def test_a_signature_needs_a_fresh_proof_of_the_signer(cast, person, frozen_clock):
    draft(person, cast.nurse)
    old = proof(cast.nurse)
    frozen_clock.tick(minutes=6)
    with pytest.raises(BadInput, match="five minutes"):
        services.sign_plan(person=person, by=cast.nurse, proof=old, seen=seen(person), agreed=AGREED)
    with pytest.raises(NotAllowed):
        services.sign_plan(person=person, by=cast.nurse, proof=proof(cast.physician), seen=seen(person), agreed=AGREED)


def test_an_unknown_way_to_agree_is_refused(cast, person):
    with pytest.raises(BadInput, match="how the person agreed"):
        sign(person, cast.nurse, agreed=services.Agreed("maybe", "who knows"))


def test_an_objective_keeps_its_address_through_every_version(cast, person):
    first = sign(person, cast.nurse)
    before = queries.plan_of(first.content)
    (sleep,) = before.problems
    new_words = replace(sleep, goal=replace(sleep.goal, words="to sleep through"))
    sign(person, cast.nurse, CarePlan((new_words,)), reason="she said it better")
    row = PlanObjective.objects.get()
    assert row.public_id == UUID(sleep.goal.objectives[0].key)
    assert row.first_version_id == first.pk


# --- Two at once, and twice ------------------------------------------------------------------------------------------
def test_the_second_who_saves_is_told_who_was_first(cast, person):
    draft(person, cast.nurse)
    opened = seen(person)
    draft(person, cast.psychologist, a_plan(person, ProblemKind.MOOD), seen=opened)
    with pytest.raises(ChangedMeanwhile, match="Dr Amara Nwosu") as late:
        draft(person, cast.nurse, a_plan(person, ProblemKind.FALLS), seen=opened)
    assert late.value.by == "Dr Amara Nwosu"
    assert [one.kind for one in queries.plan_of(queries.draft_row(person).content).problems] == ["mood"]


def test_two_first_drafts_are_one_and_the_second_is_told(cast, person):
    draft(person, cast.nurse, seen=0)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist"):
        draft(person, cast.physician, seen=0)
    assert Draft.objects.count() == 1


def test_a_form_from_before_a_signature_is_refused_and_names_the_signer(cast, person):
    opened_without_a_draft = seen(person)
    draft(person, cast.nurse)
    opened_with_a_draft = seen(person)
    services.sign_plan(person=person, by=cast.nurse, proof=proof(cast.nurse), seen=opened_with_a_draft, agreed=AGREED)
    for opened in (opened_without_a_draft, opened_with_a_draft):
        with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist has signed"):
            draft(person, cast.physician, seen=opened)


def test_what_is_signed_is_what_was_shown(cast, person):
    draft(person, cast.nurse)
    shown = seen(person)
    draft(person, cast.psychologist, a_plan(person, ProblemKind.MOOD))
    with pytest.raises(ChangedMeanwhile, match="Dr Amara Nwosu"):
        services.sign_plan(person=person, by=cast.nurse, proof=proof(cast.nurse), seen=shown, agreed=AGREED)


def test_a_second_submit_saves_and_signs_nothing_twice(cast, person):
    plan = a_plan(person)
    one, two = draft(person, cast.nurse, plan, seen=0, once="d"), draft(person, cast.nurse, plan, seen=0, once="d")
    assert one.pk == two.pk
    at = seen(person)
    given = {"person": person, "by": cast.nurse, "proof": proof(cast.nurse), "seen": at, "agreed": AGREED}
    assert services.sign_plan(**given, once="s") == services.sign_plan(**given, once="s")
    assert Version.objects.count() == 1
    assert AuditLine.objects.filter(action="care_plan.signed").count() == 1


def test_there_is_one_active_plan_a_person(cast, person):
    sign(person, cast.nurse)
    plan = Plan.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            centre_id=person.centre_id, person=person, episode_id=plan.episode_id, opened_at=plan.opened_at
        )


def test_after_the_plan_ended_a_new_one_may_begin(cast, person):
    sign(person, cast.nurse)
    services.end_plan(person=person, by=cast.nurse)
    assert queries.newest_of(person) is None
    assert sign(person, cast.nurse).number == 1


def test_a_draft_put_away_leaves_the_signed_plan_as_it_was(cast, person):
    first = sign(person, cast.nurse)
    draft(person, cast.physician, a_plan(person, ProblemKind.FALLS))
    services.discard_draft(person=person, by=cast.physician, seen=seen(person))
    assert queries.draft_row(person) is None
    assert queries.draft_plan(person, None) == queries.plan_of(first.content)
    assert Draft.history.filter(history_type="-").first().history_user == cast.physician


def test_a_goal_keeps_the_persons_words_to_the_letter(cast, person):
    assert queries.plan_of(sign(person, cast.nurse).content).problems[0].goal.words == GOAL
