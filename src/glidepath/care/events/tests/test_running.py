"""An emergency as it runs: the first tap freezes and calls, every tap keeps its time, nothing is lost or doubled."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from glidepath.care.alarms import services as alarms
from glidepath.care.alarms.queries import open_alarms, pauses
from glidepath.care.events import queries, services
from glidepath.care.events.course import KINDS
from glidepath.care.events.models import Disclosure, EventStep, Outcome, Running
from glidepath.care.events.tests.emergencies import course, ended, started, taken_back, talked, tapped
from glidepath.care.events.views.running import address_of
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import Event
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, client_for, enquiring_person, proof


def causes(person):
    return {one.alarm.cause: one.alarm for one in open_alarms([person])}


# --- The first tap ----------------------------------------------------------------------------------------------------


def test_the_first_tap_of_a_seizure_freezes_the_taper_and_calls(person, cast):
    running = started(person, cast.nurse)
    assert monitoring.freezes(person) == ((clock.now(), None),)
    alarm = causes(person)["SEI-1"]
    assert (alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("now", True, True)
    assert running.event.kind == Event.Kind.SEIZURE
    assert [one.name for one in course(running).there] == [cast.nurse.name]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_calls_somebody_with_its_first_tap(kind, person, cast):
    started(person, cast.nurse, kind)
    assert any(one.alarm.rank == "now" for one in open_alarms([person]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_freezes_the_taper_with_its_first_tap(kind, person, cast):
    started(person, cast.nurse, kind)
    assert any(until is None for _, until in (*monitoring.freezes(person), *pauses(person)))
    assert "taper frozen" in client_for(cast.nurse).get(address_of(Running.objects.get())).text


def test_a_fall_keeps_it_frozen_until_a_prescriber_has_closed_the_call(person, cast):
    started(person, cast.nurse, Event.Kind.FALL)
    call = causes(person)["help"]
    alarms.attend(alarm=call, by=cast.nurse, once="there")
    with pytest.raises(NotAllowed):
        alarms.close(alarm=call, words="No injury.", by=cast.nurse, once="n", proof=proof(cast.nurse))
    assert pauses(person)[0][1] is None
    alarms.close(alarm=call, words="No injury.", by=cast.physician, once="p", proof=proof(cast.physician))
    assert pauses(person)[0][1] == clock.now()


@pytest.mark.parametrize("kind", [Event.Kind.OVER_SEDATION, Event.Kind.OVERDOSE])
def test_over_sedation_and_overdose_hold_every_sedative(kind, person, cast):
    started(person, cast.nurse, kind)
    assert person.pk in monitoring.sedation_holds([person])


def test_an_overdose_wants_a_prescriber_at_the_bedside(person, cast):
    started(person, cast.nurse, Event.Kind.OVERDOSE)
    assert causes(person)["INP-12"].emergency_at == clock.now()


def test_self_harm_opens_the_alert_of_suicide_risk(person, cast):
    started(person, cast.nurse, Event.Kind.SELF_HARM)
    assert causes(person)["SUI-1"].prescriber_closes


def test_a_fall_calls_for_help_though_a_fall_alone_calls_nobody(person, cast):
    started(person, cast.nurse, Event.Kind.FALL)
    assert causes(person)["help"].message == f"{cast.nurse.name} calls for help: fall."


def test_nothing_is_kept_where_the_alarm_cannot_be_raised(person, cast, monkeypatch):
    def broken(**given):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr("glidepath.care.monitoring.acts.raise_alarm", broken)
    with pytest.raises(DatabaseError):
        started(person, cast.nurse)
    assert not Running.objects.exists()
    assert not Event.objects.exists()


def test_a_colleague_who_taps_too_joins_it_and_is_there(person, cast):
    first = started(person, cast.nurse)
    second = services.start(person=person, kind=Event.Kind.SEIZURE, by=cast.physician, once=uuid4().hex)
    assert (second.running, second.joined) == (first, True)
    assert Event.objects.filter(kind="seizure").count() == 1
    assert {one.name for one in course(first).there} == {cast.nurse.name, cast.physician.name}


def test_the_same_submit_twice_starts_one(person, cast):
    assert started(person, cast.nurse, once="one-key") == started(person, cast.nurse, once="one-key")
    assert Event.objects.count() == 1


def test_a_confusion_that_stands_open_is_the_one_that_runs_and_a_further_seizure_is_another(person, cast):
    from glidepath.care.monitoring.services import record_event

    seen = record_event(person=person, kind=Event.Kind.DELIRIUM, by=cast.nurse, once=uuid4().hex).row
    assert started(person, cast.nurse, Event.Kind.DELIRIUM).event == seen
    first = record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=uuid4().hex).row
    assert started(person, cast.nurse).event != first


def test_the_clock_begins_when_the_page_with_the_button_was_opened_but_not_hours_ago(person, cast, frozen_clock):
    seen = clock.now()
    frozen_clock.tick(seconds=9)
    running = started(person, cast.nurse, opened_at=seen)
    assert running.happened_at == seen
    assert causes(person)["SEI-1"].message == "A seizure."
    frozen_clock.tick(hours=2)
    other = admitted_person(cast)
    assert started(other, cast.nurse, opened_at=seen).happened_at == clock.now()
    assert started(admitted_person(cast), cast.nurse, opened_at=clock.now() + dt.timedelta(hours=1)).happened_at == (
        clock.now()
    )


def test_who_is_not_in_our_care_or_of_another_centre_starts_nothing(cast, person):
    with pytest.raises(NotAllowed):
        started(person, cast.stranger)
    with pytest.raises(NotAllowed):
        started(person, cast.manager)
    assert started(enquiring_person(cast), cast.nurse).pk, "somebody at the door may have a seizure there"


def test_a_kind_that_has_no_list_is_refused_in_words(person, cast):
    with pytest.raises(BadInput, match="seizure, new confusion"):
        started(person, cast.nurse, Event.Kind.OTHER)


# --- Taps -------------------------------------------------------------------------------------------------------------


def test_each_tap_keeps_its_own_time_and_name(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    frozen_clock.tick(seconds=20)
    tapped(running, "airway", cast.nurse)
    frozen_clock.tick(seconds=15)
    tapped(running, "glucose", cast.second_nurse)
    began = running.happened_at
    rows = {row.line: row for row in course(running).standing.values()}
    assert (rows["airway"].happened_at - began).total_seconds() == 20
    assert (rows["glucose"].happened_at - began).total_seconds() == 35
    assert rows["glucose"].recorded_by == cast.second_nurse


def test_a_tap_that_waited_for_the_network_keeps_the_moment_of_the_finger(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    frozen_clock.tick(minutes=3)
    step = tapped(running, "airway", cast.nurse, ago=dt.timedelta(seconds=50))
    assert (step.happened_at, step.recorded_at) == (clock.now() - dt.timedelta(seconds=50), clock.now())
    early = tapped(running, "glucose", cast.nurse, ago=dt.timedelta(minutes=9))
    assert early.happened_at == running.happened_at, "never before it began"


def test_a_second_tap_of_a_line_leaves_the_first(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    first = tapped(running, "airway", cast.nurse)
    frozen_clock.tick(minutes=1)
    assert tapped(running, "airway", cast.physician) == first
    assert EventStep.objects.filter(line="airway").count() == 1


def test_an_undo_is_a_further_row_and_the_line_can_be_tapped_again(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    first = tapped(running, "airway", cast.nurse)
    back = taken_back(first, cast.nurse)
    assert "airway" not in course(running).standing
    assert (back.supersedes, back.done) == (first, False)
    frozen_clock.tick(seconds=5)
    again = tapped(running, "airway", cast.nurse)
    assert course(running).standing["airway"] == again
    assert [one.words for one in course(running).said][1:] == ["Airway open", "Taken back: airway open", "Airway open"]
    assert [one.is_undone for one in course(running).said][1:] == [True, True, False]


def test_what_was_taken_back_is_not_taken_back_again(person, cast):
    running = started(person, cast.nurse)
    step = tapped(running, "airway", cast.nurse)
    taken_back(step, cast.nurse)
    with pytest.raises(ChangedMeanwhile, match="changed this line already"):
        taken_back(step, cast.physician)


def test_two_rows_of_one_line_and_turn_cannot_be(person, cast):
    step = tapped(started(person, cast.nurse), "airway", cast.nurse)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventStep.objects.create(
            centre=cast.centre, running=step.running, line="airway", turn=0, happened_at=clock.now(),
            recorded_at=clock.now(), recorded_by=cast.physician,
        )  # fmt: skip


@pytest.mark.parametrize("line", ["", "oxygen", "stopped_2", "again_3", "recovered_0", "here_1", "call_", "x" * 24])
def test_a_line_this_emergency_does_not_have_is_refused(line, person, cast):
    running = started(person, cast.nurse)
    with pytest.raises(BadInput):
        tapped(running, line, cast.nurse)


def test_lines_of_a_seizure_belong_to_no_fall(person, cast):
    with pytest.raises(BadInput, match="no line of this emergency"):
        tapped(started(person, cast.nurse, Event.Kind.FALL), "stopped_1", cast.nurse)


def test_seizure_stopped_gives_its_length_and_another_has_its_own_clock(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    frozen_clock.tick(seconds=95)
    tapped(running, "stopped_1", cast.nurse)
    assert course(running).fit_clock == "01:35"
    assert course(running).next_act == ("again_2", "Another seizure")
    frozen_clock.tick(minutes=4)
    tapped(running, "recovered_1", cast.nurse)
    frozen_clock.tick(minutes=4)
    tapped(running, "again_2", cast.nurse)
    frozen_clock.tick(seconds=30)
    assert course(running).fit_clock == "00:30"
    assert course(running).status is None


def test_at_five_minutes_the_prompt_is_there_by_time_alone(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    began = running.happened_at
    frozen_clock.tick(minutes=4, seconds=59)
    assert course(running).status is None
    assert course(running).status_at == began + dt.timedelta(minutes=5)
    frozen_clock.tick(seconds=1)
    found = course(running)
    assert found.status is not None
    assert found.status.code == "SEI-2"
    assert found.asked[0].line.key == "emergency", "what time asks for stands first"
    assert found.asked[0].is_due


def test_a_second_seizure_without_recovery_calls_at_once(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    frozen_clock.tick(minutes=1)
    tapped(running, "stopped_1", cast.nurse)
    frozen_clock.tick(minutes=1)
    tapped(running, "again_2", cast.nurse)
    assert "SEI-2" in causes(person)
    assert causes(person)["SEI-2"].message == "Two seizures without recovery between them."


def test_the_worker_calls_once_at_five_minutes_though_nobody_looks(person, cast, frozen_clock):
    started(person, cast.nurse)
    services.alarm_status_epilepticus(cast.centre)
    assert "SEI-2" not in causes(person)
    frozen_clock.tick(minutes=5)
    services.alarm_status_epilepticus(cast.centre)
    frozen_clock.tick(minutes=1)
    services.alarm_status_epilepticus(cast.centre)
    (alarm,) = [one for one in open_alarms([person]) if one.alarm.cause == "SEI-2"]
    assert alarm.triggers == 1


def test_a_call_for_more_hands_rings_each_time(person, cast):
    running = started(person, cast.nurse)
    tapped(running, course(running).next_call, cast.nurse)
    tapped(running, course(running).next_call, cast.nurse)
    (alarm,) = [one for one in open_alarms([person]) if one.alarm.cause == "help"]
    assert alarm.triggers == 2


def test_who_is_there_is_one_tap_each(person, cast):
    running = started(person, cast.nurse)
    tapped(running, "here", cast.nurse, who=cast.physician)
    assert [one.name for one in course(running).there] == [cast.nurse.name, cast.physician.name]
    with pytest.raises(BadInput, match="works here"):
        tapped(running, "here", cast.nurse, who=cast.stranger)


# --- The end ----------------------------------------------------------------------------------------------------------


def test_it_ends_with_an_outcome_and_takes_no_further_tap(person, cast):
    running = started(person, cast.nurse)
    ended(running, cast.nurse)
    assert course(running).outcome is Outcome.TRANSFERRED
    assert queries.running_of([person]) == {}
    with pytest.raises(ChangedMeanwhile, match="ended it at"):
        tapped(running, "airway", cast.nurse)


def test_nobody_stays_while_the_seizure_runs(person, cast):
    running = started(person, cast.nurse)
    with pytest.raises(BadInput, match="still running"):
        ended(running, cast.nurse, Outcome.STAYS)
    tapped(running, "stopped_1", cast.nurse)
    ended(running, cast.nurse, Outcome.STAYS)


def test_the_end_is_taken_back_until_it_was_talked_over(person, cast):
    running = started(person, cast.nurse)
    end = ended(running, cast.nurse)
    taken_back(end, cast.nurse)
    assert course(running).end is None
    end = ended(running, cast.nurse, Outcome.TRANSFERRED)
    talked(running, cast)
    with pytest.raises(ChangedMeanwhile, match="debrief"):
        taken_back(end, cast.nurse)


def test_the_taper_stays_frozen_after_the_end(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    ended(running, cast.nurse)
    assert monitoring.freezes(person)[0][1] is None, "only a prescriber lifts it"


# --- The letter -------------------------------------------------------------------------------------------------------


def test_handing_over_the_letter_is_one_tap_and_the_name_follows(person, cast, frozen_clock):
    running = started(person, cast.nurse)
    handed = services.disclose(
        running=running, recipient=Disclosure.Recipient.AMBULANCE, by=cast.nurse, once=uuid4().hex
    )
    assert not handed.is_named
    frozen_clock.tick(hours=1)
    named = services.name_recipient(
        disclosure=handed, name="A. Rahman", facility="County ambulance", by=cast.nurse, once=uuid4().hex
    )
    assert (named.happened_at, named.is_named) == (handed.happened_at, True)
    assert [one.pk for one in course(running).disclosures] == [named.pk]
    lines = AuditLine.objects.filter(action="event.disclosed", person_id=person.pk)
    assert {line.code for line in lines} == {"ambulance"}


def test_only_the_bedside_hands_over_a_letter(person, cast):
    running = started(person, cast.nurse)
    with pytest.raises(NotAllowed):
        services.disclose(
            running=running, recipient=Disclosure.Recipient.HOSPITAL, by=cast.counsellor, once=uuid4().hex
        )


# --- The record -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Running, EventStep])
def test_no_row_of_an_emergency_is_changed_or_deleted(model, person, cast):
    started(person, cast.nurse)
    row = model.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(happened_at=clock.now() - dt.timedelta(days=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()


def test_each_act_leaves_one_line_and_no_words(person, cast):
    running = started(person, cast.nurse)
    step = tapped(running, "airway", cast.nurse)
    taken_back(step, cast.nurse)
    actions = [line.action for line in AuditLine.objects.filter(person_id=person.pk).order_by("seq")]
    assert actions[-5:] == ["alarm.raised", "event.recorded", "event.run", "event.step", "event.step_back"]
