"""After an as-needed dose somebody looks again and scores again, by the scale the person is scored with; nothing of it
drops off by time (the issue: "after each PRN the re-check and re-score fall due and are linked")."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from glidepath.care.medication import queries, services
from glidepath.care.medication.models import PrnRecheck
from glidepath.care.medication.tests import story
from glidepath.care.medication.tests.story import at
from glidepath.care.monitoring import ports, services as monitoring
from glidepath.care.monitoring.tests.looks import awake, ciwa, scored, seen
from glidepath.clinical.guidelines.facts import PersonFacts
from glidepath.clinical.monitoring.scale_choice import Scale
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import Stage
from glidepath.record.episodes.queries import current_episode
from glidepath.record.staff import services as staff
from tests.cast import Cast, client_for, make_centre, witness_beside
from tests.scenarios import ward

EACH = {Scale.CIWA_AR: [1] * 9 + [0], Scale.COWS: [0] * 11}


@pytest.fixture
def cast(frozen_clock, monkeypatch) -> Cast:
    """Seven in the morning; every scale belongs to everybody."""
    frozen_clock.set(at("07:00"))
    made = make_centre()
    ward.stock_shelf(made)
    monkeypatch.setattr(ports, "_facts_of", lambda *_: PersonFacts(alcohol_dependent=True, opioid_active=True))
    return made


@pytest.fixture
def person(cast):
    return ward.person_with_history(cast, preferred_name="Danilo")


@pytest.fixture
def order(cast, person):
    """Lorazepam 0.5 mg, looked at again after one hour."""
    return story.signed(cast, person, story.prn())


def score(cast, person, scale):
    """A whole set and one whole score beside it, now."""
    beside = seen(person, cast.nurse, awake()).row
    if scale is Scale.CIWA_B:
        return scored(person, cast.nurse, ciwa(0), observation=beside).row
    return monitoring.record_scale(
        person=person, scale=scale, items=EACH[scale], observation=beside, by=cast.nurse, once=story.once()
    )


def give(cast, order):
    beside = witness_beside(cast.nurse)
    return services.give_prn(order=order, by=cast.nurse, rass=0, breathing=14, witness=beside, once=story.once())


def recheck(cast, given):
    return services.record_recheck(answer=given, helped="yes", by=cast.nurse, once=story.once())


def due(person):
    return queries.rechecks_due([person])


# --- The re-score, by the person's own scale --------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [*Scale])
def test_the_score_since_is_linked_whatever_scale_the_person_is_scored_with(scale, cast, person, order, frozen_clock):
    score(cast, person, scale)
    given = give(cast, order)
    frozen_clock.set(at("08:00"))
    (waits,) = due(person)
    assert (waits.owes, waits.is_recorded) == ((scale,), False)
    again = score(cast, person, scale)
    assert due(person)[0].owes == ()
    row = recheck(cast, given)
    linked = row.ciwa_b if scale is Scale.CIWA_B else row.scale_score
    assert linked == again
    assert (row.ciwa_b is None) is not (row.scale_score is None)
    assert due(person) == []


def test_another_scale_than_that_before_the_dose_is_no_re_score(cast, person, order, frozen_clock):
    """Unlike scores never stand beside each other."""
    score(cast, person, Scale.COWS)
    given = give(cast, order)
    frozen_clock.set(at("08:00"))
    score(cast, person, Scale.CIWA_B)
    assert due(person)[0].owes == (Scale.COWS,)
    row = recheck(cast, given)
    assert (row.ciwa_b, row.scale_score) == (None, None)
    assert due(person)[0].words == "re-score owed after lorazepam: COWS"


def test_of_two_scales_before_the_dose_one_is_enough_after_it(cast, person, order, frozen_clock):
    score(cast, person, Scale.CIWA_B)
    score(cast, person, Scale.CIWA_AR)
    given = give(cast, order)
    frozen_clock.set(at("08:00"))
    assert due(person)[0].scales == "CIWA-B or CIWA-Ar"
    score(cast, person, Scale.CIWA_AR)
    assert due(person)[0].owes == ()
    assert recheck(cast, given).scale_score is not None
    assert due(person) == []


def test_nobody_scored_before_the_dose_and_no_score_is_owed(cast, person, order, frozen_clock):
    given = give(cast, order)
    frozen_clock.set(at("08:00"))
    assert due(person)[0].owes == ()
    recheck(cast, given)
    assert due(person) == []


def test_one_re_check_stands_beside_one_score(cast, person, order, frozen_clock):
    first, second = score(cast, person, Scale.CIWA_B), score(cast, person, Scale.COWS)
    given = give(cast, order)
    with pytest.raises(IntegrityError), transaction.atomic():
        PrnRecheck.objects.create(
            centre=cast.centre, answer=given, helped="yes", ciwa_b=first, scale_score=second,
            happened_at=given.happened_at, recorded_at=given.recorded_at, recorded_by=cast.nurse,
        )  # fmt: skip


# --- It stays ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [*Scale])
def test_a_re_check_whose_re_score_is_owed_stays_until_the_score_is_there(scale, cast, person, order, frozen_clock):
    score(cast, person, scale)
    given = give(cast, order)
    frozen_clock.set(at("08:00"))
    recheck(cast, given)
    for day in (17, 18, 24):
        frozen_clock.set(at("08:00", day))
        (owed,) = due(person)
        assert (owed.answer, owed.is_recorded, owed.owes) == (given, True, (scale,))
    score(cast, person, scale)
    assert due(person) == []


@pytest.mark.parametrize(("moment", "late"), [(at("09:00"), False), (at("09:01"), True), (at("08:00", 27), True)])
def test_a_re_check_nobody_records_is_late_after_the_hour_and_never_drops_off(
    moment, late, cast, person, order, frozen_clock
):
    """Due at 08:00; INP-3: more than an hour over."""
    given = give(cast, order)
    frozen_clock.set(moment)
    (waits,) = due(person)
    assert (waits.answer, waits.due_at, waits.is_late) == (given, at("08:00"), late)
    recheck(cast, given)
    assert due(person) == []


def test_it_ends_with_the_stay(cast, person, order, frozen_clock):
    give(cast, order)
    frozen_clock.set(at("09:30"))
    assert len(due(person)) == 1
    episode = current_episode(person)
    episodes.change_stage(episode=episode, stage=Stage.DISCHARGED, by=cast.physician)
    assert due(person) == []


def test_the_round_shows_the_late_and_the_owed_by_name(cast, person, order, frozen_clock):
    score(cast, person, Scale.COWS)
    given = give(cast, order)
    frozen_clock.set(at("10:00", 20))
    staff.start_shift(unit=cast.unit, by=cast.nurse)
    nurse = client_for(cast.nurse)
    text = nurse.get("/round/").text
    assert "Look again" in text
    assert "re-check after lorazepam" in text
    assert "over" in text[text.index("Look again") :][:900]
    recheck(cast, given)
    text = nurse.get(f"/round/?person={person.public_id}").text
    assert "re-score owed after lorazepam: COWS" in text
    assert "Score again" in text
    assert 'name="recheck"' not in text


# --- Of many ----------------------------------------------------------------------------------------------------------


def people_with_all(cast, number, frozen_clock):
    """So many people, each with a re-check that is late and another whose score is owed."""
    frozen_clock.set(at("07:00"))
    found = []
    for _ in range(number):
        person = ward.person_with_history(cast)
        for name in ("lorazepam", "diazepam"):
            order = story.signed(cast, person, story.prn(name))
            score(cast, person, Scale.CIWA_B)
            score(cast, person, Scale.COWS)
            given = give(cast, order)
        recheck(cast, given)
        found.append(person)
    frozen_clock.set(at("10:00"))
    for person in found:
        score(cast, person, Scale.CIWA_AR)  # none of those before the dose: both stay owed
    return found


def test_30_people_take_as_many_queries_as_3(cast, frozen_clock):
    three = people_with_all(cast, 3, frozen_clock)
    with CaptureQueriesContext(connection) as few:
        assert len(queries.rechecks_due(three)) == 6
    frozen_clock.set(at("07:00"))
    larger = make_centre("Larger", beds=30)
    ward.stock_shelf(larger)
    thirty = people_with_all(larger, 30, frozen_clock)
    with CaptureQueriesContext(connection) as many:
        assert len(queries.rechecks_due(thirty)) == 60
    assert len(many) == len(few)
