"""Three invented callers and how each is answered: a bed here, an ambulance, and care nearer home with a way there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from glidepath.care.alarms import services as alarms
from glidepath.care.alarms.queries import open_alarms
from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.flow import services as flow
from glidepath.care.flow.screen import BEFORE_ACCEPTING
from glidepath.centre.demo import days
from glidepath.centre.demo.centre import House
from glidepath.clinical.guidelines.first_call import ADVICE, RED_FLAGS
from glidepath.record import clock
from glidepath.record.people.models import Person

MORNING, SCREENED = dt.time(9, 40), dt.time(11, 20)
NO_FLAGS = dict.fromkeys(RED_FLAGS, "no")
SAID = tuple(ADVICE)


@dataclass(frozen=True, slots=True)
class Caller:
    """One caller. called: days before today. flags, facts, told: what the call brings. answer: from the day of it."""

    name: str
    legal: str
    born: str
    caller: str
    words: str
    called: int
    answer: Callable[[dt.date], flow.Answer]
    regimen: str = ""
    months: Decimal = Decimal(0)
    source: Source = Source.PRESCRIBED
    place: str = "at home"
    flags: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    screened: bool = True  # False: the answer comes at once, from the call alone


def _a_bed(day: dt.date) -> flow.Answer:
    return flow.Answer(
        kind="accept",
        level="residential",
        planned_on=day + dt.timedelta(days=3),
        words="There is a bed for you; the usual dose goes on until then.",
        said=SAID,
    )


def _an_ambulance(day: dt.date) -> flow.Answer:
    return flow.Answer(
        kind="redirect",
        level="emergency",
        why="emergency",
        words="You are confused and feverish: that needs a hospital now, before anything else.",
        elsewhere="St Brigid's emergency department",
        elsewhere_contact="999; ward desk 020 7946 0777",
        bridging="The ambulance crew has the name and dose of the medicine and when it was last taken; "
        "the ward goes on with the usual dose.",
        bridging_by="Dr Ines Ferreira, by telephone with the emergency physician",
        next_contact_on=day + dt.timedelta(days=1),
        said=("emergency",),
    )


def _nearer_home(day: dt.date) -> flow.Answer:
    return flow.Answer(
        kind="redirect",
        level="outpatient",
        why="nearer",
        words="You want to stay near your grandchildren. Your own doctor can do this with you.",
        elsewhere="Elm Street Practice, Dr Alan Whitby",
        elsewhere_contact="020 7946 0456",
        bridging="Dr Whitby prescribes the usual dose by the week, to be had at the Market Pharmacy, until the first "
        "visit there.",
        bridging_by="Dr Alan Whitby, who agreed by telephone",
        next_contact_on=day + dt.timedelta(days=7),
        said=SAID,
    )


CALLERS = (
    Caller(
        "Vera", "Vera Sandoval", "1971-05-19", "Vera herself", "Wants to sleep without tablets one day.", 2, _a_bed,
        "lorazepam 1 mg 08:00 14:00 22:00", Decimal(60),
        told={"past_seizure": "yes", "sud_any": "no", "major_psych": "no"},
    ),
    Caller(
        "Amir", "Amir Haddad", "1962-01-08", "his wife", "Stopped four days ago; hot, and does not know the day.", 1,
        _an_ambulance, "alprazolam 2 mg 08:00 20:00", Decimal(36),
        flags={"confusion": "yes", "fever_with_confusion": "yes"},
        told={"stopped_without_taper": "yes"}, screened=False,
    ),
    Caller(
        "Sigrid", "Sigrid Olofsson", "1948-10-02", "Sigrid herself", "Diazepam since her husband died.", 4,
        _nearer_home, "diazepam 2 mg 08:00 22:00", Decimal(30),
        told={"major_medical": "no", "major_psych": "no", "sud_any": "no"},
    ),
)  # fmt: skip


def live(house: House, day: dt.date, today: dt.date) -> None:
    """The calls of that day and, later the same day, their answers."""
    for one in CALLERS:
        if (today - day).days == one.called:
            person = _call(house, one, day)
            if person is not None:
                _answer(house, person, one, day)


def went_elsewhere(house: House, person: Person, words: str) -> None:
    """Somebody of longer ago: redirected with the way there, and seen there the same day."""
    answer = replace(_nearer_home(clock.today(house.centre)), words=words)
    flow.decide(
        person=person, answer=answer, by=house.physician, proof=days.proof(house.physician),
        once=days.key("decide", person.preferred_name),
    )  # fmt: skip
    flow.record_contact(
        person=person, outcome="seen", words="they told us so", by=house.admissions,
        once=days.key("seen", person.preferred_name),
    )  # fmt: skip


def _call(house: House, one: Caller, day: dt.date) -> Person | None:
    moment = days.at(house, day, MORNING)
    if moment > clock.now():
        return None
    with clock.at(moment):
        return flow.take_call(
            who=flow.Identity(one.legal, dt.date.fromisoformat(one.born), one.name),
            caller=one.caller,
            told_not_to_stop=True,
            words=one.words,
            by=house.admissions,
            once=days.key("call", one.name),
            told=flow.Told(
                agrees="self" if "herself" in one.caller else "yes",
                place=one.place,
                red_flags=NO_FLAGS | one.flags,
                advice=SAID,
                handed_to=house.nurse.name,
                use=_use(one, moment),
            ),
        )


def _use(one: Caller, called_at: dt.datetime) -> assessing.ReportedUse:
    stopped = dt.timedelta(days=4) if one.told.get("stopped_without_taper") == "yes" else dt.timedelta(hours=1)
    return assessing.ReportedUse(
        medicine_name=one.regimen.split()[0],
        source=one.source,
        beginning=Beginning.LONG_TERM,
        regimen=one.regimen,
        days_per_week=7,
        months=one.months,
        last_dose_at=called_at - stopped,
    )


def _answer(house: House, person: Person, one: Caller, day: dt.date) -> None:
    moment = days.at(house, day, SCREENED if one.screened else MORNING) + dt.timedelta(minutes=5)
    if moment > clock.now():
        return
    with clock.at(moment):
        days.start_shifts(house)
        answers: dict[str, Any] = dict.fromkeys(BEFORE_ACCEPTING, "no") if one.screened else {}
        assessing.record_facts(
            person=person, answers=answers | one.told, by=house.nurse, once=days.key("screen", one.name)
        )
        answer = one.answer(day)
        flow.prepare(person=person, answer=answer, by=house.nurse, once=days.key("prepare", one.name))
        flow.decide(
            person=person, answer=answer, by=house.physician, proof=days.proof(house.physician),
            once=days.key("decide", one.name),
        )  # fmt: skip
        _close_the_call(house, person, one)


def _close_the_call(house: House, person: Person, one: Caller) -> None:
    """Who was called for a red flag spoke with the caller until help was there."""
    for ringing in open_alarms([person]):
        by, words = house.physician, "on the line until the ambulance was there"
        key = days.key("rang", one.name, ringing.alarm.cause)
        alarms.attend(alarm=ringing.alarm, by=by, once=f"{key}-there")
        alarms.close(alarm=ringing.alarm, words=words, by=by, once=key, proof=days.proof(by))
