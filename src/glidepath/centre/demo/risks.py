"""Suicide risk in the demo: one alert that stands open with its contact and a safety plan, one that was closed by name
with the caring contact done. Written by the services alone; the people are invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from glidepath.care.alarms import services as alarms
from glidepath.care.assessment import services as assessing
from glidepath.care.instruments import services as filling
from glidepath.care.instruments.models import Way
from glidepath.care.instruments.queries import filling_of
from glidepath.care.safety import queries, services
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import Stay, key, proof
from glidepath.record import clock
from glidepath.record.people.models import Person

Act = Callable[[House, Person], None]

PRIYAS_PLAN = {
    "warning_signs": "I stop eating with the others\nI count how many nights are left\nMy chest is tight by noon",
    "alone": "Cold water on my wrists\nWalk round the garden, twice\nThe playlist from Kochi",
    "people_places": "The kitchen when Amara is on\nThe library, second floor",
    "helpers": "My brother Arun\nMeera from my old flat",
    "professionals": "The nurse in charge, at any hour\nDr Fischer, mornings",
    "environment": "My tablets stay in the ward’s cupboard\nArun cleared the flat on Sunday",
}
OWENS_PLAN = {
    "warning_signs": "I sit in the dark and do not put the light on\nI talk to her photograph for hours",
    "alone": "Put the kettle on\nWind the clocks",
    "people_places": "The bench by the canal\nThe men’s choir on Tuesdays",
    "helpers": "My daughter Ellen\nPaul next door",
    "professionals": "The night nurse here\nMy GP, Dr Byrne",
    "environment": "Ellen has taken the old tablets to the pharmacy",
}


def live(house: House, one: Stay) -> None:
    """What happens to this person on this day of their stay, if anything does."""
    act = ACTS.get((one.story.name, one.day))
    if act is not None:
        act(house, one.person)


def priya_answers_alone(house: House, person: Person) -> None:
    """Item 9 on the ward's tablet calls; the nurse goes, the psychologist speaks with her, they make a plan."""
    nurse, psychologist = house.nurse, house.by_username["lena.fischer"]
    form = filling.open_form(
        person=person, instrument="phq_9", filled_by="self", by=nurse, once=key("phq", person.number)
    )
    ninth = filling_of(form).instrument.items[8].key
    filling.answer(form=form, item=ninth, given="1", client_key=key("ninth", person.number), by=None, way=Way.TABLET)
    alarm = queries.alerts(person)[0]
    alarms.attend(alarm=alarm, by=nurse, once=key("risk-attend", person.number))
    alarms.attend(alarm=alarm, by=psychologist, once=key("risk-came", person.number))
    services.record_contact(
        alarm=alarm, by=psychologist, once=key("risk-contact", person.number),
        found=services.Found(
            way="in_person",
            asked="Asked about thoughts, plan, means and earlier attempts. Thoughts since the last cut, most at noon. "
            "No plan, never tried.",
            level="moderate", level_words="Thoughts every day, no plan, asks for help, her brother comes on Sunday.",
            watch="interval", watch_minutes=30, watch_words="level 2 of our house rule", limit_supply=True,
            staged_dispensing=True, taken_away="Her own tablets are in the ward’s cupboard (Amara Okafor).",
            outcome="No cut until Dr Ferreira has seen her. A nurse sits with her at noon.",
            next_contact_at=clock.now() + dt.timedelta(hours=48),
        ),
    )  # fmt: skip
    services.write_plan(
        person=person, content=PRIYAS_PLAN, made_with="Priya, with Dr Fischer", by=psychologist, seen=0,
        once=key("safety-plan", person.number),
    )  # fmt: skip


def owen_says_it(house: House, person: Person) -> None:
    """He says yes when the counsellor asks; the physician comes, and they make a plan with his daughter."""
    counsellor, physician = house.by_username["jun.park"], house.physician
    assessing.record_facts(
        person=person, answers={"suicidality_voiced": "yes"}, by=counsellor, once=key("voiced", person.number)
    )
    alarm = queries.alerts(person)[0]
    alarms.attend(alarm=alarm, by=physician, once=key("risk-attend", person.number))
    services.record_contact(
        alarm=alarm, by=physician, once=key("risk-contact", person.number),
        found=services.Found(
            way="in_person",
            asked="Asked about thoughts, plan and means. Wishes not to wake up, since her birthday. No plan.",
            level="low", level_words="A wish to be with his wife, no intent, talks of Ellen’s visit.",
            watch="interval", watch_minutes=60, limit_supply=True,
            taken_away="Old tablets at home: Ellen brings them to the pharmacy.",
            outcome="Ellen comes this evening. Seen again tomorrow.",
            next_contact_at=clock.now() + dt.timedelta(hours=24),
        ),
    )  # fmt: skip
    plan = services.write_plan(
        person=person, content=OWENS_PLAN, made_with="Owen and his daughter Ellen", by=counsellor, seen=0,
        once=key("safety-plan", person.number),
    )  # fmt: skip
    services.give_copy(plan=plan, how="on paper, by hand", by=counsellor, once=key("safety-copy", person.number))


def owen_is_better(house: House, person: Person) -> None:
    """Closed by name with its outcome."""
    psychologist = house.by_username["lena.fischer"]
    alarms.close(
        alarm=queries.alerts(person)[0], by=psychologist, proof=proof(psychologist),
        words="Seen twice with his daughter. Safety plan made, old tablets gone, no thoughts since yesterday.",
        once=key("risk-close", person.number),
    )  # fmt: skip


def owen_is_asked_again(house: House, person: Person) -> None:
    """The caring contact, within its hours."""
    services.record_caring_contact(
        alarm=queries.alerts(person)[0], way="in_person", reached=True, by=house.nurse,
        words="Slept six hours, wound the clocks, sang on Tuesday.", once=key("risk-caring", person.number),
    )  # fmt: skip


ACTS: Mapping[tuple[str, int], Act] = {
    ("Priya", 11): priya_answers_alone,  # the day before today: her alert stands open
    ("Owen", 20): owen_says_it,
    ("Owen", 21): owen_is_better,
    ("Owen", 23): owen_is_asked_again,
}
