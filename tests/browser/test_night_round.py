"""The observation round of eight people at three in the morning: a telephone in one hand, the dim look, nobody woken
without a doubt. Taps and keys as the browser reports them."""

import datetime as dt
import re

import pytest
from playwright.sync_api import expect

from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.tests.looks import asleep, awake, seen
from glidepath.record.centres.models import DatabaseMark
from tests.browser.conftest import PHONE
from tests.browser.test_observation_round import COUNT_TAPS, counted, tap
from tests.cast import admitted_person, make_centre
from tests.harness import FrozenClock

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("Kwame", "Marta", "Noor", "Elif", "Sam", "Owen", "Greta", "Luis")
DOUBTFUL, LATE = "Elif", "Owen"
THREE = dt.datetime(2026, 11, 18, 3, tzinfo=dt.UTC)
SEEN_AT = dt.datetime(2026, 11, 18, 2, 10, tzinfo=dt.UTC)
FIRST_PAGE = 30_000  # ms: the templates are read for the first time, on a machine that runs other tests
THUMB = 55.9  # px: a target of the ward is 56
BRIGHTEST = """() => {
  const light = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
    const full = colour.startsWith("color(") ? 1 : 255;
    return alpha * (0.2126 * red + 0.7152 * green + 0.0722 * blue) / full;
  };
  const isLarge = (box) => box.bottom > 0 && box.height * box.width > 6000; // not the skip link above the page
  const grounds = [...document.body.querySelectorAll("*"), document.body];
  const large = grounds.filter((one) => isLarge(one.getBoundingClientRect()));
  return Math.max(...large.map((one) => light(getComputedStyle(one).backgroundColor)));
}"""


@pytest.fixture
def night(transactional_db):
    """All were seen awake at nine in the evening and asleep at eleven; it is three."""
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T21:00")
    cast = make_centre(beds=len(NAMES))
    people = {name: admitted_person(cast, preferred_name=name) for name in NAMES}
    for moment, look in (("2026-11-17T21:05", awake(rr=16)), ("2026-11-17T23:00", asleep(14))):
        frozen.set(moment)
        for person in people.values():
            seen(person, cast.nurse, look)
    frozen.set(THREE)
    yield cast, people, frozen
    frozen.release()


@pytest.fixture
def in_the_dark(page, night, sign_in):
    """The nurse's telephone, dimmed by its button."""
    page.add_init_script(COUNT_TAPS)
    page.set_viewport_size(PHONE)
    page.set_default_navigation_timeout(FIRST_PAGE)
    sign_in(page, night[0].nurse.username)
    page.goto("/observe/")
    page.locator("[data-night]").first.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "night")
    page.evaluate("sessionStorage.clear(); window.taps = window.keys = 0")
    return page


def fits_one_hand(page):
    """Nothing to scroll sideways for, nothing smaller than a thumb, and no bright ground."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    heights = page.eval_on_selector_all(
        "[data-bedside] .tap span, [data-bedside] button",
        "all => all.map(one => one.getBoundingClientRect().height).filter(Boolean)",
    )
    assert heights
    assert min(heights) >= THUMB
    assert page.evaluate(BRIGHTEST) < 0.5, "the one filled button is the brightest; its ground is dim"


def asleep_and_well(page):
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    tap(page, "look", "well")


def save(page):
    page.get_by_role("button", name=re.compile("Save, ")).click()


def set_of(person):
    return Observation.objects.filter(person=person).latest("id")


def test_a_round_of_eight_at_three_in_the_morning(in_the_dark, night, axe):
    page, (_, people, frozen) = in_the_dark, night
    for name in NAMES:
        expect(page.locator("#who")).to_have_text(name)
        fits_one_hand(page)
        before, started = counted(page), frozen.tick(minutes=1)
        if name == DOUBTFUL:
            wake(page, people[name])
        elif name == LATE:
            seen_before(page)
        else:
            asleep_and_well(page)
            save(page)
        expect(page.locator(".toast")).to_contain_text(name)
        taps, keys = (now - then for now, then in zip(counted(page), before, strict=True))
        if name not in (DOUBTFUL, LATE):
            assert (taps, keys) == (4, 0), name
            row = set_of(people[name])
            assert (row.state, row.rr, row.news2, row.rass) == ("asleep", 14, None, None)
            assert row.happened_at == row.recorded_at == started
    expect(page.get_by_text("Everybody due has been seen")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "night")
    axe(page)
    late = set_of(people[LATE])
    assert (late.happened_at, late.recorded_at.hour, late.state) == (SEEN_AT, 3, "asleep")
    assert late.recorded_at > THREE
    doubtful = list(Observation.objects.filter(person=people[DOUBTFUL]).order_by("-id")[:2])
    assert [(one.state, one.colour) for one in doubtful] == [("awake", ""), ("asleep", "blue")]
    assert (doubtful[0].news2, doubtful[0].rass) == (0, 0)


def wake(page, person):
    """Something is not as it should be: it is kept, the page asks to wake, and goes on awake with the same person."""
    start = counted(page)
    tap(page, "state", "asleep")
    tap(page, "rr_tap", "14")
    tap(page, "look", "doubt")
    for name, value in (("breathing", "easy"), ("colour", "blue"), ("position", "safe")):
        tap(page, name, value)
    save(page)
    expect(page.get_by_text(f"Wake {DOUBTFUL}, and go on")).to_be_visible()
    expect(page.locator("#who")).to_have_text(DOUBTFUL)
    assert set_of(person).news2 is None
    assert page.locator("input[name=state][value=awake]").is_checked(), "no tap for what was just asked"
    fits_one_hand(page)
    for button in page.locator("[data-same]").all():
        button.click()
    for name, value in (("on_oxygen", "air"), ("mind", "A"), ("rass", "0")):
        tap(page, name, value)
    save(page)
    taps, keys = (now - then for now, then in zip(counted(page), start, strict=True))
    assert (taps, keys) == (7 + 6 + 3 + 1, 0), "three answers for the doubt, then one tap an item"


def seen_before(page):
    """Looked at fifty minutes ago with both hands full: the time is chosen, and both are kept."""
    asleep_and_well(page)
    page.locator("summary", has_text="Seen earlier than now").click()
    page.get_by_label("When it was seen").fill("2026-11-18T02:10")
    save(page)
