"""What is seen at the bedside is kept as it was seen, and what it calls for happens in the same moment."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.monitoring import consequences, ports, queries, services
from glidepath.care.monitoring.bedside import Bedside, Mind, State
from glidepath.care.monitoring.models import Event, Observation
from glidepath.care.monitoring.tests.looks import asleep, awake, only, seen
from glidepath.clinical.guidelines.facts import VOCABULARY, PersonFacts
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres.queries import clinical_settings_of
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.beds import leave_bed
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, enquiring_person, episode_of, proof


def causes(person):
    return {one.alarm.cause: one.alarm for one in open_alarms([person])}


def codes(done):
    return {one.code for one in done.findings if one.status == "fires"}


# --- Kept as it was seen ----------------------------------------------------------------------------------------------


def test_the_first_worked_example_scores_1(person, cast):
    """RR 18, SpO2 97 on air, systolic 128, pulse 96, alert, 37.2: NEWS2 1."""
    done = seen(person, cast.nurse, awake(pulse=96))
    assert done.row.news2 == 1
    assert causes(person) == {}


def test_the_second_worked_example_scores_9_and_calls(person, cast):
    """RR 22, SpO2 95, systolic 150, pulse 118, new confusion, 38.4: 2 + 1 + 0 + 2 + 3 + 1."""
    worse = awake(rr=22, spo2=95, sbp=150, dbp=90, pulse=118, mind=Mind.CONFUSION, temperature=Decimal("38.4"))
    done = seen(person, cast.nurse, worse)
    assert done.row.news2 == 9
    assert {"INP-8", "DEL-1", "INP-11"} <= set(causes(person))


def test_a_quiet_set_raises_nothing_and_opens_nothing(person, cast):
    done = seen(person, cast.nurse)
    assert done.row.news2 == 0
    assert (done.events, done.alarms) == ((), ())
    assert Event.objects.count() == 0


def test_a_partial_set_is_kept_and_has_no_total(person, cast):
    done = seen(person, cast.nurse, only(pulse=76, rr=16))
    assert done.row.news2 is None
    assert (done.row.pulse, done.row.spo2, done.row.temperature) == (76, None, None)


def test_what_was_not_measured_is_never_a_zero(person, cast):
    row = seen(person, cast.nurse, only(pulse=76)).row
    row.refresh_from_db()
    for name in ("rr", "spo2", "on_oxygen", "sbp", "dbp", "temperature_tenths", "rass", "news2"):
        assert getattr(row, name) is None, name
    assert row.mind == ""


def test_no_breath_at_all_is_a_value_and_not_a_gap(person, cast):
    row = seen(person, cast.nurse, only(rr=0)).row
    row.refresh_from_db()
    assert row.rr == 0
    assert "INP-12" in causes(person)


def test_asleep_has_breathing_and_no_news2_total_and_no_rass(person, cast):
    row = seen(person, cast.nurse, asleep(14)).row
    assert (row.rr, row.breathing, row.news2, row.rass, row.mind) == (14, "easy", None, None, "")
    assert causes(person) == {}


@pytest.mark.parametrize("field", [{"rass": 0}, {"mind": Mind.ALERT}])
def test_rass_and_mind_are_not_taken_of_somebody_asleep(field, person, cast):
    with pytest.raises(BadInput, match="Asleep has no RASS"):
        seen(person, cast.nurse, asleep(14, **field))


def test_the_database_itself_holds_no_rass_asleep(person, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(
            centre=cast.centre, person=person, episode=episode_of(person), state="asleep", rass=0,
            facts_version="1", happened_at=clock.now(), recorded_at=clock.now(), recorded_by=cast.nurse,
        )  # fmt: skip


def test_not_in_bed_is_noted_and_the_observation_stays_due(person, cast):
    row = seen(person, cast.nurse, Bedside(State.ABSENT)).row
    assert row.state == "absent"
    assert queries.latest([person])[person.pk].observation is None
    assert queries.due([person])[person.pk].last is None


# --- What cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rr": 180}, "rr"),
        ({"spo2": 101}, "spo2"),
        ({"sbp": 1280}, "sbp"),
        ({"pulse": 760}, "pulse"),
        ({"temperature": Decimal("372")}, "temperature"),
        ({"temperature": Decimal("37.25")}, "temperature"),
        ({"rass": 5}, "rass"),
        ({"rass": -6}, "rass"),
        ({"sbp": 90, "dbp": 120}, "dbp"),
        ({"sbp": None, "dbp": 80}, "sbp"),
    ],
)
def test_a_slip_of_the_finger_is_told_and_nothing_is_saved(given, field, person, cast):
    with pytest.raises(BadInput) as refused:
        seen(person, cast.nurse, awake(**given))
    assert refused.value.field == field
    assert Observation.objects.count() == 0


def test_an_extreme_that_can_be_is_taken(person, cast):
    """Limits are against slips, not against the sick."""
    done = seen(person, cast.nurse, awake(rr=6, spo2=70, sbp=240, dbp=130, pulse=180, temperature=Decimal("40.9")))
    assert done.row.news2 is not None


def test_nothing_measured_is_told(person, cast):
    with pytest.raises(BadInput, match="Nothing was measured"):
        seen(person, cast.nurse, Bedside(State.AWAKE))


def test_hard_to_rouse_and_alert_do_not_go_together(person, cast):
    with pytest.raises(BadInput, match="Hard to rouse"):
        seen(person, cast.nurse, Bedside(State.HARD_TO_ROUSE, mind=Mind.ALERT))


# --- Times ------------------------------------------------------------------------------------------------------------


def test_a_late_entry_keeps_both_its_times_and_names_the_hour_in_its_alarm(person, cast, frozen_clock):
    then = clock.now()
    frozen_clock.tick(hours=3)
    row = seen(person, cast.nurse, awake(rass=-3), happened_at=then).row
    assert (row.happened_at, row.recorded_at) == (then, clock.now())
    assert causes(person)["INP-12"].message.startswith("At 13:14 on 17 Nov: ")


def test_nothing_is_seen_in_the_future(person, cast):
    with pytest.raises(BadInput, match="still to come"):
        seen(person, cast.nurse, happened_at=clock.now() + dt.timedelta(minutes=1))


def test_nothing_is_seen_before_the_stay(person, cast):
    with pytest.raises(BadInput, match="before this stay"):
        seen(person, cast.nurse, happened_at=clock.now() - dt.timedelta(days=365))


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["nurse", "physician"])
def test_who_may_observe(role, person, cast):
    assert seen(person, getattr(cast, role)).row.pk


@pytest.mark.parametrize(
    "role",
    ["pharmacist", "counsellor", "psychologist", "case_manager", "admissions", "peer_worker", "manager", "auditor",
     "administrator"],
)  # fmt: skip
def test_who_may_not_observe(role, person, cast):
    with pytest.raises(NotAllowed):
        seen(person, getattr(cast, role))
    assert Observation.objects.count() == 0


def test_nobody_observes_in_another_centre(person, cast):
    with pytest.raises(NotAllowed, match="another centre"):
        seen(person, cast.stranger)


def test_nobody_is_observed_after_the_stay_has_ended(person, cast):
    episode = episode_of(person)
    leave_bed(episode, cast.nurse, clock.now())
    episodes.change_stage(episode=episode, stage=Stage.DISCHARGED, by=cast.physician)
    with pytest.raises(BadInput, match="not in our care"):
        seen(person, cast.nurse)


def test_every_entry_leaves_one_audit_line_without_values(person, cast):
    row = seen(person, cast.nurse).row
    line = AuditLine.objects.get(action="observation.recorded")
    assert (line.about_id, line.person_id, line.code, line.digest) == (row.pk, person.pk, "", "")


# --- A repeated submit ------------------------------------------------------------------------------------------------


def test_a_double_submit_keeps_one_row_and_raises_one_alarm(person, cast):
    first = seen(person, cast.nurse, awake(rass=-3), once="k")
    again = seen(person, cast.nurse, awake(rass=-3), once="k")
    assert again.row.pk == first.row.pk
    assert again.findings == first.findings
    assert Observation.objects.count() == 1
    assert open_alarms([person])[0].triggers == 1


# --- What follows: over-sedation --------------------------------------------------------------------------------------

FIRES = [{"rass": -3}, {"rass": -5}, {"rr": 9}, {"spo2": 91}]
JUST_SHORT = [{"rass": -2}, {"rr": 10}, {"spo2": 92}]


@pytest.mark.parametrize("value", FIRES, ids=str)
def test_over_sedation_holds_sedatives_and_calls(value, person, cast):
    done = seen(person, cast.nurse, awake(**value))
    alarm = causes(person)["INP-12"]
    assert (alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("now", True, True)
    assert queries.sedation_holds([person])[person.pk] == done.events[0]
    assert done.events[0].observation == done.row


@pytest.mark.parametrize("value", JUST_SHORT, ids=str)
def test_just_short_of_over_sedation_holds_nothing(value, person, cast):
    seen(person, cast.nurse, awake(**value))
    assert "INP-12" not in causes(person)
    assert queries.sedation_holds([person]) == {}


@pytest.mark.parametrize("value", FIRES, ids=str)
def test_a_partial_set_that_shows_over_sedation_calls_all_the_same(value, person, cast):
    seen(person, cast.nurse, only(**value))
    assert "INP-12" in causes(person)


def test_eight_breaths_are_an_emergency_and_nine_are_not_yet(person, cast):
    seen(person, cast.nurse, awake(rr=9))
    assert "Emergency" not in causes(person)["INP-12"].do
    seen(person, cast.nurse, awake(rr=8))
    assert "Emergency" in causes(person)["INP-12"].do
    assert "Naloxone" in causes(person)["INP-12"].do


@pytest.mark.parametrize("look", [awake, asleep])
@pytest.mark.parametrize(("rate", "emergency"), [(8, True), (9, False)])
def test_eight_breaths_awake_or_asleep_call_by_the_ladder_of_an_emergency(look, rate, emergency, person, cast):
    seen(person, cast.nurse, look(rr=rate))
    assert (causes(person)["INP-12"].emergency_at is not None) is emergency


@pytest.mark.parametrize(
    ("signs", "emergency"),
    [({"temperature": Decimal("39.1")}, True), ({"temperature": Decimal("39.0")}, False),
     ({"temperature": Decimal("38.1"), "mind": Mind.CONFUSION}, True)],
)  # fmt: skip
def test_the_fever_the_rule_transfers_calls_by_the_ladder_of_an_emergency(signs, emergency, person, cast):
    seen(person, cast.nurse, awake(**signs))
    assert (causes(person)["INP-11"].emergency_at is not None) is emergency


def test_nine_breaths_asleep_hold_sedatives(person, cast):
    seen(person, cast.nurse, asleep(9))
    assert "INP-12" in causes(person)
    assert person.pk in queries.sedation_holds([person])


def test_ten_breaths_asleep_hold_nothing_and_ask_to_wake(person, cast):
    from glidepath.care.monitoring.consequences import asks_to_wake

    seen(person, cast.nurse, asleep(10))
    assert causes(person) == {}
    assert asks_to_wake(asleep(10))
    assert asks_to_wake(asleep(21))
    assert not asks_to_wake(asleep(12))
    assert not asks_to_wake(asleep(20))
    assert not asks_to_wake(awake(rr=10))


def test_twenty_five_breaths_asleep_call_and_twenty_four_only_wake(person, cast):
    seen(person, cast.nurse, asleep(24))
    assert causes(person) == {}
    seen(person, cast.nurse, asleep(25))
    assert "INP-7" in causes(person)


def test_hard_to_rouse_calls_by_itself(person, cast):
    seen(person, cast.nurse, Bedside(State.HARD_TO_ROUSE))
    assert "ard to rouse" in causes(person)["INP-12"].message
    assert person.pk in queries.sedation_holds([person])


def test_a_second_over_sedation_joins_the_open_event_and_the_open_alarm(person, cast):
    first = seen(person, cast.nurse, awake(rass=-3))
    second = seen(person, cast.second_nurse, awake(rr=8))
    assert first.events[0] == second.events[0]
    assert Event.objects.count() == 1
    assert open_alarms([person])[0].triggers == 2


def test_rass_minus_two_asks_soon_and_holds_nothing(person, cast):
    seen(person, cast.nurse, awake(rass=-2))
    assert causes(person)["INP-13"].rank == "soon"
    seen(person, cast.nurse, awake(rass=-1))
    assert open_alarms([person])[0].triggers == 1


# --- What follows: the oxygen target ----------------------------------------------------------------------------------


def target(person, cast, scale_two, by=None):
    by = by or cast.physician
    return services.set_oxygen_target(person=person, scale_two=scale_two, by=by, proof=proof(by), once="")


def test_scale_2_is_used_only_where_a_prescriber_set_the_target(person, cast):
    assert seen(person, cast.nurse, awake(spo2=90)).row.spo2_scale == 1
    target(person, cast, True)
    row = seen(person, cast.nurse, awake(spo2=90)).row
    assert (row.spo2_scale, row.news2) == (2, 0)
    target(person, cast, False)
    assert seen(person, cast.nurse, awake(spo2=97)).row.spo2_scale == 1


@pytest.mark.parametrize(("spo2", "held"), [(88, False), (87, True)])
def test_with_the_target_sedatives_are_held_below_88(spo2, held, person, cast):
    target(person, cast, True)
    seen(person, cast.nurse, awake(spo2=spo2))
    assert ("INP-12" in causes(person)) is held


def test_a_nurse_sets_no_oxygen_target(person, cast):
    with pytest.raises(NotAllowed):
        target(person, cast, True, by=cast.nurse)
    assert queries.oxygen_scale(person) == 1


def test_an_oxygen_target_needs_a_fresh_proof(person, cast, frozen_clock):
    old = proof(cast.physician)
    frozen_clock.tick(minutes=6)
    with pytest.raises(BadInput, match="five minutes"):
        services.set_oxygen_target(person=person, scale_two=True, by=cast.physician, proof=old, once="")


def test_a_person_without_a_target_is_not_scored_by_anothers(person, cast):
    other = admitted_person(cast)
    target(person, cast, True)
    assert queries.oxygen_scales([person, other]) == {person.pk: 2, other.pk: 1}


# --- What follows: early warning, confusion, fever, pulse -------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "total", "cause"),
    [
        ({"rr": 21, "pulse": 111}, 4, None),  # 2 + 2
        ({"rr": 21, "pulse": 111, "spo2": 95}, 5, "INP-7"),  # 2 + 2 + 1
        ({"rr": 21, "pulse": 111, "spo2": 93}, 6, "INP-7"),  # 2 + 2 + 2
        ({"rr": 21, "pulse": 111, "spo2": 93, "sbp": 110}, 7, "INP-8"),  # 2 + 2 + 2 + 1
    ],
)
def test_the_early_warning_calls_at_5_and_at_7(values, total, cause, person, cast):
    assert seen(person, cast.nurse, awake(**values)).row.news2 == total
    assert set(causes(person)) & {"INP-7", "INP-8"} == ({cause} if cause else set())


@pytest.mark.parametrize(("rr", "calls"), [(24, False), (25, True)])
def test_one_value_that_scores_3_calls_even_in_a_partial_set(rr, calls, person, cast):
    row = seen(person, cast.nurse, only(rr=rr)).row
    assert ("INP-7" in causes(person)) is calls
    assert row.single_three is calls


def test_new_confusion_is_an_emergency_with_an_event(person, cast):
    done = seen(person, cast.nurse, only(mind=Mind.CONFUSION))
    assert causes(person)["DEL-1"].rank == "now"
    assert [event.kind for event in done.events] == ["delirium"]


def test_drowsy_to_the_voice_is_no_new_confusion(person, cast):
    seen(person, cast.nurse, awake(mind=Mind.VOICE, rass=-1))
    assert "DEL-1" not in causes(person)
    assert "INP-7" in causes(person), "not alert scores 3 alone"


@pytest.mark.parametrize(("temperature", "calls"), [("38.0", False), ("38.1", True)])
def test_fever_calls_at_38_1(temperature, calls, person, cast):
    seen(person, cast.nurse, awake(temperature=Decimal(temperature)))
    assert ("INP-11" in causes(person)) is calls


@pytest.mark.parametrize(("pulse", "advised"), [(100, False), (101, True)])
def test_a_pulse_over_100_advises_a_score_and_raises_no_alarm(pulse, advised, person, cast):
    done = seen(person, cast.nurse, awake(pulse=pulse))
    assert ("INP-9" in codes(done)) is advised
    assert causes(person) == {}


@pytest.mark.parametrize(("pregnant", "calls"), [(True, True), (False, False), (None, False)])
def test_the_closer_limits_of_pregnancy_are_read_from_what_was_told(pregnant, calls, person, cast, monkeypatch):
    monkeypatch.setattr(ports, "_facts_of", lambda *_: PersonFacts(pregnant=pregnant))
    seen(person, cast.nurse, awake(sbp=150, dbp=90))
    assert ("INP-10" in causes(person)) is calls


# --- Corrections ------------------------------------------------------------------------------------------------------


def corrected(row, by, bedside, **given):
    return services.correct_observation(
        observation=row, bedside=bedside, reason=given.pop("reason", "typed wrong"), by=by, once=given.pop("once", "")
    )


def test_a_correction_is_a_further_row_and_the_old_one_stays(person, cast):
    old = seen(person, cast.nurse, awake(pulse=167)).row
    new = corrected(old, cast.second_nurse, awake(pulse=76)).row
    assert (new.supersedes_id, new.happened_at, new.correction_reason) == (old.pk, old.happened_at, "typed wrong")
    assert queries.latest([person])[person.pk].observation == new
    assert {row.pk for row in queries.entries(person)} == {old.pk, new.pk}


def test_a_correction_says_why(person, cast):
    with pytest.raises(BadInput, match="says why"):
        corrected(seen(person, cast.nurse).row, cast.nurse, awake(), reason=" ")


def test_of_two_who_correct_the_second_is_told_who_was_first(person, cast):
    old = seen(person, cast.nurse).row
    corrected(old, cast.second_nurse, awake(pulse=78))
    with pytest.raises(ChangedMeanwhile, match="Kofi Mensah"):
        corrected(old, cast.nurse, awake(pulse=79))


def test_a_correction_that_shows_over_sedation_calls(person, cast):
    corrected(seen(person, cast.nurse).row, cast.nurse, awake(rr=9))
    assert "INP-12" in causes(person)


def test_a_correction_lifts_nothing(person, cast):
    old = seen(person, cast.nurse, awake(rr=8)).row
    corrected(old, cast.nurse, awake(rr=18))
    assert person.pk in queries.sedation_holds([person])
    assert "INP-12" in causes(person)


def test_an_entry_can_be_taken_back_whole(person, cast):
    old = seen(person, cast.nurse).row
    corrected(old, cast.nurse, Bedside(State.AWAKE), reason="another person's")
    assert queries.latest([person])[person.pk].observation is None
    assert len(queries.entries(person)) == 2


def test_a_double_submit_corrects_once(person, cast):
    old = seen(person, cast.nurse).row
    first = corrected(old, cast.nurse, awake(pulse=78), once="k")
    assert corrected(old, cast.nurse, awake(pulse=78), once="k").row == first.row


def test_a_kept_observation_is_never_changed(person, cast):
    row = seen(person, cast.nurse).row
    row.pulse = 70
    with pytest.raises(Exception, match="never changed or deleted"), transaction.atomic():
        row.save()


def test_somebody_before_admission_can_be_observed(cast):
    person = enquiring_person(cast)
    assert seen(person, cast.nurse).row.news2 == 0


class Asked(PersonFacts):
    """Facts that remember which of them was looked at."""

    names: set[str] = set()

    def __getattribute__(self, name):
        if name in VOCABULARY:
            Asked.names.add(name)
        return super().__getattribute__(name)


@pytest.mark.parametrize("opioid", [None, True], ids=["unknown", "opioid"])
@pytest.mark.parametrize("pregnant", [None, True, False])
@pytest.mark.parametrize("state", list(State))
def test_a_set_is_held_against_no_fact_that_is_not_read_for_it(state, pregnant, opioid, cast):
    """The service reads only BESIDE_SIGNS; a rule that began to look at another fact would find it unknown."""
    values = {"rr": 9, "spo2": 90, "sbp": 168, "dbp": 112, "pulse": 125, "temperature": Decimal("38.6")}
    alert = {} if state == State.ASLEEP else {"rass": -2, "mind": Mind.CONFUSION, "on_oxygen": False}
    Asked.names.clear()
    facts = Asked(pregnant=pregnant, opioid_active=opioid)
    consequences.of_bedside(
        Bedside(state=state, **values, **alert), scale=1, settings=clinical_settings_of(cast.centre), facts=facts
    )
    assert Asked.names <= set(consequences.BESIDE_SIGNS)
    assert Asked.names or state == State.ABSENT


# --- Also seen: signs beside the vital ones ---------------------------------------------------------------------------


def test_slurred_or_unsteady_after_a_dose_calls_and_stands_with_the_set(person, cast):
    """INP-13: slurred speech/ataxia after dose holds the next dose and asks for the conversion."""
    done = seen(person, cast.nurse, awake(also_seen=(AlsoSeen.UNSTEADY,)))
    assert "conversion" in causes(person)["INP-13"].do
    assert done.row.also_seen_words == "slurred or unsteady after a dose"
    assert done.row.news2 is not None


def test_new_tremor_or_sweating_asks_for_a_score(person, cast):
    """INP-9."""
    assert codes(seen(person, cast.nurse, awake(also_seen=(AlsoSeen.NEW_TREMOR,)))) == {"INP-9"}
    assert codes(seen(person, cast.nurse, awake(also_seen=(AlsoSeen.NEW_SWEATING,)))) == {"INP-9"}
    assert codes(seen(person, cast.nurse, awake())) == set()


def test_fever_with_rigidity_calls_as_an_emergency(person, cast):
    """INP-11: any fever with rigidity."""
    seen(person, cast.nurse, awake(temperature=Decimal("38.1"), also_seen=(AlsoSeen.RIGID,)))
    assert causes(person)["INP-11"].emergency_at is not None


def test_a_sign_alone_is_a_partial_set_that_calls_all_the_same(person, cast):
    row = seen(person, cast.nurse, only(also_seen=(AlsoSeen.UNSTEADY,))).row
    assert "INP-13" in causes(person)
    assert queries.newest_observation(person) == row
    assert queries.latest([person])[person.pk].whole is None


def test_signs_of_somebody_awake_are_not_seen_asleep(person, cast):
    with pytest.raises(BadInput, match="Asleep, and yet also seen: rigid"):
        seen(person, cast.nurse, asleep(14, also_seen=(AlsoSeen.RIGID,)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(
            centre=cast.centre, person=person, episode=episode_of(person), state="asleep", rigid=True,
            happened_at=clock.now(), recorded_at=clock.now(), recorded_by=cast.nurse, facts_version="1",
        )  # fmt: skip


def test_a_sign_is_corrected_like_any_other_value_and_what_it_opened_stays(person, cast):
    first = seen(person, cast.nurse, awake(also_seen=(AlsoSeen.UNSTEADY,))).row
    second = services.correct_observation(
        observation=first, bedside=awake(), reason="tapped for another person", by=cast.nurse, once="c"
    ).row
    first.refresh_from_db()
    assert (first.also_seen, second.also_seen, second.supersedes) == ((AlsoSeen.UNSTEADY,), (), first)
    assert "INP-13" in causes(person)


def test_a_correction_that_keeps_only_a_sign_is_not_taken_back(person, cast):
    first = seen(person, cast.nurse).row
    second = services.correct_observation(
        observation=first, bedside=only(also_seen=(AlsoSeen.RIGID,)), reason="only this", by=cast.nurse, once="c"
    ).row
    assert not second.is_taken_back
