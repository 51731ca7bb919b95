"""The demo centre: the same at every loading, and lived forward without a gap. Two of its people stand for all."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.medication.queries import due_here
from glidepath.care.monitoring.models import Observation
from glidepath.centre.demo import days
from glidepath.centre.demo.live import live_forward
from glidepath.centre.demo.load import load
from glidepath.centre.demo.people import HERE
from glidepath.record import clock
from glidepath.record.episodes.queries import admitted_people, current_episode
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from glidepath.record.staff.services import grant_prescribing
from tests.cast import client_for, proof

pytestmark = pytest.mark.django_db

SAM, DANILO = (next(one for one in HERE if one.name == name) for name in ("Sam", "Danilo"))
TWO = (SAM, replace(DANILO, came=1, acts={0: "over_sedation"}))  # Danilo's sedatives are held since he came
LOADED, LATER = "2026-11-28T09:50", "2026-11-29T23:00"


def quiet(_: str) -> None:
    """Nobody reads the progress here."""


@pytest.fixture
def loaded(frozen_clock) -> None:
    frozen_clock.set(LOADED)
    load(quiet, stories=TWO, back=2)


def here() -> list[Person]:
    return admitted_people(Person.objects.get(legal_name="Sam Whitlock").centre)


def admitted_at(person: Person) -> dt.datetime:
    episode = current_episode(person)
    assert episode is not None
    assert episode.admitted_at is not None
    return episode.admitted_at


def unanswered() -> list[str]:
    rows = [row for person in here() for row in due_here([person], admitted_at(person), clock.now())]
    assert rows
    return [f"{row.person} {row.due}" for row in rows if row.answer is None]


def rounds_without_a_look() -> list[str]:
    """Of each person, the rounds since they came at whose minute nobody looked at them."""
    found = []
    for person in here():
        looked = set(Observation.objects.filter(person=person).values_list("happened_at", flat=True))
        came, zone = admitted_at(person), person.centre.zone
        day = came.astimezone(zone).date()
        while day <= clock.today(person.centre):
            moments = [dt.datetime.combine(day, time, zone).astimezone(dt.UTC) for time in days.ROUNDS]
            found += [f"{person} {at:%F %H:%M}" for at in moments if came < at <= clock.now() and at not in looked]
            day += dt.timedelta(days=1)
    return found


def test_a_loaded_demo_has_every_dose_answered_and_every_round_done(loaded):
    assert len(here()) == 2
    assert (unanswered(), rounds_without_a_look()) == ([], [])


def test_a_demo_that_slept_till_the_next_night_is_lived_forward_without_a_gap_and_only_once(loaded, frozen_clock):
    frozen_clock.set(LATER)
    assert unanswered(), "the rounds between are still to be lived"
    assert rounds_without_a_look()
    live_forward(quiet)
    assert (unanswered(), rounds_without_a_look()) == ([], [])
    lived = (DoseAnswer.objects.count(), Observation.objects.count())
    live_forward(quiet)
    assert (DoseAnswer.objects.count(), Observation.objects.count()) == lived


def test_what_somebody_read_in_between_leaves_no_gap_before_it(loaded, frozen_clock):
    frozen_clock.set("2026-11-28T23:30")
    manager = Staff.objects.get(username="ruth.aldous")
    assert client_for(manager).get("/people/").status_code == 200
    frozen_clock.set(LATER)
    live_forward(quiet)
    assert (unanswered(), rounds_without_a_look()) == ([], [])


def test_what_you_changed_may_refuse_the_demos_physician_and_the_rest_is_lived_all_the_same(frozen_clock):
    """Ruth's next step is due, and the administrator has taken the right to prescribe: the review waits for you."""
    frozen_clock.set("2026-11-20T09:50")
    ruth = replace(next(one for one in HERE if one.name == "Ruth"), came=11)
    load(quiet, stories=(ruth, SAM), back=11)
    by = Staff.objects.get(username="owen.pritchard")
    physician = Staff.objects.get(username="ines.ferreira")
    grant_prescribing(staff=physician, granted=False, by=by, proof=proof(by))
    frozen_clock.set("2026-11-24T23:00")
    said: list[str] = []
    live_forward(said.append)
    assert [
        line for line in said if line.startswith("  left to you. Ruth: Dr Ines Ferreira (physician) may not do this")
    ]
    assert (unanswered(), rounds_without_a_look()) == ([], [])


def told() -> list[list[tuple[object, ...]]]:
    """People, orders, answers and looks, as they read; ids differ from loading to loading."""
    order = ("person__number", "medicine_name", "ng", "kind", "times", "start_at")
    answer = ("person__number", "medicine_name", "due_at", "outcome", "reason", "given_ng", "rass", "happened_at")
    look = ("person__number", "happened_at", "rr", "spo2", "sbp", "pulse", "news2", "rass")
    return [
        list(Person.objects.order_by("number").values_list("number", "legal_name", "birth_date")),
        list(Order.objects.order_by("pk").values_list(*order)),
        list(DoseAnswer.objects.order_by("pk").values_list(*answer)),
        list(Observation.objects.order_by("pk").values_list(*look)),
    ]


def test_two_loads_under_the_same_clock_tell_the_same(frozen_clock):
    frozen_clock.set(LOADED)
    stories = []
    for _ in range(2):
        with transaction.atomic():
            load(quiet, stories=TWO, back=2)
            stories.append(told())
            transaction.set_rollback(True)
    assert all(stories[0])
    assert stories[0] == stories[1]
