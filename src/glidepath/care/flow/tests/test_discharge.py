"""Nobody is discharged to nobody: each gap keeps the discharge open, and a prescriber closes it once."""

from __future__ import annotations

import datetime as dt

import pytest

from glidepath.care.assessment import services as assessing
from glidepath.care.flow import queries, services
from glidepath.care.flow.leaving import present_daily
from glidepath.care.flow.models import Discharge
from glidepath.care.flow.tests import doors
from glidepath.care.flow.tests.doors import TODAY, discharge, leaving
from glidepath.care.medication.tests import story
from glidepath.care.planning import queries as planning
from glidepath.care.planning.tests import plans
from glidepath.care.safety.tests import risk
from glidepath.care.taper import queries as tapers, services as taper
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes.models import Stage, StageChange
from glidepath.record.episodes.queries import bed_of
from glidepath.record.errors import BadInput, ChangedMeanwhile, HardStop, NotAllowed
from glidepath.record.staff.signing import Proof
from tests.cast import enquiring_person, episode_of, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db
VISIT = TODAY + dt.timedelta(days=3)


@pytest.fixture
def taking(cast, person):
    """Danilo on 20 mg of diazepam a day: his taper is not finished."""
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    return person


def stops(cast, person, wanted, **more) -> set[str]:
    """The codes that keep it open; nothing is written."""
    with pytest.raises(HardStop) as stop:
        discharge(cast, person, wanted, **more)
    assert not Discharge.objects.exists()
    assert episode_of(person).stage == Stage.ADMITTED
    assert bed_of(person) is not None
    return {finding.code for finding in stop.value.findings if finding.stops}


def said(person, wanted) -> str:
    return " ".join(finding.message for finding in services.findings_for(person=person, leaving=wanted))


# --- What must be there -----------------------------------------------------------------------------------------------


def test_with_everything_arranged_it_closes_and_the_bed_is_free(cast, taking):
    row = discharge(cast, taking)
    assert (row.prescriber, row.first_visit, row.supply_until) == ("Dr Aoife Byrne", VISIT, TODAY + dt.timedelta(7))
    assert episode_of(taking).stage == Stage.AFTERCARE
    assert bed_of(taking) is None
    assert queries.discharge_of(episode_of(taking)) == row
    assert AuditLine.objects.filter(action="person.discharged", kind="sign", person_id=taking.pk).count() == 1


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        ({"prescriber": "  "}, "Name who prescribes from now on"),
        ({"prescriber_contact": ""}, "how the prescriber is reached"),
        ({"first_visit": None}, "Book the first visit"),
        ({"supply_until": None}, "until when the supply lasts"),
        ({"first_visit": dt.date(9999, 12, 31)}, "more than a year away"),
        ({"supply_until": dt.date(1, 1, 1)}, "more than a year away"),
        ({"naloxone": ""}, "naloxone was given, declined or is not due"),
    ],
)
def test_what_is_not_arranged_is_named_beside_its_box(cast, taking, gap, words):
    with pytest.raises(BadInput, match=words) as refused:
        discharge(cast, taking, leaving(**gap))
    assert refused.value.field in gap
    assert not Discharge.objects.exists()


@pytest.mark.parametrize("days", [2, 3])
def test_supply_that_ends_before_or_on_the_day_of_the_visit_keeps_it_open(cast, taking, days):
    wanted = leaving(supply_until=TODAY + dt.timedelta(days=days))
    assert stops(cast, taking, wanted) == {"DIS-2"}
    assert "no supply that lasts beyond the visit on 20 Nov 2026" in said(taking, wanted)


def test_supply_for_one_day_beyond_the_visit_is_enough(cast, taking):
    assert discharge(cast, taking, leaving(supply_until=TODAY + dt.timedelta(days=4)))


def test_a_visit_before_the_discharge_keeps_it_open(cast, taking):
    wanted = leaving(first_visit=TODAY - dt.timedelta(days=1))
    assert stops(cast, taking, wanted) == {"DIS-2"}
    assert "a first visit on 16 Nov 2026, before the discharge" in said(taking, wanted)


def test_no_prescriber_and_no_visit_are_named_while_it_is_prepared(taking):
    found = said(taking, services.Leaving())
    assert "no prescriber named" in found
    assert "no first visit booked" in found


def test_a_medicine_whose_name_is_not_its_key_counts_as_taken(cast, person):
    story.signed(cast, person, story.draft("alprazolam XR", "1", "08:00"))
    assert {name: dose.mg for name, dose in present_daily(person).items()} == {"alprazolam XR": 1}
    assert stops(cast, person, leaving(supply_until=VISIT)) == {"DIS-2"}


def test_whose_taper_is_finished_needs_no_supply_beyond_the_visit(cast, person):
    assert present_daily(person) == {}
    assert discharge(cast, person, leaving(supply_until=VISIT))


def test_who_takes_it_only_as_needed_leaves_with_a_supply_beyond_the_visit_too(cast, person):
    story.signed(cast, person, story.prn("diazepam", "1"))
    assert present_daily(person) == {}
    assert stops(cast, person, leaving(supply_until=VISIT)) == {"DIS-2"}
    assert discharge(cast, person)


def test_what_is_taken_now_is_what_is_due_in_the_next_day(taking):
    assert {name: dose.mg for name, dose in present_daily(taking).items()} == {"diazepam": 20}


# --- Naloxone and what is said ----------------------------------------------------------------------------------------


def test_somebody_who_takes_an_opioid_does_not_leave_without_naloxone(cast, taking):
    assessing.record_facts(person=taking, answers={"opioid_active": "yes"}, by=cast.nurse)
    assert stops(cast, taking, leaving()) == {"DIS-3"}
    assert "naloxone" in said(taking, leaving())


@pytest.mark.parametrize("naloxone", ["given", "declined"])
def test_naloxone_given_or_offered_and_declined_lets_it_close(cast, taking, naloxone):
    assessing.record_facts(person=taking, answers={"opioid_active": "yes"}, by=cast.nurse)
    assert discharge(cast, taking, leaving(naloxone=naloxone)).naloxone == naloxone


@pytest.mark.parametrize("regimen", ["etizolam 1 mg 08:00", "diazepam 10 mg 08:00"])
def test_pills_from_outside_a_pharmacy_make_naloxone_due(cast, taking, regimen):
    use = assessing.ReportedUse(
        regimen.split()[0], assessing.Source.NONPRESCRIBED, assessing.Beginning.NO_PRESCRIPTION, regimen
    )
    assessing.record_use(person=taking, episode=episode_of(taking), use=use, by=cast.nurse)
    assert stops(cast, taking, leaving()) == {"DIS-3"}


def test_opioids_not_known_are_not_no_and_naloxone_must_be_settled(cast, taking):
    assessing.record_facts(person=taking, answers={"opioid_active": "unknown", "oud_med": "unknown"}, by=cast.nurse)
    assert stops(cast, taking, leaving()) == {"DIS-3"}
    assert discharge(cast, taking, leaving(naloxone="given"))


def test_what_was_not_said_keeps_it_open_and_is_named(cast, taking):
    wanted = leaving(told=("written_plan", "driving", "crisis"))
    assert stops(cast, taking, wanted) == {"DIS-3"}
    assert "that tolerance is lost" in said(taking, wanted)


# --- Leaving early ----------------------------------------------------------------------------------------------------


def test_who_leaves_early_gets_a_safety_plan_and_naloxone_and_no_reason_replaces_them(cast, taking):
    assessing.record_facts(person=taking, answers={"opioid_active": "yes"}, by=cast.nurse)
    wanted = leaving(kind="early", reason="my mother is ill")
    assert "DIS-5" in stops(cast, taking, wanted, overrides={"DIS-5": "he insists", "DIS-3": "he insists"})
    assert "no safety plan and no naloxone" in said(taking, wanted)


def test_who_leaves_early_with_a_bridge_and_a_safety_plan_is_not_held_back(cast, taking):
    risk.plan(taking, cast.psychologist)
    row = discharge(cast, taking, leaving(kind="early", safety_plan=True, reason="my mother is ill"))
    assert (row.kind, row.reason) == ("early", "my mother is ill")


def test_a_box_alone_is_no_safety_plan_it_must_be_written_here(cast, taking):
    wanted = leaving(kind="early", safety_plan=True, reason="my mother is ill")
    assert "DIS-5" in stops(cast, taking, wanted)
    assert "no safety plan" in said(taking, wanted)
    with pytest.raises(BadInput, match="No safety plan of Danilo is written here") as refused:
        discharge(cast, taking, leaving(safety_plan=True))
    assert refused.value.field == "safety_plan"
    assert not Discharge.objects.exists()
    risk.plan(taking, cast.psychologist)
    assert discharge(cast, taking, leaving(safety_plan=True)).kind == "completed"


# --- The treatment plan -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("to_aftercare", "goes_on"), [(True, True), (False, False)])
def test_the_treatment_plan_ends_with_our_care_and_goes_on_in_our_aftercare(cast, taking, to_aftercare, goes_on):
    plans.sign(taking, cast.nurse)
    discharge(cast, taking, leaving(to_aftercare=to_aftercare))
    assert (planning.newest_of(taking) is not None) is goes_on
    assert (planning.due_of(taking) is not None) is goes_on
    assert AuditLine.objects.filter(action="care_plan.ended").count() == (not goes_on)


# --- A prescriber's reason --------------------------------------------------------------------------------------------


def test_a_reason_answers_what_may_be_answered_and_is_kept_with_the_finding(cast, taking):
    row = discharge(cast, taking, leaving(told=()), overrides={"DIS-3": "all said by phone tomorrow, agreed"})
    kept = next(one for one in row.findings if one["code"] == "DIS-3")
    assert kept["answered_by"] == "all said by phone tomorrow, agreed"


def test_no_reason_discharges_somebody_to_nobody(cast, taking):
    assert stops(cast, taking, leaving(supply_until=VISIT), overrides={"DIS-2": "she will manage"}) == {"DIS-2"}


def test_a_blank_reason_answers_nothing(cast, taking):
    assert stops(cast, taking, leaving(told=()), overrides={"DIS-3": "   "}) == {"DIS-3"}


# --- Who, when, how often ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to_aftercare", [True, False])
def test_a_discharge_sent_twice_happens_once(cast, taking, to_aftercare):
    key, wanted = doors.once(), leaving(to_aftercare=to_aftercare)
    assert discharge(cast, taking, wanted, once=key) == discharge(cast, taking, wanted, once=key)
    left = StageChange.objects.filter(episode=episode_of(taking), stage__in=(Stage.AFTERCARE, Stage.DISCHARGED))
    assert left.count() == 1


def test_a_second_discharge_by_a_colleague_finds_the_first(cast, taking):
    discharge(cast, taking)
    with pytest.raises(ChangedMeanwhile, match="is in aftercare now"):
        discharge(cast, taking, by=cast.second_physician)
    assert Discharge.objects.count() == 1


def test_a_stale_form_closes_nothing(cast, taking):
    with pytest.raises(ChangedMeanwhile):
        discharge(cast, taking, seen=Stage.ENQUIRY)


def test_who_is_not_admitted_is_not_discharged(cast):
    with pytest.raises(BadInput, match="nothing to discharge from"):
        discharge(cast, enquiring_person(cast), seen=Stage.ENQUIRY)


@pytest.mark.parametrize(
    "role",
    ["nurse", "pharmacist", "counsellor", "psychologist", "case_manager", "admissions", "manager", "administrator"],
)
def test_only_who_may_prescribe_closes_a_discharge(cast, taking, role):
    with pytest.raises(NotAllowed, match="right to prescribe"):
        discharge(cast, taking, by=getattr(cast, role))
    assert episode_of(taking).stage == Stage.ADMITTED


def test_an_old_proof_signs_nothing(cast, taking, frozen_clock):
    old = proof(cast.physician)
    frozen_clock.tick(minutes=6)
    with pytest.raises(BadInput, match="PIN"):
        discharge(cast, taking, proof=old)


def test_nobody_signs_with_a_colleagues_proof(cast, taking):
    with pytest.raises(NotAllowed, match="another person's"):
        discharge(cast, taking, proof=Proof(cast.nurse.pk, proof(cast.nurse).at))


@pytest.mark.parametrize(("contact", "answered"), [(3, True), (4, False), (None, False)])
def test_after_a_fresh_cut_a_call_within_three_days_is_asked_for(cast, person, frozen_clock, contact, answered):
    cut(cast, person, frozen_clock)
    day = contact and dt.date(2026, 12, 5) + dt.timedelta(days=contact)
    found = services.findings_for(person=person, leaving=leaving(contact_on=day))
    (dis_4,) = [finding for finding in found if finding.code == "DIS-4"]
    assert "4 days ago" in dis_4.message
    assert bool(dis_4.answered_by) is answered


def cut(cast, person, frozen_clock) -> None:
    """Signed on 17 November; the first cut, reviewed and released, began on 1 December; today is the 5th."""
    ward.sign(cast, person, ward.draft(start=TODAY))
    frozen_clock.set("2026-11-29T10:00")
    plan = tapers.active(person)
    taper.record_review(
        plan=plan, decision="go_on", interference="none", sleep_disturbed=False, by=cast.physician, once=doors.once()
    )
    taper.release_step(
        plan=plan, step_number=2, by=cast.physician, proof=proof(cast.physician), seen=plan.latest, once=doors.once()
    )
    frozen_clock.set("2026-12-05T10:00")
