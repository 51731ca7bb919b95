"""From a first call to a decision in a real browser: accepted for a day, or redirected, and never without bridging."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from glidepath.care.assessment import services as assessing
from glidepath.care.flow.models import Decision
from glidepath.care.flow.screen import BEFORE_ACCEPTING
from glidepath.care.flow.tests.screens import call
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.people.models import Person
from tests.browser.conftest import DESK, PHONE, TABLET
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def centre(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T10:00")
    yield make_centre()
    frozen.release()


def chip(page, name, value):
    return page.locator(f"label.chip:has(input[name='{name}'][value='{value}'])")


def fits(page, axe):
    """No fault and nothing out of the screen at a desk, on a tablet and on a phone."""
    for size in (PHONE, TABLET, DESK):
        page.set_viewport_size(size)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def screen_of(person):
    return reverse("flow:screen", args=[person.public_id])


def test_from_a_first_call_over_the_screen_to_a_day(page, centre, sign_in, axe):
    sign_in(page, centre.admissions.username)
    page.goto("/")
    page.get_by_role("link", name="A first call").click()
    page.get_by_label("Legal name").fill("Nadia Okonkwo")
    page.get_by_label("Born").fill("1984-02-29")
    page.get_by_role("button", name="Look for this person").click()
    fits(page, axe)
    now = page.locator(".flags-asked__now")
    expect(now).to_be_hidden()
    chip(page, "flag_breathing", "yes").click()
    expect(now).to_be_visible()  # before anything is sent
    expect(now).to_contain_text("Call emergency services now and stay on the line")
    axe(page)
    for flag in page.locator(".flags-asked input[value='no']").all():
        flag.check(force=True)
    expect(now).to_be_hidden()
    page.get_by_label("Who is calling").fill("her sister")
    page.get_by_label("Medicine", exact=True).fill("lorazepam")
    page.get_by_label("How much and when").fill("lorazepam 1 mg 08:00 20:00")
    page.get_by_label("Last taken").fill("2026-11-17T08:10")
    chip(page, "use-source", "prescribed").click()
    chip(page, "use-beginning", "unknown").click()
    chip(page, "alcohol_dependent", "declined").click()
    page.get_by_label("I told them: do not stop suddenly").check()
    page.get_by_role("button", name="Record this call").click()

    expect(page.locator("main")).to_contain_text("lorazepam, 20:00")
    assert page.url.endswith(screen_of(Person.objects.get()))
    fits(page, axe)
    sign_in(page, centre.nurse.username)
    page.reload()
    for name in BEFORE_ACCEPTING:
        if name != "alcohol_dependent":  # asked in the call
            chip(page, name, "yes" if name == "past_seizure" else "no").click()
    page.get_by_role("button", name="Record these answers").click()
    expect(page.locator("main")).to_contain_text("Residential care")
    expect(page.locator("main")).to_contain_text("Outpatient care, with an earlier seizure.")
    chip(page, "kind", "accept").click()
    page.get_by_label("Comes on").fill("2026-11-19")
    page.get_by_role("button", name="Prepare for the physician").click()
    expect(page.locator("body")).to_contain_text("it waits for a physician")

    sign_in(page, centre.physician.username)
    page.goto("/")
    expect(page.locator("main")).to_contain_text("waits for a physician's decision")
    page.get_by_role("link", name="Screen of Nadia").click()
    expect(page.get_by_label("Comes on")).to_have_value("2026-11-19")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Sign the decision").click()
    expect(page.locator("main")).to_contain_text("Signed by Dr Ines Ferreira")
    page.goto("/")
    expect(page.locator("main")).to_contain_text("accepted, residential care, comes Thu 19 Nov")
    fits(page, axe)


def test_a_redirection_is_refused_without_its_bridging_and_done_with_it(page, centre, sign_in, axe):
    person = call(centre)
    assessing.record_facts(person=person, answers={"past_seizure": "unknown"}, by=centre.nurse)
    sign_in(page, centre.physician.username)
    page.goto(screen_of(person))
    chip(page, "kind", "redirect").click()
    chip(page, "level", "outpatient").click()
    chip(page, "why", "nearer").click()
    page.get_by_label("The reason, in words for the person").fill("wishes care nearer home")
    page.get_by_label("Where to instead").fill("Elm Street Practice")
    page.get_by_label("How that place is reached").fill("020 7946 0456")
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Sign the decision").click()

    said = "Write how the person gets their usual dose until they are seen elsewhere."
    expect(page.locator("#mend")).to_contain_text(said)
    assert not Decision.objects.exists()
    expect(page.get_by_label("Where to instead")).to_have_value("Elm Street Practice")
    fits(page, axe)
    page.get_by_label("How the usual dose goes on").fill("their doctor prescribes it by the week")
    page.get_by_label("Who makes sure of it").fill("Dr Alan Whitby")
    page.get_by_label("We call on").fill("2026-11-18")
    page.get_by_role("button", name="Sign the decision").click()
    expect(page.locator("main")).to_contain_text("their doctor prescribes it by the week (Dr Alan Whitby)")
    page.get_by_text("We called, or were called").click()
    fits(page, axe)
    chip(page, "outcome", "seen").click()
    page.get_by_role("button", name="Record this contact").click()
    expect(page.locator("h1")).to_contain_text("What waits for you")
    expect(page.locator("main")).not_to_contain_text("Nadia")
