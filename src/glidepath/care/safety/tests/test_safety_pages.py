"""The pages of suicide risk: who reads and writes, what is typed and comes back, home, board and banner, the paper."""

from __future__ import annotations

import html
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.safety import queries
from glidepath.care.safety.models import CaringContact, PlanCopy, PlanLook, RiskContact, SafetyPlan
from glidepath.care.safety.tests.risk import LINES, alert, caring, close, contact, phq_9, plan
from glidepath.record.audit.models import AuditLine
from glidepath.record.consent import services as consent
from glidepath.record.people import services as people
from glidepath.record.staff import services as staff
from tests.cast import PIN, admitted_person, client_for, enquiring_person, episode_of

READS = ("physician", "nurse", "pharmacist", "counsellor", "psychologist")
DOES_NOT = ("peer_worker", "admissions", "manager", "auditor", "administrator")
CONTACT = {
    "way": "in_person", "asked": "Asked about thoughts and plan.", "level": "moderate",
    "level_words": "thoughts, no plan",
    "watch": "interval", "watch_minutes": "15", "outcome": "A nurse looks in.", "next_contact_at": "2026-11-18T10:00",
    "means": ["limit_supply"],
}  # fmt: skip


def at(name, person, *more):
    return reverse(f"safety:{name}", args=[person.public_id, *(one.public_id for one in more)])


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.text).replace("\xa0", " ")


# --- Who -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", READS)
def test_those_who_care_read_it_and_each_reading_leaves_its_line(role, cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(getattr(cast, role))
    for address in (at("person", person), at("alert", person, alarm), at("plan", person)):
        text(client, address)
    assert AuditLine.objects.filter(action="safety.read", kind="read", person_id=person.pk).count() == 3


@pytest.mark.parametrize("role", DOES_NOT)
def test_others_do_not(role, cast, person):
    alarm = alert(person, cast.nurse)
    plan(person, cast.nurse)
    client = client_for(getattr(cast, role))
    for address in (
        at("person", person), at("alert", person, alarm), at("contact", person, alarm), at("caring", person, alarm),
        at("plan", person), at("write", person), reverse("printing:safety_pdf", args=[person.public_id]),
    ):  # fmt: skip
        assert client.get(address).status_code == 403, address


def test_a_pharmacist_reads_and_does_not_write(cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(cast.pharmacist)
    assert "Record your contact" not in text(client, at("person", person))
    for name, more in (("contact", [alarm]), ("caring", [alarm]), ("write", [])):
        assert client.get(at(name, person, *more)).status_code == 403


def test_somebody_elses_alert_is_not_found_here_and_another_centre_finds_nobody(cast, person):
    theirs = alert(admitted_person(cast), cast.nurse)
    assert client_for(cast.nurse).get(at("alert", person, theirs)).status_code == 404
    assert client_for(cast.nurse).post(at("contact", person, theirs), CONTACT | {"once": "k"}).status_code == 404
    assert client_for(cast.stranger).get(at("person", person)).status_code == 404


# --- The path of one alert -------------------------------------------------------------------------------------------
def test_the_page_says_what_called_whose_it_is_and_that_nobody_came_yet(cast, person):
    alert(person, cast.nurse)
    page = text(client_for(cast.psychologist), at("person", person))
    for said in ("speaks of suicide or of harming themselves", "nobody yet", "nobody has recorded a contact yet"):
        assert said in page


def test_the_alarms_own_page_leads_there(cast, person):
    alarm = alert(person, cast.nurse)
    page = text(client_for(cast.nurse), reverse("alarms:alarm", args=[alarm.public_id]))
    assert at("alert", person, alarm) in page
    assert "A physician or a psychologist closes it" in page


def test_a_contact_is_recorded_and_closes_nothing(cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(cast.counsellor)
    sent = CONTACT | {"once": uuid4().hex}
    assert [client.post(at("contact", person, alarm), sent).status_code for _ in range(2)] == [303, 303]
    (row,) = RiskContact.objects.all()
    assert (row.level, row.watch_minutes, row.limit_supply, row.staged_dispensing) == ("moderate", 15, True, False)
    page = text(client, at("person", person))
    for said in ("thoughts, no plan", "at an interval, every 15 min", "less medicine supplied", "by 18 Nov 10:00"):
        assert said in page
    assert queries.is_open(person)


def test_the_screener_can_be_named_and_its_unverified_levels_are_not_said(cast, person):
    from glidepath.care.instruments import services as instruments
    from glidepath.care.safety.tests.risk import queries_of_items

    form = instruments.open_form(person=person, instrument="c_ssrs", filled_by="interview", by=cast.nurse)
    for item, given in zip(queries_of_items(form), "1000000", strict=True):
        instruments.answer(form=form, item=item, given=given, client_key=uuid4().hex, by=cast.nurse)
    instruments.close_form(form=form, by=cast.nurse)
    alarm = queries.alerts(person)[0]
    client = client_for(cast.nurse)
    page = text(client, at("contact", person, alarm))
    assert "C-SSRS screener, 17 Nov 10:00: C-SSRS screener: a wish to be dead" in page
    sent = CONTACT | {"once": "k", "screener": str(form.public_id)}
    assert client.post(at("contact", person, alarm), sent).status_code == 303
    assert RiskContact.objects.get().screener == form
    page = text(client, at("person", person))
    assert "a wish to be dead" in page
    assert "Low" not in page


def test_a_form_that_fails_keeps_what_was_typed(cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(cast.nurse)
    answer = client.post(
        at("contact", person, alarm), CONTACT | {"once": "k", "outcome": "", "taken_away": "his belt, by me"}
    )
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    for said in ("his belt, by me", "thoughts, no plan", 'value="15"', 'value="2026-11-18T10:00"'):
        assert said in page
    assert not RiskContact.objects.exists()


def test_it_is_closed_from_the_page_by_a_psychologist_with_the_pin(cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(cast.psychologist)
    page = client.get(at("alert", person, alarm))
    sent = {"words": "Seen, plan made.", "pin": PIN, "once": "c", "back": at("alert", person, alarm)}
    assert "Not there yet" in page.text
    answer = client.post(reverse("alarms:close", args=[alarm.public_id]), sent)
    assert (answer.status_code, queries.is_open(person)) == (303, False)
    page = text(client, at("alert", person, alarm))
    assert "by 20 Nov 10:00" in page  # 72 hours
    assert "Seen, plan made." in page
    assert "Close by name" not in page


def test_a_nurse_has_no_button_to_close_it(cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(cast.nurse)
    assert "Close by name" not in text(client, at("alert", person, alarm))
    answer = client.post(reverse("alarms:close", args=[alarm.public_id]), {"words": "x", "pin": PIN, "once": "c"})
    assert (answer.status_code, queries.is_open(person)) == (422, True)


# --- The caring contact ----------------------------------------------------------------------------------------------
def test_a_missed_caring_contact_is_seen_on_home_board_banner_and_page_until_somebody_spoke(cast, person, frozen_clock):
    alarm = close(alert(person, cast.nurse), cast.physician)
    frozen_clock.tick(hours=73)
    for one in (cast.nurse, cast.physician):
        staff.start_shift(unit=cast.unit, by=one)
    client = client_for(cast.nurse)
    home, board = reverse("ward:home"), reverse("ward:board", args=[cast.unit.public_id])
    assert "was missed" in text(client, home)
    assert "speak with them: caring contact" in text(client, board)
    assert "caring contact missed, was due by 20 Nov 10:00" in text(
        client, reverse("ward:chart", args=[person.public_id])
    )
    assert "missed" in text(client, at("person", person))
    sent = {"way": "telephone", "reached": "no", "words": "No answer twice.", "once": "a"}
    assert client.post(at("caring", person, alarm), sent).status_code == 303
    assert "was missed" in text(client, home)
    assert "tried 1 time" in text(client, at("person", person))
    sent |= {"reached": "yes", "words": "Sleeps.", "once": "b"}
    assert client.post(at("caring", person, alarm), sent).status_code == 303
    assert "was missed" not in text(client, home)
    assert CaringContact.objects.count() == 2
    assert "caring contact missed" not in text(client, reverse("ward:chart", args=[person.public_id]))


def test_an_open_alert_stands_on_home_for_who_comes_next_too(cast, person, frozen_clock):
    alert(person, cast.nurse)
    frozen_clock.tick(hours=12)
    staff.start_shift(unit=cast.unit, by=cast.off_shift_nurse)
    page = text(client_for(cast.off_shift_nurse), reverse("ward:home"))
    assert "nobody has it yet" in page
    assert "no owner on duty" in page


def test_after_an_alert_by_a_form_the_flag_does_not_read_as_clear(cast, person, frozen_clock):
    phq_9(person, cast.nurse)
    alarm = close(queries.alerts(person)[0], cast.physician)
    caring(alarm, cast.nurse)
    assert "alert seen to 17 Nov" in text(client_for(cast.nurse), at("person", person))


# --- The plan --------------------------------------------------------------------------------------------------------
def written(**other):
    return {**LINES, "made_with": "Danilo", "seen": "0", "once": uuid4().hex, **other}


def test_a_plan_is_made_changed_and_shown_with_its_difference(cast, person):
    client = client_for(cast.psychologist)
    assert client.post(at("write", person), written()).status_code == 303
    page = text(client, at("write", person))
    assert "I lie awake and count the tablets" in page  # the next begins from the one that counts
    changed = written(seen="1", alone="Cold water", reason="the river is far")
    assert client.post(at("write", person), changed).status_code == 303
    page = text(client, at("plan", person))
    for said in ("version 2", "the river is far", '<ins class="plus">Cold water</ins>'):
        assert said in page


def test_an_empty_part_is_named_and_the_rest_comes_back(cast, person):
    answer = client_for(cast.nurse).post(at("write", person), written(helpers=" "))
    assert answer.status_code == 422
    assert "Walk to the river and back" in answer.text
    assert not SafetyPlan.objects.exists()


def test_the_second_of_two_keeps_what_was_typed_and_saves_knowingly(cast, person):
    plan(person, cast.nurse)
    client = client_for(cast.physician)
    late = client.post(at("write", person), written(alone="Sing", reason="he sings", once="l"))
    assert late.status_code == 422
    assert "Marta Lindqvist wrote version 1" in late.text
    assert 'name="seen" value="1"' in late.text
    assert client.post(at("write", person), written(alone="Sing", reason="he sings", seen="1")).status_code == 303


def test_it_is_read_again_and_copied(cast, person):
    plan(person, cast.nurse)
    client = client_for(cast.counsellor)
    sent = {"seen": "1", "once": "l", "words": "Still right."}
    assert client.post(at("looked", person), sent | {"words": ""}).status_code == 422
    assert client.post(at("looked", person), sent).status_code == 303
    assert client.post(at("looked", person), sent | {"seen": "9", "once": "m"}).status_code == 404
    assert PlanLook.objects.count() == 1
    sister = people.add_contact(person=person, name="Inés", relation="sister", by=cast.nurse)
    mine = {"seen": "1", "once": "p", "to": "person", "how": "on paper"}
    assert client.post(at("copy", person), mine).status_code == 303
    hers = {"seen": "1", "once": "s", "to": str(sister.public_id), "how": "by post, to her"}
    refused = client.post(at("copy", person), hers)
    assert refused.status_code == 422
    assert "by post, to her" in refused.text
    consent.record(episode=episode_of(person), kind="sharing", decision="given", how="signed", by=cast.nurse)
    assert client.post(at("copy", person), hers).status_code == 303
    assert PlanCopy.objects.count() == 2
    assert "Inés, sister" in text(client, at("plan", person))


def test_the_discharge_page_asks_to_read_it_once_more(cast, person, frozen_clock):
    alert(person, cast.nurse)
    plan(person, cast.nurse)
    frozen_clock.tick(hours=24)
    staff.start_shift(unit=cast.unit, by=cast.physician)
    page = text(client_for(cast.physician), reverse("flow:discharge", args=[person.public_id]))
    assert "to be read again: the discharge is being prepared" in page
    assert "An alert about suicide risk stands open" in page


# --- Queries ---------------------------------------------------------------------------------------------------------
def queries_at(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200
    return len(made)


def test_the_page_takes_the_same_queries_for_3_records_and_for_30(cast, person):
    alarm = alert(person, cast.nurse)
    client = client_for(cast.nurse)
    for _ in range(3):
        contact(alarm, cast.nurse)
        caring(alarm, cast.nurse)
    few = queries_at(client, at("alert", person, alarm))
    for _ in range(27):
        contact(alarm, cast.nurse)
        caring(alarm, cast.nurse)
    assert queries_at(client, at("alert", person, alarm)) == few


def test_home_takes_the_same_queries_for_3_people_and_for_30(cast):
    def one():
        found = enquiring_person(cast)
        contact(alert(found, cast.nurse), cast.nurse)
        close(queries.alerts(found)[0], cast.physician)

    client = client_for(cast.counsellor)
    for _ in range(3):
        one()
    few = queries_at(client, "/")
    for _ in range(27):
        one()
    assert queries_at(client, "/") == few
