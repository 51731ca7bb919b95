"""The round on a tablet whose network comes and goes, with a scanner that types: nothing is lost or doubled."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.db.models import F
from playwright.sync_api import expect

from glidepath.care.alarms.models import Alarm
from glidepath.care.medication import codes
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.tests.acts import draft, look, outside, sign
from glidepath.care.supply.models import StockedProduct
from glidepath.clinical.monitoring.hold_rules import HoldRule, Sign
from glidepath.record.audit.verify import Verified, verify
from glidepath.record.people.services import no_known_allergies
from tests.browser.conftest import TABLET
from tests.browser.test_medicine_round import tap_rass, ward_clock  # noqa: F401
from tests.cast import PIN, make_centre
from tests.scenarios import ward as stories

pytestmark = pytest.mark.django_db(transaction=True)

# A tap is what the finger does: a click on a label makes the browser report a second one on its radio.
COUNT_TAPS = (
    "window.taps = 0; addEventListener('pointerdown', (event) => { if (event.isTrusted) window.taps += 1; }, true);"
)
MEDICINES = (("sertraline", "50"), ("thiamine", "100"), ("paracetamol", "1000"))
EIGHT = "2026-11-17T08:05"
ACT = re.compile(r"/round/[0-9a-f-]{36}/")  # where an act of the card is sent


def a_unit(people):
    """`people` in their beds, no allergy known."""
    cast = make_centre(beds=max(people, 6))
    stories.stock_shelf(cast)
    found = [stories.person_with_history(cast, preferred_name=f"Person {number}") for number in range(1, people + 1)]
    for person in found:
        no_known_allergies(person=person, by=cast.nurse)
    return cast, found


@pytest.fixture
def two(ward_clock):  # noqa: F811
    """Two people: the first with ten mg of diazepam (one whole tablet) and sertraline, the second with lorazepam."""
    cast, (first, second) = a_unit(2)
    sign(cast, first, draft("diazepam", "10", "08:00", "22:00"))
    sign(cast, first, outside("sertraline", "50", "08:00"))
    sign(cast, second, draft("lorazepam", "1", "08:00"))
    ward_clock.set(EIGHT)
    look(first, cast.nurse, rr=14, pulse=70)
    return cast, first, second


def opened(page, sign_in, who, query=""):
    page.add_init_script(COUNT_TAPS)
    page.set_viewport_size(TABLET)
    sign_in(page, who.username)
    page.goto(f"/round/{query}")
    return page


def scan(page, text):
    """As a scanner does: each character at once, and Enter with them."""
    page.keyboard.type(f"{text}\n")


def product(medicine, mg):
    return next(
        one for one in StockedProduct.objects.filter(medicine=medicine) if f"{one.strength_mg.normalize():f}" == mg
    )


def is_verified(cast):
    assert isinstance(verify(cast.centre), Verified)


# --- A network that goes ----------------------------------------------------------------------------------------------


def test_a_tap_that_could_not_be_sent_waits_is_sent_once_and_the_page_says_so(page, two, sign_in):
    cast, first, _ = two
    opened(page, sign_in, cast.nurse)
    page.locator("summary", has_text="In words").click()
    page.locator("#words").fill("with water")
    page.route(ACT, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text("1 entry waits in this page")).to_be_visible()
    expect(page.get_by_text("Giving without a network is not possible")).to_be_visible()
    expect(page.locator("#words")).to_have_value("with water")
    expect(page.get_by_role("button", name="Give 10\xa0mg diazepam")).to_be_disabled()
    assert not DoseAnswer.objects.exists()
    assert page.evaluate(
        "() => { const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented }"
    )
    page.unroute(ACT)
    expect(page.get_by_text(re.compile("given 08:0[45]"))).to_be_visible()
    expect(page.get_by_text("1 entry waits in this page")).to_be_hidden()
    answer = DoseAnswer.objects.get()
    assert (answer.words, answer.person) == ("with water", first)


def test_an_answer_that_was_lost_on_its_way_back_is_not_given_twice(page, two, sign_in):
    cast, _, _ = two
    opened(page, sign_in, cast.nurse)

    def taken_and_lost(route):
        if route.request.method != "POST" or DoseAnswer.objects.exists():
            return route.fallback()
        route.fetch(max_redirects=0)
        return route.abort()

    page.route(ACT, taken_and_lost)
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text(re.compile("given 08:0[45]"))).to_be_visible()
    assert DoseAnswer.objects.count() == 1


def test_what_waits_outlives_a_reload(page, two, sign_in):
    cast, _, _ = two
    opened(page, sign_in, cast.nurse)
    page.route(ACT, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text("1 entry waits")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute(ACT)
    page.reload()
    expect(page.get_by_text(re.compile("given 08:0[45]"))).to_be_visible()
    assert DoseAnswer.objects.count() == 1


def test_what_waits_is_sealed_and_waits_for_whom_it_was(page, two, sign_in):
    """Nothing of a person can be read in the browser's storage, and the next one at this device sends nothing of it."""
    cast, first, _ = two
    opened(page, sign_in, cast.nurse)
    page.locator("summary", has_text="In words").click()
    page.locator("#words").fill("with water")
    page.route(ACT, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text("1 entry waits")).to_be_visible()
    page.wait_for_function("Object.keys(sessionStorage).some((key) => key.startsWith('glidepath-round'))")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert not any(
        word in kept for word in (str(first.public_id), "with water", "order:", "pairs", cast.nurse.username)
    )
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute(ACT)
    sign_in(page, cast.second_nurse.username)
    page.reload()
    expect(page.get_by_role("button", name="Give 50\xa0mg sertraline")).to_be_enabled()
    page.wait_for_timeout(500)
    assert not DoseAnswer.objects.exists()
    sign_in(page, cast.nurse.username)
    page.reload()
    expect(page.get_by_text(re.compile("given 08:0[45]"))).to_be_visible()
    answer = DoseAnswer.objects.get()
    assert (answer.recorded_by, answer.words) == (cast.nurse, "with water")


@pytest.mark.slow
def test_what_waits_in_an_open_page_is_sent_by_nobody_else_who_signs_in_beside_it(page, two, sign_in):
    cast, _, _ = two
    opened(page, sign_in, cast.nurse)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.route(ACT, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text("1 entry waits")).to_be_visible()
    page.unroute(ACT)
    other = page.context.new_page()
    sign_in(other, cast.second_nurse.username)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Sign in again in another tab", exact=False)).to_be_visible()
    assert not DoseAnswer.objects.exists()
    sign_in(other, cast.nurse.username)
    expect(page.get_by_text(re.compile("given 08:0[45]"))).to_be_visible()
    assert DoseAnswer.objects.get().recorded_by == cast.nurse


def test_a_round_of_12_people_and_36_doses_whose_connection_drops_for_a_minute_half_way(page, ward_clock, sign_in):  # noqa: F811
    """A tap is lost on its way, then the network is gone for a minute of the browser's clock, whose timers all fire."""
    cast, people = a_unit(12)
    for person in people:
        for name, mg in MEDICINES:
            sign(cast, person, outside(name, mg, "08:00"))
    ward_clock.set(EIGHT)
    page.clock.install()
    opened(page, sign_in, cast.nurse)
    taps = 0
    for number in range(12):
        expect(page.locator("#cur")).to_have_text(f"Person {number + 1}")
        for place, (name, mg) in enumerate(MEDICINES, start=1):
            half_way = (number, name) == (6, "thiamine")
            if half_way:
                page.route(ACT, lambda route: route.abort())
            page.get_by_role("button", name=f"Give {mg}\xa0mg {name}").click()
            if half_way:
                a_minute_without_network(page, ward_clock, given=19)
            expect(page.locator(".card--current").get_by_text("given 08:0")).to_have_count(place, timeout=30_000)
        taps += page.evaluate("window.taps")
        if number < 11:
            page.get_by_role("link", name=re.compile("Next person")).click()
            taps += 1
    expect(page.get_by_text("The round is closed")).to_be_visible()
    assert taps <= 36 + 11 + 1, "a tap a dose, one to the next person, and one that the missing network stopped"
    assert DoseAnswer.objects.count() == 36
    assert len(set(DoseAnswer.objects.values_list("person", "due_key", "due_at"))) == 36
    waited = DoseAnswer.objects.get(person=people[6], medicine_name="thiamine")
    assert waited.recorded_at - waited.happened_at >= dt.timedelta(seconds=59), "when it was tapped, and when it came"
    assert DoseAnswer.objects.exclude(pk=waited.pk).filter(happened_at__lt=F("recorded_at")).count() == 0
    is_verified(cast)


def a_minute_without_network(page, ward_clock, *, given):  # noqa: F811
    """What was tapped waits and says so; nothing else can be given, no link leads away; then it is sent once."""
    expect(page.get_by_text("1 entry waits in this page")).to_be_visible()
    page.context.set_offline(True)
    for _ in range(15):
        with page.expect_event("requestfailed"):  # tried again every four seconds, and it fails
            page.clock.run_for(4_000)
    assert DoseAnswer.objects.count() == given
    expect(page.get_by_text("Giving without a network is not possible")).to_be_visible()
    assert page.locator("[data-round] button[type=submit]:enabled").count() == 0
    page.get_by_role("link", name=re.compile("Next person")).click()
    expect(page.locator("#cur")).to_have_text("Person 7")
    ward_clock.tick(minutes=1)
    page.unroute(ACT)
    page.context.set_offline(False)


def test_two_nurses_and_one_dose_the_second_is_told_who_was_first(page, two, sign_in, browser, live_server):
    cast, _, _ = two
    opened(page, sign_in, cast.nurse)
    other = browser.new_context(base_url=live_server.url, viewport=TABLET).new_page()
    opened(other, sign_in, cast.second_nurse)
    button = "Give 50\xa0mg sertraline"
    other.get_by_role("button", name=button).click()
    expect(other.get_by_text("given 08:05")).to_be_visible()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert").get_by_text("Kofi Mensah answered this dose at 08:05")).to_be_visible()
    assert DoseAnswer.objects.count() == 1
    other.context.close()


# --- Taps -------------------------------------------------------------------------------------------------------------


def test_a_sedative_after_an_observation_is_two_taps_and_with_a_witness_four_at_most(page, two, sign_in, ward_clock):  # noqa: F811
    cast, first, _ = two
    sign(cast, first, draft("lorazepam", "0.5", "08:10", wants_witness=True))
    ward_clock.set("2026-11-17T08:10")
    opened(page, sign_in, cast.nurse)
    tap_rass(page, 0)
    page.get_by_role("button", name="Give 10\xa0mg diazepam").click()
    expect(page.get_by_text("given 08:10")).to_be_visible()
    assert page.evaluate("window.taps") == 2
    page.evaluate("window.taps = 0")
    tap_rass(page, 0)
    page.locator("#second_user").click()
    page.keyboard.type(f"GLP:S:{cast.second_nurse.public_id}")
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.get_by_role("button", name="Give 0.5\xa0mg lorazepam").click()
    expect(page.locator(".card--current").get_by_text("given 08:10")).to_have_count(2)
    assert page.evaluate("window.taps") <= 4
    assert DoseAnswer.objects.get(ng=500_000).witness == cast.second_nurse


def test_a_badge_reader_that_sends_enter_gives_nothing(page, two, sign_in):
    cast, first, _ = two
    sign(cast, first, draft("diazepam", "1", "08:05"))  # half a tablet: a witness is due
    opened(page, sign_in, cast.nurse)
    page.locator("#second_user").click()
    scan(page, f"GLP:S:{cast.second_nurse.public_id}")
    expect(page.locator("#second_user")).to_have_value(re.compile("^GLP:S:"))
    assert not DoseAnswer.objects.exists()


def test_a_hold_rule_stops_a_dose_with_the_reason_and_calls_nobody(page, two, sign_in):
    cast, first, _ = two
    sign(cast, first, outside("propranolol", "10", "08:05", hold_rules=(HoldRule(Sign.PULSE, 80),)))
    opened(page, sign_in, cast.nurse)
    page.get_by_role("button", name="Give 10\xa0mg propranolol").click()
    expect(page.get_by_text("Pulse 70 a minute: this order is held at pulse under 80 a minute")).to_be_visible()
    assert DoseAnswer.objects.get().outcome == "held"
    assert not Alarm.objects.filter(cause="INP-12").exists()


def test_a_hold_rule_stops_a_sedative_with_the_reason(page, two, sign_in):
    """By the order's own limit, at a RASS at which the rule for everybody would only ask for a word."""
    cast, _, second = two
    sign(cast, second, draft("diazepam", "2", "08:05", hold_rules=(HoldRule(Sign.RASS, -1),)))
    look(second, cast.nurse, rr=14)
    opened(page, sign_in, cast.nurse, f"?unit={cast.unit.public_id}&person={second.public_id}")
    expect(page.get_by_text("held at RASS −1 or below")).to_be_visible()
    tap_rass(page, -1)
    page.get_by_role("button", name="Give 2\xa0mg diazepam").click()
    expect(page.get_by_text("RASS −1: this order is held at RASS −1 or below")).to_be_visible()
    answer = DoseAnswer.objects.get()
    assert (answer.outcome, answer.reason, answer.given_ng, answer.rass) == ("held", "order_limit", 0, -1)
    assert not Alarm.objects.filter(cause="INP-12").exists()
    tap_rass(page, -1)
    page.get_by_role("button", name="Give 1\xa0mg lorazepam").click()
    expect(page.locator(".card--current").get_by_text("given 08:05")).to_be_visible()  # without the rule it goes on


# --- Codes ------------------------------------------------------------------------------------------------------------


def test_wristband_and_pack_are_read_and_kept_with_the_dose(page, two, sign_in):
    cast, first, _ = two
    opened(page, sign_in, cast.nurse)
    scan(page, codes.wristband(first.public_id))
    expect(page.get_by_text("wristband read")).to_be_visible()
    tap_rass(page, 0)
    scan(page, codes.shelf_label(product("diazepam", "10").public_id))
    expect(page.get_by_text("pack read")).to_be_visible()
    expect(page.locator("input[name=rass]:checked")).to_have_value("0")
    page.get_by_role("button", name="Give 10\xa0mg diazepam").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    answer = DoseAnswer.objects.get()
    assert (answer.person_read, answer.pack_read) == (True, True)


def test_a_slow_scanner_after_stray_keys_is_read_and_enter_on_a_choice_sends_nothing(page, two, sign_in):
    cast, first, _ = two
    opened(page, sign_in, cast.nurse)
    page.keyboard.type("g5 ")
    page.keyboard.type(f"{codes.wristband(first.public_id)}\n", delay=80)
    expect(page.get_by_text("wristband read")).to_be_visible()
    tap_rass(page, 0)
    with page.expect_event("requestfinished", lambda request: request.method == "POST") as sent:
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Give 10\xa0mg diazepam").click()
    assert "give=order" in (sent.value.post_data or ""), "the first thing sent is what was tapped"
    expect(page.get_by_text("given 08:05")).to_be_visible()


def test_wrong_person_medicine_strength_and_time_are_stopped_with_the_reason(page, two, sign_in):
    cast, first, second = two
    opened(page, sign_in, cast.nurse, f"?unit={cast.unit.public_id}&person={first.public_id}")
    for text, reason in (
        (codes.wristband(second.public_id), "Wrong person: this is the wristband of Person 2"),
        (codes.shelf_label(product("lorazepam", "1").public_id), "Wrong medicine: this is lorazepam 1 mg tablet"),
        (codes.shelf_label(product("diazepam", "2").public_id), "Wrong strength: this is diazepam 2 mg tablet"),
        ("5012345678900", "is no code of this centre"),
    ):
        page.locator("#code").fill(text)
        page.locator("#code").press("Enter")
        expect(page.get_by_text(reason)).to_be_visible()
        expect(page.locator("#cur")).to_have_text("Person 1")
    tap_rass(page, 0)
    page.get_by_role("button", name="Give 10\xa0mg diazepam").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    scan(page, codes.shelf_label(product("diazepam", "10").public_id))
    expect(page.get_by_text("Wrong time: diazepam 10 mg tablet is due 22:00")).to_be_visible()


def test_codes_are_read_without_scripts(browser, live_server, two, sign_in):
    cast, _, second = two
    context = browser.new_context(base_url=live_server.url, viewport=TABLET, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.nurse.username)
    page.goto("/round/")
    page.locator("#code").fill(codes.wristband(second.public_id))
    page.locator("#code").press("Enter")
    expect(page.locator("#cur")).to_have_text("Person 2")
    page.locator("#code").fill(codes.shelf_label(product("lorazepam", "1").public_id))
    page.locator("#code").press("Enter")
    expect(page.get_by_text("pack read")).to_be_visible()
    tap_rass(page, 0)
    page.get_by_label("Breaths a minute").fill("14")
    page.get_by_role("button", name="Give 1\xa0mg lorazepam").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    assert DoseAnswer.objects.get().pack_read
    context.close()
