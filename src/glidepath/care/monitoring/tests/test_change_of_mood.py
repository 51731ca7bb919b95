"""A change of mood makes the C-SSRS since last contact due at once, until one is filled in that came after it."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glidepath.care.instruments import services as forms
from glidepath.care.instruments.waiting import waiting, waiting_for
from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.models import Event
from glidepath.care.monitoring.moods import SCREEN
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.schedule import State
from glidepath.record import clock
from glidepath.record.errors import BadInput
from tests.cast import admitted_person, client_for, proof

MOOD = Event.Kind.MOOD
FIRST_DAY, NEXT_DAY = dt.date(2026, 11, 17), dt.date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _asked_on_admission(person, cast, frozen_clock):
    """To be admitted changes the level of care, which asks for the same form: it is filled in before all else."""
    ask(person, cast)
    frozen_clock.tick(minutes=5)


def ask(person, cast):
    form = forms.open_form(person=person, instrument=SCREEN, filled_by="interview", by=cast.nurse)
    for item in instrument(SCREEN).items:
        forms.answer(form=form, item=item.key, given="0", client_key=f"tapped-{form.pk}-{item.key}", by=cast.nurse)
    assert forms.close_form(form=form, by=cast.nurse).complete


def changed(person, by, **given):
    return services.record_event(person=person, kind=given.pop("kind", MOOD), by=by, once=uuid4().hex, **given)


def screen_of(person):
    return [(one.first_day, one.state) for one in waiting_for(person).forms if SCREEN in one.instruments]


@pytest.mark.parametrize("role", ["nurse", "counsellor", "psychologist", "physician"])
def test_a_change_of_mood_makes_the_screen_due_now_also_where_it_was_asked_earlier_that_day(role, person, cast):
    assert screen_of(person) == []
    changed(person, getattr(cast, role))
    assert screen_of(person) == [(FIRST_DAY, State.DUE)]


def test_a_fall_asks_for_no_screen(person, cast):
    changed(person, cast.nurse, kind=Event.Kind.FALL, words="in the bathroom")
    assert screen_of(person) == []


def test_the_screen_that_follows_answers_it_and_the_next_change_asks_anew(person, cast, frozen_clock):
    changed(person, cast.nurse)
    frozen_clock.tick(minutes=20)
    ask(person, cast)
    assert screen_of(person) == []
    frozen_clock.tick(hours=3)
    changed(person, cast.counsellor, words="“What for.”")
    assert screen_of(person) == [(FIRST_DAY, State.DUE)]


def test_unanswered_it_is_missed_the_day_after_and_stays_so(person, cast, frozen_clock):
    changed(person, cast.nurse)
    frozen_clock.set("2026-11-20T10:00")
    assert screen_of(person) == [(FIRST_DAY, State.MISSED)]
    ask(person, cast)
    assert screen_of(person) == []


def test_written_down_the_next_morning_it_is_due_that_morning(person, cast, frozen_clock):
    evening = clock.now() + dt.timedelta(hours=4)
    frozen_clock.set("2026-11-18T08:00")
    changed(person, cast.nurse, happened_at=evening)
    assert screen_of(person) == [(NEXT_DAY, State.DUE)]


def test_written_down_late_the_screen_of_that_evening_has_answered_it(person, cast, frozen_clock):
    evening = clock.now() + dt.timedelta(hours=4)
    frozen_clock.tick(hours=5)
    ask(person, cast)
    frozen_clock.set("2026-11-18T08:00")
    changed(person, cast.nurse, happened_at=evening)
    assert screen_of(person) == []


def test_a_mended_word_asks_for_nothing_twice_and_another_kind_takes_it_back(person, cast, frozen_clock):
    event = changed(person, cast.nurse, words="low").row
    frozen_clock.set("2026-11-18T08:00")
    mended = services.correct_event(
        event=event, kind=MOOD, words="low, and hopeless", reason="his word", by=cast.nurse, once="k"
    ).row
    assert screen_of(person) == [(FIRST_DAY, State.MISSED)]
    services.correct_event(
        event=mended, kind=Event.Kind.OTHER, words="wrong person", reason="it was his neighbour", by=cast.nurse,
        once="k2",
    )  # fmt: skip
    assert screen_of(person) == []


def test_nobody_lifts_it_and_it_stands_open_nowhere(person, cast):
    event = changed(person, cast.nurse).row
    assert queries.open_events([person])[person.pk] == ()
    with pytest.raises(BadInput, match="C-SSRS since last contact answers it"):
        services.review_event(
            event=event, lifted=False, words="Seen.", by=cast.physician, proof=proof(cast.physician), once="k",
            again_at=clock.now() + dt.timedelta(hours=1),
        )  # fmt: skip


def test_four_people_whose_mood_changed_take_as_many_queries_as_one(cast):
    others = [admitted_person(cast, preferred_name=f"N{number}") for number in range(4)]
    for one in others:
        changed(one, cast.nurse)
    counts = []
    for some in (others[:1], others):
        with CaptureQueriesContext(connection) as asked:
            assert all(any(SCREEN in due.instruments for due in one.now) for one in waiting(some))
        counts.append(len(asked))
    assert counts[0] == counts[1]


# --- The page ---------------------------------------------------------------------------------------------------------


def test_one_tap_on_the_page_records_it_and_leads_to_the_form(person, cast):
    client = client_for(cast.counsellor)
    page = reverse("monitoring:person", args=[person.public_id])
    begin = f"{reverse('instruments:forms', args=[person.public_id])}?instrument={SCREEN}#begin-form"
    assert begin not in client.get(page).text
    sent = {"kind": "mood", "once": "k"}
    assert client.post(reverse("monitoring:event", args=[person.public_id]), sent).status_code == 303
    text = client.get(page).text
    assert "Change of mood" in text
    assert begin in text
    event = Event.objects.get(kind=MOOD)
    own = client.get(reverse("monitoring:review", args=[person.public_id, event.public_id])).text
    assert begin in own
    assert "Sign the review" not in own


def test_once_asked_the_page_of_the_event_says_so(person, cast, frozen_clock):
    event = changed(person, cast.nurse).row
    frozen_clock.tick(minutes=10)
    ask(person, cast)
    text = client_for(cast.nurse).get(reverse("monitoring:review", args=[person.public_id, event.public_id])).text
    assert "was filled in since" in text
    assert "due now" not in text
