"""Every page of the ward in a real browser: no accessibility fault, nothing stands out of the phone's screen."""

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.care.medication import queries as doses
from glidepath.record import clock
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import DESK, PHONE
from tests.cast import make_centre
from tests.harness import FrozenClock
from tests.scenarios import ward as acts

pytestmark = pytest.mark.django_db(transaction=True)

OF_A_PERSON = (
    "ward:chart", "monitoring:person", "medication:person", "taper:plan", "taper:versions", "assessment:facts",
    "people:identity", "people:allergies", "people:contacts", "episodes:team", "consent:person",
)  # fmt: skip
OF_A_PRESCRIBER = ("taper:hold", "taper:slow", "medication:order", "flow:discharge")
OF_THE_WARD = ("ward:home", "ward:unit", "ward:people", "medication:round", "monitoring:round", "staff:shift")


@pytest.fixture
def ward(transactional_db):
    """Ruth with a signed taper, her morning dose given."""
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:30")
    cast = make_centre()
    acts.stock_shelf(cast)
    ruth = acts.person_with_history(cast, preferred_name="Ruth")
    acts.order(cast, ruth, "diazepam", "10", "08:00", "22:00")
    acts.sign(cast, ruth, acts.draft(start=clock.today(cast.centre)))
    frozen.tick(minutes=40)
    acts.give_due(cast, ruth)
    yield cast, ruth
    frozen.release()


def visited(page, path, axe):
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, f"{path} answers {answer.status}"
    axe(page)


def too_wide(page):
    """By how many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_nurse_finds_no_fault_on_any_page(page, ward, sign_in, axe):
    cast, ruth = ward
    sign_in(page, cast.nurse.username)
    for name in OF_THE_WARD:
        visited(page, reverse(name), axe)
    for name in OF_A_PERSON:
        visited(page, reverse(name, args=[ruth.public_id]), axe)


def test_a_physician_finds_no_fault_on_the_pages_to_prescribe(page, ward, sign_in, axe):
    cast, ruth = ward
    sign_in(page, cast.physician.username)
    visited(page, reverse("ward:home"), axe)
    for name in OF_A_PRESCRIBER:
        visited(page, reverse(name, args=[ruth.public_id]), axe)


def test_the_desk_and_the_office_find_no_fault_on_their_pages(page, ward, sign_in, axe):
    cast, _ = ward
    for staff, names in (
        (cast.admissions, ("ward:home", "flow:admit", "flow:enquiry", "ward:people")),
        (cast.manager, ("ward:home", "centres:settings", "audit:lines")),
        (cast.pharmacist, ("ward:home", "supply:products")),
        (cast.auditor, ("ward:home", "audit:lines")),
    ):
        sign_in(page, staff.username)
        for name in names:
            visited(page, reverse(name), axe)


def test_nothing_stands_out_of_a_phones_screen(page, ward, sign_in):
    cast, ruth = ward
    sign_in(page, cast.nurse.username)
    page.set_viewport_size(PHONE)
    wide = {}
    paths = [reverse(name) for name in OF_THE_WARD] + [reverse(name, args=[ruth.public_id]) for name in OF_A_PERSON]
    for path in paths:
        page.goto(path)
        if too_wide(page) > 0:
            wide[path] = too_wide(page)
    assert wide == {}


def test_the_chart_tells_by_picture_and_by_table(page, ward, sign_in):
    cast, ruth = ward
    sign_in(page, cast.nurse.username)
    page.set_viewport_size(DESK)
    page.goto(reverse("ward:chart", args=[ruth.public_id]))
    given = doses.given(ruth, clock.now() - dt.timedelta(hours=2), clock.now() + dt.timedelta(minutes=1))
    assert len(given) == 1
    assert page.locator("svg").first.is_visible()
    page.get_by_text("The values in a table").first.click()
    assert "10" in page.locator("table", has=page.locator("caption", has_text="day by day")).inner_text()
