"""CIWA-B stands beside vital signs, scores only whole answers of somebody orientated, and never sets a dose."""

import pytest
from django.db import IntegrityError, transaction

from glidepath.care.alarms.queries import open_alarms
from glidepath.care.monitoring import queries, services
from glidepath.care.monitoring.models import CiwaB, Event
from glidepath.care.monitoring.tests.looks import asleep, ciwa, only, scored, seen
from glidepath.record import clock
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from tests.cast import admitted_person


def causes(person):
    return {one.alarm.cause: one.alarm for one in open_alarms([person])}


@pytest.fixture
def vitals(person, cast):
    return seen(person, cast.nurse).row


# --- The score (oracles of the instrument notes) ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "total", "band"),
    [
        (ciwa(0), 0, "none"),
        (ciwa(1), 20, "mild"),
        (ciwa(1, c7=2), 21, "moderate"),
        (ciwa(2, c18=3, c19=2, c20=2), 41, "severe"),
        (ciwa(4), 80, "very_severe"),
        (ciwa(1, c20=None), None, ""),
        (ciwa(1, c21=3), 20, "mild"),
    ],
    ids=["all 0", "all 1", "one more", "41", "all 4", "one blank", "hours of sleep change nothing"],
)
def test_the_published_examples(items, total, band, person, cast, vitals):
    row = scored(person, cast.nurse, items).row
    assert (row.total, row.band) == (total, band)


def test_an_unanswered_item_stays_unanswered(person, cast, vitals):
    row = scored(person, cast.nurse, ciwa(1, c20=None, c5=None)).row
    row.refresh_from_db()
    assert row.items[19] is None
    assert row.items[4] is None
    assert row.label == "partial 18 of 20"


def test_an_answer_the_scale_does_not_have_is_told_with_its_item(person, cast, vitals):
    with pytest.raises(BadInput) as refused:
        scored(person, cast.nurse, ciwa(1, c7=5))
    assert refused.value.field == "c7"
    assert CiwaB.objects.count() == 0


# --- Its companion (INP-4) --------------------------------------------------------------------------------------------


def test_it_takes_the_vital_signs_of_this_hour_as_its_companion(person, cast, vitals, frozen_clock):
    frozen_clock.tick(minutes=59)
    assert scored(person, cast.nurse, ciwa()).row.observation == vitals


def test_without_vital_signs_it_is_not_kept(person, cast):
    with pytest.raises(BadInput, match="INP-4"):
        scored(person, cast.nurse, ciwa())
    assert CiwaB.objects.count() == 0


def test_old_vital_signs_are_no_companion(person, cast, vitals, frozen_clock):
    frozen_clock.tick(minutes=61)
    with pytest.raises(BadInput, match="INP-4"):
        scored(person, cast.nurse, ciwa())


def test_breathing_asleep_is_no_companion(person, cast):
    row = seen(person, cast.nurse, asleep()).row
    with pytest.raises(BadInput, match="INP-4"):
        scored(person, cast.nurse, ciwa(), observation=row)


def test_a_whole_score_wants_all_five_vital_signs(person, cast):
    row = seen(person, cast.nurse, only(rr=16, spo2=97, pulse=80, sbp=120)).row
    with pytest.raises(BadInput, match="temperature"):
        scored(person, cast.nurse, ciwa(), observation=row)


def test_a_partial_score_may_stand_beside_a_partial_set(person, cast):
    row = seen(person, cast.nurse, only(pulse=80)).row
    assert scored(person, cast.nurse, ciwa(1, c20=None), observation=row).row.total is None


def test_another_persons_vital_signs_are_no_companion(person, cast, vitals):
    other = admitted_person(cast)
    with pytest.raises(BadInput, match="another person"):
        scored(other, cast.nurse, ciwa(), observation=vitals)


# --- The question before it -------------------------------------------------------------------------------------------


def test_while_confused_nothing_is_scored_and_somebody_is_called(person, cast, vitals):
    done = scored(person, cast.nurse, ciwa(2), oriented=False)
    assert (done.row.total, done.row.band) == (None, "")
    assert {"DEL-2", "DEL-1"} <= {one.code for one in done.findings}
    assert causes(person)["DEL-1"].rank == "now"
    assert [event.kind for event in done.events] == [Event.Kind.DELIRIUM]


def test_the_question_alone_calls_before_any_item_is_answered(person, cast, vitals):
    scored(person, cast.nurse, [None] * 22, oriented=False)
    assert "DEL-1" in causes(person)


def test_the_database_itself_keeps_no_total_of_somebody_confused(person, cast, vitals):
    with pytest.raises(IntegrityError), transaction.atomic():
        CiwaB.objects.create(
            centre=cast.centre, person=person, episode=vitals.episode, observation=vitals, oriented=False, total=20,
            instrument_version="1", happened_at=clock.now(), recorded_at=clock.now(), recorded_by=cast.nurse,
        )  # fmt: skip


# --- INP-6 and INP-9 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("items", "calls"), [(ciwa(2), False), (ciwa(2, c1=3), True)], ids=["40", "41"])
def test_a_severe_score_calls_a_physician(items, calls, person, cast, vitals):
    scored(person, cast.nurse, items)
    assert ("INP-6" in causes(person)) is calls


@pytest.mark.parametrize(("rise", "calls"), [(9, False), (10, True)])
def test_a_rise_of_10_within_a_day_calls(rise, calls, person, cast, vitals, frozen_clock):
    scored(person, cast.nurse, ciwa(0, c1=4))
    frozen_clock.tick(hours=23)
    seen(person, cast.nurse)
    higher = [4, 4, 4, 1, 0] if rise == 9 else [4, 4, 4, 2, 0]
    scored(person, cast.nurse, [*higher, *[0] * 15, None, None])
    assert ("INP-6" in causes(person)) is calls


def test_a_rise_over_more_than_a_day_is_not_steep(person, cast, vitals, frozen_clock):
    scored(person, cast.nurse, ciwa(0))
    frozen_clock.tick(hours=25)
    seen(person, cast.nurse)
    scored(person, cast.nurse, ciwa(1))
    assert causes(person) == {}


def test_new_tremor_asks_to_look_again_and_an_old_one_does_not(person, cast, vitals, frozen_clock):
    assert "INP-9" not in firing(scored(person, cast.nurse, ciwa(1, c19=0)))
    frozen_clock.tick(minutes=30)
    assert "INP-9" in firing(scored(person, cast.nurse, ciwa(1, c19=1)))
    frozen_clock.tick(minutes=5)
    assert "INP-9" not in firing(scored(person, cast.nurse, ciwa(1, c19=2)))


def firing(done):
    return {one.code for one in done.findings if one.status == "fires"}


# --- Who, twice, corrected --------------------------------------------------------------------------------------------


def test_who_may_not_observe_may_not_score(person, cast, vitals):
    with pytest.raises(NotAllowed):
        scored(person, cast.counsellor, ciwa())


def test_a_double_submit_scores_once(person, cast, vitals):
    first = scored(person, cast.nurse, ciwa(), once="k")
    assert scored(person, cast.nurse, ciwa(), once="k").row == first.row
    assert CiwaB.objects.count() == 1


def test_a_correction_stands_in_place_of_the_old_score(person, cast, vitals):
    old = scored(person, cast.nurse, ciwa(1)).row
    new = services.correct_ciwa_b(
        ciwa_b=old, items=ciwa(1, c7=2), oriented=True, reason="wrong row", by=cast.nurse, once=""
    ).row
    assert (new.total, new.supersedes_id, new.observation_id) == (21, old.pk, vitals.pk)
    assert queries.latest([person])[person.pk].ciwa_b == new
    with pytest.raises(ChangedMeanwhile):
        services.correct_ciwa_b(ciwa_b=old, items=ciwa(1), oriented=True, reason="no", by=cast.nurse, once="")


def test_a_partial_score_does_not_hide_the_last_whole_one(person, cast, vitals, frozen_clock):
    whole = scored(person, cast.nurse, ciwa(1)).row
    frozen_clock.tick(minutes=5)
    partial = scored(person, cast.nurse, ciwa(1, c3=None)).row
    latest = queries.latest([person])[person.pk]
    assert (latest.ciwa_b, latest.ciwa_b_any) == (whole, partial)
