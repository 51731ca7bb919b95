"""A centre with somebody in every state, and the pages of every room that have a form, with who may send them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse

from glidepath.care.alarms.models import Alarm
from glidepath.care.alarms.services import call_for_help
from glidepath.care.assessment import services as assessment
from glidepath.care.assessment.models import Mouth
from glidepath.care.events.models import Running
from glidepath.care.events.tests import emergencies
from glidepath.care.flow.tests.screens import BRIDGED, decide
from glidepath.care.instruments import services as instruments
from glidepath.care.medication import services as medication
from glidepath.care.medication.models import DoseAnswer, Order, YesNoUnknown
from glidepath.care.monitoring import services as monitoring
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.tests.looks import awake, ciwa
from glidepath.care.notes.models import Note
from glidepath.care.notes.services import sign_note
from glidepath.care.planning import queries as planning
from glidepath.care.planning.tests import plans
from glidepath.care.safety import queries as safety
from glidepath.care.safety.tests import risk
from glidepath.care.supply.models import Discrepancy, Location, Movement, OwnBag, StockedProduct
from glidepath.care.supply.tests import in_the_house
from glidepath.care.taper import measured
from glidepath.clinical.monitoring.observation_plan import Intervals
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.clinical.planning.values import ProblemKind
from glidepath.faces.handover.tests.handovers import hand_over
from glidepath.record import clock
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.people import services as people
from glidepath.record.people.models import Person
from glidepath.record.staff.models import Staff
from tests.cast import PIN, Cast, enquiring_person, episode_of, proof
from tests.harness import FrozenClock
from tests.remembered import remembered
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


@remembered
def build(cast: Cast, frozen: FrozenClock) -> House:
    """Lives a morning: 07:30 to 08:40 on 17 November 2026."""
    frozen.set(MORNING)
    acts.stock_shelf(cast)
    ruth = acts.person_with_history(cast, preferred_name="Ruth")
    held = acts.person_with_history(cast, preferred_name="Danilo")
    caller = enquiring_person(cast, preferred_name="Elif")
    gone = enquiring_person(cast, preferred_name="Selim")
    decide(cast, gone, BRIDGED | {"next_contact_on": clock.today(cast.centre)})
    order = acts.order(cast, ruth, "diazepam", "10", "08:00", "22:00")
    acts.order(cast, held, "diazepam", "10", "08:00", "22:00")
    today = clock.today(cast.centre)
    for person in (ruth, held):
        acts.sign(cast, person, acts.draft(start=today))
    medication.sign_order(
        person=ruth, draft=_prn(), by=cast.physician, proof=proof(cast.physician), acknowledged="for the nights",
        once=acts.once(),
    )  # fmt: skip
    taken, asks = _by_word(cast, ruth), _asks(cast, ruth)
    seen = monitoring.record_observation(person=ruth, bedside=awake(), by=cast.nurse, once=acts.once()).row
    score = monitoring.record_ciwa_b(person=ruth, items=ciwa(1), oriented=True, by=cast.nurse, once=acts.once()).row
    mood = monitoring.record_event(person=ruth, kind=Event.Kind.MOOD, by=cast.nurse, once=acts.once()).row
    fall = monitoring.record_event(
        person=ruth, kind=Event.Kind.FALL, words="from the bed", by=cast.nurse, once=acts.once()
    ).row
    alcohol = _scored(cast, ruth)
    weight = monitoring.record_measurement(
        person=ruth, value=monitoring.Value("weight", Decimal("70.5"), "kg"), by=cast.nurse, once=acts.once()
    )
    note = sign_note(
        person=ruth, kind=Note.Kind.PROGRESS, words="Slept badly, ate well.", by=cast.nurse, proof=proof(cast.nurse),
        once=acts.once(), for_handover=True,
    )  # fmt: skip
    monitoring.record_sleep(person=ruth, night_of=today, minutes=330, by=cast.nurse, once=acts.once())
    signed = plans.sign(ruth, cast.nurse, plans.a_plan(ruth, ProblemKind.SLEEP))
    plans.draft(ruth, cast.nurse, plans.a_plan(ruth, ProblemKind.SLEEP, ProblemKind.FALLS))
    line = _assessed(cast, ruth)
    forms = {
        key: instruments.open_form(person=ruth, instrument=key, filled_by="self", by=cast.nurse)
        for key in ("phq_9", "sleep_log", "gad_7")
    }
    for form in (forms["phq_9"], forms["gad_7"]):
        first = "interest" if form.instrument == "phq_9" else "nervous"
        instruments.answer(form=form, item=first, given="2", client_key=acts.once(), by=cast.nurse)
    instruments.close_form(form=forms["gad_7"], by=cast.nurse)
    people.record_allergy(person=ruth, substance="penicillin", reaction="rash", by=cast.nurse)
    frozen.tick(minutes=40)
    acts.give_due(cast, ruth)
    alarm = call_for_help(person=ruth, by=cast.nurse, once=acts.once())
    frozen.tick(minutes=30)
    level = measured.record(
        person=ruth, measured=monitoring.Measured("diazepam", Decimal(500), "St Anne"), drawn_at=clock.now(),
        by=cast.nurse, once=acts.once(),
    )  # fmt: skip
    alert = _at_risk(cast, held)
    over, talked = (_ended(cast, held, talked=one) for one in (False, True))
    in_the_house.keep_a_register(cast, ruth)
    return House(
        cast, ruth, held, caller,
        {
            "leaves": episodes.plan_move(
                episode=episode_of(ruth), kind="leave", on=today + dt.timedelta(days=1), by=cast.nurse
            ),
            "runs": emergencies.started(ruth, cast.nurse, Event.Kind.FALL), "over": over, "talked": talked,
            "gone": gone, "order": order, "taken": taken, "asks": asks,
            "seen": seen, "score": score, "fall": fall, "mood": mood, "alarm": alarm,
            "unit": cast.unit, "alcohol": alcohol, "weight": weight, "note": note,
            "level": level, "alert": alert,
            "aim": planning.objective_row(ruth, UUID(plans.first_objective(signed).key)),
            "answer": DoseAnswer.objects.filter(person=ruth).first(),
            "handover": hand_over(cast),
            "returned": _returned(cast, frozen), "line": line, "of_the_person": _Part("person"),
            "of_the_body": _Part("medical"), "of_medicines": _Part("medicines"),
            "phq": forms["phq_9"], "sleep_log": forms["sleep_log"], "gad": forms["gad_7"],
            "product": StockedProduct.objects.filter(centre=cast.centre).first(),
            "cupboard": Location.objects.get(kind="cupboard"), "counting": Location.objects.get(kind="trolley"),
            "entry": Movement.objects.order_by("seq").last(), "batch": Movement.objects.order_by("seq")[0].batch,
            "difference": Discrepancy.objects.get(), "bag": OwnBag.objects.get(seal="LB-1"),
            "given_up": OwnBag.objects.get(seal="LB-2"),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class _Part:
    """A part of the assessment, which is addressed by its name."""

    public_id: str


def _assessed(cast: Cast, person: Person) -> Any:
    """Two mouths that disagree, and a line of the list of medicines."""
    for mouth, value in ((Mouth.PERSON, "no"), (Mouth.FAMILY, "yes")):
        assessment.record_facts(person=person, answers={"dx_osa": value}, by=cast.nurse, mouth=mouth)
    sertraline = assessment.Medicine("sertraline", ("person",))
    return assessment.record_medicine(person=person, medicine=sertraline, by=cast.nurse)


def _scored(cast: Cast, person: Person) -> Any:
    """In alcohol withdrawal too: an observation plan with CIWA-Ar, and a score."""
    assessment.record_facts(person=person, answers={"alcohol_withdrawal": "yes"}, by=cast.nurse)
    until = clock.now() + dt.timedelta(days=2)
    monitoring.set_observation_plan(
        person=person, intervals=Intervals(4, 4, {Scale.CIWA_B: 4, Scale.CIWA_AR: 4}), until=until, reason="drinks",
        by=cast.physician, proof=proof(cast.physician), once=acts.once(), knows_looser=True,
    )  # fmt: skip
    return monitoring.record_scale(
        person=person, scale=Scale.CIWA_AR, items=[1] * 9 + [0], by=cast.nurse, once=acts.once()
    )


def _returned(cast: Cast, frozen: FrozenClock) -> Person:
    """Somebody who was here before: one answer of then, and a new call."""
    person = enquiring_person(cast, preferred_name="Ilse")
    assessment.record_facts(person=person, answers={"driving": "yes"}, by=cast.nurse)
    episode = current_episode(person)
    assert episode is not None
    episodes.change_stage(episode=episode, stage=Stage.DISCHARGED, by=cast.nurse, reason="went elsewhere")
    frozen.tick(minutes=1)
    episodes.open_enquiry(person=person, by=cast.nurse)
    return person


def _at_risk(cast: Cast, person: Person) -> Alarm:
    """An answer called, a psychologist came, and there is a safety plan."""
    risk.phq_9(person, cast.nurse)
    alarm = safety.alerts(person)[0]
    risk.contact(alarm, cast.psychologist)
    risk.caring(alarm, cast.nurse, reached=False)
    risk.plan(person, cast.psychologist)
    return alarm


def _ended(cast: Cast, person: Person, *, talked: bool) -> Running:
    """A fall that is over, and was talked over or not."""
    running = emergencies.started(person, cast.nurse, Event.Kind.FALL)
    emergencies.ended(running, cast.nurse)
    if talked:
        emergencies.talked(running, cast)
    return running


def _by_word(cast: Cast, person: Person) -> Order:
    """A nurse took it, and nobody has signed it yet."""
    draft = medication.OrderDraft(
        medicine="paracetamol", ng=500_000_000, kind=Order.Kind.ONCE, start_at=clock.now() + dt.timedelta(hours=9),
        is_sedative=YesNoUnknown.NO, is_opioid=YesNoUnknown.NO,
    )  # fmt: skip
    return medication.take_verbal_order(
        person=person, draft=draft, prescriber=cast.physician, read_back=True, by=cast.nurse,
        proof=proof(cast.nurse), acknowledged="she knows", once=acts.once(),
    )  # fmt: skip


def _asks(cast: Cast, person: Person) -> Order:
    """Beside the plan, with a date at which it asks."""
    draft = medication.OrderDraft(
        medicine="lorazepam", ng=500_000, kind=Order.Kind.REGULAR, start_at=clock.now(), times=(dt.time(21),),
        end_at=clock.now() + dt.timedelta(hours=20), more_follow=True,
    )  # fmt: skip
    return medication.sign_order(
        person=person, draft=draft, by=cast.physician, proof=proof(cast.physician), acknowledged="for the nights",
        once=acts.once(),
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
_LEVEL = {"value": "500", "drawn_at": "2026-11-17T08:30", "laboratory": "St Anne", "words": "before the dose"}
_SPOKE = {"way": "telephone", "asked": "asked about a plan", "level": "low", "level_words": "no plan", "watch": "usual",
          "outcome": "seen tonight", "next_contact_at": "2026-11-18T10:00", "reached": "yes",
          "words": "sleeps"}  # fmt: skip
_DELIVERY = {"lot": "B7", "expires_on": "2027-08-31", "container": "28", "containers": "3", "loose": "2 1/2",
             "supplier": "Supply Ltd, 1 Road, reg 7", "document": "DN 17"}  # fmt: skip
_BAG = {"seal": "LB-9", "kept_where": "safe", "name_1": "a syrup", "size_1": "80"}
_WHY = {"reason": "wrong row", "why": "wrong row"}

PAGES = (
    PageOf("flow:admit", "nurse", typed=_IDENTITY, tail=_NADIA),
    PageOf("flow:enquiry", "admissions", typed=_IDENTITY | {"caller": "her sister", "words": "a bed"}, tail=_NADIA),
    PageOf("flow:admission", "nurse", ("caller",), _USE | {"how": "on paper"}),
    PageOf("flow:call", "nurse", ("caller",), {"caller": "her sister", "use-medicine_name": "lorazepam"}),
    PageOf("flow:screen", "nurse", ("caller",), _USE | {"words": "nearer home", "elsewhere": "Elm Street Practice"}),
    PageOf("flow:screen", "physician", ("gone",), {"elsewhere": "Elm Street Practice", "words": "nearer home"}),
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
    PageOf("assessment:overview", "nurse", ("returned",)),
    PageOf("assessment:domain", "nurse", ("ruth", "of_the_person"), {"value": "as it is"}),
    PageOf("assessment:domain", "psychologist", ("ruth", "of_medicines")),
    PageOf("assessment:domain", "nurse", ("ruth", "of_the_body"), {"reason": "the letter says so"}),
    PageOf("assessment:sign", "nurse", ("ruth", "of_the_body"), {"words": "well in body"}),
    PageOf("assessment:past_taper", "nurse", ("ruth",), {"medicine_name": "lorazepam", "speed": "a quarter a week"}),
    PageOf("assessment:substance", "nurse", ("ruth",), {"amount": "two glasses", "name": "wine"}),
    PageOf("assessment:add_medicine", "pharmacist", ("ruth",), {"medicine_name": "sertraline", "sources": "letter"}),
    PageOf("assessment:decide", "physician", ("ruth", "line"), {"reason": "it helps", "decision": "continue"}),
    PageOf("assessment:check", "pharmacist", ("ruth", "line"), {"words": "as on the box"}),
    PageOf("instruments:forms", "nurse", ("ruth",), {"instrument": "gad_7"}),
    PageOf("instruments:form", "nurse", ("ruth", "phq"), {"reason": "opened twice", "last_day": "2026-11-20"}),
    PageOf("instruments:form", "nurse", ("ruth", "sleep_log"), {"reason": "opened twice", "last_day": "2026-11-20"}),
    PageOf("instruments:result", "nurse", ("ruth", "gad"), {"reason": "another person's"}),
    PageOf("assessment:diagnoses", "physician", ("ruth",), {"code": "F13.20", "words": "a word", "because": "a count"}),
    PageOf("instruments:setup", "manager", typed={"key": "ours", "text": "x", "definition": "x"}),
    PageOf("flow:medicines", "physician", ("ruth",)),
    PageOf("flow:medicines_to", "physician", ("ruth", "unit")),
    PageOf("medication:order", "physician", ("ruth",), _ORDER),
    PageOf("medication:leave", "nurse", ("ruth",), {"until": "2026-11-18T10:00", "explained": "at eight and ten"}),
    PageOf("medication:leave", "physician", ("ruth",), {"allowed_until": "2026-11-18T10:00", "words": "with Ana"}),
    PageOf("medication:verbal", "nurse", ("ruth",), _ORDER | {"outside": "on"}),
    PageOf("medication:sign", "physician", ("ruth", "taken")),
    PageOf("medication:renew", "physician", ("ruth", "asks"), {"until": "2026-11-20T10:00", "reason": "goes on"}),
    PageOf("medication:goes_on", "physician", ("ruth", "leaves"), {"choice": "arranged", "words": "Dr Byrne"}),
    PageOf("medication:stop", "physician", ("ruth", "order"), {"reason": "written twice"}),
    PageOf("medication:correct", "nurse", ("ruth", "answer"), _WHY),
    PageOf("medication:left_over", "nurse", ("ruth", "answer"), {"reason": "spat out the half", "is_sealed": "on"}),
    PageOf("medication:round", "nurse"),
    PageOf("monitoring:round", "nurse", typed=_AWAKE),
    PageOf("monitoring:person", "nurse", ("ruth",), {"words": "from the chair", "kind": "fall", "hours": "5"}),
    PageOf("monitoring:new", "nurse", ("ruth",), _AWAKE | {"oriented": "yes"}),
    PageOf("monitoring:correct", "nurse", ("ruth", "seen"), _WHY),
    PageOf("monitoring:correct_score", "nurse", ("ruth", "score"), _WHY),
    PageOf("monitoring:correct_scale", "nurse", ("ruth", "alcohol"), _WHY),
    PageOf("monitoring:plan", "physician", ("ruth",), {"reason": "first days", "until": "2026-11-18T10:00"}),
    PageOf("monitoring:values", "nurse", ("ruth",), {"name": "weight", "value": "70", "unit": "kg"}),
    PageOf("monitoring:correct_value", "nurse", ("ruth", "weight"), _WHY),
    PageOf("notes:notes", "counsellor", ("ruth",), {"words": "Spoke of going home."}),
    PageOf("notes:amend", "nurse", ("ruth", "note"), _WHY),
    PageOf("monitoring:correct_event", "nurse", ("ruth", "fall"), _WHY),
    PageOf("monitoring:correct_event", "counsellor", ("ruth", "mood"), _WHY),
    PageOf("monitoring:review", "physician", ("ruth", "fall"), {"words": "walks well", "again": "2026-11-17T20:00"}),
    PageOf("events:choose", "nurse", ("ruth",)),
    PageOf("events:running", "nurse", ("ruth", "runs")),
    PageOf("events:after", "nurse", ("held", "over"), {"went_well": "help came", "missing": "a lamp"}),
    PageOf("events:after", "manager", ("held", "talked"), {"words": "the floor was wet", "pin": PIN}),
    PageOf("alarms:alarm", "nurse", ("alarm",), {"words": "went there, all well", "ordered": "fluids, seen at noon"}),
    PageOf("alarms:on_call", "nurse"),
    PageOf("staff:calls", "nurse", (), {"email": "marta@centre.example"}),
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
    PageOf(
        "taper:plan",
        "physician",
        ("caller",),
        {"regimen": "diazepam 10 mg 08:00 22:00", "milestones": "week 20: 0", "agreed": "said so"},
        tail="?regimen=diazepam+10+mg+08:00+22:00&shape=drawn&milestones=week+20:+0",
    ),
    PageOf("taper:return", "physician", ("ruth",), _CHANGE | {"last_taken": "2026-11-16"}),
    PageOf("taper:supply", "physician", ("ruth",), _CHANGE),
    PageOf("taper:bridge", "physician", ("ruth",), _CHANGE | {"prescriber": "Dr Byrne", "first_visit": "2026-11-25"}),
    PageOf("taper:level", "nurse", ("ruth",), _LEVEL),
    PageOf("taper:correct_level", "physician", ("ruth", "level"), _LEVEL | _WHY),
    PageOf("planning:draft", "nurse", ("ruth",)),
    PageOf("planning:draft", "psychologist", ("held",)),
    PageOf("planning:sign", "nurse", ("ruth",), {"persons_words": "said yes", "reason": "a fall", "pin": PIN}),
    PageOf("planning:review", "counsellor", ("ruth",), {"persons_view": "I sleep longer"}),
    PageOf("planning:objective", "psychologist", ("ruth", "aim")),
    PageOf("safety:person", "psychologist", ("held",), {"words": "seen, plan made", "pin": PIN}),
    PageOf("safety:contact", "counsellor", ("held", "alert"), _SPOKE),
    PageOf("safety:caring", "nurse", ("held", "alert"), _SPOKE),
    PageOf("safety:write", "psychologist", ("held",), {"made_with": "Danilo", "alone": "Sing", "reason": "he sings"}),
    PageOf("safety:plan", "nurse", ("held",), {"words": "still right", "how": "on paper"}),
    PageOf("accounts:new", "administrator", typed={"name": "Nadia Rahman", "username": "nadia.rahman"}),
    PageOf("taper:release", "physician", ("ruth",)),
    PageOf("supply:products", "pharmacist", typed={"reason": "a cross line, looked at"}),
    PageOf("supply:register", "pharmacist", typed={"name": "Second cupboard"}),
    PageOf("supply:receive", "pharmacist", ("cupboard",), _DELIVERY),
    PageOf("supply:transfer", "nurse", ("cupboard",), {"quantity": "2 1/2"}),
    PageOf("supply:leave", "nurse", ("cupboard",), {"quantity": "1", "reason": "fell", "document": "C 1"}),
    PageOf("supply:report", "manager", ("cupboard",), {"words": "the seal is torn"}),
    PageOf("supply:count", "nurse", ("cupboard",)),
    PageOf("supply:count", "nurse", ("counting",)),
    PageOf("supply:reverse", "nurse", ("entry",), _WHY),
    PageOf("supply:recall", "pharmacist", ("batch",), {"reason": "the maker's letter"}),
    PageOf("supply:difference", "pharmacist", ("difference",), {"words": "looked in the bin"}),
    PageOf("supply:own", "nurse", ("ruth",), _BAG),
    PageOf("supply:bag", "nurse", ("ruth", "bag"), {"words": "the seal was torn"}),
    PageOf("supply:bag", "nurse", ("ruth", "given_up"), {"certificate": "C 2"}),
    PageOf("centres:settings", "manager", typed={"name": "Beech", "number": "9"}),
    PageOf("staff:shift", "nurse"),
    PageOf("staff:pin", "nurse", typed={"new_pin": "7391", "new_pin_again": "7391", "password": "none"}),
    PageOf("ward:board", "nurse", ("unit",)),
    PageOf("ward:beds", "nurse", ("unit",), {"words": "fetched at ten", "kind": "leave", "on": "2026-11-24"}),
    PageOf("handover:give", "nurse", ("unit",), {"words": "a quiet night"}),
    PageOf("handover:given", "second_nurse", ("handover",), {"words": "asked about the lamp"}),
)

PIN_TYPED = PIN
