"""Before a dose: breathing beside RASS, the order's own limits, and who sees it given."""

from __future__ import annotations

import pytest

from glidepath.care.medication import services
from glidepath.care.medication.models import DoseAnswer
from glidepath.care.medication.tests.acts import draft, give, look, outside, prn, row_at, sign, wanted
from glidepath.care.medication.tests.story import over_sedation
from glidepath.care.monitoring.bedside import Bedside, State
from glidepath.care.monitoring.models import Observation
from glidepath.care.monitoring.services import record_observation
from glidepath.clinical.monitoring.hold_rules import HoldRule, Sign
from glidepath.record.errors import BadInput, NotAllowed
from tests.cast import proof

pytestmark = pytest.mark.django_db
EIGHT = "2026-11-17T08:00"
NO_WITNESS = {"witness": None}


@pytest.fixture
def eight(cast, person, frozen_clock):
    """Ten mg of diazepam, one whole tablet, due at eight."""
    sign(cast, person, draft("diazepam", "10", "08:00"))
    frozen_clock.set(EIGHT)
    return row_at(person, EIGHT)


def propranolol(cast, person, frozen_clock, *rules):
    sign(cast, person, outside("propranolol", "10", "08:00", hold_rules=rules))
    frozen_clock.set(EIGHT)
    return row_at(person, EIGHT)


# --- RASS and breathing -----------------------------------------------------------------------------------------------


def test_without_breathing_now_or_in_the_last_hour_no_sedative_is_given(cast, person, eight, frozen_clock):
    with pytest.raises(BadInput, match="Count the breaths") as refused:
        give(eight, cast.nurse, breathing=None)
    assert refused.value.field == "breathing"
    look(person, cast.nurse, rr=14)
    frozen_clock.tick(minutes=61)
    with pytest.raises(BadInput, match="Count the breaths"):
        give(eight, cast.nurse, breathing=None)
    look(person, cast.nurse, rr=14)
    frozen_clock.tick(minutes=60)
    assert give(eight, cast.nurse, breathing=None).was_given


def test_breathing_counted_asleep_is_no_check_before_a_sedative(cast, person, eight):
    asleep = Bedside(state=State.ASLEEP, rr=14, breathing=Observation.Breathing.EASY)
    record_observation(person=person, bedside=asleep, by=cast.nurse, once="asleep")
    with pytest.raises(BadInput, match="Count the breaths"):
        give(eight, cast.nurse, breathing=None)


def test_nine_breaths_hold_the_dose_and_call_and_ten_do_not(cast, person, eight):
    answer = give(eight, cast.nurse, breathing=9)
    assert (answer.outcome, answer.reason, answer.breathing) == ("held", "sedation", 9)
    assert over_sedation(person) is not None


def test_ten_breaths_are_given(cast, eight):
    assert give(eight, cast.nurse, breathing=10).was_given


def test_breaths_that_cannot_be_meant_are_refused_at_their_field(cast, eight):
    with pytest.raises(BadInput, match="cannot be meant") as refused:
        give(eight, cast.nurse, breathing=140)
    assert refused.value.field == "breathing"


# --- The order's own limits -------------------------------------------------------------------------------------------


def test_a_limit_nobody_measured_is_measured_first(cast, person, frozen_clock):
    row = propranolol(cast, person, frozen_clock, HoldRule(Sign.PULSE, 50), HoldRule(Sign.SYSTOLIC, 90))
    with pytest.raises(BadInput, match=r"Pulse was not measured lately.*systolic pressure was not measured lately"):
        give(row, cast.nurse)
    look(person, cast.nurse, pulse=50)
    with pytest.raises(BadInput, match="Systolic pressure was not measured lately"):
        give(row, cast.nurse)
    look(person, cast.nurse, sbp=90)
    assert give(row, cast.nurse).was_given


def test_under_its_limit_the_dose_is_held_with_what_was_found(cast, person, frozen_clock):
    row = propranolol(cast, person, frozen_clock, HoldRule(Sign.PULSE, 50))
    look(person, cast.nurse, pulse=49)
    answer = give(row, cast.nurse)
    assert (answer.outcome, answer.reason, answer.given_ng) == ("held", "order_limit", 0)
    assert "ulse 49 a minute" in answer.words
    assert over_sedation(person) is None


def test_the_newest_value_counts_and_one_older_than_an_hour_does_not(cast, person, frozen_clock):
    row = propranolol(cast, person, frozen_clock, HoldRule(Sign.PULSE, 50))
    look(person, cast.nurse, pulse=80)
    frozen_clock.tick(minutes=30)
    look(person, cast.nurse, pulse=49)
    assert give(row, cast.nurse).outcome == "held"
    frozen_clock.tick(minutes=61)
    with pytest.raises(BadInput, match="not measured lately"):
        give(row, cast.nurse, seen=DoseAnswer.objects.get().pk)


def test_a_limit_on_breathing_and_rass_is_held_against_the_look_with_the_dose(cast, person, frozen_clock):
    rules = (HoldRule(Sign.BREATHING, 12), HoldRule(Sign.RASS, -1))
    sign(cast, person, draft("diazepam", "10", "08:00", hold_rules=rules))
    frozen_clock.set(EIGHT)
    row = row_at(person, EIGHT)
    answer = give(row, cast.nurse, rass=0, breathing=11)
    assert (answer.outcome, answer.reason) == ("held", "order_limit")
    again = give(row, cast.nurse, rass=-1, breathing=12, seen=answer.pk)
    assert (again.outcome, again.revision) == ("held", 1)
    assert give(row, cast.nurse, rass=0, breathing=12, seen=again.pk).was_given


def test_an_as_needed_dose_meets_the_limits_too_and_writes_nothing(cast, person, frozen_clock):
    order = sign(cast, person, prn("lorazepam", "0.5", hold_rules=(HoldRule(Sign.BREATHING, 12),)))
    with pytest.raises(BadInput, match="Breathing 11 a minute"):
        services.give_prn(order=order, by=cast.nurse, rass=0, breathing=11, once="a")
    assert not DoseAnswer.objects.exists()


# --- The witness ------------------------------------------------------------------------------------------------------


def test_a_half_tablet_of_a_controlled_medicine_wants_a_witness_and_a_whole_one_does_not(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "1", "08:00"))
    sign(cast, person, draft("lorazepam", "1", "09:00"))
    sign(cast, person, outside("sertraline", "25", "10:00"))
    for at, due in ((EIGHT, True), ("2026-11-17T09:00", False), ("2026-11-17T10:00", False)):
        assert row_at(person, at).needs_witness is due, at


def test_an_order_may_ask_for_a_witness_at_each_dose(cast, person):
    sign(cast, person, draft("diazepam", "10", "08:00", wants_witness=True))
    assert row_at(person, EIGHT).needs_witness


@pytest.mark.parametrize(
    ("who", "refused", "field"),
    [
        (None, BadInput, "second_user"),
        ("nurse", BadInput, "second_user"),
        ("off_shift_nurse", BadInput, "second_user"),
        ("counsellor", NotAllowed, "second_user"),
        ("stranger", NotAllowed, "second_user"),
    ],
)
def test_a_witness_is_somebody_else_on_duty_who_proves_it_there(cast, person, frozen_clock, who, refused, field):
    sign(cast, person, draft("diazepam", "10", "08:00", wants_witness=True))
    frozen_clock.set(EIGHT)
    row = row_at(person, EIGHT)
    witness = proof(getattr(cast, who)) if who else None
    with pytest.raises(refused) as said:
        give(row, cast.nurse, witness=witness)
    assert said.value.field == field
    assert not DoseAnswer.objects.exists()
    assert give(row, cast.nurse, witness=proof(cast.pharmacist)).witness == cast.pharmacist


def test_a_proof_older_than_five_minutes_is_no_witness(cast, person, frozen_clock):
    sign(cast, person, draft("diazepam", "10", "08:00", wants_witness=True))
    frozen_clock.set(EIGHT)
    old = proof(cast.second_nurse)
    frozen_clock.tick(minutes=5)
    with pytest.raises(BadInput, match="five minutes"):
        give(row_at(person, EIGHT), cast.nurse, witness=old)


# --- Had elsewhere ----------------------------------------------------------------------------------------------------


def test_a_dose_had_elsewhere_is_no_missed_dose_and_says_by_whom(cast, person, eight):
    said = {"wanted": wanted(eight), "outcome": "elsewhere", "reason": "by_others", "by": cast.nurse, "once": "x"}
    with pytest.raises(BadInput, match="who gave it"):
        services.answer_dose(**said)
    answer = services.answer_dose(**said, words="the emergency department, 07:10")
    assert answer.was_taken
    assert not answer.was_given
    assert not row_at(person, EIGHT).not_taken
    with pytest.raises(BadInput, match="how it was had"):
        services.answer_dose(**(said | {"reason": "feels_sick", "once": "y"}))
