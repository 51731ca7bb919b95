"""Every journey of a built room that DESIGN gives a number of taps, counted from the browser's own events.

A tap is a trusted press on the page. A badge scan or a PIN is no tap (its keys are typed by a scanner, or sign). What a
signature takes is counted apart. Each journey ends with what it was for; the counted figures are printed.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from glidepath.care.alarms.services import call_for_help
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.tests.acts import draft as order_of, look, outside, sign
from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, scored, seen
from glidepath.care.taper import queries as tapers
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.people.services import no_known_allergies
from glidepath.record.staff import services as staff
from tests.browser.conftest import PHONE, TABLET
from tests.browser.test_medicine_round import tap_rass
from tests.browser.test_observation_round import tap
from tests.browser.test_taper_turns import chip, sign as sign_page
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock
from tests.scenarios import ward

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = """
const add = (kind) => { sessionStorage[kind] = Number(sessionStorage[kind] || 0) + 1; };
addEventListener("pointerdown", (event) => {
  if (event.isTrusted) add(event.target.closest(".sign") ? "signing" : "taps");
}, true);
addEventListener("keydown", (event) => {
  if (event.isTrusted && !event.target.closest(".sign, [name^=second_]")) add("keys");
}, true);
"""
READ = "({taps: Number(sessionStorage.taps || 0), keys: Number(sessionStorage.keys || 0)})"
FORGET = "for (const kind of ['taps', 'keys', 'signing']) delete sessionStorage[kind]"


@dataclass(frozen=True, slots=True)
class House:
    """The staff, who lies where, and the tab they share."""

    cast: Any
    people: dict[str, Any]
    page: Page
    at: Callable[..., None]  # who, address: signs in, opens it, and counts from there

    def start(self, who: Any, address: str) -> Page:
        self.at(who, address)
        return self.page


@dataclass(frozen=True, slots=True)
class Journey:
    """taps: what DESIGN allows, or one an item where it says so. keys: none is typed unless a number says so."""

    name: str
    taps: int
    walk: Callable[[House], None]
    keys: int = 0
    on_phone: bool = False


def round_of(house: House, name: str) -> str:
    return f"/round/?unit={house.cast.unit.public_id}&person={house.people[name].public_id}"


def routine_dose(house: House) -> None:
    page = house.start(house.cast.nurse, round_of(house, "Marta"))
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    page.get_by_role("link", name=re.compile("Next person")).click()
    expect(page.locator("#cur")).not_to_have_text("Marta")


def declined_dose(house: House) -> None:
    page = house.start(house.cast.nurse, round_of(house, "Kwame"))
    page.locator("summary", has_text="Declined").first.click()
    page.get_by_role("button", name="Feels sick").first.click()
    expect(page.locator(".card--current").get_by_text("Feels sick.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Next person")).click()
    expect(page.locator("#cur")).not_to_have_text("Kwame")
    assert DoseAnswer.objects.get(person=house.people["Kwame"]).reason == "feels_sick"


def sedative_dose(house: House) -> None:
    """Breathing was observed within the hour, so it is not asked again."""
    page = house.start(house.cast.nurse, round_of(house, "Noor"))
    tap_rass(page, 0)
    page.get_by_role("button", name="Give 10\xa0mg diazepam").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    page.get_by_role("link", name=re.compile("Next person")).click()
    expect(page.locator("#cur")).not_to_have_text("Noor")


def controlled_dose_with_a_witness(house: House) -> None:
    page = house.start(house.cast.nurse, round_of(house, "Elif"))
    tap_rass(page, 0)
    page.locator("#second_user").click()
    page.keyboard.type(f"GLP:S:{house.cast.second_nurse.public_id}")
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.get_by_role("button", name="Give 0.5\xa0mg lorazepam").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    page.get_by_role("link", name=re.compile("Next person")).click()
    expect(page.locator("#cur")).not_to_have_text("Elif")
    assert DoseAnswer.objects.get(person=house.people["Elif"]).witness == house.cast.second_nurse


def set_asleep(house: House) -> None:
    kwame = house.people["Kwame"]
    page = house.start(house.cast.nurse, f"/observe/?person={kwame.public_id}")
    before = Observation.objects.filter(person=kwame).count()
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    tap(page, "look", "well")
    page.get_by_role("button", name=re.compile("Save, ")).click()
    expect(page.locator(".toast")).to_contain_text("Kwame")
    assert Observation.objects.filter(person=kwame).count() == before + 1


def set_awake(house: House) -> None:
    """One tap an item: state, six signs as last time, air, mind, RASS, the question before CIWA-B, its 20, save."""
    marta = house.people["Marta"]
    page = house.start(house.cast.nurse, f"/observe/?person={marta.public_id}")
    tap(page, "state", "awake")
    for button in page.locator("[data-same]").all():
        button.click()
    for name, value in (("on_oxygen", "air"), ("mind", "A"), ("rass", "0"), ("oriented", "yes")):
        tap(page, name, value)
    for number in range(1, 21):
        tap(page, f"c{number}", "1")
    page.get_by_role("button", name=re.compile("Save, ")).click()
    expect(page.locator(".toast")).to_contain_text("Marta")
    assert CiwaB.objects.filter(person=marta).latest("id").total == 20


def alarm_answered(house: House) -> None:
    call_for_help(person=house.people["Noor"], by=house.cast.second_nurse, once="help")
    page = house.start(house.cast.nurse, "/observe/")
    page.get_by_role("button", name="I am with Noor").click()
    expect(page.locator(".alarm").first).to_contain_text("with the person")


def emergency_started(house: House) -> None:
    page = house.start(house.cast.nurse, f"/observe/?person={house.people['Elif'].public_id}")
    page.get_by_role("button", name="Seizure: Elif").click()
    expect(page.get_by_role("button", name="Seizure stopped")).to_be_visible()


def taper_of(house: House) -> str:
    return reverse("taper:plan", args=[house.people["Danilo"].public_id])


def taper_held(house: House) -> None:
    page = house.start(house.cast.physician, taper_of(house))
    page.get_by_role("link", name=re.compile("^Hold")).click()
    chip(page, "reason_code", "symptoms")
    expect(page.locator("#live-aside")).to_contain_text("What this changes")
    sign_page(page, "Sign the hold")
    expect(page.locator("main")).to_contain_text("The taper is on hold")
    assert tapers.newest(house.people["Danilo"]).on_hold


def taper_slowed(house: House) -> None:
    """The preview of doses, tablets, end date and supply stands before the signature."""
    page = house.start(house.cast.physician, taper_of(house))
    page.get_by_role("link", name=re.compile("^Slow")).click()
    chip(page, "pace_by", "10-28")
    chip(page, "reason_code", "request")
    chip(page, "agreed_by", "asked for it")
    expect(page.locator("#live-aside")).to_contain_text("Goal reached", timeout=20_000)
    expect(page.locator("#live-aside")).to_contain_text("10 mg tablet")
    sign_page(page, "Sign the slower pace")
    expect(page.locator("main")).to_contain_text("The taper goes on more slowly")


JOURNEYS = (
    Journey("a routine dose", 2, routine_dose),
    Journey("a declined dose", 3, declined_dose),
    Journey("a sedative after an observation", 3, sedative_dose),
    Journey("a controlled dose with a witness", 4, controlled_dose_with_a_witness),
    Journey("a set of somebody asleep", 4, set_asleep),
    Journey("a set of somebody awake with CIWA-B, one tap an item", 32, set_awake),
    Journey("an alarm answered", 1, alarm_answered),
    Journey("an emergency, from the round to its running clock", 1, emergency_started),
    Journey("a taper slowed, before the signature", 4, taper_slowed),
    Journey("a taper held, before the signature", 2, taper_held),
    Journey("a set of somebody asleep, on a telephone", 4, set_asleep, on_phone=True),
)


@pytest.fixture
def house(transactional_db, page, sign_in):
    """Eight in the morning. Danilo's taper runs since yesterday on the other unit; five others lie here."""
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-16T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    people = {"Danilo": ward.person_with_history(cast, preferred_name="Danilo", bed=cast.other_bed)}
    ward.sign(cast, people["Danilo"], ward.draft(start=dt.date(2026, 11, 16)))
    frozen.set("2026-11-16T22:00")
    for name in ("Marta", "Kwame", "Noor", "Elif", "Sam"):
        people[name] = ward.person_with_history(cast, preferred_name=name)
        no_known_allergies(person=people[name], by=cast.nurse)
    sign(cast, people["Marta"], outside("sertraline", "50", "08:00"))
    sign(cast, people["Kwame"], outside("sertraline", "100", "08:00"))
    sign(cast, people["Noor"], order_of("diazepam", "10", "08:00"))
    sign(cast, people["Elif"], order_of("lorazepam", "0.5", "08:00", wants_witness=True))
    sign(cast, people["Sam"], outside("sertraline", "50", "08:00"))  # always somebody next on the round
    seen(people["Kwame"], cast.nurse, asleep(14))
    seen(people["Marta"], cast.nurse, awake(rr=16))
    scored(people["Marta"], cast.nurse, ciwa(1))
    frozen.set("2026-11-17T07:20")
    staff.start_shift(unit=cast.other_unit, by=cast.physician)
    for one in (cast.nurse, cast.second_nurse, cast.physician):
        staff.start_shift(unit=cast.unit, by=one)
    for name in ("Noor", "Elif"):
        look(people[name], cast.nurse, rr=14)
    frozen.set("2026-11-17T08:05")
    page.add_init_script(COUNT)

    def start(who: Any, address: str) -> None:
        sign_in(page, who.username)
        page.goto(address)
        page.evaluate(FORGET)

    yield House(cast, people, page, start)
    frozen.release()


def test_every_journey_stays_within_its_taps(house, capsys):
    lines, over = [], []
    for one in JOURNEYS:
        house.page.set_viewport_size(PHONE if one.on_phone else TABLET)
        one.walk(house)
        counted = house.page.evaluate(READ)
        lines.append(f"{counted['taps']:>5} of {one.taps:<3} {counted['keys']:>4} keys   {one.name}")
        if counted["taps"] > one.taps or counted["keys"] > one.keys:
            over.append(f"{one.name}: {counted}, allowed {one.taps} taps and {one.keys} keys")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", " taps allowed     typed   journey", *lines, ""]))
    assert over == []
