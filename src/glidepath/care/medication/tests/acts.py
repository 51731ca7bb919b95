"""Short ways to order, give and answer in the tests of this room."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from glidepath.care.medication import queries, services
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.services import record_observation
from glidepath.clinical.amounts import parse_mg
from glidepath.record import clock
from tests.cast import proof

MG = 1_000_000


def once() -> str:
    return uuid.uuid4().hex


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def draft(medicine: str = "diazepam", mg: str = "10", *times: str, **more: Any) -> services.OrderDraft:
    given: dict[str, Any] = {
        "kind": Order.Kind.REGULAR,
        "start_at": clock.now(),
        "times": tuple(dt.time.fromisoformat(one) for one in times),
        "more_follow": True,  # most tests are about one order, and no whole day
    }
    return services.OrderDraft(medicine=medicine, ng=int(parse_mg(mg) * MG), **{**given, **more})


def outside(medicine: str, mg: str, *times: str, sedative: str = "no", opioid: str = "no", **more: Any):
    """A medicine the formulary does not hold."""
    said = {"is_sedative": YesNoUnknown(sedative), "is_opioid": YesNoUnknown(opioid)}
    return draft(medicine, mg, *times, **said, **more)


def prn(medicine: str = "diazepam", mg: str = "5", **more: Any) -> services.OrderDraft:
    given: dict[str, Any] = {
        "kind": Order.Kind.PRN,
        "prn_reason": "panic",
        "min_interval_minutes": 120,
        "max_24h_ng": 15 * MG,
        "recheck_minutes": 60,
    }
    return draft(medicine, mg, **{**given, **more})


def sign(cast, person, wanted, **more: Any) -> Order:
    said = {"acknowledged": "seen and meant"} | more
    return services.sign_order(
        person=person, draft=wanted, by=cast.physician, proof=proof(cast.physician), once=once(), **said
    )


def stop(cast, order, **more: Any):
    said = {"reason": "not needed any more"} | more
    return services.stop_order(order=order, by=cast.physician, proof=proof(cast.physician), once=once(), **said)


def row_at(person, text: str) -> queries.DueRow:
    """The one dose due at that moment."""
    at = utc(text)
    (row,) = queries.due([person], at, at + dt.timedelta(seconds=1))
    return row


def wanted(row: queries.DueRow) -> services.Wanted:
    return services.Wanted(row.person, row.due.key, row.due.due_at)


def give(row, by, *, rass: int | None = 0, **more: Any):
    return services.give(wanted=wanted(row), by=by, rass=rass, **{"once": once()} | more)


def decline(row, by, reason: str = "feels_sick", **more: Any):
    said = {"outcome": "declined", "reason": reason, "once": once()} | more
    return services.answer_dose(wanted=wanted(row), by=by, **said)


def look(person, by, **values: Any):
    return record_observation(person=person, bedside=Bedside(state=State.AWAKE, **values), by=by, once=once())
