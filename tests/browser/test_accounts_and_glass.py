"""The administrator opens an account and the new nurse goes to work with it; the manager reviews an opened chart."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from glidepath.record.centres.models import DatabaseMark
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import GlassReview
from glidepath.record.staff.models import Staff
from glidepath.record.staff.queries import on_shift
from tests.browser.conftest import PHONE
from tests.cast import PIN, admitted_person, make_centre, proof

pytestmark = pytest.mark.django_db(transaction=True)

FIRST = "heron under the bridge"
OWN = "two slow snails at noon"


@pytest.fixture
def cast(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    return make_centre()


def test_a_new_nurse_is_given_an_account_and_signs_on_for_a_shift(page, cast, sign_in, axe):
    sign_in(page, cast.administrator.username)
    page.goto("/")
    axe(page)
    page.get_by_role("link", name="The accounts").click()
    axe(page)
    page.get_by_role("link", name="Open an account").click()
    axe(page)
    page.get_by_label("Name", exact=True).fill("Nadia Rahman")
    page.get_by_label("User name").fill("nadia.rahman")
    page.get_by_label("Role").select_option("nurse")
    page.get_by_label("Willow").check()
    page.get_by_label("First password").fill(FIRST)
    page.get_by_label("Your PIN").fill("1111")
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_text("4 tries left").first).to_be_visible()
    axe(page)
    expect(page.get_by_label("User name")).to_have_value("nadia.rahman")
    expect(page.get_by_label("Willow")).to_be_checked()
    page.get_by_label("First password").fill(FIRST)
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Nadia Rahman")).to_be_visible()
    axe(page)

    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    page.get_by_label("Name", exact=True).fill("nadia.rahman")
    page.get_by_label("Password", exact=True).fill(FIRST)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account/password/")
    axe(page)
    page.get_by_label("Present password").fill(FIRST)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("The new one again").fill(OWN)
    page.get_by_role("button", name="Set my password").click()
    page.wait_for_url("**/shift/")
    page.get_by_role("button", name="Start my shift on Willow").click()
    expect(page.get_by_text("You are on shift on Willow.")).to_be_visible()
    assert Staff.objects.get(username="nadia.rahman") in on_shift(cast.unit)


def test_an_account_is_closed_by_keyboard_alone_and_its_page_has_no_fault(page, cast, sign_in, axe):
    sign_in(page, cast.administrator.username)
    page.goto(reverse("accounts:account", args=[cast.nurse.public_id]))
    axe(page)
    page.get_by_role("link", name="Close the account").press("Enter")
    page.wait_for_url("**/close/")
    axe(page)
    page.get_by_label("Your PIN").press_sequentially(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The account of Marta Lindqvist is closed.")).to_be_visible()
    page.get_by_role("link", name="Open the account again").click()
    axe(page)


def test_the_manager_reviews_an_opened_chart(page, cast, sign_in, axe):
    nurse, person = cast.off_shift_nurse, admitted_person(cast)
    episodes.break_glass(person=person, reason="emergency", words="found on the stairs", by=nurse, proof=proof(nurse))
    sign_in(page, cast.manager.username)
    page.goto("/")
    expect(page.get_by_text("1 waits for your review")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Open the list").click()
    axe(page)
    page.get_by_role("link", name=re.compile("^Review Ewa Dudek")).click()
    axe(page)
    page.get_by_label("in order").check()
    page.get_by_label("What you found").fill("Dr Ferreira had asked her.")
    page.get_by_role("button", name="Keep this review").click()
    expect(page.get_by_text("in order, Ruth Aldous")).to_be_visible()
    assert GlassReview.objects.get().glass.person == person


@pytest.mark.parametrize("role", ["administrator", "manager", "auditor", "pharmacist", "peer_worker", "case_manager"])
def test_the_homes_and_pages_of_the_offices_stand_within_a_phone(page, cast, sign_in, axe, role):
    person, nurse = admitted_person(cast), cast.off_shift_nurse
    episodes.break_glass(person=person, reason="emergency", words="found on the stairs", by=nurse, proof=proof(nurse))
    sign_in(page, getattr(cast, role).username)
    page.set_viewport_size(PHONE)
    of_role = {
        "administrator": ["/accounts/", "/accounts/new/", reverse("accounts:account", args=[cast.nurse.public_id])],
        "manager": ["/break-glass/", "/audit/"],
        "auditor": ["/break-glass/", "/audit/?verify=1", "/audit/"],
    }
    for address in ["/", *of_role.get(role, [])]:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} pixels too wide"
        axe(page)
