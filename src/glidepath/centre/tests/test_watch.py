"""What the worker sees to once a minute; and its silence, which is itself an alarm."""

from __future__ import annotations

import html

import pytest
from django.db import OperationalError
from django.urls import reverse

from glidepath.care.alarms.queries import open_alarms, silence
from glidepath.centre import watch
from glidepath.record.centres import services as centres
from tests.cast import Cast, admitted_person, client_for, make_centre

pytestmark = pytest.mark.django_db

SAYS = "The watch is silent: nothing calls by time alone now."


@pytest.fixture
def cast(frozen_clock) -> Cast:
    return make_centre()


def test_an_observation_nobody_took_calls_by_time_alone(cast, frozen_clock):
    person = admitted_person(cast)
    watch.tick()
    assert open_alarms([person]) == ()
    frozen_clock.tick(hours=1, minutes=1)
    watch.tick()
    assert [one.alarm.cause for one in open_alarms([person])] == ["INP-3"]


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
    assert silence(cast.centre) is None


def test_a_look_that_did_not_end_counts_as_none(cast, monkeypatch):
    def stuck(centre):
        raise OperationalError("database is locked")

    monkeypatch.setattr(watch, "alarm_overdue_observations", stuck)
    with pytest.raises(OperationalError):
        watch.tick()
    assert silence(cast.centre) is not None


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
