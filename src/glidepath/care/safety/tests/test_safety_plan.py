"""The safety plan: six parts in the person's words, every version kept, read again when the risk changes."""

from __future__ import annotations

import pytest

from glidepath.care.safety import queries, services
from glidepath.care.safety.models import PlanCopy, SafetyPlan
from glidepath.care.safety.parts import difference, lines_of, parts
from glidepath.care.safety.tests.risk import LINES, alert, contact, plan
from glidepath.record.audit.models import AuditLine
from glidepath.record.consent import services as consent
from glidepath.record.consent.models import Consent
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.people import services as people
from tests.cast import admitted_person, episode_of


def test_it_has_six_parts_in_their_order():
    assert [one.key for one in parts()] == [
        "warning_signs", "alone", "people_places", "helpers", "professionals", "environment",
    ]  # fmt: skip


def test_no_part_and_no_page_of_it_asks_for_a_promise():
    assert not any(word in one.label.lower() for one in parts() for word in ("promise", "contract", "agree not"))


def test_the_lines_stay_as_they_were_said(cast, person):
    row = plan(person, cast.counsellor)
    assert queries.content_of(row)["warning_signs"] == (
        "I stop answering messages",
        "I lie awake and count the tablets",
    )
    assert (row.number, row.made_with, row.reason) == (1, "Danilo, alone with me", "the first plan")
    assert AuditLine.objects.filter(action="safety.plan", person_id=person.pk).count() == 1


def test_blank_lines_go_and_blanks_within_are_one():
    assert lines_of("  call   Ana \r\n\r\n \nwalk") == ("call Ana", "walk")


@pytest.mark.parametrize("key", list(LINES))
def test_each_part_has_a_line_and_nothing_half_written_stays(key, cast, person):
    with pytest.raises(BadInput) as refused:
        plan(person, cast.nurse, content=LINES | {key: " \n "})
    assert refused.value.field == key
    assert not SafetyPlan.objects.exists()


def test_too_many_or_too_long_lines_are_named(cast, person):
    with pytest.raises(BadInput, match="13 lines"):
        plan(person, cast.nurse, content=LINES | {"alone": "walk\n" * 13})
    with pytest.raises(BadInput, match="201 letters"):
        plan(person, cast.nurse, content=LINES | {"alone": "x" * 201})
    with pytest.raises(BadInput) as refused:
        plan(person, cast.nurse, made_with=" ")
    assert refused.value.field == "made_with"


def test_a_change_is_the_next_version_with_its_reason_and_difference(cast, person):
    first = plan(person, cast.nurse)
    changed = LINES | {"alone": "Walk to the river and back\nCold water"}
    with pytest.raises(BadInput) as refused:
        plan(person, cast.nurse, content=changed, seen=1)
    assert refused.value.field == "reason"
    second = plan(person, cast.psychologist, content=changed, seen=1, reason="he found cold water helps")
    assert [one.number for one in queries.plans(person)] == [2, 1]
    assert difference(queries.content_of(first), queries.content_of(second)) == (
        ("2 What I can do by myself", "Walk to the river and back", "Walk to the river and back; Cold water"),
    )
    first.refresh_from_db()
    assert queries.content_of(first)["alone"] == ("Walk to the river and back",)


def test_the_second_of_two_is_told_who_was_first(cast, person):
    plan(person, cast.nurse)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist wrote version 1"):
        plan(person, cast.physician)


def test_a_save_without_a_change_is_no_version(cast, person):
    plan(person, cast.nurse)
    with pytest.raises(BadInput, match="Nothing differs"):
        plan(person, cast.nurse, seen=1, reason="again")


@pytest.mark.parametrize("role", ["pharmacist", "case_manager", "peer_worker", "manager", "stranger"])
def test_those_who_may_not_write_none(role, cast, person):
    with pytest.raises(NotAllowed):
        plan(person, getattr(cast, role))


# --- Read again ------------------------------------------------------------------------------------------------------
def test_without_an_alert_nobody_is_asked_for_a_plan(cast, person):
    assert not queries.plan_state(person).is_due


def test_after_an_alert_a_missing_plan_is_said(cast, person):
    alert(person, cast.nurse)
    assert queries.plan_state(person).reasons == ("there is no safety plan yet",)


def test_a_new_alert_makes_the_plan_due_until_it_is_read_again(cast, person, frozen_clock):
    row = plan(person, cast.nurse)
    frozen_clock.tick(hours=1)
    alert(person, cast.nurse)
    assert queries.plan_state(person).reasons == ("a new alert on 17 Nov at 11:00",)
    frozen_clock.tick(hours=1)
    services.look_at_plan(plan=row, words="Still right, he says.", by=cast.psychologist)
    assert not queries.plan_state(person).is_due


def test_another_level_makes_the_plan_due(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    contact(alarm, cast.nurse, level="low")
    frozen_clock.tick(minutes=5)
    plan(person, cast.nurse)
    frozen_clock.tick(minutes=5)
    contact(alarm, cast.nurse, level="low")
    assert not queries.plan_state(person).is_due
    contact(alarm, cast.physician, level="high")
    assert queries.plan_state(person).reasons == ("the risk was judged high, before that low",)


def test_at_discharge_it_is_read_once_more_that_day(cast, person, frozen_clock):
    row = plan(person, cast.nurse)
    assert not queries.plan_state(person, leaving=True).is_due
    frozen_clock.tick(hours=24)
    assert queries.plan_state(person, leaving=True).reasons == ("the discharge is being prepared",)
    services.look_at_plan(plan=row, words="He takes it along.", by=cast.nurse)
    assert not queries.plan_state(person, leaving=True).is_due


# --- Copies ----------------------------------------------------------------------------------------------------------
def contact_of(person, by):
    return people.add_contact(person=person, name="Inés", relation="sister", by=by)


def test_the_person_gets_a_copy(cast, person):
    row = services.give_copy(plan=plan(person, cast.nurse), how="on paper", by=cast.nurse)
    assert (row.contact, row.consent, row.contact_name) == (None, None, "")


def test_a_chosen_person_gets_one_by_a_recorded_consent_alone(cast, person):
    row, sister = plan(person, cast.nurse), contact_of(person, cast.nurse)

    def give():
        return services.give_copy(plan=row, how="on paper", by=cast.nurse, to=sister)

    with pytest.raises(BadInput, match="was not asked about"):
        give()
    episode = episode_of(person)

    def decide(decision, how=""):
        return consent.record(episode=episode, kind=Consent.Kind.SHARING, decision=decision, how=how, by=cast.nurse)

    given = decide("given", "signed on paper")
    copy = give()
    assert (copy.consent, copy.contact_name) == (given, "Inés, sister")
    decide("withdrawn")
    with pytest.raises(BadInput, match="taken back"):
        give()
    assert PlanCopy.objects.count() == 1


def test_somebody_elses_contact_gets_none(cast, person):
    other = admitted_person(cast)
    consent.record(episode=episode_of(person), kind=Consent.Kind.SHARING, decision="given", how="signed", by=cast.nurse)
    with pytest.raises(NotAllowed):
        services.give_copy(plan=plan(person, cast.nurse), how="x", by=cast.nurse, to=contact_of(other, cast.nurse))
