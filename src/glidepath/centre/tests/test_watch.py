"""What the worker sees to once a minute; and its silence, which is itself an alarm."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.db import OperationalError
from django.urls import reverse

from glidepath.care.alarms.models import PageSent
from glidepath.care.alarms.queries import open_alarm, open_alarms, silence
from glidepath.care.alarms.services import call_for_help, close
from glidepath.care.monitoring.services import review_event
from glidepath.care.monitoring.tests.looks import awake, seen
from glidepath.care.supply.queries import shelf_warnings
from glidepath.centre import watch
from glidepath.record import clock
from glidepath.record.centres import services as centres
from glidepath.record.centres.models import Centre
from glidepath.record.staff import services as staff
from tests.cast import Cast, admitted_person, client_for, make_centre, proof

pytestmark = pytest.mark.django_db

SAYS = "The watch is silent: nothing calls by time alone now."


@pytest.fixture
def cast(frozen_clock) -> Cast:
    return make_centre()


def test_no_page_waits_for_what_runs_out_on_the_shelf(cast, django_assert_num_queries):
    watch.tick()
    with django_assert_num_queries(1):  # what the worker kept
        assert shelf_warnings(cast.centre).at == clock.now()


def test_an_observation_nobody_took_calls_by_time_alone(cast, frozen_clock):
    person = admitted_person(cast)
    watch.tick()
    assert open_alarms([person]) == ()
    frozen_clock.tick(hours=1, minutes=1)
    watch.tick()
    assert [one.alarm.cause for one in open_alarms([person])] == ["INP-3"]


def test_a_hold_that_nobody_looked_at_again_calls_by_time_alone(cast, frozen_clock):
    person = admitted_person(cast)
    (event,) = seen(person, cast.nurse, awake(rass=-3)).events
    frozen_clock.tick(minutes=5)
    review_event(
        event=event, lifted=False, words="Still drowsy.", by=cast.physician, proof=proof(cast.physician), once="look",
        again_at=clock.now() + dt.timedelta(minutes=30),
    )  # fmt: skip
    alarm = open_alarm(person, "INP-12")
    close(alarm=alarm, words="Seen.", by=cast.physician, proof=proof(cast.physician), once="close")
    frozen_clock.tick(minutes=31)
    watch.tick()
    assert [one.alarm.cause for one in open_alarms([person])] == ["INP-12"]


def test_a_worker_that_never_looked_is_silent(cast):
    found = silence(cast.centre)
    assert found is not None
    assert found.since is None


@pytest.mark.parametrize(("minutes", "silent"), [(5, False), (6, True)])
def test_it_is_silent_after_more_than_the_centres_five_minutes(cast, frozen_clock, minutes, silent):
    watch.tick()
    frozen_clock.tick(minutes=minutes)
    assert (silence(cast.centre) is not None) is silent


def test_the_centre_sets_after_how_long(cast, frozen_clock):
    centres.change_settings(centre=cast.centre, changes={"watch_silent_minutes": 20}, by=cast.manager)
    watch.tick()
    frozen_clock.tick(minutes=20)
    assert silence(Centre.objects.get(pk=cast.centre.pk)) is None, "as the next page reads it"


def test_a_look_that_did_not_end_counts_as_none(cast, monkeypatch):
    def stuck(centre):
        raise OperationalError("database is locked")

    monkeypatch.setattr(watch, "alarm_overdue_observations", stuck)
    with pytest.raises(OperationalError):
        watch.tick()
    assert silence(cast.centre) is not None


def test_a_mail_server_that_is_away_does_not_end_the_look(cast, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example.org"

    def away():
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", lambda _: away())
    staff.set_call_address(by=cast.nurse, email="marta@centre.example")
    call_for_help(person=admitted_person(cast), by=cast.nurse, once="h")
    watch.tick()
    assert PageSent.objects.get().failed == "the mail server did not answer (ConnectionRefusedError)"
    assert silence(cast.centre) is None


@pytest.mark.parametrize("page", ["board", "home", "observation round", "medicine round"])
def test_board_home_and_rounds_say_it_and_are_quiet_again_after_a_look(cast, page):
    address = {
        "board": reverse("ward:board", args=[cast.unit.public_id]),
        "home": reverse("ward:home"),
        "observation round": reverse("monitoring:round"),
        "medicine round": reverse("medication:round"),
    }[page]
    client = client_for(cast.nurse)
    assert SAYS in html.unescape(client.get(address).content.decode())
    watch.tick()
    assert SAYS not in html.unescape(client.get(address).content.decode())


def test_a_pack_that_cannot_be_made_ends_no_look_and_is_said_in_the_log(cast, monkeypatch, caplog):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(watch, "keep_packs", full)
    watch.tick()
    assert silence(cast.centre) is None
    assert "a downtime pack was not made" in caplog.text
