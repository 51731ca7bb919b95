"""How often, and how late: worked out whenever it is asked. Overdue is never normal."""

import datetime as dt

import pytest

from glidepath.care.monitoring import ports, queries, services
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.ports import DoseChange
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, only, planned, scored, seen
from glidepath.clinical.facts.medicines import Acting
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, enquiring_person, make_centre


@pytest.fixture(autouse=True)
def no_dose_has_changed(monkeypatch):
    monkeypatch.setattr(ports, "_reader", lambda people, now: {})


def due(person):
    return queries.due([person])[person.pk]


def settle(person, cast, frozen_clock, days):
    """Whole quiet sets and mild scores, twice a day, for so many days."""
    for _ in range(days * 2):
        seen(person, cast.nurse)
        scored(person, cast.nurse, ciwa(0, c1=1))
        frozen_clock.tick(hours=12)
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(0, c1=1))


def test_the_first_set_is_due_on_admission(person):
    assert due(person).due_at == clock.now()
    assert due(person).is_due
    assert due(person).last is None


def test_in_the_first_days_the_next_is_due_in_4_hours(person, cast):
    seen(person, cast.nurse)
    assert due(person).due_at == clock.now() + dt.timedelta(hours=4)
    assert due(person).frequency.code == "INP-1"


@pytest.mark.parametrize(("late", "alerts"), [(60, False), (61, True)])
def test_more_than_an_hour_late_calls_the_nurse_in_charge(late, alerts, person, cast, frozen_clock):
    """INP-3."""
    seen(person, cast.nurse)
    frozen_clock.tick(hours=4, minutes=late)
    assert due(person).alerts is alerts
    assert [one.person_id for one in queries.overdue([person])] == ([person.pk] if alerts else [])
    assert due(person).late_minutes == late


def test_overdue_is_worked_out_and_never_stored(person, cast, frozen_clock):
    seen(person, cast.nurse)
    then = clock.now() + dt.timedelta(hours=6)
    assert queries.overdue([person]) == ()
    assert len(queries.overdue([person], then)) == 1, "the same rows, asked later"
    frozen_clock.set(then)
    seen(person, cast.nurse)
    assert queries.overdue([person]) == ()


def test_never_observed_is_overdue_and_not_normal(person, frozen_clock):
    frozen_clock.tick(hours=2)
    assert len(queries.overdue([person])) == 1
    assert queries.latest([person])[person.pk].observation is None


def test_a_partial_set_does_not_stop_the_clock(person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    seen(person, cast.nurse, only(pulse=76))
    assert due(person).alerts


def test_a_whole_news2_without_rass_does_not_stop_the_clock(person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    seen(person, cast.nurse, awake(rass=None))
    assert due(person).alerts


def test_breathing_asleep_counts_as_seen(person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    seen(person, cast.nurse, asleep())
    assert not due(person).is_due


def test_breaths_without_the_breathing_do_not_count(person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    seen(person, cast.nurse, asleep(14, None))
    assert due(person).alerts


def test_a_look_asleep_is_no_check_before_a_sedative(person, cast, frozen_clock):
    """What medication reads before a sedative is the newest set of somebody awake, with its age."""
    seen(person, cast.nurse, asleep())
    assert queries.latest([person])[person.pk].awake is None
    assert queries.newest_awake([person]) == {person.pk: None}
    checked = seen(person, cast.nurse).row
    frozen_clock.tick(hours=4)
    seen(person, cast.nurse, asleep())
    assert queries.latest([person])[person.pk].awake == checked
    assert queries.newest_awake([person]) == {person.pk: checked}


@pytest.mark.parametrize(
    "doubt",
    [
        {"colour": None},
        {"position": None},
        {"breathing": Observation.Breathing.SNORES},
        {"colour": Observation.Colour.BLUE},
        {"position": Observation.Position.FACE_DOWN},
        {"rr": 21},
        {"rr": 11},
    ],
    ids=str,
)
def test_a_gap_or_a_doubt_asleep_leaves_the_set_due(doubt, person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    seen(person, cast.nurse, asleep(**doubt))
    assert due(person).alerts


def test_not_in_bed_does_not_stop_the_clock(person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=5, minutes=1)
    seen(person, cast.nurse, Bedside(State.ABSENT))
    assert due(person).alerts


def test_a_corrected_set_counts_by_its_correction(person, cast, frozen_clock):
    row = seen(person, cast.nurse).row
    services.correct_observation(
        observation=row, bedside=Bedside(State.AWAKE), reason="another person's", by=cast.nurse, once=""
    )
    assert due(person).last is None


def test_after_a_news2_of_5_the_next_is_due_within_the_hour(person, cast):
    seen(person, cast.nurse, awake(rr=21, pulse=111, spo2=95))
    assert due(person).due_at == clock.now() + dt.timedelta(hours=1)
    assert due(person).frequency.code == "INP-7"


def test_a_look_asleep_does_not_end_the_hourly_watch(person, cast, frozen_clock):
    seen(person, cast.nurse, awake(rr=21, pulse=111, spo2=95))
    frozen_clock.tick(minutes=50)
    seen(person, cast.nurse, asleep())
    assert due(person).frequency.code == "INP-7"


def test_a_week_of_quiet_is_proposed_and_loosens_nothing_until_a_prescriber_signs(person, cast, frozen_clock):
    settle(person, cast, frozen_clock, days=7)
    assert due(person).due_at == clock.now() + dt.timedelta(hours=4)
    assert "no prescriber has set" in due(person).frequency.why
    assert queries.proposed_for(person).proposal.intervals.awake == 24, "residential, stable for a week"
    planned(person, cast.physician)
    assert due(person).due_at == clock.now() + dt.timedelta(hours=12)


def test_a_normal_set_does_not_end_the_hourly_watch_and_a_signature_does(person, cast, frozen_clock):
    seen(person, cast.nurse, awake(rr=21, pulse=111, spo2=95))
    for _ in range(30):
        frozen_clock.tick(hours=1)
        seen(person, cast.nurse)
    assert due(person).frequency.hours == 1
    frozen_clock.tick(minutes=1)
    planned(person, cast.physician, 4, 4)
    assert due(person).frequency.hours == 4


def test_a_late_entry_of_before_the_plan_makes_it_closer_for_who_signed_did_not_know_it(person, cast, frozen_clock):
    before = clock.now()
    frozen_clock.tick(hours=1)
    planned(person, cast.physician)
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse, awake(rr=21, pulse=111, spo2=95), happened_at=before)
    assert due(person).frequency.code == "INP-7"


def test_a_plan_that_ended_brings_it_close_and_makes_no_earlier_set_late(person, cast, frozen_clock):
    planned(person, cast.physician, days=2)
    frozen_clock.tick(hours=42)
    seen(person, cast.nurse)
    frozen_clock.tick(hours=6, minutes=10)  # ten minutes after the plan ended, six hours after the last set
    assert due(person).frequency.code == "INP-1"
    assert "a prescriber has not looked again" in due(person).frequency.why
    assert (due(person).late_minutes, due(person).alerts) == (10, False)


def test_a_second_cause_puts_off_no_set_that_was_due_by_the_plan(person, cast, frozen_clock):
    planned(person, cast.physician, 4, 4)
    seen(person, cast.nurse)
    frozen_clock.tick(hours=6)
    services.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once="k")
    assert due(person).late_minutes == 120


def test_extra_sets_fall_due_after_a_cut_whatever_the_plan_says(person, cast, frozen_clock, monkeypatch):
    cut = clock.now()
    told = {person.pk: DoseChange(cut, cut, (Acting.SHORT,))}
    monkeypatch.setattr(ports, "_reader", lambda people, now: told)
    planned(person, cast.physician, 24, 24, ciwa_b=24)
    frozen_clock.tick(hours=60)
    seen(person, cast.nurse)
    assert (due(person).due_at, due(person).extra) == (cut + dt.timedelta(hours=72), True)
    frozen_clock.tick(hours=13)
    seen(person, cast.nurse)
    assert (due(person).due_at, due(person).extra) == (clock.now() + dt.timedelta(hours=24), False)


def test_without_a_withdrawal_score_it_stays_close(person, cast, frozen_clock):
    for _ in range(14):
        seen(person, cast.nurse)
        frozen_clock.tick(hours=12)
    assert due(person).frequency.code == "INP-1"


def test_when_nobody_can_say_whether_the_dose_changed_it_stays_close(person, cast, frozen_clock, monkeypatch):
    settle(person, cast, frozen_clock, days=7)
    planned(person, cast.physician)
    monkeypatch.setattr(ports, "_reader", None)
    assert due(person).frequency.code == "INP-1"
    assert "not known" in due(person).frequency.why


def test_a_dose_change_brings_it_close_and_makes_no_earlier_set_late(person, cast, frozen_clock, monkeypatch):
    settle(person, cast, frozen_clock, days=7)
    planned(person, cast.physician)
    frozen_clock.tick(hours=7)
    changed = clock.now()
    monkeypatch.setattr(ports, "_reader", lambda people, now: {person.pk: DoseChange(changed)})
    frozen_clock.tick(minutes=5)
    assert due(person).frequency.code == "INP-1"
    assert due(person).due_at == changed
    assert not due(person).alerts


def test_an_open_seizure_brings_it_close(person, cast, frozen_clock):
    settle(person, cast, frozen_clock, days=7)
    planned(person, cast.physician)
    services.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once="k")
    assert due(person).frequency.code == "INP-1"


def test_only_those_admitted_are_due(cast):
    assert queries.due([enquiring_person(cast)]) == {}


def test_the_night_the_clock_goes_back_has_its_full_four_hours(frozen_clock):
    """25 October 2026, London: 01:59 BST is followed by 01:00 GMT. Four elapsed hours, not four by the wall."""
    frozen_clock.set("2026-10-24T23:00")  # midnight by the wall
    cast = make_centre("Night")
    person = admitted_person(cast)
    seen(person, cast.nurse)
    wanted = dt.datetime(2026, 10, 25, 3, 0, tzinfo=dt.UTC)
    assert due(person).due_at == wanted
    assert clock.local(cast.centre, wanted).hour == 3


def test_30_people_take_as_many_queries_as_3(cast, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    three = [admitted_person(cast) for _ in range(3)]
    for one in three:
        seen(one, cast.nurse)
        scored(one, cast.nurse, ciwa())
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.due(three)
    more = make_centre("Larger", beds=30)
    thirty = [admitted_person(more) for _ in range(30)]
    for one in thirty:
        seen(one, more.nurse)
        scored(one, more.nurse, ciwa())
    with django_assert_num_queries(len(few)):
        assert len(queries.due(thirty)) == 30


# --- Sleep ------------------------------------------------------------------------------------------------------------


def slept(person, by, minutes, **given):
    night = given.pop("night_of", clock.today(person.centre))
    return services.record_sleep(
        person=person, night_of=night, minutes=minutes, by=by, once=given.pop("once", ""), **given
    )


def test_a_night_without_sleep_is_an_answer(person, cast):
    slept(person, cast.nurse, 0)
    assert queries.latest([person])[person.pk].sleep.minutes == 0


def test_a_night_nobody_asked_about_is_no_zero(person):
    assert queries.latest([person])[person.pk].sleep is None


def test_a_second_answer_for_a_night_says_why(person, cast):
    slept(person, cast.nurse, 300)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist already wrote 5 h"):
        slept(person, cast.second_nurse, 240)
    slept(person, cast.second_nurse, 240, reason="was up at four")
    assert queries.latest([person])[person.pk].sleep.minutes == 240


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_a_night_has_at_most_24_hours(minutes, person, cast):
    with pytest.raises(BadInput, match="cannot be a night"):
        slept(person, cast.nurse, minutes)


def test_a_night_to_come_is_not_recorded(person, cast):
    with pytest.raises(BadInput, match="not ended"):
        slept(person, cast.nurse, 60, night_of=clock.today(cast.centre) + dt.timedelta(days=1))


def test_who_may_record_sleep(person, cast):
    slept(person, cast.psychologist, 300)
    with pytest.raises(NotAllowed):
        slept(person, cast.pharmacist, 300)


def test_a_double_submit_records_one_night(person, cast):
    assert slept(person, cast.nurse, 300, once="k") == slept(person, cast.nurse, 300, once="k")
