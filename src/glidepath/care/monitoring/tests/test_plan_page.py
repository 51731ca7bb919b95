"""The observation plan on its page, and CIWA-Ar and COWS on the round."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.monitoring import ports, queries
from glidepath.care.monitoring.models import Observation, ObservationPlan, ScaleScore
from glidepath.care.monitoring.tests.looks import planned, seen
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, admitted_person, client_for

DRINKS = PersonFacts(alcohol_dependent=True, opioid_active=False)
VITALS = {
    "state": "awake", "rr": "18", "spo2": "97", "on_oxygen": "air", "sbp": "128", "dbp": "82", "pulse": "76",
    "temperature": "37.2", "mind": "A", "rass": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def told(monkeypatch):
    monkeypatch.setattr(ports, "_reader", lambda people, now: {})
    monkeypatch.setattr(ports, "_facts_of", lambda *_: DRINKS)


def address(person):
    return reverse("monitoring:plan", args=[person.public_id])


def typed(person, **changed):
    until = clock.local(person.centre, clock.now() + dt.timedelta(days=2))
    return {
        "once": uuid4().hex, "awake": "4", "asleep": "4", "ciwa_b_hours": "4", "ciwa_ar_hours": "2",
        "until": f"{until:%Y-%m-%dT%H:%M}", "reason": "first days", "pin": PIN, **changed,
    }  # fmt: skip


def test_the_page_proposes_by_what_was_told_and_says_why(person, cast):
    text = client_for(cast.physician).get(address(person)).text
    assert "Benzodiazepine and alcohol" in text
    assert "COWS is for opioids, and none was told" in text
    assert 'name="ciwa_ar_hours"' in text
    assert AuditLine.objects.filter(action="observations.read", person_id=person.pk).exists()


def test_a_prescriber_signs_what_is_proposed(person, cast):
    answer = client_for(cast.physician).post(address(person), typed(person))
    assert answer.status_code == 303
    row = ObservationPlan.objects.get()
    assert (row.awake_hours, row.ciwa_ar_hours, row.cows_hours) == (4, 2, None)


def test_less_close_comes_back_with_what_was_typed_and_names_it(person, cast):
    doctor = client_for(cast.physician)
    answer = doctor.post(address(person), typed(person, awake="8"))
    assert answer.status_code == 422
    assert "awake every 8 hours, not 4" in answer.text
    assert 'name="awake" type="number" inputmode="numeric" min="1" max="24" value="8"' in answer.text
    assert doctor.post(address(person), typed(person, awake="8", knows_looser="on")).status_code == 303


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"awake": "0"}, "Every 0 hours cannot be set"),
        ({"asleep": ""}, "every how many hours"),
        ({"cows_hours": "x"}, "Whole hours"),
        ({"cows_hours": "6"}, "COWS is for opioids"),
        ({"until": ""}, "when somebody looks at it again"),
        ({"reason": ""}, "Say why"),
        ({"pin": "0000"}, "PIN"),
    ],
)
def test_what_is_wrong_is_said_at_its_box(changed, said, person, cast):
    answer = client_for(cast.physician).post(address(person), typed(person, **changed))
    assert answer.status_code == 422
    assert said in answer.text
    assert not ObservationPlan.objects.exists()


def test_a_nurse_reads_the_plan_and_cannot_sign_it(person, cast):
    nurse = client_for(cast.nurse)
    assert "Sign the observation plan" not in nurse.get(address(person)).text
    assert nurse.post(address(person), typed(person)).status_code == 403


def test_a_second_prescriber_reads_the_first_ones_plan_before_signing(person, cast):
    planned(person, cast.physician)
    answer = client_for(cast.second_physician).post(address(person), typed(person, seen="0"))
    assert answer.status_code == 422
    assert "Dr Ines Ferreira has set a plan meanwhile" in answer.text


# --- On the round -----------------------------------------------------------------------------------------------------


def observe(person, cast, **given):
    url = reverse("monitoring:observe", args=[person.public_id])
    return client_for(cast.nurse).post(url, {"once": uuid4().hex, **VITALS, **given})


def answers(each, items=10):
    return {f"ciwa_ar_{number}": str(each) for number in range(1, items + 1)}


def test_the_scale_that_belongs_is_on_the_card_and_the_wrong_one_says_why_not(person, cast):
    text = client_for(cast.nurse).get("/observe/").text
    assert text.count('name="ciwa_ar_1"') == 8
    assert 'name="cows_1"' not in text
    assert "COWS is for opioids, and none was told" in text
    assert "POL-2" in text


def test_a_set_and_its_ciwa_ar_are_saved_together(person, cast):
    assert observe(person, cast, **answers(1)).status_code == 303
    row = ScaleScore.objects.get()
    assert (row.total, row.observation) == (10, Observation.objects.get())


def test_a_gap_is_not_saved_as_whole_and_can_be_kept_as_partial(person, cast):
    answer = observe(person, cast, **answers(1, items=9))
    assert answer.status_code == 422
    assert "CIWA-Ar: orientation" in answer.text
    assert not Observation.objects.exists()
    assert observe(person, cast, keep="partial", **answers(1, items=9)).status_code == 303
    assert ScaleScore.objects.get().label == "partial 9 of 10"


def test_a_wrong_scale_saves_nothing_and_keeps_what_was_typed(person, cast):
    answer = observe(person, cast, cows_1="0", keep="partial")
    assert answer.status_code == 422
    assert "COWS is for opioids" in answer.text
    assert not Observation.objects.exists()


def test_an_answer_outside_the_scale_is_refused(person, cast):
    answer = observe(person, cast, **answers(1) | {"ciwa_ar_10": "5"})
    assert answer.status_code == 422
    assert "5 is not an answer" in answer.text


def test_nobody_asleep_is_scored(person, cast):
    url = reverse("monitoring:observe", args=[person.public_id])
    sent = {"once": "k", "state": "asleep", "rr_tap": "14", "look": "well", **answers(1)}
    answer = client_for(cast.nurse).post(url, sent)
    assert answer.status_code == 422
    assert "scored of somebody awake" in answer.text


def test_a_score_is_corrected_on_its_page(person, cast):
    observe(person, cast, **answers(1))
    url = reverse("monitoring:correct_scale", args=[person.public_id, ScaleScore.objects.get().public_id])
    nurse = client_for(cast.nurse)
    assert "Correct the CIWA-Ar" in nurse.get(url).text
    assert nurse.post(url, {"once": "a", "reason": "", **answers(2)}).status_code == 422
    assert nurse.post(url, {"once": "b", "reason": "slip", **answers(2)}).status_code == 303
    assert queries.newest_scale_scores(person)["ciwa_ar"].total == 20


# --- Asleep -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"look": "doubt", "breathing": "snores", "colour": "usual", "position": "safe"}, "snores"),
        ({"look": "doubt", "breathing": "easy", "colour": "blue", "position": "safe"}, "blue or grey"),
        ({"look": "doubt", "breathing": "easy", "colour": "usual", "position": "face_down"}, "face down"),
        ({"look": "well", "rr_tap": "22"}, "22 breaths a minute scores by itself"),
    ],
)
def test_any_doubt_asks_to_wake_and_goes_on_awake_with_the_same_person(given, why, person, cast):
    other = admitted_person(cast, preferred_name="Elif")
    url = reverse("monitoring:observe", args=[person.public_id])
    nurse = client_for(cast.nurse)
    text = nurse.post(url, {"once": "k", "state": "asleep", "rr_tap": "14"} | given, follow=True).text
    assert why in text
    assert "Wake Danilo" in text
    assert 'value="awake" checked' in text
    assert queries.due([person])[person.pk].is_due
    assert other.preferred_name in text


def test_all_well_and_a_doubt_together_are_asked_about(person, cast):
    url = reverse("monitoring:observe", args=[person.public_id])
    answer = client_for(cast.nurse).post(
        url, {"once": "k", "state": "asleep", "rr_tap": "14", "look": "well", "colour": "blue"}
    )
    assert answer.status_code == 422
    assert "All well, and yet something else is tapped" in answer.text


def test_by_urgency_the_open_seizure_comes_first(person, cast, frozen_clock):
    elif_ = admitted_person(cast, preferred_name="Elif")
    seen(person, cast.nurse)
    seen(elif_, cast.nurse)
    nurse = client_for(cast.nurse)
    nurse.post(reverse("monitoring:seizure", args=[elif_.public_id]), {"once": "s", "seen": "0"})
    by_bed = nurse.get("/observe/").text.split('id="rest"')[1]
    by_urgency = nurse.get("/observe/?by=urgency").text.split('id="rest"')[1]
    assert by_bed.index("<b>Danilo</b>") < by_bed.index("<b>Elif</b>")
    assert by_urgency.index("<b>Elif</b>") < by_urgency.index("<b>Danilo</b>")
