"""The observation round as a nurse walks it: one card, few taps, nothing chosen for her, nothing typed lost."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.monitoring import queries
from glidepath.care.monitoring.models import CiwaB, Event, Observation
from glidepath.care.monitoring.tests.looks import asleep, awake, ciwa, scored, seen
from glidepath.clinical.monitoring.also_seen import AlsoSeen
from glidepath.record.audit.models import AuditLine
from tests.cast import admitted_person, client_for

ROUND = "/observe/"
WHOLE = {
    "state": "awake", "rr": "18", "spo2": "97", "on_oxygen": "air", "sbp": "128", "dbp": "82", "pulse": "76",
    "temperature": "37.2", "mind": "A", "rass": "0",
}  # fmt: skip


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


def save(client, person, **given):
    data = {"once": uuid4().hex} | given
    return client.post(reverse("monitoring:observe", args=[person.public_id]), data)


def answers(each="1", **changed):
    return {"oriented": "yes"} | {f"c{number}": each for number in range(1, 21)} | changed


def card(text):
    """The form of the one who is next."""
    return re.search(r'<form method="post" action="/observe/[^"]*/" class="card.*?</form>', text, re.DOTALL)[0]


def checked(text):
    return re.findall(r"<input[^>]*\schecked", text)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_first_who_is_due_is_opened_and_nothing_is_chosen(nurse, person, cast):
    seen(person, cast.nurse, awake(rass=-1))
    text = nurse.get(f"{ROUND}?person={person.public_id}").text
    assert "Danilo" in card(text)
    assert checked(card(text)) == []
    assert not re.search(r'type="number"[^>]*value="[^"]', card(text)), "a last value is beside the box, never in it"


def test_the_last_value_is_ringed_and_stands_beside_the_box(nurse, person, cast):
    seen(person, cast.nurse, awake(rass=-1, rr=16))
    text = card(nurse.get(f"{ROUND}?person={person.public_id}").text)
    assert re.search(r'tap--last"><input type="radio" name="rass" value="-1"', text)
    assert 'data-last="16"' in text
    assert "last 16" in text


def test_the_last_answers_of_the_score_are_ringed(nurse, person, cast):
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(1, c2=3))
    text = card(nurse.get(f"{ROUND}?person={person.public_id}").text)
    assert re.search(r'tap--last"><input type="radio" name="c2" value="3"', text)
    assert checked(text) == []


def test_the_list_shows_who_is_seen_due_and_later(nurse, person, cast):
    other = admitted_person(cast, preferred_name="Elif")
    seen(person, cast.nurse)
    text = nurse.get(ROUND).text
    assert "1 of 2 seen" in text
    assert "Elif" in card(text)
    assert other.preferred_name in text


def test_a_set_without_the_score_that_was_due_is_seen_and_still_to_score(nurse, person, cast):
    seen(person, cast.nurse)
    text = nurse.get(ROUND).text
    assert "1 of 1 seen" in text
    assert "1 to score" in text
    assert "Everybody due has been seen; to score" in text
    assert "CIWA-B, due 13:14" in text
    scored(person, cast.nurse, ciwa(1))
    text = nurse.get(ROUND).text
    assert "to score" not in text
    assert "CIWA-B due" not in text


def test_nobody_asleep_is_to_be_scored(nurse, person, cast):
    seen(person, cast.nurse, asleep())
    text = nurse.get(ROUND).text
    assert "1 of 1 seen" in text
    assert "to score" not in text


def test_an_overdue_person_is_drawn_so_and_comes_first(nurse, person, cast, frozen_clock):
    late = admitted_person(cast, preferred_name="Elif")
    for one in (person, late):
        seen(one, cast.nurse)
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse)
    frozen_clock.tick(hours=4, minutes=30)
    text = client_for(_on_shift(cast)).get(ROUND).text
    assert "2 overdue" not in text
    assert "1 overdue" in text
    assert "Elif" in card(text)


def _on_shift(cast):
    return cast.nurse


def test_the_round_leaves_one_read_line_that_names_whom_it_showed(nurse, person, cast):
    other = admitted_person(cast)
    nurse.get(ROUND)
    line = AuditLine.objects.get(action="round.read")
    assert line.people == sorted([person.pk, other.pk])


def test_who_is_signed_on_nowhere_is_asked_to_sign_on(cast, person):
    answer = client_for(cast.off_shift_nurse).get(ROUND)
    assert "signed on for no unit" in answer.text
    assert "Danilo" not in answer.text


@pytest.mark.parametrize("role", ["counsellor", "pharmacist", "manager", "auditor"])
def test_who_may_not_observe_sees_no_round(role, cast, person):
    answer = client_for(getattr(cast, role)).get(ROUND)
    assert answer.status_code == 403
    assert "Danilo" not in answer.text


def test_30_people_take_as_many_queries_as_3(cast, frozen_clock, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.cast import make_centre

    for _ in range(3):
        seen(admitted_person(cast), cast.nurse)
    larger = make_centre("Larger", beds=30)
    for _ in range(30):
        seen(admitted_person(larger), larger.nurse)
    small, large = client_for(cast.nurse), client_for(larger.nurse)
    small.get(ROUND)
    large.get(ROUND)
    with CaptureQueriesContext(connection) as few:
        assert small.get(ROUND).status_code == 200
    with django_assert_num_queries(len(few)):
        assert large.get(ROUND).status_code == 200


# --- Asleep: four taps ------------------------------------------------------------------------------------------------


def test_asleep_is_four_taps(nurse, person, cast):
    """Asleep, breaths, breathing, save: three answers and one button, nothing typed."""
    answer = save(nurse, person, state="asleep", rr_tap="14", look="well")
    assert answer.status_code == 303
    row = Observation.objects.get()
    assert (row.state, row.rr, row.breathing, row.news2) == ("asleep", 14, "easy", None)


def test_breaths_that_score_ask_to_wake_the_same_person(nurse, person, cast):
    admitted_person(cast)
    answer = save(nurse, person, state="asleep", rr_tap="22", look="well")
    assert f"person={person.public_id}" in answer.url
    assert "Wake Danilo" in nurse.get(answer.url).text


def test_breaths_that_do_not_score_go_on_to_the_next(nurse, person, cast):
    other = admitted_person(cast)
    answer = save(nurse, person, state="asleep", rr_tap="14", look="well")
    assert f"person={other.public_id}" in answer.url
    assert "Wake" not in nurse.get(answer.url).text


def test_a_tapped_and_a_typed_number_that_differ_are_told(nurse, person):
    answer = save(nurse, person, state="asleep", rr_tap="14", rr="16", look="well")
    assert answer.status_code == 422
    assert "Keep one" in answer.text


# --- Awake ------------------------------------------------------------------------------------------------------------


def test_a_whole_set_is_saved_and_the_next_opened(nurse, person, cast):
    other = admitted_person(cast)
    answer = save(nurse, person, **WHOLE)
    assert answer.status_code == 303
    assert f"person={other.public_id}" in answer.url
    row = Observation.objects.get()
    assert (row.news2, row.rass, row.temperature_tenths, row.on_oxygen) == (0, 0, 372, False)
    assert "NEWS2 0" in nurse.get(answer.url).text


def test_an_untouched_field_was_not_measured(nurse, person):
    save(nurse, person, state="awake", pulse="76", keep="partial")
    row = Observation.objects.get()
    assert (row.pulse, row.rr, row.spo2, row.sbp, row.temperature_tenths, row.rass) == (
        76,
        None,
        None,
        None,
        None,
        None,
    )
    assert (row.on_oxygen, row.mind, row.news2) == (None, "", None)


def test_a_set_with_a_gap_is_not_saved_by_accident_and_keeps_what_was_typed(nurse, person):
    answer = save(nurse, person, **(WHOLE | {"temperature": "", "pulse": "83"}))
    assert answer.status_code == 422
    assert "Not measured: temperature" in answer.text
    assert 'value="83"' in card(answer.text)
    assert Observation.objects.count() == 0


def test_stop_here_keeps_it_as_partial(nurse, person):
    answer = save(nurse, person, **(WHOLE | {"temperature": "", "keep": "partial"}))
    assert answer.status_code == 303
    assert Observation.objects.get().news2 is None
    assert "partial, no NEWS2 total" in nurse.get(answer.url).text


def test_values_that_call_are_never_held_back_for_a_gap(nurse, person):
    answer = save(nurse, person, state="awake", rass="-3")
    assert answer.status_code == 303
    assert [one.alarm.cause for one in open_alarms([person])] == ["INP-12"]
    assert "alarm" in nurse.get(answer.url).text


def test_hard_to_rouse_is_one_tap_and_save(nurse, person):
    save(nurse, person, state="hard")
    assert person.pk in queries.sedation_holds([person])


def test_without_a_state_it_is_told_what_to_say_first(nurse, person):
    answer = save(nurse, person, rr="14")
    assert answer.status_code == 422
    assert "Say first: asleep, awake, hard to rouse, or not in bed" in answer.text


def test_a_number_that_cannot_be_is_told_beside_its_box_and_the_rest_is_kept(nurse, person):
    answer = save(nurse, person, **(WHOLE | {"pulse": "760", "rass": "-1"}))
    assert answer.status_code == 422
    assert "Pulse 760" in answer.text
    assert 'value="760"' in card(answer.text)
    assert re.search(r'name="rass" value="-1"[^>]*checked', card(answer.text))


def test_letters_where_a_number_belongs_are_told(nurse, person):
    answer = save(nurse, person, **(WHOLE | {"pulse": "fast"}))
    assert answer.status_code == 422
    assert "Pulse: a whole number" in answer.text


def test_a_pulse_over_100_is_advised_on_the_next_page(nurse, person):
    answer = save(nurse, person, **(WHOLE | {"pulse": "104"}))
    assert "INP-9" in nurse.get(answer.url).text
    assert open_alarms([person]) == ()


def test_a_late_entry_is_typed_on_the_centres_clock(nurse, person, cast, frozen_clock):
    frozen_clock.tick(hours=2)
    answer = save(nurse, person, **WHOLE, at="2026-11-17T13:30")
    assert answer.status_code == 303
    row = Observation.objects.get()
    assert (row.happened_at.hour, row.happened_at.minute, row.recorded_at.hour) == (13, 30, 15)


def test_a_time_to_come_is_told_and_keeps_what_was_typed(nurse, person):
    answer = save(nurse, person, **WHOLE, at="2026-11-17T18:00")
    assert answer.status_code == 422
    assert "still to come" in answer.text
    assert 'value="97"' in card(answer.text)


def test_a_double_submit_saves_once(nurse, person):
    for _ in range(2):
        assert save(nurse, person, **WHOLE, once="twice").status_code == 303
    assert Observation.objects.count() == 1


def test_nobody_off_the_unit_saves(cast, person):
    assert save(client_for(cast.off_shift_nurse), person, **WHOLE).status_code == 403
    assert Observation.objects.count() == 0


def test_saving_comes_by_post_alone(nurse, person):
    assert nurse.get(reverse("monitoring:observe", args=[person.public_id])).status_code == 405


# --- With a CIWA-B ----------------------------------------------------------------------------------------------------


def test_a_score_is_saved_beside_its_vital_signs(nurse, person):
    assert save(nurse, person, **WHOLE, **answers()).status_code == 303
    row = CiwaB.objects.get()
    assert (row.total, row.observation) == (20, Observation.objects.get())


def test_a_score_with_a_gap_is_told_and_every_answer_kept(nurse, person):
    answer = save(nurse, person, **WHOLE, **answers(c20=""))
    assert answer.status_code == 422
    assert "CIWA-B:" in answer.text
    assert len(re.findall(r'name="c\d+" value="1"[^>]*checked', card(answer.text))) == 19
    assert (CiwaB.objects.count(), Observation.objects.count()) == (0, 0)


def test_a_partial_score_is_kept_as_partial(nurse, person):
    save(nurse, person, **WHOLE, **answers(c20=""), keep="partial")
    assert CiwaB.objects.get().label == "partial 19 of 20"


def test_the_question_before_the_answers_must_be_answered(nurse, person):
    answer = save(nurse, person, **WHOLE, **answers(oriented=""))
    assert answer.status_code == 422
    assert "alert, orientated" in answer.text


def test_not_orientated_calls_though_nothing_else_was_answered(nurse, person):
    save(nurse, person, **WHOLE, oriented="no")
    assert "DEL-1" in [one.alarm.cause for one in open_alarms([person])]


def test_a_score_of_somebody_asleep_is_told(nurse, person):
    answer = save(nurse, person, state="asleep", rr_tap="14", look="well", **answers())
    assert answer.status_code == 422
    assert "somebody awake" in answer.text
    assert Observation.objects.count() == 0


def test_a_double_submit_scores_once(nurse, person):
    for _ in range(2):
        save(nurse, person, **WHOLE, **answers(), once="twice")
    assert CiwaB.objects.count() == 1


# --- The dock ---------------------------------------------------------------------------------------------------------


def test_seizure_is_one_tap(nurse, person):
    answer = nurse.post(reverse("monitoring:seizure", args=[person.public_id]), {"once": "s1", "seen": "0"})
    assert answer.status_code == 303
    assert Event.objects.get().kind == "seizure"
    assert "A seizure" in nurse.get(answer.url).text


@pytest.mark.parametrize("seen", ["²", "-5", "9" * 5000, "x", ""])
def test_a_seizure_is_recorded_whatever_else_its_button_carries(seen, nurse, person):
    answer = nurse.post(reverse("monitoring:seizure", args=[person.public_id]), {"once": "s1", "seen": seen})
    assert answer.status_code == 303
    assert Event.objects.get().kind == "seizure"


def test_two_nurses_who_tap_seizure_write_one(nurse, person, cast):
    address = reverse("monitoring:seizure", args=[person.public_id])
    nurse.post(address, {"once": "s1", "seen": "0"})
    answer = client_for(cast.second_nurse).post(address, {"once": "s2", "seen": "0"})
    assert answer.status_code == 409
    assert "Marta Lindqvist" in answer.text
    assert Event.objects.count() == 1


def test_a_call_for_help_is_one_tap(nurse, person):
    nurse.post(reverse("monitoring:help", args=[person.public_id]), {"once": "h1"})
    assert open_alarms([person])[0].alarm.cause == "help"


def test_skip_leads_to_the_next_without_saving(nurse, person, cast):
    other = admitted_person(cast)
    text = nurse.get(f"{ROUND}?person={person.public_id}").text
    skip = re.search(r'<a class="btn btn--ward" href="([^"]*)"[^>]*>.*?Skip', text, re.DOTALL)[1]
    assert str(other.public_id) in skip
    assert Observation.objects.count() == 0


def test_an_address_that_is_none_is_not_found(nurse, person):
    assert nurse.get(f"{ROUND}?person=nobody").status_code == 404


def test_a_saved_toast_of_somebody_elses_unit_shows_nothing(nurse, person, cast):
    elsewhere = admitted_person(cast, bed=cast.other_bed, preferred_name="Yusuf")
    row = seen(elsewhere, cast.nurse, asleep()).row
    assert "Yusuf" not in nurse.get(f"{ROUND}?saved={row.public_id}").text


# --- Also seen --------------------------------------------------------------------------------------------------------


def test_signs_are_tapped_beside_the_set_and_said_with_it(nurse, person, cast):
    answer = save(nurse, person, **WHOLE, also=["unsteady", "new_tremor"])
    row = Observation.objects.get(person=person)
    assert (row.unsteady, row.rigid, row.new_tremor, row.new_sweating) == (True, False, True, False)
    said = "also seen: slurred or unsteady after a dose, new tremor"
    assert said in nurse.get(answer.url).text
    assert said in nurse.get(reverse("monitoring:every", args=[person.public_id, "sets"])).text


def test_no_sign_is_needed_and_none_is_chosen(nurse, person, cast):
    seen(person, cast.nurse, awake(also_seen=(AlsoSeen.UNSTEADY,)))
    text = card(nurse.get(f"{ROUND}?person={person.public_id}").text)
    assert len(re.findall(r'type="checkbox" name="also"', text)) == 4
    assert "INP-13" in text
    assert checked(text) == []
    assert save(nurse, person, **WHOLE).status_code == 303


def test_a_tapped_sign_comes_back_with_what_was_refused(nurse, person):
    answer = save(nurse, person, **(WHOLE | {"rr": "400"}), also=["rigid"])
    assert answer.status_code == 422
    assert 'value="rigid" checked' in answer.text


def test_a_sign_nobody_knows_is_refused(nurse, person):
    answer = save(nurse, person, **WHOLE, also=["green"])
    assert answer.status_code == 422
    assert "green is not one of the available choices" in answer.text


def test_the_correction_shows_what_was_tapped(nurse, person, cast):
    row = seen(person, cast.nurse, awake(also_seen=(AlsoSeen.RIGID,))).row
    text = nurse.get(reverse("monitoring:correct", args=[person.public_id, row.public_id])).text
    assert 'value="rigid" checked' in text
    assert text.count('name="also"') == 4
