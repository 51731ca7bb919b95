"""A returning person at the door: nothing of an earlier stay is carried into the admission silently."""

from __future__ import annotations

import pytest
from django.urls import reverse

from glidepath.care.assessment import queries
from glidepath.care.assessment.tests.told import answer, record
from glidepath.care.flow import admission
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput
from glidepath.record.people import queries as read, services as people
from tests.cast import admitted_person, client_for, enquiring_person, episode_of

pytestmark = pytest.mark.django_db


def test_at_the_admission_of_a_returning_person_nothing_is_answered_beforehand(cast, frozen_clock):
    person = admitted_person(cast)
    answer(person, cast.nurse, **dict.fromkeys(admission.MUST_BE_ASKED, "no"))
    record(person, cast.nurse)
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    frozen_clock.tick(days=40)
    parts = {part.key: part for part in admission.parts(person)}
    assert not parts["questions"].done
    assert not parts["medicines"].done
    client, address = client_for(cast.admissions), reverse("flow:admission", args=[person.public_id])
    page = client.get(address).content.decode()
    assert " checked" not in page
    assert page.count("<b>no</b>, not confirmed in this stay") == len(admission.MUST_BE_ASKED)
    told = {"part": "questions", "once": "d1", "saw": queries.newest_answer(person)}
    client.post(address, told | dict.fromkeys(admission.MUST_BE_ASKED, "no"))
    assert {part.key: part for part in admission.parts(person)}["questions"].done
    assert episode_of(person).stage == Stage.ENQUIRY, "what is told at the door is of the stay that begins"
    assert queries.facts(person).alcohol_dependent is False


def back_after_a_stay(cast, frozen_clock, **known):
    """Somebody whose allergy was recorded in a stay that ended 40 days ago, and who calls again."""
    person = admitted_person(cast)
    if known:
        people.record_allergy(person=person, by=cast.nurse, **known)
    else:
        people.no_known_allergies(person=person, by=cast.nurse)
    episodes.change_stage(episode=episode_of(person), stage=Stage.DISCHARGED, by=cast.physician)
    frozen_clock.tick(days=40)
    return person


def is_done(person) -> bool:
    return {part.key: part.done for part in admission.parts(person)}["allergies"]


@pytest.mark.parametrize("known", [{"substance": "penicillin", "reaction": "rash"}, {}])
def test_allergies_of_an_earlier_stay_are_asked_again_and_one_tap_says_that_they_are_still_right(
    cast, frozen_clock, known
):
    person = back_after_a_stay(cast, frozen_clock, **known)
    assert not is_done(person)
    client, address = client_for(cast.admissions), reverse("flow:admission", args=[person.public_id])
    page = client.get(address).text
    assert "known from an earlier stay" in page
    assert "still right?" in page
    sent = {"part": "allergies", "once": "a1", "still_right": "on"}
    assert client.post(address, sent).status_code == 302
    client.post(address, sent)
    assert is_done(person)
    assert "still right?" not in client.get(address).text
    (stands,) = read.allergies(person).statements
    assert (stands.substance, stands.reaction) == (known.get("substance", ""), known.get("reaction", ""))
    assert stands.none_known is not bool(known)
    assert [one.correction_reason for one in read.allergy_history(person)] == ["asked again: still right", ""]


def test_another_allergy_told_at_the_door_is_an_answer_of_this_stay_too(cast, frozen_clock):
    person = back_after_a_stay(cast, frozen_clock, substance="penicillin")
    episodes.open_enquiry(person=person, by=cast.admissions)
    people.record_allergy(person=person, substance="latex", by=cast.nurse)
    assert is_done(person)
    assert {one.substance for one in read.allergies(person).known} == {"penicillin", "latex"}


def test_two_answers_at_once_or_nothing_to_confirm_are_refused(cast, frozen_clock):
    person = back_after_a_stay(cast, frozen_clock)
    sent = {"part": "allergies", "once": "a2", "still_right": "on", "substance": "latex"}
    answered = client_for(cast.admissions).post(reverse("flow:admission", args=[person.public_id]), sent)
    assert answered.status_code == 422
    assert "one of the two" in answered.text
    with pytest.raises(BadInput, match="Nobody has asked"):
        people.confirm_allergies(person=enquiring_person(cast), by=cast.nurse)
