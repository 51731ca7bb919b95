"""The treatment plan in a real browser: from a finding to a signed plan, a review, a link by one tap; two at once."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from glidepath.care.assessment import services as assessment
from glidepath.care.planning import queries
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import PHONE
from tests.cast import PIN, admitted_person, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)
GOAL = "Sleep in my own bed without checking the clock."


@pytest.fixture
def centre(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T10:00")
    cast = make_centre()
    yield cast
    frozen.release()


@pytest.fixture
def ruth(centre):
    person = admitted_person(centre, preferred_name="Ruth")
    assessment.record_facts(person=person, answers={"sleep_disturbed": "yes"}, by=centre.nurse)
    return person


def test_from_a_finding_to_a_signed_plan_its_review_and_what_serves_it(page, centre, ruth, sign_in, axe):
    sign_in(page, centre.psychologist.username)
    page.goto(f"/people/{ruth.public_id}/plan/")
    axe(page)
    page.get_by_role("link", name="Begin the plan").click()
    page.get_by_role("button", name="Add Sleep").click()  # one tap: the template comes with it
    expect(page.get_by_label("Objective", exact=True)).to_have_value(
        "Ruth sleeps long enough to feel rested, on most nights"
    )
    expect(page.locator("main")).to_contain_text("the goal is empty")
    axe(page)
    page.get_by_label("Goal, in the person’s words").fill(GOAL)
    page.get_by_role("button", name="Go on to sign").click()
    expect(page.locator("main")).to_contain_text(GOAL)
    page.locator("label.chip:has(input[name='agreement'][value='signed'])").click()
    page.get_by_label("How they agreed").fill("this is mine")
    axe(page)
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Sign the plan", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"“{GOAL}”")
    axe(page)

    page.get_by_role("link", name="Record a review").click()
    page.locator("label.chip:has(input[value='better'])").click()
    page.get_by_label("How the person sees it").fill("the nights are longer")
    axe(page)
    page.get_by_role("button", name="Record the review").click()
    expect(page.locator("main")).to_contain_text("the nights are longer")

    page.get_by_role("link", name="record serves this").click()
    page.get_by_role("button", name="answer: disturbed sleep: yes").click()
    expect(page.locator("main")).to_contain_text("linked by Dr Amara Nwosu")
    axe(page)
    page.set_viewport_size(PHONE)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    page.goto(f"/people/{ruth.public_id}/plan/thread/")
    expect(page.locator("main")).to_contain_text("Ruth sleeps long enough")
    axe(page)


def test_the_second_of_two_keeps_what_was_typed_and_sees_who_was_first(
    browser, live_server, centre, ruth, sign_in, axe
):
    first, second = (browser.new_context(base_url=live_server.url).new_page() for _ in range(2))
    sign_in(first, centre.nurse.username)
    sign_in(second, centre.psychologist.username)
    first.goto(f"/people/{ruth.public_id}/plan/draft/")
    first.get_by_role("button", name="Add Sleep").click()
    for page in (first, second):
        page.goto(f"/people/{ruth.public_id}/plan/draft/")
    first.get_by_label("Goal, in the person’s words").fill("first")
    first.get_by_role("button", name="Save the draft").last.click()
    expect(first.locator("body")).to_contain_text("The draft is saved")
    second.get_by_label("Goal, in the person’s words").fill("second")
    second.get_by_role("button", name="Save the draft").last.click()
    expect(second.locator("main")).to_contain_text("changed by Marta Lindqvist")
    expect(second.get_by_label("Goal, in the person’s words")).to_have_value("second")
    expect(second.get_by_role("table", name="What this changes")).to_contain_text("first")
    assert queries.plan_of(queries.draft_row(ruth).content).problems[0].goal.words == "first"
    first.context.close()
    second.context.close()


def test_without_a_script_a_plan_is_written_all_the_same(browser, live_server, centre, ruth, sign_in):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, centre.nurse.username)
    page.goto(f"/people/{ruth.public_id}/plan/draft/")
    page.get_by_role("button", name="Add Sleep").click()
    page.get_by_label("Goal, in the person’s words").fill(GOAL)
    page.get_by_role("button", name="Save the draft").last.click()
    expect(page.get_by_label("Goal, in the person’s words")).to_have_value(GOAL)
    context.close()
