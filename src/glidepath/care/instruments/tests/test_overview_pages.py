"""The list of what waits, the scores over time, and asking for a form."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.instruments import queries, services
from glidepath.clinical.facts.load import instrument
from tests.cast import client_for, enquiring_person


def fill(person, cast, key: str, value: str, tag: str):
    form = services.open_form(person=person, instrument=key, filled_by="self", by=cast.nurse)
    for item in instrument(key).items:
        services.answer(form=form, item=item.key, given=value, client_key=f"{tag}-{item.key}-tap", by=cast.nurse)
    services.close_form(form=form, by=cast.nurse)
    return form


def test_the_list_names_who_waits_for_what(cast, person):
    page = client_for(cast.nurse).get(reverse("instruments:waiting")).content.decode()
    assert person.preferred_name in page
    assert f"Begin PHQ-9 for {person.preferred_name}" in page


def test_who_may_fill_in_nothing_has_no_list(cast):
    assert client_for(cast.pharmacist).get(reverse("instruments:waiting")).status_code == 403


def test_what_is_not_theirs_to_see_is_not_on_the_list(cast, person):
    page = client_for(cast.off_shift_nurse).get(reverse("instruments:waiting")).content.decode()
    assert person.preferred_name not in page


def test_200_people_take_as_many_queries_on_the_list_as_20(cast):
    people = [enquiring_person(cast, preferred_name=f"N{number:03}") for number in range(20)]
    client, address = client_for(cast.nurse), reverse("instruments:waiting")
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert people[0].preferred_name in client.get(address).content.decode()
    for number in range(20, 200):
        enquiring_person(cast, preferred_name=f"N{number:03}")
    with CaptureQueriesContext(connection) as many:
        assert "N199" in client.get(address).content.decode()
    assert len(few) == len(many)


def test_scores_over_time_take_as_many_queries_for_many_forms_as_for_one(cast, person, frozen_clock):
    client, address = client_for(cast.nurse), reverse("instruments:trends", args=[person.public_id])
    client.get(address)
    fill(person, cast, "gad_7", "2", "a")
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(6):
        frozen_clock.tick(minutes=1)
        fill(person, cast, "gad_7", "1", f"b{number}")
    client.get(address)  # the session is kept alive once a minute
    with CaptureQueriesContext(connection) as seven:
        page = client.get(address).content.decode()
    assert "From 14 to 7" in page
    assert len(one) == len(seven)


def test_a_clinician_asks_for_a_form_and_takes_it_back(cast, person):
    client, address = client_for(cast.physician), reverse("instruments:ask", args=[person.public_id])
    client.post(address, {"once": "a1", "instrument": "ciwa_ar", "words": "drank yesterday", "act": "ask"})
    assert queries.asked_for([person])[person.pk] == {"ciwa_ar"}
    assert "CIWA-Ar" in client.get(reverse("instruments:forms", args=[person.public_id])).content.decode()
    client.post(address, {"once": "a2", "instrument": "ciwa_ar", "act": "take_back"})
    assert queries.asked_for([person]) == {}


def test_nonsense_is_asked_for_by_nobody(cast, person):
    address = reverse("instruments:ask", args=[person.public_id])
    client_for(cast.physician).post(address, {"once": "a1", "instrument": "horoscope", "act": "ask"})
    assert queries.asked_for([person]) == {}
    assert client_for(cast.counsellor).post(address, {"once": "a2", "instrument": "mdq"}).status_code == 403


def test_a_form_begun_from_the_list_knows_which_days_it_answers(cast, person):
    client = client_for(cast.nurse)
    client.post(reverse("instruments:forms", args=[person.public_id]), {"once": "b1", "instrument": "phq_9"})
    [form] = queries.open_forms(person)
    assert (form.due_first, form.due_last) == (form.happened_at.date(), form.happened_at.date())


def test_what_was_said_of_sex_for_one_form_is_proposed_for_the_next(cast, person):
    address = reverse("instruments:forms", args=[person.public_id])
    client = client_for(cast.nurse)
    assert 'value="female" selected' not in client.get(address).content.decode()
    client.post(address, {"once": "s1", "instrument": "audit_c", "sex": "female"})
    assert 'value="female" selected' in client.get(address).content.decode()
