"""The path of one alert: it stays whatever is answered and whoever is on shift, until a named clinician closes it with
its outcome; then somebody speaks with the person again, and a missed contact is seen."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.alarms import services as alarms
from glidepath.care.alarms.queries import history, open_alarms
from glidepath.care.assessment import services as assessment
from glidepath.care.instruments.models import Way
from glidepath.care.safety import queries
from glidepath.care.safety.models import RiskContact
from glidepath.care.safety.pathway import answers_of
from glidepath.care.safety.tests.risk import alert, caring, change, close, contact, found, phq_9, plan
from glidepath.record import clock
from glidepath.record.errors import BadInput, NotAllowed
from glidepath.record.staff import services as staff
from glidepath.record.staff.models import Shift
from tests.cast import admitted_person, proof


def hours(count):
    return dt.timedelta(hours=count)


def next_of(person):
    return queries.contacts_due([person]).get(person.pk)


def at_risk(*people):
    ringing = open_alarms(people)
    return queries.at_risk(people, ringing=ringing, due=queries.contacts_due(people))


# --- What called -----------------------------------------------------------------------------------------------------
def test_every_answer_stands_with_its_time_and_its_way(cast, person, frozen_clock):
    phq_9(person, cast.nurse, way=Way.TABLET)
    frozen_clock.tick(minutes=5)
    alarm = alert(person, cast.psychologist)
    first, second = answers_of(alarm, person)
    assert (first.way, first.by, first.at) == ("on the ward's tablet", "", clock.now() - dt.timedelta(minutes=5))
    assert first.words.startswith("PHQ-9: ")
    assert (second.way, second.by) == ("by staff, on the page of facts", "Dr Amara Nwosu")
    assert len(queries.alerts(person)) == 1  # the second answer joined the open alert


def test_a_corrected_answer_shows_both_and_the_alert_stays(cast, person, frozen_clock):
    form = phq_9(person, cast.nurse, way=Way.LINK)
    frozen_clock.tick(minutes=3)
    change(form, "0", cast.nurse)
    (alarm,) = queries.alerts(person)
    (answer,) = answers_of(alarm, person)
    assert answer.later == "changed to “0” on 17 Nov at 10:03; the alert stays"
    assert alarm.closed_at is None
    assert [one.is_open for one in at_risk(person)] == [True]


def test_a_later_no_is_shown_and_takes_nothing_back(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    frozen_clock.tick(minutes=20)
    assessment.record_facts(person=person, answers={"suicidality_voiced": "no"}, by=cast.second_nurse)
    assert [(one.words, one.calls) for one in answers_of(alarm, person)] == [
        ("speaks of suicide or of harming themselves", True),
        ("answered no", False),
    ]
    assert queries.alerts(person)[0].closed_at is None


# --- Whose it is -----------------------------------------------------------------------------------------------------
def test_the_alert_stays_across_the_handover_and_says_that_its_owner_is_off_duty(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    alarms.acknowledge(alarm=alarm, by=cast.psychologist, once="a")
    owner = queries.owner(history(alarm))
    assert (owner.staff, owner.kind, owner.on_duty) == (cast.psychologist, "acknowledged", True)
    frozen_clock.tick(hours=9)
    for shift in Shift.objects.filter(ended_at__isnull=True, unit=cast.unit):
        staff.end_shift(unit=cast.unit, by=shift.staff)
    staff.start_shift(unit=cast.unit, by=cast.off_shift_nurse)
    (row,) = at_risk(person)
    assert (row.is_open, row.owner.staff, row.owner.on_duty) == (True, cast.psychologist, False)
    alarms.attend(alarm=alarm, by=cast.off_shift_nurse, once="b")
    (row,) = at_risk(person)
    assert (row.owner.staff, row.owner.kind, row.owner.on_duty) == (cast.off_shift_nurse, "with the person", True)


def test_an_open_alert_stands_there_also_with_a_plan_and_with_nobody_who_took_it(cast, person):
    alert(person, cast.nurse)
    plan(person, cast.nurse)
    (row,) = at_risk(person)
    assert (row.is_open, row.owner, row.next, row.plan.is_due) == (True, None, None, False)


def test_a_new_trigger_leaves_it_without_an_owner(cast, person):
    alarm = alert(person, cast.nurse)
    alarms.acknowledge(alarm=alarm, by=cast.physician, once="a")
    alert(person, cast.nurse)
    assert queries.owner(history(alarm)) is None


# --- The clinician's record ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["physician", "nurse", "psychologist", "counsellor"])
def test_those_who_talk_with_the_person_write_it_down(role, cast, person):
    alarm = alert(person, cast.nurse)
    row = contact(alarm, getattr(cast, role))
    assert (row.get_level_display(), row.limit_supply, row.recorded_by) == ("high", True, getattr(cast, role))
    assert queries.alerts(person)[0].closed_at is None  # a record closes nothing


@pytest.mark.parametrize("role", ["pharmacist", "case_manager", "peer_worker", "manager", "stranger"])
def test_others_do_not(role, cast, person):
    alarm = alert(person, cast.nurse)
    with pytest.raises(NotAllowed):
        contact(alarm, getattr(cast, role))
    assert not RiskContact.objects.exists()


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"way": "by pigeon"}, "way"),
        ({"level": ""}, "level"),
        ({"level_words": " "}, "level_words"),
        ({"asked": " "}, "asked"),
        ({"outcome": ""}, "outcome"),
        ({"watch": "sometimes"}, "watch"),
        ({"watch": "interval"}, "watch_minutes"),
        ({"watch": "interval", "watch_minutes": 0}, "watch_minutes"),
        ({"watch": "elsewhere"}, "watch_words"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_kept(other, field, cast, person):
    alarm = alert(person, cast.nurse)
    with pytest.raises(BadInput) as refused:
        contact(alarm, cast.nurse, **other)
    assert refused.value.field == field
    assert not RiskContact.objects.exists()


@pytest.mark.parametrize("ahead", [0, 73])
def test_the_next_contact_lies_ahead_and_within_72_hours(ahead, cast, person):
    alarm = alert(person, cast.nurse)
    with pytest.raises(BadInput) as refused:
        contact(alarm, cast.nurse, next_contact_at=clock.now() + hours(ahead))
    assert refused.value.field == "next_contact_at"
    contact(alarm, cast.nurse, next_contact_at=clock.now() + hours(72))


def test_a_contact_before_the_alert_is_none_about_it(cast, person):
    alarm = alert(person, cast.nurse)
    with pytest.raises(BadInput, match="alert was raised"):
        contact(alarm, cast.nurse, happened_at=clock.now() - hours(1))


def test_somebody_elses_screener_is_not_taken(cast, person):
    alarm, other = alert(person, cast.nurse), admitted_person(cast)
    with pytest.raises(BadInput) as refused:
        contact(alarm, cast.nurse, screener=phq_9(person, cast.nurse))
    assert refused.value.field == "screener"
    with pytest.raises(BadInput):
        contact(alarm, cast.nurse, screener=phq_9(other, cast.nurse))


def test_the_same_submit_twice_is_one_record(cast, person):
    from glidepath.care.safety.services import record_contact

    alarm = alert(person, cast.nurse)
    rows = [record_contact(alarm=alarm, found=found(), by=cast.nurse, once="k") for _ in range(2)]
    assert rows[0] == rows[1]


# --- Closing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["physician", "psychologist"])
def test_a_physician_and_a_psychologist_close_it_with_its_outcome(role, cast, person):
    alarm, by = alert(person, cast.nurse), getattr(cast, role)
    with pytest.raises(BadInput, match="outcome"):
        close(alarm, by, words=" ")
    assert queries.alerts(person)[0].closed_at is None
    close(alarm, by)
    assert [act.recorded_by for act in history(alarm) if act.kind == "closed"] == [by]


@pytest.mark.parametrize("role", ["nurse", "counsellor", "pharmacist", "case_manager", "manager"])
def test_nobody_else_closes_it(role, cast, person):
    alarm = alert(person, cast.nurse)
    with pytest.raises(NotAllowed):
        close(alarm, getattr(cast, role))
    assert queries.alerts(person)[0].closed_at is None


def test_it_is_closed_by_a_signature(cast, person):
    alarm = alert(person, cast.nurse)
    with pytest.raises(NotAllowed, match="PIN"):
        alarms.close(alarm=alarm, words="Seen.", by=cast.psychologist, once="c")


def test_a_psychologist_closes_no_other_hard_stop(cast, person):
    assessment.record_facts(person=person, answers={"new_hallucination": "yes"}, by=cast.nurse)
    (ringing,) = open_alarms([person])
    with pytest.raises(NotAllowed):
        alarms.close(alarm=ringing.alarm, words="Seen.", by=cast.psychologist, once="c", proof=proof(cast.psychologist))


# --- The caring contact ----------------------------------------------------------------------------------------------
def test_after_the_closing_somebody_speaks_with_the_person_within_72_hours(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    assert next_of(person) is None  # the alarm itself calls
    closed_at = close(alarm, cast.physician).closed_at
    assert next_of(person).by == closed_at + hours(72)
    frozen_clock.tick(hours=72)
    assert not next_of(person).is_missed
    frozen_clock.tick(minutes=1)
    (row,) = at_risk(person)
    assert (row.is_open, row.is_missed) == (False, True)
    caring(alarm, cast.nurse)
    assert next_of(person) is None


def test_an_earlier_time_that_the_clinician_chose_counts(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    row = contact(alarm, cast.psychologist)
    assert next_of(person).by == row.next_contact_at  # while it is open too
    close(alarm, cast.psychologist)
    assert next_of(person).by == row.next_contact_at
    frozen_clock.tick(hours=25)
    assert next_of(person).is_missed


def test_a_chosen_time_that_passed_before_the_closing_does_not_count_as_done(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    contact(alarm, cast.psychologist)
    frozen_clock.tick(hours=30)
    assert next_of(person).is_missed  # seen while the alert is open
    closed_at = close(alarm, cast.physician).closed_at
    assert next_of(person).by == closed_at + hours(72)


def test_nobody_reached_leaves_it_due_and_is_counted(cast, person, frozen_clock):
    alarm = close(alert(person, cast.nurse), cast.physician)
    caring(alarm, cast.nurse, reached=False)
    with pytest.raises(BadInput) as refused:
        caring(alarm, cast.nurse, reached=False, next_contact_at=clock.now() + hours(24))
    assert refused.value.field == "next_contact_at"
    frozen_clock.tick(hours=80)
    assert (next_of(person).is_missed, next_of(person).tries) == (True, 1)


def test_a_further_contact_that_is_agreed_falls_due_too(cast, person, frozen_clock):
    alarm = close(alert(person, cast.nurse), cast.physician)
    caring(alarm, cast.nurse, next_contact_at=clock.now() + hours(48))
    frozen_clock.tick(hours=49)
    assert next_of(person).is_missed


def test_a_clinicians_own_contact_after_the_closing_counts_and_says_the_next(cast, person, frozen_clock):
    alarm = close(alert(person, cast.nurse), cast.physician)
    caring(alarm, cast.nurse)
    frozen_clock.tick(hours=200)
    row = contact(alarm, cast.psychologist)
    assert (next_of(person).by, next_of(person).is_missed) == (row.next_contact_at, False)


def test_a_talk_before_the_closing_is_not_the_caring_contact_after_it(cast, person, frozen_clock):
    alarm = alert(person, cast.nurse)
    caring(alarm, cast.nurse)
    frozen_clock.tick(hours=1)
    close(alarm, cast.physician)
    assert next_of(person) is not None


def test_the_reads_of_many_take_the_same_queries_for_3_and_for_30(cast, django_assert_num_queries):
    people = [admitted_person(cast, bed=bed) for bed in cast.beds[:3]]
    for one in people:
        contact(alert(one, cast.nurse), cast.nurse)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as made:
        at_risk(*people)
    more = [enquiring(cast) for _ in range(27)]
    for one in more:
        contact(alert(one, cast.nurse), cast.nurse)
    with django_assert_num_queries(len(made)):
        assert len(at_risk(*people, *more)) == 30


def enquiring(cast):
    from tests.cast import enquiring_person

    return enquiring_person(cast)
