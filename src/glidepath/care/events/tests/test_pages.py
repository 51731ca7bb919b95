"""The pages of an emergency: who may open them, what a tap does, what comes back, and that each leaves its line."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.events import queries
from glidepath.care.events.models import EventStep, Outcome, Running
from glidepath.care.events.tests.emergencies import closed, course, ended, reviewed, started, talked, tapped
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, client_for


def at(name, *rows):
    return reverse(f"events:{name}", args=[row.public_id for row in rows])


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


def test_choose_offers_six_kinds_and_the_first_tap_leads_to_the_running_page(nurse, person):
    page = nurse.get(at("choose", person)).content.decode()
    for word in ("Seizure", "New confusion", "Over-sedation", "Fall", "Overdose", "Self-harm"):
        assert word in page
    answer = nurse.post(at("start", person), {"kind": "seizure", "once": uuid4().hex})
    assert answer.status_code == 303
    running = Running.objects.get()
    assert answer["Location"] == at("running", person, running)
    assert "Seizure stopped" in nurse.get(answer["Location"]).content.decode()


def test_a_kind_that_cannot_be_read_starts_nothing_and_offers_the_six_again(nurse, person):
    answer = nurse.post(at("start", person), {"kind": "moon", "once": uuid4().hex})
    assert answer.status_code == 422
    assert "Choose what happens" in answer.content.decode()
    assert not Running.objects.exists()


def test_a_tap_is_one_button_and_comes_back_with_its_time(nurse, person, cast, frozen_clock):
    running = started(person, cast.nurse)
    page = nurse.get(at("running", person, running)).content.decode()
    assert "<textarea" not in page
    assert 'type="text"' not in page
    assert nurse.post(at("tap", person, running), {"line": "airway", "once": uuid4().hex}).status_code == 303
    page = nurse.get(at("running", person, running)).content.decode()
    assert "Airway open" in page
    assert "Undo" in page


def test_a_tap_that_cannot_be_is_said_on_the_page(nurse, person, cast):
    running = started(person, cast.nurse)
    answer = nurse.post(at("tap", person, running), {"line": "stopped_7", "once": uuid4().hex})
    assert answer.status_code == 422
    assert "There is no seizure 7 here yet" in answer.content.decode()
    assert nurse.post(at("tap", person, running), {}).status_code == 422


def test_the_prompt_waits_on_the_page_with_its_moment_and_is_there_at_five_minutes(nurse, person, cast, frozen_clock):
    running = started(person, cast.nurse)
    page = nurse.get(at("running", person, running)).content.decode()
    assert f'hidden data-shows-at="{running.happened_at.timestamp() + 300}"' in page
    frozen_clock.tick(minutes=5)
    page = nurse.get(at("running", person, running)).content.decode()
    assert "The seizure has lasted 5 minutes." in page
    assert "data-shows-at" not in page


def test_an_undo_is_one_button_too(nurse, person, cast):
    running = started(person, cast.nurse)
    step = tapped(running, "airway", cast.nurse)
    answer = nurse.post(at("take_back", person, running, step), {"once": uuid4().hex})
    assert answer.status_code == 303
    assert "airway" not in course(running).standing
    assert nurse.post(at("take_back", person, running, step), {"once": uuid4().hex}).status_code == 422


def test_the_end_leads_to_what_is_owed(nurse, person, cast):
    running = started(person, cast.nurse)
    answer = nurse.post(at("tap", person, running), {"line": "end", "outcome": "transferred", "once": uuid4().hex})
    assert answer["Location"] == at("after", person, running)
    assert "Debrief" in nurse.get(answer["Location"]).content.decode()


def test_the_whole_way_from_debrief_to_closed_by_form(nurse, person, cast):
    running = started(person, cast.nurse)
    ended(running, cast.nurse)
    answer = nurse.post(
        at("debrief", person, running),
        {"there": [str(cast.nurse.public_id)], "went_well": "help came", "missing": "a lamp", "once": uuid4().hex},
    )
    assert answer.status_code == 303
    manager = client_for(cast.manager)
    given = {
        "cause": "cut_or_gap", "factors": ["order"], "words": "Two doses were not ordered.", "seen": 0,
        "what_1": "orders checked at admission", "owner_1": str(cast.physician.public_id),
        "day_1": clock.today(cast.centre).isoformat(), "pin": PIN, "once": uuid4().hex,
    }  # fmt: skip
    assert manager.post(at("review", person, running), given).status_code == 303
    physician = client_for(cast.physician)
    answer = physician.post(at("sign", person, running), {"seen": 1, "pin": PIN, "once": uuid4().hex})
    assert answer.status_code == 303
    assert queries.closed_at(queries.review_of(running)) is not None
    assert "both signatures" in physician.get(at("after", person, running)).content.decode()
    action = queries.actions_of(queries.review_of(running))[0]
    answer = physician.post(at("action_done", person, running, action), {"words": "checked", "once": uuid4().hex})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pin": ""}, "Sign with your PIN"),
        ({"words": " "}, "This field is required"),
        ({"day_1": ""}, "Say by which day"),
        ({"factors": []}, "none found"),
        ({"day_1": "2020-01-01"}, "lies in the past"),
    ],
)
def test_a_review_that_fails_comes_back_with_what_was_typed(changed, said, person, cast):
    running = started(person, cast.nurse)
    ended(running, cast.nurse)
    talked(running, cast)
    given = {
        "cause": "cut_or_gap", "factors": ["order"], "words": "kept words", "seen": 0, "what_1": "kept action",
        "owner_1": str(cast.physician.public_id), "day_1": "2026-12-01", "pin": PIN, "once": uuid4().hex,
    }  # fmt: skip
    answer = client_for(cast.manager).post(at("review", person, running), given | changed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "kept action" in page


def test_a_version_that_was_not_read_is_not_signed(person, cast):
    running = started(person, cast.nurse)
    ended(running, cast.nurse)
    talked(running, cast)
    reviewed(running, cast.manager)
    answer = client_for(cast.physician).post(at("sign", person, running), {"seen": 9, "pin": PIN, "once": uuid4().hex})
    assert answer.status_code == 422
    assert "Read it, then sign" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "page", "status"),
    [
        ("physician", "running", 200),
        ("counsellor", "running", 200),
        ("manager", "running", 403),
        ("manager", "after", 200),
        ("case_manager", "after", 403),
        ("auditor", "after", 403),
        ("administrator", "choose", 403),
        ("admissions", "choose", 403),
        ("off_shift_nurse", "after", 302),  # to the glass
        ("stranger", "after", 404),
    ],
)
def test_who_opens_which_page(who, page, status, person, cast):
    running = started(person, cast.nurse)
    rows = (person,) if page == "choose" else (person, running)
    assert client_for(getattr(cast, who)).get(at(page, *rows)).status_code == status


def test_an_emergency_of_another_person_is_not_found(nurse, person, cast):
    from tests.cast import admitted_person

    running = started(person, cast.nurse)
    other = admitted_person(cast)
    assert nurse.get(at("running", other, running)).status_code == 404
    step = tapped(running, "airway", cast.nurse)
    second = started(other, cast.nurse)
    assert nurse.post(at("take_back", other, second, step), {"once": uuid4().hex}).status_code == 404


@pytest.mark.parametrize(("page", "action"), [("running", "event.read"), ("after", "incident.read")])
def test_each_page_leaves_its_line(page, action, nurse, person, cast):
    running = started(person, cast.nurse)
    before = AuditLine.objects.filter(action=action, person_id=person.pk).count()
    nurse.get(at(page, person, running))
    assert AuditLine.objects.filter(action=action, person_id=person.pk).count() == before + 1


def test_the_page_costs_as_many_queries_with_many_taps_as_with_one(nurse, person, cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    running = started(person, cast.nurse)
    nurse.get(at("running", person, running))
    with CaptureQueriesContext(connection) as few:
        nurse.get(at("running", person, running))
    for line in ("airway", "recovery", "glucose", "physician", "benzodiazepine", "cause", "emergency"):
        tapped(running, line, cast.second_nurse)
    assert EventStep.objects.count() > 7
    with CaptureQueriesContext(connection) as many:
        nurse.get(at("running", person, running))
    assert len(many) == len(few)


def test_home_shows_what_each_owes_and_the_chart_that_it_runs(nurse, person, cast):
    running = started(person, cast.nurse)
    assert "is running: open it" in nurse.get("/").content.decode()
    assert "Open event mode" in nurse.get(reverse("ward:chart", args=[person.public_id])).content.decode()
    ended(running, cast.nurse, Outcome.TRANSFERRED)
    assert "debrief with those who were there" in nurse.get("/").content.decode()
    talked(running, cast)
    assert "incident review to write" in client_for(cast.manager).get("/").content.decode()


def test_the_timeline_says_what_became_of_it_and_when_the_review_closed(nurse, person, cast):
    closed(person, cast)
    page = nurse.get(reverse("ward:chart", args=[person.public_id])).content.decode()
    assert "Seizure: transferred to hospital, debriefed, reviewed and closed" in page
    assert "Review closed: seizure" in page
