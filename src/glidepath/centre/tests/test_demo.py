"""The demo centre: the same at every loading, and lived forward without a gap. Two of its people stand for all."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.db import transaction

from glidepath.care.events import queries as emergencies
from glidepath.care.events.owed import owed
from glidepath.care.instruments.queries import history
from glidepath.care.instruments.waiting import waiting_for
from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.medication.queries import due_here
from glidepath.care.medication.register_check import doses_against_register
from glidepath.care.monitoring import queries as monitoring
from glidepath.care.monitoring.models import Observation, ScaleScore
from glidepath.care.planning import queries as plans
from glidepath.care.safety import queries as safety
from glidepath.care.supply import queries as register, services as stock
from glidepath.care.supply.models import Count
from glidepath.centre.demo import days, risks
from glidepath.centre.demo.live import live_forward
from glidepath.centre.demo.load import load
from glidepath.centre.demo.people import HERE
from glidepath.centre.demo.plans import PLANS
from glidepath.record import clock
from glidepath.record.episodes.queries import admitted_people, current_episode, people_for
from glidepath.record.people.models import Person
from glidepath.record.staff.models import OnCall, Staff
from glidepath.record.staff.queries import cover
from glidepath.record.staff.services import grant_prescribing
from tests.cast import client_for, proof
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

SAM, DANILO = (next(one for one in HERE if one.name == name) for name in ("Sam", "Danilo"))
TWO = (SAM, replace(DANILO, came=1, acts={0: "over_sedation"}))  # Danilo's sedatives are held since he came
LOADED, LATER = "2026-11-28T09:50", "2026-11-29T23:00"


def quiet(_: str) -> None:
    """Nobody reads the progress here."""


@pytest.fixture
def loaded(frozen_clock) -> None:
    frozen_clock.set(LOADED)
    two_people()


@remembered
def two_people() -> None:
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
    """Of each person, the rounds since they came at whose minute nobody looked at them: every round of the first week,
    and every morning after it."""
    found = []
    for person in here():
        looked = set(Observation.objects.filter(person=person).values_list("happened_at", flat=True))
        came, zone = admitted_at(person), person.centre.zone
        day = came.astimezone(zone).date()
        while day <= clock.today(person.centre):
            moments = [dt.datetime.combine(day, time, zone).astimezone(dt.UTC) for time in days.ROUNDS]
            wanted = moments if (day - came.astimezone(zone).date()).days <= 7 else moments[:1]
            found += [f"{person} {at:%F %H:%M}" for at in wanted if came < at <= clock.now() and at not in looked]
            day += dt.timedelta(days=1)
    return found


def test_a_loaded_demo_has_every_dose_answered_and_every_round_done(loaded):
    assert len(here()) == 2
    assert (unanswered(), rounds_without_a_look()) == ([], [])


def test_who_is_scored_for_alcohol_or_an_opioid_has_the_score_and_none_is_due_at_once(loaded):
    scored = {(one.person.legal_name, one.scale) for one in ScaleScore.objects.all()}
    assert scored == {("Sam Whitlock", "ciwa_ar"), ("Danilo Reyes", "cows")}
    assert all(not one.is_due for due in monitoring.due(here()).values() for one in due.scales)


def test_a_demo_that_slept_till_the_next_night_is_lived_forward_without_a_gap_and_only_once(loaded, frozen_clock):
    frozen_clock.set(LATER)
    assert unanswered(), "the rounds between are still to be lived"
    assert rounds_without_a_look()
    live_forward(quiet)
    assert (unanswered(), rounds_without_a_look()) == ([], [])
    lived = (DoseAnswer.objects.count(), Observation.objects.count())
    live_forward(quiet)
    assert (DoseAnswer.objects.count(), Observation.objects.count()) == lived


def test_a_demo_opened_in_the_night_shows_its_people_until_the_morning(frozen_clock):
    frozen_clock.set("2026-11-26T01:40")
    load(quiet, stories=TWO, back=2)
    frozen_clock.set("2026-11-26T09:00")
    nurse = Staff.objects.get(username="amara.okafor")
    assert {one.legal_name for one in people_for(nurse)} >= {one.legal for one in TWO}


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


def test_plans_of_the_demo_are_signed_in_the_persons_words_and_one_has_a_review_due(frozen_clock):
    frozen_clock.set(LOADED)
    ruth = replace(next(one for one in HERE if one.name == "Ruth"), came=2)
    load(quiet, stories=(ruth,), back=2)
    person = Person.objects.get(legal_name="Ruth Albrecht")
    version = plans.newest_of(person)
    assert version is not None
    assert {one.goal.words for one in plans.plan_of(version.content).problems} == set(PLANS["Ruth"].goals.values())
    due = plans.due_of(person)
    assert due is not None
    assert due.risk_benefit.on is None  # nobody recorded it: it is due, and never in time
    assert due.waits


def test_one_alert_of_the_demo_stands_open_with_its_plan_and_one_is_closed_with_the_contact_done(
    frozen_clock, monkeypatch
):
    acts = {("Priya", 0): risks.priya_answers_alone, ("Owen", 0): risks.owen_says_it, ("Owen", 1): risks.owen_is_better}
    monkeypatch.setattr(risks, "ACTS", acts | {("Owen", 2): risks.owen_is_asked_again})
    stays = {"Priya": 1, "Owen": 2}
    frozen_clock.set("2026-11-28T15:00")  # after the midday round
    load(quiet, stories=[replace(one, came=stays[one.name]) for one in HERE if one.name in stays], back=2)
    priya, owen = (Person.objects.get(preferred_name=name) for name in stays)
    due = safety.contacts_due([priya, owen])
    assert (safety.is_open(priya), safety.is_open(owen)) == (True, False)
    assert (due[priya.pk].is_missed, due.get(owen.pk)) == (False, None)
    assert all(not safety.plan_state(one).is_due for one in (priya, owen))


def test_one_emergency_of_the_demo_is_closed_by_two_and_of_another_the_debrief_is_owed(frozen_clock):
    acts = {0: "seizure", 1: "seizure_lifted", 2: "seizure_reviewed", 3: "review_acted_on"}
    marta = replace(next(one for one in HERE if one.name == "Marta"), came=3, acts=acts)
    frozen_clock.set(LOADED)
    load(quiet, stories=(marta, TWO[1]), back=3)
    closed, owes = (emergencies.of_person(Person.objects.get(preferred_name=name))[0] for name in ("Marta", "Danilo"))
    review = emergencies.review_of(closed)
    assert emergencies.closed_at(review) is not None
    course = emergencies.course_of(closed)
    assert (course.outcome, [one.is_named for one in course.disclosures]) == ("stays", [True])
    assert course.fits[0].lasted(clock.now()) == dt.timedelta(seconds=110)
    assert all(hasattr(action, "done") for action in emergencies.actions_of(review))
    assert emergencies.debrief_of(owes) is None
    nurse = Staff.objects.get(username="amara.okafor")
    assert {(one.person.preferred_name, one.what) for one in owed(nurse)} == {("Danilo", "debrief")}


def test_a_prescriber_and_a_nurse_of_the_demo_are_on_call_now_and_for_three_days(loaded, frozen_clock):
    listed = [one for one in cover(here()[0].centre_id, clock.now()).duties if one.on_call]
    for hours in range(3 * 24):
        moment = clock.now() + dt.timedelta(hours=hours)
        called = [one.staff for one in listed if one.counts(moment)]
        assert sorted(one.role for one in called) == ["nurse", "physician"], moment
        assert all(one.may_prescribe for one in called if one.role == "physician")
    before = OnCall.objects.count()
    frozen_clock.set(LATER)  # a day later
    live_forward(quiet)
    assert OnCall.objects.count() == before + 2, "a further day, and nobody twice"


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


def test_the_demo_keeps_a_register_that_agrees_with_its_doses(loaded: None) -> None:
    centre = here()[0].centre
    assert isinstance(register.verify(centre), register.Whole)
    assert all(line.is_explained for line in register.reconcile(centre))
    check = doses_against_register(centre, clock.now() - dt.timedelta(days=3), clock.now())
    assert check.issued > 0
    assert check.agrees
    (difference,) = register.open_differences(centre)
    assert difference.words == "1 tablet missing"


def test_a_count_that_you_left_open_is_yours_and_the_demo_lives_on(loaded: None, frozen_clock) -> None:
    centre = here()[0].centre
    cupboard = next(one for one in register.locations(centre) if one.gives_doses)
    you = Staff.objects.get(username="hilde.vos")
    count = stock.begin_count(location=cupboard, kind=Count.Kind.SHIFT, by=you, once="mine")
    numbers = {line.batch.public_id: 0 for line in register.standing(count).lines}
    stock.enter_count(count=count, counted=numbers, by=you, once="mine-too")
    said: list[str] = []
    frozen_clock.set(LATER)
    live_forward(said.append)
    assert any("Register:" in words for words in said)
    assert isinstance(register.verify(centre), register.Whole)


def test_most_of_what_the_schedule_asks_is_filled_in_and_nobody_is_called_by_it(frozen_clock):
    frozen_clock.set("2026-11-28T15:00")  # after the midday round
    load(quiet, stories=(SAM,), back=2)
    sam = Person.objects.get(preferred_name="Sam")
    filled = [one.instrument for one in history(sam)]
    waits = [key for one in waiting_for(sam).missed for key in one.instruments]
    assert len(filled) >= 12
    assert len(waits) <= 4
    assert all(one.score.complete for one in history(sam) if one.instrument != "experience")
    assert not safety.is_open(sam)
