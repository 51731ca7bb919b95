"""A count of twelve lines by two on one tablet, with a difference: by keyboard alone, as the browser reports it."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.supply import queries
from glidepath.care.supply.models import CountEntry
from glidepath.care.supply.tests import register as made
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import PHONE, TABLET
from tests.cast import PIN, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)

LINES = 12
COUNT_ACTS = """
window.taps = Number(sessionStorage.taps || 0); window.enters = Number(sessionStorage.enters || 0);
addEventListener('click', (one) => { if (one.isTrusted && one.detail) sessionStorage.taps = ++window.taps; }, true);
addEventListener('keydown', (one) => { if (one.key === 'Enter') sessionStorage.enters = ++window.enters; }, true);
"""


@pytest.fixture
def cupboard(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:00")
    register = made.make(make_centre())
    for number in range(LINES):
        made.opened(register, pieces=10 + number, lot=f"L{number:02d}", expires=dt.date(2027, 1, 1 + number))
    yield register
    frozen.release()


def type_numbers(page, numbers):
    """From the first box, which has the focus, to the last."""
    for number in numbers:
        page.keyboard.type(number)
        page.keyboard.press("Enter")


def test_twelve_lines_are_counted_blind_by_two_and_a_difference_opens(page, cupboard, sign_in, axe):
    cast = cupboard.cast
    numbers = [str(10 + number) for number in range(LINES)]
    found = [*numbers[:-1], "20.5"]  # of the last lot half a tablet is missing
    page.set_viewport_size(TABLET)
    sign_in(page, cast.nurse.username)
    page.goto(f"/register/{cupboard.cupboard.public_id}/count/")
    page.get_by_role("button", name="Begin the count").click()
    page.add_init_script(COUNT_ACTS)
    page.reload()
    axe(page)
    assert not re.search(r"\b1[0-9] tablets", page.inner_text("main")), "blind"
    type_numbers(page, found)
    page.keyboard.press("Enter")  # the button has the focus
    expect(page.get_by_text("Hand the tablet over.")).to_be_visible()
    axe(page)
    assert all(box.input_value() == "" for box in page.locator("input[data-next]").all()), "the first's are not shown"
    type_numbers(page, found)
    page.keyboard.type(cast.second_nurse.username)
    page.get_by_label("PIN of the second").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.get_by_text("On 1 of 12 lines there is a difference.")).to_be_visible()
    expect(page.get_by_text("½ tablet missing")).to_be_visible()
    assert page.evaluate("[Number(sessionStorage.taps || 0), Number(sessionStorage.enters)]") == [0, 2 * (LINES + 1)]
    assert CountEntry.objects.count() == 2 * LINES
    (difference,) = queries.open_differences(cast.centre)
    assert (difference.row.difference, difference.owner) == (-2, cast.pharmacist)
    axe(page)


def test_until_its_script_is_there_enter_sends_nothing(page, cupboard, sign_in):
    page.route("**/count*.js", lambda route: route.abort())
    sign_in(page, cupboard.cast.nurse.username)
    page.goto(f"/register/{cupboard.cupboard.public_id}/count/")
    page.get_by_role("button", name="Begin the count").click()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.locator("input[data-next]").first.fill("10")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Keep these numbers").click()
    expect(page.get_by_text("11 things to mend")).to_be_visible()
    assert sent.count("POST") == 1, "the button's"
    assert page.locator("input[data-next]").first.input_value() == "10"


def test_enter_in_a_box_never_sends_a_half_filled_sheet_and_the_phone_is_wide_enough(page, cupboard, sign_in, axe):
    page.set_viewport_size(PHONE)
    sign_in(page, cupboard.cast.nurse.username)
    page.goto(f"/register/{cupboard.cupboard.public_id}/count/")
    page.get_by_role("button", name="Begin the count").click()
    expect(page.locator("input[data-next]").first).to_be_focused()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    expect(page.locator("input[data-next]").nth(1)).to_be_focused()
    page.get_by_role("button", name="Keep these numbers").click()
    expect(page.get_by_text("11 things to mend")).to_be_visible()
    assert page.locator("input[data-next]").first.input_value() == "10"
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    box = page.locator("input[data-next]").first.bounding_box()
    assert box["height"] >= 44
    axe(page)
