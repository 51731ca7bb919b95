"""Batches of daily cuts: none without that day's review inside the stop conditions, and none after the batch ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from glidepath.care.alarms import services as alarms
from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import services as assessing
from glidepath.care.monitoring import services as watching
from glidepath.care.monitoring.models import Event
from glidepath.care.taper import batch_queries, queries, services
from glidepath.care.taper.models import Batch, DayReview, Release, SymptomReview, Version
from glidepath.clinical.dosing.schedule import due
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.centres import services as centres
from glidepath.record.episodes import services as episodes
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed, ServiceError
from glidepath.record.staff import services as staff
from tests.cast import episode_of, make_centre, proof
from tests.scenarios import rapid, ward

DAY = dt.date(2026, 11, 17)
FIRST_CUT = dt.date(2026, 11, 19)  # eTG stabilises two days


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T07:00")
    cast = make_centre()
    ward.stock_shelf(cast)
    rapid.open_rapid_unit(cast)
    return cast


@pytest.fixture
def person(cast):
    """Danilo, signed on eTG: 40 mg, then 36, 32, 28, 24 and 20, a cut a day from the 19th on."""
    person = rapid.inpatient(cast)
    rapid.sign(cast, person, rapid.draft(DAY))
    return person


@pytest.fixture
def at(cast, frozen_clock):
    """`at(19, "07:00")`: that day of November, and the shift of that day."""

    def set_to(day, time="07:00"):
        frozen_clock.set(f"2026-11-{day:02d}T{time}")
        for one in (cast.physician, cast.second_physician, cast.nurse, cast.second_nurse):
            staff.start_shift(unit=cast.other_unit, by=one)

    return set_to


@pytest.fixture
def batch(cast, person, at):
    """Signed by both on the morning of the first cut, for all five cuts."""
    at(19, "06:00")
    return rapid.sign_batch(cast, queries.active(person))


def now_of(person):
    return batch_queries.batch_now(person, queries.running([person])[person.pk])


def mg_a_day(person, first, days):
    """What is due on each of so many days, in mg."""
    since = dt.datetime.combine(first, dt.time.min, dt.UTC)
    plans, standing = queries.plans_in_force([person])[person.pk], queries.standing(person)
    until = since + dt.timedelta(days=days)
    totals = [0] * days
    for one in due(plans, (), standing, since=since, until=until, zone=person.centre.zone):
        totals[(one.due_at.date() - first).days] += one.dose.mg
    return totals


def present(person):
    return int(sum(dose.mg for dose in queries.running([person])[person.pk].daily.values()))


# --- A batch alone ----------------------------------------------------------------------------------------------------
def test_with_a_batch_signed_and_no_days_review_the_doses_never_change(cast, person, batch, at):
    """Sixty days on, whenever one asks: 40 mg a day."""
    for day in (19, 20, 23, 24, 30):
        at(day, "23:00")
        assert mg_a_day(person, DAY + dt.timedelta(days=1), 60) == [40] * 60
    assert Release.objects.count() == 0
    assert now_of(person).goes_on


def test_two_sign_a_batch_with_conditions_that_are_kept_as_signed(cast, person, batch):
    assert (batch.signed_by, batch.second_by) == (cast.physician, cast.second_physician)
    assert (batch.first_step, batch.last_step, batch.conditions) == (2, 6, dict(rapid.USUAL.as_data()))
    line = AuditLine.objects.get(action="taper.batch_signed")
    assert (line.kind, line.code, line.digest) == ("sign", "2-6", batch.digest)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (None, "second clinician signs beside you"),
        ("physician", "another person's"),
        ("nurse", "an addiction physician"),
        ("counsellor", "may not sign this"),
        ("stranger", "another centre"),
    ],
)
def test_without_the_right_second_signature_there_is_no_batch(cast, person, at, second, words):
    at(19)
    plan = queries.active(person)
    with pytest.raises(ServiceError, match=words) as said:
        services.sign_batch(
            plan=plan, last_step=6, conditions=rapid.USUAL, by=cast.physician, proof=proof(cast.physician),
            second=proof(getattr(cast, second)) if second else None, seen=1, once=ward.once(),
        )  # fmt: skip
    assert said.value.field == "second_user"
    assert not Batch.objects.exists()


def test_conditions_looser_than_the_rules_are_refused_by_name(cast, person, at):
    at(19)
    with pytest.raises(BadInput, match="41 cannot be: choose from 0 to 40") as said:
        rapid.sign_batch(cast, queries.active(person), conditions=replace(rapid.USUAL, ciwa_b_at_most=41))
    assert said.value.field == "ciwa_b_at_most"


@pytest.mark.parametrize("last", [1, 7])
def test_a_batch_ends_with_a_step_of_the_plan_that_has_not_begun(cast, person, at, last):
    at(19)
    with pytest.raises(BadInput, match="from 2 on") as said:
        rapid.sign_batch(cast, queries.active(person), last_step=last)
    assert said.value.field == "last_step"


def test_only_one_batch_goes_on(cast, person, batch):
    with pytest.raises(BadInput, match="goes on already"):
        rapid.sign_batch(cast, queries.active(person))


def test_a_stale_page_signs_no_batch_and_a_repeated_submit_signs_one(cast, person, at):
    at(19)
    plan = queries.active(person)
    with pytest.raises(ChangedMeanwhile):
        services.sign_batch(
            plan=plan, last_step=6, conditions=rapid.USUAL, by=cast.physician, proof=proof(cast.physician),
            second=proof(cast.second_physician), seen=0, once=ward.once(),
        )  # fmt: skip
    once = ward.once()
    for _ in range(2):
        services.sign_batch(
            plan=plan, last_step=6, conditions=rapid.USUAL, by=cast.physician, proof=proof(cast.physician),
            second=proof(cast.second_physician), seen=1, once=once,
        )  # fmt: skip
    assert Batch.objects.count() == 1


def test_a_plan_without_a_protocol_takes_no_batch(cast, at, frozen_clock):
    other = ward.person_with_history(cast, preferred_name="Ilse")
    ward.sign(cast, other, ward.draft(start=DAY))
    at(19)
    with pytest.raises(BadInput, match="does not go by a rapid protocol"):
        rapid.sign_batch(cast, queries.active(other))


def test_a_batch_waits_for_the_plans_first_dose(cast, person):
    with pytest.raises(BadInput, match="begins with its first dose"):
        rapid.sign_batch(cast, queries.active(person))


# --- The day's review -------------------------------------------------------------------------------------------------
def test_inside_the_conditions_a_nurses_review_lets_exactly_the_next_step_begin(cast, person, batch):
    rapid.look(cast, person)
    row = rapid.review(cast, person)
    assert (row.inside, row.step_number, row.day, row.recorded_by) == (True, 2, FIRST_CUT, cast.nurse)
    assert (present(person), mg_a_day(person, FIRST_CUT, 30)) == (36, [36] * 30)
    assert row.seen["ciwa_b"]["value"] == 20
    assert (row.release.step_number, row.release.review.decision) == (2, "go_on")
    assert AuditLine.objects.get(action="taper.day_reviewed").code == "inside"


def test_a_review_every_day_goes_down_four_a_day_and_ends_with_the_last_step(cast, person, batch, at):
    for day, mg in ((19, 36), (20, 32), (21, 28), (22, 24), (23, 20)):
        at(day)
        rapid.look(cast, person)
        rapid.review(cast, person)
        assert present(person) == mg
    assert now_of(person).ended == "its last step has begun"
    at(24)
    with pytest.raises(BadInput, match="its last step has begun"):
        services.record_day_review(
            plan=queries.active(person), step_number=7, interference="none", by=cast.nurse, proof=proof(cast.nurse),
            seen=1, once=ward.once(),
        )  # fmt: skip
    assert mg_a_day(person, DAY + dt.timedelta(days=1), 8) == [40, 36, 32, 28, 24, 20, 20, 20]


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({"rass": 2}, "RASS is +2"),
        ({"rass": -2}, "RASS is −2"),
        ({"ciwa": 3}, "CIWA-B is 60"),
        ({"ciwa": 1, "rr": 24, "pulse": 92}, "NEWS2 is 3"),
    ],
)
def test_outside_the_conditions_nothing_begins_and_the_prescriber_is_called(cast, person, at, seen, words):
    at(19)
    rapid.sign_batch(cast, queries.active(person), conditions=replace(rapid.USUAL, news2_at_most=2))
    rapid.look(cast, person, **seen)
    row = rapid.review(cast, person)
    assert not row.inside
    assert any(words in one["message"] for one in row.findings)
    assert mg_a_day(person, FIRST_CUT, 10) == [40] * 10
    assert (Release.objects.count(), SymptomReview.objects.count()) == (0, 0)
    alarm = open_alarm(person, "day_review")
    assert words in alarm.message
    assert alarm.prescriber_closes


def test_values_that_called_somebody_already_keep_the_cut_until_a_prescriber_closed_the_alarm(cast, person, batch):
    rapid.look(cast, person, rr=24, pulse=120, spo2=95)  # NEWS2 2 + 2 + 1: INP-7 pauses the taper by itself
    with pytest.raises(BadInput, match=r"prescriber was called \(INP-7\)"):
        rapid.review(cast, person)
    assert mg_a_day(person, FIRST_CUT, 10) == [40] * 10
    assert now_of(person).goes_on


def test_just_inside_every_edge_the_cut_begins(cast, person, batch):
    rapid.look(cast, person, ciwa=2, rass=1, rr=21, pulse=111, spo2=96)  # CIWA-B 40, RASS +1, NEWS2 2 + 2
    assert rapid.review(cast, person).inside


def test_symptoms_that_interfere_stop_the_cut_whatever_the_values_say(cast, person, batch):
    rapid.look(cast, person)
    row = rapid.review(cast, person, interference="interferes")
    assert not row.inside
    assert {one["code"] for one in row.findings} == {"JCG-11"}
    assert present(person) == 40


def test_after_the_prescriber_was_called_no_better_values_let_it_begin_until_they_closed_it(cast, person, batch, at):
    rapid.look(cast, person, rass=2)
    rapid.review(cast, person)
    at(19, "07:30")
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="prescriber was called"):
        rapid.review(cast, person)
    alarms.close(
        alarm=open_alarm(person, "day_review"), words="Seen, settled after an hour.", by=cast.physician,
        proof=proof(cast.physician), once=ward.once(),
    )  # fmt: skip
    assert rapid.review(cast, person).inside


def test_what_was_not_measured_is_asked_for_and_nothing_is_written(cast, person, batch):
    with pytest.raises(BadInput, match="Score CIWA-B, then record the review"):
        rapid.review(cast, person)
    assert not DayReview.objects.exists()
    assert open_alarm(person, "day_review") is None


def test_values_from_yesterday_do_not_carry_todays_cut(cast, person, batch, at):
    at(18, "22:30")
    rapid.look(cast, person)
    at(19)
    with pytest.raises(BadInput, match="from the last 4 hours"):
        rapid.review(cast, person)


def test_an_open_event_stops_the_cut(cast, person, batch):
    rapid.look(cast, person)
    watching.record_event(person=person, kind=Event.Kind.FALL, words="beside the bed", by=cast.nurse, once=ward.once())
    row = rapid.review(cast, person)
    assert any("Fall still open" in one["message"] for one in row.findings)


# --- Not too early, never two a day, and late -------------------------------------------------------------------------
def test_a_review_before_its_day_is_refused(cast, person, at):
    at(18)
    rapid.sign_batch(cast, queries.active(person))
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="planned for 19 Nov 2026"):
        rapid.review(cast, person)


def test_there_are_never_two_cuts_on_one_day(cast, person, batch, at):
    rapid.look(cast, person)
    rapid.review(cast, person)
    at(19, "21:00")
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="planned for 20 Nov 2026"):
        rapid.review(cast, person)


def test_after_an_evening_cut_the_next_waits_until_each_dose_was_taken_once(cast, person, batch, at):
    """Cut at 22:00 on the 19th: at 07:00 on the 20th the next would fall by 8 mg within a day."""
    at(19, "12:00")
    rapid.look(cast, person)
    rapid.review(cast, person)
    at(20, "07:00")
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="the 22:00 dose of 19 Nov"):
        rapid.review(cast, person)
    at(20, "08:30")
    rapid.look(cast, person)
    assert rapid.review(cast, person).inside
    assert mg_a_day(person, FIRST_CUT, 3) == [38, 34, 32]


def test_a_day_without_a_review_goes_on_at_yesterdays_dose_and_the_rest_moves(cast, person, batch, at):
    """No review on the 19th and 20th: the first cut comes on the 21st, and the next not before the 22nd."""
    at(21)
    rapid.look(cast, person)
    assert rapid.review(cast, person).inside
    newest = queries.newest(person)
    assert (newest.number, newest.protocol, newest.second_by) == (2, "etg", cast.second_physician)
    starts = [step.start.day for step in newest.steps.all()]
    assert starts == [17, 21, 22, 23, 24, 25]
    with pytest.raises(BadInput, match="planned for 22 Nov 2026"):
        rapid.review(cast, person)
    at(22)
    rapid.look(cast, person)
    rapid.review(cast, person)
    assert mg_a_day(person, DAY + dt.timedelta(days=1), 6) == [40, 40, 40, 36, 32, 32]


def test_a_batch_that_moved_keeps_its_signatures_and_conditions(cast, person, batch, at):
    at(21)
    rapid.look(cast, person)
    rapid.review(cast, person)
    carried = now_of(person).batch
    assert (carried.supersedes, carried.version.number) == (batch, 2)
    kept = ("first_step", "last_step", "conditions", "signed_by", "second_by", "signed_at", "digest")
    assert all(getattr(carried, name) == getattr(batch, name) for name in kept)
    assert carried.recorded_by == cast.nurse


# --- How a batch ends -------------------------------------------------------------------------------------------------
def ended(cast, person, at):
    """No further review lets anything begin; what is due stays as it is."""
    before = mg_a_day(person, dt.date(2026, 11, 21), 20)
    at(20)
    rapid.look(cast, person)
    with pytest.raises(BadInput):
        rapid.review(cast, person)
    assert mg_a_day(person, dt.date(2026, 11, 21), 20) == before
    return now_of(person).ended


@pytest.mark.parametrize("kind", [Version.Kind.HOLD, Version.Kind.STEP_BACK, Version.Kind.SLOW])
def test_any_new_version_ends_it(cast, person, batch, at, kind):
    rapid.look(cast, person)
    rapid.review(cast, person)
    at(19, "10:00")
    plan = queries.active(person)
    services.change(
        plan=plan, kind=kind, reason=services.Reason("symptoms", "hard night", "agreed"), by=cast.physician,
        proof=proof(cast.physician), seen=plan.latest, once=ward.once(),
    )  # fmt: skip
    assert now_of(person).ended == "a new version of the plan was signed"


def test_a_seizure_ends_it_and_lifting_the_freeze_does_not_bring_it_back(cast, person, batch, at):
    found = watching.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=ward.once())
    assert ended(cast, person, at) == "a seizure froze the taper"
    watching.review_event(
        event=found.row, lifted=True, words="EEG normal", by=cast.physician, proof=proof(cast.physician),
        once=ward.once(),
    )  # fmt: skip
    assert not any(end is None for _, end in queries.standing(person)[:1]), "lifted"
    assert now_of(person).ended == "a seizure froze the taper"


def test_while_a_seizure_stands_no_batch_is_signed(cast, person, at):
    at(19)
    watching.record_event(person=person, kind=Event.Kind.SEIZURE, by=cast.nurse, once=ward.once())
    with pytest.raises(BadInput, match="is lifted first"):
        rapid.sign_batch(cast, queries.active(person))


def test_off_the_inpatient_unit_the_batch_waits(cast, person, batch):
    episodes.move_bed(episode=episode_of(person), bed=cast.beds[0], by=cast.nurse, urgent="no bed on the unit")
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="No bed on a unit of inpatient medical care"):
        rapid.review(cast, person)
    assert present(person) == 40


def test_with_the_plan_the_batch_is_over(cast, person, batch):
    plan = queries.active(person)
    services.end(person=person, by=cast.physician)
    with pytest.raises(BadInput, match="has ended"):
        services.record_day_review(
            plan=plan, step_number=2, interference="none", by=cast.nurse, proof=proof(cast.nurse), seen=1,
            once=ward.once(),
        )  # fmt: skip


# --- Who may, and double submits --------------------------------------------------------------------------------------
def test_physicians_and_nurses_record_the_days_review_and_nobody_else(cast, person, batch):
    rapid.look(cast, person)
    for who in (cast.pharmacist, cast.counsellor, cast.case_manager, cast.manager):
        with pytest.raises(NotAllowed, match="physician or nurse"):
            rapid.review(cast, person, by=who)
    with pytest.raises(NotAllowed, match="another centre"):
        rapid.review(cast, person, by=cast.stranger)
    with pytest.raises(NotAllowed, match="another person"):
        rapid.review(cast, person, proof=proof(cast.second_nurse))
    assert rapid.review(cast, person, by=cast.physician).inside


def test_a_repeated_submit_releases_once_and_a_stale_page_names_who_was_first(cast, person, batch, at):
    rapid.look(cast, person)
    once = ward.once()
    first = rapid.review(cast, person, once=once)
    again = rapid.review(cast, person, once=once)
    assert first == again
    assert Release.objects.count() == 1
    at(21)  # late: the review signs a version, and a page from before it is stale
    rapid.look(cast, person)
    rapid.review(cast, person)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist"):
        rapid.review(cast, person, seen=1)


def test_another_step_than_the_next_is_not_reviewed(cast, person, batch):
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="next step is 2, not 3"):
        rapid.review(cast, person, step_number=3)


def test_without_a_word_on_symptoms_nothing_is_recorded(cast, person, batch):
    rapid.look(cast, person)
    with pytest.raises(BadInput) as said:
        rapid.review(cast, person, interference="")
    assert said.value.field == "interference"


def test_without_a_batch_there_is_no_days_review(cast, person, at):
    at(19)
    rapid.look(cast, person)
    with pytest.raises(BadInput, match="No batch is signed"):
        rapid.review(cast, person)


def test_the_waiting_day_is_found_with_the_same_queries_for_one_and_for_many(
    cast, person, batch, django_assert_num_queries
):
    others = [another_on_etg(cast, number) for number in (2, 3)]
    running = queries.running([person, *others])
    with django_assert_num_queries(6):
        assert batch_queries.batches_now([person], running)[person.pk].waits_today
    with django_assert_num_queries(6):
        found = batch_queries.batches_now([person, *others], running)
    assert [one.waits_today for one in found.values()] == [True] * 3


def another_on_etg(cast, number):
    """In a further bed, with a batch, on the morning of the first cut."""
    bed = centres.add_bed(room=cast.other_bed.room, number=number, by=cast.manager)
    other = ward.person_with_history(cast, "diazepam 20 mg 08:00 22:00", bed=bed, preferred_name=f"Ilse {number}")
    with clock.at(dt.datetime(2026, 11, 17, 7, tzinfo=dt.UTC)):
        rapid.sign(cast, other, rapid.draft(DAY))
    rapid.sign_batch(cast, queries.active(other))
    return other


def test_what_the_signers_answered_at_the_batch_is_not_asked_at_each_review(cast, at):
    """Disturbed sleep beside a mood disorder (JCG-26a): the two who sign the batch answer it, by name."""
    person = rapid.inpatient(cast)
    assessing.record_facts(person=person, answers={"dx_mood": "yes", "sleep_disturbed": "yes"}, by=cast.nurse)
    why = {"JCG-26a": "sleeps badly for years; watched every night"}
    rapid.sign(cast, person, rapid.draft(DAY), overrides=why)
    at(19)
    with pytest.raises(HardStop, match="what stands against it"):
        rapid.sign_batch(cast, queries.active(person))
    rapid.sign_batch(cast, queries.active(person), overrides=why)
    rapid.look(cast, person)
    assert rapid.review(cast, person, sleep_disturbed=None).inside
