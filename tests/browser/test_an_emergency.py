"""A seizure from the first tap to the closed review, on a telephone in one hand: taps counted as the browser reports
them, nothing typed while it runs; a lost network; and with scripts switched off."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.events import queries
from glidepath.care.events.models import EventStep, Running
from glidepath.care.events.tests.emergencies import course
from glidepath.care.monitoring import queries as monitoring
from glidepath.record import clock
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.cast import PIN, admitted_person, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)

COUNT = """
window.taps = Number(sessionStorage.getItem("taps") || 0); window.keys = Number(sessionStorage.getItem("keys") || 0);
addEventListener("click", (event) => { if (event.isTrusted) sessionStorage.setItem("taps", ++window.taps); }, true);
addEventListener("keydown", (event) => { if (event.isTrusted) sessionStorage.setItem("keys", ++window.keys); }, true);
"""


@pytest.fixture
def ward_clock(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T03:00")
    yield frozen
    frozen.release()


@pytest.fixture
def ward(ward_clock):
    cast = make_centre()
    return cast, admitted_person(cast, preferred_name="Kwame")


@pytest.fixture
def in_hand(page, ward, sign_in):
    """The nurse's telephone, at Kwame's chart."""
    cast, kwame = ward
    page.add_init_script(COUNT)
    page.set_viewport_size(PHONE)
    sign_in(page, cast.nurse.username)
    page.goto(reverse("ward:chart", args=[kwame.public_id]))
    return page


def taps(page):
    return int(page.evaluate("sessionStorage.getItem('taps')") or 0)


def keys(page):
    return int(page.evaluate("sessionStorage.getItem('keys')") or 0)


def begun(page):
    page.get_by_role("link", name="Event", exact=True).click()
    page.get_by_role("button", name="Seizure").click()
    expect(page.get_by_role("button", name="Seizure stopped")).to_be_visible()
    page.wait_for_load_state()
    return Running.objects.get()


def done(page, line):
    page.get_by_role("button", name=line, exact=True).click()
    expect(page.get_by_role("button", name=f"Undo {line}")).to_be_visible()


def too_wide(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_seizure_from_the_first_tap_to_the_closed_review(in_hand, ward, ward_clock, sign_in, axe):
    page, (cast, kwame) = in_hand, ward
    running = begun(page)
    assert taps(page) == 2, "Event, Seizure: the clock runs, the alarm is raised, the taper is frozen"
    assert monitoring.freezes(kwame)[0][1] is None
    assert "SEI-1" in {one.alarm.cause for one in open_alarms([kwame])}
    axe(page)
    assert too_wide(page) <= 0
    for line in ("Airway open", "In the recovery position", "Physician called", "Blood glucose measured"):
        ward_clock.tick(seconds=20)
        done(page, line)
    assert taps(page) == 6, "one tap a line"
    expect(page.locator("[data-status]")).to_be_hidden()
    ward_clock.set("2026-11-17T03:05")
    page.reload()
    expect(page.get_by_text("The seizure has lasted 5 minutes.")).to_be_visible()
    axe(page)
    done(page, "Emergency services called")
    ward_clock.tick(seconds=30)
    page.get_by_role("button", name="Seizure stopped").click()
    expect(page.get_by_text("Seizure 1 stopped after")).to_be_visible()
    expect(page.locator(".emergency__fitclock")).to_have_text("05:30")
    letter = page.request.get(page.get_by_role("link", name="Transfer letter").get_attribute("href"))
    assert (letter.status, letter.headers["content-type"]) == (200, "application/pdf")
    page.get_by_role("button", name="Ambulance crew").click()
    expect(page.get_by_text("ambulance crew, 03:05")).to_be_visible()
    page.get_by_role("button", name="Transferred to hospital").click()
    expect(page.get_by_role("heading", name="Debrief")).to_be_visible()
    assert taps(page) == 10, "from the first tap to the end with five lines, a letter and the outcome"
    assert keys(page) == 0, "nothing is typed while it runs"
    assert course(running).fits[0].lasted(clock.now()) == dt.timedelta(minutes=5, seconds=30)
    axe(page)
    assert too_wide(page) <= 0
    debriefed(page)
    reviewed(page, cast, running, sign_in, axe)


def debriefed(page):
    page.get_by_label("What went well").fill("Help came within a minute.")
    page.get_by_label("What was missing").fill("The meter had no strips.")
    page.get_by_role("button", name="Keep the debrief").click()
    expect(page.get_by_text("The meter had no strips.")).to_be_visible()


def reviewed(page, cast, running, sign_in, axe):
    """The manager finds it on the home page, writes and signs; the physician signs; it is closed."""
    sign_in(page, cast.manager.username)
    page.goto("/")
    page.get_by_role("link", name=re.compile("incident review to write")).click()
    page.get_by_label("a cut, or doses not taken").check()
    page.get_by_label("a medicine or equipment not at hand").check()
    page.get_by_label("What happened and why").fill("Two doses were not ordered at admission.")
    page.get_by_label("Your PIN").fill(PIN)
    axe(page)
    assert too_wide(page) <= 0
    page.get_by_role("button", name="Write and sign").click()
    expect(page.get_by_text("The review is written and signed by you.")).to_be_visible()
    assert queries.closed_at(queries.review_of(running)) is None
    sign_in(page, cast.physician.username)
    page.goto("/")
    page.get_by_role("link", name=re.compile("incident review to sign as prescriber")).click()
    page.locator("form[action$='/sign/']").get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Sign the review").first.click()
    expect(page.get_by_text("With both signatures this emergency is closed.")).to_be_visible()
    assert queries.closed_at(queries.review_of(running)) is not None


def test_a_seizure_on_the_round_is_one_tap_to_the_running_clock(page, ward, sign_in, axe):
    cast, kwame = ward
    page.set_viewport_size(TABLET)
    page.add_init_script(COUNT)
    sign_in(page, cast.nurse.username)
    page.goto(f"/observe/?person={kwame.public_id}")
    page.get_by_role("button", name="Seizure: Kwame").click()
    expect(page.get_by_role("button", name="Seizure stopped")).to_be_visible()
    assert taps(page) == 1
    page.set_viewport_size(DESK)
    axe(page)


def test_a_tap_waits_for_the_network_and_is_written_once_with_its_moment(in_hand, ward, ward_clock):
    page = in_hand
    running = begun(page)
    ward_clock.tick(minutes=2)
    page.context.set_offline(True)
    page.get_by_role("button", name="Airway open", exact=True).click()
    expect(page.get_by_text("1 tap not sent yet: no network.", exact=False)).to_be_visible()
    page.get_by_role("button", name="Blood glucose measured", exact=True).click()
    expect(page.get_by_text("2 taps not sent yet", exact=False)).to_be_visible()
    assert not EventStep.objects.filter(line="airway").exists()
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="Undo Blood glucose measured")).to_be_visible()
    assert EventStep.objects.filter(line="airway").count() == 1
    assert EventStep.objects.filter(line="glucose").count() == 1
    row = EventStep.objects.get(line="airway")
    assert row.happened_at < row.recorded_at, "the finger's moment, not the network's"
    assert course(running).standing.keys() >= {"airway", "glucose"}


def test_a_tap_of_somebody_signed_out_waits_for_them_and_for_nobody_else(in_hand, ward, sign_in):
    page, (cast, _) = in_hand, ward
    begun(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Airway open", exact=True).click()
    expect(page.get_by_text("1 tap not sent yet: you are signed out.", exact=False)).to_be_visible()
    other = page.context.new_page()
    sign_in(other, cast.second_nurse.username)
    page.wait_for_timeout(4_000)  # once more by itself
    assert not EventStep.objects.filter(line="airway").exists(), "it would stand under another nurse's name"
    sign_in(other, cast.nurse.username)
    expect(page.get_by_role("button", name="Undo Airway open")).to_be_visible()
    assert EventStep.objects.get(line="airway").recorded_by == cast.nurse


def test_two_lines_tapped_at_once_are_both_written(in_hand):
    page = in_hand
    begun(page)
    page.evaluate(
        """() => ["Airway open", "In the recovery position", "Cause looked for"].forEach((said) =>
        [...document.querySelectorAll("form[data-tap] button")].find((one) => one.textContent.trim() === said).click()
        )"""
    )
    expect(page.get_by_role("button", name="Undo Cause looked for")).to_be_visible()
    assert set(EventStep.objects.values_list("line", flat=True)) >= {"airway", "recovery", "cause"}


def test_the_prompt_of_five_minutes_comes_by_itself_on_an_open_page(in_hand, ward_clock):
    page = in_hand
    page.clock.install(time=dt.datetime(2026, 11, 17, 3, 0, tzinfo=dt.UTC))
    begun(page)
    expect(page.locator("[data-status]")).to_be_hidden()
    page.clock.fast_forward("05:01")
    expect(page.locator("[data-status]")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_text(re.compile("05:0[1-3]"))


def test_without_scripts_every_tap_works_and_the_page_asks_again_by_itself(browser, live_server, ward, sign_in):
    cast, kwame = ward
    plain = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    page = plain.new_page()
    sign_in(page, cast.nurse.username)
    page.goto(reverse("ward:chart", args=[kwame.public_id]))
    begun(page)
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    done(page, "Airway open")
    page.get_by_role("button", name="Undo Airway open").click()
    expect(page.get_by_role("button", name="Airway open", exact=True)).to_be_visible()
    page.get_by_role("button", name="Seizure stopped").click()
    page.get_by_role("button", name="Stays here").click()
    expect(page.get_by_role("heading", name="Debrief")).to_be_visible()
    plain.close()
