"""The observation round on a ward tablet, as a nurse taps through it; and with scripts switched off."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.monitoring.models import CiwaB, Observation
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, scored, seen
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import PHONE, TABLET
from tests.cast import admitted_person, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ward_clock(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T23:00")
    yield frozen
    frozen.release()


@pytest.fixture
def ward(ward_clock):
    """Kwame in bed 1 and Marta in bed 2, both seen four hours ago; it is 3 in the morning."""
    cast = make_centre()
    kwame, marta = (admitted_person(cast, preferred_name=name) for name in ("Kwame", "Marta"))
    seen(kwame, cast.nurse, asleep(14))
    seen(marta, cast.nurse, awake(rr=16))
    scored(marta, cast.nurse, ciwa(1))
    ward_clock.tick(hours=4)
    return cast, kwame, marta


@pytest.fixture
def at_the_round(page, ward, sign_in):
    cast, _, _ = ward
    page.set_viewport_size(TABLET)
    sign_in(page, cast.nurse.username)
    page.goto("/observe/")
    return page


COUNT_TAPS = """
  window.taps = Number(sessionStorage.getItem("taps") || 0);
  window.keys = Number(sessionStorage.getItem("keys") || 0);
  const count = (kind) => (event) => { if (event.isTrusted) sessionStorage.setItem(kind, ++window[kind]); };
  addEventListener("pointerdown", count("taps"), true);
  addEventListener("keydown", count("keys"), true);
"""


def count_from_here(page):
    """From now on the browser itself counts what is tapped and typed, over the pages that follow."""
    page.add_init_script(COUNT_TAPS)
    page.reload()


def counted(page):
    """(taps, keys) as the browser's own events."""
    return page.evaluate("[window.taps, window.keys]")


def tap(page, name, value):
    page.locator(f"label.tap:has(input[name={name}][value='{value}'])").click()


def test_somebody_asleep_is_four_taps_and_nothing_typed(at_the_round, ward):
    page = at_the_round
    count_from_here(page)
    expect(page.locator("#who")).to_have_text("Kwame")
    expect(page.get_by_text("Vital signs")).to_be_hidden()
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    tap(page, "look", "well")
    page.get_by_role("button", name=re.compile("Save, next: 2 Marta")).click()
    expect(page.locator("#who")).to_have_text("Marta")
    assert Observation.objects.filter(person=ward[1]).count() == 2
    assert counted(page) == [4, 0]


def test_somebody_awake_is_one_tap_an_item_and_nothing_typed(at_the_round, ward):
    """State, six signs as last time, air, mind, RASS, the question before CIWA-B, its 20 answers, save: 32."""
    page, marta = at_the_round, ward[2]
    page.goto(f"/observe/?person={marta.public_id}")
    count_from_here(page)
    tap(page, "state", "awake")
    for button in page.locator("[data-same]").all():
        button.click()
    for name, value in (("on_oxygen", "air"), ("mind", "A"), ("rass", "0"), ("oriented", "yes")):
        tap(page, name, value)
    for number in range(1, 21):
        tap(page, f"c{number}", "1")
    page.get_by_role("button", name=re.compile("Save, next: 1 Kwame")).click()
    expect(page.locator("#who")).to_have_text("Kwame")
    assert counted(page) == [32, 0]
    row = Observation.objects.filter(person=marta).latest("id")
    assert (row.rr, row.news2, row.rass) == (16, 0, 0)
    assert CiwaB.objects.filter(person=marta).latest("id").total == 20


def test_any_doubt_asleep_comes_back_to_the_same_person_awake(at_the_round, ward):
    page = at_the_round
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    expect(page.locator("label.tap:has(input[name=colour])").first).to_be_hidden()
    tap(page, "look", "doubt")
    for name, value in (("breathing", "easy"), ("colour", "blue"), ("position", "safe")):
        tap(page, name, value)
    page.get_by_role("button", name=re.compile("Save, next")).click()
    expect(page.locator("#who")).to_have_text("Kwame")
    expect(page.get_by_text("Wake Kwame, and go on")).to_be_visible()
    expect(page.locator("#id_rr")).to_be_visible()
    row = Observation.objects.filter(person=ward[1]).latest("id")
    assert (row.state, row.colour, row.news2, row.rass) == ("asleep", "blue", None, None)


def test_with_gloves_nothing_at_the_bedside_is_smaller_than_56_pixels(at_the_round, ward):
    page = at_the_round
    page.goto(f"/observe/?person={ward[2].public_id}")
    for state in ("asleep", "awake"):
        tap(page, "state", state)
        if state == "asleep":
            tap(page, "look", "doubt")
        heights = page.eval_on_selector_all(
            "[data-bedside] .tap span, [data-bedside] button, [data-bedside] input[type=number]",
            "all => all.map(one => [one.textContent.trim(), one.getBoundingClientRect().height]).filter(one => one[1])",
        )
        small = [one for one in heights if one[1] < 55.9]
        assert len(heights) > 10
        assert small == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_step_starts_from_the_last_value_and_an_untouched_box_stays_empty(at_the_round, ward):
    page = at_the_round
    page.goto(f"/observe/?person={ward[2].public_id}")
    tap(page, "state", "awake")
    expect(page.locator("#id_rr")).to_have_value("")
    page.get_by_role("button", name="Breaths higher").click()
    expect(page.locator("#id_rr")).to_have_value("17")
    page.get_by_role("button", name="Temperature lower").click()
    expect(page.locator("#id_temperature")).to_have_value("37.1")
    page.get_by_role("button", name="Stop here, keep as partial").click()
    expect(page.get_by_text("partial, no NEWS2 total").first).to_be_visible()
    row = Observation.objects.latest("id")
    assert (row.rr, row.temperature_tenths, row.pulse, row.news2) == (17, 371, None, None)


def test_a_score_counts_its_answers_and_a_gap_is_no_total(at_the_round, ward):
    page = at_the_round
    page.goto(f"/observe/?person={ward[2].public_id}")
    tap(page, "state", "awake")
    for number in range(1, 20):
        tap(page, f"c{number}", "2")
    expect(page.locator("[data-ciwa-count]")).to_have_text("38, partial, 19 of 20. No total yet")
    tap(page, "c20", "3")
    expect(page.locator("[data-ciwa-count]")).to_have_text("41, all 20 items")
    assert CiwaB.objects.filter(total=41).count() == 0, "nothing is saved before the nurse saves"


def test_what_was_tapped_for_another_state_is_not_sent(at_the_round, ward):
    page = at_the_round
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    tap(page, "state", "awake")
    page.locator("#id_rr").fill("18")
    page.get_by_role("button", name="Stop here, keep as partial").click()
    expect(page.locator("#who")).to_have_text("Marta")
    assert Observation.objects.latest("id").rr == 18


def test_seizure_is_one_tap_and_the_alarm_stands_on_the_page(at_the_round, ward):
    page = at_the_round
    page.get_by_role("button", name="Seizure: Kwame").click()
    expect(page.get_by_role("button", name="Seizure stopped")).to_be_visible()
    page.goto("/observe/")
    expect(page.locator(".alarm").first).to_contain_text("Kwame: A seizure.")
    page.get_by_role("button", name="I am with Kwame").click()
    expect(page.locator(".alarm").first).to_contain_text("Marta Lindqvist: with the person")
    assert open_alarms([ward[1]])[0].answer is not None


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
def test_no_page_of_the_round_has_an_accessibility_fault(night, at_the_round, ward, axe):
    page, (_, kwame, marta) = at_the_round, ward
    if night:
        page.locator("[data-night]").first.click()
        expect(page.locator("html")).to_have_attribute("data-theme", "night")
    for address in ("/observe/", f"/observe/?person={marta.public_id}", f"/people/{kwame.public_id}/observations/"):
        page.goto(address)
        axe(page)
    page.goto(f"/observe/?person={marta.public_id}")
    tap(page, "state", "awake")
    axe(page)


def test_without_scripts_every_box_is_there_and_the_round_works(browser, live_server, ward, sign_in):
    cast, kwame, _ = ward
    plain = browser.new_context(base_url=live_server.url, viewport=TABLET, java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, cast.nurse.username)
    page.goto("/observe/")
    tap(page, "state", "awake")
    for name, value in (("rr", "18"), ("spo2", "97"), ("sbp", "128"), ("dbp", "82"), ("pulse", "76")):
        page.locator(f"#id_{name}").fill(value)
    page.locator("#id_temperature").fill("37.2")
    for name, value in (("on_oxygen", "air"), ("mind", "A"), ("rass", "0")):
        tap(page, name, value)
    page.get_by_role("button", name=re.compile("Save, next")).click()
    expect(page.locator("#who")).to_have_text("Marta")
    assert Observation.objects.filter(person=kwame).latest("id").news2 == 0
    plain.close()


def test_without_a_network_nothing_that_was_tapped_is_lost(at_the_round, ward):
    page = at_the_round
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    tap(page, "look", "well")
    page.context.set_offline(True)
    save = page.get_by_role("button", name=re.compile("Save, next: 2 Marta"))
    save.click()
    save.click()
    expect(page.get_by_role("alert").filter(has_text="There is no network: nothing was sent")).to_have_count(1)
    assert page.locator("input[name=rr_tap][value='14']").is_checked()
    assert Observation.objects.filter(person=ward[1]).count() == 1
    page.context.set_offline(False)
    expect(page.get_by_text("There is no network")).to_be_hidden()
    save.click()
    expect(page.locator("#who")).to_have_text("Marta")
    assert Observation.objects.filter(person=ward[1]).count() == 2
