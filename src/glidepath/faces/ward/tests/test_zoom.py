"""Where one looks on the glidepath: moved by half of what is shown, never past what there is to see."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

import pytest

from glidepath.faces.ward.zoom import Zoom, zoom
from glidepath.record.episodes.models import Episode

LONDON = ZoneInfo("Europe/London")
NOW = dt.datetime(2026, 11, 18, 10, tzinfo=dt.UTC)
# Admitted on 10 October: there is something to see from 3 October on, and 28 days ahead, to 16 December.
STAY = Episode(
    admitted_at=dt.datetime(2026, 10, 10, 9, tzinfo=dt.UTC), opened_at=dt.datetime(2026, 10, 9, tzinfo=dt.UTC)
)


def look(query: str) -> Zoom:
    return zoom(dict(parse_qsl(query)), STAY, NOW, LONDON)


def days_of(place: Zoom) -> tuple[str, str]:
    first, last = (moment.astimezone(LONDON) for moment in (place.since, place.until))
    assert first.time() == last.time() == dt.time.min
    return first.date().isoformat(), last.date().isoformat()


def moved(place: Zoom, key: str) -> str:
    return next(move.query for move in place.moves if move.key == key)


@pytest.mark.parametrize(
    "query", ["", "window=stay", "window=nonsense", "from=31-31-31&days=4", "from=2026-11-01&days=x"]
)
def test_what_cannot_be_read_shows_the_whole_stay(query):
    place = look(query)
    assert place.named == "stay"
    assert place.since == dt.datetime(2026, 10, 3, 9, tzinfo=dt.UTC)
    assert place.until == dt.datetime(2026, 12, 16, 10, tzinfo=dt.UTC)


def test_a_place_is_whole_days_from_midnight_to_midnight_across_the_clock_change():
    place = look("from=2026-10-20&days=10")
    assert place.named == ""
    assert days_of(place) == ("2026-10-20", "2026-10-30")
    assert place.until - place.since == dt.timedelta(days=10, hours=1)  # the night of 25 October has an hour more


def test_earlier_and_later_move_by_half_and_closer_and_wider_keep_the_middle():
    place = look("from=2026-11-01&days=8")
    assert days_of(look(moved(place, "earlier"))) == ("2026-10-28", "2026-11-05")
    assert days_of(look(moved(place, "later"))) == ("2026-11-05", "2026-11-13")
    assert days_of(look(moved(place, "closer"))) == ("2026-11-03", "2026-11-07")
    assert days_of(look(moved(place, "wider"))) == ("2026-10-28", "2026-11-13")


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("from=0001-01-01&days=7", "2026-10-03", "2026-10-10"),
        ("from=9999-12-31&days=7", "2026-12-09", "2026-12-16"),
        ("from=2026-11-01&days=0", "2026-11-01", "2026-11-03"),
        ("from=2026-11-01&days=-5", "2026-11-01", "2026-11-03"),
        ("from=2026-11-01&days=99999", "2026-10-03", "2026-12-16"),
    ],
)
def test_nobody_is_led_past_what_there_is_to_see(query, first, last):
    assert days_of(look(query)) == (first, last)


def test_at_the_end_there_is_no_later_and_at_the_closest_no_closer():
    assert moved(look("from=2026-12-14&days=2"), "later") == ""
    assert moved(look("from=2026-12-14&days=2"), "closer") == ""
    assert moved(look("from=2026-10-03&days=74"), "wider") == ""


def test_somebody_who_only_called_has_a_place_too():
    assert zoom({}, None, NOW, LONDON).since == NOW - dt.timedelta(days=14)
