"""The alarm's page and the clicks that answer it."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.alarms import queries, services
from glidepath.care.alarms.models import Rank
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import PIN, client_for


@pytest.fixture
def alarm(person, cast):
    return services.raise_alarm(
        person=person, cause="INP-12", rank=Rank.NOW, message="RASS −3: not easily roused.", do="Hold every sedative.",
        by=cast.nurse, prescriber_closes=True,
    )  # fmt: skip


def page(alarm, name="alarm"):
    return reverse(f"alarms:{name}", args=[alarm.public_id])


def test_the_page_says_what_was_found_and_what_to_do_and_is_in_the_audit(alarm, cast, person):
    answer = client_for(cast.nurse).get(page(alarm))
    assert answer.status_code == 200
    assert "RASS −3" in answer.text
    assert "Hold every sedative." in answer.text
    assert AuditLine.objects.filter(action="alarm.read", person_id=person.pk, kind="read").count() == 1


def test_one_click_says_i_am_with_them_and_leads_back(alarm, cast):
    answer = client_for(cast.nurse).post(page(alarm, "attend"), {"once": uuid4().hex, "back": "/observe/?unit=1"})
    assert (answer.status_code, answer.url) == (303, "/observe/?unit=1")
    assert queries.history(alarm)[-1].recorded_by == cast.nurse


def test_on_a_round_an_alarm_folds_only_when_whoever_it_calls_is_there(alarm, cast):
    folded = "1 more open, and somebody is with the person"
    nurse = client_for(cast.nurse)
    assert folded not in nurse.get("/round/").text
    services.attend(alarm=alarm, by=cast.nurse, once="nurse")
    assert folded not in nurse.get("/round/").text, "a prescriber is still called"
    services.attend(alarm=alarm, by=cast.physician, once="physician")
    for path in ("/round/", "/observe/"):
        assert folded in nurse.get(path).text
    assert folded not in nurse.get("/").text
    services.raise_alarm(
        person=alarm.person, cause="INP-12", rank=Rank.NOW, message="RASS −4", do="Hold every sedative.", by=cast.nurse,
        prescriber_closes=True,
    )  # fmt: skip
    assert folded not in nurse.get("/round/").text, "it calls anew"


def test_an_address_of_another_site_is_not_followed(alarm, cast):
    for back in ("https://elsewhere.example/", "//elsewhere.example/", "elsewhere"):
        answer = client_for(cast.nurse).post(page(alarm, "attend"), {"once": uuid4().hex, "back": back})
        assert answer.url == page(alarm)


def test_a_nurse_is_told_who_closes_a_hard_stop(alarm, cast):
    answer = client_for(cast.nurse).get(page(alarm))
    assert "A prescriber closes it" in answer.text


def test_a_prescriber_closes_with_words_and_pin(alarm, cast, person):
    answer = client_for(cast.physician).post(page(alarm, "close"), {"once": "k1", "words": "Awake again.", "pin": PIN})
    assert answer.status_code == 303
    assert queries.open_alarms([person]) == ()


def test_a_wrong_pin_keeps_the_words(alarm, cast, person):
    answer = client_for(cast.physician).post(
        page(alarm, "close"), {"once": "k1", "words": "Awake again.", "pin": "1111"}
    )
    assert answer.status_code == 422
    assert "Awake again." in answer.text
    assert "PIN is not right" in answer.text
    assert len(queries.open_alarms([person])) == 1


def test_without_words_nothing_is_closed(alarm, cast, person):
    answer = client_for(cast.physician).post(page(alarm, "close"), {"once": "k1", "words": "", "pin": PIN})
    assert answer.status_code == 422
    assert "closed with its outcome" in answer.text
    assert len(queries.open_alarms([person])) == 1


def test_somebody_outside_the_care_team_is_led_to_the_break_glass_page(alarm, cast):
    answer = client_for(cast.off_shift_nurse).get(page(alarm))
    assert answer.status_code == 302
    assert answer.url.startswith("/break-glass/")


def test_another_centre_does_not_know_of_it(alarm, cast):
    assert client_for(cast.stranger).get(page(alarm)).status_code == 404


def test_answers_come_by_post_alone(alarm, cast):
    assert client_for(cast.nurse).get(page(alarm, "attend")).status_code == 405


# --- Orders and the timeline ------------------------------------------------------------------------------------------


def ordered(alarm, cast, **changed):
    given = {"once": uuid4().hex, "whose": str(cast.physician.public_id), "ordered": "Hold until noon."} | changed
    return client_for(cast.nurse).post(page(alarm, "order"), given)


def test_a_nurse_writes_down_the_order_that_came_by_telephone(alarm, cast):
    answer = ordered(alarm, cast)
    assert (answer.status_code, answer.url) == (303, page(alarm))
    text = client_for(cast.nurse).get(page(alarm)).text
    assert "Order given by Dr Ines Ferreira</b>: Hold until noon." in text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"ordered": "  "}, "Write what was ordered or decided."),
        ({"whose": ""}, "Say who ordered it."),
        ({"whose": "nobody"}, "Nobody of that name gives orders here."),
    ],
)
def test_an_order_that_lacks_something_comes_back_with_what_was_typed(alarm, cast, changed, says):
    answer = ordered(alarm, cast, **changed)
    assert answer.status_code == 422
    assert says in answer.text
    assert ("Hold until noon." in answer.text) is ("ordered" not in changed)
    assert [act.kind for act in queries.history(alarm)] == ["triggered"]


def test_a_counsellor_sees_the_alarm_and_writes_no_order(alarm, cast):
    assert "Write the order down" not in client_for(cast.counsellor).get(page(alarm)).text
    answer = client_for(cast.counsellor).post(page(alarm, "order"), {"once": "k"})
    assert answer.status_code == 403


def test_the_timeline_says_who_was_called_by_which_way_and_how_long_after(alarm, cast, frozen_clock):
    staff.set_call_address(by=cast.physician, email="ines@centre.example")
    frozen_clock.tick(minutes=1)
    services.page_who_is_called(cast.centre)
    frozen_clock.tick(minutes=4)
    services.attend(alarm=alarm, by=cast.physician, once="a")
    text = client_for(cast.nurse).get(page(alarm)).text
    assert (
        "Called, page 1</b>: Dr Ines Ferreira by e-mail (did not leave: no mail server is set up (EMAIL_HOST))" in text
    )
    assert "Kofi Mensah on the board" in text
    assert "5 min after" in text.replace("\xa0", " ")
    assert "With the person</b>" in text


def test_the_page_takes_as_many_queries_after_a_night_of_calls(alarm, cast, frozen_clock):
    def queries_of_the_page():
        client = client_for(cast.nurse)
        client.get(page(alarm))
        with CaptureQueriesContext(connection) as taken:
            assert client.get(page(alarm)).status_code == 200
        return len(taken)

    first = queries_of_the_page()
    for _ in range(20):
        frozen_clock.tick(minutes=10)
        services.page_who_is_called(cast.centre)
    assert queries_of_the_page() == first
