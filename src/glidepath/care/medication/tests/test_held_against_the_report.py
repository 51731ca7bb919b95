"""The first orders and the first plan beside what was told: 10 mg of diazepam at 08:00 and 22:00, 20 mg a day."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.assessment import services as assessing
from glidepath.care.assessment.models import Beginning, Source
from glidepath.care.medication import services
from glidepath.care.medication.models import Order
from glidepath.care.medication.tests.acts import draft, sign, stop
from glidepath.care.taper.planning import propose
from glidepath.clinical.findings import Severity, Status
from glidepath.record.errors import BadInput, HardStop
from tests.cast import episode_of
from tests.scenarios import ward

TODAY = dt.date(2026, 11, 17)


def whole(medicine: str, mg: str, *times: str, **more):
    """An order as a prescriber signs it who says nothing of further ones."""
    return draft(medicine, mg, *times, **{"more_follow": False, **more})


def compared(prepared):
    return [(one.code, one.severity) for one in prepared.findings if one.code in ("JCG-2", "ORD-5")]


# --- Orders -----------------------------------------------------------------------------------------------------------


def test_2_mg_for_somebody_who_told_of_20_is_not_signed_without_a_reason(cast, person):
    wanted = whole("diazepam", "2", "08:00")
    with pytest.raises(HardStop) as stopped:
        sign(cast, person, wanted)
    (found,) = (one for one in stopped.value.findings if one.stops)
    assert found.code == "JCG-2"
    assert "diazepam 20 mg a day" in found.message
    assert "90 % less" in found.message
    order = sign(cast, person, wanted, overrides={"JCG-2": "was very drowsy on arrival, seen with the consultant"})
    assert ["JCG-2", "fires", "was very drowsy on arrival, seen with the consultant"] in order.findings


def test_the_reported_dose_is_signed_without_a_word(cast, person):
    assert compared(services.prepare(person, whole("diazepam", "10", "08:00", "22:00"))) == []


def test_several_orders_that_make_the_dose_together_are_not_stopped_where_the_prescriber_says_more_follow(cast, person):
    first = sign(cast, person, whole("diazepam", "10", "08:00", more_follow=True))
    assert ["JCG-2", "fires", "further orders follow"] in first.findings
    prepared = services.prepare(person, whole("diazepam", "10", "22:00"))
    assert compared(prepared) == []


def test_the_last_of_several_orders_is_stopped_where_they_stay_below_together(cast, person):
    sign(cast, person, whole("diazepam", "5", "08:00", more_follow=True))
    with pytest.raises(HardStop) as stopped:
        sign(cast, person, whole("diazepam", "5", "22:00"))
    assert any("diazepam 10 mg a day. From 20 mg to 10 mg" in one.message for one in stopped.value.findings)


def test_an_answered_drop_is_not_asked_again_by_the_next_order(cast, person):
    sign(cast, person, whole("diazepam", "5", "08:00"), overrides={"JCG-2": "drowsy, seen"})
    assert compared(services.prepare(person, whole("diazepam", "2", "22:00"))) == []


def test_an_order_stopped_before_a_dose_was_given_settles_nothing(cast, person):
    order = sign(cast, person, whole("diazepam", "10", "08:00", "22:00"))
    stop(cast, order, overrides={"JCG-2": "signed for the wrong person"})
    assert compared(services.prepare(person, whole("diazepam", "2", "08:00"))) == [("JCG-2", Severity.HARD_STOP)]


def test_more_than_was_told_is_signed_only_with_a_word_on_it(cast, person):
    wanted = whole("diazepam", "15", "08:00", "22:00")
    assert compared(services.prepare(person, wanted)) == [("ORD-5", Severity.WARNING)]
    with pytest.raises(BadInput, match="ORD-5"):
        sign(cast, person, wanted, acknowledged="")


def test_an_amount_nobody_knows_is_said_and_stops_nothing(cast, person):
    told(cast, person, "bromazolam", "")
    prepared = services.prepare(person, whole("diazepam", "10", "08:00", "22:00"))
    (found,) = (one for one in prepared.findings if one.code == "ORD-5")
    assert found.status is Status.CANNOT_BE_ASSESSED
    sign(cast, person, whole("diazepam", "10", "08:00", "22:00"), acknowledged="")


def told(cast, person, medicine, regimen):
    use = assessing.ReportedUse(
        medicine_name=medicine, source=Source.NONPRESCRIBED, beginning=Beginning.RECREATIONAL, regimen=regimen
    )
    assessing.record_use(person=person, episode=episode_of(person), use=use, by=cast.nurse)


def test_a_single_dose_tonight_is_not_held_against_a_days_dose(cast, person):
    assert compared(services.prepare(person, whole("diazepam", "5", kind=Order.Kind.ONCE))) == []


# --- The first plan ---------------------------------------------------------------------------------------------------


def plan(cast, person, regimen, **more):
    return ward.sign(cast, person, ward.draft(regimen, start=TODAY, **more))


def test_a_first_plan_far_below_what_was_told_is_not_signed_without_a_reason(cast, person):
    with pytest.raises(HardStop) as stopped:
        plan(cast, person, "diazepam 2 mg 08:00 22:00")
    assert any("Reported: diazepam 20 mg a day" in one.message for one in stopped.value.findings if one.stops)


def test_a_first_plan_at_the_reported_dose_is_signed(cast, person):
    assert plan(cast, person, "diazepam 10 mg 08:00 22:00").number == 1


def test_a_first_plan_is_held_against_the_orders_once_they_were_signed_as_the_whole(cast, person):
    """Somebody found steady on 10 mg of the 20 reported: the answered drop is not asked again, a further one is."""
    sign(cast, person, whole("diazepam", "5", "08:00", "22:00", until_plan=True), overrides={"JCG-2": "steady on it"})
    with pytest.raises(HardStop) as stopped:
        plan(cast, person, "diazepam 2 mg 08:00 22:00")
    assert any("Ordered now: diazepam 10 mg a day" in one.message for one in stopped.value.findings if one.stops)
    assert plan(cast, person, "diazepam 5 mg 08:00 22:00").number == 1


def test_a_first_plan_above_what_was_told_asks_for_a_word(cast, person):
    found = propose(person, ward.draft("diazepam 15 mg 08:00 22:00", start=TODAY)).findings
    assert [one.severity for one in found if one.code == "ORD-5"] == [Severity.WARNING]


def test_given_from_and_stopped_it_stays_settled(cast, person, frozen_clock):
    order = sign(cast, person, whole("diazepam", "10", "08:00", "22:00"))
    frozen_clock.set("2026-11-17T08:00")
    ward.give_due(cast, person)
    stop(cast, order, overrides={"JCG-2": "goes on as liquid"})
    assert compared(services.prepare(person, whole("diazepam", "2", "08:00"))) == []
