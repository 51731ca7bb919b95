"""Who is called for an open alarm: worked out whenever it is asked, with the worker or without it."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.urls import reverse

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.models import AlarmAct, Rank
from glidepath.record import clock
from glidepath.record.centres import services as centres
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import services as staff
from tests.cast import client_for, enquiring_person, proof


def raised(person, cause="INP-7", **changed):
    given = {"rank": Rank.NOW, "message": "NEWS2 6.", "do": "Urgent review.", "by": None, "prescriber_closes": True}
    return services.raise_alarm(person=person, cause=cause, **(given | changed))


def shown(person):
    (one,) = queries.open_alarms([person])
    return one


def names(duties):
    return {one.staff.name for one in duties}


def off_shift(cast, *people):
    for one in people:
        staff.end_shift(unit=cast.unit, by=one)


def on_call(cast, who, hours=12):
    now = clock.now()
    return staff.put_on_call(
        staff=who, unit=None, begins_at=now, until=now + dt.timedelta(hours=hours), by=cast.manager
    )


PRESCRIBERS = {"Dr Ines Ferreira", "Dr Tomasz Wilk"}
NURSES = {"Marta Lindqvist", "Kofi Mensah"}


# --- Who is called ----------------------------------------------------------------------------------------------------


def test_nurses_and_prescribers_of_the_unit_are_called_at_once(person):
    raised(person)
    calling = shown(person).calling
    assert names(calling.called) == PRESCRIBERS | NURSES
    assert calling.since == clock.now()
    assert calling.standing.following.at == clock.now() + dt.timedelta(minutes=10)


def test_after_ten_minutes_without_an_answer_the_next_are_called(person, cast, frozen_clock):
    staff.start_shift(unit=cast.other_unit, by=cast.off_shift_nurse)
    on_call(cast, cast.manager)
    raised(person)
    frozen_clock.tick(minutes=9, seconds=59)
    assert shown(person).calling.standing.called.rung == 0
    frozen_clock.tick(seconds=1)
    assert names(shown(person).calling.called) == PRESCRIBERS
    frozen_clock.tick(minutes=10)
    assert names(shown(person).calling.called) == PRESCRIBERS | NURSES | {"Ewa Dudek", "Ruth Aldous"}


def test_a_nurse_who_is_there_does_not_stop_the_calls_for_a_prescriber(person, cast, frozen_clock):
    alarm = raised(person)
    services.attend(alarm=alarm, by=cast.nurse, once="a")
    frozen_clock.tick(minutes=10)
    found = shown(person)
    assert found.answer.recorded_by == cast.nurse
    assert found.calling.standing.called.rung == 1


def test_whoever_is_still_called_can_say_that_they_came_and_the_nurse_is_not_asked_twice(person, cast):
    services.attend(alarm=raised(person), by=cast.nurse, once="a")
    offered = {who: "I am with" in client_for(who).get(reverse("ward:home")).content.decode()
               for who in (cast.nurse, cast.physician)}  # fmt: skip
    assert offered == {cast.nurse: False, cast.physician: True}


def test_a_prescriber_who_is_there_ends_the_calls(person, cast, frozen_clock):
    services.attend(alarm=raised(person), by=cast.physician, once="a")
    frozen_clock.tick(hours=5)
    assert shown(person).calling.called == ()
    assert not shown(person).calling.standing.is_late


def test_acknowledged_and_not_attended_within_the_hour_it_is_loud_again_and_calls_on(person, cast, frozen_clock):
    services.acknowledge(alarm=raised(person), by=cast.physician, once="a")
    frozen_clock.tick(minutes=59)
    assert (shown(person).rank, shown(person).calling.goes_on) == (Rank.HELD, False)
    frozen_clock.tick(minutes=2)
    found = shown(person)
    assert (found.rank, found.filled, found.calling.goes_on) == (Rank.NOW, True, True)
    assert found.calling.standing.is_late


def test_a_colleague_whose_account_was_closed_has_still_answered(person, cast, frozen_clock):
    services.attend(alarm=raised(person), by=cast.physician, once="a")
    staff.close_account(staff=cast.physician, by=cast.administrator, proof=proof(cast.administrator))
    frozen_clock.tick(hours=2)
    assert shown(person).calling.called == ()


def test_for_suicide_risk_a_psychologist_answers(person, cast, frozen_clock):
    alarm = raised(person, cause="SUI-1")
    assert "Dr Amara Nwosu" in names(shown(person).calling.called)
    services.attend(alarm=alarm, by=cast.psychologist, once="a")
    frozen_clock.tick(hours=2)
    assert shown(person).calling.called == ()


def test_an_overdue_set_calls_nurses_first(person, frozen_clock):
    raised(person, cause="INP-3", prescriber_closes=False)
    assert names(shown(person).calling.called) == NURSES


def test_where_nobody_of_the_unit_is_on_shift_whoever_is_on_call_is_called_at_once(person, cast):
    off_shift(cast, cast.physician, cast.second_physician)
    on_call(cast, cast.second_physician)
    raised(person)
    assert names(shown(person).calling.called) == NURSES | {"Dr Tomasz Wilk"}


def test_somebody_in_no_bed_is_answered_by_whoever_is_in_the_house(cast):
    caller = enquiring_person(cast)
    raised(caller, cause="SUI-1")
    assert names(shown(caller).calling.called) >= PRESCRIBERS | {"Dr Amara Nwosu"}


def test_the_centre_may_have_the_next_called_sooner(person, cast, frozen_clock):
    centres.change_settings(centre=cast.centre, changes={"repage_hard_stop_minutes": 4}, by=cast.manager)
    raised(person)
    frozen_clock.tick(minutes=4)
    assert shown(person).calling.standing.called.rung == 1


# --- Nobody -----------------------------------------------------------------------------------------------------------


def test_nobody_who_could_answer_is_said_and_the_nurses_are_called_along(person, cast):
    off_shift(cast, cast.physician, cast.second_physician)
    raised(person)
    calling = shown(person).calling
    assert calling.nobody
    assert calling.wanted == "prescriber"
    assert names(calling.called) == NURSES
    assert calling.standing.following is None


def test_whoever_signs_on_is_called_from_that_moment(person, cast, frozen_clock):
    off_shift(cast, cast.physician, cast.second_physician)
    raised(person)
    frozen_clock.tick(minutes=7)
    staff.start_shift(unit=cast.unit, by=cast.physician)
    calling = shown(person).calling
    assert not calling.nobody
    assert calling.since == clock.now()
    assert "Dr Ines Ferreira" in names(calling.called)


def test_who_leaves_after_the_call_leaves_nobody_and_that_is_said_at_once(person, cast, frozen_clock):
    raised(person)
    assert not shown(person).calling.nobody
    frozen_clock.tick(minutes=1)
    off_shift(cast, cast.physician, cast.second_physician)
    assert shown(person).calling.nobody


@pytest.mark.parametrize("page", ["ward:board", "ward:home", "monitoring:round", "medication:round"])
def test_every_page_of_the_ward_says_that_nobody_can_be_called(page, person, cast):
    off_shift(cast, cast.physician, cast.second_physician)
    raised(person)
    address = reverse(page, args=[cast.unit.public_id] if page == "ward:board" else [])
    text = client_for(cast.nurse).get(address).text
    assert "Nobody on shift or on call can be called for this" in text


@pytest.mark.parametrize("page", ["ward:board", "ward:home", "monitoring:round", "medication:round"])
def test_every_page_of_the_ward_says_who_is_called_and_who_is_next_with_no_worker(page, person, cast, frozen_clock):
    """The worker has never looked: the ladder goes on all the same."""
    raised(person)
    frozen_clock.tick(minutes=11)
    address = reverse(page, args=[cast.unit.public_id] if page == "ward:board" else [])
    text = client_for(cast.nurse).get(address).text
    assert AlarmAct.objects.filter(kind="paged").count() == 0
    assert "The watch is silent" in text
    assert "Called 13:24" in text
    assert "Dr Tomasz Wilk (physician)" in text
    assert "Next at 13:34" in text


# --- Orders -----------------------------------------------------------------------------------------------------------


def test_an_order_taken_by_telephone_names_whose_it_is_and_ends_the_calls_where_it_counts(person, cast, frozen_clock):
    alarm = raised(person, cause="INP-12")
    services.give_order(alarm=alarm, whose=cast.physician, words="Hold until noon.", by=cast.nurse, once="a")
    frozen_clock.tick(hours=3)
    assert shown(person).calling.called == ()
    act = queries.history(alarm)[-1]
    assert (act.kind, act.whom, act.recorded_by, act.words) == (
        "ordered", cast.physician, cast.nurse, "Hold until noon.",
    )  # fmt: skip


def test_an_order_is_no_review_where_the_rule_wants_the_person_seen(person, cast, frozen_clock):
    services.give_order(alarm=raised(person), whose=cast.physician, words="Fluids.", by=cast.nurse, once="a")
    frozen_clock.tick(minutes=61)
    assert shown(person).calling.standing.is_late


def test_an_order_without_words_or_by_nobody_who_gives_orders_is_refused(person, cast):
    alarm = raised(person)
    with pytest.raises(BadInput, match="Write what was ordered"):
        services.give_order(alarm=alarm, whose=cast.physician, words=" ", by=cast.nurse, once="a")
    with pytest.raises(BadInput, match="gives no orders here"):
        services.give_order(alarm=alarm, whose=cast.nurse, words="Hold.", by=cast.nurse, once="b")
    with pytest.raises(BadInput, match="gives no orders here"):
        services.give_order(alarm=alarm, whose=cast.stranger, words="Hold.", by=cast.nurse, once="c")
    with pytest.raises(NotAllowed):
        services.give_order(alarm=alarm, whose=cast.physician, words="Hold.", by=cast.counsellor, once="d")


def test_a_double_submit_orders_once_and_a_closed_alarm_takes_no_order(person, cast):
    alarm = raised(person, prescriber_closes=False)
    for _ in range(2):
        services.give_order(alarm=alarm, whose=cast.physician, words="Hold.", by=cast.nurse, once="a")
    assert [act.kind for act in queries.history(alarm)].count("ordered") == 1
    services.close(alarm=alarm, words="Done.", by=cast.nurse, once="b")
    with pytest.raises(ChangedMeanwhile):
        services.give_order(alarm=alarm, whose=cast.physician, words="Hold.", by=cast.nurse, once="c")


def test_thirty_days_without_an_answer_are_worked_out_in_less_than_a_second_of_work(cast, person, frozen_clock):
    raised(person)
    frozen_clock.tick(days=30)
    for one in (cast.physician, cast.nurse):
        staff.start_shift(unit=cast.unit, by=one)
    began = time.process_time()
    assert "Dr Ines Ferreira" in names(shown(person).calling.called)
    assert time.process_time() - began < 1


# --- Called, and not in the care team ---------------------------------------------------------------------------------


def test_whoever_is_called_from_home_reads_on_the_start_page_that_they_are(person, cast):
    """On call and signed on nowhere: no tie to the person, so no name; the way in is to sign on, or a reason."""
    off_shift(cast, cast.physician, cast.second_physician)
    on_call(cast, cast.physician)
    raised(person)
    text = client_for(cast.physician).get(reverse("ward:home")).text
    assert "You are called: an alarm on Willow waits for an answer." in text
    for word in (person.preferred_name, "NEWS2", "INP-7"):
        assert word not in text
    assert "You are called" not in client_for(cast.second_physician).get(reverse("ward:home")).text


def test_a_manager_on_call_is_told_and_led_to_the_list(person, cast, frozen_clock):
    on_call(cast, cast.manager)
    raised(person)
    frozen_clock.tick(minutes=20)
    text = client_for(cast.manager).get(reverse("ward:home")).text
    assert "You are called: an alarm on Willow" in text
    assert "Open with a reason" not in text


def test_what_the_page_shows_with_its_name_is_not_said_twice(person, cast):
    raised(person)
    text = client_for(cast.physician).get(reverse("ward:home")).text
    assert "You are called" not in text
    assert person.preferred_name in text


# --- An emergency by the rule's own limit -----------------------------------------------------------------------------


def sedated(person, **changed):
    given = {"cause": "INP-12", "message": "9 breaths a minute.", "do": "Hold every sedative."}
    return raised(person, **(given | changed))


def test_an_order_by_telephone_does_not_end_the_calls_of_an_emergency(person, cast, frozen_clock):
    """INP-12 at 8 breaths or fewer is an emergency: the calls go on until a prescriber is there."""
    alarm = sedated(person, emergency=True)
    services.give_order(alarm=alarm, whose=cast.physician, words="Naloxone.", by=cast.nurse, once="a")
    frozen_clock.tick(minutes=31)
    found = shown(person)
    assert (found.calling.ladder.fact.key, found.calling.goes_on) == ("emergency", True)
    assert found.calling.standing.is_late
    services.attend(alarm=alarm, by=cast.physician, once="b")
    assert not shown(person).calling.goes_on


def test_a_hold_that_becomes_an_emergency_calls_again_in_the_same_alarm(person, cast, frozen_clock):
    alarm = sedated(person)
    services.give_order(alarm=alarm, whose=cast.physician, words="Hold, look in an hour.", by=cast.nurse, once="a")
    frozen_clock.tick(minutes=90)
    assert not shown(person).calling.goes_on, "nothing owed from the milder calls"
    assert sedated(person, do="Emergency: call for help.", emergency=True) == alarm
    calling = shown(person).calling
    assert (calling.goes_on, calling.since, calling.standing.is_late) == (True, clock.now(), False)
    assert calling.standing.attend_by == clock.now() + dt.timedelta(minutes=30)


def test_a_milder_value_after_it_does_not_make_the_emergency_milder(person, cast, frozen_clock):
    sedated(person, do="Emergency: call for help.", emergency=True)
    frozen_clock.tick(minutes=5)
    alarm = sedated(person)
    assert (alarm.message, alarm.do) == ("9 breaths a minute.", "Emergency: call for help.")
    assert shown(person).calling.ladder.fact.key == "emergency"


def test_unanswered_calls_are_not_set_back_when_it_becomes_an_emergency(person, frozen_clock):
    sedated(person)
    frozen_clock.tick(minutes=15)
    sedated(person, emergency=True)
    assert shown(person).calling.standing.called.rung == 1
