"""The decision, as an act: never just no, signed by a physician, correctable by a further one alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from glidepath.care.assessment import services as assessing
from glidepath.care.flow import queries, services
from glidepath.care.flow.models import BridgingContact, Decision, Preparation
from glidepath.care.flow.screen import BEFORE_ACCEPTING, screen_of
from glidepath.care.flow.tests.doors import TODAY, once
from glidepath.care.flow.tests.screens import ACCEPTED, BRIDGED, NO_FLAGS, TOMORROW, call, decide, screened
from glidepath.clinical.guidelines.suggested_level import Level
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, enquiring_person, episode_of, proof

pytestmark = pytest.mark.django_db


# --- Accept -----------------------------------------------------------------------------------------------------------


def test_an_acceptance_keeps_the_day_and_what_was_shown(cast):
    person = screened(cast, past_seizure="yes")
    row = decide(cast, person, ACCEPTED)
    assert (row.kind, row.level, row.suggested, row.planned_on) == ("accept", "residential", "residential", TOMORROW)
    assert {one["code"]: one["level"] for one in row.reasons} == {"LOC-2": "residential", "JCG-5": "outpatient"}
    assert {one["key"]: one["answer"] for one in row.seizure_risks}["past_seizure"] is True
    assert episode_of(person).stage == Stage.PRE_ADMISSION
    line = AuditLine.objects.get(action="decision.signed", person_id=person.pk)
    assert (line.kind, line.code) == ("sign", "accept-residential")


@pytest.mark.parametrize(("without", "said"), [
    ("use", "Record each benzodiazepine"), ("flags", "Call back about red flags"), ("facts", "Ask about"),
])  # fmt: skip
def test_nobody_is_accepted_unscreened(cast, without, said):
    told = {"use": {"use": None}, "flags": {"red_flags": {"seizure": "no"}}}.get(without, {})
    person = call(cast, **told)
    if without != "facts":
        answers = dict.fromkeys(BEFORE_ACCEPTING, "unknown")
        assessing.record_facts(person=person, answers=answers, by=cast.nurse, once=once())
    with pytest.raises(BadInput, match=said):
        decide(cast, person, ACCEPTED)
    assert not Decision.objects.exists()


def test_not_known_is_an_answer_and_enough(cast):
    person = screened(cast, **dict.fromkeys(BEFORE_ACCEPTING, "unknown"))
    assert decide(cast, person, ACCEPTED).kind == "accept"


def test_less_watched_than_suggested_needs_a_reason(cast):
    person = screened(cast, past_seizure="yes")
    with pytest.raises(BadInput, match="The rules suggest residential") as refused:
        decide(cast, person, ACCEPTED | {"level": "outpatient"})
    assert refused.value.field == "words"
    row = decide(cast, person, ACCEPTED | {"level": "outpatient", "words": "one febrile seizure at two years of age"})
    assert (row.level, row.suggested) == ("outpatient", "residential")


@pytest.mark.parametrize(("changed", "field"), [
    ({"kind": ""}, "kind"), ({"level": ""}, "level"), ({"level": "emergency"}, "level"),
    ({"planned_on": None}, "planned_on"),
    ({"planned_on": TODAY - dt.timedelta(days=1)}, "planned_on"), ({"said": ("tea",)}, "said"),
    ({"planned_on": TODAY + dt.timedelta(days=367)}, "planned_on"),
])  # fmt: skip
def test_what_an_acceptance_lacks_is_said_beside_its_box(cast, changed, field):
    person = screened(cast)
    with pytest.raises(BadInput) as refused:
        decide(cast, person, ACCEPTED | changed)
    assert refused.value.field == field


# --- Redirect: never just no ------------------------------------------------------------------------------------------


def test_a_redirection_keeps_the_way_there_and_the_enquiry_open(cast):
    person = call(cast)
    row = decide(cast, person, BRIDGED)
    assert {name: getattr(row, name) for name in BRIDGED if name != "said"} == {
        name: value for name, value in BRIDGED.items() if name != "said"
    }
    assert row.said == ["no_skipping"]
    assert episode_of(person).stage == Stage.ENQUIRY


@pytest.mark.parametrize("missing", [
    "bridging", "bridging_by", "next_contact_on", "why", "words", "elsewhere", "elsewhere_contact",
])  # fmt: skip
@pytest.mark.parametrize("empty", ["", "   "])
def test_nobody_is_redirected_without_a_reason_another_place_and_a_bridging_plan(cast, missing, empty):
    person = call(cast)
    with pytest.raises(BadInput) as refused:
        decide(cast, person, BRIDGED | {missing: None if missing == "next_contact_on" else empty})
    assert refused.value.field == missing
    assert not Decision.objects.exists()


@pytest.mark.parametrize("missing", ["bridging", "bridging_by", "why", "words", "elsewhere", "elsewhere_contact"])
def test_the_database_keeps_no_redirection_without_its_bridging(cast, missing):
    row = decide(cast, call(cast), BRIDGED)
    kept = {one.attname: getattr(row, one.attname) for one in Decision._meta.concrete_fields}
    kept |= {"id": None, "public_id": row.public_id.__class__(int=7), missing: ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**kept)


def test_an_emergency_is_redirected_before_anything_else_was_asked(cast):
    person = call(cast, red_flags={"seizure": "yes"}, use=None)
    emergency = BRIDGED | {
        "level": "emergency", "why": "emergency", "elsewhere": "St Mary's emergency department",
        "bridging": "the ambulance crew has the medicine, the dose and when it was last taken",
    }  # fmt: skip
    row = decide(cast, person, emergency)
    assert (row.suggested, row.level) == (Level.EMERGENCY, "emergency")


def test_the_reasons_of_a_redirection_never_name_methadone_or_buprenorphine():
    said = " ".join(label.lower() for label in Decision.Why.labels)
    assert "methadone" not in said
    assert "buprenorphine" not in said


@pytest.mark.parametrize("medicine", ["methadone", "buprenorphine"])
def test_who_takes_methadone_or_buprenorphine_is_accepted_like_anybody(cast, medicine):
    person = screened(cast, oud_med=medicine, opioid_active="yes")
    seen = screen_of(person, queries.enquiries(episode_of(person)))
    assert any(one.code == "JCG-21" and medicine in one.message for one in seen.suggestion.beside)
    assert decide(cast, person, ACCEPTED).kind == "accept"


# --- Who, and once more -----------------------------------------------------------------------------------------------


ALL_ROLES = (
    *("nurse", "pharmacist", "counsellor", "psychologist", "case_manager", "admissions", "peer_worker", "manager"),
    *("auditor", "administrator"),
)


@pytest.mark.parametrize("role", ALL_ROLES)
def test_only_a_physician_decides(cast, role):
    person, by = screened(cast), getattr(cast, role)
    with pytest.raises(NotAllowed):
        decide(cast, person, ACCEPTED, by=by)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("role", [one for one in ALL_ROLES if one not in ("nurse", "admissions")])
def test_who_does_not_screen_prepares_nothing(cast, role):
    person = screened(cast)
    with pytest.raises(NotAllowed):
        services.prepare(person=person, answer=services.Answer(), by=getattr(cast, role))
    assert not Preparation.objects.exists()


def test_a_decision_is_signed_by_whoever_proves_it_and_in_their_own_centre(cast):
    person = screened(cast)
    with pytest.raises(NotAllowed):
        decide(cast, person, ACCEPTED, proof=proof(cast.second_physician))
    with pytest.raises(NotAllowed):
        decide(cast, person, ACCEPTED, by=cast.stranger)


def test_a_nurse_prepares_and_it_decides_nothing(cast):
    person = screened(cast)
    services.prepare(
        person=person, answer=services.Answer(kind="redirect", bridging="asks the pharmacy"), by=cast.nurse
    )
    prepared = queries.preparation_of(episode_of(person))
    assert prepared is not None
    assert prepared.answer["bridging"] == "asks the pharmacy"
    assert queries.decision_of(episode_of(person)) is None
    decide(cast, person, ACCEPTED)
    assert queries.preparation_of(episode_of(person)) is None


def test_a_further_decision_needs_a_reason_and_both_stay(cast):
    person = screened(cast)
    first = decide(cast, person, BRIDGED)
    with pytest.raises(BadInput, match="decided anew") as refused:
        decide(cast, person, ACCEPTED, seen=first.pk)
    assert refused.value.field == "correction_reason"
    second = decide(cast, person, ACCEPTED, seen=first.pk, correction_reason="a bed became free")
    assert queries.decisions(episode_of(person)) == [second, first]
    assert queries.decision_of(episode_of(person)) == second


def test_two_physicians_at_once_the_second_is_told_who_was_first(cast):
    person = screened(cast)
    decide(cast, person, ACCEPTED)
    with pytest.raises(ChangedMeanwhile, match="Ferreira decided meanwhile"):
        decide(cast, person, BRIDGED, by=cast.second_physician, correction_reason="no bed")
    assert Decision.objects.count() == 1


def test_the_same_form_sent_twice_decides_once(cast):
    person, key = screened(cast), once()
    assert decide(cast, person, ACCEPTED, once=key) == decide(cast, person, ACCEPTED, once=key)
    assert Decision.objects.count() == 1


def test_a_decision_is_never_changed(cast):
    row = decide(cast, screened(cast), ACCEPTED)
    row.words = "something else"
    with pytest.raises(Exception, match="never changed"), transaction.atomic():
        row.save()


def test_nobody_who_is_admitted_or_gone_is_decided_about(cast):
    for person in (admitted_person(cast), enquiring_person(cast)):
        if episode_of(person).stage == Stage.ENQUIRY:
            decide(cast, person, BRIDGED)
            services.record_contact(person=person, outcome="seen", by=cast.nurse)
        with pytest.raises(BadInput, match="record a call first"):
            decide(cast, person, BRIDGED)


# --- After a redirection ----------------------------------------------------------------------------------------------


def test_a_redirected_person_is_followed_until_they_are_seen(cast):
    person = call(cast)
    row = decide(cast, person, BRIDGED)
    later = TOMORROW + dt.timedelta(days=2)
    services.record_contact(person=person, outcome="waits", next_contact_on=later, by=cast.nurse)
    assert episode_of(person).stage == Stage.ENQUIRY
    services.record_contact(person=person, outcome="seen", words="by Dr Whitby", by=cast.case_manager)
    assert episode_of(person).stage == Stage.DISCHARGED
    assert [one.outcome for one in queries.contacts(row)] == ["seen", "waits"]


@pytest.mark.parametrize(("given", "field"), [
    ({"outcome": "waits"}, "next_contact_on"), ({"outcome": "not_reached"}, "next_contact_on"),
    ({"outcome": "no_dose", "next_contact_on": TOMORROW}, "words"), ({"outcome": "lost"}, "outcome"),
    ({"outcome": "waits", "next_contact_on": TODAY - dt.timedelta(days=1)}, "next_contact_on"),
])  # fmt: skip
def test_nobody_is_let_go_before_they_are_seen(cast, given, field):
    person = call(cast)
    decide(cast, person, BRIDGED)
    with pytest.raises(BadInput) as refused:
        services.record_contact(person=person, by=cast.nurse, **given)
    assert refused.value.field == field
    assert not BridgingContact.objects.exists()


def test_there_is_no_bridging_to_follow_where_nobody_was_redirected(cast):
    person = screened(cast)
    decide(cast, person, ACCEPTED)
    with pytest.raises(BadInput, match="no bridging"):
        services.record_contact(person=person, outcome="seen", by=cast.nurse)


def test_after_they_were_seen_elsewhere_a_further_call_begins_anew(cast):
    person = call(cast)
    decide(cast, person, BRIDGED)
    services.record_contact(person=person, outcome="seen", by=cast.nurse)
    services.enquire(person=person, caller="herself", told_not_to_stop=True, by=cast.nurse,
                     told=services.Told(red_flags=NO_FLAGS))  # fmt: skip
    assert (episode_of(person).stage, queries.decision_of(episode_of(person))) == (Stage.ENQUIRY, None)


# --- Who waits --------------------------------------------------------------------------------------------------------


def test_who_waits_longest_comes_first_and_over_three_days_is_late(cast, frozen_clock):
    person = call(cast)
    frozen_clock.set("2026-11-20T10:00")
    (one,) = queries.waiting(cast.admissions)
    assert (one.waits_for, one.late, one.dose_passed, one.dose_silent) == ("a screen", None, True, True)
    frozen_clock.set("2026-11-20T10:01")
    (one,) = queries.waiting(cast.admissions)
    assert one.late is not None
    assert one.late.code == "CALL-2"
    services.prepare(person=person, answer=services.Answer(), by=cast.admissions)
    assert queries.waiting(cast.admissions)[0].waits_for == "a physician's decision"


def test_who_has_an_answer_is_not_late_and_shows_what_comes_next(cast, frozen_clock):
    person = screened(cast)
    first = decide(cast, person, ACCEPTED)
    (one,) = queries.waiting(cast.admissions)
    assert (one.waits_for, one.dose_first) == ("accepted", True)  # due at 20:00 today, comes tomorrow
    decide(cast, person, BRIDGED, seen=first.pk, correction_reason="no bed after all")
    frozen_clock.set("2026-11-18T09:00")
    (one,) = queries.waiting(cast.admissions)
    assert (one.waits_for, one.contact_on, one.contact_due) == ("redirected", TOMORROW, True)
    services.record_contact(
        person=person, outcome="waits", next_contact_on=TOMORROW + dt.timedelta(days=1), by=cast.nurse
    )
    assert not queries.waiting(cast.admissions)[0].contact_due


@pytest.mark.parametrize("role", ["pharmacist", "counsellor", "peer_worker", "manager", "auditor"])
def test_who_takes_no_calls_sees_nobody_waiting(cast, role):
    call(cast)
    assert queries.waiting(getattr(cast, role)) == ()


def test_the_list_takes_the_same_queries_for_three_and_for_twelve(cast):
    def counted() -> int:
        with CaptureQueriesContext(connection) as found:
            queries.waiting(cast.nurse)
        return len(found)

    for _ in range(3):
        enquiring_person(cast)
    person = screened(cast)
    decide(cast, person, BRIDGED)
    few = counted()
    for _ in range(9):
        other = enquiring_person(cast)
        decide(cast, other, BRIDGED)
    assert counted() == few
