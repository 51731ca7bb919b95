"""The camera beside the scanner: a code it sees goes the way of a typed one.

Run only with the browser's fake camera and a detector put in its place: no real camera has read a label here.
"""

import datetime as dt

import pytest
from playwright.sync_api import expect

from glidepath.care.medication import codes
from glidepath.care.medication.tests.acts import outside, sign
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.people.services import no_known_allergies
from tests.browser import chromium
from tests.browser.conftest import TABLET, WATCH_THE_POLICY
from tests.cast import make_centre
from tests.harness import FrozenClock
from tests.scenarios import ward as stories

pytestmark = pytest.mark.django_db(transaction=True)
FAKE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
DETECTOR = """
window.looked = 0;
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(video) {
    window.looked += 1;
    return window.looked < 3 || !video.videoWidth ? [] : [{ rawValue: "TEXT" }];
  }
};
"""


@pytest.fixture
def ward_clock(transactional_db):
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:00")
    yield frozen
    frozen.release()


@pytest.fixture
def ward(ward_clock):
    """Marta in bed 1, Kwame in bed 2, each with a dose at eight."""
    cast = make_centre()
    people = tuple(stories.person_with_history(cast, preferred_name=name) for name in ("Marta", "Kwame"))
    for person in people:
        no_known_allergies(person=person, by=cast.nurse)
        sign(cast, person, outside("sertraline", "50", "08:00"))
    ward_clock.set("2026-11-17T08:05")
    return cast, *people


@pytest.fixture
def page(browser, live_server):
    """A tab of a browser that has a camera, if only a made one. `browser` says where none is found."""
    path = chromium.find()
    assert path is not None
    running = browser.browser_type.launch(executable_path=path, args=[*chromium.FLAGS, *FAKE])
    context = running.new_context(base_url=live_server.url, viewport=TABLET, permissions=["camera"])
    context.add_init_script(WATCH_THE_POLICY)
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    assert not thrown, f"scripts threw: {thrown}"
    running.close()


def at_the_round(page, cast, sign_in, *, detector: str = ""):
    if detector:
        page.add_init_script(detector)
    sign_in(page, cast.nurse.username)
    answer = page.goto("/round/")
    assert "camera=(self)" in answer.headers["permissions-policy"]


def test_a_wristband_that_the_camera_sees_opens_its_card(page, ward, sign_in, axe):
    cast, _, kwame = ward
    at_the_round(page, cast, sign_in, detector=DETECTOR.replace("TEXT", codes.wristband(kwame.public_id)))
    page.get_by_role("button", name="Camera", exact=True).click()
    expect(page.get_by_text("wristband read")).to_be_visible()
    expect(page.locator("#cur")).to_have_text("Kwame")
    assert page.evaluate("window.looked") >= 3
    expect(page.locator("[data-camera-view]")).to_be_hidden()
    expect(page.get_by_role("button", name="Camera", exact=True)).to_be_visible()  # offered again after the swap
    assert page.evaluate("window.brokenPolicy") == []


def test_the_camera_is_stopped_by_its_button_and_its_picture_has_no_fault(page, ward, sign_in, axe):
    cast, *_ = ward
    at_the_round(page, cast, sign_in, detector=DETECTOR.replace("looked < 3", "looked < 1e9"))
    page.get_by_role("button", name="Camera", exact=True).click()
    video = page.locator("[data-camera-view] video")
    expect(video).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Stop the camera").click()
    expect(video).to_be_hidden()
    assert page.evaluate("document.querySelector('[data-camera-view] video').srcObject === null")


def test_without_a_detector_there_is_no_button_and_the_box_is_as_ever(page, ward, sign_in):
    cast, _, kwame = ward
    at_the_round(page, cast, sign_in, detector="delete window.BarcodeDetector;")
    expect(page.locator("[data-camera]")).to_be_hidden()
    page.locator("#code").fill(codes.wristband(kwame.public_id))
    page.keyboard.press("Enter")
    expect(page.locator("#cur")).to_have_text("Kwame")


def test_a_camera_that_is_not_allowed_says_so(page, ward, sign_in):
    cast, *_ = ward
    refused = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError'); };"
    at_the_round(page, cast, sign_in, detector=DETECTOR + refused)
    page.get_by_role("button", name="Camera", exact=True).click()
    expect(page.get_by_text("The camera cannot be used here")).to_be_visible()
