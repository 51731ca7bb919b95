"""INP-9: a fast pulse, new tremor or new sweating makes a CIWA-B due now, once for each finding."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.monitoring import ports, queries, services
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.rounds import round_of
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, only, planned, scored, seen
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.clinical.monitoring.observation_plan import Intervals
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record import clock
from tests.cast import admitted_person, client_for, make_centre, proof

FAST = {"pulse": 101}  # INP-9: hr > 100


@pytest.fixture(autouse=True)
def no_dose_has_changed(monkeypatch):
    monkeypatch.setattr(ports, "_reader", lambda people, now: {})


@pytest.fixture
def settled(person, cast, frozen_clock):
    """A plan of 12 hours, a quiet set and its score, an hour ago."""
    planned(person, cast.physician)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(0))
    frozen_clock.tick(hours=1)
    return person


def due(person):
    return queries.due([person])[person.pk]


def ciwa_b(person):
    return due(person).scale(Scale.CIWA_B)


def test_a_quiet_set_leaves_the_score_to_its_turn(settled, cast):
    seen(settled, cast.nurse, awake(pulse=100))
    assert not ciwa_b(settled).is_due
    assert not due(settled).is_due


@pytest.mark.parametrize(
    "signs", [FAST, {"also_seen": (AlsoSeen.NEW_TREMOR,)}, {"also_seen": (AlsoSeen.NEW_SWEATING,)}], ids=str
)
def test_a_sign_makes_the_score_due_now_on_the_round_and_the_next_whole_score_answers_it(signs, settled, cast):
    row = seen(settled, cast.nurse, awake(**signs)).row
    assert (ciwa_b(settled).is_due, ciwa_b(settled).called, ciwa_b(settled).due_at) == (True, "INP-9", row.happened_at)
    assert (due(settled).is_due, due(settled).parts) == (True, "vital signs, RASS, CIWA-B (INP-9)")
    assert [one.person for one in round_of(cast.nurse, cast.unit).wanted] == [settled]
    scored(settled, cast.nurse, ciwa(0), observation=row)
    assert not ciwa_b(settled).is_due
    assert round_of(cast.nurse, cast.unit).wanted == ()


def test_a_partial_score_does_not_answer_it(settled, cast):
    row = seen(settled, cast.nurse, awake(**FAST)).row
    scored(settled, cast.nurse, ciwa(0, c3=None), observation=row)
    assert ciwa_b(settled).is_due


def test_it_is_no_twenty_questions_an_hour(settled, cast, frozen_clock):
    """A pulse that stays over 100 is one finding: hourly sets of it ask once, and the score follows its own turn."""
    asked = 0
    for _ in range(10):
        row = seen(settled, cast.nurse, awake(**FAST)).row
        if ciwa_b(settled).is_due:
            asked += 1
            scored(settled, cast.nurse, ciwa(0), observation=row)
        frozen_clock.tick(hours=1)
    assert asked == 1


def test_a_sign_that_had_gone_and_comes_again_asks_again(settled, cast, frozen_clock):
    scored(settled, cast.nurse, ciwa(0), observation=seen(settled, cast.nurse, awake(**FAST)).row)
    frozen_clock.tick(hours=1)
    seen(settled, cast.nurse)
    frozen_clock.tick(hours=1)
    seen(settled, cast.nurse, awake(**FAST))
    assert ciwa_b(settled).called == "INP-9"


def test_nobody_asleep_is_woken_for_it_and_it_waits_for_the_next_set_awake(settled, cast, frozen_clock):
    seen(settled, cast.nurse, awake(**FAST))
    frozen_clock.tick(minutes=30)
    seen(settled, cast.nurse, asleep())
    assert due(settled).due_at == clock.now() + dt.timedelta(hours=12)
    frozen_clock.tick(hours=1)
    seen(settled, cast.nurse)
    assert due(settled).is_due


def test_a_pulse_corrected_to_a_quiet_one_takes_the_call_back(settled, cast):
    row = seen(settled, cast.nurse, awake(**FAST)).row
    services.correct_observation(observation=row, bedside=awake(), reason="slip", by=cast.nurse, once="c")
    assert not ciwa_b(settled).is_due


def test_a_set_without_a_pulse_neither_ends_the_finding_nor_begins_another(settled, cast, frozen_clock):
    scored(settled, cast.nurse, ciwa(0), observation=seen(settled, cast.nurse, awake(**FAST)).row)
    frozen_clock.tick(minutes=30)
    seen(settled, cast.nurse, only(rr=14))
    frozen_clock.tick(minutes=30)
    seen(settled, cast.nurse, awake(**FAST))
    assert not ciwa_b(settled).is_due


def test_a_score_that_the_plan_leaves_out_is_called_for_too(person, cast, frozen_clock):
    services.set_observation_plan(
        person=person, intervals=Intervals(12, 12, {}), until=clock.now() + dt.timedelta(days=7), reason="calm",
        by=cast.physician, proof=proof(cast.physician), once="p", knows_looser=True,
    )  # fmt: skip
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse)
    assert ciwa_b(person) is None
    frozen_clock.tick(hours=1)
    row = seen(person, cast.nurse, awake(**FAST)).row
    assert (ciwa_b(person).is_due, ciwa_b(person).hours) == (True, None)
    assert "CIWA-B, next" in client_for(cast.nurse).get(reverse("monitoring:plan", args=[person.public_id])).text
    scored(person, cast.nurse, ciwa(0), observation=row)
    assert ciwa_b(person) is None


def test_late_it_calls_as_an_overdue_set_and_the_score_closes_that(settled, cast, frozen_clock):
    """INP-3."""
    row = seen(settled, cast.nurse, awake(**FAST)).row
    frozen_clock.tick(minutes=61)
    assert services.alarm_overdue_observations(cast.centre) == 1
    assert "CIWA-B" in open_alarm(settled, "INP-3").message
    scored(settled, cast.nurse, ciwa(0), observation=row)
    assert open_alarm(settled, "INP-3") is None


def test_the_round_says_why(settled, cast):
    seen(settled, cast.nurse, awake(**FAST))
    text = client_for(cast.nurse).get("/observe/").text
    assert "CIWA-B due now: INP-9, seen" in text
    assert "CIWA-B, due now (INP-9)" in text


def test_not_in_bed_changes_nothing(settled, cast):
    seen(settled, cast.nurse, awake(**FAST))
    seen(settled, cast.nurse, Bedside(State.ABSENT))
    assert ciwa_b(settled).is_due


def test_signs_of_another_stay_or_person_call_for_nothing_here(settled, cast):
    other = admitted_person(cast)
    seen(other, cast.nurse, awake(**FAST))
    assert not ciwa_b(settled).is_due


def test_30_people_with_a_finding_take_as_many_queries_as_3(cast, frozen_clock, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def found(centre, number):
        people = [admitted_person(centre) for _ in range(number)]
        for one in people:
            seen(one, centre.nurse)
            scored(one, centre.nurse, ciwa())
        frozen_clock.tick(hours=1)
        for one in people:
            seen(one, centre.nurse, awake(**FAST))
        return people

    three = found(cast, 3)
    with CaptureQueriesContext(connection) as few:
        queries.due(three)
    more = make_centre("Larger", beds=30)
    thirty = found(more, 30)
    with django_assert_num_queries(len(few)):
        assert all(one.scale(Scale.CIWA_B).called for one in queries.due(thirty).values())
