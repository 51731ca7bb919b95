"""A person on a rapid inpatient protocol: the unit, the two who sign, the batch, and the values of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from glidepath.care.monitoring import services as watching
from glidepath.care.monitoring.bedside import Bedside, Mind, State
from glidepath.care.taper import queries, services as taper
from glidepath.care.taper.models import Batch, DayReview, Plan, Version
from glidepath.clinical.amounts import Dose
from glidepath.clinical.dosing.plan import Goal, Setting
from glidepath.clinical.guidelines.day_review import StopConditions
from glidepath.record.centres import services as centres
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staff
from glidepath.record.staff.models import Staff
from tests.cast import Cast, proof
from tests.scenarios import ward

USUAL = StopConditions(
    ciwa_b_at_most=40, ciwa_b_rise_under=10, rass_at_least=-1, rass_at_most=1, news2_at_most=4, values_hours=4
)


def open_rapid_unit(cast: Cast, *protocols: str) -> None:
    """The inpatient unit with its staff on shift, an addiction physician among them, and the protocols switched on."""
    centres.change_settings(centre=cast.centre, changes={"inpatient_protocols": protocols or ("etg",)}, by=cast.manager)
    for one in (cast.physician, cast.second_physician, cast.nurse, cast.second_nurse):
        staff.start_shift(unit=cast.other_unit, by=one)
    staff.name_addiction_physician(
        staff=cast.second_physician, granted=True, by=cast.administrator, proof=proof(cast.administrator)
    )


def inpatient(cast: Cast, regimen: str = "diazepam 20 mg 08:00 22:00") -> Person:
    return ward.person_with_history(cast, regimen, bed=cast.other_bed, preferred_name="Danilo")


def draft(
    start: dt.date, regimen: str = "diazepam 20 mg 08:00 22:00", *, protocol: str = "etg", kept: str = "20"
) -> taper.Draft:
    goal = Goal((Dose(Decimal(kept), "diazepam"),)) if kept else Goal()
    plain = ward.draft(regimen, start=start)
    chosen = replace(plain.chosen, setting=Setting.INPATIENT_MEDICAL, goal=goal, protocol=protocol)
    return replace(plain, chosen=chosen)


def sign(
    cast: Cast,
    person: Person,
    wanted: taper.Draft,
    *,
    second: Staff | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Version:
    return taper.sign_plan(
        person=person,
        draft=wanted,
        by=cast.physician,
        proof=proof(cast.physician),
        second=proof(second or cast.second_physician),
        overrides=overrides,
        acknowledged="by the protocol, watched every day",
        once=ward.once(),
    )


def sign_batch(
    cast: Cast,
    plan: Plan,
    *,
    last_step: int = 6,
    conditions: StopConditions = USUAL,
    overrides: Mapping[str, str] | None = None,
) -> Batch:
    return taper.sign_batch(
        plan=plan,
        last_step=last_step,
        conditions=conditions,
        by=cast.physician,
        proof=proof(cast.physician),
        second=proof(cast.second_physician),
        seen=plan.latest,
        overrides=overrides,
        once=ward.once(),
    )


def look(cast: Cast, person: Person, *, ciwa: int = 1, **vitals: object) -> None:
    """A whole set of vital signs with RASS, and a CIWA-B of twenty answers `ciwa` each (20 by default)."""
    calm = Bedside(
        State.AWAKE, rr=14, spo2=97, on_oxygen=False, sbp=124, dbp=78, pulse=72, temperature=Decimal("36.8"),
        mind=Mind.ALERT, rass=0,
    )  # fmt: skip
    seen = replace(calm, **vitals)  # type: ignore[arg-type]
    watching.record_observation(person=person, bedside=seen, by=cast.nurse, once=ward.once())
    watching.record_ciwa_b(person=person, items=[ciwa] * 20, oriented=True, by=cast.nurse, once=ward.once())


def review(cast: Cast, person: Person, *, by: Staff | None = None, **more: object) -> DayReview:
    """The day's review of whatever step is next."""
    running = queries.running([person])[person.pk]
    plan = queries.active(person)
    assert plan is not None
    assert running.following is not None
    reviewer = by or cast.nurse
    given: Mapping[str, object] = {
        "plan": plan, "step_number": running.following.number, "interference": "bearable", "sleep_disturbed": False,
        "by": reviewer, "proof": proof(reviewer), "seen": plan.latest, "once": ward.once(),
    }  # fmt: skip
    return taper.record_day_review(**{**given, **more})  # type: ignore[arg-type]
