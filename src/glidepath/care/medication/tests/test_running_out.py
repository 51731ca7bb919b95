"""An order about to run out asks a prescriber a day before; and the dose goes on until somebody decides."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.medication import queries, services
from glidepath.care.medication.running_out import CAUSE
from glidepath.care.medication.tests.acts import draft, once, outside, sign, stop, utc
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import proof
from tests.scenarios import ward

pytestmark = [pytest.mark.django_db, pytest.mark.clock]
END = "2026-11-20T09:00"


@pytest.fixture
def order(cast, person):
    return sign(cast, person, draft("diazepam", "10", "08:00", "22:00", end_at=utc(END)))


def renew(cast, order, until="2026-11-24T09:00", **more):
    by = more.pop("by", cast.physician)
    said = {"asks_again_at": utc(until), "reason": "the plan is signed on Monday", "once": once()} | more
    return services.renew_order(order=order, by=by, proof=proof(by), **said)


def test_it_asks_a_day_before_and_again_at_its_date_each_once(cast, person, order, frozen_clock):
    frozen_clock.set("2026-11-19T08:59")
    assert services.alarm_running_out(cast.centre) == 0
    frozen_clock.set("2026-11-19T09:00")
    assert [services.alarm_running_out(cast.centre) for _ in range(2)] == [1, 0]
    assert (open_alarm(person, CAUSE).rank, open_alarm(person, CAUSE).prescriber_closes) == ("soon", True)
    frozen_clock.set(END)
    assert [services.alarm_running_out(cast.centre) for _ in range(2)] == [1, 0]
    assert open_alarm(person, CAUSE).rank == "now"
    assert "the dose goes on" in open_alarm(person, CAUSE).message
    after = queries.due([person], utc(END), utc("2026-11-21T09:00"))
    assert [f"{row.due.due_at:%d %H:%M}" for row in after] == ["20 22:00", "21 08:00"]


def test_a_renewal_answers_it_and_it_asks_again_a_day_before_the_new_date(cast, person, order, frozen_clock):
    frozen_clock.set("2026-11-19T10:00")
    services.alarm_running_out(cast.centre)
    renew(cast, order)
    assert open_alarm(person, CAUSE) is None
    frozen_clock.set("2026-11-23T08:59")
    assert services.alarm_running_out(cast.centre) == 0
    frozen_clock.set("2026-11-23T09:00")
    assert services.alarm_running_out(cast.centre) == 1


def test_a_stop_answers_it(cast, person, order, frozen_clock):
    frozen_clock.set("2026-11-19T10:00")
    services.alarm_running_out(cast.centre)
    findings = services.findings_on_stop(order)
    stop(cast, order, overrides={one.code: "agreed, over to the hospital" for one in findings if one.stops})
    assert open_alarm(person, CAUSE) is None


def test_an_order_that_a_plan_took_over_from_asks_nothing(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "10", "08:00", "22:00", until_plan=True, end_at=utc(END)))
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 18)))
    frozen_clock.set("2026-11-19T10:00")
    assert services.alarm_running_out(cast.centre) == 0


def test_any_other_medicine_simply_ends(cast, person, frozen_clock):
    sign(cast, person, outside("ibuprofen", "400", "08:00", end_at=utc(END)))
    frozen_clock.set("2026-11-21T10:00")
    assert services.alarm_running_out(cast.centre) == 0
    assert queries.due([person], utc(END), utc("2026-11-21T10:00")) == []


def test_what_cannot_be_renewed_is_said(cast, person, order, frozen_clock):
    with pytest.raises(NotAllowed):
        renew(cast, order, by=cast.nurse)
    for wrong, field in (
        ({"until": "2026-11-16T09:00"}, "until"),
        ({"until": "2028-11-16T09:00"}, "until"),
        ({"reason": " "}, "reason"),
    ):
        with pytest.raises(BadInput) as refused:
            renew(cast, order, **wrong)
        assert refused.value.field == field
    plain = sign(cast, person, outside("ibuprofen", "400", "08:00"))
    with pytest.raises(BadInput, match="does not ask"):
        renew(cast, plain)
    stop(cast, plain)
    with pytest.raises(ChangedMeanwhile):
        renew(cast, plain)
