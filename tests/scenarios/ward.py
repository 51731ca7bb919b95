"""Short ways to what every story needs: products on the shelf, a person with a history, the acts of a day."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from fractions import Fraction

from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.medication import queries as doses, services as medication
from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.supply import services as supply
from glidepath.care.taper import services as taper
from glidepath.care.taper.models import Version
from glidepath.care.taper.rows import Chosen
from glidepath.clinical.amounts import parse_mg
from glidepath.clinical.dosing.plan import Goal, Setting, Shape
from glidepath.record import clock
from glidepath.record.people.models import Person
from tests.cast import Cast, admitted_person, episode_of, proof
from tests.remembered import remembered

SHELF = (
    ("diazepam/uk/tablet/2", "2"),
    ("diazepam/uk/tablet/5", "5"),
    ("diazepam/uk/tablet/10", "10"),
    ("diazepam/uk/oral suspension, strong/1.0", "1.0"),
    ("lorazepam/uk/tablet/1", "1"),
    ("lorazepam/uk/tablet/0.5", "0.5"),
)


def once() -> str:
    return uuid.uuid4().hex


@remembered
def stock_shelf(cast: Cast) -> None:
    for key, strength in SHELF:
        supply.stock_product(
            centre=cast.centre, form_key=key, strength_mg=Decimal(strength), by=cast.pharmacist, once=once()
        )


@remembered
def person_with_history(cast: Cast, regimen: str = "diazepam 10 mg 08:00 22:00", **who: object) -> Person:
    """Admitted, with a history of six years, everything asked that a plan needs."""
    person = admitted_person(cast, **who)  # type: ignore[arg-type]
    tell_everything(cast, person, regimen)
    return person


def tell_everything(cast: Cast, person: Person, regimen: str = "diazepam 10 mg 08:00 22:00") -> None:
    """What a plan needs to know, asked in the stay that goes on."""
    assessing.record_use(
        person=person,
        episode=episode_of(person),
        use=assessing.ReportedUse(
            medicine_name=regimen.split()[0],
            source=Source.PRESCRIBED,
            beginning=Beginning.LONG_TERM,
            regimen=regimen,
            days_per_week=7,
            months=Decimal(72),
        ),
        by=cast.nurse,
    )
    no = ("opioid_active", "alcohol_dependent", "past_seizure", "pregnant", "dx_bipolar", "dx_psychotic", "dx_mood",
          "liver_severe", "resp_severe", "dx_osa", "dx_epilepsy", "other_sedatives", "sud_any", "injects_bzd",
          "past_withdrawal_complicated", "sleep_disturbed", "major_medical", "major_psych",
          "suicidality_voiced", "falls_risk")  # fmt: skip
    answers = dict.fromkeys(no, "no") | {"psychosocial_offered": "yes", "naloxone_offered": "yes", "oud_med": "none"}
    assessing.record_facts(person=person, answers=answers, by=cast.nurse)


@remembered
def order(cast: Cast, person: Person, medicine: str, mg: str, *times: str, **more: object) -> Order:
    """A regular order that bridges to a plan."""
    draft = medication.OrderDraft(
        medicine=medicine,
        ng=int(parse_mg(mg) * 1_000_000),
        kind=Order.Kind.REGULAR,
        start_at=clock.now(),
        times=tuple(dt.time.fromisoformat(one) for one in times),
        until_plan=True,
        **{"more_follow": True, **more},  # type: ignore[arg-type]  # a story signs what it is about, and no whole day
    )
    return medication.sign_order(
        person=person, draft=draft, by=cast.physician, proof=proof(cast.physician), once=once(),
        acknowledged="meant so in this story",
    )  # fmt: skip


def draft(regimen: str = "diazepam 10 mg 08:00 22:00", **more: object) -> taper.Draft:
    chosen = Chosen(
        shape=Shape.PROPORTIONAL,
        cut=Fraction(1, 10),
        interval_days=14,
        setting=Setting.RESIDENTIAL,
        goal=Goal(),
        table="va_dod_2021",
    )
    start = more.pop("start")
    return taper.Draft(regimen=regimen, start=start, chosen=chosen, agreed="said so with her counsellor", **more)  # type: ignore[arg-type]


def sign(cast: Cast, person: Person, wanted: taper.Draft) -> Version:
    return taper.sign_plan(
        person=person,
        draft=wanted,
        by=cast.physician,
        proof=proof(cast.physician),
        acknowledged="the tail is steeper in percent; liquid from 2 mg",
        once=once(),
    )


def give_due(cast: Cast, person: Person, rass: int = 0) -> list[DoseAnswer]:
    """Everything that is due about now, given."""
    since = clock.now() - dt.timedelta(hours=5)
    rows = [row for row in doses.for_round([person]) if row.answer is None and row.due.due_at > since]
    return [
        medication.give(
            wanted=medication.Wanted(person, row.due.key, row.due.due_at),
            by=cast.nurse,
            rass=rass,
            breathing=14,
            witness=proof(cast.second_nurse) if row.needs_witness else None,
            once=once(),
        )
        for row in rows
    ]
