"""The worker's messages: each call pages each once, a failed one is seen, and none names anybody."""

from __future__ import annotations

import datetime as dt
import smtplib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from glidepath.care.alarms import outbox, paging, queries, services
from glidepath.care.alarms.models import AlarmAct, PageSent, Rank
from glidepath.record import clock
from glidepath.record.audit.models import AuditLine
from glidepath.record.staff import services as staff
from tests.cast import client_for, proof


@pytest.fixture
def post(settings):
    """A mail server: Django's own outbox."""
    settings.EMAIL_HOST = "mail.example.org"
    return mail.outbox


@pytest.fixture
def alarm(person):
    return services.raise_alarm(
        person=person, cause="INP-12", rank=Rank.NOW, message="RASS −3.", do="Hold.", by=None, prescriber_closes=True
    )


def by_email(*people):
    for one in people:
        staff.set_call_address(by=one, email=f"{one.username}@centre.example")


def pages(alarm):
    return [act for act in queries.history(alarm) if act.kind == "paged"]


def called(alarm):
    return sorted((act.rung, act.whom.name, act.way) for act in pages(alarm))


def look(cast):
    return services.page_who_is_called(cast.centre)


FIRST = [
    (1, "Dr Ines Ferreira", "board"), (1, "Dr Tomasz Wilk", "board"), (1, "Kofi Mensah", "board"),
    (1, "Marta Lindqvist", "board"),
]  # fmt: skip


def test_each_of_the_first_rung_is_paged_once_however_often_the_worker_looks(alarm, cast):
    assert look(cast) == 4
    assert look(cast) == 0
    assert called(alarm) == FIRST


def test_the_next_rung_is_paged_when_it_is_called_and_not_before(alarm, cast, frozen_clock):
    look(cast)
    frozen_clock.tick(minutes=9)
    assert look(cast) == 0
    frozen_clock.tick(minutes=2)
    assert look(cast) == 2
    newest = pages(alarm)[-1]
    assert (newest.rung, newest.called_at) == (2, clock.now() - dt.timedelta(minutes=1))
    assert newest.recorded_at == clock.now(), "when it was written is not when it was called"


def test_who_signs_on_after_the_call_is_paged_too(alarm, cast):
    look(cast)
    staff.start_shift(unit=cast.unit, by=cast.off_shift_nurse)
    assert look(cast) == 1
    assert (1, "Ewa Dudek", "board") in called(alarm)


def test_an_answered_and_a_closed_alarm_page_nobody(alarm, cast, frozen_clock):
    services.attend(alarm=alarm, by=cast.physician, once="a")
    frozen_clock.tick(minutes=30)
    assert look(cast) == 0


def test_an_alarm_closed_while_the_worker_looks_pages_nobody(alarm, cast, monkeypatch):
    found = queries.ringing(cast.centre)
    services.close(alarm=alarm, words="Awake.", by=cast.physician, once="a", proof=proof(cast.physician))
    monkeypatch.setattr(paging, "ringing", lambda _: found)
    assert look(cast) == 0


def test_a_worker_that_was_away_for_hours_sends_what_still_matters(alarm, cast, frozen_clock):
    """Each rung once, the repeated last rung by its newest call: not a message for every missed ten minutes."""
    frozen_clock.tick(hours=3)
    assert look(cast) == 4 + 2 + 4
    assert {act.called_at for act in pages(alarm) if act.rung == 3} == {clock.now()}


def test_every_page_leaves_an_audit_line_by_the_system(alarm, cast):
    look(cast)
    lines = AuditLine.objects.filter(action="alarm.paged")
    assert [(one.actor_id, one.code) for one in lines] == [(None, "board")] * 4


# --- By e-mail --------------------------------------------------------------------------------------------------------


def test_whoever_has_set_an_address_is_called_by_e_mail(alarm, cast, post):
    by_email(cast.physician)
    look(cast)
    (letter,) = post
    assert letter.to == [cast.physician.email]
    assert (1, "Dr Ines Ferreira", "email") in called(alarm)
    assert PageSent.objects.get().failed == ""


def test_the_message_names_nobody_and_says_no_word_of_health(alarm, cast, person, post):
    by_email(cast.physician)
    look(cast)
    (letter,) = post
    assert letter.subject == "Glidepath: an alarm waits for you"
    assert letter.body == "Glidepath: an alarm on Willow waits for you (page 1). Sign in."
    everything = f"{letter.subject} {letter.body} {letter.extra_headers}".casefold()
    for word in (person.preferred_name, person.legal_name, "INP-12", "RASS", "sedat", "Hold", str(person.number)):
        assert word.casefold() not in everything


class Away:
    def __init__(self, *_, **__):
        pass

    def open(self):
        raise ConnectionRefusedError(111, "Connection refused")


def test_a_mail_server_that_is_away_is_found_out_once_and_seen_on_the_board(alarm, cast, post, monkeypatch):
    by_email(cast.physician, cast.second_physician)
    tries = []
    monkeypatch.setattr(outbox, "get_connection", lambda: tries.append(1) or Away())
    look(cast)
    assert len(tries) == 1, "found out once, not once a message"
    assert {row.failed for row in PageSent.objects.all()} == {"the mail server did not answer (ConnectionRefusedError)"}
    text = client_for(cast.nurse).get(reverse("ward:board", args=[cast.unit.public_id])).text
    assert "the call of Dr Ines Ferreira (13:14) did not leave: the mail server did not answer" in text


def test_a_letter_the_server_refuses_is_seen_and_the_next_one_is_tried(alarm, cast, post, monkeypatch):
    by_email(cast.physician, cast.second_physician)
    refused = smtplib.SMTPRecipientsRefused({})
    monkeypatch.setattr(
        "django.core.mail.backends.locmem.EmailBackend.send_messages",
        lambda _self, letters: _refuse(letters, cast.physician.email, refused),
    )
    look(cast)
    failed = {row.page.whom.name: row.failed for row in PageSent.objects.all()}
    assert failed == {
        "Dr Ines Ferreira": "the mail server would not take it (SMTPRecipientsRefused)", "Dr Tomasz Wilk": "",
    }  # fmt: skip


def _refuse(letters, address, error):
    if letters[0].to == [address]:
        raise error
    return len(letters)


def test_without_a_mail_server_a_call_by_e_mail_says_so(alarm, cast, settings):
    settings.EMAIL_HOST = ""
    by_email(cast.physician)
    look(cast)
    assert PageSent.objects.get().failed == "no mail server is set up (EMAIL_HOST)"
    assert mail.outbox == []


# --- Two workers, and one that dies -----------------------------------------------------------------------------------


def test_the_database_refuses_a_second_page_of_the_same_call(alarm, cast):
    look(cast)
    first = pages(alarm)[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        AlarmAct.objects.create(
            centre=first.centre, alarm=alarm, kind="paged", whom=first.whom, way=first.way, rung=first.rung,
            called_at=first.called_at, happened_at=clock.now(), recorded_at=clock.now(), recorded_by=None,
        )  # fmt: skip


@pytest.mark.crash
def test_a_worker_that_died_between_writing_and_sending_has_its_message_sent(
    alarm, cast, post, frozen_clock, monkeypatch
):
    by_email(cast.physician)

    def dies(*_):
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(outbox.Outbox, "send_email", dies)
        with pytest.raises(SystemExit):
            look(cast)
    assert (len(post), PageSent.objects.count()) == (0, 0)
    assert look(cast) == 0
    assert post == [], "the other worker may be about to send it"
    frozen_clock.tick(minutes=3)
    look(cast)
    look(cast)
    assert [letter.to for letter in post] == [[cast.physician.email]]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_page_each_once(alarm, cast, post):
    by_email(cast.physician)
    ready = Barrier(2)

    def run():
        ready.wait(timeout=20)
        try:
            return look(cast)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        counts = [future.result(timeout=60) for future in [threads.submit(run) for _ in range(2)]]
    assert sum(counts) == 4
    assert len(pages(alarm)) == 4
    assert len(post) == 1


# --- By a message to a device -----------------------------------------------------------------------------------------


@pytest.fixture
def pushed(settings, monkeypatch):
    """Every address that was pushed to."""
    settings.PUSH_SERVICES = ("push.example.org",)
    sent = []
    monkeypatch.setattr(outbox.push, "send", lambda endpoint: sent.append(endpoint) or "")
    return sent


def device(who, number=1):
    return staff.call_on_device(by=who, endpoint=f"https://push.example.org/{number}", name=f"Phone {number}")


def test_whoever_has_a_device_is_called_on_it_and_by_e_mail_too(alarm, cast, post, pushed):
    device(cast.physician)
    by_email(cast.physician)
    look(cast)
    look(cast)
    assert pushed == ["https://push.example.org/1"]
    assert len(post) == 1
    ways = {act.way for act in pages(alarm) if act.whom == cast.physician}
    assert ways == {"email", "push"}


def test_a_device_that_is_gone_calls_no_longer_and_that_is_seen(alarm, cast, pushed, monkeypatch):
    device(cast.physician)

    def gone(_):
        raise outbox.push.DeviceGone

    monkeypatch.setattr(outbox.push, "send", gone)
    look(cast)
    assert PageSent.objects.get().failed == "Phone 1 is gone"
    assert look(cast) == 1, "now on the board alone"
    (shown,) = queries.open_alarms([alarm.person])
    assert [act.whom for act in shown.not_sent] == [cast.physician]


def test_one_device_that_takes_it_is_enough(alarm, cast, pushed, monkeypatch):
    device(cast.physician, 1)
    device(cast.physician, 2)
    monkeypatch.setattr(outbox.push, "send", lambda endpoint: "" if endpoint.endswith("2") else "away")
    look(cast)
    assert PageSent.objects.get().failed == ""
