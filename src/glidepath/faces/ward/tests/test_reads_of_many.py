"""Home, unit, people, guidance, both rounds and an alarm ask the database as often for 30 people as for 3."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.alarms.services import call_for_help
from glidepath.care.monitoring.tests import looks
from glidepath.faces.ward.tests.shifts import everybody_on
from glidepath.record.episodes.queries import admitted_people
from tests.cast import Cast, client_for, enquiring_person, make_centre
from tests.remembered import remembered
from tests.scenarios import ward

pytestmark = pytest.mark.django_db


@remembered
def ward_of(number: int, name: str) -> Cast:
    """So many people in bed with a plan, an as-needed look and a dose to come, and as many who called."""
    cast = make_centre(name, beds=number)
    ward.stock_shelf(cast)
    for _ in range(number):
        person = ward.person_with_history(cast)
        ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
        looks.seen(person, cast.nurse)
        call_for_help(person=person, by=cast.nurse, once=f"help-{person.pk}")
        enquiring_person(cast)
    return cast


@pytest.fixture
def wards(frozen_clock) -> tuple[Cast, Cast]:
    frozen_clock.set("2026-11-17T07:00")
    return ward_of(3, "Small"), ward_of(30, "Large")


def asked(cast: Cast, role: str, name: str) -> int:
    """How many queries the page takes, once everything that is asked only once has been."""
    client = client_for(getattr(cast, role))
    address = reverse(name, args=argument(cast, name))
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def argument(cast: Cast, name: str) -> list[UUID]:
    """What the address names: the unit, the person here longest, or the alarm that was raised last."""
    if name in ("ward:board", "handover:give", "ward:beds"):
        return [cast.unit.public_id]
    if name == "ward:guidance":
        return [admitted_people(cast.centre)[0].public_id]
    return [open_alarms(admitted_people(cast.centre))[-1].alarm.public_id] if name == "alarms:alarm" else []


PAGES = {
    "ward:board": ("nurse", "physician", "case_manager", "manager"),
    "ward:home": ("nurse", "physician", "pharmacist", "admissions", "case_manager"),
    "ward:people": ("nurse", "physician", "admissions", "case_manager"),
    "ward:guidance": ("nurse", "physician"),
    "medication:round": ("nurse",),
    "monitoring:round": ("nurse", "physician"),
    "alarms:alarm": ("nurse", "physician"),
    "handover:give": ("nurse", "physician"),
    "ward:beds": ("nurse", "manager"),
}


@pytest.fixture
def two_weeks_on(wards, frozen_clock) -> tuple[Cast, Cast]:
    """Doses and observations wait, and every next step waits for a review."""
    frozen_clock.set("2026-12-02T10:30")
    for cast in wards:
        everybody_on(cast)
    return wards


def test_the_pages_that_are_counted_show_everybody(two_weeks_on):
    _, many = two_weeks_on
    nurse, physician = client_for(many.nurse), client_for(many.physician)
    board = nurse.get(reverse("ward:board", args=[many.unit.public_id])).context["board"]
    home = physician.get(reverse("ward:home")).context["home"]
    assert (board.here, len(board.people), len(home.to_review), len(home.coming)) == (30, 30, 30, 30)
    assert {thing.kind for thing in board.following} == {"dose", "observation"}
    assert len(home.alarms) == 30
    assert len(nurse.get(reverse("ward:people")).context["found"]) == 60
    assert nurse.get(reverse("medication:round")).context["round"].doses >= 30


def test_30_people_take_as_many_queries_as_3(two_weeks_on):
    few, many = two_weeks_on
    counted = {
        f"{name} {role}": (asked(few, role, name), asked(many, role, name))
        for name, roles in PAGES.items()
        for role in roles
    }
    assert {page: both for page, both in counted.items() if both[0] != both[1]} == {}
