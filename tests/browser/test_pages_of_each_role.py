"""Every page each role reaches by its links, in a real browser: no accessibility fault at a desk or on a phone, and
nothing stands out of the phone's screen."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse

from glidepath.care.medication import queries as doses
from glidepath.record import clock
from glidepath.record.centres.models import DatabaseMark
from glidepath.record.staff.models import Role
from glidepath.record.staff.permissions import may
from tests.browser.conftest import DESK, PHONE
from tests.cast import make_centre
from tests.harness import FrozenClock
from tests.pages.rooms import build

pytestmark = pytest.mark.django_db(transaction=True)

# Files, and what signs somebody out or in.
NO_PAGES = frozenset(
    {
        "printing:answer_pdf",
        "printing:calendar_pdf",
        "printing:plan_pdf",
        "printing:safety_pdf",
        "printing:transfer_pdf",
        "printing:calendar_ics",
        "printing:batch_labels_pdf",
        "printing:inventory_pdf",
        "printing:inventory_csv",
        "printing:wristband_pdf",
        "printing:labels_pdf",
        "printing:downtime_pdf",
        "instruments:result_as_fhir",
        "instruments:questionnaire",
        "alarms:report_csv",
        "events:report_csv",
        "account_login",
        "account_logout",
    }
)
HERS = (
    "ward:chart",
    "medication:person",
    "monitoring:person",
    "notes:notes",
    "taper:plan",
    "planning:plan",
)  # where there is most to see
# What each must at least have reached: a link that is lost is a page nobody finds.
REACHES = {
    Role.NURSE: {
        "ward:home", "ward:board", "ward:people", "ward:chart", "medication:round", "monitoring:round", "staff:shift",
        "monitoring:every", "monitoring:plan", "monitoring:trends", "monitoring:values", "monitoring:correct_value",
        "monitoring:correct_scale", "notes:notes", "notes:amend",
        "monitoring:person", "monitoring:new", "monitoring:correct", "monitoring:correct_score", "monitoring:review",
        "medication:person", "medication:correct", "medication:left_over", "medication:verbal", "medication:leave",
        "taper:plan", "taper:versions", "taper:level",
        "taper:correct_level", "assessment:facts", "flow:discharge",
        "people:identity", "people:allergies", "people:contacts", "episodes:team", "episodes:move", "consent:person",
        "instruments:forms", "instruments:form", "instruments:result", "instruments:waiting",
        "instruments:trends", "ward:formulation", "assessment:diagnoses", "flow:screen", "flow:call",
        "alarms:alarm", "flow:admit", "flow:admission", "ward:guidance", "planning:plan", "planning:draft",
        "planning:review", "planning:versions", "planning:thread", "planning:objective", "assessment:overview",
        "assessment:domain", "assessment:sign", "assessment:past_taper", "assessment:use", "safety:person",
        "safety:alert", "safety:contact", "safety:caring", "safety:plan", "safety:write", "handover:give",
        "handover:given", "ward:beds", "alarms:on_call", "alarms:report", "staff:calls",
        "events:choose", "events:running", "events:after",
        "supply:register", "supply:location", "supply:receive", "supply:transfer", "supply:leave", "supply:count",
        "supply:report", "supply:reverse", "supply:differences", "supply:difference", "supply:stock",
        "supply:inventory", "supply:own", "supply:bag",
    },
    Role.PHYSICIAN: {
        "taper:hold", "taper:slow", "taper:return", "taper:supply", "taper:bridge", "medication:order",
        "medication:leave", "medication:sign", "medication:renew", "medication:goes_on", "flow:medicines",
        "flow:medicines_to", "ward:chart", "ward:guidance",
    },
    Role.PHARMACIST: {
        "safety:person", "supply:products", "supply:recall", "ward:chart", "ward:guidance",
        "medication:person", "assessment:overview",
    },
    Role.COUNSELLOR: {
        "ward:chart", "ward:guidance", "monitoring:person", "planning:plan", "planning:draft", "safety:person",
        "safety:contact",
    },
    Role.PSYCHOLOGIST: {"ward:chart", "ward:guidance", "assessment:facts", "assessment:domain"},
    Role.CASE_MANAGER: {"ward:people", "people:identity"},
    Role.ADMISSIONS: {
        "flow:admit", "flow:enquiry", "flow:call", "flow:screen", "flow:admission", "people:identity",
    },
    Role.PEER_WORKER: {"ward:home"},
    Role.MANAGER: {
        "events:after", "centres:settings", "instruments:setup", "audit:lines", "alarms:on_call", "alarms:report",
        "supply:difference", "events:report",
    },
    Role.AUDITOR: {"audit:lines", "alarms:report", "events:report", "supply:register", "supply:inventory"},
    Role.ADMINISTRATOR: {"ward:home", "centres:settings"},
}  # fmt: skip


@pytest.fixture
def house(transactional_db):
    """A morning on the unit: a signed taper, doses given, a score, an event, an alarm, somebody before admission."""
    DatabaseMark.objects.get_or_create(is_demo=True, defaults={"made_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)})
    frozen = FrozenClock()
    frozen.set("2026-11-17T07:30")
    yield build(make_centre(), frozen)
    frozen.release()


def too_wide(page):
    """By how many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


CRUSHED = """() => [...document.querySelectorAll("body *")].filter((one) => {
  if (one.closest("svg, .vh, [hidden]") || one.textContent.trim().length <= 12) return false;
  const box = one.getBoundingClientRect(), lines = box.height / parseFloat(getComputedStyle(one).lineHeight || 20);
  return box.width > 0 && box.width < 50 && lines > 4;
}).map((one) => `${one.tagName} ${one.textContent.trim().slice(0, 40)}`)"""


def crushed(page):
    """Words that break letter by letter, at the widths between a phone's and a desk's where rows are tightest."""
    found = []
    for width in (PHONE["width"], 768, 1024):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {one}" for one in page.evaluate(CRUSHED)]
    return found


def reached(page, begin: list[str]) -> Iterator[str]:
    """Visits each kind of page once, from `begin` along the links, and gives its name while it stands open."""
    ahead, seen = [*begin], set()
    while ahead:
        path = ahead.pop(0)
        name = name_of(path)
        if name is None or name in seen or name in NO_PAGES:
            continue
        seen.add(name)
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{path} answers {answer.status}"
        ahead += page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
        yield name


def name_of(path: str) -> str | None:
    """The name of the address, or None where it is not one of ours."""
    parts = urlsplit(path)
    if parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        return resolve(parts.path).view_name
    except Resolver404:
        return None


READ: set[str] = set()  # kinds of page that axe has read: for the next role they differ little
EACH_TIME = frozenset({"ward:home", "ward:chart", "taper:plan", "monitoring:person"})  # these differ much


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_no_page_of_this_role_has_a_fault_or_stands_out_of_a_phones_screen(role, page, house, sign_in, axe):
    viewer = next(one for one in house.cast.everybody if one.role == role)
    sign_in(page, viewer.username)
    page.set_viewport_size(PHONE)
    found, wide = set(), {}
    begin = ["/", *(reverse(name, args=[house.ruth.public_id]) for name in HERS if may(viewer, "order.read"))]
    for name in reached(page, begin):
        found.add(name)
        if too_wide(page) > 0:
            wide[name] = too_wide(page)
        if name not in READ or name in EACH_TIME:
            READ.add(name)
            assert crushed(page) == [], name
            page.set_viewport_size(PHONE)
            axe(page)
            page.set_viewport_size(DESK)
            axe(page)
            page.set_viewport_size(PHONE)
    assert wide == {}
    assert REACHES[role] <= found, f"no link leads to {sorted(REACHES[role] - found)}"


def test_the_chart_tells_by_picture_and_by_table(page, house, sign_in):
    cast, ruth = house.cast, house.ruth
    sign_in(page, cast.nurse.username)
    page.set_viewport_size(DESK)
    page.goto(reverse("ward:chart", args=[ruth.public_id]))
    given = doses.given(ruth, clock.now() - dt.timedelta(hours=3), clock.now() + dt.timedelta(minutes=1))
    assert len(given) == 1
    assert page.locator("svg").first.is_visible()
    page.get_by_text("The values in a table").first.click()
    assert "10" in page.locator("table", has=page.locator("caption", has_text="day by day")).inner_text()


def test_the_guidance_leads_to_the_question_that_is_open(page, house, sign_in, axe):
    sign_in(page, house.cast.nurse.username)
    page.set_viewport_size(PHONE)
    page.goto(reverse("ward:guidance", args=[house.ruth.public_id]))
    axe(page)
    page.get_by_text("Drug tests").click()
    axe(page)
    assert too_wide(page) <= 0
    page.get_by_role("link", name="Has a drug test been done?").click()
    assert page.url.endswith(f"{reverse('assessment:facts', args=[house.ruth.public_id])}#ask-tested")
    question = page.locator("#ask-tested")
    question.wait_for(state="visible")  # it stands in a folded group, which the address opens
    assert "Has a drug test been done?" in question.inner_text()
