"""One person, one medicine: admitted, ordered, planned, given, reviewed, released, and the next dose is smaller."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.medication import queries as doses
from glidepath.care.taper import queries as tapers, services as taper
from glidepath.record import clock
from glidepath.record.errors import HardStop
from tests.cast import Cast, make_centre, proof
from tests.scenarios import ward

DAY = dt.date(2026, 11, 17)


@pytest.fixture
def cast(frozen_clock) -> Cast:
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    return cast


def due_today(person, day=DAY):
    start = dt.datetime.combine(day, dt.time.min, dt.UTC)
    return [
        (row.due.local_time.strftime("%H:%M"), str(row.due.dose))
        for row in doses.due([person], start, start + dt.timedelta(days=1))
    ]


def test_the_first_dose_comes_from_an_order_and_waits_for_no_plan(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    assert due_today(person) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]
    frozen_clock.set("2026-11-17T08:05")
    (given,) = ward.give_due(cast, person)
    assert (given.outcome, given.given_ng) == ("given", 10_000_000)


def test_a_signed_plan_takes_over_from_the_order_at_its_first_dose_and_nothing_is_due_twice(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    frozen_clock.set("2026-11-17T10:00")
    ward.sign(cast, person, ward.draft(start=DAY))
    assert due_today(person) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]
    rows = doses.due([person], clock.now(), clock.now() + dt.timedelta(days=1))
    assert {row.due.version_id is not None for row in rows} == {True}


def test_no_cut_begins_without_a_review_and_the_present_dose_goes_on(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    later = DAY + dt.timedelta(days=30)
    frozen_clock.set(dt.datetime.combine(later, dt.time(7), dt.UTC))
    assert due_today(person, later) == [("08:00", "diazepam 10 mg"), ("22:00", "diazepam 10 mg")]
    plan = tapers.active(person)
    with pytest.raises(HardStop) as stop:
        taper.release_step(
            plan=plan, step_number=2, by=cast.physician, proof=proof(cast.physician), seen=plan.latest, once=ward.once()
        )
    assert "JCG-9" in {finding.code for finding in stop.value.findings}


def test_after_a_review_the_released_step_begins_on_its_day_and_not_before(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    first_cut = DAY + dt.timedelta(days=14)
    frozen_clock.set(dt.datetime.combine(first_cut - dt.timedelta(days=2), dt.time(10), dt.UTC))
    release_next(cast, person, 2)
    assert due_today(person, first_cut - dt.timedelta(days=1)) == [
        ("08:00", "diazepam 10 mg"),
        ("22:00", "diazepam 10 mg"),
    ]
    frozen_clock.set(dt.datetime.combine(first_cut, dt.time(7), dt.UTC))
    total = sum(row.due.dose.mg for row in doses.due([person], clock.now(), clock.now() + dt.timedelta(hours=20)))
    assert total == 18


def release_next(cast, person, number):
    plan = tapers.active(person)
    taper.record_review(
        plan=plan, decision="go_on", interference="none", sleep_disturbed=False, by=cast.physician, once=ward.once()
    )
    return taper.release_step(
        plan=plan,
        step_number=number,
        by=cast.physician,
        proof=proof(cast.physician),
        seen=plan.latest,
        once=ward.once(),
    )


@pytest.mark.parametrize("kind", ["hold", "slow", "step_back"])
def test_a_change_leaves_what_was_given_and_due_before_it_untouched(cast, frozen_clock, kind):
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    first_cut = DAY + dt.timedelta(days=14)
    frozen_clock.set(dt.datetime.combine(first_cut - dt.timedelta(days=1), dt.time(10), dt.UTC))
    release_next(cast, person, 2)
    frozen_clock.set(dt.datetime.combine(first_cut, dt.time(12), dt.UTC))
    ward.give_due(cast, person)
    before = due_today(person, first_cut - dt.timedelta(days=1)), due_today(person, first_cut)[:1]
    plan = tapers.active(person)
    taper.change(
        plan=plan,
        kind=kind,
        reason=taper.Reason("symptoms", "panic since the cut", "agreed in person"),
        by=cast.physician,
        proof=proof(cast.physician),
        seen=plan.latest,
        once=ward.once(),
    )
    assert (due_today(person, first_cut - dt.timedelta(days=1)), due_today(person, first_cut)[:1]) == before
    evening = due_today(person, first_cut)[-1]
    assert evening[0] == "22:00"
    if kind == "step_back":
        assert sum(float(one[1].split()[1]) for one in due_today(person, first_cut + dt.timedelta(days=1))) == 20
