"""An admission assessed by nurse, physician and psychologist at once, on three browsers; one loses its network."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from glidepath.care.assessment import queries as assessment
from glidepath.care.instruments import queries, services
from tests.browser.conftest import DESK, PHONE, WATCH_THE_POLICY
from tests.cast import PIN, admitted_person, make_centre

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db):
    return make_centre()


@pytest.fixture
def ruth(cast):
    return admitted_person(cast, preferred_name="Ruth")


@pytest.fixture
def browsers(browser, live_server):
    """Two further browsers beside the first, each of another member of staff."""
    opened = [
        browser.new_context(base_url=live_server.url, viewport=size, locale="en-GB", reduced_motion="reduce")
        for size in (DESK, PHONE)
    ]
    pages = []
    for context in opened:
        context.add_init_script(WATCH_THE_POLICY)
        pages.append(context.new_page())
        pages[-1].set_default_timeout(10_000)
    yield pages
    for context in opened:
        context.close()


def answer(page, name, word):
    page.locator(f"#ask-{name}").get_by_role("button", name=word, exact=True).click()


def test_nothing_is_asked_twice_and_nothing_is_lost(page, browsers, cast, ruth, sign_in):
    nurse, (physician, psychologist) = page, browsers
    for each, who in ((nurse, cast.nurse), (physician, cast.physician), (psychologist, cast.psychologist)):
        sign_in(each, who.username)
    form = services.open_form(person=ruth, instrument="gad_7", filled_by="self", by=cast.nurse)
    nurse.goto(reverse("instruments:form", args=[ruth.public_id, form.public_id]))
    physician.goto(f"/people/{ruth.public_id}/assessment/benzodiazepines/")
    psychologist.goto(f"/people/{ruth.public_id}/assessment/psychiatric/")

    items = [item.key for item in queries.filling_of(form).instrument.items]
    for key in items[:3]:
        nurse.locator(f"#item-{key}").get_by_text("Several days").first.click()
    expect(nurse.locator("body")).to_contain_text("3 of 7")
    nurse.context.set_offline(True)  # the ward's corner without a signal
    for key in items[3:6]:
        nurse.locator(f"#item-{key}").get_by_text("Several days").first.click()

    answer(physician, "past_seizure", "yes")
    expect(physician.locator("#ask-past_seizure")).to_contain_text("yes, says the person")
    answer(psychologist, "dx_ptsd", "yes")
    expect(psychologist.locator("#ask-dx_ptsd")).to_contain_text("yes, says the person")
    assert len(queries.given_to(form)) == 3  # what was tapped without a network waits in the page

    nurse.context.set_offline(False)
    nurse.locator(f"#item-{items[6]}").get_by_text("Several days").first.click()
    nurse.locator("[data-waiting]").wait_for(state="hidden")
    nurse.get_by_role("button", name="Finish").click()
    nurse.get_by_role("heading", name="What it says").wait_for()
    [result] = queries.results([ruth])[ruth.pk]
    assert (result.score.total, result.score.complete) == (7, True)  # seven ones, none lost and none twice

    # Asked once: what the physician heard stands ready on the nurse's page of facts.
    nurse.goto(f"/people/{ruth.public_id}/facts/")
    expect(nurse.locator("#ask-past_seizure")).to_contain_text("yes")
    told = assessment.answers([ruth])[ruth.pk]
    assert (told["past_seizure"].value, told["dx_ptsd"].value) == ("yes", "yes")

    physician.goto(f"/people/{ruth.public_id}/assessment/benzodiazepines/sign/")
    physician.get_by_label("In a few words").fill("A seizure in the past: slow, and watched.")
    physician.locator("input[name=pin]").fill(PIN)
    physician.get_by_role("button", name="Sign", exact=True).click()
    physician.wait_for_url("**/assessment/benzodiazepines/")
    physician.goto(f"/people/{ruth.public_id}/formulation/")
    page_text = physician.locator("main").inner_text()
    assert "A seizure in the past: slow, and watched." in page_text
    assert "an earlier seizure" in page_text
