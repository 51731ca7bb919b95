"""What of the controlled-drug register waits on the first page, and for whom."""

from __future__ import annotations

import pytest
from django.urls import reverse

from glidepath.care.supply import services
from glidepath.care.supply.models import Discrepancy
from glidepath.care.supply.tests import register as made
from glidepath.care.supply.tests.register import once
from tests.cast import Cast, client_for, make_centre

SAYS = "½ tablet missing"


@pytest.fixture
def cast(frozen_clock) -> Cast:
    cast = make_centre()
    register = made.make(cast)
    batch = made.opened(register, pieces=10)
    made.count(register, {batch: 38})
    return cast


def home(who) -> str:
    return client_for(who).get(reverse("ward:home")).text


def test_an_open_difference_waits_for_its_owner_and_after_a_day_for_the_manager(cast, frozen_clock) -> None:
    assert SAYS in home(cast.pharmacist)
    for other in (cast.nurse, cast.manager, cast.counsellor):
        assert SAYS not in home(other)
    frozen_clock.tick(hours=25)
    assert SAYS in home(cast.manager)


def test_who_is_given_a_difference_finds_it_at_home(cast) -> None:
    services.note_discrepancy(
        discrepancy=Discrepancy.objects.get(), words="you were on duty", by=cast.pharmacist, owner=cast.nurse,
        once=once(),
    )  # fmt: skip
    assert SAYS in home(cast.nurse)


def test_the_biennial_inventory_is_announced_to_pharmacist_and_manager(cast, frozen_clock) -> None:
    assert "Biennial inventory" not in home(cast.pharmacist)
    frozen_clock.set("2028-11-10T09:00")
    for who in (cast.pharmacist, cast.manager):
        assert "due in 7 days" in home(who)
    assert "Biennial inventory" not in home(cast.nurse)
