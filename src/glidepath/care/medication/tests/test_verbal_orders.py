"""By word of mouth: read back, valid from then, signed later by who gave it; and a second signature."""

from __future__ import annotations

import pytest

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import services as assessing
from glidepath.care.medication import queries, services
from glidepath.care.medication.models import Order
from glidepath.care.medication.tests.acts import draft, once, outside, sign, stop
from glidepath.care.medication.unsigned import CAUSE
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from tests.cast import proof

pytestmark = pytest.mark.django_db


def take(cast, person, wanted=None, **more):
    said = {
        "prescriber": cast.physician, "read_back": True, "by": cast.nurse, "proof": proof(cast.nurse),
        "acknowledged": "she knows", "once": once(),
    } | more  # fmt: skip
    return services.take_verbal_order(person=person, draft=wanted or outside("paracetamol", "1000", "08:00"), **said)


def test_it_is_valid_from_the_read_back_and_names_both(cast, person):
    order = take(cast, person, draft("diazepam", "10", "08:00"))
    assert (order.recorded_by, order.taken_from) == (cast.nurse, cast.physician)
    assert [one.pk for one in queries.orders(person)] == [order.pk]
    assert "by word" in open_alarm(person, CAUSE).message


def test_without_a_read_back_nothing_is_ordered(cast, person):
    with pytest.raises(BadInput, match="Read the whole order back"):
        take(cast, person, read_back=False)
    assert not Order.objects.exists()


@pytest.mark.parametrize("who", ["nurse", "pharmacist", "stranger"])
def test_it_is_taken_from_somebody_else_here_who_may_prescribe(cast, person, who):
    with pytest.raises(BadInput) as refused:
        take(cast, person, prescriber=getattr(cast, who))
    assert refused.value.field == "prescriber"


@pytest.mark.parametrize("who", ["counsellor", "physician"])
def test_a_nurse_or_pharmacist_takes_it(cast, person, who):
    by = getattr(cast, who)
    with pytest.raises(NotAllowed):
        take(cast, person, by=by, proof=proof(by), prescriber=cast.second_physician)


def test_a_hard_stop_is_not_answered_by_telephone(cast, person):
    assessing.record_facts(person=person, answers={"opioid_active": "yes", "naloxone_offered": "no"}, by=cast.nurse)
    with pytest.raises(HardStop) as stopped:
        take(cast, person, draft("diazepam", "5", "08:00"), acknowledged="she says it is fine")
    assert "JCG-17" in {one.code for one in stopped.value.findings if one.stops}


def test_the_prescriber_who_gave_it_signs_it_once_and_nobody_else(cast, person):
    order = take(cast, person)
    other = cast.second_physician
    with pytest.raises(NotAllowed, match="gave this order"):
        services.sign_after(order=order, kind="prescriber", by=other, proof=proof(other), once=once())
    services.sign_after(order=order, kind="prescriber", by=cast.physician, proof=proof(cast.physician), once=once())
    assert queries.unsigned([person]) == []
    assert open_alarm(person, CAUSE) is None
    with pytest.raises(ChangedMeanwhile):
        services.sign_after(order=order, kind="prescriber", by=cast.physician, proof=proof(cast.physician), once=once())


def test_the_task_stays_while_another_order_waits_and_a_stop_ends_it(cast, person):
    first, second = take(cast, person), take(cast, person, outside("loperamide", "2", "08:00"))
    services.sign_after(order=first, kind="prescriber", by=cast.physician, proof=proof(cast.physician), once=once())
    assert open_alarm(person, CAUSE) is not None
    stop(cast, second)
    assert open_alarm(person, CAUSE) is None


def test_after_a_day_without_a_signature_it_calls_for_now_once(cast, person, frozen_clock):
    take(cast, person)
    assert open_alarm(person, CAUSE).rank == "soon"
    frozen_clock.tick(hours=23, minutes=59)
    assert services.alarm_unsigned(cast.centre) == 0
    frozen_clock.tick(minutes=1)
    assert [services.alarm_unsigned(cast.centre) for _ in range(2)] == [1, 0]
    assert open_alarm(person, CAUSE).rank == "now"


def test_a_second_signature_is_another_persons(cast, person):
    order = sign(cast, person, outside("paracetamol", "1000", "08:00", wants_cosign=True))
    with pytest.raises(NotAllowed, match="first on this order"):
        services.sign_after(order=order, kind="second", by=cast.physician, proof=proof(cast.physician), once=once())
    with pytest.raises(NotAllowed):
        services.sign_after(order=order, kind="second", by=cast.nurse, proof=proof(cast.nurse), once=once())
    services.sign_after(order=order, kind="second", by=cast.pharmacist, proof=proof(cast.pharmacist), once=once())
    assert queries.unsigned([person]) == []


def test_an_order_that_asks_for_none_takes_none(cast, person):
    order = sign(cast, person, outside("paracetamol", "1000", "08:00"))
    for kind in ("second", "prescriber", "third"):
        with pytest.raises(BadInput):
            services.sign_after(order=order, kind=kind, by=cast.physician, proof=proof(cast.physician), once=once())
