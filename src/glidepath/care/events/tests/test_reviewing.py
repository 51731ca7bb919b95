"""After an emergency: a debrief, a review that two sign, then it is closed; and what each owes until then."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from glidepath.care.events import queries, services
from glidepath.care.events.models import Outcome, Part, ReviewSignature
from glidepath.care.events.owed import What, owed
from glidepath.care.events.tests.emergencies import closed, ended, reviewed, signed, started, talked, tapped
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff.signing import Proof
from tests.cast import proof


@pytest.fixture
def over(person, cast):
    """A seizure that has ended."""
    running = started(person, cast.nurse)
    ended(running, cast.nurse)
    return running


def waits(viewer):
    return [one.what for one in owed(viewer)]


def is_closed(running):
    return queries.closed_at(queries.review_of(running)) is not None


# --- The debrief ------------------------------------------------------------------------------------------------------


def test_it_is_talked_over_after_the_end_and_once(person, cast, over):
    row = talked(over, cast, there=[cast.nurse, cast.physician], others="a visitor")
    assert row.there == sorted([cast.nurse.pk, cast.physician.pk])
    with pytest.raises(ChangedMeanwhile, match="written the debrief already"):
        talked(over, cast)


def test_it_is_not_talked_over_while_it_runs(person, cast):
    with pytest.raises(BadInput, match="still running"):
        talked(started(person, cast.nurse), cast)


@pytest.mark.parametrize(("field", "given"), [("there", []), ("went_well", " "), ("missing", "")])
def test_what_lacks_is_said_at_its_field(field, given, cast, over):
    with pytest.raises(BadInput) as told:
        talked(over, cast, **{field: given})
    assert told.value.field == field


# --- The review -------------------------------------------------------------------------------------------------------


def test_a_manager_and_a_prescriber_sign_and_then_it_is_closed(cast, over):
    talked(over, cast)
    review = reviewed(over, cast.manager)
    assert not is_closed(over)
    signed(review, cast.physician)
    assert is_closed(over)


def test_the_prescriber_may_write_and_the_manager_sign(cast, over):
    talked(over, cast)
    signed(reviewed(over, cast.physician), cast.manager)
    assert is_closed(over)


def test_nothing_is_closed_by_one_of_them_twice_or_by_two_of_a_kind(cast, over):
    talked(over, cast)
    review = reviewed(over, cast.physician)
    for again in (cast.physician, cast.second_physician):
        with pytest.raises(ChangedMeanwhile, match="as prescriber already"):
            signed(review, again)
    assert not is_closed(over)


def test_the_database_keeps_two_people_and_one_signature_a_part(cast, over):
    talked(over, cast)
    review = reviewed(over, cast.manager)
    common = {"centre": cast.centre, "review": review, "digest": "", "happened_at": clock.now(),
              "recorded_at": clock.now()}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewSignature.objects.create(part=Part.PRESCRIBER, recorded_by=cast.manager, **common)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewSignature.objects.create(part=Part.MANAGER, recorded_by=cast.physician, **common)


def test_no_review_before_the_debrief_and_none_while_it_runs(person, cast, over):
    with pytest.raises(BadInput, match="write the debrief"):
        reviewed(over, cast.manager)
    with pytest.raises(BadInput, match="still running"):
        reviewed(started(person, cast.nurse), cast.manager)


@pytest.mark.parametrize("who", ["nurse", "counsellor", "pharmacist", "auditor", "administrator"])
def test_nobody_else_writes_or_signs_it(who, cast, over):
    talked(over, cast)
    with pytest.raises(NotAllowed):
        reviewed(over, getattr(cast, who))


def test_a_signature_is_proved(cast, over):
    talked(over, cast)
    stale = Proof(cast.manager.pk, clock.now() - dt.timedelta(minutes=6))
    for one in (stale, proof(cast.physician)):
        with pytest.raises((BadInput, NotAllowed)):
            reviewed(over, cast.manager, proof=one)


def test_a_further_version_says_why_and_both_sign_it_again(cast, over):
    talked(over, cast)
    first = reviewed(over, cast.manager)
    with pytest.raises(BadInput) as told:
        reviewed(over, cast.physician, seen=1)
    assert told.value.field == "reason"
    second = reviewed(over, cast.physician, seen=1, reason="the supply was late too")
    assert second.supersedes == first
    with pytest.raises(ChangedMeanwhile, match="version 2"):
        signed(first, cast.physician)
    assert not is_closed(over)
    signed(second, cast.manager)
    assert is_closed(over)
    with pytest.raises(ChangedMeanwhile, match="it is closed"):
        reviewed(over, cast.manager, seen=2, reason="once more")


def test_a_version_that_was_not_read_is_not_written_over(cast, over):
    talked(over, cast)
    reviewed(over, cast.manager)
    with pytest.raises(ChangedMeanwhile, match="version 1 meanwhile"):
        reviewed(over, cast.physician, seen=0, reason="x")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("cause", "her own fault"),
        ("factors", []),
        ("factors", ["moon"]),
        ("factors", ["none", "room"]),
        ("words", " "),
    ],
)
def test_what_cannot_be_is_said_at_its_field(field, given, cast, over):
    talked(over, cast)
    with pytest.raises(BadInput) as told:
        reviewed(over, cast.manager, **{field: given})
    assert told.value.field == field


def test_actions_have_an_owner_and_a_day_to_come(cast, over):
    talked(over, cast)
    today = clock.today(cast.centre)
    late = services.ActionGiven("stock the kit", cast.nurse, today - dt.timedelta(days=1))
    elsewhere = services.ActionGiven("stock the kit", cast.stranger, today)
    for one in (late, elsewhere, services.ActionGiven(" ", cast.nurse, today)):
        with pytest.raises(BadInput) as told:
            reviewed(over, cast.manager, actions=[one])
        assert told.value.field == "actions"


def test_what_is_signed_has_one_digest_and_another_review_another(person, cast, over):
    talked(over, cast)
    review = reviewed(over, cast.manager)
    assert {one.digest for one in (review.signatures.get(), signed(review, cast.physician))} == {
        review.signatures.first().digest
    }
    other = started(person, cast.nurse)
    ended(other, cast.nurse)
    talked(other, cast)
    assert reviewed(other, cast.manager).signatures.get().digest != review.signatures.first().digest


# --- What is owed -----------------------------------------------------------------------------------------------------


def test_each_step_is_owed_by_those_who_can_take_it(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    assert (waits(cast.nurse), waits(cast.physician), waits(cast.manager)) == ([What.RUNS], [What.RUNS], [])
    ended(running, cast.nurse)
    assert (waits(cast.nurse), waits(cast.physician), waits(cast.manager)) == ([What.DEBRIEF], [], [])
    talked(running, cast)
    assert (waits(cast.nurse), waits(cast.physician)) == ([], [What.REVIEW])
    assert waits(cast.manager) == [What.REVIEW]
    action = services.ActionGiven("stock the kit", cast.nurse, clock.today(cast.centre) + dt.timedelta(days=3))
    review = reviewed(running, cast.manager, actions=[action])
    assert (waits(cast.manager), waits(cast.physician)) == ([], [What.SIGN])
    assert [one.words for one in owed(cast.nurse)] == ["stock the kit"]
    signed(review, cast.physician)
    assert waits(cast.physician) == []
    services.say_action_done(action=queries.actions_of(review)[0], words="stocked", by=cast.nurse, once=uuid4().hex)
    assert waits(cast.nurse) == []


def test_a_debrief_is_late_after_the_centres_hours_and_then_the_manager_owes_it_too(person, cast, over, frozen_clock):
    frozen_clock.tick(hours=24)
    assert [one.is_late for one in owed(cast.nurse)] == [False]
    assert waits(cast.manager) == []
    frozen_clock.tick(seconds=1)
    assert [one.is_late for one in owed(cast.nurse)] == [True]
    assert waits(cast.manager) == [What.DEBRIEF]


def test_who_was_there_owes_it_also_when_off_shift_and_sees_that_page_alone(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    tapped(running, "here", cast.nurse, who=cast.off_shift_nurse)
    ended(running, cast.nurse, Outcome.TRANSFERRED)
    assert waits(cast.off_shift_nurse) == [What.DEBRIEF]
    seen = queries.incident_for(cast.off_shift_nurse, person.public_id, running.public_id, action="incident.debrief")
    assert seen == running


def test_who_was_not_there_and_has_no_tie_sees_nothing(person, cast, over):
    with pytest.raises(NotAllowed):
        queries.incident_for(cast.off_shift_nurse, person.public_id, over.public_id, action="incident.read")
    assert waits(cast.off_shift_nurse) == []


def test_another_centre_owes_and_sees_nothing(person, cast, over):
    from django.http import Http404

    with pytest.raises(Http404):
        queries.incident_for(cast.stranger, person.public_id, over.public_id, action="incident.read")
    assert owed(cast.stranger) == ()


def test_many_emergencies_cost_as_many_queries_as_one(person, cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    closed(person, cast)
    with CaptureQueriesContext(
        connection,
    ) as one:
        owed(cast.physician)
    for _ in range(3):
        closed(person, cast)
    with CaptureQueriesContext(connection) as four:
        owed(cast.physician)
    assert len(four) == len(one)


def test_an_action_is_done_by_its_owner_or_a_manager_and_once(cast, over):
    talked(over, cast)
    today = clock.today(cast.centre)
    review = reviewed(over, cast.manager, actions=[services.ActionGiven("stock the kit", cast.nurse, today)])
    action = queries.actions_of(review)[0]
    with pytest.raises(NotAllowed):
        services.say_action_done(action=action, words="done", by=cast.second_nurse, once=uuid4().hex)
    services.say_action_done(action=action, words="done", by=cast.manager, once=uuid4().hex)
    with pytest.raises(ChangedMeanwhile):
        services.say_action_done(action=action, words="done", by=cast.nurse, once=uuid4().hex)
