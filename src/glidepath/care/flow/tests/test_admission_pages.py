"""The pages of the way in: somebody known is found first, and nothing typed is lost."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.assessment import queries as assessment
from glidepath.care.assessment.models import BenzodiazepineUse, PersonFact
from glidepath.care.flow import admission
from glidepath.care.flow.models import Enquiry
from glidepath.care.flow.tests import doors
from glidepath.record.audit.models import AuditLine
from glidepath.record.consent.models import Consent
from glidepath.record.episodes.models import Episode, Stage
from glidepath.record.episodes.queries import bed_of
from glidepath.record.people.models import AllergyStatement, Person
from tests.cast import admitted_person, client_for, enquiring_person, episode_of, make_centre, new_person

pytestmark = pytest.mark.django_db

NADIA = {"legal_name": "Nadia Okonkwo", "birth_date": "1984-02-29"}
CALL = NADIA | {"caller": "her sister", "words": "wants to stop on Monday", "told_not_to_stop": "on"}
DOORS = {"flow:admit": NADIA, "flow:enquiry": CALL}


@pytest.fixture
def desk(cast):
    """The admissions desk at its screen."""
    return client_for(cast.admissions)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def enter(client, door="flow:admit", **typed):
    return client.post(reverse(door), {"once": doors.once()} | DOORS[door] | typed)


# --- Find first -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("door", DOORS)
def test_nobody_can_be_entered_before_somebody_looked(desk, door):
    page = text(desk.get(reverse(door)))
    assert "Find first" in page
    assert "Begin the admission" not in page
    assert "Record this call" not in page


def test_a_first_call_page_says_before_all_else_not_to_stop(desk):
    page = text(desk.get(reverse("flow:enquiry")))
    assert page.index("do not stop suddenly") < page.index("Find first")


def test_a_known_person_is_found_and_their_record_offered(cast, desk):
    known = new_person(cast, legal_name="Nadia Okonkwo", preferred_name="Nadi", birth_date=doors.NADIA.birth_date)
    page = text(desk.get(reverse("flow:admit"), NADIA))
    assert "Go on with Nadi" in page
    assert reverse("flow:come_back", args=[known.public_id]) in page


def test_a_search_names_in_its_line_whom_it_showed(cast, desk):
    known = new_person(cast, legal_name="Nadia Okonkwo", birth_date=doors.NADIA.birth_date)
    desk.get(reverse("flow:admit"), NADIA)
    assert AuditLine.objects.filter(action="people.searched").latest("seq").people == [known.pk]


def test_what_was_looked_for_stands_in_the_form_and_is_not_typed_twice(desk):
    page = text(desk.get(reverse("flow:admit"), NADIA))
    assert page.count('value="Nadia Okonkwo"') == 2
    assert page.count('value="1984-02-29"') == 2


def test_a_search_with_a_day_that_does_not_exist_says_so_and_keeps_it(desk):
    page = text(desk.get(reverse("flow:admit"), NADIA | {"birth_date": "1984-02-31"}))
    assert "Enter a valid date" in page
    assert 'value="1984-02-31"' in page


def test_going_on_with_a_known_person_opens_one_episode_however_often_it_is_sent(cast, desk):
    known = new_person(cast)
    for _ in range(2):
        answer = desk.post(reverse("flow:come_back", args=[known.public_id]))
    assert answer.url == reverse("flow:admission", args=[known.public_id])
    assert Episode.objects.filter(person=known).count() == 1


# --- A new person -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("door", "next_page"), [("flow:admit", "flow:admission"), ("flow:enquiry", "flow:screen")])
def test_a_new_person_leads_on_to_their_admission_or_after_a_call_to_their_screen(desk, door, next_page):
    answer = enter(desk, door)
    assert answer.url == reverse(next_page, args=[Person.objects.get().public_id])


@pytest.mark.parametrize("door", DOORS)
def test_a_form_sent_twice_enters_one_person_with_one_call(desk, door):
    key = doors.once()
    first, second = enter(desk, door, once=key), enter(desk, door, once=key)
    assert first.url == second.url
    assert (Person.objects.count(), Episode.objects.count()) == (1, 1)
    assert Enquiry.objects.count() == (door == "flow:enquiry")


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"legal_name": ""}, "required"),
        ({"legal_name": "   "}, "required"),
        ({"birth_date": ""}, "required"),
        ({"birth_date": "1984-02-31"}, "valid date"),
        ({"birth_date": "2026-11-18"}, "lies ahead. Check the birth date"),
        ({"birth_date": "1804-02-29"}, "Check the year"),
        ({"legal_name": "N" * 161}, "at most 160"),
    ],
)
def test_what_is_wrong_comes_back_with_everything_that_was_typed(desk, door, wrong, said):
    answer = enter(desk, door, phone="020 7946 0999", pronouns="she/her", **wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    typed = DOORS[door] | {"phone": "020 7946 0999", "pronouns": "she/her"} | wrong
    kept = [value for name, value in typed.items() if name != "told_not_to_stop" and value.strip()]
    assert [value for value in kept if value not in text(answer)] == []
    assert not Person.objects.exists()


def test_a_person_who_is_here_already_is_shown_whatever_was_looked_for_before(cast, desk):
    new_person(cast, legal_name="Nadia Okonkwo", preferred_name="Nadi", birth_date=doors.NADIA.birth_date)
    other = reverse("flow:admit") + "?legal_name=Somebody+Else&birth_date=1970-01-01"
    answer = desk.post(other, NADIA | {"once": doors.once()})
    assert answer.status_code == 422
    assert "is here already" in text(answer)
    assert "Go on with Nadi" in text(answer)
    assert Person.objects.count() == 1


def test_somebody_who_looked_and_says_it_is_another_person_enters_them(cast, desk):
    new_person(cast, legal_name="Nadia Okonkwo", birth_date=doors.NADIA.birth_date)
    assert enter(desk, not_the_same="on").status_code == 302
    assert Person.objects.count() == 2


def test_a_call_whose_advice_was_not_given_comes_back_with_what_to_say(desk):
    answer = enter(desk, "flow:enquiry", told_not_to_stop="")
    assert answer.status_code == 422
    assert "Tell the caller first: do not stop suddenly" in text(answer)
    assert "wants to stop on Monday</textarea>" in text(answer)


@pytest.mark.parametrize("role", ["pharmacist", "counsellor", "peer_worker", "manager", "auditor", "administrator"])
@pytest.mark.parametrize("door", DOORS)
def test_whose_role_opens_no_door_is_refused_with_who_may(cast, door, role):
    answer = client_for(getattr(cast, role)).get(reverse(door))
    assert answer.status_code == 403
    assert "It is for" in text(answer)


# --- Part by part -----------------------------------------------------------------------------------------------------


def at(person) -> str:
    return reverse("flow:admission", args=[person.public_id])


USE = {
    "part": "medicines", "medicine_name": "lorazepam", "regimen": "lorazepam 1 mg 08:00 20:00", "days_per_week": "7",
    "months": "72", "source": "prescribed", "beginning": "long_term", "first_reason": "sleep after a death",
}  # fmt: skip
ALLERGY = {"part": "allergies", "substance": "penicillin", "reaction": "rash"}
QUESTIONS = {
    "part": "questions", "alcohol_dependent": "unknown", "opioid_active": "no", "past_seizure": "yes",
    "suicidality_voiced": "no", "falls_risk": "unknown",
}  # fmt: skip
CONSENT = {"part": "consent", "decision": "given", "how": "signed on paper"}


def answer_part(client, person, typed, **changed):
    return client.post(at(person), {"once": doors.once()} | typed | changed)


def test_the_page_names_every_open_part_and_offers_no_bed(cast, desk):
    page = text(desk.get(at(enquiring_person(cast))))
    for said in ("Ask about allergies", "Record each benzodiazepine", "Ask about alcohol, opioids", "Ask for consent"):
        assert said in page
    assert "Beds open when the parts above are answered" in page
    assert 'name="bed"' not in page


def test_alcohol_and_opioids_are_asked_and_nothing_is_answered_beforehand(cast, desk):
    page = desk.get(at(enquiring_person(cast)))
    boxes = page.context["forms"]["questions"].fields
    assert set(admission.ALWAYS_ASKED) == set(boxes) - {"once", "saw"}
    for name in admission.ALWAYS_ASKED:
        assert f'name="{name}" value="unknown"' in text(page), name
    assert " checked" not in text(page)


@pytest.mark.parametrize(
    ("typed", "rows"),
    [(ALLERGY, AllergyStatement), (USE, BenzodiazepineUse), (QUESTIONS, PersonFact), (CONSENT, Consent)],
    ids=["allergies", "medicines", "questions", "consent"],
)
def test_each_part_is_kept_as_it_is_answered_and_once_however_often_it_is_sent(cast, desk, typed, rows):
    person, key = enquiring_person(cast), doors.once()
    for _ in range(2):
        assert answer_part(desk, person, typed, once=key).url == at(person)
    assert rows.objects.filter(person=person).count() == (5 if rows is PersonFact else 1)
    assert next(part for part in admission.parts(person) if part.key == typed["part"]).done


def test_a_yes_to_thoughts_of_suicide_calls_at_once_and_says_to_stay(cast, desk):
    person = enquiring_person(cast, preferred_name="Nadia")
    answer_part(desk, person, QUESTIONS, suicidality_voiced="yes")
    assert [one.alarm.cause for one in open_alarms([person])] == ["SUI-1"]
    assert "A clinician is called to Nadia now. Stay with Nadia until somebody is there." in text(desk.get(at(person)))


def test_not_known_is_an_answer_and_is_kept_as_one(cast, desk):
    person = enquiring_person(cast)
    answer_part(desk, person, QUESTIONS)
    told = assessment.answers([person])[person.pk]
    assert (told["alcohol_dependent"].value, told["past_seizure"].value) == ("unknown", "yes")
    assert "dx_epilepsy" not in told
    assert assessment.facts(person).alcohol_dependent is None


@pytest.mark.parametrize(
    ("typed", "wrong", "said"),
    [
        (USE, {"medicine_name": "lorazepan", "regimen": "lorazepan 1 mg 08:00"}, "Did you mean lorazepam"),
        (USE, {"medicine_name": ""}, "required"),
        (USE, {"regimen": "lorazepam 0 mg 08:00"}, "dose of zero"),
        (USE, {"regimen": "lorazepam -1 mg 08:00"}, "zero or more"),
        (USE, {"regimen": "lorazepam 100000 mg 08:00"}, "Check the number and the unit"),
        (USE, {"regimen": "lorazepam 1 mg 25:00"}, "does not exist on a clock"),
        (USE, {"regimen": "diazepam 10 mg 08:00"}, "one medicine a line"),
        (USE, {"days_per_week": "9"}, "less than or equal to 7"),
        (USE, {"days_per_week": "0"}, "greater than or equal to 1"),
        (USE, {"months": "-3"}, "greater than or equal to 0"),
        (USE, {"months": "many"}, "Enter a number"),
        (USE, {"last_dose_at": "2026-02-31T08:00"}, "valid date"),
        (USE, {"last_dose_at": "2026-11-17T10:01"}, "cannot lie ahead"),
        (USE, {"source": ""}, "required"),
        (ALLERGY, {"substance": "", "reaction": "rash"}, "Name the substance, or say that none is known"),
        (ALLERGY, {"none_known": "on"}, "one of the two"),
        (QUESTIONS, {"opioid_active": "perhaps"}, "not one of the available choices"),
        (CONSENT, {"decision": ""}, "required"),
        (CONSENT, {"how": ""}, "how"),
    ],
)
def test_a_part_that_cannot_be_comes_back_with_what_was_typed(cast, desk, typed, wrong, said):
    person = enquiring_person(cast)
    answer = answer_part(desk, person, typed, **wrong)
    assert answer.status_code == 422
    assert said in text(answer)
    kept = [value for name, value in (typed | wrong).items() if name in ("regimen", "first_reason", "reaction", "how")]
    assert [value for value in kept if f'value="{value}"' not in text(answer) and value] == []
    assert not BenzodiazepineUse.objects.exists()
    assert not PersonFact.objects.exists()
    assert not Consent.objects.exists()


def test_a_product_nobody_knows_is_kept_by_its_name_without_an_amount(cast, desk):
    person = enquiring_person(cast)
    assert answer_part(desk, person, USE, medicine_name="blue pills", regimen="").status_code == 302
    (use,) = assessment.uses(person)
    assert (use.medicine, use.medicine_name, use.daily_ng) == ("", "blue pills", None)
    assert "amount not known" in text(desk.get(at(person)))


def test_a_part_that_does_not_exist_is_refused_in_words(cast, desk):
    answer = answer_part(desk, enquiring_person(cast), {"part": "fingerprints"})
    assert answer.status_code == 422
    assert "Open the page again" in text(answer)


def test_a_colleague_records_no_doses_at_the_door(cast):
    answer = answer_part(client_for(cast.counsellor), enquiring_person(cast), USE)
    assert answer.status_code == 403
    assert not BenzodiazepineUse.objects.exists()


# --- The bed ----------------------------------------------------------------------------------------------------------


def take_bed(client, person, bed, **more):
    return client.post(at(person), {"part": "bed", "bed": bed.public_id, "once": doors.once()} | more)


def test_a_nurse_admits_into_a_bed_and_goes_on_to_the_first_observation(cast):
    person = doors.answered_person(cast)
    answer = take_bed(client_for(cast.nurse), person, cast.beds[2])
    assert answer.url == reverse("monitoring:person", args=[person.public_id])
    assert bed_of(person).bed == cast.beds[2]


def test_the_desk_that_admits_is_led_to_a_page_it_may_open(cast, desk):
    answer = take_bed(desk, doors.answered_person(cast), cast.beds[0])
    assert desk.get(answer.url).status_code == 200


def test_a_nurse_who_admits_into_another_unit_is_led_to_a_page_they_may_open(cast):
    nurse = client_for(cast.nurse)
    answer = take_bed(nurse, doors.answered_person(cast), cast.other_bed)
    assert nurse.get(answer.url).status_code == 200


def test_a_bed_form_sent_twice_admits_once_and_is_no_error(cast, desk):
    person, key = doors.answered_person(cast), doors.once()
    first, second = (take_bed(desk, person, cast.beds[0], once=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert episode_of(person).stage == Stage.ADMITTED


def test_a_bed_taken_meanwhile_is_said_with_who_was_first_and_the_free_ones_are_shown(cast, desk):
    person = doors.answered_person(cast)
    admitted_person(cast, bed=cast.beds[0])
    answer = take_bed(desk, person, cast.beds[0])
    assert answer.status_code == 422
    assert "was taken by Marta Lindqvist meanwhile" in text(answer)
    assert str(cast.beds[0].public_id) not in text(answer)
    assert str(cast.beds[1].public_id) in text(answer)
    assert bed_of(person) is None


@pytest.mark.parametrize(
    ("bed", "said"),
    [("", "Choose a bed."), ("the one by the window", "Choose one of the free beds")],
)
def test_no_bed_or_one_that_does_not_exist_is_refused_in_words(cast, desk, bed, said):
    answer = desk.post(at(doors.answered_person(cast)), {"part": "bed", "bed": bed, "once": doors.once()})
    assert answer.status_code == 422
    assert said in text(answer)


def test_a_bed_of_another_centre_does_not_exist_here(cast, desk):
    elsewhere = make_centre("Fernhill")
    answer = take_bed(desk, doors.answered_person(cast), elsewhere.beds[0])
    assert answer.status_code == 422
    assert "does not exist here" in text(answer)


def test_a_stale_form_with_a_part_open_again_admits_nobody(cast, desk):
    person = doors.answered_person(cast)
    answer_part(desk, person, CONSENT, decision="declined", how="")
    answer = take_bed(desk, person, cast.beds[0])
    assert answer.status_code == 422
    assert bed_of(person) is None


def test_a_read_of_the_admission_leaves_one_line(cast, desk):
    person = enquiring_person(cast)
    desk.get(at(person))
    line = AuditLine.objects.get(action="admission.read")
    assert (line.kind, line.actor_id, line.person_id) == ("read", cast.admissions.pk, person.pk)


@pytest.mark.parametrize("role", ["case_manager", "pharmacist", "manager", "auditor", "administrator", "stranger"])
def test_who_admits_nobody_sees_no_admission(cast, role):
    assert client_for(getattr(cast, role)).get(at(enquiring_person(cast))).status_code in (403, 404)
