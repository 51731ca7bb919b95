"""An event stays open until a prescriber lifts it, once, on a fresh look; until then it freezes or holds."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from glidepath.care.alarms.queries import open_alarms, pauses
from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.bedside import Mind
from glidepath.care.monitoring.models import Event, EventReview
from glidepath.care.monitoring.tests.looks import awake, only, seen
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person, proof

SEIZURE, OVER_SEDATION = Event.Kind.SEIZURE, Event.Kind.OVER_SEDATION


def happened(person, by, kind=SEIZURE, **given):
    return services.record_event(person=person, kind=kind, by=by, once=given.pop("once", uuid4().hex), **given)


def reviewed(event, cast, *, lifted=True, **given):
    by = given.pop("by", cast.physician)
    return services.review_event(
        event=event,
        lifted=lifted,
        words=given.pop("words", "Seen at the bedside, settled."),
        by=by,
        proof=given.pop("proof", proof(by)),
        once=given.pop("once", uuid4().hex),
        **given,
    )


def causes(person):
    return {one.alarm.cause: one.alarm for one in open_alarms([person])}


# --- A seizure --------------------------------------------------------------------------------------------------------


def test_a_seizure_calls_and_freezes_the_taper_from_its_entry(person, cast):
    done = happened(person, cast.nurse)
    alarm = causes(person)["SEI-1"]
    assert (alarm.rank, alarm.prescriber_closes, alarm.pauses_taper) == ("now", True, True)
    assert queries.freezes(person) == ((clock.now(), None),)
    assert pauses(person) == ((clock.now(), None),)
    assert done.row.kind == SEIZURE


def test_a_seizure_entered_late_freezes_from_its_entry_and_not_the_past(person, cast, frozen_clock):
    then = clock.now()
    frozen_clock.tick(hours=6)
    happened(person, cast.nurse, happened_at=then)
    assert queries.freezes(person) == ((clock.now(), None),)
    assert "At 13:14" in causes(person)["SEI-1"].message


def test_the_freeze_ends_where_a_prescriber_lifts_it(person, cast, frozen_clock):
    event, began = happened(person, cast.nurse).row, clock.now()
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse)
    reviewed(event, cast)
    assert queries.freezes(person) == ((began, clock.now()),)
    assert queries.open_events([person])[person.pk] == ()


def test_a_second_seizure_is_a_second_event_and_joins_the_alarm(person, cast, frozen_clock):
    happened(person, cast.nurse)
    frozen_clock.tick(minutes=20)
    happened(person, cast.nurse)
    assert len(queries.open_events([person])[person.pk]) == 2
    assert open_alarms([person])[0].triggers == 2


def test_lifting_one_of_two_seizures_leaves_the_freeze_and_the_alarm(person, cast, frozen_clock):
    first = happened(person, cast.nurse).row
    frozen_clock.tick(minutes=20)
    second = happened(person, cast.nurse).row
    frozen_clock.tick(minutes=20)
    seen(person, cast.nurse)
    reviewed(first, cast)
    assert [one[1] for one in queries.freezes(person)] == [clock.now(), None]
    assert "SEI-1" in causes(person)
    reviewed(second, cast)
    assert "SEI-1" not in causes(person)


def test_two_colleagues_do_not_write_one_seizure_twice(person, cast):
    happened(person, cast.nurse, seen=0)
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist has just recorded seizure at 13:14"):
        happened(person, cast.second_nurse, seen=0)
    assert Event.objects.count() == 1
    happened(person, cast.second_nurse, seen=1)
    assert Event.objects.count() == 2


def test_a_double_submit_records_one_event_and_one_trigger(person, cast):
    for _ in range(2):
        happened(person, cast.nurse, once="k")
    assert Event.objects.count() == 1
    assert open_alarms([person])[0].triggers == 1


# --- Other events -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "cause"), [(OVER_SEDATION, "INP-12"), (Event.Kind.DELIRIUM, "DEL-1")])
def test_an_event_written_by_hand_calls_like_a_measured_one(kind, cause, person, cast):
    happened(person, cast.counsellor, kind)
    assert causes(person)[cause].rank == "now"


def test_over_sedation_holds_sedatives_and_does_not_freeze_the_taper(person, cast):
    event = happened(person, cast.nurse, OVER_SEDATION).row
    assert queries.sedation_holds([person]) == {person.pk: event}
    assert queries.freezes(person) == ()


def test_a_fall_is_written_in_words_and_calls_nobody_by_itself(person, cast):
    with pytest.raises(BadInput, match="few words"):
        happened(person, cast.nurse, Event.Kind.FALL)
    happened(person, cast.nurse, Event.Kind.FALL, words="Slipped in the bathroom, got up alone.")
    assert causes(person) == {}
    assert len(queries.open_events([person])[person.pk]) == 1


def test_nothing_happens_in_the_future(person, cast):
    with pytest.raises(BadInput, match="still to come"):
        happened(person, cast.nurse, happened_at=clock.now() + dt.timedelta(minutes=1))


@pytest.mark.parametrize("role", ["admissions", "manager", "auditor", "peer_worker", "case_manager", "administrator"])
def test_who_has_no_clinical_role_records_no_event(role, person, cast):
    with pytest.raises(NotAllowed):
        happened(person, getattr(cast, role))


# --- Looking again ----------------------------------------------------------------------------------------------------


@pytest.fixture
def event(person, cast, frozen_clock):
    """An over-sedation an hour ago."""
    found = seen(person, cast.nurse, awake(rass=-3)).events[0]
    frozen_clock.tick(hours=1)
    return found


def test_it_is_not_lifted_without_a_fresh_observation(event, cast):
    with pytest.raises(BadInput, match="fresh observation"):
        reviewed(event, cast)
    assert queries.sedation_holds([event.person])


def test_it_is_not_lifted_on_the_observation_that_opened_it(person, cast):
    event = seen(person, cast.nurse, awake(rass=-3)).events[0]
    with pytest.raises(BadInput, match="fresh observation"):
        reviewed(event, cast)


def test_it_is_lifted_on_a_fresh_observation_that_is_free_of_it(event, person, cast):
    row = seen(person, cast.nurse).row
    review = reviewed(event, cast)
    assert (review.lifted, review.observation) == (True, row)
    assert queries.sedation_holds([person]) == {}
    assert "INP-12" not in causes(person), "the alarm goes with its event, by the same name"


def test_it_is_not_lifted_while_the_newest_still_shows_it(event, person, cast):
    seen(person, cast.nurse, awake(rr=9))
    with pytest.raises(BadInput, match="cannot be lifted yet: 9 breaths"):
        reviewed(event, cast)


@pytest.mark.parametrize("lacking", ["rass", "rr", "spo2"])
def test_it_is_not_lifted_on_a_set_that_lacks_what_matters(lacking, event, person, cast):
    seen(person, cast.nurse, only(**{name: value for name, value in FREE.items() if name != lacking}))
    with pytest.raises(BadInput, match="lacks"):
        reviewed(event, cast)


FREE = {"rass": 0, "rr": 16, "spo2": 97}


def test_it_is_not_lifted_on_an_observation_that_has_grown_old(event, person, cast, frozen_clock):
    seen(person, cast.nurse)
    frozen_clock.tick(hours=4, minutes=1)  # every 4 hours in the first days (INP-1)
    with pytest.raises(BadInput, match="take a fresh one"):
        reviewed(event, cast)


def test_a_newer_observation_must_be_read_before_it_is_lifted(event, person, cast):
    shown = seen(person, cast.nurse).row
    seen(person, cast.second_nurse, awake(pulse=80))
    with pytest.raises(ChangedMeanwhile, match="Kofi Mensah"):
        reviewed(event, cast, seen=shown.pk)


def test_it_stands_with_the_time_of_the_next_look(event, person, cast):
    again = clock.now() + dt.timedelta(hours=2)
    review = reviewed(event, cast, lifted=False, again_at=again)
    assert (review.lifted, review.again_at) == (False, again)
    assert queries.sedation_holds([person])


@pytest.mark.parametrize("again", [None, dt.timedelta(0), dt.timedelta(hours=-1)])
def test_what_stands_is_looked_at_again_at_a_time_still_to_come(again, event, cast):
    with pytest.raises(BadInput, match="still to come"):
        reviewed(event, cast, lifted=False, again_at=None if again is None else clock.now() + again)


def test_a_nurse_lifts_nothing(event, person, cast):
    seen(person, cast.nurse)
    with pytest.raises(NotAllowed, match="prescribe"):
        reviewed(event, cast, by=cast.nurse)


def test_nothing_is_lifted_without_a_fresh_proof(event, person, cast, frozen_clock):
    old = proof(cast.physician)
    frozen_clock.tick(minutes=6)
    seen(person, cast.nurse)
    with pytest.raises(BadInput, match="five minutes"):
        reviewed(event, cast, proof=old)


def test_nothing_is_lifted_without_words(event, person, cast):
    seen(person, cast.nurse)
    with pytest.raises(BadInput, match="what you found"):
        reviewed(event, cast, words=" ")


def test_it_is_lifted_once_and_the_second_is_told_who_was_first(event, person, cast):
    seen(person, cast.nurse)
    reviewed(event, cast)
    with pytest.raises(ChangedMeanwhile, match="Dr Ines Ferreira lifted this at 14:14"):
        reviewed(event, cast, by=cast.second_physician)


def test_the_database_itself_refuses_a_second_lifting(event, person, cast):
    row = seen(person, cast.nurse).row
    reviewed(event, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        EventReview.objects.create(
            centre=cast.centre, event=event, lifted=True, observation=row, words="again",
            happened_at=clock.now(), recorded_at=clock.now(), recorded_by=cast.physician,
        )  # fmt: skip


def test_a_double_submit_reviews_once(event, person, cast):
    seen(person, cast.nurse)
    first = reviewed(event, cast, once="k")
    assert reviewed(event, cast, once="k") == first


def test_confusion_is_lifted_when_the_mind_was_seen_clear(person, cast, frozen_clock):
    event = seen(person, cast.nurse, awake(mind=Mind.CONFUSION)).events[0]
    frozen_clock.tick(hours=1)
    seen(person, cast.nurse, only(pulse=80))
    with pytest.raises(BadInput, match="mind is not recorded"):
        reviewed(event, cast)
    frozen_clock.tick(minutes=1)
    seen(person, cast.nurse)
    assert reviewed(event, cast).lifted


def test_after_lifting_a_new_over_sedation_opens_a_new_event(event, person, cast, frozen_clock):
    seen(person, cast.nurse)
    reviewed(event, cast)
    frozen_clock.tick(hours=1)
    new = seen(person, cast.nurse, awake(rass=-4)).events[0]
    assert new != event
    assert queries.sedation_holds([person]) == {person.pk: new}


def test_events_of_30_people_take_as_many_queries_as_of_3(cast, django_assert_num_queries):
    people = [admitted_person(cast) for _ in range(3)]
    for one in people:
        happened(one, cast.nurse)
    with django_assert_num_queries(2):
        assert all(queries.open_events(people).values())
    with django_assert_num_queries(1):
        assert all(queries.freezes_for(people).values())
