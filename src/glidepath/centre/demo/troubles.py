"""The troubles of the demo's stories: two emergencies run by their clock, a hold, a step back.

Marta's seizure went the whole way, from the first tap to a review that two people signed; after Danilo's over-sedation
those who were there still owe its debrief.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from glidepath.care.events import queries as emergencies, services as events
from glidepath.care.events.course import END
from glidepath.care.events.models import Disclosure, Outcome, Running
from glidepath.care.monitoring import happenings, queries as seen, services as monitoring
from glidepath.care.monitoring.bedside import Bedside
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.taper import queries as tapers, services as taper
from glidepath.centre.demo.centre import House
from glidepath.centre.demo.days import key, proof
from glidepath.record import clock
from glidepath.record.people.models import Person

Act = Callable[[House, Person], None]
Taps = Sequence[tuple[int, str]]  # seconds since the first tap, and the line

IN_A_SEIZURE: Taps = (
    (15, "airway"), (30, "recovery"), (50, "physician"), (110, "stopped_1"), (160, "glucose"), (300, "recovered_1"),
    (900, "cause"),
)  # fmt: skip
IN_OVER_SEDATION: Taps = ((20, "breaths"), (40, "oxygen"), (70, "physician"), (1200, "conversion"))
TALKED_OVER, HANDED, NAMED = dt.timedelta(hours=4), dt.timedelta(minutes=22), dt.timedelta(minutes=50)


def happen(house: House, person: Person, what: str) -> None:
    """The trouble of a story, by its name."""
    TROUBLES[what](house, person)


def _seizure(house: House, person: Person) -> None:
    """The night nurse starts the clock and the physician comes; an ambulance crew looks at her, and she stays."""
    nurse = house.night_nurse
    running = _run(house, person, Event.Kind.SEIZURE, IN_A_SEIZURE)
    with clock.at(running.happened_at + HANDED):
        letter = events.disclose(
            running=running, recipient=Disclosure.Recipient.AMBULANCE, by=nurse, once=key("letter", person.number)
        )
    with clock.at(running.happened_at + NAMED):
        events.name_recipient(
            disclosure=letter, name="J. Hale, paramedic", facility="Northern Ambulance Service", by=nurse,
            once=key("letter-named", person.number),
        )  # fmt: skip
        _end(house, running)
    with clock.at(running.happened_at + TALKED_OVER):
        events.debrief(
            running=running, there=[nurse, house.physician], by=nurse, once=key("debrief", person.number),
            went_well="Two were there within the minute; the clock told us when to call for more.",
            missing="The glucose meter had no strips. They were fetched from the next unit.",
            words="She wishes that somebody sits with her the first night after a cut.",
        )  # fmt: skip


def _review(house: House, person: Person) -> None:
    """The manager writes it, the physician signs it too: with that it is closed."""
    running = emergencies.of_person(person)[0]
    manager, today = house.by_username["ruth.aldous"], clock.today(house.centre)
    action = events.ActionGiven(
        "Strips for the glucose meter are counted at each morning's change of shift", house.nurse,
        today + dt.timedelta(days=7),
    )  # fmt: skip
    review = events.write_review(
        running=running, cause="cut_or_gap", factors=["order", "supply"], actions=[action], by=manager,
        words="Lorazepam was last taken eleven hours before; the order of the evening began a dose too late. "
        "The change to a longer-acting medicine waits until seven days without a seizure.",
        proof=proof(manager), once=key("review", "incident", person.number),
    )  # fmt: skip
    events.sign_review(
        review=review, by=house.physician, proof=proof(house.physician), once=key("signed", "incident", person.number)
    )


def _action_done(house: House, person: Person) -> None:
    review = emergencies.review_of(emergencies.of_person(person)[0])
    assert review is not None
    for action in emergencies.actions_of(review):
        events.say_action_done(
            action=action, words="On the list of the change of shift since Monday.", by=house.nurse,
            once=key("action", person.number),
        )  # fmt: skip


def _lift(house: House, person: Person) -> None:
    for event in seen.open_events([person])[person.pk]:
        happenings.review_event(
            event=event, lifted=True, words="Seen with neurology. No further seizure; the level is held.",
            by=house.physician, proof=proof(house.physician), once=key("lift", person.number, event.kind),
        )  # fmt: skip


def _over_sedation(house: House, person: Person) -> None:
    """Found on the round: the values open the event, one tap its clock. Its debrief is still owed."""
    monitoring.record_observation(
        person=person,
        bedside=Bedside(state=Observation.State.AWAKE, rr=10, spo2=93, on_oxygen=False, sbp=104, dbp=62, pulse=58,
                        temperature=Decimal("36.4"), rass=-3),
        by=house.nurse,
        once=key("over-sedation", person.number),
    )  # fmt: skip
    running = _run(house, person, Event.Kind.OVER_SEDATION, IN_OVER_SEDATION)
    with clock.at(running.happened_at + NAMED):
        _end(house, running)


def _run(house: House, person: Person, kind: Event.Kind, taps: Taps) -> Running:
    """The first tap and the lines after it, each at its second; the physician is there from the fourth minute."""
    by = house.night_nurse if kind is Event.Kind.SEIZURE else house.nurse
    running = events.start(person=person, kind=kind, by=by, once=key(kind.value, person.number)).running
    for seconds, line in taps:
        with clock.at(running.happened_at + dt.timedelta(seconds=seconds)):
            events.tap(running=running, line=line, by=by, once=key(kind.value, person.number, line))
    with clock.at(running.happened_at + dt.timedelta(minutes=4)):
        events.tap(
            running=running, line="here", by=by, who=house.physician, once=key(kind.value, person.number, "came")
        )
    return running


def _end(house: House, running: Running) -> None:
    events.tap(
        running=running, line=END, outcome=Outcome.STAYS, by=running.recorded_by,
        once=key(running.kind, running.person.number, "end"),
    )  # fmt: skip


def _hold(house: House, person: Person) -> None:
    _turn(house, person, "hold", "Shaky and tearful since the last cut.")


def _step_back(house: House, person: Person) -> None:
    _turn(house, person, "step_back", "No sleep since the cut.")


def _turn(house: House, person: Person, kind: str, words: str) -> None:
    plan = tapers.active(person)
    if plan is None:
        return
    taper.change(
        plan=plan, kind=kind, reason=taper.Reason("symptoms", words, "agreed in person"), by=house.physician,
        proof=proof(house.physician), seen=plan.latest, once=key(kind, person.number, plan.latest),
    )  # fmt: skip


TROUBLES: Mapping[str, Act] = {
    "seizure": _seizure,
    "seizure_lifted": _lift,
    "seizure_reviewed": _review,
    "review_acted_on": _action_done,
    "over_sedation": _over_sedation,
    "hold": _hold,
    "step_back": _step_back,
}
