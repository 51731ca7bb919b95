"""What runs out and what drifts waits for the pharmacist on the first page: by hand, two tablets a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.medication.tests import acts
from glidepath.care.supply import queries, services
from glidepath.care.supply.models import Location, StockedProduct
from glidepath.record.people.services import no_known_allergies
from tests.cast import Cast, client_for, proof
from tests.scenarios import ward

QUIET = "Nothing runs out or drifts"
PIECE = 4  # quarters


@pytest.fixture
def prescribed(cast: Cast) -> Cast:
    return with_tablets(cast, 8)


def with_tablets(cast: Cast, number: int) -> Cast:
    """Diazepam 10 mg at 08:00 and 22:00, from a cupboard of so many tablets."""
    cupboard = services.add_location(
        centre=cast.centre, name="Cupboard", kind=Location.Kind.CUPBOARD, unit=cast.unit, by=cast.pharmacist
    )
    product = StockedProduct.objects.get(
        centre=cast.centre, medicine="diazepam", strength_ng=int(Decimal(10) * 1_000_000), is_liquid=False
    )
    parcel = services.Delivery(product, "A", dt.date(2027, 6, 30), 28 * PIECE, 0, number * PIECE)
    services.open_stock(
        location=cupboard, delivery=parcel,
        by=cast.pharmacist, second=proof(cast.nurse), once=acts.once(),
    )  # fmt: skip
    person = ward.person_with_history(cast, preferred_name="Danilo")
    no_known_allergies(person=person, by=cast.nurse)
    acts.sign(cast, person, acts.draft("diazepam", "10", "08:00", "22:00"))
    return cast


def home(who) -> str:
    return client_for(who).get(reverse("ward:home")).text


def test_four_days_are_not_soon_and_the_shelf_is_looked_at_again_in_another_hour(prescribed, frozen_clock) -> None:
    assert QUIET in home(prescribed.pharmacist)
    frozen_clock.set("2026-11-20T09:00")
    assert QUIET not in home(prescribed.pharmacist)


def test_doses_that_left_no_tablet_drift_and_only_the_pharmacist_is_told(prescribed, frozen_clock) -> None:
    """Two whole days, 18 and 19 November, of two tablets each, and none was taken out."""
    frozen_clock.set("2026-11-20T09:00")
    assert "4 tablets less than was due" in home(prescribed.pharmacist)
    for other in (prescribed.nurse, prescribed.manager):
        assert "less than was due" not in home(other)


def test_it_is_worked_out_once_an_hour(prescribed, frozen_clock) -> None:
    frozen_clock.set("2026-11-20T09:00")
    queries.shelf_warnings(prescribed.centre)
    with CaptureQueriesContext(connection) as asked:
        kept = queries.shelf_warnings(prescribed.centre)
    assert len(asked) == 1, "what was kept"
    frozen_clock.tick(minutes=59)
    assert queries.shelf_warnings(prescribed.centre) == kept
    frozen_clock.tick(minutes=1)
    assert queries.shelf_warnings(prescribed.centre).at > kept.at


def test_what_does_not_last_the_day_says_so(cast) -> None:
    (line,) = queries.shelf_warnings(with_tablets(cast, 1).centre).lines
    assert (line.kind, line.product, line.words) == ("soon", "diazepam 10 mg tablet", "does not last the day")
