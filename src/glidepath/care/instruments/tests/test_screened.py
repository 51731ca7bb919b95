"""A screen leads to a problem and to a day, never to a diagnosis. Days are counted by hand from 17 November 2026."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.instruments import ports, services
from glidepath.care.instruments.ports import LastDose
from glidepath.care.instruments.screened import screened
from glidepath.clinical.facts.load import instrument
from glidepath.record.centres.models import CentreSettings


@pytest.fixture
def last_dose(monkeypatch):
    """`last_dose(person, day, is_past)`: as the taper room would tell it."""

    def one(person, day: dt.date, *, is_past: bool) -> None:
        monkeypatch.setattr(ports, "_last_doses", lambda people: {person.pk: LastDose(day, is_past)})

    return one


def fill(opened, cast, key: str, value: str, count: int):
    form = opened(key)
    for item in instrument(key).items[:count]:
        services.answer(form=form, item=item.key, given=value, client_key=f"tapped-{form.pk}-{item.key}", by=cast.nurse)
    return services.close_form(form=form, by=cast.nurse)


def words_of(person) -> list[str]:
    return [one.words for one in screened([person])[person.pk]]


def test_a_score_below_the_bands_that_count_says_nothing(opened, cast, person):
    fill(opened, cast, "phq_9", "1", 9)  # 9: mild
    assert words_of(person) == []


def test_while_the_last_dose_is_not_in_sight_no_day_is_invented(opened, cast, person):
    fill(opened, cast, "phq_9", "2", 9)  # 18: moderately severe
    [said] = words_of(person)
    assert said.startswith(
        "PHQ-9 18, moderately severe, on 17 Nov 2026: a screen for depressive symptoms. Possible withdrawal"
    )
    assert "not known yet" in said


def test_within_four_weeks_of_the_last_dose_it_is_possible_withdrawal_with_a_day(opened, cast, person, last_dose):
    last_dose(person, dt.date(2026, 10, 21), is_past=True)  # 27 days before the form
    fill(opened, cast, "gad_7", "2", 7)  # 14: moderate
    assert words_of(person)[0].endswith("Possible withdrawal, re-test from 18 Nov 2026")


def test_four_weeks_after_the_last_dose_it_is_what_it_is(opened, cast, person, last_dose):
    last_dose(person, dt.date(2026, 10, 20), is_past=True)  # 28 days before the form
    fill(opened, cast, "gad_7", "2", 7)
    assert words_of(person) == ["GAD-7 14, moderate, on 17 Nov 2026: a screen for anxiety"]


def test_a_planned_last_dose_gives_a_day_that_may_move(opened, cast, person, last_dose):
    last_dose(person, dt.date(2027, 1, 1), is_past=False)
    fill(opened, cast, "phq_9", "2", 9)
    assert words_of(person)[0].endswith("re-test from 29 Jan 2027, as the plan stands")


def test_the_centre_may_wait_longer(opened, cast, person, last_dose):
    CentreSettings.objects.filter(centre=cast.centre).update(readings={"retest_after_days": "42"})
    last_dose(person, dt.date(2026, 10, 20), is_past=True)
    fill(opened, cast, "gad_7", "2", 7)
    assert words_of(person)[0].endswith("re-test from 1 Dec 2026")  # 42 days after 20 October


def test_what_withdrawal_does_not_raise_is_not_put_off(opened, cast, person):
    fill(opened, cast, "isi", "21", 1)  # a slot for the total alone; 15 to 21 is moderate
    assert "Possible withdrawal" not in words_of(person)[0]


def test_only_the_last_result_counts(opened, cast, person, frozen_clock):
    fill(opened, cast, "phq_9", "2", 9)
    frozen_clock.set("2026-11-24T10:00")
    fill(opened, cast, "phq_9", "0", 9)
    assert words_of(person) == []
