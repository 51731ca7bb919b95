"""The medicine round on a ward tablet: taps counted as the browser reports them; and with scripts switched off."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.tests.acts import decline, draft, outside, prn, row_at, sign
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.people.services import no_known_allergies, record_allergy
from tests.browser.conftest import DESK, TABLET
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock
from tests.scenarios import ward as stories

pytestmark = pytest.mark.django_db(transaction=True)

COUNT_TAPS = "window.taps = 0; addEventListener('click', (event) => { if (event.isTrusted) window.taps += 1; }, true);"


@pytest.fixture
def ward_clock(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:00")
    yield frozen
    frozen.release()


@pytest.fixture
def ward(ward_clock):
    """Marta in bed 1 with diazepam, sertraline and something as needed, Kwame in bed 2; eight in the morning."""
    cast = make_centre()
    stories.stock_shelf(cast)
    marta, kwame = (stories.person_with_history(cast, preferred_name=name) for name in ("Marta", "Kwame"))
    record_allergy(person=marta, substance="Penicillin", reaction="rash", by=cast.nurse)
    no_known_allergies(person=kwame, by=cast.nurse)
    sign(cast, marta, draft("diazepam", "7.5", "08:00", "22:00"))
    sign(cast, marta, outside("sertraline", "50", "08:00"))
    sign(cast, marta, prn("lorazepam", "0.5", max_24h_ng=1_000_000))
    sign(cast, kwame, outside("sertraline", "100", "08:00"))
    ward_clock.set("2026-11-17T08:05")
    return cast, marta, kwame


@pytest.fixture
def at_the_round(page, ward, sign_in):
    cast, _, _ = ward
    page.add_init_script(COUNT_TAPS)
    page.set_viewport_size(TABLET)
    sign_in(page, cast.nurse.username)
    page.goto("/round/")
    return page


def tap_rass(page, value):
    page.locator(f"label.tap:has(input[name=rass][value='{value}'])").click()


def see_it_given(page, ward):
    """Breaths counted, and the second nurse beside it with badge and PIN: 7.5 mg is no whole tablet."""
    cast, _, _ = ward
    page.get_by_label("Breaths a minute").fill("14")
    page.get_by_label("Who sees it").fill(f"GLP:S:{cast.second_nurse.public_id}")
    page.get_by_label("Their PIN").fill(PIN)


def test_a_dose_of_many_pieces_leaves_its_name_room_at_every_width(at_the_round):
    page = at_the_round
    row = page.locator("li", has=page.locator(".dose")).first.locator(".row").first
    row.locator(".small.quiet").last.evaluate(
        "words => { words.textContent = '1 × 5 mg tablet and 1 × 2 mg tablet and half a 2 mg tablet'; }"
    )
    for width in (360, 390, 600, 768, 820, 1024, 1280):
        page.set_viewport_size({"width": width, "height": 1000})
        assert row.locator(".dose").bounding_box()["width"] >= 120, width


def test_a_routine_dose_is_two_taps_give_and_next(at_the_round):
    page = at_the_round
    expect(page.locator("#cur")).to_have_text("Marta")
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    page.get_by_role("link", name=re.compile("Next person: 2 Kwame")).click()
    expect(page.locator("#cur")).to_have_text("Kwame")
    answer = DoseAnswer.objects.get()
    assert (answer.outcome, answer.given_ng) == ("given", 50_000_000)


def test_declined_is_three_taps_with_the_reason_opening_in_place(at_the_round):
    page = at_the_round
    page.get_by_role("link", name="Open Kwame").click()
    page.evaluate("window.taps = 0")
    page.locator("summary", has_text="Declined").click()
    page.get_by_role("button", name="Feels sick").click()
    expect(page.locator("#cur ~ *, .card--current").get_by_text("Feels sick.")).to_be_visible()
    assert page.evaluate("window.taps") == 2, "two taps, and the third is Next"
    assert DoseAnswer.objects.get().reason == "feels_sick"


def test_a_sedative_wants_its_look_and_says_so_without_losing_anything(at_the_round, ward):
    page = at_the_round
    page.get_by_role("button", name="Give 7.5\xa0mg diazepam").click()
    expect(page.get_by_role("alert").get_by_text("Look first")).to_be_visible()
    assert not DoseAnswer.objects.exists()
    tap_rass(page, 0)
    see_it_given(page, ward)
    page.get_by_role("button", name="Give 7.5\xa0mg diazepam").click()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    expect(page.locator("label.tap--last input")).to_have_value("0")
    expect(page.locator("input[name=rass]:checked")).to_have_count(0)
    assert DoseAnswer.objects.get().rass == 0


def test_at_rass_minus_3_the_card_turns_to_a_hold_and_the_alarm_stands_on_top(at_the_round):
    page = at_the_round
    tap_rass(page, -3)
    page.get_by_label("Breaths a minute").fill("14")
    page.get_by_role("button", name="Give 7.5\xa0mg diazepam").click()
    expect(page.get_by_text("Sedatives held")).to_be_visible()
    expect(page.get_by_role("region", name="Alarms")).to_contain_text("Marta")
    expect(page.get_by_role("button", name=re.compile("Give 0.5"))).to_be_disabled()
    assert DoseAnswer.objects.get().outcome == "held"


def test_a_double_tap_gives_one_dose(at_the_round):
    page = at_the_round
    page.get_by_role("button", name="Give 50\xa0mg sertraline").dblclick()
    expect(page.get_by_text("given 08:05")).to_be_visible()
    assert DoseAnswer.objects.count() == 1


def test_the_round_works_without_scripts(browser, live_server, ward, sign_in):
    cast, _, _ = ward
    context = browser.new_context(base_url=live_server.url, viewport=TABLET, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.nurse.username)
    page.goto("/round/")
    tap_rass(page, 0)
    see_it_given(page, ward)
    page.get_by_role("button", name="Give 7.5\xa0mg diazepam").click()
    page.get_by_role("button", name="Give 50\xa0mg sertraline").click()
    page.get_by_role("link", name=re.compile("Next person")).click()
    page.locator("summary", has_text="Declined").click()
    page.get_by_role("button", name="Off the unit").click()
    expect(page.get_by_text("The round is closed")).to_be_visible()
    assert sorted(DoseAnswer.objects.values_list("outcome", flat=True)) == ["given", "given", "unable"]
    context.close()


def test_the_pages_of_the_room_have_no_grave_fault_and_keep_the_policy(at_the_round, ward, axe, screenshot, sign_in):
    page, (cast, marta, kwame) = at_the_round, ward
    axe(page)
    screenshot(page, "medicine-round-tablet")
    decline(row_at(kwame, "2026-11-17T08:00"), cast.nurse)
    page.goto("/round/?by=time")
    axe(page)
    page.goto(f"/people/{marta.public_id}/medicines/")
    page.set_viewport_size(DESK)
    axe(page)
    screenshot(page, "medicines-desk")
    answer = DoseAnswer.objects.get()
    page.goto(f"/people/{kwame.public_id}/medicines/answers/{answer.public_id}/")
    axe(page)
    sign_in(page, cast.pharmacist.username)
    page.goto("/settings/products/")
    axe(page)
    screenshot(page, "products-desk")


def test_a_physician_signs_an_order_and_stops_it(page, ward, sign_in, axe, screenshot):
    cast, marta, _ = ward
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{marta.public_id}/medicines/")
    page.get_by_role("link", name="New order").click()
    expect(page.get_by_label("At most … mg in 24 hours")).to_be_hidden()
    page.get_by_label("Medicine", exact=True).fill("Valium")
    page.get_by_label("One dose, in mg").fill("2")
    page.locator("label.tap:has(input[value=once])").click()
    page.get_by_role("button", name="Look before signing").click()
    expect(page.get_by_role("heading", name="One dose")).to_be_visible()
    axe(page)
    screenshot(page, "order-desk")
    page.get_by_label("Why it is right although warnings stand").fill("panic this morning, seen by me")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Sign the order").click()
    expect(page.get_by_role("region", name="Orders", exact=True)).to_contain_text("once")
    page.get_by_role("link", name="Stop diazepam").last.click()
    axe(page)
    page.get_by_label("Why it is stopped").fill("no longer needed")
    page.get_by_role("button", name="Sign and stop it").click()
    expect(page).to_have_url(re.compile("/medicines/$"))
