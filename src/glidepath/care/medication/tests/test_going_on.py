"""A planned move and an empty shelf ask a prescriber a day before; and the dose goes on until somebody decides."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.queries import uses_of
from glidepath.care.medication import services
from glidepath.care.medication.going_on import questions
from glidepath.care.medication.going_on_acts import CAUSE
from glidepath.care.medication.tests.acts import draft, give, once, outside, prn, row_at, sign, utc
from glidepath.care.medication.tests.conftest import no_allergies
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Location, StockedProduct
from glidepath.care.supply.tests import register as stock
from glidepath.record.episodes.services import drop_move, move_bed, plan_move
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import client_for, episode_of, proof
from tests.scenarios import ward

pytestmark = [pytest.mark.django_db, pytest.mark.clock]
WEDNESDAY = dt.date(2026, 11, 18)  # it is Tuesday the 17th, 07:00


@pytest.fixture
def taking(cast, person):
    """20 mg of diazepam a day, at 08:00 and 22:00."""
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    return person


@pytest.fixture
def register(cast):
    products = StockedProduct.objects.filter(centre=cast.centre, medicine="diazepam")
    kinds = Location.Kind
    return stock.Register(
        cast=cast,
        ten=products.get(strength_ng=10_000_000),
        liquid=products.get(is_liquid=True),
        cupboard=stock.location(cast, "Willow cupboard", kinds.CUPBOARD, cast.unit),
        other=stock.location(cast, "Pharmacy", kinds.PHARMACY),
        quarantine=stock.location(cast, "Quarantine", kinds.QUARANTINE),
    )


def another(cast, **who):
    """One more who has taken a benzodiazepine for years."""
    found = ward.person_with_history(cast, preferred_name="Ilse", **who)
    no_allergies(cast, found)
    return found


def plan(cast, person, on=WEDNESDAY, *, bed=None):
    kind = "into" if bed else "leave"
    return plan_move(episode=episode_of(person), kind=kind, on=on, bed=bed, by=cast.nurse, once=once())


def say(cast, person, choice, *, asked=None, by=None, **more):
    asked, by = asked or questions([person])[0], by or cast.physician
    said = {"words": "Dr Byrne, seen on Thursday", "proof": proof(by), "once": once()} | more
    return services.say_how_it_goes_on(person=person, key=asked.key, about=asked.at, choice=choice, by=by, **said)


def words(person) -> list[str]:
    return [one.words for one in questions([person])]


# --- A planned move ---------------------------------------------------------------------------------------------------


def test_a_planned_discharge_asks_a_day_before_its_day_begins_and_again_when_it_has_come(cast, taking, frozen_clock):
    plan(cast, taking, on=dt.date(2026, 11, 19))
    frozen_clock.set("2026-11-17T23:59")
    assert services.alarm_going_on(cast.centre) == 0
    frozen_clock.set("2026-11-18T00:00")
    assert [services.alarm_going_on(cast.centre) for _ in range(2)] == [1, 0]
    alarm = open_alarm(taking, CAUSE)
    assert (alarm.rank, alarm.prescriber_closes) == ("soon", True)
    assert alarm.message == "Planned to leave on 19 Nov: say how the benzodiazepine goes on."
    frozen_clock.set("2026-11-19T00:00")
    assert [services.alarm_going_on(cast.centre) for _ in range(2)] == [1, 0]
    assert open_alarm(taking, CAUSE).rank == "now"


def test_a_move_to_another_unit_asks_and_one_within_the_unit_does_not(cast, taking, frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    within = plan(cast, taking, bed=cast.beds[3])
    assert words(taking) == []
    drop_move(move=within, by=cast.nurse)
    plan(cast, taking, bed=cast.other_bed)
    assert words(taking) == ["Planned to move to Aspen on 18 Nov: say how the benzodiazepine goes on."]


def test_a_plan_that_was_dropped_or_carried_out_asks_nothing(cast, taking, frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    drop_move(move=plan(cast, taking), by=cast.nurse)
    assert words(taking) == []
    plan(cast, taking, bed=cast.other_bed)
    move_bed(episode=episode_of(taking), bed=cast.other_bed, by=cast.nurse, urgent="a night with too few on the unit")
    assert words(taking) == []


def test_who_takes_it_only_as_needed_is_asked_about_too_and_who_takes_none_is_not(cast, person, frozen_clock):
    sign(cast, person, outside("ibuprofen", "400", "08:00"))
    plan(cast, person)
    frozen_clock.set("2026-11-17T09:00")
    assert words(person) == []
    sign(cast, person, prn("diazepam", "5"))
    assert len(words(person)) == 1


def test_whom_the_facts_rule_dependence_out_for_is_not_asked_about(cast, frozen_clock):
    person = another(cast, regimen="diazepam 2 mg 22:00")
    sign(cast, person, draft("diazepam", "2", "22:00"))
    plan(cast, person)
    frozen_clock.set("2026-11-17T09:00")
    assert len(words(person)) == 1
    known = assessing.ReportedUse(
        "diazepam", assessing.Source.PRESCRIBED, assessing.Beginning.LONG_TERM, "diazepam 2 mg 22:00",
        days_per_week=2, months=Decimal(6),
    )  # fmt: skip
    (wrong,) = uses_of([person])[person.pk]
    assessing.record_use(
        person=person, episode=episode_of(person), use=known, by=cast.nurse, supersedes=wrong,
        correction_reason="as the pharmacy says",
    )  # fmt: skip
    assert words(person) == []


# --- An empty shelf ---------------------------------------------------------------------------------------------------


def test_the_first_dose_the_register_does_not_hold_asks_a_day_before(cast, taking, register, frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    stock.opened(register, pieces=2)  # tonight's and this morning's
    assert words(taking) == []
    frozen_clock.set("2026-11-17T08:00")  # tomorrow's of 08:00 is a day ahead
    assert words(taking) == [
        "diazepam 10 mg tablet: too little for the dose of 18 Nov at 08:00; Willow holds 2 tablets."
    ]
    assert [services.alarm_going_on(cast.centre) for _ in range(2)] == [1, 0]
    give(row_at(taking, "2026-11-17T08:00"), cast.nurse)
    assert [services.alarm_going_on(cast.centre) for _ in range(2)] == [0, 0]  # one tablet less, the same question
    assert questions([taking])[0].at == utc("2026-11-18T08:00")


def test_doses_are_served_in_order_of_time_over_everybody_of_the_unit(cast, taking, register, frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    other = another(cast)
    sign(cast, other, draft("diazepam", "10", "14:00"))
    stock.opened(register, pieces=2)  # 08:00 his, 14:00 hers; nothing is left for his of 22:00
    asked = questions([taking, other])
    assert [(one.person, one.at) for one in asked] == [(taking, utc("2026-11-17T22:00"))]


def test_stock_that_expires_before_the_dose_does_not_count(cast, taking, register, frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    stock.opened(register, pieces=50, expires=dt.date(2026, 11, 17))
    assert [one.at for one in questions([taking])] == [utc("2026-11-18T08:00")]


def test_stock_that_came_answers_it_and_what_no_register_is_kept_for_asks_nothing(cast, taking, register, frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    assert words(taking) == []
    stock.opened(register, pieces=1)
    assert len(words(taking)) == 1
    stock.opened(register, pieces=20, lot="A2")
    assert words(taking) == []


def test_the_pharmacys_stock_is_not_the_units(cast, taking, register, frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    batch = stock.opened(register, pieces=9)
    supply.transfer(
        batch=batch, source=register.cupboard, target=register.other, quantity=36, by=cast.nurse,
        second=proof(cast.pharmacist), once=once(),
    )  # fmt: skip
    assert len(words(taking)) == 1


# --- The answer -------------------------------------------------------------------------------------------------------


def test_an_answer_closes_the_call_and_holds(cast, taking, frozen_clock):
    plan(cast, taking)
    frozen_clock.set("2026-11-17T09:00")
    services.alarm_going_on(cast.centre)
    row = say(cast, taking, "arranged")
    assert (row.choice, row.recorded_by, open_alarm(taking, CAUSE)) == ("arranged", cast.physician, None)
    frozen_clock.set("2026-11-18T09:00")
    assert services.alarm_going_on(cast.centre) == 0


def test_a_move_that_waits_asks_again_when_its_day_has_come_and_it_still_stands(cast, taking, frozen_clock):
    plan(cast, taking)
    frozen_clock.set("2026-11-17T09:00")
    say(cast, taking, "waits")
    assert words(taking) == []
    frozen_clock.set("2026-11-18T00:00")
    assert len(words(taking)) == 1


def test_stock_that_was_to_be_brought_and_was_not_asks_again_at_the_dose(cast, taking, register, frozen_clock):
    stock.opened(register, pieces=1)
    frozen_clock.set("2026-11-17T08:00")
    give(row_at(taking, "2026-11-17T08:00"), cast.nurse)
    say(cast, taking, "brought")
    assert words(taking) == []
    frozen_clock.set("2026-11-17T22:00")
    assert words(taking)[0].startswith("The moment has come: ")


def test_another_day_of_the_move_asks_anew(cast, taking, frozen_clock):
    first = plan(cast, taking)
    frozen_clock.set("2026-11-17T09:00")
    say(cast, taking, "arranged")
    drop_move(move=first, by=cast.nurse)
    plan(cast, taking, on=dt.date(2026, 11, 17))
    assert len(words(taking)) == 1


def test_what_is_no_answer_is_refused_and_nothing_is_asked_twice(cast, taking, frozen_clock):
    plan(cast, taking)
    frozen_clock.set("2026-11-17T09:00")
    (asked,) = questions([taking])
    for wrong, field in (({"choice": "brought"}, "choice"), ({"choice": "arranged", "words": " "}, "words")):
        with pytest.raises(BadInput) as refused:
            say(cast, taking, asked=asked, **wrong)
        assert refused.value.field == field
    with pytest.raises(NotAllowed):
        say(cast, taking, "arranged", asked=asked, by=cast.nurse)
    key = once()
    assert say(cast, taking, "arranged", asked=asked, once=key) == say(cast, taking, "arranged", asked=asked, once=key)
    with pytest.raises(ChangedMeanwhile, match="Dr Ines Ferreira"):
        say(cast, taking, "waits", asked=asked, by=cast.second_physician)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_asks_and_the_answer_closes_the_call(cast, taking, frozen_clock):
    plan(cast, taking)
    frozen_clock.set("2026-11-17T09:00")
    services.alarm_going_on(cast.centre)
    client, (asked,) = client_for(cast.physician), questions([taking])
    address = f"/people/{taking.public_id}/medicines/goes-on/{asked.key}/"
    assert address in client.get(f"/people/{taking.public_id}/medicines/").text
    page = client.get(address).text
    assert "Planned to leave on 18 Nov" in page
    assert 'value="arranged"' in page
    assert 'value="brought"' not in page
    sent = {"once": once(), "about": asked.at.isoformat(), "choice": "arranged", "words": "Dr Byrne", "pin": "2580"}
    assert client.post(address, sent | {"words": ""}).status_code == 422
    assert client.post(address, sent).status_code == 303
    assert open_alarm(taking, CAUSE) is None
    assert client.get(address).status_code == 404


def test_the_same_queries_for_two_people_and_for_five(cast, taking, register, frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    stock.opened(register, pieces=1)
    people = [taking]
    for number in (1, 2, 3, 4):
        person = another(cast, bed=cast.beds[number])
        sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
        plan(cast, person)
        people.append(person)
    counted = []
    for some in (people[:2], people):
        with CaptureQueriesContext(connection) as seen:
            assert questions(some)
        counted.append(len(seen))
    assert counted[0] == counted[1]
