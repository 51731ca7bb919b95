"""The page of leaving: what is missing stands there before it closes, and a signature closes it once."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from glidepath.care.flow.models import Discharge
from glidepath.care.flow.tests import doors
from glidepath.clinical.guidelines.discharge import TOLD
from glidepath.record.audit.models import AuditLine
from glidepath.record.episodes.models import Stage
from tests.cast import PIN, client_for, enquiring_person, episode_of
from tests.scenarios import ward

pytestmark = pytest.mark.django_db

ARRANGED = {
    "kind": "completed", "to_aftercare": "on", "prescriber": "Dr Aoife Byrne", "prescriber_contact": "020 7946 0101",
    "first_visit": "2026-11-20", "supply_until": "2026-11-24", "naloxone": "not_due", "told": list(TOLD),
    "stage": "admitted", "reason": "finished as planned",
}  # fmt: skip


@pytest.fixture
def taking(cast, person):
    ward.order(cast, person, "diazepam", "10", "08:00", "22:00")
    doors.go_through(cast, person)
    return person


@pytest.fixture
def physician(cast):
    return client_for(cast.physician)


def at(person) -> str:
    return reverse("flow:discharge", args=[person.public_id])


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def close(client, person, **typed):
    return client.post(at(person), {"once": doors.once(), "pin": PIN} | ARRANGED | typed)


def test_the_page_says_what_is_missing_before_anything_is_typed(physician, taking):
    page = text(physician.get(at(taking)))
    assert "no prescriber named and no first visit booked" in page
    assert "Nobody is discharged to nobody" in page


def test_a_look_shows_what_is_missing_and_closes_nothing(physician, taking):
    answer = close(physician, taking, look="1", supply_until="2026-11-20")
    assert answer.status_code == 200
    assert "no supply that lasts beyond the visit on 20 Nov 2026" in text(answer)
    assert not Discharge.objects.exists()


def test_a_nurse_prepares_and_sees_no_signature(cast, taking):
    nurse = client_for(cast.nurse)
    page = text(nurse.get(at(taking)))
    assert "Sign and discharge" not in page
    assert "signature of somebody who may prescribe" in page
    assert close(nurse, taking, look="1").status_code == 200


def test_a_nurse_closes_nothing(cast, taking):
    assert close(client_for(cast.nurse), taking).status_code == 403
    assert not Discharge.objects.exists()


def test_a_signature_closes_it_and_the_page_then_shows_to_whom(physician, taking):
    assert close(physician, taking).url == reverse("people:identity", args=[taking.public_id])
    page = text(physician.get(at(taking)))
    assert "Dr Aoife Byrne, 020 7946 0101" in page
    assert "signed by Dr Ines Ferreira" in page
    assert "Sign and discharge" not in page


def test_a_form_sent_twice_discharges_once_and_is_no_error(physician, taking):
    key = doors.once()
    first, second = (close(physician, taking, once=key) for _ in range(2))
    assert first.url == second.url
    assert Discharge.objects.count() == 1


def test_whoever_ends_the_last_tie_is_led_to_a_page_they_may_open(physician, taking):
    answer = close(physician, taking, to_aftercare="")
    assert episode_of(taking).stage == Stage.DISCHARGED
    assert physician.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prescriber": ""}, "Name who prescribes from now on"),
        ({"prescriber_contact": " "}, "how the prescriber is reached"),
        ({"first_visit": ""}, "Book the first visit"),
        ({"first_visit": "2026-02-31"}, "valid date"),
        ({"first_visit": "2026-11-16"}, "before the discharge"),
        ({"supply_until": ""}, "until when the supply lasts"),
        ({"supply_until": "2026-11-20"}, "no supply that lasts beyond the visit"),
        ({"naloxone": ""}, "naloxone was given, declined or is not due"),
        ({"told": ["crisis"]}, "that tolerance is lost"),
        ({"kind": "early"}, "no safety plan"),
        ({"kind": ""}, "required"),
        ({"pin": "9999"}, "That PIN is not right"),
        ({"pin": ""}, "Sign with your PIN"),
        ({"stage": "enquiry"}, "Open the page again"),
        ({"prescriber": "D" * 121}, "at most 120"),
    ],
)
def test_what_is_missing_or_wrong_comes_back_with_everything_that_was_typed(physician, taking, wrong, said):
    answer = close(physician, taking, **wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    typed = ARRANGED | wrong
    kept = [typed[name] for name in ("prescriber", "prescriber_contact", "first_visit", "supply_until", "reason")]
    assert [value for value in kept if f'value="{value}"' not in text(answer) and value.strip()] == []
    assert not Discharge.objects.exists()


def test_one_wrong_date_does_not_hide_what_else_was_arranged(physician, taking):
    page = text(close(physician, taking, first_visit="2026-02-31"))
    assert "no prescriber named" not in page


def test_a_reason_answers_what_may_be_answered(physician, taking):
    assert close(physician, taking, told=[], override="all said by phone, agreed").status_code == 302
    kept = next(one for one in Discharge.objects.get().findings if one["code"] == "DIS-3")
    assert kept["answered_by"] == "all said by phone, agreed"


def test_who_is_not_admitted_has_nothing_to_be_discharged_from(cast, physician):
    assert "nothing to discharge from" in text(physician.get(at(enquiring_person(cast))))


def test_a_read_leaves_one_line(cast, physician, taking):
    physician.get(at(taking))
    line = AuditLine.objects.get(action="discharge.read")
    assert (line.kind, line.actor_id, line.person_id) == ("read", cast.physician.pk, taking.pk)


@pytest.mark.parametrize(
    "role",
    ["pharmacist", "counsellor", "psychologist", "admissions", "peer_worker", "manager", "auditor", "administrator"],
)
def test_who_prepares_no_discharge_sees_no_page(cast, taking, role):
    assert client_for(getattr(cast, role)).get(at(taking)).status_code == 403


def test_a_nurse_off_shift_meets_the_glass(cast, taking):
    answer = client_for(cast.off_shift_nurse).get(at(taking))
    assert answer.url.startswith(reverse("episodes:break_glass", args=[taking.public_id]))
