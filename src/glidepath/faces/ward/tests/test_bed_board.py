"""The beds of any day: gone by from the stays, today as it is, ahead as it is planned."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from glidepath.care.alarms import services as alarms
from glidepath.faces.ward.bed_board import bed_board
from glidepath.record.centres import services as centres
from glidepath.record.episodes import services as episodes
from glidepath.record.episodes.models import PlannedMove
from glidepath.record.episodes.services import drop_move, plan_move, planned_moves
from glidepath.record.errors import BadInput, ChangedMeanwhile, NotAllowed
from glidepath.record.staff import services as staff
from tests.cast import admitted_person, client_for, enquiring_person, episode_of, make_centre

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 18)


@pytest.fixture
def cast(frozen_clock):
    frozen_clock.set("2026-11-17T09:00")
    return make_centre(beds=4)


@pytest.fixture
def danilo(cast, frozen_clock):
    """In bed 1 on the 17th from 9, in bed 2 from the 18th at 8; it is the 18th, 10 o'clock."""
    person = admitted_person(cast, bed=cast.beds[0], preferred_name="Danilo")
    frozen_clock.set("2026-11-18T08:00")
    episodes.move_bed(episode=episode_of(person), bed=cast.beds[1], by=cast.nurse)
    frozen_clock.set("2026-11-18T10:00")
    on_shift(cast)
    return person


def on_shift(cast):
    """A shift of the day before has ended by itself."""
    for one in (cast.nurse, cast.second_nurse):
        staff.start_shift(unit=cast.unit, by=one)


def who(cast, on, *, by=None):
    """By bed number, of the beds in which somebody lies or is expected."""
    board = bed_board(by or cast.nurse, cast.unit, on)
    return {place.bed.number: place.person.preferred_name if place.person else "taken" for place in board.places
            if place.taken}  # fmt: skip


def planned(cast, person, kind, on, bed=None, **more):
    return plan_move(episode=episode_of(person), kind=kind, on=on, bed=bed, by=cast.nurse, **more)


def test_a_day_gone_by_is_shown_as_it_was(cast, danilo):
    assert who(cast, dt.date(2026, 11, 16)) == {}
    assert who(cast, dt.date(2026, 11, 17)) == {1: "Danilo"}
    assert who(cast, TODAY) == {2: "Danilo"}


def test_beds_that_were_cleaned_then_are_shown_so(cast, danilo, frozen_clock):
    centres.set_bed_state(bed=cast.beds[2], state="cleaning", by=cast.nurse)
    frozen_clock.set("2026-11-19T10:00")
    on_shift(cast)
    centres.set_bed_state(bed=cast.beds[2], state="ready", by=cast.nurse)
    board = bed_board(cast.nurse, cast.unit, TODAY)
    assert {place.bed.number: place.state for place in board.places}[3] == "cleaning"


def test_an_alarm_that_stood_open_then_is_shown_then_and_not_before(cast, danilo, frozen_clock):
    alarm = alarms.call_for_help(person=danilo, by=cast.nurse, once="h")
    frozen_clock.set("2026-11-19T10:00")
    on_shift(cast)
    alarms.close(alarm=alarm, words="well", by=cast.physician, once="c")
    places = {on: bed_board(cast.nurse, cast.unit, on).places[1]
              for on in (dt.date(2026, 11, 17), TODAY)}  # fmt: skip
    assert [alarm.cause for alarm in places[TODAY].alarms] == ["help"]
    assert places[dt.date(2026, 11, 17)].alarms == ()


def test_a_day_to_come_is_shown_as_planned(cast, danilo):
    planned(cast, danilo, "into", dt.date(2026, 11, 20), cast.beds[3])
    planned(cast, danilo, "leave", dt.date(2026, 11, 24))
    assert who(cast, dt.date(2026, 11, 19)) == {2: "Danilo"}
    assert who(cast, dt.date(2026, 11, 20)) == {4: "Danilo"}
    assert who(cast, dt.date(2026, 11, 24)) == {}


def test_who_is_to_come_stands_in_the_bed_from_that_day(cast, danilo):
    elif_ = enquiring_person(cast, preferred_name="Elif")
    planned(cast, elif_, "into", dt.date(2026, 11, 21), cast.beds[0])
    assert who(cast, dt.date(2026, 11, 20)) == {2: "Danilo"}
    assert who(cast, dt.date(2026, 11, 21)) == {1: "Elif", 2: "Danilo"}


def test_a_plan_is_done_when_the_person_lies_there(cast, danilo, frozen_clock):
    planned(cast, danilo, "into", dt.date(2026, 11, 20), cast.beds[3])
    frozen_clock.set("2026-11-21T09:00")
    board = bed_board(cast.manager, cast.unit, dt.date(2026, 11, 21))
    assert [one.is_late for one in board.planned] == [True]
    episodes.move_bed(episode=episode_of(danilo), bed=cast.beds[3], by=cast.nurse)
    assert planned_moves(cast.centre, until=dt.date(2026, 11, 30)) == []


def test_a_dropped_plan_is_gone_and_can_be_made_anew(cast, danilo):
    move = planned(cast, danilo, "leave", dt.date(2026, 11, 24))
    with pytest.raises(ChangedMeanwhile, match="Marta Lindqvist has planned this"):
        planned(cast, danilo, "leave", dt.date(2026, 11, 24))
    drop_move(move=move, by=cast.second_nurse)
    planned(cast, danilo, "leave", dt.date(2026, 11, 24))
    assert PlannedMove.objects.filter(dropped=False).count() == 1


@pytest.mark.parametrize(
    ("kind", "on", "bed", "says"),
    [
        ("into", dt.date(2026, 11, 20), None, "Choose the bed"),
        ("into", dt.date(2026, 11, 17), 3, "today or later"),
        ("leave", dt.date(2028, 1, 1), None, "within a year"),
        ("swap", dt.date(2026, 11, 20), None, "Choose a bed to move into"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(cast, danilo, kind, on, bed, says):
    with pytest.raises(BadInput, match=says):
        planned(cast, danilo, kind, on, cast.beds[bed] if bed else None)


def test_one_bed_is_not_planned_for_two_on_a_day(cast, danilo):
    elif_ = enquiring_person(cast, preferred_name="Elif")
    planned(cast, elif_, "into", dt.date(2026, 11, 21), cast.beds[3])
    with pytest.raises(BadInput, match="somebody else"):
        planned(cast, danilo, "into", dt.date(2026, 11, 21), cast.beds[3])


def test_of_another_centre_or_without_the_right_nothing_is_planned(cast, danilo):
    with pytest.raises(NotAllowed):
        plan_move(episode=episode_of(danilo), kind="leave", on=dt.date(2026, 11, 24), by=cast.counsellor)
    with pytest.raises(NotAllowed):
        plan_move(episode=episode_of(danilo), kind="leave", on=dt.date(2026, 11, 24), by=cast.stranger)


def test_who_decides_on_beds_reads_names_and_no_risks(cast, danilo):
    place = bed_board(cast.admissions, cast.unit, TODAY).places[1]
    assert (place.person, place.flags) == (danilo, ())
    assert bed_board(cast.nurse, cast.unit, TODAY).places[1].flags


# --- The page -------------------------------------------------------------------------------------------------------
def test_who_is_not_to_see_whom_sees_that_the_bed_is_taken(cast, danilo):
    board = bed_board(cast.off_shift_nurse, cast.unit, TODAY)
    assert [(place.taken, place.person) for place in board.places[1:2]] == [(True, None)]
    assert "Danilo" not in client_for(cast.off_shift_nurse).get(address(cast)).content.decode()


def test_a_move_is_planned_and_dropped_on_the_page(cast, danilo):
    client = client_for(cast.nurse)
    typed = {
        "once": "o1",
        "person": str(danilo.public_id),
        "kind": "leave",
        "on": "2026-11-24",
        "words": "fetched at 10",
    }
    assert client.post(address(cast), typed).status_code == 303
    shown = client.get(f"{address(cast)}?on=2026-11-24")
    assert "Danilo leaves, Tue 24" in shown.content.decode()
    move = PlannedMove.objects.get()
    client.post(reverse("ward:drop_plan", args=[cast.unit.public_id, move.public_id]))
    assert PlannedMove.objects.get().dropped


def test_a_refused_plan_keeps_what_was_typed(cast, danilo):
    typed = {
        "once": "o1",
        "person": str(danilo.public_id),
        "kind": "into",
        "on": "2026-11-24",
        "words": "nearer the desk",
    }
    answer = client_for(cast.nurse).post(address(cast), typed)
    assert answer.status_code == 422
    assert "nearer the desk" in answer.content.decode()
    assert "Choose the bed" in answer.content.decode()


@pytest.mark.parametrize("day", ["2026-02-31", "x", "0001-01-01", "9999-12-31"])
def test_nonsense_for_a_day_breaks_nothing(cast, danilo, day):
    assert client_for(cast.nurse).get(f"{address(cast)}?on={day}").status_code in (200, 422)


def test_a_bed_is_set_clean_and_one_is_back_on_the_board(cast, danilo):
    client = client_for(cast.nurse)
    answer = client.post(
        reverse("centres:bed_state", args=[cast.beds[2].public_id]), {"state": "cleaning", "back": address(cast)}
    )
    assert answer["Location"] == address(cast)
    elsewhere = {"state": "ready", "back": "https://elsewhere.example/"}
    answer = client.post(reverse("centres:bed_state", args=[cast.beds[2].public_id]), elsewhere)
    assert answer["Location"] == reverse("centres:settings")


def address(cast):
    return reverse("ward:beds", args=[cast.unit.public_id])
