"""An alert, a contact about it, a caring contact and a plan, as the tests write them: by the services alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import uuid4

from glidepath.care.alarms import services as alarms
from glidepath.care.alarms.models import Alarm
from glidepath.care.assessment import services as assessment
from glidepath.care.instruments import services as instruments
from glidepath.care.instruments.models import Form, Way
from glidepath.care.safety import queries, services
from glidepath.care.safety.models import CaringContact, RiskContact, SafetyPlan
from glidepath.record import clock
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from tests.cast import proof

LINES = {
    "warning_signs": "I stop answering messages\nI lie awake and count the tablets",
    "alone": "Walk to the river and back",
    "people_places": "The café at the corner\nMy neighbour Ana",
    "helpers": "My sister Inés, 020 7946 0111",
    "professionals": "The night nurse here",
    "environment": "Tablets in the locked box, my sister has the key",
}


def alert(person: Person, by: Staff) -> Alarm:
    """He says yes when he is asked."""
    assessment.record_facts(person=person, answers={"suicidality_voiced": "yes"}, by=by)
    return queries.alerts(person)[0]


def phq_9(person: Person, by: Staff, *, way: Way = Way.STAFF, answered: str = "1") -> Form:
    """Item 9 alone is answered, by this way."""
    form = instruments.open_form(person=person, instrument="phq_9", filled_by="self", by=by)
    change(form, answered, by, way)
    return form


def change(form: Form, answered: str, by: Staff, way: Way = Way.STAFF) -> None:
    alone = None if way != Way.STAFF else by
    item = queries_of_items(form)[8]
    instruments.answer(form=form, item=item, given=answered, client_key=uuid4().hex, by=alone, way=way)


def queries_of_items(form: Form) -> list[str]:
    from glidepath.care.instruments.queries import filling_of

    return [one.key for one in filling_of(form).instrument.items]


def found(**other: Any) -> services.Found:
    """A whole record: face to face, high, somebody stays, a contact tomorrow at this time."""
    whole = services.Found(
        way="in_person",
        asked="Asked about thoughts, plan and means. Thinks of it since last night, no plan.",
        level="high",
        level_words="Thoughts every hour, no sleep, alone at home.",
        watch="constant",
        outcome="A nurse stays. The psychologist sees him at noon.",
        next_contact_at=clock.now() + dt.timedelta(hours=24),
        limit_supply=True,
        taken_away="Belt and razor, kept by the nurse in charge.",
    )
    return replace(whole, **other)


def contact(alarm: Alarm, by: Staff, **other: Any) -> RiskContact:
    return services.record_contact(alarm=alarm, found=found(**other), by=by, once=uuid4().hex)


def close(alarm: Alarm, by: Staff, words: str = "Seen twice, safety plan made, sleeps again.") -> Alarm:
    return alarms.close(alarm=alarm, words=words, by=by, once=uuid4().hex, proof=proof(by))


def caring(alarm: Alarm, by: Staff, *, reached: bool = True, **other: Any) -> CaringContact:
    return services.record_caring_contact(
        alarm=alarm, way="telephone", reached=reached, words="Sleeps, eats, looks forward to Sunday.", by=by,
        once=uuid4().hex, **other,
    )  # fmt: skip


def plan(person: Person, by: Staff, **other: Any) -> SafetyPlan:
    given: dict[str, Any] = {
        "content": LINES, "made_with": "Danilo, alone with me", "seen": 0, "once": uuid4().hex, **other,
    }  # fmt: skip
    return services.write_plan(person=person, by=by, **given)
