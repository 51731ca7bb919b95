"""Each role finds its work at home, and no link it is shown leads to a page it may not open."""

from __future__ import annotations

import datetime as dt
import html
import re
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from glidepath.care.monitoring.tests import looks
from glidepath.care.supply import services as supply
from glidepath.care.supply.queries import stock
from glidepath.record.episodes import services as episodes
from glidepath.record.people.models import Person
from glidepath.record.staff import services as staff
from glidepath.record.staff.models import Role, Staff
from tests.cast import Cast, admitted_person, client_for, enquiring_person, episode_of, make_centre, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)"')


@pytest.fixture
def busy(frozen_clock) -> Cast:
    """One with a running taper, a dose and a look due; one who called; a case manager and a peer worker at work."""
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    person = ward.person_with_history(cast, preferred_name="Ruth")
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    looks.seen(person, cast.nurse)
    episodes.add_to_team(episode=episode_of(person), staff=cast.case_manager, by=cast.nurse)
    enquiring_person(cast, preferred_name="Nadia")
    for one in (cast.case_manager, cast.peer_worker):
        staff.start_shift(unit=cast.unit, by=one)
    nurse = cast.off_shift_nurse
    episodes.break_glass(person=person, reason="emergency", words="found on the stairs", by=nurse, proof=proof(nurse))
    frozen_clock.set("2026-11-17T09:10")
    return cast


@pytest.mark.parametrize("role", Role)
def test_no_link_leads_to_a_page_this_role_may_not_open(busy: Cast, role: Role) -> None:
    """From home on, every kind of page that is linked from one already seen; one of each kind."""
    client, refused = client_for(_one(busy, role)), {}
    seen, waiting = set(), [("/", "home")]
    while waiting:
        address, found_on = waiting.pop(0)
        kind = resolve(address.split("?")[0]).view_name
        if kind in seen:
            continue
        seen.add(kind)
        answer = client.get(address, follow=True)
        if answer.status_code != 200:
            refused[f"{kind}, linked on {found_on}"] = answer.status_code
        elif "text/html" in answer["Content-Type"]:
            waiting += [(link, kind) for link in _links(answer.content.decode(), address)]
    assert refused == {}
    assert len(seen) >= 2


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (Role.PHYSICIAN, "To review and release"),
        (Role.NURSE, "Due on your unit"),
        (Role.PHARMACIST, "Tapers to check"),
        (Role.PHARMACIST, "products stocked"),
        (Role.COUNSELLOR, "Sleep and events of Ruth"),
        (Role.PSYCHOLOGIST, "Sleep and events of Ruth"),
        (Role.CASE_MANAGER, "Prepare the discharge of Ruth"),
        (Role.ADMISSIONS, "Go on with Nadia"),
        (Role.ADMISSIONS, "1 taken, 5 free"),
        (Role.PEER_WORKER, "opens no chart here"),
        (Role.MANAGER, "1 waits for your review"),
        (Role.MANAGER, "1 taken, 5 free"),
        (Role.AUDITOR, "1 waits for the manager’s review"),
        (Role.AUDITOR, "The chain has not been read as a whole yet"),
        (Role.ADMINISTRATOR, "You are the only administrator"),
    ],
)
def test_home_says_what_waits_for_this_role(busy: Cast, role: Role, says: str) -> None:
    assert says in _home(_one(busy, role))


@pytest.mark.parametrize("role", [Role.PEER_WORKER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_opens_no_chart_reads_no_name_and_no_medicine_at_home(busy: Cast, role: Role) -> None:
    page = _home(_one(busy, role))
    assert "Ruth<" not in page
    assert "diazepam" not in page


def test_the_pharmacist_sees_first_the_taper_with_a_product_that_is_gone(busy: Cast) -> None:
    assert "no longer stocked" not in _home(busy.pharmacist)
    for row, product in stock(busy.centre):
        if product.name == "diazepam 5 mg tablet":
            supply.retire(product=row, by=busy.pharmacist, once="r")
    page = _home(busy.pharmacist)
    assert "no longer stocked" in page
    assert "diazepam 5 mg tablet" in page


def test_a_case_manager_named_in_no_team_is_told_how_to_be(busy: Cast) -> None:
    other = staff.create_staff(
        centre=busy.centre, username="second", name="Second One", role=Role.CASE_MANAGER, password=None, by=None
    )
    assert "named in nobody’s team yet" in _home(other)


def test_30_people_and_accounts_take_as_many_queries_as_3_at_the_offices_homes(frozen_clock) -> None:
    frozen_clock.set("2026-11-17T07:00")
    few, many = _house(3, "Small"), _house(30, "Large")
    counted = {role: (_asked(few, role), _asked(many, role)) for role in OFFICE}
    assert {role: both for role, both in counted.items() if both[0] != both[1]} == {}


OFFICE = (Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR, Role.ADMISSIONS, Role.CASE_MANAGER, Role.COUNSELLOR)


def _house(number: int, name: str) -> Cast:
    cast = make_centre(name, beds=number)
    nurse = cast.off_shift_nurse
    for one in range(number):
        person: Person = admitted_person(cast)
        episodes.add_to_team(episode=episode_of(person), staff=cast.case_manager, by=cast.nurse)
        episodes.break_glass(person=person, reason="other", words="asked", by=nurse, proof=proof(nurse))
        staff.create_staff(
            centre=cast.centre, username=f"{name}.{one}", name=f"N {one}", role=Role.NURSE, password=None, by=None
        )
    return cast


def _asked(cast: Cast, role: Role) -> int:
    client = client_for(_one(cast, role))
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    return len(queries)


def _one(cast: Cast, role: Role) -> Staff:
    return next(one for one in cast.everybody if one.role == role)


def _home(viewer: Staff) -> str:
    client: Client = client_for(viewer)
    return html.unescape(client.get(reverse("ward:home")).content.decode())


def _links(page: str, address: str) -> list[str]:
    found = [urljoin(address, html.unescape(link)) for link in LINK.findall(page)]
    return [link for link in found if link.startswith("/") and not link.startswith("/static/")]
