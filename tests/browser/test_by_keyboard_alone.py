"""The bedside path and the glidepath with the keyboard alone: nothing is clicked, nothing is touched."""

import datetime as dt
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from glidepath.care.medication.models import DoseAnswer
from glidepath.care.monitoring.models import CiwaB, Event, Observation
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import DESK, TABLET
from tests.cast import make_centre
from tests.harness import FrozenClock
from tests.pages.rooms import build

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 250  # presses of the tab key before somebody would give up
FOCUSED = """() => { const here = document.activeElement;
  return here.getAttribute("aria-label") || (here.labels && here.labels.length ? here.labels[0].innerText : "")
    || here.innerText || ""; }"""


@pytest.fixture
def house(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:30")
    yield build(make_centre(), frozen)
    frozen.release()


@pytest.fixture
def keys(page, house, sign_in):
    page.set_viewport_size(TABLET)
    sign_in(page, house.cast.nurse.username)
    return page.keyboard


def tab_to(page, name):
    """Presses the tab key until what has the focus is called so."""
    met = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED).strip())
        if re.search(name, met[-1]):
            return
    raise AssertionError(f"the tab key never comes to {name!r}; it came to {dict.fromkeys(met)}")


def test_a_dose_is_given_on_the_round(page, keys, house):
    page.goto(f"/round/?person={house.held.public_id}")
    tab_to(page, "^RASS")
    while page.evaluate("document.activeElement.value") != "0":
        keys.press("ArrowRight")
    tab_to(page, "^Breaths a minute")
    keys.type("14")
    tab_to(page, "Give 10")
    keys.press("Enter")
    expect(page.get_by_text("2 of 2 doses").first).to_be_visible()
    assert DoseAnswer.objects.get(person=house.held).outcome == DoseAnswer.Outcome.GIVEN


def test_somebody_awake_is_observed_and_scored(page, keys, house):
    page.goto(f"/observe/?person={house.held.public_id}")
    tab_to(page, "^Asleep or awake: ")
    keys.press("Space")
    keys.press("ArrowRight")
    for name, value in (
        ("^Breaths", "16"), ("^SpO", "97"), ("^Systolic", "128"), ("^Diastolic", "82"), ("^Pulse", "76"),
        ("^Temperature", "37.2"),
    ):  # fmt: skip
        tab_to(page, f"{name}(?!.*(lower|higher))")
        keys.type(value)
    for name in ("^Breathing: Air", "^Mind: Alert"):
        tab_to(page, name)
        keys.press("Space")
    tab_to(page, "^RASS")
    while page.evaluate("document.activeElement.value") != "0":
        keys.press("ArrowRight")
    if page.locator("details[data-ciwa]").get_attribute("open") is None:
        tab_to(page, "^CIWA-B")
        keys.press("Enter")
    tab_to(page, ": Yes")
    keys.press("Space")
    for _ in range(20):
        tab_to(page, r": 0\b")
        keys.press("Space")
    tab_to(page, "^Save")
    keys.press("Enter")
    expect(page.get_by_text("NEWS2 0").first).to_be_visible()
    assert Observation.objects.get(person=house.held).news2 == 0
    assert CiwaB.objects.get(person=house.held).total is not None


def test_a_seizure_is_one_button(page, keys, house):
    page.goto(f"/observe/?person={house.held.public_id}")
    tab_to(page, "^Seizure: Danilo")
    keys.press("Enter")
    expect(page.get_by_role("button", name="Seizure stopped")).to_be_visible()
    assert Event.objects.filter(person=house.held, kind=Event.Kind.SEIZURE).count() == 1


def test_the_glidepath_is_zoomed_and_read_as_a_table(page, keys, house):
    page.set_viewport_size(DESK)
    page.goto(reverse("ward:chart", args=[house.ruth.public_id]))
    tab_to(page, "^48 hours")
    keys.press("Enter")
    expect(page.get_by_role("link", name="48 hours")).to_have_attribute("aria-current", "true")
    tab_to(page, "^The glidepath, drawn")
    tab_to(page, "^The values in a table")
    keys.press("Enter")
    expect(page.get_by_role("table", name=re.compile("day by day"))).to_be_visible()
