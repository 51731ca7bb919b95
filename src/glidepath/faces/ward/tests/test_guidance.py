"""Guidance for one person: what fires, what changes the pace, what is not recorded; it informs and decides nothing."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.assessment.models import PersonFact
from glidepath.care.assessment.services import record_facts
from glidepath.care.medication import services as medication
from glidepath.care.medication.models import Order, YesNoUnknown
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.services import record_event
from glidepath.care.monitoring.tests import looks
from glidepath.care.taper import queries as tapers, services as taper
from glidepath.clinical.dosing.plan import Shape
from glidepath.clinical.guidelines.vocabulary import VOCABULARY
from glidepath.faces.ward.tests.shifts import everybody_on
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import admitted_person, client_for, proof
from tests.scenarios import ward

pytestmark = pytest.mark.django_db

QUERIES_AT_MOST = 48


def at(person) -> str:
    return reverse("ward:guidance", args=[person.public_id])


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def shown(cast, person):
    return client_for(cast.physician).get(at(person)).context["guidance"]


def firing(guidance) -> dict[str, str]:
    """The unanswered findings by code, with the subject they stand under."""
    return {one.code: about.title for about in guidance.subjects for one in about.findings}


def test_a_pregnant_person_without_an_obstetric_plan_meets_a_hard_stop(cast, person):
    record_facts(person=person, answers={"pregnant": "yes", "obstetric_plan": "no"}, by=cast.nurse)
    answer = client_for(cast.physician).get(at(person))
    assert firing(answer.context["guidance"])["JCG-28"] == "Pregnancy and the baby"
    assert "Hard stop: The person is pregnant and no plan has been agreed with obstetrics." in text(answer)
    assert answer.context["guidance"].subjects[0].title == "Pregnancy and the baby"  # before all advice
    (factor,) = [one for one in answer.context["guidance"].factors if one.title == "Pregnancy"]
    assert (factor.findings, factor.above) == ((), ("JCG-28",))  # said once, and named the second time


def test_a_chart_with_nothing_in_it_shows_about_ten_lines(cast):
    guidance = shown(cast, admitted_person(cast))
    assert 8 <= len(guidance.missing) <= 11
    assert sum(len(line.questions) for line in guidance.missing) > 30  # folded away under them
    assert guidance.rests_on.daily == ""
    assert guidance.rests_on.setting == "residential"  # the bed says it


def test_unknown_is_never_no(cast):
    """Nothing was asked, so no rule may be silent because somebody is "not" pregnant, and nothing else may fire."""
    person = admitted_person(cast)
    asked_for = {code for line in shown(cast, person).missing for one in line.questions for code in one.codes}
    assert {"JCG-28", "JCG-17", "POL-1", "SUI-1", "JCG-26"} <= asked_for
    record_facts(person=person, answers={"pregnant": "unknown"}, by=cast.nurse)
    still = {code for line in shown(cast, person).missing for one in line.questions for code in one.codes}
    assert "JCG-28" in still
    page = text(client_for(cast.physician).get(at(person)))
    assert "Not recorded is not “no”" in page
    assert "nothing measured" in page


def test_the_page_says_that_it_decides_nothing_and_that_most_rules_are_consensus(cast, person):
    page = text(client_for(cast.nurse).get(at(person)))
    assert "This page informs and decides nothing" in page
    assert "Most rules rest on consensus, not on trials" in page


def test_what_is_our_own_reading_is_labelled(cast, person):
    record_facts(person=person, answers={"other_sedatives": "yes"}, by=cast.nurse)
    finding = next(one for about in shown(cast, person).subjects for one in about.findings if one.code == "POL-8")
    assert finding.source.startswith("our reading")
    assert '<code>POL-8</code> <span class="quiet">our reading' in text(client_for(cast.nurse).get(at(person)))


def test_every_open_question_leads_to_where_its_answer_belongs(cast, person):
    client, facts = client_for(cast.nurse), reverse("assessment:facts", args=[person.public_id])
    anchors = set(re.findall(r'id="(ask-\w+|uses)"', text(client.get(facts))))
    addresses = {one.address for line in shown(cast, person).missing for one in line.questions}
    assert len(addresses) > 10
    for address in addresses:
        page, _, anchor = address.partition("#")
        assert client.get(page).status_code == 200
        assert page != facts or anchor in anchors


# --- What it rests on -------------------------------------------------------------------------------------------------


def test_without_a_plan_the_orders_say_what_is_taken_a_day(cast):
    person = ward.person_with_history(cast)
    ward.order(cast, person, "diazepam", "9", "08:00", "22:00")
    rests = shown(cast, person).rests_on
    assert (rests.daily, rests.daily_from) == ("diazepam 18 mg a day", "the orders")


def test_an_order_signed_as_a_part_of_the_days_dose_is_not_the_whole(cast):
    person = ward.person_with_history(cast)
    ward.order(cast, person, "diazepam", "5", "08:00", more_follow=True)
    rests = shown(cast, person).rests_on
    assert (rests.daily, rests.daily_from) == ("diazepam 20 mg a day", "what was told")


def test_an_opioid_that_is_ordered_here_is_taken_whatever_was_told_at_admission(cast, person):
    assert "JCG-18" not in firing(shown(cast, person))
    draft = medication.OrderDraft(
        medicine="methadone", ng=40_000_000, kind=Order.Kind.REGULAR, start_at=clock.now(), times=(dt.time(9),),
        is_sedative=YesNoUnknown.YES, is_opioid=YesNoUnknown.YES,
    )  # fmt: skip
    medication.sign_order(
        person=person, draft=draft, by=cast.physician, proof=proof(cast.physician), once=ward.once(),
        acknowledged="goes on as before",
    )  # fmt: skip
    guidance = shown(cast, person)
    assert firing(guidance)["JCG-18"] == firing(guidance)["POL-8"] == "Opioids, alcohol and other substances"
    assert guidance.rests_on.others == ("methadone",)


def test_a_dose_that_nobody_knows_is_not_known(cast):
    guidance = shown(cast, admitted_person(cast))
    (use,) = [line for line in guidance.missing if line.title == "Use and history"]
    assert any("How much of each benzodiazepine" in one.words for one in use.questions)


@pytest.fixture
def tapered(cast, person, frozen_clock):
    """Danilo, whose taper began this morning."""
    ward.sign(cast, person, ward.draft(start=dt.date(2026, 11, 17)))
    frozen_clock.set("2026-11-17T10:00")
    return person


def test_a_running_taper_is_what_is_taken_and_what_was_answered_is_folded_away(cast, tapered):
    guidance = shown(cast, tapered)
    rests = guidance.rests_on
    assert (rests.daily, rests.daily_from) == ("diazepam 20 mg a day", "the taper, step 1")
    assert (rests.version.number, rests.step, rests.table) == (1, 1, "va-dod-2021")
    assert guidance.answered
    assert {one.answered_by for one in guidance.answered} <= {
        "the tail is steeper in percent; liquid from 2 mg", "the last step is always 100 % (TPR-10)"
    }  # fmt: skip
    assert not {one.code for one in guidance.answered} & set(firing(guidance))
    waiting = {one.words for line in guidance.missing for one in line.questions}
    assert VOCABULARY["taper_active"].question not in waiting  # the record knows it
    assert VOCABULARY["taper_finished"].question not in waiting
    assert VOCABULARY["shared_decision"].question not in waiting  # it was signed with the plan


def released(cast, person, number: int, **more: object) -> None:
    plan = tapers.active(person)
    taper.record_review(
        plan=plan, decision="go_on", interference="none", sleep_disturbed=False, by=cast.physician, once=ward.once()
    )
    taper.release_step(
        plan=plan, step_number=number, by=cast.physician, proof=proof(cast.physician), seen=plan.latest,
        once=ward.once(), overrides={"TPR-10": "asks for it"}, **more,
    )  # fmt: skip


def test_a_step_that_has_begun_is_the_present_dose_and_no_proposal(cast, tapered, frozen_clock):
    frozen_clock.set("2026-11-30T10:00")
    released(cast, tapered, 2)
    frozen_clock.set("2026-12-01T10:00")  # the day of the first cut: 20 mg, then 18 mg
    everybody_on(cast)
    guidance = shown(cast, tapered)
    assert (guidance.rests_on.daily, guidance.rests_on.step) == ("diazepam 18 mg a day", 2)
    said = [one for about in guidance.subjects for one in about.findings] + list(guidance.answered)
    assert {one.step for one in said if one.step is not None} <= set(range(3, 60))
    assert any("18 mg of diazepam equivalent" in one.message for one in said if one.code == "JCG-T2")


def test_the_last_dose_before_zero_of_a_taper_is_not_called_a_stop_without_one(cast, frozen_clock):
    person, reasons = ward.person_with_history(cast, "diazepam 5 mg 22:00"), dict.fromkeys(("JCG-6c", "TPR-10"), "asks")
    draft = ward.draft(
        "diazepam 5 mg 22:00",
        start=dt.date(2026, 11, 17),
        typed=((dt.date(2026, 12, 1), "diazepam 4.5 mg 22:00"), (dt.date(2026, 12, 22), "")),
    )
    taper.sign_plan(
        person=person, draft=replace(draft, chosen=replace(draft.chosen, shape=Shape.TYPED)), by=cast.physician,
        proof=proof(cast.physician), acknowledged="wants it so", overrides=reasons, once=ward.once(),
    )  # fmt: skip
    frozen_clock.set("2026-11-30T10:00")
    released(cast, person, 2)
    frozen_clock.set("2026-12-02T10:00")
    everybody_on(cast)
    guidance = shown(cast, person)
    assert guidance.rests_on.daily == "diazepam 4.5 mg a day"  # and then none, which was signed with a reason
    assert not {"JCG-2", "JCG-3", "TPR-5"} & set(firing(guidance))
    assert "JCG-6c" in {one.code for one in guidance.answered}


def test_a_taper_that_has_reached_its_goal_is_known_to_have(cast, frozen_clock):
    person = ward.person_with_history(cast, "diazepam 1 mg 22:00")
    ward.sign(cast, person, ward.draft("diazepam 1 mg 22:00", start=dt.date(2026, 11, 17)))
    frozen_clock.set("2026-11-30T10:00")
    released(cast, person, 2, contact_on=dt.date(2026, 12, 3))
    frozen_clock.set("2026-12-02T10:00")
    everybody_on(cast)
    guidance = shown(cast, person)
    assert guidance.rests_on.daily == "none"
    waiting = {one.words for line in guidance.missing for one in line.questions}
    assert VOCABULARY["taper_finished"].question not in waiting
    assert VOCABULARY["taper_active"].question not in waiting
    assert "JCG-2" not in firing(guidance)


def test_what_was_told_of_a_review_before_the_last_cut_does_not_count(cast, tapered):
    record_facts(person=tapered, answers={"symptoms_reviewed_since_last_step": "yes"}, by=cast.nurse)
    waiting = {one.words for line in shown(cast, tapered).missing for one in line.questions}
    assert VOCABULARY["symptoms_reviewed_since_last_step"].question in waiting


def test_a_call_that_nobody_closed_stands_although_a_later_answer_says_no(cast, person):
    record_facts(person=person, answers={"suicidality_voiced": "yes"}, by=cast.nurse)
    record_facts(person=person, answers={"suicidality_voiced": "no"}, by=cast.nurse)
    assert PersonFact.objects.filter(name="suicidality_voiced").last().value == "no"
    assert firing(shown(cast, person))["SUI-1"] == "How the person is now"


def test_the_values_of_the_last_day_count_with_their_time_and_older_ones_do_not(cast, person, frozen_clock):
    frozen_clock.set("2026-11-17T08:00")
    looks.seen(person, cast.nurse, looks.awake(pulse=118))
    (measured,) = shown(cast, person).rests_on.measured
    assert "pulse 118" in measured.words
    assert "INP-9" in firing(shown(cast, person))
    frozen_clock.set("2026-11-18T08:00")
    everybody_on(cast)
    guidance = shown(cast, person)
    assert guidance.rests_on.measured == ()
    assert "INP-9" not in firing(guidance)
    assert guidance.rests_on.late_minutes > 0  # and it is said that a set is overdue


def test_a_seizure_here_is_an_earlier_seizure_whatever_was_told(cast, person):
    assert "Earlier seizure" not in {one.title for one in shown(cast, person).factors}
    record_event(person=person, kind=Event.Kind.SEIZURE, words="two minutes", by=cast.nurse, once=ward.once())
    assert "Earlier seizure" in {one.title for one in shown(cast, person).factors}


# --- Who reads it, and what it costs ----------------------------------------------------------------------------------


def test_every_read_leaves_one_line(cast, person):
    client = client_for(cast.nurse)
    for reads in (1, 2):
        assert "no-store" in client.get(at(person))["Cache-Control"]
        assert AuditLine.objects.filter(action="guidance.read", kind="read", person_id=person.pk).count() == reads
    assert AuditLine.objects.filter(kind="read").count() == 2


@pytest.mark.parametrize("role", ["physician", "nurse", "pharmacist", "counsellor", "psychologist"])
def test_whose_role_reads_charts_reads_it(cast, person, role):
    assert client_for(getattr(cast, role)).get(at(person)).status_code == 200


@pytest.mark.parametrize("role", ["admissions", "peer_worker", "manager", "auditor", "administrator", "case_manager"])
def test_whose_role_reads_no_charts_is_refused_and_it_is_noted(cast, person, role):
    assert client_for(getattr(cast, role)).get(at(person)).status_code == 403
    assert not AuditLine.objects.filter(action="guidance.read").exists()
    assert AuditLine.objects.filter(kind="deny", actor_id=getattr(cast, role).pk).count() == 1


def test_without_a_tie_one_meets_the_glass_and_elsewhere_nobody_has_this_address(cast, person):
    answer = client_for(cast.off_shift_nurse).get(at(person))
    assert answer.url.startswith(reverse("episodes:break_glass", args=[person.public_id]))
    assert client_for(cast.stranger).get(at(person)).status_code == 404


def test_nothing_can_be_sent_to_it(cast, person):
    assert client_for(cast.physician).post(at(person)).status_code == 405


def test_it_asks_the_database_a_small_fixed_number_of_times(cast, tapered, frozen_clock):
    def asked() -> int:
        client.get(at(tapered))  # what is read only once, and the session's own minute
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at(tapered)).status_code == 200
        return len(queries)

    client = client_for(cast.physician)
    looks.seen(tapered, cast.nurse)
    first = asked()
    assert first <= QUERIES_AT_MOST
    for minute in range(1, 10):
        frozen_clock.set(f"2026-11-17T10:0{minute}")
        record_facts(person=tapered, answers={"sleep_disturbed": "yes"}, by=cast.nurse)
        looks.seen(tapered, cast.nurse)
    assert asked() == first
