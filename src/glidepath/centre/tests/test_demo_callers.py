"""The demo's callers: each has an answer, and nobody was just sent away."""

from __future__ import annotations

import pytest

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.flow import queries
from glidepath.care.flow.models import Decision
from glidepath.centre.demo.callers import CALLERS
from glidepath.centre.demo.load import load
from glidepath.record.episodes.models import Stage
from glidepath.record.people.models import Person
from tests.cast import episode_of

pytestmark = pytest.mark.django_db


def test_each_caller_of_the_demo_has_the_answer_of_their_story(frozen_clock):
    frozen_clock.set("2026-11-28T13:00")
    load(lambda _: None, stories=(), back=21)
    people = {one.name: Person.objects.get(legal_name=one.legal) for one in CALLERS}
    found = {name: queries.decision_of(episode_of(person)) for name, person in people.items()}
    told = {name: row and (row.kind, row.level, row.suggested) for name, row in found.items()}
    assert told == {
        "Vera": ("accept", "residential", "residential"),
        "Amir": ("redirect", "emergency", "emergency"),
        "Sigrid": ("redirect", "outpatient", "outpatient"),
    }
    assert open_alarms([*people.values()]) == ()
    paula = Person.objects.get(legal_name="Paula Conti")
    assert episode_of(paula).stage == Stage.DISCHARGED
    assert Decision.objects.filter(kind="redirect", bridging="").count() == 0
    assert Decision.objects.filter(episode__person=paula).count() == 1
