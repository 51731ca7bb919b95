"""From a stranger at the desk to a signed taper and its first dose, by clicks and typing alone, each in their role."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.taper.models import Version
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.people.models import Person
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock
from tests.scenarios.ward import stock_shelf

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def centre(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:00")
    cast = make_centre()
    stock_shelf(cast)
    yield cast, frozen
    frozen.release()


def chip(page, name, value):
    page.locator(f"label.chip:has(input[name='{name}'][value='{value}'])").click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def find_and_begin(page):
    page.goto("/admit/")
    page.get_by_label("Legal name").first.fill("Nadia Rahimi")
    page.get_by_label("Born").first.fill("1971-05-03")
    press(page, "Look for this person")
    press(page, "Begin the admission")


def tell_everything(page, axe, bed):
    """Allergies, the medicine and how it began, the questions that everybody is asked, consent, a bed."""
    page.get_by_label("None known, asked today").check()
    page.locator("form:has(input[value=allergies])").get_by_role("button", name="Record").click()
    page.get_by_label("Medicine", exact=True).fill("Valium")
    page.get_by_label("How much and when").fill("diazepam 10 mg 08:00 22:00")
    page.get_by_label("Days a week").fill("7")
    page.get_by_label("For how many months").fill("72")
    chip(page, "source", "prescribed")
    chip(page, "beginning", "long_term")
    press(page, "Record this medicine")
    questions = page.locator("form:has(input[value=questions])")
    for group in questions.locator("fieldset").all():
        group.locator("label.chip").filter(has_text=re.compile(r"^(no|none)$")).first.click()
    press(page, "Record these answers")
    chip(page, "decision", "given")
    page.get_by_label("How", exact=True).fill("signed on paper")
    page.locator("form:has(input[value=consent])").get_by_role("button", name="Record").click()
    axe(page)
    chip(page, "bed", bed.public_id)
    press(page, "Admit Nadia")
    expect(page.get_by_text("Nadia is admitted")).to_be_visible()


def order_the_present_dose(page, person):
    page.goto(f"/people/{person.public_id}/medicines/order/")
    page.get_by_label("Medicine", exact=True).fill("diazepam")
    page.get_by_label("One dose, in mg").fill("10")
    page.get_by_label("At", exact=True).fill("08:00 22:00")
    page.get_by_label("A bridge: it ends where a taper plan takes over").check()
    page.get_by_label("Why it is right although warnings stand").fill("the dose they came with")
    page.get_by_label("Your PIN").fill(PIN)
    press(page, "Sign the order")
    expect(page.locator("#main, main")).to_contain_text("Orders that stand")


def plan_and_sign(page, person):
    page.goto(f"/people/{person.public_id}/taper/")
    expect(page.get_by_role("textbox", name="Present dose", exact=True)).to_have_value(re.compile("diazepam 10 mg"))
    press(page, "Show the plan")
    page.get_by_label("How the person agreed").fill("said so, with her counsellor")
    why = page.get_by_label("Why you go on although warnings stand")
    if why.count():
        why.fill("the tail is steeper in percent; liquid from 2 mg")
    page.locator("[name='override-JCG-26a']").fill("the counsellor sees her tomorrow")  # nobody asked about therapy yet
    expect(page.get_by_label("Your PIN")).to_have_count(0)  # the proof of a minute ago still counts
    press(page, "Sign version 1")
    expect(page.locator("main")).to_contain_text("version 1")


def test_somebody_comes_in_gets_a_plan_and_the_first_dose(page, centre, sign_in, axe):
    cast, clock = centre
    sign_in(page, cast.nurse.username)
    find_and_begin(page)
    tell_everything(page, axe, cast.beds[0])
    nadia = Person.objects.get(legal_name="Nadia Rahimi")
    sign_in(page, cast.physician.username)
    order_the_present_dose(page, nadia)
    plan_and_sign(page, nadia)
    assert Version.objects.filter(plan__person=nadia).count() == 1
    clock.set("2026-11-17T08:05")
    sign_in(page, cast.nurse.username)
    page.goto("/round/")
    page.locator("label.tap:has(input[name=rass][value='0'])").click()
    page.get_by_label("Breaths a minute").fill("14")
    page.get_by_role("button", name=re.compile("^Give 10")).first.click()
    expect(page.get_by_text("The round is closed")).to_be_visible()
    given = DoseAnswer.objects.get(person=nadia)
    assert (given.outcome, given.given_ng, given.medicine) == ("given", 10_000_000, "diazepam")
    page.goto(f"/people/{nadia.public_id}/")
    expect(page.locator("main")).to_contain_text("Glidepath")
    axe(page)


def test_a_person_known_here_is_offered_and_not_entered_again(page, centre, sign_in):
    cast, _ = centre
    sign_in(page, cast.admissions.username)
    find_and_begin(page)
    page.goto("/admit/")
    page.get_by_label("Legal name").first.fill("nadia rahimi")
    page.get_by_label("Born").first.fill("1971-05-03")
    press(page, "Look for this person")
    expect(page.locator("main")).to_contain_text("Nadia Rahimi")
    assert Person.objects.filter(legal_name__iexact="Nadia Rahimi").count() == 1
