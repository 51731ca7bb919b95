"""No dose gap opens: who told of a benzodiazepine and has nothing ordered when its dose is due calls the prescriber.

Danilo was admitted at 07:00 and told of 10 mg of diazepam at 08:00 and 22:00.
"""

from __future__ import annotations

import datetime as dt
import html
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms.queries import history, open_alarms
from glidepath.care.alarms.services import close
from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.medication.missing_order import gaps
from glidepath.care.medication.models import Order
from glidepath.care.medication.services import alarm_nothing_ordered
from glidepath.care.medication.tests.acts import draft, once, outside, prn, sign, stop
from glidepath.record import clock
from glidepath.record.centres import services as centres
from glidepath.record.errors import NotAllowed
from tests.cast import admitted_person, client_for, enquiring_person, episode_of, make_centre, proof
from tests.scenarios import ward

TODAY = dt.date(2026, 11, 17)


def alarms(person):
    return [one.alarm for one in open_alarms([person]) if one.alarm.cause == "ORD-4"]


def told(cast, person, medicine="diazepam", regimen="diazepam 10 mg 08:00 22:00", **more):
    use = assessing.ReportedUse(
        medicine_name=medicine, source=Source.PRESCRIBED, beginning=Beginning.LONG_TERM, regimen=regimen,
        **{"days_per_week": 7, "months": Decimal(72), **more},
    )  # fmt: skip
    return assessing.record_use(person=person, episode=episode_of(person), use=use, by=cast.nurse)


@pytest.fixture
def called(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T08:00")
    alarm_nothing_ordered(cast.centre)
    return person


@pytest.mark.parametrize(("at", "calls"), [("07:59", 0), ("08:00", 1)])
def test_it_calls_when_the_next_dose_by_the_report_is_due_and_not_before(cast, person, frozen_clock, at, calls):
    frozen_clock.set(f"2026-11-17T{at}")
    assert alarm_nothing_ordered(cast.centre) == calls
    assert len(alarms(person)) == calls


def test_it_says_what_was_told_and_what_to_do(called):
    (alarm,) = alarms(called)
    assert alarm.message == (
        "No order gives a benzodiazepine or Z-drug. Reported: diazepam 10 mg at 08:00, 22:00. "
        "A dose was due at 08:00 on 17 Nov."
    )
    assert "Sign the first order now" in alarm.do
    assert (alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("now", True, False)


@pytest.mark.parametrize(
    ("taken_at", "due"),
    [("2026-11-17T02:00", "08:00"), ("2026-11-17T06:59", "08:00"), ("2026-11-16T22:00", "08:00")],
)
def test_the_last_dose_sets_the_clock(cast, frozen_clock, taken_at, due):
    person = admitted_person(cast)
    told(cast, person, last_dose_at=dt.datetime.fromisoformat(taken_at).replace(tzinfo=dt.UTC))
    assert f"{gaps([person])[person.pk].due_at:%H:%M}" == due


def test_a_dose_taken_within_the_hour_before_its_time_is_that_times_dose(cast, frozen_clock):
    person = admitted_person(cast)
    frozen_clock.set("2026-11-17T07:30")
    told(cast, person, last_dose_at=clock.now() - dt.timedelta(minutes=10))
    assert f"{gaps([person])[person.pk].due_at:%H:%M}" == "22:00"


def test_who_comes_with_a_dose_already_missed_is_called_about_at_once(cast, frozen_clock):
    frozen_clock.set("2026-11-17T10:00")
    person = admitted_person(cast)
    told(cast, person, last_dose_at=dt.datetime(2026, 11, 16, 22, tzinfo=dt.UTC))
    assert alarm_nothing_ordered(cast.centre) == 1
    assert gaps([person])[person.pk].due_at == clock.now()


@pytest.mark.parametrize(("hours", "calls"), [("2026-11-17T10:59", 0), ("2026-11-17T11:00", 1)])
def test_where_nobody_knows_the_regimen_it_calls_four_hours_after_admission(cast, frozen_clock, hours, calls):
    person = admitted_person(cast)
    told(cast, person, "bromazolam", "")
    frozen_clock.set(hours)
    assert alarm_nothing_ordered(cast.centre) == calls
    if calls:
        assert "bromazolam, how much is not known" in alarms(person)[0].message


def test_the_centre_sets_the_hours(cast, frozen_clock):
    centres.change_settings(centre=cast.centre, changes={"first_order_hours": 2}, by=cast.manager)
    told(cast, admitted_person(cast), "bromazolam", "")
    frozen_clock.set("2026-11-17T09:00")
    assert alarm_nothing_ordered(cast.centre) == 1


def test_it_does_not_double_and_is_louder_when_a_further_dose_has_come_due(called, cast, frozen_clock):
    for at, triggers in (("08:01", 1), ("21:59", 1), ("22:00", 2), ("23:00", 2)):
        frozen_clock.set(f"2026-11-17T{at}")
        alarm_nothing_ordered(cast.centre)
        assert [one.triggers for one in open_alarms([called])] == [triggers], at


def test_an_order_closes_it_in_the_prescribers_name(called, cast):
    (alarm,) = alarms(called)
    sign(cast, called, draft("diazepam", "10", "08:00", "22:00"))
    assert alarms(called) == []
    last = history(alarm)[-1]
    assert (last.kind, last.words, last.recorded_by) == ("closed", "An order was signed.", cast.physician)


def test_a_plan_closes_it_in_the_prescribers_name(called, cast):
    (alarm,) = alarms(called)
    ward.sign(cast, called, ward.draft(start=TODAY))
    assert (alarms(called), history(alarm)[-1].words) == ([], "A taper was signed.")


def test_a_part_of_the_dose_leaves_it_open_and_says_what_is_ordered_so_far(called, cast, frozen_clock):
    sign(cast, called, draft("diazepam", "5", "08:00", more_follow=True))
    assert len(alarms(called)) == 1
    frozen_clock.set("2026-11-17T22:00")
    alarm_nothing_ordered(cast.centre)
    assert alarms(called)[0].message.startswith(
        "Ordered so far: diazepam 5 mg a day. Reported: diazepam 10 mg at 08:00"
    )


def test_parts_that_reach_the_dose_together_close_it(called, cast):
    for time in ("08:00", "22:00"):
        sign(cast, called, draft("diazepam", "10", time, more_follow=True))
    assert alarms(called) == []


def test_a_single_dose_moves_the_hour_and_no_more(called, cast, frozen_clock):
    """Given at 08:10: the next by the report is the one of 22:00."""
    frozen_clock.set("2026-11-17T08:10")
    sign(cast, called, draft("diazepam", "10", kind=Order.Kind.ONCE))
    gap = gaps([called])[called.pk]
    assert (f"{gap.due_at:%H:%M}", gap.passed) == ("22:00", None)


@pytest.mark.parametrize("wanted", [draft, prn], ids=["another medicine", "as needed"])
def test_what_counts_as_ordered(cast, person, wanted):
    if wanted is prn:
        sign(cast, person, prn("diazepam", "5"))
        assert gaps([person]) == {}
    else:
        sign(cast, person, outside("sertraline", "50", "08:00"))
        assert person.pk in gaps([person])


def test_an_order_that_begins_the_day_after_tomorrow_opens_a_gap_before_it(cast, person):
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00", start_at=clock.now() + dt.timedelta(days=2)))
    assert person.pk in gaps([person])


def test_an_order_stopped_with_a_reason_after_it_was_given_is_decided(cast, person, frozen_clock):
    order = sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T08:00")
    ward.give_due(cast, person)
    stop(cast, order, overrides={"JCG-2": "goes to another hospital tonight"})
    frozen_clock.set("2026-11-17T22:00")
    assert gaps([person]) == {}


def test_only_a_prescriber_closes_it_and_then_only_a_new_report_calls_again(called, cast, frozen_clock):
    (alarm,) = alarms(called)
    with pytest.raises(NotAllowed):
        close(alarm=alarm, words="Asleep.", by=cast.nurse, once=once(), proof=proof(cast.nurse))
    close(alarm=alarm, words="None taken for a month: he says so now.", by=cast.physician, once=once(),
          proof=proof(cast.physician))  # fmt: skip
    frozen_clock.set("2026-11-17T22:30")
    assert alarm_nothing_ordered(cast.centre) == 0
    frozen_clock.set("2026-11-17T22:40")
    told(cast, called, "lorazepam", "lorazepam 1 mg 08:00")
    assert alarm_nothing_ordered(cast.centre) == 1


def test_who_takes_it_twice_a_week_and_is_not_dependent_is_not_called_about(cast, person, frozen_clock):
    other = admitted_person(cast)
    told(cast, other, days_per_week=2)
    assessing.record_facts(person=other, answers={"past_withdrawal_complicated": "no"}, by=cast.nurse)
    assert other.pk not in gaps([other])


def test_who_is_not_admitted_or_told_of_nothing_is_not_called_about(cast):
    assert gaps([enquiring_person(cast), admitted_person(cast)]) == {}


def test_home_the_board_and_the_medicines_page_say_it_before_it_is_due(cast, person):
    client = client_for(cast.physician)
    home = html.unescape(client.get(reverse("ward:home")).content.decode())
    assert "To sign: first orders" in home
    assert "Order for Danilo" in home
    board = html.unescape(client.get(reverse("ward:board", args=[cast.unit.public_id])).content.decode())
    assert "nothing is ordered; a dose by the report: 08:00" in board
    page = html.unescape(client.get(reverse("medication:person", args=[person.public_id])).content.decode())
    assert "The next dose by the report is due" in page
    assert "To sign: first orders" not in client_for(cast.nurse).get(reverse("ward:home")).content.decode()


def test_30_people_take_as_many_queries_as_3(cast, django_assert_num_queries):
    three = [admitted_person(cast) for _ in range(3)]
    for one in three:
        told(cast, one)
    with CaptureQueriesContext(connection) as few:
        assert len(gaps(three)) == 3
    larger = make_centre("Larger", beds=30)
    thirty = [admitted_person(larger) for _ in range(30)]
    for one in thirty:
        told(larger, one)
    with django_assert_num_queries(len(few)):
        assert len(gaps(thirty)) == 30
