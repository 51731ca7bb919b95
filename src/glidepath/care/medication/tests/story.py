"""Short ways for the tests of this room: an order of any kind, a due dose, an answer to it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import uuid4

from glidepath.care.medication import queries, services
from glidepath.care.medication.models import DoseAnswer, Order, YesNoUnknown
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.queries import open_events
from glidepath.care.monitoring.services import review_event
from glidepath.record import clock
from glidepath.record.people.models import Person
from tests.cast import Cast, proof, witness_beside

NG = 1_000_000  # nanograms in a milligram


def once() -> str:
    return uuid4().hex


def at(text: str, day: int = 17) -> dt.datetime:
    """A moment of November 2026. The centre stands in London, which keeps UTC then."""
    return dt.datetime.combine(dt.date(2026, 11, day), dt.time.fromisoformat(text), dt.UTC)


def draft(medicine: str, mg: str = "10", *times: str, **more: Any) -> services.OrderDraft:
    given: dict[str, Any] = {
        "medicine": medicine,
        "ng": int(Decimal(mg) * NG),
        "kind": Order.Kind.REGULAR,
        "start_at": clock.now(),
        "times": tuple(dt.time.fromisoformat(one) for one in times),
        "more_follow": True,  # a story signs what it is about, and no whole day
    }
    return services.OrderDraft(**(given | more))


def prn(medicine: str = "lorazepam", mg: str = "0.5", **more: Any) -> services.OrderDraft:
    """Every four hours at most, one mg in 24 hours, looked at again after one hour."""
    limits = {"min_interval_minutes": 240, "max_24h_ng": NG, "recheck_minutes": 60, "prn_reason": "panic"}
    return draft(medicine, mg, kind=Order.Kind.PRN, **(limits | more))


def signed(cast: Cast, person: Person, wanted: services.OrderDraft, **more: Any) -> Order:
    by = more.pop("by", cast.physician)
    more.setdefault("acknowledged", "meant so, for these days")
    return services.sign_order(
        person=person, draft=wanted, by=by, proof=proof(by), once=more.pop("once", once()), **more
    )


def outside(cast: Cast, person: Person, sedative: YesNoUnknown, *times: str, medicine: str = "sertraline") -> Order:
    """A medicine that the formulary does not have."""
    wanted = draft(medicine, "50", *times, is_sedative=sedative, is_opioid=YesNoUnknown.NO)
    return signed(cast, person, wanted)


def wanted(person: Person, order: Order, moment: dt.datetime) -> services.Wanted:
    """The dose that this order makes due at this moment, as a page would name it."""
    rows = queries.due([person], moment, moment + dt.timedelta(seconds=1))
    return services.Wanted(person, next(row.due.key for row in rows if row.order == order), moment)


def give(cast: Cast, dose: services.Wanted, **more: Any) -> DoseAnswer:
    given = {"by": cast.nurse, "rass": 0, "breathing": 14, "once": once()} | more
    given.setdefault("witness", witness_beside(given["by"]))
    return services.give(wanted=dose, **given)


def decline(cast: Cast, dose: services.Wanted, **more: Any) -> DoseAnswer:
    given = {"by": cast.nurse, "outcome": "declined", "reason": "talk_first", "once": once()} | more
    return services.answer_dose(wanted=dose, **given)


def over_sedation(person: Person) -> Event | None:
    return next((one for one in open_events([person])[person.pk] if one.kind == Event.Kind.OVER_SEDATION), None)


def lift(cast: Cast, event: Event) -> None:
    review_event(
        event=event,
        lifted=True,
        words="Awake and talking.",
        by=cast.physician,
        proof=proof(cast.physician),
        once=once(),
    )


def answers(person: Person) -> list[DoseAnswer]:
    return queries.answers_of(person, clock.now() - dt.timedelta(days=3))
