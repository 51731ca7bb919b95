"""The pages of the taper room: what is planned, what is signed, what is turned, and who may."""

import datetime as dt
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.taper import queries, services
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import PIN, client_for, proof
from tests.scenarios import ward

DAY = dt.date(2026, 11, 17)


def page(person, name="plan"):
    return reverse(f"taper:{name}", args=[person.public_id])


def asked(**more):
    begin = {
        "regimen": "diazepam 10 mg 08:00 22:00", "start": "2026-11-17", "shape": "proportional", "cut": "10",
        "interval_days": "14", "goal": "", "table": "va_dod_2021", "switch_to": "", "setting": "residential",
    }  # fmt: skip
    return begin | more


def shown_digest(answer):
    return re.search(r'name="shown" value="([0-9a-f]{64})"', answer.text)[1]


def signature(client, person, **more):
    """What the browser sends from the page that shows the plan."""
    draft = asked(**{name: more.pop(name) for name in list(more) if name in asked()})
    answer = client.get(page(person), draft)
    begin = {"once": uuid4().hex, "shown": shown_digest(answer), "agreed": "said so with her counsellor",
             "acknowledged": "the tail is steep; liquid from 2 mg", "pin": PIN}  # fmt: skip
    return draft | begin | more


@pytest.fixture
def signed(cast, person):
    return ward.sign(cast, person, ward.draft(start=DAY))


def work_on(cast, frozen_clock, when):
    """Another day's shift: the clock goes on, and those who work come on shift again."""
    frozen_clock.set(when)
    for one in (cast.physician, cast.second_physician, cast.nurse):
        staff.start_shift(unit=cast.unit, by=one)


@pytest.fixture
def running(signed, cast, frozen_clock):
    """A day later: step 1 is in force."""
    work_on(cast, frozen_clock, "2026-11-18T10:00")
    return queries.active(signed.plan.person)


# --- Before a plan ---------------------------------------------------------------------------------------------------
def test_the_page_plans_from_what_the_person_told_and_is_in_the_audit(cast, person):
    answer = client_for(cast.physician).get(page(person))
    assert answer.status_code == 200
    assert "diazepam 10 mg" in answer.text
    for words in ("Steps and exact tablets", "Gentle", "Steady", "Usual", "Findings", "Sign version 1", "va-dod-2021"):
        assert words in answer.text
    assert AuditLine.objects.filter(action="taper.read", person_id=person.pk, kind="read").count() == 1


def test_looking_at_a_plan_writes_no_plan(cast, person):
    client_for(cast.physician).get(page(person), asked())
    assert queries.active(person) is None


def test_the_chosen_pace_fills_cut_and_interval(cast, person):
    answer = client_for(cast.physician).get(page(person), asked(pace="gentle", pace_was="usual"))
    assert 'name="cut" value="5"' in answer.text
    assert 'name="interval_days" value="21"' in answer.text


def test_a_typed_cut_counts_while_the_pace_stays_the_one_that_was_shown(cast, person):
    answer = client_for(cast.physician).get(page(person), asked(cut="7", pace="usual", pace_was="usual"))
    assert 'name="cut" value="7"' in answer.text


def test_an_unknown_medicine_is_said_beside_its_box_and_what_was_typed_stays(cast, person):
    answer = client_for(cast.physician).get(page(person), asked(regimen="diazepan 10 mg 08:00"))
    assert answer.status_code == 422
    assert 'value="diazepan 10 mg 08:00"' in answer.text
    assert "diazepam" in answer.text


def test_a_plan_typed_step_by_step_is_shown_as_typed(cast, person):
    typed = "2026-12-01 diazepam 9 mg at 08:00, 22:00\n2026-12-15 diazepam 8 mg at 08:00, 22:00"
    answer = client_for(cast.physician).get(page(person), asked(shape="typed", typed=typed, goal="diazepam 16 mg"))
    assert answer.status_code == 200
    assert "<b>18</b>" in answer.text
    assert "<b>16</b>" in answer.text


def test_a_line_that_is_no_step_says_how_to_write_one(cast, person):
    answer = client_for(cast.physician).get(page(person), asked(shape="typed", typed="next week 9 mg"))
    assert answer.status_code == 422
    assert "next week 9 mg" in answer.text
    assert "2026-12-01 diazepam 9 mg at 08:00, 22:00" in answer.text


def test_a_plan_that_cannot_be_made_says_which_limit_and_cannot_be_signed(cast, person):
    answer = client_for(cast.physician).get(
        page(person), asked(regimen="lorazepam 1 mg 08:00 22:00", shape="proportional")
    )
    assert answer.status_code == 200
    assert "JCG-6c" in answer.text
    assert "does not reach its goal" in answer.text
    assert 'aria-describedby="why-not"' in answer.text


def test_what_would_free_a_blocked_plan_stands_beside_it_and_a_kept_dose_is_one_tap(cast, person):
    blocked = asked(regimen="lorazepam 1 mg 08:00 22:00", shape="proportional")
    answer = client_for(cast.physician).get(page(person), blocked)
    assert "What would free it" in answer.text
    assert "A prescriber overrides the ceiling for the step from lorazepam" in answer.text
    (kept,) = re.findall(r'name="goal" value="(lorazepam [\d.]+ mg)">Show it', answer.text)
    shown = client_for(cast.physician).get(page(person), {**blocked, "goal": kept})
    assert "does not reach its goal" not in shown.text
    assert "What would free it" not in shown.text


# --- Signing ---------------------------------------------------------------------------------------------------------
def test_a_physician_signs_what_was_shown(cast, person):
    client = client_for(cast.physician)
    answer = client.post(page(person, "sign"), signature(client, person))
    assert answer.status_code == 303, answer.text[:3000]
    assert queries.newest(person).recorded_by == cast.physician
    after = client.get(page(person))
    assert "version 1" in after.text
    assert "The plan is signed" in after.text


def test_the_same_signature_sent_twice_makes_one_plan(cast, person):
    client = client_for(cast.physician)
    sent = signature(client, person)
    assert client.post(page(person, "sign"), sent).status_code == 303
    assert client.post(page(person, "sign"), sent).status_code == 303
    assert len(queries.versions(queries.active(person))) == 1


def test_without_the_persons_agreement_no_plan_is_signed(cast, person):
    client = client_for(cast.physician)
    answer = client.post(page(person, "sign"), signature(client, person, agreed=""))
    assert answer.status_code == 422
    assert "JCG-4" in answer.text
    assert "write how the person agreed" in answer.text
    assert queries.active(person) is None


def test_a_failing_signature_keeps_everything_that_was_typed(cast, person):
    client = client_for(cast.physician)
    sent = signature(client, person, pin="1111", cut="5", acknowledged="liquid is ready")
    answer = client.post(page(person, "sign"), sent)
    assert answer.status_code == 422
    assert "PIN is not right" in answer.text
    for kept in ('name="cut" value="5"', "said so with her counsellor", "liquid is ready", sent["once"]):
        assert kept in answer.text


def test_warnings_ask_for_a_reason_beside_their_box(cast, person):
    client = client_for(cast.physician)
    answer = client.post(page(person, "sign"), signature(client, person, acknowledged=""))
    assert answer.status_code == 422
    assert "write why you go on" in answer.text


def test_a_plan_that_changed_since_it_was_shown_is_shown_again_before_it_is_signed(cast, person):
    client = client_for(cast.physician)
    answer = client.post(page(person, "sign"), signature(client, person, shown="0" * 64))
    assert answer.status_code == 422
    assert "changed since this page showed it" in answer.text
    assert queries.active(person) is None


def test_a_nurse_reads_the_taper_and_does_not_sign_or_turn_it(cast, person):
    nurse = client_for(cast.nurse)
    assert "No taper yet" in nurse.get(page(person)).text
    assert nurse.post(page(person, "sign"), asked()).status_code == 403
    ward.sign(cast, person, ward.draft(start=DAY))
    read = nurse.get(page(person))
    assert read.status_code == 200
    assert "a prescriber does this" in read.text
    assert "Record the review" not in read.text
    for name in ("hold", "slow", "step_back", "resume", "release"):
        assert nurse.get(page(person, name)).status_code == 403


def test_another_centre_does_not_know_of_it(cast, person):
    assert client_for(cast.stranger).get(page(person)).status_code == 404


# --- The plan that runs ----------------------------------------------------------------------------------------------
def test_the_running_plan_shows_its_steps_and_what_its_next_step_waits_for(cast, person, running):
    answer = client_for(cast.physician).get(page(person))
    assert answer.status_code == 200
    assert "needs a symptom review since 17 Nov 2026" in answer.text
    assert "no earlier dose to go back to" in answer.text
    assert "is-now" in answer.text


def change(client, person, kind, **more):
    """The form as the browser sends it once the page has shown what the change does."""
    begin = {"once": uuid4().hex, "seen": "1", "reason_code": "symptoms", "words": "", "agreed": "", "pin": PIN}
    drawn = re.search(
        r'name="shown" value="([0-9a-f]{64})"', client.post(page(person, kind), begin | more | {"look": "1"}).text
    )
    return client.post(page(person, kind), begin | {"shown": drawn[1] if drawn else ""} | more)


def test_a_hold_is_a_reason_and_a_signature(cast, person, running):
    client = client_for(cast.physician)
    before = client.get(page(person, "hold"))
    assert before.status_code == 200
    assert "What this changes" in before.text
    assert change(client, person, "hold").status_code == 303
    newest = queries.newest(person)
    assert (newest.kind, newest.reason_code, newest.on_hold) == ("hold", "symptoms", True)
    after = client.get(page(person))
    assert "on hold: resume first" in after.text
    assert "Resume" in after.text


def test_without_a_reason_nothing_is_held_and_the_words_stay(cast, person, running):
    answer = change(client_for(cast.physician), person, "hold", reason_code="", words="panic at night")
    assert answer.status_code == 422
    assert "one tap" in answer.text
    assert "panic at night" in answer.text
    assert queries.newest(person).number == 1


def test_a_stale_page_is_told_who_was_first(cast, person, running):
    services.change(
        plan=running, kind="hold", reason=services.Reason("request"), by=cast.second_physician,
        proof=proof(cast.second_physician), seen=1, once=uuid4().hex,
    )  # fmt: skip
    answer = change(client_for(cast.physician), person, "slow", cut="5", interval_days="14", words="wants it slower")
    assert answer.status_code == 422
    assert "Dr Tomasz Wilk signed version 2 meanwhile" in answer.text
    assert "wants it slower" in answer.text


def test_the_slower_pace_is_proposed_and_its_difference_is_on_the_page(cast, person, running):
    client = client_for(cast.physician)
    before = client.get(page(person, "slow"))
    assert 'name="pace_by" value="5-14" checked' in before.text
    assert "Goal reached" in before.text
    answer = change(
        client, person, "slow", cut="5", interval_days="21", agreed="asked for it", words="the liquid helps"
    )
    assert answer.status_code == 303, re.findall(r"finding__what.*?</p>|errors.*?</div>", answer.text)
    newest = queries.newest(person)
    assert (newest.cut_basis_points, newest.interval_days) == (500, 21)


def test_looking_at_another_pace_signs_nothing(cast, person, running):
    answer = change(client_for(cast.physician), person, "slow", cut="4", interval_days="28", look="1", reason_code="")
    assert answer.status_code == 200
    assert "4.0" in answer.text
    assert queries.newest(person).number == 1


def test_a_taper_that_is_not_on_hold_does_not_resume(cast, person, running):
    answer = client_for(cast.physician).get(page(person, "resume"))
    assert answer.status_code == 422
    assert "not on hold" in answer.text


def test_a_held_taper_resumes_more_slowly(cast, person, running, frozen_clock):
    client = client_for(cast.physician)
    change(client, person, "hold")
    work_on(cast, frozen_clock, "2026-11-20T10:00")
    client = client_for(cast.physician)
    answer = change(client, person, "resume", seen="2", cut="5", interval_days="14", agreed="ready", words="slept well")
    assert answer.status_code == 303
    assert queries.newest(person).kind == "resume"


# --- Review and release ----------------------------------------------------------------------------------------------
def reviewed(client, person, **more):
    begin = {"once": uuid4().hex, "interference": "none", "sleep": "no", "decision": "go_on", "words": ""}
    return client.post(page(person, "review"), begin | more)


def test_a_review_leads_to_the_release_and_the_release_to_the_plan(cast, person, signed, frozen_clock):
    work_on(cast, frozen_clock, "2026-11-29T10:00")
    client = client_for(cast.physician)
    answer = reviewed(client, person)
    assert (answer.status_code, answer.url) == (303, page(person, "release"))
    shown = client.get(answer.url)
    assert "What stands against it" in shown.text
    answer = client.post(answer.url, {"once": uuid4().hex, "seen": "1", "step": "2", "pin": PIN})
    assert answer.status_code == 303
    assert "released already, begins 1 Dec 2026" in client.get(page(person)).text


def test_a_release_without_a_review_says_what_stands_against_it(cast, person, signed, frozen_clock):
    work_on(cast, frozen_clock, "2026-11-29T10:00")
    client = client_for(cast.physician)
    answer = client.post(page(person, "release"), {"once": uuid4().hex, "seen": "1", "step": "2", "pin": PIN})
    assert answer.status_code == 422
    assert "JCG-9" in answer.text


def test_a_review_without_a_decision_keeps_the_words(cast, person, running):
    answer = reviewed(client_for(cast.physician), person, decision="", words="she sleeps six hours")
    assert answer.status_code == 422
    assert "Choose what follows" in answer.text
    assert "she sleeps six hours" in answer.text
    assert queries.reviews(running) == []


def test_the_versions_say_who_why_and_what_changed(cast, person, running):
    client = client_for(cast.physician)
    change(client, person, "hold", words="a death in the family")
    answer = client_for(cast.nurse).get(page(person, "versions"))
    assert answer.status_code == 200
    for words in ("Version 2", "Version 1", "a death in the family", "Dr Ines Ferreira", "Symptoms after a cut"):
        assert words in answer.text
    assert queries.newest(person).digest[:16] in answer.text


def test_a_step_back_goes_to_the_dose_before_and_says_from_when(cast, person, signed, frozen_clock):
    work_on(cast, frozen_clock, "2026-11-29T10:00")
    client = client_for(cast.physician)
    reviewed(client, person)
    client.post(page(person, "release"), {"once": uuid4().hex, "seen": "1", "step": "2", "pin": PIN})
    work_on(cast, frozen_clock, "2026-12-03T10:00")
    client = client_for(cast.physician)
    before = client.get(page(person, "step_back"))
    assert "diazepam 20 mg (step 1)" in before.text
    assert "It counts from Thu 3" in before.text
    assert change(client, person, "step_back", reason_code="symptoms").status_code == 303
    newest = queries.newest(person)
    assert (newest.kind, newest.steps.get(number=3).released) == ("step_back", True)


def test_a_slower_pace_without_agreement_is_stopped_beside_its_box(cast, person, running):
    answer = change(client_for(cast.physician), person, "slow", cut="5", interval_days="21")
    assert answer.status_code == 422
    assert "write how the person agreed" in answer.text
    assert queries.newest(person).number == 1


def test_a_hard_stop_that_may_be_answered_is_signed_with_its_reason_under_its_code(cast, person):
    """9 of 20 mg is 45 %: over the ceiling of 25 % in 14 days, which a prescriber may answer by name."""
    client = client_for(cast.physician)
    steep = {"shape": "typed", "goal": "diazepam 11 mg", "typed": "2026-12-01 diazepam 5.5 mg at 08:00, 22:00"}
    draft = asked(**steep)
    answer = client.get(page(person), draft)
    assert 'name="override-JCG-6c"' in answer.text
    sent = draft | {"once": uuid4().hex, "shown": shown_digest(answer), "agreed": "asked for it", "pin": PIN,
                    "acknowledged": "inpatient, watched day and night"}  # fmt: skip
    refused = client.post(page(person, "sign"), sent)
    assert refused.status_code == 422
    assert "JCG-6c" in refused.text
    assert client.post(page(person, "sign"), sent | {"override-JCG-6c": "agreed with the hospital"}).status_code == 303
    kept = {one["code"]: one["answered_by"] for one in queries.newest(person).findings}
    assert kept["JCG-6c"] == "agreed with the hospital"


def test_the_share_over_the_ceilings_days_counts_every_cut_within_them(cast, person):
    """20 to 19 to 18 mg within a week: 5.3 % of 19, and 10 % below the 20 of 14 days before."""
    typed = "2026-12-01 diazepam 9.5 mg at 08:00, 22:00\n2026-12-08 diazepam 9 mg at 08:00, 22:00"
    answer = client_for(cast.physician).get(page(person), asked(shape="typed", goal="diazepam 18 mg", typed=typed))
    row = answer.text[answer.text.index("8\N{NO-BREAK SPACE}Dec") :][:900]
    assert "5.3\N{NO-BREAK SPACE}%" in row
    assert "10.0\N{NO-BREAK SPACE}%" in row


def test_what_is_exchanged_is_shown_as_exchanged_and_no_unnamed_table_as_named(cast, person):
    client = client_for(cast.physician)
    switch = asked(regimen="lorazepam 1 mg 08:00 22:00", switch_to="diazepam", table="")
    answer = client.get(page(person), switch)
    assert "exchanged" in answer.text
    assert '<span class="tag">used</span>' in answer.text
    assert '<span class="tag">named</span>' not in answer.text
    named = client.get(page(person), switch | {"table": "va_dod_2021"})
    assert '<span class="tag">named</span>' in named.text
