"""What stands on the glidepath, worked out by hand: doses of each day, events, and a level that names its gaps."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest

from glidepath.care.assessment.models import BenzodiazepineUse
from glidepath.care.medication.queries import orders
from glidepath.care.medication.tests import story
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import series
from glidepath.care.monitoring.services import record_event
from glidepath.care.monitoring.tests import looks
from glidepath.care.taper.levels import Taken, predict
from glidepath.clinical.amounts import Dose
from glidepath.drawing.timeline import Stretch
from glidepath.faces.ward.about import chart_of
from glidepath.faces.ward.timeline import shown
from glidepath.faces.ward.zoom import began, zoom
from glidepath.record import clock
from tests.cast import admitted_person
from tests.scenarios import ward

ORIGIN = dt.datetime(2026, 11, 17, tzinfo=dt.UTC)


def sheet(person, window="stay"):
    chart, now = chart_of(person), clock.now()
    place = zoom({"window": window}, chart.episode, now, person.centre.zone)
    return shown(chart, series(person, began(chart.episode, now), now + dt.timedelta(seconds=1)), place)


@pytest.fixture
def second_day(cast, person, frozen_clock):
    """Given 10 mg at 08:05 and 22:05 on the 17th and at 08:05 on the 18th; it is 10:00 on the 18th."""
    for moment in ("2026-11-17T08:05", "2026-11-17T22:05", "2026-11-18T08:05"):
        frozen_clock.set(moment)
        ward.give_due(cast, person)
    frozen_clock.set("2026-11-18T10:00")
    return person


# --- Axis and doses ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_stay_runs_from_a_week_before_admission_to_four_weeks_ahead(second_day):
    drawn = sheet(second_day).glidepath
    assert drawn.origin == dt.date(2026, 11, 10)
    assert drawn.first == pytest.approx(7 / 24)
    assert drawn.now == pytest.approx(8 + 10 / 24)
    assert drawn.last == pytest.approx(36 + 10 / 24)
    assert drawn.now_label == "Today, day 1"


@pytest.mark.django_db
def test_what_was_given_is_one_stretch_and_what_would_come_is_another(second_day):
    given, ahead = sheet(second_day).glidepath.doses
    assert (given.start, given.end, given.mg, given.kind, given.label) == (7, 9, 20, Stretch.GIVEN, "20")
    assert (ahead.start, ahead.end, ahead.mg, ahead.kind, ahead.label) == (9, 37, 20, Stretch.PROJECTED, "")


@pytest.mark.django_db
def test_the_table_says_day_by_day_what_was_given(second_day):
    today, yesterday = sheet(second_day).rows
    assert (yesterday.date, yesterday.doses, yesterday.diazepam) == (dt.date(2026, 11, 17), "diazepam 20 mg", "20")
    assert (today.date, today.doses, today.diazepam) == (dt.date(2026, 11, 18), "diazepam 10 mg", "20")
    assert (yesterday.events, today.events) == ("Admitted", "")


@pytest.mark.django_db
def test_a_change_of_mood_stands_on_the_line_and_in_the_table(cast, second_day):
    record_event(person=second_day, kind=Event.Kind.MOOD, by=cast.counsellor, once=ward.once())
    drawn = sheet(second_day)
    assert [(one.kind, one.label) for one in drawn.glidepath.happenings][-1] == ("event", "Change of mood")
    assert drawn.rows[0].events == "Change of mood"


@pytest.mark.django_db
def test_a_dose_that_was_declined_is_not_drawn_as_given(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    frozen_clock.set("2026-11-17T22:05")
    (order,) = orders(person)
    story.decline(cast, story.wanted(person, order, story.at("22:00")))
    (row,) = sheet(person).rows
    assert (row.doses, row.diazepam) == ("diazepam 10 mg", "10")


@pytest.mark.django_db
def test_a_dose_given_before_its_time_is_counted_once(cast, person, frozen_clock):
    for moment in ("2026-11-17T08:05", "2026-11-17T21:30"):
        frozen_clock.set(moment)
        (order,) = orders(person)
        story.give(cast, story.wanted(person, order, story.at("08:00" if "08" in moment else "22:00")))
    frozen_clock.set("2026-11-17T21:40")
    assert sheet(person).rows[0].diazepam == "20"


@pytest.mark.django_db
def test_without_a_named_table_lorazepam_counts_by_the_table_that_gives_least(cast, frozen_clock):
    # 10 mg of diazepam equal 1 mg of lorazepam by Ashton, 2 mg by VA/DoD 2021: 2 mg a day is 10 mg at the least
    person = ward.person_with_history(cast, "lorazepam 1 mg 08:00 22:00")
    ward.order(cast, person, "lorazepam", "1", "08:00", "22:00")
    for moment in ("2026-11-17T08:05", "2026-11-17T22:05"):
        frozen_clock.set(moment)
        ward.give_due(cast, person)
    assert sheet(person).rows[0].diazepam == "10"


@pytest.mark.django_db
def test_a_plan_is_drawn_as_it_would_go_on_with_each_step_projected(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T07:30")
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    frozen_clock.set("2026-11-17T08:05")
    ward.give_due(cast, person)
    now, same, first_cut = sheet(person).glidepath.doses[:3]
    assert (now.start, now.end, now.mg, now.kind) == (7, 8, 20, Stretch.GIVEN)
    assert (same.start, same.end, same.mg, same.kind) == (8, 21, 20, Stretch.PROJECTED)
    assert (first_cut.start, first_cut.mg, first_cut.label) == (21, 18, "18")


# --- Events, scores and nights ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_scores_stand_at_their_hour_and_a_partial_one_is_marked(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T12:00")
    looks.seen(person, cast.nurse)
    looks.scored(person, cast.nurse, looks.ciwa(1))
    frozen_clock.set("2026-11-17T18:00")
    looks.seen(person, cast.nurse)
    looks.scored(person, cast.nurse, looks.ciwa(1, c3=None))
    found = sheet(person)
    assert [(one.at, one.value, one.partial) for one in found.glidepath.scores] == [(7.5, 20, False), (7.75, 19, True)]
    assert found.rows[0].ciwa_b == "20, 19 partial"


@pytest.mark.django_db
def test_somebody_about_whom_nothing_is_known_has_no_level_and_not_one_of_zero(cast):
    found = sheet(admitted_person(cast))
    assert found.glidepath.levels == ()
    assert [(row.level, row.diazepam) for row in found.rows] == [("", "")]


@pytest.mark.django_db
def test_over_weeks_the_level_of_a_day_is_its_mean_and_within_two_days_it_rises_and_falls(second_day):
    whole, close = sheet(second_day).glidepath, sheet(second_day, "hours").glidepath
    assert [round(level.at % 1, 6) for level in whole.levels] == [0.5] * len(whole.levels)
    taken = [
        Taken(dt.datetime(2026, 11, day, hour, 5, tzinfo=dt.UTC), Dose(Decimal(10), "diazepam"))
        for day, hour in ((17, 8), (17, 22), (18, 8))
    ]
    midnight = dt.datetime.combine(whole.origin, dt.time.min, tzinfo=dt.UTC)
    day = (dt.date(2026, 11, 17) - whole.origin).days
    uses = BenzodiazepineUse.objects.filter(person=second_day)
    every_minute = [day + minute / 1440 for minute in range(1440)]
    slow = predict(taken, [*uses], origin=midnight, days=every_minute).levels
    drawn = next(level for level in whole.levels if int(level.at) == day)
    for side in ("low", "high"):
        mean = sum(getattr(level, side) for level in slow) / len(slow)
        assert getattr(drawn, side) == pytest.approx(mean, rel=0.01)
    highest, lowest = max(level.high for level in close.levels), min(level.high for level in close.levels)
    assert highest > 1.02 * lowest


# --- The level --------------------------------------------------------------------------------------------------------


def test_nothing_taken_is_no_level():
    assert predict([], [], origin=ORIGIN, days=[0, 1]).levels == ()


@pytest.mark.parametrize("medicine", ["etizolam", "bromazolam", "blue pills"])
def test_a_medicine_that_cannot_be_drawn_is_named_with_the_reason(medicine):
    found = predict([Taken(ORIGIN, Dose(Decimal(1), medicine))], [], origin=ORIGIN, days=[0, 1])
    assert found.levels == ()
    (said,) = found.left_out
    assert said.startswith(f"{medicine}: ")
    assert len(said) > len(medicine) + 10


def test_beside_one_that_cannot_be_drawn_the_other_still_is():
    taken = [Taken(ORIGIN, Dose(Decimal(10), "diazepam")), Taken(ORIGIN, Dose(Decimal(1), "etizolam"))]
    found = predict(taken, [], origin=ORIGIN, days=[0.1, 1])
    assert len(found.levels) == 2
    assert [said.split(":")[0] for said in found.left_out] == ["etizolam"]


def test_a_reported_regimen_holds_on_average_what_was_reported():
    # a linear model in its steady state: the mean over 24 hours is the daily dose itself
    use = BenzodiazepineUse(
        medicine="diazepam", medicine_name="diazepam", regimen="diazepam 10 mg at 08:00, 22:00",
        last_dose_at=ORIGIN + dt.timedelta(days=2),
    )  # fmt: skip
    days = [Fraction(hour, 240) for hour in range(240)]
    found = predict([], [use], origin=ORIGIN, days=[float(day) for day in days])
    assert len(found.levels) == 240
    for side in ("low", "high"):
        mean = sum(getattr(level, side) for level in found.levels) / 240
        assert mean == pytest.approx(20, rel=0.01)


def test_half_the_dose_is_half_the_level():
    whole, half = (
        predict([Taken(ORIGIN, Dose(Decimal(mg), "diazepam"))], [], origin=ORIGIN, days=[0.5, 2.0]).levels
        for mg in (10, 5)
    )
    for one, other in zip(whole, half, strict=True):
        assert other.high == pytest.approx(one.high / 2)
        assert other.low == pytest.approx(one.low / 2)
