"""Short ways to order, give and answer in the tests of this room."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from glidepath.care.medication import queries, services
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.services import record_observation
from glidepath.care.supply import services as supply
from glidepath.care.supply.models import Location, StockedProduct
from glidepath.clinical.amounts import parse_mg
from glidepath.record import clock
from glidepath.record.staff import services as staffing
from tests.cast import proof, witness_beside

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


def give(row, by, *, rass: int | None = 0, breathing: int | None = 14, **more: Any):
    said = {"once": once(), "witness": witness_beside(by) if row.needs_witness else None} | more
    return services.give(wanted=wanted(row), by=by, rass=rass, breathing=breathing, **said)


def decline(row, by, reason: str = "feels_sick", **more: Any):
    said = {"outcome": "declined", "reason": reason, "once": once()} | more
    return services.answer_dose(wanted=wanted(row), by=by, **said)


def look(person, by, **values: Any):
    return record_observation(person=person, bedside=Bedside(state=State.AWAKE, **values), by=by, once=once())


def sign_leave(cast, person, until: str, **more: Any):
    """The prescriber's signature that leave with register medicines is packed under."""
    said = {"by": cast.physician, "proof": proof(cast.physician), "once": once()} | more
    return services.sign_leave(person=person, until=utc(until), **said)


def leave_with_one_tablet(cast, person, until: str):
    """Ten tablets in the cupboard, and a signed leave that takes one."""
    cupboard = supply.add_location(
        centre=cast.centre, name="Cupboard", kind=Location.Kind.CUPBOARD, unit=cast.unit, by=cast.pharmacist
    )
    ten = StockedProduct.objects.get(centre=cast.centre, medicine="diazepam", strength_ng=10 * MG, is_liquid=False)
    parcel = supply.Delivery(ten, "A", dt.date(2027, 6, 30), 112, 0, 40)
    supply.open_stock(location=cupboard, delivery=parcel, by=cast.pharmacist, second=proof(cast.nurse), once=once())
    sign(cast, person, draft("diazepam", "10", "08:00"))
    sign_leave(cast, person, until)
    return person


def pack_leave(cast, person, until: str, **more: Any):
    said = {
        "explained": "takes them at eight and ten, keeps them in a locked box", "by": cast.nurse,
        "second": proof(cast.second_nurse), "once": once(),
    } | more  # fmt: skip
    return services.pack_leave(person=person, until=utc(until), **said)


def count_back(cast, leave, *became: str, seal: str = "", **more: Any):
    """Both nurses are on shift and count; a seal wherever something is brought back."""
    staffing.start_shift(unit=cast.unit, by=cast.second_nurse)
    sealed = services.Sealed(seal or f"S-{once()[:8]}", "safe") if "back" in became or seal else services.Sealed()
    said = {"by": cast.nurse, "second": proof(cast.second_nurse), "once": once(), "sealed": sealed} | more
    marks = [f"{key}|{at}" for key, at, _ in leave.doses]
    return services.return_leave(pack=leave, became=dict(zip(marks, became, strict=True)), **said)
