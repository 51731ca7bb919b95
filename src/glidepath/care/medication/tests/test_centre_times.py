"""The times a centre sets for itself hold where doses are given, packed and ordered."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.medication import services
from glidepath.care.medication.tests.acts import draft, give, look, once, outside, row_at, sign
from glidepath.care.medication.unsigned import CAUSE
from glidepath.record import clock
from glidepath.record.centres.services import change_settings
from glidepath.record.errors import BadInput
from tests.cast import proof

pytestmark = [pytest.mark.django_db, pytest.mark.clock]


def set_here(cast, **values):
    change_settings(centre=cast.centre, changes=values, by=cast.manager)


@pytest.mark.parametrize(("minutes", "is_fresh"), [(60, True), (20, False)])
def test_breathing_counted_half_an_hour_ago_counts_for_as_long_as_the_centre_says(
    cast, person, frozen_clock, minutes, is_fresh
):
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T07:30")
    look(person, cast.nurse, rr=14, rass=0)
    set_here(cast, fresh_look_minutes=minutes)
    frozen_clock.set("2026-11-17T08:00")
    row = row_at(fresh(person), "2026-11-17T08:00")
    if is_fresh:
        assert give(row, cast.nurse, breathing=None).was_given
    else:
        with pytest.raises(BadInput, match="not counted in the last 20 minutes"):
            give(row, cast.nurse, breathing=None)


def fresh(person):
    """The person read anew: a centre's settings are read once for one row."""
    return type(person).objects.select_related("centre").get(pk=person.pk)


def test_a_leave_is_as_long_as_the_centre_says(cast, person, frozen_clock):
    sign(cast, person, outside("sertraline", "50", "08:00"))
    set_here(cast, leave_longest_days=2)
    given = {"person": fresh(person), "explained": "as always", "by": cast.nurse, "second": proof(cast.second_nurse)}
    with pytest.raises(BadInput, match="at most 2 days"):
        services.pack_leave(until=clock.now() + dt.timedelta(days=2, minutes=1), once=once(), **given)
    assert services.pack_leave(until=clock.now() + dt.timedelta(days=2), once=once(), **given)


def test_a_signature_is_called_for_when_the_centre_says(cast, person, frozen_clock):
    sign(cast, person, outside("sertraline", "50", "08:00", wants_cosign=True))
    set_here(cast, order_signed_within_hours=6)
    centre = type(cast.centre).objects.get(pk=cast.centre.pk)
    frozen_clock.set("2026-11-17T12:59")
    assert services.alarm_unsigned(centre) == 0
    frozen_clock.set("2026-11-17T13:00")
    assert services.alarm_unsigned(centre) == 1
    assert open_alarm(person, CAUSE).rank == "now"
