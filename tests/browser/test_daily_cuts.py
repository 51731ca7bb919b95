"""A rapid protocol from the plan to the next lower dose: two signatures, the batch, and the day's review."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.taper import queries
from glidepath.care.taper.models import Batch, DayReview
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.staff import services as staff
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock
from tests.scenarios import rapid
from tests.scenarios.ward import stock_shelf

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = (("desk", DESK), ("tablet", TABLET), ("phone", PHONE))


@pytest.fixture
def centre(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:00")
    cast = make_centre()
    stock_shelf(cast)
    rapid.open_rapid_unit(cast)
    yield cast, frozen, rapid.inpatient(cast)
    frozen.release()


def chip(page, name, value):
    page.locator(f"label.chip:has(input[name='{name}'][value='{value}'])").click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def second(page, who, pin=PIN):
    page.get_by_label("User name of the second").fill(who.username)
    page.get_by_label("PIN of the second").fill(pin)


def pictures(page, screenshot, name):
    for size, viewport in SIZES:
        screenshot(page, f"{name}-{size}", viewport)
    page.set_viewport_size(DESK)


def plan_by_protocol(page, cast, person, axe, screenshot):
    page.goto(f"/people/{person.public_id}/taper/")
    page.get_by_label("Rapid inpatient protocol").select_option("etg")
    page.get_by_label("Goal", exact=True).fill("diazepam 20 mg")
    press(page, "Show the plan")
    page.get_by_label("How the person agreed").fill("asked for it, with her counsellor")
    page.get_by_label("Why you go on although warnings stand").fill("by the protocol, watched every day")
    page.get_by_label("Your PIN").fill(PIN)
    second(page, cast.second_physician, pin="1111")
    press(page, "Sign version 1")
    expect(page.locator("main")).to_contain_text("That PIN is not right. 4 tries left.")
    expect(page.get_by_label("User name of the second")).to_have_value(cast.second_physician.username)
    expect(page.get_by_label("How the person agreed")).to_have_value("asked for it, with her counsellor")
    axe(page)
    pictures(page, screenshot, "rapid-draft")
    second(page, cast.second_physician)
    press(page, "Sign version 1")
    expect(page.locator("main")).to_contain_text("Signed by Dr Ines Ferreira and Dr Tomasz Wilk")


def sign_the_batch(page, cast, axe, screenshot):
    page.get_by_role("link", name=re.compile("^Sign a batch")).click()
    expect(page.get_by_label("CIWA-B at most")).to_have_value("40")
    axe(page)
    pictures(page, screenshot, "rapid-batch")
    page.get_by_label("Your PIN").fill(PIN)
    second(page, cast.second_physician)
    press(page, "Sign the batch")
    expect(page.locator("main")).to_contain_text("Waits for today’s review")


def review_the_day(page, axe, screenshot):
    page.goto("/")
    pictures(page, screenshot, "rapid-home")
    page.get_by_role("link", name=re.compile("^Review Danilo today")).click()
    expect(page.locator("main")).to_contain_text("What stands against today’s cut")
    chip(page, "interference", "bearable")
    chip(page, "sleep", "no")
    axe(page)
    pictures(page, screenshot, "rapid-day")
    page.get_by_label("Your PIN").fill(PIN)
    press(page, "Sign the review")
    expect(page.locator("main")).to_contain_text("step 2 begins with the next dose")


def test_two_sign_the_plan_and_the_batch_and_a_nurse_lets_the_first_cut_begin(page, centre, sign_in, axe, screenshot):
    cast, clock, person = centre
    sign_in(page, cast.physician.username)
    plan_by_protocol(page, cast, person, axe, screenshot)
    clock.set("2026-11-19T06:30")
    for one in (cast.physician, cast.second_physician, cast.nurse):
        staff.start_shift(unit=cast.other_unit, by=one)
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{person.public_id}/taper/")
    sign_the_batch(page, cast, axe, screenshot)
    assert Batch.objects.get().second_by == cast.second_physician
    assert int(queries.running([person])[person.pk].daily["diazepam"].mg) == 40
    rapid.look(cast, person)
    sign_in(page, cast.nurse.username)
    review_the_day(page, axe, screenshot)
    pictures(page, screenshot, "rapid-living")
    axe(page)
    assert DayReview.objects.get().inside
    assert int(queries.running([person])[person.pk].daily["diazepam"].mg) == 36
