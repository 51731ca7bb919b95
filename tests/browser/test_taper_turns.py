"""The taper room in a real browser: a preview that follows what is typed, and the taps that a turn takes."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.taper import queries
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.staff import services as staff
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock
from tests.scenarios import ward

pytestmark = pytest.mark.django_db(transaction=True)
PLANNED = 20_000  # ms: a plan of three years, and two more beside it, on a machine that runs other tests
COUNT = """
addEventListener("pointerdown", (event) => {
  if (!event.isTrusted) return;
  const kind = event.target.closest(".sign") ? "signing" : "taps";
  sessionStorage[kind] = Number(sessionStorage[kind] || 0) + 1;
}, true);
addEventListener("keydown", (event) => {
  if (event.isTrusted && !event.target.closest(".sign")) sessionStorage.keys = Number(sessionStorage.keys || 0) + 1;
}, true);
"""


@pytest.fixture
def centre(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    yield cast, frozen
    frozen.release()


@pytest.fixture
def danilo(centre):
    return ward.person_with_history(centre[0], preferred_name="Danilo")


@pytest.fixture
def running(centre, danilo):
    """A day later, step 1 in force."""
    cast, frozen = centre
    ward.sign(cast, danilo, ward.draft(start=dt.date(2026, 11, 17)))
    frozen.set("2026-11-18T10:00")
    staff.start_shift(unit=cast.unit, by=cast.physician)
    return danilo


def chip(page, name, value):
    page.locator(f"label.chip:has(input[name='{name}'][value='{value}'])").click()


def counted(page):
    return page.evaluate("({taps: Number(sessionStorage.taps || 0), keys: Number(sessionStorage.keys || 0)})")


def sign(page, name):
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name=name, exact=True).click()


# --- The preview -----------------------------------------------------------------------------------------------------
def test_the_plan_follows_what_is_typed_and_nothing_typed_is_lost(page, centre, danilo, sign_in, axe):
    cast, _ = centre
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{danilo.public_id}/taper/")
    said = page.locator("#live-note")
    expect(said).to_contain_text("Largest cut 10 %.")
    page.get_by_label("How the person agreed").fill("said so, with her counsellor")
    cut = page.get_by_label("Cut, % of the present dose")
    cut.fill("5")
    expect(said).to_contain_text("was 10 %", timeout=PLANNED)
    expect(cut).to_be_focused()
    expect(page.get_by_label("How the person agreed")).to_have_value("said so, with her counsellor")
    with page.expect_response(lambda answer: "was=" in answer.url, timeout=PLANNED):
        page.keyboard.press("Tab")  # leaving a field draws the same plan again: what was said of the change stays
    expect(page.locator("#live-wait")).not_to_be_visible()
    expect(said).to_contain_text("was 10 %")
    assert "cut=5" in page.url  # the address shows this plan to whoever it is sent to
    assert "was=" not in page.url
    expect(page.locator("#live-shown")).to_contain_text("Predicted level")
    page.get_by_label("Gentle").check()
    expect(page.get_by_label("Days between two cuts")).to_have_value("21", timeout=PLANNED)
    expect(page.get_by_label("Gentle")).to_be_checked()
    axe(page)
    page.reload()
    expect(page.get_by_label("Days between two cuts")).to_have_value("21")
    read = AuditLine.objects.filter(action="taper.read", person_id=danilo.pk, kind="read")
    assert read.count() == 2  # a line for each page that was opened, none for what drew itself again


def test_an_unknown_medicine_is_said_while_it_is_typed_and_stays_in_its_box(page, centre, danilo, sign_in):
    cast, _ = centre
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{danilo.public_id}/taper/")
    box = page.get_by_role("textbox", name="Present dose", exact=True)
    box.fill("diazepan 10 mg at 08:00")
    expect(page.locator("#live-errors")).to_contain_text("diazepam", timeout=PLANNED)
    expect(box).to_have_value("diazepan 10 mg at 08:00")
    expect(box).to_be_focused()
    expect(page.get_by_role("button", name="Sign version 1")).to_have_count(0)
    box.fill("diazepam 10 mg at 08:00")
    expect(page.locator("#live-errors")).not_to_contain_text("mend", timeout=PLANNED)
    expect(page.get_by_role("button", name="Sign version 1")).to_be_enabled()


def test_without_a_script_the_button_shows_the_plan(browser, live_server, centre, danilo, sign_in):
    cast, _ = centre
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{danilo.public_id}/taper/")
    page.get_by_label("Cut, % of the present dose").fill("5")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#live-note")).to_contain_text("Largest cut 9.1 %")
    context.close()


# --- Taps ------------------------------------------------------------------------------------------------------------
def test_a_hold_is_two_taps_and_the_signature(page, centre, running, sign_in, axe):
    cast, _ = centre
    sign_in(page, cast.physician.username)
    page.add_init_script(COUNT)
    page.goto(f"/people/{running.public_id}/taper/")
    page.get_by_role("link", name=re.compile("^Hold")).click()
    chip(page, "reason_code", "symptoms")
    assert counted(page) == {"taps": 2, "keys": 0}
    expect(page.locator("#live-aside")).to_contain_text("What this changes")
    axe(page)
    sign(page, "Sign the hold")
    expect(page.locator("main")).to_contain_text("The taper is on hold")
    assert queries.newest(running).on_hold


def test_what_is_typed_while_the_preview_settles_stays(page, centre, running, sign_in):
    cast, _ = centre
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{running.public_id}/taper/hold/")
    page.evaluate(
        """() => {
        document.addEventListener("htmx:afterSwap", () => { document.getElementById("id_pin").value = "2580"; });
        document.addEventListener("htmx:afterSettle", () => { document.body.dataset.settled = "yes"; });
        }"""
    )
    chip(page, "reason_code", "symptoms")
    expect(page.locator("body[data-settled]")).to_be_attached()
    expect(page.get_by_label("Your PIN")).to_have_value("2580")


def test_a_slower_pace_is_four_taps_with_doses_tablets_end_and_supply_before_the_signature(
    page, centre, running, sign_in, axe
):
    cast, _ = centre
    sign_in(page, cast.physician.username)
    page.add_init_script(COUNT)
    page.goto(f"/people/{running.public_id}/taper/")
    page.get_by_role("link", name=re.compile("^Slow")).click()
    chip(page, "pace_by", "10-28")
    chip(page, "reason_code", "request")
    chip(page, "agreed_by", "asked for it")
    assert counted(page) == {"taps": 4, "keys": 0}
    aside = page.locator("#live-aside")
    expect(aside).to_contain_text("Goal reached")
    expect(aside).to_contain_text("10 mg tablet")
    expect(page.locator("#live-shown")).to_contain_text("12 Jan 2027", timeout=PLANNED)  # 17 November and twice 28 days
    axe(page)
    sign(page, "Sign the slower pace")
    expect(page.locator("main")).to_contain_text("The taper goes on more slowly")
    newest = queries.newest(running)
    assert (newest.cut_basis_points, newest.interval_days, newest.agreed) == (1000, 28, "asked for it")


# --- A drawn way, and a return ---------------------------------------------------------------------------------------
def test_a_way_is_drawn_by_milestones_mended_where_a_line_is_wrong_and_signed(page, centre, danilo, sign_in, axe):
    cast, _ = centre
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{danilo.public_id}/taper/")
    chip(page, "shape", "drawn")
    expect(page.locator("#live-errors")).to_contain_text("Write the milestones", timeout=PLANNED)
    page.get_by_text("Draw it by milestones").click()
    lines = page.get_by_label("Milestones")
    lines.fill("week 8: 12 mg\nweek 6: 15 mg\nweek 20: 13 mg\nweek 28: 0")
    expect(page.locator("#live-errors")).to_contain_text("Line 3, 13 mg on 06 Apr 2027", timeout=PLANNED)
    expect(lines).to_be_focused()
    lines.fill("week 8: 12 mg\nweek 6: 15 mg\nweek 20: 4 mg\nweek 28: 0")
    shown = page.locator("#live-shown")
    expect(shown).to_contain_text("the line that was drawn", timeout=PLANNED)
    expect(shown.locator("path.c-drawn").first).to_be_attached()
    expect(page.locator("#live-errors")).not_to_contain_text("Line 3")
    axe(page)
    page.get_by_label("How the person agreed").fill("drew it with her")
    page.get_by_label("Why you go on although warnings stand").fill("the tail is steep in percent; liquid from 2 mg")
    sign(page, "Sign version 1")
    expect(page.locator("main")).to_contain_text("drawn through 4 milestones")
    assert len(queries.newest(danilo).milestones) == 4


def test_a_return_after_absence_shows_the_rule_asks_for_the_dose_and_is_signed(page, centre, running, sign_in, axe):
    cast, frozen = centre
    frozen.set("2026-11-22T10:00")
    staff.start_shift(unit=cast.unit, by=cast.physician)
    sign_in(page, cast.physician.username)
    page.goto(f"/people/{running.public_id}/taper/")
    page.get_by_role("link", name="Return after absence").click()
    expect(page.locator("main")).to_contain_text("up to 1 whole day without doses")
    page.get_by_label("Last day with every dose taken").fill("2026-11-18")
    expect(page.locator("#live-errors")).to_contain_text("name the doses to go on with", timeout=PLANNED)
    page.get_by_label("Dose to go on with").fill("diazepam 9 mg 08:00 22:00")
    expect(page.locator("#live-note")).to_contain_text("3 whole days missed, beyond the plan’s rule.", timeout=PLANNED)
    chip(page, "reason_code", "other")
    chip(page, "agreed_by", "told, and agrees")
    page.get_by_label("In words").fill("four days away; steady and not drowsy at 18 mg")
    expect(page.locator("#live-aside")).to_contain_text("TPR-6", timeout=PLANNED)
    axe(page)
    sign(page, "Sign the return")
    expect(page.locator("main")).to_contain_text("The return is signed.")
    newest = queries.newest(running)
    assert (newest.kind, newest.last_taken) == ("return", dt.date(2026, 11, 18))
