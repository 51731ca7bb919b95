"""The pages of a call and a screen: what is known is not asked again, nothing typed is lost, and who may see it."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.assessment import queries as assessment, services as assessing
from glidepath.care.flow import queries, services
from glidepath.care.flow.models import Decision, Enquiry
from glidepath.care.flow.tests import doors
from glidepath.care.flow.tests.screens import BRIDGED, TOMORROW, call, decide, lorazepam, screened
from glidepath.clinical.guidelines.first_call import RED_FLAGS
from glidepath.record.audit.models import AuditLine
from glidepath.record.people.models import Person
from tests.cast import PIN, client_for, enquiring_person, episode_of

pytestmark = pytest.mark.django_db

CALL = {
    "legal_name": "Nadia Okonkwo",
    "birth_date": "1984-02-29",
    "caller": "her sister",
    "told_not_to_stop": "on",
    "advice": ["no_skipping", "no_mixing"],
    "agrees": "yes",
    "place": "at home",
    "handed_to": "Marta Lindqvist",
    **{f"flag_{key}": "no" for key in RED_FLAGS},
    "alcohol_dependent": "declined",
    "use-medicine_name": "Xanax",
    "use-regimen": "alprazolam 1 mg 08:00 22:00",
    "use-source": "prescribed",
    "use-beginning": "unknown",
    "use-last_dose_at": "2026-11-17T08:05",
}
REDIRECT = {name: str(value) for name, value in BRIDGED.items() if name != "said"} | {"said": ["no_skipping"]}


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def take(cast, **typed):
    return client_for(cast.admissions).post(reverse("flow:enquiry"), {"once": doors.once()} | CALL | typed)


def address(person, name="flow:screen"):
    return reverse(name, args=[person.public_id])


def send(staff, person, part, **typed):
    return client_for(staff).post(address(person), {"once": doors.once(), "part": part} | typed)


def page(staff, person):
    return text(client_for(staff).get(address(person)))


# --- The call ---------------------------------------------------------------------------------------------------------


def test_a_call_keeps_everything_and_leads_to_the_screen(cast):
    answer = take(cast)
    person = Person.objects.get()
    assert answer.url == address(person)
    (use,) = assessment.uses(person)
    assert (use.medicine_name, use.beginning) == ("alprazolam", "unknown")
    assert assessment.answers([person])[person.pk]["alcohol_dependent"].value == "declined"
    shown = page(cast.nurse, person)
    assert "Told not to stop suddenly, skip no doses, add no alcohol and no opioids" in shown
    assert "next usual dose" in shown
    assert "alprazolam, 22:00" in shown


def piece(shown: str, fact: str) -> str:
    """The part of a page that asks one fact."""
    return re.search(rf'id="ask-{fact}".*?(?=id="ask-|</main>)', shown, re.DOTALL)[0]


def test_what_the_caller_told_stands_on_the_screen_the_admission_and_the_next_call_as_told_on_the_call(cast):
    take(cast, pregnant="no", agrees="self")
    person = Person.objects.get()
    for name in ("flow:screen", "flow:admission", "flow:call"):
        asks = piece(text(client_for(cast.nurse).get(address(person, name))), "pregnant")
        assert "as told on the call" in asks, name
        assert re.search(r'value="no"[^>]*checked', asks), name


def test_a_further_call_writes_only_what_is_told_anew(cast):
    person = call(cast, facts={"pregnant": "no", "opioid_active": "no"})
    before = assessment.newest_answer(person)
    typed = {"caller": "herself", "told_not_to_stop": "on", "agrees": "self", "saw": before, "pregnant": "no",
             "opioid_active": "yes", "once": doors.once()}  # fmt: skip
    assert client_for(cast.nurse).post(address(person, "flow:call"), typed).status_code == 302
    assert [row.name for row in assessment.said_since(person, before, ("pregnant", "opioid_active"))] == [
        "opioid_active"
    ]


def test_thoughts_of_suicide_are_never_chosen_beforehand_so_that_hearing_them_again_calls_again(cast):
    person = call(cast, facts={"suicidality_voiced": "yes"})
    for name in ("flow:screen", "flow:admission", "flow:call"):
        asks = piece(text(client_for(cast.nurse).get(address(person, name))), "suicidality_voiced")
        assert "as told on the call" in asks, name
        assert not re.search(r'name="suicidality_voiced"[^>]*checked', asks), name
    typed = {"caller": "herself", "told_not_to_stop": "on", "suicidality_voiced": "yes", "once": doors.once()}
    typed["saw"] = str(assessment.newest_answer(person))
    client_for(cast.nurse).post(address(person, "flow:call"), typed)
    (alarm,) = [one for one in open_alarms([person]) if one.alarm.cause == "SUI-1"]
    assert alarm.triggers == 2


def test_a_call_may_leave_everything_open_but_the_caller_and_the_advice(cast):
    bare = {name: "" for name in CALL if name not in ("legal_name", "birth_date", "caller", "told_not_to_stop")}
    assert take(cast, **bare | {"advice": []}).status_code == 302
    assert not assessment.uses(Person.objects.get())


def test_a_red_flag_says_again_what_to_do_after_the_call_and_on_the_screen(cast):
    client = client_for(cast.admissions)
    answer = client.post(
        reverse("flow:enquiry"), {"once": doors.once()} | CALL | {"flag_breathing": "yes"}, follow=True
    )
    shown = text(answer)
    assert "Call emergency services now and stay on the line" in shown
    assert "Emergency care" in shown


@pytest.mark.parametrize(("wrong", "said"), [
    ({"told_not_to_stop": ""}, "do not stop suddenly"),
    ({"caller": " "}, "required"),
    ({"use-medicine_name": "", "use-regimen": "1 mg"}, "required"),
    ({"use-regimen": "alprazolam two"}, "alprazolam two"),
    ({"use-last_dose_at": "2026-11-19T08:00"}, "ahead"),
    ({"flag_seizure": "perhaps"}, "perhaps"),
    ({"pregnant": "perhaps"}, "perhaps"),
])  # fmt: skip
def test_what_is_wrong_in_a_call_comes_back_with_what_was_typed(cast, wrong, said):
    answer = take(cast, **wrong)
    assert answer.status_code == 422
    shown = text(answer)
    assert said in shown
    assert 'value="at home"' in shown
    assert not Enquiry.objects.exists()


def test_a_call_about_somebody_known_is_recorded_without_asking_who_it_is(cast):
    person = call(cast)
    client = client_for(cast.case_manager)
    assert "Nadia" in text(client.get(address(person, "flow:call")))
    typed = {"once": doors.once(), "caller": "herself", "told_not_to_stop": "on"}
    answer = client.post(address(person, "flow:call"), typed)
    assert answer.url == address(person, "people:identity"), "a case manager does not screen"
    assert [one.caller for one in queries.enquiries(episode_of(person))] == ["herself", "her sister"]


def test_the_page_of_a_first_call_offers_a_call_about_somebody_known(cast):
    person = call(cast)
    asked = {"legal_name": "Nadia Okonkwo", "birth_date": "1984-02-29"}
    shown = text(client_for(cast.admissions).get(reverse("flow:enquiry"), asked))
    assert address(person, "flow:call") in shown


# --- The screen -------------------------------------------------------------------------------------------------------


def test_what_is_known_is_not_among_what_is_asked(cast):
    person = screened(cast)
    shown = page(cast.nurse, person)
    known, asked = shown.index("Known already"), shown.index("ask-past_seizure")
    assert known < asked
    assert shown.index("ask-major_medical") < known


def test_the_suggestion_says_why_and_what_could_change_it(cast):
    shown = page(cast.physician, screened(cast, past_seizure="yes"))
    assert "Residential care" in shown
    assert "Outpatient care, with an earlier seizure." in shown
    assert 'href="#ask-wd_level"' in shown
    assert "Nobody is turned away because of methadone or buprenorphine." in shown
    assert "Risk of a seizure in withdrawal" in shown


def test_every_open_question_leads_to_where_it_is_answered(cast):
    shown = page(cast.nurse, enquiring_person(cast))
    links = re.findall(r'<a href="#([a-z_-]+)">', shown)
    assert {"ask-past_seizure", "ask-wd_level", "medicine"} <= set(links)
    assert [one for one in links if f'id="{one}"' not in shown] == []


def test_answers_a_medicine_and_a_later_dose_are_kept_part_by_part(cast, frozen_clock):
    person = call(cast)
    send(cast.nurse, person, "questions", past_seizure="yes")
    send(cast.nurse, person, "medicine", medicine_name="zopiclone", source="prescribed", beginning="unknown")
    frozen_clock.set("2026-11-17T20:30")
    first = assessment.uses(person)[0]
    answer = send(cast.nurse, person, "dose", use=str(first.public_id), last_dose_at="2026-11-17T20:05")
    assert answer.url == f"{address(person)}#dose"
    assert {use.medicine_name for use in assessment.uses(person)} == {"lorazepam", "zopiclone"}
    assert assessment.answers([person])[person.pk]["past_seizure"].value == "yes"


def test_a_redirection_without_bridging_comes_back_with_all_that_was_typed(cast):
    person = call(cast)
    answer = send(cast.physician, person, "decision", **REDIRECT | {"bridging": "", "pin": PIN, "sign": "1"})
    assert answer.status_code == 422
    shown = text(answer)
    assert "Write how the person gets their usual dose until they are seen elsewhere." in shown
    assert 'value="Elm Street Practice"' in shown
    assert not Decision.objects.exists()
    answer = send(cast.physician, person, "decision", **REDIRECT | {"pin": PIN, "sign": "1"})
    assert answer.status_code == 302
    assert "their doctor prescribes the usual dose" in page(cast.nurse, person)


def test_a_nurse_prepares_and_the_physician_finds_it_typed(cast):
    person = screened(cast)
    typed = {"kind": "accept", "level": "residential", "planned_on": TOMORROW.isoformat(), "prepare": "1"}
    assert send(cast.nurse, person, "decision", **typed).status_code == 302
    shown = page(cast.physician, person)
    assert "Prepared by Marta Lindqvist" in shown
    assert f'value="{TOMORROW.isoformat()}"' in shown
    answer = send(cast.physician, person, "decision", **typed | {"sign": "1", "pin": PIN, "prepare": ""})
    assert answer.status_code == 302
    assert Decision.objects.get().recorded_by == cast.physician


@pytest.mark.parametrize("typed", [{"pin": "1111"}, {"pin": ""}])
def test_nothing_is_decided_without_the_physicians_pin(cast, typed):
    person = screened(cast)
    answer = send(cast.physician, person, "decision", **REDIRECT | {"sign": "1"} | typed)
    assert answer.status_code == 422
    assert "PIN" in text(answer)
    assert not Decision.objects.exists()


def test_a_nurse_who_sends_the_physicians_form_decides_nothing(cast):
    person = screened(cast)
    answer = send(cast.nurse, person, "decision", **REDIRECT | {"sign": "1", "pin": PIN})
    assert answer.status_code in (403, 422)
    assert not Decision.objects.exists()
    assert "Sign the decision" not in page(cast.nurse, person)


def test_a_decision_meanwhile_is_told_and_the_form_keeps_what_was_typed(cast):
    person = screened(cast)
    decide(cast, person, BRIDGED, by=cast.second_physician)
    answer = send(cast.physician, person, "decision", **REDIRECT | {"elsewhere": "the clinic", "sign": "1", "pin": PIN})
    assert answer.status_code in (409, 422)
    assert "decided meanwhile" in text(answer)
    assert Decision.objects.count() == 1


def test_who_was_seen_elsewhere_closes_and_leads_back_home(cast):
    person = call(cast)
    decide(cast, person, BRIDGED)
    assert "We called, or were called" in page(cast.nurse, person)
    answer = send(cast.nurse, person, "contact", outcome="seen", words="by Dr Whitby")
    assert answer.url == "/"
    assert queries.waiting(cast.nurse) == ()


def test_the_admission_shows_the_decision(cast):
    person = screened(cast)
    door = address(person, "flow:admission")
    assert "has no decision yet" in text(client_for(cast.nurse).get(door))
    decide(cast, person, {"kind": "accept", "level": "residential", "planned_on": TOMORROW})
    assert "Residential care, comes Wed" in text(client_for(cast.nurse).get(door))


@pytest.mark.parametrize("role", ["pharmacist", "counsellor", "psychologist", "case_manager", "peer_worker", "manager",
                                  "auditor", "administrator", "stranger"])  # fmt: skip
def test_the_screen_is_closed_to_who_does_not_screen(cast, role):
    person = call(cast)
    assert client_for(getattr(cast, role)).get(address(person)).status_code in (403, 404)
    assert send(getattr(cast, role), person, "questions", past_seizure="yes").status_code in (403, 404)


@pytest.mark.parametrize("name", ["flow:screen", "flow:call"])
def test_each_page_leaves_a_line_of_who_read_it(cast, name):
    person = call(cast)
    client_for(cast.nurse).get(address(person, name))
    action = {"flow:screen": "screen.read", "flow:call": "enquiry.read"}[name]
    assert (
        AuditLine.objects.filter(action=action, kind="read", person_id=person.pk, actor_id=cast.nurse.pk).count() == 1
    )


def test_a_part_that_does_not_exist_is_refused(cast):
    assert send(cast.nurse, call(cast), "nothing").status_code == 422


def test_the_page_takes_the_same_queries_for_one_medicine_and_for_five(cast):
    one, five = screened(cast), enquiring_person(cast)
    assessing.record_facts(person=five, answers={"past_seizure": "no"}, by=cast.nurse)
    for name in ("lorazepam", "diazepam", "zopiclone", "temazepam", "oxazepam"):
        use = lorazepam(medicine_name=name, regimen=f"{name} 1 mg 08:00")
        services.enquire(person=five, caller="they", told_not_to_stop=True, by=cast.nurse,
                         told=services.Told(use=use))  # fmt: skip
    counts = []
    for person in (one, one, five):
        client = client_for(cast.nurse)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(person)).status_code == 200
        counts.append(len(found))
    assert counts[1] == counts[2]
