"""The pages of a form: for staff, on the ward's tablet, by link. One page, three doors."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.instruments import queries, services
from glidepath.care.instruments.models import Form, GivenAnswer
from glidepath.care.instruments.tablet import LOCKED_TO, REACHED
from glidepath.clinical.facts.load import instrument
from glidepath.record.audit.models import AuditLine
from tests.cast import PIN, client_for, enquiring_person

BORN = {"birth_date": "1979-03-12"}


def text(answer):
    return html.unescape(answer.content.decode())


def address(form, name="form"):
    return reverse(f"instruments:{name}", args=[form.person.public_id, form.public_id])


def tap(client, where, item, given, key="tap-000001", **more):
    return client.post(where, {"item": item, "given": given, "key": key, **more})


@pytest.fixture
def nurse(cast):
    return client_for(cast.nurse)


def test_a_form_is_begun_answered_and_finished_without_a_script(nurse, person):
    begun = nurse.post(
        reverse("instruments:forms", args=[person.public_id]), {"once": "o", "instrument": "gad_7", "filled_by": "self"}
    )
    page = nurse.get(begun.url)
    assert "0</b> of <b data-of>" in page.text
    sent = {f"item-{item.key}": "1" for item in instrument("gad_7").items[:7]}
    done = nurse.post(begun.url, {**sent, "once": "x-000001", "finish": "yes"})
    said = text(nurse.get(done.url))
    assert re.search(r"<b>7</b>, mild", said)
    assert "never a diagnosis and never a dose" in said


def test_each_answer_is_kept_at_once_and_a_closed_tab_goes_on_where_it_was(nurse, opened):
    form = opened("phq_9")
    state = tap(nurse, address(form, "answer"), "mood", "2").json()
    assert (state["answered"], state["of"]) == (1, 10)
    page = nurse.get(address(form)).text
    assert '<input type="radio" name="item-mood" value="2" checked>' in page


def test_the_alarm_stands_at_the_answer_and_stays_when_it_is_changed(nurse, opened):
    form = opened("phq_9")
    state = tap(nurse, address(form, "answer"), "self_harm", "1").json()
    assert "Open the alarm" in state["called"]
    assert "Ask the C-SSRS screener in the same contact" in html.unescape(state["called"])
    later = tap(nurse, address(form, "answer"), "self_harm", "0", key="tap-000002").json()
    assert "Open the alarm" in later["called"]


def test_items_come_and_go_with_the_answers(nurse, opened):
    form = opened("c_ssrs")
    state = tap(nurse, address(form, "answer"), "thoughts", "0").json()
    assert "item-plan" not in state["asked"]
    assert "item-plan" in tap(nurse, address(form, "answer"), "thoughts", "1", key="tap-000002").json()["asked"]


def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(nurse, opened):
    form = opened("phq_9")
    answer = tap(nurse, address(form, "answer"), "mood", "7")
    assert answer.status_code == 422
    assert "allowed are 0, 1, 2, 3" in answer.json()["refused"]
    back = nurse.post(address(form), {"item-mood": "7", "once": "x-000001", "keep": "yes"})
    assert back.status_code == 422
    assert not GivenAnswer.objects.exists()


def test_what_was_typed_comes_back_beside_what_is_wrong_with_it(nurse, opened):
    form = opened("craving")
    back = nurse.post(address(form), {"item-now": "a lot", "once": "x-000001", "keep": "yes"})
    assert 'value="a lot"' in back.text
    assert "allowed is a number from 0 to 100" in text(back)


def test_the_last_answers_stand_beside(nurse, opened, give, cast):
    earlier = opened("phq_9")
    give(earlier, "mood", "3")
    services.close_form(form=earlier, by=cast.nurse)
    page = nurse.get(address(opened("phq_9"))).text
    assert page.count("last time</small>") == 1


def test_a_partial_form_says_partial_and_shows_what_was_changed(nurse, opened, give, cast):
    form = opened("phq_9")
    give(form, "mood", "3")
    give(form, "mood", "1")
    services.close_form(form=form, by=cast.nurse)
    said = text(nurse.get(address(form, "result")))
    assert "partial 1 of 9" in said
    assert "which is no score" in said
    assert "<s>3 Nearly every day</s>" in said


def test_a_finished_form_leads_to_its_result(nurse, opened, give, cast):
    form = opened("phq_9")
    give(form, "mood", "3")
    services.close_form(form=form, by=cast.nurse)
    assert nurse.get(address(form)).url == address(form, "result")
    listed = text(nurse.get(reverse("instruments:forms", args=[form.person.public_id])))
    assert "partial 1 of 9" in listed


def test_who_only_asks_at_the_first_call_reads_no_results(cast, opened, give):
    caller = enquiring_person(cast)
    form = opened("audit_c", person=caller, by=cast.admissions)
    client = client_for(cast.admissions)
    assert "Filled in" not in client.get(reverse("instruments:forms", args=[caller.public_id])).text
    assert client.get(address(form, "result")).status_code == 403
    assert client.get(address(form)).status_code == 200
    listed = client.get(reverse("instruments:forms", args=[caller.public_id])).text
    assert reverse("monitoring:person", args=[caller.public_id]) not in listed.split("<main")[1]


def test_admissions_sees_the_alarm_and_no_way_into_a_page_that_is_shut_to_them(cast, opened):
    form = opened("phq_9", person=enquiring_person(cast), by=cast.admissions)
    called = tap(client_for(cast.admissions), address(form, "answer"), "self_harm", "1").json()["called"]
    assert "The responsible clinician comes now" in called
    assert "/alarms/" not in called


@pytest.mark.parametrize("who", ["peer_worker", "manager", "auditor", "administrator", "stranger"])
def test_who_may_not_sees_no_form(cast, opened, who):
    client, form = client_for(getattr(cast, who)), opened("phq_9")
    for name in ("form", "result"):
        assert client.get(address(form, name)).status_code in (403, 404)
    assert client.get(reverse("instruments:forms", args=[form.person.public_id])).status_code in (403, 404)
    for name in ("answer", "aside", "link", "withdraw_link", "hand_out"):
        assert client.post(address(form, name)).status_code in (403, 404)


def test_a_form_is_found_under_its_own_person_only(cast, nurse, opened):
    form, other = opened("phq_9"), enquiring_person(cast)
    where = reverse("instruments:form", args=[other.public_id, form.public_id])
    assert nurse.get(where).status_code == 404


def test_the_list_takes_as_many_queries_for_30_forms_as_for_3(nurse, opened, give, cast, person):
    def filled(number):
        for _ in range(number):
            form = opened("phq_9")
            give(form, "mood", "1")
            services.close_form(form=form, by=cast.nurse)
            opened("gad_7")

    def taken():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            nurse.get(reverse("instruments:forms", args=[person.public_id]))
        return len(caught)

    filled(3)
    taken()  # what the first page of a session asks for
    few = taken()
    filled(27)
    assert taken() == few


# --- The ward's tablet ----------------------------------------------------------------------------------------------
@pytest.fixture
def tablet(nurse, opened):
    """A browser locked to a form."""
    form = opened("phq_9")
    assert nurse.post(address(form, "hand_out")).url == reverse("instruments:tablet")
    nurse.form = form
    return nurse


def every_address():
    """One address for each pattern of the whole project."""
    fill = {"uuid": "00000000-0000-4000-8000-000000000000", "int": "1", "str": "x", "slug": "x", "path": "x"}

    def walk(patterns, before):
        for one in patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns, route)
            elif isinstance(one, URLPattern):
                yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: fill[found[1] or "str"], route)

    return sorted(set(walk(get_resolver().url_patterns, "")))


def test_no_address_leads_out_of_a_locked_tablet(tablet):
    reached = {reverse(name) for name in REACHED}
    addresses = every_address()
    assert len(addresses) > 100
    for one in [*addresses, "/nowhere/", "/people/", "//", "/static/../people/"]:
        if one in reached:
            continue
        for answer in (tablet.get(one), tablet.post(one)):
            assert (answer.status_code, answer.url) == (302, reverse("instruments:tablet")), one
    assert tablet.session[LOCKED_TO] == tablet.form.pk


def test_what_a_locked_tablet_reaches_shows_nothing_but_the_form(tablet, cast):
    page = text(tablet.get(reverse("instruments:tablet")))
    assert "Questions for Danilo" in page
    for word in ("/people/", "Discharge", cast.nurse.name, "Set it aside", "last time"):
        assert word not in page


def test_the_lock_stands_after_the_form_is_done_until_a_pin(tablet, person):
    where = reverse("instruments:tablet")
    tap(tablet, reverse("instruments:tablet_answer"), "mood", "1")
    done = tablet.post(where, {"finish": "yes", "once": "x-000001"})
    assert done.url == reverse("instruments:tablet_back")
    assert "Please hand the tablet back" in text(tablet.get(done.url))
    assert tablet.get("/").url == where
    assert tablet.get(where).url == done.url
    assert LOCKED_TO in tablet.session
    assert tablet.post(done.url, {"pin": "1111"}).status_code == 422
    assert LOCKED_TO in tablet.session
    back = tablet.post(done.url, {"pin": PIN})
    assert back.url == address(tablet.form, "result")
    assert tablet.get("/").status_code == 200
    closing = queries.closing_of(tablet.form)
    assert (closing.way, closing.recorded_by) == ("tablet", None)


def test_a_colleagues_pin_takes_the_tablet_back_and_signs_it_out(tablet, cast):
    where = reverse("instruments:tablet_back")
    back = tablet.post(where, {"pin": PIN, "username": cast.second_nurse.username})
    assert back.url == "/"
    assert "_auth_user_id" not in tablet.session


def test_another_centres_pin_takes_nothing_back(tablet, cast):
    where = reverse("instruments:tablet_back")
    assert tablet.post(where, {"pin": PIN, "username": cast.stranger.username}).status_code == 422
    assert LOCKED_TO in tablet.session


def test_wrong_pins_are_counted_as_anywhere_else(tablet):
    where = reverse("instruments:tablet_back")
    for _ in range(5):
        tablet.post(where, {"pin": "1111"})
    assert "locked for five minutes" in text(tablet.post(where, {"pin": PIN}))
    assert LOCKED_TO in tablet.session


def test_a_safety_item_on_the_tablet_calls_staff_and_tells_the_person_so(tablet, person):
    state = tap(tablet, reverse("instruments:tablet_answer"), "self_harm", "2").json()
    assert "Staff have been called to you now" in state["called"]
    assert "/alarms/" not in state["called"]
    (alarm,) = open_alarms([person])
    assert alarm.alarm.do.startswith("They answer alone, on the ward's tablet.")
    assert alarm.alarm.opened_by is None


def test_a_form_for_staff_is_not_handed_out(nurse, opened):
    form = opened("falls_checklist", filled_by="observer")
    assert nurse.post(address(form, "hand_out")).status_code == 422
    assert LOCKED_TO not in nurse.session


def test_who_has_no_pin_hands_nothing_out(nurse, opened, cast):
    cast.nurse.pin = ""
    cast.nurse.save()
    assert nurse.post(address(opened("phq_9"), "hand_out")).status_code == 422
    assert LOCKED_TO not in nurse.session


# --- By link --------------------------------------------------------------------------------------------------------
@pytest.fixture
def link(nurse, opened):
    form = opened("phq_9")
    page = nurse.post(address(form, "link"), {"last_day": "2026-11-20"})
    return form, re.search(r"http://testserver(/f/[^/\"]+/)", page.text)[1]


def test_before_the_birth_date_nothing_says_whether_there_is_a_form(link):
    _, where = link
    somebody = Client()
    for one in (where, "/f/no-such-link/"):
        page = somebody.get(one)
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"]
        assert "Danilo" not in page.text
    wrong = {"birth_date": "1980-01-01"}
    csrf = re.compile(r'value="[A-Za-z0-9]{64}"|"X-CSRFToken": "[^"]*"')
    answers = [csrf.sub("", somebody.post(one, wrong).text) for one in (where, "/f/no-such-link/")]
    assert answers[0] == answers[1]
    assert "Danilo" not in answers[0]


@pytest.mark.parametrize("part", ["form/", "done/"])
def test_without_the_birth_date_nothing_behind_the_door_is_reached(link, part):
    _, where = link
    assert Client().get(f"{where}{part}").url == where
    assert tap(Client(), f"{where}answer/", "mood", "1").url == where
    assert not GivenAnswer.objects.exists()


def test_the_form_is_filled_in_by_link_and_staff_see_it(link, nurse):
    form, where = link
    somebody = Client()
    assert somebody.post(where, BORN).url == f"{where}form/"
    page = text(somebody.get(f"{where}form/"))
    assert "Questions for Danilo" in page
    assert "/people/" not in page
    tap(somebody, f"{where}answer/", "mood", "1")
    done = somebody.post(f"{where}form/", {"finish": "yes", "once": "x-000001"})
    assert "Your answers have arrived" in text(somebody.get(done.url))
    assert queries.closing_of(form).way == "link"
    assert "partial 1 of 9" in text(nurse.get(address(form, "result")))


def test_a_safety_item_by_link_calls_whoever_is_on_duty_and_tells_the_person_whom_to_call(link, person, cast):
    _, where = link
    person.centre.crisis_line = "Night line 020 7946 0999"
    person.centre.save()
    somebody = Client()
    somebody.post(where, BORN)
    called = tap(somebody, f"{where}answer/", "self_harm", "1").json()["called"]
    for word in ("Night line 020 7946 0999", "020 7946 0000", "call the emergency services now"):
        assert word in called
    assert [one.alarm.cause for one in open_alarms([person])] == ["SUI-1"]
    home = text(client_for(cast.nurse).get(reverse("ward:home")))
    assert "better off dead" in home
    assert "Night line" in text(somebody.get(f"{where}form/"))


def test_one_link_opens_no_other_link(link, nurse, opened):
    _, where = link
    other = opened("gad_7")
    page = nurse.post(address(other, "link"), {"last_day": "2026-11-20"})
    second = re.search(r"http://testserver(/f/[^/\"]+/)", page.text)[1]
    somebody = Client()
    somebody.post(where, BORN)
    assert somebody.get(f"{second}form/").url == second


def test_a_withdrawn_link_is_shut_at_once_also_to_who_is_inside(link, nurse):
    form, where = link
    somebody = Client()
    somebody.post(where, BORN)
    nurse.post(address(form, "withdraw_link"))
    assert somebody.get(f"{where}form/").url == where
    assert tap(somebody, f"{where}answer/", "mood", "1").url == where
    assert not GivenAnswer.objects.exists()


def test_after_two_hours_the_birth_date_is_asked_again(link, frozen_clock):
    _, where = link
    somebody = Client()
    somebody.post(where, BORN)
    frozen_clock.tick(hours=2, seconds=1)
    assert somebody.get(f"{where}form/").url == where


def test_a_link_opens_nothing_of_the_record(link):
    _, where = link
    somebody = Client()
    somebody.post(where, BORN)
    assert somebody.get("/").status_code == 302
    assert Form.objects.count() == 1


def test_no_line_of_the_chain_holds_what_was_answered(link):
    _, where = link
    somebody = Client()
    somebody.post(where, BORN)
    tap(somebody, f"{where}answer/", "mood", "3")
    lines = list(AuditLine.objects.filter(action__startswith="form.").values_list("action", "code", "actor_id"))
    assert ("form.answered", "link", None) in lines
