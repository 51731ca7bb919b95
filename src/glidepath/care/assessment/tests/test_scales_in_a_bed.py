"""CIWA-Ar and COWS of somebody in a bed have one door, the observation round; each side shows what the other holds."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from glidepath.care.assessment.services import record_facts
from glidepath.care.instruments import queries, services
from glidepath.care.instruments.models import Form
from glidepath.care.instruments.waiting import waiting_for
from glidepath.care.monitoring.services import record_scale
from glidepath.care.monitoring.tests.looks import awake, seen
from glidepath.clinical.facts.load import instrument
from glidepath.clinical.instruments.schedule import State
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.errors import BadInput
from tests.cast import client_for, enquiring_person, episode_of

TWELVE = [2, 2, 2, 2, 2, 2, 0, 0, 0, 0]


@pytest.fixture
def drinks(person, cast):
    """Alcohol was told, so that CIWA-Ar belongs to Danilo."""
    record_facts(person=person, answers={"alcohol_dependent": "yes"}, by=cast.nurse)
    return person


def scored(person, by, items=TWELVE):
    look = seen(person, by, awake()).row
    return record_scale(person=person, scale=Scale.CIWA_AR, items=items, by=by, once=uuid4().hex, observation=look)


def filled(person, by):
    """CIWA-Ar as a form, every item 1."""
    form = services.open_form(person=person, instrument="ciwa_ar", filled_by="observer", by=by)
    given = {item.key: "1" for item in instrument("ciwa_ar").items}
    services.answer_page(form=form, given=given, key="whole-page", by=by)
    services.close_form(form=form, by=by)
    return form


def due_of(person) -> set[str]:
    return {one.instruments[0] for one in waiting_for(person).forms if one.state is State.DUE}


@pytest.mark.parametrize("key", ["ciwa_ar", "cows"])
def test_in_a_bed_no_form_of_it_opens_and_the_round_is_named(person, cast, key):
    with pytest.raises(BadInput, match="taken on the observation round, with the vital signs beside it"):
        services.open_form(person=person, instrument=key, filled_by="observer", by=cast.nurse)
    address = reverse("instruments:forms", args=[person.public_id])
    answer = client_for(cast.nurse).post(address, {"once": "a1", "instrument": key, "filled_by": "observer"})
    assert answer.status_code == 422
    assert "Record it there: it then counts as done here." in answer.text
    assert not Form.objects.exists()


def test_the_list_of_a_person_in_a_bed_offers_neither_and_points_to_the_round(person, cast):
    services.ask_for(person=person, instrument="ciwa_ar", by=cast.physician, words="drank until yesterday")
    page = client_for(cast.nurse).get(reverse("instruments:forms", args=[person.public_id])).text
    begin = page[page.index('id="begin-form"') : page.index('aria-labelledby="ask"')]
    assert "ciwa_ar" not in begin
    assert "cows" not in begin
    assert reverse("monitoring:new", args=[person.public_id]) in page
    assert "Take CIWA-Ar of Danilo with the vital signs" in page


def test_what_was_asked_for_is_done_by_the_round_and_shows_in_the_forms(drinks, cast, frozen_clock):
    services.ask_for(person=drinks, instrument="ciwa_ar", by=cast.physician)
    assert "ciwa_ar" in due_of(drinks)
    scored(drinks, cast.nurse, [2, None, *TWELVE[2:]])
    assert "ciwa_ar" in due_of(drinks), "a partial score is none"
    frozen_clock.tick(minutes=5)
    scored(drinks, cast.nurse)
    assert "ciwa_ar" not in due_of(drinks)
    page = client_for(cast.nurse).get(reverse("instruments:forms", args=[drinks.public_id])).text
    assert "On the observation round" in page
    assert "12, " in page


def test_before_admission_the_form_is_the_door_and_the_round_shows_it_later(cast, frozen_clock):
    caller = enquiring_person(cast, preferred_name="Theo")
    record_facts(person=caller, answers={"alcohol_dependent": "yes"}, by=cast.nurse)
    filled(caller, cast.nurse)
    assert queries.history(caller)[0].score.total == 10
    frozen_clock.tick(hours=1)
    episodes.change_stage(episode=episode_of(caller), stage=Stage.ADMITTED, by=cast.physician)
    episodes.put_to_bed(episode=episode_of(caller), bed=cast.beds[2], by=cast.nurse)
    page = client_for(cast.nurse).get(reverse("monitoring:new", args=[caller.public_id])).text
    assert "By form: 10, " in page


def test_a_form_of_somebody_in_no_bed_shows_what_the_round_found(cast, frozen_clock):
    """Day care: admitted, and in no bed, both doors stand; each shows the other's value."""
    caller = enquiring_person(cast, preferred_name="Theo")
    record_facts(person=caller, answers={"alcohol_dependent": "yes"}, by=cast.nurse)
    episodes.change_stage(episode=episode_of(caller), stage=Stage.ADMITTED, by=cast.physician)
    scored(caller, cast.nurse)
    form = services.open_form(person=caller, instrument="ciwa_ar", filled_by="observer", by=cast.nurse)
    page = client_for(cast.physician).get(reverse("instruments:form", args=[caller.public_id, form.public_id])).text
    assert "Last on the observation round: 12, " in page
