"""The observations of one person: trends, every entry with its corrections, events and their review."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.models import Event, Observation, Sleep
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, only, scored, seen
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, client_for


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


@pytest.fixture
def physician(cast):
    return client_for(cast.physician)


def at(person, name="person", *rows):
    return reverse(f"monitoring:{name}", args=[person.public_id, *[row.public_id for row in rows]])


def test_a_person_never_observed_is_drawn_as_unknown(nurse, person):
    text = nurse.get(at(person)).text
    assert "never observed here" in text
    assert "CIWA-B: none complete" in text
    assert "sleep: not asked" in text
    assert "NEWS2: nothing in these days" in text


def test_the_page_is_in_the_audit(nurse, person):
    nurse.get(at(person))
    assert AuditLine.objects.filter(action="observations.read", person_id=person.pk, kind="read").count() == 1


def test_whole_scores_are_filled_and_partial_ones_hollow(nurse, person, cast, frozen_clock):
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(1))
    frozen_clock.tick(minutes=10)
    scored(person, cast.nurse, ciwa(1, c3=None))
    text = nurse.get(at(person)).text
    drawing = re.search(r'<svg[^>]*aria-label="CIWA-B.*?</svg>', text, re.DOTALL)[0]
    assert (drawing.count("c-symdot"), drawing.count("c-symopen")) == (1, 1)
    assert "partial 19 of 20" in text


def test_asleep_has_no_mark_on_the_early_warning_line(nurse, person, cast):
    seen(person, cast.nurse, asleep())
    assert "NEWS2: nothing in these days" in nurse.get(at(person)).text


def test_a_late_entry_shows_both_times(nurse, person, cast, frozen_clock):
    from glidepath.record import clock

    then = clock.now()
    frozen_clock.tick(hours=2)
    seen(person, cast.nurse, happened_at=then)
    text = nurse.get(at(person)).text
    assert "13:14" in text
    assert "written 17" in text


def test_what_was_corrected_can_still_be_read(nurse, person, cast):
    old = seen(person, cast.nurse, awake(pulse=167)).row
    answer = nurse.post(
        at(person, "correct", old),
        {
            "once": uuid4().hex, "state": "awake", "rr": "18", "spo2": "97", "on_oxygen": "air", "sbp": "128",
            "dbp": "82", "pulse": "76", "temperature": "37.2", "mind": "A", "rass": "0", "reason": "turned round",
        },
    )  # fmt: skip
    assert answer.status_code == 303
    text = nurse.get(at(person)).text
    assert "167" in text
    assert "turned round" in text


def test_a_correction_without_a_reason_keeps_what_was_typed(nurse, person, cast):
    old = seen(person, cast.nurse).row
    answer = nurse.post(at(person, "correct", old), {"once": "k", "state": "awake", "pulse": "79"})
    assert answer.status_code == 422
    assert 'value="79"' in answer.text
    assert "Say why it is corrected" in answer.text


def test_an_entry_is_taken_back_with_a_reason(nurse, person, cast):
    old = seen(person, cast.nurse).row
    answer = nurse.post(
        at(person, "correct", old), {"once": "k", "state": "awake", "take_back": "on", "reason": "Elif's, not his"}
    )
    assert answer.status_code == 303
    assert queries.latest([person])[person.pk].observation is None


def test_the_correction_page_shows_the_old_values(nurse, person, cast):
    old = seen(person, cast.nurse, awake(pulse=91)).row
    assert 'value="91"' in nurse.get(at(person, "correct", old)).text


def test_a_new_observation_from_the_chart(nurse, person):
    assert nurse.get(at(person, "new")).status_code == 200
    answer = nurse.post(at(person, "new"), {"once": "k", "state": "awake", "pulse": "76", "keep": "partial"})
    assert (answer.status_code, answer.url) == (303, at(person))
    assert Observation.objects.get().pulse == 76


def test_an_event_is_recorded_from_the_chart(nurse, person):
    answer = nurse.post(at(person, "event"), {"once": "k", "kind": "fall", "words": "Slipped, got up alone."})
    assert answer.status_code == 303
    assert "Slipped, got up alone." in nurse.get(at(person)).text


def test_an_event_without_words_keeps_the_kind(nurse, person):
    answer = nurse.post(at(person, "event"), {"once": "k", "kind": "fall", "words": ""})
    assert answer.status_code == 422
    assert "few words" in answer.text
    assert re.search(r'value="fall" checked', answer.text)
    assert Event.objects.count() == 0


def test_the_night_is_recorded_and_a_second_answer_asks_why(nurse, person):
    night = {"night_of": "2026-11-17", "hours": "5.5"}
    assert nurse.post(at(person, "sleep"), {"once": "a", **night}).status_code == 303
    assert Sleep.objects.get().minutes == 330
    answer = nurse.post(at(person, "sleep"), {"once": "b", **night, "hours": "4"})
    assert answer.status_code == 422
    assert "already wrote 5.5 h" in answer.text
    assert 'value="4"' in answer.text


def test_an_empty_night_is_not_a_zero(nurse, person):
    answer = nurse.post(at(person, "sleep"), {"once": "a", "night_of": "2026-11-17", "hours": ""})
    assert answer.status_code == 422
    assert "0 is an answer, an empty box is not" in answer.text
    assert Sleep.objects.count() == 0


def test_a_prescriber_sets_the_oxygen_target_with_the_pin(physician, person):
    answer = physician.post(at(person, "oxygen"), {"once": "k", "scale": "2", "pin": PIN})
    assert answer.status_code == 303
    assert queries.oxygen_scale(person) == 2


def test_a_wrong_pin_sets_nothing(physician, person):
    answer = physician.post(at(person, "oxygen"), {"once": "k", "scale": "2", "pin": "1111"})
    assert answer.status_code == 422
    assert queries.oxygen_scale(person) == 1


def test_a_nurse_has_no_form_for_the_oxygen_target(nurse, person):
    assert "Sign the target" not in nurse.get(at(person)).text
    assert nurse.post(at(person, "oxygen"), {"once": "k", "scale": "2", "pin": PIN}).status_code == 403


# --- Review -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def event(person, cast, frozen_clock):
    found = seen(person, cast.nurse, awake(rass=-3)).events[0]
    frozen_clock.tick(hours=1)
    return found


def test_a_nurse_reads_the_event_and_is_told_who_reviews(nurse, event, person):
    text = nurse.get(at(person, "review", event)).text
    assert "Every sedative is held" in text
    assert "A prescriber reviews it" in text


def test_a_prescriber_lifts_it_on_a_fresh_look(physician, event, person, cast):
    seen(person, cast.nurse)
    answer = physician.post(
        at(person, "review", event), {"once": "k", "outcome": "lifted", "words": "Awake and talking.", "pin": PIN}
    )
    assert answer.status_code == 303
    assert queries.sedation_holds([person]) == {}


def test_lifting_without_a_fresh_look_keeps_the_words(physician, event, person):
    answer = physician.post(
        at(person, "review", event), {"once": "k", "outcome": "lifted", "words": "Awake and talking.", "pin": PIN}
    )
    assert answer.status_code == 422
    assert "fresh observation" in answer.text
    assert "Awake and talking." in answer.text
    assert person.pk in queries.sedation_holds([person])


def test_it_stands_until_the_hour_that_was_typed(physician, event, person):
    answer = physician.post(
        at(person, "review", event),
        {"once": "k", "outcome": "stands", "words": "Drowsy.", "again": "2026-11-17T17:00", "pin": PIN},
    )
    assert answer.status_code == 303
    (review,) = queries.reviews_of(event)
    assert (review.lifted, review.again_at.hour) == (False, 17)


def test_what_stands_needs_its_next_hour(physician, event, person):
    answer = physician.post(
        at(person, "review", event), {"once": "k", "outcome": "stands", "words": "Drowsy.", "pin": PIN}
    )
    assert answer.status_code == 422
    assert "looked at again" in answer.text


def test_an_event_of_another_person_is_not_found(physician, event, cast):
    from tests.cast import admitted_person

    assert physician.get(at(admitted_person(cast), "review", event)).status_code == 404


@pytest.mark.parametrize("name", ["person", "new"])
def test_somebody_outside_the_care_team_is_led_to_the_break_glass_page(name, cast, person):
    answer = client_for(cast.off_shift_nurse).get(at(person, name))
    assert answer.status_code == 302
    assert answer.url.startswith("/break-glass/")
    assert "Danilo" not in answer.text


def test_another_centre_finds_nobody(cast, person):
    assert client_for(cast.stranger).get(at(person)).status_code == 404


def test_a_counsellor_reads_and_is_given_no_form_to_observe(cast, person):
    seen(person, cast.nurse, only(pulse=77))
    text = client_for(cast.counsellor).get(at(person)).text
    assert "77" in text
    assert at(person, "new") not in text


def test_a_score_taken_while_confused_says_so(nurse, person, cast):
    seen(person, cast.nurse)
    services.record_ciwa_b(person=person, items=ciwa(2), oriented=False, by=cast.nurse, once="")
    assert "not scored: not orientated" in nurse.get(at(person)).text
