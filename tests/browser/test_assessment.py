"""The assessment in a real browser: nurse and psychologist write on one part at the same time, and nothing is lost."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.assessment import queries, services
from glidepath.care.assessment.models import Mouth
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.staff import services as staffing
from tests.browser.conftest import DESK, PHONE, WATCH_THE_POLICY
from tests.cast import PIN, admitted_person, enquiring_person, episode_of, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def frozen(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    clock = FrozenClock()
    clock.set("2026-11-17T10:00")
    yield clock
    clock.release()


@pytest.fixture
def centre(frozen):
    return make_centre()


@pytest.fixture
def ruth(centre):
    return admitted_person(centre, preferred_name="Ruth")


@pytest.fixture
def other_page(browser, live_server):
    """A second browser, of another member of staff."""
    opened = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="en-GB", reduced_motion="reduce")
    opened.add_init_script(WATCH_THE_POLICY)
    page = opened.new_page()
    page.set_default_timeout(10_000)
    yield page
    opened.close()


def question(page, name):
    return page.locator(f"#ask-{name}")


def tap(page, name, word):
    question(page, name).get_by_role("button", name=word, exact=True).click()


def test_a_nurse_and_a_psychologist_write_at_once_and_nothing_is_lost(page, other_page, centre, ruth, sign_in, axe):
    nurse, psychologist = page, other_page
    sign_in(nurse, centre.nurse.username)
    sign_in(psychologist, centre.psychologist.username)
    for each in (nurse, psychologist):
        each.goto(f"/people/{ruth.public_id}/assessment/psychiatric/")
    tap(nurse, "dx_mood", "no")
    expect(question(nurse, "dx_mood")).to_contain_text("no, says the person")
    box = question(psychologist, "past_treatment").get_by_role("textbox")
    box.fill("Talking helped; tablets did not.")
    box.blur()  # leaving the box saves it
    expect(question(psychologist, "past_treatment")).to_contain_text("“Talking helped; tablets did not.”")
    tap(psychologist, "dx_mood", "yes")  # a page that was opened before the nurse had answered
    expect(question(psychologist, "dx_mood")).to_contain_text("They disagree")
    expect(question(psychologist, "dx_mood")).to_contain_text(centre.nurse.name)
    axe(psychologist)
    assert psychologist.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    nurse.evaluate("htmx.trigger('#news', 'load'); htmx.ajax('GET', document.querySelector('#news').getAttribute("
                   "'hx-get'), {target: '#news', swap: 'outerHTML'})")  # fmt: skip
    expect(nurse.locator("#news")).to_contain_text(f"{centre.psychologist.name} answered here")
    nurse.locator("#news").get_by_role("link", name="a mood disorder").click()
    expect(question(nurse, "dx_mood")).to_contain_text("They disagree")
    question(nurse, "dx_mood").get_by_label("Why this one counts").fill("She told the psychologist more.")
    question(nurse, "dx_mood").get_by_role("button", name="yes, says the person").click()
    expect(question(nurse, "dx_mood")).to_contain_text("chosen: She told the psychologist more.")
    expect(question(nurse, "dx_mood")).not_to_contain_text("They disagree")
    axe(nurse)
    assert queries.facts(ruth).dx_mood is True


def test_the_author_signs_their_part_and_a_change_asks_for_a_new_signature(page, centre, ruth, sign_in, axe):
    sign_in(page, centre.nurse.username)
    page.goto(f"/people/{ruth.public_id}/assessment/")
    axe(page)
    page.get_by_role("link", name="Body and physical health").click()
    page.get_by_role("link", name="family or a friend").click()
    tap(page, "dx_osa", "no")
    expect(question(page, "dx_osa")).to_contain_text("says family or a friend")
    page.reload()
    page.get_by_role("link", name="Sign what you wrote").click()
    axe(page)
    page.get_by_label("In a few words").fill("Well in body.")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator("main")).to_contain_text("“Well in body.”")
    tap(page, "dx_osa", "yes")
    expect(question(page, "dx_osa")).to_contain_text("They disagree")  # this time the person says so
    page.goto(f"/people/{ruth.public_id}/assessment/")
    expect(page.locator("main")).to_contain_text("changed since signed")


def test_by_keyboard_alone_an_answer_is_given_and_no_other(page, centre, ruth, sign_in):
    sign_in(page, centre.nurse.username)
    page.goto(f"/people/{ruth.public_id}/assessment/medical/")
    question(page, "dx_osa").get_by_role("button", name="yes", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(question(page, "dx_osa")).to_contain_text("no, says the person")
    assert [row.value for row in queries.told(ruth)] == ["no"]


def test_a_returning_persons_answers_are_confirmed_by_one_tap_each(page, centre, frozen, sign_in, axe):
    person = enquiring_person(centre, preferred_name="Ilse")
    services.record_facts(person=person, answers={"past_seizure": "yes", "driving": "yes"}, by=centre.nurse)
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=centre.nurse, reason="went home")
    frozen.tick(days=40)
    episodes.open_enquiry(person=person, by=centre.nurse)
    staffing.start_shift(unit=centre.unit, by=centre.nurse)
    sign_in(page, centre.nurse.username)
    page.set_viewport_size(PHONE)
    page.goto(f"/people/{person.public_id}/assessment/")
    expect(page.locator("main")).to_contain_text("As of 17 Nov: yes, not confirmed in this stay")
    axe(page)
    page.get_by_role("button", name=re.compile("Still so.*an earlier seizure")).click()
    expect(page.locator("main")).not_to_contain_text("Has the person ever had a seizure?")
    page.get_by_role("button", name=re.compile("No longer so.*driving")).click()
    expect(page.locator("main")).not_to_contain_text("From an earlier stay")
    assert queries.facts(person).past_seizure is True


def test_the_list_of_medicines_says_what_is_not_checked(page, centre, ruth, sign_in, axe):
    services.record_medicine(person=ruth, medicine=services.Medicine("alprazolam", ("person",)), by=centre.nurse)
    sign_in(page, centre.pharmacist.username)
    page.goto(f"/people/{ruth.public_id}/assessment/medicines/")
    page.get_by_role("link", name="Add a medicine to the list").click()
    page.get_by_label("Medicine", exact=True).fill("sertraline")
    axe(page)
    page.locator("label.chip:has(input[name='sources'][value='letter'])").click()
    page.get_by_role("button", name="Record").click()
    expect(page.locator("main")).to_contain_text("alprazolam with sertraline")
    page.get_by_role("link", name="Check sertraline").click()
    page.get_by_label("What you found").fill("As in the letter.")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("main")).to_contain_text("Checked: As in the letter.")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_what_two_mouths_say_is_told_apart_on_the_page(page, centre, ruth, sign_in):
    for mouth, value in ((Mouth.PERSON, "no"), (Mouth.FAMILY, "yes")):
        services.record_facts(person=ruth, answers={"past_seizure": value}, by=centre.nurse, mouth=mouth)
    sign_in(page, centre.physician.username)
    page.goto(f"/people/{ruth.public_id}/assessment/benzodiazepines/")
    expect(question(page, "past_seizure")).to_contain_text("no, says the person")
    expect(question(page, "past_seizure")).to_contain_text("yes, says family or a friend")
