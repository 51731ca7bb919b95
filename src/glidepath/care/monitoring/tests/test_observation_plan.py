"""A prescriber sets how often, and by which scales; a trigger makes it closer; only a signature makes it less close."""

import datetime as dt
from uuid import uuid4

import pytest

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.monitoring import ports, queries, services
from glidepath.care.monitoring.models import ObservationPlan, ScaleScore
from glidepath.care.monitoring.rounds import round_of
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, planned, scored, seen
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.monitoring.observation_plan import Intervals
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import enquiring_person, proof

DRINKS = PersonFacts(alcohol_dependent=True, opioid_active=False)
NEITHER = PersonFacts(alcohol_dependent=False, opioid_active=False)


@pytest.fixture(autouse=True)
def told(monkeypatch):
    """What was told at the intake, changed by `told(facts)`; no dose has changed."""
    monkeypatch.setattr(ports, "_reader", lambda people, now: {})

    def tell(facts):
        monkeypatch.setattr(ports, "_facts_of", lambda *_: facts)

    tell(NEITHER)
    return tell


def due(person):
    return queries.due([person])[person.pk]


def set_plan(person, by, *, awake=4, asleep=4, scales=None, **given):
    return services.set_observation_plan(
        person=person,
        intervals=Intervals(awake, asleep, {Scale.CIWA_B: 4} if scales is None else scales),
        until=given.pop("until", clock.now() + dt.timedelta(days=3)),
        reason=given.pop("reason", "first days"),
        by=by,
        proof=proof(by),
        once=given.pop("once", uuid4().hex),
        **given,
    )


def scale(person, by, which, items, **given):
    return services.record_scale(
        person=person, scale=which, items=items, by=by, once=given.pop("once", uuid4().hex), **given
    )


def ar(each, **items):
    """CIWA-Ar: nine items of `each`, orientation 0."""
    return [each] * 9 + [0]


# --- Who sets it, and what is refused ---------------------------------------------------------------------------------


def test_a_plan_keeps_who_why_until_when_and_what_was_proposed(person, cast):
    row = set_plan(person, cast.physician)
    assert (row.recorded_by, row.reason) == (cast.physician, "first days")
    assert row.proposed == "awake every 4 h, asleep every 4 h; CIWA-B every 4 h"
    assert (row.looser, row.facts_version != "") == ("", True)


@pytest.mark.parametrize("who", ["nurse", "pharmacist", "psychologist", "manager"])
def test_only_a_prescriber_sets_it(who, person, cast):
    with pytest.raises(NotAllowed):
        set_plan(person, getattr(cast, who))


def test_what_is_less_close_than_proposed_is_named_and_confirmed(person, cast):
    with pytest.raises(BadInput, match=r"INP-1.*awake every 8 hours, not 4") as refused:
        set_plan(person, cast.physician, awake=8)
    assert refused.value.field == "knows_looser"
    assert set_plan(person, cast.physician, awake=8, knows_looser=True).looser == "awake every 8 hours, not 4"


@pytest.mark.parametrize("days", [0, -1, 32])
def test_it_is_looked_at_again_within_a_month(days, person, cast):
    with pytest.raises(BadInput, match="Looked at again"):
        set_plan(person, cast.physician, until=clock.now() + dt.timedelta(days=days))


def test_a_reason_is_needed(person, cast):
    with pytest.raises(BadInput, match="Say why"):
        set_plan(person, cast.physician, reason="  ")


def test_nobody_is_planned_for_who_is_not_admitted(cast):
    with pytest.raises(BadInput, match="not admitted"):
        set_plan(enquiring_person(cast), cast.physician)


def test_two_prescribers_do_not_overwrite_each_other(person, cast):
    set_plan(person, cast.physician, seen=0)
    with pytest.raises(ChangedMeanwhile, match="Ines Ferreira"):
        set_plan(person, cast.second_physician, seen=0)


def test_a_double_submit_sets_one_plan(person, cast):
    assert set_plan(person, cast.physician, once="k") == set_plan(person, cast.physician, once="k")
    assert ObservationPlan.objects.count() == 1


def test_a_wrong_scale_cannot_be_planned(person, cast):
    with pytest.raises(BadInput, match="never scored for benzodiazepine") as refused:
        set_plan(person, cast.physician, scales={Scale.CIWA_AR: 4})
    assert refused.value.field == "ciwa_ar_hours"


# --- What makes it closer, and what does not make it less close -------------------------------------------------------


def test_a_strong_score_makes_it_closer_until_somebody_signs(person, cast, frozen_clock):
    planned(person, cast.physician)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(1, c1=2))  # 21, moderate
    assert due(person).frequency.why == "CIWA-B above mild"
    for _ in range(20):
        frozen_clock.tick(hours=4)
        seen(person, cast.nurse)
        scored(person, cast.nurse, ciwa(0))
    assert due(person).frequency.hours == 4
    frozen_clock.tick(minutes=1)
    planned(person, cast.physician)
    assert due(person).frequency.hours == 12


def test_drowsiness_makes_it_closer(person, cast, frozen_clock):
    planned(person, cast.physician)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse, awake(rass=-2))
    assert due(person).frequency.why == "drowsy"


def test_an_event_that_stands_open_makes_any_plan_closer(person, cast, frozen_clock):
    services.record_event(person=person, kind="seizure", by=cast.nurse, once="k")
    frozen_clock.tick(minutes=1)
    planned(person, cast.physician)
    assert due(person).frequency.hours == 4


def test_asleep_the_plan_has_hours_of_its_own(person, cast, frozen_clock):
    planned(person, cast.physician, 12, 6)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse, asleep())
    assert due(person).frequency.hours == 6


# --- CIWA-Ar and COWS -------------------------------------------------------------------------------------------------


def test_ciwa_ar_is_refused_for_who_withdraws_from_a_benzodiazepine_alone(person, cast):
    seen(person, cast.nurse)
    with pytest.raises(BadInput, match="never scored for benzodiazepine withdrawal alone"):
        scale(person, cast.nurse, Scale.CIWA_AR, ar(1))


def test_where_nobody_told_a_prescriber_names_the_scale(person, cast, told):
    told(PersonFacts())
    seen(person, cast.nurse)
    with pytest.raises(BadInput, match="has not been told"):
        scale(person, cast.nurse, Scale.COWS, [0] * 11)
    planned(person, cast.physician, cows=6)
    assert scale(person, cast.nurse, Scale.COWS, [0] * 11).total == 0


def test_a_score_keeps_its_version_and_its_vital_signs(person, cast, told):
    told(DRINKS)
    beside = seen(person, cast.nurse).row
    row = scale(person, cast.nurse, Scale.CIWA_AR, ar(1))
    assert (row.total, row.band, row.label, row.observation) == (9, "mild", "complete", beside)
    assert row.instrument_version == instrument("ciwa_ar").version
    assert [one.code for one in services.said_of(row)] == ["POL-2"]


def test_a_ciwa_ar_above_mild_makes_the_vital_signs_closer_too(person, cast, told, frozen_clock):
    told(DRINKS)
    planned(person, cast.physician, ciwa_ar=6)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(1))
    assert (due(person).frequency.code, due(person).frequency.hours) == ("PLAN", 12), "9 is mild"
    frozen_clock.tick(minutes=1)
    scale(person, cast.nurse, Scale.CIWA_AR, [2, *[1] * 8, 0])
    found = due(person)
    assert (found.frequency.hours, found.frequency.why) == (4, "CIWA-Ar above mild")
    assert not found.is_due, "what made it closer makes nothing late by itself"
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(0))
    assert due(person).frequency.hours == 4, "a lower one loosens nothing"
    frozen_clock.tick(minutes=1)
    planned(person, cast.physician, ciwa_ar=6)
    assert due(person).frequency.hours == 12


def test_nothing_less_close_is_proposed_while_the_last_ciwa_ar_is_above_mild(person, cast, told, frozen_clock):
    told(DRINKS)
    frozen_clock.tick(hours=24 * 6)
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(0))
    assert queries.proposed_for(person).proposal.codes[0] == "INP-2"
    scale(person, cast.nurse, Scale.CIWA_AR, [2, *[1] * 8, 0])
    found = queries.proposed_for(person).proposal
    assert (found.codes[0], found.intervals.awake, found.why) == ("INP-1", 4, "moderate withdrawal")


def test_a_ciwa_ar_above_20_is_due_within_the_hour_though_the_set_is_not(person, cast, told, frozen_clock):
    told(DRINKS)
    planned(person, cast.physician, 4, 4, ciwa_ar=4)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, [3] * 7 + [0] * 3)  # 21
    scored_at = clock.now()
    found = due(person)
    assert (found.frequency.hours, found.due_at) == (4, scored_at + dt.timedelta(hours=1))
    frozen_clock.tick(hours=1)
    assert due(person).is_due
    assert [one.person for one in round_of(cast.nurse, cast.unit).wanted] == [person]
    frozen_clock.tick(minutes=61)
    assert services.alarm_overdue_observations(cast.centre) == 1
    alarm = open_alarm(person, "INP-3")
    assert "CIWA-Ar" in alarm.message
    beside = queries.latest([person])[person.pk].observation
    scale(person, cast.nurse, Scale.CIWA_AR, [3] * 7 + [0] * 3, observation=beside)
    assert open_alarm(person, "INP-3") is None, "the score that was due answers it"
    assert due(person).due_at == clock.now() + dt.timedelta(hours=1)


def test_a_cows_is_due_at_its_six_hours_beside_sets_of_four(person, cast, told, frozen_clock):
    told(PersonFacts(opioid_active=True))
    planned(person, cast.physician, 4, 4, cows=6)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.COWS, [0] * 11)
    scored_at = clock.now()
    frozen_clock.tick(hours=4)
    seen(person, cast.nurse)
    assert due(person).due_at == scored_at + dt.timedelta(hours=6)


def test_a_ciwa_b_set_closer_than_the_set_calls_for_a_look_of_its_own(person, cast, frozen_clock):
    planned(person, cast.physician, 12, 12, ciwa_b=6)
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(0))
    assert due(person).due_at == clock.now() + dt.timedelta(hours=6)


def test_a_set_without_the_score_that_was_due_leaves_it_due_and_late_only_from_then(person, cast, told, frozen_clock):
    told(DRINKS)
    planned(person, cast.physician, 4, 4, ciwa_ar=2)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(0))
    frozen_clock.tick(hours=3, minutes=30)
    seen(person, cast.nurse)
    found = due(person)
    assert (found.due_at, found.alerts) == (clock.now(), False)
    assert found.scale(Scale.CIWA_AR).is_due


def test_nobody_asleep_is_woken_for_a_score(person, cast, told, frozen_clock):
    told(DRINKS)
    planned(person, cast.physician, 4, 4, ciwa_ar=2)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(0))
    frozen_clock.tick(hours=2)
    seen(person, cast.nurse, asleep())
    assert due(person).due_at == clock.now() + dt.timedelta(hours=4)


def test_a_scale_alone_is_refused(person, cast, told):
    told(DRINKS)
    with pytest.raises(BadInput, match="needs vital signs"):
        scale(person, cast.nurse, Scale.CIWA_AR, ar(1))
    seen(person, cast.nurse, asleep())
    with pytest.raises(BadInput, match="needs vital signs"):
        scale(person, cast.nurse, Scale.CIWA_AR, ar(1))


def test_an_unanswered_item_gives_no_total_and_does_not_settle_what_is_due(person, cast, told, frozen_clock):
    told(DRINKS)
    planned(person, cast.physician, ciwa_ar=4)
    frozen_clock.tick(hours=5)
    seen(person, cast.nurse)
    row = scale(person, cast.nurse, Scale.CIWA_AR, [1, None, *[1] * 8])
    assert (row.total, row.band, row.label) == (None, "", "partial 9 of 10")
    assert due(person).scale(Scale.CIWA_AR).is_due


def test_an_answer_the_scale_does_not_have_is_refused_at_its_item(person, cast, told):
    told(PersonFacts(opioid_active=True))
    seen(person, cast.nurse)
    with pytest.raises(BadInput, match="allowed are 0, 1, 3, 5") as refused:
        scale(person, cast.nurse, Scale.COWS, [0, 0, 2])
    assert refused.value.field == "cows_3"


@pytest.mark.parametrize(("each", "hours"), [(1, 4), (2, 2), (3, 1)])
def test_alcohol_falls_due_again_by_its_score(each, hours, person, cast, told):
    """POL-3: 9 is under 10, 18 between 10 and 20, 27 over 20."""
    told(DRINKS)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(each))
    assert due(person).scale(Scale.CIWA_AR).due_at == clock.now() + dt.timedelta(hours=hours)


def test_a_lower_score_after_a_high_one_loosens_nothing(person, cast, told, frozen_clock):
    told(DRINKS)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(3))
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse)
    scale(person, cast.nurse, Scale.CIWA_AR, ar(0))
    assert due(person).scale(Scale.CIWA_AR).hours == 1
    frozen_clock.tick(minutes=1)
    planned(person, cast.physician, ciwa_ar=4)
    assert due(person).scale(Scale.CIWA_AR).hours == 4


def test_a_wrong_score_is_corrected_by_a_further_row_and_taken_back_by_an_empty_one(person, cast, told):
    told(DRINKS)
    seen(person, cast.nurse)
    row = scale(person, cast.nurse, Scale.CIWA_AR, ar(3))
    better = services.correct_scale(score=row, items=ar(1), reason="slip", by=cast.nurse, once="c")
    assert (better.supersedes, better.total) == (row, 9)
    with pytest.raises(ChangedMeanwhile):
        services.correct_scale(score=row, items=ar(2), reason="slip", by=cast.nurse, once="d")
    gone = services.correct_scale(score=better, items=[None] * 10, reason="another's", by=cast.nurse, once="e")
    assert gone.is_taken_back
    assert queries.newest_scale_scores(person) == {}
    assert ScaleScore.objects.count() == 3


def test_a_scale_score_is_refused_to_who_does_not_observe(person, cast, told):
    told(DRINKS)
    seen(person, cast.nurse)
    with pytest.raises(NotAllowed):
        scale(person, cast.counsellor, Scale.CIWA_AR, ar(1))
