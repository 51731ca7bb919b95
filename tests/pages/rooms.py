"""A centre with somebody in every state, and the pages of every room that have a form, with who may send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from glidepath.care.alarms.services import call_for_help
from glidepath.care.medication import services as medication
from glidepath.care.medication.models import DoseAnswer, Order
from glidepath.care.monitoring import services as monitoring
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.tests.looks import awake, ciwa
from glidepath.care.supply.models import StockedProduct
from glidepath.record import clock
from glidepath.record.people import services as people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from tests.cast import PIN, Cast, enquiring_person, proof
from tests.harness import FrozenClock
from tests.scenarios import ward as acts

MORNING = "2026-11-17T07:30"


@dataclass(frozen=True)
class House:
    """One person with a plan and a history of entries, one before admission; and their rows."""

    cast: Cast
    ruth: Person
    held: Person
    caller: Person
    rows: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PageOf:
    """A page, who opens it, and what is typed into it where it is right."""

    name: str
    by: str
    about: tuple[str, ...] = ()  # names of people and rows in the address
    typed: Mapping[str, str] = field(default_factory=dict)
    tail: str = ""

    def __str__(self) -> str:
        return " ".join((self.name, *self.about))

    def address(self, house: House) -> str:
        rows = [house.rows.get(one) or getattr(house, one) for one in self.about]
        return reverse(self.name, args=[row.public_id for row in rows]) + self.tail

    def viewer(self, house: House) -> Staff:
        viewer: Staff = getattr(house.cast, self.by)
        return viewer


def build(cast: Cast, frozen: FrozenClock) -> House:
    """Lives a morning: 07:30 to 08:40 on 17 November 2026."""
    frozen.set(MORNING)
    acts.stock_shelf(cast)
    ruth = acts.person_with_history(cast, preferred_name="Ruth")
    held = acts.person_with_history(cast, preferred_name="Danilo")
    caller = enquiring_person(cast, preferred_name="Elif")
    order = acts.order(cast, ruth, "diazepam", "10", "08:00", "22:00")
    acts.order(cast, held, "diazepam", "10", "08:00", "22:00")
    today = clock.today(cast.centre)
    for person in (ruth, held):
        acts.sign(cast, person, acts.draft(start=today))
    medication.sign_order(
        person=ruth, draft=_prn(), by=cast.physician, proof=proof(cast.physician), acknowledged="for the nights",
        once=acts.once(),
    )  # fmt: skip
    seen = monitoring.record_observation(person=ruth, bedside=awake(), by=cast.nurse, once=acts.once()).row
    score = monitoring.record_ciwa_b(person=ruth, items=ciwa(1), oriented=True, by=cast.nurse, once=acts.once()).row
    fall = monitoring.record_event(
        person=ruth, kind=Event.Kind.FALL, words="from the bed", by=cast.nurse, once=acts.once()
    ).row
    monitoring.record_sleep(person=ruth, night_of=today, minutes=330, by=cast.nurse, once=acts.once())
    people.record_allergy(person=ruth, substance="penicillin", reaction="rash", by=cast.nurse)
    frozen.tick(minutes=40)
    acts.give_due(cast, ruth)
    alarm = call_for_help(person=ruth, by=cast.nurse, once=acts.once())
    frozen.tick(minutes=30)
    return House(
        cast, ruth, held, caller,
        {
            "order": order, "seen": seen, "score": score, "fall": fall, "alarm": alarm, "unit": cast.unit,
            "answer": DoseAnswer.objects.filter(person=ruth).first(),
            "product": StockedProduct.objects.filter(centre=cast.centre).first(),
        },
    )  # fmt: skip


def _prn() -> medication.OrderDraft:
    return medication.OrderDraft(
        medicine="lorazepam", ng=500_000, kind=Order.Kind.PRN, start_at=clock.now(), prn_reason="panic",
        min_interval_minutes=240, max_24h_ng=1_000_000, recheck_minutes=45,
    )  # fmt: skip


_USE = {"medicine_name": "lorazepam", "regimen": "lorazepam 1 mg 08:00 20:00", "source": "prescribed",
        "beginning": "long_term"}  # fmt: skip
_IDENTITY = {"legal_name": "Nadia Okonkwo", "birth_date": "1984-02-29", "preferred_name": "Nadia"}
_NADIA = "?legal_name=Nadia+Okonkwo&birth_date=1984-02-29"
_ORDER = {"medicine": "lorazepam", "amount": "1", "kind": "regular", "times": "08:00", "acknowledged": "meant so"}
_AWAKE = {"state": "awake", "rr": "16", "spo2": "97", "pulse": "76", "sbp": "128", "dbp": "82", "temperature": "37.2",
          "mind": "A", "rass": "0", "on_oxygen": "air"}  # fmt: skip
_CHANGE = {"words": "asks to wait", "agreed": "said so"}
_WHY = {"reason": "wrong row", "why": "wrong row"}

PAGES = (
    PageOf("flow:admit", "nurse", typed=_IDENTITY, tail=_NADIA),
    PageOf("flow:enquiry", "admissions", typed=_IDENTITY | {"caller": "her sister", "words": "a bed"}, tail=_NADIA),
    PageOf("flow:admission", "nurse", ("caller",), _USE | {"how": "on paper"}),
    PageOf("flow:discharge", "physician", ("ruth",), {"prescriber": "Dr Byrne", "reason": "goes home"}),
    PageOf("people:identity", "admissions", ("ruth",)),
    PageOf("people:allergies", "nurse", ("ruth",), {"substance": "latex", "reaction": "rash", "reason": "misheard"}),
    PageOf("people:contacts", "nurse", ("ruth",), {"name": "Anna", "relation": "sister"}),
    PageOf("episodes:team", "nurse", ("ruth",)),
    PageOf("episodes:move", "nurse", ("ruth",)),
    PageOf("episodes:break_glass", "off_shift_nurse", ("ruth",), {"words": "called to the bed"}),
    PageOf("consent:person", "nurse", ("ruth",), {"how": "on paper"}),
    PageOf("assessment:facts", "nurse", ("ruth",)),
    PageOf("assessment:use", "nurse", ("ruth",), _USE),
    PageOf("medication:order", "physician", ("ruth",), _ORDER),
    PageOf("medication:stop", "physician", ("ruth", "order"), {"reason": "written twice"}),
    PageOf("medication:correct", "nurse", ("ruth", "answer"), _WHY),
    PageOf("medication:round", "nurse"),
    PageOf("monitoring:round", "nurse", typed=_AWAKE),
    PageOf("monitoring:person", "nurse", ("ruth",), {"words": "from the chair", "kind": "fall", "hours": "5"}),
    PageOf("monitoring:new", "nurse", ("ruth",), _AWAKE | {"oriented": "yes"}),
    PageOf("monitoring:correct", "nurse", ("ruth", "seen"), _WHY),
    PageOf("monitoring:correct_score", "nurse", ("ruth", "score"), _WHY),
    PageOf("monitoring:correct_event", "nurse", ("ruth", "fall"), _WHY),
    PageOf("monitoring:review", "physician", ("ruth", "fall"), {"words": "walks well", "again": "2026-11-17T20:00"}),
    PageOf("alarms:alarm", "nurse", ("alarm",), {"words": "went there, all well"}),
    PageOf(
        "taper:plan",
        "physician",
        ("caller",),
        {"regimen": "diazepam 10 mg 08:00 22:00", "agreed": "said so"},
        tail="?regimen=diazepam+10+mg+08:00+22:00",
    ),
    PageOf("taper:hold", "physician", ("ruth",), _CHANGE),
    PageOf("taper:slow", "physician", ("ruth",), _CHANGE),
    PageOf("taper:plan", "physician", ("ruth",), {"words": "sleeps well"}),
    PageOf("taper:step_back", "physician", ("ruth",), _CHANGE),
    PageOf("taper:resume", "physician", ("ruth",), _CHANGE),
    PageOf("taper:switch", "physician", ("ruth",), _CHANGE),
    PageOf("taper:amend", "physician", ("ruth",), _CHANGE),
    PageOf("accounts:new", "administrator", typed={"name": "Nadia Rahman", "username": "nadia.rahman"}),
    PageOf("taper:release", "physician", ("ruth",)),
    PageOf("supply:products", "pharmacist", typed={"reason": "a cross line, looked at"}),
    PageOf("centres:settings", "manager", typed={"name": "Beech", "number": "9"}),
    PageOf("staff:shift", "nurse"),
    PageOf("staff:pin", "nurse", typed={"new_pin": "7391", "new_pin_again": "7391", "password": "none"}),
    PageOf("ward:board", "nurse", ("unit",)),
)

PIN_TYPED = PIN
