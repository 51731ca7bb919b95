"""What a prescriber left standing until a named time calls again at that time, and never ends by it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.alarms.services import close
from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.services import alarm_looks_due
from glidepath.care.monitoring.tests.looks import awake, seen
from glidepath.record import clock
from tests.cast import proof


def left_standing(event, cast, *, again):
    return services.review_event(
        event=event, lifted=False, words="Still drowsy.", by=cast.physician, proof=proof(cast.physician),
        once=uuid4().hex, again_at=clock.now() + again,
    )  # fmt: skip


def closed(person, cast, cause="INP-12"):
    physician = cast.physician
    close(alarm=open_alarm(person, cause), words="Seen.", by=physician, proof=proof(physician), once=uuid4().hex)


@pytest.fixture
def held(person, cast, frozen_clock):
    """Over-sedated; the physician looked, leaves the hold for two hours and closes the call."""
    (event,) = seen(person, cast.nurse, awake(rass=-3)).events
    frozen_clock.tick(minutes=10)
    left_standing(event, cast, again=dt.timedelta(hours=2))
    closed(person, cast)
    return event


@pytest.mark.parametrize(("minutes", "calls"), [(119, 0), (120, 1)])
def test_it_calls_when_the_named_time_has_come_and_not_before(held, person, cast, frozen_clock, minutes, calls):
    frozen_clock.tick(minutes=minutes)
    assert alarm_looks_due(cast.centre) == calls
    alarm = open_alarm(person, "INP-12")
    assert (alarm is not None) == bool(calls)
    assert person.pk in queries.sedation_holds([person]), "no time lifts it"


def test_it_says_what_stands_and_when_it_was_to_be_looked_at(held, person, cast, frozen_clock):
    again = queries.looked_at_again([held])[held.pk]
    frozen_clock.tick(hours=3)
    alarm_looks_due(cast.centre)
    alarm = open_alarm(person, "INP-12")
    local = clock.local(cast.centre, again)
    said = f"Over-sedation stands, and a prescriber was to look again {local:%-d %b} at {local:%H:%M}."
    assert (alarm.message, alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == (said, "now", True, True)


def test_one_time_calls_once_and_a_later_one_again(held, person, cast, frozen_clock):
    frozen_clock.tick(hours=2)
    assert [alarm_looks_due(cast.centre) for _ in range(2)] == [1, 0]
    closed(person, cast)
    assert alarm_looks_due(cast.centre) == 0, "its closing knew of that time"
    left_standing(held, cast, again=dt.timedelta(hours=1))
    assert alarm_looks_due(cast.centre) == 0
    frozen_clock.tick(hours=1)
    assert alarm_looks_due(cast.centre) == 1


def test_a_call_that_stands_open_is_made_loud_again(person, cast, frozen_clock):
    (event,) = seen(person, cast.nurse, awake(rass=-3)).events
    frozen_clock.tick(minutes=10)
    left_standing(event, cast, again=dt.timedelta(hours=2))
    frozen_clock.tick(hours=2)
    assert alarm_looks_due(cast.centre) == 1
    assert open_alarm(person, "INP-12").acts.filter(kind="triggered").count() == 2


def test_before_anybody_has_looked_the_call_of_the_event_itself_stands(person, cast, frozen_clock):
    seen(person, cast.nurse, awake(rass=-3))
    frozen_clock.tick(hours=5)
    assert alarm_looks_due(cast.centre) == 0


def test_what_was_lifted_calls_nobody(held, person, cast, frozen_clock):
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse)
    services.review_event(
        event=held, lifted=True, words="Awake.", by=cast.physician, proof=proof(cast.physician), once=uuid4().hex
    )
    frozen_clock.tick(hours=2)
    assert alarm_looks_due(cast.centre) == 0
