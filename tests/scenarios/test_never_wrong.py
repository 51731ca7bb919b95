"""What must never go wrong, walked through the services and pages where no room's own test does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse

from glidepath.care.assessment import services as assessing
from glidepath.care.flow import services as flow
from glidepath.care.flow.admission import MUST_BE_ASKED
from glidepath.care.flow.models import Discharge
from glidepath.care.flow.tests import doors
from glidepath.care.medication import queries as doses
from glidepath.care.medication.models import Order
from glidepath.care.medication.services import alarm_doses_not_taken
from glidepath.care.monitoring import queries as monitoring, services as watching
from glidepath.care.monitoring.bedside import Bedside, Mind, State
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.rounds import round_of
from glidepath.care.taper import queries as tapers, services as taper
from glidepath.care.taper.models import Release, Version
from glidepath.clinical.guidelines.discharge import TOLD
from glidepath.record import clock
from glidepath.record.consent import services as consent
from glidepath.record.episodes.queries import current_episode, people_for
from glidepath.record.errors import BadInput, HardStop
from glidepath.record.people import services as people
from tests.cast import Cast, admitted_person, client_for, enquiring_person, episode_of, make_centre, proof
from tests.scenarios import ward

DAY = dt.date(2026, 11, 17)
VISIT = DAY + dt.timedelta(days=5)
WHOLE = flow.Leaving(
    prescriber="Dr Maeve Byrne",
    prescriber_contact="020 7946 0111",
    first_visit=VISIT,
    supply_until=VISIT + dt.timedelta(days=2),
    naloxone="given",
    told=tuple(TOLD),
)


@pytest.fixture
def cast(frozen_clock) -> Cast:
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    return cast


# --- No dose is changed by software ----------------------------------------------------------------------------------


def due_tomorrow(person):
    since = dt.datetime.combine(DAY + dt.timedelta(days=1), dt.time.min, dt.UTC)
    return [
        (row.due.due_at, row.due.medicine, row.due.dose.mg)
        for row in doses.due([person], since, since + dt.timedelta(days=1))
    ]


def test_whatever_is_seen_scored_or_missed_the_doses_stay_as_they_were_signed(cast, frozen_clock):
    """A prescriber alone changes them: over-sedation holds a dose at the bedside, and none is rewritten."""
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    signed = [(at(DAY, 8), "diazepam", Decimal(10)), (at(DAY, 22), "diazepam", Decimal(10))]
    tomorrow = [(when + dt.timedelta(days=1), *rest) for when, *rest in signed]
    rows = written(person)
    frozen_clock.set("2026-11-17T09:00")
    watching.record_observation(person=person, bedside=too_sedated(), by=cast.nurse, once=ward.once())
    watching.record_ciwa_b(person=person, items=[4] * 20, oriented=True, by=cast.nurse, once=ward.once())
    watching.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=ward.once())
    assert monitoring.sedation_holds([person])
    assert monitoring.freezes(person)
    assert due_tomorrow(person) == tomorrow
    frozen_clock.set("2026-11-18T09:30")
    assert alarm_doses_not_taken(cast.centre) == 1
    assert due_tomorrow(person) == tomorrow
    assert written(person) == rows


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def written(person) -> tuple[int, ...]:
    """Everything that can make a dose: signed versions, released steps, orders."""
    return (
        Version.objects.filter(plan__person=person).count(),
        Release.objects.filter(version__plan__person=person).count(),
        Order.objects.filter(person=person).count(),
    )


def too_sedated() -> Bedside:
    return Bedside(
        State.AWAKE, rr=9, spo2=91, on_oxygen=False, sbp=110, dbp=70, pulse=64, temperature=Decimal("36.6"),
        mind=Mind.VOICE, rass=-3,
    )  # fmt: skip


# --- An overdue observation -------------------------------------------------------------------------------------------


def test_the_round_opens_at_whoever_is_overdue_and_not_at_the_first_bed(cast, frozen_clock):
    first, overdue = admitted_person(cast, bed=cast.beds[0]), admitted_person(cast, bed=cast.beds[1])
    look_at(cast, overdue)
    frozen_clock.tick(hours=1)
    look_at(cast, first)
    frozen_clock.tick(hours=4, minutes=30)
    found = round_of(cast.nurse, cast.unit)
    assert [one.person for one in found.wanted] == [first, overdue], "both are due"
    assert [one.person for one in found.overdue] == [overdue], "90 minutes late, the other 30"
    assert found.at(None).person == overdue


def look_at(cast: Cast, person) -> None:
    watching.record_observation(person=person, bedside=quiet(), by=cast.nurse, once=ward.once())


def quiet() -> Bedside:
    return replace(too_sedated(), rr=16, spo2=97, mind=Mind.ALERT, rass=0)


# --- A seizure freezes the taper --------------------------------------------------------------------------------------

FIRST_CUT = DAY + dt.timedelta(days=14)


def reviewed(cast: Cast, person):
    plan = tapers.active(person)
    taper.record_review(
        plan=plan, decision="go_on", interference="none", sleep_disturbed=False, by=cast.physician, once=ward.once()
    )
    return plan


def release(cast: Cast, plan):
    return taper.release_step(
        plan=plan,
        step_number=2,
        by=cast.physician,
        proof=proof(cast.physician),
        seen=plan.latest,
        once=ward.once(),
    )


def test_a_seizure_keeps_a_released_step_from_beginning(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    frozen_clock.set(at(FIRST_CUT - dt.timedelta(days=2), 10))
    release(cast, reviewed(cast, person))
    assert day_total(person, FIRST_CUT) == 18, "10 % of 20 mg, as released"
    frozen_clock.set(at(FIRST_CUT - dt.timedelta(days=1), 20))
    watching.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=ward.once())
    assert day_total(person, FIRST_CUT) == 20
    assert day_total(person, FIRST_CUT + dt.timedelta(days=60)) == 20


def test_no_step_is_released_while_a_seizure_stands(cast, frozen_clock):
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    frozen_clock.set(at(FIRST_CUT - dt.timedelta(days=2), 10))
    plan = reviewed(cast, person)
    watching.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=ward.once())
    with pytest.raises(HardStop) as stop:
        release(cast, plan)
    assert "SEI-3" in {finding.code for finding in stop.value.findings if finding.stops}
    assert Release.objects.count() == 0


def day_total(person, day: dt.date) -> Decimal:
    rows = doses.due([person], at(day, 0), at(day + dt.timedelta(days=1), 0))
    return sum((row.due.dose.mg for row in rows), Decimal(0))


# --- Both equivalence tables are shown --------------------------------------------------------------------------------


def test_where_the_tables_differ_the_plan_shows_each_of_them_with_its_own_figure(cast):
    """Lorazepam 4 mg a day: 20 mg of diazepam by the VA/DoD table, 40 by Ashton's."""
    person = ward.person_with_history(cast, "lorazepam 2 mg 08:00 22:00")
    text = client_for(cast.physician).get(reverse("taper:plan", args=[person.public_id])).text
    assert 'va-dod-2021</th><td class="n">20\N{NO-BREAK SPACE}mg' in text
    assert 'ashton-2002</th><td class="n">40\N{NO-BREAK SPACE}mg' in text
    assert "× apart" in text


# --- Alcohol and opioids ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unasked", "words"),
    [
        ("alcohol_dependent", "alcohol"),
        ("opioid_active", "opioids"),
        ("past_seizure", "seizures"),
        ("suicidality_voiced", "thoughts of suicide"),
        ("falls_risk", "falls"),
    ],
)
def test_nobody_is_admitted_before_alcohol_opioids_and_seizures_were_asked_about(cast, unasked, words):
    person = ready_for_admission(cast, without=unasked)
    with pytest.raises(BadInput) as refused:
        flow.admit(person=person, bed=cast.beds[0], by=cast.nurse, once=ward.once())
    assert words in str(refused.value)
    assessing.record_facts(person=person, answers={unasked: "unknown"}, by=cast.nurse)
    flow.admit(person=person, bed=cast.beds[0], by=cast.nurse, once=ward.once())
    assert current_episode(person).stage == "admitted", "not known is an answer: somebody asked"


def ready_for_admission(cast: Cast, *, without: str):
    person = enquiring_person(cast)
    people.no_known_allergies(person=person, by=cast.nurse)
    assessing.record_use(
        person=person,
        episode=episode_of(person),
        use=assessing.ReportedUse(medicine_name="diazepam", source="prescribed", beginning="long_term"),
        by=cast.nurse,
    )
    answers = dict.fromkeys(MUST_BE_ASKED, "no")
    answers.pop(without)
    assessing.record_facts(person=person, answers=answers, by=cast.nurse)
    consent.record(episode=episode_of(person), kind="treatment", decision="given", how="signed on paper", by=cast.nurse)
    return person


@pytest.mark.parametrize("page", ["medication:order", "taper:plan"])
def test_the_page_that_orders_a_sedative_says_how_alcohol_and_opioids_stand(cast, page):
    person = ward.person_with_history(cast)
    text = client_for(cast.physician).get(reverse(page, args=[person.public_id])).text
    for name in ("Alcohol", "Opioids"):
        assert f"<b>{name}</b> none, asked 17\N{NO-BREAK SPACE}Nov" in text


# --- No one sees what they may not ------------------------------------------------------------------------------------


def test_lists_of_people_end_at_the_centre_whether_somebody_has_a_bed_or_only_called(cast):
    in_bed, caller = admitted_person(cast), enquiring_person(cast)
    assert set(people_for(cast.nurse)) == {in_bed, caller}
    assert set(people_for(cast.stranger)) == set(), "on shift too, in another centre"


# --- Nobody is discharged to nobody -----------------------------------------------------------------------------------


def leave(cast: Cast, person, leaving: flow.Leaving, **more) -> Discharge:
    doors.go_through(cast, person)
    return flow.discharge(
        person=person, leaving=leaving, by=cast.physician, proof=proof(cast.physician), once=ward.once(), **more
    )


@pytest.fixture
def person(cast):
    """In the middle of a taper: 20 mg a day, released to the first step."""
    person = ward.person_with_history(cast)
    ward.sign(cast, person, ward.draft(start=DAY))
    return person


@pytest.mark.parametrize(
    ("gap", "field"),
    [
        ({"prescriber": " "}, "prescriber"),
        ({"prescriber_contact": ""}, "prescriber_contact"),
        ({"first_visit": None}, "first_visit"),
        ({"supply_until": None}, "supply_until"),
        ({"naloxone": ""}, "naloxone"),
    ],
)
def test_a_discharge_without_prescriber_visit_supply_or_a_word_on_naloxone_does_not_close(cast, person, gap, field):
    with pytest.raises(BadInput) as refused:
        leave(cast, person, replace(WHOLE, **gap))
    assert refused.value.field == field
    assert current_episode(person).stage == "admitted"


@pytest.mark.parametrize(("kind", "code"), [("completed", "DIS-2"), ("transfer", "DIS-2"), ("early", "DIS-5")])
def test_a_supply_that_ends_with_the_first_visit_closes_no_discharge_and_no_reason_overrides_it(
    cast, person, kind, code
):
    too_short = replace(WHOLE, kind=kind, safety_plan=True, supply_until=VISIT)
    with pytest.raises(HardStop) as stop:
        leave(cast, person, too_short, overrides={code: "the bus leaves", "DIS-3": "the bus leaves"})
    assert code in {finding.code for finding in stop.value.findings if finding.stops}
    assert current_episode(person).stage == "admitted"


def test_somebody_with_an_opioid_leaves_without_naloxone_only_by_a_named_reason(cast, person):
    assessing.record_facts(person=person, answers={"opioid_active": "yes"}, by=cast.nurse)
    with pytest.raises(HardStop) as stop:
        leave(cast, person, replace(WHOLE, naloxone="not_due"))
    (finding,) = [one for one in stop.value.findings if one.stops]
    assert (finding.code, "naloxone" in finding.message) == ("DIS-3", True)
    assert current_episode(person).stage == "admitted"


def test_with_prescriber_visit_supply_and_naloxone_it_closes_and_keeps_all_of_them(cast, person):
    row = leave(cast, person, WHOLE)
    assert (row.prescriber, row.first_visit, row.supply_until, row.naloxone) == (
        "Dr Maeve Byrne",
        VISIT,
        VISIT + dt.timedelta(days=2),
        "given",
    )
    assert row.recorded_by == cast.physician
    assert row.happened_at == clock.now()


# --- The dose due is right: who comes back does not find the old taper due --------------------------------------------


def test_who_left_and_comes_back_has_nothing_due_from_the_old_taper_and_can_begin_a_new_one(cast, person, frozen_clock):
    leave(cast, person, WHOLE)
    frozen_clock.set("2026-12-17T07:00")
    episode = flow.open_episode(person=person, by=cast.admissions)
    consent.record(episode=episode, kind="treatment", decision="given", how="said so, Kofi Mensah there", by=cast.nurse)
    people.no_known_allergies(person=person, by=cast.nurse)
    with pytest.raises(BadInput, match="Not yet"):  # what was told in the first stay is not carried over silently
        flow.admit(person=person, bed=cast.beds[0], by=cast.nurse, once=ward.once())
    ward.tell_everything(cast, person)
    flow.admit(person=person, bed=cast.beds[0], by=cast.nurse, once=ward.once())
    assert doses.due([person], clock.now(), clock.now() + dt.timedelta(days=2)) == []
    again = ward.sign(cast, person, ward.draft(start=dt.date(2026, 12, 17)))
    assert again.number == 1
    due = doses.due([person], clock.now(), clock.now() + dt.timedelta(days=1))
    assert [(row.due.due_at.hour, row.due.dose.mg) for row in due] == [(8, Decimal(10)), (22, Decimal(10))]
