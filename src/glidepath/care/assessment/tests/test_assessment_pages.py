"""The pages of the assessment: each answer is kept by itself, others' are shown, and each role sees its part."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarm
from glidepath.care.assessment import queries, services
from glidepath.care.assessment.models import DomainSignature, Mouth, PersonFact, Said
from glidepath.care.assessment.tests.told import answer
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, client_for

pytestmark = pytest.mark.django_db
READERS = ["physician", "nurse", "pharmacist", "counsellor", "psychologist"]
OTHERS = ["admissions", "peer_worker", "manager", "auditor", "administrator", "stranger"]


def at(name, person, *more):
    return reverse(f"assessment:{name}", args=[person.public_id, *more])


def text(response) -> str:
    return html.unescape(response.content.decode())


def tap(client, person, name, value, domain="medical", *, saw=0, mouth="person", once="", htmx=False):
    headers = {"HX-Request": "true"} if htmx else {}
    given = {"name": name, "value": value, "mouth": mouth, "saw": saw, "once": once or f"{name}-{value}-{mouth}"}
    return client.post(at("answer", person, domain), given, headers=headers)


@pytest.mark.parametrize("role", READERS)
def test_who_cares_sees_every_part(cast, person, role):
    client = client_for(getattr(cast, role))
    assert client.get(at("overview", person)).status_code == 200
    for key in ("benzodiazepines", "substances", "medical", "psychiatric", "medicines", "person", "social"):
        assert client.get(at("domain", person, key)).status_code == 200
    assert AuditLine.objects.filter(action="assessment.read", person_id=person.pk).count() == 8


@pytest.mark.parametrize("role", OTHERS)
def test_who_reads_no_charts_sees_no_assessment(cast, person, role):
    client = client_for(getattr(cast, role))
    for page in (at("overview", person), at("domain", person, "medical"), at("news", person, "medical")):
        assert client.get(page).status_code in (403, 404)


def test_a_part_that_does_not_exist_is_not_found(cast, person):
    assert client_for(cast.nurse).get(at("domain", person, "aura")).status_code == 404


def test_one_tap_keeps_one_answer_and_shows_its_mouth(cast, person):
    client = client_for(cast.nurse)
    response = tap(client, person, "dx_osa", "yes", mouth="family", htmx=True)
    assert response.status_code == 200
    assert "says family or a friend" in text(response)
    assert "<html" not in text(response)
    row = PersonFact.objects.get()
    assert (row.value, row.mouth, row.recorded_by) == ("yes", "family", cast.nurse)


def test_without_scripts_the_page_comes_back_at_the_question(cast, person):
    response = tap(client_for(cast.nurse), person, "dx_osa", "yes", mouth="family")
    assert (response.status_code, response.url) == (303, f"{at('domain', person, 'medical')}?from=family#ask-dx_osa")


def test_the_same_tap_twice_is_one_answer(cast, person):
    client = client_for(cast.nurse)
    for _ in range(2):
        tap(client, person, "dx_osa", "yes", once="same", htmx=True)
    assert PersonFact.objects.count() == 1


def test_what_arrived_meanwhile_is_shown_and_not_overwritten(cast, person):
    answer(person, cast.psychologist, dx_osa="no")
    shown = text(tap(client_for(cast.nurse), person, "dx_osa", "yes", saw=0, htmx=True))
    assert "They disagree" in shown
    assert cast.psychologist.name in shown
    assert cast.nurse.name in shown


def test_the_news_names_who_answered_and_not_oneself(cast, person):
    client = client_for(cast.nurse)
    answer(person, cast.nurse, dx_osa="no")
    assert "answered here" not in text(client.get(at("news", person, "medical")))
    answer(person, cast.psychologist, liver_severe="no")
    answer(person, cast.psychologist, dx_mood="no")  # another part's
    shown = text(client.get(at("news", person, "medical")))
    assert f"{cast.psychologist.name} answered here" in shown
    assert "severe liver disease" in shown
    assert "mood" not in shown


@pytest.mark.parametrize("saw", ["", "x", "9" * 40, "-1", "²"])
def test_a_news_address_that_was_tampered_with_breaks_nothing(cast, person, saw):
    assert client_for(cast.nurse).get(at("news", person, "medical"), {"saw": saw}).status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "maybe"}, "yes, no or unknown"),
        ({"value": ""}, "Give an answer"),
        ({"saw": ""}, "Open the page again"),
        ({"saw": "9" * 40}, "Open the page again"),
        ({"mouth": "a bird"}, "a bird"),
        ({"value": "x" * 1001, "name": "pain_story"}, "1000 characters at most"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_cannot_be_is_said_at_the_question_and_nothing_is_kept(cast, person, given, said, htmx):
    right = {"name": "dx_osa", "value": "yes", "mouth": "person", "saw": "0", "once": "o1"}
    headers = {"HX-Request": "true"} if htmx else {}
    response = client_for(cast.nurse).post(at("answer", person, "medical"), right | given, headers=headers)
    assert response.status_code == 422
    assert said in text(response)
    assert not PersonFact.objects.exists()


def test_what_was_typed_comes_back(cast, person):
    long = "word " * 300
    response = tap(client_for(cast.nurse), person, "pain_story", long, once="long", htmx=True)
    assert response.status_code == 422
    assert long.strip() in text(response)


def test_a_question_of_another_part_is_refused(cast, person):
    assert tap(client_for(cast.nurse), person, "dx_mood", "yes").status_code == 422
    assert not PersonFact.objects.exists()


def test_an_answer_that_calls_says_so_at_once(cast, person):
    shown = text(tap(client_for(cast.counsellor), person, "suicidality_voiced", "yes", "psychiatric", htmx=True))
    assert "A clinician is called to Danilo now" in shown
    assert open_alarm(person, "SUI-1") is not None


def test_a_clinician_chooses_between_two_mouths(cast, person):
    yes = services.record_facts(person=person, answers={"dx_osa": "yes"}, by=cast.nurse)[0]
    services.record_facts(person=person, answers={"dx_osa": "no"}, by=cast.nurse, mouth=Mouth.FAMILY)
    client = client_for(cast.nurse)
    page = text(client.get(at("domain", person, "medical")))
    assert page.count("They disagree") == 1
    assert "1 disagrees" in text(client.get(at("overview", person)))
    given = {"name": "dx_osa", "chosen": yes.public_id, "reason": "", "once": "c1"}
    response = client.post(at("settle", person, "medical"), given, headers={"HX-Request": "true"})
    assert (response.status_code, "Say why" in text(response)) == (422, True)
    response = client.post(at("settle", person, "medical"), given | {"reason": "The sleep study says so."})
    assert response.status_code == 303
    page = text(client.get(at("domain", person, "medical")))
    assert "They disagree" not in page
    assert "chosen: The sleep study says so." in page


def test_signing_needs_words_and_the_pin_and_is_then_seen_by_all(cast, person):
    answer(person, cast.nurse, dx_osa="no")
    client = client_for(cast.nurse)
    page = text(client.get(at("sign", person, "medical")))
    assert "Does the person have sleep apnoea?" in page
    shown = queries.part(person, "medical").own_of(cast.nurse).digest
    given = {"shown": shown, "words": "Healthy in body.", "once": "s1"}
    assert "Sign with your PIN" in text(client.post(at("sign", person, "medical"), given))
    assert client.post(at("sign", person, "medical"), given | {"pin": PIN}).status_code == 303
    assert DomainSignature.objects.get().words == "Healthy in body."
    assert "“Healthy in body.”" in text(client_for(cast.physician).get(at("domain", person, "medical")))
    tap(client, person, "dx_osa", "yes", saw=queries.newest_answer(person))
    assert "changed since signed" in text(client.get(at("domain", person, "medical")))
    assert "changed since signed" in text(client.get(at("overview", person)))


def test_the_list_of_medicines_names_what_is_not_checked(cast, person):
    for medicine in (
        services.Medicine("alprazolam", ("person",)), services.Medicine("fluvoxamine", ("letter",)),
        services.Medicine("methadone", ("pharmacy",), is_sedative=Said.YES, is_opioid=Said.YES),
    ):  # fmt: skip
        services.record_medicine(person=person, medicine=medicine, by=cast.pharmacist)
    page = text(client_for(cast.pharmacist).get(at("domain", person, "medicines")))
    assert "Fluvoxamine raises the level of alprazolam" in page
    assert "alprazolam with methadone" in page
    assert "fluvoxamine with methadone" in page
    assert "not in our facts" in page
    assert "JCG-17" in page


def test_a_prescriber_decides_on_a_page_of_its_own(cast, person):
    line = services.record_medicine(person=person, medicine=services.Medicine("sertraline", ("person",)), by=cast.nurse)
    client = client_for(cast.physician)
    address = at("decide", person, line.public_id)
    assert client.post(address, {"once": "d1", "pin": PIN}).status_code == 422
    given = {"once": "d1", "pin": PIN, "decision": "continue", "reason": "it helps"}
    assert client.post(address, given).status_code == 303
    assert "Continue" in text(client.get(at("domain", person, "medicines")))
    assert client_for(cast.nurse).get(address).status_code == 403
    assert client_for(cast.pharmacist).get(at("check", person, line.public_id)).status_code == 200


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("past_taper", {"medicine_name": "lorazepam", "seizure": "no", "speed": "a quarter a week"}),
        ("substance", {"substance": "alcohol", "amount": "two glasses"}),
        ("add_medicine", {"medicine_name": "sertraline", "sources": ["person", "letter"]}),
    ],
)
def test_an_entry_is_kept_once_and_an_empty_one_comes_back(cast, person, page, typed):
    client = client_for(cast.nurse)
    assert client.get(at(page, person)).status_code == 200
    assert client.post(at(page, person), {"once": "e1"}).status_code == 422
    for _ in range(2):
        assert client.post(at(page, person), typed | {"once": "e1"}).status_code == 303
    found = queries.entries(person)
    assert len((*found.past_tapers, *found.substances, *found.medicines)) == 1


def test_a_page_takes_as_many_queries_for_thirty_answers_as_for_three(cast, person):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_for(cast.nurse)
    pages = (at("overview", person), at("domain", person, "medical"), at("domain", person, "medicines"))
    answer(person, cast.nurse, dx_osa="yes", driving="no", pregnant="no")
    services.record_medicine(person=person, medicine=services.Medicine("sertraline", ("person",)), by=cast.nurse)
    counted = []
    for round_ in range(2):
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as found:
                client.get(page)
            counted.append((page, len(found)))
        if round_ == 0:
            for part in queries.parts(person):
                for name in part.domain.names[:5]:
                    answer(person, cast.physician, **{name: "unknown"})
            for name in ("aspirin", "cimetidine", "fluvoxamine"):
                services.record_medicine(person=person, medicine=services.Medicine(name, ("person",)), by=cast.nurse)
    assert counted[:3] == counted[3:]
