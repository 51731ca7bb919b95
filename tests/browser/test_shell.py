"""The shell in a real browser: signing in, night, errors; with and without scripts."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from glidepath.centre.tests.opened import opened_centre
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.staff.models import Role, Staff
from tests.browser.conftest import DESK, PHONE
from tests.cast import admitted_person, make_centre

PASSWORD = "a long enough phrase"
ACCOUNT = "/account/password/"


@pytest.fixture
def nurse(transactional_db):
    centre = opened_centre()
    return Staff.objects.create_user("amara", password=PASSWORD, centre=centre, role=Role.NURSE, name="Amara Okafor")


@pytest.fixture
def demo(nurse):
    return DatabaseMark.objects.create(is_demo=True, made_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark", "night"])
def test_the_sign_in_page_has_no_accessibility_fault_in_any_theme(page, axe, screenshot, size, theme):
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.goto("/sign-in/")
    if theme == "night":
        page.get_by_role("button", name="Night").click()
    axe(page)
    screenshot(page, f"sign-in-{'phone' if size is PHONE else 'desk'}-{theme}")


@pytest.mark.usefixtures("nurse")
def test_a_nurse_signs_in_and_out_with_the_keyboard_alone(page, axe):
    page.goto(f"/sign-in/?next={ACCOUNT}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.get_by_label("Name").focus()
    page.keyboard.type("amara")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password")
    axe(page)
    page.goto("/sign-out/")
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/sign-in/")


@pytest.mark.usefixtures("nurse")
def test_a_wrong_password_keeps_the_name_and_the_eye_is_led_to_what_to_mend(page, axe):
    page.goto("/sign-in/")
    page.get_by_label("Name").fill("amara")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit together")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("amara")
    axe(page)


@pytest.mark.usefixtures("demo")
def test_on_the_demo_one_click_signs_in(page, context):
    page.goto("/sign-in/")
    page.get_by_role("button", name="Amara Okafor").click()
    page.wait_for_load_state()
    assert any(cookie["name"] == "glidepath_session" for cookie in context.cookies())
    page.goto(ACCOUNT)
    assert page.url.endswith(ACCOUNT)


def test_night_is_remembered_on_this_device_and_no_flash_of_light_comes_first(page):
    page.goto("/sign-in/")
    page.get_by_role("button", name="Night").click()
    page.reload()
    theme = page.evaluate("document.documentElement.dataset.theme")
    assert theme == "night"
    expect(page.get_by_role("button", name="Night")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Night").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme ?? ''") == ""


def test_a_page_that_is_not_there_is_told_in_our_words(page, axe):
    answer = page.goto("/nowhere/")
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Not here")
    axe(page)


@pytest.mark.usefixtures("nurse")
def test_the_pages_of_the_second_proof_are_in_our_shell(page, sign_in, axe):
    sign_in(page, "amara")
    page.goto("/account/second-factor/")
    axe(page)


@pytest.mark.usefixtures("nurse")
def test_without_scripts_signing_in_works_and_offers_nothing_that_would_not(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/sign-in/?next={ACCOUNT}")
    expect(page.get_by_role("button", name="passkey")).to_have_count(0)
    expect(page.get_by_role("button", name="Night")).to_have_count(0)
    page.get_by_label("Name").fill("amara")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password")
    context.close()


@pytest.mark.usefixtures("nurse")
def test_a_double_click_sends_a_form_once(page, live_server):
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto("/sign-in/")
    page.get_by_label("Name").fill("amara")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).dblclick()
    expect(page.get_by_role("alert")).to_be_visible()
    assert sent == [f"{live_server.url}/sign-in/"]


@pytest.mark.usefixtures("transactional_db")
def test_the_name_keeps_its_room_beside_a_taper_of_three_medicines(page, sign_in):
    cast = make_centre()
    person = admitted_person(cast, preferred_name="Kwame")
    sign_in(page, cast.nurse.username)
    page.goto(reverse("ward:chart", args=[person.public_id]))
    page.locator(".banner__facts dd").first.evaluate(
        "fact => { fact.textContent = '0.5 mg a day, clonazepam + 10 mg a day, diazepam + 7.5 mg a day, zopiclone'; }"
    )
    for width in (360, 390, 820, 840, 1024, 1180, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        banner = page.locator(".banner__in").bounding_box()
        assert banner["height"] < (260 if width >= 820 else 400), f"at {width} the banner is {banner['height']} high"
        assert page.locator(".banner__id").bounding_box()["width"] >= 200, width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
